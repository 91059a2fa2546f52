"""The loss in numbers: what each learner minimised at a step, term by term, with the settings that made it.

The terms are those that the engine measured; nothing is computed again, so that whatever the engine gets wrong shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lwf_gui.methods import method_of
from lwf_gui.protocol import TEACHER, TERMS, MiniBatch
from lwf_gui.recipe import Hyper
from lwf_gui.runs import views
from lwf_gui.runs.cursor import Look, settings_of
from lwf_gui.runs.record import Record, Track

ALPHA, TIMES, MINUS = "\N{GREEK SMALL LETTER ALPHA}", "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"

TIPS = {
    "total": f"What each step makes smaller: total = CE + {ALPHA} {TIMES} KD.",
    "ce": "Cross-entropy: how little the learner expects the new task's labels; "
    f"CE = mean of {MINUS}log softmax(z)[label].",
    "alpha": f"Weighs remembering against learning: total = CE + {ALPHA} {TIMES} KD; 0 is fine-tuning.",
    "kd": "Distillation loss: how little the learner expects what the teacher believes of the old classes; "
    f"KD = mean of {MINUS}Σ softmax(s/T) log softmax(z/T), s the teacher's logits, z the learner's.",
    "kl": f"How far the learner is from the teacher, 0 where it remembers exactly: KL = KD {MINUS} H.",
    "entropy": "The teacher's own entropy, what KD is for a learner that answers exactly as the teacher: "
    f"H = mean of {MINUS}Σ softmax(s/T) log softmax(s/T).",
    "temperature": "Softens what teacher and learner believe, so that small beliefs count too: softmax(z/T). "
    "The factor T² keeps the gradients' size; KD, KL and H all have it.",
    "update": "The length of the change of all weights in this step: ‖Δw‖.",
}
"""A sentence and a formula for every term."""


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's loss, in nats per image: total = CE + alpha * KD, and KD = KL + the teacher's entropy.

    KD, KL and the entropy are times T**2 where ``hyper.scale_t2``. ``hyper.alpha`` is 0 where the method does not
    distil: KD is then measured, but nothing follows from it. All are NaN for a learner that has not been trained yet.
    """

    learner: str
    ce: float
    kd: float
    kl: float
    total: float
    hyper: Hyper

    @property
    def entropy(self) -> float:
        """What KD would be for a learner that answers exactly as the teacher."""
        return self.kd - self.kl

    @property
    def exact(self) -> bool:
        """Whether the numbers add up: means over steps between which alpha changed do not."""
        return bool(np.isclose(self.total, self.ce + self.hyper.alpha * self.kd, rtol=1e-3, atol=1e-3, equal_nan=True))


@dataclass(frozen=True, slots=True)
class Balance:
    """The losses of all learners.

    Attributes
    ----------
    rows : one per learner; before task 2 the teacher's, which has no KD
    first, last : steps since surgery that the numbers are means of; negative or 0 in task 1; 0 at surgery
    old_classes, classes : how many
    batch : the parts of step ``last`` where it was trained in slow motion
    """

    rows: tuple[Row, ...]
    first: int
    last: int
    old_classes: int
    classes: int
    batch: MiniBatch | None

    @property
    def surgery(self) -> bool:
        """Whether there is a teacher to distil from."""
        return self.rows[0].learner != TEACHER


def balance(record: Record, look: Look) -> Balance | None:
    """Return the loss where one looks; None before the first step of all.

    At surgery, before the learners' first step, there are settings but no numbers yet. Later, live they are the means
    that the loss curves end with; at a chosen step, or one that was trained in slow motion, that very step's. A step's
    loss is taken before its update, so step 0 shows the loss of step 1.
    """
    track = _track(record, look)
    if track is None or record.data is None:
        return None
    old, every = record.data.old_classes, len(record.data.classes)
    if not track.steps:
        unknown = dict.fromkeys(TERMS, math.nan)
        untrained = tuple(
            Row(learner, **unknown, hyper=acting_settings(record, learner, None)) for learner in track.started.learners
        )
        return Balance(untrained, 0, 0, old, every, None)
    shift = track.started.steps if track is record.task1 else 0
    last = track.steps if look.step is None else min(max(look.step + shift, 1), track.steps)
    batch = record.batches.get(last) if track is record.task2 else None
    first, terms = last, track.losses.values[last - 1]
    if look.live and batch is None:
        first, terms = _newest_mean(track)
    rows = tuple(
        Row(learner, **dict(zip(TERMS, map(float, numbers), strict=True)), hyper=acting_settings(record, learner, last))
        for learner, numbers in zip(track.started.learners, terms, strict=True)
    )
    return Balance(rows, first - shift, last - shift, old, every, batch)


def acting_settings(record: Record, learner: str, step: int | None) -> Hyper:
    """Return the settings that made a step of a learner, None for those that will make its next one.

    Alpha is what acts: 0 where the method does not distil.
    """
    hyper, method = settings_of(record, learner, step), method_of(learner)
    assert hyper is not None, "losses come after the data"
    return hyper if method is not None and method.distils else replace(hyper, alpha=0.0)


def value(row: Row, term: str) -> str:
    """Return a term's number as it is written; nothing of what has none."""
    if term == "alpha":
        return f"{row.hyper.alpha:.3g}"
    return number(getattr(row, term)) if term in ("total", "ce", "kd", "kl", "entropy") else ""


def number(value: float, digits: int = 3) -> str:
    """Return a number with that many digits after the point, fewer where there are many before it; a dash for NaN."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞"
    if abs(value) >= 1e5:
        return f"{value:.2g}"
    before = len(str(int(abs(value))))
    text = f"{value:.{max(0, digits + 1 - before)}f}"
    return text.replace("-", MINUS) if text.strip("-0.") else text.lstrip("-")


def spoken(row: Row) -> str:
    """Say a row in words."""
    name = views.label_of(row.learner)
    if math.isnan(row.total):
        return f"{name}: no loss, not trained; alpha is {value(row, 'alpha')}."
    if row.learner == TEACHER:
        return f"{name}: the total, {number(row.total)}, is the cross-entropy."
    return (
        f"{name}: the total, {number(row.total)}, is the cross-entropy, {number(row.ce)}, plus alpha, "
        f"{value(row, 'alpha')}, times the distillation loss, {number(row.kd)}; of that, {number(row.kl)} is distance "
        f"from the teacher and {number(row.entropy)} the teacher's own entropy."
    )


def caption(record: Record, look: Look) -> str:
    """Say what the numbers are: unit, images, data set and steps."""
    now = balance(record, look)
    if now is None or record.data is None:
        return ""
    if now.surgery and not now.last:
        where = "no step trained yet"
    elif now.surgery:
        where = f"step {now.last:,}" if now.first == now.last else f"mean of steps {now.first:,} to {now.last:,}"
    else:
        where = "before surgery"
    task = "new" if now.surgery else "old"
    return f"nats per image, training images of the {task} task of {record.data.dataset}, {where}"


def _track(record: Record, look: Look) -> Track | None:
    """Return the phase that is looked at; task 1 only if it has steps, and one looks there or there is no other yet."""
    one = record.task1 if record.task1 is not None and record.task1.steps else None
    tracks = [track for track in (record.task2, one) if track is not None]
    if look.step is not None and look.step < 0:
        tracks.reverse()
    return tracks[0] if tracks else None


def _newest_mean(track: Track) -> tuple[int, list[list[float]]]:
    """Return the first step of the last point of the loss curves, and its losses by learner and term."""
    ends, means = views.mean_losses(track)
    return int(ends[-2]) + 1 if len(ends) > 1 else 1, means[-1].tolist()
