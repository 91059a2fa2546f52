"""What becomes of the weights: pictures of the first layer's filters, and how far each layer has moved."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from lwf_gui.gui.panels.drawing import blank
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.weights.distances import DistancePainter
from lwf_gui.gui.panels.weights.filters import FilterPainter
from lwf_gui.gui.panels.weights.parts import LayerKey, percent_text
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.numbers import compact
from lwf_gui.runs import tasks_shown, weights
from lwf_gui.runs.names import label_of
from lwf_gui.runs.weights import Drift


class Weights(Panel):
    """Filters and bars, side by side or one upon the other. The whole picture is kept until the figures change."""

    EMPTY = "Filters, and how far each layer has moved, appear here once task 2 begins."
    LEAST = (280, 130)
    CHOSEN = ("_change",)
    """Room for small pictures and thin bars."""

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

    def captions(self) -> tuple[str, ...]:
        """Return what is measured, and shorter wordings."""
        if self.shown is None or self.record.data is None:
            return ()
        step, dataset = tasks_shown.where(self.record, self.shown.step), self.record.data.dataset
        start = self._start
        return (
            f"{dataset}, {step}; moved: L2 distance of a layer's weights from those {start}, in percent "
            "of the length of these; pictures: first-layer units, one scale for all",
            f"{step}; moved: L2 distance of a layer's weights from those {start}, in percent of their length then",
            f"{step}; moved: distance from the weights {start}, % of their length",
            f"{step}; % of the length {start}",
            f"% of the length {start}",
        )

    @property
    def _start(self) -> str:
        """When the weights were what distances are measured from."""
        since = self.shown.since
        return f"at {since}" if since == tasks_shown.HEAD_EXPANSION else f"when {since}"

    def sentence(self) -> str:
        """Say how far every layer has moved."""
        teams = (
            f"{label_of(learner)}: "
            + ", ".join(f"{name} {percent_text(moved)}" for name, moved in zip(self.shown.layers, row, strict=True))
            for learner, row in zip(self.shown.learners, self.shown.moved.tolist(), strict=True)
        )
        return (
            f"Step {self.shown.step:,}, moved since {self.shown.since}, in percent of their length: {'; '.join(teams)}."
        )

    def tip(self, key: LayerKey) -> str:
        """Explain a learner's filters, or one layer's way."""
        figures, name = self.shown, label_of(key.learner)
        row = figures.learners.index(key.learner)
        if key.layer:
            moved = percent_text(float(figures.moved[row, figures.layers.index(key.layer)]))
            return (
                f"{name}: {key.layer} moved {moved} of its length {self._start}, that is ||w - w0|| / ||w0|| "
                f"with the weights w at step {figures.step:,} and w0 {self._start}."
            )
        count, height, width = figures.filters.shape[1:]
        what, other = ("weights", f"change since {figures.since}")
        if figures.change:
            what, other = other + " of the weights", what
        peak = compact(figures.peak)
        return (
            f"{name}: {what} of the first {count} units of {figures.layers[0]}, {height} x {width} each. Blue is "
            f"negative, orange positive; the colours end at {peak} for all learners, one weight in 200 is "
            f"beyond. A click or Enter shows their {other}."
        )

    def choose(self, key: LayerKey) -> None:
        """Go from the filters to their change since the head expansion, and back."""
        if not key.layer:
            self._change = not self._change
            self.refresh(self.selection)

    def outdate(self) -> None:
        """Paint all anew."""
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
            with painter_on(self._picture) as inner:
                filters = FilterPainter(inner, figures, self.colours)
                distances = DistancePainter(inner, figures, self.colours)
                filters.paint(first)
                distances.paint(second)
            self.spots = [*filters.spots, *distances.spots]
        painter.drawPixmap(0, 0, self._picture)
