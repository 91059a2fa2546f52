"""A learner of another method joins a complete run: it trains alone, and the record is that of a run with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.control import Control
from lwf_gui.engine.runner import Job
from lwf_gui.learners import LearnerSpec
from lwf_gui.messages import Finished, LiveSettingsApplied, Progress, Steps, TeacherReady
from lwf_gui.recipe import compose
from lwf_gui.runs.forks import Continuation, continued, with_learner
from lwf_gui.runs.record import Record
from tests.engine.lab import TINY, Hook, Lab, Ran
from tests.engine.test_fork import FREEZES, MARKS, SPAN, STEPS, turning
from tests.runs.joining import assert_same_run, recorded

REPLAY = LearnerSpec("replay", "replay")
STRONG = LearnerSpec("lwf", "LwF 5", (("alpha", 5.0),))
RANPAC = LearnerSpec("ranpac", "ranpac", (("projection", 40),))
AVERAGE = LearnerSpec("average", "3/4 old + 1/4 new", (("share", 0.25),))
BETWEEN = LearnerSpec("average", "between", (("start", "lwf"), ("end", "fine-tune"), ("share", 0.5)))
KEPT, RECORDED = 1, 0
"""Ids of runs whose states the engine keeps, and of those that come from a file."""

ALIASED = ("lwf.teacher=aliased", "task2.optimizer=restarted", "task2.warmup_epochs=1")
FIVE = ("data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]", "train.probe_every=4", "data.train_images=160")


def go_on(lab: Lab, how: Continuation, hook: Hook | None = None, run_id: int = 2) -> tuple[Ran, Record]:
    """Return what the continuation of a run told, and the record that comes of it."""
    control = Control()
    for planned in how.later:
        control.plan(planned.step, planned.values, planned.learner)
    assert how.record.data is not None
    ran = lab.do(Job(run_id, how.record.data.recipe, control, how.fork), hook)
    for message in ran.messages:
        for each in how.beside.joined(message) if how.beside else (message,):
            how.record.apply(each)
    return ran, how.record


def names(learners: list[str]) -> str:
    return f"learners={learners}".replace("'", '"')


@pytest.mark.parametrize(
    ("changes", "hook", "first", "spec", "origin"),
    [
        (SPAN, None, ["fine-tune", "lwf"], REPLAY, KEPT),
        ((*SPAN, "task2.warmup_epochs=2"), MARKS, ["fine-tune", "lwf"], REPLAY, KEPT),
        ((*SPAN, "task2.warmup_epochs=2"), MARKS, ["fine-tune", "lwf"], REPLAY, RECORDED),
        ((*SPAN, *ALIASED), None, ["fine-tune"], STRONG, KEPT),
        (SPAN, FREEZES, ["fine-tune"], STRONG, RECORDED),
        (FIVE, None, ["fine-tune", "lwf"], REPLAY, KEPT),
        (FIVE, None, ["fine-tune"], STRONG, RECORDED),
        (FIVE, None, ["fine-tune", "lwf"], RANPAC, KEPT),
        ((*SPAN, "task2.warmup_epochs=2"), MARKS, ["fine-tune"], RANPAC, RECORDED),
        ((*FIVE, "task2.warmup_epochs=1"), None, ["fine-tune", "lwf"], REPLAY, KEPT),
        ((*SPAN, "task2.warmup_epochs=2"), MARKS, ["fine-tune", "lwf"], AVERAGE, KEPT),
        ((*SPAN, *ALIASED), FREEZES, ["fine-tune", "lwf"], BETWEEN, RECORDED),
        ((*FIVE, "task2.warmup_epochs=1"), None, ["fine-tune", "lwf"], BETWEEN, KEPT),
    ],
    ids=[
        "plain",
        "changes",
        "changes of a recorded run",
        "aliased",
        "frozen by hand",
        "five",
        "distils",
        "statistics",
        "statistics, changes",
        "warm-up",
        "average, changes",
        "average of two learners, frozen by hand",
        "average of two learners, five",
    ],
)
def test_an_added_learner_gives_the_record_of_a_run_that_has_had_it_from_the_beginning(
    lab: Lab, changes: tuple[str, ...], hook: Hook | None, first: list[str], spec: LearnerSpec, origin: int
) -> None:
    original = recorded(lab.run(*changes, names(first), hook=hook).messages)
    before = original.incremental
    assert before is not None
    ran, added = go_on(lab, with_learner(original, origin, spec))
    assert ran.losses().shape[1] == 1, "nobody else is trained"
    assert not ran.all(TeacherReady)
    recipe = compose("digits", [*TINY, *changes, names(first)])
    whole = recorded(lab.run_recipe(recipe.with_settings({"learners": [*first, spec.told]}), hook).messages)
    assert_same_run(added, whole)
    assert added.data is not None
    assert whole.data is not None
    assert whole.incremental is not None
    assert added.incremental is not None
    assert added.data.recipe == whole.data.recipe
    assert replace(added.incremental.started, run_id=1) == whole.incremental.started
    assert isinstance(added.outcome, Finished)
    assert isinstance(whole.outcome, Finished)
    for told in ("recipe", "learners", "epochs"):
        assert added.outcome.summary[told] == whole.outcome.summary[told]
    assert list(added.outcome.summary["learners"]) == [*first, spec.name]
    assert list(added.outcome.summary["seconds"]["per_image"]) == [*first, spec.name]


def test_what_is_kept_of_the_run_before_is_used_and_stays(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    ran, joint = go_on(lab, with_learner(original, 1, REPLAY))
    assert not [each for each in ran.all(Progress) if each.what.startswith(("Training", "Going"))]
    assert ran.all(Steps)[-1].images == 16 * STEPS
    again, branched = go_on(lab, continued(joint, 2, 33, {"lr": 0.05}, "replay"), run_id=3)
    assert not [each for each in again.all(Progress) if each.what.startswith("Training")]
    assert max((each.total for each in again.all(Progress) if each.what.startswith("Going")), default=0) < 10
    assert branched.incremental is not None
    values = branched.incremental.losses.values
    assert values[:33, 3].tobytes() == values[:33, 2].tobytes()
    assert values[33:, 3].tobytes() != values[33:, 2].tobytes()


def test_the_run_before_is_forked_again_from_what_is_kept(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    go_on(lab, with_learner(original, 1, REPLAY))
    ran, second = go_on(lab, continued(original, 1, 33, {"alpha": 4.0}, "fine-tune"), run_id=3)
    assert not [each for each in ran.all(Progress) if each.what.startswith("Training the teacher")]
    assert max((each.total for each in ran.all(Progress) if each.what.startswith("Going")), default=0) < 10
    assert second.incremental is not None
    tuned = second.incremental.losses.values
    assert tuned[:, 2].tobytes() == tuned[:, 0].tobytes(), "alpha means nothing to it"


@pytest.mark.parametrize("origin", [2, 0], ids=["kept", "recorded"])
def test_a_fork_of_the_whole_joint_run_repeats_it(lab: Lab, origin: int) -> None:
    original = recorded(lab.run(*SPAN, hook=MARKS).messages)
    _, joint = go_on(lab, with_learner(original, 1, REPLAY), turning(21, lr=0.02))
    (mark,) = [mark for mark in joint.marks if mark.learner]
    assert (mark.learner, mark.step, mark.changed, mark.live_settings.lr) == ("replay", 21, ("lr",), 0.02)
    for step in (3, 25):  # before and after what was changed of it alone
        _, again = go_on(lab, continued(joint, origin, step, {}, ""), run_id=3 + step)
        assert_same_run(again, joint)
        origin = 0


def test_a_learner_joins_before_the_branches_of_a_run(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    _, branched = go_on(lab, continued(original, 1, 30, {"alpha": 4.0}, "lwf"))
    _, joint = go_on(lab, with_learner(branched, 2, REPLAY), run_id=3)
    assert branched.incremental is not None
    assert joint.incremental is not None
    branch = branched.incremental.started.learners[-1]
    assert joint.incremental.started.learners == ("fine-tune", "lwf", "replay", branch)
    theirs = [joint.incremental.started.columns.index(name) for name in branched.incremental.started.columns]
    values = joint.incremental.losses.values[:, [0, 1, 3]][..., theirs]
    assert values.tobytes() == branched.incremental.losses.values.tobytes()
    for one, other in zip(joint.incremental.probes, branched.incremental.probes, strict=True):
        np.testing.assert_array_equal(one.logits[[0, 1, 3]], other.logits)
    _, twice = go_on(lab, with_learner(joint, 3, LearnerSpec("joint", "joint")), run_id=4)
    assert twice.incremental is not None
    assert twice.incremental.started.learners == ("fine-tune", "lwf", "replay", "joint", branch)
    assert [set(told.scores) for told in twice.evaluations] == [set(twice.incremental.started.learners)] * len(
        twice.evaluations
    )


def test_one_that_diverges_alone_leaves_the_recorded_ones(lab: Lab) -> None:
    original = recorded(lab.run(*SPAN).messages)
    _, joint = go_on(lab, with_learner(original, 1, REPLAY), turning(1, lr=1e9))
    assert isinstance(joint.outcome, Finished)
    assert joint.incremental is not None
    assert joint.incremental.diverged("replay") is not None
    assert joint.incremental.diverged("lwf") is None
    assert [mark.learner for mark in joint.marks if isinstance(mark, LiveSettingsApplied)] == ["replay"]
