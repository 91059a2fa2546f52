"""Shows a lesson: it takes a stage, a window and its run, from step to step, and writes the caption strip.

It knows the lesson, the strip and the `Stage`; nothing of windows, sessions or engines.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.bookmark import Bookmark
from lwf_gui.gui.teaching.lesson_run import LessonRun
from lwf_gui.gui.teaching.page_writer import PageWriter
from lwf_gui.gui.teaching.stage import Stage
from lwf_gui.gui.teaching.staging import Staging
from lwf_gui.lessons import Lesson, Step

AGAIN_MS = 2000
"""How long Next, pressed while a page trains, waits to be pressed again."""


class LessonDriver(QObject):
    """One showing of a lesson."""

    closed = Signal()
    """The lesson is over, or was left; all controls are free, and recipe and run stay as they are."""

    def __init__(self, lesson: Lesson, stage: Stage, bar: LessonBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.finished = False
        """Whether its last step was left forwards."""
        self._stage, self._bar = stage, bar
        self._soon = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._soon.timeout.connect(self._note_hurry)
        self._retry = QTimer(self, singleShot=True, interval=0)  # once it has been told why the run failed
        self._retry.timeout.connect(self._train_on_other_data)
        self._take(Bookmark(lesson))
        self._links = [
            (stage.rowsArrived, self._follow_rows),
            (stage.stateChanged, self._follow_state),
            (bar.next, self.next),
            (bar.back, self.back),
            (bar.chosen, self.answer),
            (bar.closed, self.close),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def _take(self, at: Bookmark) -> None:
        self._at = at
        self._run = LessonRun(self._stage, at)
        self._staging = Staging(self._stage, at, self._run)
        self._words = PageWriter(self._stage, at, self._run)

    @property
    def lesson(self) -> Lesson:
        """What is shown."""
        return self._at.lesson

    @property
    def index(self) -> int:
        """The step that is shown, counted from 0."""
        return self._at.index

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._at.step

    @property
    def waiting(self) -> bool:
        """Whether the shown step waits for the run."""
        return self._at.waiting

    @property
    def holds_run(self) -> bool:
        """Whether the shown step speaks of the run as it is, has all it asks for, and is not the user's to play with.

        Trained on, the run would be past what the page says.
        """
        there = self._stage.state() in (State.PAUSED, State.FINISHED)
        return there and not (self.waiting or self._run.is_over) and bool(self.step.locked())

    def start(self) -> None:
        """Show the first step."""
        self._go(0)

    def resume(self, at: Bookmark) -> None:
        """Go on where the lesson was left; its run is shown again, and what it waited for is trained when asked."""
        self._take(at.copy())
        self._run.resume()
        self._staging.aim()
        self._show()

    def bookmark(self) -> Bookmark:
        """Return where the lesson is."""
        return self._at.copy()

    def next(self) -> None:
        """Go on: reveal the answer, train on, or show the next step; if the run is not there yet, as soon as it is."""
        if self._at.shows_answer:
            self._reveal(None)
        elif not self.waiting:
            self._leave()
        elif self._run.stalled:
            self._run.train()
            self._show()
        elif self._at.is_last and self._soon.isActive():
            self._leave()
        else:
            self._hurry()

    def _leave(self) -> None:
        """Show the next page, or end the lesson."""
        if self._at.is_last:
            self.finished = True
            self.close()
        else:
            self._go(self.index + 1)

    def _hurry(self) -> None:
        """Keep Next where it was pressed twice in a row; once is too early, and would pass over the page's figures."""
        self._run.queued = self._run.queued or (self._soon.isActive() and not self._at.is_last)
        self._soon.start()
        self._note_hurry()

    def _note_hurry(self) -> None:
        """Say what Next does now."""
        self._run.hurried = self._soon.isActive()
        self._show()

    def back(self) -> None:
        """Show the step before, at its moment of the run; nothing is trained again."""
        self._run.queued = False
        if self.index:
            self._go(self.index - 1)

    def answer(self, choice: int) -> None:
        """Take the user's answer."""
        if self._at.asks:
            self._reveal(choice)

    def draw(self) -> bool:
        """Let the audience draw the curve that the page asks for, also once more; return whether there is one now."""
        return self._staging.draw()

    def close(self) -> None:
        """End the lesson: free all controls and follow the run again."""
        if not self._links:
            return
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._soon.stop()
        self._retry.stop()
        self._stage.lock(())
        self._stage.look_at(step=None, term="")
        self._bar.leave()
        self.closed.emit()

    # Going to a step

    def _go(self, index: int) -> None:
        self._at.index = index
        self._soon.stop()
        self._run.hurried = False
        if index > self._at.furthest:
            self._at.furthest = index
            self._act()
        self._staging.aim()
        self.draw()
        self._show()

    def _act(self) -> None:
        """Do what a step does when it is first shown."""
        self._staging.begin()
        wanted = self.step.run_to
        if wanted is not None and not self._run.passed(wanted):
            self._at.pending = wanted
            self._run.train()
        else:
            self._stage.close_prediction()  # this step speaks of something else
            self._arrive()

    # Waiting for the run

    def _follow_rows(self, *_grew: bool) -> None:
        if self._at.pending is None:
            self._tell_anew()
        elif self._run.adapt():  # too slow: begin again, before more time is lost
            self._run.restart()
            self._run.train()
            self._show()
        elif not self._look_whether_arrived():
            self._tell_anew()

    def _follow_state(self) -> None:
        run, state = self._run, self._stage.state()
        if state in (State.RECORDED, State.IDLE, State.STOPPED):
            run.begun = False
        if self._at.pending is None:
            self._tell_anew()
            return
        if self._look_whether_arrived():
            return
        match state:
            case State.FAILED if self._stage.at() is None:  # nothing was trained: there is nothing to go on with
                run.stalled, run.queued = True, False
                self._retry.start()
            case State.FAILED:
                self._at.why = "The run has failed; the lesson goes on without it."
                self._arrive()
            case State.PAUSED if run.first_leg and run.has_expanded():
                run.train()
            case State.PAUSED | State.STOPPED | State.IDLE | State.RECORDED:
                run.stalled, run.queued = True, False
            case _:
                run.stalled = False
        self._show()

    def _train_on_other_data(self) -> None:
        """Begin the run again on images that are at hand, where those that the user chose could not be used."""
        chosen = self._stage.take_other_data()
        if chosen:
            self._at.images = f"{chosen} cannot be used as data: this lesson takes the images that are at hand."
            self._run.restart()
            self._run.train()
            self._show()

    def _look_whether_arrived(self) -> bool:
        """Go on if the run is where the furthest step wanted it, and waits there."""
        at, run = self._at, self._run
        assert at.pending is not None
        if self._stage.state() is State.RUNNING or not run.passed(at.pending):
            return False
        self._arrive()
        if run.queued and at.index == at.furthest:
            run.queued = False
            self._go(at.index + 1)
        else:
            if at.index == at.furthest:
                self.draw()
            self._show()
        return True

    def _arrive(self) -> None:
        at = self._at
        if at.pending is not None:
            self._run.keep()
        at.pending, self._run.stalled = None, False

    # Saying it

    def _reveal(self, choice: int | None) -> None:
        self._at.answers[self.index] = choice
        if self.step.question is not None and self.step.question.look is not None:
            self._staging.aim()
        self._show()

    def _show(self) -> None:
        self._bar.show_page(self._words.page())

    def _tell_anew(self) -> None:
        """Show the page again where the run has come to say more of it, or something else."""
        if self._words.caption() != self._bar.page.caption:
            self._show()
