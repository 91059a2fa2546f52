"""Several seeds: mean and 95 % interval of every figure of runs that differ in their seed alone.

Pure functions of what runs say as JSON.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lwf_gui.numbers import UNKNOWN
from lwf_gui.runs import continual
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of

_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""The 97.5 % point of Student's t distribution with 1, 2, ... degrees of freedom."""

_Z = 1.959964

Run = Mapping[str, Any]
"""What ``lwf-gui run --json`` prints."""


class Spread(NamedTuple):
    """A figure over seeds: its mean, and the half width of the mean's 95 % interval."""

    mean: float
    half: float

    @property
    def as_json(self) -> dict[str, float]:
        """The same by name."""
        return {"mean": self.mean, "interval_95": self.half}


def student(freedom: int) -> float:
    """Return the 97.5 % point of Student's t; beyond the table by two terms of its expansion in 1 / freedom.

    Source: Abramowitz & Stegun 1964, 26.7.5.
    """
    if freedom <= len(_T):
        return _T[freedom - 1]
    first, second = (_Z**3 + _Z) / 4, (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96
    return _Z + first / freedom + second / freedom**2


def spread(values: Sequence[float | None]) -> Spread | None:
    """Return mean and interval of a figure; None where a run has none (it diverged), or there are fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < max(len(values), 2):
        return None
    return Spread(statistics.fmean(known), student(len(known) - 1) * statistics.stdev(known) / math.sqrt(len(known)))


OF_A_PROTOCOL = ("old", "new", "average", "average_weighted")


def summary(runs: Sequence[Run]) -> dict[str, Any]:
    """Return the spread of every learner's figures for JSON: null where a run has none."""
    return {
        "seeds": [run["seed"] for run in runs],
        "learners": {name: _learner([run["learners"][name] for run in runs]) for name in runs[0]["learners"]},
    }


def _learner(told: Sequence[Run]) -> dict[str, Any]:
    found: dict[str, Any] = {
        protocol: {figure: _json(spread([run[protocol][figure] for run in told])) for figure in OF_A_PROTOCOL}
        for protocol in PROTOCOLS
    }
    for figure in continual.FIGURES:
        found[figure] = {protocol: _json(spread([run[figure][protocol] for run in told])) for protocol in PROTOCOLS}
    return {**found, "stored_bytes": max(run["stored_bytes"] for run in told)}


def _json(found: Spread | None) -> dict[str, float] | None:
    return None if found is None else found.as_json


def table(runs: Sequence[Run]) -> tuple[list[str], list[list[str]]]:
    """Return heading and rows: averages and forgetting under both protocols, mean and 95 % interval, stored bytes."""
    heading = ["learner"]
    for label in PROTOCOLS.values():
        head = label.replace("class-incremental", "class-incr.")  # two lines: a terminal has 80 columns
        heading += [f"{head}\naverage, %", f"{head}\nforgot, pts"]
    rows = []
    for name in runs[0]["learners"]:
        told = [run["learners"][name] for run in runs]
        cells = [
            _cell(values)
            for protocol in PROTOCOLS
            for values in ([run[protocol]["average"] for run in told], [run["forgetting"][protocol] for run in told])
        ]
        rows.append([label_of(name), *cells, f"{max(run['stored_bytes'] for run in told) / 1e3:,.0f}"])
    return [*heading, "stored\nKB"], rows


def _cell(values: Sequence[float | None]) -> str:
    found = spread(values)
    if found is None:
        return UNKNOWN
    half = f"{100 * found.half:.1f}" if found.half <= 1 else UNKNOWN  # two seeds may make one that says nothing
    return f"{100 * found.mean:.1f} ± {half}"
