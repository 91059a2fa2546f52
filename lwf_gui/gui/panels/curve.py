"""A curve of a plot whose ranges are set, not found from its points."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """Says that it is as large as what is in sight, without asking its points: Qt asks some forty times a picture."""

    _boundingRect: QRectF | None  # noqa: N815 - pyqtgraph's name

    def __init__(self) -> None:
        super().__init__([], [], skipFiniteCheck=True)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return the part of the plot that is in sight; nothing without points."""
        if self._boundingRect is None:  # forgotten whenever the points or the part in sight are others
            box, (x, _) = self.getViewBox(), self.getData()
            self._boundingRect = QRectF() if box is None or x is None or not len(x) else box.viewRect()
        return self._boundingRect
