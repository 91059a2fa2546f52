"""The menu of lessons: those that there are, the one that is on or was left, and lesson files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from lwf_gui import InputError, lessons
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.teaching.course import Teaching
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs, agrees
from lwf_gui.lessons import Lesson


class LessonMenu:
    """Lets the user choose a lesson.

    Parameters
    ----------
    place : returns where the menu is to be, in pixels of the screen
    """

    def __init__(
        self, window: QWidget, teaching: Teaching, banner: Banner, dialogs: FileDialogs, place: Callable[[], QPoint]
    ) -> None:
        self._window, self._teaching, self._banner = window, teaching, banner
        self._dialogs, self._place = dialogs, place

    def choose(self) -> None:
        """List the lessons; say what is wrong with those that cannot be read."""
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        good, bad = lessons.available()
        self._teaching.offer(menu, self.go_on)
        for lesson in good.values():
            action = menu.addAction(f"{lesson.title} ({lesson.minutes:g} min)")
            action.setToolTip(tooltip(lesson.about))
            action.triggered.connect(lambda _checked=False, lesson=lesson: self.teach(lesson))
        menu.addSeparator()
        menu.addAction("Open a lesson file...", self.open_file)
        if bad:
            self._banner.say(" ".join(bad), error=True, cause=Cause.LESSON)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._place())
        menu.setActiveAction(menu.actions()[0])  # Enter begins it

    def teach(self, lesson: Lesson) -> None:
        """Show a lesson from its beginning; the user's own run and settings come back when it is over."""
        if not self._may_begin():
            return
        self._banner.settle(Cause.LESSON, Cause.RUN, Cause.FILE, Cause.START, Cause.ASKED)
        self._teaching.begin(lesson)

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
            try:
                self.teach(lessons.load_lesson(path))
            except InputError as error:
                self._banner.say(str(error), error=True, cause=Cause.LESSON)
