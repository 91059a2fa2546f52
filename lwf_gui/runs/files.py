"""Run files: the messages of a record as safetensors, arrays apart and the rest as JSON. No pickle.

A file is written whole or not at all, and read with every field checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from lwf_gui import InputError, paths, protocol
from lwf_gui.protocol import Accuracies, LearnerScore, Message, Probe
from lwf_gui.recipe import Hyper, Recipe
from lwf_gui.runs.record import Record

FORMAT = 1
SUFFIX = ".lwfrun"

_MESSAGES: dict[str, Callable[..., Any]] = {kind.__name__: kind for kind in get_args(protocol.Message)}


def save(record: Record, path: Path) -> None:
    """Write a record.

    Raises
    ------
    OSError
        If the file cannot be written; an earlier file of that name stays.
    """
    arrays: dict[str, NDArray[Any]] = {}
    told = [_encode(message, arrays) for message in _with_stacked_probes(record, arrays)]
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
            if int(about["format"]) > FORMAT:
                raise InputError(f"{path} was written by a later version of this program (format {about['format']}).")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
        for told in json.loads(about["messages"]):
            record.apply(_decode(told, arrays))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (SafetensorError, KeyError, TypeError, ValueError, IndexError, AssertionError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a sound run file; one is written by `lwf-gui run --out DIR`.") from error
    return record


def _with_stacked_probes(record: Record, arrays: dict[str, NDArray[Any]]) -> Iterator[Message]:
    """Yield the record's messages; all probes of a phase share two arrays."""
    for phase, track in record.tracks.items():
        if track.probes:
            arrays[f"{phase}.logits"] = np.stack([probe.logits for probe in track.probes])
        if track.probes and track.probes[0].teacher is not None:
            arrays[f"{phase}.teacher"] = np.stack([probe.teacher for probe in track.probes])  # type: ignore[misc]
    yield from record.messages()


def _encode(message: Message, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    if isinstance(message, Probe):  # its row in the stacked arrays is its place among the phase's probes
        return {"type": "Probe", "run_id": message.run_id, "phase": message.phase, "step": message.step}
    told: dict[str, Any] = {"type": type(message).__name__}
    for item in fields(message):
        value = getattr(message, item.name)
        if isinstance(value, np.ndarray):
            name = f"{getattr(message, 'phase', 'data')}.{item.name}"
            arrays[name] = np.ascontiguousarray(value)
            value = {"array": name}
        told[item.name] = _plain(value)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _decode(told: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Message:
    kind = told.pop("type")
    if kind == "Probe":
        return _decode_probe(told, arrays)
    for name, value in told.items():
        if isinstance(value, dict) and set(value) == {"array"}:
            told[name] = arrays[value["array"]]
        elif isinstance(value, list):
            told[name] = tuple(value)
    match kind:
        case "DataReady":
            told["recipe"] = Recipe.model_validate(told["recipe"])
        case "HyperApplied":
            told["hyper"] = Hyper(**told["hyper"])
        case "Evaluated":
            told["scores"] = {learner: _score(score) for learner, score in told["scores"].items()}
    message: Message = _MESSAGES[kind](**told)
    return message


def _decode_probe(told: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Probe:
    phase = told["phase"]
    row = arrays.setdefault(f"{phase}.next", np.zeros(1, np.int64))
    teacher = arrays.get(f"{phase}.teacher")
    probe = Probe(
        **told, logits=arrays[f"{phase}.logits"][row[0]], teacher=None if teacher is None else teacher[row[0]]
    )
    row[0] += 1
    return probe


def _score(told: dict[str, Any]) -> LearnerScore:
    aware, incremental = Accuracies(**told["task_aware"]), Accuracies(**told["class_incremental"])
    return LearnerScore(aware, incremental, told["teacher_old"])
