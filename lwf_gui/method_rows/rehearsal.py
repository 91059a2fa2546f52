"""Rows of the methods that store images of earlier tasks, or may look at all of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows.distillation import SIGMOIDS, SIGMOIDS_NOTE, SIGMOIDS_PULL
from lwf_gui.method_rows.row import Loss, Method, Parts


class Replay(Group):
    """The buffer: stored training images of earlier tasks; the same for all methods that share this group."""

    per_class: int = Field(
        20,
        ge=1,
        le=6000,
        description="Rehearsal: training images of each earlier class that are kept.",
        json_schema_extra=extra("Stored images", "images per class"),
    )
    mix: Literal["half", "share"] = Field(
        "half",
        description="Rehearsal: how many stored images a step gets: as many as new ones (half), or in their share of "
        "all images that there are, as if they were a part of the task (share), one at least.",
        json_schema_extra=extra("Mixed in"),
    )


class Der(Replay):
    """The buffer of DER++, and how much what is stored in it weighs."""

    logits_weight: float = Field(
        0.5,
        ge=0,
        le=100,
        description="DER++: alpha, the weight of the squared distance from stored logits; published 0.1 to 1.",
        json_schema_extra=extra("Alpha"),
    )
    labels_weight: float = Field(
        1.0,
        ge=0,
        le=100,
        description="DER++: beta, the weight of the cross-entropy of stored labels; published 0.5 to 1.",
        json_schema_extra=extra("Beta"),
    )


MIXED_NOTE = "CE over all classes so far; the mean is over all images of the step, new and earlier ones"

EARLIER = (("replay", "Cross-entropy of the images of earlier tasks in this step, over all classes seen so far."),)

PULL = "CE of earlier images"

MSE = (("mse", "Mean squared distance of the logits of stored images from the logits that were stored with them."),)

ROWS = (
    Method(
        name="replay",
        label="Replay",
        short="Replay",
        colour="#0A662E",
        dark_colour="#35C08D",
        symbol="t",
        plain="sees some old images again",
        distils=False,
        rehearses=True,
        parts=Parts(stored="old images", again="learnt"),
        implementation="lwf_gui.engine.methods.replay:Replay",
        help="Keeps a few training images of every earlier class, and trains on some of them at every step, by "
        "default on as many as on new ones.",
        settings=Replay,
        loss=Loss("mean of CE {ce} on new and CE {replay} on stored images", MIXED_NOTE, EARLIER, PULL),
    ),
    Method(
        name="lwf-replay",
        label="LwF + replay",
        short="LwF-replay",
        colour="#0A8170",
        dark_colour="#01FCA3",
        symbol="o",
        plain="LwF, and some old images",
        distils=True,
        rehearses=True,
        parts=Parts(stored="old images", again="learnt"),
        implementation="lwf_gui.engine.methods.lwf_replay:LwfReplay",
        help="Replay that also distils, as LwF does, on new and stored images.",
        settings=Replay,
        group="replay",
        loss=Loss(
            "mean of CE {ce} on new and CE {replay} on stored images + "
            "{alpha} \N{MULTIPLICATION SIGN} {kd_factor} \N{MULTIPLICATION SIGN} KD {kd}",
            "CE over all classes so far; CE and KD are means over all images of the step, new and stored ones",
            EARLIER,
            "CE of earlier images + \N{GREEK SMALL LETTER ALPHA} T² KD",
        ),
        reads=("alpha", "temperature", "scale_t2"),
    ),
    Method(
        name="er-ace",
        label="ER-ACE",
        short="ER-ACE",
        colour="#659763",
        dark_colour="#C6FB01",
        symbol="t1",
        plain="old images, new kinds apart",
        distils=False,
        rehearses=True,
        parts=Parts(judged="new", stored="old images", again="learnt"),
        implementation="lwf_gui.engine.methods.er_ace:ErAce",
        help="Replay whose cross-entropy of new images is over their own classes alone, so that they do not push the "
        "old ones away (Caccia et al. 2022).",
        settings=Replay,
        group="replay",
        loss=Loss(
            "CE {ce} on new + CE {replay} on stored images",
            "CE of new images over the classes of their own mini-batch, of stored ones over all classes so far",
            EARLIER,
            PULL,
        ),
    ),
    Method(
        name="der++",
        label="DER++",
        short="DER++",
        colour="#0F9D17",
        dark_colour="#21D619",
        symbol="star",
        plain="old images and old answers",
        distils=False,
        rehearses=True,
        parts=Parts(stored="old images, with the answers of then", again="learnt"),
        implementation="lwf_gui.engine.methods.der:Der",
        help="Stores the logits of its images too, and goes on answering them so: total = CE + alpha x MSE + beta x CE "
        "of stored images (Buzzega et al. 2020).",
        settings=Der,
        group="der",
        loss=Loss(
            "CE {ce} on new + {logits_weight} \N{MULTIPLICATION SIGN} MSE {mse} + "
            "{labels_weight} \N{MULTIPLICATION SIGN} CE {replay} on stored images",
            "CE over all classes so far; MSE over the classes that there were when an image was stored",
            (*MSE, *EARLIER),
            "MSE of stored logits and CE of earlier images, as weighed",
        ),
    ),
    Method(
        name="a-gem",
        label="A-GEM",
        short="A-GEM",
        colour="#6F6F04",
        dark_colour="#15A012",
        symbol="x",
        plain="no step against old images",
        distils=False,
        rehearses=True,
        parts=Parts(stored="old images", again="checked"),
        implementation="lwf_gui.engine.methods.a_gem:AGem",
        help="Projects its gradient so that a step does not raise the loss of stored images (Chaudhry et al. 2019).",
        settings=Replay,
        group="replay",
        loss=Loss(
            "CE {ce} on new images, with a step that CE {replay} on stored images allows",
            "CE over all classes so far; the gradient loses what would raise that of stored images",
            EARLIER,
            PULL,
        ),
    ),
    Method(
        name="icarl",
        label="iCaRL",
        short="iCaRL",
        colour="#1D4521",
        dark_colour="#F9FEA5",
        symbol="p",
        plain="nearest mean of old images",
        distils=True,
        rehearses=True,
        parts=Parts(judged="new", stored="old images"),
        implementation="lwf_gui.engine.methods.icarl:Icarl",
        help="Stores images chosen by herding, learns one sigmoid per class, and answers by the nearest mean of its "
        "stored images (Rebuffi et al. 2017).",
        settings=Replay,
        group="replay",
        answers_by="class means",
        loss=Loss(
            "BCE {bce} + {alpha} \N{MULTIPLICATION SIGN} BKD {bkd}",
            SIGMOIDS_NOTE,
            SIGMOIDS,
            SIGMOIDS_PULL,
        ),
        reads=("alpha",),
    ),
    Method(
        name="joint",
        label="Joint training",
        short="Joint",
        colour="#5B5B5B",
        dark_colour="#C8C8C8",
        symbol="d",
        plain="sees all old images again",
        distils=False,
        rehearses=True,
        parts=Parts(stored="all old images", again="learnt"),
        implementation="lwf_gui.engine.methods.joint:Joint",
        loss=Loss("mean of CE {ce} on new and CE {replay} on earlier images", MIXED_NOTE, EARLIER, PULL),
        help="Trains on all images of all tasks so far: the usual upper bound of the methods that train the same "
        "network on fewer images; with few images another kind of head can do better.",
    ),
)
