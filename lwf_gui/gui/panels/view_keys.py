"""Keys to the views of a panel, at its right upper corner: the one that is shown is filled and bold."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.measuring import metrics_of
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme

GAP, PAD, HIGH = 3.0, 5.0, 1.35
"""Pixels between two keys and within one, left and right; and how high they are, in lines of their type."""


class ViewKey(NamedTuple):
    """A key: what stands on it, whether its view is shown, and the spot that it is."""

    text: str
    chosen: bool
    key: Hashable


def width_of(keys: Sequence[ViewKey], font: QFont) -> float:
    """Return the pixels that keys take side by side."""
    bold = QFont(font)
    bold.setBold(True)
    return sum(metrics_of(bold).horizontalAdvance(key.text) + 2 * PAD + GAP for key in keys) - GAP


def height_of(font: QFont) -> float:
    """Return how high keys are in a type."""
    return HIGH * QFontMetricsF(font).height()


def paint_keys(
    painter: QPainter, corner: QRectF, keys: Sequence[ViewKey], font: QFont, colours: Theme
) -> tuple[Spot, ...]:
    """Paint keys that end at the right upper corner of a place; return their spots, from left to right.

    Where they have no room there is one, with the next view's name, that goes on to it. On paper there are none.
    """
    if not has_keys():
        return ()
    if width_of(keys, font) > corner.width():
        at = next((place for place, key in enumerate(keys) if key.chosen), 0)
        following = keys[(at + 1) % len(keys)]
        keys = (ViewKey(f"{following.text} ▶", False, following.key),)
    left, high = corner.right() - min(corner.width(), width_of(keys, font)), height_of(font)
    spots = []
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for key in keys:
        wide = min(width_of((key,), font), corner.width())
        box = QRectF(left, corner.top(), wide, high)
        _paint_key(painter, box, key, font, colours)
        spots.append(Spot(box, key.key))
        left += wide + GAP
    painter.restore()
    return tuple(spots)


def _paint_key(painter: QPainter, box: QRectF, key: ViewKey, font: QFont, colours: Theme) -> None:
    own = QFont(font)
    own.setBold(key.chosen)
    painter.setFont(own)
    painter.setPen(QPen(QColor(colours.accent if key.chosen else colours.line), 1))
    painter.setBrush(QColor(colours.raised if key.chosen else colours.surface))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(colours.text if key.chosen else colours.accent))
    write(painter, box.adjusted(2, 0, -2, 0), [key.text], CENTRE)
