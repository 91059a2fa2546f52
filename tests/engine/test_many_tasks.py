"""Five tasks of two classes: what is counted, what each learner's teacher is, and forks in the middle of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from lwf_gui.axis import FIRST_LOOKS
from lwf_gui.data import sources
from lwf_gui.messages import DataReady, Evaluated, Finished, Fork, LiveSettingsApplied, PhaseStarted, Probe, Steps
from lwf_gui.runs.after_tasks import matrix_of, tasks_done
from lwf_gui.runs.forks import continued
from lwf_gui.runs.selection import settings_after
from tests.engine.lab import Lab, Ran, bits, same_bits
from tests.runs.joining import assert_same_run, recorded

TASKS = [[8, 1], [2, 7], [4, 5], [0, 3], [6, 9]]
FIVE = (f"data.tasks={TASKS}", "data.train_images=64", "train.probe_every=3")
PROTOCOLS = ("task_aware", "class_incremental")
PER_TASK = 8
"""Steps of a task: two epochs of four."""


@pytest.fixture(scope="module")
def run() -> Ran:
    return Lab().run(*FIVE)


def of_learners(ran: Ran) -> dict[str, Any]:
    learners: dict[str, Any] = ran.summary["learners"]
    return learners


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_results_are_those_of_the_networks_on_every_test_image(run: Ran, protocol: str) -> None:
    """Recomputed image by image, by other means."""
    digits, order = sources.load("digits"), [label for task in TASKS for label in task]
    for name, learner in run.learners.items():
        hits: list[list[bool]] = [[] for _ in TASKS]
        for image, label in zip(digits.test_images, digits.test_labels.tolist(), strict=True):
            with torch.no_grad():
                answers = learner.network(torch.tensor(image / 8 - 1, dtype=torch.float32)[None, None])[0].tolist()
            task = next(number for number, labels in enumerate(TASKS) if label in labels)
            allowed = range(2 * task, 2 * task + 2) if protocol == "task_aware" else range(10)
            hits[task].append(order[max(allowed, key=answers.__getitem__)] == label)
        told = of_learners(run)[name][protocol]
        shares = [sum(hit) / len(hit) for hit in hits]
        earlier = [each for hit in hits[:-1] for each in hit]
        assert told["tasks"] == pytest.approx(shares)
        assert told["average"] == pytest.approx(sum(shares) / 5)
        assert told["average_weighted"] == pytest.approx(sum(map(sum, hits)) / sum(map(len, hits)))
        assert (told["old"], told["new"]) == pytest.approx((sum(earlier) / len(earlier), shares[-1]))


def test_matrix_and_its_figures_follow_from_the_evaluations_after_each_task(run: Ran) -> None:
    sizes = run.one(DataReady).test_sizes
    for name, learner in of_learners(run).items():
        for protocol in PROTOCOLS:
            matrix = learner["matrix"][protocol]
            assert matrix[0] == [run.summary["teacher"]["old"], None, None, None, None]
            for task in range(1, 5):
                (last,) = [told for told in run.all(Evaluated) if (told.task, told.epoch) == (task, 2)]
                counts = getattr(last.scores[name], protocol)
                assert matrix[task] == [
                    *(count / size for count, size in zip(counts, sizes, strict=False)),
                    *[None] * (4 - task),
                ]
            lost = [max(matrix[i][j] for i in range(j, 4)) - matrix[4][j] for j in range(4)]
            moved = [matrix[4][j] - matrix[j][j] for j in range(4)]
            assert learner["forgetting"][protocol] == pytest.approx(sum(lost) / 4)
            assert learner["backward_transfer"][protocol] == pytest.approx(sum(moved) / 4)
            learnt = sum(matrix[j][j] for j in range(5)) / 5
            assert learner["learning_accuracy"][protocol] == pytest.approx(learnt)


def test_one_step_axis_runs_through_all_later_tasks(run: Ran) -> None:
    started = run.started("incremental")
    assert (started.steps, started.epoch_steps, started.boundaries) == (32, (4,) * 4, (0, 8, 16, 24))
    done = 0
    for block in run.all(Steps):
        if block.phase == "incremental":
            assert block.first == done + 1
            done += len(block.losses)
    assert done == started.steps
    probed = [*run.probes()]
    assert probed == sorted(set(probed))
    assert {0, 1, 2, 8, 9, 10, 16, 24, 32} <= set(probed)
    told = [(each.task, each.epoch, each.step) for each in run.all(Evaluated)]
    assert told == [(task, epoch, 8 * (task - 1) + 4 * epoch) for task in range(1, 5) for epoch in range(3)]


def test_a_probe_is_taken_before_the_last_step_of_every_task_but_the_last(run: Ran) -> None:
    """After it the head has grown already: without this one, nobody saw what a task came to."""
    assert {7, 15, 23} <= set(run.probes())
    assert 31 not in run.probes(), "the last one ends with a probe of its own"
    assert 7 not in Lab().run("data.train_images=64", "train.probe_every=3").probes()


def test_the_first_steps_of_every_later_task_are_looked_at_closely() -> None:
    """There the earlier tasks fall and come back; the base task has no earlier ones."""
    ran = Lab().run(*FIVE[:2], "train.probe_every=1000")
    close = [step for step in FIRST_LOOKS if step < PER_TASK]
    for begin in range(0, 4 * PER_TASK, PER_TASK):
        assert [step - begin for step in ran.probes() if begin <= step < begin + PER_TASK - 1] == close
    assert not {3, 6} & set(ran.probes("base"))


def test_probes_at_a_boundary_are_taken_after_the_head_has_grown(run: Ran) -> None:
    for step, probe in run.probes().items():
        seen = 2 * (2 + min(step // PER_TASK, 3))
        assert np.isfinite(probe.logits[..., :seen]).all()
        assert np.isneginf(probe.logits[..., seen:]).all()
        assert probe.teacher is not None
        assert np.isfinite(probe.teacher[:, : seen - 2]).all()
        assert np.isneginf(probe.teacher[:, seen - 2 :]).all()
        if not step % PER_TASK and step < 32:
            assert not probe.logits[..., seen - 2 : seen].any(), "new rows of the head are zero"


def test_each_learner_becomes_its_own_teacher_and_remembers_exactly_right_after_the_head_grew(run: Ran) -> None:
    for told in run.all(Evaluated):
        for name, score in told.scores.items():
            if told.epoch == 0 and told.task > 1:
                (before,) = [e for e in run.all(Evaluated) if (e.task, e.epoch) == (told.task - 1, 2)]
                assert score.teacher == before.scores[name].task_aware
            if told.epoch == 0:
                assert score.task_aware[:-1] == score.teacher
    tuned, lwf = run.learners["fine-tune"].teacher, run.learners["lwf"].teacher
    assert tuned is not None
    assert lwf is not None
    assert not same_bits(bits(tuned.network), bits(lwf.network))
    assert tuned.network.classifier.out_features == lwf.network.classifier.out_features == 8
    step = run.probes()[24]
    row = run.started("incremental").learners.index("lwf")
    np.testing.assert_array_equal(step.logits[row, :, :8], step.teacher[:, :8])  # type: ignore[index]


def test_the_first_later_task_is_that_of_a_run_of_two_tasks(lab: Lab, run: Ran) -> None:
    two = lab.run(f"data.tasks={TASKS[:2]}", *FIVE[1:])
    assert two.losses().tobytes() == run.losses()[:PER_TASK].tobytes()
    assert two.summary["teacher"]["old"] == run.summary["teacher"]["old"]


def test_tasks_are_shuffled_each_by_a_stream_of_its_own(run: Ran) -> None:
    firsts = [run.losses()[PER_TASK * task, 0, 0] for task in range(4)]
    assert len(set(firsts)) == 4


@pytest.mark.parametrize("tasks", [[[0], [1], [2], [3]], [[5, 6, 7], [1], [0, 9]]])
def test_any_split_and_order_trains_one_class_a_task_included(lab: Lab, tasks: list[list[int]]) -> None:
    ran = lab.run(f"data.tasks={tasks}", "data.train_images=32", "task2.epochs=1")
    for learner in of_learners(ran).values():
        assert len(learner["class_incremental"]["tasks"]) == len(tasks)
        assert learner["class_incremental"]["tasks"][-1] is not None
    assert ran.one(DataReady).scenario.sizes == tuple(map(len, tasks))


def test_warm_up_freezes_at_every_later_task_and_unfreezes_in_it(lab: Lab) -> None:
    frozen: dict[int, bytes] = {}

    def hook(ran: Ran, message: object) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            frozen[message.step] = bits(ran.lwf().network)["backbone.fc1.weight"].numpy().tobytes()

    ran = lab.run(*FIVE[:2], "train.probe_every=1", "task2.warmup_epochs=1", hook=hook)
    marks = [(mark.step, mark.live_settings.backbone_frozen, mark.by) for mark in ran.all(LiveSettingsApplied)]
    expected = [(4, False), (8, True), (12, False), (16, True), (20, False), (24, True), (28, False)]
    assert marks == [(step, still, "schedule") for step, still in expected]
    for begin in range(0, 32, PER_TASK):
        assert len({frozen[step] for step in range(begin, begin + 5)}) == 1
        assert len({frozen[step] for step in range(begin + 4, begin + 9)}) == 5


@pytest.mark.parametrize("growth", ["random", "identity"])
def test_a_layer_is_inserted_at_the_first_expansion_alone(lab: Lab, growth: str) -> None:
    ran = lab.run(*FIVE, f"model.growth={growth}")
    assert ran.started("incremental").layers == ("fc1", "fc2", "new_fc", "classifier")
    for learner in ran.learners.values():
        assert learner.network.new_fc is not None
        assert learner.teacher is not None
        assert learner.teacher.network.new_fc is not None


SPANS = {
    "plain": FIVE,
    "warm-up": (*FIVE, "task2.warmup_epochs=1"),
    "aliased": (*FIVE, "lwf.teacher=aliased", "task2.optimizer=restarted"),
    "inserted": (*FIVE, "model.growth=random"),
}


@pytest.mark.parametrize("kind", SPANS)
@pytest.mark.parametrize("step", [5, 16, 27, 32])
def test_fork_at_any_step_repeats_the_run_bit_for_bit(lab: Lab, kind: str, step: int) -> None:
    changes = SPANS[kind]
    original = lab.run(*changes)
    record = recorded(original.messages)
    held = settings_after(record, step)
    assert held is not None
    marks = tuple(mark for mark in record.marks if mark.step < step)
    fork = Fork(1, step, marks, (), held)
    from_states = lab.fork(fork, *changes)
    lab.runner._kept = None
    from_the_start = lab.fork(fork, *changes, run_id=3)
    for ran in (from_states, from_the_start):
        joined = record.forked(step)
        for message in ran.messages:
            if not isinstance(message, PhaseStarted | DataReady):
                joined.apply(message)
        assert_same_run(joined, record)
        for name, learner in original.learners.items():
            assert same_bits(bits(ran.learners[name].network), bits(learner.network))
        for name, results in of_learners(original).items():
            assert ran.summary["learners"][name]["class_incremental"] == results["class_incremental"]


CONTINUAL = ("matrix", "forgetting", "backward_transfer", "learning_accuracy")


@pytest.mark.parametrize("step", [16, 27, 32])
def test_a_forks_json_has_the_rows_of_the_tasks_before_it(lab: Lab, step: int) -> None:
    original = lab.run(*FIVE)
    whole = continued(recorded(original.messages), 1, step, {}, "").fork
    again = of_learners(lab.fork(whole, *FIVE))
    for name, results in of_learners(original).items():
        assert [again[name][key] for key in CONTINUAL] == [results[key] for key in CONTINUAL]


def test_the_matrix_of_a_learner_that_trains_alone_begins_as_its_origins(lab: Lab) -> None:
    original = lab.run(*FIVE)
    alone = continued(recorded(original.messages), 1, 27, {"alpha": 3.0}, "lwf").fork
    assert alone.alone
    (branch,) = of_learners(lab.fork(alone, *FIVE)).values()
    for protocol in ("task_aware", "class_incremental"):
        ours, theirs = (results["matrix"][protocol] for results in (branch, of_learners(original)["lwf"]))
        assert ours[:3] == theirs[:3], "three tasks were over"
        assert None not in ours[-1]
        assert branch["forgetting"][protocol] is not None


def test_a_record_knows_the_matrix_that_json_tells(run: Ran) -> None:
    record = recorded(run.messages)
    for name, learner in of_learners(run).items():
        for protocol in ("task_aware", "class_incremental"):
            matrix = matrix_of(record, name, protocol)
            assert matrix is not None
            told = np.array(learner["matrix"][protocol], np.float64)
            np.testing.assert_array_equal(matrix, told)
    assert tasks_done(record) == 4
    assert isinstance(record.outcome, Finished)
