"""How far a run came that did not come to its end, in words. Pure functions of a record."""

from __future__ import annotations

from lwf_gui.messages import Failed, Finished, Stopped
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.standing import standing
from lwf_gui.untrusted import shortened

MOST_NAMED = 4
"""Learners whose names stand in a sentence."""


def has_trained(record: Record) -> bool:
    """Return whether a run's phase under way, or its last one, has trained a step; a replayed teacher trained none."""
    track = record.track
    return track is not None and track.steps > 0 and not track.started.cached


def was_interrupted(record: Record) -> bool:
    """Whether a run ended because its process did."""
    return isinstance(record.outcome, Stopped) and record.outcome.interrupted


def end_of(record: Record) -> str:
    """Return how a run ended and where, as "interrupted at step 120 of 282, in task 2"; empty while it goes on."""
    now = standing(record)
    match record.outcome:
        case None:
            return ""
        case Finished():
            return "finished"
        case Failed():
            how = "failed"
        case Stopped(interrupted=interrupted):
            how = "interrupted" if interrupted else "stopped"
    return how if now is None else f"{how} at step {now.step:,} of {now.steps:,}, in {now.task}"


def description(record: Record, begun: str, title: str) -> str:
    """Return one sentence on what run it was, when it began, and how far it came."""
    assert record.data is not None, "a run that trained has data"
    learners = record.incremental.started.learners if record.incremental else record.data.recipe.names
    when = f" of {begun}" if begun else ""
    data = shortened(record.data.dataset)
    what = f"{title} on {data}" if title not in ("", data) else data
    named = ", ".join(shortened(label_of(name), 40) for name in learners[:MOST_NAMED])
    others = f" and {len(learners) - MOST_NAMED} more" if len(learners) > MOST_NAMED else ""
    was = "" if isinstance(record.outcome, Finished | Failed) else "was "
    return f"The run{when} ({what}; {named}{others}) {was}{end_of(record)}."
