"""Processes of a sweep's runs: forked from one that has imported all, and gone as soon as nobody holds them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from lwf_gui.documents import files
from lwf_gui.messages import Finished
from lwf_gui.sweeps import processes
from lwf_gui.sweeps.plan import Plan
from lwf_gui.sweeps.processes import ForkServer, Unwanted
from lwf_gui.sweeps.work import words_of

pytestmark = pytest.mark.skipif(
    not processes.FORKS, reason="processes that have imported much are forked on Linux only"
)

LONG = ("run", "--quiet", "--no-journal", "--preset", "digits", "--set", "task1.epochs=1000", "--set", "seed=7")
PATIENCE = 20.0
"""Seconds that a process has to begin, or to end, on a machine that has much else to do."""


@pytest.fixture(scope="module")
def lasting() -> Iterator[ForkServer]:
    """Return a server that no test ends."""
    made = ForkServer()
    yield made
    made.end()


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """Return a server to be ended."""
    made = ForkServer()
    yield made
    made.end()


def child_of(pid: int) -> int:
    """Return the process that a process has started; wait until there is one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    until(lambda: children.read_text().strip() != "")
    return int(children.read_text())


def gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def until(there: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not there():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.01)


def later(act: Callable[[], object]) -> threading.Thread:
    """Do something beside the test."""
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_one_server_does_run_after_run_as_they_are_done_elsewhere(
    lasting: ForkServer, tiny: Plan, documents: Mapping[str, bytes], tmp_path: Path
) -> None:
    there, said = tmp_path / "there.lwfrun", tmp_path / "said"
    for unit in tiny.units:
        (tmp_path / "one.lwfrun").write_bytes(documents[unit.id])
        assert lasting.run((*words_of(unit.recipe), "--out", str(there)), said, lambda: False) == 0
        assert figures(there) == figures(tmp_path / "one.lwfrun")
        assert said.read_text() == ""
    assert lasting.run(("run", "--set", "lwf.alpha=-1"), said, lambda: False) == 2
    assert said.read_text().startswith("lwf-gui: lwf.alpha = -1 is not allowed")
    assert lasting.lives


def figures(document: Path) -> object:
    """Return a document's figures but for times, and the digest of its teacher."""
    record = files.load(document)
    assert isinstance(record.outcome, Finished)
    assert record.teacher is not None
    told = record.outcome.summary["learners"]
    return [{key: value for key, value in told[name].items() if "seconds" not in key} for name in told], (
        record.teacher.digest
    )


def test_run_that_is_killed_is_said_to_be_and_its_server_goes_on(lasting: ForkServer, tmp_path: Path) -> None:
    killing = later(lambda: os.kill(child_of(lasting.pid), signal.SIGKILL))
    assert lasting.run(LONG, tmp_path / "said", lambda: False) == -signal.SIGKILL
    killing.join()
    assert lasting.run(("--version",), tmp_path / "said", lambda: False) == 0


def test_run_whose_server_is_killed_counts_as_killed_and_ends_with_it(server: ForkServer, tmp_path: Path) -> None:
    found: list[int] = []

    def kill() -> None:
        found.append(child_of(server.pid))
        os.kill(server.pid, signal.SIGKILL)

    killing = later(kill)
    assert server.run(LONG, tmp_path / "said", lambda: False) == -signal.SIGKILL
    killing.join()
    server.end()
    until(lambda: gone(found[0]))


def test_run_that_nobody_wants_ends_with_its_server(server: ForkServer, tmp_path: Path) -> None:
    run = 0

    def unwanted() -> bool:
        nonlocal run
        run = child_of(server.pid)
        return True

    with pytest.raises(Unwanted):
        server.run(LONG, tmp_path / "said", unwanted)
    server.end()
    assert gone(server.pid)
    until(lambda: gone(run))


def test_server_and_its_run_end_once_the_worker_is_gone(tmp_path: Path) -> None:
    code = f"from lwf_gui.sweeps.processes import *; run({LONG!r}, Path({str(tmp_path / 'said')!r}), lambda: False)"
    with subprocess.Popen((sys.executable, "-c", code)) as worker:
        server = child_of(worker.pid)
        run = child_of(server)
        worker.kill()
    until(lambda: gone(run) and gone(server))
