"""Soft targets of one image at three temperatures side by side: what the teacher believes, and who still believes it.

Distillation sees new images alone. So the image is a new one unless another one was asked for: that of which the
teacher is least sure among the first of each new class, for it says most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lwf_gui.messages import DataReady
from lwf_gui.methods import method_of
from lwf_gui.runs.captions import image_name, when
from lwf_gui.runs.equation import acting_settings
from lwf_gui.runs.metrics import Labels, Logits
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.soft_targets import SoftTargets, chosen_image, log_softmax, soft_targets

TEMPERATURES = (1.0, 2.0, 5.0)
"""What is shown side by side: the answers as they are, the paper's T, and a larger one."""


@dataclass(frozen=True, slots=True)
class Temperatures:
    """One image at each of `TEMPERATURES`.

    Attributes
    ----------
    columns : its soft targets, by T
    in_loss : the T at which learners are compared with the teacher in training; NaN where none is, or they differ
    """

    columns: tuple[SoftTargets, ...]
    in_loss: float = math.nan

    @property
    def plain(self) -> SoftTargets:
        """The soft targets at T = 1: the answers as they are."""
        return self.columns[0]


def temperatures(record: Record, selection: Selection) -> Temperatures | None:
    """Return the chosen image's soft targets at each temperature; None where there are none."""
    columns = [soft_targets(record, replace(selection, temperature=each)) for each in TEMPERATURES]
    known = tuple(column for column in columns if column is not None)
    return Temperatures(known, _in_loss(record, selection)) if len(known) == len(columns) else None


def _in_loss(record: Record, selection: Selection) -> float:
    """Return the one temperature at which learners that distil do so where one looks."""
    at = moment(record, selection.step)
    if at is None or at.track is not record.incremental:
        return math.nan
    distilling = [name for name in learners_of(record) if (row := method_of(name)) is not None and row.distils]
    found = {acting_settings(record, name, max(at.step, 1)).temperature for name in distilling}
    return found.pop() if len(found) == 1 else math.nan


def story_image(record: Record, selection: Selection) -> int:
    """Return the new image that says most where one looks; the chosen one where there is no new one."""
    data, at = record.data, moment(record, selection.step)
    if data is None:
        return selection.image
    if at is None:
        return chosen_image(data, selection.image)
    units = data.scenario.units(max(at.task, 1))
    images = np.flatnonzero(np.isin(data.probe_labels, units))
    if not len(images):
        return chosen_image(data, selection.image)
    return least_sure(data, _teacher(at)[:, : units.start], data.probe_labels[images])


def _teacher(at: Moment) -> Logits:
    """Return what the teacher says of all probe images; in the base task what it has learnt so far."""
    logits: Logits = at.logits[0] if at.probe.teacher is None else at.probe.teacher
    return logits.astype(np.float32)


def least_sure(data: DataReady, logits: Logits, labels: Labels) -> int:
    """Return the image, among the first of each of these classes, of which a network is least sure.

    ``logits``, shape (P, classes), are what it says of every probe image.
    """
    firsts = [data.first_image(unit) for unit in dict.fromkeys(labels.tolist())]
    sure = log_softmax(logits[firsts], 1.0).max(-1)
    return firsts[int(np.argmin(sure))]


def captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what the bars are, from the longest to the shortest way; nothing without a probe."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None:
        return ()
    image, step = image_name(data, chosen_image(data, selection.image)), when(at, record)
    softmax = f"softmax over the {len(data.scenario.earlier(max(at.task, 1)))} old classes"
    values = ", ".join(f"{each:g}" for each in TEMPERATURES)
    return (
        f"percent, {softmax} at T = {values}, {image} of {data.dataset}, {step}",
        f"percent, {softmax} at T = {values}, {image}, {step}",
        f"percent, {softmax} at T = {values}, {step}",
        f"%, {softmax} at T = {values}",
        f"%, softmax at T = {values}",
        f"%, softmax, T = {values}",
    )
