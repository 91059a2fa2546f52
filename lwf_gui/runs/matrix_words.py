"""What the cells of an accuracy matrix say under the mouse and to a screen reader. Pure functions of the matrices."""

from __future__ import annotations

import math

from lwf_gui.numbers import UNKNOWN
from lwf_gui.runs import shown
from lwf_gui.runs.matrix import Matrices, Matrix
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of


def share_text(matrix: Matrix, after: int, on: int) -> str:
    """Return an accuracy in percent as it is shown, without its unit; `UNKNOWN` where there is none."""
    share = matrix.accuracy(after, on)
    return UNKNOWN if math.isnan(share) else shown.digits(share, int(matrix.total[on]))


def average_text(matrix: Matrix, after: int) -> str:
    """Return an average accuracy, likewise, with the digits that the smallest of its tasks supports."""
    share = matrix.average(after)
    return UNKNOWN if math.isnan(share) else shown.digits(share, int(matrix.total[: after + 1].min()))


def forgetting_text(matrix: Matrix, on: int | None) -> str:
    """Return the forgetting of a task in points, or, of None, the mean one; `UNKNOWN` where there is none."""
    value = matrix.mean_forgetting() if on is None else matrix.forgetting(on)
    images = int(matrix.total.min() if on is None else matrix.total[on])
    return UNKNOWN if math.isnan(value) else shown.digits(value, images)


def cell_tip(figures: Matrices, learner: str, after: int, on: int) -> str:
    """Say one cell: of how many images how many are right."""
    matrix, protocol = figures.of(learner), PROTOCOLS[figures.protocol]
    when, which = _when(figures, after), f"task {on + 1} ({', '.join(figures.tasks[on])})"
    if on > after:
        return f"{label_of(learner)} {when}: {which} has not been learnt yet"
    if math.isnan(matrix.accuracy(after, on)):
        return f"{label_of(learner)} {when}, on {which}: no figures yet, or it has diverged"
    count, total = int(matrix.right[after, on]), int(matrix.total[on])
    first = "; all learners begin as this teacher" if after == 0 else ""
    share = shown.percent(matrix.accuracy(after, on), total)
    return f"{label_of(learner)} {when}, on {which}: {count:,} of {total:,} right, {share}, {protocol}{first}"


def average_tip(figures: Matrices, learner: str, after: int) -> str:
    """Say an average accuracy and how it is taken."""
    text, protocol = average_text(figures.of(learner), after), PROTOCOLS[figures.protocol]
    said = "no figures yet" if text == UNKNOWN else f"{text} %, the plain mean over the tasks learnt so far, {protocol}"
    return f"{label_of(learner)} {_when(figures, after)}, average accuracy: {said}"


def forgetting_tip(figures: Matrices, learner: str, on: int | None) -> str:
    """Say what was forgotten of a task, or, of None, on average, and how that is taken."""
    matrix, protocol = figures.of(learner), PROTOCOLS[figures.protocol]
    text = forgetting_text(matrix, on)
    if on is None:
        of = "mean forgetting"
        how = "the mean over all tasks but the last one learnt"
    else:
        of = f"forgetting of task {on + 1} ({', '.join(figures.tasks[on])})"
        how = "its best accuracy after an earlier task, less the one now"
    said = "nothing to forget yet" if text == UNKNOWN else f"{text} points: {how}, {protocol}"
    return f"{label_of(learner)}, {of}: {said}"


def learner_sentence(figures: Matrices, learner: str) -> str:
    """Say what a matrix comes to: the average accuracy and the mean forgetting after the last task learnt."""
    matrix = figures.of(learner)
    last = matrix.learnt - 1
    if last < 0:
        return f"{label_of(learner)} has no figures"
    lost = forgetting_text(matrix, None)
    said = f"{label_of(learner)} {_when(figures, last)}: average accuracy {average_text(matrix, last)} %"
    return said if lost == UNKNOWN else f"{said}, mean forgetting {lost} points"


def _when(figures: Matrices, after: int) -> str:
    """Return "after task 2", or while that is being learnt, how far it is."""
    return f"in {figures.where}" if after == figures.under_way else f"after task {after + 1}"
