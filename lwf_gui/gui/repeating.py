"""The run that is shown, repeated with other seeds behind the window; and which runs with other seeds there are.

They are kept while the window is open, and looked at beside every run that differs from them in its seed alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from lwf_gui.gui.session import Session, State
from lwf_gui.gui.showing import Showing
from lwf_gui.gui.widgets.dialogs import agrees_to_save
from lwf_gui.gui.widgets.seeds_note import SeedsNote
from lwf_gui.gui.widgets.status import duration
from lwf_gui.messages import Finished
from lwf_gui.numbers import counted
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import next_seeds, same_but_seed, why_no_more

if TYPE_CHECKING:
    from lwf_gui.sweeps.repeats import Repeat, Repeats

POLL_MS = 250
MOST_KEPT = 200
"""Runs with other seeds that are kept in memory: of more the oldest go."""


class Repeating(QObject):
    """Repeats the run that is shown, one seed after another, in processes of their own.

    Parameters
    ----------
    say : shows a sentence that stays, as a notice
    taught : returns whether a lesson is on
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        showing: Showing,
        note: SeedsNote,
        say: Callable[[str], object],
        taught: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self.write: Callable[[Sequence[Record]], bool] = lambda _runs: False
        """Saves runs with other seeds beside the one that is shown; returns whether they are saved."""
        self._window, self._session, self._showing = window, session, showing
        self._note, self._say, self._taught = note, say, taught
        self._kept: list[Record] = []
        self._unsaved = WeakSet[Record]()
        """Of these, those that were trained here and are in no file."""
        self._work: Repeats | None = None
        self._awaited = 0
        """Seeds that begin with the next run."""
        self._done, self._seconds, self._begun = 0, 0.0, 0.0
        self.changed: Callable[[], object] = lambda: None
        """Called as it begins and ends."""
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)
        note.stopped.connect(self.stop)
        session.recordChanged.connect(self.follow)
        session.stateChanged.connect(self.follow)
        session.rowsArrived.connect(self._follow_rows)

    # What can be asked for

    @property
    def going(self) -> bool:
        """Whether seeds are trained, or wait for a run."""
        return self._work is not None or self._awaited > 0

    @property
    def problem(self) -> str:
        """Why the run that is shown cannot be repeated now, as a clause; empty where it can."""
        if self._taught():
            return "a lesson goes on, which has its own runs"
        if self._work is not None:
            return "seeds are trained already; the status line stops them"
        return why_no_more(self._session.record)

    def ask(self) -> None:
        """Ask with how many more seeds, and begin."""
        from lwf_gui.gui.widgets.repeat_dialog import ask_more_seeds  # the first paint does not wait for it

        record = self._session.record
        if self.problem:
            self._session.done.emit(f"Repeat with more seeds cannot be done now: {self.problem}.")
            return
        count = ask_more_seeds(self._window, _seconds_of(record), len(self._beside(record)))
        if count and not self.problem:
            self.begin(count)

    def begin(self, count: int) -> None:
        """Train so many more seeds of the run that is shown."""
        from lwf_gui.sweeps.repeats import Repeats

        record = self._session.record
        seeds = next_seeds(record, self._beside(record), count)
        self._work, self._done, self._seconds, self._begun = Repeats(record, seeds), 0, 0.0, time.monotonic()
        self._work.begin()
        self._timer.start()
        self._tell()
        self.changed()

    def await_run(self, count: int, *, shown: bool) -> None:
        """Train so many more seeds of the run that is ``shown``, or of the next one, as soon as it has begun."""
        if not shown:
            self._awaited = count
        elif problem := self.problem:
            self._say(f"This run is not repeated with more seeds: {problem}.")
        else:
            self.begin(count)

    def take(self, runs: list[Record]) -> None:
        """Keep runs with other seeds that were opened."""
        self._kept = [*self._kept, *(run for run in runs if run not in self._kept)][-MOST_KEPT:]
        self.follow()

    def save(self) -> bool:
        """Save the run that is shown and those with other seeds, if it has come to its end; return whether that is."""
        record = self._session.record
        beside = self._beside(record) if isinstance(record.outcome, Finished) else ()
        if not self.write(beside):
            return False
        for each in beside:
            self._unsaved.discard(each)
        return True

    def may_close(self) -> bool:
        """Return whether the window may close: ask where runs with other seeds are in no file."""
        lost = len([each for each in self._beside(self._session.record) if each in self._unsaved])
        if not lost:
            return True
        runs = f"{counted(lost, 'run')} with other seeds {'is' if lost == 1 else 'are'} in no file."
        saves = agrees_to_save(self._window, "Save all seeds?", f"{runs} Save all seeds?")
        return saves is False or (saves is True and self.save())

    def stop(self) -> None:
        """Train no more of them; those that have ended stay."""
        self._awaited = 0
        if self._work is not None:
            self._work.cancel()
            self._end(f"Stopped: {counted(self._done, 'more seed')} of {len(self._work.seeds)} were trained")

    def end(self) -> None:
        """End all of it: the window closes."""
        self._timer.stop()
        work, self._work, self._awaited = self._work, None, 0
        if work is not None:
            work.cancel()
            work.wait()

    # Following

    def follow(self, *_: object) -> None:
        """Look at the runs that differ from the shown one in their seed alone; begin what waits for a run."""
        record, data = self._session.record, self._session.record.data
        if data is None:
            return
        trained = self._session.state in (State.RUNNING, State.PAUSED, State.FINISHED)
        if self._awaited and self._work is None and trained:
            count, self._awaited = self._awaited, 0
            if not why_no_more(record):
                self.begin(count)
        beside = () if self._taught() else self._beside(record)
        if beside != self._showing.selection.seeds:
            self._showing.look_at(seeds=beside)

    def _follow_rows(self, probes: bool) -> None:
        if probes and (self._awaited or self._kept) and len(self._session.record.tracks) <= 1:
            self.follow()  # data has come

    def _beside(self, record: Record) -> tuple[Record, ...]:
        return tuple(each for each in self._kept if same_but_seed(record, each))

    def _look(self) -> None:
        """Take what has come of a seed."""
        work = self._work
        if work is None:
            return
        if (repeat := work.came()) is not None:
            self._take(work, repeat)
        else:
            self._tell()

    def _take(self, work: Repeats, repeat: Repeat) -> None:
        if repeat.record is None:
            self._say(f"Seed {repeat.seed} was not trained, and no other after it: {repeat.sentence}")
            self._end("")
            return
        self._done, self._seconds, self._begun = self._done + 1, self._seconds + repeat.seconds, time.monotonic()
        self._unsaved.add(repeat.record)
        self.take([repeat.record])
        if self._done == len(work.seeds):
            self._end(f"{counted(self._done, 'more seed')} trained: see bands, cards and Results")
        else:
            self._tell()

    def _end(self, said: str) -> None:
        """Say in the status line what came of it; whoever has to know more is told before."""
        self._work = None
        self._timer.stop()
        self._note.say("")
        self.changed()
        self._session.done.emit(said)

    def _tell(self) -> None:
        """Say how far it is."""
        assert self._work is not None, "something is under way"
        total, each = len(self._work.seeds), self._seconds / self._done if self._done else _seconds_of(self._work.like)
        left = each * (total - self._done) - min(time.monotonic() - self._begun, each)
        time_left = f", about {duration(left)} left" if each else ""
        self._note.say(f"Seed {self._work.seeds[self._done]}: {self._done + 1} of {total} more{time_left}")


def _seconds_of(record: Record) -> float:
    """Return how long a run's training took; 0 where that is not known."""
    outcome = record.outcome
    told = outcome.summary.get("seconds") if isinstance(outcome, Finished) else None
    total = told.get("total") if isinstance(told, Mapping) else None
    return float(total) if isinstance(total, int | float) else 0.0
