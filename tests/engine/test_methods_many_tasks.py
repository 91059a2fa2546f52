"""The contract of all registered methods on five tasks: hooks at every boundary, growing memories, forks, figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lwf_gui.data import sources
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import kind_of
from lwf_gui.engine.methods.base import Method, Task
from lwf_gui.engine.methods.joint import Joint
from lwf_gui.engine.methods.replay import Replay
from lwf_gui.engine.networks import Network
from lwf_gui.messages import Evaluated, Fork, LayerProbe, Message, Snapshots
from lwf_gui.methods import METHODS
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_after
from tests.engine.lab import Lab, Ran, bits, same_bits
from tests.engine.test_methods import EVERY, same_state
from tests.runs.joining import recorded

TASKS = [[8, 1], [2, 7], [4, 5], [0, 3], [6, 9]]
FIVE = (f"data.tasks={TASKS}", "data.train_images=64", EVERY)
"""Eight steps a task: two epochs of four."""
ENOUGH = (*FIVE, "data.train_images=288", "task1.epochs=3", "task2.epochs=3", "train.batch_size=16")
"""Of images and steps to see what is known of these methods."""

Begin = Callable[[Method, Task], None]
End = Callable[[Method, Task, Network], None]


class Watched:
    """A run of all methods on five tasks, with the hooks that were called and the networks after every task."""

    def __init__(self, *changes: str) -> None:
        self.lab = Lab()
        self.hooks: dict[type[Method], list[tuple[str, int]]] = {}
        self.after: dict[int, dict[str, Tensor]] = {}
        """After every task, by learner: its answers on all test images of the digits, shape (images, units)."""
        kinds = {kind_of(name) for name in METHODS}
        hooks = [(kind, kind.begin_task, kind.end_task) for kind in kinds]  # before any of them is another's parent
        with pytest.MonkeyPatch.context() as patch:
            for kind, begin, end in hooks:
                self._watch(patch, kind, begin, end)
            self.ran = self.lab.run(*FIVE, *changes, hook=self._hear)

    def _watch(self, patch: pytest.MonkeyPatch, kind: type[Method], begin: Begin, end: End) -> None:
        def begun(method: Method, task: Task) -> None:
            self.hooks.setdefault(type(method), []).append(("begin", task.number))
            begin(method, task)

        def ended(method: Method, task: Task, network: Network) -> None:
            assert network.classifier.out_features == task.seen, "the head has not grown yet"
            self.hooks.setdefault(type(method), []).append(("end", task.number))
            end(method, task, network)

        patch.setattr(kind, "begin_task", begun)
        patch.setattr(kind, "end_task", ended)

    def _hear(self, ran: Ran, message: Message) -> None:
        if isinstance(message, Evaluated):
            if message.task == 1 and message.epoch == 0:
                teacher = ran.learners["lwf"].teacher
                assert teacher is not None
                self.after[0] = dict.fromkeys(ran.learners, teacher.network(images_of_test()).detach())
                own = {name: each for name, each in ran.learners.items() if METHODS[name].answers_by}
                self.after[0] |= {name: answers(each)[:, : len(TASKS[0])] for name, each in own.items()}
            if message.epoch < 2:  # of two
                return
            self.after[message.task] = {name: answers(learner) for name, learner in ran.learners.items()}


def images_of_test() -> Tensor:
    return torch.tensor(sources.load("digits").test_images / 8 - 1, dtype=torch.float32)[:, None]


@torch.no_grad()
def answers(learner: Learner) -> Tensor:
    """Return what a learner answers on all test images, as its method has it."""
    method, network = learner.method, learner.network
    return method.answers(network, method.features(network, images_of_test()))


@pytest.fixture(scope="module")
def five() -> Watched:
    return Watched()


def test_every_task_begins_and_ends_once_for_every_method(five: Watched) -> None:
    order = [("end", 0), *((what, task) for task in range(1, 5) for what in ("begin", "end"))]
    alone = [kind for kind in METHODS if kind != "fine-tune"]  # one of these trains within the average, too
    assert {kind: five.hooks[kind_of(kind)] for kind in alone} == dict.fromkeys(alone, order)
    assert sorted(set(five.hooks[kind_of("fine-tune")]), key=lambda each: (each[1], each[0])) == sorted(
        order, key=lambda each: (each[1], each[0])
    )


def test_stored_images_grow_task_by_task(five: Watched) -> None:
    replay, joint = (five.ran.learners[name].method for name in ("replay", "joint"))
    assert isinstance(replay, Replay)
    assert isinstance(joint, Joint)
    assert replay.memory is not None
    assert np.bincount(replay.memory.targets).tolist() == [20] * 10
    learners: dict[str, Any] = five.ran.summary["learners"]
    assert learners["replay"]["stored_bytes"] == 10 * 20 * (8 * 8 + 8)
    assert learners["joint"]["stored_bytes"] == 5 * 64 * (8 * 8 + 8)
    assert learners["fine-tune"]["stored_bytes"] == learners["lwf"]["stored_bytes"] == 0


def test_stored_images_are_of_the_earlier_tasks_while_a_task_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    units: dict[tuple[str, int], set[int]] = {}
    features = Learner.features

    def watched(self: Learner, batch: Any) -> Any:
        if self.name in METHODS and batch[0].split is self.task.train:
            found = units.setdefault((self.name, self.task.number), set())
            found.update(unit for part in batch[1:] for unit in part.targets.tolist())
        return features(self, batch)

    monkeypatch.setattr(Learner, "features", watched)
    Lab().run(*FIVE, "learners=['fine-tune','lwf','replay','joint']")
    for task in range(1, 5):
        for name in ("replay", "joint"):
            assert units[name, task] == set(range(2 * task)), (name, task)
        for name in ("fine-tune", "lwf"):
            assert not units[name, task]


FORKS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "plain": ((), (24, 27)),
    "warm-up": (("task2.warmup_epochs=1",), (27,)),
    "inserted": (("model.growth=random",), (24,)),
}
"""What is changed, and where such a run is forked: at task 4's head expansion, or amid its first epoch."""


@pytest.mark.parametrize(("changes", "steps"), FORKS.values(), ids=FORKS)
def test_a_fork_in_task_4_repeats_every_method_bit_for_bit(changes: tuple[str, ...], steps: tuple[int, ...]) -> None:
    lab = Lab()
    ran = lab.run(*FIVE, *changes)
    assert {0, 8, 16, 24} & set(ran.all(Snapshots)[-1].steps)
    record, kept = recorded(ran.messages), lab.runner._kept
    for step in steps:
        lab.runner._kept = kept
        _check_forks(lab, ran, record, step, *changes)


def _check_forks(lab: Lab, ran: Ran, record: Record, step: int, *changes: str) -> None:
    """Fork a run at a step, from its snapshots and from its start."""
    held = settings_after(record, step)
    assert held is not None
    fork = Fork(1, step, tuple(mark for mark in record.marks if mark.step < step), (), held)
    from_states = lab.fork(fork, *FIVE, *changes)
    lab.runner._kept = None
    from_the_start = lab.fork(fork, *FIVE, *changes, run_id=3)
    for again in (from_states, from_the_start):
        assert again.losses().tobytes() == ran.losses()[step:].tobytes()
        for name, learner in ran.learners.items():
            assert same_bits(bits(again.learners[name].network), bits(learner.network)), name
            assert same_state(again.learners[name].method.state(), learner.method.state()), name
            told: dict[str, Any] = again.summary["learners"][name]
            assert told["stored_bytes"] == ran.summary["learners"][name]["stored_bytes"]


def test_looking_changes_no_bit_of_any_method_in_any_task(five: Watched) -> None:
    looked = five.lab.run(*FIVE, "train.probe_every=1")
    assert len(looked.all(LayerProbe)) > len(five.ran.all(LayerProbe))
    assert looked.losses().tobytes() == five.ran.losses().tobytes()
    for name, learner in five.ran.learners.items():
        assert same_state(looked.learners[name].method.state(), learner.method.state()), name


@pytest.fixture(scope="module")
def ends() -> dict[str, dict[str, float]]:
    """Return average accuracies at the end by protocol and learner; "labels" is LwF with CE over the new classes."""
    lab = Lab()
    told: dict[str, Any] = lab.run(*ENOUGH).summary["learners"]
    told["labels"] = lab.run(*ENOUGH, "learners=lwf", "lwf.ce_scope=new").summary["learners"]["lwf"]
    return {protocol: {name: each[protocol]["average"] for name, each in told.items()} for protocol in PROTOCOLS}


def test_among_all_classes_only_stored_images_keep_more_than_the_last_task(ends: dict[str, dict[str, float]]) -> None:
    average = ends["class_incremental"]
    assert average["fine-tune"] < 0.25
    assert average["lwf"] < 0.25
    assert average["replay"] > 0.8
    assert average["joint"] > 0.9


def test_within_each_task_lwf_keeps_more_than_fine_tuning(ends: dict[str, dict[str, float]]) -> None:
    average = ends["task_aware"]
    assert average["lwf"] > average["fine-tune"] + 0.1
    assert average["labels"] > average["lwf"]
    assert min(average["replay"], average["joint"]) > 0.95


# ---- the figures, from nothing but the answers of the networks


def recomputed(after: dict[int, dict[str, Tensor]], name: str, protocol: str) -> list[list[float | None]]:
    """Return the accuracy matrix of a learner, image by image, by other means than the program's."""
    digits = sources.load("digits")
    order = [label for task in TASKS for label in task]
    matrix: list[list[float | None]] = []
    for last in range(len(TASKS)):
        row: list[float | None] = [None] * len(TASKS)
        for task in range(last + 1):
            hits = []
            for answer, label in zip(after[last][name].tolist(), digits.test_labels.tolist(), strict=True):
                if label in TASKS[task]:
                    allowed = TASKS[task] if protocol == "task_aware" else order[: len(answer)]
                    hits.append(max(allowed, key=lambda one: answer[order.index(one)]) == label)
            row[task] = sum(hits) / len(hits)
        matrix.append(row)
    return matrix


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_all_figures_follow_from_the_raw_answers_after_each_task(five: Watched, protocol: str) -> None:
    digits = sources.load("digits")
    sizes = [sum(label in task for label in digits.test_labels.tolist()) for task in TASKS]
    for name in METHODS:
        told: dict[str, Any] = five.ran.summary["learners"][name]
        matrix = recomputed(five.after, name, protocol)
        assert told["matrix"][protocol] == [pytest.approx(row) for row in matrix], name
        r = np.array(matrix, np.float64)
        ends = told[protocol]
        assert ends["tasks"] == pytest.approx(r[4].tolist())
        assert ends["average"] == pytest.approx(sum(r[4]) / 5)
        assert ends["average_weighted"] == pytest.approx(sum(r[4] * sizes) / sum(sizes))
        assert ends["old"] == pytest.approx(sum(r[4, :4] * sizes[:4]) / sum(sizes[:4]))
        assert ends["new"] == pytest.approx(r[4, 4])
        lost = [max(r[i, j] for i in range(j, 4)) - r[4, j] for j in range(4)]
        assert told["forgetting"][protocol] == pytest.approx(sum(lost) / 4)
        assert told["backward_transfer"][protocol] == pytest.approx(sum(r[4, j] - r[j, j] for j in range(4)) / 4)
        assert told["learning_accuracy"][protocol] == pytest.approx(sum(r[j, j] for j in range(5)) / 5)
