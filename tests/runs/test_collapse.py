"""A collapse is one answer to nearly everything while the loss is above its start; forgetting is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui.messages import TERMS, Branch, LiveSettingsApplied, Message, PhaseStarted, Probe, Steps
from lwf_gui.runs.collapse import LASTING, Collapse, one_answer
from lwf_gui.runs.record import Record
from tests.runs import synthetic
from tests.runs.collapsing import collapses
from tests.runs.synthetic import CLASSES, LEARNERS, OLD, PROBE_LABELS, PROBES

NEW = int((PROBE_LABELS >= OLD).sum())
TOTAL, LWF = TERMS.index("total"), LEARNERS.index("lwf")
PROBED = (0, 1, 2, 4, 8, 16, 20, 40, 60)


def answers(units: NDArray[np.integer] | list[int]) -> NDArray[np.float16]:
    """Return logits, shape (P, classes), whose largest is that of the given units."""
    logits = np.zeros((PROBES, CLASSES), np.float16)
    logits[np.arange(PROBES), units] = 5
    return logits


RIGHT = answers(PROBE_LABELS.astype(int))
BOTH = answers(np.full(PROBES, OLD))
"""One new class for everything."""
NEW_ALONE = answers(np.where(PROBE_LABELS < OLD, PROBE_LABELS, 1).astype(int))
"""One old class for all of the new task, and the old task right."""
FORGOTTEN = answers(np.where(PROBE_LABELS < OLD, OLD + PROBE_LABELS % 2, PROBE_LABELS).astype(int))
"""What fine-tuning does: new classes for everything, the new task right."""


def run(
    logits: dict[int, NDArray[np.float16]],
    losses: dict[int, float],
    *,
    marks: tuple[LiveSettingsApplied, ...] = (),
    branches: tuple[Branch, ...] = (),
) -> Record:
    """Return a record in which LwF answers and loses as given from these steps on; all others are right."""
    names = (*LEARNERS, *(branch.learner for branch in branches))
    steps = np.ones((PROBED[-1], len(names), len(TERMS)), np.float32)
    for first, loss in losses.items():
        steps[max(first - 1, 0) :, LWF, TOTAL] = loss
    told: list[Message] = [PhaseStarted(1, "incremental", names, PROBED[-1], (20,), layers=(), branches=branches)]
    for before, step in zip((0, *PROBED), PROBED, strict=False):
        if step:
            told.append(Steps(1, "incremental", before + 1, steps[before:step], 1.0, 1))
        shown = np.stack([RIGHT] * len(names))
        shown[LWF] = next((logits[at] for at in sorted(logits, reverse=True) if at <= step), RIGHT)
        told.append(Probe(1, "incremental", step, shown))
    return synthetic.record([*synthetic.task1(), *told, *marks])


def test_one_answer_to_everything_above_the_start_is_a_collapse() -> None:
    record = run({8: BOTH}, {0: 3.0, 5: 9.0})
    (found,) = collapses(record).values()
    assert (found.learner, found.step, found.loss, found.start) == ("lwf", 40, 9.0, 3.0)
    assert (found.answer.unit, found.answer.count, found.answer.images, found.answer.both) == (
        OLD,
        PROBES,
        PROBES,
        True,
    )
    assert found.sentence("abcde").startswith(
        f"LwF collapsed: at step 40 it answers d to {PROBES} of {PROBES} probe images (class-incremental), and its "
        "loss, 9, is above its start, 3. "
    )


def test_the_new_task_alone_is_enough() -> None:
    (found,) = collapses(run({20: NEW_ALONE}, {0: 3.0, 20: 9.0})).values()
    assert (found.step, found.answer.unit, found.answer.count, found.answer.both) == (40, 1, NEW, False)
    assert f"answers b to {NEW} of {NEW} new-task probe images" in found.sentence("abcde")


@pytest.mark.parametrize(
    ("logits", "losses"),
    [
        ({0: FORGOTTEN}, {0: 3.0, 2: 9.0}),  # above its start, and right: a loss of many terms may be
        ({0: BOTH}, {0: 3.0, 2: 1.0}),  # it has yet to learn, and does
        ({1: BOTH, 20: RIGHT}, {0: 3.0, 2: 9.0, 16: 1.0}),  # a first step that was too long is made good
        ({0: RIGHT}, {0: 3.0, 2: 9.0}),
    ],
    ids=["forgetting", "early", "made good", "right"],
)
def test_what_is_no_collapse(logits: dict[int, NDArray[np.float16]], losses: dict[int, float]) -> None:
    assert collapses(run(logits, losses)) == {}


def test_nearly_everything_is_enough_and_less_is_not() -> None:
    units = np.full(PROBES, OLD)
    units[: int(PROBES * 0.05)] = 1
    assert one_answer(answers(units), PROBE_LABELS, synthetic.SCENARIO, 1) is not None
    units[: int(PROBES * 0.2)] = 1
    units[-NEW // 4 :] = 1
    assert one_answer(answers(units), PROBE_LABELS, synthetic.SCENARIO, 1) is None


def test_a_new_task_of_one_class_is_answered_with_one_class_rightly() -> None:
    labels = np.where(PROBE_LABELS < OLD, PROBE_LABELS, OLD)
    assert one_answer(answers(labels.astype(int)), labels, synthetic.SCENARIO, 1) is None


def test_it_is_told_at_the_first_probe_that_shows_it_for_long_enough() -> None:
    record = run({0: BOTH}, {0: 3.0, 2: 9.0})
    (found,) = collapses(record).values()
    assert found.step == next(step for step in PROBED if step - 1 >= LASTING)
    assert collapses(synthetic.record([*record.messages()])) == collapses(record)


def test_loss_is_compared_with_its_start_under_the_same_settings() -> None:
    """Ten times alpha makes ten times the loss, in one step, of a learner that is fine."""
    live = synthetic.live_settings(20, alpha=10.0)
    assert collapses(run({0: BOTH}, {0: 3.0, 2: 2.0, 21: 30.0}, marks=(live,))) == {}
    (found,) = collapses(run({0: BOTH}, {0: 3.0, 2: 2.0, 21: 30.0, 22: 40.0}, marks=(live,))).values()
    assert (found.step, found.start) == (40, 30.0)
    unchanged = synthetic.live_settings(20, lr=0.5)
    (found,) = collapses(run({20: BOTH}, {0: 3.0, 2: 2.0, 21: 30.0}, marks=(unchanged,))).values()
    assert (found.step, found.start) == (40, 3.0)


def test_a_learner_without_numbers_has_diverged_and_not_collapsed() -> None:
    nothing = np.full((PROBES, CLASSES), np.nan, np.float16)
    assert collapses(run({20: nothing}, {0: 3.0, 20: np.nan})) == {}


def test_a_branch_is_watched_under_its_own_name() -> None:
    branch = Branch("lwf+1@0", "lwf", 0, {"alpha": 5.0})
    record = run({20: BOTH}, {0: 3.0, 20: 9.0}, branches=(branch,))
    assert list(collapses(record)) == ["lwf"]


def test_before_task_2_there_is_nothing_to_collapse() -> None:
    assert collapses(Record()) == {}
    assert collapses(synthetic.record(synthetic.task1())) == {}


def test_the_advice_is_of_what_is_not_done_yet() -> None:
    by_hand = LiveSettingsApplied(1, 2, replace(synthetic.RECIPE.live_settings(), lr=10.0), ("lr",), "user")
    limited = synthetic.RECIPE.with_settings({"task2.max_step": 0.2})
    free = synthetic.RECIPE.with_settings({"task2.max_step": 0.0})
    said = []
    for recipe, marks in ((limited, (by_hand,)), (free, ())):
        record = run({8: BOTH}, {0: 3.0, 5: 9.0}, marks=marks)
        assert record.data is not None
        record.data = replace(record.data, recipe=recipe)
        (found,) = collapses(record).values()
        said.append(found.sentence("abcde"))
    assert "its learning rate, 10, is above the slider's end, 0.1: try a smaller" in said[0]
    assert "max_step" not in said[0]
    assert "slider" not in said[1]
    assert "or a longest step (task2.max_step)" in said[1]
    alone = Collapse("fine-tune", 40, found.answer, 9.0, 3.0)
    assert "alpha" not in alone.sentence("abcde"), "fine-tuning has none"
