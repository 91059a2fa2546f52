"""The task editor: which class is learnt in which task, by dragging or by keys, with presets, undo and redo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.class_list import ClassList
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.gui.widgets.task_board import KEYS, TaskBoard
from lwf_gui.gui.widgets.task_row import REMOVE, UP
from lwf_gui.runs.splits import FEWEST, Place, Split, Tasks, name_of, presets, words_of

SHARE = 0.96
"""Part of the parent window's, or the screen's, width and height that the dialog may take."""

OWN = "Own split"


class TaskEditor(QDialog):
    """Asks for a split of classes into tasks.

    Parameters
    ----------
    most : tasks that a run may have
    """

    def __init__(
        self, tasks: Tasks, classes: ClassList, most: int, colours: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._classes, self._most = classes, most
        self._history, self._at = [Split.of(tasks, classes.labels)], 0
        self._presets = presets(classes.labels)
        self.setWindowTitle("Edit tasks")
        self.setSizeGripEnabled(True)
        self.board = TaskBoard(self.split, classes, colours)
        self.board.moved.connect(self._move)
        self.board.task_asked.connect(self._change_task)
        self.box = self._preset_box()
        self.add = _button("&Add task", "Add a task behind the last one.", self._add_task)
        self.undo_button = _button("&Undo", "Take the last change back: Ctrl+Z.", self.undo)
        self.redo_button = _button("&Redo", "Make the last change again: Ctrl+Shift+Z or Ctrl+Y.", self.redo)
        self.says = QLabel()
        """The split in words, or why it cannot be used."""
        self._area = QScrollArea()
        self._lay_out()
        for keys, act in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("Ctrl+Y", self.redo)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self._show()
        self._take_room()
        self.board.begin()

    @property
    def split(self) -> Split:
        """The split as it stands now."""
        return self._history[self._at]

    @property
    def tasks(self) -> Tasks:
        """The tasks as they stand now."""
        return self.split.tasks

    # Changes

    def take(self, split: Split) -> None:
        """Show a changed split, which can be undone."""
        if split != self.split:
            self._history[self._at + 1 :] = [split]
            self._at += 1
        self._show()

    def undo(self) -> None:
        """Take the last change back."""
        self._at = max(0, self._at - 1)
        self._show()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        self._at = min(len(self._history) - 1, self._at + 1)
        self._show()

    def accept(self) -> None:
        """Close the dialog, unless the split cannot be used: then it says why more loudly, and goes to what is wrong.

        With the focus left on OK, an arrow key would go to some button beside it.
        """
        fault = self.split.fault(self._most)
        if not fault:
            super().accept()
            return
        self._say(f"Not yet: {fault[0].lower()}{fault[1:]}", loud=True)
        empty = next((task for task, classes in enumerate(self.tasks) if not classes), None)
        if empty is not None:
            self.board.go_to_empty(empty)
        elif len(self.tasks) < FEWEST:
            self.add.setFocus()
        else:
            self.board.begin()

    def _move(self, label: int, to: Place) -> None:
        self.take(self.split.moved(label, to))
        self.board.go_to(label)

    def _change_task(self, task: int, what: str) -> None:
        if what == REMOVE:
            self.take(self.split.without_task(task))
            self.board.go_to_task(task, what)
            return
        by = -1 if what == UP else 1
        self.take(self.split.task_moved(task, by))
        self.board.go_to_task(task + by, what)

    def _add_task(self) -> None:
        self.take(self.split.with_task())
        self.board.go_to_task(len(self.tasks) - 1, UP)

    def _take_preset(self, index: int) -> None:
        if index:
            self.take(Split.of(self._presets[index - 1].tasks, self._classes.labels))
        self._show()

    # What is shown

    def _show(self) -> None:
        split = self.split
        self.board.show_split(split)
        known = [preset.tasks for preset in self._presets]
        self.box.setCurrentIndex(1 + known.index(split.tasks) if split.tasks in known else 0)
        self.add.setEnabled(len(split.tasks) < self._most)
        self.undo_button.setEnabled(self._at > 0)
        self.redo_button.setEnabled(self._at < len(self._history) - 1)
        fault = split.fault(self._most)
        self._say(fault or f"{words_of(split.tasks, self._classes.names)}.{self._left_out()}")

    def _left_out(self) -> str:
        """Say which classes no network will see; nothing where all are used."""
        names = ", ".join(name_of(label, self._classes.names) for label in self.split.unused)
        return f" Not used: {names}." if names else ""

    def _say(self, text: str, *, loud: bool = False) -> None:
        self.says.setText(text)
        self.says.setAccessibleName(text)
        self.says.setProperty("refused", loud)
        self.says.style().unpolish(self.says)
        self.says.style().polish(self.says)

    def _preset_box(self) -> QComboBox:
        box = QComboBox()
        box.addItems([OWN, *(preset.name for preset in self._presets)])
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.setAccessibleName("Split")
        box.setToolTip(tooltip("Splits that are known by name; what is chosen can be undone."))
        model = box.model()
        assert isinstance(model, QStandardItemModel), "the box made it itself"
        for index, preset in enumerate(self._presets, 1):
            if len(preset.tasks) > self._most:
                model.item(index).setEnabled(False)
                model.item(index).setToolTip(tooltip(f"A run can have at most {self._most} tasks."))
        box.activated.connect(self._take_preset)
        apply_input_rules(box)
        return box

    def _lay_out(self) -> None:
        hint = QLabel(f"Drag classes from task to task. {KEYS}")
        hint.setWordWrap(True)
        hint.setProperty("muted", True)
        top = QHBoxLayout()
        label = QLabel("&Split:")
        label.setBuddy(self.box)
        top.addWidget(label)
        top.addWidget(self.box, 1)
        for button in (self.add, self.undo_button, self.redo_button):
            top.addWidget(button)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.board)
        self.says.setTextFormat(Qt.TextFormat.PlainText)  # it names classes
        self.says.setWordWrap(True)
        self.says.setMargin(4)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addLayout(top)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.says)
        layout.addWidget(buttons)

    def _take_room(self) -> None:
        """Take the room that all rows need, as far as there is so much."""
        parent = self.parentWidget()
        room = (parent.window().size() if parent is not None else self.screen().availableSize()) * SHARE
        self.ensurePolished()
        bar = self._area.verticalScrollBar().sizeHint().width()
        frame = self.sizeHint() - self._area.sizeHint()
        wanted = self.board.sizeHint() + QSize(bar, 0) + QSize(max(frame.width(), 24), frame.height())
        self.resize(wanted.boundedTo(room))


def _button(text: str, help_: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tooltip(help_))
    button.setAccessibleDescription(help_)
    button.setAutoDefault(False)
    button.clicked.connect(act)
    apply_input_rules(button)
    return button
