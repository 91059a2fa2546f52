"""What the learners' cards say of a run of more than two tasks: the average over the tasks so far, and forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lwf_gui.gui.panels.line import Line
from lwf_gui.numbers import counted
from lwf_gui.runs import shown, tasks_shown
from lwf_gui.runs.metrics import PROTOCOL_HELP, PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tasks_shown import Averages


class CardLines(Protocol):
    """A card's learner and its lines, from the big digits down."""

    learner: str
    digits: Line
    unit: Line
    sample: Line
    change: Line
    new: Line


HELP = (
    "Average accuracy: the mean over the tasks so far, each with the same weight, whatever its number of images.",
    "Forgetting: the best accuracy on an earlier task after any task before the current one, less the one now; the "
    "mean over the earlier tasks.",
)


def digits(figures: Averages) -> str:
    """Return the big number: the average accuracy, a dash where there is none yet."""
    return tasks_shown.average_text(figures) if figures.known else "-"


def units(figures: Averages) -> tuple[str, ...]:
    """Say what the big number is, from the longest to the shortest way."""
    tasks = figures.task + 1
    return (f"% right, average of {tasks} tasks", f"% right, mean of {tasks} tasks", f"%, mean of {tasks} tasks", "%")


def samples(figures: Averages) -> tuple[str, ...]:
    """Say on how many images it is taken."""
    if not figures.known:
        return ("",)
    images = sum(figures.counts)
    return (figures.sample, figures.sample.removeprefix("all "), f"{images:,} images", f"of {images:,}", "")


def changes(figures: Averages) -> tuple[str, ...]:
    """Say what has been forgotten, or why there is nothing to say."""
    if not figures.known:
        lost = (f"diverged at step {figures.diverged:,}", "diverged") if figures.diverged is not None else ()
        return (*(lost or ("not trained yet", "untrained")), "")
    lost_text = tasks_shown.forgetting_text(figures)
    return (f"forgetting: {lost_text}", f"forgot {lost_text}", lost_text, "")


def parts(figures: Averages) -> tuple[str, ...]:
    """Say the accuracy on the earlier tasks together, and on the current one."""
    if not figures.known:
        return ("earlier tasks: -, current: -", "earlier: -, now: -", "")
    old, new = (shown.percent(*each) for each in zip((figures.earlier, figures.current), figures.counts, strict=True))
    span, now = tasks_shown.span(figures.task), f"task {figures.task + 1}"
    short = span.rpartition(" ")[2]
    return (
        f"{span}: {old}, {now}: {new}",
        f"{span}: {old}, {figures.task + 1}: {new}",
        f"{short}: {old}, {figures.task + 1}: {new}",
        f"{short}: {old.removesuffix(' %')}, {figures.task + 1}: {new}",
        "",
    )


def are_shown(record: Record) -> bool:
    """Whether the cards of a record tell averages: of two tasks they tell old and new."""
    return tasks_shown.are_many(record)


def show(record: Record, cards: Sequence[CardLines], selection: Selection) -> tuple[str, ...]:
    """Show figures in the cards' lines, and return the caption of all and shorter ones; none without any figures."""
    told = [tasks_shown.averages(record, card.learner, selection) for card in cards]
    for figures, card in zip(told, cards, strict=True):
        card.digits.set_text(digits(figures))
        card.unit.set_text(*units(figures))
        card.sample.set_text(*samples(figures))
        card.change.set_text(*changes(figures))
        card.new.set_text(*parts(figures))
    return captions(record, next((figures for figures in told if figures.known), told[0]))


def captions(record: Record, figures: Averages) -> tuple[str, ...]:
    """Say what the figures of all cards are, from the longest to the shortest way; nothing where there are none."""
    if not figures.known or record.data is None:
        return ()
    protocol, of = PROTOCOLS[figures.protocol].capitalize(), counted(figures.task + 1, "task")
    after = f"step {figures.step:,} (task {figures.task + 1})"
    return (
        f"{protocol}: average accuracy of {of} on {figures.sample} of {record.data.dataset}, after {after}",
        f"{protocol}: average of {of}, {figures.sample} of {record.data.dataset}, {after}",
        f"{protocol}: average of {of} of {record.data.dataset}, {after}",
        f"{protocol}, average of {of}, {after}",
        f"{protocol}, {after}",
        protocol,
    )


def explained(protocol: ProtocolName) -> tuple[str, ...]:
    """Say how the figures are taken."""
    return (PROTOCOL_HELP[protocol], *HELP)
