"""What the actions look like now: which of them can be done, what Run says, and their drawings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence

from lwf_gui.gui import theme
from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.adding import Adding
from lwf_gui.gui.session import Session, State


class ActionState:
    """Lets the actions follow the session.

    Parameters
    ----------
    taught : returns whether a lesson is on
    """

    def __init__(self, actions: Mapping[str, QAction], session: Session, taught: Callable[[], bool]) -> None:
        self._actions, self._session, self._taught = actions, session, taught
        self._adding = Adding(actions, session)
        self._locked = False
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
        session, free = self._session, not self._locked
        ready = session.state not in (State.STOPPING, State.FETCHING)
        for name, enabled in (
            ("run", ready),
            ("step", ready),
            ("stop", session.busy and session.state is not State.STOPPING),
            ("reset", session.state is not State.FETCHING),
            ("undo", session.can_undo and free),
            ("redo", session.can_redo and free),
            ("fork", ready and free),
            ("skip", session.can_skip and free),
            ("predict", ready),
        ):
            self._actions[name].setEnabled(enabled)
        self._adding.follow(taught=self._taught())

    def follow_state(self) -> None:
        """Let Run say what it does now, and enable what can be done."""
        words = {State.RUNNING: "Pause", State.PAUSED: "Resume"}
        self._actions["run"].setText(words.get(self._session.state, "Run"))
        self.enable()

    def tell(self, keys: QKeySequence) -> None:
        """Say that, and if it is known why, an action that has these keys cannot be done now."""
        for action in self._actions.values():
            if keys in action.shortcuts() and not action.isEnabled():
                name, problem = action.text().rstrip("."), self._adding.problems.get(action)
                self._session.done.emit(f"{name}: {problem}" if problem else f"{name} cannot be done now.")

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
