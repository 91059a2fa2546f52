"""What people read when the operating system refuses: this program's own words, whatever the desktop's language."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

import lwf_gui
from lwf_gui import InputError, paths
from lwf_gui.atomic import write_atomically
from lwf_gui.documents import files
from lwf_gui.reasons import reason

GERMAN = {errno.EEXIST: "Die Datei existiert bereits", errno.ENOSPC: "Auf dem Gerät ist kein Speicherplatz mehr"}


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "strerror", lambda code: GERMAN.get(code, "Das ging schief"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "there is no room left on the disk"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EISDIR, "it is a folder"),
        (errno.ENOTDIR, "what should be a folder is a file"),
        (errno.ENOTTY, "system error ENOTTY"),
    ],
)
def test_the_systems_words_are_replaced_by_our_own(german: None, code: int, words: str) -> None:
    assert reason(OSError(code, os.strerror(code), "some file")) == words


def test_words_of_this_program_stay() -> None:
    assert reason(PermissionError(errno.EACCES, "It is write-protected", "x")) == "it is write-protected"
    assert reason(OSError("x.png cannot be written")) == "x.png cannot be written"
    assert reason(TimeoutError()) == "TimeoutError"


def test_a_file_that_is_used_as_a_folder_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "good.lwfrun").write_text("")
    for target in (tmp_path / "good.lwfrun" / "y", tmp_path / "good.lwfrun" / "y" / "z"):
        with pytest.raises(NotADirectoryError) as caught:
            write_atomically(target, lambda part: part.write_text("x"))
        assert reason(caught.value) == "what should be a folder is a file"
        with pytest.raises(InputError, match="what should be a folder is a file"):
            paths.require_writable(target.parent, option="--out")


def test_a_run_file_that_is_missing_is_said_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape("cannot be read (there is no such file or folder)")):
        files.load(tmp_path / "none.lwfrun")


def test_the_systems_words_are_taken_in_one_place_alone() -> None:
    """Elsewhere they only make an error of the system's kind, which `reason` puts into our words."""
    making = re.compile(
        r"\w+Error\((errno\.\w+), os\.strerror\(\1\), |raise OSError\(code, .* else os\.strerror\(code\), "
    )
    package = Path(lwf_gui.__file__).parent
    texts = {path.name: path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "reasons.py"}
    making_one = {name: len(making.findall(text)) for name, text in texts.items()}
    assert {name for name, text in texts.items() if text.count("strerror") != making_one[name]} == set()
