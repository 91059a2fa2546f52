"""The record of a run: what the engine told, in columns that grow. The one source of every panel.

It is filled by `Record.apply` alone, one message at a time, whether they come from a live engine or from a file. It
knows nothing of files, windows or torch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import (
    TOTAL,
    Branch,
    DataReady,
    Evaluated,
    Failed,
    Finished,
    LayerProbe,
    LiveSettingsApplied,
    LogLine,
    Message,
    MiniBatch,
    Notice,
    Outcome,
    Phase,
    PhaseStarted,
    Probe,
    Snapshots,
    Steps,
    Stopped,
    TeacherReady,
)
from lwf_gui.runs import metrics
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName

RATE_SECONDS = 0.9
"""Time over which the training rate is taken: in slow motion no longer than one step, so that it holds at once."""

RATE_BLOCKS = 40
"""Blocks of steps, about 50 ms each at full speed, that are kept for it."""


class Column:
    """A numpy array that grows along its first axis, in amortised constant time a row."""

    def __init__(self, dtype: Any, *shape: int) -> None:
        self._rows: NDArray[Any] = np.empty((64, *shape), dtype)
        self._length = 0

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows, shape (n, *shape)."""
        assert rows.shape[1:] == self._rows.shape[1:], "rows of a column have one shape"
        needed = self._length + len(rows)
        if needed > len(self._rows):
            grown = np.empty((max(needed, 2 * len(self._rows)), *self._rows.shape[1:]), self._rows.dtype)
            grown[: self._length] = self._rows[: self._length]
            self._rows = grown
        self._rows[self._length : needed] = rows
        self._length = needed

    @property
    def values(self) -> NDArray[Any]:
        """A view of all rows so far, shape (rows, *shape)."""
        return self._rows[: self._length]

    def __len__(self) -> int:
        return self._length


@dataclass(eq=False)
class Track:
    """One phase of a run: losses by step, probes with their accuracies."""

    started: PhaseStarted
    losses: Column
    probe_steps: Column
    accuracies: dict[ProtocolName, Column]
    """Per protocol, shape (probes, learners, 2): fractions correct on old-task and new-task probe images."""
    teacher_old: Column = field(default_factory=lambda: Column(np.float64))
    """Shape (probes,), in task 2: fraction of the old-task probe images that the teacher gets right, task-aware."""
    probes: list[Probe] = field(default_factory=list)
    seconds: float = 0.0
    images: int = 0
    blocks: deque[tuple[float, int, int]] = field(default_factory=lambda: deque(maxlen=RATE_BLOCKS))
    """(seconds, images, steps) after each of the last blocks."""

    @classmethod
    def begin(cls, started: PhaseStarted) -> Track:
        """Return an empty track."""
        learners = len(started.learners)
        return cls(
            started=started,
            losses=Column(np.float32, learners, len(started.columns)),
            probe_steps=Column(np.int64),
            accuracies={protocol: Column(np.float64, learners, 2) for protocol in PROTOCOLS},
        )

    @property
    def steps(self) -> int:
        """Steps trained so far."""
        return len(self.losses)

    def index(self, learner: str) -> int:
        """Return a learner's position in rows."""
        return self.started.learners.index(learner)

    def has(self, learner: str, term: str) -> bool:
        """Whether a learner's loss has a term, as its first step says."""
        columns = self.started.columns
        first = self.losses.values[:1, self.index(learner)]
        return term in columns and not np.isnan(first[:, columns.index(term)]).any()

    def diverged(self, learner: str) -> int | None:
        """Return the step at which a learner's loss was the first that is not finite; None if it learns."""
        totals = self.losses.values[:, self.index(learner), TOTAL]
        return int(np.isnan(totals).argmax()) + 1 if len(totals) and np.isnan(totals[-1]) else None

    def answering(self, step: int) -> list[int]:
        """Return the positions in rows of the learners that have not diverged within so many steps."""
        ends = map(self.diverged, self.started.learners)
        return [row for row, end in enumerate(ends) if end is None or step < end]

    def told(self, probe: int | slice = slice(None)) -> NDArray[np.bool_]:
        """Return which learners answered at a probe, shape (learners,), or at several, shape (probes, learners)."""
        known: NDArray[np.bool_] = ~np.isnan(self.accuracies["task_aware"].values[probe]).all(axis=-1)
        return known

    def rate(self) -> tuple[float, float]:
        """Return (images per second, steps per second) of the last second of training, 0 if not known.

        It is the time that passed, so that in slow motion it is as slow as it looks.
        """
        if len(self.blocks) < 2:
            return (self.images / self.seconds, self.steps / self.seconds) if self.seconds else (0.0, 0.0)
        t1, images1, steps1 = self.blocks[-1]
        before = (block for block in reversed(self.blocks) if t1 - block[0] >= RATE_SECONDS)
        t0, images0, steps0 = next(before, self.blocks[0])
        return ((images1 - images0) / (t1 - t0), (steps1 - steps0) / (t1 - t0)) if t1 > t0 else (0.0, 0.0)


class Record:
    """All that is known of one run."""

    def __init__(self) -> None:
        self.data: DataReady | None = None
        self.teacher: TeacherReady | None = None
        self.tracks: dict[Phase, Track] = {}
        self.evaluations: list[Evaluated] = []
        self.marks: list[LiveSettingsApplied] = []
        self.layers: list[LayerProbe] = []
        self.batches: dict[int, MiniBatch] = {}
        """By step of task 2: those that were trained in slow motion."""
        self.snapshots: Snapshots | None = None
        self.log: list[str] = []
        self.notices: list[str] = []
        self.terminal: Outcome | None = None

    @property
    def task1(self) -> Track | None:
        """The training of the teacher."""
        return self.tracks.get("task1")

    @property
    def task2(self) -> Track | None:
        """The training of the learners."""
        return self.tracks.get("task2")

    @property
    def track(self) -> Track | None:
        """The phase under way, or the last one."""
        return self.task2 or self.task1

    def apply(self, message: Message) -> None:
        """Take in one message of this run."""
        match message:
            case DataReady():
                self.data = message
            case PhaseStarted():
                self.tracks[message.phase] = Track.begin(message)
            case Steps():
                self._add_steps(message)
            case Probe():
                self._add_probe(message)
            case TeacherReady():
                self.teacher = message
            case Evaluated():
                self.evaluations.append(message)
            case LiveSettingsApplied():
                self.marks.append(message)
            case LayerProbe():
                self.layers.append(message)
            case MiniBatch():
                self.batches[message.step] = message
            case Snapshots():
                self.snapshots = message
            case LogLine():
                self.log.append(message.text)
            case Notice():
                self.notices.append(message.text)
            case Finished() | Stopped() | Failed():
                self.terminal = message
            case _:
                pass  # progress, pauses: of the moment, not of the run

    def messages(self) -> Iterator[Message]:
        """Yield messages that make an equal record, each phase's steps in one block.

        What is of the moment is left out: mini-batches of slow motion, snapshots, notices.
        """
        if self.data is not None:
            yield self.data
        for phase, track in self.tracks.items():
            run_id = track.started.run_id
            yield track.started
            if track.steps:
                yield Steps(run_id, phase, 1, track.losses.values, track.seconds, track.images)
            yield from track.probes
            if phase == "task1" and self.teacher is not None:
                yield self.teacher
        yield from self.layers
        yield from self.evaluations
        yield from self.marks
        for text in self.log:
            yield LogLine(0, text)
        if self.terminal is not None:
            yield self.terminal

    def rewound(self) -> Record:
        """Return the record as it was right after surgery: the teacher's training and the first looks at task 2."""
        start = self._cut(0, ())
        start.marks.clear()
        return start

    def forked(self, step: int, branch: Branch | None = None, *, later: bool = False) -> Record:
        """Return the record up to a step of task 2, to be continued from there; ``branch`` joins its learners.

        Until then the branch's columns are its origin's. Branches that begin after this step are left out, for they
        would be the same as their origins, unless ``later`` asks for them: where they need not be trained again.
        """
        assert self.task2 is not None, "a fork begins in task 2"
        kept = self.task2.started.branches if later else self._branches_at(step)
        return self._cut(step, kept if branch is None else (*kept, branch))

    def learners_at(self, step: int) -> tuple[str, ...]:
        """Return the learners that can branch off at a step of task 2: those of a fork there that have not diverged."""
        assert self.data is not None, "a run has data"
        assert self.task2 is not None, "a fork begins in task 2"
        learning = {self.task2.started.learners[row] for row in self.task2.answering(step)}
        names = (*self.data.recipe.names, *(branch.learner for branch in self._branches_at(step)))
        return tuple(name for name in names if name in learning)

    def _branches_at(self, step: int) -> tuple[Branch, ...]:
        assert self.task2 is not None, "a fork begins in task 2"
        return tuple(branch for branch in self.task2.started.branches if branch.step <= step)

    def _cut(self, step: int, branches: tuple[Branch, ...]) -> Record:
        """Return a copy that ends at a step of task 2 and has the recipe's learners and these branches."""
        made = Record()
        if self.data is None:
            return made
        names = (*self.data.recipe.names, *(branch.learner for branch in branches))
        known = self.task2.started.learners if self.task2 else ()
        origins = {branch.learner: branch.origin for branch in branches}
        # A branch that is in the record has its own column; a new one begins with its origin's.
        source = {name: name if name in known else origins.get(name, name) for name in names}
        columns = [known.index(source[name]) for name in names] if known else []
        for message in self.messages():
            match message:
                case PhaseStarted(phase="task2"):
                    made.apply(replace(message, learners=names, branches=branches))
                case Steps(phase="task2"):
                    if step:
                        made.apply(replace(message, losses=message.losses[:step, columns], seconds=0.0, images=0))
                case Probe(phase="task2"):
                    if message.step <= step:
                        made.apply(replace(message, logits=message.logits[columns]))
                case LayerProbe():
                    if message.step <= step:
                        rows = (message.forces[columns], message.moved[columns], message.filters[columns])
                        made.apply(LayerProbe(message.run_id, message.step, *rows))
                case Evaluated():
                    if message.step <= step:
                        scores = {name: message.scores[source[name]] for name in names}
                        made.apply(replace(message, scores=scores))
                case LiveSettingsApplied():
                    if message.step < max(step, 1) and (not message.learner or message.learner in names):
                        made.apply(message)  # one at this very step would hold from the next one on
                case LogLine() | Finished() | Stopped() | Failed():
                    continue
                case _:
                    made.apply(message)
        for at, batch in self.batches.items():
            if at <= step:
                made.apply(replace(batch, updates=batch.updates[columns]))
        return made

    def _add_steps(self, block: Steps) -> None:
        track = self.tracks[block.phase]
        assert block.first == track.steps + 1, "blocks of steps must come in order, without gaps"
        track.losses.append(block.losses)
        track.seconds, track.images = block.seconds, block.images
        track.blocks.append((block.seconds, block.images, track.steps))

    def _add_probe(self, probe: Probe) -> None:
        assert self.data is not None, "the data come before the first probe"
        track, labels, old = self.tracks[probe.phase], self.data.probe_labels, self.data.old_classes
        shares = {name: metrics.fractions(probe.logits, labels, old, name) for name in track.accuracies}
        if np.isnan(shares["task_aware"]).all():
            return  # nobody answers: all have diverged
        track.probes.append(probe)
        track.probe_steps.append(np.array([probe.step]))
        for protocol, column in track.accuracies.items():
            column.append(shares[protocol][None])
        if probe.teacher is not None:
            track.teacher_old.append(metrics.fractions(probe.teacher, labels, old, "task_aware")[:1])
