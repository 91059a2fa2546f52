"""Numbers as people type and read them, the same in every locale: what is written is read back to the last digit.

A dot and a comma both mean the decimal point, and blanks may part thousands; what could also be read as another number
is refused, never guessed.
"""

from __future__ import annotations

import math
import re

from lwf_gui import InputError

LONGEST = 40
"""Characters that a number may have: more can only be a mistake."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_THOUSANDS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?![0-9])")
"""Digits in threes with blanks between them: spaces, also those that do not break a line, and narrow ones."""

_WHOLE = re.compile(r"[+-]?[0-9]+(?:[eE]\+?[0-9]{1,2})?")


def read_number(text: str) -> float:
    """Return the number that a text means: with a dot or a comma, with an exponent or without.

    Raises
    ------
    InputError
        For what is no number, what has dots or commas between thousands or may have, and what no float comes near to.
    """
    text = _bare(text)
    if _GROUPED.fullmatch(text):
        point, plain = text.replace(",", "."), text.replace(",", "")
        raise InputError(f"“{text}” can be read as {point} or as {plain}: write one of these.")
    if not _DECIMAL.fullmatch(text):
        raise InputError(f"“{text}” is no number: write it like 0.005, 0,005 or 5e-3.")
    number = float(text.replace(",", "."))
    if math.isinf(number) or (number == 0 and re.search("[1-9]", re.split("[eE]", text)[0])):
        raise InputError(f"“{text}” is {'too large' if number else 'too close to 0'} to be computed with.")
    return number + 0.0  # no -0


def read_whole_number(text: str) -> int:
    """Return the whole number that a text means, which has digits, blanks between thousands, or an exponent as in 1e3.

    Raises
    ------
    InputError
        For anything else: 1.000 is 1 to some and 1000 to others.
    """
    text = _bare(text)
    if not _WHOLE.fullmatch(text):
        raise InputError(f"“{text}” is no whole number: write digits alone, without dots and commas.")
    digits, _, zeros = text.lower().partition("e")
    return int(digits) * int(10 ** int(zeros or 0))


def written(number: float) -> str:
    """Return the shortest text that is read back as exactly this number."""
    if isinstance(number, int):
        return str(number)
    digits, e, power = repr(number).partition("e")
    return digits.removesuffix(".0") + (f"e{int(power)}" if e else "")


def _bare(text: str) -> str:
    """Return the text without the blanks around it, which a paste brings along, and those between thousands."""
    text = text.strip()
    if not text:
        raise InputError("A number is missing.")
    if len(text) > LONGEST:
        raise InputError(f"“{text[:LONGEST]}...” is too long for a number.")
    return _THOUSANDS.sub(lambda digits: re.sub("[^0-9]", "", digits[0]), text)
