"""What a setting's label and control say of it: under the mouse, and to screen readers."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from lwf_gui.gui.explaining import Explains
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.controls import NumberControl, SettingControl
from lwf_gui.recipe import Setting


def dress(label: QLabel, control: SettingControl, name: str, text: str) -> None:
    """Join a label and a control, and say what they are."""
    label.setBuddy(control)
    Explains(label)
    for widget in (label, control):
        widget.setToolTip(tooltip(text))
    control.setAccessibleName(name)
    control.setAccessibleDescription(text)
    control.field.setAccessibleName(name)
    control.field.setAccessibleDescription(text)
    if isinstance(control, NumberControl):
        control.describe(name, text)


def offer(label: QLabel, control: SettingControl, text: str, why: str, *, locked: bool = False) -> None:
    """Let a control be turned, unless there is a reason why that changes nothing: then its help begins with it."""
    for widget in (label, control):
        widget.setEnabled(not why and not (locked and widget is control))
        widget.setToolTip(tooltip(f"{why} {text}".lstrip()))


def help_of(setting: Setting) -> str:
    """Return what a setting is, its unit, range and name."""
    unit = f" Unit: {setting.unit}." if setting.unit else ""
    return f"{setting.help}{unit} Allowed: {setting.allowed}. Name: {setting.key}"
