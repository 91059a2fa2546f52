"""Where a showing of a lesson is: its step, what it waits for, and what was answered, trained and told so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lwf_gui.lessons import Lesson, LookAt, Step, Target
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record


@dataclass(slots=True)
class Bookmark:
    """All that a lesson needs to go on, while its run is shown again.

    Attributes
    ----------
    index : the step that is shown, counted from 0
    furthest : the last step that was shown so far; -1 before the first
    pending : what the furthest step waits for; None for nothing
    answers : the user's answers by step; None where the answer was shown without one
    records : the lesson's runs, by the step that began them
    told : captions by step, once all their figures were there
    adapted : settings with which the runs are short enough on this machine
    measured : whether this machine's speed is known
    why : why what is seen may not be what is said; empty where it is
    images : why the lesson is not on the images that the user chose; empty where it is
    """

    lesson: Lesson
    index: int = 0
    furthest: int = -1
    pending: Target | None = None
    answers: dict[int, int | None] = field(default_factory=dict)
    records: dict[int, Record] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    adapted: dict[str, Any] = field(default_factory=dict)
    measured: bool = False
    why: str = ""
    images: str = ""

    def copy(self) -> Bookmark:
        """Return a bookmark that stays here while this one goes on."""
        return replace(self, answers=dict(self.answers), records=dict(self.records), told=dict(self.told))

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.lesson.step[self.index]

    @property
    def is_last(self) -> bool:
        """Whether the lesson's last step is shown."""
        return self.index == len(self.lesson.step) - 1

    @property
    def waiting(self) -> bool:
        """Whether the shown step waits for the run."""
        return self.pending is not None and self.index == self.furthest

    @property
    def asks(self) -> bool:
        """Whether the shown step's question is open."""
        return self.step.question is not None and not self.knows(self.index)

    @property
    def shows_answer(self) -> bool:
        """Whether going on shows the answer to the shown step's question first."""
        return self.asks and self.step.question is not None and self.step.question.answered_by == "page"

    def knows(self, index: int) -> bool:
        """Whether the answer to a step's question is out: chosen or shown, or told by the next step."""
        question = self.lesson.step[index].question
        if question is None or question.answered_by == "page":
            return index in self.answers
        return self.furthest > index + 1 or (self.furthest == index + 1 and self.pending is None)

    def run_of(self, index: int) -> int:
        """Return the step at which the run of a step began."""
        return max((i for i in range(index + 1) if self.lesson.step[i].restart), default=0)

    @property
    def target(self) -> Target | None:
        """Where the shown step's run was to go last; None where it has not begun."""
        reached = self.lesson.step[self.run_of(self.index) : self.index + 1]
        return next((step.run_to for step in reversed(reached) if step.run_to is not None), None)

    @property
    def so_far(self) -> tuple[Step, ...]:
        """The steps up to the shown one, the latest first: what one leaves out stays as the one before it had it."""
        return self.lesson.step[self.index :: -1]

    @property
    def protocol(self) -> ProtocolName:
        """The protocol of the shown step."""
        return next((step.protocol for step in self.so_far if step.protocol), "task_aware")

    def looks_at(self, name: str) -> Any:
        """Return the probe image or temperature, by the field's name, that the shown step looks at; None for any."""
        return next((value for each in self._looks() if (value := getattr(each, name)) is not None), None)

    def _looks(self) -> Iterator[LookAt]:
        """Yield where the shown step and those before it look, the latest first; an answer looks where it is seen."""
        for index in range(self.index, -1, -1):
            step = self.lesson.step[index]
            if step.question is not None and step.question.look is not None and self.knows(index):
                yield step.question.look
            if isinstance(step.look, LookAt):
                yield step.look
