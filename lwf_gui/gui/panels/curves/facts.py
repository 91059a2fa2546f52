"""What there is to tell of a step's accuracies, worked out once, and the ways in which a read-out says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lwf_gui.gui.panels.curves.read_out import Told, coloured, step_text
from lwf_gui.gui.panels.overlays import DIAMOND
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import names_of

Task = Literal["old", "new"]


class Share(NamedTuple):
    """An accuracy in words: on the probe images and, where an epoch ended, on the full test set (else empty)."""

    probe: str
    full: str

    def said(self, *, both: bool) -> str:
        """Say it: the full test alone where there is one, or of both samples each."""
        if not self.full:
            return self.probe
        return f"{self.probe} ({DIAMOND} {self.full})" if both else f"{DIAMOND} {self.full}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Accuracies at a step: of every learner those on its tasks, or the step at which it diverged."""

    step: float
    names: tuple[str, ...]
    found: Mapping[str, int | Mapping[Task, Share]]
    called: Mapping[Task, str]
    """What the tasks are called, as in the plot's key."""

    def told(self, colours: Theme, tasks: tuple[Task, ...], *, form: int = 0, both: bool = False) -> Told:
        """Say the accuracies on some tasks, in names of some length; of both samples the old task's alone."""
        called = names_of(self.names)[form]
        parts = []
        for learner, what in self.found.items():
            if isinstance(what, int):
                parts.append(coloured(colours, called, learner, f"diverged at step {what:,}"))
                continue
            said = [
                f"{self.called[task]} {share.probe if both and task == 'new' else share.said(both=both)}"
                for task, share in what.items()
                if task in tasks
            ]
            if said:
                parts.append(coloured(colours, called, learner, ", ".join(said)))
        return Told(((f"{step_text(self.step)}:  ", ""),), tuple(parts))
