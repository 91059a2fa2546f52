"""The recipe of a run as text to send, and what another one changes, in words. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from lwf_gui.messages import DataReady
from lwf_gui.recipe import DATA_SETS, Engine, Recipe, copied
from lwf_gui.runs.settings_text import setting_text

MOST_NAMED = 4
"""Settings that a sentence names at most."""

_PRECISIONS = set(get_args(Engine.model_fields["precision"].annotation)) - {"auto"}


def recipe_text(recipe: Recipe, data: DataReady | None) -> str:
    """Return a recipe as text; the precision that its run had, where ``data`` are of a run of it."""
    ran = data is not None and data.recipe == recipe and recipe.engine.precision == "auto"
    return copied(recipe, precision_of(data) if ran and data is not None else "")


def precision_of(data: DataReady) -> str:
    """Return the arithmetic of a run's networks; empty where it is not known."""
    told = data.device.rpartition(", ")[2]
    return told if told in _PRECISIONS else ""


def left_out(recipe: Recipe) -> str:
    """Say what a recipe's text goes without; empty: nothing."""
    return "" if recipe.data.dataset in DATA_SETS else "without your folder of images"


def changes_text(before: Recipe, now: Recipe) -> str:
    """Return what changes from one recipe to another: "alpha 0.5, seed 3, and 2 other settings"; empty: nothing."""
    keys: Sequence[str] = now.changes_from(before)
    said = [setting_text(key, now.get(key)) for key in keys]
    if len(said) > MOST_NAMED:
        said = [*said[: MOST_NAMED - 1], f"and {len(said) - MOST_NAMED + 1} other settings"]
    return ", ".join(said)
