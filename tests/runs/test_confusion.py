"""Confusion matrices, against plain loops over the same record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, DataReady
from lwf_gui.runs.confusion import Cell, matrices
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import synthetic
from tests.runs.synthetic import CLASSES, LEARNERS, OLD, PROBE_LABELS, TASK1_STEPS

BOTH: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")


def predicted(logits: NDArray[np.float16], label: int, protocol: ProtocolName) -> int:
    """Return the answer to one image."""
    choices = range(CLASSES)
    if protocol == "task_aware":
        choices = range(OLD) if label < OLD else range(OLD, CLASSES)
    return max(choices, key=lambda unit: float(logits[unit]))


def counted(logits: NDArray[np.float16], size: int, protocol: ProtocolName) -> list[list[int]]:
    """Return the matrix of one learner."""
    table = [[0] * size for _ in range(size)]
    for row, label in zip(logits, PROBE_LABELS.tolist(), strict=True):
        if label < size:
            table[label][predicted(row, label, protocol)] += 1
    return table


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize(("step", "probe", "when"), [(None, 3, "step 30"), (12, 1, "step 10"), (0, 0, "step 0")])
def test_matrices_count_every_probe_image(protocol: ProtocolName, step: int | None, probe: int, when: str) -> None:
    record = synthetic.record()
    shown = matrices(record, Selection(protocol, step))
    assert shown is not None
    assert record.incremental is not None
    assert (shown.learners, shown.protocol, shown.when) == (LEARNERS, protocol, when)
    assert (shown.classes, shown.old) == (("a", "b", "c", "d", "e"), OLD)
    for row, learner in enumerate(LEARNERS):
        table = counted(record.incremental.probes[probe].logits[row], CLASSES, protocol)
        assert shown.counts[row].tolist() == table
        assert shown.right(learner) == sum(table[unit][unit] for unit in range(CLASSES))
        for true in range(CLASSES):
            percent = [100 * count / sum(table[true]) for count in table[true]]
            assert shown.percent[row, true].tolist() == pytest.approx(percent)
            for taken in range(CLASSES):
                cell = Cell(learner, true, taken)
                assert shown.count(cell) == (table[true][taken], sum(table[true]))
                logits = record.incremental.probes[probe].logits[row]
                assert shown.images_in(cell) == [
                    image
                    for image, label in enumerate(PROBE_LABELS.tolist())
                    if label == true and predicted(logits[image], label, protocol) == taken
                ]


def test_protocols_differ_in_what_can_be_confused() -> None:
    aware, incremental = (matrices(synthetic.record(), Selection(protocol)) for protocol in BOTH)
    assert aware is not None
    assert incremental is not None
    for true in range(CLASSES):
        for taken in range(CLASSES):
            assert aware.possible[true, taken] == ((true < OLD) == (taken < OLD))
            assert incremental.possible[true, taken]
    assert not aware.counts[:, ~aware.possible].any()
    assert incremental.counts[:, ~aware.possible].any(), "else the two would show the same"


@pytest.mark.parametrize("protocol", BOTH)
@pytest.mark.parametrize(
    ("step", "probe", "when"),
    [(None, 1, "the teacher, trained"), (-TASK1_STEPS, 0, f"{TASK1_STEPS} steps before head expansion")],
)
def test_teacher_alone_knows_the_old_classes(protocol: ProtocolName, step: int | None, probe: int, when: str) -> None:
    record = synthetic.record(synthetic.task1())
    shown = matrices(record, Selection(protocol, step))
    assert shown is not None
    assert record.base is not None
    assert (shown.learners, shown.classes, shown.when) == ((TEACHER,), ("a", "b", "c"), when)
    assert shown.counts[0].tolist() == counted(record.base.probes[probe].logits[0], OLD, protocol)
    assert shown.images_in(Cell(TEACHER, 0, 0))
    assert all(PROBE_LABELS[image] == 0 for image in shown.images_in(Cell(TEACHER, 0, 0)))


def test_teacher_is_shown_again_before_the_head_expansion() -> None:
    shown = matrices(synthetic.record(), Selection(step=-1))
    assert shown is not None
    assert shown.learners == (TEACHER,)


@pytest.mark.parametrize("messages", [[], [synthetic.data_ready()], synthetic.task1()[:2]])
def test_nothing_without_a_probe(messages: list[DataReady]) -> None:
    record = Record()
    for message in messages:
        record.apply(message)
    assert matrices(record, Selection()) is None


def test_mistakes_come_most_frequent_first_and_none_is_right() -> None:
    record = synthetic.record()
    shown = matrices(record, Selection("class_incremental"))
    assert shown is not None
    assert record.incremental is not None
    table = counted(record.incremental.probes[-1].logits[0], CLASSES, "class_incremental")
    pairs = [(true, taken) for true in range(CLASSES) for taken in range(CLASSES) if true != taken]
    expected = sorted((pair for pair in pairs if table[pair[0]][pair[1]]), key=lambda p: -table[p[0]][p[1]])
    assert len(expected) > 3
    assert [cell[1:] for cell in shown.mistakes("fine-tune", 100)] == expected
    assert [cell[1:] for cell in shown.mistakes("fine-tune", 2)] == expected[:2]


def test_class_without_images_has_an_empty_row() -> None:
    record = synthetic.record(
        [replace(synthetic.data_ready(), probe_labels=np.maximum(PROBE_LABELS, 1)), *synthetic.task1()[1:]]
    )
    shown = matrices(record, Selection())
    assert shown is not None
    assert shown.counts[0, 0].tolist() == shown.percent[0, 0].tolist() == [0, 0, 0]
    assert shown.count(Cell(TEACHER, 0, 1)) == (0, 0)
    assert shown.percent[0, 1].sum() == pytest.approx(100)
