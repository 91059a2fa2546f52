"""The row above plots of which not all have room: which learners are shown, between keys to those before and after."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.theme import Theme


def first_shown(wanted: int, across: int, count: int) -> int:
    """Return the first of so many that is shown beside others: that of the page that ``wanted`` is on, if there is."""
    return min(wanted, (count - 1) // across * across) // across * across


def paint_turn(
    painter: QPainter,
    row: QRectF,
    font: QFont,
    shown: tuple[int, int, int],
    key: Callable[[int], Hashable],
    colours: Theme,
) -> list[Spot]:
    """Paint the row; return the spots of the keys that there are.

    Parameters
    ----------
    shown : the first that is shown, how many have room side by side, and how many there are
    key : returns what the spot of the key to those before (-1) or after (1) is about
    """
    first, across, count = shown
    painter.setFont(font)
    wide, last, spots = QFontMetricsF(font).horizontalAdvance("◀") + 16, min(first + across, count), list[Spot]()
    painter.setPen(QColor(colours.accent))
    for by, sign, there in ((-1, "◀", first > 0), (1, "▶", last < count)):
        if there:
            box = QRectF(row.left() if by < 0 else row.right() - wide, row.top(), wide, row.height())
            write(painter, box, [sign], CENTRE)
            spots.append(Spot(box, key(by)))
    painter.setPen(QColor(colours.text))
    said = (f"Learners {first + 1} to {last} of {count}", f"{first + 1}-{last} of {count}", "")
    write(painter, row.adjusted(wide, 0, -wide, 0), said, CENTRE)
    return spots
