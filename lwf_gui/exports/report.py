"""What a finished run leaves for people: a table of results, and a folder with report, run file and JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Literal

from lwf_gui import paths, untrusted
from lwf_gui.documents import files
from lwf_gui.messages import Accuracies, Finished
from lwf_gui.methods import method_of
from lwf_gui.runs import shown, views
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record

REPORT, RESULT, RUN = "report.html", "result.json", f"run{files.SUFFIX}"
WIDTH, HEIGHT, LEFT, BOTTOM = 900, 360, 50, 30
"""Size of the chart, and room for its axis labels, in SVG units."""

Row = tuple[str, ...]


def table(record: Record) -> tuple[Row, list[Row]]:
    """Return heading and rows of the final accuracies on the full test sets, and of their change since surgery.

    All is shown with the digits that the number of images supports, and adds up.
    """
    told = [f"{name}, old / new in %" for name in PROTOCOLS.values()]
    heading = ("learner", *told, f"{PROTOCOLS['task_aware']}, old since surgery in points")
    rows = []
    for learner, score in record.evaluations[-1].scores.items() if record.evaluations else ():
        pairs = [score.under(protocol) for protocol in PROTOCOLS]
        cells = [" / ".join(map(shown.digits, _percents(pair), _sizes(record))) for pair in pairs]
        cells.append(_change(record, learner))
        rows.append((views.label_of(learner), *(["diverged"] * len(cells) if score.diverged else cells)))
    return heading, rows


def _percents(pair: Accuracies) -> tuple[float, float]:
    return 100 * pair.old, 100 * pair.new


def _sizes(record: Record) -> tuple[int, int]:
    assert record.data is not None, "what was tested was read before"
    return record.data.test_sizes


def _change(record: Record, learner: str) -> str:
    """Return the change of the old task's accuracy since surgery with its sign; a dash without a test at surgery."""
    first, last = record.evaluations[0], record.evaluations[-1]
    if first.epoch or learner not in first.scores:
        return "-"
    before, after = (100 * each.scores[learner].task_aware.old for each in (first, last))
    images = _sizes(record)[0]
    change = shown.difference(after, before, images)
    sign = "+" if change > 0 else "-" if change < 0 else ""
    return sign + shown.digits(abs(change), images)


def tested_on(record: Record) -> str:
    """Say on which images the final accuracies are taken."""
    if record.data is None:
        return "the full test sets"
    old, new = record.data.test_sizes
    return f"the full test sets of {record.data.dataset}, {old:,} images of the old task and {new:,} of the new"


def about(record: Record) -> str:
    """Return one sentence on what was run, and on what; of a run that was stopped, without its times."""
    data, terminal = record.data, record.terminal
    if data is None:
        return "Nothing was run yet."
    parts = [
        f"{data.dataset} ({data.source})",
        f"{data.test_sizes[0]:,} old-task and {data.test_sizes[1]:,} new-task test images",
        f"seed {data.recipe.seed}",
        data.device,
    ]
    if record.teacher is not None:
        right = shown.percent(100 * record.teacher.old, data.test_sizes[0])
        parts.append(f"teacher {right} right on the old task (task-aware)")
    if isinstance(terminal, Finished):
        seconds, rate = terminal.summary["seconds"]["total"], terminal.summary["samples_per_second"]
        parts.append(f"{seconds:.1f} s in all, {rate:,.0f} samples/s in task 2")
    return untrusted.printable("; ".join(parts) + ".")


def write(record: Record, folder: Path) -> None:
    """Leave report, run file and result in a folder, each whole or not at all.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    assert isinstance(record.terminal, Finished)
    text = json.dumps(record.terminal.summary, indent=2) + "\n"
    page = _page(record)
    files.save(record, folder / RUN)
    paths.write_atomically(folder / RESULT, lambda part: part.write_text(text, "utf-8"))
    paths.write_atomically(folder / REPORT, lambda part: part.write_text(page, "utf-8"))


def _page(record: Record) -> str:
    assert record.data is not None
    assert isinstance(record.terminal, Finished)
    heading, rows = table(record)
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in heading)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    template = Template((paths.resources() / REPORT).read_text("utf-8"))
    return template.substitute(
        title=html.escape("LwF Lab: " + " and ".join(row[0] for row in rows)),
        about=html.escape(about(record)),
        table=f"<table><tr>{head}</tr>{body}</table>",
        protocol=html.escape(PROTOCOLS["task_aware"]),
        chart=_chart(record),
        recipe=html.escape(json.dumps(record.terminal.summary["recipe"], indent=2)),
    )


def _chart(record: Record) -> str:
    """Return the accuracy curves as SVG: 0 to 100 % upwards, steps of task 2 to the right."""
    assert record.task2 is not None
    steps = max(record.task2.started.steps, 1)
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent)
        parts.append(f"<line x1='{LEFT}' x2='{WIDTH}' y1='{y:.1f}' y2='{y:.1f}' stroke='#ccc'/>")
        parts.append(f"<text x='{LEFT - 6}' y='{y + 5:.1f}' text-anchor='end' font-size='14'>{percent} %</text>")
    for learner in views.learners(record):
        parts += _curves(record, learner, steps)
    parts.append(
        f"<text x='{WIDTH}' y='{HEIGHT - 6}' text-anchor='end' font-size='14'>{steps:,} steps since surgery</text>"
    )
    return f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' role='img' fill='currentColor'>{''.join(parts)}</svg>"


def _curves(record: Record, learner: str, steps: int) -> Iterator[str]:
    method = method_of(learner)
    assert method is not None
    colour = html.escape(method.colour)
    tasks: tuple[tuple[Literal["old", "new"], str], ...] = (("old", ""), ("new", " stroke-dasharray='8 5'"))
    for task, dashes in tasks:
        x, y = views.accuracy_series(record, learner, task, "task_aware")
        points = " ".join(f"{LEFT + (WIDTH - LEFT) * a / steps:.1f},{_y(b):.1f}" for a, b in zip(x, y, strict=True))
        yield f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2.5'{dashes}/>"
        if task == "old" and len(x):
            label = html.escape(views.label_of(learner))
            place = f"x='{WIDTH - 8}' y='{_y(float(y[-1])) - 8:.1f}'"
            yield f"<text {place} fill='{colour}' text-anchor='end' font-size='15' font-weight='bold'>{label}</text>"


def _y(percent: float) -> float:
    return 10 + (HEIGHT - BOTTOM - 10) * (1 - percent / 100)
