"""What a learner does in plain words, at a moment: one that is pulled back by nothing just learns what is new."""

from __future__ import annotations

from lwf_gui.methods import METHODS, method_of
from lwf_gui.runs.equation import acting_settings
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment


def plain_words(record: Record, learner: str, selection: Selection) -> str:
    """Return what a learner does where one looks; empty of an unknown method."""
    row, at = method_of(learner), moment(record, selection.step)
    if row is None:
        return ""
    if at is None or at.track is not record.incremental or not row.distils or row.rehearses:
        return row.plain
    alpha = acting_settings(record, learner, at.step).alpha
    return row.plain if alpha else METHODS["fine-tune"].plain
