"""Whether a window can be shown here, and which colours it may have: what the command line knows of it without Qt.

Asks the machine, not Qt: Qt ends the process where it cannot.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import socket
import sys
from pathlib import Path
from typing import Literal, get_args

ThemeName = Literal["system", "light", "dark", "contrast"]
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
"""Names of the themes in their order; ``lwf_gui.gui.theme`` has the colours."""

DEBIAN_PACKAGES = (
    "fonts-dejavu-core libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
)
"""Debian's packages with a font and the libraries that Qt's wheels expect; the README names the same."""

X_TIMEOUT = 2.0
"""Seconds that a display may take to answer."""


def problem() -> str:
    """Return why no window can be shown, as a clause, or "" if one can.

    ``QT_QPA_PLATFORM``, when set, is obeyed and counts as a display.
    """
    if not os.environ.get("QT_QPA_PLATFORM") and sys.platform.startswith("linux"):
        display = os.environ.get("DISPLAY", "")
        if not os.environ.get("WAYLAND_DISPLAY"):
            if not display:
                return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
            if not _answers(display):
                return f"the display {display} does not answer"
            missing = _missing_library("plugins/platforms/libqxcb.so")
            if missing:
                return missing
    return _missing_library("")


def _answers(display: str) -> bool:
    """Return whether an X server listens where DISPLAY says."""
    match = re.fullmatch(r"(?P<host>[^:]*):(?P<number>[0-9]{1,5})(\.[0-9]+)?", display)
    if match is None:
        return False
    host, number = match["host"], int(match["number"])
    family, addresses = socket.AF_INET, [(host, 6000 + number)]
    if host in ("", "unix"):
        family = socket.AF_UNIX
        path = f"/tmp/.X11-unix/X{number}"
        addresses = [path, f"\0{path}"]  # type: ignore[list-item]
    for address in addresses:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as connection:
                connection.settimeout(X_TIMEOUT)
                connection.connect(address)
                return True
        except (OSError, OverflowError):  # no display has a number as large as that
            continue
    return False


def _missing_library(plugin: str) -> str:
    """Return a clause that names the system library that Qt, or one of its plugins, misses; "" if none."""
    try:
        if plugin:
            spec = importlib.util.find_spec("PySide6")
            library = Path(spec.origin).parent / "Qt" / plugin if spec and spec.origin else None
            if library is not None and library.is_file():
                ctypes.CDLL(str(library))
        else:
            import PySide6.QtWidgets  # noqa: F401 - whether it loads is the question
    except (ImportError, OSError) as error:
        return f"Qt cannot be loaded ({error}); on Debian, install {DEBIAN_PACKAGES}"
    return ""
