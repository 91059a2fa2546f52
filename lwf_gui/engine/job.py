"""A run to do: which recipe, under whose hand, and from where. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass, field

from lwf_gui.control import Control
from lwf_gui.messages import Fork
from lwf_gui.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Job:
    """A run to do; ``control`` is the user's hand on it."""

    run_id: int
    recipe: Recipe
    control: Control = field(default_factory=Control)
    fork: Fork | None = None
