"""The window's one link to the engine: it hands over jobs and the user's commands, and drains the messages.

It knows no record: what a message means is `lwf_gui.gui.run.inbox`'s. Widgets never talk to the engine themselves.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterable
from queue import Empty
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from lwf_gui.control import SLOW_MOTION, Control
from lwf_gui.gui.budget import FrameBudget
from lwf_gui.messages import Fork, Message
from lwf_gui.outbox import Outbox
from lwf_gui.recipe import Recipe

AFTER_PAINTING = -100
"""Priority of an event that comes when all that was to be painted is painted: Qt posts paint events with -1."""


class Engine(Protocol):
    """What the session needs of `lwf_gui.engine.thread.EngineThread`, which the window must not import."""

    outbox: Outbox

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


class News(enum.IntEnum):
    """What there is to paint after a message."""

    NOTHING = 0
    LOSSES = 1
    ALL = 2


class Painted(QEvent):
    """Comes after a picture that began at ``start``, in seconds: of the clock, and of this thread's processor time."""

    def __init__(self, start: tuple[float, float]) -> None:
        super().__init__(QEvent.Type.User)
        self.start = start


class EngineLink(QObject):
    """One engine, and the job that it has in hand.

    Attributes
    ----------
    control : the user's hand on the job: pause, step, stop and live changes
    run_id : of the job; messages of any other but 0, the engine itself, are dropped
    receive : takes in a message of the job, and returns what there is to paint
    """

    drained = Signal(bool)
    """The record grew, at most once per drained batch; False: by losses alone."""
    framePainted = Signal(float)  # noqa: N815 - Qt's naming
    """What was drained is on the screen; milliseconds by the clock, waiting included."""

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self.control = Control()
        self.run_id = 0
        self.started = False
        self.receive: Callable[[Message], News] = lambda _message: News.NOTHING
        self._engine = engine
        self._pace: float | None = None
        self.starts_slowly = False
        """Whether a task's first steps come slowly at full speed."""
        self._kept: frozenset[int] = frozenset()  # ids of the runs whose states the engine keeps
        self._kept_too: frozenset[int] = frozenset()  # likewise, once the job keeps its own
        self._budget = FrameBudget()
        self._timer = QTimer(self)
        self._timer.setInterval(self._budget.pause_ms)
        self._timer.timeout.connect(self.drain)

    def listen(self, heard: Callable[[Message], None]) -> None:
        """Let every message be heard as it is told, in the engine's thread."""
        self._engine.outbox.heard = heard

    def start(self) -> None:
        """Start the engine's thread: after the first paint, for it imports torch."""
        self.started = True
        self._engine.start()
        self._timer.start()

    def close(self) -> None:
        """Stop the engine and wait for its end: within a step, unless it is importing torch."""
        self._timer.stop()
        self.control.stop()
        self._engine.close()
        if self.started:
            self._engine.join()

    # Jobs

    def take_in_hand(self) -> None:
        """Begin the engine's next job: what it kept of other runs it lets go."""
        self.drop()
        self._kept = self._kept_too = frozenset()
        self.control = Control()
        self.control.pace(self._pace)
        self.control.start_slowly(self.starts_slowly)

    def drop(self) -> None:
        """Drop what the engine still says of the job."""
        self.run_id += 1

    def train(self, recipe: Recipe) -> None:
        """Do a run."""
        self._engine.train(self.run_id, recipe, self.control)

    def fork(self, recipe: Recipe, fork: Fork) -> None:
        """Continue a run; the states of the one that it leaves are kept where a learner trains alone."""
        self._kept_too = frozenset({fork.origin} if fork.alone else ())
        self._engine.fork(self.run_id, recipe, fork, self.control)

    def fetch(self) -> None:
        """Download Fashion-MNIST."""
        self._engine.fetch(self.run_id, self.control)

    def check(self, folder: str) -> None:
        """Ask whether a folder can be used as data; the answer is a message."""
        self._engine.check(folder)

    # States that the engine keeps of a run, to go back to

    def keep(self, run_id: int) -> None:
        """Note that the engine keeps the states of the job, and of the run that it has left alone."""
        self._kept = self._kept_too | {run_id}

    def keeps(self, run_id: int) -> bool:
        """Return whether the engine still keeps the states of a run."""
        return run_id in self._kept

    # Pace

    @property
    def pace(self) -> float | None:
        """Steps of task 2 a second, at most; None is full speed."""
        return self._pace

    @pace.setter
    def pace(self, steps_per_second: float | None) -> None:
        self._pace = steps_per_second
        self.control.pace(steps_per_second)

    def start_slowly(self, wanted: bool) -> None:
        """Let a task's first steps come slowly, or no more."""
        self.starts_slowly = wanted
        self.control.start_slowly(wanted)

    @property
    def slow(self) -> bool:
        """Whether the pace is one at which people can follow one step after another."""
        return self._pace is not None and self._pace <= SLOW_MOTION

    # From messages to a picture

    def drain(self) -> None:
        """Take in all messages that wait; tell the views once."""
        start = (time.perf_counter(), time.thread_time())
        grew = News.NOTHING
        for message in self._waiting():
            if message.run_id in (0, self.run_id):
                grew = max(grew, self.receive(message))
        if grew is not News.NOTHING:
            self.drained.emit(grew is News.ALL)
            QCoreApplication.postEvent(self, Painted(start), AFTER_PAINTING)

    def _waiting(self) -> Iterable[Message]:
        while True:
            try:
                yield self._engine.outbox.get_nowait()
            except Empty:
                return

    def customEvent(self, event: QEvent) -> None:
        """Measure what the picture cost, and pause accordingly."""
        if isinstance(event, Painted):
            began, worked = event.start
            if self._budget.spend(1000 * (time.thread_time() - worked)):
                self._timer.setInterval(self._budget.pause_ms)
            self.framePainted.emit(1000 * (time.perf_counter() - began))
