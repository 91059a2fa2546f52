"""Train on real data, with the journal and without by turns of seconds in one run, and print one JSON object.

    python -m tests.benchmarks.journal --preset classroom [--set KEY=VALUE]...

On a shared machine two runs differ by more than the journal costs; neighbouring turns of one run see the same machine.
What the journal's own thread takes of the processor is measured apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from lwf_gui.documents.ahead import Ahead
from lwf_gui.documents.journal import INTERVAL, Journal
from lwf_gui.engine.job import Job
from lwf_gui.engine.runner import Runner
from lwf_gui.messages import Finished, Message, Steps
from lwf_gui.recipe import compose
from lwf_gui.runs.record import Record

TURN = 2.0
"""Seconds that one side has."""

SETTLES = 2 * INTERVAL
"""Of these seconds at each turn's beginning nothing is counted: the side before still writes."""


class Turns:
    """Keeps a run's record, and writes it ahead in every second turn."""

    def __init__(self, folder: Path) -> None:
        self.record = Record()
        self.rates: list[float] = []
        """Steps of the later tasks a second, turn by turn, of which the first is without the journal."""
        self._ahead, self._on = Ahead(folder), False
        self._begun = time.perf_counter()
        self._counted = self._seconds = 0.0
        self._last: Steps | None = None

    def take(self, message: Message) -> None:
        """Take in a message of the run."""
        self.record.apply(message)
        if self._on:
            self._ahead.follow(self.record, message, "benchmark")
        if isinstance(message, Steps) and message.phase == "incremental":
            self._count(message)

    def close(self) -> None:
        """End what was written."""
        self._ahead.drop()

    def _count(self, block: Steps) -> None:
        since = time.perf_counter() - self._begun
        if self._last is not None and since > SETTLES:
            self._counted += len(block.losses)
            self._seconds += block.seconds - self._last.seconds
        self._last = block
        if since > TURN and self._seconds:
            self.rates.append(self._counted / self._seconds)
            self._on = not self._on
            self._begun, self._counted, self._seconds = time.perf_counter(), 0.0, 0.0


def measured(recipe: Any) -> dict[str, Any]:
    """Do a run; return what it was like on both sides."""
    spent, write = [0.0], Journal._write

    def timed(journal: Journal) -> None:
        before = time.thread_time()
        write(journal)
        spent[0] += time.thread_time() - before

    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:  # on a disk: the one for temporary files may be none
        Journal._write = timed  # type: ignore[assignment, method-assign]
        turns = Turns(Path(folder) / "interrupted")
        outcome = Runner(forks=False).run(Job(1, recipe), turns.take)
        assert isinstance(outcome, Finished), outcome
        turns.close()
    without, with_it = turns.rates[::2], turns.rates[1::2]
    # each turn with it against the mean of its neighbours without
    ratios = [mine / ((a + b) / 2) for mine, (a, b) in zip(with_it, pairwise(without), strict=False)]
    assert turns.record.data is not None
    return {
        "device": turns.record.data.device,
        "turns": len(ratios),
        "without": statistics.median(without),
        "with": statistics.median(with_it),
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "thread": spent[0] / (TURN * len(with_it)),
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="classroom")
    parser.add_argument("--set", action="append", default=[], dest="changes")
    asked = parser.parse_args()
    sys.stdout.write(json.dumps(measured(compose(asked.preset, asked.changes, data="fashion-mnist"))) + "\n")


if __name__ == "__main__":
    main()
