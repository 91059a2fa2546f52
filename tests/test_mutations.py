"""Mutated files of every kind, few of each: accepted whole or refused in a sentence, never a traceback, in no time.

`python -m tests.mutations` tries thousands, and shows them in a window.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from lwf_gui import InputError
from tests.mutations import kinds, trial
from tests.mutations.kinds import KINDS, Kind

FEW = 60

SLOW = {"idx": 16}
"""Of these some unpack to gigabytes, of which no more is read than the header announces."""


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_files_are_accepted_or_refused_in_a_sentence(kind: str) -> None:
    tried = [trial.attempt(kind, 1, number) for number in range(SLOW.get(kind, FEW))]
    assert not [(each.number, each.fault) for each in tried if each.fault]
    if kind != "settings":  # of which each value is checked apart, and all else is kept
        assert len({each.said for each in tried}) > 1, "mutations are not all alike"


@pytest.mark.parametrize("kind", KINDS)
def test_every_sound_file_is_accepted_and_mutations_change_it(kind: str, tmp_path: Path) -> None:
    for number, folder in enumerate(KINDS[kind].sound()):
        place = tmp_path / str(number)
        place.mkdir()
        for name, content in folder.items():
            (place / name).write_bytes(content)
        KINDS[kind].load(place)
    sound = KINDS[kind].sound()
    changed = [trial.mutated(kind, 0, number) not in sound for number in range(10)]
    assert Counter(changed)[True] >= 8
    assert trial.mutated(kind, 0, 3) == trial.mutated(kind, 0, 3)


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("loads", "fault"),
    [
        (lambda _: _raise(KeyError("x")), "KeyError"),
        (lambda _: _raise(InputError("two\nlines.")), "no sentence"),
        (lambda _: _raise(InputError("no end")), "no sentence"),
        (lambda _: _raise(InputError("TypeError: x.")), "for people"),
        (lambda _: sum(range(10**7)), "it took "),
    ],
)
def test_what_must_not_be_is_counted(monkeypatch: pytest.MonkeyPatch, loads: object, fault: str) -> None:
    monkeypatch.setattr(trial, "SECONDS", 0.05)
    sound = KINDS["lwf-text"]
    monkeypatch.setitem(kinds.KINDS, "lwf-text", Kind(sound.sound, sound.changed, loads))  # type: ignore[arg-type]
    assert fault in trial.attempt("lwf-text", 0, 0).fault


def test_the_command_counts_and_says_what_it_found() -> None:
    words = (sys.executable, "-m", "tests.mutations", "--kind", "lwf-text", "--count", "5")
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("lwf-text: 5 files: ")
    assert " 0 faults; slowest " in done.stdout
