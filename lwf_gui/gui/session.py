"""One window's session with the engine: what its run is, and all that can be asked for.

It knows nothing of its views; it changes, then says so once. Its parts are in `lwf_gui.gui.run`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from lwf_gui.gui.run.folder import DataFolder
from lwf_gui.gui.run.inbox import Answers, Inbox
from lwf_gui.gui.run.link import Engine, EngineLink
from lwf_gui.gui.run.model import RunModel
from lwf_gui.gui.run.places import Places
from lwf_gui.gui.run.running import Running
from lwf_gui.gui.run.settings import Settings
from lwf_gui.gui.run.state import State
from lwf_gui.gui.time.undo import Place
from lwf_gui.learners import LearnerSpec
from lwf_gui.recipe import Recipe
from lwf_gui.runs import cures
from lwf_gui.runs.record import Record
from lwf_gui.runs.step_scale import first_steps

__all__ = ["Engine", "Session", "State"]


class Session(RunModel):
    """One window's run, and the user's hands on it."""

    rowsArrived = Signal(bool)  # noqa: N815 - Qt's naming
    """The record grew, at most once per drained batch; False: by losses alone."""
    framePainted = Signal(float)  # noqa: N815
    """What was drained is on the screen; milliseconds by the clock, waiting included."""

    def __init__(self, engine: Engine, recipe: Recipe, preset: str, parent: QObject | None = None) -> None:
        super().__init__(recipe, preset, parent)
        self.link = EngineLink(engine, self)
        self.places = Places(self.place)
        self._settings = Settings(self, self.link, self.places)
        self._running = Running(self, self.link, self.places)
        self._folder = DataFolder(self, self.use_data)
        answers = Answers(self.use_data, self._folder.take, self._settings.go_to, self._settings.give_back)
        self.link.receive = Inbox(self, self.link, answers).take
        self.link.drained.connect(self.rowsArrived)
        self.link.framePainted.connect(self.framePainted)

    # The engine

    def start_engine(self) -> None:
        """Start the engine's thread: after the first paint, for it imports torch."""
        self.link.start()

    def drain(self) -> None:
        """Take in all messages that wait; tell the views once."""
        self.link.drain()

    def close(self) -> None:
        """Stop the engine and wait for its end: within a step, unless it is importing torch."""
        self.link.close()
        self.closed()

    # Runs

    def run_or_pause(self) -> None:
        """Start, pause or resume."""
        self._running.run_or_pause()

    def step(self) -> None:
        """Train one step, then wait; starts a run if there is none."""
        self._running.step()

    def stop(self) -> None:
        """End the run or the download; what was recorded stays."""
        self._running.stop()

    def run_to(self, step: int | None) -> None:
        """Run, or go on, until so many steps of task 2 are done, then pause; None runs to the end."""
        self._running.run_to(step)

    @property
    def can_skip(self) -> bool:
        """Whether the moment after the head expansion is still to come, of the run under way or of the next one."""
        return self._running.can_skip

    def skip(self) -> None:
        """Go on at full speed to the moment after the head expansion and wait there, if that is still to come."""
        self._running.skip()

    def reset(self) -> None:
        """Rewind to right after the head expansion, or to the beginning of a run in task 1, with the present recipe."""
        self._running.reset()

    def show_record(self, record: Record, *, choose: bool = True) -> None:
        """Show a recorded run; unless ``choose`` is off, its recipe is chosen: the next run trains what is shown."""
        self._running.open(record, choose=choose)

    def fork(self, step: int, values: Mapping[str, Any], learner: str = "") -> None:
        """Continue from a step of task 2 with other live settings, as a whole or in a new branch of ``learner``."""
        self._running.fork(step, values, learner)

    def add_learner(self, method: str) -> None:
        """Let a learner of a method join the run that is shown, which has come to its end: it trains alone."""
        self._running.add(method)

    def join(self, spec: LearnerSpec) -> None:
        """Let this learner join the run that is shown, which has come to its end: it trains alone."""
        self._running.join(spec)

    def bring_back(self) -> None:
        """Let the method join the run that keeps class-incremental accuracy best."""
        self._running.add(cures.cure())

    @property
    def keeps_states(self) -> bool:
        """Whether the engine still keeps states of the run that is shown, to go back to."""
        return self.link.keeps(self.shown.origin)

    @property
    def pace(self) -> float | None:
        """Steps of task 2 a second, at most; None is full speed."""
        return self.link.pace

    def set_pace(self, steps_per_second: float | None) -> None:
        """Slow training down, or None for full speed."""
        self.link.pace = steps_per_second

    def start_slowly(self, wanted: bool) -> None:
        """Let the first steps of a task be trained slowly, where all is at full speed, or no more."""
        self.link.start_slowly(wanted)

    @property
    def eases(self) -> bool:
        """Whether a slow start is under way: a task's first steps, at full speed."""
        return self.begins and self.state is State.RUNNING and self.pace is None

    @property
    def begins(self) -> bool:
        """Whether a task's first steps are trained, or waited in, where people follow these."""
        track = self.record.incremental
        if track is None or not self.busy or not self.link.starts_slowly:
            return False
        axis, step = track.started.axis, track.steps
        return step - axis.begin(step) < first_steps(axis, step)

    @property
    def slow(self) -> bool:
        """Whether people can follow one step after another: every step is shown."""
        return self.state is State.PAUSED or self.link.slow

    # Settings of the next run, and live ones

    def set_recipe(self, recipe: Recipe, preset: str | None = None) -> None:
        """Take another recipe; what is not live takes effect with the next run."""
        self._settings.set_recipe(recipe, preset)

    def take_preset(self, recipe: Recipe, name: str) -> None:
        """Take a preset's recipe, or one made from it; a folder or data set that the user chose goes with it."""
        self._settings.take_preset(recipe, name)

    def change(self, **values: Any) -> None:
        """Change fields of `LiveSettings`: of the run if there is one, and of the recipe for the next."""
        self._settings.change(values)

    def undo(self) -> None:
        """Take the last change of a setting back, or bring back the run that another one took the place of."""
        self._settings.undo()

    def redo(self) -> None:
        """Make a change again that was taken back."""
        self._settings.redo()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self.places.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self.places.can_redo

    def go_to(self, place: Place) -> None:
        """Show settings and run of a place again; a run under way ends, and undo brings it back as far as it came."""
        self._settings.go_to(place)

    def come_back_to(self, place: Place) -> None:
        """Show settings and run of a place again; what was there meanwhile is no step of undo."""
        self._settings.come_back_to(place)

    # Data

    def use_data(self, spec: str) -> None:
        """Take other data, and nothing else: what the user changed stays changed."""
        self._settings.use_data(spec)

    def use_folder(self, folder: str) -> None:
        """Take a folder's images, and remember it, if they can be used; else say why not, and change nothing."""
        self.link.check(folder)

    def forget_folder(self) -> None:
        """Remember no folder any more; where it is chosen, the best data at hand take its place."""
        self._folder.forget()

    def fetch_data(self) -> None:
        """Download Fashion-MNIST; a run under way is stopped first, and its curves stay."""
        self._running.fetch()
