"""File dialogs: where runs and pictures are saved, and opened from again.

A name gets its ending appended, never in place of what stands after a dot; a file that the dialog itself has not asked
about is not overwritten unasked. Dialogs begin in the folder that was used last, also in an earlier session.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QFileInfo, Qt
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QFileIconProvider, QMessageBox, QWidget

from lwf_gui import untrusted


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that ends so: ``alpha0.5`` becomes ``alpha0.5.lwfrun``."""
    return path if path.name.lower().endswith(ending) else path.with_name(path.name + ending)


def found(path: Path, ending: str) -> Path:
    """Return the file that a name means: one with the ending where there is none without it."""
    whole = with_ending(path, ending)
    return whole if not path.exists() and whole.exists() else path


class Icons(QFileIconProvider):
    """Icons and kinds of files by what they are in a folder's list: no file is opened for them.

    Qt's own looks into every file that is listed, to tell its kind. In ``/proc`` there are some that never answer, and
    the window would wait for them for good.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder, self._file = self.icon(self.IconType.Folder), self.icon(self.IconType.File)

    def icon(self, of: QFileInfo | QAbstractFileIconProvider.IconType) -> QIcon:
        """Return the picture of a folder or of a file."""
        if isinstance(of, QFileInfo):
            return self._folder if of.isDir() else self._file
        return super().icon(of)

    def type(self, info: QFileInfo) -> str:
        """Return what a file is called in the list of kinds: by its ending."""
        if info.isDir():
            return "Folder"
        return f"{info.suffix()} file".strip().capitalize() if info.isFile() else "System file"


def agrees(
    window: QWidget,
    title: str,
    question: str,
    answer: QMessageBox.StandardButton = QMessageBox.StandardButton.Yes,
) -> bool:
    """Ask whether something that cannot simply be taken back shall be done; Cancel and Esc are no."""
    return QMessageBox.question(window, title, question, answer | QMessageBox.StandardButton.Cancel) is answer


def cancel_or(dialog: QDialog, does: str) -> QDialogButtonBox:
    """Return the buttons of a question: Cancel, and the one that does it, which Enter presses, too."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.addButton(does, QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons


def agrees_to_save(window: QWidget, title: str, question: str) -> bool | None:
    """Ask whether something shall be saved before it goes: True, False, or None to stay."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    leave = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(save)
    box.exec()
    chosen = box.clickedButton()
    answer = True if chosen is save else False if chosen is leave else None
    box.deleteLater()
    return answer


def ask_name(parent: QWidget, title: str, folder: str, kinds: str) -> str:
    """Ask for the name of a file, there or not: Qt's own question for one to open refuses what lacks its ending."""
    dialog = _dialog(parent, title, folder)
    dialog.setNameFilter(kinds)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    return _answer(dialog)


def ask_target(parent: QWidget, title: str, begin: str, kinds: str) -> str:
    """Ask for the name of a file to write, beginning with a suggestion; about one that is there the dialog asks."""
    dialog = _dialog(parent, title, str(Path(begin).parent) if Path(begin).is_absolute() else "")
    dialog.setNameFilter(kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(Path(begin).name)
    return _answer(dialog)


def ask_folder(parent: QWidget, title: str) -> str:
    """Ask for a folder."""
    dialog = _dialog(parent, title, "")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _answer(dialog)


def _dialog(parent: QWidget, title: str, folder: str) -> QFileDialog:
    """Return a dialog in a folder, the current one if it is empty; it has our icons before it lists those files."""
    dialog = QFileDialog(parent, title, QDir.rootPath())
    icons = Icons()
    dialog.setIconProvider(icons)
    dialog.destroyed.connect(lambda: icons)  # Qt does not keep them: they live as long as the dialog
    dialog.setDirectory(folder or QDir.currentPath())
    return dialog


def _answer(dialog: QFileDialog) -> str:
    """Return what is chosen in a dialog; empty if the user cancels."""
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return chosen[0] if chosen else ""


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
        self._unwritten: dict[str, str] = {}
        """Names that were chosen and not written, by what was asked for: they are suggested again."""

    def ask_open(self, title: str, ending: str, kinds: str) -> Path | None:
        """Ask for a file to open, whose name may be typed without its ending; None if the user cancels."""
        name = ask_name(self._parent, title, self._start(), f"{kinds} (*{ending})")
        return self._used(found(Path(name), ending)) if name else None

    def ask_save(self, title: str, suggestion: str, ending: str | tuple[str, ...], kinds: str) -> Path | None:
        """Ask for a file to write, whose name will end so, in one of several ways; None if the user cancels.

        A name without any of these endings gets the first one.
        """
        endings = (ending,) if isinstance(ending, str) else ending
        start, name = self._start(), self._unwritten.get(title, suggestion)
        begin = str(Path(start) / name) if start else name
        while True:
            name = ask_target(self._parent, title, begin, f"{kinds} ({' '.join(f'*{each}' for each in endings)})")
            if not name:
                return None
            path = Path(name) if name.lower().endswith(endings) else with_ending(Path(name), endings[0])
            if path == Path(name) or not path.exists() or self._may_replace(path):  # else the dialog has asked
                self._unwritten[title] = path.name
                return path
            begin = str(path)

    def written(self, path: Path) -> None:
        """Take note that a file was written: dialogs begin in its folder from now on."""
        self._unwritten = {title: name for title, name in self._unwritten.items() if name != path.name}
        self._used(path)

    def ask_folder(self, title: str) -> str:
        """Ask for a folder to use; empty if the user cancels."""
        return ask_folder(self._parent, title)

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
