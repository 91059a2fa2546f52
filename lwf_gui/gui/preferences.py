"""Remembered settings of the window: typed, checked as they are read, and at their defaults where they are unsound.

The only place that knows how they are stored. What is put back into Qt byte by byte carries a version and a checksum,
and a mark stands while that is done: a start that dies in it is followed by one that leaves it out.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from PySide6.QtCore import QSettings

from lwf_gui import crash, untrusted
from lwf_gui.display import THEMES, ThemeName
from lwf_gui.gui.layout.docks import Form

LEAST_SCALE, MOST_SCALE = 0.7, 2.0
"""Limits of the scale of all type."""

VERSION = 2
"""Of what is kept of a layout; version 1 were Qt's bytes alone."""

FORMER_NAMES = {"softened": "soft_targets", "tug": "gradient_conflict", "plane": "trade_off", "wall": "image_grid"}
"""The docks' names of now, by those that they once had, in layouts that people have kept."""

MOST_PIXELS = 100_000
"""No side of a window is longer."""

Mode = Literal["window", "present"]
MODES: tuple[Mode, ...] = ("window", "present")
"""Each has a layout of its own."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stood in a window.

    Attributes
    ----------
    state : what Qt gives and takes
    size : width and height of the window, in pixels
    docks : width and height of every dock on the screen, by name
    form : how the window had laid itself out; "own" if the user has done so
    """

    state: bytes
    size: tuple[int, int]
    docks: Mapping[str, tuple[int, int]]
    form: Form | Literal["own"] = "own"


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
    def folder(self) -> str:
        """The folder in which a file was opened or saved last; empty if none was."""
        return self._text("folder")

    def keep_folder(self, folder: str) -> None:
        """Remember the folder in which a file was opened or saved."""
        self._settings.setValue("folder", folder)

    def layout(self, mode: Mode) -> Layout | None:
        """Return the docks' layout in a mode; None if there is none, or it is damaged or of another version."""
        return _layout(_opened(self._text(f"layout/{mode}")))

    def keep_layout(self, mode: Mode, layout: Layout) -> None:
        """Remember the docks' layout in a mode."""
        self._keep(f"layout/{mode}", {**asdict(layout), "state": _written(layout.state)})

    @property
    def geometry(self) -> bytes | None:
        """Place, size and state of the window, as Qt gives and takes them."""
        return _read(_opened(self._text("geometry")).get("state"))

    @geometry.setter
    def geometry(self, state: bytes) -> None:
        self._keep("geometry", {"state": _written(state)})

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

    def _keep(self, key: str, content: Mapping[str, Any]) -> None:
        text = json.dumps({"version": VERSION, **content})
        self._settings.setValue(key, _written(f"{zlib.crc32(text.encode()):08x} {text}".encode()))


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


def _opened(kept: str) -> dict[str, Any]:
    """Return what `_keep` was given; nothing if a single bit of it has changed."""
    checksum, _, text = (_read(kept) or b"").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(text):
            return {}
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) and content.get("version") == VERSION else {}


def _layout(content: Mapping[str, Any]) -> Layout | None:
    state, size, docks = _read(content.get("state")), _size(content.get("size")), content.get("docks")
    if state is None or size is None or not isinstance(docks, dict):
        return None
    sizes = {FORMER_NAMES.get(name) or str(name): _size(sides) for name, sides in docks.items()}
    form: Form | Literal["own"] = next((form for form in get_args(Form) if form == content.get("form")), "own")
    return Layout(_renamed(state), size, {name: sides for name, sides in sizes.items() if sides is not None}, form)


def _renamed(state: bytes) -> bytes:
    """Return Qt's bytes of a layout with the docks' present names."""
    for former, name in FORMER_NAMES.items():
        state = state.replace(_streamed(former), _streamed(name))
    return state


def _streamed(name: str) -> bytes:
    """Return a name as Qt writes texts: the number of bytes in four of them, then UTF-16."""
    text = name.encode("utf-16-be")
    return len(text).to_bytes(4, "big") + text


def _size(sides: object) -> tuple[int, int] | None:
    """Return two numbers of pixels, if these are two."""
    match sides:
        case [int(width), int(height)] if 0 < width < MOST_PIXELS and 0 < height < MOST_PIXELS:
            return width, height
    return None


def _written(state: bytes) -> str:
    return base64.b64encode(state).decode("ascii")


def _read(text: object) -> bytes | None:
    """Return the bytes that `_written` was given."""
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) and text else None
    except (binascii.Error, ValueError):
        return None
