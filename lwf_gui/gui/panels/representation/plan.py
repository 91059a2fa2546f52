"""Where the parts of the panel of representations stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered

LARGEST = 1.4
"""Size of the type at most, in body text sizes: large panels are seen from afar."""

PLOT, PLANE, KEY = (20.0, 7.0), (9.5, 6.0), 1.1
"""Lines that the curves are wide and high at least, and a plane with its heading; and lines of the key of classes."""

GAP = 0.7
"""Lines between two parts."""


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
    """The places of the parts; there are no planes, and no key of classes, where these have no room.

    ``scale`` is the size of the type, in body text sizes; ``cells`` are the planes' places.
    """

    scale: float
    plot: QRectF
    cells: tuple[QRectF, ...]
    key: QRectF | None
    turn: QRectF | None
    verdict: QRectF


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to lay the parts out: lines that it is wide and high at least, without the sentence; where planes are."""

    wide: float
    high: float
    verdict: float
    planes: str = ""


WAYS = (
    _Way(PLOT[0] + 2 * (PLANE[0] + GAP), 8.5, 2.3, "beside"),
    _Way(PLOT[0], PLOT[1] + PLANE[1] + 2 * KEY + GAP, 3.4, "below"),
    _Way(PLOT[0] + PLANE[0] + GAP, PLANE[1], 1.2, "beside"),
    _Way(15.0, 5.0, 1.2),
)


def plan(area: QRectF, planes: int) -> Plan:
    """Return the places of curves and of so many planes.

    The first way that has room for body type; where none has, the one whose type is largest.
    """
    line = float(theme.line_height())
    ways = WAYS if area.width() > 2 * area.height() else (WAYS[1], WAYS[0], *WAYS[2:])
    scales = [min(area.width() / way.wide, area.height() / (way.high + way.verdict)) / line for way in ways]
    best = next((place for place, scale in enumerate(scales) if scale >= 1), scales.index(max(scales)))
    scale, way = min(scales[best], LARGEST), ways[best]
    line *= scale
    verdict = QRectF(area.left(), area.bottom() - way.verdict * line, area.width(), way.verdict * line)
    plot = QRectF(area.left(), area.top(), area.width(), verdict.top() - area.top() - 0.2 * line)
    if not way.planes:
        return Plan(scale, plot, (), None, None, verdict)
    right = QRectF(plot)
    if way.planes == "beside":
        plot.setWidth(max(PLOT[0] * line, 0.42 * area.width()))
        right.setLeft(plot.right() + GAP * line)
    else:
        plot.setHeight(max(PLOT[1] * line, 0.42 * plot.height()))
        right.setTop(plot.bottom() + GAP * line)
    return _with_planes(scale, plot, right, planes, verdict)


def _with_planes(scale: float, plot: QRectF, room: QRectF, planes: int, verdict: QRectF) -> Plan:
    """Return the plan with planes in some room: as many as have room, as large as can be."""
    line = theme.line_height() * scale
    key = None
    if room.height() > (PLANE[1] + KEY) * line:
        high = KEY * line * (2 if room.height() > (PLANE[1] + 2 * KEY) * line else 1)
        key = QRectF(room.left(), room.bottom() - high, room.width(), high)
        room = room.adjusted(0, 0, 0, -high)
    most = [
        max(1, int((side + GAP * line) / (each + GAP) / line)) for side, each in zip(_size(room), PLANE, strict=True)
    ]
    turn = None
    if planes > most[0] * most[1]:
        turn = QRectF(room.left(), room.top(), room.width(), KEY * line)
        room = room.adjusted(0, KEY * line, 0, 0)
        most[1] = max(1, int((room.height() + GAP * line) / (PLANE[1] + GAP) / line))
    count = min(planes, most[0] * most[1])
    columns = max(range(1, most[0] + 1), key=lambda each: _side(room, count, each, GAP * line, most[1]))
    rows = -(-count // columns)
    wide, high = (room.width() + GAP * line) / columns, (room.height() + GAP * line) / rows
    cells = tuple(
        QRectF(room.left() + number % columns * wide, room.top() + number // columns * high, wide - GAP * line,
               high - GAP * line)
        for number in range(count)
    )  # fmt: skip
    return Plan(scale, plot, cells, key, turn, verdict)


def _size(rect: QRectF) -> tuple[float, float]:
    return rect.width(), rect.height()


def _side(room: QRectF, count: int, columns: int, gap: float, most: int) -> float:
    """Return how large planes are in so many columns; less than nothing where the rows have no room."""
    rows = -(-count // columns)
    if rows > most:
        return -float(rows)
    return min((room.width() + gap) / columns, 1.6 * (room.height() + gap) / rows)
