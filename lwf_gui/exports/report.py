"""A folder with all that a finished run leaves: the page that plays it, the run file, and its results as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import final, player
from lwf_gui.messages import Finished
from lwf_gui.runs.record import Record

REPORT, RESULT, RUN = "report.html", "result.json", f"run{files.SUFFIX}"


def write(record: Record, folder: Path) -> None:
    """Leave page, run file and result in a folder, each whole or not at all.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    assert isinstance(record.outcome, Finished)
    text = json.dumps(final.result(record), indent=2) + "\n"
    page = player.page(record)  # before anything is written
    files.save(record, folder / RUN)
    paths.write_text_atomically(folder / RESULT, text)
    paths.write_text_atomically(folder / REPORT, page)
