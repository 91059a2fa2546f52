"""The lessons of a window: one at a time; what was there before comes back after it, and one that was left goes on.

It knows the session and the window's stage; what a lesson does on that stage is the driver's.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from lwf_gui.gui.teaching.bookmark import Bookmark
from lwf_gui.gui.teaching.driver import LessonDriver
from lwf_gui.gui.teaching.host import Host, WindowStage
from lwf_gui.gui.teaching.lesson_page import Standing
from lwf_gui.gui.time.undo import Place
from lwf_gui.gui.time.undo_stack import UndoStack
from lwf_gui.lessons import Lesson
from lwf_gui.runs.selection import Selection


class Left(NamedTuple):
    """A lesson that was left: where, and the run and the settings that it had."""

    bookmark: Bookmark
    place: Place
    finished: bool


class Before(NamedTuple):
    """Where the user was when a lesson began, and what undo could go back to."""

    place: Place
    selection: Selection
    undo: UndoStack[Place]


class Teaching(QObject):
    """Which lesson is on, and which one was left last.

    A lesson takes the place of the user's run and settings. When it ends, or is left, both come back together, and so
    does what undo goes back to: what the lesson did is no step of it. A lesson that was left goes on at the same page
    with the same run and answers, one that has ended at its last.
    """

    began = Signal()
    """A lesson is on: its run takes the place of the user's."""
    ended = Signal()
    """No lesson is on any more."""

    def __init__(self, window: Host, parent: QObject) -> None:
        super().__init__(parent)
        self.driver: LessonDriver | None = None
        self.left: Left | None = None
        self._window, self._session = window, window.session
        self._before = self._here()

    @property
    def on(self) -> bool:
        """Whether a lesson is on."""
        return self.driver is not None

    def begin(self, lesson: Lesson) -> None:
        """Show a lesson from its beginning; one that is on is left."""
        self._make(lesson).start()

    def go_on(self) -> None:
        """Go on with the lesson that was left, its run on the screen again."""
        left = self.left
        if left is not None:
            driver = self._make(left.bookmark.lesson)
            self.left = None
            self._session.come_back_to(left.place)
            driver.resume(left.bookmark)

    def leave(self) -> None:
        """Leave the lesson that is on, if there is one."""
        if self.driver is not None:
            self.driver.close()

    def draw(self) -> bool:
        """Let the audience draw again what the page asks for; return False where drawing is the user's own affair."""
        driver = self.driver
        if driver is None or not (driver.step.predict or driver.step.locked()):
            return False
        if not driver.draw():
            self._session.done.emit("This page of the lesson asks for no drawing now")
        return True

    def run_or_pause(self) -> None:
        """Start, pause or resume a run; one that waits where the lesson's page has it waits on, and that is said."""
        if self.driver is None or not self.driver.holds_run:
            self._session.run_or_pause()
        else:
            self._session.done.emit("The run waits here for this page: Next (PgDown) goes on")

    @property
    def stops_run(self) -> bool:
        """Whether a lesson that begins now ends a run of the user's that is under way."""
        return not self.on and self._session.trains

    @property
    def standing(self) -> Standing | None:
        """How far the lesson has come that is on, or was left last; None where there is none."""
        if self.driver is not None:
            return Standing(self.driver.lesson, self.driver.index, on=True)
        if self.left is None:
            return None
        bookmark = self.left.bookmark
        return Standing(bookmark.lesson, bookmark.index, finished=self.left.finished)

    def _make(self, lesson: Lesson) -> LessonDriver:
        if self.on:
            self.leave()
            self._session.done.emit("")  # what came back goes again
        self._before = self._here()
        self.driver = LessonDriver(lesson, WindowStage(self._window), self._window.lesson_bar, self)
        self.driver.closed.connect(self._end)
        self.began.emit()
        return self.driver

    def _end(self) -> None:
        driver, (place, selection, undo) = self.driver, self._before
        assert driver is not None, "only a lesson that is on ends"
        self.driver = None
        self.left = Left(driver.bookmark(), self._session.place(), driver.finished)
        driver.deleteLater()
        self._session.places.bring_back(undo)
        self._session.come_back_to(place)
        self._window.look_at(protocol=selection.protocol, image=selection.image, temperature=selection.temperature)
        self.ended.emit()
        self._session.done.emit(_said(place, finished=driver.finished))

    def _here(self) -> Before:
        """Return where the user is; until a lesson is over, undo goes back to none of it."""
        place = self._session.place()
        return Before(place, self._window.selection, self._session.places.set_aside())


def _said(place: Place, *, finished: bool) -> str:
    """Say what was brought back, and how to come to what it took the place of."""
    had = place.record.data is not None
    back = "Your run and settings are back" if had else "Your settings are back"
    return f"{back}; Lessons (Ctrl+E) {'shows its last page again' if finished else 'goes on with it'}"
