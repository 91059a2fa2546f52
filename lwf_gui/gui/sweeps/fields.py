"""The fields of one axis of a sweep, with the sentence below them that says what cannot be used."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit

from lwf_gui import InputError
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.recipe import Recipe, settings
from lwf_gui.sweeps import asked
from lwf_gui.sweeps.axes import Axis

VALUES = "Values with commas, as 0.5,1,2; or a range with a number of values, as 0.1..10:5, or 0.1..10:5:log."
KEY = "The key of a setting, as lwf.alpha; the recipe's tooltips and `lwf-gui settings` name all keys."


class Refusal(QLabel):
    """A sentence on what cannot be used; it takes no room while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)  # it repeats what was typed
        self.setWordWrap(True)
        self.setProperty("refused", True)
        self.hide()

    def say(self, sentence: str) -> None:
        """Say what cannot be used; nothing where all can."""
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class AxisFields:
    """The two fields of one axis, and the sentence below them that says what cannot be used."""

    def __init__(self, name: str, key: str, values: str, recipe: Recipe, *, needed: bool) -> None:
        self._recipe, self._needed = recipe, needed
        self.key, self.values, self.refusal = QLineEdit(key), QLineEdit(values), Refusal()
        completer = QCompleter(sorted(settings()), self.key)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.key.setCompleter(completer)
        for field, called, said in (
            (self.key, f"{name} setting", KEY),
            (self.values, f"Values of the {name.lower()} setting", VALUES),
        ):
            field.setAccessibleName(called)
            field.setAccessibleDescription(said)
            field.setToolTip(tooltip(said))
            field.setMaxLength(2000)
        self.axis: Axis | None = None

    @property
    def typed(self) -> str:
        """The axis as ``lwf-gui sweep --grid`` takes it."""
        return f"{self.key.text().strip()}={self.values.text().strip()}"

    def check(self) -> bool:
        """Read what is typed; say what cannot be used; return whether all can."""
        self.axis, problem = None, ""
        if self._needed or self.key.text().strip() or self.values.text().strip():
            try:
                self.axis = asked.axis_typed(self.key.text(), self.values.text(), self._recipe)
            except InputError as error:
                problem = str(error)
        self.refusal.say(problem)
        return not problem
