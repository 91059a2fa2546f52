"""Paper cards in the window: one of their runs is trained here, and what it says of the claim is told at its end.

The cards themselves are read when they are first asked for: the first paint does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from lwf_gui.gui.session import Session, State
from lwf_gui.gui.teaching.course import Teaching
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import agrees

if TYPE_CHECKING:
    from lwf_gui.claims import Claim, Judged
    from lwf_gui.claims.figures import Figures

SEED = 1
"""With which a card's run is trained here, and with which its seeds begin in the terminal."""


class PaperCards:
    """Lets the user choose a published claim and try it; knows which of its runs were seen.

    Parameters
    ----------
    teaching : says whether a lesson is on, whose run a card's must not take the place of
    show : shows the cards
    """

    def __init__(
        self, window: QWidget, session: Session, banner: Banner, teaching: Teaching, show: Callable[[], object]
    ) -> None:
        self._window, self._session, self._banner = window, session, banner
        self._teaching, self._show = teaching, show
        self._asked: Claim | None = None
        self._seen: dict[tuple[str, int, str], dict[str, Figures]] = {}
        """Figures of the runs that came to their end in this window, by the claim's title, seed and data."""
        session.stateChanged.connect(self._follow_state)

    @property
    def changed(self) -> SignalInstance:
        """Said when what the window shows may be another run."""
        return self._session.stateChanged

    @property
    def why_not(self) -> str:
        """Why no card's run can be trained now; empty where one can."""
        if self._teaching.on:
            return "A lesson is on: leave it first (Ctrl+E)."
        busy = self._session.state in (State.STOPPING, State.FETCHING)
        return "The engine is busy: wait a moment." if busy else ""

    def next_run(self, claim: Claim) -> str:
        """Return the run of a claim that is trained next: the first that was not seen yet."""
        seen = self._seen.get(self._key(claim), {})
        return next((name for name in claim.runs if name not in seen), claim.run[0].name)

    def begin(self, claim: Claim) -> None:
        """Train a run of a claim here; what is under way is kept as far as it has come, once the user agrees."""
        if self._session.busy and not self._may_stop():
            return
        run = self.next_run(claim)
        if self._session.busy:
            self._session.reset()
        self._session.take_preset(claim.recipe(run, SEED), claim.runs[run].preset)
        self._asked = claim
        self._session.run_or_pause()

    def judged(self, claim: Claim) -> Judged | None:
        """Return what the run that is shown says of a claim, with the claim's other runs that were seen before.

        All are of the same seed and data; None if the run is none of the claim's.
        """
        from lwf_gui.claims import figures_of, judge, shown_run

        record = self._session.record
        run = shown_run(claim, record)
        if run is None or record.data is None:
            return None
        seed = record.data.recipe.seed
        seen = self._seen.setdefault((claim.title, seed, record.data.dataset), {})
        seen[run] = figures_of(record)
        return judge(claim, {seed: seen})

    @property
    def where(self) -> str:
        """The data and the seed of the run that is shown."""
        data = self._session.record.data
        return "" if data is None else f"{data.dataset}, seed {data.recipe.seed}"

    def _follow_state(self) -> None:
        """Say what a card's run says of its claim as soon as it has come to its end."""
        claim = self._asked
        if claim is None or self._session.busy:
            return
        self._asked = None
        judged = self.judged(claim) if self._session.state is State.FINISHED else None
        if judged is None:
            return
        from lwf_gui.claims import words

        sentence = f"{claim.title} ({self.where}): {words.verdict_text(judged)}"
        self._banner.say(sentence, (("Paper cards...", self._show),), cause=Cause.RUN)

    def _may_stop(self) -> bool:
        question = "Stop the run and start the card's? It is kept as far as it has come."
        return agrees(self._window, "Paper cards", question)

    def _key(self, claim: Claim) -> tuple[str, int, str]:
        data = self._session.record.data
        return claim.title, SEED, "" if data is None else data.dataset
