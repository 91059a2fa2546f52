"""Numbered files of a folder: no clock decides which is the newest, for one may be set back.

Each has a name that no other process gives. Knows nothing of what is in them.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

_NAME = re.compile(r"(\d{6,9})-[0-9a-f]{8}")


def newest_first(folder: Path, suffix: str) -> list[Path]:
    """Return the numbered files of a folder with this ending; none where it cannot be listed."""
    try:
        found = [path for path in folder.iterdir() if _is_one(path, suffix)]
    except OSError:
        return []
    return sorted(found, key=lambda path: (_number(path), path.name), reverse=True)


def following(folder: Path, suffix: str) -> int:
    """Return the number of the next one."""
    return max(map(_number, newest_first(folder, suffix)), default=0) + 1


def named(folder: Path, number: int, suffix: str) -> Path:
    """Return a new name for a file of this number."""
    return folder / f"{number:06d}-{secrets.token_hex(4)}{suffix}"


def _is_one(path: Path, suffix: str) -> bool:
    name = path.name
    return name.endswith(suffix) and _NAME.fullmatch(name.removesuffix(suffix)) is not None and path.is_file()


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])
