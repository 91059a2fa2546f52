"""What stands before the classes of one task: its number, how many classes it has, and buttons to move or remove it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.input_rules import apply_input_rules

UP, DOWN, REMOVE = "up", "down", "remove"


class RowHead(QWidget):
    """The head of a row; ``task`` counts from 0, None is the row of what is not used."""

    asked = Signal(int, str)
    """What shall be done with a task: `UP`, `DOWN` or `REMOVE`."""

    def __init__(self, task: int | None, colours: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.task = task
        title = QLabel("Not used" if task is None else f"Task {task + 1}")
        title.setFont(theme.font(1.0, bold=True))
        self._count = QLabel()
        self._count.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.setSpacing(0)
        layout.addWidget(title)
        layout.addWidget(self._count)
        self.buttons: dict[str, QToolButton] = {}
        if task is not None:
            layout.addLayout(self._make_buttons(task + 1, colours))
        layout.addStretch(1)

    def show_count(self, classes: int, tasks: int) -> None:
        """Show how many classes the row has, and which ways its task can go among so many."""
        self._count.setText("1 class" if classes == 1 else f"{classes} classes")
        if self.task is not None:
            self.buttons[UP].setEnabled(self.task > 0)
            self.buttons[DOWN].setEnabled(self.task < tasks - 1)

    def take_focus(self, what: str) -> None:
        """Give the focus to a button, or to its neighbour where it cannot be used."""
        other = DOWN if what == UP else UP
        next(b for b in (self.buttons[what], self.buttons[other], self.buttons[REMOVE]) if b.isEnabled()).setFocus()

    def _make_buttons(self, number: int, colours: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.setContentsMargins(0, 0, 0, 0)
        kinds = ((UP, "up", f"Move task {number} up"), (DOWN, "down", f"Move task {number} down"))
        for what, icon, said in (*kinds, (REMOVE, "close", f"Remove task {number}; its classes go to Not used")):
            button = QToolButton()
            button.setObjectName("small")
            button.setIcon(theme.icon(icon, colours))
            side = round(0.8 * theme.line_height())
            button.setIconSize(QSize(side, side))
            button.setAccessibleName(said)
            button.setToolTip(tooltip(said))
            button.clicked.connect(lambda _checked=False, what=what: self.asked.emit(self.task, what))
            apply_input_rules(button)
            self.buttons[what] = button
            row.addWidget(button)
        row.addStretch(1)
        return row
