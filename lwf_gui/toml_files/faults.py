"""Faults of a file: which key is wrong, and a sentence that says what it must be."""

from __future__ import annotations

import difflib
import json
from typing import Any

from pydantic import ValidationError

from lwf_gui.toml_files.parts import Form, Root


class FileFault(Exception):  # noqa: N818 - not yet the user's sentence: file and line are missing
    """What is wrong with a file whose tables and types are right; ``path`` as for `line_of`."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path, self.sentence = path, sentence


def explain(error: ValidationError, tree: dict[str, Any], form: Form[Root]) -> tuple[str, str]:
    """Return where the first fault is, as for `line_of`, and a sentence about it."""
    fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")  # a misspelt key is also missing
    path: list[str | int] = []
    node: Any = tree
    for part in fault["loc"]:  # it also names branches of unions, which nobody wrote
        there = part in node if isinstance(node, dict) else isinstance(node, list) and isinstance(part, int)
        if there:
            path.append(part)
            node = node[part]
    if fault["type"] == "missing":
        table, key = _table_of(path, form), str(fault["loc"][-1])
        sentence = f"{key} is missing: a {table or form.noun} needs it, and it must be {_allowed(form, table, key)}."
        return ".".join(map(str, path)), sentence
    while isinstance(path[-1], int):  # an item of a list: what people wrote is the whole list
        path.pop()
    *holders, last = path
    table, key = _table_of(holders, form), str(last)
    if fault["type"] == "extra_forbidden":
        known = form.table(table).model_fields
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"keys are {', '.join(known)}."
        return ".".join(map(str, path)), f"{key} is not a key of a {table or form.noun}; {hint}"
    value: Any = tree
    for part in path:
        value = value[part]
    return ".".join(map(str, path)), refusal(key, value, _allowed(form, table, key))


def _table_of(path: list[str | int], form: Form[Root]) -> str:
    """Return which kind of table a path leads to, empty for the file itself."""
    return next((str(part) for part in reversed(path) if part in form.tables), "")


def _allowed(form: Form[Root], table: str, key: str) -> str:
    extra = form.table(table).model_fields[key].json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["allowed"])


def refusal(key: str, value: object, allowed: str) -> str:
    """Return the sentence that refuses a value; ``allowed`` completes "it must be ..."."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return f"{key} = {shown if len(shown) <= 60 else shown[:57] + '...'} is not allowed: it must be {allowed}."
