"""Small input widgets: each holds one value, says `changed` when the user changes it, and is set silently."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLineEdit, QSlider, QSpinBox, QWidget
from superqt import QToggleSwitch

from lwf_gui import InputError
from lwf_gui.recipe import Setting, parse_assignment

TICKS = 200
"""Positions of a slider."""

ARROWS = 30
"""Pixels of a number field beside its number."""

WIDE_NUMBER = "0.000123"
"""A number field has room for this, whatever the type."""


class SpaceGuard(QObject):
    """Lets a control that was reached by Tab keep the space key, which else starts and pauses the run."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the space key before the window's shortcut does."""
        if event.type() is QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Space:
                event.accept()
                return True
        return super().eventFilter(watched, event)


class Control(QWidget):
    """The base of all: a value and a signal."""

    changed = Signal(object)

    field: QWidget
    """What is typed into, or switched."""

    def set_value(self, value: Any) -> None:
        """Show a value without saying `changed`."""
        raise NotImplementedError

    def _row(self, *widgets: QWidget) -> QHBoxLayout:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in widgets:
            layout.addWidget(widget)
        self.field = widgets[-1]
        self.setFocusProxy(widgets[0])  # Tab passes over what stands before the proxy
        return layout


class NumberControl(Control):
    """A number field over the whole range, with a logarithmic slider over its useful part where the recipe has one."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._box = _Number()
        self._box.setRange(setting.low or 0.0, setting.high if setting.high is not None else 1e9)
        self._box.setKeyboardTracking(False)  # say a typed number once, when it is complete
        self._box.valueChanged.connect(self._on_box)
        if setting.slider is None:
            self._slider = None
            self._row(self._box)
            return
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, TICKS)
        self._slider.setPageStep(TICKS // 20)
        self._slider.setMinimumWidth(60)
        self._slider.valueChanged.connect(self._on_slider)
        self._row(self._slider, self._box).setStretch(0, 1)

    def set_value(self, value: Any) -> None:
        """Show a number."""
        with QSignalBlocker(self._box):
            self._box.setValue(float(value))
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
        with QSignalBlocker(self._box):
            self._box.setValue(value)
        self.changed.emit(self._box.value())

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


class _Number(QDoubleSpinBox):
    """A spin box that shows numbers as people write them and steps by a tenth of their size."""

    def __init__(self) -> None:
        super().__init__()
        self.setDecimals(8)

    def minimumSizeHint(self) -> QSize:
        """Return room for numbers as they are shown, not for all decimals."""
        size, text = super().minimumSizeHint(), self.fontMetrics().horizontalAdvance(WIDE_NUMBER)
        return QSize(text + ARROWS, size.height())

    def sizeHint(self) -> QSize:
        """Return the same."""
        return self.minimumSizeHint()

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        """Return the shortest text."""
        return f"{value:.4g}"

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down by about a tenth, to a round number."""
        value = self.value()
        step = 10 ** math.floor(math.log10(value)) / 10 * 5 if value > 0 else 0.1
        self.setValue(float(f"{value + steps * step:.3g}"))


class IntegerControl(Control):
    """A whole number."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._box = QSpinBox()
        self._box.setRange(int(setting.low or 0), int(min(setting.high or 2**31 - 1, 2**31 - 1)))
        self._box.setKeyboardTracking(False)
        self._box.valueChanged.connect(self.changed.emit)
        self._row(self._box)

    def set_value(self, value: Any) -> None:
        """Show a whole number."""
        with QSignalBlocker(self._box):
            self._box.setValue(int(value))


class ChoiceControl(Control):
    """One of a few words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._box = QComboBox()
        self._box.addItems(list(choices))
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box.installEventFilter(SpaceGuard(self))
        self._box.currentTextChanged.connect(self.changed.emit)
        self._row(self._box)

    def set_value(self, value: Any) -> None:
        """Show a word."""
        with QSignalBlocker(self._box):
            self._box.setCurrentText(str(value))


class _Switch(QToggleSwitch):  # type: ignore[misc] # superqt is untyped here
    """A switch in the colours of the palette and the size of the type; it shows that it has the focus."""

    _made = False
    """Whether there is something to dress."""

    def __init__(self) -> None:
        super().__init__()
        self._made = True
        self.setAnimationDuration(0)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and type."""
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if self._made and event.type() in kinds:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the switch, and a frame while keys go to it."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _dress(self) -> None:
        roles, palette, height = QPalette.ColorRole, self.palette(), self.fontMetrics().height()
        self.onColor = palette.color(roles.Highlight)
        self.offColor = palette.color(roles.PlaceholderText)
        self.handleColor = palette.color(roles.HighlightedText)
        self.switchHeight = round(0.8 * height)
        self.switchWidth = 2 * self.switchHeight
        self.handleSize = self.switchHeight - 4
        self.updateGeometry()


class SwitchControl(Control):
    """On or off."""

    def __init__(self) -> None:
        super().__init__()
        self._switch = _Switch()
        self._switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._switch.installEventFilter(SpaceGuard(self))
        self._switch.toggled.connect(self.changed.emit)
        self._row(self._switch).addStretch(1)

    def set_value(self, value: Any) -> None:
        """Show on or off."""
        with QSignalBlocker(self._switch):
            self._switch.setChecked(bool(value))


class TextControl(Control):
    """A list or a word, typed as after ``--set``."""

    refused = Signal(str)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._key = setting.key
        self._field = QLineEdit()
        self._field.editingFinished.connect(self._on_edited)
        self._shown = ""
        self._row(self._field)

    def set_value(self, value: Any) -> None:
        """Show a value."""
        text = value if isinstance(value, str) else repr(value).replace("(", "[").replace(",)", "]").replace(")", "]")
        self._shown = text.replace("'", '"')
        self._field.setText(self._shown)
        self._field.setCursorPosition(0)

    def _on_edited(self) -> None:
        if self._field.text() == self._shown:
            return
        self._shown = self._field.text()
        try:
            self.changed.emit(parse_assignment(f"{self._key}={self._shown}")[1])
        except InputError as error:
            self.refused.emit(str(error))


def control_for(setting: Setting) -> Control:
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
