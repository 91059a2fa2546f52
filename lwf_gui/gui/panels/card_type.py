"""The type of a learner's card: the biggest in which a card of some width says what its form does."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.card_wording import LINES, WIDEST, Form, Wording
from lwf_gui.gui.theme import Theme

DIGITS, SMALL_DIGITS, ROW_DIGITS = 4.2, 2.0, 1.15
"""Sizes of the big digits, in body text sizes, where there is room, in compact cards and in rows."""

NAME, ROW_NAME, LEAST_NAME = 1.25, 1.0, 0.8
"""Sizes of a learner's name, likewise: at most, in rows, and at least."""

LEFT, ROW_LEFT, RIGHT = 14, 22, 8
"""Pixels beside the figures in a card."""

GAP = 8
"""Pixels between the cards, and between what stands side by side in one."""

LEAST_TEXT, LEGIBLE = 0.75, 11
"""Part of the size of body text that these words take at least, or pixels, where that is less."""

SHRINK = 0.02
"""Part of its size by which type of a table is made smaller at a time."""

SLACK = 10
"""Pixels of a line of a table that are kept free: type has whole pixels, and does not shrink by any part."""


class CardType(NamedTuple):
    """The type of a card.

    Attributes
    ----------
    words : points of all but name and digits
    change_lines, new_lines : lines that these two take
    """

    name: QFont
    digits: QFont
    words: float
    change_lines: int = 1
    new_lines: int = 1


def room_in(width: float, form: Form, colours: Theme) -> float:
    """Return the pixels between the margins of a card so wide."""
    return width - (ROW_LEFT if form in LINES else LEFT) - RIGHT - 2 * colours.border


def fitting_type(room: float, form: Form, say: Wording, longest: str) -> CardType:
    """Return the biggest type that so many pixels have room for; ``longest`` is the longest name of all cards."""
    return _of_a_line(room, form, say, longest) if form in LINES else _of_a_card(room, form, say, longest)


def _of_a_card(room: float, form: Form, say: Wording, longest: str) -> CardType:
    """Return the type of a card whose lines stand below each other."""
    compact = form == "compact"
    size = DIGITS if form == "full" else SMALL_DIGITS
    metrics = QFontMetricsF(theme.font(1.0))
    least = LEAST_TEXT * metrics.horizontalAdvance(say.least_unit) + GAP if compact else 0.0
    digits = _biggest(theme.font(size, bold=True, fixed_digits=True), WIDEST, room - least, 1 / size)
    beside = room - QFontMetricsF(digits).horizontalAdvance(WIDEST) - GAP if compact else room
    bold = theme.font(1.0, bold=True)
    one_line = not say.split or LEAST_TEXT * QFontMetricsF(bold).horizontalAdvance(say.change) <= room
    widest = say.change if one_line else max(say.change.split(say.split), key=len)
    below = say.least_change if compact and say.beside == "change" else say.sample
    lines = ((say.unit, beside), (below, beside), (say.new, room))
    sizes = [_biggest(theme.font(1.0), words, place, LEAST_TEXT).pointSizeF() for words, place in lines]
    # All words of a card have one size, that of the line that has the least room.
    words = min(*sizes, _biggest(theme.font(1.0, bold=True), widest, room, LEAST_TEXT).pointSizeF())
    name = _biggest(theme.font(NAME, bold=True), longest, room - 2, LEAST_NAME / NAME)
    return CardType(name, digits, words, 1 if one_line else 2, 1 if say.split else 2)


def _of_a_line(room: float, form: Form, say: Wording, longest: str) -> CardType:
    """Return the type of a line of a table: all of it shrinks alike."""
    least = min(LEAST_TEXT, LEGIBLE / QFontInfo(theme.font(1.0)).pixelSize())
    share = max(least, min(1.0, (room - SLACK) / _line_width(longest, form, say)))
    while share > least and _line_width(longest, form, say, share) > room:
        share = max(least, share - SHRINK)  # type of whole pixels is wider than its part of the size
    name, digits, words = _line_fonts(share)
    return CardType(name, digits, words.pointSizeF())


def has_room(room: float, longest: str, form: Form, say: Wording) -> bool:
    """Return whether a card with so many pixels between its margins says of what its figures are, with a whole name."""
    name, bold = (QFontMetricsF(theme.font(size, bold=True)) for size in (LEAST_NAME, LEAST_TEXT))
    words = QFontMetricsF(theme.font(LEAST_TEXT)).horizontalAdvance(say.least_unit)
    digits = QFontMetricsF(theme.font(ROW_DIGITS, bold=True, fixed_digits=True)).horizontalAdvance(WIDEST)
    lines = {
        "full": max(words, bold.horizontalAdvance(say.least_change)),
        "compact": digits + GAP + words,
        "stack": max(words, digits),
    }
    if form in LINES:
        return room - SLACK >= LEAST_TEXT * _line_width(longest, form, say)
    return room >= max(lines[form], name.horizontalAdvance(longest) + (4 if say.split else SLACK))


def _biggest(font: QFont, text: str, room: float, least: float) -> QFont:
    """Return the font, or a smaller one in which a text fits into so many pixels, but not below a part of its size.

    Large type may become smaller than that, down to what is legible.
    """
    needed = QFontMetricsF(font).horizontalAdvance(text)
    least = min(least, LEGIBLE / QFontInfo(font).pixelSize())
    font.setPointSizeF(font.pointSizeF() * max(least, min(1.0, room / needed)))
    return font


def _line_fonts(share: float = 1.0) -> tuple[QFont, QFont, QFont]:
    """Return the type of a line of a table, at a part of its own size: of name, figure and words."""
    return (
        theme.font(share * ROW_NAME, bold=True),
        theme.font(share * ROW_DIGITS, bold=True, fixed_digits=True),
        theme.font(share),
    )


def _line_width(longest: str, form: Form, say: Wording, share: float = 1.0) -> float:
    """Return the pixels between the margins of a line of a table, at a part of its own size."""
    name, figure, body = map(QFontMetricsF, _line_fonts(share))
    digits = figure.horizontalAdvance(WIDEST)
    words = body.horizontalAdvance(say.row_unit) + body.horizontalAdvance(say.row_end)
    if form == "pair":
        return max(name.horizontalAdvance(longest), digits + words + 3 * GAP)
    return name.horizontalAdvance(longest) + digits + words + 3 * GAP
