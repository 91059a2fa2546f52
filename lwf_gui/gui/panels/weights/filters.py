"""Filters of the first layer: a mosaic per learner, one scale of colours for all."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import mixed
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import RIGHT, names_within, write
from lwf_gui.gui.panels.weights.parts import LayerKey, paint_heading
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import compact
from lwf_gui.runs import weights
from lwf_gui.runs.weights import LEVELS, Drift

LIGHT_SHADES, DARK_SHADES = ("#0072B2", "#FFFFFF", "#D97F00"), ("#56B4E9", "#000000", "#F5A623")
"""Negative, zero and positive weights; blue and orange differ to every eye."""

SHARP = 2.0
"""From so many screen pixels a weight on, its square is drawn with sharp edges."""


@cache
def _shades(colours: Theme) -> list[int]:
    """Return the colour of every shade of a mosaic."""
    low, zero, high = (QColor(name) for name in (DARK_SHADES if colours.dark else LIGHT_SHADES))
    table = [QColor(colours.muted).rgb()]  # weights.GAP; the others follow, from -LEVELS to LEVELS
    for level in range(-LEVELS, LEVELS + 1):
        end, share = (low, -level / LEVELS) if level < 0 else (high, level / LEVELS)
        table.append(mixed(zero, end, share).rgb())
    table += [QColor(colours.surface).rgb()] * (weights.NOTHING + 1 - len(table))
    return table


def _tiling(shape: tuple[int, ...], room: QRectF) -> tuple[int, float]:
    """Return (columns, screen pixels a weight) with which filters, shape (n, h, w), fill a room best."""
    count, height, width = shape

    def zoom(columns: int) -> float:
        across, down = columns * (width + 1) - 1, math.ceil(count / columns) * (height + 1) - 1
        return max(0.0, min(room.width() / across, room.height() / down))

    columns = max(range(1, count + 1), key=zoom)
    best = zoom(columns)
    return columns, float(math.floor(best)) if best >= SHARP else best


class FilterPainter:
    """Paints a mosaic of the first layer's filters per learner, with the scale of their colours."""

    def __init__(self, painter: QPainter, figures: Drift, colours: Theme) -> None:
        self._painter, self._figures, self._colours = painter, figures, colours
        self.spots: list[Spot] = []

    def paint(self, area: QRectF) -> None:
        """Paint a mosaic per learner, as large as there is room for, with the scale of their colours below them."""
        layer = self._figures.layers[0]
        titles = f"Weights of {layer}", layer
        if self._figures.change:
            titles = f"Change of {layer} since {self._figures.since}", f"Change of {layer}"
        area = paint_heading(self._painter, area, self._colours, *titles)
        small = theme.font(0.85)
        metrics = QFontMetricsF(small)
        line, count = metrics.height(), len(self._figures.learners)
        area.setBottom(area.bottom() - line - 2)
        strip = QRectF(area.x(), area.bottom() + 2, area.width(), line)
        self._paint_scale(strip, self._figures.peak, "weights" if self._figures.change else "change")
        shape = self._figures.filters.shape[1:]

        def cell(columns: int) -> QRectF:
            return QRectF(0, 0, area.width() / columns - 8, area.height() / math.ceil(count / columns) - line - 2)

        across = max(range(1, count + 1), key=lambda columns: _tiling(shape, cell(columns))[1])
        place = cell(across)
        columns, zoom = _tiling(shape, place)
        self._painter.setFont(small)
        names = names_within(metrics, place.width(), self._figures.learners)
        for index, learner in enumerate(self._figures.learners):
            x = area.x() + index % across * (place.width() + 8)
            y = area.y() + index // across * (place.height() + line + 2)
            image = self._mosaic(index, columns)
            box = QRectF(x, y + line, max(1.0, image.width() * zoom), max(1.0, image.height() * zoom))
            self._painter.setPen(QColor(self._colours.words(learner)))
            write(self._painter, QRectF(x, y, place.width(), line), [names[learner]])
            self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < SHARP)
            self._painter.drawImage(box, image)
            self.spots.append(Spot(QRectF(x, y, place.width(), place.height() + line), LayerKey(learner)))

    def _paint_scale(self, strip: QRectF, peak: float, other: str) -> None:
        """Paint the colours from the most negative to the most positive weight, and what a click shows instead."""
        font = theme.font(0.8)
        metrics = QFontMetricsF(font)
        self._painter.setFont(font)
        self._painter.setPen(QColor(self._colours.muted))
        ends = (f"-{compact(peak)}", f"+{compact(peak)}") if peak else ("0", "0")
        left, right = (metrics.horizontalAdvance(end) + 5 for end in ends)
        width = max(0.0, min(120.0, strip.width() - left - right))
        bar = QRectF(strip.x() + left, strip.y() + 3, width, strip.height() - 6)
        shades = np.arange(1, 2 * LEVELS + 2, dtype=np.uint8)[None]
        write(self._painter, QRectF(strip.x(), strip.y(), left, strip.height()), [ends[0]])
        write(self._painter, QRectF(bar.right(), strip.y(), right, strip.height()), [ends[1]], RIGHT)
        hint = QRectF(bar.right() + right + 8, strip.y(), strip.right() - bar.right() - right - 8, strip.height())
        write(self._painter, hint, [f"click: {other}" if has_keys() else "", ""], RIGHT)
        self._painter.drawImage(bar, self._image(shades))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QColor(self._colours.line))
        self._painter.drawRect(bar)

    def _mosaic(self, learner: int, columns: int) -> QImage:
        return self._image(weights.mosaic(self._figures.filters[learner], self._figures.peak, columns))

    def _image(self, shades: weights.Shades) -> QImage:
        """Return shades as a picture in the colours of the theme."""
        height, width = shades.shape
        image = QImage(shades.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(_shades(self._colours))
        return image.convertToFormat(QImage.Format.Format_RGB32)
