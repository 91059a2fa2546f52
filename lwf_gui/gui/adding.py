"""The actions that let a learner join the run that is shown: which of them can be done now, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction

from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.actions.run import ADD
from lwf_gui.gui.menus import help_of
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.session import Session
from lwf_gui.runs import averaging, cures
from lwf_gui.runs.selection import Selection

TRAINS = "A run is under way: a learner joins one that has come to its end."
TAUGHT = "A lesson is on, and chooses its learners."


class Adding:
    """Lets these actions follow the session; what is not possible says why under the mouse."""

    def __init__(self, actions: Mapping[str, QAction], session: Session, selection: Callable[[], Selection]) -> None:
        self._session, self._selection = session, selection
        self._cure, self._average = actions["bring_back"], actions["average"]
        self._methods = {spec.id.removeprefix(ADD): actions[spec.id] for spec in ACTIONS if spec.id.startswith(ADD)}
        self._help = {actions[spec.id]: help_of(spec) for spec in ACTIONS}
        self._followed: object = None
        self.problems: dict[QAction, str] = {}
        """Why an action cannot be done now, as a sentence; empty where it can."""

    def follow(self, *, taught: bool) -> None:
        """Enable what can be done now; ``taught``: while a lesson is on, nothing."""
        record = self._session.record
        now = TAUGHT if taught else TRAINS if self._session.busy else ""
        problem, no_cure = now or cures.why_not(record), now or cures.why_no_cure(record)
        no_average, others = problem or self._why_no_average(), cures.others(record)
        if (followed := (problem, no_cure, no_average, others)) == self._followed:
            return  # as at nearly every picture of a run
        self._followed = followed
        self._allow(self._cure, no_cure)
        self._allow(self._average, no_average)
        for method, action in self._methods.items():
            action.setVisible(method in others)
            self._allow(action, problem)

    def _why_no_average(self) -> str:
        """Return why no two networks of a run that is over can be averaged; empty if they can."""
        found = averaging.offered(self._session.record, self._selection())
        return found if isinstance(found, str) else found.problem

    def _allow(self, action: QAction, problem: str) -> None:
        self.problems[action] = problem
        action.setEnabled(not problem)
        action.setToolTip(tooltip(self._help[action], problem))
