"""What becomes of the weights: pictures of the first layer's filters, and how far each layer moved since surgery."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap, QResizeEvent

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import blank, mixed
from lwf_gui.gui.panels.panel import Panel, Spot
from lwf_gui.gui.panels.text import RIGHT, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import compact
from lwf_gui.runs import weights
from lwf_gui.runs.record import Record
from lwf_gui.runs.views import label_of
from lwf_gui.runs.weights import LEVELS, Drift

LIGHT_SHADES, DARK_SHADES = ("#0072B2", "#FFFFFF", "#D97F00"), ("#56B4E9", "#000000", "#F5A623")
"""Negative, zero and positive weights; blue and orange differ to every eye."""

SHARP = 2.0
"""From so many screen pixels a weight on, its square is drawn with sharp edges."""

GROWTH_POINTS = 25
"""Points of a curve of growth."""


class _Key(NamedTuple):
    """What a spot is about: a learner's filters, or one of its layers."""

    learner: str
    layer: str = ""


class Weights(Panel):
    """Filters and bars, side by side or one upon the other. The whole picture is kept until the figures change."""

    EMPTY = "Filters, and how far each layer has moved, appear here once task 2 begins."

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self._change = True  # weights as such look like noise where the first layer is fully connected

    def figures(self) -> Drift | None:
        """Return filters and distances."""
        self._picture = None
        return weights.drift(self.record, self.selection, change=self._change)

    def state(self) -> object:
        """Return what the figures depend on."""
        return (super().state(), len(self.record.layers), self._change)

    def caption(self) -> str:
        """Say what is measured."""
        return next(iter(self.captions()), "")

    def captions(self) -> tuple[str, ...]:
        """Return what is measured, and shorter wordings."""
        if self.shown is None or self.record.data is None:
            return ()
        step, dataset = f"step {self.shown.step:,}", self.record.data.dataset
        return (
            f"{dataset}, {step}; moved: L2 distance of a layer's weights from those right after surgery, in percent of "
            "the length of these; pictures: first-layer units, one scale for all",
            f"{step}; moved: L2 distance of a layer's weights from surgery, in percent of their length then",
            f"{step}; moved: distance from the weights at surgery, % of their length",
            f"{step}; distance from the weights at surgery",
            step,
        )

    def sentence(self) -> str:
        """Say how far every layer has moved."""
        teams = (
            f"{label_of(learner)}: "
            + ", ".join(f"{name} {_percent(moved)}" for name, moved in zip(self.shown.layers, row, strict=True))
            for learner, row in zip(self.shown.learners, self.shown.moved.tolist(), strict=True)
        )
        return f"Step {self.shown.step:,}, moved since surgery, in percent of their length: {'; '.join(teams)}."

    def tip(self, key: _Key) -> str:
        """Explain a learner's filters, or one layer's way."""
        figures, name = self.shown, label_of(key.learner)
        row = figures.learners.index(key.learner)
        if key.layer:
            moved = float(figures.moved[row, figures.layers.index(key.layer)])
            return (
                f"{name}: {key.layer} moved {_percent(moved)} of its length at surgery, that is ||w - w0|| / ||w0|| "
                f"with the weights w at step {figures.step:,} and w0 right after surgery."
            )
        count, height, width = figures.filters.shape[1:]
        what, other = ("weights", "change since surgery")
        if figures.change:
            what, other = other + " of the weights", what
        peak = compact(figures.peak)
        return (
            f"{name}: {what} of the first {count} units of {figures.layers[0]}, {height} x {width} each. Blue is "
            f"negative, orange positive; the colours end at {peak} for all learners, one weight in 200 is "
            f"beyond. A click or Enter shows their {other}."
        )

    def choose(self, key: _Key) -> None:
        """Go from the filters to their change since surgery, and back."""
        if not key.layer:
            self._change = not self._change
            self.refresh(self.selection)

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self._picture = None
        super().set_theme(colours)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._picture = None
        super().show_record(record)

    def minimumSizeHint(self) -> QSize:
        """Return room for small pictures and thin bars."""
        return QSize(280, 130)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._picture = None

    def changeEvent(self, event: QEvent) -> None:
        """Lay everything out anew in another font."""
        super().changeEvent(event)
        self._picture = None

    def paint(self, painter: QPainter, figures: Drift) -> None:
        """Paint the picture."""
        if self._picture is None:
            self.spots = []
            self._picture = blank(self, self.width(), self.height())
            area = self.area
            first, second = QRectF(area), QRectF(area)
            if area.height() > area.width():
                first.setHeight(area.height() / 2 - 6)
                second.setTop(area.center().y() + 6)
            else:
                first.setWidth(0.48 * area.width() - 8)
                second.setLeft(area.x() + 0.48 * area.width() + 8)
            with QPainter(self._picture) as inner:
                self._paint_filters(inner, first, figures)
                self._paint_moved(inner, second, figures)
        painter.drawPixmap(0, 0, self._picture)

    def _title(self, painter: QPainter, area: QRectF, *texts: str) -> QRectF:
        """Paint a heading, and return what is left below it."""
        font = theme.font(0.9, bold=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.text))
        strip = QRectF(area.x(), area.y(), area.width(), metrics.height())
        write(painter, strip, texts)
        return area.adjusted(0, metrics.height() + 2, 0, 0)

    # Filters

    def _paint_filters(self, painter: QPainter, area: QRectF, figures: Drift) -> None:
        """Paint a mosaic per learner, as large as there is room for, with the scale of their colours below them."""
        layer = figures.layers[0]
        titles = f"Weights of {layer}", layer
        if figures.change:
            titles = f"Change of {layer} since surgery", f"Change of {layer}"
        area = self._title(painter, area, *titles)
        small = theme.font(0.85)
        metrics = QFontMetricsF(small)
        line, count = metrics.height(), len(figures.learners)
        area.setBottom(area.bottom() - line - 2)
        strip = QRectF(area.x(), area.bottom() + 2, area.width(), line)
        self._paint_scale(painter, strip, figures.peak, "weights" if figures.change else "change")
        shape = figures.filters.shape[1:]

        def cell(columns: int) -> QRectF:
            return QRectF(0, 0, area.width() / columns - 8, area.height() / math.ceil(count / columns) - line - 2)

        across = max(range(1, count + 1), key=lambda columns: _tiling(shape, cell(columns))[1])
        place = cell(across)
        columns, zoom = _tiling(shape, place)
        painter.setFont(small)
        names = names_within(metrics, place.width(), figures.learners)
        for index, learner in enumerate(figures.learners):
            x = area.x() + index % across * (place.width() + 8)
            y = area.y() + index // across * (place.height() + line + 2)
            image = self._mosaic(figures, index, columns)
            box = QRectF(x, y + line, max(1.0, image.width() * zoom), max(1.0, image.height() * zoom))
            painter.setPen(QColor(self.colours.words(learner)))
            write(painter, QRectF(x, y, place.width(), line), [names[learner]])
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < SHARP)
            painter.drawImage(box, image)
            self.spots.append(Spot(QRectF(x, y, place.width(), place.height() + line), _Key(learner)))

    def _paint_scale(self, painter: QPainter, strip: QRectF, peak: float, other: str) -> None:
        """Paint the colours from the most negative to the most positive weight, and what a click shows instead."""
        font = theme.font(0.8)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.muted))
        ends = (f"-{compact(peak)}", f"+{compact(peak)}") if peak else ("0", "0")
        left, right = (metrics.horizontalAdvance(end) + 5 for end in ends)
        width = max(0.0, min(120.0, strip.width() - left - right))
        bar = QRectF(strip.x() + left, strip.y() + 3, width, strip.height() - 6)
        shades = np.arange(1, 2 * LEVELS + 2, dtype=np.uint8)[None]
        write(painter, QRectF(strip.x(), strip.y(), left, strip.height()), [ends[0]])
        write(painter, QRectF(bar.right(), strip.y(), right, strip.height()), [ends[1]], RIGHT)
        hint = QRectF(bar.right() + right + 8, strip.y(), strip.right() - bar.right() - right - 8, strip.height())
        write(painter, hint, [f"click: {other}", ""], RIGHT)
        painter.drawImage(bar, self._image(shades))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self.colours.line))
        painter.drawRect(bar)

    def _mosaic(self, figures: Drift, learner: int, columns: int) -> QImage:
        return self._image(weights.mosaic(figures.filters[learner], figures.peak, columns))

    def _image(self, shades: weights.Shades) -> QImage:
        """Return shades as a picture in the colours of the theme."""
        height, width = shades.shape
        image = QImage(shades.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(_colours(self.colours))
        return image.convertToFormat(QImage.Format.Format_RGB32)

    # Distances

    def _paint_moved(self, painter: QPainter, area: QRectF, figures: Drift) -> None:
        """Paint a group of bars per layer, one bar per learner, and where there is room how they grew."""
        area = self._title(painter, area, "Moved since surgery, % of its length", "Moved since surgery, %", "Moved, %")
        font = theme.font(0.9)
        names = QFontMetricsF(font)
        label = min(max(map(names.horizontalAdvance, figures.layers)) + 8, 0.35 * area.width())
        spark = 0.28 * area.width() if area.width() > 380 and area.height() / len(figures.layers) > 24 else 0.0
        height = area.height() / len(figures.layers)
        for index, layer in enumerate(figures.layers):
            row = QRectF(area.x(), area.y() + index * height, area.width(), height)
            painter.setFont(font)
            painter.setPen(QColor(self.colours.text))
            write(painter, QRectF(row.x(), row.y(), label - 4, row.height()), [layer])
            bars = row.adjusted(label, min(4.0, height / 8), -spark, -min(4.0, height / 8))
            self._paint_bars(painter, bars, figures, index)
            if spark:
                self._paint_growth(painter, row.adjusted(row.width() - spark + 10, 4, -2, -4), figures, index)

    def _paint_bars(self, painter: QPainter, area: QRectF, figures: Drift, layer: int) -> None:
        """Paint one layer's bars with their figures."""
        count = len(figures.learners)
        height = min(area.height() / count, max(30.0, 0.25 * area.height()))
        top = area.center().y() - height * count / 2
        font = theme.font(min(max(1.2, height / 30), 2.0) if height > 26 else 0.85, bold=height > 26)
        if QFontMetricsF(font).capHeight() > height - 1:
            font.setPixelSize(max(6, round(1.3 * (height - 1))))
        said = ("9.99 %", *(_percent(moved) for moved in figures.moved.ravel().tolist()))
        digits = widest(QFontMetricsF(font), said) + 8
        painter.setFont(font)
        for index, learner in enumerate(figures.learners):
            moved = float(figures.moved[index, layer])
            share = moved / figures.farthest if figures.farthest and math.isfinite(moved) else 0.0
            full = QRectF(area.x(), top + index * height, max(0.0, area.width() - digits), max(1.0, height - 2))
            painter.fillRect(full, QColor(self.colours.raised))
            painter.fillRect(
                QRectF(full.x(), full.y(), full.width() * share, full.height()), QColor(self.colours.learner(learner))
            )
            painter.setPen(QColor(self.colours.text))
            write(painter, full.adjusted(full.width(), -6, digits - 2, 6), [_percent(moved)], RIGHT)
            spot = QRectF(area.x(), full.y(), area.width(), height)
            self.spots.append(Spot(spot, _Key(learner, figures.layers[layer])))

    def _paint_growth(self, painter: QPainter, area: QRectF, figures: Drift, layer: int) -> None:
        """Paint how one layer moved, step by step, with a line at the cursor."""
        some = np.unique(np.linspace(0, len(figures.steps) - 1, GROWTH_POINTS).astype(int))
        last = max(1, int(figures.steps[-1]))
        x = area.x() + area.width() * figures.steps[some] / last
        heights = figures.history[some, :, layer] * (area.height() / (figures.farthest or 1.0))
        painter.setPen(QPen(QColor(self.colours.line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        here = area.x() + area.width() * figures.step / last
        painter.drawLine(QPointF(here, area.top()), QPointF(here, area.bottom()))
        for index, learner in enumerate(figures.learners):
            known = np.isfinite(heights[:, index])  # until it diverged
            y = area.bottom() - heights[known, index]
            painter.setPen(QPen(QColor(self.colours.learner(learner)), 1))
            painter.drawPolyline([QPointF(*xy) for xy in zip(x[known].tolist(), y.tolist(), strict=True)])


@cache
def _colours(colours: Theme) -> list[int]:
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


def _percent(moved: float) -> str:
    """Return a distance in percent, in two digits or more."""
    return compact(moved, "%")
