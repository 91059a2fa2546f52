"""A curve of a plot whose ranges are set, not found from its points."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen

from lwf_gui.gui.panels.failure import guard_items


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """Says that it is as large as what is in sight, without asking its points: Qt asks some forty times a picture."""

    _boundingRect: QRectF | None  # noqa: N815 - pyqtgraph's name

    def __init__(self) -> None:
        super().__init__([], [], skipFiniteCheck=True)

    def draw(self, x: NDArray[np.float64], y: NDArray[np.float64], pen: QPen) -> None:
        """Take points, broken where one has no value, and a pen; where they are as they were, do nothing."""
        if self.opts["pen"] != pen:
            self.setPen(pen)
        before_x, before_y = self.getData()
        if not (np.array_equal(x, before_x) and np.array_equal(y, before_y, equal_nan=True)):
            self.setData(x, y, connect="finite" if np.isnan(y).any() else "all")

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return the part of the plot that is in sight; nothing without points."""
        if self._boundingRect is None:  # forgotten whenever the points or the part in sight are others
            box, (x, _) = self.getViewBox(), self.getData()
            self._boundingRect = QRectF() if box is None or x is None or not len(x) else box.viewRect()
        return self._boundingRect


guard_items(Curve)
