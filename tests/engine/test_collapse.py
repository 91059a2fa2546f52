"""A learner that explodes without NaN is announced as plainly as one that diverges; its numbers stay."""

from __future__ import annotations

import json

import pytest

from lwf_gui.messages import Branch, Evaluated, Finished, Notice
from lwf_gui.runs.record import Record
from tests.engine.lab import Lab, Ran, at
from tests.engine.test_fork import fork_of
from tests.runs.collapsing import collapses

WILD = ("lwf.alpha=10", "task2.lr=0.1", "task2.epochs=6", "train.probe_every=20", "train.probe_images=100")
"""Without a longest step LwF explodes, and goes on with finite numbers."""


def record_of(ran: Ran) -> Record:
    record = Record()
    for message in ran.messages:
        record.apply(message)
    return record


def test_a_collapse_is_announced_once_and_changes_no_number(lab: Lab) -> None:
    ran = lab.run(*WILD)
    assert ran.all(Finished)
    notice = ran.one(Notice).text
    assert notice.startswith("LwF collapsed: at step ")
    assert " is above its start, " in notice
    assert notice.endswith("in a fork at an earlier step or a new run.")
    scores = ran.all(Evaluated)[-1].scores
    assert not scores["lwf"].diverged
    assert set(ran.summary["learners"]) == {"fine-tune", "lwf"}
    json.dumps(ran.summary, allow_nan=False)


def test_the_record_knows_of_it_what_the_engine_told(lab: Lab) -> None:
    ran = lab.run(*WILD)
    record = record_of(ran)
    assert record.data is not None
    (found,) = collapses(record).values()
    assert found.learner == "lwf"
    assert found.sentence(record.data.classes) == ran.one(Notice).text


@pytest.mark.parametrize("network", ["mlp", "cnn"])
def test_forgetting_is_no_collapse(lab: Lab, network: str) -> None:
    ran = lab.run(f"model.network={network}", "train.probe_every=5", "task2.epochs=4", "lwf.alpha=0")
    assert ran.all(Notice) == []
    assert collapses(record_of(ran)) == {}


def test_a_change_by_hand_that_makes_it_collapse_is_announced(lab: Lab) -> None:
    ran = lab.run(
        *WILD, "lwf.alpha=1", "task2.lr=0.03", hook=at(40, lambda ran: ran.control.change(alpha=10.0, lr=0.1))
    )
    assert ran.one(Notice).text.startswith("LwF collapsed: at step ")


def test_a_branch_that_collapses_is_announced_by_its_own_name(lab: Lab) -> None:
    fine = (*WILD, "lwf.alpha=1", "task2.lr=0.03")
    original = lab.run(*fine)
    assert original.all(Notice) == []
    branch = Branch("lwf+1@20", "lwf", 20, {"alpha": 10.0, "lr": 0.1})
    ran = lab.fork(fork_of(original, 20, branches=(branch,)), *fine)
    assert ran.one(Notice).text.startswith("LwF, from step 20, collapsed: at step ")
