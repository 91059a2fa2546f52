"""Undo over places: settings that were changed, and runs that others took the place of, both come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lwf_gui.gui.time.undo import Place, fit
from lwf_gui.gui.time.undo_stack import UndoStack


class Places:
    """Where the user was.

    Parameters
    ----------
    here : returns where the user is
    """

    def __init__(self, here: Callable[[], Place]) -> None:
        self._here = here
        self._history: UndoStack[Place] = UndoStack()
        self._changed_runs = 0

    def note(self, what: object) -> None:
        """Note where the user is, before a change of ``what``."""
        self._history.note(self._here(), what)

    def note_run(self, what: str) -> None:
        """Note that another run takes the place of the one shown; the oldest beyond the limit of memory are forgotten.

        Only here: going back and forth adds no run, and must lose none.
        """
        self._changed_runs += 1
        self.note(self._last_run(what))
        self._history.keep(fit)

    def set_aside(self) -> UndoStack[Place]:
        """Begin with nothing to go back to; return what there was, for `bring_back`: a lesson is no step of it."""
        aside, self._history = self._history, UndoStack()
        return aside

    def bring_back(self, aside: UndoStack[Place]) -> None:
        """Let there be what was set aside, and nothing of what was noted since."""
        self._history = aside

    def forget(self) -> None:
        """Forget all places: what has just been done cannot be taken back."""
        self._history = UndoStack()

    def _last_run(self, what: str) -> tuple[str, int]:
        return what, self._changed_runs

    def forget_run(self) -> None:
        """Forget the run that was put aside last: it is shown again."""
        self._history.drop(self._last_run("run"))

    def forget_forth(self) -> None:
        """Forget what was taken back: a run that begins is another way on, also where it takes no run's place."""
        self._history.forget_after()

    def back(self) -> Place | None:
        """Return the place before the last change; None where there is none."""
        return self._history.undo(self._here())

    def forth(self) -> Place | None:
        """Return the place after the change that was taken back last; None where there is none."""
        return self._history.redo(self._here())

    @property
    def what(self) -> Any:
        """What the change was of that was taken back, or made again, last."""
        return self._history.what

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self._history.can_redo
