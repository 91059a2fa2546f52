"""Which folder is a sweep's: asked at once, and without what reading one needs."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from lwf_gui import paths

PLAN, RUNS = "sweep.json", "runs"
"""The file with its plan, and the folder in it with the documents of its runs."""


def is_sweep(folder: Path) -> bool:
    """Return whether a folder holds the plan of a sweep."""
    try:
        return os.path.isfile(folder / PLAN)
    except (OSError, ValueError):
        return False


def free(folder: Path) -> Path:
    """Return the first folder ``sweep-1``, ``sweep-2``, ... in another one that is not there."""
    return paths.first_free(folder / f"sweep-{number}" for number in itertools.count(1))
