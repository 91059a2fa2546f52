"""A run as one HTML file that plays: curves, cards, memory wall and confusion matrices at every shown probe.

It needs nothing beside itself, works offline, by mouse, touch and keyboard, and holds no word that a browser made up:
all texts come from the functions that the window's come from.
"""

from __future__ import annotations

from pathlib import Path

from lwf_gui import InputError, paths
from lwf_gui.exports.player.contents import contents
from lwf_gui.exports.player.document import document
from lwf_gui.exports.player.moments import MOST_MOMENTS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import stops

__all__ = ["page", "write"]

MOST_BYTES = 6_000_000
"""Of a page: of a run that would take more, fewer moments are shown."""

LEAST_MOMENTS = 25


def require(record: Record) -> None:
    """Raise `InputError` if a run has no later task yet: nothing could be forgotten."""
    if record.data is None or record.incremental is None or not record.incremental.probes:
        raise InputError(
            "This run has not come to its second task, so there is nothing to play yet: train it further first."
        )


def page(record: Record) -> str:
    """Return the page.

    Raises
    ------
    InputError
        If the run has no later task yet: nothing could be forgotten.
    """
    require(record)
    most = min(MOST_MOMENTS, len(stops(record)))
    while True:
        text = document(record, contents(record, most))
        if len(text.encode()) <= MOST_BYTES or most <= LEAST_MOMENTS:
            return text
        most = max(LEAST_MOMENTS, most // 2)


def write(record: Record, path: Path) -> None:
    """Write the page, whole or not at all.

    Raises
    ------
    InputError
        If the run has no later task yet.
    OSError
        If the file cannot be written.
    """
    paths.write_text_atomically(path, page(record))
