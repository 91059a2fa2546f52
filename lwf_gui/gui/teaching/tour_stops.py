"""The stops of the tour: which parts of the window it speaks of, and what it says of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from PySide6.QtWidgets import QTabBar, QWidget

from lwf_gui.gui.layout.docks import Docks
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.widgets.action_bar import ActionBar
from lwf_gui.gui.widgets.recipe import RecipePanel


class Parts(Protocol):
    """The parts of a window that the tour speaks of."""

    @property
    def bar(self) -> ActionBar:
        """The action bar."""

    @property
    def story(self) -> QWidget:
        """The run in three sentences."""

    @property
    def accuracy(self) -> QWidget:
        """The plot in the middle."""

    @property
    def cards(self) -> QWidget:
        """The score of every learner."""

    @property
    def recipe(self) -> RecipePanel:
        """The settings."""

    @property
    def docks(self) -> Docks:
        """The panels."""

    @property
    def timeline(self) -> QWidget:
        """The timeline."""


class Stop(NamedTuple):
    """One stop: the part that it speaks of, which may be missing, and what it says."""

    find: Callable[[Parts], QWidget | None]
    title: str
    text: str


def _tabs(parts: Parts) -> QWidget | None:
    """Return the tabs of the panels on the right, or the first panel that is seen without any."""
    titles = {spec.title for spec in PANELS}
    for bar in parts.timeline.window().findChildren(QTabBar):
        if bar.isVisible() and titles & {bar.tabText(index) for index in range(bar.count())}:
            return bar
    return next(iter(parts.docks.seen()), None)


STOPS = (
    Stop(
        lambda parts: parts.story if parts.story.isVisible() else parts.accuracy,
        "What this is",
        "A neural network that learns something new forgets what it knew. Here you see that happen, and how Learning "
        "without Forgetting (LwF) holds on to it. The run that you see first was recorded before, and wears a "
        "badge that says so.",
    ),
    Stop(
        lambda parts: parts.bar.buttons["run"],
        "Train, live",
        "Run (Space) trains a network on its old task first, unless it is kept from an earlier run; then copies of it "
        "learn a new one. Step (.) trains a single mini-batch.",
    ),
    Stop(
        lambda parts: parts.accuracy,
        "Watch one of them forget",
        "Solid lines are the old task, dashed ones the new. Once the head grows, at the head expansion, "
        "fine-tuning falls and LwF holds.",
    ),
    Stop(
        lambda parts: parts.cards,
        "The score",
        "How much of the old task each learner still gets right, and what it has lost since the head grew.",
    ),
    Stop(
        lambda parts: parts.recipe.live,
        "Turn the knobs while it trains",
        "These settings act on task 2, from its next step on: alpha weighs the distillation loss, T softens what the "
        "old network, the teacher, answers. Those below wait for the next run.",
    ),
    Stop(
        _tabs,
        "Look inside",
        f"{len(PANELS)} panels show what the learners answer and why, here and below the plot. The keys 1 to 9 bring "
        "them to the front.",
    ),
    Stop(
        lambda parts: parts.timeline,
        "Go back in time",
        "Drag to any step, also while it trains: every panel follows. Live returns; Fork goes on from there with "
        "other settings.",
    ),
    Stop(
        lambda parts: parts.bar.protocols["class_incremental"],
        "Two ways to ask",
        "Task-aware asks only among the classes of an image's own task, class-incremental among all of them, which is "
        "far harder. P switches.",
    ),
    Stop(
        lambda parts: parts.bar.buttons["present"],
        "Teach with it",
        "Present (F11) fills the screen in big type and leaves no controls but those of the run. The menus hold "
        "lessons, themes and this tour; the key ? lists all keys.",
    ),
)
