"""A folder with all that a finished run leaves: the page that plays it, the run file, and its results as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import player
from lwf_gui.exports.final import about as about
from lwf_gui.exports.final import diverged as diverged
from lwf_gui.exports.final import result as result
from lwf_gui.exports.final import table as table
from lwf_gui.exports.final import tested_on as tested_on
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
    text = json.dumps(result(record), indent=2) + "\n"
    page = player.page(record)  # before anything is written
    files.save(record, folder / RUN)
    paths.write_atomically(folder / RESULT, lambda part: part.write_text(text, "utf-8"))
    paths.write_atomically(folder / REPORT, lambda part: part.write_text(page, "utf-8"))
