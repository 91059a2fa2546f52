"""The user's settings as one JSON file: read with every value checked, changed key by key, set aside where damaged.

Two windows may change it at once: each change is made of the file as it is then, behind a lock, and leaves the keys of
others as they are, those of later versions too. Knows nothing of what the keys mean.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lwf_gui import untrusted
from lwf_gui.atomic import make_folder, write_atomically

if sys.platform != "win32":
    import fcntl

VERSION = 1
"""Of the file; one without a version has the folder of images alone, and is read as it is."""

PATIENCE = 0.5
"""Seconds that a change waits for that of another window; then it is made all the same."""

MOST_ASIDE = 99
"""Damaged files that are kept; a later one takes the place of the last."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file holds.

    Attributes
    ----------
    values : by key, those alone that are sound
    damage : a clause that says why the file cannot be read; empty where it can, or there is none
    aside : name of the file that was damaged and has been set aside; empty where none was
    """

    values: Values
    damage: str = ""
    aside: str = ""


def read(file: Path) -> Settings:
    """Return what is in the file; nothing where there is none, and nothing with the damage where it is no settings.

    Raises
    ------
    OSError
        If there is one and it cannot be read.
    """
    try:
        tree = json.loads(untrusted.read_text(file), parse_constant=_no_number)
    except untrusted.Unsound as error:
        return Settings({}, "" if not file.exists() else str(error))
    except json.JSONDecodeError as error:
        return Settings({}, f"line {error.lineno} is no JSON")
    except (ValueError, RecursionError):
        return Settings({}, "it holds what nothing here could use")
    if not isinstance(tree, dict):
        return Settings({}, "it holds no settings")
    return Settings({key: value for key, value in tree.items() if _is_sound(value)})


def mend(file: Path) -> Settings:
    """Return what is in the file, which is set aside under another name if it is damaged.

    Raises
    ------
    OSError
        If it cannot be read, or not be renamed.
    """
    found = read(file)
    if not found.damage:
        return found
    with _alone(file):
        return _mended(file)


def change(file: Path, changes: Mapping[str, Any]) -> Settings:
    """Give keys other values, or with None none; all other keys stay as they are on the disk.

    Raises
    ------
    OSError
        If the file cannot be read or written; it stays as it was.
    """
    make_folder(file.parent)
    with _alone(file):
        found = _mended(file)
        values = {key: value for key, value in {**found.values, **changes}.items() if value is not None}
        values["version"] = max(_version(values), VERSION)
        text = json.dumps(values, indent=1, allow_nan=False) + "\n"
        if len(text) > untrusted.MAX_TEXT_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
        write_atomically(file, lambda part: part.write_text(text, "ascii"))
    return Settings(values, aside=found.aside)


def text_of(values: Mapping[str, Any], key: str) -> str:
    """Return a text; empty where there is none."""
    value = values.get(key)
    return value if isinstance(value, str) else ""


def number_of(values: Mapping[str, Any], key: str) -> float | None:
    """Return a number; None where there is none."""
    value = values.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def switch_of(values: Mapping[str, Any], key: str, default: bool) -> bool:
    """Return what is on or off."""
    value = values.get(key)
    return value if isinstance(value, bool) else default


def _mended(file: Path) -> Settings:
    found = read(file)
    if not found.damage:
        return found
    names = (file.with_name(f"{file.name}.damaged-{number}") for number in range(1, MOST_ASIDE + 1))
    aside = next((name for name in names if not os.path.lexists(name)), None)
    aside = aside or file.with_name(f"{file.name}.damaged-{MOST_ASIDE}")
    file.replace(aside)
    return Settings({}, found.damage, str(aside))


def _version(values: Mapping[str, Any]) -> int:
    value = values.get("version")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _is_sound(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, float):
        return math.isfinite(value)
    try:
        untrusted.check_tree([value])
    except untrusted.Unsound:
        return False
    return True


def _no_number(name: str) -> float:
    raise ValueError(name)


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Let no other process change the file meanwhile, as far as the system can; a stuck one is waited for in vain."""
    if sys.platform == "win32":
        yield
        return
    try:
        handle = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # then the file cannot be written either, and that is what will be told
        yield
        return
    try:
        _wait_for(handle)
        yield
    finally:
        os.close(handle)  # which unlocks it


def _wait_for(handle: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > end:
                return
            time.sleep(0.005)
        else:
            return
