"""From logits to accuracies: pure functions, each formula once, under both protocols.

*Task-aware*: argmax among the classes of the image's own task, as with one head per task.
*Class-incremental*: argmax among all classes.
Output units are ordered old classes first, so ``old_classes`` is where the new ones begin.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import Accuracies, LearnerScore

Logits = NDArray[np.floating[Any]]
NO_ANSWER = -1
"""In place of an output unit, where a learner that diverged has no answer: its logits are NaN."""

Labels = NDArray[np.integer[Any]]
ProtocolName = Literal["task_aware", "class_incremental"]
PROTOCOLS: dict[ProtocolName, str] = {"task_aware": "task-aware", "class_incremental": "class-incremental"}
PROTOCOL_HELP: dict[ProtocolName, str] = {
    "task_aware": "Task-aware: the task of each image is known; argmax among that task's own classes.",
    "class_incremental": "Class-incremental: the task is not known; argmax among all classes, old and new.",
}


def predictions(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> NDArray[np.intp]:
    """Return the predicted output units, shape (..., N), of logits, shape (..., N, classes), or `NO_ANSWER`."""
    if logits.dtype == np.float16:  # processors compare float32, and would convert number by number
        logits = logits.astype(np.float32)
    taken: NDArray[np.intp]
    if protocol == "class_incremental":
        taken = np.argmax(logits, axis=-1)
    else:
        taken = np.argmax(logits[..., :old_classes], axis=-1)
        if logits.shape[-1] > old_classes:
            among_new = np.argmax(logits[..., old_classes:], axis=-1) + old_classes
            taken = np.where(labels < old_classes, taken, among_new)
    taken[np.isnan(logits).any(axis=-1)] = NO_ANSWER  # argmax would say the first class
    return taken


def fractions(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> NDArray[np.float64]:
    """Return the fractions correct on old-task and on new-task images; NaN without images, or without answers.

    Parameters
    ----------
    logits : shape (..., N, classes)
    labels : shape (N,), output units

    Returns
    -------
    float64, shape (..., 2)
    """
    taken = predictions(logits, labels, old_classes, protocol)
    correct = np.where(taken == NO_ANSWER, np.nan, taken == labels)
    tasks = np.stack([labels < old_classes, labels >= old_classes], axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore"):  # 0 of 0
        share: NDArray[np.float64] = correct @ tasks / tasks.sum(axis=0)
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
