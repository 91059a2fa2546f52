"""Sketches against a slow model of a pencil, and their scores against plain loops."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwf_gui.messages import TEACHER
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.sketch import SEAM, Score, Sketch, Task, score
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, OLD, PROBE_LABELS, TASK2_STEPS

Stroke = list[tuple[int, int]]

STROKES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 100)), min_size=1, max_size=12)
GUESS = Sketch().drawn([0, 4, 12, 30], [95, 60, 70, 20])


def drawn(*strokes: Stroke) -> Sketch:
    sketch = Sketch()
    for stroke in strokes:
        sketch = sketch.drawn([x for x, _ in stroke], [y for _, y in stroke])
    return sketch


def pencil(stroke: Stroke, x: float) -> float | None:
    """Return where a stroke passed a step last, or None if it did not."""
    lines = [(stroke[0], stroke[0]), *pairwise(stroke)]
    for (x0, y0), (x1, y1) in reversed(lines):
        if min(x0, x1) <= x <= max(x0, x1):
            return y1 if x0 == x1 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return None


@given(STROKES)
def test_of_a_stroke_the_line_that_passed_a_step_last_counts(stroke: Stroke) -> None:
    sketch = drawn(stroke)
    xs = [x for x, _ in stroke]
    for x in range(min(xs), max(xs) + 1):
        assert sketch.at(x) == pytest.approx(pencil(stroke, x), abs=1e-9)
    assert sketch.at([min(xs) - 7, max(xs) + 7]) == pytest.approx(sketch.at([min(xs), max(xs)]), abs=1e-9)
    assert (np.diff(sketch.x) > 0).all()


@given(STROKES, STROKES)
def test_a_second_stroke_replaces_its_own_steps_alone(first: Stroke, second: Stroke) -> None:
    before, after = drawn(first), drawn(first, second)
    for x in range(min(x for x, _ in first), max(x for x, _ in first) + 1):
        passed = pencil(second, x)
        assert after.at(x) == pytest.approx(before.at(x) if passed is None else passed, abs=1e-9)


def test_redrawing_the_middle_of_a_long_line_leaves_both_its_sides() -> None:
    sketch = drawn([(0, 0), (100, 100)], [(40, 90), (60, 90)])
    assert sketch.at([0, 20, 40 - SEAM, 40, 50, 60, 60 + SEAM, 80, 100]) == pytest.approx(
        [0, 20, 40 - SEAM, 90, 90, 90, 60 + SEAM, 80, 100]
    )


def test_redrawing_adds_no_points_but_its_own_and_a_seam_at_each_end() -> None:
    stroke = [(x, 90 - x) for x in range(20, 61, 5)]
    assert len(drawn([(0, 0), (100, 100)], stroke).x) == 2 + len(stroke) + 2


def test_between_two_strokes_apart_the_sketch_is_a_line_and_beyond_them_constant() -> None:
    sketch = drawn([(20, 80), (30, 60)], [(50, 20), (60, 10)])
    assert sketch.at([-5, 0, 20, 30, 40, 50, 60, 99]) == pytest.approx([80, 80, 80, 60, 40, 20, 10, 10])


def test_drawing_leaves_the_earlier_sketch_as_it_was() -> None:
    before = drawn([(0, 10), (30, 10)])
    before.drawn([0, 30], [90, 90])
    assert before.at(15) == 10
    assert Sketch().empty
    assert not before.empty


def off_by_loop(record: Record, learner: str, task: Task, protocol: ProtocolName) -> float:
    """Return the mean difference by going through the run in half steps, each judged by the nearest probe."""
    track = record.incremental
    assert track is not None
    probes = []
    for probe, step in zip(track.probes, track.probe_steps.values.tolist(), strict=True):
        right = asked = 0
        for label, row in zip(PROBE_LABELS.tolist(), probe.logits[LEARNERS.index(learner)].tolist(), strict=True):
            if (label < OLD) is not (task == "old"):
                continue
            units = range(synthetic.CLASSES)
            if protocol == "task_aware":
                units = range(OLD) if task == "old" else range(OLD, synthetic.CLASSES)
            asked += 1
            right += max(units, key=lambda unit, row=row: row[unit]) == label  # type: ignore[misc]
        probes.append((step, abs(float(GUESS.at(step)) - 100 * right / asked)))
    total, halves = 0.0, 2 * int(track.probe_steps.values[-1])
    for half in range(halves):
        middle = half / 2 + 0.25
        total += min(probes, key=lambda probe: abs(probe[0] - middle))[1]
    return total / halves


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
@pytest.mark.parametrize("task", ["old", "new"])
@pytest.mark.parametrize("learner", LEARNERS)
def test_score_weighs_each_probe_by_the_steps_it_stands_for(learner: str, task: Task, protocol: ProtocolName) -> None:
    record = synthetic.record()
    made = score(GUESS, record, learner, task, protocol)
    assert made is not None
    assert made.mean == pytest.approx(off_by_loop(record, learner, task, protocol))
    assert record.incremental is not None
    real = 100 * record.incremental.accuracies(protocol)[-1, LEARNERS.index(learner), ["old", "new"].index(task)]
    assert (made.said, made.real, made.off) == pytest.approx((20, real, 20 - real))
    assert (made.step, made.steps) == (TASK2_STEPS, TASK2_STEPS)
    assert made.images == sum((label < OLD) is (task == "old") for label in PROBE_LABELS.tolist())


def test_many_early_probes_do_not_dominate() -> None:
    record = synthetic.record()
    track = record.incremental
    assert track is not None
    track.probe_steps.values[:] = [0, 1, 2, 30]
    track.right["task_aware"].values[:, 0, 0] = [0, 0, 0, track.sizes[0]]
    made = score(Sketch().drawn([0], [100]), record, "fine-tune", "old", "task_aware")
    assert made is not None
    assert made.mean == pytest.approx(100 * 16 / 30)  # the last of four stands for steps 16 to 30
    assert made.off == 0


def test_a_partial_run_is_compared_as_far_as_it_goes_and_says_so() -> None:
    record = synthetic.up_to_step(15)  # its last probe is at step 10
    made = score(GUESS, record, "lwf", "old", "task_aware")
    assert made is not None
    assert made.mean == pytest.approx(off_by_loop(record, "lwf", "old", "task_aware"))
    assert made.step == 10
    assert made.said == pytest.approx(60 + 10 * 6 / 8)
    assert made.sentence.startswith("So far ")
    assert "at step 10 of 30" in made.sentence
    assert "at the end" not in made.sentence


def test_at_the_head_expansion_the_only_probe_counts() -> None:
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    assert record.incremental is not None
    real = 100 * record.incremental.accuracies("task_aware")[0, 1, 0]
    made = score(GUESS, record, "lwf", "old", "task_aware")
    assert made is not None
    assert made.mean == pytest.approx(abs(95 - real))


@pytest.mark.parametrize("learner", [TEACHER, "nobody"])
def test_there_is_no_score_of_who_does_not_learn_task_2(learner: str) -> None:
    assert score(GUESS, synthetic.record(), learner, "old", "task_aware") is None


def test_there_is_no_score_before_the_first_probe() -> None:
    for messages in (synthetic.task1(), [*synthetic.task1(), synthetic.task2()[0]]):
        assert score(GUESS, synthetic.record(messages), "lwf", "old", "task_aware") is None
    assert score(GUESS, Record(), "lwf", "old", "task_aware") is None


FAR = Score("fine-tune", "old", "task_aware", 41.4, 80.2, 18.66, 1125, 1125, 300, "digits")


def test_sentence_has_protocol_images_and_both_ends() -> None:
    assert FAR.sentence == (
        "Off by 41 points on average over 1,125 steps: you expected 80 % at the end; fine-tuning keeps 19 % "
        "(task-aware, 300 old-task probe images of digits)."
    )


def test_sentence_of_a_good_prediction_says_so() -> None:
    near = replace(FAR, learner="lwf", task="new", protocol="class_incremental", mean=2.34, said=93.0, real=94.04)
    assert near.sentence == (
        "Well predicted, only 2.3 points off on average over 1,125 steps: you expected 93 % at the end; LwF reaches "
        "94 % (class-incremental, 300 new-task probe images of digits)."
    )
    assert replace(near, mean=5.0).sentence.startswith("Off by 5.0 points")


def test_sentence_of_a_partial_run_names_the_step() -> None:
    assert replace(FAR, step=300, mean=3.0).sentence.startswith(
        "So far well predicted, only 3.0 points off on average: you expected 80 % at step 300 of 1,125; fine-tuning"
    )
