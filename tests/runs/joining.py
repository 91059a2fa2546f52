"""Records made of what a run told, and whether two of them tell the same."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lwf_gui.messages import Message
from lwf_gui.runs.record import Record


def recorded(messages: Iterable[Message]) -> Record:
    """Return the record of a run."""
    record = Record()
    for message in messages:
        record.apply(message)
    return record


def assert_same_run(one: Record, other: Record) -> None:
    """Assert that two records tell the same of task 2, to the last bit."""
    first, second = one.incremental, other.incremental
    assert first is not None
    assert second is not None
    assert first.started.learners == second.started.learners
    assert first.losses.values.tobytes() == second.losses.values.tobytes()
    assert [probe.step for probe in first.probes] == [probe.step for probe in second.probes]
    for ours, theirs in zip(first.probes, second.probes, strict=True):
        assert ours.logits.tobytes() == theirs.logits.tobytes(), ours.step
        np.testing.assert_array_equal(ours.teacher, theirs.teacher)
    for looked, again in zip(one.layers, other.layers, strict=True):
        for name in ("forces", "moved", "filters"):
            np.testing.assert_array_equal(getattr(looked, name), getattr(again, name))
    assert list(one.means) == list(other.means)
    for placed, once_more in zip(one.means.values(), other.means.values(), strict=True):
        for name in ("now", "kept", "apart"):
            np.testing.assert_array_equal(getattr(placed, name), getattr(once_more, name))
    assert list(one.put_back) == list(other.put_back)
    for put_back, once_again in zip(one.put_back.values(), other.put_back.values(), strict=True):
        assert (put_back.task, put_back.full) == (once_again.task, once_again.full)
        np.testing.assert_array_equal(put_back.right, once_again.right)
    assert list(one.paths) == list(other.paths)
    for walked, walked_again in zip(one.paths.values(), other.paths.values(), strict=True):
        for name in ("task", "tested", "images"):
            assert getattr(walked, name) == getattr(walked_again, name)
        assert walked.right.shape == walked_again.right.shape
        known = (walked.right >= 0) & (walked_again.right >= 0)  # between learners that trained apart nothing is
        np.testing.assert_array_equal(walked.right[known], walked_again.right[known])
        assert known[0].any() == (walked.right[0] >= 0).any()
    assert list(one.representations) == list(other.representations)
    for compared, compared_again in zip(one.representations.values(), other.representations.values(), strict=True):
        for name in ("cka", "points", "variance"):
            np.testing.assert_array_equal(getattr(compared, name), getattr(compared_again, name))
    assert [(e.epoch, e.step, e.scores) for e in one.evaluations] == [
        (e.epoch, e.step, e.scores) for e in other.evaluations
    ]
    assert [(m.step, m.live_settings, m.changed, m.by) for m in one.marks] == [
        (m.step, m.live_settings, m.changed, m.by) for m in other.marks
    ]
