"""What wheel, Space, Enter and a mouse that rests do to buttons, boxes, sliders and tabs: one rule for all of them.

The wheel scrolls what lies beneath and never sets, but for a field or slider that was clicked into. Space runs and
pauses, whatever has the focus, unless something is typed there and not taken yet; Enter operates what has it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from lwf_gui.gui.explaining import explain
from lwf_gui.gui.widgets.focus import leave_field

ENTERED = {Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
"""How a person goes into a field; a dialog that opens, or a window that comes to the front, gives the focus unasked."""

ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class InputRules(QObject):
    """The rules of one widget, which is its parent."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._entered = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep wheel, Space and Enter from what they must not do; explain terms under the mouse."""
        assert isinstance(watched, QWidget)
        if isinstance(event, QFocusEvent) and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._entered = event.gotFocus() and event.reason() in ENTERED
            if self._entered:
                _bring_into_view(watched)
        if event.type() is QEvent.Type.MouseButtonPress:
            _end_typing(watched)
        if event.type() is QEvent.Type.Wheel and not self._may_set(watched):
            event.ignore()  # what lies beneath takes it
            return True
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return self._takes_key(watched, event)
        return explain(watched, event) or super().eventFilter(watched, event)

    def _may_set(self, widget: QWidget) -> bool:
        return self._entered and widget.hasFocus() and isinstance(widget, QAbstractSpinBox | QAbstractSlider)

    def _takes_key(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Operate the widget with Enter; leave Space to the window, also while there is nothing to run or pause."""
        operated = isinstance(widget, QAbstractButton | QComboBox)
        if event.key() == Qt.Key.Key_Space:
            return operated and not isinstance(widget.window(), QDialog)
        if not operated or event.key() not in ENTER or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.type() is QEvent.Type.KeyPress and not event.isAutoRepeat():
            _operate(widget)
        return True


def apply_input_rules(widget: QWidget) -> None:
    """Let a widget keep the rules; it takes the focus by Tab, or by a click if one types or drags there."""
    typed = isinstance(widget, QAbstractSpinBox | QAbstractSlider)
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus if typed else Qt.FocusPolicy.TabFocus)
    if widget.findChild(InputRules, options=Qt.FindChildOption.FindDirectChildrenOnly) is None:
        InputRules(widget)


def _end_typing(clicked: QWidget) -> None:
    """Leave the field that was typed into for what is clicked: most of that takes no focus, and keys would stay."""
    field = QApplication.focusWidget()
    if isinstance(field, QAbstractSpinBox | QLineEdit) and not (field is clicked or field.isAncestorOf(clicked)):
        leave_field(field)


def _bring_into_view(widget: QWidget) -> None:
    """Scroll to a widget: Qt does so where Tab stays within the area that scrolls, not where it comes from outside."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None:
        area.ensureWidgetVisible(widget)


def _operate(widget: QWidget) -> None:
    if isinstance(widget, QAbstractButton):
        widget.click()
    elif isinstance(widget, QComboBox):
        widget.showPopup()
