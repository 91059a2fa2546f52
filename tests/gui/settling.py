"""Waiting until what is on screen has found its place: however slow the machine, and no longer than it takes."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from lwf_gui.gui.window import Window

LOOK_MS = 20
LOOKS = 3
"""Qt lays out in several goes: as many looks in a row have to see the same."""

PATIENCE_S = 20.0


def _places() -> list[tuple[int, QRect]]:
    """Return where every widget on screen lies."""
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    parts = [part for top in tops for part in (top, *top.findChildren(QWidget)) if part.isVisible()]
    return [(id(part), part.geometry()) for part in parts]


def _rearranged() -> bool:
    """Return whether a window still looks for the arrangement that fits it."""
    return any(isinstance(top, Window) and top.arrangement.waits for top in QApplication.topLevelWidgets())


def settle() -> None:
    """Let events pass until nothing on screen moves any more; a fixed wait is too short on a busy machine."""
    before, same, end = _places(), 0, time.monotonic() + PATIENCE_S
    while same < LOOKS:
        assert time.monotonic() < end, "what is on screen does not come to rest"
        QTest.qWait(LOOK_MS)
        now = _places()
        same = same + 1 if now == before and not _rearranged() else 0
        before = now
