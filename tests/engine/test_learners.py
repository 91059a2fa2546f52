"""Learners with names and settings of their own: one method twice in a run, its branches, its run file."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from lwf_gui import InputError
from lwf_gui.branches import branch_name
from lwf_gui.documents import files
from lwf_gui.learners import followers, owners
from lwf_gui.messages import Branch, Fork
from lwf_gui.methods import METHODS, method_of
from lwf_gui.recipe import LiveSettings, Recipe, compose
from lwf_gui.runs.equation import acting_settings, balance
from lwf_gui.runs.equation_words import spoken
from lwf_gui.runs.forks import continued
from lwf_gui.runs.gradient_conflict import gradient_conflict
from lwf_gui.runs.loss_curves import loss_series
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, settings_of
from tests.engine.lab import TINY, TOTAL, Lab, Ran, bits, same_bits

STRONG = "LwF alpha 0.5"
BOTH = f'learners=[{{method="lwf", name="{STRONG}", alpha=0.5}}, "lwf"]'
SLOW = ("task2.lr=0.001", "lwf.alpha=0.25")


@pytest.fixture(scope="module")
def ran() -> Ran:
    return Lab().run(BOTH, *SLOW)


def record_of(ran: Ran) -> Record:
    record = Record()
    for message in ran.messages:
        record.apply(message)
    return record


def test_a_setting_of_its_own_acts_as_the_runs_would(ran: Ran) -> None:
    lab = Lab()
    alone = lab.run("learners=lwf", "task2.lr=0.001", "lwf.alpha=0.5")
    assert ran.losses()[:, 0].tobytes() == alone.losses()[:, 0].tobytes()
    assert same_bits(bits(ran.learners[STRONG].network), bits(alone.lwf().network))
    assert not same_bits(bits(ran.learners[STRONG].network), bits(ran.lwf().network))


@pytest.mark.parametrize("method", ["lwf-replay", "icarl", "lwf-ldc"])
def test_a_setting_that_a_method_reads_of_lwfs_can_be_its_learners_own(method: str) -> None:
    lab, own = Lab(), f'learners=[{{method="{method}", name="mine", alpha=0.5}}, "{method}"]'
    recipe = compose("digits", [own])
    assert followers(recipe.learners, "lwf.alpha") == (method,)
    assert owners(recipe.learners, "lwf.alpha") == {"mine": 0.5}
    both = lab.run(own, *SLOW)
    alone = lab.run(f"learners={method}", "task2.lr=0.001", "lwf.alpha=0.5")
    assert both.losses()[:, 0].tobytes() == alone.losses()[:, 0].tobytes()
    assert both.losses()[:, 1].tobytes() != alone.losses()[:, 0].tobytes()
    held = settings_of(record_of(both), "mine", 3)
    assert held is not None
    assert held.alpha == 0.5


def test_results_are_told_by_the_learners_name(ran: Ran) -> None:
    assert list(ran.summary["learners"]) == [STRONG, "lwf"]
    assert ran.summary["recipe"]["learners"] == [{"method": "lwf", "name": STRONG, "alpha": 0.5}, "lwf"]
    assert Recipe.model_validate(ran.summary["recipe"]).names == (STRONG, "lwf")


def test_what_is_shown_of_a_learner_has_its_own_settings(ran: Ran) -> None:
    record = record_of(ran)
    own = {name: settings_of(record, name, 3) for name in (STRONG, "lwf")}
    assert {name: held.alpha for name, held in own.items() if held} == {STRONG: 0.5, "lwf": 0.25}
    now = balance(record, Selection())
    assert now is not None
    assert all(row.exact for row in now.rows)
    assert [row.live_settings.alpha for row in now.rows] == [0.5, 0.25]


def test_a_live_change_of_the_run_passes_a_setting_of_its_own_by(ran: Ran) -> None:
    record = record_of(ran)
    fork = continued(record, 1, 4, {"alpha": 2.0}, "").fork
    lab = Lab()
    lab.run(BOTH, *SLOW)
    forked = lab.fork(fork, BOTH, *SLOW)
    assert forked.losses()[:, 0].tobytes() == ran.losses()[4:, 0].tobytes()
    assert forked.losses()[-1, 1, TOTAL] != ran.losses()[-1, 1, TOTAL]


@pytest.mark.parametrize("origin", [1, 0], ids=["from a snapshot", "from the start"])
def test_a_branch_of_a_named_learner_has_what_that_has_of_its_own(ran: Ran, origin: int) -> None:
    same = Branch(branch_name(STRONG, 1, 4), STRONG, 4, {})
    lab = Lab()
    lab.run(BOTH, *SLOW)
    live_settings = compose("digits", [*TINY, BOTH, *SLOW]).live_settings()
    forked = lab.fork(Fork(origin, 4, (), (same,), live_settings), BOTH, *SLOW)
    assert forked.losses()[:, 2].tobytes() == ran.losses()[4:, 0].tobytes()
    row = method_of(same.learner)
    assert row is not None
    assert row.label == f"{STRONG}, from step 4"


def test_a_run_of_named_learners_and_other_terms_survives_its_file(tmp_path: Path) -> None:
    lab = Lab()
    ran = lab.run('learners=[{method="replay", name="few", per_class=2}, "lwf", "replay"]')
    record = record_of(ran)
    files.save(record, tmp_path / "run.lwfrun")
    back = files.load(tmp_path / "run.lwfrun")
    assert back.incremental is not None
    assert back.incremental.started.columns == ("ce", "kd", "kl", "replay", "total")
    assert back.incremental.losses.values.tobytes() == ran.losses().tobytes()
    assert learners_of(back) == ("few", "lwf", "replay")
    assert len(loss_series(back, "few", "kl")[0]) == 0
    assert len(loss_series(back, "lwf", "kl")[0]) > 0
    few = ran.learners["few"].method
    assert few.stored_bytes * 10 == ran.learners["replay"].method.stored_bytes


def test_a_learner_without_a_teacher_in_its_loss_says_what_it_minimises() -> None:
    record = record_of(Lab().run('learners=["replay","lwf"]', "train.probe_every=4"))
    now = balance(record, Selection())
    assert now is not None
    assert spoken(now.rows[0]).startswith("Replay: the total, ")
    assert "stored images" in spoken(now.rows[0])
    assert acting_settings(record, "replay", None).alpha == 0
    forces = gradient_conflict(record, Selection())
    assert forces is not None
    assert forces.teams[0].listens
    assert np.isfinite([pull.old for pull in forces.teams[0].pulls]).all()


# ---- names, colours, marks


def test_learners_of_one_method_differ_in_label_colour_and_mark() -> None:
    names = [f"replay {number}" for number in range(6)]
    Recipe.model_validate({"learners": ["lwf", *({"method": "replay", "name": name} for name in names)]})
    rows = [row for name in ("lwf", *names) if (row := method_of(name)) is not None]
    for what in ("label", "colour", "dark_colour", "symbol"):
        assert len({getattr(row, what) for row in rows}) == 7, what
    assert rows[1].colour == METHODS["replay"].colour  # the first of a method has the method's own


def test_a_plain_name_keeps_the_methods_colour_wherever_it_stands() -> None:
    Recipe.model_validate({"learners": [{"method": "lwf", "name": "mine"}, "lwf"]})
    mine, plain = method_of("mine"), method_of("lwf")
    assert plain == METHODS["lwf"]
    assert mine is not None
    assert mine.colour != METHODS["lwf"].colour
    assert mine.symbol != METHODS["lwf"].symbol


@pytest.mark.parametrize(
    ("learners", "allowed"),
    [
        ([{"method": "lwf", "alpha": 300}], "an alpha in the range of the setting lwf.alpha, 0 to 100"),
        ([{"method": "lwf", "alpha": True}], "an alpha in the range of the setting lwf.alpha, 0 to 100"),
        ([{"method": "joint", "alpha": 1}], "joint has no setting of its own but a name"),
        (
            [{"method": "lwf-replay", "alpha": 300}],
            "lwf-replay has an alpha in the range of the setting lwf.alpha, 0 to",
        ),
        ([{"method": "icarl", "temperature": 3}], "icarl has no setting of its own but per_class, mix, alpha"),
        ([{"method": "fine-tune", "alpha": 1}], "fine-tune has no setting of its own but ce_scope, temperature"),
        ([{"name": "mine"}], "a list of one or more of fine-tune, lwf"),
        ([{"method": "lwf", "name": "a@b"}], "neither @ nor :"),
        ([{"method": "lwf", "name": ""}], "1 to 40 characters"),
        ([{"method": "lwf", "name": "a\nb"}], "1 to 40 characters"),
        ([{"method": "lwf", "name": "teacher"}], "neither teacher"),
        ([{"method": "lwf", "name": "joint"}], "nor that of another method"),
        (["lwf", {"method": "joint", "name": "lwf"}], "nor that of another method"),
        (
            [{"method": "lwf", "name": "a"}, {"method": "joint", "name": "a"}],
            "two learners of one name",
        ),
        ([{"method": "lwf", "name": "Fine-tuning"}], "nor that of another method"),
        ([{"method": "lwf", "name": "joint TRAINING"}], "nor that of another method"),
        ([3], "a list of one or more of"),
        ({}, "a list of one or more of"),
        (["lwf"] * 33, "a list of one or more of"),
    ],
)
def test_learners_that_cannot_be_are_refused_in_one_sentence(learners: object, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        compose("digits").with_settings({"learners": learners})
    sentence = str(caught.value)
    assert sentence.startswith("learners = ")
    assert " is not allowed: it must be " in sentence
    assert allowed in sentence
    assert "\n" not in sentence


def test_one_learner_may_be_written_without_a_list() -> None:
    assert compose("digits", ["learners=lwf"]).names == ("lwf",)
    assert compose("digits", ['learners={method="lwf", name="mine"}']).names == ("mine",)


def test_every_live_field_is_one_of_the_recipe() -> None:
    recipe = compose("digits")
    held = recipe.live_settings()
    assert {item.name for item in fields(LiveSettings)} > {"alpha", "lr"}
    assert replace(held, alpha=held.alpha) == held
