"""What the status line says of a run that is repeated with other seeds: how far that is, and a button to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.input_rules import apply_input_rules


class SeedsNote(QWidget):
    """Hidden while nothing is repeated."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text, button = QLabel(), QToolButton()
        self._text.setAccessibleName("Runs with more seeds")
        button.setText("Stop seeds")
        button.setToolTip(tooltip("Train no more seeds. Those that have ended keep their bands; the run goes on."))
        button.setAccessibleName("Stop seeds")
        button.clicked.connect(self.stopped)
        apply_input_rules(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._text)
        row.addWidget(button)
        self.hide()

    def say(self, text: str) -> None:
        """Say how far it is; nothing hides it."""
        if text != self._text.text():
            self._text.setText(text)
        self.setVisible(bool(text))
