"""Live settings: those that a running experiment reads at the top of every step."""

from __future__ import annotations

from dataclasses import dataclass, field, make_dataclass
from typing import TYPE_CHECKING, Literal

from lwf_gui.recipe.fields import OF_METHODS


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The settings that a running experiment reads at the top of every step.

    A live setting of any other method is a field beside these: its group, _ and its name.
    """

    alpha: float
    temperature: float
    scale_t2: bool
    ce_scope: Literal["all", "new"]
    lr: float
    backbone_frozen: bool

    @property
    def kd_factor(self) -> float:
        """What KD is multiplied by beside alpha: T**2 where that switch is on, else 1."""
        return self.temperature**2 if self.scale_t2 else 1.0


_MORE_LIVE = [
    (live, item.annotation, field(default=item.default))
    for group in OF_METHODS.values()
    for item in group.model_fields.values()
    if isinstance(item.json_schema_extra, dict)
    and (live := str(item.json_schema_extra["live"]))
    and live not in LiveSettings.__dataclass_fields__
]
if not TYPE_CHECKING and _MORE_LIVE:
    LiveSettings = make_dataclass("LiveSettings", _MORE_LIVE, bases=(LiveSettings,), frozen=True, slots=True)
    LiveSettings.__module__ = __name__


BACKBONE_FROZEN_HELP = (
    "Freezes the layers below the head, of every learner, from the next step on; the warm-up's end unfreezes them."
)
