"""Folders that are written whole or not at all: filled beside their place, then renamed into it.

Knows nothing of what is written.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from lwf_gui import InputError, untrusted
from lwf_gui.atomic import make_folder


def write_folder(target: Path, fill: Callable[[Path], object], ours: Callable[[Path], bool]) -> None:
    """Let ``fill`` fill a new folder, then put it in the place of ``target``, of which ``ours`` says if it may go.

    One that is empty, or that an earlier export left, is replaced; any other stays as it is.

    Raises
    ------
    InputError
        If there is a folder or file that is not ours.
    OSError
        If the folder cannot be written; what was there stays.
    """
    target = Path(os.path.realpath(target))
    _require_place(target, ours)
    make_folder(target.parent)
    name = f".{target.name[:100]}-{secrets.token_hex(4)}"
    part, before = (target.with_name(f"{name}.{kind}") for kind in ("part", "before"))
    part.mkdir()
    try:
        fill(part)
        if target.exists():
            target.rename(before)
        try:
            part.rename(target)
        except OSError:
            if before.exists():
                before.rename(target)
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if target.exists():
            shutil.rmtree(before, ignore_errors=True)


def _require_place(target: Path, ours: Callable[[Path], bool]) -> None:
    where = untrusted.printable(str(target))
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{where} is a file: name a folder that is new or empty.")
    if next(target.iterdir(), None) is not None and not ours(target):
        raise InputError(f"{where} holds other files: name a folder that is new or empty.")
