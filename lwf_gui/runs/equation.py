"""The loss in numbers: what each learner minimised at a step, term by term, with the settings that made it.

The terms are those that the engine measured; nothing is computed again, so that whatever the engine gets wrong shows.
All of them are true nats: T**2, where it is switched on, is a factor of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from lwf_gui.messages import TEACHER, TERMS, MiniBatch
from lwf_gui.methods import method_of
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs import views
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, settings_of
from lwf_gui.runs.track import Track
from lwf_gui.scenario import Scenario

ALPHA, TIMES, MINUS = "\N{GREEK SMALL LETTER ALPHA}", "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"

LARGE = 1e5
"""From here on two digits and a power of ten are written."""

MOST_PLACES = 9
"""Digits after the point at most."""

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

    T**2 is 1 unless ``live_settings.scale_t2``. ``live_settings.alpha`` is 0 where the method does not
    distil: KD is then measured, but nothing follows from it. All are NaN for a learner that has not been trained yet.
    """

    learner: str
    ce: float
    kd: float
    kl: float
    total: float
    live_settings: LiveSettings
    others: Mapping[str, float] = field(default_factory=dict)
    """Terms that are not LwF's, by name."""

    @property
    def distance(self) -> bool:
        """Whether the distance from the teacher is among the terms: else nothing is known of KD, KL and H."""
        return not self.others and not math.isnan(self.kd)

    @property
    def entropy(self) -> float:
        """What KD would be for a learner that answers exactly as the teacher."""
        return self.kd - self.kl

    @property
    def exact(self) -> bool:
        """Whether the numbers add up, as they must if they are what was minimised."""
        added = self.ce + self.live_settings.alpha * self.live_settings.kd_factor * self.kd
        return bool(np.isclose(self.total, added, rtol=1e-3, atol=1e-3, equal_nan=True))


@dataclass(frozen=True, slots=True)
class Balance:
    """The losses of all learners.

    Attributes
    ----------
    rows : one per learner; in the base task the teacher's, which has no KD
    step : steps since the head expansion at which one looks; negative or 0 in the base task
    trained : whether there are numbers yet
    old_classes, classes : how many: of the earlier tasks, and of all tasks so far
    batch : the parts of step ``last`` where it was trained in slow motion
    """

    rows: tuple[Row, ...]
    step: int
    trained: bool
    old_classes: int
    classes: int
    batch: MiniBatch | None

    @property
    def expanded(self) -> bool:
        """Whether there is a teacher to distil from."""
        return self.rows[0].learner != TEACHER


def balance(record: Record, selection: Selection) -> Balance | None:
    """Return the loss at the probe where one looks, as all panels do; None before the first step of all.

    The numbers are those of that very step. A step's loss is taken before its update, so step 0 shows the loss of the
    first step, and before that was trained there are settings but no numbers.
    """
    track = _track(record, selection)
    if track is None or record.data is None:
        return None
    old, every = _class_counts(record.data.scenario, track, 0)
    if not track.steps:
        untrained = tuple(
            _row(learner, {}, acting_settings(record, learner, None)) for learner in track.started.learners
        )
        return Balance(untrained, 0, False, old, every, None)
    step = _step(record, selection, track)
    old, every = _class_counts(record.data.scenario, track, step)
    row = min(max(step, 1), track.steps)
    rows = tuple(
        _row(
            learner,
            dict(zip(track.started.columns, map(float, numbers), strict=True)),
            acting_settings(record, learner, row),
        )
        for learner, numbers in zip(track.started.learners, track.losses.values[row - 1], strict=True)
    )
    batch = record.batches.get(step) if track is record.incremental else None
    shift = track.started.steps if track is record.base else 0
    return Balance(rows, step - shift, True, old, every, batch)


def _class_counts(scenario: Scenario, track: Track, step: int) -> tuple[int, int]:
    """Return how many classes are old at a step, and how many there are at the loss that it shows.

    The loss of a boundary's step is that of the last step before it, except at the very beginning.
    """
    task = max(1, track.started.task_at(max(step - 1, 0)))
    return len(scenario.earlier(task)), scenario.seen(task)


def _row(learner: str, numbers: Mapping[str, float], live_settings: LiveSettings) -> Row:
    """Return a row of named terms; those of LwF that are not there are NaN, others that have no number are left out."""
    known = {term: numbers.get(term, math.nan) for term in TERMS}
    others = {term: told for term, told in numbers.items() if term not in TERMS and not math.isnan(told)}
    return Row(learner, **known, live_settings=live_settings, others=others)


def acting_settings(record: Record, learner: str, step: int | None) -> LiveSettings:
    """Return the settings that made a step of a learner, None for those that will make its next one.

    Alpha is what acts: 0 where the method does not distil. So is what a method holds fixed.
    """
    live_settings, method = settings_of(record, learner, step), method_of(learner)
    assert live_settings is not None, "losses come after the data"
    if method is not None and method.fixed:
        live_settings = replace(live_settings, **dict[str, Any](method.fixed))
    return live_settings if method is not None and method.distils else replace(live_settings, alpha=0.0)


def value(row: Row, term: str) -> str:
    """Return a term's number as it is written; nothing of what has none."""
    return _written(row).get(term, "")


def adds_up(row: Row) -> bool:
    """Whether the numbers as they are written make the total as it is written; they are all dashes without a step."""
    return not math.isfinite(row.total) or not row.distance or (row.exact and _sum(row, _parts(row)) is not None)


def _written(row: Row) -> dict[str, str]:
    """Return every number of a row as it is written: the parts give the total, digit by digit, where they are exact."""
    texts = _parts(row)
    added = _sum(row, texts)
    texts["kd"] = number(row.kd)
    if all(abs(part) < LARGE for part in (row.kl, row.entropy)):
        texts["kd"] = f"{_decimal(texts['kl']) + _decimal(texts['entropy']):f}".replace("-", MINUS)
    texts["total"] = number(row.total if added is None or not row.exact else float(added))
    return texts


def _parts(row: Row) -> dict[str, str]:
    """Return the parts as they are written: KL and H with the digits that their factor brings into sight."""
    alpha, squared = f"{row.live_settings.alpha:.6g}", f"{row.live_settings.kd_factor:.6g}"
    factor = row.live_settings.alpha * row.live_settings.kd_factor
    places = _places(row.total) + (math.ceil(math.log10(2 * factor)) if 0.5 < factor < math.inf else 0)
    kl, entropy = (_precise(part, places) for part in (row.kl, row.entropy))
    return {"ce": number(row.ce), "alpha": alpha, "temperature": squared, "kl": kl, "entropy": entropy}


def _sum(row: Row, texts: dict[str, str]) -> Decimal | None:
    """Return what the written parts make; None if that is not the total, or if some are no numbers."""
    factors = (row.live_settings.alpha, row.live_settings.kd_factor)
    if not all(map(math.isfinite, (row.total, row.ce, row.kl, row.entropy, *factors))):
        return None
    parts = {term: _decimal(text) for term, text in texts.items()}
    added = parts["ce"] + parts["alpha"] * parts["temperature"] * (parts["kl"] + parts["entropy"])
    last = 10.0 ** -_places(row.total) if abs(row.total) < LARGE else 0.1 * abs(row.total)
    return added if abs(float(added) - row.total) <= 1.5 * last else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(MINUS, "-"))


def _places(value: float) -> int:
    """Return how many digits `number` writes after the point."""
    return len(number(value).partition(".")[2]) if math.isfinite(value) and abs(value) < LARGE else 0


def _precise(value: float, places: int) -> str:
    """Return a number as `number` does, but with at least so many digits after the point."""
    if not math.isfinite(value) or abs(value) >= LARGE:
        return number(value)
    return _signed(f"{value:.{max(_places(value), min(places, MOST_PLACES))}f}")


def number(value: float, digits: int = 3) -> str:
    """Return a number with that many digits after the point, fewer where there are many before it; a dash for NaN."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞"
    if abs(value) >= LARGE:
        return f"{value:.2g}"
    before = len(str(int(abs(value))))
    return _signed(f"{value:.{max(0, digits + 1 - before)}f}")


def _signed(text: str) -> str:
    return text.replace("-", MINUS) if text.strip("-0.") else text.lstrip("-")


def spoken(row: Row) -> str:
    """Say a row in words."""
    name = views.label_of(row.learner)
    if math.isnan(row.total):
        return f"{name}: no loss, not trained; alpha is {value(row, 'alpha')}."
    if row.learner == TEACHER:
        return f"{name}: the total, {number(row.total)}, is the cross-entropy."
    if not row.distance:
        parts = {**({} if math.isnan(row.ce) else {"ce": row.ce}), **row.others}
        told = ", ".join(f"{'CE' if term == 'ce' else term} {number(part)}" for term, part in parts.items())
        return f"{name}: the total, {number(row.total)}, is made of {told}."
    squared = f" times T squared, {value(row, 'temperature')}," if row.live_settings.scale_t2 else ""
    said = _written(row)
    return (
        f"{name}: the total, {said['total']}, is the cross-entropy, {said['ce']}, plus alpha, "
        f"{said['alpha']},{squared} times the distillation loss, {said['kd']}; of that, "
        f"{said['kl']} is distance from the teacher and {said['entropy']} the teacher's own entropy."
    )


def caption(record: Record, selection: Selection) -> str:
    """Say what the numbers are: unit, images, data set and steps."""
    return next(iter(captions(record, selection)), "")


def captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what the numbers are, from the longest to the shortest way; nothing before the first step."""
    now = balance(record, selection)
    if now is None or record.data is None:
        return ()
    if not now.expanded:
        where = f"{-now.step:,} steps before head expansion" if now.step else "the last step before head expansion"
    elif not now.trained:
        where = "no step trained yet"
    else:
        where = f"step {now.step:,}" if now.step else "step 0, before the first update"
    task = "the new task" if now.expanded else "the old task"
    said = where  # the shorter ways name the task only of many
    if now.expanded and record.data.scenario.tasks > 2:  # at a boundary the one that ends
        task = f"task {record.data.scenario.task_of_unit(now.old_classes) + 1}"
        said = f"{task}, {where}"
    return (
        f"nats per training image (mini-batch) of {task} of {record.data.dataset}, {where}",
        f"nats per training image (mini-batch), {said}",
        f"nats per training image, {said}",
        f"nats, {said}",
    )


def _track(record: Record, selection: Selection) -> Track | None:
    """Return the phase that is looked at; task 1 only if it has steps, and one looks there or there is no other yet."""
    one = record.base if record.base is not None and record.base.steps else None
    tracks = [track for track in (record.incremental, one) if track is not None]
    if selection.step is not None and selection.step < 0:
        tracks.reverse()
    return tracks[0] if tracks else None


def _step(record: Record, selection: Selection, track: Track) -> int:
    """Return the step of a phase, counted from its beginning, at which all panels look; without a probe the newest."""
    at = moment(record, selection.step)
    if at is not None and at.track is track:
        return at.probe.step
    shift = track.started.steps if track is record.base else 0
    return track.steps if selection.step is None else min(max(selection.step + shift, 1), track.steps)
