"""The lessons that there are to choose from: the shipped ones, the one that is on or was left, and lesson files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from lwf_gui import InputError, lessons
from lwf_gui.gui.teaching.course import Teaching
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs, agrees
from lwf_gui.lessons import Lesson


class LessonMenu:
    """Lets the user choose a lesson."""

    def __init__(self, window: QWidget, teaching: Teaching, banner: Banner, dialogs: FileDialogs) -> None:
        self._window, self._teaching, self._banner = window, teaching, banner
        self._dialogs = dialogs

    def choose(self) -> None:
        """Show the lessons; say what is wrong with those that cannot be read."""
        from lwf_gui.gui.teaching.lesson_sheet import Doing, LessonSheet  # the first paint does not wait for it

        good, bad = lessons.available()
        doing = Doing(self.teach, self.go_on, self._teaching.leave, self.open_file)
        LessonSheet(self._window, tuple(good.values()), self._teaching.standing, doing, bad).open()

    def teach(self, lesson: Lesson) -> None:
        """Show a lesson from its beginning; the user's own run and settings come back when it is over."""
        if not self._may_begin():
            return
        self._banner.settle(Cause.LESSON, Cause.RUN, Cause.FILE, Cause.START, Cause.ASKED)
        self._teaching.begin(lesson)

    def run_or_pause(self) -> None:
        """Start, pause or resume a run; in a lesson only what its page asks for."""
        self._teaching.run_or_pause()

    def draw(self) -> bool:
        """Let the audience draw again what a lesson asks for; return False where drawing is the user's own affair."""
        return self._teaching.draw()

    def go_on(self) -> None:
        """Go on with the lesson that was left."""
        if self._may_begin():
            self._teaching.go_on()

    def _may_begin(self) -> bool:
        """Ask before a run under way is ended: it comes back after the lesson, but does not go on."""
        if not self._teaching.stops_run:
            return True
        question = "Stop the run and start the lesson? It is kept as far as it has come."
        return agrees(self._window, "Lessons", question)

    def open_file(self) -> None:
        """Ask for a lesson file and show it, or say why not."""
        path = self._dialogs.ask_open("Open a lesson", ".toml", "Lessons")
        if path is not None:
            self.show(path)

    def show(self, name_or_path: str | Path) -> None:
        """Show a lesson by name, or of a file, from its beginning; say what is wrong with it if it cannot be read."""
        try:
            self.teach(lessons.load_lesson(name_or_path))
        except InputError as error:
            self._banner.say(str(error), error=True, cause=Cause.LESSON)
