"""Which colour is whose, above the bars: of many learners nobody knows it by heart."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.text import fitted, names_within, widest
from lwf_gui.gui.theme import Theme

MOST_KEYS = 3
"""Lines at most that say which colour is whose."""


def key_lines(learners: Sequence[str], width: float) -> int:
    """Return the lines that the learners' names take in type of body text, but a few at most."""
    count, font = len(learners), theme.font(1.0, bold=True)
    metrics = QFontMetricsF(font)
    for lines in range(1, min(count, MOST_KEYS) + 1):
        room = width / -(-count // lines) - _mark_width(font)
        if widest(metrics, names_within(metrics, room, learners).values()) <= room:
            return lines
    return min(count, MOST_KEYS)


def paint_key(
    painter: QPainter, line: QRectF, learners: Sequence[str], lines: int, font: QFont, colours: Theme
) -> None:
    """Write the learners' names behind their marks, from a line on, on so many lines."""
    across = -(-len(learners) // lines)
    width, mark = line.width() / across, _mark_width(font)
    names = names_within(QFontMetricsF(font), width - mark, learners)
    painter.setFont(fitted(QFont(font), line.height(), names.values(), width - mark))
    for number, learner in enumerate(learners):
        left, top = number % across * width, number // across * line.height()
        box = QRectF(line.left() + left, line.top() + top, width - 4, line.height())
        heading(painter, box, learner, [names[learner]], colours)


def _mark_width(font: QFont) -> float:
    """Return the pixels of a learner's mark beside its name."""
    return 1.3 * QFontMetricsF(font).ascent() + 10
