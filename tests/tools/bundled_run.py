"""The run that is shown at first gets what later versions tell: from the same run recorded anew, if all else is equal.

    lwf-gui run --preset classroom --set train.probe_every=40 --out FOLDER
    python -m tests.tools.bundled_run FOLDER/run.lwfrun

Its processor must round as that did which recorded it: else the figures differ, and nothing is written.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui.app import BUNDLED_RUN
from lwf_gui.messages import Finished, LogLine, Message, Steps, TeacherReady
from lwf_gui.runs.record import Record

TIMES: dict[type[Any], tuple[str, ...]] = {
    Steps: ("seconds",),
    Finished: ("summary",),
    TeacherReady: ("digest",),
}
"""What two recordings of one run may differ in: how long they took; what else the summary says is told before; the
digest of the teacher, which older files do not have."""


def extended(known: Record, again: Record) -> tuple[Record, list[str]]:
    """Return a record with the kinds of messages that only another recording of its run has, and their names.

    Raises
    ------
    ValueError
        Naming the first thing in which both differ.
    """
    before = [message for message in known.messages() if not isinstance(message, LogLine)]
    kinds = {type(message) for message in before}
    now = [message for message in again.messages() if not isinstance(message, LogLine)]
    for one, other in zip_longest(before, [message for message in now if type(message) in kinds]):
        difference = differing(one, other)
        if difference:
            raise ValueError(difference)
    new = [message for message in now if type(message) not in kinds]
    for message in new:
        known.apply(message)
    return known, sorted({type(message).__name__ for message in new})


def differing(one: Message | None, other: Message | None) -> str:
    """Return in what two messages differ; nothing where they are the same to the last bit."""
    if one is None or other is None or type(one) is not type(other):
        return f"{type(one).__name__} in place of {type(other).__name__}"
    where = f"{type(one).__name__}, step {getattr(one, 'step', getattr(one, 'first', '-'))}"
    for item in fields(one):
        a, b = getattr(one, item.name), getattr(other, item.name)
        if item.name in ("run_id", *TIMES.get(type(one), ())):
            continue
        same = a.tobytes() == b.tobytes() if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) else a == b
        if not same:
            return f"{where}: {item.name}"
    return ""


def main() -> int:
    """Write the run that is shown at first anew, with what it lacked."""
    bundled = paths.resources() / BUNDLED_RUN
    try:
        record, kinds = extended(files.load(bundled), files.load(Path(sys.argv[1])))
    except ValueError as error:
        sys.stderr.write(f"Nothing is written: the recordings differ in {error}.\n")
        return 2
    files.save(record, bundled)
    sys.stdout.write(f"{bundled}: {', '.join(kinds) or 'nothing'} joined, {bundled.stat().st_size:,} bytes.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
