"""What Esc does in the window: it leaves what lies on top, a message or else Present mode; a lesson stays."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lwf_gui.gui.layout.present import PresentMode
from lwf_gui.gui.widgets.banner import Banner
from lwf_gui.gui.widgets.status import StatusLine


class Escape(QObject):
    """The key Esc, where nothing that has the focus takes it."""

    def __init__(
        self, window: QWidget, banner: Banner, present_mode: PresentMode, lesson: QWidget, status: StatusLine
    ) -> None:
        super().__init__(window)
        self._banner, self._present_mode, self._lesson, self._status = banner, present_mode, lesson, status
        QShortcut(QKeySequence("Esc"), window).activated.connect(self._leave)

    def _leave(self) -> None:
        if self._banner.close_messages() or self._present_mode.leave():
            return
        if self._lesson.isVisible():
            self._status.say("Esc leaves Present mode; the lesson is left with ✕, or under Lessons (Ctrl+E)")
