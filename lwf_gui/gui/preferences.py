"""Remembered settings of the window: typed, checked as they are read, and at their defaults where they are unsound.

The only place that knows how they are stored. What is put back into Qt byte by byte carries a version and a checksum,
and a mark stands while that is done: a start that dies in it is followed by one that leaves it out.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSettings

from lwf_gui import crash, untrusted
from lwf_gui.display import THEMES, ThemeName
from lwf_gui.gui.layout.kept import VERSION, Layout, geometry_from, geometry_text, layout_from, layout_text

LEAST_SCALE, MOST_SCALE = 0.7, 2.0
"""Limits of the scale of all type."""

Mode = Literal["window", "present"]
MODES: tuple[Mode, ...] = ("window", "present")
"""Each has a layout of its own."""


class Preferences:
    """What one user's windows remember between starts."""

    def __init__(self, settings: QSettings, put_aside: str = "") -> None:
        self._settings = settings
        self.put_aside = put_aside
        """The name of the file of settings that was too large to be one and was put aside; empty if there was none."""
        self.died_restoring = self._died_restoring()
        """Whether the program ended while it put a remembered layout back, which then has been forgotten."""

    @classmethod
    def of_the_user(cls) -> Preferences:
        """Return those of the user who is logged in."""
        where = (QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lwf-gui")
        folder = Path(QSettings(*where, "-").fileName()).parent  # asked of settings that there are none of
        aside = _put_aside(folder / "window.ini")
        return cls(QSettings(*where, "window"), aside)

    @property
    def scale(self) -> float:
        """How much bigger than the desktop's all type is."""
        try:
            scale = float(self._text("scale"))
        except ValueError:
            return 1.0
        return min(MOST_SCALE, max(LEAST_SCALE, scale)) if math.isfinite(scale) else 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._settings.setValue("scale", scale)

    @property
    def theme(self) -> ThemeName:
        """The name of the theme."""
        chosen = self._text("theme")
        return next((name for name in THEMES if name == chosen), THEMES[0])

    @theme.setter
    def theme(self, name: ThemeName) -> None:
        self._settings.setValue("theme", name)

    @property
    def toured(self) -> bool:
        """Whether the tour was shown."""
        return self._settings.contains("toured")

    @toured.setter
    def toured(self, toured: bool) -> None:
        self._settings.setValue("toured", toured)

    @property
    def every_task(self) -> bool:
        """Whether every task's own curve is shown."""
        return self._text("every_task") == "yes"

    @every_task.setter
    def every_task(self, shown: bool) -> None:
        self._settings.setValue("every_task", "yes" if shown else "no")

    @property
    def stretch(self) -> bool:
        """Whether the first steps of a task have more room than others in the plots."""
        return self._text("stretch") != "no"

    @stretch.setter
    def stretch(self, stretched: bool) -> None:
        self._settings.setValue("stretch", "yes" if stretched else "no")

    @property
    def slow_start(self) -> bool:
        """Whether the first steps of a task are trained slowly, where training runs at full speed."""
        return self._text("slow_start") != "no"

    @slow_start.setter
    def slow_start(self, slow: bool) -> None:
        self._settings.setValue("slow_start", "yes" if slow else "no")

    @property
    def folder(self) -> str:
        """The folder in which a file was opened or saved last; empty if none was."""
        return self._text("folder")

    def keep_folder(self, folder: str) -> None:
        """Remember the folder in which a file was opened or saved."""
        self._settings.setValue("folder", folder)

    def layout(self, mode: Mode) -> Layout | None:
        """Return the docks' layout in a mode; None if there is none, or it is damaged or of another version."""
        return layout_from(self._text(f"layout/{mode}"))

    def keep_layout(self, mode: Mode, layout: Layout) -> None:
        """Remember the docks' layout in a mode."""
        self._settings.setValue(f"layout/{mode}", layout_text(layout))

    @property
    def geometry(self) -> bytes | None:
        """Place, size and state of the window, as Qt gives and takes them."""
        return geometry_from(self._text("geometry"))

    @geometry.setter
    def geometry(self, state: bytes) -> None:
        self._settings.setValue("geometry", geometry_text(state))

    @contextmanager
    def restoring(self, what: str) -> Iterator[None]:
        """Mark for the next start, while it lasts, that ``what`` is being put back."""
        self._settings.setValue("restoring", f"{os.getpid()} {what}")
        self._settings.sync()
        yield
        self._settings.remove("restoring")
        self._settings.sync()

    def reset(self) -> None:
        """Forget all: the next window is as the first one was.

        Raises
        ------
        OSError
            If they cannot be written.
        """
        self._settings.clear()
        self._settings.setValue("version", VERSION)  # so that there is something to write
        self._settings.sync()
        if self._settings.status() is not QSettings.Status.NoError:
            raise OSError(f"{self._settings.fileName()} cannot be written")

    def _died_restoring(self) -> bool:
        """Forget what an earlier start died of; return whether there was anything."""
        owner, _, what = self._text("restoring").partition(" ")
        if not what or crash.is_running(owner):  # another window, which is at it just now
            return False
        for key in ("geometry", *(f"layout/{mode}" for mode in MODES)):
            if key == what:
                self._settings.remove(key)
        self._settings.remove("restoring")
        self._settings.sync()
        return True

    def _text(self, key: str) -> str:
        """Return what is stored as text: a number is one until it has been to the disk and back."""
        value = self._settings.value(key)
        return str(value) if isinstance(value, str | float | int) else ""


def _put_aside(file: Path) -> str:
    """Rename a file of settings that is too large to be one, and that Qt would keep whole; return its new name."""
    try:
        if file.stat().st_size <= untrusted.MAX_TEXT_BYTES:
            return ""
        aside = file.with_name(f"{file.name}.too-large")
        file.replace(aside)
    except OSError:  # there is none, or it cannot be moved: then it is read as it is
        return ""
    return str(aside)
