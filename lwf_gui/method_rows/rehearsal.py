"""Rows of the methods that store images of earlier tasks, or may look at all of them."""

from __future__ import annotations

from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows.row import Loss, Method


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


MIXED_NOTE = "CE over all classes so far; the mean is over all images of the step, new and earlier ones"

EARLIER = (("replay", "Cross-entropy of the images of earlier tasks in this step, over all classes seen so far."),)

PULL = "CE of earlier images"

ROWS = (
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
        loss=Loss("mean of CE {ce} on new and CE {replay} on stored images", MIXED_NOTE, EARLIER, PULL),
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
        loss=Loss("mean of CE {ce} on new and CE {replay} on earlier images", MIXED_NOTE, EARLIER, PULL),
        help="Trains on all images of all tasks so far: the upper bound, which a learner that must forget the old "
        "images cannot reach.",
    ),
)
