"""What is said of a run of more than two tasks beside its figures: the average over the tasks so far, and forgetting.

Each from the longest to the shortest wording: whoever shows them takes the longest that has room.
"""

from __future__ import annotations

from lwf_gui.numbers import counted
from lwf_gui.runs import averages, shown, tasks_shown
from lwf_gui.runs.averages import Averages
from lwf_gui.runs.metrics import PROTOCOL_HELP, PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record

AVERAGE = (
    "Average accuracy: the plain mean over the tasks so far, each with the same weight, however many images it has."
)
FORGETTING = (
    "Forgetting: the best accuracy on an earlier task after any task before the current one, less the one now; the "
    "plain mean over the earlier tasks."
)
PARTS = "Earlier tasks together: the part of all their test images that is right, so a task weighs by its images."
HELP = (AVERAGE, FORGETTING, PARTS)

WHOLE = "\u00a0"
"""A space at which no line ends."""


def digits(figures: Averages) -> str:
    """Return the big number: the average accuracy, a dash where there is none yet."""
    return averages.average_text(figures) if figures.known else "-"


def units(figures: Averages) -> tuple[str, ...]:
    """Say what the big number is, from the longest to the shortest way."""
    of = counted(figures.task + 1, "task")
    return (f"% right, average of {of}", f"% right, mean of {of}", f"%, mean of {of}", f"% ({of})", "% mean", "%")


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
    lost_text = averages.forgetting_text(figures)
    said = f"gained {lost_text[1:]}" if lost_text[1:] and lost_text.startswith("-") else f"forgot {lost_text}"
    return tuple(dict.fromkeys((said, shown.brief(said), "")))


def parts(figures: Averages, *, lines: int = 1) -> tuple[str, ...]:
    """Say the accuracy on the earlier tasks together, and on the current one, each on a line of its own or on one."""
    if not figures.known:
        return ("earlier tasks: -, current: -", "earlier: -, now: -", "")
    if not figures.task:
        return (f"task 1: {shown.percent(figures.current, figures.counts[1])}", "")
    old, new = (shown.percent(*each) for each in zip((figures.earlier, figures.current), figures.counts, strict=True))
    span, now = tasks_shown.span(figures.task), f"task {figures.task + 1}"
    bare = f"{span}: {old.removesuffix(' %')}"
    if lines > 1:
        return *(f"{of},\n{now}: {new}".replace(" ", WHOLE) for of in (f"{span}: {old}", bare)), f"{span}: {old}", ""
    return (f"{span}: {old}, {now}: {new}", f"{span}: {old}, {figures.task + 1}: {new}", f"{span}: {old}", bare, "")


def captions(record: Record, figures: Averages) -> tuple[str, ...]:
    """Say what the figures of all cards are, from the longest to the shortest way; nothing where there are none."""
    if not figures.known or record.data is None:
        return ()
    protocol, of = PROTOCOLS[figures.protocol].capitalize(), counted(figures.task + 1, "task")
    after = f"step {figures.step:,} ({'end of ' if figures.ended else ''}task {figures.task + 1})"
    plain = len(set(record.data.test_sizes[: figures.task + 1])) > 1
    return (
        f"{protocol}: average accuracy of {of}{' (plain mean)' if plain else ''} on {figures.sample} of "
        f"{record.data.dataset}, after {after}",
        f"{protocol}: average of {of}, {figures.sample} of {record.data.dataset}, {after}",
        f"{protocol}: average of {of} of {record.data.dataset}, {after}",
        f"{protocol}, average of {of}, {after}",
        f"{protocol}, {after}",
        protocol,
    )


def explained(protocol: ProtocolName) -> tuple[str, ...]:
    """Say how the figures are taken."""
    return (PROTOCOL_HELP[protocol], *HELP)
