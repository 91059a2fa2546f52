"""The big numbers, on test sets and on probe images, what is said of them, and what guessing gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lwf_gui.messages import Probe
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.chance import chance
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.summary import summary
from tests.runs import synthetic
from tests.runs.synthetic import TASK2_STEPS

BOTH: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")


@pytest.mark.parametrize("protocol", BOTH)
def test_card_shows_the_full_test_sets_at_an_epochs_end(protocol: ProtocolName) -> None:
    card = card_of(synthetic.record(), "fine-tune", Selection(protocol))
    drop = 0.1 if protocol == "class_incremental" else 0.0
    assert card.old == pytest.approx(100 * (0.9 - 0.6 - drop))
    assert card.new == pytest.approx(100 * (0.9 - drop / 2))
    assert card.expansion_old == pytest.approx(100 * (0.9 - drop))
    assert card.change == pytest.approx(-60.0)
    assert card.images == "all 1,200 old and 80 new test images"
    assert (card.counts, card.sample, card.step) == ((1200, 80), "all 1,200 test images", TASK2_STEPS)


def test_a_card_between_probes_shows_the_last_one_and_names_its_step() -> None:
    record = synthetic.up_to_step(15)
    assert record.incremental is not None
    record.apply(synthetic.steps("incremental", 16, 3, 2, 2.0))
    for learner in synthetic.LEARNERS:
        assert card_of(record, learner, Selection()).step == 10


def test_the_cards_fall_adds_up_with_the_numbers_that_are_shown() -> None:
    record = synthetic.record()
    card = replace(card_of(record, "lwf", Selection()), old=20.44, expansion_old=89.76)
    assert card.change == -69.4  # 89.8 less 20.4
    assert replace(card, counts=(300, 300)).change == -70  # 90 less 20


@pytest.mark.parametrize("protocol", BOTH)
def test_full_tests_are_the_evaluations_of_a_learner_in_percent(protocol: ProtocolName) -> None:
    drop = 0.1 if protocol == "class_incremental" else 0.0
    told = full_tests(synthetic.record(), "fine-tune", protocol)
    assert [test.step for test in told] == [0, 10, 20, 30]
    for epoch, test in enumerate(told):
        assert test.old == pytest.approx(100 * (0.9 - 0.2 * epoch - drop))
        assert test.new == pytest.approx(100 * max(0.0, 0.3 * epoch - drop / 2))
    assert full_tests(Record(), "lwf", protocol) == []


@pytest.mark.parametrize("protocol", BOTH)
def test_card_shows_the_last_probe_between_epochs(protocol: ProtocolName) -> None:
    record = synthetic.up_to_step(15)
    record.apply(next(m for m in synthetic.task2() if isinstance(m, Probe) and m.step == 15))
    assert record.incremental is not None
    card = card_of(record, "lwf", Selection(protocol))
    rows = 100 * record.incremental.accuracies(protocol)[:, 1]
    assert (card.old, card.new, card.expansion_old) == (rows[-1, 0], rows[-1, 1], rows[0, 0])
    assert card.change == round(rows[-1, 0]) - round(rows[0, 0])
    assert card.images == "24 old and 16 new probe images"
    assert (card.counts, card.sample, card.step) == ((24, 16), "24 probe images", 15)


def test_card_compares_probes_with_probes_and_tests_with_tests() -> None:
    """Else the change since head expansion would show the luck of the probe images."""
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2()[:3]:
        record.apply(message)
    for protocol in BOTH:
        assert card_of(record, "lwf", Selection(protocol)).change == 0


def test_card_without_figures_says_nothing() -> None:
    for record in (Record(), synthetic.record(synthetic.task1())):
        card = card_of(record, "lwf", Selection())
        assert (card.old, card.new, card.change, card.images) == (None, None, None, "")


def test_summary_says_what_was_forgotten_under_which_protocol() -> None:
    said = summary(synthetic.record(), Selection("class_incremental"))
    assert said == (
        "Step 30 (class-incremental, old task, all 1,200 test images): Fine-tuning has forgotten 60.0 of 80.0 points; "
        "LwF has forgotten 3.0 of 80.0 points."
    ).replace("Fine-tuning", label_of("fine-tune")).replace("LwF has", f"{label_of('lwf')} has")
    assert "once the learners train" in summary(Record(), Selection())


def test_guessing_is_one_of_the_classes_that_may_be_named() -> None:
    record = synthetic.record()
    assert chance(record, "task_aware") == pytest.approx(100 / 3)
    assert chance(record, "class_incremental") == pytest.approx(20)
    assert chance(record, "class_incremental", expanded=False) == pytest.approx(100 / 3), "outputs of old classes"
    assert chance(Record(), "task_aware") is None
