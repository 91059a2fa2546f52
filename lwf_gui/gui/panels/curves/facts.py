"""What there is to tell of a step's accuracies, worked out once, and the ways in which a read-out says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from lwf_gui.gui.panels.curves.read_out import FORMS, Told, coloured, diverged_by, moment_at, step_text
from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.panels.overlays import DIAMOND
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import TEACHER
from lwf_gui.runs import shown
from lwf_gui.runs.captions import old_and_new, probe_counts
from lwf_gui.runs.full_tests import evaluation_at, full_test
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import learners_of, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.series import Series
from lwf_gui.runs.tasks_shown import called

Task = Literal["old", "new"]
BOTH: tuple[Task, Task] = ("old", "new")


class Share(NamedTuple):
    """An accuracy in words: on the probe images and, where an epoch ended, on the full test set (else empty)."""

    probe: str
    full: str

    @property
    def said(self) -> str:
        """Say it: the full test alone where there is one, which is the card's figure."""
        if not self.full:
            return self.probe
        return f"{DIAMOND} {self.full}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Accuracies at a step: of every learner those on its tasks, or the step at which it diverged."""

    step: float
    names: tuple[str, ...]
    found: Mapping[str, int | Mapping[Task, Share]]
    called: Mapping[Task, str]
    """What the tasks are called, as in the plot's key."""

    def ways(self, colours: Theme) -> Iterator[Segments]:
        """Say all, then the same in short names, then without the new task, without the step, and of fewer learners.

        Of a probe and a full test at one step the test alone is told: it is the card's figure.
        """
        for form in range(FORMS):
            yield self.told(colours, BOTH, form=form).segments
        yield from self.told(colours, ("old",), form=FORMS - 1).shorter()

    def told(self, colours: Theme, tasks: tuple[Task, ...], *, form: int = 0) -> Told:
        """Say the accuracies on some tasks, in names of some length."""
        called = names_of(self.names)[form]
        parts = []
        for learner, what in self.found.items():
            if isinstance(what, int):
                parts.append(coloured(colours, called, learner, f"diverged at step {what:,}"))
                continue
            said = [f"{self.called[task]} {share.said}" for task, share in what.items() if task in tasks]
            if said:
                parts.append(coloured(colours, called, learner, ", ".join(said)))
        return Told(((f"{step_text(self.step)}:  ", ""),), tuple(parts))


class Accuracies(NamedTuple):
    """Accuracies of a record by one protocol, as far as they may be told.

    Attributes
    ----------
    series : returns the points of the curve of a learner on a task, none of one that is hidden
    """

    record: Record
    protocol: ProtocolName
    series: Callable[[str, Task], Series]

    def at(self, step: float) -> Facts:
        """Return what there is to tell of a step: worked out once for all the ways in which it may be said."""
        record = self.record
        names = learners_of(record) if step >= 0 and record.incremental else (TEACHER,)
        if record.data is not None and record.data.recipe.lwf.teacher == "aliased" and TEACHER not in names:
            names = (*names, TEACHER)  # the one that should stand still, and does not
        found: dict[str, int | dict[Task, Share]] = {}
        at_step = step
        for learner in names:
            if (end := diverged_by(record, learner, step)) is not None:
                found[learner] = end
                continue
            values: dict[Task, Share] = {}
            for task in tasks_of(learner):
                x, y = self.series(learner, task)
                if len(x):
                    at = max(0, int(np.searchsorted(x, step, side="right")) - 1)
                    at_step = x[at]
                    values[task] = self._share(learner, task, at_step, y[at])
            if values:
                found[learner] = values
        return Facts(at_step, tuple(names), found, called(record))

    def _share(self, learner: str, task: Task, step: float, share: float) -> Share:
        """Say an accuracy on the probe images, and on the full test set where an epoch ended."""
        data, now = self.record.data, task_at(self.record, step)
        if data is None:
            return Share("", "")
        which = BOTH.index(task)
        probe = shown.percent(share, probe_counts(data, now)[which])
        told = evaluation_at(self.record, now, int(step)) if step else None
        test = full_test(self.record, learner, self.protocol, told)
        if test is None:
            return Share(probe, "")
        full = (test.old, test.new)[which]
        return Share(probe, shown.percent(full, old_and_new(data.test_sizes, now)[which]))


def tasks_of(learner: str) -> tuple[Task, ...]:
    """Return the tasks that a learner has an accuracy on: the teacher knows the old one alone."""
    return ("old",) if learner == TEACHER else BOTH


def task_at(record: Record, step: float) -> int:
    """Return the task of a step, endless for the latest: "old" are those before it."""
    at = moment_at(record, step)
    return 1 if at is None else max(at.task, 1)
