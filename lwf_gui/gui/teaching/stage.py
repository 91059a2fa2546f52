"""The stage of a lesson: what it needs of the window that it is shown in, and of that window's run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from PySide6.QtCore import SignalInstance

from lwf_gui.gui.session import State
from lwf_gui.recipe import Recipe
from lwf_gui.runs.record import Record

Goal = int | Literal["end"]
"""Where a run pauses: steps since the head expansion, or its end."""


class Stage(Protocol):
    """What a lesson needs of the window that it is shown in."""

    @property
    def rowsArrived(self) -> SignalInstance:  # noqa: N802 - the session's name, with its argument or without
        """Said when the run's record grew."""

    @property
    def stateChanged(self) -> SignalInstance:  # noqa: N802
        """Said when `state` changed."""

    def state(self) -> State:
        """Return what the run is doing."""

    def at(self) -> int | None:
        """Return the steps trained since the head expansion, negative in task 1; None without a run."""

    def steps_per_epoch(self) -> int | None:
        """Return the steps of a pass over the new task's images; None before the head expansion."""

    def samples_per_second(self, network: str) -> float | None:
        """Return how fast this machine trains a network of `lwf_gui.recipe.Model`; None if that is not known yet."""

    def train_sizes(self) -> tuple[int, int] | None:
        """Return how many training images of the old and of the new task there are; None if that is not known yet."""

    def dataset(self) -> str:
        """Return the name of the images of the run; empty without a run."""

    def record(self) -> Record:
        """Return the run that is shown."""

    def where_settings_are(self) -> str:
        """Say how to come to the settings where they are hidden; empty where they are seen."""

    def set_recipe(self, recipe: Recipe, preset: str) -> None:
        """Take a recipe for the next run; the user's choice of data stays."""

    def take_other_data(self) -> str:
        """Take the images that are at hand for those that the user chose; return what these were, empty for none."""

    def restart(self) -> None:
        """End the run, if any, and rewind: the next `run_to` begins a new one, with the recipe."""

    def change(self, **live: Any) -> None:
        """Change live settings, fields of `lwf_gui.recipe.LiveSettings`."""

    def run_to(self, step: Goal, *, anew: bool) -> None:
        """Begin a run, or go on with the one that is shown; pause at exactly this step since the head expansion."""

    def show_panels(self, keys: Sequence[str], *, hero: bool = False) -> None:
        """Bring panels to the front; with a hero, the last of them, the plot gives way to it."""

    def show_whole_run(self) -> None:
        """Let the plots show all steps, whatever the user zoomed to, and forget where the mouse was on them."""

    def look_at(self, **fields: Any) -> None:
        """Change fields of `lwf_gui.runs.selection.Selection`; ``step=None`` follows the run."""

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, and free all others."""

    def predict(self, learner: str, task: str, until: Goal) -> None:
        """Let the audience draw a curve up to a step, to be compared with the run's; one that stands already stays."""

    def close_prediction(self) -> None:
        """Take a prediction away, if there is one."""
