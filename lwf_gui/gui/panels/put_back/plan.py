"""Where the parts of the panel of layers put back stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered

LARGEST = 1.7
"""Size of the type at most, in body text sizes: large panels are seen from afar."""

CHOICE, NETWORK, BARS, VERDICT, BESIDE = 1.6, 2.9, 4.5, 2.4, 4.6
"""Lines of the parts: who is shown; the layers; both bars and what they are of; the sentence; layers beside bars."""

LISTED = 3
"""Ways to lay the parts out that have the list: the first ones."""

ROW = 1.15
"""Lines of a row of the list of telling combinations."""


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
    """The places of the parts; ``telling`` is None where the list has no room.

    ``scale`` is the size of the type, in body text sizes.
    """

    scale: float
    choice: QRectF
    network: QRectF
    bars: QRectF
    telling: QRectF | None
    verdict: QRectF


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to lay the parts out: what it needs at least, in lines, and how it is done."""

    wide: float
    high: float
    lay: Callable[[QRectF, float, float, float], Plan]


def plan(area: QRectF, layers: int, rows: int) -> Plan:
    """Return the places for a network of so many layers and a list of so many combinations.

    The way whose type is largest of those that have room for body type, with the list if any has; else of all.
    """
    line = theme.line_height()
    listed = ROW * (rows + 1) + 0.3
    least = 4.0 * (layers + 1)
    ways = (
        _Way(2.7 * least, CHOICE + BESIDE + listed + VERDICT, _side_by_side),
        _Way(least, CHOICE + NETWORK + BARS + listed + VERDICT + 0.7, _stacked),
        _Way(2.7 * least, max(CHOICE + NETWORK + BARS, listed) + VERDICT, _list_beside),
        _Way(2.7 * least, CHOICE + BESIDE + VERDICT, _side_by_side),
        _Way(least, CHOICE + NETWORK + BARS + VERDICT, _stacked),
    )
    scales = [min(area.width() / way.wide, area.height() / way.high) / line for way in ways]
    scales = [min(scale, LARGEST) for scale in scales]
    with_list, fitting = range(LISTED), range(len(ways))
    roomy = next((few for few in (with_list, fitting) if max(scales[way] for way in few) >= 1), fitting)
    best = max(roomy, key=scales.__getitem__)  # the first of equal ones
    return ways[best].lay(area, line * scales[best], scales[best], listed if best < LISTED else 0.0)


def _strips(area: QRectF, line: float) -> tuple[QRectF, QRectF, QRectF]:
    """Return the strip above, what is between, and the strip below."""
    above = QRectF(area.left(), area.top(), area.width(), (CHOICE - 0.2) * line)
    below = QRectF(area.left(), area.bottom() - VERDICT * line, area.width(), VERDICT * line)
    between = QRectF(area.left(), area.top() + CHOICE * line, area.width(), 0)
    between.setBottom(below.top() - 0.2 * line)
    return above, between, below


def _side_by_side(area: QRectF, line: float, scale: float, listed: float) -> Plan:
    """Layers beside the bars, and the list, if it has room, below both."""
    above, between, below = _strips(area, line)
    upper = QRectF(between)
    telling = None
    if listed:
        upper.setHeight(between.height() * BESIDE / (BESIDE + listed))
        telling = QRectF(between)
        telling.setTop(upper.bottom() + 0.3 * line)
    left, right = QRectF(upper), QRectF(upper)
    left.setWidth(0.5 * upper.width() - 0.6 * line)
    right.setLeft(left.right() + 1.2 * line)
    return Plan(scale, above, left, right, telling, below)


def _stacked(area: QRectF, line: float, scale: float, listed: float) -> Plan:
    """One part below another."""
    above, between, below = _strips(area, line)
    whole = NETWORK + BARS + listed
    network, bars = QRectF(between), QRectF(between)
    network.setHeight(between.height() * NETWORK / whole)
    bars.setTop(network.bottom() + 0.3 * line)
    bars.setBottom(between.top() + between.height() * (NETWORK + BARS) / whole)
    telling = None
    if listed:
        telling = QRectF(between)
        telling.setTop(bars.bottom() + 0.3 * line)
    return Plan(scale, above, network, bars, telling, below)


def _list_beside(area: QRectF, line: float, scale: float, listed: float) -> Plan:
    """Layers above the bars, and the list at the right of both."""
    _, _, below = _strips(area, line)
    left = QRectF(area)
    left.setWidth(0.5 * area.width() - 0.6 * line)
    left.setBottom(below.top() - 0.2 * line)
    above, between = QRectF(left), QRectF(left)
    above.setHeight((CHOICE - 0.2) * line)
    between.setTop(left.top() + CHOICE * line)
    network, bars = QRectF(between), QRectF(between)
    network.setHeight(between.height() * NETWORK / (NETWORK + BARS))
    bars.setTop(network.bottom() + 0.3 * line)
    telling = QRectF(left.right() + 1.2 * line, left.top(), 0, left.height())
    telling.setRight(area.right())
    return Plan(scale, above, network, bars, telling, below)
