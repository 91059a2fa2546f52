"""A row of the table of methods: what the recipe, the plots and the help text say of a method.

Imports no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lwf_gui.groups import Group

MOST_PLAIN = 30
"""Letters of what a method does in plain words."""

SHARED = "lwf"
"""The recipe's group whose live settings a method of another group may read."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How people write a method's loss, where it is not LwF's total = CE + alpha T² KD.

    Attributes
    ----------
    formula : what the total equals, with numbers in braces: terms, as the method names them, or settings that it has or
        reads; kd_factor is T², 1 where that is switched off; empty: it is LwF's
    note : on which images and over which classes the terms are taken
    terms : (name, one sentence) of the terms that are not LwF's
    pull : what it minimises for the earlier tasks, as in "gradient of ...": the second of its `pulls`
    """

    formula: str = ""
    note: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    pull: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a drawing of the machine must know of a method beside what the other fields of its row say.

    Attributes
    ----------
    trains : what its steps move: all weights, the head's alone, or those of two others that it is mixed of; where
        nothing is minimised they move nothing else
    judged : which answers to new images their labels judge, where no setting ce_scope says it: all so far, or the new
        classes' alone, so that no new image pushes an old answer down
    stored : what it keeps of earlier tasks, as in "old images"; empty: nothing
    again : what becomes of that: its labels are learnt again; it is asked whether a step is allowed; or, empty, nothing
        but what the other fields say
    anchors : whether weights are held near what they were
    """

    trains: Literal["all", "head", "others"] = "all"
    judged: Literal["all", "new"] = "all"
    stored: str = ""
    again: Literal["", "learnt", "checked"] = ""
    anchors: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """One way to learn a new task."""

    name: str
    """Identifier in recipes, records and JSON."""
    label: str
    """Name shown to people."""
    short: str
    """The same for narrow places."""
    colour: str
    """Okabe-Ito colour of its curves and card, as ``#rrggbb``; safe for colour-blind eyes."""
    dark_colour: str
    """The same on a dark background, where the first would be too dim."""
    symbol: str
    """Second cue beside the colour: the mark on its curves, a pyqtgraph symbol."""
    distils: bool
    """Whether the teacher's responses enter its objective."""
    rehearses: bool
    """Whether images of earlier tasks enter its objective."""
    implementation: str
    """``module:class``, a `lwf_gui.engine.methods.base.Method`, imported only by the engine."""
    help: str
    """One sentence for tooltips."""
    plain: str = ""
    """What it does, in words of every day, for the line under its name: at most `MOST_PLAIN` letters."""
    settings: type[Group] | None = None
    """Its own settings; None without any."""
    group: str = ""
    """The recipe's group of these settings; empty: the method's name, with _ for each hyphen."""
    own: tuple[str, ...] | None = None
    """Settings of the group that one learner may have for itself; None: all."""
    fixed: tuple[tuple[str, str | float | bool], ...] = ()
    """Live settings that it holds for itself whatever the run's are: fields of `lwf_gui.recipe.LiveSettings`."""
    reads: tuple[str, ...] = ()
    """Live settings of LwF's that it reads though its own group is another one: their names there."""
    minimises: bool = True
    """Whether its total is minimised; else nothing trains by gradient, and its losses say no more than how it does."""

    answers_by: str = ""
    """What it answers by where that is a head of its own, such as class means: then no learner of it begins with the
    accuracy of the first teacher's head, and what it answers are no logits; empty: its network's head."""
    between_tasks: bool = False
    """Whether it answers so between tasks alone, and by its network's head while it learns one."""

    keeps_means: bool = False
    """Whether it keeps the class means of features, which a panel shows beside where the images are."""

    parts: Parts = Parts()
    """What it adds to the plain machine of backbone, head and labels."""

    loss: Loss | None = None
    """How its loss is written; None: as LwF's where it has the terms of that, else its terms are listed."""

    @property
    def key(self) -> str:
        """The recipe's group of its settings."""
        return self.group or self.name.replace("-", "_")

    def of_its_group(self) -> tuple[str, ...]:
        """Return the settings of its own group that one learner may have for itself."""
        declared = () if self.settings is None else tuple(self.settings.model_fields)
        return declared if self.own is None else self.own

    def may_own(self) -> dict[str, str]:
        """Return the recipe's key of each setting that one learner may have for itself, by the name that it has there.

        What it reads of another group it may have for itself, too.
        """
        own = {name: f"{self.key}.{name}" for name in self.of_its_group()}
        return own | {name: f"{SHARED}.{name}" for name in self.reads}
