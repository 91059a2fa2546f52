"""What panels show, against plain loops over the same record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.messages import TEACHER, TERMS, PhaseStarted, Probe, Snapshots, Steps
from lwf_gui.recipe import live_keys, settings
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.cards import card_of, teacher_accuracy
from lwf_gui.runs.chance import chance
from lwf_gui.runs.class_rows import class_image, class_rows
from lwf_gui.runs.forks import kept_states, way_back
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.live_changes import events, mark_text
from lwf_gui.runs.loss_curves import EXACT, MAX_POINTS, loss_series, losses_at, steps_per_point
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.series import MAX_PROBES, thinned
from lwf_gui.runs.summary import summary
from tests.runs import synthetic
from tests.runs.synthetic import OLD, PROBE_LABELS, TASK1_STEPS, TASK2_STEPS

BOTH: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")


def with_losses(count: int) -> Record:
    """Return a record with so many steps of task 2."""
    record = synthetic.record(synthetic.task1())
    record.apply(PhaseStarted(1, "incremental", synthetic.LEARNERS, 10_000, (100,)))
    if count:
        record.apply(Steps(1, "incremental", 1, synthetic.losses(count, 2), 1.0, count))
    return record


# ---- curves


@pytest.mark.parametrize("count", [1, 2, 159, 160, 161, 320, 321, 1000, 5121])
def test_loss_curve_has_the_first_steps_as_they_are_and_then_the_mean_of_equal_bins(count: int) -> None:
    record = with_losses(count)
    for learner, column in (("fine-tune", 0), ("lwf", 1)):
        for term in TERMS:
            x, y = loss_series(record, learner, term)
            assert len(x) == len(y) <= MAX_POINTS + EXACT
            exact = min(count, EXACT)
            assert x[:exact].tolist() == list(range(1, exact + 1))
            losses = synthetic.losses(count, 2)[:, column, TERMS.index(term)].tolist()
            first = 0
            for end, mean in zip(x.astype(int), y, strict=True):
                assert mean == pytest.approx(sum(losses[first:end]) / (end - first), rel=1e-6)
                first = end
            assert first == count, "the last bin holds what is left"
    assert record.incremental is not None
    width = steps_per_point(record.incremental)
    widths = np.diff(x[EXACT - 1 :])
    assert set(widths[1:-1]) <= {width}, "the first of them may be narrower, and the last"
    assert len(widths) == 0 or max(widths) <= width
    assert width.bit_count() == 1, "bins grow in powers of two"
    assert count <= MAX_POINTS or len(x) > MAX_POINTS / 2 - 1


def test_loss_curve_of_the_teacher_ends_at_the_head_expansion() -> None:
    x, y = loss_series(synthetic.record(), TEACHER, "ce")
    assert (x[0], x[-1]) == (1 - TASK1_STEPS, 0)
    np.testing.assert_allclose(y[12:], synthetic.losses(8, 1, seed=13)[:, 0, 0], rtol=1e-6)


def test_loss_curve_without_steps_is_empty() -> None:
    for record in (Record(), with_losses(0)):
        x, y = loss_series(record, "lwf", "ce")
        assert len(x) == len(y) == 0


@pytest.mark.parametrize("protocol", BOTH)
def test_accuracy_curves_are_the_probes_in_percent(protocol: ProtocolName) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    for column, learner in enumerate(synthetic.LEARNERS):
        for row, task in enumerate(("old", "new")):
            x, y = accuracy_series(record, learner, task, protocol)  # type: ignore[arg-type]
            assert list(x) == [0, 10, 15, 30]
            for percent, probe in zip(y, record.incremental.probes, strict=True):
                chosen = (PROBE_LABELS >= OLD) if row else (PROBE_LABELS < OLD)
                logits = probe.logits[column].astype(float)[chosen]
                if protocol == "task_aware":
                    logits[:, :OLD] -= 1000 * row
                    logits[:, OLD:] -= 1000 * (1 - row)
                assert percent == pytest.approx(100 * (logits.argmax(1) == PROBE_LABELS[chosen]).mean())


def test_teachers_accuracy_curve_is_negative_up_to_the_head_expansion() -> None:
    before = synthetic.record(synthetic.task1())
    x, y = accuracy_series(before, TEACHER, "old", "task_aware")
    assert list(x) == [-TASK1_STEPS, 0]
    assert before.base is not None
    assert list(y) == list(100 * before.base.accuracies("task_aware")[:, 0, 0])
    assert teacher_accuracy(before) == y[-1]
    whole = synthetic.record()
    x, y = accuracy_series(whole, TEACHER, "old", "task_aware")
    assert list(x) == [-TASK1_STEPS, 0, 0, 10, 15, 30], "and goes on in task 2, where an aliased one drifts"
    assert whole.incremental is not None
    assert list(y[2:]) == list(100 * whole.incremental.teacher_accuracy())


def test_learner_that_is_not_in_the_run_has_no_curve() -> None:
    assert len(accuracy_series(synthetic.record(), "joint", "old", "task_aware")[0]) == 0
    assert len(accuracy_series(Record(), "lwf", "old", "task_aware")[0]) == 0


# ---- cards


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


def test_the_loss_of_a_moment_is_that_very_steps() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    for step, row in ((0, 0), (10, 9), (15, 14), (30, 29)):
        at = moment(record, step)
        assert at is not None
        np.testing.assert_array_equal(losses_at(at), record.incremental.losses.values[row])
    begun = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    at = moment(begun, 0)
    assert at is not None
    assert losses_at(at) is None


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


# ---- marks


def test_mark_says_what_changed_to_what() -> None:
    marks = {
        "Alpha 2.5": synthetic.live_settings(0, alpha=2.5),
        "Temperature T 4": synthetic.live_settings(0, temperature=4.0),
        "Learning rate 0.0001": synthetic.live_settings(0, lr=1e-4),
        f"{settings()['lwf.scale_t2'].label} false": synthetic.live_settings(0, scale_t2=False),
        "Cross-entropy over new": synthetic.live_settings(0, ce_scope="new"),
        "backbone frozen": synthetic.live_settings(0, backbone_frozen=True),
        "backbone unfrozen": synthetic.live_settings(0, "backbone_frozen", backbone_frozen=False),
        "Alpha 0, backbone frozen": synthetic.live_settings(0, alpha=0.0, backbone_frozen=True),
    }
    assert {text: mark_text(mark) for text, mark in marks.items()} == {text: text for text in marks}
    named = {mark.changed[0] for mark in marks.values()}
    assert named == {*live_keys(), "backbone_frozen"}, "every live setting has words"


def test_dragged_slider_is_one_event_and_other_changes_are_events_of_their_own() -> None:
    record = with_losses(0)  # 10,000 steps: within 100 of them it is one hand's move
    for mark in (
        synthetic.live_settings(100, alpha=1.1),
        synthetic.live_settings(150, alpha=1.2),
        synthetic.live_settings(250, alpha=1.3),
        synthetic.live_settings(251, lr=0.5),
        synthetic.live_settings(252, alpha=1.4),
        synthetic.live_settings(353, alpha=1.5),
    ):
        record.apply(mark)
    assert events(record) == [
        (250, "Alpha 1.3"),
        (251, "Learning rate 0.5"),
        (252, "Alpha 1.4"),
        (353, "Alpha 1.5"),
    ]


# ---- classes


@pytest.mark.parametrize("protocol", BOTH)
def test_class_rows_equal_a_plain_loop(protocol: ProtocolName) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    rows = class_rows(record, Selection(protocol))
    assert [row.name for row in rows] == list("abcde")
    for unit, row in enumerate(rows):
        assert (row.unit, row.old, row.count) == (unit, unit < OLD, int(np.count_nonzero(unit == PROBE_LABELS)))
        np.testing.assert_array_equal(
            class_image(record, unit), synthetic.PROBE_IMAGES[np.flatnonzero(unit == PROBE_LABELS)[0]]
        )
        for column, learner in enumerate(synthetic.LEARNERS):
            hits = []
            for logits, label in zip(record.incremental.probes[-1].logits[column], PROBE_LABELS, strict=True):
                units = range(5) if protocol == "class_incremental" else range(OLD) if label < OLD else range(OLD, 5)
                if label == unit:
                    hits.append(max(units, key=lambda u: float(logits[u])) == unit)
            assert row.correct[learner] == pytest.approx(100 * sum(hits) / len(hits))


def test_class_rows_in_task_1_show_the_teacher_on_old_classes_alone() -> None:
    rows = class_rows(synthetic.record(synthetic.task1()), Selection("class_incremental"))
    assert [set(row.correct) for row in rows] == [{TEACHER}] * OLD + [set()] * 2


def test_class_without_probe_image_has_a_blank_row() -> None:
    data = synthetic.data_ready()
    few = np.flatnonzero(PROBE_LABELS != 4)
    record = Record()
    record.apply(replace(data, probe_labels=PROBE_LABELS[few], probe_images=synthetic.PROBE_IMAGES[few]))
    row = class_rows(record, Selection())[4]
    assert (row.count, row.correct, class_image(record, 4).shape) == (0, {}, (1, 1))


def test_guessing_is_one_of_the_classes_that_may_be_named() -> None:
    record = synthetic.record()
    assert chance(record, "task_aware") == pytest.approx(100 / 3)
    assert chance(record, "class_incremental") == pytest.approx(20)
    assert chance(record, "class_incremental", expanded=False) == pytest.approx(100 / 3), "outputs of old classes"
    assert chance(Record(), "task_aware") is None


# ---- long runs


@pytest.mark.parametrize("points", [1, 2, 159, 160])
def test_every_probe_is_a_point_of_the_curve_that_is_drawn(points: int) -> None:
    x = np.arange(points, dtype=np.float64) * 20
    for drawn, true in zip(thinned((x, np.sin(x))), (x, np.sin(x)), strict=True):
        np.testing.assert_array_equal(drawn, true)


@pytest.mark.parametrize("points", [161, 162, 164, 321, 1024, 1025, 5000, 100_001])
def test_of_very_many_probes_the_ends_and_the_extremes_of_every_stretch_are_drawn(points: int) -> None:
    x = np.arange(points, dtype=np.float64) * 20
    y = np.sin(x)
    few_x, few_y = thinned((x, y))
    assert len(few_x) <= MAX_PROBES
    assert (few_x[0], few_x[-1]) == (x[0], x[-1])
    assert (np.diff(few_x) > 0).all()
    np.testing.assert_array_equal(few_y, np.sin(few_x))
    for part in np.array_split(np.arange(points), 8):
        drawn = few_y[np.isin(few_x, x[part])]
        width = 4 * points // MAX_PROBES  # a group that the part cuts has its extremes beside it
        inner = y[part][width:-width]
        assert drawn.min() <= inner.min()
        assert drawn.max() >= inner.max()


def test_every_probe_of_the_part_that_is_shown_is_drawn_once_there_are_few_in_it() -> None:
    x = np.arange(5000, dtype=np.float64) * 20
    few_x, few_y = thinned((x, np.sin(x)), (40_000.0, 42_000.0))
    np.testing.assert_array_equal(few_x, np.arange(39_980.0, 42_021.0, 20.0))  # with one on either side
    np.testing.assert_array_equal(few_y, np.sin(few_x))


def test_thinned_points_stay_where_they_are_while_a_run_grows() -> None:
    def chosen(points: int, first: float = 0.0) -> set[float]:
        x = np.arange(points, dtype=np.float64)
        return set(thinned((x, np.sin(x)), (first, np.inf))[0].tolist())

    assert len(chosen(2000) - chosen(2001)) <= 1  # the last
    assert len(chosen(2000, 30.0) - chosen(2000)) <= 3  # the first, and what is left of its group


def test_means_follow_a_record_that_grows() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    before = loss_series(record, synthetic.LEARNERS[0], "ce")
    again = loss_series(record, synthetic.LEARNERS[0], "ce")
    np.testing.assert_array_equal(before[1], again[1])
    record.incremental.losses.append(np.full((1, len(synthetic.LEARNERS), 4), 7.0, np.float32))
    after = loss_series(record, synthetic.LEARNERS[0], "ce")
    assert after[0][-1] == before[0][-1] + 1
    assert not np.array_equal(after[1], before[1])


def test_memory_of_kept_states_is_told() -> None:
    record = synthetic.record()
    assert kept_states(record) == ""
    assert "first 15 steps are trained again" in way_back(record, 15)
    record.apply(Snapshots(1, (0, 10, 20), 30 << 20, 256 << 20))
    assert kept_states(record) == "3 whole states of the run are kept: 30 of at most 256 MB."
    assert way_back(record, 15) == "5 steps are trained again first, silently."
    assert way_back(record, 11) == "1 step is trained again first, silently."
    assert "its first step is trained again" in way_back(record, 1, kept=False)
    assert way_back(record, 20) == "The fork begins at once."
