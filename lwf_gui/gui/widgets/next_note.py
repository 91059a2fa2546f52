"""The note beside the menus: what the next run will be, where it is another one than what is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.eliding import ElidingLabel


class NextNote(ElidingLabel):
    """Hidden while the run that is shown is the one that Run trains, and while a lesson says what is to be done.

    Parameters
    ----------
    lesson : the lesson's strip, hidden without a lesson
    """

    def __init__(self, session: Session, lesson: QWidget) -> None:
        super().__init__()
        self._session, self._lesson = session, lesson
        lesson.installEventFilter(self)
        self.setObjectName("note")
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # the menus say how high the row is
        for signal in (session.stateChanged, session.recordChanged, session.recipeChanged, session.liveSettingsChanged):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say it, or nothing."""
        text = self._session.next_text
        self.setText(text)
        self.setToolTip(tooltip(text))
        self.setVisible(bool(text) and self._lesson.isHidden())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Come and go as the lesson goes and comes."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.refresh()
        return super().eventFilter(watched, event)
