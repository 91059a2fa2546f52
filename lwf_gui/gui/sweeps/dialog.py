"""The question before a sweep: which one or two settings take which values, how many seeds, and where it is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lwf_gui import InputError, paths
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.sweeps.fields import AxisFields, Refusal
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.numbers import counted
from lwf_gui.recipe import Recipe
from lwf_gui.sweeps import asked
from lwf_gui.sweeps.folder import is_sweep

WIDTH = 40
"""Width of the dialog, in heights of a line."""

AXES = (("lwf.alpha", "0.5,1,2,5"), ("lwf.temperature", "1,2,4"))
"""What stands in the fields at first."""

MOST_SEEDS = 100


class SweepDialog(QDialog):
    """Asks for axes, seeds and folder; Esc cancels. Call `open`."""

    wanted = Signal(object, object)
    """A sweep shall be done: the words of its process, and its folder."""

    def __init__(self, parent: QWidget, recipe: Recipe, folder: Path, ask_folder: Callable[[], str]) -> None:
        super().__init__(parent)
        self._recipe, self._ask_folder = recipe, ask_folder
        self.setWindowTitle("Sweep")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(min(WIDTH * self.fontMetrics().height(), parent.width()))
        names = (("First", True), ("Second", False))
        self.axes = [
            AxisFields(name, key, values, recipe, needed=needed)
            for (name, needed), (key, values) in zip(names, AXES, strict=True)
        ]
        self._seeds = QSpinBox()
        self._seeds.setRange(1, MOST_SEEDS)
        self._seeds.setAccessibleName("Seeds")
        self._seeds.setToolTip(tooltip("Each combination is trained with the recipe's seed and the next ones."))
        apply_input_rules(self._seeds)
        self._folder, self.folder_refusal = QLineEdit(str(folder)), Refusal()
        self._folder.setAccessibleName("Folder")
        self._folder.setToolTip(tooltip("A folder that is not there yet, or is empty: each run leaves a file there."))
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setWordWrap(True)
        self.count.setProperty("muted", True)
        self.start_button = QPushButton("&Start")
        self._lay_out()
        self._connect()
        self._check()
        self.axes[0].values.setFocus()

    # What was asked for

    @property
    def grid(self) -> tuple[str, ...]:
        """The axes as ``--grid`` takes them."""
        return tuple(each.typed for each in self.axes if each.axis is not None)

    @property
    def seeds(self) -> int:
        """How many seeds each combination has."""
        return self._seeds.value()

    @property
    def folder(self) -> Path:
        """Where the sweep is left."""
        return Path(self._folder.text().strip()).expanduser().absolute()

    # Making it

    def _lay_out(self) -> None:
        about = QLabel(
            "Trains the next run's recipe once for each combination and seed, in processes beside the window, one on "
            "each core. Closing the window ends it; runs that are done stay."
        )
        about.setWordWrap(True)
        form = QFormLayout()
        for name, each in zip(("&First setting:", "S&econd setting:"), self.axes, strict=True):
            row = QHBoxLayout()
            row.addWidget(each.key, 2)
            row.addWidget(each.values, 3)
            label = QLabel(name)
            label.setBuddy(each.key)
            form.addRow(label, row)
            form.addRow("", each.refusal)
        seeds = QLabel("&Seeds:")
        seeds.setBuddy(self._seeds)
        form.addRow(seeds, self._seeds)
        place, choose = QHBoxLayout(), QPushButton("&Choose...")
        choose.setAccessibleName("Choose a folder")
        choose.setAutoDefault(False)  # Enter in a field starts
        choose.clicked.connect(self._choose)
        place.addWidget(self._folder, 1)
        place.addWidget(choose)
        folder = QLabel("F&older:")
        folder.setBuddy(self._folder)
        form.addRow(folder, place)
        form.addRow("", self.folder_refusal)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.start_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.start_button.setDefault(True)
        for button in (choose, self.start_button):
            apply_input_rules(button)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.count)
        layout.addWidget(buttons)

    def _connect(self) -> None:
        for each in self.axes:
            each.key.textChanged.connect(self._check)
            each.values.textChanged.connect(self._check)
        self._seeds.valueChanged.connect(self._check)
        self._folder.textChanged.connect(self._check)

    # Judging it

    def _check(self) -> None:
        """Say beside each field what cannot be used, and how many runs there are."""
        checked = [each.check() for each in self.axes]  # each says what is wrong with it
        sound = all(checked)
        axes, problem = [each.axis for each in self.axes if each.axis is not None], ""
        told = ""
        if sound:
            try:
                count = asked.require_sound(axes, self.seeds, self._recipe)
                sizes = [str(len(axis.values)) for axis in axes]
                parts = [*sizes, counted(self.seeds, "seed")] if self.seeds > 1 else sizes
                told = (
                    f"{' x '.join(parts)}: {counted(count, 'run')}." if len(parts) > 1 else f"{counted(count, 'run')}."
                )
            except InputError as error:
                problem = told = str(error)
        self.count.setText(told)
        self.count.setAccessibleName(told)
        self.folder_refusal.say(place := self._folder_problem())
        self.start_button.setEnabled(sound and not problem and not place)
        self._grow()

    def showEvent(self, event: QShowEvent) -> None:
        """Have room for all that is said."""
        super().showEvent(event)
        self._grow()

    def _grow(self) -> None:
        """Be as high as the sentences need, which come and go."""
        layout = self.layout()
        if self.isVisible() and layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _folder_problem(self) -> str:
        """Return why a sweep cannot be left there, as far as a look at it tells."""
        if not self._folder.text().strip():
            return "Name a folder."
        try:
            folder = self.folder
            if is_sweep(folder):
                return "There is a sweep already: name another folder, or open that one and go on with it."
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                return "Something is there already: name a folder that is empty, or not there yet."
        except (OSError, ValueError, RuntimeError):
            return "This is no folder that can be used."
        return ""

    def _choose(self) -> None:
        folder = self._ask_folder()
        if folder:
            self._folder.setText(folder)

    def accept(self) -> None:
        """Start it, unless the folder cannot be written."""
        try:
            paths.require_writable(self.folder, option="Folder")
        except InputError as error:
            self.folder_refusal.say(str(error))
            self.start_button.setEnabled(False)
            self._grow()
            return
        super().accept()
        self.wanted.emit(asked.command(self._recipe, self.grid, self.seeds, self.folder), self.folder)
