"""The window as a lesson sees it: what the lesson driver's `Stage` asks for, done with window and session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from lwf_gui import untrusted
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.session import Session, State
from lwf_gui.gui.teaching.audience import Audience
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.stage import Goal
from lwf_gui.gui.time.timeline import Timeline
from lwf_gui.recipe import Recipe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, settings_after

WARM_SECONDS = 1.0
"""Of training, before its rate says how fast this machine is: the first steps are slow."""


class Host(Protocol):
    """What lessons need of a window."""

    @property
    def session(self) -> Session:
        """Its run and settings."""

    @property
    def selection(self) -> Selection:
        """Where one looks."""

    @property
    def recipe(self) -> QWidget:
        """The panel of the settings."""

    @property
    def room(self) -> Room:
        """Who gives way where a page needs much room."""

    @property
    def timeline(self) -> Timeline:
        """The timeline."""

    @property
    def lesson_bar(self) -> LessonBar:
        """The strip with the page."""

    @property
    def plots(self) -> Plots:
        """The plots over steps."""

    @property
    def audience(self) -> Audience:
        """Who is asked for predictions."""

    def look_at(self, **changes: Any) -> None:
        """Look elsewhere; every panel follows."""

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front."""

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, and what would change them otherwise."""


class WindowStage:
    """One window for one lesson at a time."""

    def __init__(self, window: Host) -> None:
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
        """Return the steps trained since the head expansion, negative in task 1; None without a run."""
        one, two = self._session.record.base, self._session.record.incremental
        if two is not None:
            return two.steps
        return one.steps - one.started.steps - 1 if one is not None else None

    def steps_per_epoch(self) -> int | None:
        """Return the steps of a pass over the new task's images; None before the head expansion."""
        track = self._session.record.incremental
        return None if track is None else track.started.epoch_steps[0]

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
        if data is None or data.recipe.data.train_images or len(data.train_sizes) != 2:
            return None
        old, new = data.train_sizes
        return old, new

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
        self._forget()

    def take_other_data(self) -> str:
        """Take the best images at hand for those that the user chose; return what these were, empty for none."""
        recipe = self._session.recipe
        chosen = recipe.data.dataset
        if chosen == "auto":
            return ""
        self._session.set_recipe(recipe.with_settings({"data.dataset": "auto"}))
        self._forget()
        return untrusted.printable(Path(chosen).name or chosen)

    def restart(self) -> None:
        """End the run, if any; the next `run_to` begins a new one."""
        self._session.reset()
        self._forget()

    def change(self, **live: Any) -> None:
        """Change live settings."""
        self._session.change(**live)
        self._forget()

    def _forget(self) -> None:
        """Let undo go back to nothing of what a page has done, nor to what was before it, and promise it nowhere."""
        self._session.places.forget()
        self._session.done.emit("")

    def run_to(self, step: Goal, *, anew: bool) -> None:
        """Begin a run, or go on with the one that is shown; pause after so many steps since the head expansion."""
        session, track = self._session, self._session.record.incremental
        if not (anew or session.busy) and track is not None and 0 < track.steps < track.started.steps:
            held, live = settings_after(session.record, track.steps), asdict(session.live)
            session.fork(track.steps, {name: value for name, value in live.items() if value != getattr(held, name)})
        begins = not session.busy
        session.run_to(None if step == "end" else step)
        if begins:
            self._forget()

    def show_panels(self, keys: Sequence[str], *, hero: bool = False) -> None:
        """Bring panels to the front; others give way where room is short, and to a hero the plot."""
        self._window.room.teach(keys, hero=hero)
        for key in keys:
            self._window.show_panel(key)

    def show_whole_run(self) -> None:
        """Let the plots show all steps, and say what is looked at, not what the mouse happens to rest on."""
        self._window.plots.show_whole()
        for panel in self._window.plots.panels:
            panel.point_at(math.nan)

    def look_at(self, **fields: Any) -> None:
        """Change fields of the selection."""
        self._window.timeline.stop()
        self._window.look_at(**fields)

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, and free all others."""
        self._window.lock(fields)

    def predict(self, learner: str, task: str, until: Goal) -> None:
        """Let the audience draw a curve, unless its line stands already."""
        track, audience = self._session.record.incremental, self._window.audience
        if track is None or learner not in track.started.learners:  # the run has failed before
            return
        steps = track.started.steps if until == "end" else min(until, track.started.steps)
        if audience.prediction is None or not audience.prediction.asks(learner, task, steps):
            audience.draw(learner, "old" if task == "old" else "new", steps)

    def close_prediction(self) -> None:
        """Take a prediction away, if there is one."""
        self._window.audience.close()
