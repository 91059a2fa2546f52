"""What is answered to the images of each earlier task: counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.messages import Probe
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.record import Record
from lwf_gui.runs.remarks import remarks
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story import story
from lwf_gui.runs.task_habits import ALL, task_habits, told_habit
from tests.runs import five


def answering(answers: dict[int, int]) -> Record:
    """Return a record of five tasks in whose last one fine-tuning answers to these classes others of their tasks."""
    record = Record()
    for message in five.messages():
        if isinstance(message, Probe) and message.phase == "incremental" and message.step > five.BOUNDARIES[-1]:
            logits = np.zeros_like(message.logits)
            for image, label in enumerate(five.LABELS.tolist()):
                logits[:, image, label] = 1
                logits[0, image, answers.get(label, label)] = 5
            message = replace(message, logits=logits)
        record.apply(message)
    return record


def test_answers_are_counted_task_by_task() -> None:
    found = task_habits(answering({1: 0}), Selection(), "fine-tune")
    assert [habit.units for habit in found] == [(0, 1), (2,), (3, 4, 5), (6, 7)], "the current task is none of them"
    first, single, *rest = found
    assert (first.images, first.right, first.unit, first.often) == (10, 5, 0, 10)
    assert first.is_one
    assert not single.is_one, "of one class there is nothing else to say"
    assert not any(habit.is_one or habit.is_swapped for habit in rest)
    assert not any(habit.is_one for habit in task_habits(answering({1: 0}), Selection(), "lwf"))


def test_one_answer_to_all_is_said_and_worse_than_guessing_goes_before_it() -> None:
    selection = Selection()
    assert told_habit(answering({1: 0}), selection, "fine-tune") == 'asked "a or b?", it says a to all'
    both = answering({1: 0, 6: 7, 7: 6})
    assert told_habit(both, selection, "fine-tune") == 'asked "g or h?", it takes each for the other (0 % right)'
    avoided = answering({3: 4, 4: 5, 5: 3})
    assert told_habit(avoided, selection, "fine-tune") == 'asked "d, e or f?", it avoids the right one (0 % right)'
    assert told_habit(answering({}), selection, "fine-tune") == ""
    assert told_habit(both, Selection(step=-1), "fine-tune") == "", "the first teacher is no such learner"
    assert 0.5 < ALL < 1


def test_what_was_swapped_at_an_earlier_tasks_end_is_told_beside_what_is_said_now() -> None:
    record, early = Record(), five.BOUNDARIES[3] - 1
    for message in answering({1: 0}).messages():
        if isinstance(message, Probe) and message.phase == "incremental" and message.step == 20:
            logits = message.logits.copy()
            for image, label in enumerate(five.LABELS.tolist()):
                logits[0, image, :2] = 0
                logits[0, image, {0: 1, 1: 0}.get(label, label) % 8] = 9
            message = replace(message, logits=logits)
        record.apply(message)
    assert early > 20, "the probe is the last one of task 4"
    said = told_habit(record, Selection(), "fine-tune")
    assert said == 'asked "a or b?", it says a to all; in task 4 it took a and b for each other'


def test_remarks_stand_on_the_lowest_points_and_on_a_dip_of_the_new_task() -> None:
    record = answering({1: 0, 6: 7, 7: 6})
    said = [remark for remark in remarks(record, Selection()) if remark.step > five.BOUNDARIES[-1]]
    assert [(remark.learner, remark.text) for remark in said] == [("fine-tune", "g ↔ h")]
    series = accuracy_series(record, "fine-tune", "old", "task_aware")
    assert said[0].percent == series[1][-1] < 65
    assert remarks(record, Selection(protocol="class_incremental")) == ()
    classroom = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    (dip,) = remarks(classroom, Selection())
    x, y = accuracy_series(classroom, "fine-tune", "new", "task_aware")
    first = (x >= 0) & (x <= 40)
    assert (dip.step, dip.percent) == (x[first][2:].tolist()[int(y[first][2:].argmin())], y[first][2:].min())
    assert dip.text == "nearly all new images taken for Sneaker"


def test_it_is_in_the_story_of_many_tasks_and_under_the_other_protocol_the_task_is_told() -> None:
    record = answering({1: 0, 6: 7, 7: 6})
    last = record.evaluations[-1]
    lost = {name: replace(score, task_aware=(0,) * 5) for name, score in last.scores.items() if name == "fine-tune"}
    record.evaluations[-1] = replace(last, scores={**last.scores, **lost})
    told = story(record, Selection())
    assert told is not None
    ways = ["".join(piece.text for piece in way) for way in told.because]
    assert "Fine-tuning is held by nothing" in ways[0]
    assert 'asked "g or h?", it takes each for the other (0 % right).' in ways[0]
    assert len(ways[0]) > len(ways[-1])
    assert task_habits(record, Selection(protocol="class_incremental"), "fine-tune") == task_habits(
        record, Selection(), "fine-tune"
    )
