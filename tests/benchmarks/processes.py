"""What all benchmarks share: a process run to its end or to its readiness, an empty cache, a table."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LWF = (sys.executable, "-m", "lwf_gui")
RUN = (*LWF, "run", "--data", "fashion-mnist", "--json")
TREE = Path(__file__).parents[2]
"""The checkout that this file is in."""

WINDOW_RUNS = {"classroom": "task2.epochs=6", "cnn": "task2.epochs=1"}
"""What is trained with the window live: presets, and the change that makes the run long or short enough."""


STARTS = ("first paint", "ready to train")
"""What the window tells with ``--verbose`` as it starts, in this order, each with its seconds."""

COMPILED = Path(tempfile.gettempdir(), f"lwf-gui-compiled-{os.getuid()}")
"""Where Python keeps compiled modules of all trees."""

PATIENCE = 60.0
"""Seconds after which a window that is not ready never will be."""


@dataclass(frozen=True)
class Ran:
    """What a process did: its output, its time by the clock in seconds, and the most memory it held, in MiB."""

    output: str
    seconds: float
    mebibytes: float

    @property
    def json(self) -> Any:
        """The output as JSON."""
        return json.loads(self.output)


def run(*words: str, tree: Path = TREE, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a process of a checkout to its end.

    Raises
    ------
    SystemExit
        If it fails.
    """
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=out, cwd=tree, env=_all(tree, environment))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if status:
            raise SystemExit(f"{' '.join(words)} failed in {tree}.")
        out.seek(0)
        return Ran(out.read(), seconds, usage.ru_maxrss / 1024)


def started(tree: Path = TREE, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Start a checkout's window; return the seconds until each of `STARTS`.

    Raises
    ------
    SystemExit
        If it ends before, or takes longer than `PATIENCE`.
    """
    times: dict[str, float] = {}
    words = (*LWF, "--verbose")
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=tree, env=_all(tree, environment)) as process:
        assert process.stderr is not None
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        for line in process.stderr:
            times |= {name: float(line.split()[-5]) for name in STARTS if line.startswith(name)}
            if len(times) == len(STARTS):
                break
        watchdog.cancel()
        process.terminate()
    if len(times) < len(STARTS):
        raise SystemExit(f"{' '.join(words)} was not ready to train in {tree}.")
    return times


def _all(tree: Path, environment: Mapping[str, str] | None) -> dict[str, str]:
    """Return a process's environment: modules are compiled once, as where they were installed, not at every start."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(COMPILED), "PYTHONPATH": str(tree), **(environment or {})}


@contextmanager
def empty_cache() -> Iterator[dict[str, str]]:
    """Give an environment whose cache folder has nothing in it."""
    folder = tempfile.mkdtemp()
    try:
        yield {"XDG_CACHE_HOME": folder}
    finally:
        shutil.rmtree(folder)


def tell(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table."""
    lines = [f"\n### {title}\n", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def median(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)
