"""Input validation: bounded reading of small text files, strict numbers, and names that can be shown as they are.

What a file or a command line holds was written by others: its size, depth and characters are checked before it is used.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

MAX_TEXT_BYTES = 1_000_000
"""The largest preset, lesson or settings file; those that ship with the program have less than 4,000 bytes."""

MAX_DEPTH = 16
"""Lists and tables within each other."""

MAX_WHOLE = 2**63 - 1
"""What TOML and JSON promise for whole numbers; more digits are no number that anything here could use."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line and paragraph separators, characters that turn the direction of writing, half characters."""

_CONTROL_IN_LINES = re.compile(f"(?![\\n\\t]){_CONTROL.pattern}")
"""The same without those that a text of several lines has."""

_HARMLESS = {float, bool, type(None)}
"""Types of which any value will do."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


class Unsound(ValueError):  # noqa: N818 - no sentence yet: where is missing
    """A clause that says what is wrong, to be completed with where."""


def printable(text: str) -> str:
    """Return a name or sentence with every character that is none replaced by \N{REPLACEMENT CHARACTER}."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def shortened(text: str, most: int = 80) -> str:
    """Return a text of at most so many characters, printable."""
    return printable(text if len(text) <= most else f"{text[: most - 3]}...")


def whole_number(text: str) -> int | None:
    """Return the whole number that a text of ASCII digits, with or without a sign, means; None of any other text."""
    return int(text) if _WHOLE.fullmatch(text) else None


def read_text(file: Path) -> str:
    """Return the content of a small UTF-8 file.

    Raises
    ------
    Unsound
        If it is too large or no text.
    OSError
        If it cannot be read.
    """
    if not file.is_file():  # a device or a pipe would never end
        raise Unsound("it is no file")
    with file.open("rb") as opened:
        content = opened.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        raise Unsound(f"it has more than {MAX_TEXT_BYTES:,} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unsound(f"line {line} is not UTF-8 text") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Return what TOML text holds.

    Raises
    ------
    tomllib.TOMLDecodeError
        If it is none.
    Unsound
        If it is nested too deep, or has numbers or characters that nothing here can use.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as error:
        raise Unsound(_TOO_DEEP) from error
    except ValueError as error:  # Python converts no more than 4,300 digits
        raise Unsound(_TOO_LARGE) from error
    check_tree(tree)
    return tree


def check_tree(tree: Any, *, lines: bool = True, longest: int = MAX_TEXT_BYTES) -> None:
    """Check all that a TOML or JSON text held; with ``lines`` a text may have several.

    Raises
    ------
    Unsound
        Naming the first thing that is not sound.
    """
    wrong = _CONTROL_IN_LINES if lines else _CONTROL
    waiting = [(0, tree)]  # without recursion, so that no depth ends it
    while waiting:
        depth, value = waiting.pop()
        if depth > MAX_DEPTH:
            raise Unsound(_TOO_DEEP)
        if isinstance(value, dict):
            waiting += [(depth, key) for key in value]
            waiting += [(depth + 1, inner) for inner in value.values() if type(inner) not in _HARMLESS]
        elif isinstance(value, list | tuple):
            waiting += [(depth + 1, inner) for inner in value if type(inner) not in _HARMLESS]
        elif isinstance(value, str):
            if len(value) > longest:
                raise Unsound(f"a text has more than {longest:,} characters: {shortened(value, 40)!r}")
            if wrong.search(value):
                raise Unsound(f"a text has characters that cannot be shown: {shortened(value, 40)!r}")
        elif isinstance(value, int) and abs(value) > MAX_WHOLE:
            raise Unsound(_TOO_LARGE)


_TOO_DEEP = f"it has lists or tables more than {MAX_DEPTH} deep"
_TOO_LARGE = "it has a whole number of more than 18 digits"
