"""The table of results for papers and notes: Markdown, or LaTeX with the rules of booktabs, each with a caption."""

from __future__ import annotations

from pathlib import Path

from lwf_gui import InputError, paths, untrusted
from lwf_gui.exports import final
from lwf_gui.exports.tables import as_latex, as_markdown, latex, markdown
from lwf_gui.messages import Finished
from lwf_gui.runs.interrupted import end_of
from lwf_gui.runs.metrics import PROTOCOL_HELP
from lwf_gui.runs.record import Record

_NEEDS = "% \\usepackage{booktabs}; names that are not Latin need XeLaTeX or LuaLaTeX.\n"


def write_markdown(record: Record, path: Path) -> None:
    """Write the table of results and its caption as Markdown.

    Raises
    ------
    InputError
        If no full test set was answered yet.
    OSError
        If the file cannot be written.
    """
    text = f"{as_markdown(*rows_of(record))}\n{markdown(caption(record))}\n"
    paths.write_text_atomically(path, text)


def write_latex(record: Record, path: Path) -> None:
    """Write the table of results as a LaTeX ``table`` with its caption, for papers to read in.

    Raises
    ------
    InputError
        If no full test set was answered yet.
    OSError
        If the file cannot be written.
    """
    lines = (
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{latex(caption(record))}}}",
        as_latex(*rows_of(record)) + r"\end{table}",
    )
    text = _NEEDS + "\n".join(lines) + "\n"
    paths.write_text_atomically(path, text)


def caption(record: Record) -> str:
    """Say on which images, under which protocols, from which seed and how the figures of the table were made."""
    data = record.data
    made = f"seed {data.recipe.seed}; {data.device}" if data is not None else ""
    help = " ".join(PROTOCOL_HELP.values())
    return untrusted.printable(f"Accuracies on {final.tested_on(record)}; {made}. {_unfinished(record)}{help}")


def _unfinished(record: Record) -> str:
    """Say of a run that did not come to its end how far it came, and when the figures were taken."""
    tested = record.evaluations[-1] if record.evaluations else None
    if isinstance(record.outcome, Finished) or tested is None:
        return ""
    ended = end_of(record) or "still in training"
    when = f"step {tested.step:,}, epoch {tested.epoch} of task {tested.task + 1}"
    return f"The run was {ended}; figures are of {when}. "


def rows_of(record: Record) -> tuple[final.Row, list[final.Row]]:
    """Return heading and rows of the table.

    Raises
    ------
    InputError
        If no full test set was answered yet.
    """
    heading, rows = final.table(record)
    if not rows:
        raise InputError("There are no results yet: the first come when the full test sets are answered.")
    return tuple(map(untrusted.printable, heading)), [tuple(map(untrusted.printable, row)) for row in rows]
