"""Learning curves of one cell of a sweep: old accuracy solid, new dashed, thin each run, bold the mean."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.sweep.axes import Floats, Range, SmallAxes, rounded
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.gui.panels.sweep.plan import Plan
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import sweep_words as words
from lwf_gui.runs.sweep_curves import CellCurves
from lwf_gui.runs.sweep_figures import SweepFigures
from lwf_gui.runs.sweep_map import At
from lwf_gui.runs.sweep_view import Curve

THIN, BOLD, FAINT = 1.0, 2.2, 110
"""Pixels of a run's line and of the mean's; opacity, of 255, of the former beside the latter."""

DASHES = [4.0, 2.5]
"""Lengths of the new task's dashes and gaps, in widths of the line."""

MOST = 24
"""Runs that have a line of their own: more would only lie upon each other; the mean is of all."""

BELOW = ("Step since the head expansion; probe images", "Step; probe images", "Step")

LEAST = 10.0
"""Points that the axis up spans at least."""


class CurvePainter:
    """Paints the curves, and notes the spot that they are."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: SweepFigures) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, chosen: At) -> None:
        """Paint axes and curves of a cell."""
        curves = self._figures.curves(chosen)
        values = [float(v) for c in curves.each for part in (c.old, c.new) for v in (part.min(), part.max())]
        up = rounded(values, least=LEAST, bounds=(0.0, 100.0))
        steps = rounded([0.0, curves.last], least=1.0, bounds=(0.0, curves.last))
        axes = SmallAxes(area, self._plan, Range(0.0, curves.last, steps.ticks), up)
        where = words.settings_of(self._figures, chosen)
        axes.paint(
            self._painter,
            self._colours,
            (
                f"% right, old solid, new dashed; {where}",
                f"Old solid, new dashed; {where}",
                "Old solid, new dashed",
                "%",
            ),
            BELOW,
        )
        self.spots.append(Spot(axes.field, Place("curves")))
        if not curves.each:
            self._nothing(axes.field, chosen)
            return
        self._painter.save()
        self._painter.setClipRect(axes.field.adjusted(-1, -1, 1, 1))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._lines(axes, curves)
        self._painter.restore()

    def _lines(self, axes: SmallAxes, curves: CellCurves) -> None:
        one = len(curves.each) == 1
        for curve in curves.each[:MOST] if not one else ():
            self._pair(axes, curve, THIN, FAINT)
        mean = curves.each[0] if one else curves.mean
        if mean is not None:
            self._pair(axes, mean, BOLD, 255)

    def _pair(self, axes: SmallAxes, curve: Curve, width: float, opacity: int) -> None:
        """Draw old and new accuracy of a run, or of the mean."""
        colour = QColor(self._colours.learner(self._figures.heat.learner))
        colour.setAlpha(opacity)
        for values, dashes in ((curve.old, None), (curve.new, DASHES)):
            pen = QPen(colour, width)
            if dashes:
                pen.setDashPattern([each * BOLD / width for each in dashes])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._painter.strokePath(_path(axes.points(curve.steps, values)), pen)

    def _nothing(self, field: QRectF, chosen: At) -> None:
        painter = self._painter
        painter.setFont(self._plan.font(0.9))
        painter.setPen(QColor(self._colours.muted))
        told = words.state_of(self._figures.heat.cells[chosen]) or "no curve"
        high = QFontMetricsF(painter.font()).height()
        write(
            painter,
            QRectF(field.left() + 4, field.center().y() - high / 2, field.width() - 8, high),
            [told, ""],
            CENTRE,
        )


def _path(points: Floats) -> QPainterPath:
    """Return a line through points, shape (n, 2): one path, for dashes go on through its corners."""
    path = QPainterPath()
    for number, (x, y) in enumerate(np.asarray(points).tolist()):
        path.moveTo(x, y) if number == 0 else path.lineTo(x, y)
    return path
