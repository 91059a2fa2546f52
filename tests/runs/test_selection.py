"""Where one looks: which probe, which settings, and what a fork keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lwf_gui.branches import branch_name
from lwf_gui.documents import files
from lwf_gui.messages import TEACHER, Branch
from lwf_gui.methods import METHODS, method_of
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, settings_at, stops
from tests.runs import synthetic

BRANCH = Branch(branch_name("lwf", 1, 15), "lwf", 15, {"alpha": 3.0})


@pytest.mark.parametrize(
    ("step", "phase", "found"),
    [
        (None, "incremental", 30),
        (30, "incremental", 30),
        (29, "incremental", 15),
        (15, "incremental", 15),
        (14, "incremental", 10),
        (9, "incremental", 0),
        (0, "incremental", 0),
        (-1, "base", -20),
        (-20, "base", -20),
        (-99, "base", -20),
        (9999, "incremental", 30),
    ],
)
def test_moment_is_the_last_probe_at_or_before_a_step(step: int | None, phase: str, found: int) -> None:
    record = synthetic.record()
    at = moment(record, step)
    assert at is not None
    assert (at.track.started.phase, at.step) == (phase, found)
    assert at.probe is at.track.probes[at.index]


def test_moment_of_a_teacher_in_training_is_its_own() -> None:
    record = synthetic.record(synthetic.task1())
    at = moment(record, 0)
    assert at is not None
    assert (at.track.started.learners, at.step) == ((TEACHER,), 0)
    assert moment(Record(), None) is None
    assert moment(Record(), 3) is None


def test_stops_are_all_probes_once_in_order() -> None:
    assert stops(synthetic.record()).tolist() == [-20, 0, 10, 15, 30]
    assert stops(synthetic.record(synthetic.task1())).tolist() == [-20, 0]
    assert stops(Record()).tolist() == []


def test_settings_hold_from_the_step_after_their_change() -> None:
    record = synthetic.record()  # alpha becomes 2 at step 10, the backbone is unfrozen at step 20
    recipe = synthetic.RECIPE.live_settings()
    assert settings_at(record, 10) == recipe
    assert settings_at(record, 11) == replace(recipe, alpha=2.0)
    assert settings_at(record, None) == record.marks[-1].live_settings
    assert settings_at(Record(), 5) is None


def test_a_change_made_while_the_teacher_trained_holds_from_the_head_expansion_on() -> None:
    record = synthetic.up_to_step(0)
    record.apply(synthetic.live_settings(0, alpha=7.0))
    for step in (-5, 0, 1):
        held = settings_at(record, step)
        assert held is not None
        assert held.alpha == 7.0


def test_fork_is_the_record_up_to_its_step_and_nothing_after() -> None:
    record = synthetic.record()
    fork = record.forked(15)
    assert fork.incremental is not None
    assert record.incremental is not None
    assert fork.incremental.steps == 15
    np.testing.assert_array_equal(fork.incremental.losses.values, record.incremental.losses.values[:15])
    assert fork.incremental.probe_steps.values.tolist() == [0, 10, 15]
    assert [e.epoch for e in fork.evaluations] == [0, 1]
    assert [m.step for m in fork.marks] == [10]
    assert [m.step for m in fork.layers] == [0, 10, 15]
    assert fork.outcome is None
    assert record.incremental.steps == 30, "the record that was forked stays whole"


def test_a_change_at_the_very_step_of_a_fork_is_left_to_what_comes() -> None:
    assert synthetic.record().forked(10).marks == []


def test_branch_is_its_origin_until_it_begins() -> None:
    record, fork = synthetic.record(), synthetic.record().forked(15, BRANCH)
    assert fork.incremental is not None
    assert fork.incremental.started.learners == (*synthetic.LEARNERS, BRANCH.learner)
    assert fork.incremental.started.branches == (BRANCH,)
    for protocol in ("task_aware", "class_incremental"):
        for task in ("old", "new"):
            x, y = accuracy_series(fork, BRANCH.learner, task, protocol)
            x0, y0 = accuracy_series(record, "lwf", task, protocol)
            np.testing.assert_array_equal(x, x0[:3])
            np.testing.assert_array_equal(y, y0[:3])
    np.testing.assert_array_equal(fork.incremental.losses.values[:, 2], fork.incremental.losses.values[:, 1])
    np.testing.assert_array_equal(fork.layers[-1].moved[2], fork.layers[-1].moved[1])
    assert fork.evaluations[-1].scores[BRANCH.learner] == record.evaluations[1].scores["lwf"]


def test_fork_before_a_branch_began_leaves_it_out() -> None:
    fork = synthetic.record().forked(15, BRANCH)
    again = fork.forked(10)
    assert again.incremental is not None
    assert again.incremental.started.learners == synthetic.LEARNERS
    assert again.incremental.losses.values.shape[1] == 2
    kept = fork.forked(15)
    assert kept.incremental is not None
    assert BRANCH.learner in kept.incremental.started.learners


def test_reset_of_a_fork_goes_back_to_the_recipes_learners() -> None:
    start = synthetic.record().forked(15, BRANCH).rewound()
    assert start.incremental is not None
    assert start.incremental.started.learners == synthetic.LEARNERS
    assert (start.incremental.steps, start.marks) == (0, [])


def test_fork_with_a_branch_survives_its_file(tmp_path: Path) -> None:
    fork = synthetic.record().forked(15, BRANCH)
    files.save(fork, tmp_path / "fork.lwfrun")
    back = files.load(tmp_path / "fork.lwfrun")
    assert back.incremental is not None
    assert fork.incremental is not None
    assert back.incremental.started == fork.incremental.started
    np.testing.assert_array_equal(back.incremental.losses.values, fork.incremental.losses.values)
    np.testing.assert_array_equal(back.layers[1].filters, fork.layers[1].filters)
    card = card_of(back, BRANCH.learner, Selection(step=15))
    assert card.old == card_of(synthetic.record(), "lwf", Selection(step=15)).old


def test_branches_have_labels_and_colours_of_their_own() -> None:
    first, second = (method_of(branch_name("lwf", number, 1420)) for number in (1, 2))
    assert first is not None
    assert second is not None
    assert first.label == "LwF, from step 1,420"
    assert len({first.colour, second.colour, METHODS["lwf"].colour, METHODS["fine-tune"].colour}) == 4
    assert first.distils
    assert first.implementation == METHODS["lwf"].implementation
    assert method_of("teacher") is None
    assert method_of("lwf+") is None
    assert method_of("no-method+1@3") is None
