"""Where the table of differences has its rows and columns: all beside each other where there is room, in large type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import widest
from lwf_gui.runs.compared import PARTS, SHOWN, Compared, parts_called
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import Names, names_of

SCALES = (2.0, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)
"""Sizes of the type, in body text sizes, of which the largest that has room is taken; with 1.0 it is scrolled."""

SMALLER = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Sizes where even the narrowest form has no room in width."""

SPACE, MOST_SPACE = 12.0, 36.0
"""Pixels between columns, at least and at most."""

LINE, AFTER_RUNS, BETWEEN, COPY = 1.06, 0.3, 0.2, 1.2
"""Heights in lines of type: of a row, below the list of runs, between two learners, of what copies the table."""

HEADING = f"{SHOWN} \N{MINUS SIGN} {{letter}}"
"""The heading of a column of differences."""

SHORT = {"average": "mean", "earlier": "early"}
"""Shorter names of parts."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to lay the table out, which takes so many pixels at least.

    Attributes
    ----------
    scale : size of the type, in body text sizes
    stacked : whether a difference stands below its figure, not beside it, under no heading of its own
    above : whether learners' names stand above their rows, not beside them
    names, words : what learners and parts are called
    columns : widths of learners' names, of parts' names, of figures and of differences
    """

    scale: float
    stacked: bool
    above: bool
    names: Names
    words: Sequence[str]
    columns: tuple[float, float, float, float]
    pinned: int

    @property
    def line(self) -> float:
        """Height of a row of text."""
        return LINE * QFontMetricsF(theme.font(self.scale)).height()

    @property
    def row(self) -> float:
        """Height of a row of the table."""
        return self.line * (2 if self.stacked and self.pinned else 1)

    @property
    def width(self) -> float:
        """Pixels that it takes in width."""
        names, words, figures, differences = self.columns
        names = 0.0 if self.above else names
        beside = max(figures, differences) if self.stacked else figures + differences
        return names + words + figures + self.pinned * beside

    def height(self, learners: int) -> float:
        """Return the pixels that it takes in height."""
        lines = self.pinned + 2 + AFTER_RUNS + COPY + (BETWEEN + self.above) * learners
        return lines * self.line + learners * len(PARTS) * self.row


@dataclass(frozen=True, slots=True)
class Plan:
    """The table in its place."""

    area: QRectF
    form: Form
    space: float
    """Pixels that every column of figures has more than it needs."""

    def run(self, number: int) -> QRectF:
        """Return the line of a run, counted from the shown one."""
        line = self.form.line
        return QRectF(self.area.left(), self.area.top() + number * line, self.area.width(), line)

    @property
    def head(self) -> float:
        """The upper edge of the columns' headings."""
        return self.area.top() + (self.form.pinned + 1 + AFTER_RUNS) * self.form.line

    @property
    def left(self) -> float:
        """The left edge of the rows, behind the names beside them."""
        return self.area.left() + (0.0 if self.form.above else self.form.columns[0])

    def top(self, learner: int, part: int = 0) -> float:
        """Return the upper edge of a learner's row, by its place."""
        form = self.form
        lines = 1 + BETWEEN * (learner + 0.5) + form.above * (learner + 1)
        return self.head + lines * form.line + (learner * len(PARTS) + part) * form.row

    def name(self, learner: int) -> QRectF:
        """Return the place of a learner's name."""
        top = self.top(learner) - self.form.above * self.form.line
        return QRectF(self.area.left(), top, self.form.columns[0], self.form.line)

    def word(self, learner: int, part: int) -> QRectF:
        """Return the place of a part's name."""
        return QRectF(self.left, self.top(learner, part), self.form.columns[1], self.form.line)

    def cell(self, run: int, top: float) -> tuple[QRectF, QRectF]:
        """Return the places of a run's figure and of its difference in a row; the shown run, number 0, has none."""
        _, words, figures, differences = self.form.columns
        line, left = self.form.line, self.left + words
        first = QRectF(left, top, figures + self.space, line)
        if not run:
            return first, QRectF()
        if self.form.stacked:
            wide = max(figures, differences) + self.space
            box = QRectF(first.right() + (run - 1) * wide, top, wide, line)
            return box, box.translated(0, line)
        wide = figures + differences + 2 * self.space
        box = QRectF(first.right() + (run - 1) * wide, top, figures + self.space, line)
        return box, QRectF(box.right(), top, differences + self.space, line)

    @property
    def copy(self) -> QRectF:
        """The place of what copies the table."""
        line = self.form.line
        return QRectF(self.area.left(), self.area.bottom() - line, self.area.width(), line)


def plan(area: QRectF, found: Compared, protocol: ProtocolName) -> Plan:
    """Return where all stands: with its copying line at the lower edge of ``area``, or further below."""
    form = choose(area, Contents.of(found, protocol))
    columns = 1 + form.pinned * (1 if form.stacked else 2)
    spare = max(0.0, area.width() - form.width) / columns
    height = max(form.height(len(found.learners)), area.height())
    whole = QRectF(area.left(), area.top(), area.width(), height)
    return Plan(whole, form, min(spare, MOST_SPACE - SPACE))


class Contents(NamedTuple):
    """What needs room: names of learners and of parts, how many runs are pinned, and all texts of the columns."""

    learners: tuple[str, ...]
    parts: tuple[str, ...]
    pinned: int
    figures: list[str]
    differences: list[str]

    @classmethod
    def of(cls, found: Compared, protocol: ProtocolName) -> Contents:
        """Return the contents of a table by one protocol."""
        cells = [
            found.figure(run, protocol, learner, part)
            for run in found.runs
            for learner in found.learners
            for part in PARTS
        ]
        texts = [SHOWN, *(figure.text for figure in cells)], [figure.difference for figure in cells]
        return cls(found.learners, parts_called(found.runs[0].record), len(found.pinned), *texts)


def choose(area: QRectF, contents: Contents) -> Form:
    """Return the form with the largest type that has room; else one that is scrolled, and as wide as there is room."""
    for scale in SCALES:
        for form in _forms(contents, scale):
            if form.width <= area.width() and form.height(len(contents.learners)) <= area.height():
                return form
    for form in _scrolled(contents):
        if form.width <= area.width():
            break
    return form


def _scrolled(contents: Contents) -> Iterator[Form]:
    """Yield the forms in which a table is scrolled, the narrowest at the end."""
    yield from (
        form
        for scale in SMALLER
        for stacked, above in ((False, False), (True, False), (True, True))
        for form in _forms(contents, scale, stacked=stacked, above=above)
    )


def _forms(contents: Contents, scale: float, *, stacked: bool = False, above: bool = False) -> Iterator[Form]:
    """Yield the forms with type of one size: with whole names, then shorter ones."""
    words = QFontMetricsF(theme.font(scale))
    digits = QFontMetricsF(theme.font(scale, bold=True, fixed_digits=True))
    differences = contents.differences if stacked else [HEADING.format(letter="B"), *contents.differences]
    columns = widest(digits, contents.figures) + SPACE, widest(digits, differences) + SPACE
    mark = 1.2 * words.ascent()
    for number, names in enumerate(names_of(contents.learners)):
        called = contents.parts if not number else tuple(SHORT.get(word, word) for word in contents.parts)
        left = widest(words, names.values()) + mark + SPACE, widest(words, called)
        yield Form(scale, stacked, above, names, called, (*left, *columns), contents.pinned)
