"""What the actions look like now: which of them can be done, what Run says, and their drawings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence

from lwf_gui.gui import theme
from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.adding import Adding
from lwf_gui.gui.pinning import Pinning
from lwf_gui.gui.session import Session, State
from lwf_gui.runs.selection import Selection

WAITS = {State.STOPPING: "the run is stopping", State.FETCHING: "images are downloaded"}
"""What is waited for, by state."""


class ActionState:
    """Lets the actions follow the session.

    Parameters
    ----------
    taught : returns whether a lesson is on
    selection : returns where one looks
    seeds : returns why the run that is shown cannot be repeated with other seeds now; empty if it can
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        session: Session,
        taught: Callable[[], bool],
        selection: Callable[[], Selection],
        pinning: Pinning,
        seeds: Callable[[], str],
    ) -> None:
        self._actions, self._session, self._taught, self._pinning = actions, session, taught, pinning
        self._adding, self._seeds = Adding(actions, session, selection), seeds
        self._locked = False
        self._problems: dict[str, str] = {}
        """Why an action cannot be done now, by its name; empty where it can."""
        self._colours = theme.LIGHT
        self._actions["play"].toggled.connect(self.redraw)

    def lock(self, locked: bool) -> None:
        """Disable what would change settings, while a lesson has locked some."""
        self._locked = locked
        self.enable()

    def follow_rows(self, probes: bool) -> None:
        """Enable what can be done once there are probes."""
        if probes:
            self.enable()

    def enable(self) -> None:
        """Enable what can be done now; what would change settings only if no lesson has locked some."""
        session = self._session
        taught = "a lesson goes on, which has its own settings" if self._locked else ""
        waits = WAITS.get(session.state, "")
        fetches, stops = (waits if session.state is state else "" for state in (State.FETCHING, State.STOPPING))
        for name, problem in (
            ("run", waits),
            ("step", waits),
            ("stop", stops or ("" if session.busy else "nothing trains")),
            ("reset", fetches),
            ("undo", taught or ("" if session.can_undo else "nothing was changed that could come back")),
            ("redo", taught or ("" if session.can_redo else "nothing was taken back")),
            ("paste_recipe", taught),
            ("fork", waits or taught),
            ("skip", taught or ("" if session.can_skip else "the new task has begun already")),
            ("predict", waits),
            ("pin", self._pinning.problem),
            ("repeat", self._seeds()),
            ("unpin_all", "" if self._pinning.pins else "no run is pinned"),
        ):
            self._problems[name] = problem
            self._actions[name].setEnabled(not problem)
        letter = self._pinning.letter
        self._actions["pin"].setText(f"Unpin run {letter}" if letter else "Pin run")
        self._adding.follow(taught=self._taught())

    def follow_state(self) -> None:
        """Let Run say what it does now, and enable what can be done."""
        words = {State.RUNNING: "Pause", State.PAUSED: "Resume"}
        self._actions["run"].setText(words.get(self._session.state, "Run"))
        self.enable()

    def do(self, name: str) -> None:
        """Do what a panel offers, or say why it cannot be done now."""
        if self._actions[name].isEnabled():
            self._actions[name].trigger()
        else:
            self._tell(name)

    def tell(self, keys: QKeySequence) -> None:
        """Say that, and if it is known why, an action that has these keys cannot be done now."""
        for name, action in self._actions.items():
            if keys in action.shortcuts() and not action.isEnabled():
                self._tell(name)

    def _tell(self, name: str) -> None:
        action = self._actions[name]
        called, problem = action.text().rstrip("."), self._problems.get(name)
        why = f"{called} cannot be done now: {problem}." if problem else f"{called} cannot be done now."
        known = self._adding.problems.get(action)
        self._session.done.emit(f"{called}: {known}" if known else why)

    def draw(self, colours: theme.Theme) -> None:
        """Draw all in these colours."""
        self._colours = colours
        self.redraw()

    def redraw(self, *_: object) -> None:
        """Draw all anew: Run and Play show what they would do."""
        running = self._session.state is State.RUNNING
        for spec in ACTIONS:
            if spec.icon:
                action = self._actions[spec.id]
                going = running if spec.id == "run" else spec.id == "play" and action.isChecked()
                name = "pause" if going else spec.icon
                action.setIcon(theme.icon(name, self._colours, on_accent=spec.id == "run" or action.isChecked()))
