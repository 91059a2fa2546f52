"""What is chosen for the next run: its name, what other data make of it, and how it differs from the run shown.

Pure functions of recipes and records; the action bar and the note below it say what they return.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lwf_gui import InputError
from lwf_gui.protocol import DataReady
from lwf_gui.recipe import DEFAULT_PRESET, Hyper, Recipe, live_keys, load_preset, preset_names

DIGITS_PRESET = "digits"
"""The preset whose settings fit the digits' size."""

RECORDED_PRESET = "of the run"
"""Name of the recipe of a run where no preset is like it."""

NEAR = 8
"""Settings in which a recipe may differ from a preset and still be called after it."""

NO_MATTER = ("engine.", "train.log", "train.probe")
"""Beginnings of the keys of settings that make no other experiment: of the machine, and of how closely one looks."""


_DATA = {
    "auto": "Fashion-MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "fashion-mnist-part": "a part of Fashion-MNIST",
    "digits": "the digits",
}


def preset_text(preset: str, recipe: Recipe) -> str:
    """Return the name of a recipe made from a preset, by name or of a file: "classroom (modified)" where it differs.

    The data are named beside it, and do not count.
    """
    base = _recipe_of(preset)
    return _named(preset, changed=base is not None and bool(_differ(recipe, base)))


def run_text(preset: str, recipe: Recipe) -> str:
    """Return the name of a run's recipe, likewise, but for what makes no other experiment."""
    base = _recipe_of(preset)
    return _named(preset, changed=base is not None and bool(_matter(_differ(recipe, base))))


def preset_of(recipe: Recipe) -> str:
    """Return the preset that a recipe is, or is made from by a few settings, for all that can be told."""
    known = [(len(_differ(recipe, load_preset(name).recipe)), name) for name in preset_names()]
    count, name = min(known, key=lambda found: found[0])
    return name if count <= NEAR else RECORDED_PRESET


def on_data(recipe: Recipe, preset: str, spec: str) -> tuple[Recipe, str]:
    """Return a recipe and its preset's name on other data; every setting that was changed stays changed.

    The default preset and the digits' change places, for each fits its own size of data.
    """
    swap = {DIGITS_PRESET: DEFAULT_PRESET, DEFAULT_PRESET: DIGITS_PRESET}
    other = swap.get(preset)
    if other is not None and (preset == DIGITS_PRESET) != (spec == "digits"):
        own = {key: recipe.get(key) for key in _differ(recipe, load_preset(preset).recipe)}
        try:
            return load_preset(other).recipe.with_settings({**own, "data.dataset": spec}), other
        except InputError:
            pass  # what was changed does not fit the other preset: a longer warm-up than it has epochs, say
    return recipe.with_settings({"data.dataset": spec}), preset


def own_data(recipe: Recipe, preset: str) -> str:
    """Return the data that were chosen beside a preset; empty where they are the preset's own."""
    base = _recipe_of(preset)
    spec = recipe.data.dataset
    return "" if spec == "auto" or (base is not None and base.data.dataset == spec) else spec


def next_text(shown: DataReady | None, name: str, held: Hyper | None, recipe: Recipe, preset: str, state: str) -> str:
    """Say what the next run will be where it is another than the one shown; nothing where it would be the same.

    ``name`` is the preset of the run that is shown, ``held`` are its live settings now, and ``state`` is "running",
    "recorded" or "over".
    """
    if shown is None or not _is_another(shown, held, recipe):
        return ""
    run, following = run_text(name, shown.recipe), run_text(preset, recipe)
    if not _same_data(shown, recipe.data.dataset):
        run, following = (
            f"{what} on {_data_text(data)}" for what, data in ((run, shown.dataset), (following, recipe.data.dataset))
        )
    if run == following:
        following = f"{following}, with other settings"
    match state:
        case "running":
            return f"{run} is running; {following} is next."
        case "recorded":
            return f"Recorded run: {run}. Press Run to train {following}."
        case _:
            return f"Shown: {run}. Press Run to train {following}."


def _is_another(shown: DataReady, held: Hyper | None, recipe: Recipe) -> bool:
    keys = {key: name for name, key in live_keys().items()}
    followed = {key for key, name in keys.items() if held is not None and recipe.get(key) == getattr(held, name)}
    differ = set(_matter(_differ(recipe, shown.recipe)))
    return bool(differ - followed) or not _same_data(shown, recipe.data.dataset)


def _same_data(shown: DataReady, spec: str) -> bool:
    return spec in (shown.recipe.data.dataset, shown.dataset) or (spec == "auto" and shown.dataset != "digits")


def _data_text(spec: str) -> str:
    return _DATA.get(spec, Path(spec).name or spec)


def _named(preset: str, *, changed: bool) -> str:
    name = preset if preset in preset_names() else Path(preset).stem
    return f"{name} (modified)" if changed else name


def _matter(keys: list[str]) -> list[str]:
    return [key for key in keys if not key.startswith(NO_MATTER)]


def _differ(recipe: Recipe, base: Recipe) -> list[str]:
    return [key for key in recipe.changes_from(base) if key != "data.dataset"]


@cache
def _recipe_of(preset: str) -> Recipe | None:
    """Return a preset's own recipe; None of a name that stands for no preset and no file, or no longer."""
    try:
        return load_preset(preset).recipe
    except InputError:
        return None
