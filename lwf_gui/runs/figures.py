"""Figures in a lesson's words: tokens in braces, each replaced by what the run that is shown says at a moment.

``{lwf.old}`` is LwF's accuracy on the old task, as its card shows it. A token is looked up in a table and is never run
as code. Pure functions of records; it knows nothing of windows.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from lwf_gui.messages import DataReady
from lwf_gui.methods import METHODS
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs import shown, views
from lwf_gui.runs.metrics import PROTOCOLS, ratio
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, settings_at
from lwf_gui.runs.soft_targets import soft_targets
from lwf_gui.runs.track import Track

UNKNOWN = "(not known yet)"
"""What stands in a question for a figure that is not there; elsewhere the sentence is left out."""

MOST_NAMES = 8
"""Classes that are named; of more only how many there are is said."""

MOST_OPINIONS, LEAST_OPINION = 3, 0.5
"""Classes that a teacher's opinion names, and the percentage below which they are not named."""

_TOKEN = re.compile(r"\{([^{}]*)\}")
_SENTENCES = re.compile(r"(?<=[.?!]) +(?=[^ ])")
_FORM = re.compile(
    r"(?P<name>[A-Za-z0-9.-]+)(?: (?P<protocol>task-aware|class-incremental))?"
    r"(?: at (?P<at>expansion|end|step [0-9]{1,7}|epoch [1-9][0-9]{0,3}))?(?P<before> before)?"
)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A run at the moment that is looked at, and the run before it in the same lesson, if there was one."""

    record: Record
    selection: Selection
    before: Record | None = None
    reached: bool = True
    """Whether the run is where the words are about; before that the learners' figures are not told."""

    @property
    def data(self) -> DataReady | None:
        """The images of the run."""
        return self.record.data

    @property
    def track(self) -> Track | None:
        """The training of the learners."""
        return self.record.incremental

    @property
    def step(self) -> int:
        """Steps since the head expansion at the probe that is looked at."""
        at = moment(self.record, self.selection.step)
        return at.step if at is not None and at.track is self.track else 0

    @property
    def live_settings(self) -> LiveSettings | None:
        """The live settings of that moment."""
        return settings_at(self.record, self.selection.step)

    def at(self, target: str) -> Glimpse | None:
        """Return the same run at "expansion", "end", "step N" or "epoch N"; None where it has not come so far."""
        if self.track is None:
            return None
        word, _, number = target.partition(" ")
        started = self.track.started
        steps = {"expansion": 0, "end": started.steps}
        if number:
            steps = {"step": int(number), "epoch": int(number) * started.epoch_steps[0]}
        if steps[word] > self.track.steps:
            return None
        return replace(self, selection=replace(self.selection, step=steps[word]), reached=True)

    def unreached(self) -> Glimpse:
        """Return the same run, of whose learners nothing is told yet."""
        return replace(self, reached=False)


class Sample(NamedTuple):
    """How many images of the old and of the new task figures are taken on, and whether these are the test sets."""

    old: int
    new: int
    full: bool


def sample(glimpse: Glimpse) -> Sample | None:
    """Return on which images the learners' figures are taken at a moment: the test sets where a pass ends."""
    data = glimpse.data
    at = moment(glimpse.record, glimpse.step)
    if data is None or at is None or at.track is not glimpse.track or not glimpse.reached:
        return None
    record = glimpse.record
    if views.evaluation_of(record, at.task, 0) and views.evaluation_at(record, at.task, glimpse.step):
        return Sample(*views.old_and_new(data.test_sizes, at.task), full=True)
    return Sample(*views.probe_counts(data, at.task), full=False)


def source(glimpse: Glimpse) -> tuple[str, ...]:
    """Say of what the figures are, from the longest way to the shortest; nothing where there are none."""
    taken, data = sample(glimpse), glimpse.data
    if taken is None or data is None:
        return ()
    when, protocol = f"step {glimpse.step:,}", PROTOCOLS[glimpse.selection.protocol]
    kind = "test images" if taken.full else "probe images"
    images = f"{'all ' if taken.full else ''}{taken.old:,} old and {taken.new:,} new {kind}"
    return (
        f"Figures: {protocol}, {when}, {images} of {data.dataset}",
        f"Figures: {protocol}, {when}, {data.dataset}",
        f"{protocol.capitalize()}, {when}",
        when.capitalize(),
    )


# ---- what tokens stand for


def _learner(glimpse: Glimpse, learner: str) -> views.Card | None:
    card = views.card(glimpse.record, learner, replace(glimpse.selection, step=glimpse.step))
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


def _teacher_old(glimpse: Glimpse) -> str | None:
    taken, track = sample(glimpse), glimpse.track
    at = moment(glimpse.record, glimpse.step)
    if taken is None or track is None or at is None or glimpse.data is None:
        return None
    if taken.full:
        test = views.evaluation_at(glimpse.record, at.task, glimpse.step)
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
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _of_data(tell: Callable[[DataReady], str]) -> Callable[[Glimpse], str | None]:
    return lambda glimpse: None if glimpse.data is None else tell(glimpse.data)


def _of_settings(tell: Callable[[LiveSettings], str]) -> Callable[[Glimpse], str | None]:
    return lambda glimpse: None if glimpse.live_settings is None else tell(glimpse.live_settings)


def _guess(glimpse: Glimpse) -> str | None:
    chance = views.chance(glimpse.record, glimpse.selection.protocol)
    return None if chance is None else f"{chance:.0f} %"


def _teacher_steps(glimpse: Glimpse) -> str | None:
    return None if glimpse.record.base is None else f"{glimpse.record.base.started.steps:,}"


def _passes(glimpse: Glimpse) -> str | None:
    """Return how often a new task's images are trained on: told once the run is where the words are about."""
    return None if glimpse.data is None or not glimpse.reached else f"{glimpse.data.recipe.task2.epochs}"


def _pictures(glimpse: Glimpse) -> str | None:
    """Return how many new pictures were trained on by then, each as often as it was."""
    track, data = glimpse.track, glimpse.data
    if track is None or data is None or not glimpse.reached:
        return None
    axis, batch = track.started.axis, data.recipe.train.batch_size
    passes, rest = axis.done(glimpse.step)
    task = axis.task(glimpse.step)
    before = data.recipe.task2.epochs * sum(data.train_sizes[1:task])
    return f"{before + passes * data.train_sizes[task] + min(rest * batch, data.train_sizes[task]):,}"


OF_A_LEARNER: Mapping[str, Callable[[Glimpse, str], str | None]] = {"old": _old, "new": _new, "change": _change}
"""What can be said of every learner: accuracies on the old and on the new task, and what the old has lost."""

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

NAMES = (*(f"{learner}.{what}" for learner in METHODS for what in OF_A_LEARNER), *OF_THE_RUN)

FORMS = 'each alone or with "task-aware" or "class-incremental", "at expansion", "at step N", "at epoch N" or "at end"'


# ---- reading and filling


def learners_in(text: str) -> Iterator[str]:
    """Yield the learners whose figures a text asks for."""
    for token in _TOKEN.findall(text):
        learner, _, what = token.partition(" ")[0].rpartition(".")
        if learner in METHODS and what in OF_A_LEARNER:
            yield learner


def fault(text: str) -> str:
    """Return what is wrong with the tokens of a text, a clause with what is allowed; empty if nothing is."""
    for token in _TOKEN.findall(text):
        form = _FORM.fullmatch(token)
        if form is None or form["name"] not in NAMES:
            near = difflib.get_close_matches(token.partition(" ")[0][:40], NAMES, n=1)
            hint = f"did you mean {{{near[0]}}}?" if near else f"tokens are {', '.join(NAMES)}, {FORMS}."
            return f"{{{token if len(token) <= 40 else token[:37] + '...'}}} stands for no figure; {hint}"
    if "{" in (rest := _TOKEN.sub("", text)) or "}" in rest:
        return "a brace stands alone; write a figure of the run as {lwf.old}, and no other braces."
    return ""


def has_figures(text: str) -> bool:
    """Whether a text has tokens."""
    return _TOKEN.search(text) is not None


def told(text: str, glimpse: Glimpse) -> tuple[str, bool]:
    """Return a text with its figures, less the sentences that have none yet, and whether all are there.

    Of a run that is not there yet nothing is told from the first missing figure on: what follows speaks of it.
    """
    kept: list[str] = []
    sentences = _SENTENCES.split(text)
    for sentence in sentences:
        filled, known = _filled(sentence, glimpse)
        if known:
            kept.append(filled)
        elif not glimpse.reached:
            break
    return " ".join(kept), len(kept) == len(sentences)


def inline(text: str, glimpse: Glimpse) -> str:
    """Return a text with its figures, `UNKNOWN` in place of those that are not there yet."""
    return _filled(text, glimpse)[0]


def _filled(text: str, glimpse: Glimpse) -> tuple[str, bool]:
    values = {token: value(token, glimpse) for token in _TOKEN.findall(text)}
    filled = _TOKEN.sub(lambda found: values[found[1]] or UNKNOWN, text)
    return filled, None not in values.values()


def value(token: str, glimpse: Glimpse) -> str | None:
    """Return what a token stands for at a moment of a run; None where the run does not say it (yet)."""
    form = _FORM.fullmatch(token)
    if form is None:
        return None
    at: Glimpse | None = glimpse
    if form["before"]:
        at = None if glimpse.before is None else Glimpse(glimpse.before, replace(glimpse.selection, step=None))
    if at is not None and form["protocol"]:
        names = {name: protocol for protocol, name in PROTOCOLS.items()}
        at = replace(at, selection=replace(at.selection, protocol=names[form["protocol"]]))
    if at is not None and form["at"]:
        at = at.at(form["at"])
    if at is None:
        return None
    learner, _, what = form["name"].rpartition(".")
    if learner in METHODS:
        return OF_A_LEARNER[what](at, learner) if what in OF_A_LEARNER else None
    return OF_THE_RUN[form["name"]](at) if form["name"] in OF_THE_RUN else None
