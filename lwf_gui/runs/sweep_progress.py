"""How far a sweep is, and how long it will take yet, judged by when its last runs ended. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from lwf_gui.runs.sweep_view import SweepView

RECENT = 12
"""Runs that ended last, by which the next ones are judged."""

STILL = 4.0
"""Mean times between two ends after which nothing that cannot be seen otherwise is taken to be under way."""


def time_left(ends: Iterable[float], missing: int, now: float, *, running: bool) -> float | None:
    """Return the seconds until all missing runs will have ended; None where nothing tells.

    missing x the mean time between the last ends, less the time since the last one

    Runs that are trained side by side end more often, so that the workers need not be known.

    Parameters
    ----------
    ends : when runs ended, in seconds since the epoch
    running : whether a process is known to be at work; else one is taken to be only if a run ended lately
    """
    recent = sorted(ends)[-RECENT:]
    if missing <= 0 or len(recent) < 2:
        return None
    between = (recent[-1] - recent[0]) / (len(recent) - 1)
    since = max(0.0, now - recent[-1])
    if between <= 0 or (not running and since > STILL * between + 2):
        return None
    return max(missing * between - since, between / 2)


def of_view(view: SweepView, now: float) -> float | None:
    """Return the seconds that a sweep will take yet; None where nothing tells."""
    return time_left((done.ended for done in view.done.values()), view.missing, now, running=view.running)


def duration(seconds: float) -> str:
    """Say a time to wait for, no more exactly than it is known.

    >>> duration(38), duration(140), duration(8000)
    ('about 40 s', 'about 2 min', 'about 2.2 h')
    """
    if seconds < 90:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
