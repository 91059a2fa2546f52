"""The window's one link to the engine: it sends commands, drains the messages, and keeps record and state.

It knows nothing of its views; it changes, then says so once. Widgets never talk to the engine themselves.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, Protocol

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from lwf_gui.control import Control
from lwf_gui.gui.budget import FrameBudget
from lwf_gui.gui.history import History
from lwf_gui.methods import branch_name, branch_number
from lwf_gui.protocol import (
    Branch,
    DataReady,
    EngineReady,
    Failed,
    Finished,
    Fork,
    HyperApplied,
    LogLine,
    Message,
    Notice,
    Paused,
    Progress,
    Resumed,
    Steps,
    Stopped,
)
from lwf_gui.recipe import DEFAULT_PRESET, FALLBACK_PRESET, Hyper, Recipe, fallback_for, live_keys, load_preset
from lwf_gui.runs.cursor import settings_after
from lwf_gui.runs.record import Record

RECORDED_PRESET = "of the run"
"""Name of the recipe of a run that was forked, where no preset is like it."""

AFTER_PAINTING = -100
"""Priority of an event that comes when all that was to be painted is painted: Qt posts paint events with -1."""


class Engine(Protocol):
    """What the session needs of `lwf_gui.engine.thread.EngineThread`, which the window must not import."""

    outbox: SimpleQueue[Message]

    def start(self) -> None:
        """Begin: import torch and wait for work."""

    def train(self, run_id: int, recipe: Recipe, fallback: Recipe | None, control: Control) -> None:
        """Do a run."""

    def fork(self, run_id: int, recipe: Recipe, fork: Fork, control: Control) -> None:
        """Continue a run from one of its steps."""

    def fetch(self, run_id: int, control: Control) -> None:
        """Download Fashion-MNIST."""

    def close(self) -> None:
        """Stop everything."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end."""


class State(enum.Enum):
    """What a run is doing."""

    IDLE = "Ready"
    RECORDED = "Recorded run"
    RUNNING = "Training"
    PAUSED = "Paused"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FINISHED = "Finished"
    FAILED = "Failed"
    FETCHING = "Downloading"


class News(enum.IntEnum):
    """What there is to paint after a message."""

    NOTHING = 0
    LOSSES = 1
    ALL = 2


class _Painted(QEvent):
    """Comes after a picture that began at ``start``, in seconds: of the clock, and of this thread's processor time."""

    def __init__(self, start: tuple[float, float]) -> None:
        super().__init__(QEvent.Type.User)
        self.start = start


class _Settings(NamedTuple):
    """What undo goes back to."""

    recipe: Recipe
    preset: str
    hyper: Hyper


BUSY = frozenset({State.RUNNING, State.PAUSED, State.STOPPING, State.FETCHING})


class Session(QObject):
    """One window's run."""

    engineReady = Signal()  # noqa: N815 - Qt's naming
    """The engine has started and can train."""
    stateChanged = Signal()  # noqa: N815
    rowsArrived = Signal(bool)  # noqa: N815
    """The record grew, at most once per drained batch; False: by losses alone."""
    framePainted = Signal(float)  # noqa: N815
    """What was drained is on the screen; milliseconds by the clock, waiting included."""
    recordChanged = Signal()  # noqa: N815
    """There is another record, or its data changed: everything must be painted anew."""
    recipeChanged = Signal()  # noqa: N815
    hyperChanged = Signal()  # noqa: N815
    progressChanged = Signal()  # noqa: N815
    logArrived = Signal(str)  # noqa: N815
    noticed = Signal(str)
    failed = Signal(str, str)
    """One sentence and, for faults of the program, a traceback."""
    engineFailed = Signal(str, str)  # noqa: N815
    """Likewise, of an engine that cannot do any run."""

    def __init__(self, engine: Engine, recipe: Recipe, preset: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recipe = recipe
        self.preset = preset
        self.hyper: Hyper = recipe.hyper()
        self.record = Record()
        self.ghost: Record | None = None
        """The run that this one was forked from as a whole, to be compared with."""
        self.state = State.IDLE
        self.progress: Progress | None = None
        self.after_run: Callable[[], None] = lambda: None
        """Called once after every terminal message; `--exit-after-run` and the last-run file hang here."""
        self._engine = engine
        self._control = Control()
        self._fetching = False
        self._history: History[_Settings] = History()
        self._wanted = self.hyper  # the live settings once the engine has taken in all changes
        self._before_fork: tuple[Record, _Settings] | None = None  # of the run under way, if it is a fork
        self._origin = 0  # id of the run that made the record, 0 if it came from a file
        self._started = False
        self._pace: float | None = None
        self._run_id = 0
        self._budget = FrameBudget()
        self._timer = QTimer(self)
        self._timer.setInterval(self._budget.pause_ms)
        self._timer.timeout.connect(self.drain)

    @property
    def busy(self) -> bool:
        """Whether the engine works on a run or a download of ours."""
        return self.state in BUSY

    def start_engine(self) -> None:
        """Start the engine's thread: after the first paint, for it imports torch."""
        self._started = True
        self._engine.start()
        self._timer.start()

    def show_record(self, record: Record) -> None:
        """Show a recorded run."""
        self.record, self.ghost, self._before_fork, self._origin = record, None, None, 0
        self._set_state(State.RECORDED)
        self.recordChanged.emit()

    def set_recipe(self, recipe: Recipe, preset: str | None = None) -> None:
        """Take another recipe; what is not live takes effect with the next run."""
        if recipe == self.recipe and preset is None:
            return
        self._note(recipe.changes_from(self.recipe))
        self._take_recipe(recipe, self.preset if preset is None else preset)

    def take_preset(self, recipe: Recipe, name: str) -> None:
        """Take a preset's recipe, or one made from it; a folder or data set that the user chose goes with it."""
        data = self.recipe.data.dataset
        if recipe.data.dataset == "auto" and data not in ("auto", "digits"):
            recipe = recipe.with_settings({"data.dataset": data})
        self.set_recipe(recipe, name)

    def change(self, **values: Any) -> None:
        """Change live settings, fields of `Hyper`: of the run if there is one, and of the recipe for the next."""
        self._note(tuple(values))
        self._change(values)
        self.recipeChanged.emit()

    def undo(self) -> None:
        """Take the last change of a setting back."""
        self._return_to(self._history.undo(self._settings()))

    def redo(self) -> None:
        """Make a change again that was taken back."""
        self._return_to(self._history.redo(self._settings()))

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self._history.can_redo

    def _settings(self) -> _Settings:
        return _Settings(self.recipe, self.preset, self._wanted)

    def _note(self, what: object) -> None:
        self._history.note(self._settings(), what)

    def _take_recipe(self, recipe: Recipe, preset: str) -> None:
        self.recipe, self.preset = recipe, preset
        if not self.busy:
            self.hyper = self._wanted = recipe.hyper()
            self.hyperChanged.emit()
        self.recipeChanged.emit()

    def _change(self, values: Mapping[str, Any]) -> None:
        keys = live_keys()
        self.recipe = self.recipe.with_settings({keys[name]: new for name, new in values.items() if name in keys})
        self._wanted = replace(self._wanted, **values)
        if self.busy:
            self._control.change(**values)
        else:
            self.hyper = self._wanted
            self.hyperChanged.emit()

    def _return_to(self, settings: _Settings | None) -> None:
        """Go back, or forth, to other settings: to live ones at once, also in a run."""
        if settings is None:
            return
        self.recipe, self.preset, hyper = settings
        if self.busy:  # what else has changed meanwhile, by the schedule, stays
            keys, what = live_keys(), self._history.what
            live = {name: new for name, new in asdict(hyper).items() if name in what or keys.get(name) in what}
            self._control.change(**live)
            self._wanted = replace(self._wanted, **live)
        else:
            self.hyper = self._wanted = hyper
        self.recipeChanged.emit()
        self.hyperChanged.emit()

    def run_or_pause(self) -> None:
        """Start, pause or resume."""
        match self.state:
            case State.RUNNING:
                self._control.pause()
            case State.PAUSED:
                self._control.resume()
            case State.STOPPING | State.FETCHING:
                pass
            case _:
                self._begin()

    def step(self) -> None:
        """Train one step, then wait; starts a run if there is none."""
        if self.state in (State.STOPPING, State.FETCHING):
            return
        if not self.busy:
            self._begin(paused=True)
        self._control.step()

    def stop(self) -> None:
        """End the run or the download; what was recorded stays."""
        if self.busy:
            self._control.stop()
            self._set_state(State.STOPPING)

    def reset(self) -> None:
        """Rewind to the moment after surgery: same weights, same batches, the recipe as it is now."""
        self._control.stop()
        self._run_id += 1  # messages of the run that is over are dropped
        self.hyper = self._wanted = self.recipe.hyper()
        self.record = self.record.rewound() if self._starts_like_the_record() else Record()
        self.ghost, self._before_fork, self._origin = None, None, 0
        self.progress = None
        self._set_state(State.IDLE)
        self.recordChanged.emit()
        self.hyperChanged.emit()

    def fork(self, step: int, values: Mapping[str, Any], learner: str = "") -> None:
        """Continue from a step of the record's task 2: the whole run with other live settings, or a new branch of it.

        Parameters
        ----------
        step : steps of task 2 that stay as they were
        values : fields of `Hyper` that shall differ
        learner : the learner that branches off, the others go on as they were; empty: the whole run changes
        """
        origin, before = self.record, self._origin
        assert origin.data is not None
        assert origin.task2 is not None
        self._control.stop()
        self._new_control()
        self._fetching = False
        held = settings_after(origin, step)
        assert held is not None
        branch = None
        if learner:
            branches = origin.task2.started.branches
            own = next((b.overrides for b in branches if b.learner == learner), {})  # a branch of a branch keeps these
            number = 1 + max((branch_number(b.learner) for b in branches), default=0)  # some may have been left out
            name = branch_name(learner.partition("+")[0], number, step)
            branch = Branch(name, learner, step, {**own, **values})
        self.record = origin.forked(step, branch)
        self.ghost, self._before_fork = None if learner else origin, (origin, self._settings())
        assert self.record.task2 is not None
        hyper = held if learner else replace(held, **values)
        fork = Fork(before, step, tuple(self.record.marks), self.record.task2.started.branches, hyper)
        self._note(tuple(live_keys()))
        if not origin.data.recipe.built_like(self.recipe):
            self.preset = RECORDED_PRESET
        self.recipe, self.hyper, self._wanted = origin.data.recipe, hyper, hyper
        self.recipe = self.recipe.with_settings({key: getattr(hyper, name) for name, key in live_keys().items()})
        self._origin = self._run_id
        self._engine.fork(self._run_id, origin.data.recipe, fork, self._control)
        self._set_state(State.RUNNING)
        self.recordChanged.emit()
        self.recipeChanged.emit()
        self.hyperChanged.emit()

    def run_to(self, step: int | None) -> None:
        """Run, or go on, until so many steps of task 2 are done, then pause; None runs to the end."""
        if not self.busy:
            self._begin()
        self._control.run_to(step)
        self._control.resume()

    def set_pace(self, steps_per_second: float | None) -> None:
        """Slow training down, or None for full speed."""
        self._pace = steps_per_second
        self._control.pace(steps_per_second)

    def fetch_data(self) -> None:
        """Download Fashion-MNIST; a run under way is stopped first, and its curves stay."""
        self._control.stop()
        self._new_control()
        self._fetching = True
        self._engine.fetch(self._run_id, self._control)
        self._set_state(State.FETCHING)

    def use_data(self, spec: str) -> None:
        """Take other data; the default preset and the digits' change places, for each fits its own size of data."""
        swap = {FALLBACK_PRESET: DEFAULT_PRESET, DEFAULT_PRESET: FALLBACK_PRESET}
        preset = self.preset
        if preset in swap and (preset == FALLBACK_PRESET) != (spec == "digits"):
            preset = swap[preset]
            self.recipe = load_preset(preset).recipe
        self.set_recipe(self.recipe.with_settings({"data.dataset": spec}), preset)

    def close(self) -> None:
        """Stop the engine and wait for its end: within a step, unless it is importing torch."""
        self._timer.stop()
        self._control.stop()
        self._engine.close()
        if self._started:
            self._engine.join()

    def drain(self) -> None:
        """Take in all messages that wait; tell the views once."""
        start = (time.perf_counter(), time.thread_time())
        grew = News.NOTHING
        while True:
            try:
                message = self._engine.outbox.get_nowait()
            except Empty:
                break
            if message.run_id in (0, self._run_id):
                grew = max(grew, self._take(message))
        if grew is not News.NOTHING:
            self.rowsArrived.emit(grew is News.ALL)
            QCoreApplication.postEvent(self, _Painted(start), AFTER_PAINTING)

    def customEvent(self, event: QEvent) -> None:
        """Measure what the picture cost, and pause accordingly."""
        if isinstance(event, _Painted):
            began, worked = event.start
            if self._budget.spend(1000 * (time.thread_time() - worked)):
                self._timer.setInterval(self._budget.pause_ms)
            self.framePainted.emit(1000 * (time.perf_counter() - began))

    def _begin(self, *, paused: bool = False) -> None:
        self._new_control()
        self._fetching = False
        if paused:
            self._control.pause()
        self.record, self.ghost, self._before_fork, self._origin = Record(), None, None, self._run_id
        if self.hyper.trunk_frozen != self.recipe.hyper().trunk_frozen:  # set by hand before the run
            self._control.change(trunk_frozen=self.hyper.trunk_frozen)
        fallback = fallback_for(self.recipe, self.preset)
        self._engine.train(self._run_id, self.recipe, fallback, self._control)
        self._set_state(State.RUNNING)
        self.recordChanged.emit()

    def _starts_like_the_record(self) -> bool:
        """Whether a run of the recipe would be the same as the record's up to the surgery."""
        data = self.record.data
        if data is None or self.recipe.data.dataset not in ("auto", data.dataset, data.recipe.data.dataset):
            return False
        return data.recipe.starts_like(self.recipe.with_settings({"data.dataset": data.recipe.data.dataset}))

    def _new_control(self) -> None:
        self._run_id += 1
        self._control = Control()
        self._control.pace(self._pace)
        self.progress = None

    def _take(self, message: Message) -> News:
        """Take in one message; return what there is to paint."""
        match message:
            case EngineReady():
                self.progress = None
                self.progressChanged.emit()
                self.engineReady.emit()
            case Progress():
                self.progress = message
                self.progressChanged.emit()
            case Paused():
                if self.state is State.RUNNING:
                    self._set_state(State.PAUSED)
            case Resumed():
                if self.state is State.PAUSED:
                    self._set_state(State.RUNNING)
            case DataReady() if self._origin == self._run_id and self._is_other_data(message):
                self._refuse_data()
            case Finished() | Stopped() | Failed() if self._fetching:
                self._finish_fetching(message)
            case Finished() | Stopped() | Failed():
                self._finish(message)
            case _:
                self.record.apply(message)
                return self._announce(message)
        return News.ALL

    def _is_other_data(self, data: DataReady) -> bool:
        """Whether a fork would go on with other images than its record began with."""
        before = self.record.data
        return before is not None and not (
            before.classes == data.classes
            and np.array_equal(before.probe_labels, data.probe_labels)
            and np.array_equal(before.probe_images, data.probe_images)
        )

    def _refuse_data(self) -> None:
        before = self.record.data
        assert before is not None
        self._control.stop()
        self._run_id += 1  # what the engine still says of it is dropped
        self._end(State.STOPPED)
        self._give_back()
        self.failed.emit(
            f"This run was made on {before.dataset} ({before.source}), and these images are not there or are others "
            "now: choose them under Data, then fork again.",
            "",
        )

    def _announce(self, message: Message) -> News:
        match message:
            case Steps():
                if self.progress is not None:  # what came before training is done
                    self.progress = None
                    self.progressChanged.emit()
                return News.LOSSES
            case DataReady():
                self.progress = None
                if message.note and self.preset == DEFAULT_PRESET:  # other data than hoped for, and another recipe
                    self.preset, self.recipe = FALLBACK_PRESET, message.recipe
                    self.recipeChanged.emit()
                self.recordChanged.emit()
            case HyperApplied():
                self.hyper = message.hyper
                self._wanted = replace(self._wanted, **{name: getattr(message.hyper, name) for name in message.changed})
                self.hyperChanged.emit()
            case LogLine():
                self.logArrived.emit(message.text)
                return News.NOTHING
            case Notice():
                self.noticed.emit(message.text)
        return News.ALL

    def _finish_fetching(self, terminal: Finished | Stopped | Failed) -> None:
        self._fetching = False
        self._end(State.RECORDED if self.record.task2 else State.IDLE)
        match terminal:
            case Finished():
                self.use_data("auto")
                self.noticed.emit("Fashion-MNIST is here: press Run to train on it.")
            case Failed():
                self.failed.emit(terminal.cause, terminal.traceback)
            case Stopped():
                self.noticed.emit("The download was stopped; files that were whole are kept.")

    def _finish(self, terminal: Finished | Stopped | Failed) -> None:
        if terminal.run_id == 0:  # the engine itself could not start; every run that is asked for ends with its own
            assert isinstance(terminal, Failed)
            self.progress = None
            self.progressChanged.emit()
            self.engineFailed.emit(terminal.cause, terminal.traceback)
            return
        self.record.apply(terminal)
        match terminal:
            case Finished():
                self._end(State.FINISHED)
            case Stopped():
                self._end(State.STOPPED)
            case Failed():
                self._end(State.FAILED)
                back = " The run before the fork is shown again." if self._give_back() else ""
                self.failed.emit(terminal.cause + back, terminal.traceback)
        self.after_run()

    def _give_back(self) -> bool:
        """Show the run and the settings again from which a fork failed to go on, if it was one; return whether."""
        if self._before_fork is None:
            return False
        record, settings = self._before_fork
        self._note(tuple(live_keys()))
        self._return_to(settings)
        self.show_record(record)
        return True

    def _end(self, state: State) -> None:
        self.progress = None
        self._set_state(state)

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.stateChanged.emit()
