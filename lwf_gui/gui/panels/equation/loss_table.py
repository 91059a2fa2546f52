"""The table of the loss: symbols, and under each its number per learner."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from lwf_gui.gui.panels.equation.terms import TermColumn, width_of
from lwf_gui.gui.panels.equation.typesetting import Typesetter
from lwf_gui.gui.panels.text import LEFT, names_within
from lwf_gui.runs.equation import Balance
from lwf_gui.runs.loss_row import Row

SLOW_MOTION = "Slow motion (Speed: 5 steps/s or less, or Step) shows every step's parts."


def paint_table(to: Typesetter, figures: Balance, columns: list[TermColumn], name: QRectF, widths: list[float]) -> None:
    """Paint the symbols, and under each its number per learner; ``name`` is where the first row's name begins."""
    line, x, metrics = name.height(), name.right(), QFontMetricsF(to.font(1.0, bold=True))
    for column, width in zip(columns, widths, strict=True):
        whole = QRectF(x, name.top(), width, (1.5 + 1.5 * len(figures.rows)) * line)
        to.light(whole, column.term)
        offset = (width - to.scale * width_of(column.symbol, metrics)) / 2
        to.pieces(column.symbol, QPointF(x + offset, name.top()), to.scale, 1.4 * line, bold=True)
        if column.term:
            to.add(QRectF(x, name.top(), width, 1.5 * line), column.term, "")
        for index, (row, text) in enumerate(zip(figures.rows, column.texts, strict=True)):
            cell = QRectF(x, name.top() + (1.5 + 1.5 * index) * line, width, 1.5 * line)
            if text:
                _paint_number(to, row, column.term, text, cell)
        x += width
    for index, row in enumerate(figures.rows):
        begin = name.right() + sum(widths[:2])
        cell = QRectF(begin, name.top() + (1.5 + 1.5 * index) * line, sum(widths[2:]), 1.5 * line)
        _paint_own(to, row, cell)
    font = to.font(to.scale, bold=True)
    learners = [row.learner for row in figures.rows]
    for index, row in enumerate(figures.rows):
        cell = QRectF(name.left(), name.top() + (1.5 + 1.5 * index) * line, name.width(), 1.5 * line)
        to.painter.setFont(font)
        to.painter.setPen(QColor(to.colours.words(row.learner)))
        room = cell.width() - 0.4 * line
        metrics, label = QFontMetricsF(font), names_within(QFontMetricsF(font), room, learners)[row.learner]
        to.painter.drawText(cell, int(LEFT), metrics.elidedText(label, Qt.TextElideMode.ElideRight, room))
        to.add(cell, "learner", row.learner)


def _paint_number(to: Typesetter, row: Row, term: str, text: str, cell: QRectF) -> None:
    """Paint one number; CE and KL are underlined as their curves are drawn: dashed and solid."""
    unused = term in ("temperature", "kd", "kl", "entropy") and not row.live_settings.alpha
    to.painter.setFont(to.font(to.scale, bold=term == "total"))
    to.painter.setPen(QColor(to.colours.text if term and not unused else to.colours.muted))
    to.painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)
    if term:
        to.add(cell, term, row.learner)
    if term in ("ce", "kl"):
        style = Qt.PenStyle.DashLine if term == "ce" else Qt.PenStyle.SolidLine
        to.painter.setPen(QPen(QColor(to.colours.learner(row.learner)), max(1.5, 1.6 * to.scale), style))
        half, y = 0.5 * to.painter.fontMetrics().horizontalAdvance(text), cell.center().y() + 0.37 * cell.height()
        to.painter.drawLine(QPointF(cell.center().x() - half, y), QPointF(cell.center().x() + half, y))


def _paint_own(to: Typesetter, row: Row, cell: QRectF) -> None:
    """Paint what the total is made of where that is not LwF's loss: words, and the numbers of its terms."""
    metrics, x = QFontMetricsF(to.font(to.scale)), cell.left()
    for text, term in row.formula.parts if row.formula is not None else ():
        place = QRectF(x, cell.top(), metrics.horizontalAdvance(text), cell.height())
        to.light(place, term)
        if term:
            _paint_number(to, row, term, text, place)
        else:
            to.painter.setFont(to.font(to.scale))
            to.painter.setPen(QColor(to.colours.muted))
            to.painter.drawText(place, int(LEFT | Qt.TextFlag.TextDontClip), text)
        x = place.right()


def paint_hint(to: Typesetter, foot: QRectF) -> None:
    """Say how to see the parts of a step."""
    font = QFont(to.font(min(0.85 * to.scale, 1.2)))
    width = QFontMetricsF(font).horizontalAdvance(SLOW_MOTION)
    if width > foot.width():
        font.setPointSizeF(font.pointSizeF() * 0.98 * foot.width() / width)
    to.painter.setFont(font)
    to.painter.setPen(QColor(to.colours.muted))
    to.painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), SLOW_MOTION)
