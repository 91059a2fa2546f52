"""The rows of the table of methods: name, label, colour, settings, and where the implementation lives.

A new method is one new file under ``engine/methods`` and one row here; one with settings of its own adds their group.
Imports no torch: the recipe, the plots and the help text read the rows too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from lwf_gui.groups import Group, extra


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
    settings: type[Group] | None = None
    """Its own settings; None without any."""
    group: str = ""
    """The recipe's group of these settings; empty: the method's name, with _ for each hyphen."""
    own: tuple[str, ...] | None = None
    """Settings of the group that one learner may have for itself; None: all."""

    @property
    def key(self) -> str:
        """The recipe's group of its settings."""
        return self.group or self.name.replace("-", "_")

    def may_own(self) -> tuple[str, ...]:
        """Return the settings that one learner may have for itself."""
        declared = () if self.settings is None else tuple(self.settings.model_fields)
        return declared if self.own is None else self.own


class Lwf(Group):
    """The distillation loss: total = CE + alpha x T² x KD, without T² where that switch is off."""

    alpha: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the distillation loss in total = CE + alpha x T² x KD; 0 is fine-tuning.",
        json_schema_extra=extra("Alpha", live="alpha", slider=(0.01, 10.0)),
    )
    temperature: float = Field(
        2.0,
        ge=0.1,
        le=100,
        description="T in softmax(logits / T): above 1 it softens the answers, so that small ones count.",
        json_schema_extra=extra("Temperature T", live="temperature", slider=(0.5, 20.0)),
    )
    scale_t2: bool = Field(
        True,
        description="Multiply KD by T², so that its gradient keeps its size when T changes (Hinton et al. 2015).",
        json_schema_extra=extra("Scale KD by T²", live="scale_t2"),
    )
    ce_scope: Literal["all", "new"] = Field(
        "all",
        description="Softmax of the cross-entropy: over all classes, or over the new task's alone (the labels trick).",
        json_schema_extra=extra("Cross-entropy over", "classes", live="ce_scope"),
    )
    teacher: Literal["frozen", "aliased"] = Field(
        "frozen",
        description="frozen: a copy that never changes; aliased: its backbone is the student's own, so it trains too "
        "(the notebook's hidden bug).",
        json_schema_extra=extra("Teacher"),
    )


class Replay(Group):
    """The memory of replay: stored training images of earlier tasks."""

    per_class: int = Field(
        20,
        ge=1,
        le=6000,
        description="Replay: training images of each earlier class that it keeps; every step trains on as many of them "
        "as on new ones.",
        json_schema_extra=extra("Stored images", "images per class"),
    )


BUILT_IN = (
    Method(
        name="fine-tune",
        label="Fine-tuning",
        short="Fine-tuning",
        colour="#D55E00",
        dark_colour="#F07A28",
        symbol="s",
        distils=False,
        rehearses=False,
        implementation="lwf_gui.engine.methods.fine_tune:FineTune",
        help="Trains on the new task alone: total = CE. Nothing asks it to remember.",
        settings=Lwf,
        group="lwf",
        own=("ce_scope", "temperature"),
    ),
    Method(
        name="lwf",
        label="LwF",
        short="LwF",
        colour="#0072B2",
        dark_colour="#56B4E9",
        symbol="o",
        distils=True,
        rehearses=False,
        implementation="lwf_gui.engine.methods.lwf:Lwf",
        help="Learning without Forgetting: total = CE + alpha x T² x KD; on new images it must go on answering "
        "about the old classes as the teacher does.",
        settings=Lwf,
    ),
    Method(
        name="replay",
        label="Replay",
        short="Replay",
        colour="#007A5A",
        dark_colour="#2FBF95",
        symbol="t",
        distils=False,
        rehearses=True,
        implementation="lwf_gui.engine.methods.replay:Replay",
        help="Keeps a few training images of every earlier class, and trains on as many of them as on new ones at "
        "every step.",
        settings=Replay,
    ),
    Method(
        name="joint",
        label="Joint training",
        short="Joint",
        colour="#5B5B5B",
        dark_colour="#C8C8C8",
        symbol="d",
        distils=False,
        rehearses=True,
        implementation="lwf_gui.engine.methods.joint:Joint",
        help="Trains on all images of all tasks so far: the upper bound, which a learner that must forget the old "
        "images cannot reach.",
    ),
)
