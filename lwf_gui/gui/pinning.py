"""Pinning of runs: the user's hand on the runs that stay in the picture, from one run to the next.

They are part of where one looks, so every panel knows them; they live as long as the window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from lwf_gui.gui.session import Session
from lwf_gui.gui.showing import Showing
from lwf_gui.runs.differences import differences
from lwf_gui.runs.pins import LETTERS, MOST_PINS, Pins, letter_of, listed, pinned, without
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import FEWEST, same_but_seed, set_of
from lwf_gui.runs.selection import Selection
from lwf_gui.untrusted import shortened

PANEL = "compare"
"""The panel with the pinned runs' numbers, which comes to the front with the first one."""


class Pinning(QObject):
    """Pins the run that is shown, or takes pins away; while a lesson is on there are none.

    Parameters
    ----------
    taught : returns whether a lesson is on
    bring : brings a panel to the front
    """

    changed = Signal()
    """Other runs are pinned than before."""

    def __init__(
        self, session: Session, showing: Showing, taught: Callable[[], bool], bring: Callable[[str], object]
    ) -> None:
        super().__init__(showing)
        self._session, self._showing, self._taught, self._bring = session, showing, taught, bring
        self.take_seeds: Callable[[list[Record]], object] = lambda _runs: None
        """Is handed runs that differ from the shown one in their seed alone."""
        self._put_away: Pins = ()
        """The user's pins while a lesson is on."""
        showing.looked.connect(self._follow)

    @property
    def pins(self) -> Pins:
        """The pinned runs that are in the picture."""
        return self._showing.selection.pins

    @property
    def letter(self) -> str:
        """The letter of the run that is shown; empty where it is not pinned."""
        return letter_of(self.pins, self._session.record)

    @property
    def problem(self) -> str:
        """Why the run that is shown cannot be pinned now; empty where it can."""
        if self._taught():
            return "a lesson goes on, which has its own runs"
        if self._session.busy:
            return "pin a run when it has ended"
        return "" if _has_learnt(self._session.record) else "there is no run yet that has begun its second task"

    def pin(self) -> None:
        """Pin the run that is shown, or take its pin away."""
        if self.problem:
            self._session.done.emit(self.problem.capitalize())
            return
        record, before, letter = self._session.record, self.pins, self.letter
        if letter:
            self._look(without(before, record))
            self._session.done.emit(f"{letter} is pinned no more")
            return
        self._look(pinned(before, record))
        full = len(before) == len(LETTERS)
        place = f", in place of the one that was {self.letter} before, the oldest" if full else ""
        self._session.done.emit(f"Pinned as {self.letter}{place}: it stays in the plot and in the panel Compare")
        if not before:
            self._bring(PANEL)

    def pin_record(self, record: Record) -> str:
        """Pin a run that need not be shown; return what was done, or why not."""
        if self._taught():
            return "A lesson goes on, which has its own runs."
        if not _has_learnt(record):
            return "That run has not begun its second task: there is nothing to compare."
        before = self.pins
        self._look(pinned(before, record))
        if not before:
            self._bring(PANEL)
        place = ", in place of the oldest" if len(before) == MOST_PINS else ""
        return f"Pinned as {letter_of(self.pins, record)}{place}."

    def pin_beside(self, runs: Sequence[tuple[str, Record]]) -> str:
        """Pin runs, by these names, in place of all that are pinned; return a sentence on those that are left out.

        Runs that differ from the shown one in their seed alone are not pinned: they make the bands behind its curves.
        """
        if self._taught():
            return "A lesson goes on, which has its own runs: nothing is pinned beside it."
        pins: Pins = ()
        left_out = list[str]()
        runs = self._without_seeds(runs)
        for name, record in runs:
            if not _has_learnt(record):
                left_out.append(f"{shortened(name)} (it has not begun its second task)")
            elif len(pins) < MOST_PINS:
                pins = pinned(pins, record)
            else:
                left_out.append(f"{shortened(name)} (at most {MOST_PINS} runs are pinned)")
        self._look(pins)
        if pins:
            self._bring(PANEL)
            names = [name for name, record in runs if letter_of(pins, record)]
            told = (f"{pin.letter} {shortened(name)}" for pin, name in zip(pins, names, strict=True))
            self._session.done.emit(f"Pinned: {', '.join(told)}")
        return f"Not pinned: {', '.join(left_out)}." if left_out else ""

    def _without_seeds(self, runs: Sequence[tuple[str, Record]]) -> list[tuple[str, Record]]:
        """Let the runs that differ from the shown one in their seed alone make bands, if they are enough.

        Returns
        -------
        The others, without those that are of a seed that is there already: they are the same run again.
        """
        shown = self._session.record
        seeds = [record for _, record in runs if same_but_seed(shown, record)]
        known = set_of(shown, seeds)
        if len(known) < FEWEST:
            return list(runs)
        self.take_seeds(seeds)
        self._session.done.emit(f"Runs of one experiment: bands show the middle 95 % of {len(known)} seeds")
        alike = {id(record) for _, record in runs if not differences(shown, record)}
        return [(name, record) for name, record in runs if record not in seeds and id(record) not in alike]

    def unpin_all(self) -> None:
        """Take all pins away."""
        if self.pins:
            self._session.done.emit(f"Pinned no more: {listed(sorted(self.pins, key=lambda pin: pin.letter))}")
            self._look(())

    def follow_lesson(self) -> None:
        """Put the pins away as a lesson begins; bring them back after it."""
        if self._taught():
            self._put_away = self._put_away or self.pins
            self._look(())
        else:
            pins, self._put_away = self._put_away, ()
            self._look(pins)

    def _follow(self, before: Selection, now: Selection) -> None:
        """Tell that other runs are pinned, whoever asked for it: the table takes them away too."""
        if before.pins != now.pins:
            self.changed.emit()

    def _look(self, pins: Pins) -> None:
        self._showing.look_at(pins=pins)


def _has_learnt(record: Record) -> bool:
    """Whether a run has trained its learners: else there is nothing to compare."""
    track = record.incremental
    return track is not None and track.steps > 0
