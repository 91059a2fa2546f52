"""Line numbers of the keys of a TOML file, for sentences about its faults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

MOST_LINES = 100
"""Lines that one value of a file may take; where it takes more, the line of a fault is named less exactly."""


def line_of(text: str, path: str) -> int:
    """Return the line, counted from 1, of a key in valid TOML such as "step.2.question.answer", or of what holds it.

    Tables of an array are numbered from 0, and dotted keys and quoted ones are the same.
    """
    places = dict(_places(text))
    while path and path not in places:
        path = path.rpartition(".")[0]
    return places.get(path, 1)


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Yield (path, line) of every table and key of valid TOML."""
    counts: dict[str, int] = {}
    lines = text.split("\n")
    table, number = "", 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if header := re.match(r"\s*(\[\[?)([^\]]+)\]", line):
            table, names = "", _plain(header[2]).split(".")
            for depth, name in enumerate(names, start=1):
                table = f"{table}.{name}".lstrip(".")
                if header[1] == "[[" and depth == len(names):
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table = f"{table}.{counts[table]}"
            yield table, number
        elif key := re.match(r"\s*([^#=]+?)\s*=", line):
            yield f"{table}.{_plain(key[1])}".lstrip("."), number
            value = line[key.end() :]
            last = min(number + MOST_LINES, len(lines))
            while number < last and not _is_whole(value):  # a list or a text of several lines
                value += "\n" + lines[number]
                number += 1


def _plain(key: str) -> str:
    return re.sub(r"[\s\"']", "", key)


def _is_whole(value: str) -> bool:
    try:
        tomllib.loads(f"value ={value}")
    except tomllib.TOMLDecodeError:
        return False
    return True
