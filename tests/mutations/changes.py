"""Changes of bytes, of text and of trees of JSON, by a given chance: what disks, mails and people do to a file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any


def nested(depth: int) -> Any:
    """Return a list in a list, so deep."""
    tree: Any = 0
    for _ in range(depth):
        tree = [tree]
    return tree


ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 3, 7, 255, 256, 2**31, 2**53 + 1, 10**12, 2**70, 0.5, -0.5, 1e-30, 1e30, 1e308),
    *(float("nan"), float("inf"), float("-inf"), "", "lwf", "lwf+1@3", "base", "incremental", "x" * 400, "a\nb"),
    *("\x00", "\u202e", "<b>x</b>", "<img src=x onerror=alert(1)>", "%n%s", "../../etc/passwd", "\ud800", "字" * 90),
    *([], {}, [0], [[]], [[], []], {"row": 0}, {"row": 1}, {"row": -1}, {"a": {"b": [1, 2]}}, nested(30)),
    *(list(range(300)), ["x"] * 300, {str(n): n for n in range(300)}),
)
"""What stands in no sound file where it is put."""

WORDS = (
    *("nan", "inf", "-inf", "-1", "0", "9" * 400, "1e999", "1e-999", "true", "[]", "{}", '""', "''", '"""', "\x00"),
    *("[" * 400, "{a=" * 100, "\\u0000", "\ufeff", "\u202e", "é", "0x", "1979-05-27T07:32:00Z", "[[step]]", "[a.b]"),
    *("<script>", "lwf:", "+", "@", "=", "#", "\n", "\r\n", "%00", "/", ",", "99999999", "format = 99", "seed = -1"),
)
"""What stands in no sound text where it is put."""


def of_bytes(chance: Random, content: bytes) -> bytes:
    """Return content with one to four changes: flipped bits, other bytes, a cut, slices doubled, removed or moved."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        chance.choice(BYTE_CHANGES)(chance, made)
    return bytes(made)


def _flip(chance: Random, content: bytearray) -> None:
    if content:
        content[_place(chance, content)] ^= 1 << chance.randrange(8)


def _other(chance: Random, content: bytearray) -> None:
    if content:
        content[_place(chance, content)] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))


def _cut(chance: Random, content: bytearray) -> None:
    del content[chance.randint(0, len(content)) :]


def _remove(chance: Random, content: bytearray) -> None:
    begin, end = _slice(chance, content)
    del content[begin:end]


def _double(chance: Random, content: bytearray) -> None:
    begin, end = _slice(chance, content)
    content[end:end] = content[begin:end] * chance.choice((1, 1, 3))


def _move(chance: Random, content: bytearray) -> None:
    begin, end = _slice(chance, content)
    part = content[begin:end]
    del content[begin:end]
    place = chance.randint(0, len(content))
    content[place:place] = part


def _fill(chance: Random, content: bytearray) -> None:
    begin, end = _slice(chance, content)
    content[begin:end] = bytes(end - begin)  # what a disk has of a file that was not written to its end


BYTE_CHANGES: tuple[Callable[[Random, bytearray], None], ...] = (
    *(_flip, _flip, _other, _other, _cut, _remove, _double, _move, _fill),
)


def _place(chance: Random, content: bytearray) -> int:
    """Return a place, of which every second is near the beginning: there stands what says how to read the rest."""
    return chance.randrange(len(content) if chance.random() < 0.5 else min(len(content), 64))


def _slice(chance: Random, content: bytearray) -> tuple[int, int]:
    begin = chance.randint(0, len(content))
    return begin, min(len(content), begin + int(2 ** chance.uniform(0, 14)))


def of_text(chance: Random, content: bytes) -> bytes:
    """Return a text with one to three changes of lines and words, or of its bytes."""
    text = content.decode("utf-8")
    for _ in range(chance.randint(1, 3)):
        text = chance.choice((_word, _word, _line, _number))(chance, text)
    made = text.encode("utf-8", "surrogatepass")
    return of_bytes(chance, made) if chance.random() < 0.3 else made


def _word(chance: Random, text: str) -> str:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(WORDS) + text[min(len(text), place + chance.choice((0, 0, 1, 6))) :]


def _line(chance: Random, text: str) -> str:
    lines = text.split("\n")
    line = chance.randrange(len(lines))
    part, action = lines[line : line + chance.choice((1, 1, 5))], chance.randrange(3)
    if action == 0:
        del lines[line : line + len(part)]
    elif action == 1:
        lines[line:line] = part * chance.choice((1, 2, 50))
    else:
        lines.insert(chance.randrange(len(lines)), lines.pop(line))
    return "\n".join(lines)


def _number(chance: Random, text: str) -> str:
    """Put something in the place of what follows an equals sign."""
    places = [at for at, sign in enumerate(text) if sign == "="]
    if not places:
        return text
    begin = chance.choice(places) + 1
    end = text.find("\n", begin)
    value = chance.choice((chance.choice(WORDS), toml(chance.choice(ODD))))
    return f"{text[:begin]} {value}{text[end if end >= 0 else len(text) :]}"


def toml(value: Any) -> str:
    """Return a value as TOML writes it, near enough."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return repr(value)
    return '""' if value is None else json.dumps(value)


def of_tree(chance: Random, tree: Any) -> None:
    """Change one place somewhere in a tree of lists and tables."""
    while tree:
        place = chance.choice(range(len(tree)) if isinstance(tree, list) else list(tree))
        inner = tree[place]
        if isinstance(inner, list | dict) and inner and chance.random() < 0.8:
            tree = inner
            continue
        action = chance.choice(("put", "put", "put", "nudge", "nudge", "drop", "double", "swap"))
        if action == "nudge":
            tree[place] = _nudged(chance, inner)
        elif action == "drop":
            del tree[place]
        elif action == "double" and isinstance(tree, list):
            tree[place:place] = [copy.deepcopy(inner) for _ in range(chance.choice((1, 1, 1, 400)))]
        elif action == "swap":
            other = chance.choice(range(len(tree)) if isinstance(tree, list) else list(tree))
            tree[place], tree[other] = tree[other], tree[place]
        else:
            tree[place] = copy.deepcopy(chance.choice(ODD))
        return


def _nudged(chance: Random, value: Any) -> Any:
    """Return a value that might stand there too: it takes more to find that it does not fit."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice((-1, 1))
    if isinstance(value, float):
        return value * chance.uniform(0.5, 2)
    return chance.choice(("a", "fine-tune", "lwf", "b" * 60, "<i>c</i>", "&amp;")) if isinstance(value, str) else value
