"""What a spot of the network strip is about."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "lane",
    "images",
    "store",
    "shared",
    "layer",
    "new",
    "old",
    "means",
    "judge",
    "compare",
    "teacher",
    "teacher_answers",
    "anchors",
    "pull",
    "outcome",
    "switch",
]

PullKind = Literal["new", "push", "again", "hold", "learn"]
"""Labels of new images at the new answers, and at the old ones; those of stored images; the old network; in the
base task the labels at all there is."""


class Part(NamedTuple):
    """A part of a learner's machine; ``name`` is that of a layer or a pull, or the way of a switch: "-" or "+"."""

    kind: Kind
    learner: str = ""
    name: str = ""


OPENS: dict[Kind, str] = {
    "lane": "results",
    "images": "classes",
    "store": "results",
    "shared": "weights",
    "layer": "weights",
    "new": "classes",
    "old": "image_grid",
    "means": "class_means",
    "judge": "equation",
    "compare": "soft_targets",
    "teacher": "soft_targets",
    "teacher_answers": "soft_targets",
    "anchors": "weights",
    "pull": "gradient_conflict",
    "outcome": "image_grid",
}
"""The panel that a click on a part opens, by its key."""
