"""File dialogs: where runs and pictures are saved, and opened from again.

A name gets its ending appended, never in place of what stands after a dot; a file that the dialog itself has not asked
about is not overwritten unasked. Dialogs begin in the folder that was used last, also in an earlier session.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from lwf_gui import untrusted


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that ends so: ``alpha0.5`` becomes ``alpha0.5.lwfrun``."""
    return path if path.name.lower().endswith(ending) else path.with_name(path.name + ending)


def found(path: Path, ending: str) -> Path:
    """Return the file that a name means: one with the ending where there is none without it."""
    whole = with_ending(path, ending)
    return whole if not path.exists() and whole.exists() else path


def ask_name(parent: QWidget, title: str, folder: str, kinds: str) -> str:
    """Ask for the name of a file, there or not: Qt's own question for one to open refuses what lacks its ending."""
    dialog = QFileDialog(parent, title, folder, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    name = dialog.selectedFiles()[0] if dialog.exec() else ""
    dialog.deleteLater()
    return name


class FileDialogs:
    """Asks for files.

    Parameters
    ----------
    parent : the window that asks
    folder : where the first dialog begins; one that is not there any more is the same as none
    keep : is told each folder that is used, to be remembered
    """

    def __init__(self, parent: QWidget, folder: str, keep: Callable[[str], object]) -> None:
        self._parent, self._folder, self._keep = parent, folder, keep

    def ask_open(self, title: str, ending: str, kinds: str) -> Path | None:
        """Ask for a file to open, whose name may be typed without its ending; None if the user cancels."""
        name = ask_name(self._parent, title, self._start(), f"{kinds} (*{ending})")
        return self._used(found(Path(name), ending)) if name else None

    def ask_save(self, title: str, suggestion: str, ending: str, kinds: str) -> Path | None:
        """Ask for a file to write, whose name will end so; None if the user cancels."""
        start = self._start()
        begin = str(Path(start) / suggestion) if start else suggestion
        while True:
            name, _ = QFileDialog.getSaveFileName(self._parent, title, begin, f"{kinds} (*{ending})")
            if not name:
                return None
            path = with_ending(Path(name), ending)
            if path == Path(name) or not path.exists() or self._may_replace(path):  # else the dialog has asked
                return self._used(path)
            begin = str(path)

    def _may_replace(self, path: Path) -> bool:
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Replace the file?")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"{untrusted.printable(path.name)} is there already. Replace it?")
        replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(buttons.Cancel)
        box.setDefaultButton(buttons.Cancel)
        box.exec()
        chosen = box.clickedButton() is replace
        box.deleteLater()
        return chosen

    def _used(self, path: Path) -> Path:
        self._folder = str(path.absolute().parent)
        self._keep(self._folder)
        return path

    def _start(self) -> str:
        """Return the folder to begin in; empty where there is none, for the current one."""
        try:
            return self._folder if self._folder and Path(self._folder).is_dir() else ""
        except (OSError, ValueError):  # what was remembered is no path at all
            return ""
