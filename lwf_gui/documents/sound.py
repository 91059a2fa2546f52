"""What checks of a run file require, each a line: a shape, a range, a name that can be shown; and the limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from lwf_gui.untrusted import Unsound, check_tree, shortened

MOST = 1_000_000_000
"""Of steps, images and seconds: more than any run can have."""

MAX_UNITS = 256
"""Classes, for labels are bytes; also learners and layers."""

MAX_SIDE = 4096
"""Pixels, and filters."""

MAX_NAME, MAX_TEXT = 300, 10_000
"""Characters of a name, and of a line or sentence."""

_TITLES = {
    "DataReady": "the data",
    "Provenance": "when and with what it was run",
    "Notes": "the notes",
    "PhaseStarted": "the start of a task",
    "Steps": "losses",
    "Probe": "answers on the probe images",
    "LayerProbe": "a look into the layers",
    "ClassMeans": "a look at class means",
    "PutBack": "a look with layers put back",
    "StraightPath": "a look along straight paths",
    "Representation": "a look at the features of old images",
    "TeacherReady": "the teacher",
    "Evaluated": "results on the test sets",
    "LiveSettingsApplied": "a changed setting",
    "LogLine": "the log",
}


def located(number: int, kind: str, fault: Unsound) -> Unsound:
    """Return a fault with the place where it is: which of the file's messages, and what that tells."""
    return Unsound(f"message {number}, {_TITLES.get(kind, 'the end of the run')}: {fault}")


def shape(what: str, array: NDArray[Any], *wanted: int | None) -> tuple[int, ...]:
    """Return an array's shape, which must be as wanted where that is no None."""
    fits = array.ndim == len(wanted) and all(w in (None, n) for w, n in zip(wanted, array.shape, strict=True))
    sizes = " x ".join("any" if size is None else str(size) for size in wanted)
    require(fits, f"{what} are {' x '.join(map(str, array.shape))}, they must be {sizes}")
    return array.shape


def within(what: str, value: Any, low: float, high: float) -> None:
    """Require a number between two bounds, these included."""
    sound = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    allowed = f"it must be from {low:,} to {high:,}" if low <= high else "there can be no more"
    require(sound, f"{what} = {shortened(str(value), 40)} is not allowed: {allowed}")


def names(names: Sequence[str], what: str, most: int = MAX_NAME) -> None:
    """Require names, or lines, that are short and can be shown."""
    try:
        check_tree(list(names), lines=False, longest=most)
    except Unsound as error:
        raise Unsound(f"{what}: {error}") from error


def require(sound: bool, clause: str) -> None:
    """Raise `Unsound` with a clause unless something holds."""
    if not sound:
        raise Unsound(clause)
