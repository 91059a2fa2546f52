"""A plot on paper: its items drawn one by one in units of the layout.

Qt's own way leaves the items' pens as wide as pixels of the device, hairs on paper, and axes as pictures of pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsTextItem, QWidget

from lwf_gui.gui.panels.curves.plot import Plot
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.strip import MarkStrip

LEAST_WIDTH = 0.7
"""Units that a line is wide at least: half a point on paper."""


class PlotPrint:
    """Draws a plot upon a painter, at a place in units of the layout."""

    def __init__(self, painter: QPainter, plot: Plot) -> None:
        self._painter, self._plot = painter, plot
        self._scene = plot.view.viewportTransform()

    def paint(self) -> None:
        """Draw curves, marks, axes and names; the lines of text above them are the plot's own widgets."""
        painter, view = self._painter, self._plot.view
        view.scene().prepareForPaint()  # ranges that were set take hold
        for side in ("left", "bottom"):
            self._plot.plot.getAxis(side).resizeEvent()  # its name stands in the middle, however long it is now
        painter.save()
        painter.translate(QPointF(view.pos()))
        painter.fillRect(QRectF(view.rect()), QColor(self._plot.theme.surface))
        box = self._map(self._plot.plot.vb).mapRect(self._plot.plot.vb.rect())
        items = [item for item in view.scene().items(Qt.SortOrder.AscendingOrder) if item.isVisible()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for clips, kinds in ((False, AXES), (True, INSIDE)):
            painter.save()
            if clips:
                painter.setClipRect(box)
            for item in items:
                if (kind := _kind(item, kinds)) is not None:
                    painter.save()
                    kinds[kind](self, item)
                    painter.restore()
            painter.restore()
        painter.restore()

    def _map(self, item: Any) -> QTransform:
        """Return from an item's coordinates to the view's."""
        return QTransform(item.sceneTransform() * self._scene)

    def _curve(self, item: Any) -> None:
        """Draw a curve."""
        self._painter.setPen(printed(QPen(item.opts["pen"])))
        self._painter.drawPath(self._map(item).map(item.getPath()))

    def _line(self, item: Any) -> None:
        """Draw a vertical or horizontal line through the whole plot."""
        if isinstance(item.parentItem(), pg.LinearRegionItem):
            return  # its edge
        box, place = self._plot.plot.vb, self._map(self._plot.plot.vb.childGroup).map(item.pos())
        whole = self._map(box).mapRect(box.rect())
        self._painter.setPen(printed(QPen(item.pen)))
        if item.angle % 180:
            self._painter.drawLine(QPointF(place.x(), whole.top()), QPointF(place.x(), whole.bottom()))
        else:
            self._painter.drawLine(QPointF(whole.left(), place.y()), QPointF(whole.right(), place.y()))

    def _band(self, item: Any) -> None:
        """Shade a part of the steps."""
        self._painter.fillRect(self._map(item).mapRect(item.boundingRect()), item.brush)

    def _points(self, item: Any) -> None:
        """Draw the marks of single points, as large as they are on the screen."""
        where = self._map(item)
        for point in item.points():
            self._painter.setPen(printed(QPen(point.pen())))
            self._painter.setBrush(point.brush())
            shape: QPainterPath = Symbols[point.symbol()]
            place = where.map(point.pos())
            self._painter.drawPath(
                QTransform.fromTranslate(place.x(), place.y()).scale(point.size(), point.size()).map(shape)
            )

    def _text(self, item: QGraphicsTextItem) -> None:
        """Write what stands at curves, or an axis's name, along its direction."""
        around, painter = item.parentItem(), self._painter
        painter.setTransform(self._map(item), True)
        fill = getattr(around, "fill", None)
        if fill is not None and fill.style() is not Qt.BrushStyle.NoBrush:
            painter.fillRect(item.boundingRect(), fill)
        painter.setFont(item.font())
        # Qt writes an axis's name in the colour of the window's text.
        painter.setPen(around.textPen() if isinstance(around, pg.AxisItem) else QPen(item.defaultTextColor()))
        margin = item.document().documentMargin()
        room = item.boundingRect().adjusted(margin, margin, -margin, -margin)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip | Qt.TextFlag.TextSingleLine
        painter.drawText(room, int(flags), item.toPlainText().strip())

    def _axis(self, item: Any) -> None:
        """Draw an axis: its line, ticks, grid and labels."""
        painter = self._painter
        specs = item.generateDrawSpecs(painter)
        if specs is None:
            return
        painter.setTransform(self._map(item), True)
        (pen, begin, end), ticks, texts = specs
        for line, first, last in ((pen, begin, end), *ticks):
            painter.setPen(printed(QPen(line)))
            painter.drawLine(QPointF(*_pair(first)), QPointF(*_pair(last)))
        painter.setFont(item.style["tickFont"] or item.font())
        painter.setPen(item.textPen())
        for rect, flags, text in texts:
            painter.drawText(QRectF(rect), int(flags) | int(Qt.TextFlag.TextDontClip), text)


def printed(pen: QPen) -> QPen:
    """Return a pen whose width is in units of the layout, and not too thin for paper."""
    pen.setCosmetic(False)
    pen.setWidthF(max(pen.widthF(), LEAST_WIDTH))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _pair(point: Any) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _kind(item: Any, kinds: Mapping[type, object]) -> type | None:
    """Return which of some kinds of items one is; names within the plot are not those of axes."""
    if isinstance(item, QGraphicsTextItem):
        inside = isinstance(item.parentItem(), pg.TextItem)
        return QGraphicsTextItem if inside is (kinds is INSIDE) else None
    return next((kind for kind in kinds if isinstance(item, kind)), None)


Draw = Callable[[PlotPrint, Any], None]

AXES: Mapping[type, Draw] = {pg.AxisItem: PlotPrint._axis, QGraphicsTextItem: PlotPrint._text}
"""How what stands around the plot is drawn."""

INSIDE: Mapping[type, Draw] = {
    pg.PlotCurveItem: PlotPrint._curve,
    pg.InfiniteLine: PlotPrint._line,
    pg.LinearRegionItem: PlotPrint._band,
    pg.ScatterPlotItem: PlotPrint._points,
    QGraphicsTextItem: PlotPrint._text,
}
"""How what stands in it is drawn."""


def print_lines(painter: QPainter, plot: Plot) -> None:
    """Draw the lines of text above a plot: what it shows, and what happened."""
    for child in plot.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if isinstance(child, Line | MarkStrip) and child.isVisibleTo(plot):
            painter.save()
            painter.translate(QPointF(child.pos()))
            child.paint_on(painter)
            painter.restore()
