"""A run for TensorBoard: a folder with one file of events, whose scalars are named learner/protocol/task.

It needs tensorboardX, which the extra ``tensorboard`` brings; torch it does not need. Events are written one by one, so
that a full disk is told, and the file is not called after the machine, as tensorboardX's own writer would have it.
"""

from __future__ import annotations

import importlib.util
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from lwf_gui import InputError
from lwf_gui.exports import every_step, looked_columns, trained_columns
from lwf_gui.exports.columns import Column, Rows, is_base, is_text, rows_of
from lwf_gui.exports.folders import write_folder
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record

MISSING = (
    "TensorBoard files need the package tensorboardX, which is not installed: install lwf-gui with the extra "
    "tensorboard, as in pip install 'lwf-gui[tensorboard]'."
)

FILE = "events.out.tfevents.0.lwf-gui"
"""The file of events; TensorBoard reads every file with ``tfevents`` in its name."""

Scalar = tuple[str, int, float]
"""Name, step and value."""

_KEYS = ("data", "seed", "task", "epoch", "step")
"""Columns that say which row it is, not what was measured."""


def require(record: Record) -> None:
    """Raise `InputError` if tensorboardX is missing, or there is nothing to write yet."""
    if importlib.util.find_spec("tensorboardX") is None:
        raise InputError(MISSING)
    every_step.columns_of(record)


def write(record: Record, path: Path) -> None:
    """Write a folder that ``tensorboard --logdir`` reads.

    Raises
    ------
    InputError
        If tensorboardX is missing, there is nothing to write yet, or the folder holds something else.
    OSError
        If it cannot be written.
    """
    try:
        from tensorboardX import record_writer, summary
        from tensorboardX.proto import event_pb2
    except ImportError as error:
        raise InputError(MISSING) from error
    columns = every_step.columns_of(record)

    def fill(folder: Path) -> None:
        now = time.time()
        events = record_writer.RecordWriter(str(folder / FILE))
        try:
            events.write(event_pb2.Event(wall_time=now, file_version="brain.Event:2").SerializeToString())
            told = summary.text("run", _about(record))
            events.write(event_pb2.Event(wall_time=now, step=0, summary=told).SerializeToString())
            for name, step, value in scalars(record, columns):
                told = summary.Summary(value=[summary.Summary.Value(tag=name, simple_value=value)])
                events.write(event_pb2.Event(wall_time=now, step=step, summary=told).SerializeToString())
        finally:
            events.close()

    write_folder(path, fill, is_ours)


def is_ours(folder: Path) -> bool:
    """Whether a folder holds an earlier export, and nothing else."""
    return [file.name for file in folder.iterdir()] == [FILE]


def scalars(record: Record, columns: list[Column] | None = None) -> Iterator[Scalar]:
    """Yield all numbers of a run; steps of the later tasks count on from those of the base task.

    Where a task ends and the next begins, a name may have two values at one step: the one at the end comes first, then
    the one as the head has grown.
    """
    columns = [*trained_columns.columns(record), *looked_columns.columns(record)] if columns is None else columns
    before = record.base.started.steps if record.base is not None else 0
    for rows in rows_of(record):
        for column in columns:
            if column.name in _KEYS:
                continue
            values = column.values(rows)
            if not is_text(values):
                yield from _of_column(column, rows, values, 0 if is_base(rows) else before)


def _of_column(column: Column, rows: Rows, values: Any, before: int) -> Iterator[Scalar]:
    names = [name_of(learner, column) for learner in rows.learners]
    for row, place in zip(*np.nonzero(np.isfinite(values)), strict=True):
        yield names[place], before + rows.first + int(row), float(values[row, place])


def name_of(learner: str, column: Column) -> str:
    """Return the name of a learner's scalar, such as "lwf/task-aware/probe_accuracy_task_1"."""
    parts = [learner, column.name]
    if column.protocol is not None:
        parts = [learner, PROTOCOLS[column.protocol], column.name.removesuffix(f"_{column.protocol}")]
    return "/".join(re.sub(r"[^\w.+@=-]", "_", part) for part in parts)


def _about(record: Record) -> str:
    """Return what the names do not say: data, seed and units."""
    assert record.data is not None, "only of a run that has data"
    data = record.data.dataset
    units = "\n".join(f"- {column.heading(data)}" for column in every_step.columns_of(record))
    return f"LwF Lab, {data}, seed {record.data.recipe.seed}\n\n{units}"
