"""How a sweep comes into the window: the question for its folder, its panel, its runs, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lwf_gui.gui.files import Files
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs

PANEL = "sweep"


class SweepOpening:
    """The window's parts that a sweep needs; ``bring`` brings a panel to the front."""

    def __init__(
        self, window: QWidget, dialogs: FileDialogs, files: Files, bring: Callable[[str], object], banner: Banner
    ) -> None:
        self.window, self._dialogs, self._files, self._bring, self._banner = window, dialogs, files, bring, banner

    def ask_folder(self) -> str:
        """Ask for the folder of a sweep; empty if the user cancels."""
        return self._dialogs.ask_folder("Open the folder of a sweep")

    def ask_place(self) -> str:
        """Ask for a folder in which a new sweep shall be; empty if the user cancels."""
        return self._dialogs.ask_folder("Choose a folder for the sweep")

    def bring(self) -> None:
        """Bring the panel to the front."""
        self._bring(PANEL)

    def open_runs(self, paths: Sequence[Path]) -> None:
        """Show a run, and others of its seeds as a band, as File > Open does."""
        self._files.open_all(paths)

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self._banner.say(sentence, error=True, cause=Cause.FILE)
