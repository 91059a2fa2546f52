"""The living equation: the loss with its numbers, term by term, one row per learner.

Pointing at a term asks the window to show it wherever it appears; in slow motion the parts of a step stand below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import LEFT, grey_image, scaled
from lwf_gui.gui.panels.panel import Panel, Spot
from lwf_gui.gui.panels.text import names_within
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import MiniBatch
from lwf_gui.runs import equation
from lwf_gui.runs.equation import ALPHA, MINUS, TIMES, TIPS, Balance, Row, adds_up, number, spoken, value
from lwf_gui.runs.views import label_of

LARGEST = 2.4
"""Times the size of body text that the equation grows to."""
SLOW_MOTION = "Slow motion (Speed: 5 steps/s or less, or Step) shows every step's parts."

ASKED_AS = {"entropy": "kd", "ce_scope": "ce", "scale_t2": "temperature"}
"""Terms that stand for another one when they are pointed at."""


class Piece(NamedTuple):
    """Some letters of a formula, raised (1) or lowered (-1), and the term that they belong to."""

    text: str
    level: int = 0
    term: str = ""


class Column(NamedTuple):
    """One column of the equation: a symbol above a number per learner. An operator has no term."""

    symbol: tuple[Piece, ...]
    texts: tuple[str, ...]
    term: str = ""
    least: str = ""
    """What there is always room for, so that columns do not move while numbers change."""


class Equation(Panel):
    """The loss with its numbers."""

    EMPTY = "The loss appears here with its numbers once the learners train."

    def __init__(self) -> None:
        super().__init__()
        self._scale = 1.0
        self._line = 1.0
        """Pixels of a line of body text; type is ``_scale`` times as large."""
        self._fonts: dict[tuple[float, bool], QFont] = {}
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        """Of the last batch, by place and side: smooth scaling is dear."""
        self._batch: MiniBatch | None = None

    def figures(self) -> Balance | None:
        """Return the terms of all learners."""
        return equation.balance(self.record, self.selection)

    def state(self) -> object:
        """Return what the terms depend on beside the probe: whether its losses are there yet, and its batch."""
        track = self.record.track
        steps = 0 if track is None else track.steps
        if track is not None and (track.probes or self.selection.step is not None):
            steps = min(steps, abs(self.selection.step or 0) + 1)
        return (super().state(), None if track is None else track.started, steps, len(self.record.batches))

    def caption(self) -> str:
        """Say what the numbers are."""
        return equation.caption(self.record, self.selection)

    def captions(self) -> tuple[str, ...]:
        """Say what the numbers are, and shorter wordings."""
        return equation.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say every row."""
        now: Balance = self.shown
        return f"{self.caption()}. " + " ".join(spoken(row) for row in now.rows)

    def tip(self, key: Any) -> str:
        """Explain a term, with a learner's number where it is one, or an image of the batch."""
        now: Balance | None = self.shown
        if now is None:
            return ""
        match key:
            case ("image", index, _) if now.batch is not None and self.record.data is not None:
                return f"Image {index + 1} of {now.batch.size}: {self.record.data.classes[now.batch.labels[index]]}."
            case ("learner", learner, _):
                return next(spoken(row) for row in now.rows if row.learner == learner)
            case (term, learner, _):
                row = next((row for row in now.rows if row.learner == learner), None)
                symbol = "T² = " if term == "temperature" else ""
                figure = f"{label_of(learner)}: {symbol}{value(row, term)}. " if row is not None else ""
                return figure + TIPS.get(term, "")
        return ""

    def hover(self, key: Any | None) -> None:
        """Ask the window to show a term wherever it appears."""
        term = "" if key is None else ASKED_AS.get(key[0], key[0])
        self.asked.emit({"term": term if term in TIPS and term != "update" else ""})

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self._batch = None
        super().set_theme(colours)

    def minimumSizeHint(self) -> QSize:
        """Return room for four learners in small type."""
        return QSize(320, 100)

    # Painting: symbols, a row of numbers per learner, definitions, and the parts of the step or how to see them

    def paint(self, painter: QPainter, figures: Balance) -> None:
        """Paint all and find the spots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, columns, notes = self.area, list(_columns(figures)), list(_definitions(figures))
        self._fonts.clear()
        metrics = QFontMetricsF(self._font(1.0, bold=True))
        self._line = line = metrics.height()
        widths = [_width(column.symbol, metrics) for column in columns]
        numbers = [
            max(width, *map(metrics.horizontalAdvance, (*column.texts, column.least)))
            for width, column in zip(widths, columns, strict=True)
        ]
        name = min(max(metrics.horizontalAdvance(label_of(row.learner)) for row in figures.rows) + line, 9 * line)
        rows = 1.5 + 1.5 * len(figures.rows)
        lines = rows + 1.1 * len(notes) + (max(3.8, 1.6 + 0.9 * len(figures.rows)) if figures.batch else 0)
        hint = figures.surgery and figures.batch is None and area.height() >= (lines + 1.5) * line  # else bigger type
        lines += 1.5 if hint else 0
        across = area.width() / (name + sum(numbers))
        self._scale = scale = min(across, area.height() / (lines * line), LARGEST)
        self.spots = []
        line *= scale
        spare = (area.height() - lines * line) * (0 if figures.batch else 1)
        left, y = area.left() + (area.width() - scale * (name + sum(numbers))) / 2, area.top() + 0.3 * spare
        self._paint_table(painter, figures, columns, QRectF(left, y, scale * name, line), [scale * n for n in numbers])
        y += rows * line + 0.15 * spare
        widest = max(_width(pieces, metrics) for pieces in notes)
        size = min(0.85 * scale, area.width() / widest)
        for pieces in notes:
            self._paint_pieces(painter, pieces, QPointF(area.center().x() - size * widest / 2, y), size, 1.1 * line)
            y += 1.1 * line
        foot = QRectF(area.left(), y, area.width(), area.bottom() - y)
        if figures.batch is not None:
            self._paint_parts(painter, figures, figures.batch, foot.adjusted(0, 0.2 * line, 0, 0))
        elif hint:
            self._paint_hint(painter, foot)

    def _paint_table(
        self, painter: QPainter, figures: Balance, columns: list[Column], name: QRectF, widths: list[float]
    ) -> None:
        """Paint the symbols, and under each its number per learner; ``name`` is where the first row's name begins."""
        line, x, metrics = name.height(), name.right(), QFontMetricsF(self._font(1.0, bold=True))
        for column, width in zip(columns, widths, strict=True):
            whole = QRectF(x, name.top(), width, (1.5 + 1.5 * len(figures.rows)) * line)
            self._light(painter, whole, column.term)
            offset = (width - self._scale * _width(column.symbol, metrics)) / 2
            self._paint_pieces(
                painter, column.symbol, QPointF(x + offset, name.top()), self._scale, 1.4 * line, bold=True
            )
            if column.term:
                self._add(QRectF(x, name.top(), width, 1.5 * line), column.term, "")
            for index, (row, text) in enumerate(zip(figures.rows, column.texts, strict=True)):
                cell = QRectF(x, name.top() + (1.5 + 1.5 * index) * line, width, 1.5 * line)
                self._paint_number(painter, row, column.term, text, cell)
            x += width
        font = self._font(self._scale, bold=True)
        learners = [row.learner for row in figures.rows]
        for index, row in enumerate(figures.rows):
            cell = QRectF(name.left(), name.top() + (1.5 + 1.5 * index) * line, name.width(), 1.5 * line)
            painter.setFont(font)
            painter.setPen(QColor(self.colours.words(row.learner)))
            room = cell.width() - 0.4 * line
            metrics, label = QFontMetricsF(font), names_within(QFontMetricsF(font), room, learners)[row.learner]
            painter.drawText(cell, int(LEFT), metrics.elidedText(label, Qt.TextElideMode.ElideRight, room))
            self._add(cell, "learner", row.learner)

    def _paint_number(self, painter: QPainter, row: Row, term: str, text: str, cell: QRectF) -> None:
        """Paint one number; CE and KL are underlined as their curves are drawn: dashed and solid."""
        unused = term in ("temperature", "kd", "kl", "entropy") and not row.live_settings.alpha
        painter.setFont(self._font(self._scale, bold=term == "total"))
        painter.setPen(QColor(self.colours.text if term and not unused else self.colours.muted))
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)
        if term:
            self._add(cell, term, row.learner)
        if term in ("ce", "kl"):
            style = Qt.PenStyle.DashLine if term == "ce" else Qt.PenStyle.SolidLine
            painter.setPen(QPen(QColor(self.colours.learner(row.learner)), max(1.5, 1.6 * self._scale), style))
            half, y = 0.5 * painter.fontMetrics().horizontalAdvance(text), cell.center().y() + 0.37 * cell.height()
            painter.drawLine(QPointF(cell.center().x() - half, y), QPointF(cell.center().x() + half, y))

    def _paint_pieces(
        self,
        painter: QPainter,
        pieces: tuple[Piece, ...],
        at: QPointF,
        scale: float,
        height: float,
        *,
        bold: bool = False,
    ) -> None:
        """Typeset pieces one after another, from ``at`` on; those of a definition are spots of their own."""
        x, middle, before = at.x(), at.y() + height / 2, ""
        for piece in pieces:
            font = self._font(scale * (0.68 if piece.level else 1.0), bold=bold)
            metrics = QFontMetricsF(font)
            width, whole = metrics.horizontalAdvance(piece.text), scale * self._line
            if piece.term:
                self._light(painter, QRectF(x, at.y(), width, height), piece.term)
                self._add(QRectF(x, at.y(), width, height), piece.term, "", joined=piece.term == before)
            before = piece.term
            painter.setFont(font)
            painter.setPen(QColor(self.colours.text if bold or piece.term else self.colours.muted))
            baseline = middle + 0.28 * whole - (0.3 if piece.level > 0 else -0.16 if piece.level else 0) * whole
            painter.drawText(QPointF(x, baseline), piece.text)
            x += width

    def _add(self, rect: QRectF, term: str, of: str | int, *, joined: bool = False) -> None:
        """Make a spot of a term, of a learner or image; a joined one goes on where the last one ends."""
        if joined:
            rect = rect.united(self.spots.pop().rect)
        self.spots.append(Spot(rect, (term, of, len(self.spots))))  # numbered: a term stands in several places

    def _light(self, painter: QPainter, rect: QRectF, term: str) -> None:
        """Light up the background of the term that is pointed at, here or elsewhere."""
        if term and ASKED_AS.get(term, term) == ASKED_AS.get(self.selection.term, self.selection.term):
            colour = QColor(self.colours.accent)
            colour.setAlpha(56)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(rect, 4, 4)

    def _paint_hint(self, painter: QPainter, foot: QRectF) -> None:
        """Say how to see the parts of a step."""
        font = QFont(self._font(min(0.85 * self._scale, 1.2)))
        width = QFontMetricsF(font).horizontalAdvance(SLOW_MOTION)
        if width > foot.width():
            font.setPointSizeF(font.pointSizeF() * 0.98 * foot.width() / width)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.muted))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), SLOW_MOTION)

    def _font(self, size: float, *, bold: bool = False) -> QFont:
        """Return a font at a multiple of body text, kept while one picture is painted."""
        key = (size, bold)
        if key not in self._fonts:
            self._fonts[key] = theme.font(size, bold=bold, fixed_digits=True)
        return self._fonts[key]

    # The parts of a step

    def _paint_parts(self, painter: QPainter, figures: Balance, batch: MiniBatch, foot: QRectF) -> None:
        """Paint the anatomy of a step: the batch, its CE, its KD, and how far it moved the weights."""
        gap = 0.9 * self._scale * self._line
        width = (foot.width() - 3 * gap) / 5.6
        boxes, x = [], foot.left()
        for share in (2.6, 1.0, 1.0, 1.0):
            boxes.append(QRectF(x, foot.top(), share * width, foot.height()))
            x += share * width + gap
        painter.setPen(QPen(QColor(self.colours.muted), 1.5))
        for box in boxes[1:]:
            _arrow(painter, QPointF(box.left() - 0.5 * gap, foot.center().y()), 0.6 * gap)
        self._paint_batch(painter, batch, boxes[0])
        parts = {
            "ce": ("2 CE", ": labels", [number(row.ce) for row in figures.rows]),
            "kd": ("3 KD", ": teacher", [value(row, "kd") for row in figures.rows]),
            "update": ("4 update", ": ‖Δw‖", [number(float(length), 4) for length in batch.updates]),
        }
        metrics = QFontMetricsF(self._font(0.85 * self._scale, bold=True))
        longest = max(metrics.horizontalAdvance(title + more) for title, more, _ in parts.values())
        for box, (term, (title, more, numbers)) in zip(boxes[1:], parts.items(), strict=True):
            self._add(box, term, "")
            title += more if longest < box.width() - 6 else ""
            inner = self._paint_box(painter, box, title, term)
            line = inner.height() / len(figures.rows)
            font = self._font(min(0.95 * self._scale, line / self._line))
            for index, (row, text) in enumerate(zip(figures.rows, numbers, strict=False)):
                place = QRectF(inner.left(), inner.top() + index * line, inner.width(), line)
                unused = term == "kd" and not row.live_settings.alpha
                painter.setFont(font)
                painter.setPen(QColor(self.colours.muted if unused else self.colours.words(row.learner)))
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)

    def _paint_box(self, painter: QPainter, box: QRectF, title: str, term: str = "") -> QRectF:
        """Paint the frame of a part and its title; return the place for what is in it."""
        painter.setPen(QPen(QColor(self.colours.line), 1))
        painter.setBrush(QColor(self.colours.window))
        painter.drawRoundedRect(box, 4, 4)
        self._light(painter, box, term)
        height = self._scale * self._line
        painter.setFont(self._font(0.85 * self._scale, bold=True))
        painter.setPen(QColor(self.colours.text))
        line = QRectF(box.left(), box.top() + 1, box.width(), height)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), title)
        return QRectF(box.left() + 4, line.bottom(), box.width() - 8, box.bottom() - line.bottom() - 3)

    def _paint_batch(self, painter: QPainter, batch: MiniBatch, box: QRectF) -> None:
        """Paint images of the batch, so many and so large as cover most of the box, with labels that can be read."""
        assert self.record.data is not None
        inner = self._paint_box(painter, box, f"1 batch of {batch.size} images")
        names = [self.record.data.classes[label] for label in batch.labels]
        font = self._font(min(0.7 * self._scale, 0.85))
        metrics = QFontMetricsF(font)
        below = metrics.height() if inner.height() > 3 * metrics.height() else 0.0

        def layout(columns: int) -> tuple[int, float]:
            side = min(inner.width() / columns, inner.height() - below)
            return min(len(names), columns * max(1, int(inner.height() // (side + below)))), side

        columns = max(range(5, 17), key=lambda n: layout(n)[0] * layout(n)[1] ** 2)
        count, side = layout(columns)
        for index, name in enumerate(names[:count]):
            x = inner.left() + index % columns * inner.width() / columns
            y = inner.top() + index // columns * (side + below)
            painter.drawPixmap(QPointF(x + 1, y + 1), self._picture(batch, index, side - 2))
            self._add(QRectF(x, y, side, side + below), "image", index)
            if below:
                painter.setFont(font)
                painter.setPen(QColor(self.colours.muted))
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, inner.width() / columns)
                painter.drawText(QRectF(x, y + side - 1, side, below), int(Qt.AlignmentFlag.AlignCenter), text)

    def _picture(self, batch: MiniBatch, index: int, side: float) -> QPixmap:
        assert self.record.data is not None
        if batch is not self._batch or (index, side) not in self._pictures:
            if batch is not self._batch:
                self._batch = batch
                self._pictures.clear()
            grey = grey_image(batch.images[index], self.record.data.peak, dark=self.colours.dark)
            self._pictures[index, side] = scaled(grey, side, self.devicePixelRatioF())
        return self._pictures[index, side]


def _columns(now: Balance) -> Iterator[Column]:
    """Yield the columns of total = CE + alpha x T² x (KL + H), of which the bracket is KD; before surgery total = CE.

    T² is there where a learner has it; it is 1 for one that has it switched off.
    """

    def operator(sign: str, term: str = "") -> Column:
        return Column((Piece(sign),), (sign,) * len(now.rows), term)

    def numbers(symbol: str, term: str, small: str = "", level: int = -1, least: str = "0.000") -> Column:
        more = (Piece(small, level),) if small else ()
        return Column((Piece(symbol), *more), tuple(value(row, term) for row in now.rows), term, least)

    yield numbers("total", "total")
    yield Column((Piece(" = "),), tuple(" = " if adds_up(row) else " ≈ " for row in now.rows))
    yield numbers("CE", "ce")
    if now.surgery:
        yield from (operator(" + "), numbers(ALPHA, "alpha", least="0.0"), operator(f" {TIMES} "))
        if any(row.live_settings.scale_t2 for row in now.rows):
            yield from (numbers("T", "temperature", "2", level=1, least="0"), operator(f" {TIMES} "))
        yield from (operator("( ", "kd"), numbers("KL", "kl"), operator(" + "), numbers("H", "entropy", "teacher"))
        yield operator(" )", "kd")


def _definitions(now: Balance) -> Iterator[tuple[Piece, ...]]:
    """Yield a line for every setting of T and the classes of CE that learners differ in: what the terms mean."""
    if not now.surgery:
        yield (Piece(f"CE over the {now.old_classes} old classes", 0, "ce"),)
        return
    settings: dict[tuple[float, str], list[str]] = {}
    for row in now.rows:
        key = (row.live_settings.temperature, row.live_settings.ce_scope)
        settings.setdefault(key, []).append(label_of(row.learner))
    for (temperature, scope), names in settings.items():
        every = scope == "all"
        over = f"all {now.classes} classes" if every else f"the {now.classes - now.old_classes} classes of the new task"
        yield (
            *((Piece(f"{', '.join(names)}:   "),) if len(settings) > 1 else ()),
            Piece(f"CE over {over}", 0, "ce"),
            Piece("       "),
            *(Piece(f"KL + H = KD = {MINUS}Σ p", 0, "kd"), Piece("teacher", -1, "kd")),
            *(Piece(" log p", 0, "kd"), Piece("learner", -1, "kd")),
            Piece("   at  "),
            Piece(f"T = {temperature:g}", 0, "temperature"),
        )


def _width(pieces: tuple[Piece, ...], metrics: QFontMetricsF) -> float:
    """Return the width of typeset pieces at the size of these metrics, in pixels; never less than when painted."""
    return sum(metrics.horizontalAdvance(piece.text) * (0.7 if piece.level else 1.0) for piece in pieces)


def _arrow(painter: QPainter, centre: QPointF, size: float) -> None:
    """Paint an arrow to the right."""
    tip = centre + QPointF(size / 2, 0)
    painter.drawLine(centre - QPointF(size / 2, 0), tip)
    painter.drawLine(tip, tip + QPointF(-size / 2.5, -size / 2.5))
    painter.drawLine(tip, tip + QPointF(-size / 2.5, size / 2.5))
