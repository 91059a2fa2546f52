"""Learners that answer by another head than their network's: where they begin, what is compared, what is stored."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from torch import Tensor

from lwf_gui.messages import Evaluated, ProtocolName, TeacherReady
from lwf_gui.methods import METHODS
from lwf_gui.runs import averages
from lwf_gui.runs.after_tasks import matrix_of, on_probe_images_at, on_test_sets_before
from lwf_gui.runs.forks import continued
from lwf_gui.runs.matrix import matrices
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.soft_targets import soft_targets
from tests.engine.lab import Lab, Ran
from tests.engine.test_added import FIVE, go_on
from tests.runs.joining import recorded

HEADS = tuple(name for name, row in METHODS.items() if row.answers_by)
PROTOCOLS: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")
LEARNERS = f"learners={json.dumps([*HEADS, 'lwf'])}"
SMALL = ("ranpac.projection=40", LEARNERS)


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab()


@pytest.fixture(scope="module")
def ran(lab: Lab) -> Ran:
    return lab.run(*SMALL)


@pytest.fixture(scope="module")
def record(ran: Ran) -> Record:
    return recorded(ran.messages)


def first(ran: Ran) -> Evaluated:
    return next(told for told in ran.all(Evaluated) if (told.task, told.epoch) == (1, 0))


def test_these_are_the_methods_with_heads_of_their_own() -> None:
    assert set(HEADS) >= {"ncm", "slda", "fecam", "ranpac", "icarl", "lwf-ldc"}
    assert not {"frozen", "lwf", "joint", "replay"} & set(HEADS)


def test_the_accuracy_matrix_begins_with_what_the_learner_itself_knew_after_the_first_task(
    ran: Ran, record: Record
) -> None:
    assert record.data is not None
    size, told = record.data.test_sizes[0], first(ran).scores
    begun = {}
    for name in HEADS:
        for protocol in PROTOCOLS:
            matrix = matrix_of(record, name, protocol)
            assert matrix is not None
            begun[name] = told[name].task_aware[0] / size
            assert matrix[0, 0] == begun[name]
            assert ran.summary["learners"][name]["matrix"][protocol][0][0] == matrix[0, 0]
            lost = ran.summary["learners"][name]["forgetting"][protocol]
            assert lost == matrix[0, 0] - matrix[1, 0]
            assert lost == -ran.summary["learners"][name]["backward_transfer"][protocol]
            panel = matrices(record, Selection(protocol=protocol))
            assert panel is not None
            assert panel.of(name).shares[0, 0] == matrix[0, 0]
    assert len(set(begun.values())) > 2, "each has its own"
    plain = matrix_of(record, "lwf", "task_aware")
    assert plain is not None
    assert plain[0, 0] == ran.all(TeacherReady)[0].right / size


def test_statistics_of_a_frozen_backbone_forget_nothing_task_aware(ran: Ran) -> None:
    """Nearest class means of the first task stay what they were, and so do their answers among its classes."""
    assert ran.summary["learners"]["ncm"]["forgetting"]["task_aware"] == 0


def test_a_fork_has_the_same_accuracy_matrix(lab: Lab, ran: Ran, record: Record) -> None:
    again, forked = go_on(lab, continued(record, 1, 3, {}, ""))
    for name in HEADS:
        assert again.summary["learners"][name]["matrix"] == ran.summary["learners"][name]["matrix"]
        for protocol in PROTOCOLS:
            np.testing.assert_array_equal(matrix_of(forked, name, protocol), matrix_of(record, name, protocol))


def test_averages_of_many_tasks_begin_where_the_learner_does() -> None:
    record = recorded(Lab().run(*FIVE, 'learners=["ncm","lwf"]').messages)
    assert record.incremental is not None
    for name in ("ncm", "lwf"):
        matrix = matrix_of(record, name, "class_incremental")
        assert matrix is not None
        told = on_test_sets_before(record, name, "class_incremental", 1)
        assert record.data is not None
        assert told[0, 0] / record.data.test_sizes[0] == matrix[0, 0]
    begin = averages.averages(record, "ncm", Selection(step=0))
    assert begin.ended
    assert begin.average == 100 * float(matrix_of(record, "ncm", "task_aware")[0, 0])  # type: ignore[index]
    tracks = record.incremental.right["task_aware"].values
    place = record.incremental.index("ncm")
    at = moment(record, 4)
    assert at is not None
    assert on_probe_images_at(record, "ncm", "class_incremental", at)[0, 0] == tracks[0, place, 0]


def test_teachers_are_scored_by_their_networks_heads() -> None:
    """LwF that answers by discriminants is taught by the very network that the same LwF without them is taught by."""
    wanted = 'learners=[{method="lwf-ldc", backbone_rate=1}, {method="lwf", name="labels", ce_scope="new"}]'
    for told in Lab().run(*FIVE, wanted).all(Evaluated):
        assert told.scores["lwf-ldc"].teacher == told.scores["labels"].teacher


@pytest.mark.parametrize("step", [0, 3, None])
def test_no_softmax_is_taken_of_answers_that_are_no_logits(record: Record, step: int | None) -> None:
    now = soft_targets(record, Selection(step=step))
    assert now is not None
    for student in now.students:
        own = student.learner in HEADS and not (step == 3 and METHODS[student.learner].between_tasks)
        assert math.isnan(student.kl) == own, student.learner
        assert all(math.isnan(share) == own for share in student.probabilities)
        assert student.answers_by == (METHODS[student.learner].answers_by if own else "")
        assert student.right is not None
    assert len(now.leading(3)) == 3


def test_teachers_are_stored_by_no_method_and_fecam_stores_one_matrix_a_class(ran: Ran) -> None:
    methods = {name: ran.learners[name].method for name in HEADS}
    width = ran.learners["lwf"].network.classifier.in_features
    classes = ran.learners["lwf"].network.classifier.out_features
    assert methods["fecam"].stored_bytes == classes * width**2 * 4 + classes * (width * (8 + 4) + 3 * 8)
    parts = methods["lwf-ldc"].state().items()
    kept = sum(part.nbytes for name, part in parts if isinstance(part, Tensor) and not name.startswith("old."))
    assert methods["lwf-ldc"].stored_bytes == kept
