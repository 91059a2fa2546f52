"""The script of a lesson: its steps, questions and predictions, as a TOML file may hold them.

Tables, types and ranges stand here; what only shows between keys is checked in `lwf_gui.lessons.checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from lwf_gui.messages import TERMS
from lwf_gui.recipe import LiveSettings, Recipe, load_preset
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.toml_files.parts import MOST_TEXT, SETTINGS, WORDS, OneOf, Settings, Table, Text, listed, part

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
    "network",
    "why",
    "losses",
    "responses",
    "equation",
    "gradient_conflict",
    "trade_off",
    "class_means",
    "put_back",
    "straight_path",
    "stability_gap",
    "representation",
    "compare",
    "sweep",
    "weights",
)
"""Panels that a lesson can bring to the front. The window's own table imports Qt; a test holds both equal."""

HEROES = tuple(key for key in PANELS if key not in {"classes", "image_grid", "confusion", "soft_targets"})
"""Panels that can take the plot's place too: those that stand below it, not beside."""

LIVE_FIELDS = tuple(field.name for field in fields(LiveSettings))
"""What can change while a run trains."""

FROZEN = "backbone_frozen"
"""The live field that is no setting of a recipe, but can stand among a step's settings."""

MOST_STEPS = 200
"""Steps of a lesson: more nobody could show."""

Target = int | str
"""Where a run pauses: a step since the head grew, "expansion" (step 0), "epoch N" (the end of the N-th pass), "end"."""


def _target(value: object) -> object:
    steps = type(value) is int and 1 <= value <= 1_000_000
    if not steps and not (isinstance(value, str) and re.fullmatch("expansion|end|epoch [1-9][0-9]{0,3}", value)):
        raise ValueError
    return value


def _stretch(value: object) -> object:
    if value == "expansion":
        raise ValueError
    return _target(value)


PanelKey = Annotated[str, OneOf(PANELS)]
LiveField = Annotated[str, OneOf(LIVE_FIELDS)]


class LookAt(Table):
    """Where to look: steps since the head expansion, a probe image, T of the soft targets; what is left out stays."""

    step: int | None = part("a whole number of steps since the head expansion, 0 or more", None, ge=0)
    image: int | None = part("the number of a probe image, counted from 0", None, ge=0)
    temperature: float | None = part("a number from 0.1 to 100", None, ge=0.1, le=100)


class Question(Table):
    """A question to the audience, with the number of the right choice, why it is right and where one sees it.

    ``answered_by`` says what tells the answer: the "page" itself, once somebody has chosen, or the "next" step, once
    its run has come there; then the figures in ``because`` are those of that step.
    """

    text: Text = part(WORDS)
    choices: tuple[Text, ...] = part("a list of 2 to 4 answers", min_length=2, max_length=4)
    answer: int = part("the number of a choice, counted from 0", ge=0)
    because: Text = part(WORDS)
    look: LookAt | None = part("a table with image or temperature", None)
    answered_by: Literal["page", "next"] = part('"page", or "next" for the step after it', "page")


class Predict(Table):
    """A curve that the audience draws before the run reveals it; ``until`` where it ends, if not with the run."""

    learner: Text = part("the name of a learner that this lesson trains")
    task: Literal["old"] = part("old", "old")
    text: Text = part(WORDS)
    until: Annotated[Target, BeforeValidator(_stretch)] = part(
        'a whole number of steps from 1 to 1,000,000, "epoch N" or "end"', "end"
    )


class Step(Table):
    """One thing to say, and what there is to see meanwhile.

    Tokens of `lwf_gui.runs.figures` stand in its texts for figures of the run that is shown. ``settings`` stay until a
    later step changes them. To the ``hero`` the plot gives its place. A run goes on until ``run_to`` and pauses there;
    ``restart`` begins a new one, which alone can take settings that are not live.
    """

    caption: Text = part(WORDS)
    settings: Settings = part(SETTINGS, {})
    locks: tuple[LiveField, ...] | Literal["all"] = part(f'"all" or a list of {listed(LIVE_FIELDS)}', ())
    panels: tuple[PanelKey, ...] = part(f"a list of {listed(PANELS)}", ())
    hero: Annotated[str, OneOf(HEROES)] = part(listed(HEROES), "")
    protocol: ProtocolName | None = part(listed(tuple(PROTOCOLS)), None)
    run_to: Annotated[Target, BeforeValidator(_target)] | None = part(
        'a whole number of steps from 1 to 1,000,000, "expansion", "epoch N" or "end"', None
    )
    restart: bool = part("true or false", False)
    look: LookAt | Literal["live"] | None = part('"live" or a table with step, image or temperature', None)
    question: Question | None = part("a table with text, choices, answer and because", None)
    predict: Predict | None = part("a table with learner, task and text", None)
    highlight: Annotated[str, OneOf((*TERMS, *LIVE_FIELDS))] = part(listed((*TERMS, *LIVE_FIELDS)), "")

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


class Lesson(Table):
    """A lesson: some words about it, a recipe to begin with, and steps.

    ``objectives`` are sentences that say what one can do afterwards; ``needs`` says what the audience must know, and of
    which data, network and seeds the lesson is.
    """

    format: int = part(f"{FORMAT}", ge=FORMAT, le=FORMAT)
    order: int = part("a whole number: lessons are listed by it", 1000)
    title: Text = part(WORDS)
    about: Text = part(f"one sentence, {MOST_TEXT:,} characters at most")
    objectives: tuple[Text, ...] = part("a list of at most 4 sentences", (), max_length=4)
    needs: str = part(f"one sentence, {MOST_TEXT:,} characters at most", "", max_length=MOST_TEXT)
    minutes: float = part("a number of minutes from 1 to 120", ge=1, le=120)
    preset: Text = part("the name of a preset")
    max_seconds: float = part("a number of seconds from 1 to 3,600", 40.0, ge=1, le=3600)
    settings: Settings = part(SETTINGS, {})
    step: tuple[Step, ...] = part(f"1 to {MOST_STEPS} [[step]] tables", min_length=1, max_length=MOST_STEPS)

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


TABLES: dict[str, type[Table]] = {
    "step": Step,
    "question": Question,
    "predict": Predict,
    "look": LookAt,
}
