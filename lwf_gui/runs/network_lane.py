"""One learner's machine: its parts, what trains them, and what pulls at them. Pure functions of a record and a look.

What a method adds to the plain machine of backbone, head and labels its row says: `lwf_gui.method_rows.Parts`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from lwf_gui.learners import uses
from lwf_gui.messages import TEACHER, DataReady
from lwf_gui.method_rows import Parts
from lwf_gui.methods import method_of
from lwf_gui.runs import teachers
from lwf_gui.runs.equation import acting_settings
from lwf_gui.runs.network_outcome import Outcome
from lwf_gui.runs.network_pulls import NONE, Pull, pulls
from lwf_gui.runs.plain import plain_words
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, layer_names, layers_at
from lwf_gui.runs.soft_targets import head_of

CE_SCOPE, TEMPERATURE = "lwf.ce_scope", "lwf.temperature"
"""Settings of the recipe that a method may follow."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """The old network, which a learner is compared with.

    ``temperature`` is None where the method has none; ``frozen`` is False of one whose backbone is the learner's own.
    """

    alpha: float
    temperature: float | None
    frozen: bool = True


@dataclass(frozen=True, slots=True)
class Lane:
    """One learner's machine.

    Attributes
    ----------
    old : numbers of classes of each earlier task, as blocks of the head; new : of the task that is learnt
    layers : names of the layers of the shared part, from the images on; moved : how far each went, in percent of its
        length since the first head expansion, NaN where it is not known; head_moved : the same of the head
    still : why the shared part does not train: "frozen" now, or "never trained" by its method; else empty
    head_still : whether the rows of old answers stay as they are
    pushed : whether the labels of new images push old answers down
    again : what becomes of stored images, see `Parts`; store, stored : what is kept of earlier tasks, how many images
    held : strength with which weights are held where they were; None: they are free
    answers_by : the head of its own that answers, such as class means; answers_now : whether it does so at this step
    reads : what it reads in place of a shared part that learnt task 1: one that is "untrained", or "pixels"; else empty
    minimises : whether its steps make a loss smaller at all; mixed : its weights are mixed of two others', instead
    shared, head : what pulls at these parts
    """

    learner: str
    old: tuple[int, ...]
    new: int
    layers: tuple[str, ...]
    moved: tuple[float, ...]
    head_moved: float
    still: Literal["", "frozen", "never trained"]
    head_still: bool
    pushed: bool
    outcome: Outcome
    plain: str = ""
    again: str = ""
    stored: str = ""
    store: int = 0
    held: float | None = None
    answers_by: str = ""
    answers_now: bool = False
    reads: str = ""
    minimises: bool = True
    mixed: bool = False
    teacher: Teacher | None = None
    shared: Pull = field(default=NONE)
    head: Pull = field(default=NONE)

    @property
    def is_base(self) -> bool:
        """Whether it is the one network that learns task 1 for all learners."""
        return self.learner == TEACHER


def base_lane(record: Record, outcome: Outcome) -> Lane:
    """Return the one network that learns task 1 for all learners."""
    assert record.data is not None, "lanes come with the data"
    sizes, layers = record.data.scenario.sizes, _layers(record)
    moved = (math.nan,) * len(layers)
    return Lane(TEACHER, sizes[:1], sizes[1], layers, moved, math.nan, "", False, False, outcome)


def lane_of(record: Record, selection: Selection, at: Moment | None, learner: str, task: int, outcome: Outcome) -> Lane:
    """Return a learner's machine."""
    data, row = record.data, method_of(learner)
    assert data is not None, "lanes come with the data"
    parts = Parts() if row is None else row.parts
    step = None if selection.live or at is None else at.step + (at.step in at.track.started.boundaries)
    live = acting_settings(record, learner, step)
    own: Any = data.recipe.settings_of(learner)
    minimises = row is None or row.minimises
    mixed = parts.trains == "others"
    alone = parts.trains == "head" or not (minimises or mixed)
    judged = _judged(record, learner, live.ce_scope, own, parts)
    pull = row is None or row.loss is None or not row.loss.pull  # such a gradient is told before it is weighed
    place = -1 if record.incremental is None else record.incremental.index(learner)
    shared, head = pulls(record, selection, place, live.alpha if pull else 1.0) if place >= 0 else (NONE, NONE)
    layers = _layers(record)
    *moved, head_moved = _moved(record, selection, place, len(layers))
    return Lane(
        learner,
        data.scenario.sizes[:task],
        data.scenario.sizes[task],
        layers,
        tuple(moved),
        head_moved,
        "never trained" if alone else "frozen" if live.backbone_frozen and not mixed else "",
        alone and (not minimises or judged == "new"),
        judged == "all" and minimises,
        outcome,
        plain=plain_words(record, learner, selection),
        again=parts.again,
        stored=parts.stored,
        store=_stored(data, own, task) if parts.stored else 0,
        held=float(own.strength) if parts.anchors else None,
        answers_by="" if row is None else row.answers_by,
        answers_now=at is not None and place >= 0 and at.track is record.incremental and bool(head_of(learner, at)),
        reads=_reads(own),
        minimises=minimises,
        mixed=mixed,
        teacher=_teacher(record, learner, live.alpha, live.temperature),
        shared=shared,
        head=head,
    )


def _reads(own: Any) -> str:
    """Return whose features a head of statistics reads, where it is not the network that learnt task 1."""
    backbone = str(getattr(own, "backbone", "first"))
    return "" if backbone == "first" else backbone


def _judged(record: Record, learner: str, live: str, own: Any, parts: Parts) -> str:
    """Return which answers to new images their labels judge: "all" so far, or the "new" classes' alone."""
    row = method_of(learner)
    assert record.data is not None, "lanes come with the data"
    if row is None or "ce_scope" in dict(row.fixed) or uses(record.data.recipe.learner(learner).method, CE_SCOPE):
        return live
    return str(own.ce_scope) if "ce_scope" in row.of_its_group() else parts.judged


def _teacher(record: Record, learner: str, alpha: float, temperature: float) -> Teacher | None:
    """Return the old network, of a learner that is compared with it."""
    row = method_of(learner)
    if row is None or not row.distils or record.data is None:
        return None
    softens = uses(record.data.recipe.learner(learner).method, TEMPERATURE)
    return Teacher(alpha, temperature if softens else None, not teachers.trains(record, learner))


def _stored(data: DataReady, own: Any, task: int) -> int:
    """Return how many images of earlier tasks are kept: all of them, where there is no number a class."""
    each = getattr(own, "per_class", None)
    sizes, classes = data.train_sizes[:task], data.scenario.sizes[:task]
    return sum(size if each is None else min(size, each * count) for size, count in zip(sizes, classes, strict=True))


def _layers(record: Record) -> tuple[str, ...]:
    """Return the names of the layers of the shared part; none before they are known."""
    if record.layers:
        return layer_names(record, record.layers[0].moved.shape[1])[:-1]
    return () if record.incremental is None else record.incremental.started.layers[:-1]


def _moved(record: Record, selection: Selection, place: int, layers: int) -> tuple[float, ...]:
    """Return how far each layer of the shared part went, and the head at last, in percent of their lengths."""
    probe = layers_at(record, selection)
    if probe is None or place < 0:
        return (math.nan,) * (layers + 1)
    return tuple((100 * probe.moved[place].astype(np.float64)).tolist())
