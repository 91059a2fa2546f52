"""Consistency checks of a run file's messages, one after another: their order, and what training told.

What a run says of itself before it trains is held against `lwf_gui.documents.opening`. Panels and reports rely on what
is checked here and in `lwf_gui.documents.values`. What is wrong is said by `Unsound`, as a clause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import singledispatchmethod
from typing import Any

from lwf_gui.documents.opening import check_data, check_live_settings, check_phase
from lwf_gui.documents.origin import check_digest, check_provenance
from lwf_gui.documents.sound import MAX_SIDE, MAX_TEXT, MAX_UNITS, MOST, located, names, require, shape, within
from lwf_gui.messages import (
    FORCES,
    MOST_NOTED,
    POINTS,
    ClassMeans,
    DataReady,
    Evaluated,
    Failed,
    Finished,
    LayerProbe,
    LiveSettingsApplied,
    LogLine,
    Message,
    Notes,
    PhaseStarted,
    Probe,
    Provenance,
    PutBack,
    Representation,
    Steps,
    Stopped,
    StraightPath,
    TeacherReady,
)
from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.untrusted import Unsound

MAX_PUT_BACK = 10
"""Layers of a network whose combinations are all tried."""

MOST_BYTES = 2**62
"""Of what a method stores."""


@dataclass
class _Phase:
    """What was told of a phase so far."""

    started: PhaseStarted
    recorded: int = 0
    probed: int = -1

    def span(self, task: int) -> tuple[int, int]:
        """Return the first and the last step of a later task."""
        ends = (*self.started.boundaries, self.started.steps)
        return ends[task - 1], ends[task]


class FormCheck:
    """Checks messages one after another, all but the values in their arrays: these need not be read yet."""

    def __init__(self) -> None:
        self._data: DataReady | None = None
        self._phases: dict[str, _Phase] = {}
        self._looked = self._placed = self._put_back = self._walked = self._compared = self._changed = -1
        self._evaluated = (0, -1, -1)  # task, epoch and step
        self._layers: LayerProbe | None = None
        self._teacher = self._ended = False

    def run(self, messages: Sequence[Message]) -> None:
        """Check all messages of a file.

        Raises
        ------
        Unsound
            Naming the first message that cannot be, and why.
        """
        for number, message in enumerate(messages, 1):
            try:
                require(not self._ended or isinstance(message, Notes), "something follows the end of the run")
                require(self._data is not None or isinstance(message, DataReady), "the data are not told before it")
                self._check(message)
            except Unsound as error:
                raise located(number, type(message).__name__, error) from error
        require(self._data is not None, "it has no messages")
        for name, phase in self._phases.items():
            require(phase.probed <= phase.recorded, f"{name} has a probe after its last step")

    @singledispatchmethod
    def _check(self, message: Message) -> None:
        raise Unsound("a file does not hold such a message")

    @_check.register
    def _(self, message: DataReady) -> None:
        require(self._data is None, "the data are told twice")
        self._data = message
        check_data(message)

    @_check.register
    def _(self, message: Provenance) -> None:
        check_provenance(message)

    @_check.register
    def _(self, message: Notes) -> None:
        require(len(message.text) <= MOST_NOTED, f"they have more than {MOST_NOTED:,} characters")
        names(message.text.split("\n"), "a line", most=MOST_NOTED)

    @_check.register
    def _(self, message: PhaseStarted) -> None:
        assert self._data is not None
        require(message.phase not in self._phases, f"{message.phase} begins twice")
        self._phases[message.phase] = _Phase(message)
        check_phase(message, self._data)

    @_check.register
    def _(self, message: Steps) -> None:
        phase = self._phase(message.phase)
        require(message.first == phase.recorded + 1, f"step {phase.recorded + 1} is not the next")
        count, *_ = shape("losses", message.losses, None, len(phase.started.learners), len(phase.started.columns))
        phase.recorded += count
        require(phase.recorded <= phase.started.steps, f"more steps than {phase.started.steps:,}")
        within("seconds", message.seconds, 0, MOST)
        within("images", message.images, 0, MOST * MAX_UNITS)

    @_check.register
    def _(self, message: Probe) -> None:
        phase, data = self._phase(message.phase), self._data
        assert data is not None
        within("step", message.step, phase.probed + 1, phase.started.steps)
        phase.probed = message.step
        images = len(data.probe_labels)
        shape("logits", message.logits, len(phase.started.learners), images, len(data.classes))
        require(
            (message.teacher is not None) == (message.phase == "incremental"),
            "the teacher answers beside learners only",
        )
        if message.teacher is not None:
            shape("teacher", message.teacher, images, len(data.classes))

    @_check.register
    def _(self, message: LayerProbe) -> None:
        phase = self._phase("incremental")
        within("step", message.step, self._looked + 1, phase.recorded)
        self._looked = message.step
        learners, layers = len(phase.started.learners), len(phase.started.layers) or None
        _, layers, _ = shape("forces", message.forces, learners, layers, len(FORCES))
        shape("moved", message.moved, learners, layers)
        _, *sizes = shape("filters", message.filters, learners, None, None, None)
        require(max(layers, *sizes) <= MAX_SIDE, f"more than {MAX_SIDE} layers, filters or pixels")
        if self._layers is not None:
            same = (
                self._layers.moved.shape == message.moved.shape and self._layers.filters.shape == message.filters.shape
            )
            require(same, "its layers are not those of the look before")
        self._layers = message

    @_check.register
    def _(self, message: ClassMeans) -> None:
        phase, data = self._phase("incremental"), self._data
        assert data is not None
        within("step", message.step, self._placed + 1, phase.recorded)
        self._placed = message.step
        learners, classes = len(phase.started.learners), len(data.classes)
        for name in ("now", "kept"):
            shape(name, getattr(message, name), learners, classes, 2)
        shape("apart", message.apart, learners, classes)

    @_check.register
    def _(self, message: PutBack) -> None:
        phase, data = self._phase("incremental"), self._data
        assert data is not None
        within("step", message.step, self._put_back + 1, phase.recorded)
        self._put_back = message.step
        within("task", message.task, 1, data.scenario.last)
        within("step", message.step, *phase.span(message.task))
        learners, layers = len(phase.started.learners), len(phase.started.layers)
        require(0 < layers <= MAX_PUT_BACK, f"{layers} layers, they must be from 1 to {MAX_PUT_BACK}")
        shape("right", message.right, learners, 1 << layers, len(PROTOCOLS), data.scenario.tasks)

    @_check.register
    def _(self, message: StraightPath) -> None:
        phase, data = self._phase("incremental"), self._data
        assert data is not None
        within("step", message.step, self._walked + 1, phase.recorded)
        self._walked = message.step
        within("task", message.task, 1, data.scenario.last)
        within("step", message.step, *phase.span(message.task))
        sizes = data.test_sizes[: message.task + 1]
        require(len(message.images) == len(sizes), f"images of {len(message.images)} tasks, of {len(sizes)}")
        for count, there in zip(message.images, sizes, strict=True):
            within("a number of images", count, 1, there)
        learners, tasks = len(phase.started.learners), data.scenario.tasks
        form = (StraightPath.ends(learners), learners, POINTS)
        shape("right", message.right, *form, len(PROTOCOLS), tasks)
        shape("loss", message.loss, *form, tasks)

    @_check.register
    def _(self, message: Representation) -> None:
        phase = self._phase("incremental")
        within("step", message.step, self._compared + 1, phase.recorded)
        self._compared = message.step
        learners, layers = len(phase.started.learners), len(phase.started.layers)
        require(layers > 1, f"{layers} layers, they must be at least 2")
        shape("cka", message.cka, learners, layers - 1)
        shape("points", message.points, learners, None, 2)  # how many hangs on the labels, which come later
        shape("variance", message.variance, learners, 2)

    @_check.register
    def _(self, message: Evaluated) -> None:
        phase, data = self._phase("incremental"), self._data
        assert data is not None
        task, epoch, step = self._evaluated
        within("task", message.task, max(1, task), data.scenario.last)
        same = message.task == task
        within("epoch", message.epoch, epoch + 1 if same else 0, MOST)
        within("step", message.step, step + 1 if same else max(step, 0), phase.recorded)
        within("step", message.step, *phase.span(message.task))
        self._evaluated = (message.task, message.epoch, message.step)
        require(message.scores.keys() == set(phase.started.learners), "its learners are not those of the later tasks")
        for score in message.scores.values():
            for counts, tasks in (
                (score.task_aware, message.task + 1),
                (score.class_incremental, message.task + 1),
                (score.teacher, message.task),
            ):
                _counts(counts, data.test_sizes[:tasks])
            within("stored bytes", score.stored_bytes, 0, MOST_BYTES)
            require(0 <= score.seconds <= MOST, "a time is none")

    @_check.register
    def _(self, message: LiveSettingsApplied) -> None:
        most = self._phases["incremental"].started.steps if "incremental" in self._phases else 0
        within("step", message.step, max(self._changed, 0), most)
        self._changed = message.step
        require(set(message.changed) <= {item.name for item in fields(LiveSettings)}, "a changed setting is not live")
        learners = self._phases["incremental"].started.learners if "incremental" in self._phases else ()
        require(message.learner in {"", *learners}, "a setting was changed of a learner that is not there")
        check_live_settings(self._recipe, asdict(message.live_settings))

    @_check.register
    def _(self, message: TeacherReady) -> None:
        self._phase("base")
        require(not self._teacher, "the teacher is told twice")
        self._teacher = True
        check_digest(message.digest)
        assert self._data is not None
        _counts((message.right,), self._data.test_sizes[:1])

    @_check.register
    def _(self, message: LogLine) -> None:
        names(message.text.split("\n"), "a line", most=MAX_TEXT)

    @_check.register(Finished | Stopped | Failed)
    def _(self, message: Finished | Stopped | Failed) -> None:
        self._ended = True
        if isinstance(message, Finished):
            self._phase("incremental")
            _summary(message.summary)

    @property
    def _recipe(self) -> Recipe:
        assert self._data is not None
        return self._data.recipe

    def _phase(self, name: str) -> _Phase:
        require(name in self._phases, f"{name} has not begun")
        return self._phases[name]


def _counts(counts: Sequence[int], sizes: Sequence[int]) -> None:
    """Require right answers of every task, at most as many as it has test images; or none at all."""
    require(len(counts) in (0, len(sizes)), f"right answers on {len(counts)} tasks, of {len(sizes)}")
    for count, images in zip(counts, sizes, strict=False):
        within("a number of right answers", count, 0, images)


def _summary(summary: Mapping[str, Any]) -> None:
    seconds, recipe = summary.get("seconds"), summary.get("recipe")
    require(isinstance(seconds, dict) and isinstance(recipe, dict), "its summary has no times or no recipe")
    within("seconds", seconds.get("total") if isinstance(seconds, dict) else None, 0, MOST)
    within("samples_per_second", summary.get("samples_per_second"), 0, MOST * MAX_UNITS)
