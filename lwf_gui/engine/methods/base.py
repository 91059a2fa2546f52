"""Continual-learning methods: the hooks that a method fills in, and what it is told at each of them.

A method owns its step and its state; it knows nothing of loops, threads or who listens. Each is one file in this
package, registered by one row in ``lwf_gui.methods``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from torch import Tensor

from lwf_gui.engine.methods.walk import Way
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.groups import Group
from lwf_gui.recipe import LiveSettings
from lwf_gui.streams import entropy as entropy

State = Mapping[str, Tensor | int | float | str]
"""What training made of a method: tensors and plain values by name. A tensor in it is never changed in place."""


@dataclass(frozen=True, eq=False)
class Task:
    """A task of the scenario, as a method is told of it.

    Attributes
    ----------
    number : from 0, the base task
    earlier : output units of all tasks before this one
    seen : output units of these and of this one
    train : training images of this task
    past : training images of the tasks before it, in their order; only an upper bound or an oracle may look at them
    path : of the base task, the way through the weights on which it was learnt, where a method wants it
    """

    number: int
    earlier: int
    seen: int
    train: Split
    past: tuple[Split, ...] = ()
    path: Way | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """One step of one learner, as its method sees it.

    Attributes
    ----------
    batch : what `Method.batch` returned: the new task's mini-batch, then what the method added
    logits : shape (N, task.seen), with gradient, in the precision of the networks; N images of all parts of ``batch``;
        the answers of a method that trains nothing, without gradient
    features : shape (N, hidden), of the backbone, or whatever `Method.features` returns
    targets : shape (N,), output units
    soft : shape (N, task.earlier), the teacher's logits, without gradient; (N, 0) if the method does not want them
    task : the task that is learnt
    live : the live settings of this learner at this step
    network : that learns
    """

    batch: tuple[Batch, ...]
    logits: Tensor
    features: Tensor
    targets: Tensor
    soft: Tensor
    task: Task
    live: LiveSettings
    network: Network

    @property
    def new(self) -> int:
        """How many of the images, the first ones, are the new task's mini-batch."""
        return len(self.batch[0].numbers)


Terms = Mapping[str, Tensor]
"""A mini-batch's loss by named term, scalars in nats per image; what is minimised is the one named "total"."""


class Pulls(NamedTuple):
    """The losses whose gradients are compared: of the new task, and of what keeps the earlier ones in memory.

    ``new`` is None where nothing else is minimised: then the loss's own gradient says it. ``memory`` is None where
    there is none.
    """

    new: Tensor | None
    memory: Tensor | None


class Means(NamedTuple):
    """Class means of what `Method.placed` returns: output units, shape (K,), and their means, shape (K, D)."""

    units: Tensor
    means: Tensor


Trains = Literal["all", "head", "nothing", "others"]
"""What the optimiser moves: all weights, those above the backbone, or none; what it does not move is frozen. "others":
none, for the weights are mixed of those of learners that train along, see `lwf_gui.engine.mixture`."""


class Method:
    """A method of continual learning: of all its hooks only `losses` must be filled in.

    Parameters
    ----------
    settings : the method's own, those of its learner where that has some for itself; None if it has no settings
    seed : the run's; whatever a method draws comes from `entropy` of it, so that a step that is done again is the same
    """

    name = ""
    """The row's in ``lwf_gui.methods``; given by `lwf_gui.engine.methods.make`."""
    terms: ClassVar[tuple[str, ...]] = ("ce", "total")
    """Names of the terms that `losses` returns, in their order."""
    wants_teacher: ClassVar[bool] = False
    """Whether the teacher must answer on every mini-batch."""
    measures_teacher: ClassVar[bool] = False
    """Whether it wants the teacher to measure its distance alone: what that takes is no part of its cost."""
    trains: ClassVar[Trains] = "all"
    """What the optimiser moves. A method that trains nothing learns in `after_step`, and `answers` is its head."""
    ends_at_precision: ClassVar[bool] = False
    """Whether `end_task` is to compute features at the run's precision, as the learner's steps and tests do."""
    end_words: ClassVar[str] = ""
    """What `end_task` does, as people are told meanwhile, where that may take seconds: "moves its means along"."""
    own_features = False
    """Whether `features` returns others than the backbone's last layer, which are then not recorded."""
    wants_path: ClassVar[bool] = False
    """Whether it wants to know the way on which the base task was learnt, `Task.path`."""

    def __init__(self, settings: Group | None, seed: int) -> None:
        self.settings, self.seed = settings, seed

    def begin_task(self, task: Task) -> None:
        """Get ready for a later task: when it begins, and again, before `load_state`, where a run goes back into it."""

    def batch(self, batch: Batch) -> tuple[Batch, ...]:
        """Return what this learner trains on in a step: the new task's mini-batch first, then images added to it."""
        return (batch,)

    def features(self, network: Network, images: Tensor) -> Tensor:
        """Return what head or `answers` read of images, shape (N, 1, H, W): features, shape (N, ...)."""
        features: Tensor = network.backbone(images)
        return features

    def losses(self, context: Context) -> Terms:
        """Return the loss of one mini-batch, term by term, in the order of ``terms``."""
        raise NotImplementedError

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return the losses that pull at the weights, as ``terms`` has them, before the backward pass."""
        return Pulls(None, None)

    def shares(self, network: Network) -> Mapping[Tensor, float]:
        """Return what share of the learning rate parameters learn with, where that is not all of it."""
        return {}

    def after_backward(self, context: Context) -> None:
        """Change the gradients before the optimiser's step."""

    def after_step(self, context: Context) -> None:
        """Look at the weights, or change them, after the optimiser's step."""

    def end_task(self, task: Task, network: Network) -> None:
        """Keep what is wanted of a task, the base task included, once it is learnt; ``network`` has learnt it."""

    def answers(self, network: Network, features: Tensor) -> Tensor:
        """Return the logits, shape (N, outputs), of a look or a test; an analytic head has answers of its own."""
        return network.head(features)

    def means(self) -> Means | None:
        """Return the class means that the method keeps, to be looked at; None: it keeps none. Its row says which."""
        return None

    def placed(self, features: Tensor) -> Tensor:
        """Return features, shape (N, ...), as they enter the class means, shape (N, D)."""
        return features

    def state(self) -> State:
        """Return all that training made of this method: what a fork or a run file must hold of it."""
        return {}

    def load_state(self, state: State) -> None:
        """Take a state that `state` returned; the method keeps it unchanged for whoever else has it."""

    @property
    def note(self) -> str:
        """What the user should know before the run, in one sentence, such as a large cost; empty: nothing."""
        return ""

    @property
    def stored_bytes(self) -> int:
        """Memory that the method needs after training beside the network: images, statistics, importance of weights.

        A teacher counts for no method: it is a copy of the network while a task is learnt.
        """
        return 0


def image_bytes(split: Split) -> int:
    """Return the bytes of images as they are stored: grey values and labels."""
    return split.pixels.nbytes + split.targets.nbytes


def tensor_bytes(state: State) -> int:
    """Return the bytes of all tensors of a state; what several of them share is counted once."""
    return sum({value.data_ptr(): value.nbytes for value in state.values() if isinstance(value, Tensor)}.values())
