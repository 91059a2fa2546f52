"""Where docks and window stood, as text: Qt takes it back byte by byte, so it carries a version and a checksum.

What is damaged, or of another version, is as if there were nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from lwf_gui.gui.layout.docks import Form

VERSION = 2
"""Of what is kept of a layout; version 1 were Qt's bytes alone."""

FORMER_NAMES = {"softened": "soft_targets", "tug": "gradient_conflict", "plane": "trade_off", "wall": "image_grid"}
"""The docks' names of now, by those that they once had, in layouts that people have kept."""

MOST_PIXELS = 100_000
"""No side of a window is longer."""


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


def layout_text(layout: Layout) -> str:
    """Return a layout as text."""
    return _sealed({**asdict(layout), "state": _written(layout.state)})


def layout_from(text: str) -> Layout | None:
    """Return the layout that `layout_text` was given; None if there is none, or it is damaged or of another version."""
    content = _opened(text)
    state, size, docks = _read(content.get("state")), _size(content.get("size")), content.get("docks")
    if state is None or size is None or not isinstance(docks, dict):
        return None
    sizes = {FORMER_NAMES.get(name) or str(name): _size(sides) for name, sides in docks.items()}
    form: Form | Literal["own"] = next((form for form in get_args(Form) if form == content.get("form")), "own")
    return Layout(_renamed(state), size, {name: sides for name, sides in sizes.items() if sides is not None}, form)


def geometry_text(state: bytes) -> str:
    """Return Qt's bytes of a window's geometry as text."""
    return _sealed({"state": _written(state)})


def geometry_from(text: str) -> bytes | None:
    """Return the bytes that `geometry_text` was given; None if there are none, or they are damaged."""
    return _read(_opened(text).get("state"))


def _sealed(content: Mapping[str, Any]) -> str:
    """Return what `_opened` takes: the content and its version, behind a checksum."""
    text = json.dumps({"version": VERSION, **content})
    return _written(f"{zlib.crc32(text.encode()):08x} {text}".encode())


def _opened(kept: str) -> dict[str, Any]:
    """Return what `_sealed` was given; nothing if a single bit of it has changed."""
    checksum, _, text = (_read(kept) or b"").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(text):
            return {}
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) and content.get("version") == VERSION else {}


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
