"""The sheet of words: what every term of the window means, found by typing."""

from __future__ import annotations

import html
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from lwf_gui.terms import TOLD

SHARE = 0.7
"""Part of the parent window's width and height that the sheet takes."""

NOTHING = "No word or sentence has that."


class WordSheet(QDialog):
    """All words with a sentence each; typing leaves those that have it, Esc closes. Call `open`.

    Parameters
    ----------
    place : what has the keys, a panel or a control; empty for the window itself
    first : the words that stand there, which are told before all others
    """

    def __init__(self, parent: QWidget, place: str = "", first: tuple[str, ...] = ()) -> None:
        super().__init__(parent)
        self._place, self._first = place, first
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
        """Show the words that have what was typed, those whose name has it first; at first those of the place."""
        wanted = self.field.text().strip().lower()
        named = [term for term in TOLD if wanted in term.lower()]
        told = [term for term in TOLD if term not in named and wanted in TOLD[term].lower()]
        parts = [("", [*named, *told])]
        if self._first and not wanted:
            rest = [term for term in TOLD if term not in self._first]
            parts = [(f"In {self._place}", list(self._first)), ("All others", rest)]
        self.text.setHtml("".join(f"{_heading(title)}{_rows(terms)}" for title, terms in parts) or f"<p>{NOTHING}</p>")
        said = "; ".join(f"{title}: {_spoken(terms)}" if title else _spoken(terms) for title, terms in parts)
        self.text.setAccessibleDescription(said or NOTHING)


def _heading(title: str) -> str:
    return f"<h3>{html.escape(title)}</h3>" if title else ""


def _rows(terms: Iterable[str]) -> str:
    return "".join(f"<p><b>{html.escape(term)}</b><br>{html.escape(TOLD[term])}</p>" for term in terms)


def _spoken(terms: Iterable[str]) -> str:
    return "; ".join(f"{term}: {TOLD[term]}" for term in terms)
