"""Trade-off of old against new accuracy: every learner's way since the head expansion, and where a cured bias leads.

The slider adds a constant b to the new classes' logits; all other figures are `lwf_gui.runs.tradeoff`'s.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QSlider

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import blank
from lwf_gui.gui.panels.panel import MARGIN, Panel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import tooltip, write
from lwf_gui.gui.panels.tradeoff.axes import CORNERS, HOLLOW, PercentAxes, paint_axes
from lwf_gui.gui.panels.tradeoff.legend import Legend
from lwf_gui.gui.panels.tradeoff.lines import paint_curves, paint_paths
from lwf_gui.gui.panels.tradeoff.marks import TradeoffKey, around, paint_mark
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.numbers import compact, percent
from lwf_gui.runs import tasks_shown, tradeoff
from lwf_gui.runs.captions import probe_captions
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tradeoff import Tradeoff

TENTHS = 10
"""Positions of the slider per logit."""


class TradeoffPanel(Panel):
    """Two squares, side by side or one upon the other, and a slider. What does not follow the slider is kept."""

    EMPTY = "The learners' ways from head expansion on appear here once task 2 begins."
    LEAST = (280, 150)
    """Room for two small squares."""

    def __init__(self) -> None:
        super().__init__()
        self._still: QPixmap | None = None
        self._ground: tuple[str, QPixmap] | None = None
        self._axes = (PercentAxes(QRectF()), PercentAxes(QRectF()))
        self._label = QRectF()
        self._kept: list[Spot] = []
        self._legend = Legend()
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(-round(TENTHS * tradeoff.REACH), round(TENTHS * tradeoff.REACH))
        self.slider.setSingleStep(5)
        self.slider.setPageStep(20)
        apply_input_rules(self.slider)
        self.slider.setAccessibleName("Bias b, logits added to the new classes")
        self.slider.setToolTip(tooltip("Adds a constant b to the logits of all new classes, before the argmax."))
        self.slider.valueChanged.connect(self._on_slider)
        self.slider.hide()
        self._on_slider()

    def choose_like(self, other: Panel) -> None:
        """Show what another panel of its kind shows, at its bias."""
        super().choose_like(other)
        if isinstance(other, TradeoffPanel):
            self.slider.setRange(other.slider.minimum(), other.slider.maximum())
            self.slider.setValue(other.slider.value())

    @property
    def bias(self) -> float:
        """The b of the slider, in logits."""
        return self.slider.value() / TENTHS

    def bias_text(self) -> str:
        """Say what the slider does."""
        return f"b = {_logits(self.bias)} logits added to the new classes"

    def figures(self) -> Tradeoff | None:
        """Return paths and bias curves."""
        self._still = None
        return tradeoff.tradeoff(self.record, self.selection)

    def state(self) -> object:
        """Return what the figures depend on: paths go on beyond the cursor."""
        return (super().state(), len(self.record.incremental.probes) if self.record.incremental else 0)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        super().show_record(record)
        self.slider.hide()

    def outdate(self) -> None:
        """Paint all anew."""
        self._still = self._ground = None

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew, and let the slider reach as far as they do."""
        super().refresh(selection)
        if self.shown is not None:
            reach = round(TENTHS * max(self.shown.reach, abs(self.bias)))
            if reach != self.slider.maximum():
                self.slider.setRange(-reach, reach)
        self.slider.setVisible(self.shown is not None)

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        if self.shown is None:
            return ()
        bias = "the bias curve is always class-incremental"
        said = probe_captions(self.record, self.selection)
        return (*(f"{each}; {bias}" for each in said[:2]), *said)

    def sentence(self) -> str:
        """Say where every learner is and where it could be."""
        where = (f"{label_of(p.learner)} {_percents(p.new[p.here], p.old[p.here])}" for p in self.shown.paths)
        cured = (
            f"{label_of(curve.learner)} {curve.area:.1f} percent, at b = {_logits(self.bias)} "
            f"{_percents(*curve.at(self.bias))}"
            for curve in self.shown.curves
        )
        return (
            f"Step {self.shown.step:,}, {PROTOCOLS[self.selection.protocol]}: {'; '.join(where)}. "
            f"Area under the bias curve, class-incremental: {'; '.join(cured)}."
        )

    def tip(self, key: TradeoffKey) -> str:
        """Explain a mark or a figure."""
        if key.what == "start":
            if tasks_shown.are_many(self.record):
                return "Head expansion: each learner goes on from what it was, its new teacher, with new output units."
            return "Head expansion: all learners start from the teacher's weights, with new output units."
        name = label_of(key.learner)
        path = next(path for path in self.shown.paths if path.learner == key.learner)
        curve = next(curve for curve in self.shown.curves if curve.learner == key.learner)
        if key.what == "path":
            here, start = (_percents(path.new[i], path.old[i]) for i in (path.here, 0))
            where = f"{name} at step {self.shown.step:,}, {PROTOCOLS[self.selection.protocol]}"
            return f"{where}: {here}; at head expansion {start}."
        if key.what == "area":
            return (
                f"{name}: area under the bias curve {curve.area:.1f} %. It is the share of all pairs of one old and "
                "one new probe image for which some constant b gets both right: how well old and new could be told "
                "apart if the bias were cured; 100 % is always. Exact, from every b at which an image changes; "
                "class-incremental."
            )
        b = 0.0 if key.what == "zero" else self.bias
        more = ": as it is, without any correction" if key.what == "zero" else " added to the new classes' logits"
        return f"{name} at b = {_logits(b)}{more}: {_percents(*curve.at(b))} (class-incremental)."

    def choose(self, key: TradeoffKey) -> None:
        """Go back to no bias."""
        if key.what == "zero":
            self.slider.setValue(0)

    def _on_slider(self) -> None:
        self.slider.setAccessibleDescription(self.bias_text())
        self.update()

    # Painting

    def paint(self, painter: QPainter, figures: Tradeoff) -> None:
        """Paint what follows the slider upon the picture of the rest."""
        if self._still is None:
            self._still = self._paint_still(figures, PROTOCOLS[self.selection.protocol])
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots = list(self._kept)
        for curve in figures.curves:
            point = self._axes[1].point(*curve.at(self.bias))
            paint_mark(painter, point, curve.learner, self.colours)
            self.spots.insert(0, around(point, TradeoffKey("bias", curve.learner)))
        font = theme.font(0.9, fixed_digits=True)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.text))
        write(painter, self._label, [self.bias_text(), f"b = {_logits(self.bias)} logits", f"b = {_logits(self.bias)}"])

    def _paint_still(self, figures: Tradeoff, protocol: str) -> QPixmap:
        """Return a picture of all that does not follow the slider, upon the axes, which follow nothing but the size."""
        if self._ground is None or self._ground[0] != protocol:
            self._ground = (protocol, self._paint_ground(protocol))
        picture = blank(self, self.width(), self.height())
        with painter_on(picture) as painter:
            painter.drawPixmap(0, 0, self._ground[1])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._legend.colours = self.colours
            self._kept = [
                *paint_paths(painter, self._axes[0], figures.paths, self._legend),
                *paint_curves(painter, self._axes[1], figures.curves, self._legend),
            ]
        return picture

    def _paint_ground(self, protocol: str) -> QPixmap:
        """Return a picture of both squares, and place the slider."""
        picture = blank(self, self.width(), self.height())
        inner = QRectF(self.rect()).adjusted(MARGIN, MARGIN / 2, -MARGIN, -MARGIN / 2)
        if inner.height() > 0.9 * inner.width():
            left = QRectF(inner.x(), inner.y(), inner.width(), inner.height() / 2 - 4)
            right = left.translated(0, inner.height() / 2 + 4)
        else:
            left = QRectF(inner.x(), inner.y(), inner.width() / 2 - 6, inner.height())
            right = left.translated(inner.width() / 2 + 6, 0)
        way = (f"Trade-off ({protocol})", f"Trade-off, {protocol}", protocol)
        bias = ("Bias curve (always class-incremental)", "Bias curve, class-incremental", "Bias, class-incr.")
        with painter_on(picture) as painter:
            first = paint_axes(painter, left, way, CORNERS, self.colours)
            second = paint_axes(painter, self._place_slider(right), bias, HOLLOW, self.colours)
        self._axes = (first, second)
        return picture

    def _place_slider(self, cell: QRectF) -> QRectF:
        """Place the slider and its value at the bottom of a cell, and return what is left above them."""
        metrics = QFontMetricsF(theme.font(0.9, fixed_digits=True))
        most = _logits(-self.slider.maximum() / TENTHS)
        texts = (f"b = {most} logits added to the new classes", f"b = {most} logits", f"b = {most}")
        widths = [metrics.horizontalAdvance(text) + 12 for text in texts]
        full = widths[0]
        line, height = metrics.height(), max(float(self.slider.sizeHint().height()), metrics.height())
        row = QRectF(cell.x(), cell.bottom() - height, cell.width(), height)
        if cell.width() - full < 150 and full <= cell.width() and cell.height() > 11 * line:
            self._label = QRectF(row.x(), row.bottom() - line, row.width(), line)
            row.translate(0, -line)
        else:
            beside = next((width for width in widths if cell.width() - width >= 90), widths[-1])
            self._label = QRectF(row.right() - beside + 8, row.y(), beside - 8, height)
            row.setRight(row.right() - beside)
        self.slider.setGeometry(row.adjusted(0, 0, 0, -1).toRect())  # rounding must not reach into the text
        return QRectF(cell.x(), cell.y(), cell.width(), row.y() - 2 - cell.y())


def _percents(new: float, old: float) -> str:
    return f"old {percent(old, 1)}, new {percent(new, 1)}"


def _logits(bias: float) -> str:
    return compact(bias, digits=4, decimals=1)
