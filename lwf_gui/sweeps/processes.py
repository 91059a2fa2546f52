"""Processes of runs, as a worker starts and ends them: forked from a fork server where that can be, else from nothing.

Either way a run's standard input is a pipe from the worker, whose end is the run's.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lwf_gui.sweeps import leash

POLL = 0.05
"""Seconds between two looks at whether a run has ended, or is not wanted any more."""

FORKS = sys.platform == "linux"
"""Whether a process that has imported much may be forked. On macOS the system's own libraries forbid it."""

_OF_WORKERS = {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MALLOC_TRIM_THRESHOLD_"}
"""What Dask sets for its workers. A run's threads are its recipe's, and it shall do what it does elsewhere."""


class Unwanted(Exception):  # noqa: N818 - nothing is wrong
    """Nobody waits for the run any more, and its process was ended."""


Asked = Callable[[], bool]
"""Returns whether nobody waits for a run any more."""


def run(words: Sequence[str], said: Path, unwanted: Asked, *, gently: bool = False) -> int:
    """Do what ``lwf-gui WORDS...`` does in a process of its own, whose standard error goes into the file ``said``.

    ``gently``: it takes only the processor time that nobody else wants; and none stays behind to fork others from.

    Returns
    -------
    Its exit code, below zero for the signal that killed it.

    Raises
    ------
    Unwanted
        If it was ended because nobody wants it any more.
    """
    return (
        _servers.run(words, said, unwanted) if FORKS and not gently else started(words, said, unwanted, gently=gently)
    )


def started(words: Sequence[str], said: Path, unwanted: Asked, *, gently: bool = False) -> int:
    """Do the same as `run`, wherever processes cannot be forked, or none shall stay."""
    with (
        said.open("wb") as errors,
        subprocess.Popen(
            leash.command(*words, gently=gently),
            stdin=subprocess.PIPE,  # the leash
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(),
            start_new_session=True,  # Ctrl+C in a terminal is for whoever started the sweep
        ) as process,
    ):
        try:
            while process.poll() is None:
                if unwanted():
                    raise Unwanted
                time.sleep(POLL)
        finally:
            if process.returncode is None:
                process.kill()
    return process.returncode


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _OF_WORKERS}


class ForkServer:
    """A process of `lwf_gui.fork_server`, which does one run at a time; both are one group, to be ended at once."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "lwf_gui.fork_server"),
            stdin=subprocess.PIPE,  # its runs' leash, too
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_environment(),
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it can do a run."""
        return self._process.poll() is None

    def run(self, words: Sequence[str], said: Path, unwanted: Asked) -> int:
        """Do a run, see `run`; a server that was killed meanwhile counts as its run."""
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        answer = b""
        with contextlib.suppress(BrokenPipeError):
            into.write(json.dumps({"words": list(words), "said": str(said)}).encode() + b"\n")
        while not answer.endswith(b"\n"):
            if unwanted():
                raise Unwanted
            if select.select([out], [], [], POLL)[0]:
                read = out.read(100)
                if not read:
                    return -signal.SIGKILL
                answer += read
        return int(answer)

    def end(self) -> None:
        """End it at once, with the run that it does; once it has been ended, this does nothing."""
        if self._process.returncode is None:  # not `poll`: until it is waited for, its number is nobody else's
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with self._process:  # closes the pipes, and waits
            pass


class _Servers:
    """The fork servers of this process: as many as do runs at once."""

    def __init__(self) -> None:
        self._idle: list[ForkServer] = []
        atexit.register(self.close)  # a process that is killed closes their standard input, which ends them as well

    def run(self, words: Sequence[str], said: Path, unwanted: Asked) -> int:
        """Do a run, see `run`."""
        server = self._taken()
        try:
            code = server.run(words, said, unwanted)
        except BaseException:
            server.end()
            raise
        if code < 0:
            server.end()  # whatever killed the run, the next one begins afresh
        else:
            self._idle.append(server)
        return code

    def _taken(self) -> ForkServer:
        """Return one that has nothing to do; other threads take some meanwhile."""
        with contextlib.suppress(IndexError):
            while True:
                server = self._idle.pop()
                if server.lives:
                    return server
                server.end()
        return ForkServer()

    def close(self) -> None:
        """End them all."""
        while self._idle:
            self._idle.pop().end()


_servers = _Servers()
