"""Run files: the messages of a record as safetensors, arrays apart and the rest as JSON. No pickle.

A file is written whole or not at all, and read with every field checked. What is handed on names no folder of the
machine. CONTRIBUTING says how a file is made up.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from lwf_gui import InputError, paths, untrusted
from lwf_gui.documents import migration, writing
from lwf_gui.documents.checks import FormCheck
from lwf_gui.documents.container import Arrays, Container
from lwf_gui.documents.decoding import decode
from lwf_gui.documents.values import check_record, check_values
from lwf_gui.messages import Failed, LogLine, Message, Notes
from lwf_gui.reasons import reason
from lwf_gui.runs.private import without_paths
from lwf_gui.runs.record import Record
from lwf_gui.untrusted import Unsound

FORMAT = 5

OLDEST = 2
"""The oldest format that is read."""

TELLINGS: dict[int, Callable[[Any], Any]] = {3: migration.to_many_tasks}
"""What makes the JSON of an older format like that of the next, by that format."""

ARRAYS: dict[int, Callable[[Arrays], Arrays]] = {3: migration.arrays_of_many_tasks}
"""What makes the arrays of an older format like those of the next, by that format."""

MIGRATIONS: dict[int, Callable[[Record], object]] = {2: migration.to_true_nats, 4: migration.without_folders}
"""What makes a record of an older format like one of the next, in place, by that format."""

SUFFIX = ".lwfrun"


def save(record: Record, path: Path, *, own: bool = False) -> None:
    """Write a record; ``own``: for this machine alone, so that its folders are named.

    Raises
    ------
    OSError
        If the file cannot be written; an earlier file of that name stays.
    """
    rows, about = told_in_rows(record.messages() if own else map(without_paths, record.messages()))
    paths.write_atomically(path, lambda part: writing.write(part, rows, about))


def load(path: Path) -> Record:
    """Read a record: first what the header tells, then, if that can be, the arrays.

    Raises
    ------
    InputError
        If the file is missing, damaged, of another kind or of a later format.
    """
    with told_in_a_sentence(path, "run file"):
        if path.exists() and not path.is_file():
            raise Unsound(f"it is a folder, not a file that ends in {SUFFIX}" if path.is_dir() else "it is no file")
        with path.open("rb") as file:
            return _read(Container(file, os.fstat(file.fileno()).st_size))


@contextmanager
def told_in_a_sentence(path: Path, kind: str) -> Iterator[None]:
    """Raise `InputError` for whatever is wrong with a file that is read meanwhile; ``kind`` is what it should be."""
    where = untrusted.printable(str(path))
    try:
        yield
    except OSError as error:
        raise InputError(f"{where} cannot be read ({reason(error)}).") from error
    except _OtherFormat as error:
        raise InputError(f"{where} was written by {error} version of this program.") from error
    except ValueError as error:  # `Unsound` for the most part
        raise InputError(f"{where} is not a sound {kind}: {untrusted.shortened(str(error), 300)}.") from error
    except MemoryError as error:
        raise InputError(f"{where} is too large for the memory of this machine.") from error


class _OtherFormat(Exception):  # noqa: N818 - no fault, and no sentence yet
    """A run file of another version."""


def _read(container: Container) -> Record:
    written, told = _told(container)
    FormCheck().run(decode(told, _of_today(container.shapes(), written)))  # before memory is taken for the arrays
    return record_of(decode(told, _of_today(container.arrays(), written)), written)


def messages_of(container: Container) -> tuple[int, list[Message]]:
    """Return the format and the messages of a container, which may be a part of a run; nothing of them is checked yet.

    Raises
    ------
    Unsound
        If they are of another type than messages have.
    """
    written, told = _told(container)
    return written, decode(told, _of_today(container.arrays(), written))


def _told(container: Container) -> tuple[int, Any]:
    """Return the format of a container, and what the JSON of its messages holds, like that of today's format."""
    about = container.about
    if {"format", "messages"} - about.keys():
        raise Unsound("it holds something else")
    written = untrusted.whole_number(about["format"])
    if written is None:
        raise Unsound("its format is no number")
    if not OLDEST <= written <= FORMAT:
        raise _OtherFormat("a later" if written > FORMAT else "an earlier")
    told = container.messages()
    for older in range(written, FORMAT):
        told = TELLINGS[older](told) if older in TELLINGS else told
    return written, told


def record_of(messages: Sequence[Message], written: int) -> Record:
    """Return the record of messages whose form is sound, in a format, once their values are found sound too.

    Raises
    ------
    Unsound
        Naming the first message that cannot be, and why.
    """
    check_values(messages)
    record = Record()
    with np.errstate(invalid="ignore"):  # there are numbers that are none and that numpy warns of
        for message in messages:
            record.apply(message)
    check_record(record)
    for older in range(written, FORMAT):
        if older in MIGRATIONS:
            MIGRATIONS[older](record)
    return record


def _of_today(arrays: Arrays, written: int) -> Arrays:
    for older in range(written, FORMAT):
        arrays = ARRAYS[older](arrays) if older in ARRAYS else arrays
    return arrays


def packed(messages: Iterable[Message]) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Return the arrays and the texts that messages become on disk."""
    rows, about = told_in_rows(messages)
    return {name: np.stack(parts) for name, parts in rows.items()}, about


def told_in_rows(messages: Iterable[Message]) -> tuple[dict[str, list[NDArray[Any]]], dict[str, str]]:
    """Return what `packed` does, each array as its rows: these are the messages' own, and take no more memory."""
    rows: dict[str, list[NDArray[Any]]] = {}
    told = [_encode(message, rows) for message in messages]
    return rows, {"format": str(FORMAT), "messages": json.dumps(told)}


def _encode(message: Message, rows: dict[str, list[NDArray[Any]]]) -> dict[str, Any]:
    """Return a message for JSON; its arrays become rows, for those of equal messages make one array together."""
    told: dict[str, Any] = {"type": type(message).__name__}
    for item in fields(message):
        value = getattr(message, item.name)
        if isinstance(value, np.ndarray):
            parts = rows.setdefault(f"{told['type']}.{getattr(message, 'phase', '')}.{item.name}", [])
            parts.append(value)
            value = {"row": len(parts) - 1}
        told[item.name] = _plain(value, lines=isinstance(message, LogLine | Failed | Notes))
    return told


def _plain(value: Any, *, lines: bool) -> Any:
    """Return a value for JSON. What cannot be shown, as in the name of a folder, is replaced: it is not read again."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(mode="json"), lines=lines)
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name), lines=lines) for item in fields(value)}
    if isinstance(value, dict):
        return {_plain(key, lines=False): _plain(inner, lines=lines) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner, lines=lines) for inner in value]
    if isinstance(value, str):
        return "\n".join(map(untrusted.printable, value.split("\n"))) if lines else untrusted.printable(value)
    return value
