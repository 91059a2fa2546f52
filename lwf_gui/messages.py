"""The messages from the engine to everything else: frozen, picklable, no tensors, no Qt.

Every message carries the id of its run, so that a late one from a run that is over can be dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui.axis import StepAxis
from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.scenario import Scenario

Phase = Literal["base", "incremental"]
"""The base task, learnt by one network for all learners; and all later tasks, one after another on one step axis."""

ProtocolName = Literal["task_aware", "class_incremental"]
"""Among which classes an answer is chosen; see `lwf_gui.runs.metrics`."""

TERMS = ("ce", "kd", "kl", "total")
"""Terms of a loss that LwF has, in nats per training image of the mini-batch: cross-entropy; distillation loss; KD less
the teacher's entropy, so that 0 means "answers exactly as the teacher"; and what was minimised,
total = CE + alpha T^2 KD. KD and KL are true nats: T^2, which is 1 where that switch is off, is in the total alone.
A method may have others; "total" it always has."""


def columns_of(learners: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the columns of the losses of learners with these terms: those of LwF first, the total last."""
    found = {term for terms in learners for term in terms}
    others = dict.fromkeys(term for terms in learners for term in terms if term not in TERMS)
    return (*(term for term in TERMS[:-1] if term in found), *others, TERMS[-1])


TOTAL = -1
"""The column of what was minimised: the last one."""

FORCES = ("new", "old", "cosine")
"""Columns of a layer's pull: the L2 norm of the gradient of CE, that of the gradient of T^2 KD (before alpha; of KD
alone where T^2 is switched off), and the cosine of the angle between the two: -1 is conflict, 0 is indifference, 1 is
agreement."""

TEACHER = "teacher"
"""Name of the learner of the base task in messages and records: the first teacher."""


@dataclass(frozen=True, slots=True)
class EngineReady:
    """Torch is imported; ``run_id`` is 0."""

    run_id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work that is no training: reading, downloading, importing. ``total`` 0 means unknown."""

    run_id: int
    what: str
    done: int
    total: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FolderChecked:
    """A folder was read that the user chose; ``problem`` says why it cannot be used, empty where it can.

    ``found`` says what is in it; ``run_id`` is 0, for it belongs to no run.
    """

    run_id: int
    folder: str
    problem: str
    found: str


@dataclass(frozen=True, eq=False)
class DataReady:
    """The images are in memory and split into tasks.

    Attributes
    ----------
    recipe : the recipe that runs
    classes : names by output unit, in the order of the tasks
    scenario : which output unit is of which task
    train_sizes, test_sizes : images of each task
    probe_images : uint8, shape (P, H, W), in grey values up to ``peak``; in the order of the tasks
    probe_labels : uint8, shape (P,), output units
    note : what one should know of the data: why it is these, how grey values are read; mostly empty
    """

    run_id: int
    recipe: Recipe
    dataset: str
    source: str
    note: str
    classes: tuple[str, ...]
    scenario: Scenario
    train_sizes: tuple[int, ...]
    test_sizes: tuple[int, ...]
    probe_images: NDArray[np.uint8]
    probe_labels: NDArray[np.uint8]
    peak: int
    device: str

    @cached_property
    def probe_sizes(self) -> tuple[int, ...]:
        """Probe images of each task."""
        return tuple(self.scenario.counts(self.probe_labels).tolist())

    def first_image(self, unit: int) -> int:
        """Return the number of the first probe image of a class that has any: its picture everywhere."""
        return int(np.argmax(self.probe_labels == unit))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Provenance of a run: when, with which versions and on which machine its numbers were computed.

    A fork tells its own, and it is then that of the last part. No name of a machine or of a person is told.

    Attributes
    ----------
    began : when it began, in UTC, as ISO 8601 to the second: "2026-03-01T09:30:00+00:00"
    versions : of the program and of what it computes with, by name: lwf-gui, python, torch, numpy
    system : operating system and kind of processor, such as "Linux x86_64"
    processor : name of the processor; empty where the system does not tell
    cores : that the machine has
    threads : that train at the same time, those of all learners together
    """

    run_id: int
    began: str
    versions: Mapping[str, str]
    system: str
    processor: str
    cores: int
    threads: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What the user noted on a run, as plain text of at most `MOST_NOTED` characters; it may have several lines."""

    run_id: int
    text: str


MOST_NOTED = 10_000
"""Characters of notes on a run."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A learner that is the same as ``origin`` up to ``step`` and then has settings of its own.

    ``overrides`` are fields of `LiveSettings`; a live change of these passes the branch by, any other reaches it too.
    """

    learner: str
    origin: str
    step: int
    overrides: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """Training of a phase begins, or, if ``cached``, is replayed from the teacher cache.

    Attributes
    ----------
    steps : of the whole phase
    epoch_steps : steps of an epoch, of every task of the phase
    boundaries : steps that are trained before each of these tasks begins; the first is 0
    layers : names, from the images to the logits, for the rows of `LayerProbe`; empty during the base task
    columns : the terms of the losses, those of all learners together; the last one is the total
    """

    run_id: int
    phase: Phase
    learners: tuple[str, ...]
    steps: int
    epoch_steps: tuple[int, ...]
    boundaries: tuple[int, ...] = (0,)
    cached: bool = False
    layers: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    columns: tuple[str, ...] = TERMS

    @property
    def axis(self) -> StepAxis:
        """The phase's tasks and epochs by step."""
        return StepAxis(0 if self.phase == "base" else 1, self.steps, self.epoch_steps, self.boundaries)

    def task_at(self, step: int) -> int:
        """Return the task that a step belongs to: at a boundary the one that begins, for there the head has grown."""
        return self.axis.task(step)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Losses of consecutive steps.

    Attributes
    ----------
    first : step number of the first row; steps count from 1
    losses : float32, shape (steps, learners, columns of `PhaseStarted`), nats per image; NaN where a learner has no
        such term, and from the step on at which it diverged
    seconds : spent training in this phase so far, pauses not counted
    images : trained on in this phase so far, each counted once per learner that has not diverged
    """

    run_id: int
    phase: Phase
    first: int
    losses: NDArray[np.float32]
    seconds: float
    images: int


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """What every learner answers on the probe images after ``step`` steps of the phase; at a boundary, heads grown.

    Attributes
    ----------
    logits : float16, shape (learners, P, classes); classes without an output unit yet are -inf; NaN of a learner that
        diverged
    teacher : float16, shape (P, classes): the teacher at this step, -inf for the classes that it does not know; None
        during the base task
    """

    run_id: int
    phase: Phase
    step: int
    logits: NDArray[np.float16]
    teacher: NDArray[np.float16] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LayerProbe:
    """What training does to every layer, sampled at a probe of the later tasks.

    Attributes
    ----------
    forces : float32, shape (learners, layers, len(FORCES)), of the mini-batch of this step; NaN where there is none:
        before a task's first step, and in frozen layers
    moved : float32, shape (learners, layers): L2 distance of the weights from those right after the first head
        expansion, relative to the length of these; rows of the head that grew later are left out
    filters : float16, shape (learners, filters, h, w): weights of the first units of the first layer
    """

    run_id: int
    step: int
    forces: NDArray[np.float32]
    moved: NDArray[np.float32]
    filters: NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class ClassMeans:
    """Where the classes' features lie, and where heads that keep class means have them, at a probe of the later tasks.

    All is told in spreads: one is the root mean square distance of a probe image's features from their class's mean, as
    the first head grows. Points lie in a plane that is each learner's own and stays as it is from there on: its axes
    are the first two principal axes of the class means of all probe images, by the first teacher's backbone.

    Attributes
    ----------
    now : float32, shape (learners, classes, 2): mean of the probe images of a class; NaN where it is not learnt yet,
        and of a learner that keeps no means or has diverged
    kept : float32, shape (learners, classes, 2): mean that the head has; NaN where it has none
    apart : float32, shape (learners, classes): distance of the two in all dimensions of the features
    """

    run_id: int
    step: int
    now: NDArray[np.float32]
    kept: NDArray[np.float32]
    apart: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PutBack:
    """What learners would know with layers of the first teacher put back into their networks, in all combinations.

    Attributes
    ----------
    task : the later task that is learnt: at a boundary the one that ends there
    step : of the later tasks
    full : on the full test sets of all tasks so far; else on their probe images
    right : int32, shape (learners, combinations, protocols, tasks): right answers, -1 of a learner that takes no part
        or diverged, and of a task that is still to come. Bit k of a combination's number says that layer k of
        ``PhaseStarted.layers`` is the first teacher's; of the head its own rows are, while rows of later classes stay.
        Protocols are in the order of `ProtocolName`
    """

    run_id: int
    task: int
    step: int
    full: bool
    right: NDArray[np.int32]


POINTS = 9
"""Networks of a straight path, both ends included: it has eight equal parts."""

PAIRED = 4
"""Learners at most of whom each two are joined by a path; more are joined with the old network alone."""


@dataclass(frozen=True, slots=True, eq=False)
class StraightPath:
    """What networks know on the straight line, in the space of all weights, between two networks of a run.

    Ends: the old network, which is the one of step 0 (later heads' rows are zero as they grow, so it has zeros there);
    then, of at most `PAIRED` learners, each of them. A path leads from an end to a learner; one from a learner to
    itself stands still.

    Attributes
    ----------
    task : the later task that is learnt: at a boundary the one that ends there
    step : of the later tasks
    tested : on images of the test sets of all tasks so far, drawn evenly; else on probe images
    images : how many, task by task, of all tasks so far
    right : int32, shape (ends, learners, `POINTS`, protocols, tasks): right answers, -1 where an end takes no part or
        diverged, and of a task that is still to come. Protocols are in the order of `ProtocolName`
    loss : float32, shape (ends, learners, `POINTS`, tasks): mean cross-entropy over all classes seen, in nats; NaN
        where nothing is known
    """

    run_id: int
    task: int
    step: int
    tested: bool
    images: tuple[int, ...]
    right: NDArray[np.int32]
    loss: NDArray[np.float32]

    @staticmethod
    def ends(learners: int) -> int:
        """Return how many ends there are of so many learners."""
        return learners + 1 if learners <= PAIRED else 1


@dataclass(frozen=True, slots=True, eq=False)
class Representation:
    """What networks make of old images, against what each learner's own network made of them as its task began.

    That network is the teacher of the boundary: in the first of the later tasks the one right after the head expansion,
    which all learners share; then each learner's own frozen teacher. Images are those of
    `lwf_gui.runs.old_images`. NaN stands for what is not known: of a learner that diverged, and of one whose teacher
    shares its backbone, from the second boundary on.

    Attributes
    ----------
    cka : float32, shape (learners, hidden layers), 0 to 1: linear CKA of the hidden values of the measured old images
        with the teacher's, by layer in the order of ``PhaseStarted.layers``, of which the last, the head, is left out;
        NaN also of a layer that gives one answer to all images
    points : float32, shape (learners, shown images, 2): last hidden layer's features of the shown old images on the
        first two principal axes of the teacher's features of the measured ones; 1 is the root mean square distance of
        these from their mean. NaN also of images that are not old yet
    variance : float32, shape (learners, 2): part of the variance of the teacher's features along each axis, 0 to 1
    """

    run_id: int
    step: int
    cka: NDArray[np.float32]
    points: NDArray[np.float32]
    variance: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class MiniBatch:
    """What one step of the later tasks was made of; told in slow motion alone.

    Attributes
    ----------
    images : uint8, shape (at most 16, H, W), the first ones of the batch, in grey values up to ``DataReady.peak``
    labels : uint8, shape (at most 16,), output units
    size : images of the whole batch
    updates : float32, shape (learners,): L2 length of the weights' change in this step; NaN of a learner that diverged
    """

    run_id: int
    step: int
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    size: int
    updates: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Steps of the later tasks whose whole state is kept, so that a fork need not begin at the start; memory: bytes."""

    run_id: int
    steps: tuple[int, ...]
    memory: int
    limit: int


@dataclass(frozen=True, slots=True)
class LearnerScore:
    """A learner's right answers on the full test sets of all tasks so far, under both protocols.

    Attributes
    ----------
    task_aware, class_incremental : by task, the current one last; empty where there are none: it diverged
    teacher : its teacher's on the earlier tasks, task-aware; empty where that shares what diverged
    stored_bytes : what its method needs beside the network and its teacher: images, statistics, importance of weights
    seconds : of training per new image: the median step's, and its share of what tasks' ends took; 0: not known
    """

    task_aware: tuple[int, ...]
    class_incremental: tuple[int, ...]
    teacher: tuple[int, ...]
    stored_bytes: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def diverged(self) -> bool:
        """Whether there is nothing to score: the learner diverged."""
        return not (self.task_aware and self.class_incremental)

    def under(self, protocol: ProtocolName) -> tuple[int, ...]:
        """Return the right answers under one protocol, by task."""
        return self.task_aware if protocol == "task_aware" else self.class_incremental


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Full test sets after an epoch of a later task; its epoch 0 is right after the head has grown for it.

    The step at which a task ends is told twice: after that task's last epoch, and as the next one's epoch 0.
    """

    run_id: int
    task: int
    epoch: int
    step: int
    scores: Mapping[str, LearnerScore]


@dataclass(frozen=True, slots=True)
class TeacherReady:
    """The first teacher is trained, or came from the cache; ``right`` answers on the base task's test set.

    ``digest`` is the SHA-256 of its weights in hex, see `lwf_gui.engine.first_teacher`; empty where it is not known.
    """

    run_id: int
    right: int
    cached: bool
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LiveSettingsApplied:
    """From this step on these live settings hold; ``changed`` names the fields, ``by`` who asked.

    ``learner`` names the branch that has them for itself; empty: the whole run does.
    """

    run_id: int
    step: int
    live_settings: LiveSettings
    changed: tuple[str, ...]
    by: Literal["user", "schedule"]
    learner: str = ""


@dataclass(frozen=True, slots=True)
class Fork:
    """Where and with what a run continues another one, from the exact state after ``step`` steps of the later tasks.

    What the schedule does at that step comes first, so that ``live_settings`` has the last word.

    Attributes
    ----------
    origin : id of the run that is continued; 0 for a recorded one, of which the engine keeps nothing
    step : of the later tasks, after which the new run begins
    marks : the live changes of that run before ``step``, in their order
    branches : all branches of the new run; those with an earlier step were there before, one with this step begins now
    live_settings : those of the whole run from ``step`` on
    alone : name of the one learner that trains, under the user's hand, while all others are recorded to the end of
        that run and need not train again: a branch, or one that the recipe has more than that run's, from step 0 on;
        empty: all of them train
    evaluations : what that run told of the learners on the full test sets up to ``step``: the new run's results begin
        with the rows of the tasks before
    """

    origin: int
    step: int
    marks: tuple[LiveSettingsApplied, ...]
    branches: tuple[Branch, ...]
    live_settings: LiveSettings
    alone: str = ""
    evaluations: tuple[Evaluated, ...] = ()

    @property
    def added(self) -> str:
        """The learner that the recipe has more than that of the run before; empty where it has the same."""
        return "" if self.alone in {branch.learner for branch in self.branches} else self.alone

    def recipe_before(self, recipe: Recipe) -> Recipe:
        """Return the recipe of the run that is continued, where ``recipe`` is that of the new one."""
        if not self.added:
            return recipe
        return recipe.with_settings({"learners": [each for each in recipe.learners if each.name != self.added]})

    def learners_at(self, step: int, methods: tuple[str, ...]) -> tuple[str, ...]:
        """Return who trains the step after ``step``, in order; ``methods`` are those whom the run began with."""
        if not self.alone:
            return (*methods, *(branch.learner for branch in self.branches if branch.step <= step))
        branches = {branch.learner: branch for branch in self.branches}
        at = self.alone
        while at in branches and branches[at].step > step:
            at = branches[at].origin
        return (at,)


@dataclass(frozen=True, slots=True)
class Paused:
    """Training waits after ``step`` whole steps of ``phase``."""

    run_id: int
    phase: Phase
    step: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """Training goes on."""

    run_id: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line as the notebook prints it."""

    run_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know; the run goes on."""

    run_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Outcome: the run is complete. ``summary`` is what ``lwf-gui run --json`` prints."""

    run_id: int
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Outcome: the user stopped the run; or it was ``interrupted``: its process ended before it did."""

    run_id: int
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Outcome: the run could not go on. ``bad_input`` tells a user's mistake from a fault."""

    run_id: int
    cause: str
    traceback: str
    bad_input: bool


Outcome = Finished | Stopped | Failed
Message = (
    EngineReady
    | Progress
    | FolderChecked
    | DataReady
    | Provenance
    | Notes
    | PhaseStarted
    | Steps
    | Probe
    | LayerProbe
    | ClassMeans
    | PutBack
    | StraightPath
    | Representation
    | MiniBatch
    | Snapshots
    | Evaluated
    | TeacherReady
    | LiveSettingsApplied
    | Paused
    | Resumed
    | LogLine
    | Notice
    | Outcome
)
Emit = Callable[[Message], None]
"""Where the engine puts its messages."""
