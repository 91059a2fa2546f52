"""What the panel of straight paths says in words: a point of a path, the whole of it, and what it shows."""

from __future__ import annotations

from lwf_gui.messages import PAIRED, POINTS, TEACHER
from lwf_gui.numbers import nats
from lwf_gui.runs.averaging import Offer
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.shown import percent, points
from lwf_gui.runs.straight_path import (
    ALIKE,
    BARRIER,
    NOTICED,
    RIDGE,
    Ends,
    Path,
    StraightPathFigures,
    end_name,
    images_text,
)

STAGES = (
    "at the start",
    "an eighth of the way",
    "a quarter of the way",
    "three eighths of the way",
    "half-way",
    "five eighths of the way",
    "three quarters of the way",
    "seven eighths of the way",
    "at the end",
)
"""The points of a path."""

AVERAGE = "Average the two networks", "Average the two", "Average them", "Average"
"""What the key says that lets the best mixture join the run, and shorter."""

JOINS = (
    "A click or Enter adds it to the run as a learner: at every step it is this mixture of the two, as they are then. "
    "The others stay as they are; Undo (Ctrl+Z) takes it away."
)
"""What becomes of the best mixture."""

SWITCH = "% right", "loss"
"""What the switch shows: accuracies or losses."""


def capital(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[0].upper() + text[1:]


def percents(figures: StraightPathFigures, path: Path, point: int) -> tuple[str, str]:
    """Return both accuracies at a point, with the digits that their images support."""
    shares = (path.old[point], path.new[point])
    return tuple(percent(share, of) for share, of in zip(shares, figures.images, strict=True))  # type: ignore[return-value]


def values(figures: StraightPathFigures, path: Path, point: int, *, loss: bool) -> tuple[str, str]:
    """Return what is told of both tasks at a point: accuracies, or losses."""
    if not loss:
        return percents(figures, path, point)
    old, new = (nats(along[point]) for along in path.losses)
    return f"{old} nats", f"{new} nats"


def large(figures: StraightPathFigures, path: Path, point: int, *, loss: bool) -> tuple[str, ...]:
    """Return both figures at a point as they are told large, and shorter; the marks are those of the curves."""
    old, new = values(figures, path, point, loss=loss)
    tasks = figures.tasks
    short = [task.removesuffix(" task") for task in tasks]
    return (
        f"● {capital(tasks[0])} {old}   ■ {tasks[1]} {new}",
        f"● {short[0]} {old}   ■ {short[1]} {new}",
        f"{short[0]} {old}  {short[1]} {new}",
        f"●{old}  ■{new}",
    )


def whence(figures: StraightPathFigures, ends: Ends) -> str:
    """Return "from the old network to LwF"."""
    return f"from {figures.called(ends[0])} to {figures.called(ends[1])}"


def stages(figures: StraightPathFigures, ends: Ends, point: int) -> tuple[str, ...]:
    """Return where a point is, and shorter."""
    stage = capital(STAGES[point])
    share = f"{100 * point / (POINTS - 1):g} %"
    if point in (0, POINTS - 1):
        return f"{stage}: {figures.called(ends[point > 0])}", stage, share
    return (
        f"{stage} {whence(figures, ends)}",
        f"{stage} to {figures.called(ends[1])}",
        stage,
        f"{share} of the way",
        share,
    )


def best_texts(figures: StraightPathFigures, path: Path) -> tuple[str, ...]:
    """Return what stands at the best point, and shorter."""
    old, new = percents(figures, path, path.best)
    return f"best on average: {old} and {new}", f"best: {old} and {new}", f"best: {old}, {new}", "best"


def verdict(figures: StraightPathFigures, ends: Ends, *, loss: bool) -> tuple[str, ...]:
    """Say what a path shows, and shorter: of accuracies whether a mixture is better, a valley or a ridge."""
    path = figures.paths[ends]
    if loss:
        return _barrier(figures, ends, path)
    if path.gain > figures.beyond_chance(NOTICED):
        return _mixture(figures, ends, path)
    slope = abs(path.old[0] - path.old[-1])
    for place in (0, 1):
        if path.dip(place) > max(figures.beyond_chance(RIDGE), slope / 2):  # else the slope is what one sees
            return _ridge(figures, ends, path, place)
    return _valley(figures, ends, path) if slope <= ALIKE else _slope(figures, ends, path)


def _mixture(figures: StraightPathFigures, ends: Ends, path: Path) -> tuple[str, ...]:
    (old, new), tasks, stage = percents(figures, path, path.best), figures.tasks, capital(STAGES[path.best])
    least = min(figures.images)
    mean, better = (percent(each, least) for each in (path.mean(path.best), max(path.mean(0), path.mean(POINTS - 1))))
    known = f"{tasks[0]} {old}, {tasks[1]} {new}"
    return (
        f"{stage} {whence(figures, ends)}: {known}. On average {mean}, and the better end has {better}: the mixture of "
        "both networks is better than either.",
        f"{stage}: {known}, {mean} on average; the better end {better}. The mixture is better than either.",
        f"{stage}: {old} and {new}, better on average than either end.",
        f"{stage}: better than either end.",
        "A mixture is better.",
    )


def _ridge(figures: StraightPathFigures, ends: Ends, path: Path, place: int) -> tuple[str, ...]:
    along, task = (path.old, path.new)[place], figures.the(place)
    lowest = min(range(POINTS), key=along.__getitem__)
    fallen, below = percent(along[lowest], figures.images[place]), points(path.dip(place), figures.images[place])
    return (
        f"{capital(STAGES[lowest])} {whence(figures, ends)} {task} is down to {fallen}, {below} below both ends: a "
        "ridge lies between the two networks.",
        f"{capital(STAGES[lowest])} {task} is down to {fallen}, {below} below both ends: a ridge.",
        f"A ridge: {figures.tasks[place]} {fallen} in between.",
        "A ridge between.",
    )


def _valley(figures: StraightPathFigures, ends: Ends, path: Path) -> tuple[str, ...]:
    least = percent(min(path.old), figures.images[0])
    whole = whence(figures, ends) if ends[0] != TEACHER else f"to {figures.called(ends[1])}"
    return (
        f"No point of the way {whole} falls below {least} on {figures.the(0)}: both networks lie in one valley.",
        f"{capital(figures.the(0))} never falls below {least}: both lie in one valley.",
        f"Never below {least}: one valley.",
        "One valley.",
    )


def _slope(figures: StraightPathFigures, ends: Ends, path: Path) -> tuple[str, ...]:
    first, last = (percent(path.old[point], figures.images[0]) for point in (0, -1))
    moves = "falls" if path.old[-1] < path.old[0] else "rises"
    return (
        f"{capital(whence(figures, ends))} {figures.the(0)} {moves} from {first} to {last}; no point between is better "
        "on average than the better end.",
        f"{capital(figures.the(0))} {moves} from {first} to {last}; no point between is better on average.",
        f"{capital(figures.tasks[0])} {moves}: {first} to {last}.",
        f"{first} to {last}.",
    )


def _barrier(figures: StraightPathFigures, ends: Ends, path: Path) -> tuple[str, ...]:
    """Say by how much a loss rises above both ends: the barrier of Frankle et al. (2020)."""
    place = max((0, 1), key=path.barrier)
    above, task = path.barrier(place), figures.the(place)
    if above < BARRIER:
        return (
            f"Nowhere {whence(figures, ends)} does a loss rise above the higher one of both ends: no barrier lies "
            "between them.",
            "No loss rises above the higher end: no barrier.",
            "No barrier in between.",
        )
    peak = max(path.losses[place])
    return (
        f"In between the loss on {task} rises to {nats(peak)} nats, {nats(above)} above the higher end: a barrier "
        "lies between the two networks.",
        f"The loss on {task} rises {nats(above)} nats above both ends: a barrier.",
        f"A barrier of {nats(above)} nats.",
    )


def spoken(figures: StraightPathFigures, ends: Ends, point: int, *, loss: bool) -> str:
    """Say both figures at a point."""
    said = zip(figures.tasks, values(figures, figures.paths[ends], point, loss=loss), strict=True)
    return f"{STAGES[point]} {', '.join(f'{task} {value}' for task, value in said)}"


def sentence(figures: StraightPathFigures, ends: Ends, *, loss: bool) -> str:
    """Say all that is painted of a path."""
    said = "; ".join(spoken(figures, ends, point, loss=loss) for point in range(POINTS))
    images = f"{images_text(figures, 0)} and {images_text(figures, 1)}"
    best = best_texts(figures, figures.paths[ends])[0]
    what = "loss over all classes seen" if loss else PROTOCOLS[figures.protocol]
    where = f"{capital(whence(figures, ends))}, {what}, step {figures.step:,}, {images}: {said}."
    best = "" if loss else f"{capital(best)}, {STAGES[figures.paths[ends].best]}."
    said_best = f"{best}{earlier(figures)}".strip()
    return " ".join(filter(None, (where, said_best, verdict(figures, ends, loss=loss)[0], *figures.left_out)))


def point_tip(figures: StraightPathFigures, ends: Ends, point: int) -> str:
    """Say what the network at a point is, and what it knows."""
    path, share = figures.paths[ends], 100 * point / (POINTS - 1)
    losses = values(figures, path, point, loss=True)
    known = "; ".join(
        f"{task}: {right} of {images_text(figures, place)} right, loss {lost}"
        for place, (task, right, lost) in enumerate(
            zip(figures.tasks, percents(figures, path, point), losses, strict=True)
        )
    )
    made = (
        f" Each weight is {100 - share:g} % {figures.called(ends[0])}'s and {share:g} % {figures.called(ends[1])}'s."
        if 0 < point < POINTS - 1
        else ""
    )
    best = (
        " No other point is better on average: the mean of both accuracies is highest here."
        if point == path.best
        else ""
    )
    return f"{capital(stages(figures, ends, point)[0])}.{made} {capital(known)}; {PROTOCOLS[figures.protocol]}.{best}"


def earlier(figures: StraightPathFigures) -> str:
    """Say that the paths are of an earlier step than the one that is looked at, with a blank before it, if so."""
    if figures.asked == figures.step:
        return ""
    return (
        " Paths are walked early in a task, as epochs end and as the task ends: the last ones before step "
        f"{figures.asked:,} are these."
    )


def end_tip(figures: StraightPathFigures, kind: str, end: str, shown: str, others: int) -> str:
    """Say what an end is, and what a click does."""
    is_old = shown == TEACHER
    about = (
        f"{capital(figures.called(shown))} is that of the moment when task 2 began: the new outputs are zero."
        if is_old
        else f"{end_name(shown)}'s network as it is at step {figures.step:,}."
    )
    does = (
        f" A click or Enter {'begins' if kind == 'from' else 'ends'} the path at {figures.called(end)}."
        if others
        else ""
    )
    few = (
        ""
        if len(figures.ends) <= PAIRED
        else f" With more than {PAIRED} learners all paths begin at {figures.called(TEACHER)}."
    )
    left = f" {' '.join(figures.left_out)}" if figures.left_out else ""
    return f"The path {'begins' if kind == 'from' else 'ends'} here. {about}{earlier(figures)}{does}{few}{left}"


def mean_text(figures: StraightPathFigures, path: Path, point: int) -> str:
    """Return the mean of both accuracies at a point, with the digits that their images support."""
    return percent(path.mean(point), min(figures.images))


def average_tip(figures: StraightPathFigures, offer: Offer) -> str:
    """Say which mixture is best, by what, what becomes of it, and why it cannot join the run, if so."""
    path, names = figures.paths[offer.ends], [figures.called(end) for end in offer.ends]
    parts = " and ".join(f"{share} of {name}" for share, name in zip(offer.shares, names, strict=True))
    known = ", ".join(
        f"{task} {right}" for task, right in zip(figures.tasks, percents(figures, path, offer.point), strict=True)
    )
    ends = " and ".join(mean_text(figures, path, point) for point in (0, -1))
    return (
        "The best mixture of the two networks is the one with the highest mean of old and new accuracy, "
        f"{PROTOCOLS[figures.protocol]}: {parts}. Its mean is {mean_text(figures, path, offer.point)} ({known}), those "
        f"of the ends are {ends}. {offer.problem or JOINS}"
    )


def switch_tip(*, loss: bool) -> str:
    """Say what the switch shows."""
    return (
        "Shown is the loss: the mean cross-entropy over all classes seen, in nats per image. "
        "A click or Enter shows what is right."
        if loss
        else "Shown is how many images are right. A click or Enter shows the loss, in nats per image."
    )
