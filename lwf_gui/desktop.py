"""The program among a desktop's applications: menu entry, icon and the kind of run files, for one user, removable.

Files go where freedesktop.org says, below ``XDG_DATA_HOME``; what is there already is written anew. Sources: Desktop
Entry, Icon Theme and Shared MIME-info specifications.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lwf_gui import InputError, paths
from lwf_gui.reasons import reason

MIME = "application/x-lwf-lab-run"
PATIENCE = 20
"""Seconds that a desktop's own command may take."""

UPDATES = (
    ("update-mime-database", "mime"),
    ("update-desktop-database", "applications"),
)
"""Commands that let a desktop take notice, each with the folder that it is for; those that are not here are left
out."""

ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.0
Name=LwF Lab
Comment=See catastrophic forgetting and Learning without Forgetting, live and side by side
Exec={command} %F
Icon=lwf-gui
Terminal=false
Categories=Education;Science;ArtificialIntelligence;
MimeType={mime};
StartupWMClass=lwf-gui
"""

KIND = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{mime}">
    <comment>Run of LwF Lab</comment>
    <glob pattern="*.lwfrun"/>
    <icon name="lwf-gui"/>
  </mime-type>
</mime-info>
"""


def install() -> list[Path]:
    """Write entry, icon and kind of file; return the files.

    Raises
    ------
    InputError
        On another system than those with such desktops, or where they cannot be written.
    """
    _require_such_a_desktop()
    icon = (paths.resources() / "icons" / "lwf-gui.svg").read_text("utf-8")
    texts = (ENTRY.format(command=command(), mime=MIME), icon, KIND.format(mime=MIME))
    for path, text in zip(places(), texts, strict=True):
        try:
            paths.write_text_atomically(path, text)
        except OSError as error:
            raise InputError(f"{path} cannot be written ({reason(error)}).") from error
    _update()
    return list(places())


def remove() -> list[Path]:
    """Remove what `install` wrote; return the files that were there.

    Raises
    ------
    InputError
        On another system, or where one cannot be removed.
    """
    _require_such_a_desktop()
    there = [path for path in places() if os.path.lexists(path)]
    for path in there:
        try:
            path.unlink()
        except OSError as error:
            raise InputError(f"{path} cannot be removed ({reason(error)}).") from error
    if there:
        _update()
    return there


def places() -> tuple[Path, Path, Path]:
    """Return where entry, icon and kind of file go."""
    home = data_home()
    return (
        home / "applications" / "lwf-gui.desktop",
        home / "icons" / "hicolor" / "scalable" / "apps" / "lwf-gui.svg",
        home / "mime" / "packages" / "lwf-gui.xml",
    )


def data_home() -> Path:
    """Return the folder of the user's data; a path that is not absolute counts for none, as the specification says."""
    told = os.environ.get("XDG_DATA_HOME", "")
    return Path(told) if os.path.isabs(told) else Path.home() / ".local" / "share"


def command() -> str:
    """Return the command that opens the window, as a desktop entry writes it: found again from any folder."""
    beside = Path(sys.executable).with_name("lwf-gui")
    found = str(beside) if beside.is_file() else shutil.which("lwf-gui")
    words = [found] if found else [sys.executable, "-m", "lwf_gui"]
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """Return a word of an ``Exec`` line: quoted, and signs that mean something escaped, once for each rule."""
    for sign in '\\"`$':
        word = word.replace(sign, f"\\{sign}")
    quoted = f'"{word}"'.replace("\\", "\\\\")
    return quoted.replace("%", "%%")


def _require_such_a_desktop() -> None:
    if sys.platform in ("win32", "darwin"):
        raise InputError("Desktop entries are of Linux and BSD desktops: on this system start lwf-gui by its name.")


def _update() -> None:
    """Let the desktop take notice; one that cannot does so at its next start."""
    for name, folder in _updates():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run((name, str(folder)), capture_output=True, timeout=PATIENCE, check=False)


def _updates() -> Iterator[tuple[str, Path]]:
    for name, folder in UPDATES:
        found = shutil.which(name)
        where = data_home() / folder
        if found and where.is_dir():
            yield found, where
