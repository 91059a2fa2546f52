"""Run files: the messages of a record as safetensors, arrays apart and the rest as JSON. No pickle.

A file is written whole or not at all, and read with every field checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from lwf_gui import InputError, paths, protocol
from lwf_gui.protocol import Accuracies, Branch, LearnerScore, Message
from lwf_gui.recipe import Hyper, Recipe
from lwf_gui.runs import migration
from lwf_gui.runs.record import Record

FORMAT, MIGRATED = 3, 2
"""What is written, and the earlier one that is read all the same: see `migration`."""
SUFFIX = ".lwfrun"

_MESSAGES: dict[str, Callable[..., Any]] = {kind.__name__: kind for kind in get_args(protocol.Message)}


def save(record: Record, path: Path) -> None:
    """Write a record.

    Raises
    ------
    OSError
        If the file cannot be written; an earlier file of that name stays.
    """
    rows: dict[str, list[NDArray[Any]]] = {}
    told = [_encode(message, rows) for message in record.messages()]
    arrays = {name: np.stack(parts) for name, parts in rows.items()}
    about = {"format": str(FORMAT), "messages": json.dumps(told)}
    paths.write_atomically(path, lambda part: save_file(arrays, part, about))


def load(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    InputError
        If the file is missing, damaged, of another kind or of a later format.
    """
    record = Record()
    try:
        with safe_open(path, framework="numpy") as file:
            about = file.metadata() or {}
            if int(about["format"]) not in (FORMAT, MIGRATED):
                when = "a later" if int(about["format"]) > FORMAT else "an earlier"
                raise InputError(f"{path} was written by {when} version of this program (format {about['format']}).")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
        for told in json.loads(about["messages"]):
            record.apply(_decode(told, arrays))
        if int(about["format"]) == MIGRATED:
            migration.to_true_nats(record)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (SafetensorError, KeyError, TypeError, ValueError, IndexError, AssertionError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a sound run file; one is written by `lwf-gui run --out DIR`.") from error
    return record


def _encode(message: Message, rows: dict[str, list[NDArray[Any]]]) -> dict[str, Any]:
    """Return a message for JSON; its arrays become rows, for those of equal messages make one array together."""
    told: dict[str, Any] = {"type": type(message).__name__}
    for item in fields(message):
        value = getattr(message, item.name)
        if isinstance(value, np.ndarray):
            parts = rows.setdefault(f"{told['type']}.{getattr(message, 'phase', '')}.{item.name}", [])
            parts.append(value)
            value = {"row": len(parts) - 1}
        told[item.name] = _plain(value)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value


def _decode(told: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Message:
    kind = told.pop("type")
    for name, value in told.items():
        if isinstance(value, dict) and set(value) == {"row"}:
            told[name] = arrays[f"{kind}.{told.get('phase', '')}.{name}"][value["row"]]
        elif isinstance(value, list):
            told[name] = tuple(value)
    match kind:
        case "DataReady":
            told["recipe"] = Recipe.model_validate(told["recipe"])
        case "PhaseStarted":
            told["branches"] = tuple(Branch(**branch) for branch in told["branches"])
        case "HyperApplied":
            told["hyper"] = Hyper(**told["hyper"])
        case "Evaluated":
            told["scores"] = {learner: _score(score) for learner, score in told["scores"].items()}
    message: Message = _MESSAGES[kind](**told)
    return message


def _score(told: dict[str, Any]) -> LearnerScore:
    aware, incremental = Accuracies(**told["task_aware"]), Accuracies(**told["class_incremental"])
    return LearnerScore(aware, incremental, told["teacher_old"])
