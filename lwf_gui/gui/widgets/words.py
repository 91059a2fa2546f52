"""The sheet of words: what every term of the window means, found by typing."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from lwf_gui.words import WORDS

SHARE = 0.7
"""Part of the parent window's width and height that the sheet takes."""

NOTHING = "No word or sentence has that."


class WordSheet(QDialog):
    """All words with a sentence each; typing leaves those that have it, Esc closes. Call `open`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Words")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a word")
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName("Find a word")
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("Words")
        layout, note = QVBoxLayout(self), QLabel("What the terms mean that this window uses, in the field's own words.")
        note.setWordWrap(True)
        note.setProperty("muted", True)
        for part in (note, self.field, self.text):
            layout.addWidget(part)
        self.field.textChanged.connect(self._show)
        self._show()
        self.resize(parent.size() * SHARE)
        self.field.setFocus()

    def _show(self) -> None:
        """Show the words that have what was typed: those whose name has it first."""
        wanted = self.field.text().strip().lower()
        named = [term for term in WORDS if wanted in term.lower()]
        told = [term for term in WORDS if term not in named and wanted in WORDS[term].lower()]
        rows = [(term, WORDS[term]) for term in (*named, *told)]
        made = "".join(f"<p><b>{html.escape(term)}</b><br>{html.escape(said)}</p>" for term, said in rows)
        self.text.setHtml(made or f"<p>{NOTHING}</p>")
        self.text.setAccessibleDescription("; ".join(f"{term}: {said}" for term, said in rows) or NOTHING)
