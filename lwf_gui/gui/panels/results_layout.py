"""Where the table of results has its columns: as wide as what they hold, and no figure is ever left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontInfo

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import metrics_of
from lwf_gui.gui.panels.text import fitted, names_within, widest
from lwf_gui.runs.results import COLUMNS

SPACE = 10
"""Pixels between two columns."""

NAMES = 0.26
"""Part of the width that learners' names take at most."""

SMALLEST = 6
"""Pixels of the smallest type."""

DROPPED = (COLUMNS[-1],)
"""What goes first where there is no room for all: another column says it too, in other units."""

SHORT = {
    "class-incremental": ("class-incr.", "incr."),
    "task-aware": ("aware",),
    "time per image": ("per image", "time"),
}
"""Shorter names of groups."""

Headings = Mapping[int, str]
"""The names of the columns that are shown, by their number."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a table.

    Attributes
    ----------
    left, top, line : the upper left corner of the first heading, and the height of a line
    names : the width of the learners' names
    headings : what the columns that are shown are called
    widths : the widths of these, with the space between them
    font : the type that all of it has
    """

    left: float
    top: float
    line: float
    names: float
    headings: Headings
    widths: Mapping[int, float]
    font: QFont

    def box(self, at: int, top: float) -> QRectF:
        """Return the place of a text of one column."""
        left = self.left + sum(width for column, width in self.widths.items() if column < at)
        return QRectF(left + SPACE - 2, top, self.widths[at] - SPACE, self.line)

    def groups(self) -> Iterator[tuple[str, QRectF]]:
        """Yield each group's name with its place over the columns that are shown."""
        for group in dict.fromkeys(COLUMNS[at].group for at in self.headings):
            boxes = [self.box(at, self.top) for at in self.headings if COLUMNS[at].group == group]
            yield group, boxes[0] | boxes[-1]

    def figure(self, at: int, value: float, text: str, *, bold: bool) -> tuple[str, QFont]:
        """Return how a figure is written, and in which type: smaller, or shorter, rather than not at all."""
        font, width = digits(self.font, bold=bold), self.box(at, 0).width()
        short = text if math.isnan(value) else f"{value:.1e}".replace("e+0", "e").replace("e-0", "e-")
        for said in (text, min(text, short, key=len)):
            font = digits(self.font, bold=bold)
            while metrics_of(font).horizontalAdvance(said) > width and font.pixelSize() > SMALLEST:
                font.setPixelSize(font.pixelSize() - 1)
            if metrics_of(font).horizontalAdvance(said) <= width:
                break
        return said, font


def digits(font: QFont, *, bold: bool) -> QFont:
    """Return the type of figures of a table whose words have this one."""
    made = theme.font(1.0, bold=bold, fixed_digits=True)
    made.setPixelSize(QFontInfo(font).pixelSize())
    return made


def arrange(
    area: QRectF, line: float, rows: Mapping[str, Sequence[str]], below: Sequence[Mapping[int, str]] = ()
) -> Layout:
    """Return where the columns of these figures, by learner, are: all with whole names, if there is room for them.

    ``below`` are more texts by column, which need room too.
    Else the last one goes, then names are short, and then all type becomes smaller.
    """
    everything = {at: column.name for at, column in enumerate(COLUMNS)}
    fewer = {at: name for at, name in everything.items() if COLUMNS[at] not in DROPPED}
    ways = (everything, fewer, {at: COLUMNS[at].short for at in fewer})
    font = fitted(theme.font(1.0), 0.8 * line)
    font.setPixelSize(QFontInfo(font).pixelSize())
    while True:
        names = _names(font, line, area.width(), tuple(rows))
        room = area.width() - names
        for headings in ways:
            widths = _widths(font, headings, list(rows.values()), below)
            if sum(widths.values()) <= room:
                return _spread(area, line, names, headings, widths, font)
        if font.pixelSize() <= SMALLEST:
            return _spread(area, line, names, headings, widths, font)
        font.setPixelSize(font.pixelSize() - 1)


def group_names(group: str) -> list[str]:
    """Return a group's name, and shorter ones."""
    return [group, *SHORT.get(group, ())]


def _names(font: QFont, line: float, width: float, learners: tuple[str, ...]) -> float:
    """Return the width of the learners' names with their marks: what the longest ones take that have room."""
    metrics, most = metrics_of(font), NAMES * width - 1.5 * line
    return min(most, widest(metrics, names_within(metrics, most, learners).values()) + 4) + 1.5 * line


def _widths(
    font: QFont, headings: Headings, rows: Sequence[Sequence[str]], below: Sequence[Mapping[int, str]]
) -> dict[int, float]:
    """Return what each column needs: its heading, its unit and its widest figure; together, their group's name."""
    words, heavy, figures = metrics_of(font), QFont(font), metrics_of(digits(font, bold=True))
    heavy.setBold(True)
    needed = {
        at: SPACE
        + max(
            widest(words, (name, f"▲ {COLUMNS[at].unit}")),
            widest(figures, (*(row[at] for row in rows), *(more.get(at, "") for more in below))),
        )
        for at, name in headings.items()
    }
    for group in {COLUMNS[at].group for at in headings}:
        members = [at for at in headings if COLUMNS[at].group == group]
        least = metrics_of(heavy).horizontalAdvance(group_names(group)[-1]) + SPACE
        lacking = max(0.0, least - sum(needed[at] for at in members)) / len(members)
        needed.update({at: needed[at] + lacking for at in members})
    return needed


def _spread(
    area: QRectF, line: float, names: float, headings: Headings, widths: Mapping[int, float], font: QFont
) -> Layout:
    """Give each column an equal part of the room that is left, or take it from each in proportion."""
    room, needed = area.width() - names, sum(widths.values())
    spare = max(0.0, room - needed) / len(widths)
    given = {at: min(1.0, room / needed) * width + spare for at, width in widths.items()}
    return Layout(area.left() + names, area.top(), line, names, headings, given, font)
