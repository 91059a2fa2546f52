"""Starts of the program without its imports: forks of one process that has done them.

Importing Qt, pyqtgraph and torch takes three of the four seconds of processor time that a start costs, and is the same
each time. A fork begins where they end, in `lwf_gui.__main__.main`, and ends as any process does, Python's own end
included. Tests that ask about the imports, or about what the environment says to Python itself, start a process.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
IMPORTS = ("lwf_gui.cli", "lwf_gui.engine.thread", "lwf_gui.gui.app", "pyqtgraph", "torch", "lwf_gui.engine.experiment")
"""In the order of a start: the window before torch."""
POLL = 0.01
"""Seconds between two looks at whether a fork has ended."""


class Forks:
    """The process that forks are made of; it begins with the first of them and ends with `close`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, output: Path) -> Fork:
        """Start the program in a folder; all it prints is appended to ``output``."""
        words = {"arguments": list(arguments), "environment": dict(environment)}
        return Fork(self, int(self.ask(**words, folder=str(folder), output=str(output))))

    def ask(self, **request: object) -> Any:
        """Return what that process answers."""
        process = self._process = self._process or _imported()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{json.dumps(request)}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.communicate()


def _imported() -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "LC_", "XDG_"))}
    return subprocess.Popen(
        (sys.executable, "-m", "tests.person.forks"),
        env={**kept, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


class Fork:
    """A process of the program: what `subprocess.Popen` is for one that was started."""

    def __init__(self, forks: Forks, pid: int) -> None:
        self._forks = forks
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, or None."""
        if self.returncode is None:
            self.returncode = self._forks.ask(ended=self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Return how it ended, once it has."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(("lwf-gui",), timeout)
            time.sleep(POLL)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


# ---- that process


def main() -> None:
    """Import what a start imports, then answer requests; in a fork, return from this once the program has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, for the tests: they close this one
    _import_all()
    gc.collect()
    gc.freeze()  # or a fork's first look for garbage would copy all of it
    answers = os.fdopen(os.dup(1), "w")
    for request in map(json.loads, sys.stdin):
        if "ended" in request:
            answer = _code(request["ended"])
        else:
            answer = os.fork()
            if not answer:
                answers.close()
                _program(**request)
        print(json.dumps(answer), file=answers, flush=True)


def _import_all() -> None:
    """Import what a start does, and what it leaves for its first run."""
    for name in IMPORTS:
        importlib.import_module(name)


def _code(pid: int) -> int | None:
    """Return how a fork ended, as `subprocess` tells it, or None."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _program(arguments: list[str], environment: dict[str, str], folder: str, output: str) -> None:
    """Be the program, with all a new process has of its own, to its end."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for name, flags, numbers in ((os.devnull, os.O_RDONLY, (0,)), (output, os.O_WRONLY | os.O_APPEND, (1, 2))):
        file = os.open(name, flags)
        for number in numbers:
            os.dup2(file, number)
        os.close(file)
    sys.argv[1:] = arguments
    from tests.person import spy

    spy.main()
    raise SystemExit


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
