"""All columns of a run as one table, a row for every learner at every step: comma-separated values, or JSON Lines.

Losses and settings stand in every row, what is looked at now and then in the rows of its steps: an empty cell, or a
name that is missing, is a number that there is not. What is no column of one learner's is in the run file alone: paths
between two networks, networks with layers put back, single answers and images.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import TextIO

from lwf_gui import InputError, __version__, paths, untrusted
from lwf_gui.exports import looked_columns, trained_columns
from lwf_gui.exports.columns import Column, Rows, Values, is_text, rows_of, tokens
from lwf_gui.exports.tables import no_formula
from lwf_gui.runs.record import Record


def write_csv(record: Record, path: Path) -> None:
    """Write a table that pandas and R read as it is: names, units, protocols, images and data stand in its heading.

    Raises
    ------
    InputError
        If there is nothing to write yet.
    OSError
        If the file cannot be written.
    """
    columns, data = columns_of(record), _data(record)

    def fill(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(untrusted.printable(column.heading(data)) for column in columns)
            for rows in rows_of(record):
                writer.writerows(zip(*(_cells(column.values(rows)) for column in columns), strict=True))

    paths.write_atomically(path, fill)


def write_jsonl(record: Record, path: Path) -> None:
    """Write JSON Lines: the first says data, seed, and unit, protocol and images of every name; then a line a row.

    Raises
    ------
    InputError
        If there is nothing to write yet.
    OSError
        If the file cannot be written.
    """
    columns = columns_of(record)
    paths.write_atomically(path, lambda part: _fill_lines(record, columns, part))


def columns_of(record: Record) -> list[Column]:
    """Return all columns of a run.

    Raises
    ------
    InputError
        If it has no step yet.
    """
    if record.data is None or not record.tracks:
        raise InputError("There is nothing to write yet: the first numbers come when training begins.")
    return [*trained_columns.columns(record), *looked_columns.columns(record)]


def _data(record: Record) -> str:
    return record.data.dataset if record.data is not None else ""


def _cells(values: Values) -> Iterator[str]:
    """Return a column's cells, row by row; no name is a spreadsheet's formula."""
    cells = tokens(values)
    if is_text(values):
        said = {text: no_formula(untrusted.printable(text)) for text in set(cells)}
        return iter([said[text] for text in cells])
    return iter(cells)


def _fill_lines(record: Record, columns: list[Column], part: Path) -> None:
    assert record.data is not None, "only of a run that has data"
    head = {
        "table": "LwF Lab, a row for every learner at every step",
        "version": __version__,
        "data": untrusted.printable(_data(record)),
        "seed": record.data.recipe.seed,
        "columns": {column.name: column.told() for column in columns},
    }
    with part.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for rows in rows_of(record):
            _add_lines(file, rows, columns)


def _add_lines(file: TextIO, rows: Rows, columns: list[Column]) -> None:
    """Write the lines of some rows; each has the names alone of which there is a value."""
    parts = [_named(column, column.values(rows)) for column in columns]
    for line in zip(*parts, strict=True):
        file.write("{" + ", ".join(filter(None, line)) + "}\n")


def _named(column: Column, values: Values) -> Iterator[str]:
    """Return a column's values with its name in front, as they stand in lines of JSON."""
    cells = tokens(values)
    name = json.dumps(column.name)
    if not any(cells):
        return repeat("", len(cells))
    if not is_text(values):
        return (f"{name}: {cell}" if cell else "" for cell in cells)
    said = {text: f"{name}: {json.dumps(untrusted.printable(text))}" if text else "" for text in set(cells)}
    return (said[text] for text in cells)
