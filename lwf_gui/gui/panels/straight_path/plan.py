"""Where the parts of the panel of straight paths stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered

LARGEST = 1.7
"""Size of the type at most, in body text sizes: large panels are seen from afar."""

CHOICE, TOLD, VERDICT, KEY = 1.5, 2.9, 2.5, 1.35
"""Lines of the row of ends, of the two figures at a point, of the sentence, and of a key that has a row of its own."""

FIRST, BROAD, NARROW = 0.42, 0.46, 0.24
"""Share of what is told that its first line takes, where it has two; and shares of its width that a key in its first
line has, and one in its only line."""

GAP = 0.3
"""Lines between two parts."""


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
    """The places of the parts; ``scale`` is the size of the type, in body text sizes."""

    scale: float
    choice: QRectF
    plot: QRectF
    told: QRectF
    verdict: QRectF
    key: QRectF
    """The room of the key that averages the two: a row of its own, or the end of the first line of what is told."""
    key_below: bool = False
    """Whether it has a row of its own."""

    @property
    def is_high(self) -> bool:
        """Whether what is told has room for two lines."""
        return self.told.height() > 1.8 * QFontMetricsF(self.font()).height()


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to lay the parts out, with lines of each part: what is wide and high at least, in lines."""

    wide: float
    plot: float
    told: float
    verdict: float
    beside: bool = False

    @property
    def high(self) -> float:
        """Lines that it needs."""
        if self.beside:
            return max(self.plot, self.told + self.verdict + KEY + 2 * GAP) + CHOICE + GAP
        return CHOICE + self.plot + self.told + self.verdict + 3 * GAP


WAYS = (
    _Way(20, 8, TOLD, VERDICT),
    _Way(34, 4.5, 2.6, 3.6, beside=True),
    _Way(20, 4.5, TOLD, VERDICT),
    _Way(17, 3.6, 1.2, 1.2),
)


def plan(area: QRectF) -> Plan:
    """Return the places: of the first way that has room for body type; where none has, of that with the largest."""
    line = theme.line_height()
    scales = [min(area.width() / way.wide, area.height() / way.high) / line for way in WAYS]
    best = next((place for place, scale in enumerate(scales) if scale >= 1), scales.index(max(scales)))
    scale = min(scales[best], LARGEST)
    return _beside(area, line * scale, scale) if WAYS[best].beside else _stacked(area, line * scale, scale, WAYS[best])


def _stacked(area: QRectF, line: float, scale: float, way: _Way) -> Plan:
    """Place one part below another; what is left goes to the plot."""
    x, wide, gap = area.left(), area.width(), GAP * line
    choice = QRectF(x, area.top(), wide, CHOICE * line)
    verdict = QRectF(x, area.bottom() - way.verdict * line, wide, way.verdict * line)
    told = QRectF(x, verdict.top() - gap - way.told * line, wide, way.told * line)
    plot = QRectF(x, choice.bottom() + gap, wide, told.top() - choice.bottom() - 2 * gap)
    made = Plan(scale, choice, plot, told, verdict, QRectF(told))
    made.key.setLeft(told.right() - (BROAD if made.is_high else NARROW) * told.width())
    made.key.setHeight((FIRST if made.is_high else 1.0) * told.height())
    return made


def _beside(area: QRectF, line: float, scale: float) -> Plan:
    """Place the plot at the left, figures, sentence and key at its right."""
    choice = QRectF(area.left(), area.top(), area.width(), CHOICE * line)
    below = QRectF(area)
    below.setTop(choice.bottom() + GAP * line)
    plot, right = QRectF(below), QRectF(below)
    plot.setWidth(0.62 * below.width())
    right.setLeft(plot.right() + line)
    told, verdict, key = QRectF(right), QRectF(right), QRectF(right)
    told.setHeight(min(2.6 * line, 0.34 * right.height()))
    key.setTop(right.bottom() - min(KEY * line, 0.2 * right.height()))
    verdict.setTop(told.bottom() + GAP * line)
    verdict.setBottom(key.top() - GAP * line)
    return Plan(scale, choice, plot, told, verdict, key, key_below=True)
