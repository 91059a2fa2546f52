"""The script of a run: plain PyTorch, without this program, that comes to the run's accuracies to the last digit.

It holds what its recipe needs and nothing else: ``resources/script.template`` says the whole of it. Here stands what a
script cannot do, and is refused or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lwf_gui import InputError, paths
from lwf_gui.exports import script_parts
from lwf_gui.exports.script_parts import METHODS, Asked, Ran
from lwf_gui.exports.template import filled
from lwf_gui.messages import DataReady, Finished
from lwf_gui.numbers import listed
from lwf_gui.recipe import Recipe, settings
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record

_DEVICE = re.compile(r"CPU, ([0-9]{1,3}) threads?(?: a learner)?, fp32")

_ARITHMETIC = "engine.device=cpu and engine.precision=fp32"


def write(record: Record, path: Path) -> None:
    """Write the script of a finished run.

    Raises
    ------
    InputError
        If a script cannot do what the run did.
    OSError
        If the file cannot be written.
    """
    text = text_of(record)
    paths.write_atomically(path, lambda part: part.write_text(text, "utf-8", newline="\n"))


def text_of(source: Record | Recipe) -> str:
    """Return the script of a finished run, which says what that came to; or that of a recipe, which need not have run.

    Raises
    ------
    InputError
        If a script cannot do what is asked.
    """
    asked = _of_recipe(source) if isinstance(source, Recipe) else _of_run(source)
    if not asked.learners:
        raise InputError(
            f"A script can do {listed(METHODS)}, and this run has no learner of these methods to the end: add one."
        )
    template = (paths.resources() / "script.template").read_text("utf-8")
    return filled(template, script_parts.cases(asked), script_parts.values(asked))


def _of_recipe(recipe: Recipe) -> Asked:
    """Return what is asked with a recipe alone; threads are those that it says, or that a small network has."""
    engine, said = recipe.engine, recipe.engine.threads
    if engine.precision == "bf16" or engine.device not in ("auto", "cpu"):
        raise InputError(f"A script computes on the processor in fp32, and this recipe wants other: set {_ARITHMETIC}.")
    if recipe.task2.steps and any(learner.method == "joint" for learner in recipe.learners):
        raise InputError("The script of joint training by steps needs to know how many images there are: run it first.")
    threads = said if isinstance(said, int) else 1 if recipe.model.network == "mlp" else None
    return Asked(recipe, _able(recipe), tuple(_by_method(recipe)), threads)


def _of_run(record: Record) -> Asked:
    """Return what is asked with a run."""
    data = record.data
    if data is None or not isinstance(record.outcome, Finished) or not record.evaluations:
        raise InputError("A script is of a finished run, whose accuracies it comes to, and this one is not finished.")
    threads = _DEVICE.fullmatch(data.device)
    if threads is None:
        raise InputError(
            f"A script computes on the processor in fp32, which this run did not: run it with {_ARITHMETIC}."
        )
    _require_unchanged(record)
    scores, fates = record.evaluations[-1].scores, _fates(record)
    ended = [name for name in _able(data.recipe) if name not in fates]
    left_out = (*_by_method(data.recipe), *(f"{name!r}, {fate}" for name, fate in fates.items()))
    right = {name: {told: scores[name].under(key) for key, told in PROTOCOLS.items()} for name in ended}
    return Asked(data.recipe, tuple(ended), left_out, int(threads[1]), _ran(data, right))


def _ran(data: DataReady, right: script_parts.Right) -> Ran:
    sizes = tuple(zip(data.train_sizes, data.test_sizes, strict=True))
    return Ran(data.dataset, data.peak, sizes, right)


def _require_unchanged(record: Record) -> None:
    """Raise `InputError` if the run's live settings changed: a script has those of its recipe from first to last."""
    labels = {each.live: each.label for each in settings().values() if each.live} | {"backbone_frozen": "the freeze"}
    for mark in record.marks:
        if mark.by == "user" and not mark.learner:
            changed = listed([labels.get(field, "a setting") for field in mark.changed])
            raise InputError(
                f"A script cannot change settings on the way, as {changed} at step {mark.step:,} of this run's later "
                "tasks: run its recipe again without a change."
            )


def _able(recipe: Recipe) -> tuple[str, ...]:
    return tuple(learner.name for learner in recipe.learners if learner.method in METHODS)


def _by_method(recipe: Recipe) -> Iterator[str]:
    """Yield who is left out for its method, and that."""
    for learner in recipe.learners:
        if learner.method not in METHODS:
            yield f"{learner.name!r}, which follows {learner.method!r}, no method that a script can do"


def _fates(record: Record) -> dict[str, str]:
    """Return by learner what became of it that no script can do: it diverged, was changed on the way, or is a fork."""
    assert record.data is not None, "a finished run has data"
    scores = record.evaluations[-1].scores
    fates = {name: f"a fork of {branch.origin!r} at step {branch.step:,}" for name, branch in record.branches.items()}
    for mark in record.marks:
        if mark.by == "user" and mark.learner:
            fates.setdefault(mark.learner, f"whose settings changed at step {mark.step:,}")
    for name in _able(record.data.recipe):
        if name not in scores or scores[name].diverged:
            fates.setdefault(name, "which diverged")
    return fates
