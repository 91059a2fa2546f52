"""Accuracies against a loop in plain Python, under both protocols."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lwf_gui.runs import metrics
from lwf_gui.runs.metrics import (
    NO_ANSWER,
    PROTOCOL_HELP,
    PROTOCOLS,
    Accuracies,
    Labels,
    Logits,
    ProtocolName,
    predictions,
    right,
    score,
    shares,
)
from lwf_gui.scenario import Scenario

BOTH: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")


def by_hand(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> tuple[float, float]:
    hits: dict[bool, list[bool]] = {True: [], False: []}
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        is_old = label < old_classes
        allowed = range(len(row))
        if protocol == "task_aware":
            allowed = range(old_classes) if is_old else range(old_classes, len(row))
        hits[is_old].append(max(allowed, key=lambda unit: row[unit]) == label)
    old, new = (sum(hits[kind]) / len(hits[kind]) if hits[kind] else math.nan for kind in (True, False))
    return old, new


def accuracies(logits: Logits, labels: Labels, old_classes: int, protocol: ProtocolName) -> Accuracies:
    """Return the accuracies of two tasks, from answers."""
    scenario = Scenario((old_classes, max(int(labels.max()) + 1, logits.shape[-1]) - old_classes or 1))
    counts = right(logits, labels, scenario, protocol)
    return Accuracies(*shares(counts, scenario.counts(labels).tolist(), 1).tolist())


def case(seed: int, old_classes: int, classes: int, count: int = 200) -> tuple[Logits, Labels]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count)
    logits = rng.standard_normal((count, classes)).astype(np.float32)
    logits[np.arange(count), labels] += 1
    logits[:, old_classes:] += 0.7  # recency bias: the two protocols differ
    return logits, labels


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize(("old_classes", "classes"), [(6, 10), (1, 2), (2, 9), (9, 10)])
def test_accuracies_equal_a_plain_loop(protocol: ProtocolName, old_classes: int, classes: int) -> None:
    for seed in range(5):
        logits, labels = case(seed, old_classes, classes)
        found = accuracies(logits, labels, old_classes, protocol)
        assert (found.old, found.new) == pytest.approx(by_hand(logits, labels, old_classes, protocol))


def test_protocols_differ_on_old_images_that_look_new() -> None:
    logits = np.array([[1.0, 0.0, 2.0, 3.0]] * 2, np.float32)
    labels = np.array([0, 3])
    assert accuracies(logits, labels, 2, "task_aware") == Accuracies(1.0, 1.0)
    assert accuracies(logits, labels, 2, "class_incremental") == Accuracies(0.0, 1.0)


@pytest.mark.parametrize("protocol", BOTH)
def test_task_without_images_has_no_accuracy(protocol: ProtocolName) -> None:
    logits = np.array([[1.0, 0.0, 2.0]], np.float32)
    only_old = accuracies(logits, np.array([0]), 2, protocol)
    assert math.isnan(only_old.new)
    assert not math.isnan(only_old.old)
    only_new = accuracies(logits, np.array([2]), 2, protocol)
    assert math.isnan(only_new.old)
    assert only_new.new == 1.0


@pytest.mark.parametrize("protocol", BOTH)
def test_classes_without_a_unit_yet_are_never_predicted_for_old_images(protocol: ProtocolName) -> None:
    """During task 1 the record pads new classes with minus infinity."""
    logits = np.full((3, 4), -np.inf, np.float16)
    logits[:, :2] = [[-5, -6], [-6, -5], [-6, -5]]
    labels = np.array([0, 1, 0])
    assert predictions(logits, labels, Scenario((2, 2)), protocol).tolist() == [0, 1, 1]
    assert accuracies(logits, labels, 2, protocol).old == pytest.approx(2 / 3)


def test_logits_of_the_old_task_alone_are_scored_task_aware() -> None:
    logits = np.array([[1.0, 0.0], [1.0, 0.0]], np.float32)
    found = accuracies(logits, np.array([0, 1]), 2, "task_aware")
    assert found.old == 0.5
    assert math.isnan(found.new)


@pytest.mark.parametrize("protocol", BOTH)
def test_predictions_of_many_records_at_once_equal_one_by_one(protocol: ProtocolName) -> None:
    logits, labels = case(0, 6, 10, 24)
    stacked = np.stack([logits, logits[:, ::-1], -logits]).reshape(3, 24, 10)
    together = predictions(stacked, labels, Scenario((6, 4)), protocol)
    assert together.shape == (3, 24)
    for row, one in zip(together, stacked, strict=True):
        np.testing.assert_array_equal(row, predictions(one, labels, Scenario((6, 4)), protocol))
    assert len({row.tobytes() for row in together}) == 3


def test_score_holds_both_protocols_and_the_teacher() -> None:
    logits, labels = case(3, 6, 10)
    scenario = Scenario((6, 4))
    found = score(logits, labels, scenario, 1, [75])
    sizes = scenario.counts(labels).tolist()
    for protocol in BOTH:
        assert metrics.accuracies(found.under(protocol), sizes) == accuracies(logits, labels, 6, protocol)
    assert found.task_aware != found.class_incremental
    assert found.teacher == (75,)
    assert not found.diverged
    assert score(np.full_like(logits, np.nan), labels, scenario, 1).diverged


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize("sizes", [(2, 2, 2, 2, 2), (1, 1, 1), (5, 1, 3), (1,) * 10])
def test_right_answers_of_many_tasks_equal_a_plain_loop(protocol: ProtocolName, sizes: tuple[int, ...]) -> None:
    scenario = Scenario(sizes)
    logits, labels = case(1, sizes[0], scenario.classes)
    counts = [0] * scenario.tasks
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        (task,) = [task for task in range(scenario.tasks) if label in scenario.units(task)]
        allowed = scenario.units(task) if protocol == "task_aware" else range(scenario.classes)
        counts[task] += max(allowed, key=lambda unit: row[unit]) == label
    assert right(logits, labels, scenario, protocol).tolist() == counts
    images = scenario.counts(labels).tolist()
    for task in range(1, scenario.tasks):
        old, new = shares(np.array(counts), images, task).tolist()
        assert old == sum(counts[:task]) / sum(images[:task])
        assert new == counts[task] / images[task]


@pytest.mark.parametrize("protocol", BOTH)
def test_a_task_without_units_yet_has_no_answers(protocol: ProtocolName) -> None:
    scenario = Scenario((2, 2, 2))
    logits, labels = case(2, 2, 6)
    logits[:, 4:] = -np.inf
    grown, narrow = (right(each, labels, scenario, protocol) for each in (logits, logits[:, :4]))
    assert grown[:2].tolist() == narrow[:2].tolist()
    if protocol == "task_aware":
        assert grown[2] == narrow[2] == NO_ANSWER
        assert (predictions(logits, labels, scenario, protocol)[labels >= 4] == NO_ANSWER).all()
    else:
        assert grown[2] == narrow[2] == 0


def test_every_protocol_has_a_name_and_a_definition() -> None:
    assert tuple(PROTOCOLS) == tuple(PROTOCOL_HELP) == BOTH
    for protocol, name in PROTOCOLS.items():
        assert PROTOCOL_HELP[protocol].lower().startswith(name)
