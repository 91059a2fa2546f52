"""The status line: what happens, how far it is, how fast, on which data and device."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QStatusBar

from lwf_gui.gui.choice import DATA_CALLED
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.session import Session, State
from lwf_gui.gui.widgets.eliding import ElidingLabel
from lwf_gui.gui.widgets.seeds_note import SeedsNote
from lwf_gui.messages import Progress
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.interrupted import was_interrupted
from lwf_gui.runs.standing import Standing, standing

SAY_MS = 3000
"""How long the line says what has just been done."""


class StatusLine(QStatusBar):
    """Follows a session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 8, 0)
        self.setAccessibleName("Status")
        self.activity, self.speed, self.data = ElidingLabel(), ElidingLabel(), ElidingLabel()
        self.data.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(150)
        self.bar.setMaximumHeight(14)
        self.bar.setTextVisible(False)  # no colour is read well on both of its halves; the words beside it say it
        self.bar.setAccessibleName("Progress of the run")
        self.addWidget(self.activity)
        self.activity.setMinimumWidth(1)  # a long sentence must not make the window wider than the screen
        self.addWidget(self.bar)
        self.addWidget(self.speed)
        self.seeds = SeedsNote()
        self.addPermanentWidget(self.seeds)
        self.addPermanentWidget(self.data, 1)
        self.speed.setToolTip(
            tooltip("Images trained on per second, each counted once per learner, and time left of this run.")
        )
        session.stateChanged.connect(self._follow_state)
        session.progressChanged.connect(self.refresh)
        session.recordChanged.connect(self.refresh)
        session.recipeChanged.connect(self.refresh)
        session.rowsArrived.connect(self._follow)
        session.wentBack.connect(lambda: self.say(""))  # what was said to be undone may be
        self._said = ""
        self._selection: int | None = None
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(SAY_MS)
        self._silence.timeout.connect(lambda: self.say(""))
        self.refresh()

    def say(self, text: str) -> None:
        """Say for a moment what has just been done, in place of what the run does."""
        self._said = text
        if text:
            self._silence.start()
        self.refresh()

    def look_at(self, step: int | None) -> None:
        """Take the step that is looked at; None follows the run. What the line says is of now, and says so."""
        self._selection = step
        if self._session.busy:  # else there is no other moment than the one that is looked at
            self.refresh()

    def _follow_state(self) -> None:
        """Say no more what was to come, where the run has failed meanwhile."""
        if self._session.state is State.FAILED:
            self._said = ""
        self.refresh()

    def _follow(self, probes: bool) -> None:
        """Follow a live run whenever the panels do, so that all of them are of one moment."""
        if probes or self._session.slow:
            self.refresh()

    def refresh(self) -> None:
        """Show where the session stands."""
        session = self._session
        now = standing(session.record, session.pace)
        self.activity.setText(self._said or self._activity(now))
        self.bar.setVisible(session.busy)
        self._fill(now)
        self.speed.setText("" if now is None else self._speed(now))
        wordings = self._data()
        self.data.say(*wordings[1:])
        self.data.setToolTip(tooltip(wordings[0]))

    def _fill(self, now: Standing | None) -> None:
        """Move the bar; it is painted with the next picture, where by itself it would be at once, and all with it."""
        progress = self._session.progress
        self.bar.setUpdatesEnabled(False)
        if progress is not None:
            self.bar.setRange(0, 1000 if progress.total else 0)  # 0, 0: it moves without an end
            self.bar.setValue(round(1000 * progress.done / progress.total) if progress.total else 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * now.fraction) if now is not None else 0)
        self.bar.setUpdatesEnabled(True)

    def _activity(self, now: Standing | None) -> str:
        session, progress = self._session, self._session.progress
        if progress is not None and session.busy:
            return f"{progress.what}{_done(progress)}"
        state = session.state.value
        if session.state is State.IDLE:
            return f"{state}: press Run (Space)"
        if session.state is State.RECORDED and now is not None and was_interrupted(session.record):
            return f"Interrupted: {now.text}{'. Fork (F) goes on' if session.record.incremental is not None else ''}"
        if session.state is State.RECORDED:
            return f"{state}: press Run (Space) to train {session.choice_text if session.next_text else 'it live'}"
        if now is None:
            return state
        if session.state is State.PAUSED and session.record.incremental is not None and not now.step:
            return f"{'Task 2' if tasks_shown.are_many(session.record) else 'The new task'} begins: Space trains it"
        if session.state is State.STOPPED and session.record.incremental is not None and now.step < now.steps:
            return f"{state}: {now.text}. Fork (F) goes on"
        later = self._selection is not None and session.busy  # than what the panels show
        eases = ". Slow start: W skips it" if session.eases else ""
        return f"{state}{', by now' if later else ''}: {now.text}{eases}"

    def _speed(self, now: Standing) -> str:
        session = self._session
        if not session.busy or not now.images_per_second or session.progress is not None or session.eases:
            return ""  # a slow start says nothing of how fast this machine is
        if session.state is State.PAUSED or now.seconds_left is None:
            return f"{now.images_per_second:,.0f} samples/s"
        return f"{now.images_per_second:,.0f} samples/s, {duration(now.seconds_left)} left"

    def _data(self) -> tuple[str, ...]:
        """Return data, source and device in words, and shorter: the data's name goes last.

        The first is for the tip; a class reads the others.
        """
        data = self._session.record.data
        if data is None:
            name = self._session.recipe.data.dataset
            return f"Data: {name}", name
        name, device = DATA_CALLED.get(data.dataset, data.dataset), data.device.split(", ")
        brief = ", ".join(dict.fromkeys((name, device[0], device[-1])))  # without threads
        return f"{data.dataset} ({data.source}), {data.device}", brief, name


def _done(progress: Progress) -> str:
    """Return how much of some work is done, with its unit."""
    if not progress.total:
        return ""
    if progress.unit == "bytes":
        return f" {progress.done / 1e6:.1f} of {progress.total / 1e6:.1f} MB"
    return f": {progress.done:,} of {progress.total:,} {progress.unit}".rstrip()


def duration(seconds: float) -> str:
    """Return a time span as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
