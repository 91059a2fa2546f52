"""Everything that panels, reports and forks ask of a record, in one call: what must work on any file that loads."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from lwf_gui.exports import final, report
from lwf_gui.messages import TERMS, Finished
from lwf_gui.runs import (
    class_means,
    confusion,
    equation,
    equation_words,
    gradient_conflict,
    image_grid,
    put_back,
    representation,
    sketch,
    soft_targets,
    stability_gap,
    straight_path,
    tradeoff,
    weights,
    why,
    why_words,
)
from lwf_gui.runs import (
    selection as cursor,
)
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.captions import probe_captions
from lwf_gui.runs.cards import card_of, teacher_accuracy
from lwf_gui.runs.chance import chance
from lwf_gui.runs.class_rows import class_image, class_rows
from lwf_gui.runs.forks import kept_states, way_back
from lwf_gui.runs.image_history import history_of
from lwf_gui.runs.live_changes import events, mark_text
from lwf_gui.runs.loss_curves import loss_series
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import about_learner, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.series import own_part, thinned
from lwf_gui.runs.standing import standing
from lwf_gui.runs.summary import summary


def consume(record: Record, folder: Path) -> None:
    """Look at a record as every panel does, at every stop; write its report; cut it as forks do."""
    stops = [None, *cursor.stops(record).tolist(), -1, 0, 7]
    with np.errstate(over="ignore", invalid="ignore"):  # of what is too large, or no number in an odd way
        for step in stops:
            for protocol in PROTOCOLS:
                look_at(record, Selection(protocol=protocol, step=step, image=10**6))
        standing(record)
        events(record)
        kept_states(record)
        for mark in record.marks:
            mark_text(mark)
    final.table(record)
    assert "\n" not in final.about(record)
    if record.data is not None:
        for unit in range(len(record.data.classes)):
            class_image(record, unit)
    if isinstance(record.outcome, Finished):
        report.write(record, folder)
    cut(record)


def look_at(record: Record, selection: Selection) -> None:
    """Ask for the figures of every panel."""
    at = cursor.moment(record, selection.step)
    assert at is None or at.learners, "who has diverged does not answer, but somebody does"
    class_rows(record, selection)
    summary(record, selection)
    probe_captions(record, selection)
    chance(record, selection.protocol)
    teacher_accuracy(record, selection.step)
    for learner in (*learners_of(record), "teacher"):
        for task in ("old", "new"):
            series = accuracy_series(record, learner, task, selection.protocol)
            thinned(own_part(record, learner, series))
        for term in TERMS:
            loss_series(record, learner, term)
        if learner != "teacher":
            card_of(record, learner, selection)
            about_learner(record, learner)
            sketch.score(sketch.Sketch(np.zeros(2), np.zeros(2)), record, learner, "old", selection.protocol)
    see_inside(record, selection)


def see_inside(record: Record, selection: Selection) -> None:
    """Ask for the figures of the panels that are not curves."""
    grid = image_grid.image_grid(record, selection)
    if grid is not None:
        for learner in grid.learners:
            grid.right_of(learner, 5)
            grid.habit(learner, 5)
    for image in (0, 10**6):
        history_of(record, selection, image)
    matrices = confusion.matrices(record, selection)
    if matrices is not None:
        for learner in matrices.learners:
            matrices.mistakes(learner, 3)
    soft = soft_targets.soft_targets(record, selection)
    if soft is not None:
        soft.leading(3)
    soft_targets.captions(record, selection)
    balance = equation.balance(record, selection)
    for row in balance.rows if balance else ():
        equation_words.spoken(row)
    equation.captions(record, selection)
    pulls = gradient_conflict.gradient_conflict(record, selection)
    for team in pulls.teams if pulls else ():
        [team.length(force) for pull in team.pulls for force in (pull.new, pull.old)]
    means = class_means.planes(record, selection)
    for plane in means.planes if means else ():
        [(means.by_chance(place.unit), place.moved) for place in plane.places if means]
    back = put_back.put_back(record, selection)
    if back is not None:
        for learner in back.known:
            [(back.regained(learner, each), back.price(learner, each)) for each in back.telling]
    gap = stability_gap.stability_gap(record, selection)
    for dip in gap.dips if gap else ():
        assert dip.lowest <= min(dip.before, dip.after)
    walked = straight_path.straight_path(record, selection)
    if walked is not None:
        straight_path.captions(record, walked)
        for path in walked.paths.values():
            [(path.best, path.gain, path.dip(task), path.barrier(task)) for task in (0, 1)]
    seen = representation.representation(record, selection)
    if seen is not None:
        representation.captions(record, seen)
        for drifting in seen.planes:
            [drifting.moved(seen.of_class(unit)) for unit in seen.classes]
            assert math.isnan(seen.at(drifting.learner)) or 0 <= seen.at(drifting.learner) <= 1
    forgets = why.why(record, selection)
    if forgets is not None and not forgets.reason:
        assert all(all(why_words.why_of(record, forgets, learner)) for learner in forgets.learners)
    ways = tradeoff.tradeoff(record, selection)
    for curve in ways.curves if ways else ():
        curve.at(0.0)
        curve.outline()
    for change in (False, True):
        drift = weights.drift(record, selection, change=change)
        if drift is not None:
            weights.mosaic(drift.filters[0], drift.peak, 4)


def cut(record: Record) -> None:
    """Cut a record as Reset and forks do."""
    record.rewound()
    if record.incremental is None or record.data is None:
        return
    for step in (0, record.incremental.steps // 2, record.incremental.steps):
        record.learners_at(step)
        record.forked(step)
        cursor.settings_after(record, step)
        way_back(record, step)
        for learner in record.incremental.started.learners:
            cursor.settings_of(record, learner, step)
