"""What the tokens in a lesson's words stand for: each one a pure function of a run at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lwf_gui.messages import DataReady
from lwf_gui.numbers import listed
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs import shown
from lwf_gui.runs.cards import Card, card_of
from lwf_gui.runs.chance import chance
from lwf_gui.runs.full_tests import evaluation_at
from lwf_gui.runs.glimpse import Glimpse, sample
from lwf_gui.runs.image_grid import image_grid
from lwf_gui.runs.metrics import ratio
from lwf_gui.runs.names import class_name
from lwf_gui.runs.panel_tokens import OF_PANELS
from lwf_gui.runs.results import stored_size
from lwf_gui.runs.selection import moment
from lwf_gui.runs.soft_targets import soft_targets

MOST_NAMES = 8
"""Classes that are named; of more only how many there are is said."""

MOST_OPINIONS, LEAST_OPINION = 3, 0.5
"""Classes that a teacher's opinion names, and the percentage below which they are not named."""


def _learner(glimpse: Glimpse, learner: str) -> Card | None:
    card = card_of(glimpse.record, learner, replace(glimpse.selection, step=glimpse.step))
    return None if card.old is None or glimpse.track is None else card


def _old(glimpse: Glimpse, learner: str) -> str | None:
    card, taken = _learner(glimpse, learner), sample(glimpse)
    return None if card is None or card.old is None or taken is None else shown.percent(card.old, taken.old)


def _new(glimpse: Glimpse, learner: str) -> str | None:
    card, taken = _learner(glimpse, learner), sample(glimpse)
    return None if card is None or card.new is None or taken is None else shown.percent(card.new, taken.new)


def _change(glimpse: Glimpse, learner: str) -> str | None:
    card, taken = _learner(glimpse, learner), sample(glimpse)
    if card is None or card.old is None or card.expansion_old is None or taken is None:
        return None
    change = shown.difference(card.old, card.expansion_old, taken.old)
    if not change:
        return "has lost nothing"
    return f"has {'lost' if change < 0 else 'gained'} {shown.points(change, taken.old)}"


def _habit(glimpse: Glimpse, learner: str) -> str | None:
    """Return what a learner answers to most old images, if it is one class."""
    card, here = _learner(glimpse, learner), replace(glimpse.selection, step=glimpse.step)
    grid = None if card is None else image_grid(glimpse.record, here)
    if grid is None or glimpse.data is None:
        return None
    habit, images = grid.whole_habit(learner), sum(map(len, grid.by_class))
    if habit is None:
        return "gives different answers to them"
    return (
        f"says {class_name(glimpse.record, habit.unit)} to {shown.percent(100 * habit.images / images, images)} of them"
    )


def _stored(glimpse: Glimpse, learner: str) -> str | None:
    taken, at = sample(glimpse), moment(glimpse.record, glimpse.step)
    if taken is None or not taken.full or at is None:
        return None
    test = evaluation_at(glimpse.record, at.task, glimpse.step)
    score = None if test is None else test.scores.get(learner)
    return None if score is None else stored_size(score.stored_bytes)


def _teacher_old(glimpse: Glimpse) -> str | None:
    taken, track = sample(glimpse), glimpse.track
    at = moment(glimpse.record, glimpse.step)
    if taken is None or track is None or at is None or glimpse.data is None:
        return None
    if taken.full:
        test = evaluation_at(glimpse.record, at.task, glimpse.step)
        assert test is not None, "else the sample is none of full test sets"
        return shown.percent(100 * ratio(next(iter(test.scores.values())).teacher, glimpse.data.test_sizes), taken.old)
    told = track.teacher_accuracy()
    return shown.percent(100 * float(told[at.index]), taken.old) if at.index < len(told) else None


def _says(glimpse: Glimpse) -> str | None:
    soft = soft_targets(glimpse.record, replace(glimpse.selection, step=glimpse.step))
    if soft is None or sample(glimpse) is None:
        return None
    order = sorted(range(len(soft.teacher)), key=lambda unit: -soft.teacher[unit])[:MOST_OPINIONS]
    shares = [(soft.classes[unit], 100 * soft.teacher[unit]) for unit in order]
    return ", ".join(f"{name} {share:.0f} %" for name, share in shares if share >= LEAST_OPINION)


def _image(glimpse: Glimpse) -> str | None:
    soft = soft_targets(glimpse.record, glimpse.selection)
    return None if soft is None else soft.classes[soft.true]


def _names(names: tuple[str, ...]) -> str:
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} others"
    return listed(names)


def _of_data(tell: Callable[[DataReady], str]) -> Callable[[Glimpse], str | None]:
    return lambda glimpse: None if glimpse.data is None else tell(glimpse.data)


def _of_settings(tell: Callable[[LiveSettings], str]) -> Callable[[Glimpse], str | None]:
    return lambda glimpse: None if glimpse.live_settings is None else tell(glimpse.live_settings)


def _guess(glimpse: Glimpse) -> str | None:
    percent = chance(glimpse.record, glimpse.selection.protocol)
    return None if percent is None else f"{percent:.0f} %"


def _teacher_steps(glimpse: Glimpse) -> str | None:
    return None if glimpse.record.base is None else f"{glimpse.record.base.started.steps:,}"


def _passes(glimpse: Glimpse) -> str | None:
    """Return how often a new task's images are trained on: told once the run is where the words are about."""
    if glimpse.track is None or not glimpse.reached:
        return None
    axis = glimpse.track.started.axis
    return f"{axis.end(0) / axis.per_epoch(0):.3g}"


def _pictures(glimpse: Glimpse) -> str | None:
    """Return how many new pictures were trained on by then, each as often as it was."""
    track, data = glimpse.track, glimpse.data
    if track is None or data is None or not glimpse.reached:
        return None
    axis, batch = track.started.axis, data.recipe.train.batch_size
    seen = 0
    for begin, task in zip(axis.boundaries, range(axis.first, axis.task(glimpse.step) + 1), strict=False):
        passes, rest = divmod(min(glimpse.step, axis.end(begin)) - begin, axis.per_epoch(begin))
        seen += passes * data.train_sizes[task] + min(rest * batch, data.train_sizes[task])
    return f"{seen:,}"


OF_A_LEARNER: Mapping[str, Callable[[Glimpse, str], str | None]] = {
    "old": _old,
    "new": _new,
    "change": _change,
    "habit": _habit,
    "stored": _stored,
    **OF_PANELS,
}
"""What can be said of every learner: accuracies on the old and on the new task, what the old has lost, what it says to
most old images, what it stores beside its network, and what panels know of it."""

OF_THE_RUN: Mapping[str, Callable[[Glimpse], str | None]] = {
    "teacher.old": _teacher_old,
    "teacher.says": _says,
    "teacher.steps": _teacher_steps,
    "image": _image,
    "guess": _guess,
    "pictures": _pictures,
    "step": lambda glimpse: f"{glimpse.step:,}" if sample(glimpse) else None,
    "data": _of_data(lambda data: data.dataset),
    "old.count": _of_data(lambda data: f"{data.scenario.seen(0)}"),
    "new.count": _of_data(lambda data: f"{len(data.classes) - data.scenario.seen(0)}"),
    "all.count": _of_data(lambda data: f"{len(data.classes)}"),
    "old.names": _of_data(lambda data: _names(data.classes[: data.scenario.seen(0)])),
    "new.names": _of_data(lambda data: _names(data.classes[data.scenario.seen(0) :])),
    "old.images": _of_data(lambda data: f"{data.train_sizes[0]:,}"),
    "new.images": _of_data(lambda data: f"{sum(data.train_sizes[1:]):,}"),
    "batch": _of_data(lambda data: f"{data.recipe.train.batch_size}"),
    "passes": _passes,
    "alpha": _of_settings(lambda live_settings: f"{live_settings.alpha:g}"),
    "T": _of_settings(lambda live_settings: f"{live_settings.temperature:g}"),
    "T2": _of_settings(lambda live_settings: f"{live_settings.temperature**2:g}"),
    "lr": _of_settings(lambda live_settings: f"{live_settings.lr:g}"),
}
"""What can be said of a run."""
