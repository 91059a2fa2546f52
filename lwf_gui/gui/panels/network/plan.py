"""Where the lanes of the network strip stand, in which size of type, and with how much detail.

As many lanes as have room in body type; then as much detail as these leave room for. What has least to say goes first:
layers, secondary words, the outcome's own column, labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered
from lwf_gui.gui.panels.network.columns import Columns, columns, spread
from lwf_gui.gui.panels.network.detail import DETAILS, MARGIN, Detail, height
from lwf_gui.runs.network import Machine

LARGEST = 1.8
"""Size of the type at most, in body text sizes: large panels are seen from afar."""

LEGIBLE = 0.94
"""Size of the type from which on it counts as body type."""

BAR = 6.0
"""Pixels of the bar in the learner's colour at a lane's left, and of the gap behind it."""

ROUNDS = 6
"""Attempts to find the size of the type."""

SWITCH = 1.5
"""Lines that the switch to other lanes is wide."""

STRETCH = 0.7
"""How much higher than their words need lanes may be, in shares of that."""


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
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


def plan(area: QRectF, figures: Machine, first: int, classes: Sequence[str]) -> Plan:
    """Return the plan with as many lanes as have room, and with as much detail as these leave room for."""
    count = len(figures.lanes)
    for most in range(count, 1, -1):
        start = min(first, count - most)
        found = _best(area, figures, range(start, start + most), classes, least=LEGIBLE)
        if found.scale >= LEGIBLE:
            return found
    start = min(first, count - 1)
    return _best(area, figures, range(start, start + 1), classes)


def _best(area: QRectF, figures: Machine, shown: range, classes: Sequence[str], *, least: float = 0.0) -> Plan:
    """Return the plan of these lanes with the most detail in body type; where none has, that of the largest type.

    A size below ``least`` is of no use, so that its widths are not worked out to the end.
    """
    lanes = [figures.lanes[place] for place in shown]
    many = len(lanes) < len(figures.lanes)
    unit, best = float(theme.line_height()), None
    for detail in DETAILS:
        lines = sum(height(lane, detail) for lane in lanes) + 0.3 * (len(lanes) - 1)
        scale = min(area.height() / (lines * unit), LARGEST)
        for _ in range(ROUNDS):  # widths of letters do not grow evenly with their size
            if scale < least or (best is not None and scale <= best[0]):  # it only becomes smaller
                break
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
    found = spread(found, spare, beside=detail.outcome == "beside")
    heights = [height(lane, detail) * line for lane in lanes]
    between = 0.3 * line
    left = max(0.0, room.height() - sum(heights) - between * (len(lanes) - 1))
    stretch = min(left / sum(heights), STRETCH)
    top, areas = room.top() + (left - stretch * sum(heights)) / 2, []
    for high in heights:
        areas.append(QRectF(room.left(), top, room.width(), high * (1 + stretch)))
        top += high * (1 + stretch) + between
    return Plan(scale, detail, found, tuple(areas), shown.start, switch)
