"""What windows of earlier versions remembered, in a file of Qt's: read once, and left where it is."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from lwf_gui import untrusted

_TEXTS = {
    "theme": "theme",
    "folder": "folder",
    "geometry": "geometry",
    "layout/window": "layout.window",
    "layout/present": "layout.present",
}
"""Names of today, by those in Qt's file."""

_SWITCHES = ("every_task", "stretch", "slow_start")


def earlier_preferences() -> dict[str, Any]:
    """Return what is in ``window.ini``, by the keys of today; nothing where there is none that could be one."""
    where = (QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lwf-gui")
    folder = Path(QSettings(*where, "-").fileName()).parent  # asked of settings that there are none of
    try:
        if (folder / "window.ini").stat().st_size > untrusted.MAX_TEXT_BYTES:
            return {}
    except OSError:
        return {}
    store = QSettings(*where, "window")
    known = {key: store.value(key) for key in store.allKeys()}
    texts = {key: str(value) for key, value in known.items() if isinstance(value, str | int | float)}
    found: dict[str, Any] = {now: texts[key] for key, now in _TEXTS.items() if key in texts}
    found |= {key: texts[key] == "yes" for key in _SWITCHES if key in texts}
    if "toured" in known:
        found["toured"] = True
    with contextlib.suppress(KeyError, ValueError):  # it was never changed, or is none
        scale = float(texts["scale"])
        found |= {"scale": scale} if math.isfinite(scale) else {}
    return found
