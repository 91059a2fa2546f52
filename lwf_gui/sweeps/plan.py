"""The plan of a sweep: a recipe, the settings that differ, and every run with an id that is a hash of what it does.

It is written as ``sweep.json`` into the sweep's folder and read again, as untrusted, when the sweep goes on.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from lwf_gui import InputError, paths, untrusted
from lwf_gui.data import sources
from lwf_gui.reasons import reason
from lwf_gui.recipe import DATA_SETS, Recipe, canonical, copied
from lwf_gui.runs.sweep_view import SEED
from lwf_gui.sweeps import folder as folder_names
from lwf_gui.sweeps.axes import Axis, Span
from lwf_gui.sweeps.versions import versions

FORMAT = 1
MOST_RUNS = 5000
FILE = folder_names.PLAN
DATA, THREADS = "data.dataset", "engine.threads"


@dataclass(frozen=True, slots=True)
class Unit:
    """One run of a sweep: its id, and the settings in which it differs from the sweep's recipe, its seed included."""

    id: str
    settings: Mapping[str, Any]
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Plan:
    """All runs of a sweep.

    Attributes
    ----------
    recipe : what they have in common
    keys : the settings that differ, in the order in which they were named; the seed is none of them
    units : the runs, those first that begin with different teachers
    data : fingerprint of the images by what the recipes call them
    versions : of the program and what it computes with, by name
    """

    recipe: Recipe
    keys: tuple[str, ...]
    units: tuple[Unit, ...]
    data: Mapping[str, str]
    versions: Mapping[str, str]

    @property
    def threads(self) -> int:
        """Processor threads of a run, at most."""
        return max(int(unit.recipe.engine.threads) for unit in self.units)

    def unit(self, settings: Mapping[str, Any]) -> Unit:
        """Return the run with these settings."""
        return _unit(self.recipe.with_settings(settings), settings, self.data)


def make(recipe: Recipe, axes: Sequence[Axis | Span], *, seeds: int, draws: int = 0) -> Plan:
    """Return the plan of a grid over axes, or of so many ``draws`` from them, each with so many seeds.

    What hangs on the machine is fixed first: "auto" becomes the data that are here, and one thread a run, for digits
    hang on the number of threads and the machines of a cluster differ in theirs.

    Raises
    ------
    InputError
        For no axis, one that is named twice, too many runs, or a combination that is no recipe.
    """
    keys = tuple(axis.key for axis in axes)
    _check(keys, seeds)
    names, recipe = dict[str, str](), _fixed(recipe)
    chosen = _draws(recipe, axes, draws) if draws else _grid(axes, seeds)
    own = [recipe.seed + number for number in range(seeds)]
    require_few(len(chosen) * seeds)
    found: dict[str, tuple[dict[str, Any], Recipe]] = {}
    for values, seed in itertools.product(chosen, own):
        told = {SEED: seed, **dict(zip(keys, values, strict=True))}
        each = _fixed(recipe.with_settings(told))
        name = canonical(each)
        if name in found and not draws:
            raise InputError(f"The grid makes one run twice: {text_of(told)}.")
        found.setdefault(name, ({key: _plain(each.get(key)) for key in told}, each))
    for _, each in found.values():
        spec = each.data.dataset
        names[spec] = names.get(spec) or sources.load(spec).fingerprint
    units = tuple(_unit(each, told, names) for told, each in found.values())
    return Plan(recipe, tuple(key for key in keys if key != SEED), _teachers_first(units), names, versions())


def typed(recipe: Recipe) -> tuple[str, ...]:
    """Return the words of a command that say a recipe, whose text names no folder of images."""
    spec = recipe.data.dataset
    return ("--preset", copied(recipe), *(() if spec in DATA_SETS else ("--data", spec)))


def require_few(count: int) -> None:
    """Raise `InputError` for more runs than a sweep may have."""
    if count > MOST_RUNS:
        raise InputError(f"This sweep would have {count:,} runs; at most {MOST_RUNS:,} are allowed.")


def text_of(settings: Mapping[str, Any]) -> str:
    """Return settings as people type them: "lwf.alpha=2, seed=1"."""
    return ", ".join(f"{key}={untrusted.shortened(str(value), 40)}" for key, value in settings.items())


def _check(keys: Sequence[str], seeds: int) -> None:
    if not keys:
        raise InputError(
            "A sweep needs settings to vary: --grid KEY=V1,V2,..., for example --grid lwf.alpha=0.5,1,2; "
            "for seeds alone there are `lwf-gui run --seeds N` and --grid seed=0,1,2."
        )
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise InputError(f"--grid {twice} is given twice; write all its values into one.")
    if SEED in keys and seeds > 1:
        raise InputError("--grid seed and --seeds both say which seeds: give one of them.")


def _grid(axes: Sequence[Axis | Span], seeds: int) -> list[tuple[Any, ...]]:
    values = [axis.values for axis in axes if isinstance(axis, Axis)]
    require_few(math.prod(map(len, values)) * seeds)  # before memory is taken for them
    return list(itertools.product(*values))


def _draws(recipe: Recipe, axes: Sequence[Axis | Span], draws: int) -> list[tuple[Any, ...]]:
    """Draw combinations by the recipe's seed, so that the same command makes the same sweep."""
    require_few(draws)
    chance = np.random.default_rng(recipe.seed)
    return [tuple(axis.draw(chance) for axis in axes) for _ in range(draws)]


def _fixed(recipe: Recipe) -> Recipe:
    """Return a recipe that means the same on every machine of one kind."""
    changes: dict[str, Any] = {}
    if recipe.data.dataset == "auto":
        name = sources.load("auto").name
        changes[DATA] = name if name in DATA_SETS else str(paths.user_data_dir())
    elif recipe.data.dataset not in DATA_SETS:
        changes[DATA] = str(Path(recipe.data.dataset).expanduser().absolute())
    if recipe.engine.threads == "auto":
        changes[THREADS] = 1
    return recipe.with_settings(changes) if changes else recipe


def _unit(recipe: Recipe, settings: Mapping[str, Any], data: Mapping[str, str]) -> Unit:
    text = json.dumps([canonical(recipe), data[recipe.data.dataset]])
    return Unit(hashlib.sha256(text.encode()).hexdigest()[:16], settings, recipe)


def _teachers_first(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Put the first run of every teacher in front, so that the others find it in the cache."""
    first: dict[str, str] = {}
    for unit in units:
        shared = unit.recipe
        told = [shared.seed, shared.data, shared.model, shared.task1, shared.train, shared.engine]
        first.setdefault(repr(told), unit.id)
    leads = set(first.values())
    return tuple(sorted(units, key=lambda unit: unit.id not in leads))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


# The file


def write(plan: Plan, folder: Path) -> None:
    """Write a plan into its folder.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    told = {
        "format": FORMAT,
        "versions": dict(plan.versions),
        "recipe": plan.recipe.model_dump(mode="json"),
        "keys": plan.keys,
        "data": dict(plan.data),
        "runs": [{"id": unit.id, "settings": unit.settings} for unit in plan.units],
    }
    text = json.dumps(told, separators=(",", ":"))
    if len(text) > untrusted.MAX_TEXT_BYTES:
        raise InputError("This sweep's list of runs is too long; sweep fewer values at once.")
    try:
        paths.write_text_atomically(folder / FILE, text + "\n")
    except OSError as error:
        raise InputError(f"--out {folder}: cannot write there ({reason(error)}).") from error


def read(folder: Path) -> Plan:
    """Read the plan of a sweep's folder; every id must be that of its run.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    file = folder / FILE
    if not file.exists():
        raise InputError(f"--out {untrusted.printable(str(folder))} holds no sweep: {FILE} is missing.")
    try:
        tree = json.loads(untrusted.read_text(file))
        untrusted.check_tree(tree)
        if tree["format"] != FORMAT:
            raise untrusted.Unsound("it is of another version of this program")
        return _plan_of(tree)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        told = reason(error) if isinstance(error, OSError) else untrusted.shortened(str(error), 200)
        raise InputError(f"{untrusted.printable(str(file))} is no sound sweep ({told}).") from error


def _plan_of(tree: Mapping[str, Any]) -> Plan:
    recipe = _recipe(tree["recipe"])
    data = {str(name): str(found) for name, found in tree["data"].items()}
    told = {str(name): str(found) for name, found in tree["versions"].items()}
    plan = Plan(recipe, tuple(map(str, tree["keys"])), (), data, told)
    units = tuple(_checked(plan, run) for run in tree["runs"])
    if not units or len({unit.id for unit in units}) != len(units):
        raise untrusted.Unsound("its runs are not each there once")
    return Plan(recipe, plan.keys, units, data, told)


def _checked(plan: Plan, run: Mapping[str, Any]) -> Unit:
    unit = plan.unit(dict(run["settings"]))
    if unit.id != run["id"] or {*plan.keys, SEED} != {*unit.settings}:
        raise untrusted.Unsound(f"the id of run {untrusted.shortened(str(run['id']), 20)} is not that of its settings")
    return unit


def _recipe(tree: Any) -> Recipe:
    try:
        return Recipe.model_validate(tree)
    except ValidationError as error:
        raise untrusted.Unsound("its recipe is not one of this version") from error
