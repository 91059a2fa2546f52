"""Gradient conflict, against plain loops over the same record."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui.gui.panels.gradient_conflict.words import legend, word_of
from lwf_gui.messages import Branch, LayerProbe, PhaseStarted, Probe
from lwf_gui.runs.gradient_conflict import GradientConflict, Pull, Team, gradient_conflict
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, layers_at, settings_of
from tests.runs import five, synthetic
from tests.runs.synthetic import LAYERS, LEARNERS, RECIPE

LIVE = Selection()


def shown(record: Record, step: int | None = None) -> GradientConflict:
    figures = gradient_conflict(record, Selection(step=step))
    assert figures is not None
    return figures


def with_forces(forces: list[list[list[float]]], alpha: float | None = None) -> Record:
    """Return a record whose last look into the layers, at step 30, has these rows of (new, old, cosine)."""
    record = synthetic.record()
    if alpha is not None:
        record.apply(synthetic.live_settings(20, alpha=alpha))
    rows = np.array(forces, np.float32)
    record.layers[-1] = replace(record.layers[-1], forces=rows, moved=rows[..., 0])
    return record


def one_cell(new: float, old: float, cosine: float, alpha: float | None = None) -> tuple[Team, Pull]:
    """Return LwF's first layer with these forces in all layers."""
    row: list[list[float]] = [[new, old, cosine]] * len(LAYERS)
    team = shown(with_forces([row, row], alpha)).teams[1]
    return team, team.pulls[0]


@pytest.mark.parametrize(("step", "at", "alpha"), [(10, 10, 1.0), (14, 10, 1.0), (15, 15, 2.0), (None, 30, 1.0)])
def test_forces_are_those_of_the_step_times_the_alpha_that_made_it(step: int | None, at: int, alpha: float) -> None:
    assert RECIPE.lwf.alpha == 1, "the record changes it to 2 at step 10 and back at step 20"
    record = synthetic.record()
    figures = shown(record, step)
    assert figures.step == at
    probe = synthetic.layer_probe(at)
    for row, (team, learner) in enumerate(zip(figures.teams, LEARNERS, strict=True)):
        assert (team.learner, team.alpha) == (learner, alpha)
        for column, (pull, layer) in enumerate(zip(team.pulls, LAYERS, strict=True)):
            new, old, cosine = (float(value) for value in probe.forces[row, column])
            assert (pull.layer, pull.still) == (layer, "")
            assert [pull.new, pull.old] == pytest.approx([new, alpha * old])
            assert math.cos(math.radians(pull.angle)) == pytest.approx(cosine, abs=1e-6)


@pytest.mark.parametrize(
    ("degrees", "word"), [(0, "pull together"), (59, "pull together"), (61, "indifferent"), (119, "indifferent"),
                          (121, "pull apart"), (180, "pull apart")]
)  # fmt: skip
def test_the_angle_has_a_word(degrees: float, word: str) -> None:
    _, pull = one_cell(1, 1, math.cos(math.radians(degrees)))
    assert pull.word == word
    assert pull.angle == pytest.approx(degrees, abs=0.05)


@pytest.mark.parametrize(("cosine", "angle"), [(1.0000001, 0), (-1.0000001, 180)])
def test_rounding_beyond_parallel_is_no_error(cosine: float, angle: float) -> None:
    assert one_cell(1, 1, cosine)[1].angle == angle


@pytest.mark.parametrize(("new", "old", "word"), [(12, 5e-7, "new task alone"), (0, 1, "old task alone")])
def test_a_force_of_rounding_alone_has_no_angle(new: float, old: float, word: str) -> None:
    _, pull = one_cell(new, old, -0.8)
    assert math.isnan(pull.angle)
    assert pull.word == word


def test_the_strongest_force_of_a_learner_has_length_one_and_the_others_the_root_of_their_share() -> None:
    row = [[4.0, 0.5, 0.0], [1.0, 0.25, 0.0], [math.nan, math.nan, math.nan]]
    team = shown(with_forces([row, row], alpha=2.0)).teams[1]
    lengths = [(team.length(pull.new), team.length(pull.old)) for pull in team.pulls]
    assert lengths == [(1.0, 0.5), (0.5, pytest.approx(math.sqrt(0.5 / 4))), (0.0, 0.0)]


def test_fine_tuning_does_not_listen_and_lwf_does() -> None:
    fine_tune, lwf = shown(synthetic.record()).teams
    assert (fine_tune.listens, fine_tune.why) == (False, "does not distil")
    assert (lwf.listens, lwf.why) == (True, "")


def test_with_alpha_0_the_force_is_shown_as_it_would_be_and_not_listened_to() -> None:
    team, pull = one_cell(1.0, 0.75, 0.0, alpha=0.0)
    assert (team.listens, team.why, team.alpha) == (False, "alpha is 0", 1.0)
    assert pull.old == 0.75


def test_nothing_pulls_before_the_first_step_and_in_frozen_layers() -> None:
    record = synthetic.record()
    assert {pull.still for team in shown(record, 0).teams for pull in team.pulls} == {"no step yet"}
    row = [[math.nan] * 3, [1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]
    pulls = shown(with_forces([row, row])).teams[0].pulls
    assert [pull.still for pull in pulls] == ["frozen", "", ""]
    assert pulls[0].word == ""


def test_there_is_nothing_before_the_head_expansion() -> None:
    assert gradient_conflict(Record(), LIVE) is None
    assert gradient_conflict(synthetic.record(synthetic.task1()), LIVE) is None
    assert gradient_conflict(synthetic.record(), Selection(step=-3)) is None
    without = synthetic.record([m for m in [*synthetic.task1(), *synthetic.task2()] if not isinstance(m, LayerProbe)])
    assert gradient_conflict(without, LIVE) is None
    assert gradient_conflict(without, Selection(step=10)) is None


def test_live_is_the_last_look_into_the_layers_as_the_run_goes_on() -> None:
    record = synthetic.record(synthetic.task1())
    seen = []
    for message in synthetic.task2():
        record.apply(message)
        if isinstance(message, LayerProbe):
            seen.append(shown(record).step)
    assert seen == [0, 10, 15, 30]
    assert [probe.step for step in (0, 9, 10, 29, 30) if (probe := layers_at(record, Selection(step=step)))] == [
        0,
        0,
        10,
        15,
        30,
    ]


def branched() -> Record:
    """Return a record in which a branch left LwF at step 10 with alpha 5, and another left that at 15 with lr 1."""
    first = Branch("lwf+1@10", "lwf", 10, {"alpha": 5.0})
    second = Branch("lwf+2@15", "lwf+1@10", 15, {"alpha": 5.0, "lr": 1.0})
    names = (*LEARNERS, first.learner, second.learner)

    def four(rows: NDArray[Any]) -> NDArray[Any]:
        return rows[[0, 1, 1, 1]]

    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        match message:
            case PhaseStarted():
                record.apply(replace(message, learners=names, branches=(first, second)))
            case Probe():
                record.apply(replace(message, logits=four(message.logits)))
            case LayerProbe():
                rows = (four(message.forces), four(message.moved), four(message.filters))
                record.apply(LayerProbe(1, message.step, *rows))
            case _ if hasattr(message, "changed"):
                record.apply(message)
    return record


@pytest.mark.parametrize(
    ("step", "lwf", "first", "second"),
    [(10, 1.0, 1.0, 1.0), (11, 2.0, 5.0, 5.0), (15, 2.0, 5.0, 5.0), (16, 2.0, 5.0, 5.0)],
)
def test_a_branch_has_its_origins_alpha_until_it_leaves_and_then_its_own(
    step: int, lwf: float, first: float, second: float
) -> None:
    record = branched()
    held = [settings_of(record, name, step) for name in ("lwf", "lwf+1@10", "lwf+2@15")]
    assert [settings.alpha for settings in held if settings is not None] == [lwf, first, second]


def test_the_alpha_of_a_branch_multiplies_its_force() -> None:
    teams = shown(branched(), 15).teams
    assert [team.alpha for team in teams] == [2.0, 2.0, 5.0, 5.0]
    old = float(synthetic.layer_probe(15).forces[1, 0, 1])
    assert [team.pulls[0].old for team in teams[1:]] == pytest.approx([2 * old, 5 * old, 5 * old])


def test_layers_without_names_are_numbered() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    record.incremental.started = replace(record.incremental.started, layers=())
    assert [pull.layer for pull in shown(record).teams[0].pulls] == ["layer 1", "layer 2", "layer 3"]


def test_a_method_without_an_alpha_is_given_none() -> None:
    recipe = RECIPE.with_settings({"learners": ["lwf", "replay", "joint"]})
    record = synthetic.record([synthetic.data_ready(recipe), *synthetic.task1()[1:]])
    record.apply(PhaseStarted(1, "incremental", recipe.names, 30, (10,), layers=LAYERS))
    record.apply(Probe(1, "incremental", 5, synthetic.logits(3, 5), synthetic.teacher(5)))
    record.apply(synthetic.layer_probe(5, 3))
    lwf, replay, joint = shown(record).teams
    assert (lwf.weighs, lwf.term) == (True, "T² KD")
    for team in (replay, joint):
        assert (team.listens, team.weighs, team.term) == (True, False, "CE of earlier images")
    old, _ = legend(shown(record))
    assert old[0] == "◀ old task pulls left: alpha x gradient of T² KD or gradient of CE of earlier images"


def test_with_many_tasks_the_sides_are_the_earlier_tasks_and_the_current_one() -> None:
    figures = shown(five.record(), 20)
    old, new = legend(figures)
    assert old[0].startswith("◀ earlier tasks pull left")
    assert new[0].startswith("current task pulls right")
    assert word_of(figures.teams[0], Pull("fc1", 1.0, 0.0, math.nan, "")) == "current task alone"
