"""The history of one image: confidence in its true class by step, and what each learner took it for."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import heading, ink, mark, polyline, wrong_colour
from lwf_gui.gui.panels.text import CENTRE, LEFT, RIGHT, fitted, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.image_history import History
from lwf_gui.runs.names import names_of
from lwf_gui.runs.series import thinned


class HistoryPainter:
    """Paints the confidence in one image's true class by step, and below it what each learner took it for."""

    def __init__(
        self,
        painter: QPainter,
        rect: QRectF,
        figures: History,
        classes: tuple[str, ...],
        colours: Theme,
        protocol: str = "",
    ) -> None:
        """Take what is painted where; ``protocol`` is said where there are several tasks."""
        self.painter, self.rect, self.figures, self.classes, self.colours = painter, rect, figures, classes, colours
        self.protocol = f", {protocol}" if protocol else ""
        rows = 4 + 2 * len(figures.learners)
        self.font = fitted(theme.font(0.85), rect.height() / (rows + 2.5))
        metrics = QFontMetricsF(self.font)
        self.line = metrics.height()
        self.gutter = metrics.horizontalAdvance("100 %") + 6
        self.plot = QRectF(rect)

    def paint(self) -> None:
        """Paint all of it."""
        painter, rect, line, figures = self.painter, self.rect, self.line, self.figures
        painter.setPen(QColor(self.colours.line))
        painter.drawLine(rect.topLeft(), rect.topRight())
        painter.setPen(QColor(self.colours.text))
        painter.setFont(self.font)
        name = self.classes[figures.true]
        said = f"Probe image {figures.image}: {name}. "
        how = self.protocol
        texts = [f"{said}Confidence in {name} by step{how} (Esc closes)", f"{said}Confidence by step{how}"]
        texts += [f"{said}Confidence{how}", f"{name}{how}"] if how else [said]
        write(painter, QRectF(rect.left(), rect.top() + 2, rect.width(), line), texts)
        rows = self._paint_legend(rect.top() + 2 + line)
        bottom = rect.bottom() - line - (line + 2) * len(figures.learners) - 4
        self.plot = QRectF(
            rect.left() + self.gutter, rect.top() + 2 + line * ((2.0 if figures.begins else 1.6) + rows), 0, 0
        )
        self.plot.setBottomRight(QPointF(rect.right() - 2, bottom))
        self._paint_axes()
        self._paint_boundaries(bottom + 2 + len(figures.learners) * (line + 2))
        self._paint_curves()
        for row, learner in enumerate(figures.learners):
            top = bottom + 4 + row * (line + 2)
            self._paint_ribbon(QRectF(self.plot.left(), top, self.plot.width(), line), learner)
        self._paint_cursor()

    def _x(self, step: float) -> float:
        first, last = int(self.figures.steps[0]), int(self.figures.steps[-1])
        return self.plot.left() + (step - first) / max(last - first, 1) * self.plot.width()

    def _paint_legend(self, top: float) -> int:
        """Say what every learner takes the image for where one looks, and how sure it is; return the rows of text."""
        learners, width = self.figures.learners, self.rect.width()
        across = max(1, min(len(learners), int(width / (13 * self.line))))
        forms = names_of(learners)
        for place, learner in enumerate(learners):
            at = self.figures.at
            percent = f"{self.figures.confidence[place, at]:.0f} %"
            taken = self.classes[self.figures.taken[place, at]]
            label, short, least = (names[learner] for names in forms)
            box = QRectF(self.rect.left() + place % across * width / across, top + place // across * self.line, 0, 0)
            box.setSize(QSizeF(width / across - 6, self.line))
            texts = [f"{label}: {percent}, says {taken}", *(f"{n}: {percent}, {taken}" for n in (label, short, least))]
            texts.append(f"{percent}, {taken}")
            heading(self.painter, box, learner, texts, self.colours)
        return -(-len(learners) // across)

    def _paint_axes(self) -> None:
        painter, plot = self.painter, self.plot
        for percent in (0, 50, 100):
            y = plot.bottom() - percent / 100 * plot.height()
            painter.setPen(QColor(self.colours.line))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if percent != 50 or plot.height() > 3 * self.line:
                painter.setPen(QColor(self.colours.muted))
                box = QRectF(self.rect.left(), y - self.line / 2, self.gutter - 5, self.line)
                painter.drawText(box, int(RIGHT), f"{percent} %")

    def _paint_boundaries(self, bottom: float) -> None:
        """Mark where later tasks begin, down to below the ribbons, with their numbers at the upper end."""
        painter, top = self.painter, self.plot.top()
        free = self.plot.left()
        for step, task in self.figures.begins:
            x = self._x(step)
            painter.setPen(QColor(self.colours.muted))
            painter.drawLine(QPointF(x, top - 0.4 * self.line), QPointF(x, bottom))
            words = (f"task {task + 1}", f"{task + 1}")
            text = next((text for text in words if x + 3 + self._wide(text) < self._next_after(step)), "")
            if x >= free and text:
                painter.drawText(QPointF(x + 3, top - 0.1 * self.line), text)
                free = x + 3 + self._wide(text)

    def _wide(self, text: str) -> float:
        return QFontMetricsF(self.font).horizontalAdvance(text)

    def _next_after(self, step: int) -> float:
        """Return where the task after the one that begins at a step begins, or the plot ends."""
        return min((self._x(at) for at, _ in self.figures.begins if at > step), default=self.rect.right())

    def _paint_curves(self) -> None:
        painter, plot = self.painter, self.plot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for learner, confidence in zip(self.figures.learners, self.figures.confidence, strict=True):
            known = ~np.isnan(confidence)  # until it diverged
            steps, percents = thinned((self.figures.steps[known].astype(np.float64), confidence[known]))
            ys = plot.bottom() - percents / 100 * plot.height()
            painter.setPen(QPen(QColor(self.colours.learner(learner)), 2))
            polyline(painter, np.stack([[self._x(step) for step in steps.tolist()], ys], 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_ribbon(self, rect: QRectF, learner: str) -> None:
        """Paint the predictions of a learner as a ribbon: in its colour while right, else empty with the wrong name."""
        painter, steps = self.painter, self.figures.steps
        colour = QColor(self.colours.learner(learner))
        size = 0.6 * self.line
        mark(painter, QRectF(rect.left() - self.line, rect.center().y() - size / 2, size, size), learner, self.colours)
        spans = self.figures.spans(learner)
        for span in spans:
            left = self._x(int(steps[span.first]))
            end = self._x(int(steps[span.last + 1])) if span.last + 1 < len(steps) else rect.right()
            box = QRectF(left, rect.top(), max(end - left, 1), rect.height())
            right = span.taken == self.figures.true
            painter.fillRect(box, colour if right else QColor(self.colours.raised))
            painter.setPen(ink(colour) if right else wrong_colour(self.colours))
            name = self.classes[span.taken]
            if box.width() > painter.fontMetrics().horizontalAdvance(name[:3]) + 8:
                write(painter, box.adjusted(3, 0, -2, 0), [name])

    def _paint_cursor(self) -> None:
        painter, step = self.painter, int(self.figures.steps[self.figures.at])
        x, top = self._x(step), self.rect.bottom() - self.line
        painter.setPen(QPen(QColor(self.colours.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, self.plot.top()), QPointF(x, top))
        text = f"step {step:,}"
        width = painter.fontMetrics().horizontalAdvance(text) + 2
        left = min(max(x - width / 2, self.plot.left()), self.plot.right() - width)
        painter.drawText(QRectF(left, top, width, self.line), int(CENTRE), text)
        painter.setPen(QColor(self.colours.muted))
        box = QRectF(self.plot.left(), top, self.plot.width(), self.line)
        first, last = f"{self.figures.steps[0]:,} ", f" {self.figures.steps[-1]:,}"
        if left - box.left() > painter.fontMetrics().horizontalAdvance(first):
            painter.drawText(box, int(LEFT), first)
        if box.right() - left - width > painter.fontMetrics().horizontalAdvance(last):
            painter.drawText(box, int(RIGHT), last)
