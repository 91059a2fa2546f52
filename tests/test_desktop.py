"""The program among a desktop's applications: written, written again, and taken away."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from lwf_gui import InputError, desktop
from lwf_gui.cli import app


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder of a user with a space in its name, and no commands of a desktop."""
    folder = tmp_path / "my data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setattr(desktop, "UPDATES", ())
    return folder


def test_entry_icon_and_kind_are_written_twice_as_once_and_removed_without_a_trace(home: Path) -> None:
    runner, all_files = CliRunner(), {"applications/lwf-gui.desktop", "mime/packages/lwf-gui.xml"}
    for _ in range(2):
        assert runner.invoke(app, ["doctor", "--install-desktop"]).exit_code == 0
        assert files_below(home) == all_files | {"icons/hicolor/scalable/apps/lwf-gui.svg"}
    removed = runner.invoke(app, ["doctor", "--remove-desktop"])
    assert removed.output.count("removed: ") == 3
    assert files_below(home) == set()
    assert "Nothing was there" in runner.invoke(app, ["doctor", "--remove-desktop"]).output


def test_the_entry_opens_several_run_files_with_this_program(home: Path) -> None:
    entry, icon, kind = desktop.install()
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(entry)
    told = dict(parser["Desktop Entry"])
    words = shlex.split(told["Exec"])
    assert words[-1] == "%F"
    assert Path(words[0]).is_file()
    assert told["MimeType"] == f"{desktop.MIME};"
    tree = ElementTree.parse(kind).getroot()
    (mime,) = tree
    assert mime.get("type") == desktop.MIME
    assert [each.get("pattern") for each in mime if each.tag.endswith("glob")] == ["*.lwfrun"]
    assert icon.read_text("utf-8").lstrip().startswith("<")


@pytest.mark.parametrize(
    ("word", "told"),
    [("/a b/c", '"/a b/c"'), ("/50%", '"/50%%"'), ('/a"b', '"/a\\\\"b"'), ("/a$b", '"/a\\\\$b"')],
)
def test_signs_that_mean_something_in_an_entry_are_escaped(word: str, told: str) -> None:
    assert desktop._quoted(word) == told


def test_what_the_user_has_is_let_alone(home: Path) -> None:
    other = home / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    desktop.install()
    desktop.remove()
    assert files_below(home) == {"applications/other.desktop"}


def test_another_system_and_a_folder_that_cannot_be_written_are_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.touch()  # a file where the folder should be
    with pytest.raises(InputError, match="cannot be written"):
        desktop.install()
    for platform in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", platform)
        for change in (desktop.install, desktop.remove):
            with pytest.raises(InputError, match="by its name"):
                change()


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="needs desktop-file-utils")
def test_the_entry_is_valid(home: Path) -> None:
    entry, *_ = desktop.install()
    done = subprocess.run(("desktop-file-validate", entry), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
