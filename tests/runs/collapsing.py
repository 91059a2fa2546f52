"""A watch over what a record tells, message by message as a run does: what collapses it would have announced."""

from __future__ import annotations

from collections.abc import Iterator

from lwf_gui.messages import Message, Steps
from lwf_gui.runs.collapse import Collapse, Watch
from lwf_gui.runs.record import Record
from lwf_gui.runs.track import Track


def collapses(record: Record) -> dict[str, Collapse]:
    """Return the first collapse of every learner that had one, as far as the record goes."""
    track, data = record.incremental, record.data
    if track is None or data is None:
        return {}
    started = track.started
    watch = Watch(started.learners, started.branches, data.probe_labels, data.scenario, started.axis, data.recipe)
    found = [collapse for message in _in_order(record, track) for collapse in watch.hear(message)]
    return {collapse.learner: collapse for collapse in found}


def _in_order(record: Record, track: Track) -> Iterator[Message]:
    """Yield losses, live changes and probes of the later tasks as they were told, up to the last probe."""
    marks, done, run_id = list(record.marks), 0, track.started.run_id
    for probe in track.probes:
        while marks and marks[0].step < probe.step:
            yield from _steps(track, done, done := max(done, marks[0].step), run_id)
            yield marks.pop(0)
        yield from _steps(track, done, done := probe.step, run_id)
        yield probe


def _steps(track: Track, first: int, last: int, run_id: int) -> Iterator[Message]:
    if last > first:
        yield Steps(run_id, "incremental", first + 1, track.losses.values[first:last], 0.0, 0)
