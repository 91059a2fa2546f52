"""Where the parts of the panel of the stability gap stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered

LARGEST = 1.6
"""Size of the type at most, in body text sizes: large panels are seen from afar."""

KEYS, PLOT, ROW, VERDICT, NOTE = 1.5, 7.5, 1.25, 2.3, 2.2
"""Lines of the keys to other tasks, of the plot at least, of a row of the table, of the sentence and of the note."""

SLIM, WIDE, TABLE = 15.0, 21.0, 22.0
"""Lines that plot and table are wide at least: the plot alone, the plot above a table, and the table."""

FLAT = 2.2
"""Times that a panel is wider than high from which on the table stands beside the plot rather than below."""

MOST_ROWS = 8
"""Learners that have rows; where there are more, the table gives way to the curves."""


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
    """The places of the parts; ``table``, ``keys`` and ``note`` are None where there are none, or no room.

    ``scale`` is the size of the type, in body text sizes.
    """

    scale: float
    keys: QRectF | None
    plot: QRectF
    table: QRectF | None
    verdict: QRectF
    note: QRectF | None


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to lay the parts out: what it needs at least, in lines, and which parts it has."""

    wide: float
    high: float
    table: str = ""
    """Where the table is: "beside", "below", or nowhere."""
    note: bool = False
    lines: float = VERDICT
    """Of the sentence."""


def plan(area: QRectF, learners: int, *, keyed: bool, noted: bool) -> Plan:
    """Return the places of so many learners' curves and rows; ``keyed``: with keys; ``noted``: with a note if it fits.

    The first way that has room for body type; where none has, the one whose type is largest.
    """
    line, keys = theme.line_height(), KEYS * keyed
    rows = ROW * (learners + 1) if learners <= MOST_ROWS else 0.0
    below, beside = keys + PLOT + rows + 0.6, keys + max(PLOT, rows)
    ways: list[_Way] = []
    for note in (True, False) if noted else (False,):
        more = NOTE * note + VERDICT
        if rows:
            both = [_Way(WIDE + TABLE, beside + more, "beside", note), _Way(WIDE, below + more, "below", note)]
            ways += both if area.width() > FLAT * area.height() else reversed(both)
        else:
            ways.append(_Way(SLIM, keys + PLOT + more, "", note))
    ways += [_Way(SLIM, keys + PLOT + VERDICT), _Way(SLIM, keys + 4.5 + 1.2, lines=1.2)]
    scales = [min(area.width() / way.wide, area.height() / way.high) / line for way in ways]
    best = next((place for place, scale in enumerate(scales) if scale >= 1), scales.index(max(scales)))
    scale = min(scales[best], LARGEST)
    return _laid(area, ways[best], scale, (line * scale, keys * line * scale, rows * line * scale))


def _laid(area: QRectF, way: _Way, scale: float, sizes: tuple[float, float, float]) -> Plan:
    """Return the places of one way; ``sizes`` are the pixels of a line, of the keys and of all rows."""
    line, keys, rows = sizes
    rest = QRectF(area)
    above = None
    if keys:
        above = QRectF(rest.left(), rest.top(), rest.width(), keys - 0.2 * line)
        rest.setTop(rest.top() + keys)
    note = None
    if way.note:
        note = QRectF(rest.left(), rest.bottom() - NOTE * line, rest.width(), NOTE * line)
        rest.setBottom(note.top())
    verdict = QRectF(rest.left(), rest.bottom() - way.lines * line, rest.width(), way.lines * line)
    rest.setBottom(verdict.top())
    plot, table = QRectF(rest), None
    if way.table == "beside":
        wide = min(1.3 * TABLE * line, 0.5 * rest.width())
        table = QRectF(rest.right() - wide, rest.top(), wide, min(rest.height(), 1.3 * rows))
        plot.setRight(table.left() - line)
    elif way.table == "below":
        table = QRectF(rest.left(), rest.bottom() - rows, rest.width(), rows)
        plot.setBottom(table.top() - 0.4 * line)
    return Plan(scale, above, plot, table, verdict, note)
