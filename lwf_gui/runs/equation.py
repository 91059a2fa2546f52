"""The loss in numbers: what each learner minimised at a step, term by term, with the settings that made it.

The terms are those that the engine measured; nothing is computed again, so that whatever the engine gets wrong shows.
All of them are true nats: T**2, where it is switched on, is a factor of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lwf_gui.methods import method_of
from lwf_gui.protocol import TEACHER, TERMS, MiniBatch
from lwf_gui.recipe import Hyper
from lwf_gui.runs import views
from lwf_gui.runs.cursor import Look, moment, settings_of
from lwf_gui.runs.record import Record, Track

ALPHA, TIMES, MINUS = "\N{GREEK SMALL LETTER ALPHA}", "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"

TIPS = {
    "total": f"What each step makes smaller: total = CE + {ALPHA} T² (KL + H), without T² where it is switched off.",
    "ce": "Cross-entropy: how little the learner expects the new task's labels; "
    f"CE = mean of {MINUS}log softmax(z)[label].",
    "alpha": f"Weighs remembering against learning: total = CE + {ALPHA} T² (KL + H); 0 is fine-tuning.",
    "kd": "Distillation loss: how little the learner expects what the teacher believes of the old classes; "
    f"KD = KL + H = mean of {MINUS}Σ softmax(s/T) log softmax(z/T), s the teacher's logits, z the learner's.",
    "kl": f"How far the learner is from the teacher, 0 where it remembers exactly: KL = KD {MINUS} H.",
    "entropy": "The teacher's own entropy, what KD is for a learner that answers exactly as the teacher: "
    f"H = mean of {MINUS}Σ softmax(s/T) log softmax(s/T), at most the logarithm of the number of old classes.",
    "temperature": "Softens what teacher and learner believe, so that small beliefs count too: softmax(z/T). "
    "The factor T² keeps the size of the gradients when T changes; it is not part of KD, KL or H.",
    "update": "The length of the change of all weights in this step: ‖Δw‖.",
}
"""A sentence and a formula for every term."""


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's loss, in nats per image: total = CE + alpha * T**2 * KD, and KD = KL + the teacher's entropy.

    T**2 is 1 unless ``hyper.scale_t2``. ``hyper.alpha`` is 0 where the method does not
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
        """Whether the numbers add up, as they must if they are what was minimised."""
        added = self.ce + self.hyper.alpha * self.hyper.kd_factor * self.kd
        return bool(np.isclose(self.total, added, rtol=1e-3, atol=1e-3, equal_nan=True))


@dataclass(frozen=True, slots=True)
class Balance:
    """The losses of all learners.

    Attributes
    ----------
    rows : one per learner; before task 2 the teacher's, which has no KD
    step : steps since surgery at which one looks; negative or 0 in task 1
    trained : whether there are numbers yet
    old_classes, classes : how many
    batch : the parts of step ``last`` where it was trained in slow motion
    """

    rows: tuple[Row, ...]
    step: int
    trained: bool
    old_classes: int
    classes: int
    batch: MiniBatch | None

    @property
    def surgery(self) -> bool:
        """Whether there is a teacher to distil from."""
        return self.rows[0].learner != TEACHER


def balance(record: Record, look: Look) -> Balance | None:
    """Return the loss at the probe where one looks, as all panels do; None before the first step of all.

    The numbers are those of that very step. A step's loss is taken before its update, so step 0 shows the loss of the
    first step, and before that was trained there are settings but no numbers.
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
        return Balance(untrained, 0, False, old, every, None)
    step = _step(record, look, track)
    row = min(max(step, 1), track.steps)
    rows = tuple(
        Row(learner, **dict(zip(TERMS, map(float, numbers), strict=True)), hyper=acting_settings(record, learner, row))
        for learner, numbers in zip(track.started.learners, track.losses.values[row - 1], strict=True)
    )
    batch = record.batches.get(step) if track is record.task2 else None
    shift = track.started.steps if track is record.task1 else 0
    return Balance(rows, step - shift, True, old, every, batch)


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
    if term == "temperature":
        return f"{row.hyper.kd_factor:.4g}"
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
    squared = f" times T squared, {value(row, 'temperature')}," if row.hyper.scale_t2 else ""
    return (
        f"{name}: the total, {number(row.total)}, is the cross-entropy, {number(row.ce)}, plus alpha, "
        f"{value(row, 'alpha')},{squared} times the distillation loss, {number(row.kd)}; of that, "
        f"{number(row.kl)} is distance from the teacher and {number(row.entropy)} the teacher's own entropy."
    )


def caption(record: Record, look: Look) -> str:
    """Say what the numbers are: unit, images, data set and steps."""
    now = balance(record, look)
    if now is None or record.data is None:
        return ""
    if not now.surgery:
        where = f"{-now.step:,} steps before surgery" if now.step else "the last step before surgery"
    elif not now.trained:
        where = "no step trained yet"
    else:
        where = f"step {now.step:,}" if now.step else "step 0, before the first update"
    task = "new" if now.surgery else "old"
    return f"nats per training image (mini-batch) of the {task} task of {record.data.dataset}, {where}"


def _track(record: Record, look: Look) -> Track | None:
    """Return the phase that is looked at; task 1 only if it has steps, and one looks there or there is no other yet."""
    one = record.task1 if record.task1 is not None and record.task1.steps else None
    tracks = [track for track in (record.task2, one) if track is not None]
    if look.step is not None and look.step < 0:
        tracks.reverse()
    return tracks[0] if tracks else None


def _step(record: Record, look: Look, track: Track) -> int:
    """Return the step of a phase, counted from its beginning, at which all panels look; without a probe the newest."""
    at = moment(record, look.step)
    if at is not None and at.track is track:
        return at.probe.step
    shift = track.started.steps if track is record.task1 else 0
    return track.steps if look.step is None else min(max(look.step + shift, 1), track.steps)
