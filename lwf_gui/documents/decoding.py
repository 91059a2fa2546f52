"""From JSON to messages: every field by the type that the message declares, every row of an array used once.

Ranges, and what must agree between messages, are in `lwf_gui.documents.checks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import BaseModel, ValidationError

from lwf_gui import messages
from lwf_gui.documents.container import Arrays
from lwf_gui.documents.sound import located
from lwf_gui.messages import Message
from lwf_gui.recipe import settings
from lwf_gui.untrusted import Unsound, shortened

KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(messages.DataReady, messages.PhaseStarted, messages.Steps, messages.Probe, messages.LayerProbe),
        *(messages.TeacherReady, messages.Evaluated, messages.LiveSettingsApplied, messages.LogLine),
        *(messages.ClassMeans, messages.PutBack, messages.StraightPath, messages.Representation),
        *(messages.Provenance, messages.Notes, messages.Finished, messages.Stopped, messages.Failed),
    )
}
"""The messages that `Record.messages` yields; the others are of the moment, and stand in no file."""

_SHOWN = 40  # characters of a value in a sentence


def decode(told: Any, arrays: Arrays) -> list[Message]:
    """Return the messages of a file.

    Parameters
    ----------
    told : what its JSON holds: a list with one table per message; an array is told as {"row": number}
    arrays : by kind, phase and field; their rows belong to the messages in order

    Raises
    ------
    Unsound
        Naming the first message and field that is not of its type.
    """
    if not isinstance(told, list):
        raise Unsound("its messages are no list")
    rows = _Rows(arrays)
    messages = [_message(entry, number, rows) for number, entry in enumerate(told, 1)]
    rows.require_all_used()
    return messages


class _Rows:
    """Hands out the rows of the arrays, each once and in order."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._used: Counter[str] = Counter()

    def take(self, name: str, told: Any, dtype: np.dtype[Any]) -> Any:
        array, row = self._arrays.get(name), self._used[name]
        if array is None or array.dtype != dtype or array.ndim < 2:
            raise Unsound(f"the file has no such array of {dtype}")
        if told != {"row": row} or type(told["row"]) is not int or row >= len(array):
            raise Unsound(f"{_shown(told)} is not the next of its {len(array)} rows")
        self._used[name] += 1
        return array[row]

    def require_all_used(self) -> None:
        for name, array in self._arrays.items():
            if self._used[name] != len(array):
                raise Unsound(f"its array {shortened(name, _SHOWN)!r} has rows that belong to no message")


def _message(told: Any, number: int, rows: _Rows) -> Message:
    name = told.get("type") if isinstance(told, dict) else None
    if not isinstance(name, str) or name not in KINDS:
        raise Unsound(f"message {number} is of no known kind")
    try:
        given = {key: value for key, value in told.items() if key != "type"}
        made: Message = _dataclass(given, KINDS[name], rows, f"{name}.{given.get('phase', '')}")
    except Unsound as error:
        raise located(number, name, error) from error
    return made


def _dataclass(told: Any, kind: type[Any], rows: _Rows, arrays: str = "") -> Any:
    """Return a dataclass; ``arrays`` is what the names of a message's arrays begin with."""
    declared = _declared(kind)  # type: ignore[arg-type]
    if not isinstance(told, dict):
        raise Unsound(f"{_shown(told)} is not allowed, it must be a table")
    missing = [name for name, (_, needed) in declared.items() if needed and name not in told]
    unknown = [name for name in told if name not in declared]
    if missing or unknown:
        raise Unsound(f"{missing[0]} is missing" if missing else f"{_shown(unknown[0])} is unknown")
    values = {}
    for name, value in told.items():
        try:
            values[name] = _typed(value, declared[name][0], rows, f"{arrays}.{name}")
        except Unsound as error:
            raise Unsound(f"{name}: {error}") from error
    return kind(**values)


@cache
def _declared(kind: type[Any]) -> dict[str, tuple[Any, bool]]:
    """Return type, and whether it must be given, of every field of a dataclass."""
    hints = get_type_hints(kind)
    return {
        item.name: (hints[item.name], item.default is MISSING and item.default_factory is MISSING)
        for item in fields(kind)
    }


def _typed(value: Any, hint: Any, rows: _Rows, name: str) -> Any:
    """Return a value as its type hint wants it; ``name`` is that of the array, if it is one."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin is UnionType:  # a type, or None
        return None if value is None and NoneType in args else _typed(value, args[0], rows, name)
    if origin is np.ndarray:
        return rows.take(name, value, np.dtype(get_args(args[1])[0]))
    if origin is Literal:
        return _required(value, isinstance(value, str) and value in args, " or ".join(map(str, args)))
    if origin is tuple:
        return _tuple(value, args, rows, name)
    if origin is Mapping:
        _required(value, isinstance(value, dict), "a table")
        return {key: _typed(inner, args[1], rows, name) for key, inner in value.items()}
    if is_dataclass(hint):
        return _dataclass(value, hint, rows)  # type: ignore[arg-type]
    if issubclass(hint, BaseModel):
        return _model(value, hint)
    if hint is float:
        return float(_required(value, type(value) in (int, float), "a number"))
    return _required(value, type(value) is hint, {int: "a whole number", bool: "true or false", str: "a text"}[hint])


def _tuple(value: Any, args: tuple[Any, ...], rows: _Rows, name: str) -> tuple[Any, ...]:
    _required(value, isinstance(value, list), "a list")
    hints = [args[0]] * len(value) if args[-1] is Ellipsis else list(args)
    _required(value, len(hints) == len(value), f"a list of {len(hints)}")
    return tuple(_typed(inner, hint, rows, name) for inner, hint in zip(value, hints, strict=True))


def _model(value: Any, kind: type[BaseModel]) -> BaseModel:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise Unsound(_said(error)) from error


def _said(error: ValidationError) -> str:
    """Say the first fault of a recipe, or of settings of a method, as a clause."""
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"] if isinstance(part, str))
    name = f"its setting {shortened(key, _SHOWN)}"
    if fault["type"] == "extra_forbidden":
        return f"{name} is not known in this version"
    allowed = f", it must be {settings()[key].allowed.rstrip('.')}" if key in settings() else ""
    return f"{name} = {_shown(fault['input'])} is not allowed{allowed}"


def _required(value: Any, sound: bool, allowed: str) -> Any:
    if not sound:
        raise Unsound(f"{_shown(value)} is not allowed, it must be {allowed}")
    return value


def _shown(value: Any) -> str:
    return shortened(repr(value), _SHOWN)
