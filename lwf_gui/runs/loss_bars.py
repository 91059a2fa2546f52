"""The loss as bars: the mistakes on the new classes, and what is counted beside them for the old ones, in nats.

What is minimised is taken apart as the method's row writes it, so that the bars of a loss add up to its total. Of the
distillation loss KD = KL + H a bar has KL, the distance from the teacher, alone: H, the teacher's own entropy, is the
same whatever the learner does. A learner whose loss leaves that distance out has it all the same, as it would be
counted: so that who has lost the old answers does not look as if it had won.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal, NamedTuple

from lwf_gui.methods import method_of
from lwf_gui.runs.equation import Balance
from lwf_gui.runs.formula import EQUALS
from lwf_gui.runs.loss_row import Row
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment, settings_of
from lwf_gui.runs.soft_targets import mean_distances

PLUS = " + "
"""Between the parts of a loss as it is written."""

LWFS = "CE {ce} + {alpha} {kd_factor} KD {kd}"
"""LwF's own loss; a learner that does not distil has an alpha of 0 in it."""

Kind = Literal["new", "both", "old", "free"]
"""Of what a part is: mistakes on new images; on new and old ones together; what is counted for the old classes beside
that; or the distance from the teacher that is not counted."""


class Part(NamedTuple):
    """One bar: what it is of, the term that it shows, its length in nats, and factor times number, which make that."""

    kind: Kind
    term: str
    nats: float
    factor: float = 1.0

    @property
    def number(self) -> float:
        """The term itself, without its factor."""
        return self.nats / self.factor if self.factor else 0.0


@dataclass(frozen=True, slots=True)
class LossBar:
    """One learner's loss.

    Attributes
    ----------
    row : its numbers
    parts : what is minimised, from the mistakes on the new classes on; the last one is not where its kind is "free"
    doubt : alpha T**2 H in nats, what the teacher's entropy adds to the total; 0 where it is no part of it
    images : probe images that the distance which is not counted is a mean of; 0: it is of the step's own mini-batch
    minimised : whether it is made smaller at all; else the loss only says how well it does
    diverged : the step at which training did, where that is why there is no number
    """

    row: Row
    parts: tuple[Part, ...]
    doubt: float = 0.0
    images: int = 0
    minimised: bool = True
    diverged: int | None = None

    @property
    def learner(self) -> str:
        """Whose it is."""
        return self.row.learner

    @property
    def counted(self) -> tuple[Part, ...]:
        """The parts of the loss."""
        return tuple(part for part in self.parts if part.kind != "free")

    @property
    def free(self) -> Part | None:
        """The distance from the teacher that is not in its loss; None where it is, or is not known."""
        return next((part for part in self.parts if part.kind == "free"), None)

    @property
    def held(self) -> Part | None:
        """The distance from the teacher where it is in the loss."""
        return next((part for part in self.parts if part.kind == "old" and part.term == "kl"), None)

    @property
    def length(self) -> float:
        """All bars together, in nats; NaN where one is no number."""
        return sum(part.nats for part in self.parts) if self.parts else math.nan


@dataclass(frozen=True, slots=True)
class LossBars:
    """The losses of all learners at one step, on one scale.

    Attributes
    ----------
    alpha : what the distance is weighed with where a loss leaves it out: as the first learner does that counts it
    counts : that learner; empty where there is none
    """

    bars: tuple[LossBar, ...]
    alpha: float = 1.0
    counts: str = ""

    @property
    def longest(self) -> float:
        """The length of the longest bars, in nats; 0 where there is no number."""
        return max((bar.length for bar in self.bars if math.isfinite(bar.length)), default=0.0)


def loss_bars(record: Record, selection: Selection, balance: Balance) -> LossBars | None:
    """Return the bars of a step's losses; None before the learners were trained, when there are no numbers."""
    if not (balance.expanded and balance.trained):
        return None
    counting = next((row for row in balance.rows if _counts(row)), None)
    alpha = counting.live_settings.alpha if counting is not None else _alpha(record, balance)
    at = moment(record, selection.step)
    if at is not None and (at.track is not record.incremental or at.step != balance.step or _just_grown(at)):
        at = None  # the probe of these weights is still to come, or has the next task's old network
    bars = tuple(_bar(record, row, alpha, at) for row in balance.rows)
    return LossBars(bars, alpha, "" if counting is None else counting.learner)


def _just_grown(at: Moment) -> bool:
    """Whether a later task has just begun: the losses are of the task before it."""
    return at.step > 0 and at.step in at.track.started.boundaries


def _counts(row: Row) -> bool:
    """Whether the distance from the teacher is in a learner's loss."""
    method = method_of(row.learner)
    return method is not None and method.distils and row.live_settings.alpha > 0 and not math.isnan(row.kl)


def _alpha(record: Record, balance: Balance) -> float:
    """Return the run's alpha where no loss has one; 1 where it is 0, for then nothing would be seen."""
    live = settings_of(record, "", balance.step)
    return live.alpha if live is not None and live.alpha > 0 else 1.0


def _bar(record: Record, row: Row, alpha: float, at: Moment | None) -> LossBar:
    """Return one learner's bars; none of one whose total is no number."""
    method = method_of(row.learner)
    minimised = method is None or method.minimises
    if not math.isfinite(row.total):
        track = record.incremental
        return LossBar(row, (), diverged=None if track is None else track.diverged(row.learner))
    parts = tuple(_parts(row))
    doubt = sum(part.nats for part in parts if part.term == "entropy")
    parts = tuple(part for part in parts if part.term != "entropy")
    if any(part.term == "kl" for part in parts):
        return LossBar(row, parts, doubt, minimised=minimised)
    number, images = row.kl, 0
    if math.isnan(number) and at is not None:
        means = mean_distances(record, at, row.live_settings.temperature)
        number, images = means.of.get(row.learner, math.nan), means.images
    if math.isnan(number):
        return LossBar(row, parts, minimised=minimised)
    factor = alpha * row.live_settings.kd_factor
    return LossBar(row, (*parts, Part("free", "kl", factor * number, factor)), 0.0, images, minimised)


# What is minimised, part by part


def _parts(row: Row) -> Iterator[Part]:
    """Yield the parts of a total as its formula has them: added up, each a term with its factor.

    A mean of several terms has what is left of the total: how many images each of them is of is not told.
    """
    formula, settings = _formula(row)
    read = [(_factor_and_terms(piece, row.numbers, settings), piece) for piece in formula.split(PLUS)]
    known = [(factor, terms, piece) for (factor, terms), piece in read if terms]
    for index, (factor, terms, piece) in enumerate(known):
        if len(terms) > 1 and piece.startswith("mean "):
            others = sum(each * row.numbers[names[0]] for each, names, _ in known[index + 1 :])
            yield Part("both", terms[0], row.total - others)
        elif terms[0] == "kd":
            if factor:
                yield Part("old", "kl", factor * row.kl, factor)
                yield Part("old", "entropy", factor * row.entropy, factor)
        else:
            kind: Kind = "old" if index else "both" if terms[0] == "total" else "new"
            yield Part(kind, terms[0], factor * row.numbers[terms[0]], factor)


def _formula(row: Row) -> tuple[str, Mapping[str, object]]:
    """Return how a learner's total is written, with its terms and settings in braces, and these settings."""
    method = method_of(row.learner)
    if method is not None and method.loss is not None and method.loss.formula:
        return method.loss.formula, row.settings
    if row.formula is None:
        return LWFS, {"alpha": row.live_settings.alpha, "kd_factor": row.live_settings.kd_factor}
    if row.formula.sign != EQUALS:
        return "{total}", {}
    return PLUS.join(f"{{{part.term}}}" for part in row.formula.parts if part.term), {}


def _factor_and_terms(
    piece: str, numbers: Mapping[str, float], settings: Mapping[str, object]
) -> tuple[float, list[str]]:
    """Return the factor of a part and its terms that have a number; settings behind the first term explain it."""
    factor, terms = 1.0, list[str]()
    for _, name, _, _ in Formatter().parse(piece):
        if name and name in numbers:
            terms += [name] if math.isfinite(numbers[name]) else []
        elif name and not terms and isinstance(setting := settings.get(name), int | float):
            factor *= setting
    return factor, terms
