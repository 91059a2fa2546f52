"""The axes of a sweep: a setting and its values, or a range to take values from, as typed after ``--grid``.

lwf.alpha=0.5,1,2            these values
lwf.alpha=0.1..10:5:log      5 values from 0.1 to 10, evenly spaced by their logarithm; without log, evenly
lwf.alpha=0.1..10:log        with --random: drawn between them, uniform in the logarithm; without log, uniform
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lwf_gui import InputError, untrusted
from lwf_gui.recipe import parse_assignment, settings

MOST_POINTS = 1000
"""Values of one axis."""

DIGITS = 4
"""Significant digits of what is drawn or spaced: enough to search by, and few enough to type again."""

_NUMBER = r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})((?::[a-z0-9]{{1,9}})*)")
_OPEN, _CLOSE, _QUOTES = "[{", "]}", "\"'"


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting and the values that it takes in a sweep."""

    key: str
    values: tuple[Any, ...]

    def draw(self, chance: np.random.Generator) -> Any:
        """Return one of the values, each as likely as the others."""
        return self.values[int(chance.integers(len(self.values)))]


@dataclass(frozen=True, slots=True)
class Span:
    """A setting and the numbers that it takes values between; ``points``: how many, 0 where they are drawn."""

    key: str
    low: float
    high: float
    points: int
    log: bool

    def spaced(self) -> Axis:
        """Return the axis of evenly spaced values, both ends included; whole numbers twice are one."""
        shares = np.linspace(0, 1, self.points) if self.points > 1 else np.zeros(1)
        values = tuple(dict.fromkeys(self._at(float(share)) for share in shares))
        return Axis(self.key, values)

    def draw(self, chance: np.random.Generator) -> Any:
        """Return a value between the ends, uniform, or uniform in the logarithm."""
        return self._at(float(chance.random()))

    def _at(self, share: float) -> int | float:
        """Return the value at a share of the way from low to high, rounded as the setting wants it."""
        if share in (0, 1):
            value = self.high if share else self.low
        elif self.log:
            value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + share * (self.high - self.low)
        if settings()[self.key].kind == "integer":
            return round(value)
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)


def read_axis(text: str, *, random: bool) -> Axis | Span:
    """Read ``KEY=VALUES`` as typed after ``--grid``; ``random``: whether values are drawn.

    Raises
    ------
    InputError
        Without values, for a key that is no setting, or for a range that cannot be used.
    """
    where = f"--grid {untrusted.shortened(text)}"
    key, equals, told = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"{where}: write it as KEY=V1,V2,..., for example lwf.alpha=0.5,1,2.")
    parse_assignment(f"{key}=0")  # whether it is a setting
    if found := _RANGE.fullmatch(told):
        return _span(where, key, found, random=random)
    parts = list(_parts(told))
    if not all(parts):
        raise InputError(f"{where}: a value is missing; write it as KEY=V1,V2,..., for example lwf.alpha=0.5,1,2.")
    if len(parts) > MOST_POINTS:
        raise InputError(f"{where}: it has {len(parts):,} values; at most {MOST_POINTS:,} are allowed.")
    return Axis(key, tuple(parse_assignment(f"{key}={part}")[1] for part in parts))


def _span(where: str, key: str, found: re.Match[str], *, random: bool) -> Axis | Span:
    """Return a range, or, where values are not drawn, the values in it."""
    if settings()[key].kind not in ("number", "integer"):
        raise InputError(f"{where}: {key} is no number, so it has no range; write its values as {key}=V1,V2,...")
    low, high = float(found[1]), float(found[2])
    counts, logs = list[int](), 0
    for option in found[3].split(":")[1:]:
        number = untrusted.whole_number(option)
        if option != "log" and number is None:
            raise InputError(f"{where}: {option!r} is not known; after a range may stand a number of values, and log.")
        logs += option == "log"
        counts += [number] if number is not None else []
    if not low < high or not math.isfinite(high - low):
        raise InputError(f"{where}: a range goes from a number to a larger one.")
    if logs and low <= 0:
        raise InputError(f"{where}: with log a range begins above 0.")
    if random and counts:
        raise InputError(f"{where}: with --random values are drawn from a range, so it has no number of values.")
    if not random and not (len(counts) == 1 and 1 < counts[0] <= MOST_POINTS):
        raise InputError(
            f"{where}: say how many values to take from the range, 2 to {MOST_POINTS:,}, as in {key}={found[1]}.."
            f"{found[2]}:5{':log' if logs else ''}; or draw N of them with --random N."
        )
    span = Span(key, low, high, 0 if random else counts[0], bool(logs))
    return span if random else span.spaced()


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between commas, but for those within brackets or quotes, as of lists and tables."""
    depth, quote, begun = 0, "", 0
    for place, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
        elif sign in _OPEN or sign in _CLOSE:
            depth += 1 if sign in _OPEN else -1
        elif sign == "," and depth == 0:
            yield text[begun:place].strip()
            begun = place + 1
    yield text[begun:].strip()
