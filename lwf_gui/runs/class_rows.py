"""Every class of a run: what each learner gets right of its probe images, and one of these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs.metrics import predictions
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class: its name, whether it is of an earlier task, and the percentage of its probe images got right."""

    unit: int
    name: str
    old: bool
    correct: dict[str, float]
    """By learner; of the teacher alone during the base task, and empty before there is an answer."""
    count: int


def class_rows(record: Record, selection: Selection) -> list[ClassRow]:
    """Return one row per class, in the order of the tasks, at the probe where one looks."""
    data, at = record.data, moment(record, selection.step)
    if data is None:
        return []
    counts = np.bincount(data.probe_labels, minlength=len(data.classes))
    percent: dict[str, NDArray[np.float64]] = {}
    if at is not None:
        predicted = predictions(at.logits, data.probe_labels, data.scenario, selection.protocol)
        for learner, correct in zip(at.learners, predicted == data.probe_labels, strict=True):
            hits = np.bincount(data.probe_labels, correct, len(data.classes))
            percent[learner] = 100 * hits / np.maximum(counts, 1)
    rows = []
    task = 0 if at is None else at.task
    old_classes, seen = len(data.scenario.earlier(max(task, 1))), data.scenario.seen(task)
    for unit, name in enumerate(data.classes):
        old = unit < old_classes
        correct = {learner: float(values[unit]) for learner, values in percent.items() if counts[unit] and unit < seen}
        rows.append(ClassRow(unit, name, old, correct, int(counts[unit])))
    return rows


def class_image(record: Record, unit: int) -> NDArray[np.uint8]:
    """Return a probe image of a class, shape (H, W); one dark pixel where there is none."""
    data = record.data
    if data is None or unit not in data.probe_labels:
        return np.zeros((1, 1), np.uint8)
    image: NDArray[np.uint8] = data.probe_images[data.first_image(unit)]
    return image
