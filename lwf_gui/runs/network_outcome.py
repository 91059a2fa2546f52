"""What became of the old answers of each learner, in plain words with their figures. Pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from lwf_gui.messages import TEACHER
from lwf_gui.numbers import counted
from lwf_gui.runs import shown, tasks_shown
from lwf_gui.runs.averages import averages, forgetting_text
from lwf_gui.runs.captions import probe_counts
from lwf_gui.runs.cards import card_of, teacher_accuracy
from lwf_gui.runs.image_grid import ImageGrid, image_grid
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import class_name
from lwf_gui.runs.pushed import Pushed, evenly, pushed
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

HOLD = 2.0
"""Points that may be lost where old answers still hold."""

MOST_LOST = 30.0
"""Points from which on old answers are lost; from `HOLD` to these they slip."""

State = Literal["ahead", "base", "start", "hold", "slip", "lost", "diverged", "guessed"]

SAID: dict[State, tuple[str, ...]] = {
    "ahead": ("not trained yet",),
    "base": ("old answers are learnt", "being learnt"),
    "start": ("old answers as they were", "as they were"),
    "hold": ("old answers hold", "they hold"),
    "slip": ("old answers slip", "they slip"),
    "lost": ("old answers lost", "lost"),
    "guessed": ("to be guessed first", "guess first"),
    "diverged": ("training diverged", "diverged"),
}
"""What is said of the old answers, and shorter."""


EVEN, UNEVEN = ("scores: all {}, evenly", "all {}, evenly"), ("scores: {} to {}, unevenly", "{} to {}, unevenly")
ALIKE, APART = ("old scores fell alike", "fell alike"), ("old scores fell unevenly", "fell unevenly")
"""How new images changed the scores of the old answers, and shorter: what decides which of them is on top."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the old answers of a learner stand.

    Attributes
    ----------
    now, was : what is right of the old images, with its unit, and as the current task began, without; empty: not known
    habit : the class that is said to most old images, if there is one
    times : to how many probe images that is said, as in "210 of 300"
    images, protocol : what the figures are taken on, and how images are asked for
    step : at which it diverged
    pushed : how new images changed the old answers' scores, and shorter; empty where they pushed none, or not known
    falls : by how many points each of these scores fell; empty where that is not told
    forgot : with more than two tasks, what was forgotten of the earlier ones on average; else empty
    """

    state: State
    now: str = ""
    was: str = ""
    habit: str = ""
    times: str = ""
    images: str = ""
    protocol: str = ""
    step: int = 0
    forgot: str = ""
    pushed: tuple[str, ...] = ()
    falls: tuple[float, ...] = ()

    @property
    def fell(self) -> tuple[str, ...]:
        """What the bars of these changes show, and shorter; nothing where there are none."""
        return () if not self.falls else ALIKE if evenly(self.falls) else APART

    @property
    def words(self) -> tuple[str, ...]:
        """What is said of the old answers, and shorter."""
        return SAID[self.state]

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures in a line, and shorter; none where there are none."""
        if not self.now:
            return (f"at step {self.step:,}",) if self.state == "diverged" else ()
        beside = f", {self.forgot}" if self.forgot else f" (was {self.was})" if self.was else ""
        return (f"{self.now} right{beside}", f"{self.now} right", self.now)

    @property
    def told(self) -> str:
        """All in one sentence without its end."""
        says = f", says {self.habit} to most: {self.times} probe images" if self.habit else ""
        figures = f": {self.figures[0]} of {self.images}, {self.protocol}" if self.now else "".join(self.figures)
        joint = " " if self.state == "diverged" else ""
        return f"{self.words[0]}{joint}{figures}{says}"


def outcomes(
    record: Record, selection: Selection, learners: tuple[str, ...], *, guessed: bool = False
) -> dict[str, Outcome]:
    """Return how the old answers of each of these learners stand where one looks; not while that is to be guessed."""
    if guessed:
        return dict.fromkeys(learners, Outcome("guessed"))
    grid, pushes = image_grid(record, selection), pushed(record, selection)
    found = {learner: _outcome(record, selection, learner, grid) for learner in learners}
    if tasks_shown.are_many(record):  # where tasks before this one were lost, pushes of this one explain nothing
        return found
    return {learner: _explained(outcome, pushes.get(learner)) for learner, outcome in found.items()}


def _explained(outcome: Outcome, push: Pushed | None) -> Outcome:
    """Return an outcome with how scores changed, where that is what one expects of it."""
    fits = push is not None and outcome.state != ("lost" if push.even else "hold")
    return replace(outcome, pushed=_said(push), falls=push.falls if push else ()) if fits else outcome


def _said(push: Pushed | None) -> tuple[str, ...]:
    """Return how new images changed the old answers' scores; nothing where they pushed none down."""
    if push is None:
        return ()
    if push.even:
        return tuple(text.format(change(-(push.least + push.most) / 2)) for text in EVEN)
    return tuple(text.format(change(-push.least), change(-push.most)) for text in UNEVEN)


def change(points: float) -> str:
    """Return a change in whole points, with its sign."""
    return f"{round(points):+d}".replace("+0", "0").replace("-0", "0")


def _outcome(record: Record, selection: Selection, learner: str, grid: ImageGrid | None) -> Outcome:
    protocol = PROTOCOLS[selection.protocol]
    if learner == TEACHER:
        return _base(record, selection)
    card = card_of(record, learner, selection)
    if card.diverged is not None:
        return Outcome("diverged", step=card.diverged)
    if card.old is None or card.expansion_old is None or card.change is None or not math.isfinite(card.old):
        return Outcome("ahead")
    images = card.counts[0]
    now, was = shown.percent(card.old, images), shown.digits(card.expansion_old, images)
    habit, times = _habit(record, learner, grid)
    if not card.step or (record.incremental is not None and card.step in record.incremental.started.boundaries):
        return Outcome("start", now, "", "", "", card.sample, protocol)
    lost, forgot = -card.change, ""
    if tasks_shown.are_many(record):  # as the current task began, much of the earlier ones may have been lost already
        mean = averages(record, learner, selection)
        lost, forgot = mean.forgetting, f"forgot {forgetting_text(mean)}"
    state: State = "hold" if lost <= HOLD else "lost" if lost >= MOST_LOST else "slip"
    return Outcome(state, now, was, habit, times, card.sample, protocol, forgot=forgot)


def _base(record: Record, selection: Selection) -> Outcome:
    """Return how the one network of the base task stands."""
    share = teacher_accuracy(record, selection.step)
    if share is None or record.data is None:
        return Outcome("ahead")
    images = probe_counts(record.data, 0)[0]
    return Outcome(
        "base",
        shown.percent(share, images),
        images=counted(images, "probe image"),
        protocol=PROTOCOLS["task_aware"],  # with one task both are the same
    )


def _habit(record: Record, learner: str, grid: ImageGrid | None) -> tuple[str, str]:
    """Return the class that a learner says to most old probe images, and to how many; nothing where there is none."""
    habit = None if grid is None else grid.whole_habit(learner)
    if grid is None or habit is None:
        return "", ""
    return class_name(record, habit.unit), f"{habit.images:,} of {len(grid.chosen(len(grid.labels))):,}"
