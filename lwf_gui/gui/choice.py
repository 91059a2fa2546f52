"""What is chosen for the next run: its name, what other data make of it, and how it differs from the run shown.

Pure functions of recipes and records; the action bar and the note above it say what they return.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lwf_gui import InputError
from lwf_gui.messages import DataReady
from lwf_gui.recipe import DEFAULT_PRESET, LiveSettings, Recipe, live_keys, load_preset, preset_names, settings
from lwf_gui.runs.settings_text import matter, setting_text

DIGITS_PRESET = "digits"
"""The preset whose settings fit the digits' size."""

RECORDED_PRESET = "of the run"
"""Name of the recipe of a run where no preset is like it."""

NEAR = 8
"""Settings in which a recipe may differ from a preset and still be called after it."""

MOST_SAID = 3
"""Settings that a sentence names at most."""

DATA_CALLED = {
    "auto": "Fashion-MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "fashion-mnist-part": "a part of Fashion-MNIST",
    "digits": "the digits",
}
"""What a sentence calls data."""


def preset_text(preset: str, recipe: Recipe) -> str:
    """Return the name of a recipe made from a preset, by name or of a file: "classroom (modified)" where it differs.

    The data are named beside it, and do not count.
    """
    base = _recipe_of(preset)
    return _named(preset, changed=base is not None and bool(_differ(recipe, base)))


def run_text(preset: str, recipe: Recipe) -> str:
    """Return the name of a run's recipe, likewise, but for what makes no other experiment."""
    return _named(preset, changed=_recipe_of(preset) is not None and _is_changed(preset, recipe))


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


class Shown(NamedTuple):
    """The run that is shown: its data and recipe, its preset's name, its live settings now, and what it is doing."""

    data: DataReady
    preset: str
    held: LiveSettings
    head: str
    """ "Running" or "Shown", say."""
    changed: Mapping[str, int] = {}
    """The steps at which live settings were changed while it trained, by their fields."""


def next_text(shown: Shown, recipe: Recipe, preset: str, *, busy: bool) -> str:
    """Say what the next run will be where it is another than the one shown; nothing where it would be the same."""
    now = _as_it_is(shown)
    keys = matter(_differ(recipe, now), recipe, now)
    moved = not same_data(shown.data, recipe.data.dataset)
    if not keys and not moved:
        return ""
    if keys and _base(shown.preset) != _base(preset):
        run, following = run_text(shown.preset, now), run_text(preset, recipe)
    else:
        run = f"a run{_settings_text(now, keys, shown.changed)}"
        plain = "" if moved else " as it is"
        following = _base(preset) + (_settings_text(recipe, keys) if _is_changed(preset, recipe) else plain)
    if moved:
        run, following = _on(run, shown.data.dataset), _on(following, recipe.data.dataset)
    return f"{shown.head}: {run}. {'The next run' if busy else 'Run'} trains {following}."


def _as_it_is(shown: Shown) -> Recipe:
    """Return the recipe that trains as a run does now."""
    keys = live_keys()
    return shown.data.recipe.with_settings({key: getattr(shown.held, name) for name, key in keys.items()})


def _settings_text(recipe: Recipe, keys: list[str], changed: Mapping[str, int] | None = None) -> str:
    """Return " with alpha 0.5, learning rate 0.005"; of many settings the first few, and how many more there are.

    Those that were changed while the run trained are said with the step at which they were.
    """
    steps = changed or {}
    since = {key: f" since step {steps[name]:,}" for name, key in live_keys().items() if name in steps}
    first = sorted(keys, key=lambda key: not settings()[key].live)
    said = [setting_text(key, recipe.get(key)) + since.get(key, "") for key in first]
    if len(said) > MOST_SAID:
        said = [*said[: MOST_SAID - 1], f"{len(said) - MOST_SAID + 1} other settings"]
    return f" with {', '.join(said)}" if said else ""


def _on(what: str, data: str) -> str:
    """Return a run on its data; those that it is called after are not named again."""
    return what if data == "digits" and what.startswith(DIGITS_PRESET) else f"{what} on {_data_text(data)}"


def _base(preset: str) -> str:
    return _named(preset, changed=False)


def _is_changed(preset: str, recipe: Recipe) -> bool:
    base = _recipe_of(preset)
    return base is None or bool(matter(_differ(recipe, base), recipe, base))


def same_data(shown: DataReady, spec: str) -> bool:
    """Whether a run was on the data that a recipe names."""
    return spec in (shown.recipe.data.dataset, shown.dataset) or (spec == "auto" and shown.dataset != "digits")


def _data_text(spec: str) -> str:
    return DATA_CALLED.get(spec, Path(spec).name or spec)


def _named(preset: str, *, changed: bool) -> str:
    name = preset if preset in preset_names() else Path(preset).stem
    return f"{name} (modified)" if changed else name


def _differ(recipe: Recipe, base: Recipe) -> list[str]:
    return [key for key in recipe.changes_from(base) if key != "data.dataset"]


@cache
def _recipe_of(preset: str) -> Recipe | None:
    """Return a preset's own recipe; None of a name that stands for no preset and no file, or no longer."""
    try:
        return load_preset(preset).recipe
    except InputError:
        return None
