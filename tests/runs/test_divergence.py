"""What the figures make of a learner that diverged: nothing, rather than a number that means nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from lwf_gui.documents import files
from lwf_gui.exports import final, report
from lwf_gui.messages import Evaluated, LayerProbe, LearnerScore, Message, Probe, Steps
from lwf_gui.runs import (
    confusion,
    equation,
    gradient_conflict,
    image_grid,
    loss_curves,
    metrics,
    soft_targets,
    tradeoff,
    weights,
)
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.class_rows import class_rows
from lwf_gui.runs.image_history import history_of
from lwf_gui.runs.loss_curves import loss_series
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, settings_after
from lwf_gui.runs.sketch import Sketch, score
from lwf_gui.runs.story import story
from lwf_gui.runs.summary import summary
from tests.runs import synthetic

END = 13
"""The step at which LwF diverges; its last probe is that of step 10."""

LOST, FINE = "lwf", "fine-tune"
ROW = synthetic.LEARNERS.index(LOST)


def without(message: Message) -> Message:
    """Return a message of `synthetic.task2` as it is told where LwF diverges."""
    match message:
        case Steps():
            losses = message.losses.copy()
            losses[max(END - message.first, 0) :, ROW] = np.nan
            return replace(message, losses=losses)
        case Probe() if message.step >= END:
            logits = message.logits.copy()
            logits[ROW] = np.nan
            return replace(message, logits=logits)
        case LayerProbe() if message.step >= END:
            forces, moved, filters = message.forces.copy(), message.moved.copy(), message.filters.copy()
            forces[ROW], moved[ROW], filters[ROW] = np.nan, np.nan, np.nan
            return LayerProbe(message.run_id, message.step, forces, moved, filters)
        case Evaluated() if message.step >= END:
            return replace(message, scores={**message.scores, LOST: LearnerScore((), (), synthetic.right(0.95))})
    return message


def diverged() -> Record:
    return synthetic.record([*synthetic.task1(), *map(without, synthetic.task2())])


def early(*, everybody: bool = False) -> Record:
    """Return a run whose weights are no numbers one probe before a loss tells it, as they really are."""
    messages: list[Message] = []
    for message in map(without, synthetic.task2()):
        if isinstance(message, Probe) and message.step == 10:
            logits = message.logits.copy()
            logits[slice(None) if everybody else ROW, 0, 1] = np.nan  # of one image is enough
            message = replace(message, logits=logits)
        messages.append(message)
    return synthetic.record([*synthetic.task1(), *messages])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_learner_does_not_answer_where_its_weights_are_no_numbers_though_its_loss_was(protocol: ProtocolName) -> None:
    record, selection = early(), Selection(step=10, protocol=protocol)
    at, matrices, ways = (
        moment(record, 10),
        confusion.matrices(record, selection),
        tradeoff.tradeoff(record, selection),
    )
    assert at is not None
    assert matrices is not None
    assert ways is not None
    assert (at.step, at.learners) == (10, (FINE,))
    assert matrices.learners == (FINE,)
    assert [path.learner for path in ways.paths] == [FINE]
    card = card_of(record, LOST, selection)
    assert (card.old, card.diverged) == (None, 10)
    assert "LwF diverged at step 10" in summary(record, selection)
    steps, percent = accuracy_series(record, LOST, "old", protocol)
    assert steps.max() < 10
    assert np.isfinite(percent).all()


def test_a_probe_in_which_nobody_answers_is_none() -> None:
    record = early(everybody=True)
    assert record.incremental is not None
    assert 10 not in record.incremental.probe_steps.values
    at = moment(record, 10)
    assert at is not None
    assert at.learners == synthetic.LEARNERS


def test_accuracies_without_answers_are_not_those_of_the_first_class() -> None:
    labels = np.array([0, 0, 4])
    for protocol in PROTOCOLS:
        logits = np.full((2, 3, 5), np.nan, np.float16)
        logits[0] = 0
        assert metrics.predictions(logits, labels, synthetic.SCENARIO, protocol)[1].tolist() == [metrics.NO_ANSWER] * 3
        counts = metrics.right(logits, labels, synthetic.SCENARIO, protocol)
        assert counts.tolist() == [[2, 0], [metrics.NO_ANSWER] * 2]
        fine, lost = metrics.shares(counts, (2, 1), 1)
        assert fine.tolist() == [1, 0]
        assert np.isnan(lost).all()
    answers = (logits[1], logits[0], logits[0, :2])
    scored = [metrics.score(each, labels[: len(each)], synthetic.SCENARIO, 1) for each in answers]
    assert [score.diverged for score in scored] == [True, False, False], "a task without images is no divergence"


def test_record_knows_who_diverged_and_when() -> None:
    track = diverged().incremental
    assert track is not None
    assert (track.diverged(LOST), track.diverged(FINE)) == (END, None)
    assert [track.answering(step) for step in (0, END - 1, END, 30)] == [[0, 1], [0, 1], [0], [0]]
    early = synthetic.up_to_step(10)
    assert early.incremental is not None
    assert early.incremental.diverged(LOST) is None


def test_who_diverged_does_not_branch_off() -> None:
    record = diverged()
    assert record.learners_at(END - 1) == synthetic.LEARNERS
    assert record.learners_at(END) == (FINE,)


@pytest.mark.parametrize("task", ["old", "new"])
@pytest.mark.parametrize("protocol", list(PROTOCOLS))
def test_curves_end_where_their_learner_does(protocol: ProtocolName, task: Literal["old", "new"]) -> None:
    record = diverged()
    assert accuracy_series(record, LOST, task, protocol)[0].tolist() == [0, 10]
    assert accuracy_series(record, FINE, task, protocol)[0].tolist() == [0, 10, 15, 30]
    guessed = score(Sketch(np.array([0.0]), np.array([50.0])), record, LOST, task, protocol)
    assert guessed is not None
    assert guessed.step == 10


def test_last_mean_loss_is_of_the_steps_before(monkeypatch: pytest.MonkeyPatch) -> None:
    record, fine = diverged(), synthetic.record()
    assert fine.incremental is not None
    losses = fine.incremental.losses.values[:, ROW, 0]
    x, y = loss_series(record, LOST, "ce")
    assert x.tolist() == list(range(1, END))
    np.testing.assert_allclose(y, losses[: END - 1])
    monkeypatch.setattr(loss_curves, "MAX_POINTS", 4)
    monkeypatch.setattr(loss_curves, "EXACT", 0)
    loss_curves._means.clear()
    x, y = loss_series(record, LOST, "ce")
    assert x.tolist() == [8, 16]
    np.testing.assert_allclose(y, [losses[:8].mean(), losses[8 : END - 1].mean()], rtol=1e-6)
    assert loss_series(record, FINE, "ce")[0].tolist() == [8, 16, 24, 30]
    np.testing.assert_array_equal(loss_series(record, FINE, "ce"), loss_series(fine, FINE, "ce"))


@pytest.mark.parametrize("protocol", list(PROTOCOLS))
@pytest.mark.parametrize(("step", "there"), [(10, True), (15, False), (None, False)])
def test_figures_leave_it_out_from_there_on(protocol: ProtocolName, step: int | None, there: bool) -> None:
    record, fine = diverged(), synthetic.record()
    selection, names = Selection(protocol, step), synthetic.LEARNERS if there else (FINE,)
    at = moment(record, step)
    assert at is not None
    assert at.learners == names
    assert len(at.logits) == len(names)
    matrices, whole = (confusion.matrices(each, selection) for each in (record, fine))
    assert matrices is not None
    assert whole is not None
    assert matrices.learners == names
    np.testing.assert_array_equal(matrices.counts, whole.counts[: len(names)])
    grid = image_grid.image_grid(record, selection)
    assert grid is not None
    assert (grid.learners, len(grid.right), len(grid.began_right), len(grid.taken)) == (names, *[len(names)] * 3)
    soft = soft_targets.soft_targets(record, selection)
    assert soft is not None
    assert tuple(student.learner for student in soft.students) == names
    ways = tradeoff.tradeoff(record, selection)
    assert ways is not None
    assert [path.learner for path in ways.paths] == [curve.learner for curve in ways.curves] == list(names)
    assert [len(path.new) for path in ways.paths] == [4, 2][: len(names)]
    assert np.isfinite(np.concatenate([(path.new, path.old) for path in ways.paths], axis=1)).all()
    pulls = gradient_conflict.gradient_conflict(record, selection)
    assert pulls is not None
    assert tuple(team.learner for team in pulls.teams) == names
    drift = weights.drift(record, selection, change=True)
    assert drift is not None
    assert drift.learners == names
    assert len(drift.filters) == len(drift.moved) == drift.history.shape[1] == len(names)
    assert all(tuple(row.correct) == names for row in class_rows(record, selection))


def test_history_of_an_image_ends_with_its_learner() -> None:
    found = history_of(diverged(), Selection(step=10), 0)
    assert found is not None
    assert found.learners == synthetic.LEARNERS
    assert np.isnan(found.confidence[ROW]).tolist() == [False, False, True, True]
    assert max(span.last for span in found.spans(LOST)) == 1
    later = history_of(diverged(), Selection(step=15), 0)
    assert later is not None
    assert later.learners == (FINE,)


def test_card_says_that_it_diverged() -> None:
    record = diverged()
    before, after, live = (card_of(record, LOST, Selection(step=step)) for step in (10, 15, None))
    assert (before.diverged, before.old) == (None, card_of(synthetic.record(), LOST, Selection(step=10)).old)
    for card in (after, live):
        assert (card.old, card.new, card.change, card.diverged) == (None, None, None, END)
    assert "LwF diverged at step 13" in summary(record, Selection())
    assert "diverged" not in summary(record, Selection(step=10))


def test_who_follows_the_run_sees_no_figures_of_before_it_diverged() -> None:
    record = synthetic.record(synthetic.task1())
    for message in map(without, synthetic.task2()):
        if isinstance(message, Probe) and message.step > 10:
            break
        record.apply(message)  # up to step 15, without a probe since that of step 10
    assert record.incremental is not None
    assert record.incremental.diverged(LOST) == END
    at = moment(record, None)
    assert at is not None
    assert at.step == 10
    live = card_of(record, LOST, Selection())
    assert (live.old, live.diverged) == (None, END)
    told = story(record, Selection())
    assert told is not None
    assert "LwF diverged at step 13" in told.words(["old", "new"])
    assert card_of(record, LOST, Selection(step=10)).old is not None, "then it had not diverged"
    assert card_of(record, FINE, Selection()).old is not None


def test_equation_has_no_numbers_of_it() -> None:
    found = equation.balance(diverged(), Selection(step=15))
    assert found is not None
    fine, lost = found.rows
    assert math.isfinite(fine.total)
    assert math.isnan(lost.total)
    live = equation.balance(diverged(), Selection())
    assert live is not None
    assert live.step == 30
    assert math.isnan(live.rows[ROW].total)


def test_report_and_run_file_keep_it(tmp_path: Path) -> None:
    record = diverged()
    report.write(record, tmp_path)
    _, rows = final.table(record)
    assert rows[ROW] == ("LwF", "diverged", "diverged", "diverged")
    assert rows[0] == final.table(synthetic.record())[1][0]
    page = (tmp_path / report.REPORT).read_text("utf-8")
    assert "diverged" in page
    assert "nan" not in page
    again = files.load(tmp_path / report.RUN)
    assert again.incremental is not None
    assert again.incremental.diverged(LOST) == END
    assert again.evaluations[-1].scores[LOST].diverged


def test_fork_where_a_run_ended_with_its_warm_up_unfreezes() -> None:
    recipe = synthetic.RECIPE.with_settings({"task2.warmup_epochs": 1})
    assert recipe.live_settings().backbone_frozen

    def settings(step: int, *later: Message) -> bool:
        record = synthetic.record([synthetic.data_ready(recipe), *synthetic.task1()[1:]])
        for message in (*synthetic.task2()[:8], *later):
            record.apply(message)
        live_settings = settings_after(record, step)
        assert live_settings is not None
        return live_settings.backbone_frozen

    assert settings(9)
    assert not settings(10)
    unfrozen = synthetic.live_settings(10, "backbone_frozen", by="schedule", backbone_frozen=False)
    assert not settings(10, unfrozen)
    assert settings(10, unfrozen, synthetic.live_settings(10, "backbone_frozen", backbone_frozen=True))
    assert settings(10, synthetic.steps("incremental", 11, 5, 2, 1.5))  # went on so: somebody had seen to it before
