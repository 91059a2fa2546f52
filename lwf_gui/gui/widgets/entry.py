"""The text of a field that is typed into: in force, or being typed, or marked as refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from lwf_gui import InputError
from lwf_gui.gui.panels.text import tooltip

TAKEN_BACK = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class Entry(QObject):
    """The text of a line edit, between the value in force and what is typed.

    Parameters
    ----------
    edit : where the text is
    read : returns the value that a text means, or raises `InputError` with a sentence
    """

    entered = Signal(object)
    """Another value was typed, and read."""
    refused = Signal(str)
    """What was typed cannot be used, and why; the value before stays in force."""
    mended = Signal()
    """Nothing is marked as refused any more."""

    def __init__(self, edit: QLineEdit, read: Callable[[str], Any]) -> None:
        super().__init__(edit)
        edit.textEdited.connect(self._judge_again)
        self.edit, self._read = edit, read
        parent = edit.parentWidget()
        self._field: QWidget = parent if isinstance(parent, QAbstractSpinBox) else edit
        self.shown = ""
        """The text of the value in force."""
        self.check: Callable[[Any], object] = lambda _value: None
        """Raises `InputError` for a value that cannot be used."""

    @property
    def pending(self) -> bool:
        """Whether there is text that has not been taken: it stays, and its mark with it, while the value does."""
        return self.edit.text() != self.shown

    def show_text(self, text: str) -> None:
        """Show the text of the value in force."""
        self.shown = text
        self.edit.setText(text)
        self.edit.setCursorPosition(0)
        self._mark("")

    def restore(self) -> None:
        """Show the value in force again."""
        self.show_text(self.shown)

    @property
    def refusing(self) -> bool:
        """Whether the text is marked as refused."""
        return bool(self._field.property("refused"))

    def commit(self) -> bool:
        """Take what was typed, or refuse it visibly; return whether the field shows what is in force."""
        if not self.pending:
            return True
        value, problem = self._judged()
        self._mark(problem)
        if problem:
            self.refused.emit(problem)
            return False
        self.entered.emit(value)
        return True

    def _judged(self) -> tuple[Any, str]:
        """Return the value that the text means, and why it cannot be used; empty where it can."""
        try:
            value = self._read(self.edit.text())
            self.check(value)
        except InputError as error:
            return None, str(error)
        return value, ""

    def _judge_again(self) -> None:
        """Take the mark from a refused text as soon as it is typed right."""
        if self.refusing:
            self._mark(self._judged()[1] if self.pending else "")

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key is for the typed text alone: Esc, undo and redo are the window's where nothing is typed."""
        return self.pending and (event.key() == Qt.Key.Key_Escape or _is_any(event, TAKEN_BACK))

    def takes_space(self, event: QKeyEvent) -> bool:
        """Whether a key is a blank for the typed text; where nothing is typed, Space runs and pauses."""
        return event.key() == Qt.Key.Key_Space and self.pending

    def take_back(self, event: QKeyEvent) -> bool:
        """Show the value in force again if the key asks for it; return whether the key was used."""
        if not self.claims(event):
            return False
        if not event.matches(QKeySequence.StandardKey.Redo):
            self.restore()
        return True

    def override(self, event: QKeyEvent) -> bool:
        """Say which keys are the field's and not the window's; return whether that is settled here."""
        if self.claims(event) or self.takes_space(event):
            event.accept()
            return True
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Space) or _is_any(event, TAKEN_BACK):
            event.ignore()
            return True
        return False

    def _mark(self, sentence: str) -> None:
        """Mark the text as refused, and say why; or take the mark away."""
        self.edit.setToolTip(tooltip(sentence))
        if self.refusing != bool(sentence):
            self._field.setProperty("refused", bool(sentence))
            self._field.style().unpolish(self._field)
            self._field.style().polish(self._field)
            font = QFont()  # of whatever size the type has
            font.setStrikeOut(bool(sentence))
            self.edit.setFont(font)
            if not sentence:
                self.mended.emit()


def _is_any(event: QKeyEvent, keys: tuple[QKeySequence.StandardKey, ...]) -> bool:
    return any(event.matches(key) for key in keys)
