"""The question before a run is repeated: with how many more seeds, and what that takes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from lwf_gui.gui.widgets.dialogs import cancel_or
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.gui.widgets.status import duration
from lwf_gui.numbers import counted

MORE = 9
"""Seeds that are offered: with the run's own they are ten."""

MOST = 99

WIDTH = 460

ABOUT = (
    "One run may be luck: another seed draws other first weights, another order of images and other probe images. The "
    "same run is trained again with more seeds, each with its own old network, one after another, with whatever "
    "processor time is left over. From three seeds on bands show where the middle 95 % of them lie, and a sentence "
    "says whether the difference is more than luck."
)


class RepeatDialog(QDialog):
    """Asks for a number of seeds.

    Parameters
    ----------
    seconds : what one run took; 0 where that is not known
    there : runs with other seeds that there are already
    """

    def __init__(self, parent: QWidget, seconds: float, there: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("Repeat with more seeds")
        self.setMinimumWidth(WIDTH)
        self._seconds, self._there = seconds, there
        about, self._cost, self.count = QLabel(ABOUT), QLabel(), QSpinBox()
        for label in (about, self._cost):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._cost.setProperty("muted", True)
        self.count.setRange(1, MOST)
        self.count.setValue(MORE)
        self.count.setAccessibleName("More seeds")
        self.count.setAccessibleDescription(f"How many more runs, each with a seed of its own: 1 to {MOST}.")
        apply_input_rules(self.count)
        form, layout = QFormLayout(), QVBoxLayout(self)
        form.addRow("&More seeds", self.count)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self._cost)
        layout.addWidget(cancel_or(self, "Repeat"))
        self.count.valueChanged.connect(self._say_cost)
        self._say_cost()

    def _say_cost(self) -> None:
        """Say how many there will be, and about how long it takes."""
        more = self.count.value()
        total = f"{counted(more + self._there + 1, 'seed')} in all, with the one that is shown."
        took = f" About {duration(more * self._seconds)} while nothing else trains." if self._seconds else ""
        self._cost.setText(f"{total}{took} The status line says how far it is, and stops it.")


def ask_more_seeds(parent: QWidget, seconds: float, there: int) -> int:
    """Ask with how many more seeds; 0 if the user cancels."""
    dialog = RepeatDialog(parent, seconds, there)
    count = dialog.count.value() if dialog.exec() else 0
    dialog.deleteLater()
    return count
