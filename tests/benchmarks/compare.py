"""Two checkouts side by side: what one benchmark says of each, by turns, every time in a process of its own.

    python -m tests.benchmarks --against FOLDER [--rounds N] [step start window scrub]

Each side runs its own benchmarks and its own program, with folders of its own for cache, settings and state. Who goes
first changes from round to round. Compare on a quiet machine: a ratio within a few per cent of 1 says nothing.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import RUN, TREE, WINDOW_RUNS, Ran, median, run, started, tell

Values = dict[str, float]
"""What was measured once, by its name, which ends in the unit."""


@dataclass(frozen=True)
class Side:
    """A checkout, and the folder that its processes take for the user's own."""

    tree: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """Where its processes keep what they keep."""
        return {f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA", "STATE")}

    def run(self, *words: str) -> Ran:
        """Run a process of this side to its end."""
        return run(*words, tree=self.tree, environment=self.environment)

    def benchmark(self, name: str, *words: str) -> Ran:
        """Run one of this side's own benchmarks."""
        return self.run(sys.executable, "-m", f"tests.benchmarks.{name}", *words)


def step(side: Side) -> Values:
    """Measure one training step of LwF with the CNN."""
    return {f"{digits}, ms a step": float(side.benchmark("step", digits).output) for digits in ("fp32", "bf16")}


def start(side: Side) -> Values:
    """Measure from the command to the first paint, and to an engine that can train."""
    return {f"{name}, s": seconds for name, seconds in started(side.tree, side.environment).items()}


def window(side: Side) -> Values:
    """Measure training in the terminal and with the window live; the first run leaves the teacher for all others."""
    found: Values = {}
    for preset, change in WINDOW_RUNS.items():
        options = ("--preset", preset, "--set", change)
        found[f"{preset} in the terminal, samples/s"] = side.run(*RUN, *options).json["samples_per_second"]
        live = side.benchmark("live", *options).json
        found[f"{preset} with the window, samples/s"] = live["samples_per_second"]
        for which in ("p50", "p95"):
            found[f"{preset}, frame {which}, ms"] = live["frame_ms"][which]
        found[f"{preset}, timer late p99, ms"] = live["late_ms"]["p99"]
    return found


def scrub(side: Side) -> Values:
    """Measure how fast the panels follow the timeline of a long run."""
    panels = side.benchmark("scrub", "10000").json["panels"]
    return {
        f"{panel}, frame {which}, ms": told["frame_ms"][which]
        for panel, told in panels.items()
        for which in ("p50", "p95")
    }


MEASURES: dict[str, Callable[[Side], Values]] = {work.__name__: work for work in (step, start, window, scrub)}


def compare(names: Sequence[str], other: Path, rounds: int) -> None:
    """Measure both sides by turns, and print a table of medians for every name."""
    with tempfile.TemporaryDirectory() as folder:
        sides = [Side(other, Path(folder, "other")), Side(TREE, Path(folder, "this"))]
        for name in names:
            found: list[list[Values]] = [[], []]
            for number in range(rounds):
                for which in (0, 1) if number % 2 == 0 else (1, 0):
                    found[which].append(MEASURES[name](sides[which]))
            tell(f"{name}: {other} against this checkout", ("", "other", "this", "this / other"), rows_of(*found))


def rows_of(theirs: Sequence[Values], ours: Sequence[Values]) -> list[tuple[str, ...]]:
    """Return a row for all that both sides measured: the medians, and the ratio of ours to theirs."""
    rows: list[tuple[str, ...]] = []
    for name in (name for name in theirs[0] if name in ours[0]):
        a, b = (median([values[name] for values in side]) for side in (theirs, ours))
        digits = 0 if name.endswith("samples/s") else 2
        rows.append((name, f"{a:,.{digits}f}", f"{b:,.{digits}f}", f"{b / a:.2f}"))
    return rows
