"""The figures of one finished run that claims compare: by learner, protocol and metric, in percent or points.

A pure function of a record; averages, forgetting and accuracies are those of the accuracy matrix.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lwf_gui.claims.script import Source
from lwf_gui.runs import after_tasks, continual, stability_gap
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName, accuracies
from lwf_gui.runs.record import Record

DIGITS = 4
"""Decimals that are kept: one test image of 10,000 is a hundredth of a point."""

Figures = Mapping[str, Mapping[ProtocolName, Mapping[str, float | None]]]
"""By learner, protocol and metric; None where there is no number: the learner diverged."""

SeedFigures = Mapping[str, Figures]
"""Those of all runs of a claim with one seed, by run; runs may be missing that are not trained yet."""


def figures_of(record: Record) -> Figures:
    """Return the figures of all learners of a run that has come to its end."""
    assert record.data is not None, "a run that has ended has data"
    names = record.data.recipe.names
    return {name: {protocol: _of(record, name, protocol) for protocol in PROTOCOLS} for name in names}


def value_of(found: SeedFigures, source: Source) -> float:
    """Return a figure of one seed; NaN where there is none."""
    value = found.get(source.run, {}).get(source.learner, {}).get(source.protocol, {}).get(source.metric)
    return math.nan if value is None else value


def _of(record: Record, learner: str, protocol: ProtocolName) -> dict[str, float | None]:
    tested, looks = _on_test_sets(record, learner, protocol), _on_probes(record, learner, protocol)
    return {metric: None if math.isnan(value) else round(value, DIGITS) for metric, value in (tested | looks).items()}


def _on_test_sets(record: Record, learner: str, protocol: ProtocolName) -> dict[str, float]:
    assert record.data is not None, "a run that has ended has data"
    matrix = after_tasks.matrix_of(record, learner, protocol)
    score = record.evaluations[-1].scores.get(learner) if record.evaluations else None
    pair = accuracies(() if score is None else score.under(protocol), record.data.test_sizes)
    last = record.data.scenario.tasks - 1
    average, lost = math.nan, math.nan
    if matrix is not None:
        average, lost = continual.average_accuracy(matrix, last), continual.forgetting(matrix, last)
    shares = {"average": average, "old": pair.old, "new": pair.new, "forgetting": lost}
    return {metric: 100 * share for metric, share in shares.items()}


def _on_probes(record: Record, learner: str, protocol: ProtocolName) -> dict[str, float]:
    """Return the first task's accuracy on its probe images while the second is learnt: first, lowest and last look."""
    shares = _first_task(record, learner, protocol)
    if not len(shares) or np.isnan(shares).any():
        return dict.fromkeys(("start", "lowest", "end"), math.nan)
    return {"start": 100 * shares[0], "lowest": 100 * min(shares), "end": 100 * shares[-1]}


def _first_task(record: Record, learner: str, protocol: ProtocolName) -> Sequence[float]:
    track = record.incremental
    if track is None or learner not in track.started.learners:
        return ()
    during = track.probe_steps.values < (*track.started.boundaries, math.inf)[1]  # then the head is another one
    found: list[float] = stability_gap.looks_since(track, protocol, 0)[during, track.index(learner)].tolist()
    return found
