"""The axes of a sweep's heat map: which settings differ between its runs, and where each value stands.

Pure functions of the runs' settings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from lwf_gui import untrusted
from lwf_gui.numbers import compact
from lwf_gui.recipe import settings
from lwf_gui.runs.sweep_view import SEED, SweepView

MOST_VALUES = 12
"""Different numbers up to which each has a place of its own; more, as drawn ones are, share places."""

PARTS = 8
"""Places that numbers share then."""

TEN_FOLD = 10.0
"""From this ratio of the largest to the smallest number on, the places are even by the logarithm."""


@dataclass(frozen=True, slots=True)
class MapAxis:
    """One axis.

    Attributes
    ----------
    key : the setting; empty for an axis with a single place, where no second setting differs
    texts : what stands at each place
    briefs : the same where there is little room
    places : the place of each value, as JSON
    shared : whether places are parts of a range
    """

    key: str
    texts: tuple[str, ...]
    briefs: tuple[str, ...]
    places: Mapping[str, int]
    shared: bool = False

    def place(self, told: Mapping[str, Any]) -> int:
        """Return where a run with these settings stands."""
        return self.places[_mark(told[self.key])] if self.key else 0

    @property
    def label(self) -> str:
        """The setting's name for people."""
        return label_of_key(self.key) if self.key else ""

    @property
    def short(self) -> str:
        """Its shortest name: the letter that stands for it, or the last part of its key."""
        letter = self.label.rpartition(" ")[2]
        return letter if len(letter) == 1 else self.key.rpartition(".")[2]


def label_of_key(key: str) -> str:
    """Return a setting's name for people; one that this program does not know has its key."""
    setting = settings().get(key)
    return untrusted.shortened(key, 40) if setting is None else setting.label


def text_of_value(value: Any) -> str:
    """Return a setting's value as it is read most easily."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return compact(float(value), digits=4)
    if isinstance(value, list | tuple):
        return untrusted.shortened(", ".join(map(str, value)), 24)
    return untrusted.shortened(str(value), 24)


def varying(view: SweepView) -> tuple[str, ...]:
    """Return the settings that differ between runs, in the order in which they were named; the seed last.

    Where none does, the first one that was named stands for all.
    """
    found = tuple(key for key in view.keys if len(axis_of(view, key).places) > 1)
    seeds = (SEED,) if view.seeds > 1 else ()
    return (*(found or view.keys[: 1 - len(seeds)]), *seeds) or (SEED,)


def first_axes(view: SweepView) -> tuple[str, str]:
    """Return the settings across and up at first: those that differ; seeds only where nothing else does."""
    keys = [key for key in varying(view) if key != SEED] or [SEED]
    return keys[0], keys[1] if len(keys) > 1 else ""


def axis_of(view: SweepView, key: str) -> MapAxis:
    """Return the axis of a setting; numbers ascend, other values stand in the order of the runs."""
    kept = _axes.setdefault(view, {})
    if key not in kept:
        kept[key] = _axis_of(view, key) if key else MapAxis("", ("",), ("",), {})
    return kept[key]


_axes: WeakKeyDictionary[SweepView, dict[str, MapAxis]] = WeakKeyDictionary()
"""The axes of sweeps, whose runs are always the same; of thousands they take a while."""


def _axis_of(view: SweepView, key: str) -> MapAxis:
    values = list({_mark(run.settings[key]): run.settings[key] for run in view.runs}.values())
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        values.sort()
        if len(values) > MOST_VALUES:
            return _shared(key, values)
    texts = tuple(map(text_of_value, values))
    return MapAxis(key, texts, texts, {_mark(value): at for at, value in enumerate(values)})


def _shared(key: str, values: Sequence[float]) -> MapAxis:
    """Return an axis in even parts of the range from the smallest to the largest number."""
    low, high = float(values[0]), float(values[-1])
    logs = low > 0 and high / low >= TEN_FOLD
    begin, end = (math.log(low), math.log(high)) if logs else (low, high)

    def part(value: float) -> int:
        share = ((math.log(value) if logs else value) - begin) / (end - begin)
        return min(PARTS - 1, int(PARTS * share))

    def edge(number: int) -> str:
        at = begin + (end - begin) * number / PARTS
        return compact(math.exp(at) if logs else at)

    texts = tuple(f"{edge(number)} to {edge(number + 1)}" for number in range(PARTS))
    briefs = tuple(f"\N{GREATER-THAN OR EQUAL TO} {edge(number)}" for number in range(PARTS))
    return MapAxis(key, texts, briefs, {_mark(value): part(float(value)) for value in values}, shared=True)


def _mark(value: Any) -> str:
    if type(value) is float or type(value) is int:  # nearly always, and ten times as fast
        return repr(value)
    return json.dumps(value, sort_keys=True, default=str)
