"""Run files that were opened or saved last: remembered in the user's settings, and offered in the File menu."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from lwf_gui import settings_file, untrusted
from lwf_gui.gui.explaining import Explains
from lwf_gui.gui.panels.text import tooltip

KEY = "recent_runs"
"""What they are called in the settings; no key of the window's, for a window put back as at first still knows them."""

MOST = 10

LONGEST = 4096
"""Characters of a path that may be one."""

HELP = "Open a run file that was opened or saved last; those that are gone are left out."

_log = logging.getLogger(__name__)


class Recent:
    """The files, the newest first; ``file`` is that of the user's settings."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def paths(self) -> list[Path]:
        """Return those that are there; the others are forgotten."""
        told = self._told()
        there = [path for path in told if os.path.isfile(path)]
        if there != told:
            self._keep(there)
        return [Path(path) for path in there]

    def add(self, path: Path) -> None:
        """Remember a file as the newest."""
        name = str(path.absolute())
        if len(name) <= LONGEST and untrusted.printable(name) == name:
            self._keep([name, *(each for each in self._told() if each != name)][:MOST])

    def forget_all(self) -> None:
        """Remember none any more."""
        self._keep([])

    def _told(self) -> list[str]:
        try:
            told: Any = settings_file.read(self._file).values.get(KEY)
        except OSError:
            return []
        listed = told if isinstance(told, list) else []
        return [each for each in listed if isinstance(each, str) and _is_sound(each)][:MOST]

    def _keep(self, names: list[str]) -> None:
        try:
            settings_file.change(self._file, {KEY: names or None})
        except OSError as error:  # the window says once that nothing is remembered
            _log.info("Recent files were not remembered: %s", error)


class RecentMenu:
    """A menu within the File menu, filled whenever that is opened: no disk is asked at the start."""

    def __init__(self, menu: QMenu, before: QAction, recent: Recent, open_file: Callable[[Path], object]) -> None:
        self._recent, self._open = recent, open_file
        self.menu = QMenu("Open &recent", menu)
        self.menu.setToolTipsVisible(True)
        self.menu.menuAction().setToolTip(tooltip(HELP))
        Explains(self.menu)
        menu.insertMenu(before, self.menu)
        menu.aboutToShow.connect(self.fill)  # an empty one could not be opened

    def fill(self) -> None:
        """List the files by their names, and those of one name with their folders."""
        self.menu.clear()
        paths = self._recent.paths()
        names = [path.name for path in paths]
        for path in paths:
            name = path.name if names.count(path.name) == 1 else f"{path.name} ({path.parent.name})"
            action = self.menu.addAction(name.replace("&", "&&"), partial(self._open, path))
            action.setToolTip(tooltip(f"Open {path}."))
        if paths:
            self.menu.addSeparator()
            self.menu.addAction("Forget these", self._recent.forget_all).setToolTip(
                tooltip("Forget which files were opened last; the files stay.")
            )
        else:
            self.menu.addAction("No file yet").setEnabled(False)


def _is_sound(name: str) -> bool:
    return 0 < len(name) <= LONGEST and untrusted.printable(name) == name and Path(name).is_absolute()
