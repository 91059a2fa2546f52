"""The machine as a drawing: what trains, what pulls and how hard, what is stored, and what came of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.messages import Branch, MiniBatch, Probe
from lwf_gui.method_rows import BUILT_IN
from lwf_gui.runs.averages import averages, forgetting_text
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.network import Lane, Machine, captions, machine
from lwf_gui.runs.network_outcome import HOLD, outcomes
from lwf_gui.runs.network_pulls import STRENGTHS, Pull
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import five, synthetic


def shown(record: Record, step: int | None = None, *, guessed: bool = False) -> Machine:
    figures = machine(record, Selection(step=step), guessed=guessed)
    assert figures is not None
    return figures


def lane(record: Record, learner: str, step: int | None = None) -> Lane:
    return next(lane for lane in shown(record, step).lanes if lane.learner == learner)


def of_methods(*names: str, **settings: object) -> Record:
    """Return a record that has its data alone: the machine as it will be."""
    record = Record()
    recipe = synthetic.RECIPE.with_settings({"learners": list(names), **settings})
    record.apply(synthetic.data_ready(recipe))
    return record


def test_there_is_no_machine_without_data_and_one_for_each_learner_before_any_training() -> None:
    assert machine(Record(), Selection()) is None
    figures = shown(of_methods("fine-tune", "lwf"))
    assert (figures.phase, figures.learners) == ("ahead", ("fine-tune", "lwf"))
    assert [lane.outcome.words[0] for lane in figures.lanes] == ["not trained yet"] * 2


def test_the_base_task_has_one_network_for_all() -> None:
    figures = shown(synthetic.record(), -5)
    assert (figures.phase, figures.task) == ("base", 0)
    (only,) = figures.lanes
    assert only.is_base
    assert (only.old, only.new) == ((3,), 2)
    assert "right" in only.outcome.figures[0]
    assert all(synthetic.PROBE_LABELS[image] < 3 for image in figures.images)


def test_at_the_boundary_the_head_has_just_grown() -> None:
    assert shown(synthetic.record(), 0).grown
    assert not shown(synthetic.record(), 10).grown


def test_how_far_layers_moved_is_what_the_record_has() -> None:
    record = synthetic.record()
    probe = next(probe for probe in record.layers if probe.step == 15)
    fine = lane(record, "fine-tune", 15)
    assert fine.layers == ("fc1", "fc2")
    assert fine.moved == pytest.approx([100 * float(share) for share in probe.moved[0, :2]])
    assert fine.head_moved == pytest.approx(100 * float(probe.moved[0, 2]))


def test_pulls_are_lengths_of_one_gradient_of_all_shared_layers_weighed_by_alpha() -> None:
    record = synthetic.record()
    probe = next(probe for probe in record.layers if probe.step == 15)
    lwf = lane(record, "lwf", 15)
    new, old, cosine = (probe.forces[1, :2, column].astype(float) for column in range(3))
    alpha = 2.0  # since step 10
    assert lwf.teacher is not None
    assert lwf.teacher.alpha == alpha
    assert lwf.shared.new == pytest.approx(math.hypot(*new))
    assert lwf.shared.old == pytest.approx(alpha * math.hypot(*old))
    angle = math.degrees(math.acos(float((new * old * cosine).sum()) / (math.hypot(*new) * math.hypot(*old))))
    assert lwf.shared.angle == pytest.approx(angle)
    assert lwf.head.old == pytest.approx(alpha * float(probe.forces[1, 2, 1]))
    assert lane(record, "fine-tune", 15).head.old == 0, "nothing holds it"


def test_strength_has_few_steps_that_grow_with_the_pull_and_none_where_nothing_is_known() -> None:
    pull = Pull(strongest=10.0)
    steps = [pull.strength(force) for force in (0.01, 0.7, 3.0, 9.0, 1000.0)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (1, STRENGTHS)
    assert [pull.strength(force) for force in (math.nan, 0.0)] == [0, 0]
    assert Pull().strength(1.0) == 0


def test_what_is_frozen_is_said_at_the_step() -> None:
    record = synthetic.record()
    assert record.data is not None
    record.data = replace(record.data, recipe=record.data.recipe.with_settings({"task2.warmup_epochs": 2}))
    record.marks = [synthetic.live_settings(20, "backbone_frozen", by="schedule", backbone_frozen=False)]
    assert lane(record, "lwf", 15).still == "frozen"
    assert lane(record, "lwf", 30).still == ""


@pytest.mark.parametrize(
    ("name", "still", "head_still", "pushed", "stored", "teacher"),
    [
        ("fine-tune", "", False, True, 0, False),
        ("lwf", "", False, True, 0, True),
        ("lwf-labels", "", False, False, 0, True),
        ("ewc", "", False, True, 0, False),
        ("replay", "", False, True, 60, False),
        ("er-ace", "", False, False, 60, False),
        ("joint", "", False, True, 160, False),
        ("icarl", "", False, False, 60, True),
        ("frozen", "never trained", True, False, 0, False),
        ("ncm", "never trained", True, False, 0, False),
        ("lwf-ldc", "", False, False, 0, True),
    ],
)
def test_each_family_has_its_parts(
    name: str, still: str, head_still: bool, pushed: bool, stored: int, teacher: bool
) -> None:
    found = lane(of_methods(name), name)
    assert (found.still, found.head_still, found.pushed) == (still, head_still, pushed)
    assert (found.store, found.teacher is not None) == (stored, teacher)
    assert (found.held is not None) == (name == "ewc")


def test_every_method_has_a_machine() -> None:
    figures = shown(of_methods(*(row.name for row in BUILT_IN)))
    assert all(lane.plain for lane in figures.lanes)
    ncm = next(lane for lane in figures.lanes if lane.learner == "ncm")
    assert not ncm.minimises


def test_settings_of_a_learner_or_a_branch_are_its_own() -> None:
    record = of_methods("lwf", **{"lwf.ce_scope": "new", "lwf.teacher": "aliased"})
    found = lane(record, "lwf")
    assert not found.pushed
    assert found.teacher is not None
    assert not found.teacher.frozen
    fork = synthetic.record().forked(15, Branch("lwf+1@15", "lwf", 15, {"alpha": 9.0}))
    fork.apply(Probe(1, "incremental", 20, synthetic.logits(3, 5), synthetic.teacher(6)))
    alphas = [lane(fork, name, 20).teacher for name in ("lwf", "lwf+1@15")]
    assert [each.alpha for each in alphas if each is not None] == [2.0, 9.0]


def test_outcomes_are_those_of_the_cards_in_words() -> None:
    record = synthetic.record()
    fine, lwf = (lane(record, name, 30).outcome for name in ("fine-tune", "lwf"))
    card = card_of(record, "fine-tune", Selection(step=30))
    assert card.old is not None
    assert card.expansion_old is not None
    assert fine.state == "lost"
    assert fine.figures[0] == f"{card.old:.1f} % right (was {card.expansion_old:.1f})"
    assert "all 1,200 test images, task-aware" in fine.told
    assert lwf.state == "slip"
    assert lane(record, "lwf", 0).outcome.state == "start"


def test_one_answer_to_most_old_images_is_named() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    last = record.incremental.probes[-1]
    spoilt = last.logits.copy()
    spoilt[0, :, 1] = 30.0
    record.incremental.probes[-1] = replace(last, logits=spoilt)
    outcome = lane(record, "fine-tune").outcome
    assert outcome.habit == "b"
    assert outcome.times == "24 of 24"


def test_who_diverged_says_when() -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, Probe) and message.step >= 10:
            message.logits[0] = np.nan
        record.apply(message)
    outcome = lane(record, "fine-tune").outcome
    assert outcome.state == "diverged"
    assert outcome.figures == ("at step 30",)


def test_what_is_to_be_guessed_is_not_told() -> None:
    figures = shown(synthetic.record(), guessed=True)
    assert {lane.outcome.told for lane in figures.lanes} == {"to be guessed first"}
    assert not any("%" in text for text in captions(synthetic.record(), figures))


def test_a_record_without_looks_into_layers_knows_no_strength() -> None:
    record = Record()
    for message in (*synthetic.task1(), *synthetic.task2()):
        if type(message).__name__ != "LayerProbe":
            record.apply(message)
    found = lane(record, "lwf")
    assert found.layers == ("fc1", "fc2")
    assert all(math.isnan(share) for share in found.moved)
    assert found.shared.strength(found.shared.new) == 0


def test_a_mini_batch_of_slow_motion_stands_for_the_images() -> None:
    record = synthetic.record()
    images = synthetic.PROBE_IMAGES[:4]
    record.apply(MiniBatch(1, 15, images, synthetic.PROBE_LABELS[:4], 16, np.zeros(2, np.float32)))
    figures = shown(record, 15)
    assert figures.batch is not None
    assert figures.images == ()
    assert len(shown(record, 10).images) == 4


def test_new_images_are_of_all_classes_of_the_task() -> None:
    figures = shown(synthetic.record())
    assert sorted(synthetic.PROBE_LABELS[list(figures.images)].tolist()) == [3, 3, 4, 4]


def test_captions_name_protocol_images_and_moment() -> None:
    record = synthetic.record()
    said = captions(record, shown(record, 30), lanes="1-2 of 5 learners")
    assert said[0] == "1-2 of 5 learners: old images right: task-aware, all 1,200 test images of digits, step 30"
    assert said[-1] == "task-aware"


def test_the_run_that_is_shown_at_first_loses_old_answers_by_fine_tuning_and_holds_them_by_lwf() -> None:
    record = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    fine, lwf = shown(record).lanes
    assert (fine.outcome.state, lwf.outcome.state) == ("lost", "hold")
    assert fine.outcome.habit == "Trouser"
    assert lwf.outcome.habit == ""


def test_of_many_tasks_old_answers_are_judged_by_what_was_forgotten_since_they_were_learnt() -> None:
    record, look = five.record(), Selection()
    for name in synthetic.LEARNERS:
        outcome, mean = outcomes(record, look, (name,))[name], averages(record, name, look)
        assert outcome.forgot == f"forgot {forgetting_text(mean)}"
        assert outcome.figures[0] == f"{outcome.now} right, {outcome.forgot}"
        assert (outcome.state == "hold") == (mean.forgetting <= HOLD)


def test_many_tasks_have_a_block_each_and_say_which_is_learnt() -> None:
    record = five.record()
    assert record.incremental is not None
    figures = shown(record, record.incremental.started.boundaries[2])
    assert figures.many
    assert figures.task == 3
    assert record.data is not None
    assert {lane.old for lane in figures.lanes} == {record.data.scenario.sizes[:3]}
