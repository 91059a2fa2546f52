"""What the widest words of a card are, by what it tells: room is kept for them, so that type never jumps.

A card tells of two tasks the old one and the new one, of more the average over the tasks so far and what was forgotten.
Words are made smaller, or take two lines, before they are left out, for they carry the meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["full", "compact", "stack", "row", "pair", "rows"]
"""How much a card says: all, the most important on two lines, in a narrow card below its big digits, or both on one
line of a table, beside or below the name; "rows" adds a line below it, with all that there is to say."""

LINES: tuple[Form, ...] = ("row", "pair", "rows")
"""The forms of a table."""

WIDEST = "100.0"
"""Digits are as big as lets this fit, so that their size never jumps."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The widest words of each line of a card.

    Attributes
    ----------
    unit, least_unit : what the big digits are of, and the least that says it
    sample, change, new : the other lines
    split : a text of ``change`` that may go on a second line, and where; empty: it is one line, and ``new`` has two
    least_change : what ``change`` says at least
    row_unit, row_end : unit and end of a line of a table
    ends_with : the line that a line of a table ends with
    beside : the line that stands below the unit in a compact card
    tall : form of a table where there is height for it
    """

    unit: str
    least_unit: str
    sample: str
    change: str
    new: str
    split: str
    least_change: str
    row_unit: str
    row_end: str
    ends_with: Literal["change", "new"]
    beside: Literal["sample", "change"]
    tall: Form


OLD_AND_NEW = Wording(
    unit="% of the old task right",
    least_unit="% old right",
    sample="all 60,000 test images",
    change="▼ 100.0 points since expansion",
    new="new task: 100.0 % right",
    split=" since ",
    least_change="▼ 100.0 points",
    row_unit="% old",
    row_end="new 100.0 %",
    ends_with="new",
    beside="sample",
    tall="row",
)

AVERAGES = Wording(
    unit="%, mean of 10 tasks",
    least_unit="% (10 tasks)",
    sample="all 60,000 test images",
    change="forgot 100.0 points",
    new="tasks 1-9: 100.0 %,",
    split="",
    least_change="forgot 100.0 pts",
    row_unit="% mean",
    row_end="forgot 100.0 pts",
    ends_with="change",
    beside="change",
    tall="rows",
)
