"""The record: what goes in comes out, in order and once."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui.messages import TEACHER, Failed, Finished, Notice, Paused, Probe, Progress, Resumed, Steps, Stopped
from lwf_gui.runs import metrics
from lwf_gui.runs.column import Column
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.track import RATE_BLOCKS, Track
from tests.runs import synthetic


def test_column_keeps_every_row_while_it_grows() -> None:
    column, rows = Column(np.float32, 2, 3), np.random.default_rng(0).normal(size=(1000, 2, 3)).astype(np.float32)
    at = 0
    for count in (1, 0, 62, 1, 1, 200, 735):
        column.append(rows[at : at + count])
        at += count
        assert len(column) == at
        np.testing.assert_array_equal(column.values, rows[:at])
    assert column.values.dtype == np.float32


def test_view_taken_before_growth_still_shows_its_rows() -> None:
    column = Column(np.int64)
    column.append(np.arange(60))
    view = column.values
    column.append(np.arange(60, 500))
    np.testing.assert_array_equal(view, np.arange(60))
    np.testing.assert_array_equal(column.values, np.arange(500))


@pytest.mark.parametrize("first", [1, 10, 12, 21])
def test_block_that_does_not_follow_the_last_one_is_refused(first: int) -> None:
    record = synthetic.up_to_step(10)
    with pytest.raises(AssertionError, match="without gaps"):
        record.apply(synthetic.steps("incremental", first, 5, 2, 9.0))
    assert record.incremental is not None
    assert record.incremental.steps == 10
    record.apply(synthetic.steps("incremental", 11, 5, 2, 9.0))
    assert record.incremental.steps == 15


def test_probe_becomes_accuracies_under_both_protocols() -> None:
    record = synthetic.record()
    track = record.incremental
    assert track is not None
    np.testing.assert_array_equal(track.probe_steps.values, [0, 10, 15, 30])
    for protocol in PROTOCOLS:
        assert track.accuracies(protocol).shape == (4, 2, 2)
        for row, probe in zip(track.accuracies(protocol), track.probes, strict=True):
            for figures, logits in zip(row, probe.logits, strict=True):
                taken = metrics.predictions(logits, synthetic.PROBE_LABELS, synthetic.SCENARIO, protocol)
                hits, old = taken == synthetic.PROBE_LABELS, synthetic.PROBE_LABELS < synthetic.OLD
                assert tuple(figures) == (hits[old].mean(), hits[~old].mean())
    aware, incremental = (track.accuracies(protocol) for protocol in PROTOCOLS)
    assert (aware >= incremental).all()
    assert (aware > incremental).any()


def test_everything_told_is_kept_once() -> None:
    record = synthetic.record()
    assert record.teacher is not None
    assert (record.teacher.right, record.teacher.cached) == (1140, False)
    assert [evaluation.epoch for evaluation in record.evaluations] == [0, 1, 2, 3]
    assert [(mark.step, mark.changed, mark.by) for mark in record.marks] == [
        (10, ("alpha",), "user"),
        (20, ("backbone_frozen",), "schedule"),
    ]
    assert record.log == ["Epoch 1", "Done"]
    assert isinstance(record.outcome, Finished)
    assert record.track is record.incremental
    assert record.base is not None
    assert (record.base.steps, record.base.seconds, record.base.images) == (20, 1.0, 20 * 16)


def test_what_is_of_the_moment_leaves_no_trace() -> None:
    record = synthetic.up_to_step(10)
    before = len(list(record.messages()))
    for message in (Progress(1, "x", 1, 2), Paused(1, "incremental", 10), Resumed(1)):
        record.apply(message)
    assert len(list(record.messages())) == before
    assert record.outcome is None
    record.apply(Notice(1, "low on space"))
    assert record.notices == ["low on space"]
    record.apply(Stopped(1))
    assert record.outcome == Stopped(1), "a run that was stopped is over"
    assert record.rewound().outcome is None


def test_messages_make_an_equal_record() -> None:
    record = synthetic.record()
    again = synthetic.record(list(record.messages()))
    for phase, track in record.tracks.items():
        copy = again.tracks[phase]
        np.testing.assert_array_equal(copy.losses.values, track.losses.values)
        np.testing.assert_array_equal(copy.probe_steps.values, track.probe_steps.values)
        for protocol in PROTOCOLS:
            np.testing.assert_array_equal(copy.accuracies(protocol), track.accuracies(protocol))
        assert (copy.started, copy.seconds, copy.images) == (track.started, track.seconds, track.images)
    assert (again.evaluations, again.marks, again.log) == (record.evaluations, record.marks, record.log)
    assert (again.outcome, again.teacher) == (record.outcome, record.teacher)


def test_rewound_record_is_as_right_after_the_head_expansion() -> None:
    whole = synthetic.record()
    record = whole.rewound()
    assert record.incremental is not None
    assert record.base is not None
    assert (record.incremental.steps, record.base.steps) == (0, synthetic.TASK1_STEPS)
    assert list(record.incremental.probe_steps.values) == [0]
    assert [evaluation.epoch for evaluation in record.evaluations] == [0]
    assert (record.marks, record.log, record.outcome) == ([], [], None)
    assert record.teacher == whole.teacher
    assert whole.incremental is not None
    assert whole.incremental.steps == synthetic.TASK2_STEPS, "the other record is untouched"
    for message in synthetic.task2()[3:]:
        record.apply(message)  # it can go on from there
    np.testing.assert_array_equal(record.incremental.losses.values, whole.incremental.losses.values)


def test_record_of_a_run_stopped_in_task_1_rewinds_without_a_task_2() -> None:
    record = synthetic.record(synthetic.task1()[:4]).rewound()
    assert record.incremental is None
    assert record.base is not None


def test_empty_record_has_no_messages() -> None:
    assert list(Record().messages()) == []
    assert list(Record().rewound().messages()) == []


def test_failure_is_the_end_of_the_record() -> None:
    record = synthetic.up_to_step(10)
    failed = Failed(1, "lwf diverged", "Traceback", False)
    record.apply(failed)
    assert record.outcome == failed
    assert list(record.messages())[-1] == failed


def test_rate_is_taken_over_the_last_blocks_alone() -> None:
    track = Track.begin(synthetic.task2()[0])  # type: ignore[arg-type]
    assert track.rate() == (0.0, 0.0)
    record = Record()
    record.apply(synthetic.data_ready())
    record.tracks["incremental"] = track
    record.apply(Steps(1, "incremental", 1, synthetic.losses(10, 2), 2.0, 320))
    assert track.rate() == (160.0, 5.0)  # one block: all there is
    seconds, images = 2.0, 320
    for block in range(2 * RATE_BLOCKS):  # the first half of them slow, the second fast
        seconds += 1.0 if block < RATE_BLOCKS else 0.1
        images += 32
        record.apply(Steps(1, "incremental", 11 + block, synthetic.losses(1, 2), seconds, images))
    assert track.rate() == pytest.approx((320.0, 10.0))


def test_teachers_accuracy_is_followed_in_task_2() -> None:
    track = synthetic.record().incremental
    assert track is not None
    old = synthetic.PROBE_LABELS < synthetic.OLD
    for seen, probe in zip(track.teacher_accuracy(), track.probes, strict=True):
        assert probe.teacher is not None
        assert seen == (probe.teacher.argmax(1) == synthetic.PROBE_LABELS)[old].mean()


def test_learner_is_found_by_name() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    assert record.base is not None
    assert record.incremental.index("lwf") == 1
    assert record.base.index(TEACHER) == 0
    assert isinstance(record.incremental.probes[0], Probe)
