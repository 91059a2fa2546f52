"""The loss in numbers, against plain arithmetic on the same rows."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwf_gui.messages import TERMS, Branch, MiniBatch, PhaseStarted, Probe, Steps
from lwf_gui.method_rows import Loss
from lwf_gui.methods import METHODS
from lwf_gui.runs.equation import Balance, acting_settings, balance, captions
from lwf_gui.runs.equation_words import TIPS, explained, spoken
from lwf_gui.runs.loss_row import MINUS, NOTHING, Row, adds_up, number, value
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, RECIPE, TASK1_STEPS, TASK2_STEPS

BRANCHES = (
    Branch("lwf+1@10", "lwf", 10, {"temperature": 5.0, "scale_t2": False}),
    Branch("lwf+2@20", "lwf+1@10", 20, {"alpha": 7.0}),
)


def caption(record: Record, selection: Selection) -> str:
    """Return the longest caption, or nothing."""
    return next(iter(captions(record, selection)), "")


def lawful(count: int, alphas: list[float], seed: int = 3) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return losses, shape (count, len(alphas), terms), with total = CE + alpha * T² * KD and KL below KD."""
    random = np.random.default_rng(seed)
    losses = random.uniform(0.1, 2, (count, len(alphas), len(TERMS)))
    losses[..., 2] = losses[..., 1] * random.uniform(0, 1, losses.shape[:2])
    losses[..., 3] = losses[..., 0] + np.array(alphas) * RECIPE.live_settings().kd_factor * losses[..., 1]
    return losses.astype(np.float32)


def record_of(losses: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Record:
    started = PhaseStarted(1, "incremental", LEARNERS, len(losses), (len(losses),))
    return synthetic.record([*synthetic.task1(), started, Steps(1, "incremental", 1, losses, 1.0, len(losses) * 32)])


def branched() -> Record:
    """Return the synthetic run with a branch of LwF and a branch of that branch."""
    names = (*LEARNERS, *(branch.learner for branch in BRANCHES))
    columns, made = [0, 1, 1, 1], Record()
    for message in [*synthetic.task1(), *synthetic.task2()]:
        match message:
            case PhaseStarted(phase="incremental"):
                made.apply(replace(message, learners=names, branches=BRANCHES))
            case Steps(phase="incremental"):
                made.apply(replace(message, losses=message.losses[:, columns]))
            case Probe(phase="incremental"):
                made.apply(replace(message, logits=message.logits[columns]))
            case _:
                made.apply(message)
    return made


def shown(record: Record, step: int | None = None) -> Balance:
    made = balance(record, Selection(step=step))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("selection", "step"), [(1, 0), (10, 10), (17, 15), (TASK2_STEPS, TASK2_STEPS), (None, TASK2_STEPS)]
)
def test_the_loss_is_that_of_the_probe_that_all_panels_show(selection: int | None, step: int) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    now, at = shown(record, selection), moment(record, selection)
    assert at is not None
    assert now.step == at.step == step
    for row, learner, terms in zip(now.rows, LEARNERS, record.incremental.losses.values[max(step, 1) - 1], strict=True):
        assert row.learner == learner
        assert [row.ce, row.kd, row.kl, row.total] == [float(term) for term in terms]
        assert row.entropy == float(terms[1]) - float(terms[2])


def test_step_0_shows_the_loss_of_the_first_step_which_is_taken_before_its_update() -> None:
    record = synthetic.record()
    now = shown(record, 0)
    assert now.expanded
    assert record.incremental is not None
    assert [row.ce for row in now.rows] == record.incremental.losses.values[0, :, TERMS.index("ce")].tolist()
    assert caption(record, Selection(step=0)).endswith("step 0, before the first update")


@pytest.mark.parametrize("count", [7, 161, 500])
def test_live_shows_one_steps_losses_however_wide_the_points_of_the_curves_are(count: int) -> None:
    losses = lawful(count, [0.0, 1.0])
    record = record_of(losses)
    now = shown(record)
    assert now.step == count
    assert caption(record, Selection()).endswith(f"step {count:,}")
    for column, row in enumerate(now.rows):
        assert [row.ce, row.kd, row.kl, row.total] == losses[-1, column].tolist()
        assert row.exact


def test_the_loss_stays_at_the_probe_until_the_next_one_comes() -> None:
    record = synthetic.up_to_step(15)
    assert record.incremental is not None
    assert record.incremental.steps == 15
    assert (shown(record).step, caption(record, Selection())[-7:]) == (10, "step 10")


def test_total_is_ce_plus_alpha_t2_times_kd_with_the_settings_that_made_the_step() -> None:
    losses = np.concatenate([lawful(10, [0.0, RECIPE.lwf.alpha]), lawful(10, [0.0, 2.0], seed=4)])
    record = record_of(losses)
    record.apply(synthetic.live_settings(10, alpha=2.0))
    for step in range(1, 21):
        fine_tuning, lwf = shown(record, step).rows
        assert fine_tuning.live_settings.alpha == 0
        assert lwf.live_settings.alpha == (RECIPE.lwf.alpha if step <= 10 else 2.0)
        for row in (fine_tuning, lwf):
            assert row.live_settings.kd_factor == 4
            assert row.total == pytest.approx(row.ce + row.live_settings.alpha * 4 * row.kd, rel=1e-5)
            assert row.exact


def test_a_total_that_is_not_the_sum_of_its_terms_does_not_pretend_to_be() -> None:
    losses = lawful(400, [0.0, 1.0])
    losses[-1, 1, TERMS.index("total")] += 1
    fine_tuning, lwf = shown(record_of(losses)).rows
    assert fine_tuning.exact
    assert not lwf.exact


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@given(
    ce=st.floats(0, 50),
    kl=st.floats(0, 20),
    entropy=st.floats(0, 7),
    alpha=st.sampled_from([0.0, 0.01, 0.125, 0.5, 1.0, 1.37, 2.0, 10.0, 33.3, 100.0, 1000.0]),
    temperature=st.sampled_from([0.5, 1.0, 2.0, 3.7, 5.0, 20.0]),
)
def test_the_written_parts_make_the_written_total(
    precision: type[np.floating[Any]], ce: float, kl: float, entropy: float, alpha: float, temperature: float
) -> None:
    live_settings = replace(RECIPE.live_settings(), alpha=alpha, temperature=temperature)
    ce, kl, kd = (float(precision(part)) for part in (ce, kl, kl + entropy))
    total = float(precision(ce + alpha * live_settings.kd_factor * kd))
    row = Row("lwf", ce, kd, kl, total, live_settings)
    assert adds_up(row)
    said = {term: Decimal(value(row, term).replace(MINUS, "-")) for term in TIPS if term != "update"}
    assert said["kd"] == said["kl"] + said["entropy"]
    added = said["ce"] + said["alpha"] * said["temperature"] * said["kd"]
    digit = Decimal(1).scaleb(max(said["total"].as_tuple().exponent, said["total"].adjusted() - 1))  # type: ignore
    last = Decimal(1).scaleb(said["total"].as_tuple().exponent)  # type: ignore[arg-type]
    assert abs(added - said["total"]) <= last / 2 + digit / 10**6
    assert abs(float(said["total"]) - total) <= 2 * float(last), "what is written is what was measured"


def test_the_classrooms_last_step_adds_up() -> None:
    row = Row("lwf", 0.17714, 0.64743, 0.00214, 0.17714 + 4 * 0.64743, replace(RECIPE.live_settings(), alpha=1.0))
    assert [value(row, term) for term in ("ce", "kl", "entropy", "kd")] == ["0.177", "0.0021", "0.6453", "0.6474"]
    assert value(row, "total") == "2.767"  # 0.177 + 4 x 0.6474 = 2.7666


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan, 1e300, -1e-300, 1e5])
@pytest.mark.parametrize("where", ["ce", "kd", "kl", "total", "alpha"])
def test_every_number_is_short_whatever_its_size(odd: float, where: str) -> None:
    given = {"ce": 0.5, "kd": 1.5, "kl": 0.5, "total": 6.5}
    live_settings = replace(RECIPE.live_settings(), alpha=odd if where == "alpha" else 1.0)
    ce, kd, kl, total = (given | {where: odd} if where in given else given).values()
    row = Row("lwf", ce, kd, kl, total, live_settings)
    assert all(len(value(row, term)) <= 12 for term in TIPS)
    assert spoken(row)


def test_parts_that_do_not_make_the_total_leave_it_as_it_was_measured() -> None:
    row = Row("lwf", 0.177, 0.647, 0.002, 2.9, RECIPE.live_settings())
    assert not adds_up(row)
    assert value(row, "total") == "2.900"


def test_a_setting_changed_after_the_last_step_is_not_yet_part_of_it() -> None:
    record = record_of(lawful(10, [0.0, RECIPE.lwf.alpha]))
    record.apply(synthetic.live_settings(10, alpha=5.0))
    assert shown(record).rows[1].live_settings.alpha == RECIPE.lwf.alpha


def test_a_branch_has_its_origins_settings_until_it_begins_and_its_own_after() -> None:
    record = branched()
    first, second = (branch.learner for branch in BRANCHES)
    before, after = acting_settings(record, first, 10), acting_settings(record, first, 11)
    assert (before.temperature, before.scale_t2) == (RECIPE.lwf.temperature, RECIPE.lwf.scale_t2)
    assert (after.temperature, after.scale_t2, after.alpha) == (5.0, False, 2.0)  # alpha 2 holds from step 11 for all
    assert acting_settings(record, second, 20) == acting_settings(record, first, 20)
    # What a branch has of its own is all that it has: the engine gives it none of its origin's.
    assert acting_settings(record, second, 21) == replace(acting_settings(record, "lwf", 21), alpha=7.0)
    assert [row.learner for row in shown(record, 25).rows] == [*LEARNERS, first, second]


def test_a_branch_of_fine_tuning_never_distils() -> None:
    record = branched()
    assert record.incremental is not None
    branch = Branch("fine-tune+3@5", "fine-tune", 5, {"alpha": 3.0})
    record.incremental.started = replace(record.incremental.started, branches=(*BRANCHES, branch))
    assert acting_settings(record, branch.learner, 6).alpha == 0


def test_the_labels_trick_as_a_method_holds_whatever_the_run_says() -> None:
    record = synthetic.record()
    assert record.data is not None
    recipe = record.data.recipe.with_settings({"learners": ["lwf", "lwf-labels"], "lwf.ce_scope": "all"})
    record.data = replace(record.data, recipe=recipe)
    assert acting_settings(record, "lwf", 5).ce_scope == "all"
    assert acting_settings(record, "lwf-labels", 5) == replace(acting_settings(record, "lwf", 5), ce_scope="new")


@pytest.mark.parametrize(("step", "row"), [(-TASK1_STEPS, 0), (-5, 0), (-1, 0)])  # probes are at -20 and 0
def test_before_the_head_expansion_the_total_is_the_teachers_ce(step: int, row: int) -> None:
    record = synthetic.record()
    assert record.base is not None
    now = shown(record, step)
    (teacher,) = now.rows
    assert not now.expanded
    assert teacher.learner == "teacher"
    assert teacher.ce == float(record.base.losses.values[row, 0, 0])
    assert teacher.live_settings.alpha == 0
    assert now.batch is None


def test_a_record_of_the_teacher_alone_shows_its_newest_loss() -> None:
    record = synthetic.record(synthetic.task1())
    assert record.base is not None
    (teacher,) = shown(record).rows
    assert teacher.ce == float(record.base.losses.values[-1, 0, 0])
    assert "old task of digits, the last step before head expansion" in caption(record, Selection())


def test_there_is_nothing_before_the_first_step() -> None:
    assert balance(Record(), Selection()) is None
    assert balance(synthetic.record(synthetic.task1()[:3]), Selection()) is None
    assert caption(Record(), Selection()) == ""


def test_at_the_head_expansion_there_are_the_next_steps_settings_and_no_numbers_yet() -> None:
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:1]])
    assert record.data is not None
    at_once = balance(record, Selection())
    assert at_once is not None
    assert (at_once.step, at_once.trained, at_once.expanded) == (0, False, True)
    assert [row.learner for row in at_once.rows] == list(synthetic.LEARNERS)
    for row in at_once.rows:
        assert [value(row, term) for term in ("total", "ce", "kd", "kl", "entropy")] == [NOTHING] * 5
        assert row.exact, "nothing is no rounded sum"
        assert "not trained" in spoken(row)
    assert [row.live_settings.alpha for row in at_once.rows] == [0.0, record.data.recipe.lwf.alpha]
    assert "new task of digits, no step trained yet" in caption(record, Selection())
    assert "before head expansion" in caption(record, Selection(step=-1))


def test_every_wording_of_the_caption_says_the_step() -> None:
    for step in (None, 0, 10, -5):
        words = captions(synthetic.record(), Selection(step=step))
        assert [len(text) for text in words] == sorted((len(text) for text in words), reverse=True)
        assert len(words) > 3
        assert all("step" in text and "nats" in text for text in words)


def test_a_step_in_slow_motion_shows_its_batch_and_its_very_row() -> None:
    losses = lawful(400, [0.0, 1.0])
    record = record_of(losses)
    images, labels = np.zeros((4, 8, 8), np.uint8), np.array([3, 4, 3, 4], np.uint8)
    record.apply(MiniBatch(1, 400, images, labels, 16, np.array([0.1, 0.2], np.float32)))
    live = shown(record)
    assert live.batch is record.batches[400]
    assert live.step == 400
    assert live.rows[0].ce == float(losses[-1, 0, 0])
    assert shown(record, 400) == live
    assert shown(record, 399).batch is None


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (0.41249, "0.412"),
        (-0.5, f"{MINUS}0.500"),
        (-0.0002, "0.000"),
        (0.0, "0.000"),
        (10.6443, "10.64"),
        (123.456, "123.5"),
        (math.nan, NOTHING),
        (math.inf, "∞"),
    ],
)
def test_numbers_are_short_and_their_minus_is_one(given: float, written: str) -> None:
    assert number(given) == written


def test_rows_are_written_and_spoken_with_every_term() -> None:
    record = record_of(lawful(10, [0.0, 2.5]))
    record.apply(synthetic.live_settings(0, alpha=2.5))
    lwf = shown(record, 5).rows[1]
    words = spoken(lwf)
    assert words.startswith("LwF: the total, ")
    for term in ("total", "ce", "kd", "kl", "entropy", "alpha"):
        assert value(lwf, term) in words
    assert value(lwf, "alpha") == "2.5"
    assert "times T squared, 4, times" in words
    assert "squared" not in spoken(replace(lwf, live_settings=replace(lwf.live_settings, scale_t2=False)))


# ---- losses that are not LwF's

MIXED = ("ce", "kd", "kl", "replay", "total")


def mixed(learners: tuple[str, ...], rows: list[list[float]], columns: tuple[str, ...] = MIXED) -> Record:
    """Return a record of one step with these losses."""
    recipe = RECIPE.with_settings({"learners": list(learners)})
    record = synthetic.record([synthetic.data_ready(recipe), *synthetic.task1()[1:]])
    record.apply(PhaseStarted(1, "incremental", learners, 30, (10,), columns=columns))
    record.apply(Steps(1, "incremental", 1, np.array([rows], np.float32), 1.0, 16))
    return record


def test_a_learner_with_a_loss_of_its_own_shows_that_and_not_lwfs() -> None:
    nan = math.nan
    lwf, replay, joint = shown(
        mixed(
            ("lwf", "replay", "joint"),
            [[0.5, 0.2, 0.1, nan, 1.3], [0.06, nan, nan, 0.088, 0.074], [0.06, nan, nan, 0.03, 0.04]],
        )
    ).rows
    assert lwf.formula is None
    assert replay.formula is not None
    assert replay.formula.text == "mean of CE 0.060 on new and CE 0.088 on stored images"
    assert joint.formula is not None
    assert joint.formula.text == "mean of CE 0.060 on new and CE 0.030 on earlier images"
    assert spoken(replay) == ("Replay: the total, 0.074, is the mean of CE 0.060 on new and CE 0.088 on stored images.")


def test_a_tip_gives_each_learners_own_formula() -> None:
    nan = math.nan
    now = shown(mixed(("lwf", "replay"), [[0.5, 0.2, 0.1, nan, 1.3], [0.06, nan, nan, 0.088, 0.074]]))
    assert "(KL + H)" in explained(now, "total", "lwf")
    assert "(KL + H)" not in explained(now, "total", "replay")
    assert "total = mean of CE on new and CE on stored images" in explained(now, "total", "replay")
    assert "stored images" in explained(now, "total", ""), "above the column both stand"
    assert "(KL + H)" in explained(now, "total", "")
    assert "earlier tasks" in explained(now, "replay", "replay")
    alone = shown(mixed(("replay",), [[0.06, nan, nan, 0.088, 0.074]]))
    assert "(KL + H)" not in explained(alone, "total", "")


@pytest.mark.parametrize(
    ("total", "sign", "text"), [(0.08, " = ", "CE 0.060 + penalty 0.020"), (0.07, " from ", "CE 0.060, penalty 0.020")]
)
def test_a_loss_that_no_row_explains_is_a_sum_only_where_it_is_one(
    monkeypatch: pytest.MonkeyPatch, total: float, sign: str, text: str
) -> None:
    monkeypatch.setitem(METHODS, "replay", replace(METHODS["replay"], loss=None))
    (row,) = shown(mixed(("replay",), [[0.06, 0.02, total]], ("ce", "penalty", "total"))).rows
    assert row.formula is not None
    assert (row.sign, row.formula.text) == (sign, text)


def test_a_formula_takes_settings_of_its_method_where_no_term_has_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    loss = Loss("CE {ce} of {per_class} images a class")
    monkeypatch.setitem(METHODS, "replay", replace(METHODS["replay"], loss=loss))
    (row,) = shown(mixed(("replay",), [[0.06, math.nan, math.nan, 0.088, 0.074]])).rows
    assert row.formula is not None
    assert row.formula.text == f"CE 0.060 of {RECIPE.get('replay.per_class')} images a class"
