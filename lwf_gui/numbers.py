"""Number formatting: every number that is painted or said in a place of limited width has its form from here.

A form never grows longer than `LONGEST` characters: what would, changes to an exponent. So room can be reserved, and
nothing ever needs to be cut into another number. Knows nothing of windows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

UNKNOWN = "-"
"""In place of what is no number."""

LARGE, SMALL = 5, -4
"""Powers of ten from which on, and up to which, a number is written with an exponent."""

LONGEST = 11
"""Characters of the longest form without its unit: that of ``-1.2345e-308`` and its kind is cut to fewer digits."""

MOST_DIGITS = 4
"""Significant digits of a number with an exponent, at most."""


def compact(value: float, unit: str = "", *, digits: int = 2, decimals: int | None = None) -> str:
    """Return a number with its unit, in a form that stays short whatever its size.

    Parameters
    ----------
    value : any float; NaN is `UNKNOWN`, without a unit
    unit : written behind the number, with a space
    digits : significant digits at least; all digits before the decimal point are always written
    decimals : write so many digits behind the decimal point, zeros too, but fewer where that would be more than
        ``digits`` significant ones; None writes as many as ``digits`` asks for, without zeros at the end

    >>> compact(108_432_010, "%"), compact(24.3, "%"), compact(0.0123), compact(89.96, "%", digits=4, decimals=1)
    ('1.1e8 %', '24 %', '0.012', '90.0 %')
    """
    if math.isnan(value):
        return UNKNOWN
    return f"{_form(value, digits, decimals)} {unit}" if unit else _form(value, digits, decimals)


def percent(value: float, decimals: int = 0) -> str:
    """Return a value in percent with so many decimals, for accuracies and shares from 0 to 100."""
    return compact(value, "%", digits=3 + decimals, decimals=decimals)


def nats(value: float) -> str:
    """Return a loss in nats, without the unit: three decimals, fewer of a large one."""
    return compact(value, digits=4, decimals=3)


def three_digits(value: float) -> str:
    """Return a number with three significant digits, zeros at the end too: what follows on a line keeps its place."""
    return f"{value:#.3g}".rstrip(".")


def counted(count: int, noun: str) -> str:
    """Return a count of things with their noun, which is given in the singular and takes an s for any other number.

    >>> counted(1, "probe image"), counted(1_200, "probe image")
    ('1 probe image', '1,200 probe images')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(texts: Sequence[str]) -> str:
    """Return texts as people list them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def _form(value: float, digits: int, decimals: int | None) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    digits = max(1, digits)
    power = f"{value:.{digits - 1}e}".partition("e")[2]  # rounded first: 9.96 in two digits is 10
    exponent = int(power) if value else 0
    if exponent >= LARGE or (exponent <= SMALL and decimals is None):
        short = f"{value:.{min(digits, MOST_DIGITS) - 1}e}".partition("e")
        return f"{_stripped(short[0])}e{int(short[2])}"
    places = max(0, digits - 1 - exponent)
    if decimals is not None:
        form = f"{value:,.{min(places, decimals)}f}"
        return form.removeprefix("-") if not float(form.replace(",", "")) else form  # no negative zero
    return _stripped(f"{value:,.{places}f}") if value else "0"


def _stripped(number: str) -> str:
    """Return a number without zeros at the end of its decimals."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def round_up(value: float) -> float:
    """Return the next number above a positive one that is 1, 2 or 5 times a power of ten; 1 of none."""
    if not value > 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value * (1 - 1e-9))
