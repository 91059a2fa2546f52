"""A sweep as the window asks for it: its command line, and whether its axes can be used, said without one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

from lwf_gui import InputError
from lwf_gui.recipe import Recipe
from lwf_gui.sweeps import leash
from lwf_gui.sweeps.axes import Axis, Span, read_axis
from lwf_gui.sweeps.plan import require_few, typed

MOST_CHECKED = 500
"""Combinations that are checked before the sweep is started; of more, the command says what is wrong."""


def axis_typed(key: str, values: str, recipe: Recipe) -> Axis:
    """Return an axis as typed: a setting, and values or a range of them.

    Raises
    ------
    InputError
        If it cannot be used with a recipe: a sentence that names no option.
    """
    typed = f"{key.strip()}={values.strip()}"
    try:
        axis = read_axis(typed, random=False)
        assert isinstance(axis, Axis), "ranges have been spaced"
        for value in axis.values[:MOST_CHECKED]:
            recipe.with_settings({axis.key: value})
    except InputError as error:
        told = str(error)
        raise InputError(told.partition(": ")[2] if told.startswith("--grid") else told) from error
    return axis


def require_sound(axes: Sequence[Axis | Span], seeds: int, recipe: Recipe) -> int:
    """Return how many runs there are.

    Raises
    ------
    InputError
        For an axis that is named twice, too many runs, or a combination that is no recipe.
    """
    keys = [axis.key for axis in axes]
    if len({*keys}) < len(keys):
        raise InputError(f"{keys[0]} is named twice; write all its values into one.")
    if "seed" in keys and seeds > 1:
        raise InputError("The seed is one of the settings: then the number of seeds is 1.")
    values = [axis.values for axis in axes if isinstance(axis, Axis)]
    count = math.prod(map(len, values)) * seeds
    require_few(count)
    for told in itertools.islice(itertools.product(*values), MOST_CHECKED):
        recipe.with_settings(dict(zip(keys, told, strict=True)))
    return count


def command(recipe: Recipe, grid: Sequence[str], seeds: int, folder: Path) -> tuple[str, ...]:
    """Return the words of the process that does a new sweep, which ends with the one that started it."""
    axes = tuple(word for each in grid for word in ("--grid", each))
    return (*_begin(folder), *typed(recipe), *axes, "--seeds", str(seeds))


def resumed(folder: Path) -> tuple[str, ...]:
    """Return the words of the process that does what is missing of a sweep."""
    return (*_begin(folder), "--resume")


def _begin(folder: Path) -> tuple[str, ...]:
    return leash.command("sweep", "--quiet", "--out", str(folder))
