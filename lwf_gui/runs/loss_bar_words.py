"""What the bars of the losses say: what each is, what a loss is made of, and who counts the old network, in figures.

All of it from the measured numbers: which loss is smaller, and whether it would be if the distance were counted.
"""

from __future__ import annotations

import math
from decimal import Decimal

from lwf_gui.runs.equation_words import TIPS
from lwf_gui.runs.formula import told as told_of
from lwf_gui.runs.loss_bars import Kind, LossBar, LossBars, Part
from lwf_gui.runs.loss_row import ALPHA, LARGE, TIMES, number, value
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.story_told import kinds

SHORT = {
    "ce": "mistakes",
    "bce": "mistakes",
    "kl": "distance",
    "bkd": "answers unlike the old network's",
    "penalty": "leaving weights that matter",
    "replay": "mistakes on old images",
    "mse": "distance from stored answers",
    "total": "its terms",
}
"""What a part is, in as few words as can be said; others have their terms' names."""

BRIEF = {"penalty": "penalty", "bkd": "BKD", "mse": "MSE", "replay": "old images", "total": "terms"}
"""The same in one word or two; others have the first one of `SHORT`."""

DOUBT = "the old network's own doubt"
"""The teacher's entropy H, as it weighs in the total."""

NOT_COUNTED = ("not in its loss", "not counted")

NEAR = 5e-4
"""Nats below which a distance is written as 0.000."""

Ways = tuple[str, ...]
"""The same in ever fewer words."""


def short(part: Part) -> str:
    """Return what a part is in a few words."""
    if part.kind == "both" and part.term == "ce":
        return "mistakes on new and old images"
    return SHORT.get(part.term, part.term)


def legend(record: Record, bars: LossBars) -> list[tuple[Kind, Ways]]:
    """Return what the bars of each kind are that there are, each from the longest to the shortest way."""
    found: dict[Kind, set[str]] = {}
    for bar in bars.bars:
        for part in bar.parts:
            found.setdefault(part.kind, set()).add(part.term)
    word = kinds(record)
    mistakes = found.get("new", set()) | found.get("both", set())
    texts: list[tuple[Kind, Ways]] = []
    if mistakes:
        name = ", ".join(sorted(term.upper() for term in mistakes - {"total"})) or "total"
        of = f"the new {word}" if "both" not in found else f"the new {word}, or on all"
        texts.append(("new", (f"mistakes on {of} ({name})", f"mistakes on {of}", "mistakes")))
    if old := found.get("old"):
        distance = (
            f"distance from the old network {TIMES} {ALPHA} T² (KL)",
            f"distance from the old network {TIMES} {ALPHA} T²",
            f"distance {TIMES} {ALPHA} T²",
            "distance",
        )
        more = (f"what it counts for the old {word}", f"for the old {word}", "for the old")
        texts.append(("old", distance if old == {"kl"} else more))
    if "free" in found:
        beside = "distance" if found.get("old") == {"kl"} else "distance from the old network"
        texts.append(("free", (f"{beside}, {NOT_COUNTED[0]}", *NOT_COUNTED)))
    return texts


# One learner's line


def told(bar: LossBar) -> Ways:
    """Say what a learner's loss is made of, and which distance is not in it; then in fewer words."""
    if not bar.parts:
        why = "" if bar.diverged is None else f": it diverged at step {bar.diverged:,}"
        return f"no loss at this step{why}", "no loss"
    total = value(bar.row, "total")
    if not bar.minimised:
        return f"loss {total}, for show: nothing is minimised", f"{total}: nothing is minimised", total
    parts = [f"{short(part)} {number(part.nats)}" for part in bar.counted]
    brief = [f"{BRIEF.get(part.term, short(part).split()[0])} {number(part.nats)}" for part in bar.counted]
    doubt = _doubt(bar, total)
    made = " + ".join([*parts, *([f"{DOUBT} {doubt}"] if doubt else [])])
    few = " + ".join([*brief, *([f"doubt {doubt}"] if doubt else [])])
    whole, least = f"loss {total}: {made}", f"loss {total}: {few}"
    if bar.free is None:
        if bar.held is None:
            return whole, least, f"loss {total}"
        near = number(bar.held.nats)
        return whole, least, f"loss {total}, of that distance {near}", f"loss {total}, distance {near}", f"loss {total}"
    distance = number(bar.free.nats)
    source = f" ({bar.images:,} new probe images)" if bar.images else ""
    return (
        f"{whole}. Distance {distance}{source}: {NOT_COUNTED[0]}",
        f"{least}. Distance {distance}: {NOT_COUNTED[0]}",
        f"loss {total}. Distance {distance}: {NOT_COUNTED[0]}",
        f"loss {total}, distance {distance}",
        f"loss {total}",
    )


def _doubt(bar: LossBar, total: str) -> str:
    """Return what is left of the total for the teacher's entropy, so that the written parts make the written total."""
    if not bar.doubt:
        return ""
    texts = [total, *(number(part.nats) for part in bar.counted)]
    if not all(abs(each) < LARGE for each in (bar.row.total, bar.doubt)):
        return number(bar.doubt)
    first, *rest = (Decimal(text.replace("\N{MINUS SIGN}", "-")) for text in texts)
    return (
        f"{first - sum(rest):f}"
        if math.isclose(float(first - sum(rest)), bar.doubt, abs_tol=0.01)
        else number(bar.doubt)
    )


def tip(bars: LossBars, bar: LossBar, part: Part) -> str:
    """Explain one bar: its number, what it is weighed with, and whether it is in the loss."""
    name = f"{label_of(bar.learner)}: {short(part)}, "
    if part.kind == "both":
        return f"{name}{number(part.nats)} nats: the mean over the new and the earlier images of the step."
    symbol = part.term.upper() if len(part.term) < 4 else part.term
    weighed = f" {TIMES} {part.factor:.6g}" if part.factor != 1 else ""
    term = f"{symbol} {number(part.number, 4)}{weighed}" if weighed else symbol
    made = f"{term} = {number(part.nats)} nats"
    about = told_of(bar.learner, part.term) or TIPS.get(part.term, "")
    if part.kind != "free":
        return f"{name}{made}. {about}".strip()
    alpha = f"{ALPHA} = {bars.alpha:.6g}" + (f" as {label_of(bars.counts)} has it" if bars.counts else "")
    where = f"The mean of {bar.images:,} new probe images." if bar.images else "Of the images of this step."
    return f"{name}{made}, {alpha}. It is not in its loss, so it costs nothing. {where} {about}"


# All learners


def verdict(record: Record, bars: LossBars) -> Ways:
    """Say whose loss is smaller, and what becomes of that where the distance is counted; then in fewer words."""
    free = [bar for bar in bars.bars if bar.free is not None]
    held = next((bar for bar in bars.bars if bar.learner == bars.counts and bar.held is not None), None)
    if held is None and not free:
        return ()
    if held is None:
        far = max(free, key=_free)
        said = f"{label_of(far.learner)} is farthest, at {number(_free(far))} nats."
        return f"No loss here counts the distance from the old network. {said}", said
    if not free:
        return _alone(record, held)
    far = max(free, key=_free)
    if max(_free(far), _held(held)) < NEAR:
        return _at_first(held)
    return _compared(held, far)


def _free(bar: LossBar) -> float:
    return bar.free.nats if bar.free is not None else -math.inf


def _held(bar: LossBar) -> float:
    return bar.held.nats if bar.held is not None else 0.0


def _alone(record: Record, held: LossBar) -> Ways:
    """Say what the loss of one that counts the distance is made of, where all do."""
    name, total = label_of(held.learner), value(held.row, "total")
    first, doubt = held.counted[0], _doubt(held, total)
    rest = f", and {doubt} {DOUBT}, which no learner can lower" if doubt else ""
    return (
        f"Of {name}'s {total} nats {number(first.nats)} are {short(first)}, {number(_held(held))} the distance from "
        f"the old network{rest}.",
        f"{name}: {number(first.nats)} {short(first)}, {number(_held(held))} distance.",
    )


def _at_first(held: LossBar) -> Ways:
    """Say that nobody has left the old network yet."""
    name, doubt = label_of(held.learner), _doubt(held, value(held.row, "total"))
    return (
        f"Every learner still answers as the old network: all distances are 0. {name}'s loss has {doubt} nats more, "
        f"{DOUBT}, which no learner can lower.",
        "Every learner still answers as the old network: all distances are 0.",
        "All distances are 0.",
    )


def _compared(held: LossBar, far: LossBar) -> Ways:
    """Compare who counts the distance with the learner that is farthest from the old network without counting it."""
    one, other = label_of(far.learner), label_of(held.learner)
    less, more, away, near = (
        value(far.row, "total"),
        value(held.row, "total"),
        number(_free(far)),
        number(_held(held)),
    )
    distances = f"Distance from the old network: {one} {away}, {other} {near}"
    if far.row.total >= held.row.total:
        return (
            f"{other}'s loss is smaller ({more} against {less} nats), though it counts the distance from the old "
            f"network and {one}'s does not. {distances}.",
            f"{other}'s loss is smaller ({more} against {less} nats). {distances}.",
            f"{distances}.",
        )
    doubt = f" Of {other}'s, {_doubt(held, more)} is {DOUBT}, which no learner can lower." if held.doubt else ""
    would = _as_counted(held, far)
    smaller = f"{one}'s loss is smaller ({less} against {more} nats)"
    if math.isnan(would):
        return f"{smaller}, but the old network is no part of it. {distances}.{doubt}", f"{smaller}. {distances}."
    if would <= held.row.total:
        return (
            f"{smaller}, and would be so with the old network counted as {other} counts it: {number(would)}. "
            f"{distances}.{doubt}",
            f"{smaller}. {distances}.",
        )
    because = f"{smaller} because it leaves the old network out: counted as in {other}'s it would be {number(would)}"
    return (
        f"{because}. {distances}.{doubt}",
        f"{because}. {distances}.",
        f"{because}.",
        f"{smaller}; with the old network counted it would be {number(would)}.",
        f"{distances}.",
    )


def _as_counted(held: LossBar, far: LossBar) -> float:
    """Return what a loss would be that counted KD as another does; NaN where KD is not of the same images and T."""
    same = far.row.live_settings.temperature == held.row.live_settings.temperature
    if far.free is None or far.images or not same or math.isnan(far.row.kd):
        return math.nan
    return far.row.total + far.free.factor * far.row.kd


def spoken(record: Record, bars: LossBars) -> str:
    """Say all bars in words."""
    lines = [f"{label_of(bar.learner)}: {told(bar)[0]}." for bar in bars.bars]
    return " ".join([*verdict(record, bars)[:1], *lines])
