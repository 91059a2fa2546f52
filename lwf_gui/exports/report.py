"""What a finished run leaves for people: a table of results, and a folder with report, run file and JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any, Literal

import numpy as np

from lwf_gui import paths, untrusted
from lwf_gui.documents import files
from lwf_gui.messages import Finished, ProtocolName
from lwf_gui.methods import method_of
from lwf_gui.runs import continual, shown, tasks_shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.after_tasks import matrix_of, tasks_done
from lwf_gui.runs.metrics import PROTOCOLS, Accuracies, accuracies
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.series import pieces

REPORT, RESULT, RUN = "report.html", "result.json", f"run{files.SUFFIX}"
WIDTH, HEIGHT, LEFT, BOTTOM = 900, 360, 50, 30
"""Size of the chart, and room for its axis labels, in SVG units."""

Row = tuple[str, ...]


def table(record: Record) -> tuple[Row, list[Row]]:
    """Return heading and rows of the final accuracies on the full test sets, and the change since the head expansion.

    All is shown with the digits that the number of images supports, and adds up. Of more than two tasks there are the
    average accuracy and the forgetting in place of old and new.
    """
    if tasks_shown.are_many(record):
        return _long_table(record)
    told = [f"{name}, old / new in %" for name in PROTOCOLS.values()]
    heading = ("learner", *told, f"{PROTOCOLS['task_aware']}, old since {tasks_shown.HEAD_EXPANSION} in points")
    rows = []
    for learner, score in record.evaluations[-1].scores.items() if record.evaluations else ():
        pairs = [accuracies(score.under(protocol), _sizes(record)) for protocol in PROTOCOLS]
        cells = [" / ".join(map(shown.digits, _percents(pair), _sizes(record))) for pair in pairs]
        cells.append(_change(record, learner))
        rows.append((label_of(learner), *(["diverged"] * len(cells) if score.diverged else cells)))
    return heading, rows


def _long_table(record: Record) -> tuple[Row, list[Row]]:
    """Return heading and rows of average accuracy and forgetting after the last task that was tested."""
    after = tasks_done(record)
    heading = ["learner"]
    for name in PROTOCOLS.values():
        heading += [f"{name}, average of {after + 1} tasks in %", f"{name}, forgetting in points"]
    rows = []
    for learner in record.evaluations[-1].scores if after > 0 else ():
        cells = [cell for protocol in PROTOCOLS for cell in _averages(record, learner, protocol, after)]
        rows.append((label_of(learner), *cells))
    return tuple(heading), rows


def _averages(record: Record, learner: str, protocol: ProtocolName, after: int) -> tuple[str, str]:
    matrix, images = matrix_of(record, learner, protocol), sum(_sizes(record)[: after + 1])
    assert matrix is not None, "what was tested was read before"
    average, lost = continual.average_accuracy(matrix, after), continual.forgetting(matrix, after)
    if np.isnan(average):
        return "diverged", "diverged"
    return shown.digits(100 * average, images), "-" if np.isnan(lost) else shown.digits(100 * lost, images)


def _percents(pair: Accuracies) -> tuple[float, float]:
    return 100 * pair.old, 100 * pair.new


def _sizes(record: Record) -> tuple[int, ...]:
    assert record.data is not None, "what was tested was read before"
    return record.data.test_sizes


def _change(record: Record, learner: str) -> str:
    """Return the old task's change since the head expansion with its sign; a dash without a test there."""
    first, last = record.evaluations[0], record.evaluations[-1]
    if first.epoch or learner not in first.scores:
        return "-"
    sizes = _sizes(record)
    before, after = (100 * accuracies(each.scores[learner].task_aware, sizes).old for each in (first, last))
    images = _sizes(record)[0]
    change = shown.difference(after, before, images)
    sign = "+" if change > 0 else "-" if change < 0 else ""
    return sign + shown.digits(abs(change), images)


def tested_on(record: Record) -> str:
    """Say on which images the final accuracies are taken."""
    if record.data is None:
        return "the full test sets"
    if tasks_shown.are_many(record):
        return f"the full test sets of {record.data.dataset}, {_of_tasks(record.data.test_sizes)}"
    old, new = record.data.test_sizes
    return f"the full test sets of {record.data.dataset}, {old:,} images of the old task and {new:,} of the new"


def about(record: Record) -> str:
    """Return one sentence on what was run, and on what; of a run that was stopped, without its times."""
    data, outcome = record.data, record.outcome
    if data is None:
        return "Nothing was run yet."
    parts = [
        f"{data.dataset} ({data.source})",
        _of_tasks(data.test_sizes)
        if tasks_shown.are_many(record)
        else f"{data.test_sizes[0]:,} old-task and {data.test_sizes[1]:,} new-task test images",
        f"seed {data.recipe.seed}",
        data.device,
    ]
    if record.teacher is not None:
        right = shown.percent(100 * record.teacher.right / max(data.test_sizes[0], 1), data.test_sizes[0])
        task = "task 1" if tasks_shown.are_many(record) else "the old task"
        parts.append(f"teacher {right} right on {task} (task-aware)")
    if isinstance(outcome, Finished):
        seconds, rate = outcome.summary["seconds"]["total"], outcome.summary["samples_per_second"]
        later = "the later tasks" if tasks_shown.are_many(record) else "task 2"
        parts.append(f"{seconds:.1f} s in all, {rate:,.0f} samples/s in {later}")
    return untrusted.printable("; ".join(parts) + ".")


def _of_tasks(sizes: tuple[int, ...]) -> str:
    return f"{sum(sizes):,} test images of {len(sizes)} tasks"


def diverged(record: Record) -> dict[str, int | None]:
    """Return at which step after the first head expansion each learner diverged; None of one that did not."""
    track = record.incremental
    return {} if track is None else {learner: track.diverged(learner) for learner in track.started.learners}


def result(record: Record) -> dict[str, Any]:
    """Return the results of a finished run for JSON: what the engine summed up, and who diverged."""
    assert isinstance(record.outcome, Finished)
    return {**record.outcome.summary, "diverged": diverged(record)}


def write(record: Record, folder: Path) -> None:
    """Leave report, run file and result in a folder, each whole or not at all.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    assert isinstance(record.outcome, Finished)
    text = json.dumps(result(record), indent=2) + "\n"
    page = _page(record)
    files.save(record, folder / RUN)
    paths.write_atomically(folder / RESULT, lambda part: part.write_text(text, "utf-8"))
    paths.write_atomically(folder / REPORT, lambda part: part.write_text(page, "utf-8"))


def _page(record: Record) -> str:
    assert record.data is not None
    assert isinstance(record.outcome, Finished)
    heading, rows = table(record)
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in heading)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    template = Template((paths.resources() / REPORT).read_text("utf-8"))
    long = tasks_shown.are_many(record)
    return template.substitute(
        title=html.escape("LwF Lab: " + " and ".join(row[0] for row in rows)),
        about=html.escape(about(record)),
        table=f"<table><tr>{head}</tr>{body}</table>",
        protocol=html.escape(PROTOCOLS["task_aware"]),
        learning="the later tasks" if long else "the new task",
        old="all earlier tasks together" if long else "old task",
        new="the current task" if long else "new task",
        chart=_chart(record),
        matrices=_matrices(record) if long else "",
        recipe=html.escape(json.dumps(record.outcome.summary["recipe"], indent=2)),
    )


def _matrices(record: Record) -> str:
    """Return the accuracy matrix of every learner under both protocols as HTML: after task i (rows), of task j."""
    tables = []
    sizes = _sizes(record)
    head = "".join(f"<th>task {task + 1}</th>" for task in range(len(sizes)))
    for learner in learners_of(record):
        for protocol, name in PROTOCOLS.items():
            matrix = matrix_of(record, learner, protocol)
            assert matrix is not None, "there are learners, so there are data"
            body = ""
            for after, row in enumerate(matrix.tolist()):
                cells = ("" if np.isnan(share) else shown.digits(100 * share, sizes[j]) for j, share in enumerate(row))
                body += f"<tr><td>after task {after + 1}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
            title = f"{label_of(learner)}, {name}: percent right of the test images of each task"
            tables.append(f"<h3>{html.escape(title)}</h3>\n<table><tr><th></th>{head}</tr>{body}</table>")
    return "\n<h2>Accuracy matrices</h2>\n" + "\n".join(tables)


def _chart(record: Record) -> str:
    """Return the accuracy curves as SVG: 0 to 100 % upwards, steps of the later tasks to the right."""
    assert record.incremental is not None
    steps = max(record.incremental.started.steps, 1)
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent)
        parts.append(f"<line x1='{LEFT}' x2='{WIDTH}' y1='{y:.1f}' y2='{y:.1f}' stroke='#ccc'/>")
        parts.append(f"<text x='{LEFT - 6}' y='{y + 5:.1f}' text-anchor='end' font-size='14'>{percent} %</text>")
    for begin in record.incremental.started.boundaries[1:]:
        x = LEFT + (WIDTH - LEFT) * begin / steps
        parts.append(f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{_y(0):.1f}' y2='{_y(100):.1f}' stroke='#888'/>")
    for learner in learners_of(record):
        parts += _curves(record, learner, steps)
    since = tasks_shown.beginning(record)
    parts.append(
        f"<text x='{WIDTH}' y='{HEIGHT - 6}' text-anchor='end' font-size='14'>{steps:,} steps since {since}</text>"
    )
    return f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' role='img' fill='currentColor'>{''.join(parts)}</svg>"


def _curves(record: Record, learner: str, steps: int) -> Iterator[str]:
    method = method_of(learner)
    assert method is not None
    colour = html.escape(method.colour)
    tasks: tuple[tuple[Literal["old", "new"], str], ...] = (("old", ""), ("new", " stroke-dasharray='8 5'"))
    for task, dashes in tasks:
        x, y = accuracy_series(record, learner, task, "task_aware")
        for piece in pieces(record, (x, y)):
            points = " ".join(
                f"{LEFT + (WIDTH - LEFT) * a / steps:.1f},{_y(b):.1f}" for a, b in zip(*piece, strict=True)
            )
            yield f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2.5'{dashes}/>"
        if task == "old" and len(x):
            label = html.escape(label_of(learner))
            place = f"x='{WIDTH - 8}' y='{_y(float(y[-1])) - 8:.1f}'"
            yield f"<text {place} fill='{colour}' text-anchor='end' font-size='15' font-weight='bold'>{label}</text>"


def _y(percent: float) -> float:
    return 10 + (HEIGHT - BOTTOM - 10) * (1 - percent / 100)
