"""What the parts of a window show: one record at one selection, painted together, and said in words a little later."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from lwf_gui.gui.layout.docks import Docks
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.plot_panels import AccuracyPanel
from lwf_gui.gui.panels.story import StoryPanel
from lwf_gui.gui.session import Session, State
from lwf_gui.gui.time.timeline import Timeline
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.seed_set import same_but_seed
from lwf_gui.runs.selection import Selection

DESCRIBE_SECONDS = 1.0
"""How often the panels' descriptions for screen readers follow a live run."""

REST_MS = 200
"""How long the cursor must rest on the timeline before the panels say in words what they show."""


class Viewers(NamedTuple):
    """The parts that show the record, in the order in which they are painted."""

    story: StoryPanel
    accuracy: AccuracyPanel
    cards: Cards
    docks: Docks
    timeline: Timeline


class Showing(QObject):
    """Lets every part show the session's record at the selection that they share."""

    looked = Signal(object, object)
    """The selection is another one: the `lwf_gui.runs.selection.Selection` before, and now; nothing is painted yet."""
    probed = Signal()
    """A new probe is painted."""

    def __init__(self, window: QWidget, session: Session, viewers: Viewers) -> None:
        super().__init__(window)
        self._window, self._session, self._viewers = window, session, viewers
        self.selection = Selection(temperature=session.live_settings.temperature)
        self._seen = session.seen
        self._described = 0.0
        self._soon = QTimer(self)  # words are slow: they follow once the cursor rests
        self._soon.setSingleShot(True)
        self._soon.setInterval(REST_MS)
        self._soon.timeout.connect(self.describe)

    # The selection

    def look_at(self, **changes: Any) -> None:
        """Look elsewhere: at another step, image, protocol or term; every panel follows."""
        before, self.selection = self.selection, replace(self.selection, **changes)
        if self.selection == before:
            return
        self.looked.emit(before, self.selection)
        self.paint()
        self._soon.start()

    def look_for(self, asked: dict[str, Any]) -> None:
        """Look where a part asks to look."""
        self.look_at(**asked)

    def switch_protocol(self) -> None:
        """Go to the other protocol."""
        names = list(PROTOCOLS)
        self.look_at(protocol=names[(names.index(self.selection.protocol) + 1) % len(names)])

    # The record

    def show_record(self) -> None:
        """Show another record, at its newest step; nothing is painted yet."""
        session, viewers = self._session, self._viewers
        self._seen = session.seen
        seeds = tuple(each for each in self.selection.seeds if same_but_seed(self._seen, each))
        self.selection = replace(self.selection, step=None, seeds=seeds)
        for part in (viewers.story, viewers.accuracy, viewers.docks, viewers.timeline):
            part.show_record(self._seen)
        viewers.accuracy.show_ghost(None if session.ghost is self._seen else session.ghost)
        viewers.cards.show_record(self._seen, session.recipe.names)

    def follow_rows(self, probes: bool) -> None:
        """Paint what grew; nothing while nobody can see it."""
        if self._window.isMinimized():
            return
        if probes:
            self.paint()
            self.probed.emit()
        else:
            self._viewers.docks.refresh(self.selection)
            if self._session.slow:
                self._viewers.timeline.refresh(self.selection)
        if time.monotonic() - self._described > DESCRIBE_SECONDS:
            self.describe()

    # Painting

    def refresh(self) -> None:
        """Let every part show what is new, and say it."""
        self.paint()
        self.describe()

    def paint(self) -> None:
        """Let every part show what is new."""
        viewers = self._viewers
        if self._session.seen is not self._seen:  # a learner that joins has begun, or never will
            self.show_record()
        viewers.story.recorded = self._session.state is State.RECORDED
        viewers.story.guessed = viewers.docks.guessed = viewers.accuracy.hides
        viewers.story.refresh(self.selection)
        viewers.accuracy.refresh(self.selection)
        viewers.cards.refresh(self.selection)
        viewers.docks.refresh(self.selection)
        viewers.timeline.follows = self._session.state is not State.RECORDED
        self.refresh_timeline()

    def refresh_timeline(self) -> None:
        """Let the timeline stand where the selection is."""
        self._viewers.timeline.refresh(self.selection)

    def describe(self) -> None:
        """Let every part say in words what it shows: at most once a second, for words are slow."""
        self._described = time.monotonic()
        for part in self._viewers:
            part.describe()

    def rest(self) -> None:
        """Say nothing any more: the window closes."""
        self._soon.stop()
