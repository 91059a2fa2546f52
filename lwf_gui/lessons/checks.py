"""Consistency of a lesson whose tables and types are right: its settings, learners, answers, figures and times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lwf_gui import InputError
from lwf_gui.lessons.script import FROZEN, Lesson, Step, Target
from lwf_gui.recipe import live_keys, preset_names
from lwf_gui.runs import figures
from lwf_gui.toml_files.faults import FileFault, refusal
from lwf_gui.toml_files.parts import listed


def check_lesson(lesson: Lesson) -> None:
    """Raise `FileFault` for what only shows between keys: unknown settings, wrong answers, time running back."""
    if lesson.preset not in preset_names():
        raise FileFault("preset", refusal("preset", lesson.preset, listed(preset_names())))
    _check_recipe(lesson.model_copy(update={"step": (), "settings": {}}), lesson.settings, "settings")
    trained, before = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for index, step in enumerate(lesson.step):
        path = f"step.{index}"
        _check_settings(lesson, index, f"{path}.settings")
        before.append(trained[-1] if step.restart and trained else (before or [()])[-1])
        trained.append(lesson.recipe_at(index).names)
        _check_learner(step, trained[-1], path)
        _check_answer(step, path)
        _check_proof(step, lesson.step[index + 1 : index + 2], path)
    for index, step in enumerate(lesson.step):
        for key, text in step.texts():
            proved = key == "question.because" and step.question is not None and step.question.answered_by == "next"
            told = index + 1 if proved else index
            _check_figures(f"step.{index}.{key}", text, trained[told], before[told])
    _check_times(lesson)


def _check_settings(lesson: Lesson, index: int, path: str) -> None:
    """Check the settings of a step: what is not live needs a new run."""
    step, so_far = lesson.step[index], lesson.model_copy(update={"step": lesson.step[:index]})
    chosen = {key: value for key, value in step.settings.items() if key != FROZEN}
    _check_recipe(so_far, chosen, path)
    if type(step.settings.get(FROZEN, False)) is not bool:
        raise FileFault(f"{path}.{FROZEN}", refusal(FROZEN, step.settings[FROZEN], "true or false"))
    for key in chosen:
        if key not in live_keys().values() and not step.restart and index:
            raise FileFault(f"{path}.{key}", f"{key} is not live: a step that sets it needs restart = true.")


def _check_recipe(lesson: Lesson, changes: Mapping[str, Any], path: str) -> None:
    """Check that a lesson's recipe, after its last step, can take these settings."""
    try:
        lesson.recipe_at(len(lesson.step), changes)
    except InputError as error:
        key = next((key for key in changes if str(error).startswith(f"{key} ")), "")
        raise FileFault(f"{path}.{key}", str(error)) from error


def _check_learner(step: Step, learners: tuple[str, ...], path: str) -> None:
    """Check that the learner whose curve is guessed is trained."""
    if step.predict is not None and step.hero:
        raise FileFault(f"{path}.hero", "The hero stands where the curve is to be drawn: no step can have both.")
    if step.predict is not None and step.predict.learner not in learners:
        sentence = refusal("learner", step.predict.learner, f"one that this lesson trains: {', '.join(learners)}")
        raise FileFault(f"{path}.predict.learner", sentence)


def _check_answer(step: Step, path: str) -> None:
    """Check that the right answer is among the choices."""
    asked = step.question
    if asked is not None and asked.answer >= len(asked.choices):
        allowed = f"from 0 to {len(asked.choices) - 1}, the number of one of the {len(asked.choices)} choices"
        raise FileFault(f"{path}.question.answer", refusal("answer", asked.answer, allowed))


def _check_proof(step: Step, after: tuple[Step, ...], path: str) -> None:
    """Check that a question whose answer the next step tells is followed by one that asks nothing itself."""
    if step.question is None or step.question.answered_by == "page":
        return
    if not any(then.question is None and then.predict is None for then in after):
        allowed = '"page" unless a step follows that asks nothing itself'
        raise FileFault(f"{path}.question.answered_by", refusal("answered_by", "next", allowed))


def _check_figures(path: str, text: str, learners: tuple[str, ...], before: tuple[str, ...]) -> None:
    """Check the tokens of a text, of a step whose run, and the run before that, have these learners."""
    key = path.rpartition(".")[2]
    if wrong := figures.fault(text, (*learners, *before)):
        raise FileFault(path, f"{key}: {wrong}")
    told = ((learners, "this lesson trains", False), (before, "the run before trained", True))
    for trained, trains, earlier in told:
        if absent := set(figures.learners_in(text, before=earlier)) - set(trained):
            named = listed(tuple(sorted(absent)))
            raise FileFault(path, f"{key} has figures of {named}, but {trains} {', '.join(trained) or 'nobody'}.")


def _check_times(lesson: Lesson) -> None:
    """Within a run no step may run to where the run already was; steps and passes cannot be compared, nor need be."""
    reached: Target = "expansion"
    for index, step in enumerate(lesson.step):
        if step.restart:
            reached = "expansion"
        if step.run_to is not None:
            if _is_before(step.run_to, reached):
                allowed = f"later than run_to = {json.dumps(reached)} of an earlier step, unless restart = true"
                raise FileFault(f"step.{index}.run_to", refusal("run_to", step.run_to, allowed))
            reached = step.run_to


def _is_before(target: Target, reached: Target) -> bool:
    """Whether a target surely lies before another one."""
    if reached == "end":
        return target != "end"
    if target == "expansion":
        return reached != "expansion"
    if isinstance(target, int) and isinstance(reached, int):
        return target < reached
    epochs = [int(t.removeprefix("epoch ")) for t in (target, reached) if isinstance(t, str) and t.startswith("epoch")]
    return len(epochs) == 2 and epochs[0] < epochs[1]
