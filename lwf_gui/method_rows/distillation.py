"""Rows of fine-tuning and of the methods that distil: they go on answering as the old network does."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows.row import Loss, Method, Parts


class Lwf(Group):
    """The distillation loss: total = CE + alpha x T² x KD, without T² where that switch is off."""

    alpha: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the distillation loss in total = CE + alpha x T² x KD; 0 is fine-tuning.",
        json_schema_extra=extra("Alpha", live="alpha", slider=(0.01, 10.0), plain="hold on old answers"),
    )
    temperature: float = Field(
        2.0,
        ge=0.1,
        le=100,
        description="T in softmax(logits / T): above 1 it softens the answers, so that small ones count.",
        json_schema_extra=extra("Temperature T", live="temperature", slider=(0.5, 20.0), plain="softens answers"),
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


SIGMOIDS_NOTE = "one sigmoid per class; sums over classes, means over the images of the step"

SIGMOIDS = (
    ("bce", "Binary cross-entropy of the new classes: each one's sigmoid is asked whether the label is that class."),
    ("bkd", "Binary cross-entropy of the old classes, with the teacher's sigmoids as targets."),
)

SIGMOIDS_PULL = "BKD of the old classes, as weighed"

ROWS = (
    Method(
        name="fine-tune",
        label="Fine-tuning",
        short="Fine-tuning",
        colour="#D55E00",
        dark_colour="#F07A28",
        symbol="s",
        plain="just learns the new kinds",
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
        plain="also answers as it did before",
        distils=True,
        rehearses=False,
        implementation="lwf_gui.engine.methods.lwf:Lwf",
        help="Learning without Forgetting: total = CE + alpha x T² x KD; on new images it must go on answering "
        "about the old classes as the teacher does.",
        settings=Lwf,
    ),
    Method(
        name="lwf-labels",
        label="LwF (labels trick)",
        short="LwF labels",
        colour="#3A89F2",
        dark_colour="#B2FDFF",
        symbol="t1",
        plain="LwF, new kinds apart",
        distils=True,
        rehearses=False,
        implementation="lwf_gui.engine.methods.lwf_labels:LwfLabels",
        help="LwF whose cross-entropy is over the new task's classes alone, so that new images never push old outputs "
        "down.",
        settings=Lwf,
        group="lwf",
        own=("alpha", "temperature", "scale_t2", "teacher"),
        fixed=(("ce_scope", "new"),),
    ),
    Method(
        name="lwf-wa",
        label="LwF + weight aligning",
        short="LwF-WA",
        colour="#31337F",
        dark_colour="#0C979E",
        symbol="d",
        plain="LwF, then evens out its head",
        distils=True,
        rehearses=False,
        implementation="lwf_gui.engine.methods.lwf_wa:LwfWa",
        help="LwF whose head has no negative weight, and whose new rows are made as long as the old ones at a task's "
        "end (Zhao et al. 2020).",
        settings=Lwf,
        group="lwf",
    ),
    Method(
        name="lwf-mc",
        label="LwF.MC",
        short="LwF.MC",
        colour="#3832D4",
        dark_colour="#13E3E7",
        symbol="star",
        plain="LwF, each kind by itself",
        distils=True,
        rehearses=False,
        parts=Parts(judged="new"),
        implementation="lwf_gui.engine.methods.lwf_mc:LwfMc",
        help="One sigmoid per class: on the old classes the teacher's sigmoids are the targets (Rebuffi et al. 2017).",
        settings=Lwf,
        group="lwf",
        own=("alpha", "teacher"),
        loss=Loss("BCE {bce} + {alpha} \N{MULTIPLICATION SIGN} BKD {bkd}", SIGMOIDS_NOTE, SIGMOIDS, SIGMOIDS_PULL),
    ),
)
