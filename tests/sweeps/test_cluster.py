"""Sweeps on a cluster of this machine: the same figures as single runs, also when a worker is killed meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.messages import Finished
from lwf_gui.sweeps import processes, work
from lwf_gui.sweeps.address import require_answer
from lwf_gui.sweeps.plan import Plan
from lwf_gui.sweeps.processes import Unwanted
from lwf_gui.sweeps.work import Task, carry_out, misfit, task_of


def test_worker_with_other_versions_or_images_says_so(tiny: Plan) -> None:
    task = task_of(tiny, tiny.units[0])
    assert misfit(task.versions, task.data) == ""
    assert "torch" in misfit({**task.versions, "torch": "1.0"}, {})
    assert "images of digits are others" in misfit({}, {"digits": "else"})
    assert "cannot read the images" in misfit({}, {"/no/such/place": ""})
    assert carry_out(Task("x", (), {"torch": "1.0"}, {}), lambda: False).misfit


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:99999"])
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="write the address as"):
        require_answer(address)


def test_scheduler_that_is_not_there_is_a_sentence_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = time.monotonic()
    with pytest.raises(InputError, match="no scheduler answers there"):
        require_answer(f"tcp://127.0.0.1:{port}")
    assert time.monotonic() - before < 5


@pytest.mark.parametrize("forks", [processes.FORKS, False])
def test_run_that_fails_is_its_sentence_and_one_that_nobody_wants_ends(
    forks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "FORKS", forks)
    task, place = Task("one", ("run", "--set", "lwf.alpha=-1"), {}, {}), tmp_path / "place"
    place.mkdir()
    assert carry_out(task, lambda: False, str(place)).sentence.startswith("lwf.alpha = -1 is not allowed")
    with pytest.raises(Unwanted):
        carry_out(task, lambda: True, str(place))
    assert list(place.iterdir()) == []


@pytest.mark.slow
def test_killed_worker_is_replaced_and_figures_are_those_of_single_runs(
    tiny: Plan, documents: Mapping[str, bytes], tmp_path: Path
) -> None:
    from lwf_gui.sweeps.cluster import Workers

    with Workers("", 1) as workers:
        workers.require_fit(tiny.versions, tiny.data)
        (pid,) = workers.client.run(os.getpid).values()
        threading.Timer(1.0, os.kill, (pid, signal.SIGKILL)).start()  # while the first run is under way
        done = list(workers.done([task_of(tiny, unit) for unit in tiny.units]))
        assert pid not in workers.client.run(os.getpid).values()
    assert sorted(each.id for each in done) == sorted(unit.id for unit in tiny.units)
    for each in done:
        assert each.sentence == ""
        assert told(each.document, tmp_path) == told(documents[each.id], tmp_path)


@pytest.mark.slow
def test_dashboard_is_where_it_is_said_to_be() -> None:
    pytest.importorskip("bokeh", reason="without bokeh Dask has no dashboard")
    from lwf_gui.sweeps.cluster import Workers

    with Workers("", 1) as workers, urllib.request.urlopen(workers.dashboard, timeout=20) as page:
        assert page.status == 200
        assert b"Dask" in page.read()


def told(document: bytes, folder: Path) -> object:
    """Return a document's figures, and the digest of its teacher."""
    (folder / "one.lwfrun").write_bytes(document)
    record = files.load(folder / "one.lwfrun")
    assert isinstance(record.outcome, Finished)
    assert record.teacher is not None
    learners = {
        name: {figure: told for figure, told in figures.items() if "seconds" not in figure}
        for name, figures in record.outcome.summary["learners"].items()
    }
    return learners, record.teacher.digest


def test_words_of_a_run_are_those_that_anybody_can_type(tiny: Plan) -> None:
    words = work.words_of(tiny.units[1].recipe)
    assert words[:2] == ("run", "--quiet")
    assert words[-1].startswith("lwf:1:digits+")
