"""Which folder is a sweep's: asked at once, and without what reading one needs."""

from __future__ import annotations

import os
from pathlib import Path

PLAN = "sweep.json"
"""The file with its plan."""


def is_sweep(folder: Path) -> bool:
    """Return whether a folder holds the plan of a sweep."""
    try:
        return os.path.isfile(folder / PLAN)
    except (OSError, ValueError):
        return False


def free(folder: Path) -> Path:
    """Return the first folder ``sweep-1``, ``sweep-2``, ... in another one that is not there."""
    number = 1
    while (found := folder / f"sweep-{number}").exists():
        number += 1
    return found
