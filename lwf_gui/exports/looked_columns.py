"""Columns of what was looked at: accuracies on probe images and full test sets, layers, features, and what is stored.

Each has a value at the steps of its looks alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.exports.columns import Column, Rows, Values, accuracy, is_base
from lwf_gui.messages import FORCES, ClassMeans, Evaluated, LayerProbe, LearnerScore, ProtocolName, Representation
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import layer_names

_FORCE_UNITS = dict(
    zip(FORCES, ("L2 norm of the gradient of CE", "L2 norm of the gradient of KD", "-1 to 1"), strict=True)
)
"""Of the columns of a layer's pull; the second is that of T^2 KD where that switch is on, and always before alpha."""

Look = LayerProbe | ClassMeans | Representation


def columns(record: Record) -> list[Column]:
    """Return the columns of all looks that a run has."""
    return [*_probes(record), *_layers(record), *_features(record), *_class_means(record), *_tests(record)]


def _probes(record: Record) -> list[Column]:
    assert record.data is not None, "only of a run that has data"
    return _accuracies("probe", record.data.probe_sizes, _probed, ("accuracy_of_shown_teacher", _teacher))


def _accuracies(
    images: str,
    sizes: Sequence[int],
    values: Callable[[int, int, ProtocolName, Rows], Values],
    teacher: tuple[str, Callable[[int, int, Rows], Values]],
) -> list[Column]:
    """Return the columns of accuracies on each task's images, and of a teacher, which knows all but the last task."""
    kinds = [(task, size, protocol) for protocol in PROTOCOLS for task, size in enumerate(sizes)]
    name, of_teacher = teacher
    return [
        *(accuracy("accuracy", images, task, size, by, partial(values, task, size, by)) for task, size, by in kinds),
        *(
            accuracy(name, images, task, size, "task_aware", partial(of_teacher, task, size))
            for task, size in enumerate(sizes[:-1])
        ),
    ]


def _probed(task: int, size: int, protocol: ProtocolName, rows: Rows) -> Values:
    found = rows.filled(np.nan, np.float64)
    if task > rows.task:  # not there yet
        return found
    which, at = rows.looks(rows.track.probe_steps.values)
    found[at] = _fractions(rows.track.right[protocol].values[which][..., task], size)
    return found


def _teacher(task: int, size: int, rows: Rows) -> Values:
    found = rows.filled(np.nan, np.float64)
    if is_base(rows) or task >= rows.task:
        return found
    which, at = rows.looks(rows.track.probe_steps.values)
    counts = rows.track.teacher_right.values
    if len(counts) == len(rows.track.probe_steps):
        found[at] = _fractions(counts[which, task], size)[:, None]
    return found


def _fractions(counts: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    return np.where(counts == NO_ANSWER, np.nan, counts / max(size, 1))


def _layers(record: Record) -> list[Column]:
    if not record.layers:
        return []
    names, found = layer_names(record, record.layers[0].moved.shape[1]), []
    for layer, name in enumerate(names):
        for force, what in enumerate(FORCES):
            take = partial(_of_layer, layer, force)
            found.append(Column(f"pull_{what}_{name}", _FORCE_UNITS[what], partial(_looked, "layers", take)))
        unit = "L2 distance from the head expansion, relative"
        found.append(Column(f"moved_{name}", unit, partial(_looked, "layers", partial(_of_moved, layer))))
    return found


def _of_layer(layer: int, force: int, probe: LayerProbe) -> NDArray[Any]:
    return probe.forces[:, layer, force]


def _of_moved(layer: int, probe: LayerProbe) -> NDArray[Any]:
    return probe.moved[:, layer]


def _features(record: Record) -> list[Column]:
    """Return the columns of linear CKA with what each learner's network was as its task began, by hidden layer."""
    if not record.representations:
        return []
    hidden = next(iter(record.representations.values())).cka.shape[1]
    names = layer_names(record, hidden + 1)[:hidden]
    unit = "0 to 1, linear CKA with the teacher on old images"
    return [
        Column(f"cka_{name}", unit, partial(_looked, "representations", partial(_of_cka, layer)))
        for layer, name in enumerate(names)
    ]


def _of_cka(layer: int, seen: Representation) -> NDArray[Any]:
    return seen.cka[:, layer]


def _class_means(record: Record) -> list[Column]:
    """Return how far the means that a head keeps of classes are from those of the features, by class."""
    if not record.means or record.data is None:
        return []
    unit = "spreads, distance of the kept mean from that of the features"
    return [
        Column(
            f"mean_apart_class_{unit_of + 1}", f"{unit}, {name}", partial(_looked, "means", partial(_apart, unit_of))
        )
        for unit_of, name in enumerate(record.data.classes)
    ]


def _apart(unit: int, means: ClassMeans) -> NDArray[Any]:
    return means.apart[:, unit]


def _looked(kind: str, take: Callable[[Any], NDArray[Any]], rows: Rows) -> Values:
    """Return a column of the looks of one kind, of which ``take`` gives the learners' values."""
    found = rows.filled(np.nan, np.float32)
    if is_base(rows):
        return found
    kept = getattr(rows.record, kind)
    looks: Sequence[Look] = list(kept.values()) if isinstance(kept, dict) else kept
    which, at = rows.looks(np.array([look.step for look in looks], np.int64))
    for index, row in zip(which, at, strict=True):
        found[row] = take(looks[index])
    return found


def _tests(record: Record) -> list[Column]:
    assert record.data is not None, "only of a run that has data"
    return [
        *_accuracies("test", record.data.test_sizes, _tested, ("accuracy_of_own_teacher", _own_teacher)),
        Column("stored_bytes", "bytes beside network and teacher", partial(_scored, lambda score: score.stored_bytes)),
        Column("seconds_per_image", "s per training image", partial(_scored, lambda score: score.seconds or np.nan)),
    ]


def _tested(task: int, size: int, protocol: ProtocolName, rows: Rows) -> Values:
    if is_base(rows):
        return _of_base(task, size, protocol, rows)
    return _scored(lambda score: _share(score.under(protocol), task, size), rows)


def _of_base(task: int, size: int, protocol: ProtocolName, rows: Rows) -> Values:
    """Return what the first teacher gets right of the base task, once it is trained: the same under both protocols."""
    found, teacher = rows.filled(np.nan, np.float64), rows.record.teacher
    if task == 0 and teacher is not None and rows.last == rows.track.started.steps:
        found[-1] = teacher.right / max(size, 1)
    return found


def _own_teacher(task: int, size: int, rows: Rows) -> Values:
    return _scored(lambda score: _share(score.teacher, task, size), rows)


def _share(right: Sequence[int], task: int, size: int) -> float:
    return right[task] / max(size, 1) if task < len(right) else float("nan")


def _scored(take: Callable[[LearnerScore], float], rows: Rows) -> Values:
    """Return a column of the full tests: that of a task's end is its own, that of epoch 0 the beginning one's."""
    found = rows.filled(np.nan, np.float64)
    for told in _of_task(rows):
        for place, name in enumerate(rows.learners):
            if name in told.scores:
                found[told.step - rows.first, place] = take(told.scores[name])
    return found


def _of_task(rows: Rows) -> list[Evaluated]:
    tests = () if is_base(rows) else rows.record.evaluations
    return [told for told in tests if told.task == rows.task and rows.first <= told.step <= rows.last]
