"""The box in which a preset is chosen.

It also names what cannot be chosen there: a preset with changed settings, or a recipe from a file.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.recipe import load_preset, preset_names

LONGEST = 32
"""Letters of a name that are shown; the rest is under the mouse."""


CARDS = "Recipes of published claims are under Teach, Paper cards."


class PresetBox(QComboBox):
    """Shows what it is told; a name that is not in its list stands in the closed box alone."""

    def __init__(self) -> None:
        super().__init__()
        self.addItems(list(preset_names()))
        self._about = {name: load_preset(name).about for name in preset_names()}
        for index, name in enumerate(self._about):
            self.setItemData(index, tooltip(self._about[name]), Qt.ItemDataRole.ToolTipRole)

    def show_choice(self, name: str) -> None:
        """Show the name of the recipe that runs next."""
        self.setCurrentIndex(self.findText(name))
        listed = self.currentIndex() >= 0
        text = "" if listed else _shortened(name)
        if text != self.placeholderText():
            self.setPlaceholderText(text)
            self.updateGeometry()
        about = self._about[name] if listed else "Not as in the list: choose one of the list to take it as it is."
        self.setToolTip(tooltip(f"Preset: a complete recipe. Now: {name}. {about} {CARDS}"))
        self.setAccessibleDescription(f"A complete recipe. Now: {name}.")

    def sizeHint(self) -> QSize:
        """Return room for what is shown, also where it is in no list, and for any preset that is changed.

        What stands beside it must not move because a setting is another one.
        """
        self.ensurePolished()
        metrics, option = self.fontMetrics(), QStyleOptionComboBox()
        self.initStyleOption(option)
        names = (*self._about, *(f"{name} (modified)" for name in self._about), self.placeholderText())
        widest = max(map(metrics.horizontalAdvance, names))
        text = QSize(widest, max(metrics.height(), 14) + 2)  # as Qt measures; what it keeps of it is out of date
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, text, self)

    def minimumSizeHint(self) -> QSize:
        """Return the same: no name is cut."""
        return self.sizeHint()


def _shortened(name: str) -> str:
    """Return a name, or its two ends: a path differs there."""
    half = LONGEST // 2 - 1
    return name if len(name) <= LONGEST else f"{name[:half]}…{name[-half:]}"
