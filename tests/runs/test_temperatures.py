"""One image at three temperatures, against plain arithmetic on the same logits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.runs.metrics import Logits
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.soft_targets import Values
from lwf_gui.runs.temperature_words import NEAR, spoken, story, titles
from lwf_gui.runs.temperatures import TEMPERATURES, captions, story_image, temperatures
from lwf_gui.runs.why import Choice, why
from tests.runs import five, synthetic
from tests.runs.synthetic import OLD, PROBE_LABELS
from tests.runs.test_divergence import diverged


@pytest.fixture(scope="module")
def bundled() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def softmax(logits: Logits, temperature: float) -> Values:
    exps = np.exp(logits.astype(float) / temperature)
    shares: Values = exps / exps.sum()
    return shares


def test_each_column_is_the_softmax_at_its_temperature(bundled: Record) -> None:
    at, now = moment(bundled, None), temperatures(bundled, Selection(image=300))
    assert at is not None
    assert now is not None
    assert at.probe.teacher is not None
    assert now.in_loss == 2
    for value, column in zip(TEMPERATURES, now.columns, strict=True):
        assert column.temperature == value
        assert column.teacher == pytest.approx(softmax(at.probe.teacher[300, :6], value), abs=1e-6)
        for student, logits in zip(column.students, at.logits, strict=True):
            assert student.probabilities == pytest.approx(softmax(logits[300, :6], value), abs=1e-6)


def test_the_image_is_the_first_of_the_new_class_of_which_the_teacher_is_least_sure() -> None:
    record, at = synthetic.record(), moment(synthetic.record(), None)
    assert at is not None
    assert at.probe.teacher is not None
    firsts = [int(np.argmax(unit == PROBE_LABELS)) for unit in (3, 4)]
    sure = {image: softmax(at.probe.teacher[image, :OLD], 1.0).max() for image in firsts}
    assert story_image(record, Selection()) == min(sure, key=sure.__getitem__)


def test_it_is_the_image_with_which_the_panel_why_begins(bundled: Record) -> None:
    figures = why(bundled, Selection())
    assert figures is not None
    image = story_image(bundled, Selection())
    assert image == 300
    one = why(bundled, Selection(), Choice(mean_new=False))
    assert one is not None
    assert one.sides[0].images.tolist() == [image]


def test_in_the_base_task_it_is_of_the_task_to_come_and_of_five_of_the_current_one() -> None:
    assert PROBE_LABELS[story_image(synthetic.record(synthetic.task1()), Selection())] >= OLD
    record = five.record()
    for step, task in ((-3, 1), (0, 1), (None, 4)):
        image = story_image(record, Selection(step=step))
        assert five.LABELS[image] in five.SCENARIO.units(task)


def test_the_sentence_has_the_figures_of_t_1(bundled: Record) -> None:
    now = temperatures(bundled, Selection(image=300))
    assert now is not None
    assert titles(bundled, now)[0] == "A new image: Shirt"
    teacher, (fine, lwf) = now.plain.teacher, now.plain.students
    assert (
        np.abs(np.array(lwf.probabilities) - teacher).max()
        < NEAR
        < np.abs(np.array(fine.probabilities) - teacher).max()
    )
    assert story(bundled, now)[0] == (
        "To this new Shirt the old network says 64 % Coat, 36 % Pullover. LwF says nearly the same; Fine-tuning says "
        "52 % Trouser, 19 % Coat. The larger T, the more the small ones count: all but Coat have 36 %, 46 %, 64 % "
        "at T = 1, 2, 5."
    )
    lengths = [len(text) for text in story(bundled, now)]
    assert lengths == sorted(lengths, reverse=True)


def test_at_the_head_expansion_all_say_nearly_the_same(bundled: Record) -> None:
    now = temperatures(bundled, Selection(step=0, image=300))
    assert now is not None
    assert "Fine-tuning and LwF say nearly the same." in story(bundled, now)[0]


def test_what_is_heard_has_every_temperature_and_learner(bundled: Record) -> None:
    now = temperatures(bundled, Selection(image=0))
    assert now is not None
    words = spoken(bundled, now)
    assert words.startswith("An old image: T-shirt.")
    for part in ("T = 1: the old network", "T = 2:", "T = 5:", "Fine-tuning", "LwF"):
        assert part in words


def test_states_without_all_learners_are_told_too() -> None:
    record = diverged()
    now = temperatures(record, Selection(image=30))
    assert now is not None
    assert [each.learner for each in now.plain.students] == ["fine-tune"]
    assert "LwF" not in story(record, now)[0]
    base = synthetic.record(synthetic.task1())
    early = temperatures(base, Selection(image=30))
    assert early is not None
    assert "the network says" in story(base, early)[0]
    assert temperatures(Record(), Selection()) is None
    assert captions(Record(), Selection()) == ()
    many = five.record()
    late = temperatures(many, replace(Selection(), image=story_image(many, Selection())))
    assert late is not None
    assert "LwF as it was says" in story(many, late)[0]


def test_every_wording_of_the_caption_says_softmax_and_the_temperatures(bundled: Record) -> None:
    words = captions(bundled, Selection(image=300))
    assert [len(text) for text in words] == sorted((len(text) for text in words), reverse=True)
    assert all("softmax" in text and "T = 1, 2, 5" in text for text in words)
