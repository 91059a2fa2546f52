"""Where the parts of the network strip stand: columns that all lanes share, and each lane's rows.

As many lanes as have room in body type; then as much detail as these leave room for. What has least to say goes first:
layers, secondary words, the outcome's own column, labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.place import PullKind
from lwf_gui.gui.panels.text import widest
from lwf_gui.runs.network import Lane, Machine

LARGEST = 1.8
"""Size of the type at most, in body text sizes: large panels are seen from afar."""

LEGIBLE = 0.94
"""Size of the type from which on it counts as body type."""

SMALL = 0.84
"""Size of secondary words, in sizes of the names."""

TOLD = 0.94
"""Size of the figures of an outcome, in sizes of the names."""

HEADER, PLAIN_ROW, RICH_ROW, SLOT, GAP, MARGIN, SPRING = 1.2, 1.25, 2.1, 0.95, 0.24, 0.24, 0.9
"""Lines: of the name over a lane; of a row of names, and of one with secondary words; of one arrow to the old answers;
between rows; around a lane; of a spring."""

BAR = 6.0
"""Pixels of the bar in the learner's colour at a lane's left, and of the gap behind it."""

ROUNDS = 6
"""Attempts to find the size of the type."""

SWITCH = 1.5
"""Lines that the switch to other lanes is wide."""

STRETCH = 0.7
"""How much higher than their words need lanes may be, in shares of that."""

SLACK = 1.03
"""Room that is left at texts, whose widths do not grow evenly with their size."""


class Detail(NamedTuple):
    """How much is painted: words below names, layers in the shared part, the outcome beside its lane, long names."""

    rich: bool
    layers: bool
    beside: bool
    full: bool


DETAILS = (
    Detail(True, True, True, True),
    Detail(True, False, True, True),
    Detail(False, False, True, True),
    Detail(True, False, False, True),
    Detail(False, False, False, True),
    Detail(False, False, False, False),
)
"""From all to the least."""


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


@dataclass(frozen=True, slots=True)
class Plan:
    """How all lanes are painted: size of the type, columns, and which lanes, from ``first`` on."""

    scale: float
    detail: Detail
    columns: Columns
    areas: tuple[QRectF, ...]
    first: int
    switch: QRectF | None

    @property
    def line(self) -> float:
        """Pixels of a line."""
        return self.scale * theme.line_height()

    def font(self, points: float = 1.0, *, bold: bool = False) -> QFont:
        """Return the type at a multiple of its size here."""
        return theme.font(points * self.scale, bold=bold)


def slots(lane: Lane) -> tuple[PullKind, ...]:
    """Return what pulls at the old answers, each with a place of its own, from above: first what the labels do."""
    if lane.is_base:
        return ("learn",)
    found: list[PullKind] = ["push"] if lane.pushed and not lane.head_still else []
    found += ["again"] if lane.again else []
    return tuple([*found, "hold"] if lane.teacher is not None else found)


def rows(lane: Lane, detail: Detail) -> dict[str, float]:
    """Return the heights of a lane's rows in lines, from above: means, new and old answers, network or weights then."""
    plain = RICH_ROW if detail.rich else PLAIN_ROW
    found = {"means": plain} if lane.answers_by and lane.minimises else {}
    found["new"] = plain
    found["old"] = max(plain, SLOT * len(slots(lane)) + 0.1)
    tray = 2.55 + (PLAIN_ROW + 0.2) * bool(lane.stored) + (0.9 if detail.rich else 0.0)
    shared = 4.1 if detail.layers else 2.4
    then = {"teacher": plain} if lane.teacher is not None else {}
    if lane.held is not None:
        then = {"anchors": SPRING + plain}
    most = max(tray - (GAP + plain if lane.teacher is not None else 0.0), shared)
    found["old"] += max(0.0, most - sum(found.values()) - GAP * (len(found) - 1))
    return found | then


def height(lane: Lane, detail: Detail) -> float:
    """Return the lines of a lane."""
    inner = rows(lane, detail)
    return HEADER + sum(inner.values()) + GAP * (len(inner) - 1) + 2 * MARGIN + below(detail)


def below(detail: Detail) -> float:
    """Return the lines of an outcome that stands below its lane."""
    return 0.0 if detail.beside else 1.1 if detail.full else 2.1


def columns(figures: Machine, lanes: Sequence[Lane], detail: Detail, classes: Sequence[str], scale: float) -> Columns:
    """Return the widths that the words of these lanes take in a size of the type."""
    names, small = (QFontMetricsF(theme.font(size * scale, bold=bold)) for size, bold in ((1.0, True), (SMALL, False)))
    line, form = scale * theme.line_height(), 0 if detail.full else 1
    pad = 0.62 * line
    lock = 0.95 * line

    def wide(texts: Sequence[str], rich: Sequence[str] = ()) -> float:
        return SLACK * max(widest(names, texts), widest(small, rich) if detail.rich else 0.0) + pad

    stored = [words.store(lane)[form] for lane in lanes if lane.stored]
    pictures = 4.9 * line if detail.full else 2.4 * line
    tray = max(wide([words.images(figures, lanes[0])[form], *stored]), pictures + 0.5 * line)
    shared = wide([words.SHARED[form]], [text for lane in lanes for text in words.shared_notes(lane)[:1]])
    shared = max(
        shared + (lock if any(lane.still for lane in lanes) else 0.0), SLACK * widest(small, words.MOVED[form:]) + pad
    )
    if detail.layers:
        layers = max((sum(small.horizontalAdvance(f"{name} 0") for name in lane.layers) for lane in lanes), default=0.0)
        most = max((len(lane.layers) * (small.horizontalAdvance("100 %") + 0.9 * line) for lane in lanes), default=0.0)
        shared = max(shared, layers + pad, most + pad)
    heads = [text for lane in lanes for text in (words.new(lane)[form], words.old(lane)[form])]
    notes = [text for lane in lanes for text in (words.new_note(lane), words.old_note(lane))]
    means = [words.means(lane)[form] for lane in lanes if lane.answers_by]
    answers = wide([*heads, *means], notes) + (lock if any(lane.head_still for lane in lanes) else 0.0)
    first, second = (1.2 * line, 1.5 * line) if detail.full else (0.85 * line, 1.2 * line)
    if any(lane.teacher is not None for lane in lanes):
        short = wide([words.TEACHER[1]]) + lock
        if detail.rich:
            answers = max(answers, wide([words.TEACHER_ANSWERS[0]], [words.ON_SAME]))
            shared = max(shared, short - 0.55 * second)
        else:  # one box below both
            missing = max(0.0, short - second - answers - shared)
            shared, answers = shared + 0.4 * missing, answers + 0.6 * missing
    labels = [text for lane in lanes for kind in slots(lane) for text in words.labels(lane, kind)[1:2]]
    third = (SLACK * widest(small, labels) + 1.7 * line) if detail.full else 1.2 * line
    judged = [text for lane in lanes for text in words.judges(lane, form)]
    judge = SLACK * widest(names, [part for text in judged for part in words.in_two(text)]) + pad
    outcome = 0.0
    if detail.beside:
        told = words.outcome_room(figures, lanes, classes)
        outcome = SLACK * max(widest(names, told[0]), widest(QFontMetricsF(theme.font(TOLD * scale)), told[1])) + line
    return Columns(tray, first, shared, second, answers, third, judge, outcome)


def plan(area: QRectF, figures: Machine, first: int, classes: Sequence[str]) -> Plan:
    """Return the plan with as many lanes as have room, and with as much detail as these leave room for."""
    count = len(figures.lanes)
    for most in range(count, 1, -1):
        start = min(first, count - most)
        found = _best(area, figures, range(start, start + most), classes)
        if found.scale >= LEGIBLE:
            return found
    start = min(first, count - 1)
    return _best(area, figures, range(start, start + 1), classes)


def _best(area: QRectF, figures: Machine, shown: range, classes: Sequence[str]) -> Plan:
    """Return the plan of these lanes with the most detail in body type; where none has, that of the largest type."""
    lanes = [figures.lanes[place] for place in shown]
    many = len(lanes) < len(figures.lanes)
    unit, best = float(theme.line_height()), None
    for detail in DETAILS:
        lines = sum(height(lane, detail) for lane in lanes) + 0.3 * (len(lanes) - 1)
        scale = min(area.height() / (lines * unit), LARGEST)
        for _ in range(ROUNDS):  # widths of letters do not grow evenly with their size
            needed = columns(figures, lanes, detail, classes, scale).width + _beside(many, scale)
            if needed <= area.width():
                break
            scale *= max(0.5, area.width() / needed)
        if best is None or scale > best[0]:
            best = scale, detail
        if scale >= LEGIBLE:
            best = scale, detail
            break
    assert best is not None, "there are details"
    return _laid(area, figures, shown, classes, *best)


def _beside(many: bool, scale: float) -> float:
    """Return the pixels beside the columns: margins, the bar in the learner's colour, and the switch."""
    return (2 * MARGIN + SWITCH * many) * scale * theme.line_height() + BAR


def _laid(area: QRectF, figures: Machine, shown: range, classes: Sequence[str], scale: float, detail: Detail) -> Plan:
    """Return the plan in a size of the type, with what width and height are left shared out."""
    lanes = [figures.lanes[place] for place in shown]
    line = scale * theme.line_height()
    room, switch = QRectF(area), None
    if len(lanes) < len(figures.lanes):
        switch = QRectF(area.left(), area.top(), SWITCH * line - 4, area.height())
        room.setLeft(area.left() + SWITCH * line)
    found = columns(figures, lanes, detail, classes, scale)
    spare = max(0.0, area.width() - found.width - _beside(switch is not None, scale))
    found = _spread(found, spare, beside=detail.beside)
    heights = [height(lane, detail) * line for lane in lanes]
    between = 0.3 * line
    left = max(0.0, room.height() - sum(heights) - between * (len(lanes) - 1))
    stretch = min(left / sum(heights), STRETCH)
    top, areas = room.top() + (left - stretch * sum(heights)) / 2, []
    for high in heights:
        areas.append(QRectF(room.left(), top, room.width(), high * (1 + stretch)))
        top += high * (1 + stretch) + between
    return Plan(scale, detail, found, tuple(areas), shown.start, switch)


def _spread(found: Columns, spare: float, *, beside: bool) -> Columns:
    """Return columns that share spare width: most of it goes to the gaps, whose arrows then are seen from afar."""
    shares = Columns(0.08, 0.14, 0.12, 0.16, 0.12, 0.2, 0.06, 0.12 if beside else 0.0)
    return Columns(*(wide + spare * share / shares.width for wide, share in zip(found, shares, strict=True)))
