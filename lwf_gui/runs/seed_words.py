"""What runs with other seeds add to a run's own words: on the cards and in the table of results.

Pure functions of a record and a look. All of it is of the last full test, so it is told where one looks at the end.
"""

from __future__ import annotations

import numpy as np

from lwf_gui.messages import Finished
from lwf_gui.runs import shown, tasks_shown
from lwf_gui.runs.metrics import Quantity
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.results import COLUMNS, results
from lwf_gui.runs.seed_set import FEWEST, PERCENTILES, Middle, middle, shown_set
from lwf_gui.runs.selection import Selection, moment

HELP = (
    "The same run with other seeds: other first weights, another order of images. The middle 95 % of them lie between "
    "these two; that is their spread, not how well their middle is known."
)

SPREAD = tuple(at for at, column in enumerate(COLUMNS) if column.unit in ("%", "points"))
"""The columns of the table of results that hang on luck."""


def seeds_at(record: Record, selection: Selection) -> tuple[Record, ...]:
    """Return the runs of which spread is told where one looks; none before the end."""
    if not selection.seeds or not isinstance(record.outcome, Finished):
        return ()
    at = moment(record, selection.step)
    if at is None or at.track is not record.incremental or at.step < at.track.started.steps:
        return ()
    return shown_set(record, selection)


def figure_of(record: Record) -> Quantity:
    """Return which figure is told first: of two tasks the old one's, of more the average."""
    return "average" if tasks_shown.are_many(record) else "old"


def middle_at(record: Record, learner: str, selection: Selection) -> Middle | None:
    """Return the spread of a card's figure where one looks; None where there is none."""
    return middle(seeds_at(record, selection), learner, figure_of(record), selection.protocol)


def spread_ways(found: Middle, images: int) -> tuple[str, ...]:
    """Say a spread on a card, from the longest to the shortest way."""
    low, high = (shown.digits(end, images) for end in (found.low, found.high))
    return (
        f"{found.seeds} seeds: {low} to {high} %",
        f"{found.seeds} seeds: {low} to {high}",
        f"{found.seeds}: {low} to {high}",
        f"{low} to {high}",
        "",
    )


def spread_help(found: Middle, images: int) -> str:
    """Say what a spread is."""
    return f"{found.seeds} seeds, median {shown.digits(found.median, images)} %. {HELP}"


def table_spread(record: Record, selection: Selection) -> dict[str, dict[int, str]]:
    """Return the middle 95 % of the figures of the table of results, by learner and column; nothing before the end."""
    runs = seeds_at(record, selection)
    tables = [table.rows for run in runs if (table := results(run, Selection(protocol=selection.protocol)))]
    found: dict[str, dict[int, str]] = {}
    for learner in learners_of(record) if tables else ():
        for at in SPREAD:
            cells = [rows[learner][at] for rows in tables if learner in rows]
            values = [value for value, _ in cells if value == value]
            if len(values) >= FEWEST:
                places = len(cells[0][1].partition(".")[2])
                low, _, high = np.percentile(values, PERCENTILES)
                found.setdefault(learner, {})[at] = f"{low:.{places}f}\N{EN DASH}{high:.{places}f}"
    return found
