"""A new learner of a complete run trains alone: its rows join the recorded ones as if all had trained again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lwf_gui.control import Control
from lwf_gui.engine.runner import Job
from lwf_gui.messages import (
    DataReady,
    Finished,
    LiveSettingsApplied,
    Message,
    Notice,
    Probe,
    Progress,
    Steps,
)
from lwf_gui.recipe import compose
from lwf_gui.runs.forks import Continuation, continued
from lwf_gui.runs.record import Record
from tests.engine.lab import TINY, Hook, Lab, Ran, both
from tests.engine.test_fork import CNN_IN_BF16, FREEZES, MARKS, SPAN, STEPS, turning
from tests.runs.joining import assert_same_run, recorded


def forked(lab: Lab, how: Continuation, *changes: str, hook: Hook | None = None, run_id: int = 2) -> tuple[Ran, Record]:
    """Return what a fork of a run with changes to `TINY` told, and the record that comes of it."""
    control = Control()
    for planned in how.later:
        control.plan(planned.step, planned.values, planned.learner)
    ran = lab.do(Job(run_id, compose("digits", [*TINY, *changes]), control, how.fork), hook)
    for message in ran.messages:
        if not isinstance(message, DataReady):
            for each in how.beside.joined(message) if how.beside else (message,):
                how.record.apply(each)
    return ran, how.record


def lockstep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all learners train again in a fork, as they must in a run that is not complete."""
    monkeypatch.setattr("lwf_gui.runs.forks.is_complete", lambda record: False)


@pytest.mark.parametrize(
    ("changes", "hook"),
    [
        ((), None),
        (("task2.warmup_epochs=2",), None),
        (("lwf.teacher=aliased", "task2.optimizer=restarted", "task2.warmup_epochs=1"), MARKS),
        (CNN_IN_BF16, None),
        ((), FREEZES),
    ],
)
@pytest.mark.parametrize("origin", [1, 0], ids=["kept", "recorded"])
def test_a_learner_that_trains_alone_gives_the_record_of_a_run_in_which_all_train(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...], hook: Hook | None, origin: int
) -> None:
    original = recorded(lab.run(*SPAN, *changes, hook=hook).messages)
    kept = lab.runner._kept
    how = continued(original, origin, 10, {"alpha": 4.0}, "lwf")
    assert how.fork.alone
    ran, alone = forked(lab, how, *SPAN, *changes)
    assert ran.losses().shape[1] == 1, "nobody else is trained"
    assert alone.incremental is not None
    assert original.incremental is not None
    assert alone.incremental.losses.values[:, :2].tobytes() == original.incremental.losses.values.tobytes()
    lab.runner._kept = kept
    lockstep(monkeypatch)
    _, together = forked(lab, continued(original, origin, 10, {"alpha": 4.0}, "lwf"), *SPAN, *changes)
    assert_same_run(alone, together)


@pytest.mark.parametrize("complete", [True, False], ids=["alone", "together"])
def test_a_freeze_that_the_user_made_after_the_step_is_in_the_fork_bit_for_bit(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, complete: bool
) -> None:
    original = recorded(lab.run(*SPAN, hook=both(FREEZES, turning(7, alpha=3.0))).messages)
    assert [mark.step for mark in original.marks] == [7, 14, 28]
    if not complete:
        lockstep(monkeypatch)
    _, record = forked(lab, continued(original, 1, 3, {}, "lwf"), *SPAN)
    assert original.incremental is not None
    assert record.incremental is not None
    assert record.incremental.losses.values[:, :2].tobytes() == original.incremental.losses.values.tobytes()
    assert record.incremental.losses.values[:, 2].tobytes() == original.incremental.losses.values[:, 1].tobytes()
    assert [(m.step, m.changed) for m in record.marks] == [(m.step, m.changed) for m in original.marks]


def test_an_unchanged_fork_of_the_whole_run_makes_its_later_changes_again(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN, hook=both(FREEZES, MARKS)).messages)
    _, record = forked(lab, continued(original, 1, 3, {}, ""), *SPAN)
    assert_same_run(record, original)
    kept = recorded(lab.run(*SPAN, hook=MARKS).messages)
    _, other = forked(lab, continued(kept, 1, 3, {"alpha": 2.0}, ""), *SPAN)
    changed = [mark.changed for mark in other.marks]
    assert changed == [("alpha",), ("lr",), ("temperature", "ce_scope"), ("lr",)], "what the fork sets stays"


def test_the_users_hand_is_on_the_learner_that_trains_alone(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    how = continued(original, 1, 10, {"alpha": 4.0}, "lwf")
    ran, record = forked(lab, how, *SPAN, hook=turning(21, alpha=6.0, lr=0.02))
    (mark,) = ran.all(LiveSettingsApplied)
    assert (mark.learner, mark.step, mark.changed) == (how.fork.alone, 21, ("alpha", "lr"))
    assert (mark.live_settings.alpha, mark.live_settings.lr) == (6.0, 0.02)
    for origin in (2, 0):  # from what is kept, and trained again
        again = continued(record, origin, 25, {}, how.fork.alone)
        assert dict(again.fork.branches[-1].overrides) == {"alpha": 6.0, "lr": 0.02}
        _, twice = forked(lab, again, *SPAN, run_id=3 + origin)
        assert twice.incremental is not None
        assert twice.incremental.losses.values[:, 3].tobytes() == twice.incremental.losses.values[:, 2].tobytes()


def test_a_fork_of_the_run_before_starts_from_what_is_kept_of_it(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    forked(lab, continued(original, 1, 9, {"alpha": 4.0}, "lwf"), *SPAN, hook=turning(14, lr=0.5))
    ran, second = forked(lab, continued(original, 1, 33, {"alpha": 4.0}, "fine-tune"), *SPAN, run_id=3)
    assert not [message for message in ran.all(Progress) if message.what.startswith("Training the teacher")]
    assert original.incremental is not None
    assert second.incremental is not None
    tuned = second.incremental.losses.values
    assert tuned[:, 2].tobytes() == tuned[:, 0].tobytes(), "alpha means nothing to it"
    back = max(m.total for m in ran.all(Progress) if m.what.startswith("Going back")) if _went_back(ran) else 0
    assert back < 10, "its later states were not let go of"


def _went_back(ran: Ran) -> bool:
    return any(message.what.startswith("Going back") for message in ran.all(Progress))


def test_a_learner_that_diverges_alone_leaves_the_recorded_ones(lab: Lab) -> None:
    long = (*SPAN, "task2.epochs=20")
    original = recorded(lab.run(*long).messages)
    ran, record = forked(lab, continued(original, 1, 10, {"lr": 10.0, "alpha": 100.0}, "lwf"), *long)
    assert ran.all(Finished)
    assert ran.all(Notice)
    assert original.incremental is not None
    assert record.incremental is not None
    assert record.incremental.steps == 5 * STEPS
    assert record.incremental.losses.values[:, :2].tobytes() == original.incremental.losses.values.tobytes()
    assert record.incremental.diverged(record.incremental.started.learners[-1]) is not None
    assert record.incremental.diverged("lwf") is None


def test_branches_of_all_steps_stay_when_one_is_added(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    _, first = forked(lab, continued(original, 1, 30, {"alpha": 4.0}, "lwf"), *SPAN)
    _, second = forked(lab, continued(first, 2, 10, {"alpha": 5.0}, "lwf"), *SPAN, run_id=3)
    assert first.incremental is not None
    assert second.incremental is not None
    assert second.incremental.losses.values[:, :3].tobytes() == first.incremental.losses.values.tobytes()
    assert len(second.incremental.started.branches) == 2


def test_only_the_new_learner_costs_time(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    seen: list[Any] = []

    def hook(ran: Ran, message: Message) -> None:
        seen.append(list(ran.learners)) if isinstance(message, Probe) else None

    how = continued(original, 1, 10, {"alpha": 4.0}, "lwf")
    ran, _ = forked(lab, how, *SPAN, hook=hook)
    assert seen
    assert all(names == [how.fork.alone] for names in seen)
    assert ran.all(Steps)[-1].images == 16 * (STEPS - 10)
    np.testing.assert_array_equal([len(block.losses[0]) for block in ran.all(Steps)], 1)
