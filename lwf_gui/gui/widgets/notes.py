"""The dialog of the notes on a run: plain text, kept with the run; above it, where the run's numbers come from."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from lwf_gui import untrusted
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.messages import MOST_NOTED

LINES_WIDE, LINES_HIGH = 36, 18
"""Size of the dialog, in heights of a line."""

HELP = "Plain text that is kept with the run: in its file, in the history, and on the exported page."


class NotesDialog(QDialog):
    """Reads and writes the notes; ``origin`` says when and with what the run was computed."""

    def __init__(self, parent: QWidget, notes: str, origin: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Notes of this run")
        self.setSizeGripEnabled(True)
        self.about = QLabel(origin)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setWordWrap(True)
        self.about.setProperty("muted", True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.field = QPlainTextEdit(notes)
        self.field.setTabChangesFocus(True)
        self.field.setPlaceholderText("What should be remembered of this run?")
        self.field.setAccessibleName("Notes")
        self.field.setAccessibleDescription(HELP)
        self.field.setToolTip(tooltip(HELP))
        self.left = QLabel()
        self.left.setProperty("muted", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.keep = buttons.addButton("&Keep notes", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self.about, self.field, self.left, buttons):
            layout.addWidget(part, 1 if part is self.field else 0)
        self.field.textChanged.connect(self._count)
        self._count()
        line = self.fontMetrics().height()
        self.resize(QSize(LINES_WIDE * line, LINES_HIGH * line).boundedTo(parent.size() * 0.9))
        self.field.setFocus()

    @property
    def notes(self) -> str:
        """What is noted, of characters that can be shown; blanks at its end are left out."""
        lines = self.field.toPlainText().replace("\t", "    ").split("\n")
        return "\n".join(map(untrusted.printable, lines)).rstrip()

    def _count(self) -> None:
        """Say how long the text is; one that is too long cannot be kept."""
        length = len(self.notes)
        over = length - MOST_NOTED
        self.left.setText(
            f"{length:,} of {MOST_NOTED:,} characters" if over <= 0 else f"{over:,} characters too many to be kept"
        )
        self.keep.setEnabled(over <= 0)
