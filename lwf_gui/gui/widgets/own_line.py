"""The line of a box of settings that says which learners do not follow it, for they have some of these of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


class OwnLine(QLabel):
    """Words about learners, which are there only where there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)  # it names learners
        self.setProperty("muted", True)
        self.hide()

    def say(self, text: str) -> None:
        """Say something else."""
        self.setText(text)
        self.setVisible(bool(text))
