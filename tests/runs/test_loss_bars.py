"""The losses as bars, against plain arithmetic on the same numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.messages import TERMS
from lwf_gui.methods import METHODS
from lwf_gui.runs.equation import balance
from lwf_gui.runs.loss_bar_words import legend, spoken, tip, told, verdict
from lwf_gui.runs.loss_bars import LossBars, _just_grown, loss_bars
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from tests.runs import five, synthetic
from tests.runs.test_divergence import END, diverged
from tests.runs.test_equation import lawful, mixed, record_of

CE, KD, KL, TOTAL = range(4)
NAN = math.nan
COLUMNS = ("ce", "kd", "kl", "bce", "bkd", "penalty", "mse", "replay", "total")


@pytest.fixture(scope="module")
def bundled() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def bars_of(record: Record, step: int | None = None) -> LossBars:
    selection = Selection(step=step)
    now = balance(record, selection)
    assert now is not None
    found = loss_bars(record, selection, now)
    assert found is not None
    return found


def nats(bars: LossBars, place: int) -> list[tuple[str, str, Any]]:
    return [(part.kind, part.term, part.nats) for part in bars.bars[place].parts]


def test_fine_tunings_distance_is_beside_its_loss_and_lwfs_within(bundled: Record) -> None:
    assert bundled.incremental is not None
    fine, lwf = bundled.incremental.losses.values[-1].astype(float)
    bars = bars_of(bundled)
    # alpha is 1 and T 2 in classroom: what is weighed has a factor of 4
    assert nats(bars, 0) == [
        ("new", "ce", pytest.approx(fine[CE])),
        ("free", "kl", pytest.approx(4 * fine[KL])),
    ]
    assert nats(bars, 1) == [("new", "ce", pytest.approx(lwf[CE])), ("old", "kl", pytest.approx(4 * lwf[KL]))]
    assert bars.bars[0].doubt == 0
    assert bars.bars[1].doubt == pytest.approx(4 * (lwf[KD] - lwf[KL]))
    assert bars.longest == pytest.approx(fine[CE] + 4 * fine[KL])
    assert (bars.alpha, bars.counts) == (1.0, "lwf")


@pytest.mark.parametrize("step", [1, 4, 10])
def test_what_is_counted_and_the_doubt_make_the_total(step: int) -> None:
    record = record_of(lawful(10, [0.0, 2.5]))
    record.apply(synthetic.live_settings(0, alpha=2.5))
    for bar in bars_of(record, step).bars:
        counted = sum(part.nats for part in bar.counted)
        assert counted + bar.doubt == pytest.approx(bar.row.total, rel=1e-5)
    free = bars_of(record, step).bars[0].free
    assert free is not None
    assert (free.kind, free.term, free.factor) == ("free", "kl", 10)
    assert free.nats == pytest.approx(10 * bars_of(record, step).bars[0].row.kl)


def test_a_learner_whose_alpha_is_0_counts_no_distance_and_it_is_seen_at_alpha_1() -> None:
    record = record_of(lawful(5, [0.0, 0.0]))
    record.apply(synthetic.live_settings(0, alpha=0.0))
    bars = bars_of(record)
    assert (bars.alpha, bars.counts) == (1.0, "")
    assert [part.kind for part in bars.bars[1].parts] == ["new", "free"]
    assert bars.bars[1].parts[1].nats == pytest.approx(4 * bars.bars[1].row.kl)
    assert verdict(record, bars)[0].startswith("No loss here counts the distance from the old network.")


def test_before_the_first_step_there_are_no_bars() -> None:
    for record in (synthetic.record(synthetic.task1()), synthetic.record([*synthetic.task1(), *synthetic.task2()[:1]])):
        now = balance(record, Selection())
        assert now is not None
        assert loss_bars(record, Selection(), now) is None


FORMS = {
    "ewc": ({"ce": 0.5, "penalty": 0.25, "total": 0.75}, [("new", "ce", 0.5), ("old", "penalty", 0.25)]),
    "er-ace": ({"ce": 0.5, "replay": 0.3, "total": 0.8}, [("new", "ce", 0.5), ("old", "replay", 0.3)]),
    "der++": (  # the row's own weights: 0.5 for both
        {"ce": 0.5, "mse": 0.4, "replay": 0.2, "total": 0.8},
        [("new", "ce", 0.5), ("old", "mse", 0.2), ("old", "replay", 0.1)],
    ),
    "replay": ({"ce": 0.5, "replay": 0.1, "total": 0.3}, [("both", "ce", 0.3)]),
    "a-gem": ({"ce": 0.5, "replay": 0.1, "total": 0.5}, [("new", "ce", 0.5)]),
    "lwf-mc": ({"bce": 0.5, "bkd": 0.2, "total": 0.7}, [("new", "bce", 0.5), ("old", "bkd", 0.2)]),
    "frozen": ({"ce": 0.5, "total": 0.5}, [("new", "ce", 0.5)]),
    "lwf-replay": (  # total = mean of both CE + 1 x 4 x KD, of which 4 x 0.1 is the teacher's entropy
        {"ce": 0.5, "replay": 0.1, "kd": 0.15, "kl": 0.05, "total": 0.9},
        [("both", "ce", 0.3), ("old", "kl", 0.2)],
    ),
}


@pytest.mark.parametrize("method", FORMS)
def test_other_losses_are_taken_apart_as_their_rows_write_them(method: str) -> None:
    numbers, parts = FORMS[method]
    record = mixed((method,), [[numbers.get(term, NAN) for term in COLUMNS]], COLUMNS)
    if method == "der++":
        assert record.data is not None
        weights = dict(record.data.recipe.settings_of(method) or {})
        parts = [parts[0], ("old", "mse", 0.4 * weights["logits_weight"])]
        parts += [("old", "replay", 0.2 * weights["labels_weight"])]
    bars = bars_of(record)
    assert nats(bars, 0) == [(kind, term, pytest.approx(value, abs=1e-6)) for kind, term, value in parts]
    assert all(words for words in (told(bars.bars[0]), legend(record, bars), spoken(record, bars)))
    for part in bars.bars[0].parts:
        assert tip(bars, bars.bars[0], part).endswith(".")


def test_every_method_has_bars_or_says_that_nothing_is_minimised() -> None:
    names = tuple(METHODS)
    rows = [[0.5, 0.3, 0.1, 0.4, 0.2, 0.25, 0.1, 0.2, 0.9] for _ in names]
    bars = bars_of(mixed(names, rows, COLUMNS))
    assert [bar.learner for bar in bars.bars] == list(names)
    for bar in bars.bars:
        assert bar.parts
        assert bar.minimised or "nothing is minimised" in told(bar)[0]


def test_a_distance_that_no_column_has_is_the_mean_over_the_new_probe_images() -> None:
    record = synthetic.record()
    # Losses without KL: as of a method that does not measure it.
    selection, now = Selection(), balance(record, Selection())
    assert now is not None
    rows = tuple(replace(row, kl=NAN, kd=NAN) if row.learner == "fine-tune" else row for row in now.rows)
    bars = loss_bars(record, selection, replace(now, rows=rows))
    assert bars is not None
    at = moment(record, None)
    assert at is not None
    assert at.probe.teacher is not None
    new = np.flatnonzero(synthetic.PROBE_LABELS >= synthetic.OLD)
    total = 0.0
    for image in new:
        s, z = (at.probe.teacher[image, : synthetic.OLD] / 2.0, at.logits[0][image, : synthetic.OLD] / 2.0)
        p, q = (np.exp(each.astype(float)) / np.exp(each.astype(float)).sum() for each in (s, z))
        total += float((p * np.log(p / q)).sum())
    free = bars.bars[0].free
    assert free is not None
    assert bars.bars[0].images == len(new) == 16
    assert free.number == pytest.approx(total / len(new), rel=1e-3)
    assert "16 new probe images" in told(bars.bars[0])[0]
    assert "The mean of 16 new probe images." in tip(bars, bars.bars[0], free)


def test_the_sentence_says_whose_loss_is_smaller_and_what_it_would_be(bundled: Record) -> None:
    assert bundled.incremental is not None
    fine, lwf = bundled.incremental.losses.values[-1].astype(float)
    said = verdict(bundled, bars_of(bundled))
    assert f"({fine[TOTAL]:.3f} against {lwf[TOTAL]:.3f} nats)" in said[0]
    assert f"it would be {fine[CE] + 4 * fine[KD]:.2f}." in said[0]
    assert f"Fine-tuning {4 * fine[KL]:.3f}, LwF {4 * lwf[KL]:.3f}" in said[0]
    assert [len(text) for text in said] == sorted((len(text) for text in said), reverse=True)
    at_first = verdict(bundled, bars_of(bundled, 0))[0]
    assert at_first.startswith("Every learner still answers as the old network: all distances are 0.")


def test_who_has_the_smaller_loss_although_it_counts_more_is_not_said_to_lose() -> None:
    losses = np.zeros((1, 2, len(TERMS)), np.float32)
    losses[0] = [[3.0, 0.8, 0.5, 3.0], [0.5, 0.31, 0.01, 0.5 + 4 * 0.31]]
    said = verdict(record_of(losses), bars_of(record_of(losses)))[0]
    assert said.startswith("LwF's loss is smaller (1.740 against 3.000 nats), though it counts the distance")


def test_written_parts_make_the_written_total(bundled: Record) -> None:
    for step in (1, 5, 20, 100, 1125):
        lwf = bars_of(bundled, step).bars[1]
        figures = [float(text.split()[-1]) for text in told(lwf)[0].partition(": ")[2].split(" + ")]
        assert sum(figures) == pytest.approx(float(told(lwf)[0].split()[1].rstrip(":")), abs=1e-9)


def test_a_learner_that_diverged_has_no_bar_and_the_others_have() -> None:
    bars = bars_of(diverged())
    assert bars.bars[0].parts
    assert bars.bars[1].parts == ()
    assert told(bars.bars[1])[0] == f"no loss at this step: it diverged at step {END}"
    assert math.isfinite(bars.longest)


def test_five_tasks_have_the_distance_from_each_learners_own_teacher() -> None:
    record = five.record()
    for step in (0, 5, 20, None):
        bars = bars_of(record, step)
        assert [bar.learner for bar in bars.bars] == list(synthetic.LEARNERS)
        assert bars.bars[1].held is not None


@pytest.mark.parametrize(("step", "grown"), [(0, False), (10, True), (13, False), (16, True)])
def test_where_a_later_task_has_just_begun_probes_know_another_old_network(step: int, grown: bool) -> None:
    at = moment(five.record(), step)
    assert at is not None
    assert _just_grown(at) is grown
