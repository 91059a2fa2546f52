"""The axis at a plot's left edge, whose labels stand whole within it, however low the plot is.

pyqtgraph leaves a label out that would reach beyond the axis by a pixel: in a low plot that is the one of 100 %.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

BEYOND = 15
"""Pixels beyond its ends up to which the axis is asked for labels, before they are moved into it."""


class HeightAxisItem(pg.AxisItem):  # type: ignore[misc]
    """The axis of heights."""

    def __init__(self) -> None:
        super().__init__("left")

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return what the axis paints in, and a little more: what lies outside it is not asked for."""
        return QRectF(super().boundingRect()).adjusted(0, -BEYOND, 0, BEYOND)

    def generateDrawSpecs(self, painter: QPainter) -> Any:  # noqa: N802 - pyqtgraph's name
        """Return line, ticks and labels, each label within the axis; where they are close, the ends and the middle."""
        found = super().generateDrawSpecs(painter)
        if found is None:
            return None
        line, ticks, texts = found
        high = self.size().height()
        kept: list[tuple[QRectF, Any, str]] = []
        for rect, flags, text in _ends_first(sorted(texts, key=lambda label: label[0].top())):
            rect.moveTop(min(max(rect.top(), 0.0), high - rect.height()))
            if not any(rect.intersects(other) for other, *_ in kept):
                kept.append((rect, flags, text))
        return line, ticks, kept


def _ends_first(labels: list[Any]) -> list[Any]:
    """Return labels with the first, the last and the one in the middle before all others.

    >>> _ends_first([100, 75, 50, 25, 0])
    [100, 0, 50, 75, 25]
    """
    chief = dict.fromkeys((0, len(labels) - 1, len(labels) // 2)) if labels else {}
    return [labels[index] for index in (*chief, *(index for index in range(len(labels)) if index not in chief))]
