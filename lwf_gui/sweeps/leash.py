"""A process of the program that ends with the one that started it: ``python -m lwf_gui.sweeps.leash WORDS...``.

Its standard input is the leash: when that ends, for whatever reason, the run is stopped as by Ctrl+C. With --gently
before the words it takes only the processor time that nobody else wants.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import signal
import sys
import threading

GENTLY = "--gently"
NICEST = 19


def command(*words: str, gently: bool = False) -> tuple[str, ...]:
    """Return what starts such a process."""
    return (sys.executable, "-m", "lwf_gui.sweeps.leash", *([GENTLY] * gently), *words)


def main() -> None:
    """Do what ``lwf-gui WORDS...`` does, as long as standard input is open."""
    if sys.argv[1:2] == [GENTLY]:
        del sys.argv[1]
        _step_back()
    hold()
    runpy.run_module("lwf_gui", run_name="__main__")


def hold() -> None:
    """Stop this process as by Ctrl+C once standard input ends."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a worker may ignore it, and hand that down
    threading.Thread(target=_wait, name="leash", daemon=True).start()


def _step_back() -> None:
    """Let every other process go first."""
    with contextlib.suppress(OSError, AttributeError):  # other systems have other ways, or none
        os.nice(NICEST)
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _wait() -> None:
    while os.read(0, 1):  # not by sys.stdin, whose lock would be held when the program ends
        pass
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
