"""The record of a run: what the engine told, in columns that grow. The one source of every panel.

It is filled by `Record.apply` alone, one message at a time, whether they come from a live engine or from a file. It
knows nothing of files, windows or torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lwf_gui.messages import (
    Branch,
    ClassMeans,
    DataReady,
    Evaluated,
    Failed,
    Finished,
    LayerProbe,
    LiveSettingsApplied,
    LogLine,
    Message,
    MiniBatch,
    Notes,
    Notice,
    Outcome,
    Phase,
    PhaseStarted,
    Probe,
    Provenance,
    PutBack,
    Representation,
    Snapshots,
    Steps,
    Stopped,
    StraightPath,
    TeacherReady,
)
from lwf_gui.recipe import Recipe
from lwf_gui.runs import path_ends
from lwf_gui.runs.metrics import NO_ANSWER, AnswerKey
from lwf_gui.runs.track import Track


class Record:
    """All that is known of one run."""

    def __init__(self) -> None:
        self.data: DataReady | None = None
        self.provenance: Provenance | None = None
        self.notes = ""
        """By the user."""
        self._key: AnswerKey | None = None
        self.teacher: TeacherReady | None = None
        self.tracks: dict[Phase, Track] = {}
        self.evaluations: list[Evaluated] = []
        self.marks: list[LiveSettingsApplied] = []
        self.layers: list[LayerProbe] = []
        self.means: dict[int, ClassMeans] = {}
        """By step of the later tasks, in their order."""
        self.put_back: dict[int, PutBack] = {}
        """By step of the later tasks, in their order."""
        self.paths: dict[int, StraightPath] = {}
        """By step of the later tasks, in their order."""
        self.representations: dict[int, Representation] = {}
        """By step of the later tasks, in their order."""
        self.batches: dict[int, MiniBatch] = {}
        """By step of the later tasks: those that were trained in slow motion."""
        self.snapshots: Snapshots | None = None
        self.log: list[str] = []
        self.notices: list[str] = []
        self.outcome: Outcome | None = None

    @property
    def base(self) -> Track | None:
        """The training of the first teacher on the base task."""
        return self.tracks.get("base")

    @property
    def incremental(self) -> Track | None:
        """The training of the learners on all later tasks."""
        return self.tracks.get("incremental")

    @property
    def track(self) -> Track | None:
        """The phase under way, or the last one."""
        return self.incremental or self.base

    @property
    def branches(self) -> dict[str, Branch]:
        """The branches among the learners, by name."""
        return {each.learner: each for each in self.incremental.started.branches} if self.incremental else {}

    def apply(self, message: Message) -> None:
        """Take in one message of this run."""
        match message:
            case DataReady():
                self.data = message
                self._key = AnswerKey.of(message.probe_labels, message.scenario)
            case Provenance():
                self.provenance = message
            case Notes():
                self.notes = message.text
            case PhaseStarted():
                sizes, weights = (
                    (self.data.probe_sizes, self.data.test_sizes) if self.data is not None else ((0, 0), ())
                )
                self.tracks[message.phase] = Track.begin(message, sizes, weights)
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
            case ClassMeans():
                self.means[message.step] = message
            case PutBack():
                self.put_back[message.step] = message
            case StraightPath():
                self.paths[message.step] = message
            case Representation():
                self.representations[message.step] = message
            case MiniBatch():
                self.batches[message.step] = message
            case Snapshots():
                self.snapshots = message
            case LogLine():
                self.log.append(message.text)
            case Notice():
                self.notices.append(message.text)
            case Finished() | Stopped() | Failed():
                self.outcome = message
            case _:
                pass  # progress, pauses: of the moment, not of the run

    def messages(self) -> Iterator[Message]:
        """Yield messages that make an equal record, each phase's steps in one block.

        What is of the moment is left out: mini-batches of slow motion, snapshots, notices.
        """
        if self.data is not None:
            yield self.data
        if self.provenance is not None:
            yield self.provenance
        if self.notes:
            yield Notes(0, self.notes)
        for phase, track in self.tracks.items():
            run_id = track.started.run_id
            yield track.started
            if track.steps:
                yield Steps(run_id, phase, 1, track.losses.values, track.seconds, track.images)
            yield from track.probes
            if phase == "base" and self.teacher is not None:
                yield self.teacher
        yield from self.layers
        yield from self.means.values()
        yield from self.put_back.values()
        yield from self.paths.values()
        yield from self.representations.values()
        yield from self.evaluations
        yield from self.marks
        for text in self.log:
            yield LogLine(0, text)
        if self.outcome is not None:
            yield self.outcome

    def rewound(self) -> Record:
        """Return the record as of the head expansion: the teacher's training, and the first looks at the learners.

        One that did not come so far returns to its very beginning: half a teacher is no start for a task 2.
        """
        if self.incremental is None:
            return self._begun()
        start = self._cut(0, ())
        start.marks.clear()
        return start

    def _begun(self) -> Record:
        """Return the record as it was before the first step: the data, and what the untrained network answers."""
        made = Record()
        for message in self.messages():
            if isinstance(message, DataReady | PhaseStarted) or (isinstance(message, Probe) and not message.step):
                made.apply(message)
        return made

    def begun_with(self, recipe: Recipe) -> Record:
        """Return the record of the base task, for a run of a recipe that is the same up to the head expansion."""
        made = Record()
        for message in self.messages():
            match message:
                case DataReady():
                    made.apply(replace(message, recipe=recipe))
                case PhaseStarted(phase="base") | Steps(phase="base") | Probe(phase="base") | TeacherReady():
                    made.apply(message)
                case LiveSettingsApplied(step=0):
                    made.apply(message)
        return made

    def forked(self, step: int, branch: Branch | None = None, *, later: bool = False) -> Record:
        """Return the record up to a step of the later tasks, to be continued from there; ``branch`` joins its learners.

        Until then the branch's columns are its origin's. Branches that begin after this step are left out, for they
        would be the same as their origins, unless ``later`` asks for them: where they need not be trained again.
        """
        assert self.incremental is not None, "a fork begins in task 2"
        kept = self.incremental.started.branches if later else self._branches_at(step)
        return self._cut(step, kept if branch is None else (*kept, branch))

    def learners_at(self, step: int) -> tuple[str, ...]:
        """Return the learners that can branch off at a later step: those of a fork there that have not diverged."""
        assert self.data is not None, "a run has data"
        assert self.incremental is not None, "a fork begins in task 2"
        learning = {self.incremental.started.learners[row] for row in self.incremental.answering(step)}
        names = (*self.data.recipe.names, *(branch.learner for branch in self._branches_at(step)))
        return tuple(name for name in names if name in learning)

    def _branches_at(self, step: int) -> tuple[Branch, ...]:
        assert self.incremental is not None, "a fork begins in task 2"
        return tuple(branch for branch in self.incremental.started.branches if branch.step <= step)

    def _cut(self, step: int, branches: tuple[Branch, ...]) -> Record:
        """Return a copy that ends at a step of the later tasks and has the recipe's learners and these branches."""
        made = Record()
        if self.data is None:
            return made
        names = (*self.data.recipe.names, *(branch.learner for branch in branches))
        known = self.incremental.started.learners if self.incremental else ()
        origins = {branch.learner: branch.origin for branch in branches}
        # A branch that is in the record has its own column; a new one begins with its origin's.
        source = {name: name if name in known else origins.get(name, name) for name in names}
        columns = [known.index(source[name]) for name in names] if known else []
        for message in self.messages():
            match message:
                case PhaseStarted(phase="incremental"):
                    made.apply(replace(message, learners=names, branches=branches))
                case Steps(phase="incremental"):
                    if step:
                        made.apply(replace(message, losses=message.losses[:step, columns], seconds=0.0, images=0))
                case Probe(phase="incremental"):
                    if message.step <= step:
                        made.apply(replace(message, logits=message.logits[columns]))
                case LayerProbe():
                    if message.step <= step:
                        rows = (message.forces[columns], message.moved[columns], message.filters[columns])
                        made.apply(LayerProbe(message.run_id, message.step, *rows))
                case ClassMeans():
                    if message.step <= step:
                        points = (message.now[columns], message.kept[columns], message.apart[columns])
                        made.apply(ClassMeans(message.run_id, message.step, *points))
                case PutBack():
                    if message.step <= step:
                        made.apply(replace(message, right=message.right[columns]))
                case StraightPath():
                    if message.step <= step:
                        made.apply(path_ends.of_learners(message, columns))
                case Representation():
                    if message.step <= step:
                        seen = (message.cka[columns], message.points[columns], message.variance[columns])
                        made.apply(Representation(message.run_id, message.step, *seen))
                case Evaluated():
                    if message.step <= step:
                        scores = {name: message.scores[source[name]] for name in names}
                        made.apply(replace(message, scores=scores))
                case LiveSettingsApplied():
                    if message.step < max(step, 1) and (not message.learner or message.learner in names):
                        made.apply(message)  # one at this very step would hold from the next one on
                case LogLine() | Notes() | Finished() | Stopped() | Failed():
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
        assert self._key is not None, "the data come before the first probe"
        track, key = self.tracks[probe.phase], self._key
        counts = key.right(probe.logits)
        if (counts["task_aware"] == NO_ANSWER).all():
            return  # nobody answers: all have diverged
        track.probes.append(probe)
        track.probe_steps.append(np.array([probe.step]))
        for protocol, column in track.right.items():
            column.append(counts[protocol][None])
        if probe.teacher is not None:
            track.teacher_right.append(key.right(probe.teacher, "task_aware")["task_aware"][None])
