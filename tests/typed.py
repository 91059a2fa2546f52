"""``lwf-gui`` as it is typed, run in the test's own process."""

from __future__ import annotations

import signal
import sys
from typing import NamedTuple

import pytest

from lwf_gui import cli


class Outcome(NamedTuple):
    """What a command left: exit code and texts."""

    code: int
    out: str
    err: str


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> Outcome:
    """Run ``lwf-gui WORDS...``; what Ctrl+C does is afterwards what it was."""
    handler = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(sys, "argv", ["lwf-gui", *map(str, words)])
    capsys.readouterr()
    try:
        with pytest.raises(SystemExit) as left:
            cli.main()
    finally:
        signal.signal(signal.SIGINT, handler)
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return Outcome(left.value.code, said.out, said.err)
