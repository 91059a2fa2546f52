"""Every class with what is right of it, against a plain loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.messages import TEACHER
from lwf_gui.runs.class_rows import class_image, class_rows
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import synthetic
from tests.runs.synthetic import OLD, PROBE_LABELS

BOTH: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")


@pytest.mark.parametrize("protocol", BOTH)
def test_class_rows_equal_a_plain_loop(protocol: ProtocolName) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    rows = class_rows(record, Selection(protocol))
    assert [row.name for row in rows] == list("abcde")
    for unit, row in enumerate(rows):
        assert (row.unit, row.old, row.count) == (unit, unit < OLD, int(np.count_nonzero(unit == PROBE_LABELS)))
        np.testing.assert_array_equal(
            class_image(record, unit), synthetic.PROBE_IMAGES[np.flatnonzero(unit == PROBE_LABELS)[0]]
        )
        for column, learner in enumerate(synthetic.LEARNERS):
            hits = []
            for logits, label in zip(record.incremental.probes[-1].logits[column], PROBE_LABELS, strict=True):
                units = range(5) if protocol == "class_incremental" else range(OLD) if label < OLD else range(OLD, 5)
                if label == unit:
                    hits.append(max(units, key=lambda u: float(logits[u])) == unit)
            assert row.correct[learner] == pytest.approx(100 * sum(hits) / len(hits))


def test_class_rows_in_task_1_show_the_teacher_on_old_classes_alone() -> None:
    rows = class_rows(synthetic.record(synthetic.task1()), Selection("class_incremental"))
    assert [set(row.correct) for row in rows] == [{TEACHER}] * OLD + [set()] * 2


def test_class_without_probe_image_has_a_blank_row() -> None:
    data = synthetic.data_ready()
    few = np.flatnonzero(PROBE_LABELS != 4)
    record = Record()
    record.apply(replace(data, probe_labels=PROBE_LABELS[few], probe_images=synthetic.PROBE_IMAGES[few]))
    row = class_rows(record, Selection())[4]
    assert (row.count, row.correct, class_image(record, 4).shape) == (0, {}, (1, 1))
