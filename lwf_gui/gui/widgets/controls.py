"""Small input widgets: each holds one value, says `changed` when the user changes it, and is set silently."""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QHBoxLayout, QSlider, QWidget

from lwf_gui.gui.widgets.entry import Entry
from lwf_gui.gui.widgets.fields import NumberField, TextField, step_number
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.numerals import read_number, read_whole_number
from lwf_gui.recipe import Setting, parse_assignment

TICKS = 200
"""Positions of a slider."""

ZERO = ", 0: "
"""A setting's unit says after this what 0 means, where it is no number of anything."""


class SettingControl(QWidget):
    """The base of all: a value and a signal."""

    changed = Signal(object)
    refused = Signal(str)
    """What was typed cannot be used, and why; the value before stays in force."""

    field: QWidget
    """What is typed into, or switched."""
    entry: Entry | None = None
    """What is typed, where one types."""

    def set_value(self, value: Any) -> None:
        """Show a value without saying `changed`."""
        raise NotImplementedError

    def check_by(self, check: Callable[[Any], object]) -> None:
        """Refuse typed values for which this raises `InputError`."""
        if self.entry is not None:
            self.entry.check = check

    def _row(self, *widgets: QWidget) -> QHBoxLayout:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in widgets:
            layout.addWidget(widget)
        self.field = widgets[-1]
        self.setFocusProxy(widgets[0])  # Tab passes over what stands before the proxy
        return layout


class NumberControl(SettingControl):
    """A number field over the whole range, with a logarithmic slider over its useful part where the recipe has one."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        low, high = setting.low or 0.0, setting.high if setting.high is not None else sys.float_info.max
        self._box = NumberField(read_number, low, high, step_number)
        self._box.word = setting.unit.partition(ZERO)[2]
        self._box.entered.connect(self._on_box)
        self._box.refused.connect(self.refused)
        self.entry = self._box.entry
        if setting.slider is None:
            self._slider = None
            self._row(self._box)
            return
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, TICKS)
        self._slider.setPageStep(TICKS // 20)
        self._slider.setMinimumWidth(60)
        self._slider.valueChanged.connect(self._on_slider)
        apply_input_rules(self._slider)
        self._row(self._slider, self._box).setStretch(0, 1)

    def set_value(self, value: Any) -> None:
        """Show a number."""
        self._box.set_value(float(value))
        self._place_slider(float(value))

    def describe(self, name: str, text: str) -> None:
        """Name the parts for screen readers."""
        for part in (self._box, self._slider):
            if part is not None:
                part.setAccessibleName(name)
                part.setAccessibleDescription(text)

    def _on_box(self, value: float) -> None:
        self._place_slider(value)
        self.changed.emit(value)

    def _on_slider(self, tick: int) -> None:
        value = self._value_at(tick)
        self._box.entry.restore()  # who drags has given up what was typed
        self._box.set_value(value)
        self.changed.emit(value)

    def _place_slider(self, value: float) -> None:
        if self._slider is not None:
            with QSignalBlocker(self._slider):
                self._slider.setValue(self._tick_of(value))

    def _value_at(self, tick: int) -> float:
        """Return the slider's value: low * (high / low) ** (tick / TICKS), or 0 at the left end where 0 is allowed."""
        assert self._setting.slider is not None
        low, high = self._setting.slider
        if tick == 0 and self._setting.low == 0:
            return 0.0
        return float(f"{low * (high / low) ** (tick / TICKS):.3g}")

    def _tick_of(self, value: float) -> int:
        assert self._setting.slider is not None
        low, high = self._setting.slider
        return 0 if value <= low else min(TICKS, round(TICKS * math.log(value / low) / math.log(high / low)))


class IntegerControl(SettingControl):
    """A whole number."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        low, high = int(setting.low or 0), int(setting.high or sys.maxsize)
        self._box = NumberField(read_whole_number, low, high, operator.add)
        self._box.word = setting.unit.partition(ZERO)[2]
        self._box.entered.connect(self.changed)
        self._box.refused.connect(self.refused)
        self.entry = self._box.entry
        self._row(self._box)

    def set_value(self, value: Any) -> None:
        """Show a whole number."""
        self._box.set_value(int(value))


class ChoiceControl(SettingControl):
    """One of a few words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._box = QComboBox()
        self._box.addItems(list(choices))
        apply_input_rules(self._box)
        self._box.currentTextChanged.connect(self.changed.emit)
        self._row(self._box)

    def set_value(self, value: Any) -> None:
        """Show a word."""
        with QSignalBlocker(self._box):
            self._box.setCurrentText(str(value))


class _Switch(QAbstractButton):
    """A switch in the colours of the palette and the size of the type; it shows that it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        """Return the size of the slot, with a margin for the frame of the focus."""
        height = round(0.8 * self.fontMetrics().height())
        return QSize(2 * height + 4, height + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint slot and knob, and a frame while keys go to it."""
        roles, palette = QPalette.ColorRole, self.palette()
        slot = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        knob = QRectF(slot.x(), slot.y(), slot.height(), slot.height()).adjusted(2, 2, -2, -2)
        if self.isChecked():
            knob.moveRight(slot.right() - 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(roles.Highlight if self.isChecked() else roles.PlaceholderText))
            painter.drawRoundedRect(slot, slot.height() / 2, slot.height() / 2)
            painter.setBrush(palette.color(roles.HighlightedText))
            painter.drawEllipse(knob)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(palette.color(roles.Highlight), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class SwitchControl(SettingControl):
    """On or off."""

    def __init__(self) -> None:
        super().__init__()
        self._switch = _Switch()
        apply_input_rules(self._switch)
        self._switch.toggled.connect(self.changed.emit)
        self._row(self._switch).addStretch(1)

    def set_value(self, value: Any) -> None:
        """Show on or off."""
        with QSignalBlocker(self._switch):
            self._switch.setChecked(bool(value))


class TextControl(SettingControl):
    """A list or a word, typed as after ``--set``."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._field = TextField(lambda text: parse_assignment(f"{setting.key}={text}")[1])
        self.entry = entry = self._field.entry
        entry.entered.connect(self._on_entered)
        entry.refused.connect(self.refused)
        self._row(self._field)

    def set_value(self, value: Any) -> None:
        """Show a value."""
        text = value if isinstance(value, str) else repr(value).replace("(", "[").replace(",)", "]").replace(")", "]")
        self._field.set_text(text.replace("'", '"'))

    def _on_entered(self, value: Any) -> None:
        self._field.entry.shown = self._field.text()
        self.changed.emit(value)


def control_for(setting: Setting) -> SettingControl:
    """Return the widget for a setting."""
    match setting.kind:
        case "number":
            return NumberControl(setting)
        case "integer":
            return IntegerControl(setting)
        case "choice":
            return ChoiceControl(setting.choices)
        case "switch":
            return SwitchControl()
        case _:
            return TextControl(setting)
