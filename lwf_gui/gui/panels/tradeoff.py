"""Old against new accuracy: the way that every learner went since surgery, and where a cured bias could take it.

The slider adds a constant b to the new classes' logits; all other figures are `lwf_gui.runs.tradeoff`'s.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSlider

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import apart, blank, draw_mark, polyline
from lwf_gui.gui.panels.panel import MARGIN, Panel, Spot
from lwf_gui.gui.panels.text import LEFT, MIDDLE, RIGHT, fitting, tooltip, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.numbers import compact, percent
from lwf_gui.runs import tradeoff, views
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tradeoff import Bias, Path, Tradeoff

TENTHS = 10
"""Positions of the slider per logit."""

FAINT = 80
"""Opacity, of 255, of what lies beyond the cursor."""

SHADE = 26
"""Opacity of the area under a bias curve."""

CORNERS = ("remembers and learns ↗", "keeps both ↗"), ("learns but forgets ↘", "forgets ↘")
"""What the right ends of the plane mean, above and below."""

HOLLOW = (), ("hollow mark: b = 0", "hollow: b = 0")
"""What the marks on the bias curves are; said below."""

WIDEST = 2.0
"""How much wider than high a square of accuracies may be drawn."""

BELOW = 6
"""Pixels between a square and the figures below it: room for half a mark."""

GRID = np.linspace(0, 1, 6)
"""Where a legend may stand, in both directions, as shares of the room."""

MOST_POINTS = 1024
"""Points of a path: more would only lie upon each other."""


class _Key(NamedTuple):
    """What a spot is about: "start", "path", "area", "zero" or "bias", and whose."""

    what: str
    learner: str = ""


_Row = tuple[_Key, tuple[str, ...]]
"""A row of a legend: what it is about, and its text from the longest to the shortest form."""


class _Axes(NamedTuple):
    """The square from 0 to 100 percent in both directions, in pixels."""

    square: QRectF

    def point(self, new: float, old: float) -> QPointF:
        """Return where accuracies are."""
        return QPointF(
            self.square.x() + self.square.width() * new / 100, self.square.bottom() - self.square.height() * old / 100
        )

    def line(self, new: tradeoff.Floats, old: tradeoff.Floats) -> tradeoff.Floats:
        """Return where a line of accuracies is, shape (n, 2), without points that share a place with the one before."""
        square = self.square
        x, y = square.x() + square.width() / 100 * new, square.bottom() - square.height() / 100 * old
        return apart(np.stack((x, y), 1))


class Plane(Panel):
    """Two squares, side by side or one upon the other, and a slider. What does not follow the slider is kept."""

    EMPTY = "The learners' ways from surgery appear here once task 2 begins."

    def __init__(self) -> None:
        super().__init__()
        self._still: QPixmap | None = None
        self._ground: tuple[str, QPixmap] | None = None
        self._axes = (_Axes(QRectF()), _Axes(QRectF()))
        self._label = QRectF()
        self._kept: list[Spot] = []
        self._legends: dict[str, int] = {}
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

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self._still = self._ground = None
        super().set_theme(colours)

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew, and let the slider reach as far as they do."""
        super().refresh(selection)
        if self.shown is not None:
            reach = round(TENTHS * max(self.shown.reach, abs(self.bias)))
            if reach != self.slider.maximum():
                self.slider.setRange(-reach, reach)
        self.slider.setVisible(self.shown is not None)

    def caption(self) -> str:
        """Say what is counted, and that the bias curve is always class-incremental."""
        return next(iter(self.captions()), "")

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        if self.shown is None:
            return ()
        bias = "the bias curve is always class-incremental"
        said = views.probe_captions(self.record, self.selection)
        return (*(f"{each}; {bias}" for each in said[:2]), *said)

    def sentence(self) -> str:
        """Say where every learner is and where it could be."""
        where = (f"{views.label_of(p.learner)} {_percents(p.new[p.here], p.old[p.here])}" for p in self.shown.paths)
        cured = (
            f"{views.label_of(curve.learner)} {curve.area:.1f} percent, at b = {_logits(self.bias)} "
            f"{_percents(*curve.at(self.bias))}"
            for curve in self.shown.curves
        )
        return (
            f"Step {self.shown.step:,}, {PROTOCOLS[self.selection.protocol]}: {'; '.join(where)}. "
            f"Area under the bias curve, class-incremental: {'; '.join(cured)}."
        )

    def tip(self, key: _Key) -> str:
        """Explain a mark or a figure."""
        if key.what == "start":
            return "Surgery: all learners start from the teacher's weights, with new output units."
        name = views.label_of(key.learner)
        path = next(path for path in self.shown.paths if path.learner == key.learner)
        curve = next(curve for curve in self.shown.curves if curve.learner == key.learner)
        if key.what == "path":
            here, start = (_percents(path.new[i], path.old[i]) for i in (path.here, 0))
            return (
                f"{name} at step {self.shown.step:,}, {PROTOCOLS[self.selection.protocol]}: {here}; at surgery {start}."
            )
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

    def choose(self, key: _Key) -> None:
        """Go back to no bias."""
        if key.what == "zero":
            self.slider.setValue(0)

    def minimumSizeHint(self) -> QSize:
        """Return room for two small squares."""
        return QSize(280, 150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._still = self._ground = None

    def changeEvent(self, event: QEvent) -> None:
        """Lay everything out anew in another font."""
        super().changeEvent(event)
        self._still = self._ground = None

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
            self._mark(painter, point, curve.learner)
            self.spots.insert(0, _around(point, _Key("bias", curve.learner)))
        font = theme.font(0.9, fixed_digits=True)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.text))
        write(painter, self._label, [self.bias_text(), f"b = {_logits(self.bias)} logits", f"b = {_logits(self.bias)}"])

    def _paint_still(self, figures: Tradeoff, protocol: str) -> QPixmap:
        """Return a picture of all that does not follow the slider, upon the axes, which follow nothing but the size."""
        if self._ground is None or self._ground[0] != protocol:
            self._ground = (protocol, self._paint_ground(protocol))
        picture = self._ground[1].copy()
        self._kept = []
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_paths(painter, self._axes[0], figures.paths)
            self._paint_curves(painter, self._axes[1], figures.curves)
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
        with QPainter(picture) as painter:
            first = self._paint_axes(painter, left, way, CORNERS)
            second = self._paint_axes(painter, self._place_slider(right), bias, HOLLOW)
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

    def _paint_axes(
        self, painter: QPainter, cell: QRectF, title: tuple[str, ...], notes: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> _Axes:
        """Paint a square with percent ticks and titles, and with notes at its right, above and below."""
        bold, small = theme.font(0.9, bold=True), theme.font(0.8)
        head, metrics = QFontMetricsF(bold), QFontMetricsF(small)
        line = metrics.height()
        roomy = cell.height() > 11 * line
        gap = metrics.horizontalAdvance("100") + line + 6
        square = cell.adjusted(gap, head.height() + 3, 0, -line * (2 if roomy else 1) - BELOW)
        square.setWidth(min(square.width(), WIDEST * square.height()))
        painter.fillRect(square, QColor(self.colours.window))
        painter.setPen(QPen(QColor(self.colours.line), 1))
        axes = _Axes(square)
        for share in (0, 25, 50, 75, 100):
            painter.drawLine(axes.point(share, 0), axes.point(share, 100))
            painter.drawLine(axes.point(0, share), axes.point(100, share))
        painter.setFont(small)
        painter.setPen(QColor(self.colours.muted))
        for share, side in ((0, LEFT), (50, MIDDLE), (100, RIGHT)):
            x, y = axes.point(share, 0).x(), axes.point(0, share).y() - line / 2
            if roomy or share != 50:
                x = min(max(x - 30, square.x()), square.right() - 60)  # the outer ones stay within the square
                write(painter, QRectF(x, square.bottom() + BELOW, 60, line), [str(share)], side)
            if square.height() > 3.4 * line or share != 50:
                y = min(max(y, square.y()), square.bottom() - line)
                write(painter, QRectF(square.x() - 64, y, 60, line), [str(share)], RIGHT)
        self._paint_titles(painter, axes, cell, roomy)
        painter.setFont(bold)
        painter.setPen(QColor(self.colours.text))
        top = QRectF(cell.x(), cell.y(), cell.width(), head.height())
        text = fitting(head, top.width(), *title)
        write(painter, top, [text])
        painter.setFont(small)
        painter.setPen(QColor(self.colours.muted))
        top.setRight(square.right())
        room = top.width() - head.horizontalAdvance(text) - 10
        top.setLeft(top.right() - room)
        write(painter, top, [*notes[0], ""], RIGHT)
        if roomy:
            half = square.width() / 2 - 4
            ends = QRectF(square.right() - half, square.bottom() + BELOW + line, half, line)
            write(painter, ends, [*notes[1], ""], RIGHT)
        return axes

    def _paint_titles(self, painter: QPainter, axes: _Axes, cell: QRectF, roomy: bool) -> None:
        """Paint what both directions are."""
        metrics = QFontMetricsF(painter.font())
        line, square = metrics.height(), axes.square
        across, up = ((f"{task} task, % right", f"{task}, % right", f"{task} %", "") for task in ("new", "old"))
        room = square.width() / 2 if roomy else square.width() - 2 * metrics.horizontalAdvance("100")
        place = QRectF(square.x(), square.bottom() + BELOW + (line if roomy else 0), square.width(), line)
        text = fitting(metrics, room, *across)
        write(painter, place, [text], LEFT if roomy else MIDDLE)
        painter.save()
        painter.translate(cell.x(), square.bottom())
        painter.rotate(-90)
        write(painter, QRectF(0, 0, square.height(), line), up, MIDDLE)
        painter.restore()

    def _paint_paths(self, painter: QPainter, axes: _Axes, paths: tuple[Path, ...]) -> None:
        """Paint the ways of all learners: solid up to the cursor, faint beyond it."""
        rows: list[_Row] = []
        names = names_of(path.learner for path in paths)
        points: list[tradeoff.Floats] = []
        for path in paths:
            colour = QColor(self.colours.learner(path.learner))
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
            rows.append((_Key("path", path.learner), (f"{name}: {figures}", f"{short}: {figures}", name, short, least)))
        rows.append((_Key("start"), ("surgery",) * len(rows[0][1])))
        self._paint_legend(painter, axes, rows, np.concatenate([_dense(line) for line in points]))
        start = axes.point(paths[0].new[0], paths[0].old[0])
        self._mark(painter, start, "")
        for path in paths:
            end = axes.point(path.new[path.here], path.old[path.here])
            self._mark(painter, end, path.learner)
            self._kept.append(_around(end, _Key("path", path.learner)))
        self._kept.append(_around(start, _Key("start")))

    def _paint_curves(self, painter: QPainter, axes: _Axes, curves: tuple[Bias, ...]) -> None:
        """Paint the bias curves with their marks at b = 0, and the areas under them."""
        rows: list[_Row] = []
        names = names_of(curve.learner for curve in curves)
        points: list[tradeoff.Floats] = []
        for curve in curves:
            colour = QColor(self.colours.learner(curve.learner))
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
            area = f"area {percent(curve.area, 1)}"
            texts = (
                f"{name}: {area}",
                f"{short}: {area}",
                f"{least}: {percent(curve.area)}",
                area,
                percent(curve.area),
            )
            rows.append((_Key("area", curve.learner), texts))
        self._paint_legend(painter, axes, rows, np.concatenate([_dense(line) for line in points]))
        for curve in curves:
            zero = axes.point(*curve.at(0))
            self._mark(painter, zero, curve.learner, hollow=True)
            self._kept.append(_around(zero, _Key("zero", curve.learner)))

    def _paint_legend(self, painter: QPainter, axes: _Axes, rows: list[_Row], points: tradeoff.Floats) -> None:
        """Paint one row per learner beside the lines, whose points are given in pixels, shape (n, 2)."""
        font, square = theme.font(0.85, bold=True), axes.square.adjusted(6, 6, -6, -6)
        line = min(QFontMetricsF(font).height(), 0.75 * square.height() / len(rows))
        if line < QFontMetricsF(font).height():
            font.setPixelSize(max(6, int(0.82 * line)))
        metrics, place, room = QFontMetricsF(font), QRectF(), square.width() - 18
        forms = [[texts[form] for _, texts in rows] for form in range(len(rows[0][1]))]
        for texts in forms:  # the longest one that fits and hides nothing, else the shortest one
            size = QSizeF(min(widest(metrics, texts), room) + 18, line * len(rows))
            place, hidden = self._free_place(rows[0][0].what, square, size, points)
            if not hidden and widest(metrics, texts) <= room and size.width() < 0.9 * square.width():
                break
        ground = QColor(self.colours.window)
        ground.setAlpha(190)
        painter.fillRect(place.toAlignedRect(), ground)  # whole pixels are much faster
        painter.setFont(font)
        for index, ((key, _), text) in enumerate(zip(rows, texts, strict=True)):
            row = QRectF(place.x(), place.y() + index * line, place.width(), line)
            self._mark(painter, QPointF(row.x() + 7, row.center().y()), key.learner)
            painter.setPen(QColor(self.colours.words(key.learner) if key.learner else self.colours.text))
            write(painter, row.adjusted(17, 0, 4, 0), [text])
            self._kept.append(Spot(row, key))

    def _free_place(self, what: str, square: QRectF, size: QSizeF, points: tradeoff.Floats) -> tuple[QRectF, int]:
        """Return where in a square something hides the fewest points, and how many; it stays there while it can."""
        left = square.x() + np.repeat(GRID, len(GRID)) * (square.width() - size.width())
        top = square.bottom() - size.height() - np.tile(GRID, len(GRID)) * (square.height() - size.height())
        x, y = points[:, 0] - left[:, None], points[:, 1] - top[:, None]  # from the upper left corner of every place
        hidden = ((x > -4) & (x < size.width() + 4) & (y > -4) & (y < size.height() + 4)).sum(1)
        at = self._legends.get(what, 0)
        if hidden[at] > hidden.min():
            at = self._legends[what] = int(hidden.argmin())
        return QRectF(QPointF(float(left[at]), float(top[at])), size), int(hidden[at])

    def _mark(self, painter: QPainter, point: QPointF, learner: str, *, hollow: bool = False) -> None:
        """Paint a learner's mark; that of no learner, the start, is a hollow diamond."""
        colour = QColor(self.colours.learner(learner) if learner else self.colours.text)
        painter.setPen(QPen(colour if hollow or not learner else QColor(self.colours.surface), 1.5 if hollow else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour if learner else QColor(self.colours.surface))
        r = 6.5 if hollow else 4.5
        if not learner:
            painter.drawPolygon(QPolygonF([point + QPointF(*xy) for xy in ((0, -6), (6, 0), (0, 6), (-6, 0))]))
        else:
            draw_mark(painter, QRectF(point.x() - r, point.y() - r, 2 * r, 2 * r), learner, disc=0.5)


def _some(first: int, last: int) -> NDArray[np.intp]:
    """Return numbers from ``first`` to ``last``, both included, but not more than show a path's shape."""
    return np.append(np.arange(first, last, -(-(last - first + 1) // MOST_POINTS)), last)


def _dense(line: tradeoff.Floats) -> tradeoff.Floats:
    """Return points along a line, shape (n, 2), a few pixels from one another."""
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    stops = np.linspace(0, way[-1], 2 + int(way[-1] / 8))
    return np.stack([np.interp(stops, way, along) for along in line.T], 1)


def _around(point: QPointF, key: _Key) -> Spot:
    return Spot(QRectF(point.x() - 8, point.y() - 8, 16, 16), key)


def _percents(new: float, old: float) -> str:
    return f"old {percent(old, 1)}, new {percent(new, 1)}"


def _logits(bias: float) -> str:
    return compact(bias, digits=4, decimals=1)
