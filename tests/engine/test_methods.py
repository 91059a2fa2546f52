"""The contract that every registered method keeps, and what replay and joint training add to a mini-batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import kind_of, make
from lwf_gui.engine.methods.base import Method, State, Task
from lwf_gui.engine.methods.joint import Joint
from lwf_gui.engine.methods.replay import Replay
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch
from lwf_gui.messages import DataReady, Evaluated, Fork, LayerProbe, ProtocolName
from lwf_gui.methods import METHODS
from lwf_gui.recipe import Recipe, compose
from lwf_gui.runs.metrics import Accuracies, accuracies
from tests.engine.contexts import small_tasks
from tests.engine.lab import TINY, Lab, Ran, bits, same_bits

EVERY = f"learners=[{','.join(repr(name) for name in METHODS)}]"
"""All registered methods in one run: in lockstep, so that each is checked beside all others."""

FORK = 7
"""The step at which runs are forked: none of which there is a snapshot, and within an epoch."""


Whole = tuple[Lab, Ran, Any]


@pytest.fixture(scope="module")
def whole() -> Whole:
    """Return a run of all methods, with the runner that did it, and the states that this one kept of it."""
    lab = Lab()
    ran = lab.run(EVERY)
    return lab, ran, lab.runner._kept


def recipe_of(method: str, **settings: object) -> Recipe:
    recipe = Recipe.model_validate({"learners": [method]})
    return recipe.with_settings({f"{METHODS[method].key}.{name}": value for name, value in settings.items()})


# ---- the contract


def test_all_methods_learn_in_one_run_and_have_their_own_columns(whole: Whole) -> None:
    _, ran, _ = whole
    columns = ran.started("incremental").columns
    assert columns[:3] == ("ce", "kd", "kl")
    assert columns[-1] == "total"
    assert sorted(columns) == sorted({term for name in METHODS for term in kind_of(name).terms})
    for row, name in enumerate(METHODS):
        own = [columns.index(term) for term in kind_of(name).terms]
        losses = ran.losses()[:, row]
        assert np.isfinite(losses[:, own]).all(), name
        assert np.isnan(np.delete(losses, own, axis=1)).all(), name
        assert last(ran, name, "task_aware").new > 0.5, name


@pytest.mark.parametrize("kept", [True, False], ids=["from a snapshot", "from the start"])
def test_a_fork_of_every_method_repeats_bit_for_bit(whole: Whole, *, kept: bool) -> None:
    lab, ran, states = whole
    lab.runner._kept = states
    live_settings = compose("digits", [*TINY, EVERY]).live_settings()
    again = lab.fork(Fork(1 if kept else 0, FORK, (), (), live_settings), EVERY)
    assert again.losses().tobytes() == ran.losses()[FORK:].tobytes()
    for name, learner in ran.learners.items():
        assert same_bits(bits(again.learners[name].network), bits(learner.network)), name
        assert same_state(again.learners[name].method.state(), learner.method.state()), name


def test_looking_changes_no_bit_of_any_method(whole: Whole) -> None:
    lab, ran, _ = whole
    looked = lab.run(EVERY, "train.probe_every=1")
    assert len(looked.all(LayerProbe)) > 2 * len(ran.all(LayerProbe))
    assert looked.losses().tobytes() == ran.losses().tobytes()
    for name, learner in ran.learners.items():
        assert same_bits(bits(looked.learners[name].network), bits(learner.network)), name
        assert same_state(looked.learners[name].method.state(), learner.method.state()), name


def test_a_method_learns_the_same_alone_and_beside_all_others(whole: Whole) -> None:
    lab, ran, _ = whole
    for name in METHODS:
        alone = lab.run(f"learners={name}")
        assert same_bits(bits(alone.learners[name].network), bits(ran.learners[name].network)), name


def test_all_methods_see_the_same_new_images_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: defaultdict[Learner, list[Tensor]] = defaultdict(list)
    features = Learner.features

    def watched(self: Learner, batch: Sequence[Batch]) -> Tensor:
        if batch[0].split is self.task.train and self.method.name in METHODS:
            seen[self].append(batch[0].numbers)
        return features(self, batch)

    monkeypatch.setattr(Learner, "features", watched)
    ran = Lab().run(EVERY)
    everyone = {each for learner in ran.learners.values() for each in learner.family}
    assert seen.keys() == everyone, "those that train along for another one, too"
    first, *others = seen.values()
    assert len(first) > 5
    for numbers in others:
        assert [one.tolist() for one in numbers] == [one.tolist() for one in first]


@pytest.mark.parametrize("name", METHODS)
def test_state_comes_back_and_a_copy_goes_on_alike(name: str) -> None:
    base, later = small_tasks()
    method = begun(name, base, later)
    order = torch.randperm(len(later.train), generator=torch.Generator().manual_seed(1))
    stream = [Batch(later.train, part) for part in torch.split(order, 8)]
    for batch in stream[:2]:
        method.batch(batch)
    state = dict(method.state())
    other = make(name, recipe_of(name))
    other.begin_task(later)
    other.load_state(state)
    assert same_state(other.state(), state)
    for batch in stream[2:]:
        assert [same(part) for part in method.batch(batch)] == [same(part) for part in other.batch(batch)]
    back = make(name, recipe_of(name))
    back.begin_task(later)
    back.load_state(state)
    assert same_state(back.state(), state)  # what others did since has changed nothing of it


@pytest.mark.parametrize("name", METHODS)
def test_state_is_of_tensors_and_plain_values(name: str) -> None:
    for value in begun(name, *small_tasks()).state().values():
        assert isinstance(value, Tensor | int | float | str)


@pytest.mark.parametrize("name", METHODS)
def test_stored_bytes_are_those_of_the_images_that_a_step_can_add_and_of_all_other_tensors_kept(name: str) -> None:
    base, later = small_tasks()
    method = begun(name, base, later)
    added = {part.split for _ in range(30) for part in method.batch(Batch(later.train, torch.arange(8)))[1:]}
    images = {tensor.data_ptr(): tensor.nbytes for split in added for tensor in (split.pixels, split.targets)}
    state = {key: value for key, value in method.state().items() if not key.startswith("old.")}  # of its teacher
    kept = {value.data_ptr(): value.nbytes for value in state.values() if isinstance(value, Tensor)}
    assert method.stored_bytes == sum({**kept, **images}.values())


@pytest.mark.parametrize("name", METHODS)
def test_terms_end_with_the_total(name: str) -> None:
    assert kind_of(name).terms[-1] == "total"
    assert len(set(kind_of(name).terms)) == len(kind_of(name).terms)


# ---- replay


def test_replay_stores_the_same_number_of_every_class() -> None:
    base, later = small_tasks()
    method = begun("replay", base, later, per_class=3)
    assert isinstance(method, Replay)
    assert method.memory is not None
    assert method.memory.targets.tolist() == [0, 0, 0, 1, 1, 1]
    method.end_task(later, network())
    assert method.memory.targets.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    whole = {pixels.numpy().tobytes() for split in (base.train, later.train) for pixels in split.pixels}
    assert {pixels.numpy().tobytes() for pixels in method.memory.pixels} <= whole


def test_replay_takes_all_images_of_a_class_that_has_fewer() -> None:
    base, later = small_tasks()
    method = begun("replay", base, later, per_class=1000)
    assert isinstance(method, Replay)
    assert method.memory is not None
    assert sorted(method.memory.targets.tolist()) == sorted(base.train.targets.tolist())


def test_replay_trains_on_as_many_stored_images_as_on_new_ones() -> None:
    base, later = small_tasks()
    method = begun("replay", base, later)
    for size in (8, 3):
        new, stored = method.batch(Batch(later.train, torch.arange(size)))
        assert len(new.numbers) == len(stored.numbers) == size
        assert set(stored.targets.tolist()) <= {0, 1}


def test_replay_forgets_less_than_fine_tuning(whole: Whole) -> None:
    _, ran, _ = whole
    assert last(ran, "replay").old > last(ran, "fine-tune").old + 0.3


# ---- joint training


def test_an_epoch_of_joint_training_passes_once_over_every_image_of_all_tasks() -> None:
    base, later = small_tasks()
    method = begun("joint", base, later)
    orders = []
    for epoch in range(2):
        parts = [method.batch(batch) for batch in later.train.batches(7)]
        numbers = torch.cat([part.numbers for pair in parts for part in pair[1:]])
        assert sorted(numbers.tolist()) == list(range(len(base.train))), epoch
        orders.append(numbers.tolist())
        sizes = [sum(len(part.numbers) for part in pair[1:]) / len(pair[0].numbers) for pair in parts]
        assert max(sizes) - min(sizes) < 0.5  # in the share of the sizes, all the way
    assert orders[0] != orders[1]


def test_joint_training_knows_the_images_of_all_earlier_tasks() -> None:
    base, later = small_tasks()
    third = Task(2, later.seen, later.seen + 1, base.train, (base.train, later.train))
    method = make("joint", recipe_of("joint"))
    method.begin_task(third)
    assert isinstance(method, Joint)
    drawn = {unit for batch in third.train.batches(8) for unit in method.batch(batch)[1].targets.tolist()}
    assert drawn == {0, 1, 2, 3}


def test_joint_training_is_the_upper_bound(whole: Whole) -> None:
    _, ran, _ = whole
    joint = last(ran, "joint")
    assert min(joint.old, joint.new) > 0.7
    assert all(joint.old >= last(ran, name).old for name in METHODS)


# ---- helpers


def last(ran: Ran, name: str, protocol: ProtocolName = "class_incremental") -> Accuracies:
    """Return a learner's accuracies at the end of a run."""
    return accuracies(ran.all(Evaluated)[-1].scores[name].under(protocol), ran.one(DataReady).test_sizes)


def begun(name: str, base: Task, later: Task, **settings: object) -> Method:
    """Return a method that has ended the base task and begun the next one."""
    method = make(name, recipe_of(name, **settings))
    method.end_task(base, network())
    method.begin_task(later)
    return method


def network() -> Network:
    return Network(torch.nn.Flatten(), torch.nn.Linear(4, 2))


def same(batch: Batch) -> tuple[bytes, bytes]:
    return batch.images.numpy().tobytes(), batch.targets.numpy().tobytes()


def same_state(mine: State, theirs: State) -> bool:
    def equal(a: object, b: object) -> bool:
        return torch.equal(a, b) if isinstance(a, Tensor) and isinstance(b, Tensor) else a == b

    return mine.keys() == theirs.keys() and all(equal(mine[name], theirs[name]) for name in mine)
