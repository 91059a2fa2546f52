"""The window as a lesson sees it: what the lesson driver's `Stage` asks for, done with window and session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SignalInstance

from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.stage import Goal
from lwf_gui.recipe import Recipe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_after

if TYPE_CHECKING:
    from lwf_gui.gui.window import Window


WARM_SECONDS = 1.0
"""Of training, before its rate says how fast this machine is: the first steps are slow."""


class WindowStage:
    """One window for one lesson at a time."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._session = window.session

    @property
    def rowsArrived(self) -> SignalInstance:  # noqa: N802 - the session's name
        """Said when the run's record grew."""
        return self._session.rowsArrived

    @property
    def stateChanged(self) -> SignalInstance:  # noqa: N802
        """Said when the state changed."""
        return self._session.stateChanged

    def state(self) -> State:
        """Return what the run is doing."""
        return self._session.state

    def at(self) -> int | None:
        """Return the steps trained since surgery, negative in task 1; None without a run."""
        one, two = self._session.record.task1, self._session.record.task2
        if two is not None:
            return two.steps
        return one.steps - one.started.steps - 1 if one is not None else None

    def steps_per_epoch(self) -> int | None:
        """Return the steps of a pass over the new task's images; None before surgery."""
        track = self._session.record.task2
        return None if track is None else track.started.steps_per_epoch

    def samples_per_second(self, network: str) -> float | None:
        """Return how fast this machine trains a network; None if no run of this program's start has shown it."""
        record = self._session.record
        track = record.track
        if record.data is None or track is None or self._session.state is State.RECORDED or track.started.cached:
            return None
        known = record.data.recipe.model.network == network and track.seconds > WARM_SECONDS
        rate = track.rate()[0] if known else 0.0
        return rate or None

    def train_sizes(self) -> tuple[int, int] | None:
        """Return how many training images of the old and of the new task there are; None if no run has shown it."""
        data = self._session.record.data
        return None if data is None or data.recipe.data.train_images else data.train_sizes

    def dataset(self) -> str:
        """Return the name of the images of the run; empty without a run."""
        data = self._session.record.data
        return "" if data is None or self._session.state is State.RECORDED else data.dataset

    def record(self) -> Record:
        """Return the run that is shown."""
        return self._session.record

    def where_settings_are(self) -> str:
        """Say how to come to the settings where they are hidden; empty where they are seen."""
        return "" if self._window.recipe.isVisible() else "The settings are hidden: Ctrl+B shows them."

    def set_recipe(self, recipe: Recipe, preset: str) -> None:
        """Take a recipe for the next run; the user's choice of data stays."""
        self._session.take_preset(recipe, preset)

    def restart(self) -> None:
        """End the run, if any; the next `run_to` begins a new one."""
        self._session.reset()

    def change(self, **live: Any) -> None:
        """Change live settings."""
        self._session.change(**live)

    def run_to(self, step: Goal, *, anew: bool) -> None:
        """Begin a run, or go on with the one that is shown; pause after so many steps since surgery."""
        session, track = self._session, self._session.record.task2
        if not (anew or session.busy) and track is not None and 0 < track.steps < track.started.steps:
            held, live = settings_after(session.record, track.steps), asdict(session.live)
            session.fork(track.steps, {name: value for name, value in live.items() if value != getattr(held, name)})
        session.run_to(None if step == "end" else step)

    def show_panels(self, keys: Sequence[str]) -> None:
        """Bring panels to the front; others give way where room is short."""
        self._window.room.teach(keys)
        for key in keys:
            self._window.show_panel(key)

    def look_at(self, **fields: Any) -> None:
        """Change fields of the selection."""
        self._window.timeline.stop()
        self._window.look_at(**fields)

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, and free all others."""
        self._window.lock(fields)

    def predict(self, learner: str, task: str) -> None:
        """Let the audience draw a curve."""
        track = self._session.record.task2
        if track is not None and learner in track.started.learners:  # else the run has failed before
            self._window.predict(learner, "old" if task == "old" else "new")

    def close_prediction(self) -> None:
        """Take a prediction away, if there is one."""
        self._window.close_prediction()
