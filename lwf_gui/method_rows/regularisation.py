"""Rows of the methods that hold weights: a penalty on leaving those that mattered for earlier tasks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows.row import Loss, Method, Parts

_EWC = "lambda in total = CE + lambda / 2 x sum of F (w - w*)²."

_TOO_MUCH = "Too much of it, at the learning rate, explodes; 0 is fine-tuning."


def _strength(who: str, default: float, most: float, loss: str, short: str = "") -> Any:
    """Return the field that says how hard weights are held; ``short`` is who, where there is little room."""
    told = f"{who}: {loss} {_TOO_MUCH}"
    return Field(default, ge=0, le=most, description=told, json_schema_extra=extra(f"{short or who}: strength"))


def _fisher(who: str) -> Any:
    """Return the field that says which Fisher information is meant."""
    told = "Fisher information: model, the true one, expected over the network's own answers; empirical, of the labels."
    return Field("model", description=f"{who}: {told}", json_schema_extra=extra(f"{who}: Fisher"))


def _samples(who: str) -> Any:
    """Return the field that says on how many images importance is measured."""
    told = "Training images of a task that are looked at, at its end, to find the weights that matter."
    shown = extra(f"{who}: images", "images per task")
    return Field(200, ge=1, le=60_000, description=f"{who}: {told}", json_schema_extra=shown)


class Regularisation(Group):
    """How hard weights are held."""

    strength: float


class Ewc(Regularisation):
    """Elastic weight consolidation: weights are held by the Fisher information of every earlier task."""

    strength: float = _strength("EWC", 1000.0, 1e8, _EWC)
    fisher: Literal["model", "empirical"] = _fisher("EWC")
    samples: int = _samples("EWC")


class EwcOnline(Ewc):
    """Online elastic weight consolidation: one running Fisher information."""

    strength: float = _strength("EWC online", 1000.0, 1e8, _EWC, "Online")
    fisher: Literal["model", "empirical"] = _fisher("Online")
    samples: int = _samples("Online")
    decay: float = Field(
        1.0,
        ge=0,
        le=1,
        description="EWC online: what is left of the earlier Fisher information at the end of a task, F <- decay x F + "
        "that of the task; 1 forgets nothing.",
        json_schema_extra=extra("Online: decay"),
    )


class Si(Regularisation):
    """Synaptic intelligence: weights are held by how much they brought the loss of earlier tasks down."""

    strength: float = _strength("SI", 300.0, 1e4, "c in total = CE + c x sum of Omega (w - w*)².")
    xi: float = Field(
        0.1,
        gt=0,
        le=1e3,
        description="SI: damping xi in Omega = omega / (distance² + xi); more of it holds all weights the less.",
        json_schema_extra=extra("SI: damping"),
    )


class Mas(Regularisation):
    """Memory aware synapses: weights are held by how much the length of the output hangs on them."""

    strength: float = _strength("MAS", 0.3, 1e6, "lambda in total = CE + lambda x sum of Omega (w - w*)².")
    samples: int = _samples("MAS")


def _loss(penalty: str) -> Loss:
    """Return how a loss is written: CE, and the penalty as it is minimised, with its strength."""
    term = (
        "penalty",
        "How far weights that matter for earlier tasks have left where they were, in nats per image as it is added.",
    )
    note = "the penalty is of the weights, not of images; what came with the new task is free"
    return Loss(f"CE {{ce}} + penalty {{penalty}}, which is {penalty}", note, (term,), "the penalty on leaving weights")


ROWS = (
    Method(
        name="ewc",
        label="EWC",
        short="EWC",
        colour="#7A106C",
        dark_colour="#FF02BB",
        symbol="p",
        plain="spares weights that matter",
        distils=False,
        rehearses=False,
        parts=Parts(anchors=True),
        implementation="lwf_gui.engine.methods.ewc:Ewc",
        help="Elastic weight consolidation: total = CE + strength / 2 x sum of F (w - w*)²; F, the Fisher information "
        "of each earlier task, says how much its answers hang on each weight.",
        settings=Ewc,
        loss=_loss("{strength} / 2 \N{MULTIPLICATION SIGN} Σ F (w - w*)²"),
        reads=("ce_scope",),
    ),
    Method(
        name="ewc-online",
        label="EWC online",
        short="EWC online",
        colour="#91519F",
        dark_colour="#A277C3",
        symbol="h",
        plain="spares weights that matter",
        distils=False,
        rehearses=False,
        parts=Parts(anchors=True),
        implementation="lwf_gui.engine.methods.ewc_online:EwcOnline",
        help="EWC with one running Fisher information, which may fade, and the last task's weights as its only anchor.",
        settings=EwcOnline,
        loss=_loss("{strength} / 2 \N{MULTIPLICATION SIGN} Σ F (w - w*)²"),
        reads=("ce_scope",),
    ),
    Method(
        name="si",
        label="SI",
        short="SI",
        colour="#F44579",
        dark_colour="#CB4DFD",
        symbol="star",
        plain="spares weights that did much",
        distils=False,
        rehearses=False,
        parts=Parts(anchors=True),
        implementation="lwf_gui.engine.methods.si:Si",
        help="Synaptic intelligence: holds each weight by how much it brought the loss of earlier tasks down, added up "
        "along the way of training.",
        settings=Si,
        loss=_loss("{strength} \N{MULTIPLICATION SIGN} Σ Ω (w - w*)²"),
        reads=("ce_scope",),
    ),
    Method(
        name="mas",
        label="MAS",
        short="MAS",
        colour="#CB57DE",
        dark_colour="#E2A0FE",
        symbol="x",
        plain="spares weights that tell most",
        distils=False,
        rehearses=False,
        parts=Parts(anchors=True),
        implementation="lwf_gui.engine.methods.mas:Mas",
        help="Memory aware synapses: holds each weight by how much the length of the output hangs on it; it needs no "
        "labels.",
        settings=Mas,
        loss=_loss("{strength} \N{MULTIPLICATION SIGN} Σ Ω (w - w*)²"),
        reads=("ce_scope",),
    ),
)
