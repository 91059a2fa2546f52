"""The axis of steps of a plot: round steps as ticks in every part of its scale, and bands where it is stretched."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.theme import Theme
from lwf_gui.runs.step_scale import StepScale

MANY = 3
"""Tasks in sight from which on ticks are where they begin: between these is no room for round steps of every scale."""

BANDS = -30
"""Depth of the bands: behind all lines."""

APART = 14.0
"""Pixels between the labels of two ticks."""

ROUND = (1, 2, 5)
"""A round distance between ticks is one of these times a power of ten."""


class StepAxisItem(pg.AxisItem):  # type: ignore[misc]
    """The axis at the lower edge: what it counts are steps, whose places its scale tells."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.steps = StepScale()
        self.last = math.inf
        """The last step that there is: none after it has a tick."""

    def rescale(self, scale: StepScale) -> None:
        """Take another scale."""
        self.steps = scale
        self.picture = None
        self.update()

    def end_at(self, step: float) -> None:
        """Have no tick after a step."""
        if step != self.last:
            self.last, self.picture = step, None
            self.update()

    def generateDrawSpecs(self, painter: QPainter) -> Any:  # noqa: N802 - pyqtgraph's name
        """Return line, ticks and labels, of these only whole ones: the plot's right edge would cut the last one."""
        found = super().generateDrawSpecs(painter)
        if found is None:
            return None
        line, ticks, texts = found
        return line, ticks, [label for label in texts if label[0].right() <= self.size().width()]

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802, N803 - pyqtgraph's names
        """Return the places of ticks: of round steps, in every part of the scale as near as their labels let them."""
        if not self.steps.bands:
            levels: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
            return [(apart, [place for place in places if place <= self.last]) for apart, places in levels]
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        per_pixel, places = (maxVal - minVal) / max(size, 1.0), list[float]()
        low, high = self.steps.step(minVal), min(self.steps.step(maxVal), self.steps.steps[-1])  # no steps come after
        for step in self._wanted(low, high, per_pixel, metrics):
            place, half = self.steps.place(float(step)), metrics.horizontalAdvance(f"{step:,.0f}") / 2
            if not places or place - places[-1] > (half + self._half(metrics, places[-1]) + APART) * per_pixel:
                places.append(place)
        return [(1.0, places)]

    def _wanted(self, low: float, high: float, per_pixel: float, metrics: QFontMetricsF) -> Iterator[float]:
        """Yield steps that are to have a tick: where many tasks begin, else round ones in each part of the scale."""
        begins = [step for begin, _ in self.steps.bands if low <= (step := self.steps.step(begin)) <= high]
        if len(begins) >= MANY:
            yield from (*begins, high)
            return
        for begin, end in pairwise((low, *(step for step in self.steps.steps if low < step < high), high)):
            pixels = (self.steps.place(end) - self.steps.place(begin)) / per_pixel / max(end - begin, 1e-9)
            yield from _round_steps(begin, end, pixels, metrics)

    def _half(self, metrics: QFontMetricsF, place: float) -> float:
        return metrics.horizontalAdvance(f"{self.steps.step(place):,.0f}") / 2

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802 - pyqtgraph's name
        """Return the steps at places."""
        if not self.steps.bands:
            found: list[str] = super().tickStrings(values, scale, spacing)
            return found
        return [f"{self.steps.step(value):,.0f}" for value in values]


def _round_steps(begin: float, end: float, pixels: float, metrics: QFontMetricsF) -> Iterator[int]:
    """Yield round steps from one to another, where a step is so many pixels wide, and the first one if it is a seam."""
    widest = metrics.horizontalAdvance(f"{-end if end < 0 else end:,.0f}") + APART
    apart = next(each * 10**power for power in range(9) for each in ROUND if each * 10**power * pixels >= widest)
    first = -int(-begin // apart) * apart
    if begin == int(begin) and begin >= 0 and first != begin:
        yield int(begin)
    yield from range(first, int(end) + 1, apart)


class Bands:
    """Shades the parts of a plot in which the first steps of a task are stretched."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self.items: list[pg.LinearRegionItem] = []
        self._shown: object = None

    def show(self, scale: StepScale, colours: Theme) -> None:
        """Shade the bands of a scale; only where they changed."""
        if (state := (scale, colours)) == self._shown:
            return
        self._shown = state
        for item in self.items:
            self._plot.removeItem(item)
        fill = QColor(colours.text)
        fill.setAlphaF(0.06)
        self.items = [
            pg.LinearRegionItem(band, brush=pg.mkBrush(fill), pen=pg.mkPen(None), movable=False) for band in scale.bands
        ]
        for item in self.items:
            item.setZValue(BANDS)
            self._plot.addItem(item, ignoreBounds=True)
