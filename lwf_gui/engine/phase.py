"""What a phase of training is given: a plan, which says what is due at a step, and whom to tell and to hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torch import Tensor

from lwf_gui.axis import FIRST_LOOKS, StepAxis
from lwf_gui.control import Control
from lwf_gui.engine.probing import ProbeImages
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import Emit, Phase

LOG_EVERY = 100
"""Steps between two log lines, as in the notebook."""


@dataclass(frozen=True, eq=False)
class Channel:
    """Where a phase of a run tells what happens, through ``emit``, and hears the user, through ``control``."""

    run_id: int
    phase: Phase
    control: Control
    emit: Emit


@dataclass(frozen=True, eq=False)
class Plan:
    """What a phase is to do: its tasks step by step, on which images, how many a step, and when to look at which probe.

    Attributes
    ----------
    train : the images of the phase's tasks
    columns : names of the losses' terms
    log : whether the notebook's lines are wanted
    """

    axis: StepAxis
    train: Sequence[Split]
    batch_size: int
    probe: ProbeImages
    columns: tuple[str, ...]
    log: bool = False

    def batches(self, order: Tensor, step: int) -> Iterator[Batch]:
        """Yield the mini-batches of the epoch that is under way after a step, from the next one on.

        ``order`` are the numbers of all images of the task, shape (images,).
        """
        size, train = self.batch_size, self.train[self.axis.part(step)]
        for start in range(self.axis.done(step)[1] * size, len(order), size):
            yield Batch(train, order[start : start + size])

    def is_probed(self, step: int) -> bool:
        """Whether a probe follows a step: one that looks into the layers too, or among a later task's first steps."""
        axis = self.axis
        return self.is_weighed(step) or (axis.first > 0 and step - axis.begin(step) in FIRST_LOOKS)

    def is_weighed(self, step: int) -> bool:
        """Whether a probe follows that looks into the layers, which costs half as much again as the answers.

        Also before a task's last step, for after it the head has grown already.
        """
        axis = self.axis
        last = step == axis.steps or axis.grows_at(step + 1)
        return last or self.probe.due(step - axis.begin(step), axis.per_epoch(step))

    def logged(self, step: int) -> tuple[int, int] | None:
        """Return (images seen in the epoch, images of the task) where the notebook logs a step's loss, else None."""
        done, size = self.axis.done(step - 1)[1], len(self.train[self.axis.part(step - 1)])
        if not self.log or done % LOG_EVERY:
            return None
        return min((done + 1) * self.batch_size, size), size
