"""Presets and command lines: where recipes come from."""

from __future__ import annotations

import difflib
import functools
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lwf_gui import InputError, paths, untrusted
from lwf_gui.reasons import reason
from lwf_gui.recipe.faults import shown
from lwf_gui.recipe.recipe import Recipe, validated
from lwf_gui.recipe.sharing import PREFIX, is_shared, read_shared, shared_text
from lwf_gui.recipe.table import require_setting

DEFAULT_PRESET = "classroom"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named recipe with a title and one sentence about it."""

    name: str
    title: str
    about: str
    recipe: Recipe


@functools.cache
def preset_names() -> tuple[str, ...]:
    """Return the names of the presets that ship with the program, the default first."""
    names = sorted(file.stem for file in (paths.resources() / "presets").glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT_PRESET))


def load_preset(name_or_file: str) -> Preset:
    """Read a preset by name, a TOML file of the same form by path, or a recipe that was copied as text.

    Raises
    ------
    InputError
        For an unknown name, an unreadable or malformed file, a damaged text, or a setting out of range.
    """
    if is_shared(name_or_file):
        return _pasted(name_or_file)
    where = f"--preset {untrusted.shortened(name_or_file, 300)}"
    if name_or_file in preset_names():
        return _shipped(name_or_file)
    return _read_preset(Path(os.path.expanduser(name_or_file)), where)


def _pasted(text: str) -> Preset:
    try:
        name, recipe = read_shared(text, _recipes())
    except InputError as error:
        raise InputError(f"--preset {PREFIX}...: {error}") from error
    return Preset(name, "Shared recipe", f"A recipe made from the preset {name}, as somebody copied it.", recipe)


def copied(recipe: Recipe, precision: str = "") -> str:
    """Return a recipe as a text to send, which `load_preset` and `pasted` read; see `lwf_gui.recipe.sharing`."""
    return shared_text(recipe, _recipes(), precision)


def pasted(text: str) -> Recipe:
    """Return the recipe that is somewhere in a text.

    Raises
    ------
    InputError
        If there is none, or it cannot be used.
    """
    return read_shared(text, _recipes())[1]


def called(preset: str) -> str:
    """Return what a recipe is called that ``--preset`` named: a text is long, so after the preset it is made from."""
    return load_preset(preset).name if is_shared(preset) else preset


def _recipes() -> dict[str, Recipe]:
    return {name: _shipped(name).recipe for name in preset_names()}


@functools.cache
def _shipped(name: str) -> Preset:
    """Return a preset that ships with the program: read once, for it does not change while the program runs."""
    return _read_preset(paths.resources() / "presets" / f"{name}.toml", f"--preset {name}")


def _read_preset(file: Path, where: str) -> Preset:
    """Return the preset of a TOML file, or raise `InputError` with where it was asked for."""
    try:
        if not file.is_file():
            near = difflib.get_close_matches(str(file), preset_names(), n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise InputError(
                f"{where}: there is no such preset or file{hint}; presets are {', '.join(preset_names())}."
            )
        tree = untrusted.parse_toml(untrusted.read_text(file))
    except OSError as error:
        raise InputError(f"{where}: the file cannot be read ({reason(error)}).") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: the file is not valid TOML: {untrusted.shortened(str(error), 200)}.") from error
    except untrusted.Unsound as error:
        raise InputError(f"{where}: the file cannot be read: {error}.") from error
    title, about = str(tree.pop("title", file.stem)), str(tree.pop("about", ""))
    try:
        recipe = validated(tree)
    except InputError as error:
        raise InputError(f"{file.name}: {error}") from error
    return Preset(file.stem, title, about, recipe)


def parse_assignment(text: str) -> tuple[str, Any]:
    """Read ``key=value`` as typed after ``--set``; the value is TOML, or else a bare word.

    Raises
    ------
    InputError
        Without an equals sign, or for a key that is no setting.
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"--set {untrusted.shortened(text)}: write it as KEY=VALUE, for example lwf.alpha=2.")
    require_setting(key)
    try:
        tree = untrusted.parse_toml(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return key, value
    except untrusted.Unsound as error:
        raise InputError(f"{key} = {shown(value)} is not allowed: {error}.") from error
    return key, tree["value"] if len(tree) == 1 else value  # of several lines none is the value


def compose(preset: str, assignments: Iterable[str] = (), *, data: str = "", seed: int | None = None) -> Recipe:
    """Return the recipe of a preset with command-line changes on top.

    Raises
    ------
    InputError
        For any part that cannot be used.
    """
    changes = dict(map(parse_assignment, assignments))
    if data:
        changes["data.dataset"] = data
    if seed is not None:
        changes["seed"] = seed
    return load_preset(preset).recipe.with_settings(changes)
