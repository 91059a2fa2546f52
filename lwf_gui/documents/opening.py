"""What a run file says of a run before it trains: its data, its phases, who learns and with which settings.

What is wrong is said by `Unsound`, as a clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any

from lwf_gui import InputError
from lwf_gui.branches import root_of
from lwf_gui.documents.sound import MAX_NAME, MAX_SIDE, MAX_TEXT, MAX_UNITS, MOST, names, require, shape, within
from lwf_gui.messages import TEACHER, Branch, DataReady, PhaseStarted
from lwf_gui.methods import method_of
from lwf_gui.recipe import LiveSettings, Recipe, live_keys
from lwf_gui.untrusted import Unsound, printable, shortened


def check_data(message: DataReady) -> None:
    """Require classes, tasks, numbers of images and probe images that fit each other."""
    tasks = message.recipe.data.tasks
    units = sum(map(len, tasks))
    within("classes", len(message.classes), 2, MAX_UNITS)
    require(len(message.classes) == units, f"{len(message.classes)} names of classes for {units} units")
    sizes = message.scenario.sizes
    require(sizes == tuple(map(len, tasks)), f"tasks of {_list(sizes)} classes for {_list(map(len, tasks))} units")
    names(message.classes, "a class")
    names((message.dataset, message.device), "a name")
    names((message.source, message.note), "a text", most=MAX_TEXT)
    for images in (message.train_sizes, message.test_sizes):
        require(len(images) == len(sizes), f"numbers of images of {len(images)} tasks for {len(sizes)}")
        for size in images:
            within("a number of images", size, 0, MOST)
    within("the peak", message.peak, 1, 255)
    count, *sides = shape("probe_images", message.probe_images, None, None, None)
    require(max(sides) <= MAX_SIDE, f"probe images of more than {MAX_SIDE} pixels")
    shape("probe_labels", message.probe_labels, count)


def check_phase(message: PhaseStarted, data: DataReady) -> None:
    """Require tasks, layers, columns of losses and learners as a run of such data has them in a phase."""
    within("steps", message.steps, 1, MOST)
    _check_axis(message, data)
    within("layers", len(message.layers), 0, MAX_UNITS)
    names(message.layers, "a layer")
    within("columns", len(message.columns), 1, MAX_UNITS)
    names(message.columns, "a column")
    require(len(set(message.columns)) == len(message.columns), "two columns of losses have one name")
    require(message.columns[-1] == "total", "its last column of losses is not the total")
    own = data.recipe.names if message.phase == "incremental" else (TEACHER,)
    branches = message.branches if message.phase == "incremental" else ()
    require(len(message.branches) == len(branches), "the teacher has no branches")
    expected = (*own, *(branch.learner for branch in branches))
    require(message.learners == expected, f"its learners are not {shortened(', '.join(expected))}")
    within("learners", len(expected), 1, MAX_UNITS)
    require(len(set(expected)) == len(expected), "two learners have one name")
    for number, branch in enumerate(branches):
        _check_branch(data.recipe, branch, expected[: len(own) + number], message.steps)


def _check_axis(message: PhaseStarted, data: DataReady) -> None:
    """Require as many boundaries as the phase has tasks, in order and within its steps."""
    tasks = data.scenario.last if message.phase == "incremental" else 1
    begins, lengths = message.boundaries, message.epoch_steps
    require(len(begins) == len(lengths) == tasks, f"{len(begins)} beginnings for {tasks} tasks")
    for steps in lengths:
        within("epoch_steps", steps, 1, MOST)
    rising = begins[0] == 0 and all(a < b for a, b in pairwise((*begins, message.steps)))
    require(rising, f"tasks that begin after {_list(begins)} of {message.steps:,} steps")


def _check_branch(recipe: Recipe, branch: Branch, earlier: tuple[str, ...], steps: int) -> None:
    name = shortened(branch.learner)
    sound = len(branch.learner) <= MAX_NAME and printable(branch.learner) == branch.learner
    sound = sound and root_of(branch.learner) in recipe.names and method_of(branch.learner) is not None
    require(sound, f"there is no learner {name!r}")
    require(branch.origin in earlier, f"{name} branches off from a learner that is not there before it")
    within(f"the step of {name}", branch.step, 0, steps)
    check_live_settings(recipe, branch.overrides)


def _list(numbers: Iterable[int]) -> str:
    return shortened(", ".join(map(str, numbers)), 60)


def check_live_settings(recipe: Recipe, values: Mapping[str, Any]) -> None:
    """Hold live settings against the ranges that the recipe has for them."""
    keys = live_keys()
    unknown = values.keys() - {item.name for item in fields(LiveSettings)}
    require(not unknown, f"{shortened(next(iter(unknown), ''))!r} is no live setting")
    frozen = values.get("backbone_frozen", False)
    require(
        type(frozen) is bool, f"backbone_frozen = {shortened(str(frozen))} is not allowed: it must be true or false"
    )
    try:
        kept = recipe.with_settings({keys[name]: value for name, value in values.items() if name in keys})
    except InputError as error:
        raise Unsound(str(error).rstrip(".")) from error
    changed = [name for name, value in values.items() if name in keys and kept.get(keys[name]) != value]
    require(not changed, f"{', '.join(changed)} is of another type than the setting")
