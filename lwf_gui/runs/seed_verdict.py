"""Is the difference real: two learners of one experiment compared over its seeds, by a paired t-test, in words.

    d_s = accuracy of one learner - accuracy of the other, with seed s        paired: both share the seed's teacher
    interval = mean(d) -+ t(0.975, n - 1) * s(d) / sqrt(n)                    Student 1908

Where zero lies outside, the difference is more than luck at 5 %. Pure functions of records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lwf_gui.numbers import counted, listed
from lwf_gui.runs import shown
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName, Quantity
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import FEWEST, final, seed_of
from lwf_gui.runs.seeds import spread


@dataclass(frozen=True, slots=True)
class Paired:
    """One learner against another over seeds, on the full test sets.

    Attributes
    ----------
    mean, low, high : by how many points it is higher, and the 95 % interval of that
    seeds : how many pairs there are
    diverged : the seeds that have no pair, for one of both diverged; they are left out
    images : test images that a figure is of: they say how many digits it has
    """

    learner: str
    against: str
    figure: Quantity
    protocol: ProtocolName
    mean: float
    low: float
    high: float
    seeds: int
    diverged: tuple[int, ...]
    images: int

    @property
    def alike(self) -> bool:
        """Whether it is the same in every seed: a test of differences that do not differ is none."""
        return not self.low < self.high

    @property
    def real(self) -> bool:
        """Whether it is more than luck: no difference at all lies outside the interval."""
        return not self.low <= 0 <= self.high


def paired(
    records: Sequence[Record], learner: str, against: str, figure: Quantity, protocol: ProtocolName
) -> Paired | None:
    """Return a learner's comparison with another one; None where fewer than three seeds have both."""
    values = {
        seed_of(record): (final(record, learner, figure, protocol), final(record, against, figure, protocol))
        for record in records
    }
    apart = [one - other for one, other in values.values() if one is not None and other is not None]
    found = spread(apart) if len(apart) >= FEWEST else None
    if found is None or records[0].data is None:
        return None
    diverged = tuple(seed for seed, pair in values.items() if None in pair)
    sizes = records[0].data.test_sizes
    images = {"old": sum(sizes[:-1]), "new": sizes[-1], "average": min(sizes)}[figure]
    ends = (found.mean, found.mean - found.half, found.mean + found.half)
    return Paired(learner, against, figure, protocol, *ends, len(apart), diverged, images)


def against_first(records: Sequence[Record], figure: Quantity, protocol: ProtocolName) -> list[Paired]:
    """Return the comparison of each learner with the first one, where there is one."""
    first, *others = learners_of(records[0]) if records else ("",)
    made = (paired(records, learner, first, figure, protocol) for learner in others)
    return [each for each in made if each is not None]


def spoken(records: Sequence[Record], protocol: ProtocolName) -> str:
    """Say what a set of seeds tells of the earlier tasks, learner by learner, against the first one; else nothing."""
    if not records:
        return ""
    said = (
        f"These runs differ in their seed alone: the band is the middle 95 % of {len(records)} seeds, the thin line "
        "in it their median."
    )
    compared = against_first(records, "old", protocol)
    several = ("Each is tested by itself: of many comparisons one in twenty is luck.",) if len(compared) > 1 else ()
    return " ".join((said, *map(verdict_text, compared), *several))


_OF = {"old": "of the old task", "new": "of the new task", "average": "on average over the tasks"}


def verdict_text(found: Paired) -> str:
    """Say a comparison in one sentence: effect, protocol, interval, seeds, and whether it could be luck."""
    if found.alike:
        return (
            f"{label_of(found.learner)} gets {same_text(found)} {_OF[found.figure]} right in every seed, "
            f"{PROTOCOLS[found.protocol]}, all test images ({counted(found.seeds, 'seed')})."
        ) + _left_out(found.diverged)
    effect, low, high = effect_of(found)
    test = f"{counted(found.seeds, 'seed')}, paired t-test, 95 % interval {low} to {high}"
    said = "more than luck" if found.real else "this could be luck"
    text = (
        f"{label_of(found.learner)} gets {effect} {_OF[found.figure]} right than {label_of(found.against)}, "
        f"{PROTOCOLS[found.protocol]}, all test images ({test}): {said}."
    )
    return text + _left_out(found.diverged)


def effect_of(found: Paired) -> tuple[str, str, str]:
    """Return a difference as it is said, "70.0 points more", and the ends of its interval with the sign of that."""
    less = shown.rounded(found.mean, found.images) < 0
    ends = (-found.high, -found.low) if less else (found.low, found.high)
    low, high = (shown.digits(end, found.images) for end in ends)
    return f"{shown.points(found.mean, found.images)} {'less' if less else 'more'}", low, high


def same_text(found: Paired) -> str:
    """Say a difference that is the same in every seed: "as much as Fine-tuning", or by how many points it differs."""
    if not found.mean:
        return f"as much as {label_of(found.against)}"
    return f"{effect_of(found)[0]} than {label_of(found.against)}"


def _left_out(seeds: Sequence[int]) -> str:
    """Name the seeds that are left out; empty without any."""
    if not seeds:
        return ""
    word, verb = ("Seed", "is") if len(seeds) == 1 else ("Seeds", "are")
    return f" {word} {listed([str(seed) for seed in seeds])} {verb} left out: a learner diverged."
