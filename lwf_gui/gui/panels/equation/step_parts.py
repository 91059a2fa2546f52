"""The parts of a step: its mini-batch, the losses of it, and the update."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui.panels.equation.typesetting import Typesetter
from lwf_gui.messages import DataReady, MiniBatch
from lwf_gui.runs.equation import Balance
from lwf_gui.runs.loss_row import number, value


def _arrow(painter: QPainter, centre: QPointF, size: float) -> None:
    """Paint an arrow to the right."""
    tip = centre + QPointF(size / 2, 0)
    painter.drawLine(centre - QPointF(size / 2, 0), tip)
    painter.drawLine(tip, tip + QPointF(-size / 2.5, -size / 2.5))
    painter.drawLine(tip, tip + QPointF(-size / 2.5, size / 2.5))


class StepParts:
    """Paints the anatomy of a step: the batch, its CE, its KD, and how far it moved the weights.

    Parameters
    ----------
    picture : returns an image of the batch, by its place, of so many pixels a side
    """

    def __init__(self, to: Typesetter, data: DataReady, picture: Callable[[MiniBatch, int, float], QPixmap]) -> None:
        self._to, self._data, self._picture = to, data, picture

    def paint(self, figures: Balance, batch: MiniBatch, foot: QRectF) -> None:
        """Paint the anatomy of a step: the batch, its CE, its KD, and how far it moved the weights."""
        gap = 0.9 * self._to.scale * self._to.line
        width = (foot.width() - 3 * gap) / 5.6
        boxes, x = [], foot.left()
        for share in (2.6, 1.0, 1.0, 1.0):
            boxes.append(QRectF(x, foot.top(), share * width, foot.height()))
            x += share * width + gap
        self._to.painter.setPen(QPen(QColor(self._to.colours.muted), 1.5))
        for box in boxes[1:]:
            _arrow(self._to.painter, QPointF(box.left() - 0.5 * gap, foot.center().y()), 0.6 * gap)
        self._paint_batch(batch, boxes[0])
        parts = {
            "ce": ("2 CE", ": labels", [number(row.ce) for row in figures.rows]),
            "kd": ("3 KD", ": teacher", [value(row, "kd") for row in figures.rows]),
            "update": ("4 update", ": ‖Δw‖", [number(float(length), 4) for length in batch.updates]),
        }
        metrics = QFontMetricsF(self._to.font(0.85 * self._to.scale, bold=True))
        longest = max(metrics.horizontalAdvance(title + more) for title, more, _ in parts.values())
        for box, (term, (title, more, numbers)) in zip(boxes[1:], parts.items(), strict=True):
            self._to.add(box, term, "")
            title += more if longest < box.width() - 6 else ""
            inner = self._paint_box(box, title, term)
            line = inner.height() / len(figures.rows)
            font = self._to.font(min(0.95 * self._to.scale, line / self._to.line))
            for index, (row, text) in enumerate(zip(figures.rows, numbers, strict=False)):
                place = QRectF(inner.left(), inner.top() + index * line, inner.width(), line)
                unused = term == "kd" and not row.live_settings.alpha
                self._to.painter.setFont(font)
                self._to.painter.setPen(
                    QColor(self._to.colours.muted if unused else self._to.colours.words(row.learner))
                )
                self._to.painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)

    def _paint_box(self, box: QRectF, title: str, term: str = "") -> QRectF:
        """Paint the frame of a part and its title; return the place for what is in it."""
        self._to.painter.setPen(QPen(QColor(self._to.colours.line), 1))
        self._to.painter.setBrush(QColor(self._to.colours.window))
        self._to.painter.drawRoundedRect(box, 4, 4)
        self._to.light(box, term)
        height = self._to.scale * self._to.line
        self._to.painter.setFont(self._to.font(0.85 * self._to.scale, bold=True))
        self._to.painter.setPen(QColor(self._to.colours.text))
        line = QRectF(box.left(), box.top() + 1, box.width(), height)
        self._to.painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), title)
        return QRectF(box.left() + 4, line.bottom(), box.width() - 8, box.bottom() - line.bottom() - 3)

    def _paint_batch(self, batch: MiniBatch, box: QRectF) -> None:
        """Paint images of the batch, so many and so large as cover most of the box, with labels that can be read."""
        inner = self._paint_box(box, f"1 batch of {batch.size} images")
        names = [self._data.classes[label] for label in batch.labels]
        font = self._to.font(min(0.7 * self._to.scale, 0.85))
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
            self._to.painter.drawPixmap(QPointF(x + 1, y + 1), self._picture(batch, index, side - 2))
            self._to.add(QRectF(x, y, side, side + below), "image", index)
            if below:
                self._to.painter.setFont(font)
                self._to.painter.setPen(QColor(self._to.colours.muted))
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, inner.width() / columns)
                self._to.painter.drawText(QRectF(x, y + side - 1, side, below), int(Qt.AlignmentFlag.AlignCenter), text)
