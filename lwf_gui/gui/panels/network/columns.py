"""Widths of the network strip's columns, which all lanes share, as their words take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import metrics_of
from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.detail import Detail, slots
from lwf_gui.gui.panels.text import widest
from lwf_gui.runs.network import Lane, Machine

SMALL = 0.84
"""Size of secondary words, in sizes of the names."""

TOLD = 0.94
"""Size of the figures of an outcome, in sizes of the names."""

SLACK = 1.03
"""Room that is left at texts, whose widths do not grow evenly with their size."""


class Columns(NamedTuple):
    """Widths in pixels, with the gaps between parts: before the shared part, the answers and the comparisons."""

    tray: float
    first: float
    shared: float
    second: float
    answers: float
    third: float
    judge: float
    outcome: float

    @property
    def width(self) -> float:
        """Of all together."""
        return sum(self)


def columns(figures: Machine, lanes: Sequence[Lane], detail: Detail, classes: Sequence[str], scale: float) -> Columns:
    """Return the widths that the words of these lanes take in a size of the type."""
    names, small = (metrics_of(theme.font(size * scale, bold=bold)) for size, bold in ((1.0, True), (SMALL, False)))
    line, form = scale * theme.line_height(), detail.form
    pad = 0.62 * line
    lock = 0.95 * line

    def wide(texts: Sequence[str], rich: Sequence[str] = ()) -> float:
        return SLACK * max(widest(names, texts), widest(small, rich) if detail.rich else 0.0) + pad

    stored = [words.store(lane)[form] for lane in lanes if lane.stored]
    pictures = 4.9 * line if not form else 2.4 * line
    tray = max(wide([words.images(figures, lanes[0])[form], *stored]), pictures + 0.5 * line)
    shared = wide([words.SHARED[form]], [text for lane in lanes for text in words.shared_notes(lane)[:1]])
    shared = max(
        shared + (lock if any(lane.still for lane in lanes) else 0.0),
        SLACK * widest(small, [words.shared_notes(lane)[-2:][0] for lane in lanes]) + pad,
    )
    if detail.layers:
        layers = max((sum(small.horizontalAdvance(f"{name} 0") for name in lane.layers) for lane in lanes), default=0.0)
        shared = max(shared, layers + pad)
    heads = [text for lane in lanes for text in (words.new(lane)[form], words.old(lane)[form])]
    notes = [text for lane in lanes for text in (words.new_note(lane), words.old_note(lane))]
    means = [words.means(lane)[form] for lane in lanes if lane.answers_by]
    answers = wide([*heads, *means], notes) + (lock if any(lane.head_still for lane in lanes) else 0.0)
    first, second = (1.2 * line, 1.5 * line) if not form else (0.85 * line, 1.2 * line)
    if any(lane.teacher is not None for lane in lanes):
        short = wide([words.teacher(figures)[1]]) + lock
        if detail.rich:
            answers = max(answers, wide([words.TEACHER_ANSWERS[0]], [words.ON_SAME]))
            shared = max(shared, short - 0.55 * second)
        else:  # one box below both
            missing = max(0.0, short - second - answers - shared)
            shared, answers = shared + 0.4 * missing, answers + 0.6 * missing
    labels = [text for lane in lanes for kind in slots(lane) for text in words.labels(lane, kind)[1:2]]
    third = (SLACK * widest(small, labels) + 1.7 * line) if form < 2 else 1.2 * line
    judged = [text for lane in lanes for text in words.judges(lane, form)]
    judge = SLACK * widest(names, [part for text in judged for part in words.in_two(text)]) + pad
    outcome = 0.0
    if detail.outcome == "beside":
        told = words.outcome_room(figures, lanes, classes)
        outcome = SLACK * max(widest(names, told[0]), widest(metrics_of(theme.font(TOLD * scale)), told[1])) + line
    return Columns(tray, first, shared, second, answers, third, judge, outcome)


def spread(found: Columns, spare: float, *, beside: bool) -> Columns:
    """Return columns that share spare width: most of it goes to the gaps, whose arrows then are seen from afar."""
    shares = Columns(0.08, 0.14, 0.12, 0.16, 0.12, 0.2, 0.06, 0.12 if beside else 0.0)
    return Columns(*(wide + spare * share / shares.width for wide, share in zip(found, shares, strict=True)))
