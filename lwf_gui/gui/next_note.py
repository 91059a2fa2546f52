"""The note below the action bar: what the next run will be, where it is another one than what is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from lwf_gui.gui.session import Session


class NextNote(QLabel):
    """Hidden while the run that is shown is the one that Run trains."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("note")
        self.setWordWrap(True)
        for signal in (session.stateChanged, session.recordChanged, session.recipeChanged, session.hyperChanged):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say it, or nothing."""
        text = self._session.next_text
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
