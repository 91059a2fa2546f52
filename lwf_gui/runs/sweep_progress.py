"""How far a sweep is, and how long it will take yet, judged by when its last runs ended. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from lwf_gui.runs.sweep_view import SweepView

RECENT = 12
"""Runs that ended last, by which the next ones are judged."""

PAUSE = 30.0
"""Seconds in which no run was trained after which a sweep is taken to have paused: what was before is forgotten."""

STILL = 2.0
"""Durations of the longest run without an end after which nothing that cannot be seen is taken to be under way."""

Span = tuple[float, float]
"""When a run began and ended, in seconds since the epoch."""


def time_left(spans: Iterable[Span], missing: int, now: float, *, running: bool) -> float | None:
    """Return the seconds until all missing runs will have ended; None where nothing tells.

    missing x (last end - first beginning) / runs, of the runs that ended lately, less the time since the last end

    Runs that are trained side by side overlap, so that the number of workers need not be known.

    Parameters
    ----------
    running : whether a process is known to be at work; else one is taken to be only if a run ended lately
    """
    recent = _without_pause(sorted(spans, key=lambda span: span[1])[-RECENT:])
    if missing <= 0 or not recent:
        return None
    begin, end = min(span[0] for span in recent), recent[-1][1]
    each, since = (end - begin) / len(recent), max(0.0, now - end)
    longest = max(span[1] - span[0] for span in recent)
    if each <= 0 or (not running and since > STILL * longest + 5):
        return None
    return max(missing * each - since, each / 2)


def _without_pause(spans: list[Span]) -> list[Span]:
    """Return the last spans, of those in the order of their ends, between which there was no pause."""
    found: list[Span] = []
    for span in reversed(spans):
        if found and min(begin for begin, _ in found) - span[1] > PAUSE:
            break
        found.insert(0, span)
    return found


def of_view(view: SweepView, now: float) -> float | None:
    """Return the seconds that a sweep will take yet; None where nothing tells."""
    spans = ((done.ended - done.seconds, done.ended) for done in view.done.values())
    return time_left(spans, view.missing, now, running=view.running)


def duration(seconds: float) -> str:
    """Say a time to wait for, no more exactly than it is known.

    >>> duration(38), duration(140), duration(8000)
    ('about 40 s', 'about 2 min', 'about 2.2 h')
    """
    if seconds < 90:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
