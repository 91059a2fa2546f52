"""Lessons: what a lecturer shows, step by step, read from TOML files; every fault is one sentence with file and line.

A lesson only says what shall happen; who shows it makes it happen. Knows nothing of torch or of windows.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lwf_gui import InputError, paths, untrusted
from lwf_gui.messages import TERMS
from lwf_gui.methods import METHODS
from lwf_gui.recipe import LiveSettings, Recipe, live_keys, load_preset, preset_names
from lwf_gui.runs import figures
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName

FORMAT = 1
"""Version of the files' form."""

DATASETS = ("fashion-mnist", "fashion-mnist-part")
"""What lessons are written on; with other images, what they say beside figures may not hold."""

IMAGES_PER_CLASS = 6000
"""Its training images of each class."""

PANELS = ("classes", "wall", "confusion", "softened", "matrix", "losses", "equation", "tug", "plane", "weights")
"""Panels that a lesson can bring to the front. The window's own table imports Qt; a test holds both equal."""

LIVE_FIELDS = tuple(field.name for field in fields(LiveSettings))
"""What can change while a run trains."""

FROZEN = "backbone_frozen"
"""The live field that is no setting of a recipe, but can stand among a step's settings."""

FEWEST_IMAGES = 500
"""Images per task below which a run shows little."""

MOST_STEPS, MOST_TEXT = 200, 1000
"""Steps of a lesson, and characters of one of its texts: more nobody could show."""

MOST_LINES = 100
"""Lines that one value of a file may take; where it takes more, the line of a fault is named less exactly."""

Target = int | str
"""Where a run pauses: a number of steps since surgery, "surgery", "epoch N" (the end of the N-th pass), or "end"."""


# ---- what a file may hold


def _list(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _among(words: tuple[str, ...]) -> Callable[[str], str]:
    def check(word: str) -> str:
        if word not in words:
            raise ValueError
        return word

    return check


def _target(value: object) -> object:
    steps = type(value) is int and 1 <= value <= 1_000_000
    if not steps and not (isinstance(value, str) and re.fullmatch("surgery|end|epoch [1-9][0-9]{0,3}", value)):
        raise ValueError
    return value


def _flat(value: Any, prefix: str = "") -> Any:
    """Return settings by dotted key, whether written as ``"lwf.alpha" = 1`` or as ``lwf.alpha = 1``."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found |= _flat(inner, f"{prefix}{key}.") if isinstance(inner, dict) else {prefix + key: inner}
    return found


def _part(allowed: str, default: Any = ..., **limits: Any) -> Any:
    """Declare a key; ``allowed`` completes "it must be ..."."""
    return Field(default, json_schema_extra={"allowed": allowed}, **limits)


Text = Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]
Settings = Annotated[dict[str, Any], BeforeValidator(_flat)]
PanelKey = Annotated[str, AfterValidator(_among(PANELS))]
LiveField = Annotated[str, AfterValidator(_among(LIVE_FIELDS))]

_WORDS = f"some words, {MOST_TEXT:,} characters at most"
_SETTINGS = "a table of settings by dotted key, as after --set"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Question(_Table):
    """A question to the audience, with the number of the right choice and why it is right."""

    text: Text = _part(_WORDS)
    choices: tuple[Text, ...] = _part("a list of 2 to 4 answers", min_length=2, max_length=4)
    answer: int = _part("the number of a choice, counted from 0", ge=0)
    because: Text = _part(_WORDS)


class Predict(_Table):
    """A curve that the audience draws before the run reveals it."""

    learner: Annotated[str, AfterValidator(_among(tuple(METHODS)))] = _part(_list(tuple(METHODS)))
    task: Literal["old"] = _part("old", "old")
    text: Text = _part(_WORDS)


class LookAt(_Table):
    """Where to look: steps since surgery, a probe image, T of the softened answers; what is left out stays."""

    step: int | None = _part("a whole number of steps since surgery, 0 or more", None, ge=0)
    image: int | None = _part("the number of a probe image, counted from 0", None, ge=0)
    temperature: float | None = _part("a number from 0.1 to 100", None, ge=0.1, le=100)


class Step(_Table):
    """One thing to say, and what there is to see meanwhile.

    Tokens of `lwf_gui.runs.figures` stand in its texts for figures of the run that is shown. ``settings`` stay until a
    later step changes them. A run goes on until ``run_to`` and pauses there; ``restart`` begins a new one, which alone
    can take settings that are not live.
    """

    caption: Text = _part(_WORDS)
    settings: Settings = _part(_SETTINGS, {})
    locks: tuple[LiveField, ...] | Literal["all"] = _part(f'"all" or a list of {_list(LIVE_FIELDS)}', ())
    panels: tuple[PanelKey, ...] = _part(f"a list of {_list(PANELS)}", ())
    protocol: ProtocolName | None = _part(_list(tuple(PROTOCOLS)), None)
    run_to: Annotated[Target, BeforeValidator(_target)] | None = _part(
        'a whole number of steps from 1 to 1,000,000, "surgery", "epoch N" or "end"', None
    )
    restart: bool = _part("true or false", False)
    selection: LookAt | Literal["live"] | None = _part('"live" or a table with step, image or temperature', None)
    question: Question | None = _part("a table with text, choices, answer and because", None)
    predict: Predict | None = _part("a table with learner, task and text", None)
    highlight: Annotated[str, AfterValidator(_among((*TERMS, *LIVE_FIELDS)))] = _part(_list((*TERMS, *LIVE_FIELDS)), "")

    def locked(self) -> tuple[str, ...]:
        """Return the live fields that are locked."""
        return LIVE_FIELDS if self.locks == "all" else tuple(self.locks)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield (key, text) of all that is said."""
        yield "caption", self.caption
        if self.question is not None:
            yield "question.text", self.question.text
            for choice in self.question.choices:
                yield "question.choices", choice
            yield "question.because", self.question.because
        if self.predict is not None:
            yield "predict.text", self.predict.text


class Lesson(_Table):
    """A lesson: some words about it, a recipe to begin with, and steps."""

    format: int = _part(f"{FORMAT}", ge=FORMAT, le=FORMAT)
    order: int = _part("a whole number: lessons are listed by it", 1000)
    title: Text = _part(_WORDS)
    about: Text = _part(f"one sentence, {MOST_TEXT:,} characters at most")
    minutes: float = _part("a number of minutes from 1 to 120", ge=1, le=120)
    preset: Text = _part("the name of a preset")
    max_seconds: float = _part("a number of seconds from 1 to 3,600", 40.0, ge=1, le=3600)
    settings: Settings = _part(_SETTINGS, {})
    step: tuple[Step, ...] = _part(f"1 to {MOST_STEPS} [[step]] tables", min_length=1, max_length=MOST_STEPS)

    def recipe_at(self, index: int, changes: Mapping[str, Any] | None = None) -> Recipe:
        """Return the recipe at a step: the preset, the lesson's settings, those of all steps so far, and ``changes``.

        Raises
        ------
        InputError
            If a setting or its value is not allowed.
        """
        chosen = dict(self.settings)
        for step in self.step[: index + 1]:
            chosen |= {key: value for key, value in step.settings.items() if key != FROZEN}
        return load_preset(self.preset).recipe.with_settings(chosen | dict(changes or {}))


_TABLES: dict[str, type[_Table]] = {
    "": Lesson,
    "step": Step,
    "question": Question,
    "predict": Predict,
    "look": LookAt,
}


# ---- reading


def lesson_names() -> tuple[str, ...]:
    """Return the names of the lessons that ship with the program and can be read, in teaching order."""
    return tuple(available()[0])


def available() -> tuple[dict[str, Lesson], tuple[str, ...]]:
    """Return the shipped lessons by name, in teaching order, and one sentence for each file that cannot be used."""
    good: dict[str, Lesson] = {}
    faults = []
    for file in sorted(_folder().glob("*.toml")):
        try:
            good[file.stem] = load_lesson(file)
        except InputError as error:
            faults.append(str(error))
    return dict(sorted(good.items(), key=lambda item: (item[1].order, item[0]))), tuple(faults)


def load_lesson(name_or_path: str | Path) -> Lesson:
    """Read a shipped lesson by name, or a file of the same form by path.

    Raises
    ------
    InputError
        One sentence naming file and line, for an unknown name, an unreadable file or one with a fault.
    """
    file = _folder() / f"{name_or_path}.toml"
    if isinstance(name_or_path, Path) or not file.is_file():
        file = Path(os.path.expanduser(name_or_path))
        if not file.is_file():
            names = sorted(path.stem for path in _folder().glob("*.toml"))
            near = difflib.get_close_matches(str(name_or_path), names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"lessons are {', '.join(names)}."
            raise InputError(f"{name_or_path}: there is no such lesson or file; {hint}")
    where = untrusted.shortened(f"{file.absolute().parent.name}/{file.name}", 200)
    try:
        text = untrusted.read_text(file)
    except untrusted.Unsound as error:
        raise InputError(f"{where} cannot be read: {error}.") from error
    except OSError as error:
        raise InputError(f"{where}: the file cannot be read ({error.strerror}).") from error
    return _parse(text, where)


def _folder() -> Path:
    return paths.resources() / "lessons"


def _parse(text: str, where: str) -> Lesson:
    try:
        tree = untrusted.parse_toml(text)
    except untrusted.Unsound as error:
        raise InputError(f"{where} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        at = re.match(r"line (\d+)", place)
        line = int(at[1]) if at else text.count("\n") + 1
        raise InputError(f"{where}, line {line}: this is not valid TOML: {what[:1].lower()}{what[1:]}.") from error
    written = tree.get("format")
    if type(written) is int and written > FORMAT:
        sentence = f"this was written for a later version of this program (format {written})."
        raise InputError(f"{where}, line {line_of(text, 'format')}: {sentence}")
    try:
        lesson = Lesson.model_validate(_tuples(tree))
        _check(lesson)
    except ValidationError as error:
        path, sentence = _explain(error, tree)
    except _Fault as fault:
        path, sentence = fault.path, fault.sentence
    else:
        return lesson
    raise InputError(f"{where}, line {line_of(text, path)}: {sentence}")


def _tuples(value: Any) -> Any:
    """Return what TOML holds with its lists as tuples, which the models, being strict, ask for."""
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


# ---- faults


class _Fault(Exception):  # noqa: N818 - not yet the user's sentence: file and line are missing
    """What is wrong with a lesson whose tables and types are right; ``path`` as for `line_of`."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path, self.sentence = path, sentence


def _check(lesson: Lesson) -> None:
    """Raise `_Fault` for what only shows between keys: unknown settings, answers out of range, time running back."""
    if lesson.preset not in preset_names():
        raise _Fault("preset", _refusal("preset", lesson.preset, _list(preset_names())))
    _check_settings(lesson.model_copy(update={"step": (), "settings": {}}), lesson.settings, "settings")
    for index, step in enumerate(lesson.step):
        path = f"step.{index}"
        so_far = lesson.model_copy(update={"step": lesson.step[:index]})
        live = {key: value for key, value in step.settings.items() if key != FROZEN}
        _check_settings(so_far, live, f"{path}.settings")
        if type(step.settings.get(FROZEN, False)) is not bool:
            raise _Fault(f"{path}.settings.{FROZEN}", _refusal(FROZEN, step.settings[FROZEN], "true or false"))
        for key in live:
            if key not in live_keys().values() and not step.restart and index:
                sentence = f"{key} is not live: a step that sets it needs restart = true."
                raise _Fault(f"{path}.settings.{key}", sentence)
        learners = lesson.recipe_at(index).learners
        if step.predict is not None and step.predict.learner not in learners:
            sentence = _refusal("learner", step.predict.learner, f"one that this lesson trains: {', '.join(learners)}")
            raise _Fault(f"{path}.predict.learner", sentence)
        asked = step.question
        if asked is not None and asked.answer >= len(asked.choices):
            allowed = f"from 0 to {len(asked.choices) - 1}, the number of one of the {len(asked.choices)} choices"
            raise _Fault(f"{path}.question.answer", _refusal("answer", asked.answer, allowed))
        for key, text in step.texts():
            _check_figures(f"{path}.{key}", text, learners)
    _check_times(lesson)


def _check_figures(path: str, text: str, learners: tuple[str, ...]) -> None:
    """Check the tokens of a text, of a step whose run has these learners."""
    key = path.rpartition(".")[2]
    if wrong := figures.fault(text):
        raise _Fault(path, f"{key}: {wrong}")
    if absent := set(figures.learners_in(text)) - set(learners):
        sentence = f"{key} has figures of {_list(tuple(sorted(absent)))}, but this lesson trains {', '.join(learners)}."
        raise _Fault(path, sentence)


def _check_settings(lesson: Lesson, changes: Mapping[str, Any], path: str) -> None:
    try:
        lesson.recipe_at(len(lesson.step), changes)
    except InputError as error:
        key = next((key for key in changes if str(error).startswith(f"{key} ")), "")
        raise _Fault(f"{path}.{key}", str(error)) from error


def _check_times(lesson: Lesson) -> None:
    """Within a run no step may run to where the run already was; steps and passes cannot be compared, nor need be."""
    reached: Target = "surgery"
    for index, step in enumerate(lesson.step):
        if step.restart:
            reached = "surgery"
        if step.run_to is not None:
            if _is_before(step.run_to, reached):
                allowed = f"later than run_to = {json.dumps(reached)} of an earlier step, unless restart = true"
                raise _Fault(f"step.{index}.run_to", _refusal("run_to", step.run_to, allowed))
            reached = step.run_to


def _is_before(target: Target, reached: Target) -> bool:
    """Whether a target surely lies before another one."""
    if reached == "end":
        return target != "end"
    if target == "surgery":
        return reached != "surgery"
    if isinstance(target, int) and isinstance(reached, int):
        return target < reached
    epochs = [int(t.removeprefix("epoch ")) for t in (target, reached) if isinstance(t, str) and t.startswith("epoch")]
    return len(epochs) == 2 and epochs[0] < epochs[1]


def _explain(error: ValidationError, tree: dict[str, Any]) -> tuple[str, str]:
    """Return where the first fault is, as for `line_of`, and a sentence about it."""
    fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")  # a misspelt key is also missing
    path: list[str | int] = []
    node: Any = tree
    for part in fault["loc"]:  # it also names branches of unions, which nobody wrote
        there = part in node if isinstance(node, dict) else isinstance(node, list) and isinstance(part, int)
        if there:
            path.append(part)
            node = node[part]
    if fault["type"] == "missing":
        table, key = _table_of(path), str(fault["loc"][-1])
        sentence = f"{key} is missing: a {table or 'lesson'} needs it, and it must be {_allowed(table, key)}."
        return ".".join(map(str, path)), sentence
    while isinstance(path[-1], int):  # an item of a list: what people wrote is the whole list
        path.pop()
    *holders, last = path
    table, key = _table_of(holders), str(last)
    if fault["type"] == "extra_forbidden":
        known = _TABLES[table].model_fields
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"keys are {', '.join(known)}."
        return ".".join(map(str, path)), f"{key} is not a key of a {table or 'lesson'}; {hint}"
    value: Any = tree
    for part in path:
        value = value[part]
    return ".".join(map(str, path)), _refusal(key, value, _allowed(table, key))


def _table_of(path: list[str | int]) -> str:
    """Return which kind of table a path leads to, empty for the lesson itself."""
    return next((str(part) for part in reversed(path) if part in _TABLES), "")


def _allowed(table: str, key: str) -> str:
    extra = _TABLES[table].model_fields[key].json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["allowed"])


def _refusal(key: str, value: object, allowed: str) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return f"{key} = {shown if len(shown) <= 60 else shown[:57] + '...'} is not allowed: it must be {allowed}."


def line_of(text: str, path: str) -> int:
    """Return the line, counted from 1, of a key in valid TOML such as "step.2.question.answer", or of what holds it.

    Tables of an array are numbered from 0, and dotted keys and quoted ones are the same.
    """
    places = dict(_places(text))
    while path and path not in places:
        path = path.rpartition(".")[0]
    return places.get(path, 1)


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Yield (path, line) of every table and key of valid TOML."""
    counts: dict[str, int] = {}
    lines = text.split("\n")
    table, number = "", 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if header := re.match(r"\s*(\[\[?)([^\]]+)\]", line):
            table, names = "", _plain(header[2]).split(".")
            for depth, name in enumerate(names, start=1):
                table = f"{table}.{name}".lstrip(".")
                if header[1] == "[[" and depth == len(names):
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table = f"{table}.{counts[table]}"
            yield table, number
        elif key := re.match(r"\s*([^#=]+?)\s*=", line):
            yield f"{table}.{_plain(key[1])}".lstrip("."), number
            value = line[key.end() :]
            last = min(number + MOST_LINES, len(lines))
            while number < last and not _is_whole(value):  # a list or a text of several lines
                value += "\n" + lines[number]
                number += 1


def _plain(key: str) -> str:
    return re.sub(r"[\s\"']", "", key)


def _is_whole(value: str) -> bool:
    try:
        tomllib.loads(f"value ={value}")
    except tomllib.TOMLDecodeError:
        return False
    return True


# ---- slow machines

_ROUND = tuple(part * 10**power // 10 for power in (2, 3, 4) for part in (10, 15, 20, 30, 40, 50, 60, 80))


def adapted(
    lesson: Lesson, samples_per_second: float | None, most: tuple[int, int] | None = None
) -> tuple[dict[str, Any], str]:
    """Return settings that keep each run of a lesson within its ``max_seconds``, and a sentence that says so.

    Both are empty where nothing need change, or where the machine's speed is not known yet (None).

    Parameters
    ----------
    samples_per_second : images a second that this machine trains with the lesson's network, each counted once per
        learner
    most : training images of the old and of the new task that there are; None: as many as of Fashion-MNIST
    """
    recipes = [lesson.recipe_at(index) for index in range(len(lesson.step))]
    now = max(_sizes(recipes[0], 0, most))
    if not samples_per_second or _seconds(recipes, now, samples_per_second, most) <= lesson.max_seconds:
        return {}, ""
    fewer = [images for images in _ROUND if FEWEST_IMAGES <= images < now]
    fits = [images for images in fewer if _seconds(recipes, images, samples_per_second, most) <= lesson.max_seconds]
    if not fewer:
        return {}, ""
    chosen = fits[-1] if fits else fewer[0]
    before = f"{recipes[0].data.train_images:,}" if recipes[0].data.train_images else "all"
    differ = "differ a little" if 5 * chosen >= now else "differ"
    still = (
        f"; a run still takes about {_seconds(recipes, chosen, samples_per_second, most):,.0f} s" if not fits else ""
    )
    return {"data.train_images": chosen}, (
        f"This machine trains {float(f'{samples_per_second:.2g}'):,.0f} images/s: the lesson uses {chosen:,} images "
        f"per task instead of {before}, so figures {differ}{still}."
    )


def _seconds(recipes: list[Recipe], images: int, samples_per_second: float, most: tuple[int, int] | None) -> float:
    """Return how long the longest run takes with so many images per task."""
    return max(_work(recipe, images, most) for recipe in recipes) / samples_per_second


def _work(recipe: Recipe, images: int, most: tuple[int, int] | None) -> int:
    """Return how many images a run trains on, each counted once per learner; a frozen backbone's passes cost little."""
    old, new = _sizes(recipe, images, most)
    joint = recipe.task2.epochs - recipe.task2.warmup_epochs
    return recipe.task1.epochs * old + len(recipe.learners) * joint * new


def _sizes(recipe: Recipe, images: int, most: tuple[int, int] | None) -> tuple[int, int]:
    """Return the training images of the old and the new task, at most ``images`` each; 0 sets no limit."""
    limits = [limit for limit in (images, recipe.data.train_images) if limit]
    there = most or tuple(IMAGES_PER_CLASS * len(task) for task in recipe.data.tasks)
    old, new = (min([count, *limits]) for count in there)
    return old, new
