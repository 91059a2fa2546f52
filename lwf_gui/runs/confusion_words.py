"""What is said of confusion matrices: what is counted, how often each learner is right, and its frequent mistakes."""

from __future__ import annotations

from lwf_gui.runs.captions import probe_captions
from lwf_gui.runs.confusion import Matrices
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

HOW = "Row: the true class. Column: what it is taken for. Framed: right. In percent of the row"
"""How a matrix is read; a sentence without its full stop."""

TOLD = 2
"""Mistakes of a learner that are told in a sentence."""


def captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Return what is counted, from the longest to the shortest wording."""
    said = probe_captions(record, selection)
    whole = (f"Percent of each true class; {each}" for each in said[:4])
    return (*whole, *(f"% of each class; {each}" for each in said[3:5]), *(f"%; {each}" for each in said[4:]))


def sentence(figures: Matrices) -> str:
    """Say how often each learner is right, and its most frequent mistakes."""
    return "; ".join(said(figures, learner, TOLD) for learner in figures.learners) + "."


def said(figures: Matrices, learner: str, most: int) -> str:
    """Say how often a learner is right, and so many of its mistakes at most."""
    right = f"{label_of(learner)} gets {figures.right(learner):,} of {len(figures.images):,} right"
    mistakes = []
    for cell in figures.mistakes(learner, most):
        count, total = figures.count(cell)
        much = f"all {total}" if count == total else "most" if 2 * count > total else f"{count} of {total}"
        of = f" ({count} of {total})" if much == "most" else ""
        mistakes.append(f"{much} {figures.classes[cell.true]} images{of} for {figures.classes[cell.taken]}")
    return f"{right}, and takes {', '.join(mistakes)}" if mistakes else right


def cell_text(share: float) -> str:
    """Return what stands in a cell that has images: the share of the row in whole percents, without the unit."""
    return f"{share:.0f}" if share >= 0.5 else "<1"
