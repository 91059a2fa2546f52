"""Pinned runs: records that stay in the picture, each with a letter, to be compared with the run that is shown.

Pure functions of pins. How two runs differ is `lwf_gui.runs.differences`, their figures are `lwf_gui.runs.compared`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lwf_gui.runs.record import Record

LETTERS = "ABC"
"""What pinned runs are called, in the order in which they are given away."""

MOST_PINS = len(LETTERS)
"""Runs that can be pinned: curves of more could not be told apart."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A run that stays in the picture, as it was when it was pinned: a record grows only while its run trains."""

    letter: str
    record: Record


Pins = tuple[Pin, ...]
"""Pinned runs, the one that was pinned first at the beginning."""


def pinned(pins: Pins, record: Record) -> Pins:
    """Return the pins with one more: it has the first free letter, or takes the oldest one's place and letter."""
    free = [letter for letter in LETTERS if letter not in {pin.letter for pin in pins}]
    if free:
        return (*pins, Pin(free[0], record))
    oldest, *others = pins
    return (*others, Pin(oldest.letter, record))


def without(pins: Pins, record: Record) -> Pins:
    """Return the pins but the one of this very run."""
    return tuple(pin for pin in pins if pin.record is not record)


def letter_of(pins: Pins, record: Record) -> str:
    """Return the letter of this very run; empty where it is not pinned."""
    return next((pin.letter for pin in pins if pin.record is record), "")


def beside(pins: Pins, record: Record) -> Pins:
    """Return the pins that stand beside a run that is shown, by letter: all but that of this very run."""
    return tuple(sorted(without(pins, record), key=lambda pin: pin.letter))


def listed(pins: Sequence[Pin]) -> str:
    """Return the letters of pins as people list them: "A", "A and B", "A, B and C"."""
    *first, last = [pin.letter for pin in pins]
    return f"{', '.join(first)} and {last}" if first else last
