"""From logits to accuracies: pure functions, each formula once, under both protocols.

*Task-aware*: argmax among the classes of the image's own task, as with one head per task.
*Class-incremental*: argmax among all classes.
Output units are ordered old classes first, so ``old_classes`` is where the new ones begin.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui.protocol import Accuracies, LearnerScore

Logits = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]
ProtocolName = Literal["task_aware", "class_incremental"]
PROTOCOLS: dict[ProtocolName, str] = {"task_aware": "task-aware", "class_incremental": "class-incremental"}
PROTOCOL_HELP: dict[ProtocolName, str] = {
    "task_aware": "Task-aware: the task of each image is known; argmax among that task's own classes.",
    "class_incremental": "Class-incremental: the task is not known; argmax among all classes, old and new.",
}


def predictions(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> NDArray[np.intp]:
    """Return the predicted output units, shape (..., N), of logits, shape (..., N, classes)."""
    if logits.dtype == np.float16:  # processors compare float32, and would convert number by number
        logits = logits.astype(np.float32)
    if protocol == "class_incremental":
        among_all: NDArray[np.intp] = np.argmax(logits, axis=-1)
        return among_all
    among_old: NDArray[np.intp] = np.argmax(logits[..., :old_classes], axis=-1)
    if logits.shape[-1] == old_classes:
        return among_old
    among_new = np.argmax(logits[..., old_classes:], axis=-1) + old_classes
    return np.where(labels < old_classes, among_old, among_new)


def fractions(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> NDArray[np.float64]:
    """Return the fractions correct on old-task and on new-task images; NaN for a task without images.

    Parameters
    ----------
    logits : shape (..., N, classes)
    labels : shape (N,), output units

    Returns
    -------
    float64, shape (..., 2)
    """
    correct = predictions(logits, labels, old_classes, protocol) == labels
    tasks = np.stack([labels < old_classes, labels >= old_classes], axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore"):  # 0 of 0
        share: NDArray[np.float64] = correct.astype(np.float64) @ tasks / tasks.sum(axis=0)
    return share


def accuracies(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> Accuracies:
    """Return `fractions` of one network, logits of shape (N, classes)."""
    old, new = fractions(logits, labels, old_classes, protocol).tolist()
    return Accuracies(old, new)


def score(logits: Logits, labels: Labels, old_classes: int, teacher_old: float) -> LearnerScore:
    """Return a learner's accuracies under both protocols, with its teacher's on the old task."""
    return LearnerScore(
        task_aware=accuracies(logits, labels, old_classes, "task_aware"),
        class_incremental=accuracies(logits, labels, old_classes, "class_incremental"),
        teacher_old=teacher_old,
    )
