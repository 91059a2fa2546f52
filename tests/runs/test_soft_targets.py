"""Soft targets, against plain arithmetic on the same logits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lwf_gui.gui.panels.soft_targets.words import task_texts, teacher_texts
from lwf_gui.messages import Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.soft_targets import PER_CLASS, SoftTargets, captions, choices, log_softmax, soft_targets
from tests.runs import five, synthetic
from tests.runs.synthetic import LEARNERS, OLD, PROBE_LABELS, PROBES, TASK1_STEPS

NEW_IMAGE = int(np.argmax(PROBE_LABELS >= OLD)) + 1
OLD_IMAGE = 5


def caption(record: Record, selection: Selection) -> str:
    """Return the longest caption, or nothing."""
    return next(iter(captions(record, selection)), "")


def plain_softmax(logits: list[float], temperature: float) -> list[float]:
    powers = [math.exp(z / temperature) for z in logits]
    return [power / math.fsum(powers) for power in powers]


def plain_kl(p: list[float], q: list[float]) -> float:
    return math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def shown(record: Record, **selection: object) -> SoftTargets:
    made = soft_targets(record, Selection(**selection))  # type: ignore[arg-type]
    assert made is not None
    return made


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 20.0])
@pytest.mark.parametrize("image", [OLD_IMAGE, NEW_IMAGE])
@pytest.mark.parametrize("step", [0, 15, None])
def test_probabilities_and_divergence_are_those_of_the_old_classes(
    temperature: float, image: int, step: int | None
) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    probe = record.incremental.probes[{0: 0, 15: 2, None: -1}[step]]
    assert probe.teacher is not None
    now = shown(record, step=step, image=image, temperature=temperature)
    p = plain_softmax([float(z) for z in probe.teacher[image, :OLD]], temperature)
    assert now.teacher == pytest.approx(p, rel=1e-12)
    assert [student.learner for student in now.students] == list(LEARNERS)
    for row, student in enumerate(now.students):
        q = plain_softmax([float(z) for z in probe.logits[row, image, :OLD]], temperature)
        assert student.probabilities == pytest.approx(q, rel=1e-12)
        assert student.kl == pytest.approx(plain_kl(p, q), rel=1e-9, abs=1e-12)


def test_moving_the_temperature_alone_changes_the_figures() -> None:
    record = synthetic.record()
    sharp, soft = (shown(record, image=OLD_IMAGE, temperature=t) for t in (1.0, 20.0))
    assert max(soft.teacher) < max(sharp.teacher)
    assert soft.students[0].kl < sharp.students[0].kl
    assert [s.answer for s in soft.students] == [s.answer for s in sharp.students]


def test_a_student_that_answers_as_the_teacher_is_at_no_distance() -> None:
    messages = synthetic.task2()
    probe = messages[1]
    assert isinstance(probe, Probe)
    assert probe.teacher is not None
    probe.logits[1, :, :OLD] = probe.teacher[:, :OLD]
    now = shown(synthetic.record([*synthetic.task1(), *messages[:2]]), image=OLD_IMAGE)
    assert now.students[1].kl == 0
    assert now.students[1].probabilities == now.teacher
    assert now.students[0].kl > 0


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
@pytest.mark.parametrize("image", [OLD_IMAGE, NEW_IMAGE])
def test_answers_are_those_of_the_protocol(protocol: str, image: int) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    logits = record.incremental.probes[-1].logits[:, image].astype(float)
    units = range(synthetic.CLASSES)
    if protocol == "task_aware":
        units = range(OLD) if image == OLD_IMAGE else range(OLD, synthetic.CLASSES)
    expected = [max(units, key=lambda unit: logits[row, unit]) for row in range(len(LEARNERS))]
    now = shown(record, image=image, protocol=protocol)
    assert [student.answer for student in now.students] == expected
    assert [student.right for student in now.students] == [answer == PROBE_LABELS[image] for answer in expected]


@pytest.mark.parametrize("step", [-TASK1_STEPS, -1, None])
def test_before_task_2_there_is_the_teacher_alone(step: int | None) -> None:
    record = synthetic.record(synthetic.task1())
    assert record.base is not None
    probe = record.base.probes[-1 if step is None else 0]
    now = shown(record, step=step, image=OLD_IMAGE, temperature=3.0)
    (teacher,) = now.students
    assert not now.expanded
    assert now.teacher == pytest.approx(plain_softmax([float(z) for z in probe.logits[0, OLD_IMAGE, :OLD]], 3.0))
    assert teacher.probabilities == now.teacher
    assert math.isnan(teacher.kl)
    assert teacher.right == (teacher.answer == PROBE_LABELS[OLD_IMAGE])


def test_the_teacher_can_neither_be_right_nor_wrong_about_a_class_it_was_never_taught() -> None:
    now = shown(synthetic.record(synthetic.task1()), image=NEW_IMAGE)
    assert not now.old
    assert now.students[0].right is None
    assert now.students[0].answer < OLD


def test_scrubbing_back_before_the_head_expansion_shows_the_teacher_of_then() -> None:
    now = shown(synthetic.record(), step=-1, image=OLD_IMAGE)
    assert not now.expanded
    assert shown(synthetic.record(), step=0, image=OLD_IMAGE).expanded


def test_there_is_nothing_before_the_first_probe() -> None:
    assert soft_targets(Record(), Selection()) is None
    assert soft_targets(synthetic.record(synthetic.task1()[:2]), Selection()) is None
    assert caption(Record(), Selection()) == ""


def test_an_image_that_this_record_does_not_have_is_its_last() -> None:
    assert shown(synthetic.record(), image=10**6).image == PROBES - 1
    assert shown(synthetic.record(), image=-3).image == 0


def test_choices_are_some_of_every_class_and_always_the_chosen_one() -> None:
    data = synthetic.data_ready()
    units = np.repeat(np.arange(synthetic.CLASSES), PER_CLASS).tolist()
    for image in range(PROBES):
        offered = choices(data, image, synthetic.CLASSES)
        assert image in offered
        assert [int(PROBE_LABELS[number]) for number in offered] == units
        assert len(set(offered)) == len(offered)


def test_leading_classes_are_the_likeliest_in_their_own_order() -> None:
    now = shown(synthetic.record(), image=OLD_IMAGE)
    most = [max(now.teacher[u], *(s.probabilities[u] for s in now.students)) for u in range(OLD)]
    assert now.leading(OLD) == tuple(range(OLD))
    assert now.leading(2) == tuple(unit for unit in range(OLD) if unit != most.index(min(most)))


def test_logits_far_apart_do_not_make_it_infinite() -> None:
    far = log_softmax(np.array([0.0, 30_000.0], np.float16), 0.5)
    assert far.tolist() == [-60_000.0 + (60_000 - 2 * float(np.float16(30_000))), 0.0]


def test_a_learner_that_diverged_has_no_figures_but_does_no_harm() -> None:
    messages = synthetic.task2()
    probe = messages[1]
    assert isinstance(probe, Probe)
    probe.logits[0, OLD_IMAGE] = np.inf  # what float16 makes of logits beyond 65504
    lost, fine = shown(synthetic.record([*synthetic.task1(), *messages[:2]]), image=OLD_IMAGE).students
    assert math.isnan(lost.kl)
    assert math.isfinite(fine.kl)


def test_caption_names_unit_classes_temperature_image_protocol_and_step() -> None:
    record = synthetic.record()
    text = caption(record, Selection(step=12, image=7, temperature=4.0))
    for part in ("percent", f"{OLD} old classes", "T = 4", "probe image 8 of 40 of digits", "task-aware", "step 10"):
        assert part in text
    assert "before head expansion" in caption(record, Selection(step=-4))


# ---- more than two tasks


def test_in_a_third_task_every_learner_is_compared_with_what_it_was_itself() -> None:
    record, image, step = five.record(), 3, 20
    now = shown(record, step=step, image=image, temperature=2.0)
    assert record.incremental is not None
    at, begin = (record.incremental.probes[five.PROBED.index(each)] for each in (step, 16))
    assert now.owner == "lwf", "it is the one that distils"
    assert at.teacher is not None
    seen = len(five.SCENARIO.earlier(3))
    for row, (student, own) in enumerate(zip(now.students, (begin.logits[0], at.teacher), strict=True)):
        p = plain_softmax([float(z) for z in own[image, :seen]], 2.0)
        q = plain_softmax([float(z) for z in at.logits[row, image, :seen]], 2.0)
        assert student.kl == pytest.approx(plain_kl(p, q), rel=1e-6, abs=1e-9)


def test_the_teacher_is_named_after_its_learner_from_the_third_task_on() -> None:
    record = five.record()
    assert [shown(record, step=step).owner for step in (0, 5, 10, 36)] == ["", "", "lwf", "lwf"]
    assert teacher_texts(shown(record, step=5))[0] == "Teacher"
    assert teacher_texts(shown(record, step=20))[0] == "LwF's teacher"
    assert shown(synthetic.record()).owner == ""


def test_with_many_tasks_an_image_is_of_an_earlier_the_current_or_a_later_one() -> None:
    record = five.record()
    images = {task: int(np.argmax(five.SCENARIO.units(task)[0] <= five.LABELS)) for task in range(5)}
    texts = {task: task_texts(shown(record, step=20, image=image))[0] for task, image in images.items()}
    assert texts[0] == "task 1 (earlier): taught to the teacher; KL: from its own teacher"
    assert texts[3].startswith("task 4 (current): never taught to the teacher")
    assert texts[4] == "task 5 (later): taught to nobody yet"
    assert task_texts(shown(synthetic.record(), image=OLD_IMAGE))[0] == "old task: taught to the teacher"
