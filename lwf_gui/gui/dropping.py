"""Run files, or a sweep's folder, dropped onto the window: a hint while they are dragged over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget

from lwf_gui import untrusted
from lwf_gui.documents import files
from lwf_gui.documents.folder import runs_in
from lwf_gui.gui import theme
from lwf_gui.sweeps.folder import is_sweep

ONE = "Drop it here to open this run."
SEVERAL = "Drop them here: the first is shown, and the others beside it: pinned, or of other seeds as bands."
SWEEP = "Drop it here to show this sweep."
NONE = f"Only run files ({files.SUFFIX}), and folders of them or of sweeps, can be dropped here."


class Drops(QObject):
    """Takes drops on a window.

    Parameters
    ----------
    open_files : opens one or more run files
    open_sweep : shows the sweep of a folder
    refuse : says why something that was dropped cannot be opened
    """

    def __init__(
        self,
        window: QWidget,
        open_files: Callable[[Sequence[Path]], object],
        open_sweep: Callable[[Path], object],
        refuse: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window, self._open, self._open_sweep, self._refuse = window, open_files, open_sweep, refuse
        self.hint = QLabel(window)
        self.hint.setObjectName("dropHint")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setAutoFillBackground(True)
        self.hint.setFrameShape(QLabel.Shape.Box)
        self.hint.setMargin(16)
        self.hint.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is dragged over the window; what names no file is no matter of ours."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent) and event.mimeData().hasUrls():  # enter is a move, too
            if isinstance(event, QDragEnterEvent):
                self._show(event.mimeData())
            event.acceptProposedAction()
            return True
        if event.type() is QEvent.Type.DragLeave:
            self.hint.hide()
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop and event.mimeData().hasUrls():
            self.hint.hide()
            event.acceptProposedAction()
            self._take(event.mimeData())
            return True
        return super().eventFilter(watched, event)

    def _show(self, data: QMimeData) -> None:
        runs, _ = told(data)
        self.hint.setText(SWEEP if sweep_of(data) else NONE if not runs else ONE if len(runs) == 1 else SEVERAL)
        self.hint.setFont(theme.font(1.3))
        width = min(self._window.width() // 2, 32 * self.hint.fontMetrics().height())
        self.hint.resize(width, self.hint.heightForWidth(width))
        place = self._window.rect().center() - self.hint.rect().center()
        self.hint.move(place)
        self.hint.show()
        self.hint.raise_()

    def _take(self, data: QMimeData) -> None:
        if folder := sweep_of(data):
            self._open_sweep(folder)
            return
        runs, others = told(data)
        if not runs:
            named = f": {untrusted.shortened(others[0])} is none" if others else ""
            self._refuse(f"{NONE.rstrip('.')}{named}.")
            return
        self._open(runs)


def sweep_of(data: QMimeData) -> Path | None:
    """Return the folder of a sweep that is dragged, alone; None where it is none."""
    names = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return Path(names[0]) if len(data.urls()) == len(names) == 1 and is_sweep(Path(names[0])) else None


def told(data: QMimeData) -> tuple[list[Path], list[str]]:
    """Return the run files that are dragged, and the names of what else is."""
    runs, others = list[Path](), list[str]()
    for url in data.urls():
        name = url.toLocalFile()
        if url.isLocalFile() and name.lower().endswith(files.SUFFIX):
            runs.append(Path(name))
        elif url.isLocalFile() and (found := runs_in(Path(name))):
            runs += found
        else:
            others.append(Path(name).name or url.toDisplayString())
    return runs, others
