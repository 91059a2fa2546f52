"""A fork server: has imported all that a run needs and forks itself for each, so that none imports anything again.

``python -m lwf_gui.fork_server`` reads requests from standard input, one JSON object a line, and answers each with the
exit code of its run, below zero for the signal that killed it. Importing torch takes two seconds of a run that may
take six. Nothing is computed here, so that no thread is there to be lost by forking but numpy's own, which OpenBLAS
ends before every fork and starts again when it needs it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import multiprocessing
import os
import sys

from lwf_gui.sweeps import leash


def main() -> None:
    """Do one run after the other, until standard input ends."""
    gc.disable()  # what is imported stays
    _import_all()
    gc.freeze()  # no run looks through it for garbage, which would copy the memory that all share
    gc.enable()
    context = multiprocessing.get_context("fork")
    for line in sys.stdin.buffer:
        request = json.loads(line)
        run = context.Process(target=_run, args=(request["words"], request["said"]))
        run.start()
        run.join()
        sys.stdout.write(f"{run.exitcode}\n")
        sys.stdout.flush()


def _import_all() -> None:
    with contextlib.suppress(Exception):  # each run finds what is missing or broken, and says so
        import numpy.random  # noqa: F401
        import pydantic.type_adapter  # noqa: F401

        from lwf_gui import cli, terminal  # noqa: F401
        from lwf_gui.data import sources  # noqa: F401
        from lwf_gui.engine import experiment, provenance, runner, snapshots, tasks  # noqa: F401
        from lwf_gui.engine.compute import device  # noqa: F401


def _run(words: list[str], said: str) -> None:
    """Do in a forked process what ``lwf-gui WORDS...`` does; what it says on standard error goes into a file."""
    from lwf_gui.__main__ import main

    for number, place, flags in ((1, os.devnull, os.O_WRONLY), (2, said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)):
        opened = os.open(place, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["lwf-gui", *words]
    leash.hold()
    main()


if __name__ == "__main__":
    main()
