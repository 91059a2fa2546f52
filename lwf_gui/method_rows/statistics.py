"""Rows of the methods that keep statistics of features and no image, and of the frozen backbone that they stand on."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows.row import Loss, Method, Parts

_BACKBONE = (
    "Whose features it reads. first: the backbone that learnt task 1, frozen; untrained: the same network with its "
    "first, random weights; pixels: the images themselves."
)
_FEATURES = (
    "fc: the last hidden layer; fc+conv: beside it the pooled convolutions, averaged to 7x7 places: "
    "of model.network = cnn alone. Pixels are read whatever stands here."
)


def _shrinkage(default: float) -> Any:
    """Return the field that says how far a covariance is drawn to the identity."""
    return Field(
        default,
        gt=0,
        le=1,
        description="epsilon in (1 - epsilon) x covariance + epsilon x identity, so that it can be inverted.",
        json_schema_extra=extra("Shrinkage"),
    )


class Features(Group):
    """What a head made of statistics reads of an image, from a network that never trains."""

    backbone: Literal["first", "untrained", "pixels"] = Field(
        "first", description=_BACKBONE, json_schema_extra=extra("Backbone")
    )
    features: Literal["fc", "fc+conv"] = Field("fc", description=_FEATURES, json_schema_extra=extra("Features"))

    def fault(self, network: str) -> str:
        """Say it where the network has no such features."""
        if self.features == "fc" or self.backbone == "pixels" or network == "cnn":
            return ""
        return f"features = fc+conv is not allowed: it must be fc, for model.network = {network} has no convolutions."


class Ncm(Features):
    """Nearest class mean."""


class Slda(Features):
    """Streaming linear discriminant analysis."""

    shrinkage: float = _shrinkage(1e-4)


class Fecam(Features):
    """Class means and class covariances."""

    tukey: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Tukey's power of every feature, which makes skewed ones more like a normal distribution; 1: none.",
        json_schema_extra=extra("Tukey's power"),
    )
    gamma1: float = Field(
        1.0,
        gt=0,
        le=1000,
        description="The mean variance, times gamma 1, is added to every variance.",
        json_schema_extra=extra("Gamma 1"),
    )
    gamma2: float = Field(
        1.0,
        ge=0,
        le=1000,
        description="The mean covariance, times gamma 2, is added to every covariance.",
        json_schema_extra=extra("Gamma 2"),
    )


class Ranpac(Features):
    """A random layer with a ridge regression above it."""

    projection: int = Field(
        2000,
        ge=10,
        le=20_000,
        description="M, units of the random layer that reads the features. Its Gram matrix takes M² x 4 bytes: 16 MB "
        "at 2,000, 64 MB at 4,000, 400 MB at 10,000, three times that while the head is worked out, and time grows as "
        "M³.",
        json_schema_extra=extra("Projection", "units"),
    )


class LwfLdc(Group):
    """A discriminant analysis whose statistics follow the backbone."""

    moved: Literal["none", "means", "all", "oracle"] = Field(
        "all",
        description="What of the old classes' statistics goes through the map from old to new features: none, their "
        "means, or the covariance too; oracle: all are taken anew from all earlier images.",
        json_schema_extra=extra("Moved"),
    )
    features: Literal["conv", "fc", "fc+conv"] = Field(
        "conv",
        description="What the statistics are of. conv: the pooled convolutions, averaged to 7x7 places, of a network "
        "that has any, else the last hidden layer; fc: that layer; fc+conv: both, better where they drift little.",
        json_schema_extra=extra("Features"),
    )
    mixed: int = Field(
        12_000,
        ge=0,
        le=200_000,
        description="Images that are mixed from the new task's after it, for the map from old to new features: they "
        "show drift where the new images have nothing to show. 0: the new images alone.",
        json_schema_extra=extra("Mixed images"),
    )
    backbone_rate: float = Field(
        0.1,
        gt=0,
        le=1,
        description="Share of the learning rate at which the backbone goes on learning: the slower, the less its "
        "features drift. The head learns at all of it.",
        json_schema_extra=extra("Backbone's rate", "of lr"),
    )
    shrinkage: float = _shrinkage(1e-3)
    ridge: float = Field(
        1e-3,
        gt=0,
        le=1000,
        description="lambda of the map from old to new features: how much evidence it wants to leave the identity.",
        json_schema_extra=extra("Ridge"),
    )


class Frozen(Group):
    """The head that trains alone."""

    ce_scope: Literal["all", "new"] = Field(
        "new",
        description="Softmax of the cross-entropy: over all classes, so that the new rows of the head push the old "
        "ones away; or over the new task's alone, whose rows then train while the old ones stay as they are.",
        json_schema_extra=extra("Cross-entropy over", "classes"),
    )


SHOWN = Loss("CE {ce} of its answers, for show", "nothing is minimised: it is that of a mini-batch before it is learnt")

ROWS = (
    Method(
        name="ncm",
        label="NCM",
        short="NCM",
        colour="#AA860F",
        dark_colour="#FEB613",
        symbol="p",
        plain="nearest mean of each kind",
        distils=False,
        rehearses=False,
        implementation="lwf_gui.engine.methods.ncm:Ncm",
        help="Nearest class mean: keeps the mean feature of every class, on a frozen backbone, and answers with the "
        "class whose mean is nearest; nothing trains.",
        settings=Ncm,
        answers_by="class means",
        keeps_means=True,
        loss=SHOWN,
        minimises=False,
    ),
    Method(
        name="slda",
        label="SLDA",
        short="SLDA",
        colour="#C60141",
        dark_colour="#AE9F03",
        symbol="h",
        plain="means and one common spread",
        distils=False,
        rehearses=False,
        implementation="lwf_gui.engine.methods.slda:Slda",
        help="Streaming linear discriminant analysis: keeps the mean feature of every class and one covariance for "
        "all, on a frozen backbone, seeing every image once; nothing trains.",
        settings=Slda,
        answers_by="discriminants",
        keeps_means=True,
        loss=SHOWN,
        minimises=False,
    ),
    Method(
        name="fecam",
        label="FeCAM",
        short="FeCAM",
        colour="#8E3D00",
        dark_colour="#FD96A2",
        symbol="star",
        plain="mean and spread of each kind",
        distils=False,
        rehearses=False,
        implementation="lwf_gui.engine.methods.fecam:Fecam",
        help="Keeps mean and covariance of every class's features, on a frozen backbone, and answers by Mahalanobis "
        "distance; nothing trains.",
        settings=Fecam,
        answers_by="Mahalanobis distances",
        keeps_means=True,
        loss=SHOWN,
        minimises=False,
    ),
    Method(
        name="ranpac",
        label="RanPAC",
        short="RanPAC",
        colour="#5D2826",
        dark_colour="#FC3D67",
        symbol="x",
        plain="sums over random features",
        distils=False,
        rehearses=False,
        implementation="lwf_gui.engine.methods.ranpac:Ranpac",
        help="Projects the features of a frozen backbone into many random units and fits the head to all classes seen "
        "so far by ridge regression, from sums that it keeps; nothing trains by gradient.",
        settings=Ranpac,
        answers_by="ridge regression",
        keeps_means=True,
        loss=SHOWN,
        minimises=False,
    ),
    Method(
        name="lwf-ldc",
        label="LwF + LDC",
        short="LwF+LDC",
        colour="#824EF3",
        dark_colour="#E673C7",
        symbol="t1",
        plain="LwF, with means moved along",
        distils=True,
        rehearses=False,
        implementation="lwf_gui.engine.methods.lwf_ldc:LwfLdc",
        help="Trains by LwF, with the cross-entropy over the new classes, and answers by class means and a covariance, "
        "which are moved along with the features after every task (learnable drift compensation). While a task is "
        "learnt the network's own head answers, and forgets.",
        settings=LwfLdc,
        answers_by="discriminants",
        keeps_means=True,
        between_tasks=True,
        fixed=(("ce_scope", "new"),),
        reads=("alpha", "temperature", "scale_t2"),
        loss=Loss(
            note="so the network trains; the answers are of class means and a covariance, moved along after each task"
        ),
    ),
    Method(
        name="frozen",
        label="Frozen",
        short="Frozen",
        colour="#7A7A7A",
        dark_colour="#A3A3A3",
        symbol="+",
        plain="trains its last layer alone",
        distils=False,
        rehearses=False,
        parts=Parts(trains="head"),
        implementation="lwf_gui.engine.methods.frozen:Frozen",
        help="Trains the head alone, on the backbone of task 1: what its features are worth without learning new ones.",
        settings=Frozen,
        loss=Loss("CE {ce}", "the head alone trains"),
    ),
)
