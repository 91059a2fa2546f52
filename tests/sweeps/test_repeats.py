"""Runs with other seeds, one after another in a thread: what is no run, and what is no fault of a run's."""

from __future__ import annotations

import time

import pytest

from lwf_gui.sweeps import repeats
from lwf_gui.sweeps.repeats import Repeat, Repeats
from lwf_gui.sweeps.work import Done
from tests.runs.test_seed_set import run


def first(work: Repeats) -> Repeat:
    """Return what comes first."""
    work.begin()
    end = time.monotonic() + 20
    while (came := work.came()) is None and time.monotonic() < end:
        time.sleep(0.01)
    assert came is not None
    work.wait()
    return came


def test_a_fault_is_logged_and_told_and_no_other_seed_begins(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def carry_out(*_: object, **__: object) -> Done:
        raise ValueError("?")

    monkeypatch.setattr(repeats, "carry_out", carry_out)
    work = Repeats(run(0), (1, 2))
    came = first(work)
    assert came.sentence == "The program failed at it; the log says how."
    assert came.record is None
    assert work.came() is None
    assert "ValueError" in caplog.text


@pytest.mark.parametrize("document", [b"", b"no run file", b"PK\3\4" + bytes(40)])
def test_what_a_process_leaves_is_not_trusted(monkeypatch: pytest.MonkeyPatch, document: bytes) -> None:
    monkeypatch.setattr(repeats, "carry_out", lambda *_, **__: Done("seed-1", document=document, sentence="It broke."))
    came = first(Repeats(run(0), (1,)))
    assert came.record is None
    assert came.sentence
    assert "program failed" not in came.sentence
