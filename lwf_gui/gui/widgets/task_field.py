"""The split of classes into tasks as a line of words, with a button that opens the task editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout

from lwf_gui import InputError
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.class_list import ClassList
from lwf_gui.gui.widgets.controls import SettingControl
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.recipe import Recipe
from lwf_gui.runs.splits import FEWEST, Tasks, lines_of, words_of

Ask = Callable[[Tasks, ClassList], Tasks | None]
"""Asks a person for other tasks of these classes; None leaves them as they are."""


class TasksControl(SettingControl):
    """Tasks, said in words and changed in a dialog.

    Parameters
    ----------
    classes : returns the classes that there are now
    ask : opens the dialog
    """

    def __init__(self, classes: Callable[[], ClassList], ask: Ask) -> None:
        super().__init__()
        self._classes, self._ask = classes, ask
        self._tasks: Tasks = ()
        self.words = _Words()
        button = QToolButton()
        button.setObjectName("segment")
        button.setText("Edit tasks...")
        button.clicked.connect(self._edit)
        apply_input_rules(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.field = button
        self.setFocusProxy(button)

    def set_value(self, value: Any) -> None:
        """Show tasks."""
        self._tasks = value
        names = self._classes().names
        self.words.setText(words_of(value, names))
        self.words.take_height()
        self.words.setToolTip(tooltip(*lines_of(value, names)))
        self.words.setAccessibleName("; ".join(lines_of(value, names)))

    def _edit(self) -> None:
        tasks = self._ask(self._tasks, self._classes())
        if tasks is not None and tasks != self._tasks:
            self.changed.emit(tasks)


class _Words(QLabel):
    """Plain text in as many lines as its width asks for: a section that unfolds does not ask for heights by width."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)  # it names classes
        self.setWordWrap(True)

    def event(self, event: QEvent) -> bool:
        """Take the height that the text needs, in another width, type or wording."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange, QEvent.Type.LayoutRequest):
            self.take_height()
        return done

    def take_height(self) -> None:
        """Ask for the height that all lines need."""
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


def most_tasks(recipe: Recipe, classes: int) -> int:
    """Return how many tasks a recipe can have at most with so many classes: its own rule says so."""
    return next((count for count in range(classes, FEWEST, -1) if _takes(recipe, count)), FEWEST)


def _takes(recipe: Recipe, count: int) -> bool:
    try:
        recipe.with_settings({"data.tasks": [[label] for label in range(count)]})
    except InputError:
        return False
    return True
