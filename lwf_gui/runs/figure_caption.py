"""The caption of a figure that leaves the window: whatever is shown, where it comes from stands below it.

Pure functions of records; knows nothing of windows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from lwf_gui import untrusted
from lwf_gui.messages import Finished
from lwf_gui.recipe import Recipe
from lwf_gui.runs.captions import probe_images, when
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.settings_text import NO_MATTER

KEY_DIGITS = 8
"""Hexadecimal digits of a recipe's key."""

LONGEST = 80
"""Characters of a name from a file that a caption holds at most."""


class FigureCaption(NamedTuple):
    """What the figure is, and what it is of."""

    title: str
    text: str

    @property
    def whole(self) -> str:
        """All of it in one line."""
        return f"{self.title}. {self.text}"


def recipe_key(recipe: Recipe) -> str:
    """Return a short mark of a recipe with its seed: equal where the same is trained, whatever the machine."""
    told = {key: recipe.get(key) for key in recipe.changes_from(Recipe()) if not key.startswith(NO_MATTER)}
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]


def figure_caption(
    record: Record, selection: Selection, title: str, said: str = "", *, preset: str = "", by_protocol: bool = True
) -> FigureCaption:
    """Return the caption of a figure.

    Parameters
    ----------
    title : of the panel
    said : what the panel says of its figures; what it says already is not said again
    preset : name of the preset that the recipe is made from; empty for none
    by_protocol : whether the figures are of the selection's protocol
    """
    protocol = PROTOCOLS[selection.protocol] if by_protocol else ""
    clauses = [said.strip().rstrip(".")] if said else []
    at = moment(record, selection.step)
    facts = [(protocol, protocol)]
    if record.data is not None:
        facts.append((data := untrusted.shortened(record.data.dataset, LONGEST), data))
    if at is not None:
        facts.append((when(at, record), f"step {at.step:,}"))
    clauses += [fact for fact, mark in facts if fact and mark not in said]
    named = record.data is not None and said.startswith(record.data.dataset)  # a name is left as it is
    clauses = clauses if named else [f"{each[:1].upper()}{each[1:]}" for each in clauses[:1]] + clauses[1:]
    text = "; ".join((*clauses, *_of_the_run(record, preset)))
    return FigureCaption(title, untrusted.printable(f"{text}."))


def images_said(record: Record, selection: Selection, *, curves: bool = False) -> str:
    """Return on which images accuracies are taken where one looks, of a figure that does not say it itself.

    ``curves`` are of probe images at all steps, with the full test sets as diamonds at epochs' ends.
    """
    at = moment(record, selection.step)
    if curves and record.data is not None and at is not None:
        return f"accuracy in percent on {probe_images(record.data, at.task)}; diamonds: on all test images"
    cards = (card_of(record, learner, selection) for learner in learners_of(record))
    images = next((card.images for card in cards if card.images), "")
    return f"accuracy in percent on {images}" if images else ""


def _of_the_run(record: Record, preset: str) -> Iterator[str]:
    """Yield seed, recipe, and what makes the run another one than its recipe says."""
    if record.data is None:
        return
    recipe = record.data.recipe
    yield f"seed {recipe.seed}"
    named = f"{untrusted.shortened(preset, LONGEST)}, " if preset else ""
    yield f"recipe {named}key {recipe_key(recipe)}"
    by_hand = any(mark.by == "user" and mark.step > 0 for mark in record.marks)
    if by_hand or any(branch.overrides for branch in record.branches.values()):
        yield "settings were changed by hand while it trained"
    if record.outcome is not None and not isinstance(record.outcome, Finished):
        yield "the run did not come to its end"
