"""A run as its views see it: what it is doing, what is shown, what is chosen for the next one, and the live settings.

It knows no engine and no view; it changes, then says so once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from lwf_gui.gui import choice
from lwf_gui.gui.run.chosen import Chosen
from lwf_gui.gui.run.shown import ShownRun
from lwf_gui.gui.run.state import BUSY, HEADS, State
from lwf_gui.gui.time.undo import Place
from lwf_gui.messages import Message, Progress
from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import changed_at, settings_at


class RunModel(QObject):
    """The state that all views of one window follow.

    Attributes
    ----------
    live_settings : those that the run under way has, as the engine said last; else those of the next run
    wanted : those, once the engine has taken in all changes
    fetching : whether what is under way is a download
    after_run : called once after every outcome; `--exit-after-run` and the last-run file hang here
    before_run : called once a run is about to begin, and is shown; the journal hangs here
    followed : called with every message that the record has taken in; the journal hangs here
    closed : called once nothing more will come
    """

    engineReady = Signal()  # noqa: N815 - Qt's naming
    """The engine has started and can train."""
    engineFailed = Signal(str, str)  # noqa: N815
    """One sentence and a traceback, of an engine that cannot do any run."""
    stateChanged = Signal()  # noqa: N815
    recordChanged = Signal()  # noqa: N815
    """There is another record, or its data changed: everything must be painted anew."""
    recipeChanged = Signal()  # noqa: N815
    liveSettingsChanged = Signal()  # noqa: N815
    wentBack = Signal()  # noqa: N815
    """All settings are others, by undo, redo or a preset: what was refused before is of none of them."""
    progressChanged = Signal()  # noqa: N815
    logArrived = Signal(str)  # noqa: N815
    noticed = Signal(str)
    done = Signal(str)
    """What has just been done, for a moment."""
    failed = Signal(str, str)
    """One sentence and, for faults of the program, a traceback."""

    def __init__(self, recipe: Recipe, preset: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State.IDLE
        self.progress: Progress | None = None
        self.shown = ShownRun(Record(), preset)
        self.chosen = Chosen(recipe, preset)
        self.live_settings = self.wanted = recipe.live_settings()
        self.fetching = False
        self.after_run: Callable[[], None] = lambda: None
        self.before_run: Callable[[], object] = lambda: None
        self.followed: Callable[[Message], None] = lambda _message: None
        self.closed: Callable[[], object] = lambda: None

    # What is shown

    @property
    def record(self) -> Record:
        """The run that is shown."""
        return self.shown.record

    @property
    def seen(self) -> Record:
        """The run to be seen: of one that a learner joins what the others came to, until it learns beside them.

        Before that it may take a while: images are read, and the teacher is trained again where it was not kept.
        """
        shown, later = self.shown, self.record.incremental
        waits = self.trains and bool(shown.joins) and (later is None or not later.probes)
        return shown.ghost if waits and shown.ghost is not None else shown.record

    @property
    def ghost(self) -> Record | None:
        """The run that this one was forked from, whole, to be compared with."""
        return self.shown.ghost

    # What is chosen

    @property
    def recipe(self) -> Recipe:
        """The recipe of the next run."""
        return self.chosen.recipe

    @property
    def preset(self) -> str:
        """The name of the preset that it came from."""
        return self.chosen.preset

    @property
    def choice_text(self) -> str:
        """The name of what is chosen for the next run."""
        return choice.preset_text(self.preset, self.recipe)

    @property
    def next_text(self) -> str:
        """What the next run will be, where it is another one than what is shown; empty where it is the same."""
        data, track = self.record.data, self.record.incremental
        begins_so = not self.busy and not (track and track.steps) and self.chosen.starts_like(self.record)
        if data is None or begins_so:  # what is shown is the next run's beginning, too
            return ""
        held = self.wanted if self.trains and not self.shown.alone else settings_at(self.record, None)
        shown = choice.Shown(
            data,
            self.shown.preset,
            held or data.recipe.live_settings(),
            HEADS.get(self.state, "Shown"),
            changed_at(self.record),
        )
        return choice.next_text(shown, self.recipe, self.preset, busy=self.busy)

    # What it is doing

    @property
    def busy(self) -> bool:
        """Whether the engine works on a run or a download of ours."""
        return self.state in BUSY

    @property
    def trains(self) -> bool:
        """Whether a run is under way, whose live settings are under the user's hand."""
        return self.busy and not self.fetching

    @property
    def live(self) -> LiveSettings:
        """The live settings of the run under way as the user wants them, else those of the next run.

        But for a backbone that the schedule of a run that is over has unfrozen: it is shown so until the next one
        begins.
        """
        return self.wanted

    def next_is_like_it(self) -> bool:
        """Return whether the next run would be the one under way again, so that a live change is for both."""
        return not self.shown.alone and self.chosen.is_built_like(self.record)

    def place(self) -> Place:
        """Return where the user is, to be gone back to."""
        chosen, shown, recorded = self.chosen, self.shown, self.state is State.RECORDED
        run = (shown.record, shown.preset, shown.ghost, shown.origin, recorded)
        return Place(chosen.recipe, chosen.preset, self.wanted, chosen.backbone, *run)

    # Changes

    def set_state(self, state: State) -> None:
        """Do something else from now on."""
        if state is self.state:
            return
        trained, self.state = self.busy, state
        if trained and not self.trains:  # from now on a change is for the next run alone, so its settings are shown
            backbone = self.wanted.backbone_frozen if self.next_is_like_it() else self.chosen.backbone
            self.wanted = self.chosen.live_settings(backbone)
            self.recipeChanged.emit()
        self.stateChanged.emit()

    def end(self, state: State) -> None:
        """Do nothing more."""
        self.progress = None
        self.set_state(state)

    def set_progress(self, progress: Progress | None) -> None:
        """Say how far what comes before training is; None: it is done."""
        self.progress = progress
        self.progressChanged.emit()

    def take_live(self, live_settings: LiveSettings) -> None:
        """Take these live settings, whatever was wanted before."""
        self.live_settings = self.wanted = live_settings

    def want(self, **values: Any) -> None:
        """Want other live settings: they hold once the engine has taken them in."""
        self.wanted = replace(self.wanted, **values)

    def begin_settings(self, backbone: bool | None) -> None:
        """Let the live settings be those with which a run of the recipe begins, whatever the run before came to."""
        self.chosen.backbone = backbone
        self.take_live(self.chosen.live_settings(backbone))

    def tell_all(self) -> None:
        """Say that run and settings are others."""
        self.recordChanged.emit()
        self.recipeChanged.emit()
        self.liveSettingsChanged.emit()
