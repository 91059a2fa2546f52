"""`lwf-gui --reset-settings`: alone it only forgets; with anything else the window opens after it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lwf_gui.gui.preferences import Preferences
from tests.person.forks import Forks


def lwf(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lwf_gui", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


@pytest.fixture
def settings_file(isolated_dirs: Path) -> Path:
    """Return the settings' file, with what no window can be made of."""
    path = isolated_dirs / "config" / "lwf-gui" / "settings.json"
    path.parent.mkdir(parents=True)
    values = {"data_dir": "/mine", "window.scale": "", "window.theme": "dark", "window.toured": True}
    path.write_text(json.dumps({**values, "window.geometry": "\\x01"}), "utf-8")
    return path


def test_alone_it_forgets_all_and_says_so(settings_file: Path) -> None:
    done = lwf("--reset-settings")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "lwf-gui: the window and its settings are as they were at first.\n"
    assert "dark" not in settings_file.read_text("utf-8")
    assert "/mine" in settings_file.read_text("utf-8"), "the folder of images is no setting of the window"


def test_with_other_options_the_window_opens_after_it(settings_file: Path, tmp_path: Path) -> None:
    picture = tmp_path / "shown.png"
    done = lwf("--reset-settings", "--screenshot", str(picture), "--exit-after-run")
    assert done.returncode == 0, done.stderr
    assert picture.is_file()
    assert "dark" not in settings_file.read_text("utf-8")


@pytest.mark.parametrize("damage", [b"scale=", b'{"window.layout.window": "\\u0000"}', bytes(range(256)) * 4])
def test_damaged_settings_are_no_reason_not_to_start(
    settings_file: Path, tmp_path: Path, forks: Forks, damage: bytes
) -> None:
    settings_file.write_bytes(damage)
    picture, output = tmp_path / "shown.png", tmp_path / "output"
    output.touch()
    words = ("--screenshot", str(picture), "--exit-after-run")
    done = forks.start(words, {**os.environ, "QT_QPA_PLATFORM": "offscreen"}, tmp_path, output)
    assert (done.wait(120), output.read_text("utf-8")) == (0, "")
    assert picture.is_file()


def test_settings_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        Preferences(tmp_path / "file" / "settings.json").reset()
