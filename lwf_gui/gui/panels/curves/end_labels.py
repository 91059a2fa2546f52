"""Names at the ends of curves, beside each learner's mark: nobody need look a colour up.

Curves that end at one height and are of one kind have one label together. Those of a pinned run have its letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.panels.curves.heights import spread, together
from lwf_gui.gui.panels.text import widest
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import names_of, sign_of

SIZE, GAP, NEAR = 0.85, 8.0, 0.7
"""Size of the type, pixels between a curve's end and its label, and the part of a line within which ends are one."""

DEPTH = 5
"""The labels lie on the curves."""


class Kind(NamedTuple):
    """Curves of one kind by learner: the word that they are told apart by, and the letter of a pinned run.

    The chief kind has neither.
    """

    word: str
    curves: Mapping[str, Curve]
    letter: str = ""


class _Label(NamedTuple):
    """Curves that end at one height: their learners, their kind's word and letter, and the middle of their heights."""

    learners: tuple[str, ...]
    word: str
    height: float
    letter: str = ""


class EndLabels:
    """The names of a plot's curves, at their ends."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot, self._box = plot, plot.vb
        self.items: list[pg.TextItem] = []
        self.leads = Curve()
        """From the curves' ends to labels that had to give way to others."""
        self.leads.setZValue(DEPTH)
        plot.addItem(self.leads, ignoreBounds=True)

    def show(self, kinds: Sequence[Kind], colours: Theme) -> None:
        """Name the curves of every kind; of the first ones where not all have room, and none where these have not."""
        (low, high), (bottom, top) = self._box.viewRange()
        metrics = QFontMetricsF(theme.font(SIZE, bold=True))
        across, along = (high - low) / max(self._box.width(), 1.0), (top - bottom) / max(self._box.height(), 1.0)
        line = metrics.height() * along
        ends = [(kind, _ends(kind.curves, low, high)) for kind in kinds]
        last = max((x for _, found in ends for x, _ in found.values()), default=low)
        own = max((x for kind, found in ends if not kind.letter for x, _ in found.values()), default=low)
        labels: list[_Label] = []
        for count in range(len(ends), 0, -1):
            labels = [label for kind, found in ends[:count] for label in _joined(kind, found, NEAR * line)]
            if len(labels) * line < top - bottom:
                break
            labels = []
        room = max(high - last, 0.0) / across - GAP
        learners = list(dict.fromkeys(name for kind in kinds for name in kind.curves))
        texts = _fitting([_texts(label, learners) for label in labels], metrics, room)
        wide, gap = widest(metrics, texts) * across, GAP * across
        left = min(last + gap, high - wide)
        early = own + 2 * gap + wide < left  # the shown run has not come so far yet: named where it is
        back = pg.mkBrush(colours.surface)  # on curves, or struck through by what guessing gets, they would not be read
        heights = spread([label.height for label in labels], line, bottom, top)
        self._keep(len(labels))
        for item, label, text, height in zip(self.items, labels, texts, heights, strict=True):
            colour = colours.learner(label.learners[0]) if len(label.learners) == 1 else colours.text
            _write(item, text, QColor(colour), back)
            item.setPos(own + gap if early and not label.letter else left, height)
        apart = [(label, height) for label, height in zip(labels, heights, strict=True) if _moved(label, height, line)]
        ends_at = {label: own if early and not label.letter else left - gap for label, _ in apart}
        x = [place for label, _ in apart for place in (ends_at[label], ends_at[label] + 0.8 * gap, np.nan)]
        y = [place for label, height in apart for place in (label.height, height, np.nan)]
        self.leads.draw(np.array(x), np.array(y), pg.mkPen(colours.muted))

    def clear(self) -> None:
        """Take all away."""
        self._keep(0)
        self.leads.draw(np.empty(0), np.empty(0), pg.mkPen())

    def _keep(self, count: int) -> None:
        """Have so many labels."""
        while len(self.items) > count:
            self._plot.removeItem(self.items.pop())
        while len(self.items) < count:
            item = pg.TextItem(anchor=(0, 0.5))
            item.setZValue(DEPTH)
            item.textItem.document().setDocumentMargin(0)  # it would lie on the label beside it
            self._plot.addItem(item, ignoreBounds=True)
            self.items.append(item)


def _moved(label: _Label, height: float, line: float) -> bool:
    """Whether a label stands so far from its curve's end that one would take it for another one's."""
    return abs(height - label.height) > 0.6 * line


def rooms(learners: Sequence[str], pinned: Mapping[str, Sequence[str]] | None = None) -> list[float]:
    """Return the pixels that labels take behind their curves, from the longest to the shortest way.

    They are of learners of the shown run, and by letter of those of pinned ones.
    """
    font, kinds = theme.font(SIZE, bold=True), {"": learners, **(pinned or {})}
    return _rooms(font.toString(), tuple((letter, tuple(names)) for letter, names in kinds.items()))


@lru_cache(maxsize=8)  # asked with every step that is looked at
def _rooms(font: str, kinds: tuple[tuple[str, tuple[str, ...]], ...]) -> list[float]:
    """Return `rooms` in a type: of learners by letter."""
    chosen = QFont()
    chosen.fromString(font)
    metrics, everyone = QFontMetricsF(chosen), list(dict.fromkeys(name for _, names in kinds for name in names))
    labels = [_Label((name,), "", 0.0, letter) for letter, names in kinds for name in names]
    pairs = [_Label(names[:2], "", 0.0, letter) for letter, names in kinds if len(names) > 1]  # that end together
    forms = zip(*(_texts(label, everyone) for label in (*labels, *pairs)), strict=True)
    return [widest(metrics, texts) + 2.5 * GAP for texts in forms]


def _ends(curves: Mapping[str, Curve], low: float, high: float) -> dict[str, tuple[float, float]]:
    """Return the last point in sight of each curve that has any."""
    found = {}
    for learner, curve in curves.items():
        x, y = curve.getData()
        seen = np.flatnonzero((x >= low) & (x <= high) & ~np.isnan(y)) if x is not None else np.empty(0, np.intp)
        if len(seen):
            found[learner] = (float(x[seen[-1]]), float(y[seen[-1]]))
    return found


def _joined(kind: Kind, ends: Mapping[str, tuple[float, float]], gap: float) -> Iterator[_Label]:
    """Yield the labels of curves of one kind: of the chief kind one for each, of others one where they end together."""
    names = list(ends)
    if not (kind.word or kind.letter):
        yield from (_Label((name,), "", y) for name, (_, y) in ends.items())
        return
    for group, height in together({names.index(name): y for name, (_, y) in ends.items()}, gap):
        yield _Label(tuple(names[index] for index in group), kind.word, height, kind.letter)


def _texts(label: _Label, learners: Sequence[str]) -> tuple[str, ...]:
    """Return what a label says, from the longest to the shortest way."""
    signs = " ".join((*label.letter, *map(sign_of, label.learners)))
    if label.word or len(label.learners) > 1:
        said = f"{signs} {label.word}".rstrip()
        return (said, said, said, signs)
    forms = names_of(learners)
    return (*(f"{signs} {names[label.learners[0]]}" for names in forms), signs)


def _fitting(ways: Sequence[tuple[str, ...]], metrics: QFontMetricsF, room: float) -> list[str]:
    """Return the longest way for all labels alike in which each of them has room; the shortest where none has."""
    forms = list(zip(*ways, strict=True)) or [()]
    return list(next((texts for texts in forms if widest(metrics, texts) <= room), forms[-1]))


def _write(item: pg.TextItem, text: str, colour: QColor, back: QBrush) -> None:
    item.fill = back
    if item.toPlainText() != text or item.color != colour:
        item.setFont(theme.font(SIZE, bold=True))
        item.setText(text, colour)
