"""A learner whose loss diverges stops alone: the others train the same bits, and the run goes on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from lwf_gui.engine.methods import kind_of
from lwf_gui.engine.methods.base import Context, Method, Terms
from lwf_gui.messages import Branch, DataReady, Evaluated, Failed, Finished, LayerProbe, MiniBatch, Notice, Steps
from tests.engine.lab import FINE_TUNE, LWF, TOTAL, Lab, Ran, bits, same_bits
from tests.engine.test_fork import CNN_IN_BF16, SPAN, STEPS, assert_continues, branch, fork_of

AT = 12
"""The step at which LwF diverges: in an epoch, and at no probe."""


@contextmanager
def failing(step: int, value: float = math.inf, method: str = "lwf") -> Iterator[None]:
    """Multiply a method's total loss at one step of a run by a value."""
    kind = kind_of(method)
    losses = kind.losses
    calls: list[None] = []

    def broken(self: Method, context: Context) -> Terms:
        calls.append(None)
        terms = losses(self, context)
        return {**terms, "total": terms["total"] * value} if len(calls) == step else terms

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "losses", broken)
        yield


def same_but(ran: Ran, original: Ran, column: int, name: str) -> None:
    """Assert that one learner is the same, to the last bit, in both runs."""
    assert ran.losses()[:, column].tobytes() == original.losses()[:, column].tobytes()
    for at, probe in original.probes().items():
        assert ran.probes()[at].logits[column].tobytes() == probe.logits[column].tobytes(), at
    looks = {selection.step: selection for selection in ran.all(LayerProbe)}  # in slow motion there are more of them
    for theirs in original.all(LayerProbe):
        np.testing.assert_array_equal(looks[theirs.step].forces[column], theirs.forces[column])
    for mine, its in zip(ran.all(Evaluated), original.all(Evaluated), strict=True):
        assert mine.scores[name] == its.scores[name]
    assert same_bits(bits(ran.learners[name].network), bits(original.learners[name].network))


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
@pytest.mark.parametrize(
    "changes",
    [
        (),
        CNN_IN_BF16,
        ("task2.warmup_epochs=2", "task2.optimizer=restarted"),
        ("lwf.teacher=aliased", "train.log=notebook"),
    ],
    ids=lambda changes: "+".join(changes) or "plain",
)
def test_one_that_diverges_stops_and_disturbs_nobody(lab: Lab, changes: tuple[str, ...], value: float) -> None:
    original = lab.run(*SPAN, *changes)
    with failing(AT, value):
        ran = lab.run(*SPAN, *changes)
    assert ran.all(Finished)
    same_but(ran, original, FINE_TUNE, "fine-tune")
    losses = ran.losses()[:, LWF]
    assert losses[: AT - 1].tobytes() == original.losses()[: AT - 1, LWF].tobytes()
    assert np.isnan(losses[AT - 1 :]).all()
    for at, probe in ran.probes().items():
        assert np.isnan(probe.logits[LWF]).all() == (at >= AT)
        assert np.isnan(probe.logits[LWF]).any() == (at >= AT)
        if "lwf.teacher=aliased" not in changes:  # that one's backbone is the student's
            np.testing.assert_array_equal(probe.teacher, original.probes()[at].teacher)
    for layer in ran.all(LayerProbe):
        assert np.isnan(layer.moved[LWF]).all() == (layer.step >= AT)
        assert layer.step < AT or np.isnan(layer.forces[LWF]).all()
    assert [told.scores["lwf"].diverged for told in ran.all(Evaluated)] == [False, False, True, True, True]
    assert not any(told.scores["fine-tune"].diverged for told in ran.all(Evaluated))
    assert ran.one(Notice).text == (
        f"LwF diverged: its loss is {value} at step {AT}, so it learns no more while the others go on; try a smaller "
        "learning rate or alpha, in a fork at an earlier step or a new run."
    )
    nothing = {"old": None, "new": None, "tasks": [None, None], "average": None, "average_weighted": None}
    assert ran.summary["learners"]["lwf"]["task_aware"] == nothing
    assert ran.summary["learners"]["lwf"]["class_incremental"] == nothing
    json.dumps(ran.summary, allow_nan=False)
    assert ran.all(Steps)[-1].images == ran.one(DataReady).recipe.train.batch_size * (40 + AT - 1)


def test_how_it_is_trained_and_told_does_not_matter(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    original = lab.run(*SPAN)
    with failing(AT):
        plain = lab.run(*SPAN)
        assert np.isnan(plain.losses()[AT - 1 :, LWF]).all()
    with failing(AT):
        workers = lab.run(*SPAN, "engine.threads=2")
    monkeypatch.setattr("lwf_gui.engine.clock.SECONDS_PER_BLOCK", 3600.0)
    with failing(AT):
        blocks = lab.run(*SPAN)
    assert max(len(block.losses) for block in blocks.all(Steps) if block.phase == "incremental") > 1
    monkeypatch.setattr("lwf_gui.control.Control.slow", True)
    with failing(AT):
        slow = lab.run(*SPAN)
    for ran in (workers, blocks, slow):
        same_but(ran, original, FINE_TUNE, "fine-tune")
        np.testing.assert_array_equal(ran.losses(), plain.losses())
    assert [np.isnan(batch.updates).tolist() for batch in slow.all(MiniBatch)] == [
        [False, step >= AT] for step in range(1, STEPS + 1)
    ]


def test_run_fails_once_nobody_is_left(lab: Lab) -> None:
    with failing(AT), failing(21, math.nan, "fine-tune"):
        ran = lab.run(*SPAN, "train.probe_every=1000")
    failed = ran.one(Failed)
    assert failed.cause == (
        "Fine-tuning diverged: its loss is not a finite number at step 21 of task 2; "
        "lower the learning rate or alpha and run again."
    )
    assert not failed.bad_input
    assert ran.one(Notice).text.startswith("LwF diverged: its loss is inf at step 12")
    assert len(ran.losses()) == 20  # what was trained before is told
    assert np.isfinite(ran.losses()[:, FINE_TUNE]).all()


# ---- forks

WILD: dict[str, Any] = {"lr": 1e6, "alpha": 1000.0}


def wild_branch(lab: Lab) -> tuple[Ran, Ran, int]:
    """Return a run, a fork of it with a branch that diverges, and the step at which this one does."""
    original = lab.run(*SPAN)
    ran = lab.fork(fork_of(original, 13, branches=(branch(**WILD),)), *SPAN)
    lost = np.isnan(ran.losses()[:, 2, TOTAL])
    assert not lost[0]
    assert lost[-1]
    return original, ran, 13 + int(lost.argmax()) + 1


def test_branch_that_diverges_leaves_the_run_as_it_was(lab: Lab) -> None:
    original, ran, end = wild_branch(lab)
    assert ran.all(Finished)
    assert_continues(original, ran, 13)
    assert ran.one(Notice).text.startswith("LwF, from step 13, diverged: its loss is ")
    assert f"at step {end}, so" in ran.one(Notice).text
    assert ran.summary["learners"]["lwf+1@13"]["task_aware"]["tasks"] == [None, None]


def test_fork_after_a_branch_diverged_knows_that_it_did(lab: Lab) -> None:
    _, ran, end = wild_branch(lab)
    assert end < 30
    kept = lab.runner._kept
    assert kept is not None
    assert any(step >= end for step in kept.store.steps)
    branches = (branch(**WILD), Branch("lwf+2@30", "lwf+1@13", 30, {"lr": 0.001}), branch("lwf", 30, 3))
    for origin in (2, 0):  # from a snapshot, and trained again
        lab.runner._kept = kept
        again = lab.fork(fork_of(ran, 30, origin=origin, branches=branches), *SPAN, run_id=3)
        assert again.all(Finished)
        assert not again.all(Notice)
        np.testing.assert_array_equal(again.losses()[:, :3], ran.losses()[30 - 13 :])
        assert np.isnan(again.losses()[:, 2:4]).all()  # a branch of what diverged is that
        assert again.losses()[:, 4].tobytes() == again.losses()[:, LWF].tobytes()
    saved = lab.fork(fork_of(ran, 13, origin=3, branches=(branch(lr=0.01),)), *SPAN, run_id=4)
    assert np.isfinite(saved.losses()).all()


def test_whole_run_that_diverges_after_a_fork_fails_and_can_be_forked_again(lab: Lab) -> None:
    original = lab.run(*SPAN)
    failed = lab.fork(fork_of(original, 13, live_settings=WILD), *SPAN)
    assert failed.all(Failed)
    assert_continues(original, lab.fork(fork_of(original, 13, origin=2), *SPAN, run_id=3), 13)
