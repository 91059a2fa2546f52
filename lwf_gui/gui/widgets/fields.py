"""Fields for numbers and text, typed key by key, and read whole: with Enter, or when one goes elsewhere.

They know no locale: what a text means is up to the reader that a field is given.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QStyle, QStyleOptionSpinBox, QWidget

from lwf_gui import InputError
from lwf_gui.gui.widgets.entry import Entry
from lwf_gui.gui.widgets.focus import leave_field
from lwf_gui.gui.widgets.input_rules import ENTER, ENTERED, apply_input_rules
from lwf_gui.numerals import LONGEST, written

WIDE_NUMBER = "0.000123"
"""A number field has room for this, whatever the type."""

TEXT_MARGIN = 6
"""Pixels of a line edit beside its text."""

STAYING = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}
"""Ways to lose the focus after which one comes back to what was being typed."""


class NumberField(QAbstractSpinBox):
    """A number, typed or gone by in steps.

    Parameters
    ----------
    read : returns the number that a text means, or raises `InputError`
    low, high : the ends that steps stop at
    step : returns the number so many steps from another one
    """

    entered = Signal(object)
    refused = Signal(str)

    _made = False
    """Qt asks for the arrows while it makes the field."""

    def __init__(self, read: Callable[[str], Any], low: float, high: float, step: Callable[[Any, int], Any]) -> None:
        super().__init__()
        self.value: Any = low
        """The number in force."""
        self._typing = False
        """Whether a person went into the text, by a click or by Tab: then letters are typed, also wrong ones."""
        self.word = ""
        """What 0 means, where it is no number of anything: shown in its place to who is not in the field."""
        self._low, self._high, self._step = low, high, step
        self.entry = Entry(self.lineEdit(), read)
        self.entry.entered.connect(self._take)
        self.entry.refused.connect(self.refused)
        self.lineEdit().setMaxLength(2 * LONGEST)
        self.lineEdit().installEventFilter(self)
        self.setKeyboardTracking(False)
        apply_input_rules(self)
        self._made = True

    def set_value(self, value: Any) -> None:
        """Show a number; while it stays the same, what is being typed stays too."""
        if value != self.value or not self.entry.pending:
            self.value = value
            self._show()

    def commit(self) -> bool:
        """Take what was typed; return whether the field shows the number in force."""
        return self.entry.commit()

    def _take(self, value: Any) -> None:
        changed, self.value = value != self.value, value
        self._show()  # 5e-3 was typed, and 0.005 is shown
        if changed:
            self.entered.emit(value)

    def _show(self) -> None:
        """Show the number to the last digit; where there is no room for them, a short form that says what it is."""
        text = written(self.value)
        if self.word and not self.value and not self.hasFocus():
            text = self.word
        short = not self.hasFocus() and self.fontMetrics().horizontalAdvance(text) > self._width
        self.entry.show_text(f"≈ {self.value:.3g}" if short else text)
        self.updateGeometry()

    @property
    def _width(self) -> int:
        """Pixels that a text has."""
        return self.lineEdit().width() - TEXT_MARGIN if self.isVisible() else sys.maxsize

    # Steps

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:  # noqa: N802 - Qt's name
        """Offer the arrows as far as the range goes."""
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if not self._made:
            return flags
        if self.value < self._high:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self.value > self._low:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down from what is in force, or was just typed."""
        if not self.commit():
            return
        value = min(max(self._step(self.value, steps), self._low), self._high)
        try:
            self.entry.check(value)
        except InputError:
            return  # the end of the range, which does not belong to it
        self._take(value)
        self.selectAll()

    # Keys and focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note that a person clicked into the text, not on an arrow."""
        if event.type() is QEvent.Type.MouseButtonPress:
            self._typing = True
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Leave the window its keys where nothing is typed: Space, undo, redo and Esc, letters to who types nowhere."""
        overrides = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride
        if overrides and self._is_no_digit(event):  # type: ignore[arg-type]
            event.ignore()
            return True
        if overrides and self.entry.override(event):  # type: ignore[arg-type]
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the number with Enter, which goes on to a dialog, or gives the window its keys; a refused one stays."""
        blank = event.key() == Qt.Key.Key_Space and not self.entry.takes_space(event)
        if blank or self.entry.take_back(event):
            event.accept()
        elif self._is_no_digit(event):
            event.ignore()
        elif event.key() in ENTER:
            taken = self.commit()
            event.setAccepted(not taken)
            self.selectAll()
            if taken:
                leave_field(self)
        else:
            super().keyPressEvent(event)

    def _is_no_digit(self, event: QKeyEvent) -> bool:
        """Whether a key is a letter for the window: of no number, which has but the e after a digit, and not typed."""
        letter, edit = event.text(), self.lineEdit()
        if self._typing or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier or not letter.isalpha():
            return False
        start = edit.selectionStart() if edit.hasSelectedText() else edit.cursorPosition()
        return letter not in "eE" or not re.search("[0-9.,]$", edit.text()[:start])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show all digits to who goes into the field."""
        self._typing |= event.reason() in ENTERED - {Qt.FocusReason.MouseFocusReason}
        if not self.entry.pending:
            self._show()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed."""
        super().focusOutEvent(event)
        if event.reason() in STAYING:
            return
        self._typing = False
        if self.commit():
            self._show()

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many digits as there is room for."""
        super().resizeEvent(event)
        if not self.entry.pending:
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Do the same once there is a width to go by."""
        super().showEvent(event)
        if not self.entry.pending:
            self._show()

    def minimumSizeHint(self) -> QSize:
        """Return room for a number of usual length, and for the word."""
        return self._room(WIDE_NUMBER).expandedTo(self._room(self.word))

    def sizeHint(self) -> QSize:
        """Return room for the number that is shown."""
        return self.minimumSizeHint().expandedTo(self._room(written(self.value)))

    def _room(self, text: str) -> QSize:
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        metrics = self.fontMetrics()
        inner = QSize(metrics.horizontalAdvance(text) + metrics.averageCharWidth(), self.lineEdit().sizeHint().height())
        style = self.style()
        return style.sizeFromContents(QStyle.ContentsType.CT_SpinBox, option, inner, self)


class TextField(QLineEdit):
    """A word or a list, typed."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self.entry = Entry(self, read)

    def set_text(self, text: str) -> None:
        """Show the text of the value in force; while it stays the same, what is being typed stays too."""
        if text != self.entry.shown or not self.entry.pending:
            self.entry.show_text(text)

    def commit(self) -> bool:
        """Take what was typed; return whether the field shows what is in force."""
        return self.entry.commit()

    def event(self, event: QEvent) -> bool:
        """Leave the window its keys where nothing is typed: Space, undo, redo and Esc."""
        overrides = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride
        if overrides and self.entry.override(event):  # type: ignore[arg-type]
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the text with Enter."""
        blank = event.key() == Qt.Key.Key_Space and not self.entry.takes_space(event)
        if blank or self.entry.take_back(event):
            event.accept()
            return
        if event.key() in ENTER:
            taken = self.commit()
            event.setAccepted(not taken)
            if taken:
                leave_field(self)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed."""
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.commit()


def step_number(value: float, steps: int) -> float:
    """Return a round number that is greater or smaller by half the place of the first digit, so many times."""
    step = 10 ** math.floor(math.log10(value)) / 2 if value > 0 else 0.1
    return float(f"{value + steps * step:.3g}")


def commit_focused() -> None:
    """Take what is being typed, wherever: what an action does must not miss it."""
    focused: QWidget | None = QApplication.focusWidget()
    if isinstance(focused, NumberField | TextField):
        focused.commit()
