"""The script of a lesson: its steps, questions and predictions, as a TOML file may hold them.

Tables, types and ranges stand here; what only shows between keys is checked in `lwf_gui.lessons.checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from lwf_gui.messages import TERMS
from lwf_gui.methods import METHODS
from lwf_gui.recipe import LiveSettings, Recipe, load_preset
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName

FORMAT = 1
"""Version of the files' form."""

DATASETS = ("fashion-mnist", "fashion-mnist-part")
"""What lessons are written on; with other images, what they say beside figures may not hold."""

PANELS = (
    "classes",
    "image_grid",
    "confusion",
    "soft_targets",
    "matrix",
    "results",
    "losses",
    "equation",
    "gradient_conflict",
    "trade_off",
    "class_means",
    "weights",
)
"""Panels that a lesson can bring to the front. The window's own table imports Qt; a test holds both equal."""

LIVE_FIELDS = tuple(field.name for field in fields(LiveSettings))
"""What can change while a run trains."""

FROZEN = "backbone_frozen"
"""The live field that is no setting of a recipe, but can stand among a step's settings."""

MOST_STEPS, MOST_TEXT = 200, 1000
"""Steps of a lesson, and characters of one of its texts: more nobody could show."""

Target = int | str
"""Where a run pauses: a step since the head grew, "expansion" (step 0), "epoch N" (the end of the N-th pass), "end"."""


def listed(words: tuple[str, ...]) -> str:
    """Return words as an enumeration whose last one follows "or"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _among(words: tuple[str, ...]) -> Callable[[str], str]:
    def check(word: str) -> str:
        if word not in words:
            raise ValueError
        return word

    return check


def _target(value: object) -> object:
    steps = type(value) is int and 1 <= value <= 1_000_000
    if not steps and not (isinstance(value, str) and re.fullmatch("expansion|end|epoch [1-9][0-9]{0,3}", value)):
        raise ValueError
    return value


def _stretch(value: object) -> object:
    if value == "expansion":
        raise ValueError
    return _target(value)


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


class LookAt(_Table):
    """Where to look: steps since the head expansion, a probe image, T of the soft targets; what is left out stays."""

    step: int | None = _part("a whole number of steps since the head expansion, 0 or more", None, ge=0)
    image: int | None = _part("the number of a probe image, counted from 0", None, ge=0)
    temperature: float | None = _part("a number from 0.1 to 100", None, ge=0.1, le=100)


class Question(_Table):
    """A question to the audience, with the number of the right choice, why it is right and where one sees it."""

    text: Text = _part(_WORDS)
    choices: tuple[Text, ...] = _part("a list of 2 to 4 answers", min_length=2, max_length=4)
    answer: int = _part("the number of a choice, counted from 0", ge=0)
    because: Text = _part(_WORDS)
    look: LookAt | None = _part("a table with image or temperature", None)


class Predict(_Table):
    """A curve that the audience draws before the run reveals it; ``until`` where it ends, if not with the run."""

    learner: Annotated[str, AfterValidator(_among(tuple(METHODS)))] = _part(listed(tuple(METHODS)))
    task: Literal["old"] = _part("old", "old")
    text: Text = _part(_WORDS)
    until: Annotated[Target, BeforeValidator(_stretch)] = _part(
        'a whole number of steps from 1 to 1,000,000, "epoch N" or "end"', "end"
    )


class Step(_Table):
    """One thing to say, and what there is to see meanwhile.

    Tokens of `lwf_gui.runs.figures` stand in its texts for figures of the run that is shown. ``settings`` stay until a
    later step changes them. A run goes on until ``run_to`` and pauses there; ``restart`` begins a new one, which alone
    can take settings that are not live.
    """

    caption: Text = _part(_WORDS)
    settings: Settings = _part(_SETTINGS, {})
    locks: tuple[LiveField, ...] | Literal["all"] = _part(f'"all" or a list of {listed(LIVE_FIELDS)}', ())
    panels: tuple[PanelKey, ...] = _part(f"a list of {listed(PANELS)}", ())
    protocol: ProtocolName | None = _part(listed(tuple(PROTOCOLS)), None)
    run_to: Annotated[Target, BeforeValidator(_target)] | None = _part(
        'a whole number of steps from 1 to 1,000,000, "expansion", "epoch N" or "end"', None
    )
    restart: bool = _part("true or false", False)
    look: LookAt | Literal["live"] | None = _part('"live" or a table with step, image or temperature', None)
    question: Question | None = _part("a table with text, choices, answer and because", None)
    predict: Predict | None = _part("a table with learner, task and text", None)
    highlight: Annotated[str, AfterValidator(_among((*TERMS, *LIVE_FIELDS)))] = _part(
        listed((*TERMS, *LIVE_FIELDS)), ""
    )

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


TABLES: dict[str, type[_Table]] = {
    "": Lesson,
    "step": Step,
    "question": Question,
    "predict": Predict,
    "look": LookAt,
}
