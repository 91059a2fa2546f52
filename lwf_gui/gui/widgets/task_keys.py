"""What keys do on the board of a split: which class is next to another one, and where a class goes. Pure functions."""

from __future__ import annotations

from PySide6.QtCore import Qt

from lwf_gui.gui.widgets.task_places import Places
from lwf_gui.runs.splits import Place, Split

OUT = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
ACROSS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def move_of(split: Split, label: int, key: Qt.Key, *, control: bool) -> Place | None:
    """Return where a key moves a class; None where it moves none."""
    here, unused = split.place(label), len(split.tasks)
    if key in OUT:
        return Place(unused, 0) if here.row < unused else None
    if not control:
        return None
    if key in DOWN:
        row = here.row + DOWN[key]
        return Place(row, here.column) if 0 <= row <= unused else None
    return _across(split, here, ACROSS[key]) if key in ACROSS else None


def _across(split: Split, here: Place, by: int) -> Place | None:
    """Return the next place in a row, or from its ends the nearest one of the next task, or of the one before."""
    row, unused = split.rows[here.row], len(split.tasks)
    if here.row < unused and 0 <= here.column + by < len(row):
        return Place(here.row, here.column + (2 if by > 0 else -1))
    to = here.row + by
    if not 0 <= to <= unused:
        return None
    return Place(to, 0 if by > 0 else len(split.rows[to]))


def neighbour_of(split: Split, places: Places, label: int, key: Qt.Key) -> int | None:
    """Return the class that an arrow key, Home or End goes to; None where there is none."""
    order = split.classes
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return order[0 if key == Qt.Key.Key_Home else -1]
    if key in ACROSS:
        at = order.index(label) + ACROSS[key]
        return order[at] if 0 <= at < len(order) else None
    return _above(split, places, label, DOWN[key]) if key in DOWN else None


def _above(split: Split, places: Places, label: int, by: int) -> int | None:
    """Return the class in the nearest line above, or below, that stands nearest to straight on."""
    here = places.tile_rect(split.place(label)).center()

    def distance(other: int) -> tuple[int, int]:
        there = places.tile_rect(split.place(other)).center()
        return by * (there.y() - here.y()), abs(there.x() - here.x())

    beyond = [other for other in split.classes if distance(other)[0] > 0]
    return min(beyond, key=distance, default=None)
