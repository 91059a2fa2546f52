"""The image grid and the history of an image, against plain loops over the same record."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lwf_gui.messages import TEACHER, Probe
from lwf_gui.runs.image_grid import image_grid
from lwf_gui.runs.image_history import history_of
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import five, synthetic
from tests.runs.synthetic import CLASSES, LEARNERS, OLD, PROBE_LABELS, PROBES, TASK1_STEPS
from tests.runs.test_confusion import BOTH, predicted

LABELS: list[int] = PROBE_LABELS.tolist()


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize(("step", "probe"), [(None, 3), (29, 2), (0, 0)])
def test_grid_knows_what_is_right_now_and_was_at_the_start(
    protocol: ProtocolName, step: int | None, probe: int
) -> None:
    record = synthetic.record()
    shown = image_grid(record, Selection(protocol, step))
    assert shown is not None
    assert record.incremental is not None
    assert (shown.learners, shown.protocol, shown.before) == (LEARNERS, protocol, False)
    for row, learner in enumerate(LEARNERS):
        remembered = 0
        for image, label in enumerate(LABELS):
            now = predicted(record.incremental.probes[probe].logits[row, image], label, protocol)
            began = predicted(record.incremental.probes[0].logits[row, image], label, protocol)
            assert shown.taken[row, image] == now
            assert shown.right[row, image] == (now == label)
            assert shown.began_right[row, image] == (began == label)
            remembered += label < OLD and now == label
        assert shown.right_of(learner, PROBES) == (remembered, sum(label < OLD for label in LABELS))


def test_forgetting_is_seen_in_the_record() -> None:
    """Without images that are forgotten, kept and wrong from the start the other tests would show nothing."""
    shown = image_grid(synthetic.record(), Selection())
    assert shown is not None
    old = PROBE_LABELS < OLD
    for kind in (shown.right, shown.began_right & ~shown.right, ~shown.began_right & ~shown.right):
        assert kind[:, old].any()


def test_images_are_chosen_evenly_and_in_their_order() -> None:
    shown = image_grid(synthetic.record(), Selection())
    assert shown is not None
    assert [images.tolist() for images in shown.by_class] == [
        [image for image, label in enumerate(LABELS) if label == unit] for unit in range(OLD)
    ]
    assert [LABELS[image] for image in shown.chosen(2).tolist()] == [0, 0, 1, 1, 2, 2]
    right = sum(int(shown.right[1, image]) for image in shown.chosen(2).tolist())
    assert shown.right_of("lwf", 2) == (right, 6)


def teacher_of(record: Record) -> list[bool]:
    """Return which probe images the teacher gets right at the head expansion."""
    assert record.incremental is not None
    teacher = record.incremental.probes[0].teacher
    assert teacher is not None
    return [int(np.argmax(teacher[image])) == label for image, label in enumerate(LABELS)]


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize("per_class", range(1, PROBES // CLASSES + 1))
def test_what_was_wrong_from_the_start_has_its_true_share(protocol: ProtocolName, per_class: int) -> None:
    record = synthetic.record()
    shown = image_grid(record, Selection(protocol))
    assert shown is not None
    known = teacher_of(record)
    old = [image for image, label in enumerate(LABELS) if label < OLD]
    share = sum(not known[image] for image in old) / len(old)
    assert 0.1 < share < 0.9
    chosen = shown.chosen(per_class).tolist()
    assert len(set(chosen)) == len(chosen) == OLD * per_class
    assert sum(not known[image] for image in chosen) == pytest.approx(share * len(chosen), abs=0.5001)
    for unit in range(OLD):
        mine = [image for image in chosen if LABELS[image] == unit]
        assert mine == sorted(mine)
        for kind in (True, False):  # of right and wrong ones alike the first
            all_of_kind = [image for image in old if LABELS[image] == unit and known[image] is kind]
            took = [image for image in mine if known[image] is kind]
            assert took == all_of_kind[: len(took)]


def answering(answers: list[int]) -> Record:
    """Return a record whose learners give these answers to the probe images at every probe of task 2."""
    made = synthetic.record(synthetic.task1())
    logits = np.full((2, PROBES, CLASSES), -5, np.float16)
    logits[:, np.arange(PROBES), answers] = 5
    for message in synthetic.task2():
        made.apply(replace(message, logits=logits) if isinstance(message, Probe) else message)
    return made


def test_one_answer_to_nearly_everything_is_no_memory() -> None:
    shown = image_grid(answering([1] * PROBES), Selection("class_incremental"))
    assert shown is not None
    for per_class in (1, 3, 8):
        assert shown.right_of("lwf", per_class) == (per_class, OLD * per_class)
        assert shown.habit("lwf", per_class) == (1, OLD * per_class)
    new = image_grid(answering([CLASSES - 1] * PROBES), Selection("class_incremental"))
    assert new is not None
    assert (new.right_of("lwf", 2), new.habit("lwf", 2)) == ((0, 6), (CLASSES - 1, 6))


def test_who_answers_well_has_no_habit() -> None:
    right = image_grid(answering(LABELS), Selection("class_incremental"))
    assert right is not None
    assert right.habit("lwf", 5) is None
    mixed = image_grid(answering([image % 2 for image in range(PROBES)]), Selection("class_incremental"))
    assert mixed is not None
    assert mixed.habit("lwf", 8) is None, "half and half is not one answer to nearly everything"


def test_images_keep_their_places() -> None:
    record = synthetic.record()
    places = []
    for protocol in BOTH:
        for step in (None, -5, 0, 15):
            shown = image_grid(record, Selection(protocol, step))
            assert shown is not None
            places.append(shown.chosen(5).tolist())
    assert all(each == places[0] for each in places)


def test_teacher_alone_has_forgotten_nothing() -> None:
    record = synthetic.record(synthetic.task1())
    shown = image_grid(record, Selection(step=-TASK1_STEPS))
    assert shown is not None
    assert record.base is not None
    assert (shown.learners, shown.before) == ((TEACHER,), True)
    assert shown.when == f"{TASK1_STEPS} steps before head expansion"
    np.testing.assert_array_equal(shown.right, shown.began_right)
    for image, label in enumerate(LABELS):
        if label < OLD:
            logits = record.base.probes[0].logits[0, image]
            assert shown.right[0, image] == (predicted(logits, label, "task_aware") == label)
    assert [images.tolist() for images in shown.by_class] == [
        [image for image, label in enumerate(LABELS) if label == unit] for unit in range(OLD)
    ]


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize("image", [0, 7, PROBES - 1])
def test_history_is_the_softmax_at_every_probe(protocol: ProtocolName, image: int) -> None:
    record = synthetic.record()
    shown = history_of(record, Selection(protocol, 12), image)
    assert shown is not None
    assert record.incremental is not None
    true = LABELS[image]
    assert (shown.image, shown.true, shown.at, shown.learners) == (image, true, 1, LEARNERS)
    assert shown.steps.tolist() == [0, 10, 15, 30]
    choices = list(range(CLASSES))
    if protocol == "task_aware":
        choices = choices[:OLD] if true < OLD else choices[OLD:]
    for row in range(len(LEARNERS)):
        for at, probe in enumerate(record.incremental.probes):
            logits = probe.logits[row, image]
            total = sum(math.exp(float(logits[unit])) for unit in choices)
            assert shown.confidence[row, at] == pytest.approx(100 * math.exp(float(logits[true])) / total)
            assert shown.taken[row, at] == predicted(logits, true, protocol)


def test_history_of_large_logits_is_finite() -> None:
    record = synthetic.record(synthetic.task1())
    started, probe = synthetic.task2()[:2]
    assert isinstance(probe, Probe)
    record.apply(started)
    record.apply(replace(probe, logits=np.full_like(probe.logits, 60000)))
    shown = history_of(record, Selection("class_incremental"), 0)
    assert shown is not None
    assert shown.confidence.ravel().tolist() == pytest.approx([100 / CLASSES] * 2)


def test_history_in_task_1_is_the_teachers() -> None:
    record = synthetic.record()
    shown = history_of(record, Selection("class_incremental", -3), 0)
    assert shown is not None
    assert record.base is not None
    assert (shown.learners, shown.steps.tolist(), shown.at) == ((TEACHER,), [-TASK1_STEPS, 0], 0)
    for at, probe in enumerate(record.base.probes):
        known = [math.exp(float(logit)) for logit in probe.logits[0, 0, :OLD]]
        assert shown.confidence[0, at] == pytest.approx(100 * known[LABELS[0]] / sum(known))
    assert history_of(record, Selection(step=-3), PROBES - 1) is None, "the teacher does not know the new classes"


def test_spans_are_one_for_each_change_of_mind() -> None:
    record = synthetic.record()
    changes = 0
    for image in range(PROBES):
        shown = history_of(record, Selection("class_incremental"), image)
        assert shown is not None
        for row, learner in enumerate(LEARNERS):
            spans = shown.spans(learner)
            taken = [span.taken for span in spans for _ in range(span.first, span.last + 1)]
            assert taken == shown.taken[row].tolist()
            assert all(a.taken != b.taken and a.last + 1 == b.first for a, b in pairwise(spans))
            changes += len(spans) - 1
    assert changes > 10


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nothing_without_a_probe(count: int) -> None:
    record = Record()
    for message in synthetic.task1()[:count]:
        record.apply(message)
    assert image_grid(record, Selection()) is None
    assert history_of(record, Selection(), 0) is None


def test_image_that_is_not_there_has_no_history() -> None:
    assert history_of(synthetic.record(), Selection(), PROBES) is None
    assert history_of(synthetic.record(), Selection(), -1) is None


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize("step", [5, 13, 30, 36])
def test_with_many_tasks_wrong_from_the_start_is_wrong_right_after_the_images_own_task(
    protocol: ProtocolName, step: int
) -> None:
    """Not at the beginning of the current task: what was forgotten before it would never have been known."""
    record = five.record()
    shown = image_grid(record, Selection(protocol, step))
    assert shown is not None
    assert record.incremental is not None
    probes, teacher = record.incremental.probes, record.incremental.probes[0].teacher
    assert teacher is not None
    began, of_current = [], []
    for image, label in enumerate(five.LABELS.tolist()):
        task = five.SCENARIO.task_of_unit(label)
        if label not in {int(five.LABELS[each[0]]) for each in shown.by_class}:
            continue
        for row in range(2):
            answers = teacher[image]
            if task:
                last = max(place for place, at in enumerate(five.PROBED) if at < five.BOUNDARIES[task])
                answers = probes[last].logits[row, image]
            units = five.SCENARIO.units(task)
            allowed = units if protocol == "task_aware" else range(units.stop)
            began.append(shown.began_right[row, image] == (max(allowed, key=answers.tolist().__getitem__) == label))
            begin = five.PROBED.index(max(at for at in five.BOUNDARIES if at <= step))
            now = probes[begin].logits[row, image].tolist()
            seen = units if protocol == "task_aware" else range(10)
            of_current.append(shown.began_right[row, image] == (max(seen, key=now.__getitem__) == label))
    assert all(began)
    assert not all(of_current)


def test_with_many_tasks_images_are_chosen_by_what_the_teacher_of_each_task_knew() -> None:
    record = five.record()
    assert record.incremental is not None
    shown = image_grid(record, Selection(step=30))
    assert shown is not None
    for task in range(4):
        teacher = record.incremental.probes[five.PROBED.index(five.BOUNDARIES[task])].teacher
        assert teacher is not None
        units = list(five.SCENARIO.units(task))
        for image in np.flatnonzero(np.isin(five.LABELS, units)).tolist():
            right = max(units, key=teacher[image].tolist().__getitem__) == five.LABELS[image]
            assert shown.known[image] == right


def test_history_marks_where_later_tasks_begin() -> None:
    record = five.record()
    whole, late = (history_of(record, Selection(), image) for image in (0, 40))
    assert whole is not None
    assert late is not None
    assert whole.begins == ((10, 2), (16, 3), (24, 4))
    assert late.steps[0] == 24
    assert late.begins == ()
    two = history_of(synthetic.record(), Selection(), 0)
    assert two is not None
    assert two.begins == ()
