"""The box in which data are chosen: those known by name, a folder of one's own, and the way to forget it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.recipe import DATA_SETS

NAMES = {
    "auto": "Fashion-MNIST (auto)",
    "fashion-mnist": "Fashion-MNIST, full",
    "fashion-mnist-part": "Fashion-MNIST, part",
    "digits": "Digits",
}
"""What the box calls the data of `lwf_gui.recipe.DATA_SETS`; what these are, that table says."""

FOLDER = "Folder..."
LONGEST = 32
"""Characters of a path that are shown; the rest is under the mouse."""

LETTERS = 15
"""Letters that the closed box is wide at least: it must leave room for what stands beside it."""


class DataBox(QComboBox):
    """Says what was chosen; it shows what it is told."""

    chosen = Signal(str)
    """A name of `DATA_SETS`, or a folder."""
    folderWanted = Signal()  # noqa: N815 - Qt's naming
    """The user wants to choose a folder."""
    forgotten = Signal()
    """The remembered folder shall be remembered no longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LETTERS)
        self._shown: tuple[str, str, bool] | None = None
        self.activated.connect(self._activate)

    def show_choice(self, spec: str, remembered: str, *, forget: bool) -> None:
        """Show the data that are chosen and the folder that is remembered, if any, which may be forgotten or not."""
        if self._shown != (spec, remembered, forget):
            self._shown = (spec, remembered, forget)
            self._fill(spec, remembered, forget=forget)
        self.setCurrentIndex(self.findData(spec))
        name, about = self.currentText(), DATA_SETS.get(spec, spec)
        self.setToolTip(tooltip(f"Which images. Now: {name}: {about}" if name else "Which images."))

    def _fill(self, spec: str, remembered: str, *, forget: bool) -> None:
        self.clear()
        for name, label in NAMES.items():
            self._add(label, name, DATA_SETS[name])
        for folder in dict.fromkeys(filter(None, (remembered, "" if spec in DATA_SETS else spec))):
            self._add(folder_text(folder), folder, folder)
        self.insertSeparator(self.count())
        self._add(FOLDER, None, "Images of your own: a folder with IDX files.")
        if remembered and forget:
            self._add(f"Forget {Path(remembered).name}", "", f"Remember {remembered} no longer; it stays as it is.")
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width())

    def _add(self, label: str, data: str | None, about: str) -> None:
        self.addItem(label, data)
        self.setItemData(self.count() - 1, tooltip(about), Qt.ItemDataRole.ToolTipRole)

    def _activate(self, index: int) -> None:
        data = self.itemData(index)
        if self._shown is not None:  # what is asked may be refused, or not be answered
            self.setCurrentIndex(self.findData(self._shown[0]))
        match data:
            case None:
                self.folderWanted.emit()
            case "":
                self.forgotten.emit()
            case _:
                self.chosen.emit(data)


def folder_text(folder: str) -> str:
    """Return a folder's name and where it lies, such as "mine (/home/me)", in not too many letters."""
    path = Path(folder)
    where = str(path.parent)
    if len(where) > LONGEST:
        where = f"...{where[3 - LONGEST :]}"
    return f"{path.name or folder} ({where})"
