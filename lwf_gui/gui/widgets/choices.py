"""The boxes of the action bar: what to run, on which data, and how fast."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.data_box import DataBox
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.gui.widgets.preset_box import PresetBox

PACES: dict[str, float | None] = {
    "Full speed": None,
    "100 steps/s": 100,
    "20 steps/s": 20,
    "5 steps/s": 5,
    "1 step/s": 1,
}

SPACING = 4
"""Pixels between two parts."""


class Choices(QWidget):
    """A row of boxes, each with a label that may be hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: list[QLabel] = []
        self.preset, self.data, self.pace = PresetBox(), DataBox(), QComboBox()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACING)
        self._add("Preset", self.preset, "A complete recipe.")
        self._add("Data", self.data, "Which images.")
        self._add("Speed", self.pace, "Slow training down to follow it by eye.", PACES)
        self._row.addStretch(1)

    def _add(self, name: str, box: QComboBox, text: str, items: Iterable[str] = ()) -> None:
        label = QLabel(name)
        box.addItems(list(items))
        box.setAccessibleName(name)
        box.setAccessibleDescription(text)
        box.setToolTip(tooltip(f"{name}: {text[0].lower()}{text[1:]}"))
        box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        label.setBuddy(box)
        apply_input_rules(box)
        self.labels.append(label)
        self._row.addWidget(label)
        self._row.addWidget(box)
        self._row.addSpacing(8)
