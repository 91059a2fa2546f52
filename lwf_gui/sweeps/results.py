"""The table of a sweep: one row for each run and learner, taken from the runs' documents; as CSV, or as Parquet.

Accuracies are fractions of the full test sets, by protocol: ``task_aware.old`` is that of all earlier tasks' images,
``new`` of the last task's, ``average`` the mean over tasks. A cell is empty where there is no number.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from lwf_gui import InputError, paths, untrusted
from lwf_gui.exports.tables import no_formula
from lwf_gui.messages import Finished
from lwf_gui.recipe import copied
from lwf_gui.runs.metrics import PROTOCOLS, Quantity
from lwf_gui.runs.record import Record
from lwf_gui.runs.sweep_view import SEED
from lwf_gui.sweeps.plan import Plan, Unit

CSV, PARQUET = "results.csv", "results.parquet"
FIGURES = get_args(Quantity)
ABOUT = ("dataset", "device", "processor", "threads", "error", "recipe")

Row = dict[str, Any]


def columns(plan: Plan) -> tuple[str, ...]:
    """Return the names of the columns, in their order."""
    figures = (f"{protocol}.{figure}" for protocol in PROTOCOLS for figure in FIGURES)
    return ("id", SEED, *plan.keys, "learner", *figures, "seconds", *ABOUT)


def rows_of(plan: Plan, unit: Unit, record: Record) -> list[Row]:
    """Return the rows of a run that is done: one for each learner."""
    assert isinstance(record.outcome, Finished)
    assert record.data is not None
    summary, made = record.outcome.summary, record.provenance
    about = {
        "seconds": summary["seconds"]["total"],
        "dataset": record.data.dataset,
        "device": record.data.device,
        "processor": "" if made is None else made.processor,
        "threads": unit.recipe.engine.threads,
    }
    return [
        {**_head(plan, unit), "learner": name, **_figures(told), **about, "error": _diverged(record, name)}
        for name, told in summary["learners"].items()
    ]


def failed_row(plan: Plan, unit: Unit, sentence: str) -> Row:
    """Return the row of a run that failed, with the sentence that says why."""
    return {**_head(plan, unit), "error": sentence}


def write(plan: Plan, rows: Mapping[str, Sequence[Row]], folder: Path) -> None:
    """Write the table of runs by their id, in the order of the plan.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    paths.write_text_atomically(folder / CSV, text_of(columns(plan), _in_order(plan, rows)))


def write_parquet(plan: Plan, rows: Mapping[str, Sequence[Row]], folder: Path) -> None:
    """Write the table as Parquet too, if that can be: with the extra ``parquet``."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        return
    told = list(_in_order(plan, rows))
    table = pyarrow.table({name: _column([row.get(name) for row in told]) for name in columns(plan)})
    paths.write_atomically(folder / PARQUET, lambda part: parquet.write_table(table, part))


def text_of(names: Sequence[str], rows: Iterable[Row]) -> str:
    """Return rows as CSV; numbers with all their digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def read(folder: Path) -> list[dict[str, str]]:
    """Return the rows of a folder's table, as texts.

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        with (folder / CSV).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{untrusted.printable(str(folder / CSV))} cannot be read.") from error


def _in_order(plan: Plan, rows: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    return (row for unit in plan.units for row in rows.get(unit.id, ()))


def _head(plan: Plan, unit: Unit) -> Row:
    told = {key: unit.settings[key] for key in plan.keys}
    return {"id": unit.id, SEED: unit.settings[SEED], **told, "recipe": copied(unit.recipe)}


def _figures(told: Mapping[str, Any]) -> Row:
    return {f"{protocol}.{figure}": told[protocol][figure] for protocol in PROTOCOLS for figure in FIGURES}


def _diverged(record: Record, learner: str) -> str:
    step = None if record.incremental is None else record.incremental.diverged(learner)
    return "" if step is None else f"diverged at step {step:,} of task 2"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return no_formula(untrusted.printable(value if isinstance(value, str) else json.dumps(value)))


def _column(values: Sequence[Any]) -> list[Any]:
    """Return values of one type: numbers as they are, else all as texts."""
    known = [value for value in values if value is not None]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        whole = all(isinstance(value, int) for value in known)
        return [None if value is None else int(value) if whole else float(value) for value in values]
    return [None if value is None else _cell(value) for value in values]
