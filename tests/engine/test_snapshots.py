"""What is kept of a run is bounded, evenly spread, and let go of when another run begins."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lwf_gui.engine import snapshots
from lwf_gui.engine.runner import Job, Runner, _Kept
from lwf_gui.engine.snapshots import SnapshotStore
from lwf_gui.messages import Branch, DataReady, Fork, Message, Probe, Snapshots, Steps
from lwf_gui.recipe import compose
from tests.engine.lab import Lab, Ran, bits

LONG = ("task2.epochs=10", "data.train_images=160")
STEPS = 100


def kept(lab: Lab) -> _Kept:
    assert lab.runner._kept is not None
    return lab.runner._kept


def tensors(store: SnapshotStore) -> list[torch.Tensor]:
    return [x for at in store._snapshots for state in at.learners.values() for x in state.tensors()]


def test_snapshots_are_evenly_spread_and_told_when_they_change(lab: Lab) -> None:
    ran = lab.run(*LONG)
    told = ran.all(Snapshots)
    assert [message.steps for message in told] == [tuple(range(0, 7 * count + 1, 7)) for count in range(15)]
    assert [message.memory for message in told] == sorted(message.memory for message in told)
    assert {message.limit for message in told} == {256 << 20}
    own = {x.data_ptr(): x.nbytes for x in (*kept(lab).store.start.network.parameters(), *tensors(kept(lab).store))}
    assert told[-1].memory == sum(own.values())


def test_step_0_costs_nothing_beyond_the_start(lab: Lab) -> None:
    first = lab.run(*LONG).all(Snapshots)[0]
    start = kept(lab).store.start.network
    assert first.memory == sum(parameter.nbytes for parameter in start.parameters())


@pytest.mark.parametrize("room", [4, 9])
def test_every_second_one_goes_when_there_is_no_room(lab: Lab, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    lab.run(*LONG)
    size = sum(x.nbytes for state in kept(lab).store._snapshots[-1].learners.values() for x in state.tensors())
    monkeypatch.setattr(snapshots, "LIMIT", room * size + size // 2)  # half of one for the start
    told = lab.run(*LONG).all(Snapshots)
    assert all(message.memory <= message.limit for message in told)
    assert all(message.steps[0] == 0 for message in told)
    last = told[-1].steps
    gaps = set(np.diff(last).tolist())
    assert len(gaps) == 1
    assert room / 2 <= len(last) - 1 <= room
    assert STEPS - last[-1] <= 2 * gaps.pop()


def test_never_more_than_so_many_are_kept(lab: Lab) -> None:
    ran = lab.run(*LONG, "task2.epochs=4")
    live_settings = ran.one(DataReady).recipe.live_settings()
    assert max(len(message.steps) for message in ran.all(Snapshots)) <= 16
    for step in (1, 2, 4, 5, 7, 8, 10):  # forks keep their own beginnings too
        ran = lab.fork(Fork(1, step, (), (), live_settings), *LONG, "task2.epochs=4", run_id=1)
        assert max(len(message.steps) for message in ran.all(Snapshots)) <= 16
        assert step in {step for message in ran.all(Snapshots) for step in message.steps}


def test_network_too_large_for_the_limit_keeps_its_start_alone(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "LIMIT", 50_000)
    assert [message.steps for message in lab.run(*LONG).all(Snapshots)] == [(0,)]


def test_frozen_backbone_is_kept_once(lab: Lab) -> None:
    lab.run(*LONG, "task2.warmup_epochs=10")
    store = kept(lab).store
    backbone = {x.data_ptr() for x in store.start.network.backbone.parameters()}
    for at in store._snapshots:
        assert at.frozen
        for state in at.learners.values():
            assert backbone <= {x.data_ptr() for x in state.parameters}
    assert len(store.steps) == 15


def test_features_of_a_long_warm_up_are_let_go_of_where_they_are_too_large(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "LIMIT", 150_000)  # the features take 84,000
    ran = lab.run(*LONG, "task2.warmup_epochs=5", "model.hidden=32")
    assert kept(lab).store.start.backbone.memory == 0
    assert not [step for message in ran.all(Snapshots) for step in message.steps if 0 < step <= 50]


def test_no_snapshot_while_a_backbone_is_frozen_by_hand(lab: Lab) -> None:
    def turn(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental" and message.step in (20, 60):
            ran.control.change(backbone_frozen=message.step == 20)

    ran = lab.run(*LONG, "train.probe_every=20", hook=turn)
    assert ran.all(Snapshots)[-1].steps == (0, 7, 14, 63, 70, 77, 84, 91, 98)


def test_snapshot_without_a_branch_that_had_begun_is_passed_by(lab: Lab) -> None:
    lab.run(*LONG)
    store = kept(lab).store
    methods = ("fine-tune", "lwf")

    def found(*branches: Branch) -> int:
        fork = Fork(1, 30, (), branches, store._snapshots[0].live_settings)
        snapshot = store.nearest(30, lambda step: fork.learners_at(step - 1, methods))
        assert snapshot is not None
        return snapshot.step

    assert (found(), found(Branch("lwf+1@20", "lwf", 20, {}))) == (28, 14)
    assert found(Branch("lwf+1@28", "lwf", 28, {})) == 28, "taken before the branch began: it begins again"


def test_snapshots_hold_the_bits_of_their_step(lab: Lab) -> None:
    seen: dict[int, dict[str, list[torch.Tensor]]] = {}

    def selection(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            seen[message.step] = {name: list(bits(x.network).values()) for name, x in ran.learners.items()}

    lab.run(*LONG, "train.probe_every=7", hook=selection)
    for at in kept(lab).store._snapshots:
        for name, state in at.learners.items():
            assert all(torch.equal(a, b) for a, b in zip(state.parameters, seen[at.step][name], strict=True))


def test_next_run_lets_go_of_the_last_ones(lab: Lab) -> None:
    lab.run(*LONG)
    before = kept(lab).store

    def selection(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe):
            assert lab.runner._kept is None

    ran = lab.run(*LONG, hook=selection)
    assert ran.summary
    assert kept(lab).store is not before


def test_run_that_nobody_can_fork_keeps_nothing_and_trains_the_same() -> None:
    recipe = compose("digits", ["engine.threads=1", "model.hidden=16", "task1.epochs=1", "task2.epochs=2"])
    told: dict[bool, list[Message]] = {True: [], False: []}
    for forks, messages in told.items():
        Runner(forks=forks).run(Job(1, recipe), messages.append)
    assert any(isinstance(m, Snapshots) for m in told[True])
    assert not any(isinstance(m, Snapshots) for m in told[False])
    with_forks, without = (
        np.concatenate([m.losses for m in messages if isinstance(m, Steps) and m.phase == "incremental"])
        for messages in told.values()
    )
    np.testing.assert_array_equal(with_forks, without)
