"""The window's one link to the engine: it sends commands, drains the messages, and keeps record and state.

It knows nothing of its views; it changes, then says so once. Widgets never talk to the engine themselves.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from lwf_gui import paths
from lwf_gui.control import SLOW_MOTION, Control
from lwf_gui.gui import choice
from lwf_gui.gui.budget import FrameBudget
from lwf_gui.gui.time.undo import Place, fit
from lwf_gui.gui.time.undo_stack import UndoStack
from lwf_gui.messages import (
    DataReady,
    EngineReady,
    Failed,
    Finished,
    FolderChecked,
    Fork,
    LiveSettingsApplied,
    LogLine,
    Message,
    Notice,
    Paused,
    Progress,
    Resumed,
    Snapshots,
    Steps,
    Stopped,
)
from lwf_gui.recipe import LiveSettings, Recipe, live_keys
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.forks import continued
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_at, settings_of

AFTER_PAINTING = -100
"""Priority of an event that comes when all that was to be painted is painted: Qt posts paint events with -1."""


class Engine(Protocol):
    """What the session needs of `lwf_gui.engine.thread.EngineThread`, which the window must not import."""

    outbox: SimpleQueue[Message]

    def start(self) -> None:
        """Begin: import torch and wait for work."""

    def train(self, run_id: int, recipe: Recipe, control: Control) -> None:
        """Do a run."""

    def fork(self, run_id: int, recipe: Recipe, fork: Fork, control: Control) -> None:
        """Continue a run from one of its steps."""

    def fetch(self, run_id: int, control: Control) -> None:
        """Download Fashion-MNIST."""

    def check(self, folder: str) -> None:
        """Say whether a folder can be used as data."""

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


_HEADS = {
    State.RUNNING: "Running",
    State.PAUSED: "Paused",
    State.STOPPING: "Stopping",
    State.RECORDED: "Recorded",
}
"""What a run that another one follows is called."""

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
    liveSettingsChanged = Signal()  # noqa: N815
    progressChanged = Signal()  # noqa: N815
    logArrived = Signal(str)  # noqa: N815
    noticed = Signal(str)
    done = Signal(str)
    """What has just been done, for a moment."""
    failed = Signal(str, str)
    """One sentence and, for faults of the program, a traceback."""
    engineFailed = Signal(str, str)  # noqa: N815
    """Likewise, of an engine that cannot do any run."""

    def __init__(self, engine: Engine, recipe: Recipe, preset: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recipe = recipe
        self.preset = preset
        self.live_settings: LiveSettings = recipe.live_settings()
        self.record = Record()
        self.run_preset = preset
        """The preset of the run that is shown."""
        self.ghost: Record | None = None
        """The run that this one was forked from, whole, to be compared with."""
        self.state = State.IDLE
        self.progress: Progress | None = None
        self.after_run: Callable[[], None] = lambda: None
        """Called once after every terminal message; `--exit-after-run` and the last-run file hang here."""
        self._engine = engine
        self._control = Control()
        self._fetching = False
        self._history: UndoStack[Place] = UndoStack()
        self._wanted = self.live_settings  # the live settings once the engine has taken in all changes
        self._backbone: bool | None = None  # frozen or free by hand, also for the next run; None: as its recipe has it
        self._before_fork: Place | None = None  # of the run under way, if it is a fork
        self._beside: Beside | None = None  # of a fork in which one learner trains alone
        self._alone = ""  # that learner
        self._origin = 0  # id of the run that made the record, 0 if it came from a file
        self._kept: frozenset[int] = frozenset()  # ids of the runs whose states the engine keeps
        self._kept_too: frozenset[int] = frozenset()  # likewise, once the run under way keeps its own
        self._started = False
        self._pace: float | None = None
        self._run_id = self._changed_runs = 0
        self._budget = FrameBudget()
        self._timer = QTimer(self)
        self._timer.setInterval(self._budget.pause_ms)
        self._timer.timeout.connect(self.drain)

    @property
    def busy(self) -> bool:
        """Whether the engine works on a run or a download of ours."""
        return self.state in BUSY

    @property
    def _trains(self) -> bool:
        """Whether a run is under way, whose live settings are under the user's hand."""
        return self.busy and not self._fetching

    def start_engine(self) -> None:
        """Start the engine's thread: after the first paint, for it imports torch."""
        self._started = True
        self._engine.start()
        self._timer.start()

    @property
    def pace(self) -> float | None:
        """Steps of task 2 a second, at most; None is full speed."""
        return self._pace

    @property
    def live(self) -> LiveSettings:
        """The live settings of the run under way as the user wants them, else those of the next run.

        But for a backbone that the schedule of a run that is over has unfrozen: it is shown so until the next one
        begins.
        """
        return self._wanted

    @property
    def choice_text(self) -> str:
        """The name of what is chosen for the next run."""
        return choice.preset_text(self.preset, self.recipe)

    @property
    def next_text(self) -> str:
        """What the next run will be, where it is another one than what is shown; empty where it is the same."""
        data, track = self.record.data, self.record.task2
        begins_so = not self.busy and not (track and track.steps) and self._starts_like_the_record()
        if data is None or begins_so:  # what is shown is the next run's beginning, too
            return ""
        held = self._wanted if self._trains and not self._alone else settings_at(self.record, None)
        shown = choice.Shown(
            data, self.run_preset, held or data.recipe.live_settings(), _HEADS.get(self.state, "Shown")
        )
        return choice.next_text(shown, self.recipe, self.preset, busy=self.busy)

    def show_record(self, record: Record, *, choose: bool = True) -> None:
        """Show a recorded run; unless ``choose`` is off, its recipe is chosen: the next run trains what is shown."""
        if self._started:
            self._note_run("open")
        data = record.data
        self._show(record, "" if data is None else choice.preset_of(data.recipe))
        if choose and data is not None:
            self.recipe, self.preset, self._backbone = data.recipe, self.run_preset, None
            self.live_settings = self._wanted = self.recipe.live_settings()
        self._set_state(State.RECORDED)
        self._tell_all()

    def set_recipe(self, recipe: Recipe, preset: str | None = None) -> None:
        """Take another recipe; what is not live takes effect with the next run."""
        if recipe == self.recipe and preset in (None, self.preset):
            return
        self._note(recipe.changes_from(self.recipe))
        self._take_recipe(recipe, self.preset if preset is None else preset)

    def take_preset(self, recipe: Recipe, name: str) -> None:
        """Take a preset's recipe, or one made from it; a folder or data set that the user chose goes with it."""
        data = choice.own_data(self.recipe, self.preset)
        if data and recipe.data.dataset == "auto":
            recipe = recipe.with_settings({"data.dataset": data})
        self.set_recipe(recipe, name)

    def use_data(self, spec: str) -> None:
        """Take other data, and nothing else: what the user changed stays changed."""
        self.set_recipe(*choice.on_data(self.recipe, self.preset, spec))

    def use_folder(self, folder: str) -> None:
        """Take a folder's images, and remember it, if they can be used; else say why not, and change nothing."""
        self._engine.check(folder)

    def forget_folder(self) -> None:
        """Remember no folder any more; where it is chosen, the best data at hand take its place."""
        chosen = self.recipe.data.dataset == str(paths.user_data_dir())
        self._write_settings(paths.forget_user_data_dir)
        if chosen:
            self.use_data("auto")
        else:
            self.recipeChanged.emit()

    def _folder_checked(self, answer: FolderChecked) -> None:
        if answer.problem:
            self.noticed.emit(f"{answer.problem.rstrip('.')}. The data stay as they were.")
            return
        self._write_settings(lambda: paths.remember_user_data_dir(Path(answer.folder)))
        self.use_data(answer.folder)
        self.done.emit(f"{Path(answer.folder).name}: {answer.found}")

    def _write_settings(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self.noticed.emit(f"This will not be remembered: the settings cannot be written ({error.strerror}).")

    def change(self, **values: Any) -> None:
        """Change fields of `LiveSettings`: of the run if there is one, and of the recipe for the next."""
        self._note(tuple(values))
        self._change(values)
        self.recipeChanged.emit()

    def undo(self) -> None:
        """Take the last change of a setting back, or bring back the run that another one took the place of."""
        if not self._fetching:
            self._return_to(self._history.undo(self.place()))

    def redo(self) -> None:
        """Make a change again that was taken back."""
        if not self._fetching:
            self._return_to(self._history.redo(self.place()))

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self._history.can_redo

    def place(self) -> Place:
        """Return where the user is, to be gone back to."""
        recorded = self.state is State.RECORDED
        run = (self.record, self.run_preset, self.ghost, self._origin, recorded)
        return Place(self.recipe, self.preset, self._wanted, self._backbone, *run)

    def go_to(self, place: Place) -> None:
        """Show settings and run of a place again; a run under way ends, and undo brings it back as far as it came."""
        self._note_run("place")
        self._return_to(place)

    def _note(self, what: object) -> None:
        self._history.note(self.place(), what)

    def _note_run(self, what: str) -> None:
        """Note that another run takes the place of the one shown, each time anew."""
        self._changed_runs += 1
        self._note((what, self._changed_runs))
        self._history.keep(fit)

    def _put_aside(self) -> None:
        """Keep the run that another one takes the place of: undo brings it back."""
        track = self.record.task2
        if track is not None and track.steps:
            self._note_run("run")
            if self.state is not State.RECORDED:  # else it is in its file
                self.done.emit("The run before was put aside: Undo (Ctrl+Z) brings it back")

    def _show(self, record: Record, preset: str, ghost: Record | None = None, origin: int = 0) -> None:
        """Put another run in the place of the one that is shown."""
        self.record, self.run_preset, self.ghost, self._origin = record, preset, ghost, origin
        self._before_fork, self._beside, self._alone = None, None, ""

    def _tell_all(self) -> None:
        self.recordChanged.emit()
        self.recipeChanged.emit()
        self.liveSettingsChanged.emit()

    def _take_recipe(self, recipe: Recipe, preset: str) -> None:
        self.recipe, self.preset, self._backbone = recipe, preset, None
        if not self._trains:
            self.live_settings = self._wanted = recipe.live_settings()
            self.liveSettingsChanged.emit()
        self.recipeChanged.emit()

    def _change(self, values: Mapping[str, Any]) -> None:
        keys = live_keys()
        if not self._trains or self._next_is_like_it():
            self.recipe = self.recipe.with_settings({keys[name]: new for name, new in values.items() if name in keys})
            self._backbone = values.get("backbone_frozen", self._backbone)
        self._wanted = replace(self._wanted, **values)
        if self._trains:
            self._control.change(**values)
            if not self._alone:
                self._control.unplan(values.keys())
        else:
            self.live_settings = self._wanted
            self.liveSettingsChanged.emit()

    def _next_is_like_it(self) -> bool:
        """Whether the next run would be the one under way again, so that a live change is for both."""
        data = self.record.data
        return not self._alone and (data is None or data.recipe.built_like(self.recipe))

    def _return_to(self, place: Place | None) -> None:
        """Go back, or forth, to other settings: to live ones at once, also in a run; and to another run."""
        if place is None:
            return
        self.recipe, self.preset, self._backbone, live_settings = (
            place.recipe,
            place.preset,
            place.backbone,
            place.live_settings,
        )
        if place.record is not self.record:
            self._control.stop()
            self._run_id += 1  # what the engine still says of a run under way is dropped
            self.progress = None
            self.live_settings = self._wanted = self._next_live_settings(live_settings.backbone_frozen)
            self._show(place.record, place.run_preset, place.ghost, place.origin)
            self._history.keep(fit)
            self._set_state(State.RECORDED if place.recorded else _state_of(place.record))
            self.recordChanged.emit()
        elif self._trains:  # what else has changed meanwhile, by the schedule, stays
            keys, what = live_keys(), self._history.what
            live = {name: new for name, new in asdict(live_settings).items() if name in what or keys.get(name) in what}
            self._control.change(**live)
            self._wanted = replace(self._wanted, **live)
        else:
            self.live_settings = self._wanted = self._next_live_settings(live_settings.backbone_frozen)
        self.recipeChanged.emit()
        self.liveSettingsChanged.emit()

    def run_or_pause(self) -> None:
        """Start, pause or resume."""
        match self.state:
            case State.STOPPING | State.FETCHING:
                pass
            case State.RUNNING | State.PAUSED if self._control.paused:  # what was asked last, done by now or not
                self._control.resume()
            case State.RUNNING | State.PAUSED:
                self._control.pause()
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
        self._put_aside()
        self._run_id += 1  # messages of the run that is over are dropped
        self._begin_settings(None)
        self._show(self.record.rewound() if self._starts_like_the_record() else Record(), self.preset)
        self.progress = None
        self._set_state(State.IDLE)
        self.recordChanged.emit()
        self.liveSettingsChanged.emit()

    def fork(self, step: int, values: Mapping[str, Any], learner: str = "") -> None:
        """Continue from a step of the record's task 2: the whole run with other live settings, or a new branch of it.

        Parameters
        ----------
        step : steps of task 2 that stay as they were
        values : fields of `LiveSettings` that shall differ
        learner : the learner that branches off, the others go on as they were; empty: the whole run changes
        """
        origin, before = self.record, self.place()
        assert origin.data is not None
        self._control.stop()
        self._note_run("fork")
        new = continued(origin, self._origin, step, values, learner)
        self._new_control()
        self._kept_too = frozenset({self._origin} if new.fork.alone else ())
        for planned in new.later:
            self._control.plan(planned.step, planned.values, planned.learner)
        self._show(new.record, self.run_preset, origin, self._run_id)
        self._before_fork, self._beside, self._alone = before, new.beside, new.fork.alone
        if not origin.data.recipe.built_like(self.recipe):
            self.preset = self.run_preset
        held = new.fork.live_settings
        self.recipe = origin.data.recipe.with_settings({key: getattr(held, name) for name, key in live_keys().items()})
        self._backbone = values.get("backbone_frozen") if not learner else None
        self.live_settings = self._wanted = new.shown
        self._engine.fork(self._run_id, origin.data.recipe, new.fork, self._control)
        self._set_state(State.RUNNING)
        self._tell_all()

    def run_to(self, step: int | None) -> None:
        """Run, or go on, until so many steps of task 2 are done, then pause; None runs to the end."""
        if not self.busy:
            self._begin()
        self._control.run_to(step)
        self._control.resume()

    @property
    def can_skip(self) -> bool:
        """Whether the moment after surgery is still to come, of the run under way or of the next one."""
        if self.state in (State.STOPPING, State.FETCHING):
            return False
        return self.state is State.IDLE or self.record.task2 is None

    def skip(self) -> None:
        """Go on at full speed to the moment after surgery and wait there, if that is still to come."""
        if self.can_skip:
            self.run_to(0)
            self.done.emit("Trains the old task, then waits where the new one begins")

    @property
    def keeps_states(self) -> bool:
        """Whether the engine still keeps states of the run that is shown, to go back to."""
        return self._origin in self._kept

    @property
    def slow(self) -> bool:
        """Whether people can follow one step after another: every step is shown."""
        return self.state is State.PAUSED or (self._pace is not None and self._pace <= SLOW_MOTION)

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
        self._put_aside()
        self._new_control()
        if paused:
            self._control.pause()
        self._show(Record(), self.preset, origin=self._run_id)
        self._begin_settings(self._backbone)
        if self._backbone not in (None, self.recipe.live_settings().backbone_frozen):
            self._control.change(backbone_frozen=self._backbone)
        self._engine.train(self._run_id, self.recipe, self._control)
        self._set_state(State.RUNNING)
        self.recordChanged.emit()
        self.liveSettingsChanged.emit()

    def _begin_settings(self, backbone: bool | None) -> None:
        """Let the live settings be those with which a run of the recipe begins, whatever the run before came to."""
        self._backbone = backbone
        self.live_settings = self._wanted = self._next_live_settings(backbone)

    def _next_live_settings(self, backbone: bool | None) -> LiveSettings:
        """Return the recipe's live settings; the backbone is frozen or free by hand, or as the recipe has it."""
        live_settings = self.recipe.live_settings()
        return live_settings if backbone is None else replace(live_settings, backbone_frozen=backbone)

    def _starts_like_the_record(self) -> bool:
        """Whether a run of the recipe would be the same as the record's up to the surgery."""
        data = self.record.data
        if data is None or self.recipe.data.dataset not in ("auto", data.dataset, data.recipe.data.dataset):
            return False
        return data.recipe.starts_like(self.recipe.with_settings({"data.dataset": data.recipe.data.dataset}))

    def _new_control(self) -> None:
        """Take the engine's next job in hand: what it kept of other runs it lets go."""
        self._run_id += 1
        self._kept = self._kept_too = frozenset()
        self._control = Control()
        self._control.pace(self._pace)
        self._fetching = False
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
            case FolderChecked():
                self._folder_checked(message)
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
                news = News.NOTHING
                for each in self._joined(message):
                    self.record.apply(each)
                    news = max(news, self._announce(each))
                return news
        return News.ALL

    def _joined(self, message: Message) -> Iterable[Message]:
        """Return what a message is for the record: of a learner that trains alone, with the others' share in it."""
        return (message,) if self._beside is None else self._beside.joined(message)

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
                self.recordChanged.emit()
            case LiveSettingsApplied() if message.learner in ("", self._alone):
                held = settings_of(self.record, self._alone, None)
                assert held is not None, "a run has settings"
                self.live_settings = held
                self._wanted = replace(self._wanted, **{name: getattr(held, name) for name in message.changed})
                self.liveSettingsChanged.emit()
            case LogLine():
                self.logArrived.emit(message.text)
                return News.NOTHING
            case Notice():
                self.noticed.emit(message.text)
            case Snapshots(run_id):
                self._kept = self._kept_too | {run_id}
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
                self.noticed.emit("The download was stopped; the next one goes on from there.")

    def _finish(self, terminal: Finished | Stopped | Failed) -> None:
        if terminal.run_id == 0:  # the engine itself could not start; every run that is asked for ends with its own
            assert isinstance(terminal, Failed)
            self.progress = None
            self.progressChanged.emit()
            self.engineFailed.emit(terminal.cause, terminal.traceback)
            return
        for each in self._joined(terminal):
            self.record.apply(each)
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
        self.go_to(self._before_fork)
        return True

    def _end(self, state: State) -> None:
        self.progress = None
        self._set_state(state)

    def _set_state(self, state: State) -> None:
        if state is self.state:
            return
        trained, self.state = self.state in BUSY, state
        if trained and not self._trains:  # from now on a change is for the next run alone, so its settings are shown
            same = self._next_is_like_it()
            self._wanted = self._next_live_settings(self._wanted.backbone_frozen if same else self._backbone)
            self.recipeChanged.emit()
        self.stateChanged.emit()


def _state_of(record: Record) -> State:
    """Return the state of a run that nothing works on any more."""
    match record.terminal:
        case Finished():
            return State.FINISHED
        case Failed():
            return State.FAILED
        case None if record.task2 is None or not record.task2.steps:
            return State.IDLE
        case _:
            return State.STOPPED
