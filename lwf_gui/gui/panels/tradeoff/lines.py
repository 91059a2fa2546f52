"""The lines of a trade-off: the learners' ways, and their bias curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lwf_gui.gui.panels.drawing import polyline
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.tradeoff.axes import PercentAxes
from lwf_gui.gui.panels.tradeoff.legend import Legend, LegendRow
from lwf_gui.gui.panels.tradeoff.marks import TradeoffKey, around, paint_mark
from lwf_gui.numbers import percent
from lwf_gui.runs import tradeoff
from lwf_gui.runs.names import names_of
from lwf_gui.runs.tradeoff import Bias, Path

FAINT = 80
"""Opacity, of 255, of what lies beyond the cursor."""

SHADE = 26
"""Opacity of the area under a bias curve."""

MOST_POINTS = 1024
"""Points of a path: more would only lie upon each other."""


def _some(first: int, last: int) -> NDArray[np.intp]:
    """Return numbers from ``first`` to ``last``, both included, but not more than show a path's shape."""
    return np.append(np.arange(first, last, -(-(last - first + 1) // MOST_POINTS)), last)


def _dense(line: tradeoff.Floats) -> tradeoff.Floats:
    """Return points along a line, shape (n, 2), a few pixels from one another."""
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    stops = np.linspace(0, way[-1], 2 + int(way[-1] / 8))
    return np.stack([np.interp(stops, way, along) for along in line.T], 1)


def paint_paths(painter: QPainter, axes: PercentAxes, paths: tuple[Path, ...], legend: Legend) -> list[Spot]:
    """Paint the ways of all learners, solid up to the cursor, faint beyond it; return the spots."""
    rows: list[LegendRow] = []
    names = names_of(path.learner for path in paths)
    points: list[tradeoff.Floats] = []
    for path in paths:
        colour = QColor(legend.colours.learner(path.learner))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        last = len(path.new) - 1
        for part, width in ((_some(0, path.here), 2.0), (_some(path.here, last), 1.5)):
            line = axes.line(path.new[part], path.old[part])
            points.append(line)
            painter.setPen(QPen(colour, width))
            polyline(painter, line)
            colour.setAlpha(FAINT)
        figures = f"old {percent(path.old[path.here])}, new {percent(path.new[path.here])}"
        name, short, least = (form[path.learner] for form in names)
        rows.append(
            (TradeoffKey("path", path.learner), (f"{name}: {figures}", f"{short}: {figures}", name, short, least))
        )
    rows.append((TradeoffKey("start"), ("head expansion",) * (len(rows[0][1]) - 1) + ("expansion",)))
    spots = legend.paint(painter, axes, rows, np.concatenate([_dense(line) for line in points]))
    places = dict.fromkeys((float(path.new[0]), float(path.old[0])) for path in paths)  # one while they are the same
    starts = [axes.point(*place) for place in places]
    for start in starts:
        paint_mark(painter, start, "", legend.colours)
    for path in paths:
        end = axes.point(path.new[path.here], path.old[path.here])
        paint_mark(painter, end, path.learner, legend.colours)
        spots.append(around(end, TradeoffKey("path", path.learner)))
    spots += [around(start, TradeoffKey("start")) for start in starts]
    return spots


def paint_curves(painter: QPainter, axes: PercentAxes, curves: tuple[Bias, ...], legend: Legend) -> list[Spot]:
    """Paint the bias curves with their marks at b = 0, and the areas under them; return the spots."""
    rows: list[LegendRow] = []
    names = names_of(curve.learner for curve in curves)
    points: list[tradeoff.Floats] = []
    for curve in curves:
        colour = QColor(legend.colours.learner(curve.learner))
        line = axes.line(*curve.outline())
        points.append(line)
        painter.setPen(QPen(colour, 1.5))
        polyline(painter, line)
        colour.setAlpha(SHADE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon([axes.point(0, 0), *(QPointF(*xy) for xy in line.tolist())])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name, short, least = (form[curve.learner] for form in names)
        area, brief = (f"area {percent(curve.area, decimals)}" for decimals in (1, 0))
        texts = (f"{name}: {area}", f"{short}: {area}", f"{least}: {brief}", area, brief)
        rows.append((TradeoffKey("area", curve.learner), texts))
    spots = legend.paint(painter, axes, rows, np.concatenate([_dense(line) for line in points]))
    for curve in curves:
        zero = axes.point(*curve.at(0))
        paint_mark(painter, zero, curve.learner, legend.colours, hollow=True)
        spots.append(around(zero, TradeoffKey("zero", curve.learner)))
    return spots
