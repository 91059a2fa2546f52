"""Templates of a text that has parts for some cases only, and plain data as a formatter of Python would write it.

    #? lwf and not aliased      begins what stands there in this case alone: names, `not`, `and`, and `or` between them
    #? else                     and what stands there otherwise
    #? end
    $name                       stands for a value; $$ for a dollar sign

Knows nothing of what the text says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from string import Template

MARK = "#? "
WIDTH = 120
"""Characters of a line, at most, where it can be broken."""

Plain = str | int | float | tuple["Plain", ...] | Mapping[str, "Plain"]


def filled(template: str, cases: Collection[str], values: Mapping[str, str]) -> str:
    """Return the text of a template for some cases. What stands in a value is never looked into.

    Raises
    ------
    KeyError
        If a value is missing.
    """
    return Template("".join(_chosen(template.splitlines(keepends=True), cases))).substitute(values)


def _chosen(lines: Iterable[str], cases: Collection[str]) -> Iterator[str]:
    """Yield the lines of some cases."""
    open_parts: list[bool] = []
    for line in lines:
        told = line.removeprefix(MARK).strip()
        if not line.startswith(MARK):
            if all(open_parts):
                yield line
        elif told == "end":
            open_parts.pop()
        elif told == "else":
            open_parts[-1] = not open_parts[-1]
        else:
            open_parts.append(_holds(told, cases))
    assert not open_parts, "every part ends"


def _holds(told: str, cases: Collection[str]) -> bool:
    return any(all(_is(case, cases) for case in part.split(" and ")) for part in told.split(" or "))


def _is(case: str, cases: Collection[str]) -> bool:
    return case.removeprefix("not ") in cases if not case.startswith("not ") else case[4:] not in cases


def assigned(name: str, value: Plain, *, spread: bool = False) -> str:
    """Return an assignment of plain data, in one line where it fits; ``spread`` gives every part a line of its own."""
    return f"{name} = {literal(value, len(name) + 3, spread=spread)}"


def literal(value: Plain, before: int = 0, indent: int = 0, *, spread: bool = False) -> str:
    """Return plain data as Python reads it, after ``before`` characters of a line; brackets are broken where too long.

    It is `repr` of numbers and texts, and so whatever a name holds is a text; these have double quotes.
    """
    flat = _flat(value)
    if not isinstance(value, tuple | Mapping) or not value:
        return flat
    spread = spread and not (isinstance(value, tuple) and len(value) == 1)  # whose comma is no sign of more to come
    if len(flat) + before <= WIDTH and not spread:
        return flat
    inner = " " * (indent + 4)
    heads = [f"{_flat(key)}: " for key in value] if isinstance(value, Mapping) else [""] * len(value)
    parts = value.values() if isinstance(value, Mapping) else value
    lines = [
        f"{inner}{head}{literal(part, len(inner) + len(head) + 1, indent + 4)},"
        for head, part in zip(heads, parts, strict=True)
    ]
    return "\n".join((flat[0], *lines, " " * indent + flat[-1]))


def _flat(value: Plain) -> str:
    """Return plain data in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(part)}" for key, part in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_flat, value))}{',' if len(value) == 1 else ''})"
    told = repr(value)
    return f'"{told[1:-1]}"' if told.startswith("'") and '"' not in told else told
