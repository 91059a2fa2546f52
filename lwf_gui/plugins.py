"""Methods of other packages, found by the entry-point group ``lwf_gui.methods``.

An entry point names a row, ``module:ROW``, a `lwf_gui.method_rows.Method`; its module must not import torch, for it is
loaded with the recipe. One that cannot be used is left out, and a sentence says why.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from string import Formatter

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows import Method
from lwf_gui.untrusted import printable, shortened

GROUP = "lwf_gui.methods"

_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PLACE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
SYMBOLS = ("o", "s", "t", "d", "+", "t1", "t2", "t3", "p", "h", "star", "x")
"""Marks that there are: pyqtgraph's."""


@dataclass(frozen=True, slots=True)
class Found:
    """The usable rows, and a sentence for every other entry point."""

    rows: tuple[Method, ...]
    problems: tuple[str, ...]


def found(taken: Collection[str]) -> Found:
    """Return the methods of other packages; ``taken`` are names and groups of settings that they cannot have."""
    rows, problems = list[Method](), list[str]()
    names = set(taken)
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        row, problem = _loaded(point, names)
        if row is None:
            problems.append(problem)
        else:
            rows.append(row)
            names |= {row.name, row.key}
    return Found(tuple(rows), tuple(problems))


def _loaded(point: EntryPoint, taken: Collection[str]) -> tuple[Method | None, str]:
    """Return the row of an entry point, or why there is none."""
    package = point.dist.name if point.dist is not None else "a package"
    try:
        row = point.load()
    except Exception as error:  # noqa: BLE001 - whatever another package raises is its own fault
        problem = f"{type(error).__name__}: {error}"
    else:
        problem = _fault(row, taken)
        if not problem:
            return row, ""
    name = shortened(point.name, 40)
    said = printable(" ".join(problem.split()))
    return None, f"The method {name} of {package} is left out: {shortened(said, 200).rstrip('.')}."


def _fault(row: object, taken: Collection[str]) -> str:
    """Return what is wrong with a row; empty if nothing is."""
    if not isinstance(row, Method):
        return "its entry point names no lwf_gui.method_rows.Method"
    settings = row.settings
    faults = (
        (not _NAME.fullmatch(row.name), f"its name {row.name!r} is not of small letters, digits and hyphens"),
        (row.name in taken or row.key in taken, f"a method or a group of settings is called {row.name} already"),
        (not _PLACE.fullmatch(row.implementation), "its implementation is not written module:class"),
        (not (_COLOUR.fullmatch(row.colour) and _COLOUR.fullmatch(row.dark_colour)), "a colour is not like #0072B2"),
        (row.symbol not in SYMBOLS, f"its symbol is none of {', '.join(SYMBOLS)}"),
        (not (row.label and row.short and row.help), "it has no label or no help"),
        (settings is not None and not _is_group(settings), "its settings are no lwf_gui.groups.Group"),
        (row.loss is not None and not _is_formula(row.loss.formula), "the formula of its loss has an odd brace"),
    )
    return next((words for wrong, words in faults if wrong), "") or _fault_of_settings(row)


def _is_formula(formula: str) -> bool:
    """Whether the braces of a formula hold names."""
    try:
        return all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(formula))
    except ValueError:
        return False


def _is_group(settings: object) -> bool:
    return isinstance(settings, type) and issubclass(settings, Group)


def _fault_of_settings(row: Method) -> str:
    """Return what is wrong with a row's settings: each wants a default, help, a label, and a live field of its own."""
    if row.settings is None:
        return ""
    for name, item in row.settings.model_fields.items():
        shown = item.json_schema_extra
        described = bool(item.description) and isinstance(shown, dict) and shown.keys() == extra("").keys()
        if item.is_required() or not described or not isinstance(shown, dict):
            return f"its setting {name} has no default, no description or no json_schema_extra=extra(...)"
        if shown["live"] not in ("", f"{row.key}_{name}"):
            return f"its setting {name} must have live={row.key}_{name}, or none"
    return ""
