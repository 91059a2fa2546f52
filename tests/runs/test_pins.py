"""Pinned runs: letters, how runs differ, and the table of their figures."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace

import pytest

from lwf_gui.exports.tables import as_csv
from lwf_gui.messages import Branch, DataReady, Evaluated, LiveSettingsApplied, Message, Stopped
from lwf_gui.recipe import Recipe, compose
from lwf_gui.runs.compared import compared, parts_called, table, when
from lwf_gui.runs.differences import differences, verdict, why_apart
from lwf_gui.runs.matrix import matrices
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.pins import LETTERS, MOST_PINS, Pin, Pins, beside, letter_of, listed, pinned, without
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.scenario import Scenario
from tests.runs import five, synthetic

KEYS = ["data.tasks=[[0,1,2],[3,4]]", "task1.epochs=2", "task2.epochs=3"]


def run(*settings: str, seed: int = 0, changes: tuple[Message, ...] = (), **data: object) -> Record:
    """Return a run of the synthetic recipe with other settings, and with these live changes alone."""
    recipe = compose("digits", [*KEYS, *settings], seed=seed)
    ready = replace(synthetic.data_ready(recipe), **data)  # type: ignore[arg-type]
    kept = [each for each in (*synthetic.task1()[1:], *synthetic.task2()) if not isinstance(each, LiveSettingsApplied)]
    return synthetic.record([ready, *kept, *changes])


def with_scores(record: Record, epoch: int, **right: tuple[tuple[int, ...], tuple[int, ...]]) -> Record:
    """Return a run whose last evaluation has these right answers, by learner, under both protocols."""
    last = record.evaluations[-1]
    scores = {
        name: replace(last.scores[name.replace("_", "-")], task_aware=aware, class_incremental=incremental)
        for name, (aware, incremental) in right.items()
    }
    told = Evaluated(1, 1, epoch, 30, {name.replace("_", "-"): score for name, score in scores.items()})
    record.evaluations[-1] = told
    return record


def pins_of(*records: Record) -> Pins:
    pins: Pins = ()
    for record in records:
        pins = pinned(pins, record)
    return pins


# ---- letters


def test_runs_are_pinned_by_letter_and_a_fourth_takes_the_place_of_the_oldest() -> None:
    runs = [Record() for _ in range(MOST_PINS + 2)]
    pins = pins_of(*runs[:3])
    assert [pin.letter for pin in pins] == list(LETTERS)
    pins = pinned(pins, runs[3])
    assert {pin.letter: pin.record for pin in pins} == {"A": runs[3], "B": runs[1], "C": runs[2]}
    pins = pinned(pins, runs[4])
    assert {pin.letter: pin.record for pin in pins} == {"A": runs[3], "B": runs[4], "C": runs[2]}
    assert [pin.letter for pin in beside(pins, runs[3])] == ["B", "C"], "the shown run is not beside itself"


def test_a_letter_that_was_taken_away_is_given_to_the_next() -> None:
    first, second, third = Record(), Record(), Record()
    pins = without(pins_of(first, second), first)
    assert letter_of(pins, second) == "B"
    assert letter_of(pins, first) == ""
    assert letter_of(pinned(pins, third), third) == "A"
    assert listed(pins_of(first, second, third)) == "A, B and C"
    assert listed([Pin("B", first)]) == "B"


# ---- what differs


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["lwf.alpha=5"], ("alpha 5",)),
        (["task2.lr=0.002", "train.batch_size=32"], ("learning rate 0.002", "batch size 32")),
        (["train.probe_every=7", "engine.threads=3"], ()),
        (["ewc.strength=9"], ()),
        (['learners=["fine-tune","lwf","frozen"]'], ()),
    ],
    ids=["live setting", "live ones first", "makes no other experiment", "nobody follows it", "told by the learners"],
)
def test_settings_that_differ_are_said_in_their_own_labels(settings: list[str], said: tuple[str, ...]) -> None:
    assert differences(run(), run(*settings)) == said
    assert verdict(run(), run(*settings)) == (said or ("same settings",))


def test_what_is_said_is_what_the_other_run_has() -> None:
    assert differences(run("lwf.alpha=5"), run()) == (f"alpha {synthetic.RECIPE.lwf.alpha:g}",)


def test_another_seed_alone_is_said_to_be_luck_and_with_other_settings_it_is_one_of_them() -> None:
    assert differences(run(), run(seed=3)) == ("seed 3",)
    assert verdict(run(), run(seed=3)) == ("same settings, other seed (3): the difference is luck",)
    assert verdict(run(), run("lwf.alpha=5", seed=3)) == ("alpha 5", "seed 3")


def test_the_same_run_on_another_device_differs_by_luck_too() -> None:
    (said,) = verdict(run(), run(device="CPU, 4 threads, bf16"))
    assert said == "same settings, other device (CPU, 4 threads, bf16): the difference is luck"


def test_live_changes_count_on_either_side() -> None:
    alpha = synthetic.RECIPE.lwf.alpha
    still, changed = run(), run(changes=(synthetic.live_settings(20, alpha=0.0),))
    assert differences(still, changed) == (f"alpha {alpha:g} to 0 at step 20",)
    assert differences(changed, still) == ("alpha not changed",)
    later = run(changes=(synthetic.live_settings(25, alpha=0.0),))
    assert differences(changed, later) == (f"alpha {alpha:g} to 0 at step 25",)
    assert differences(changed, changed) == ()


def test_what_was_changed_before_the_learners_began_is_a_setting() -> None:
    early = run(changes=(synthetic.live_settings(0, alpha=7.0),))
    assert differences(run(), early) == ("alpha 7",)
    assert differences(run("lwf.alpha=7"), early) == ()


def test_what_the_schedule_does_is_no_change_by_hand() -> None:
    frozen = synthetic.live_settings(20, "backbone_frozen", by="schedule", backbone_frozen=False)
    assert differences(run(), run(changes=(frozen,))) == ()


def test_learners_that_only_one_run_has_are_named() -> None:
    whole = run()
    forked = whole.forked(15, Branch("lwf+1@15", "lwf", 15, {}))
    assert differences(whole, forked) == ("also LwF 1",) or differences(whole, forked)[0].startswith("also LwF")
    assert differences(forked, whole)[0].startswith("without LwF")


def test_own_settings_of_a_learner_are_said_with_its_name() -> None:
    own = 'learners=["fine-tune",{method="lwf",name="lwf",alpha=3.0}]'
    assert differences(run(), run(own)) == ("LwF: alpha 3",)
    assert differences(run(own), run()) == ("LwF: alpha as in the recipe",)


# ---- the table


def test_figures_are_those_of_the_matrix_and_differences_are_of_what_is_shown() -> None:
    shown = with_scores(run(), 3, fine_tune=((600, 40), (300, 60)), lwf=((900, 48), (400, 8)))
    other = with_scores(run("lwf.alpha=5"), 3, fine_tune=((605, 40), (300, 60)), lwf=((1190, 20), (401, 9)))
    found = compared(shown, pins_of(other))
    assert found is not None
    (first, pin) = found.runs
    assert (first.name, pin.name, pin.differs, pin.apart, pin.when) == ("shown", "A", ("alpha 5",), "", "")
    figure = found.figure(pin, "task_aware", "lwf", "old")
    assert (figure.text, figure.difference) == ("99.2", "-24.2"), "1,190 of 1,200, and 900 of 1,200 in the shown run"
    figure = found.figure(pin, "task_aware", "lwf", "new")
    assert (figure.text, figure.difference) == ("25", "+35"), "20 of 80, and 48 of 80"
    figure = found.figure(pin, "class_incremental", "fine-tune", "new")
    assert (figure.text, figure.difference) == ("75", "0")
    for run_, record in ((first, shown), (pin, other)):
        for protocol in PROTOCOLS:
            told = matrices(record, Selection(protocol=protocol))
            assert told is not None
            for learner in synthetic.LEARNERS:
                average = found.figure(run_, protocol, learner, "average").share
                assert average == pytest.approx(told.of(learner).average(1))


def test_a_learner_that_only_one_run_has_stands_alone() -> None:
    whole = run()
    forked = whole.forked(30, Branch("lwf+1@30", "lwf", 30, {}))
    found = compared(whole, pins_of(forked))
    assert found is not None
    assert found.learners == (*synthetic.LEARNERS, "lwf+1@30")
    first, pin = found.runs
    assert not first.has("lwf+1@30")
    assert math.isnan(found.figure(first, "task_aware", "lwf+1@30", "old").share)
    assert found.figure(pin, "task_aware", "lwf+1@30", "old").difference == ""
    assert found.figure(pin, "task_aware", "lwf", "old").difference == "0.0"


def test_no_difference_is_told_of_other_data_tasks_or_test_images() -> None:
    others: dict[str, Record] = {
        "other data": run(dataset="fashion-mnist"),
        "other tasks": run(scenario=Scenario((2, 3))),
        "other test images": run(test_sizes=(1100, 80)),
    }
    for said, other in others.items():
        assert why_apart(run(), other) == said
        found = compared(run(), pins_of(other))
        assert found is not None
        assert found.pinned[0].apart == said
        assert found.figure(found.pinned[0], "task_aware", "lwf", "old").text != "-"
        assert all(math.isnan(figure.points) for figure in found.pinned[0].figures.values())


def test_a_run_that_was_stopped_says_of_which_evaluation_its_figures_are() -> None:
    stopped = synthetic.up_to_step(20)
    assert when(stopped) == "epoch 1 of 3"
    assert when(synthetic.record()) == ""
    assert when(synthetic.record(synthetic.task1())) == "no full test yet"
    found = compared(synthetic.record(), pins_of(stopped))
    assert found is not None
    assert found.pinned[0].when == "epoch 1 of 3"
    assert found.figure(found.pinned[0], "task_aware", "fine-tune", "old").difference == "-40.0", "70 % and 30 %"


def test_runs_that_were_tested_after_other_tasks_are_not_subtracted() -> None:
    whole, cut = five.record(), five.record()
    cut.evaluations = [each for each in cut.evaluations if each.task < 3]
    found = compared(whole, pins_of(cut))
    assert found is not None
    assert found.pinned[0].apart == "tested after task 3, the shown run after task 5"
    assert parts_called(whole) == ("earlier", "last", "average")


def test_there_is_no_table_without_data_and_none_but_the_shown_run_without_pins() -> None:
    assert compared(Record(), pins_of(run())) is None
    found = compared(run(), ())
    assert found is not None
    assert found.pinned == ()


def test_the_copied_table_has_both_protocols_and_numbers_that_a_spreadsheet_reads() -> None:
    shown, other = run(), with_scores(run(seed=2), 3, fine_tune=((600, 40), (300, 60)), lwf=((1190, 48), (400, 8)))
    found = compared(shown, pins_of(other))
    assert found is not None
    head, *rows = csv.reader(io.StringIO(as_csv(*table(found))))
    assert head[:4] == ["learner", "protocol", "accuracy", "shown, %"]
    assert head[4].startswith("A (same settings, other seed (2)")
    assert head[5] == "shown minus A, points"
    assert len(rows) == 2 * 2 * 3
    for row in rows:
        one, two, points = map(float, row[3:])
        assert points == pytest.approx(one - two, abs=1e-9)


def test_recipes_of_these_runs_are_what_they_are_taken_for() -> None:
    data = run("lwf.alpha=5", seed=4).data
    assert isinstance(data, DataReady)
    assert isinstance(data.recipe, Recipe)
    assert (data.recipe.lwf.alpha, data.recipe.seed) == (5.0, 4)


def test_a_run_that_did_not_come_to_its_end_is_told_as_such() -> None:
    whole, part = run(seed=0), run(seed=1)
    part.outcome = Stopped(1)
    steps = part.incremental.steps if part.incremental else 0
    assert differences(whole, part)[-1] == f"stopped at step {steps} of {steps}"
    assert "luck" not in " ".join(verdict(whole, part))
    assert not [text for text in differences(part, whole) if "step" in text], "that the other one is whole is no news"
