"""The engine's thread: whatever ends a job, or keeps torch from starting, ends in one outcome for each job."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from queue import SimpleQueue
from typing import Any

import pytest

from lwf_gui.control import Control
from lwf_gui.engine import runner, thread
from lwf_gui.engine.thread import EngineThread
from lwf_gui.messages import EngineReady, Failed, Finished, Message, Stopped
from lwf_gui.recipe import compose

QUICK = compose(
    "digits",
    [
        *("engine.threads=1", "engine.device=cpu", "model.hidden=16", "train.probe_images=20"),
        *("task1.epochs=1", "task2.epochs=1", "data.train_images=64"),
    ],
)

FAULTS = [
    ImportError("no module"),
    OSError("c10.dll: the specified module could not be found"),
    RuntimeError("an operator was declared twice"),
    SystemExit(3),
    KeyboardInterrupt(),
    MemoryError(),
    Exception(),
]


@pytest.fixture
def engine() -> Iterator[EngineThread]:
    engine = EngineThread()
    yield engine
    engine.close()
    engine.join(timeout=20)
    assert not engine.is_alive()


def said_until_outcomes(outbox: SimpleQueue[Message], count: int) -> list[Message]:
    """Return all messages up to the one that ends the last of so many runs."""
    said: list[Message] = []
    while sum(isinstance(m, Finished | Stopped | Failed) and m.run_id > 0 for m in said) < count:
        said.append(outbox.get(timeout=20))
    return said


def outcomes(said: list[Message]) -> list[Message]:
    return [message for message in said if isinstance(message, Finished | Stopped | Failed)]


class Broken(MetaPathFinder):
    """Lets the import of torch fail."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "torch":
            raise self.error


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_engine_whose_torch_cannot_be_imported_ends_every_run_that_waits(
    engine: EngineThread, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.setattr(sys, "meta_path", [Broken(fault), *sys.meta_path])
    engine.train(1, QUICK, Control())  # pressed before the engine is there
    engine.start()
    engine.fetch(2, Control())
    said = said_until_outcomes(engine.outbox, 2)
    told = outcomes(said)
    assert [message.run_id for message in told] == [0, 1, 2]
    assert not any(isinstance(message, EngineReady) for message in said)
    for message in told:
        assert isinstance(message, Failed)
        assert not message.bad_input
        assert message.cause.startswith("The engine cannot start: ")
        assert type(fault).__name__ in message.cause
        assert "\n" not in message.cause
        assert "Traceback" in message.traceback


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_whatever_ends_a_job_ends_in_one_outcome_and_the_next_job_runs(
    engine: EngineThread, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    real = runner.Runner._run

    def run(self: runner.Runner, job: runner.Job, emit: Any) -> dict[str, Any]:
        if job.run_id == 1:
            raise fault
        return real(self, job, emit)

    def fetch(*_: object) -> None:
        raise fault

    monkeypatch.setattr(runner.Runner, "_run", run)
    monkeypatch.setattr(thread, "fetch", fetch)
    engine.start()
    engine.train(1, QUICK, Control())
    engine.fetch(2, Control())
    engine.train(3, QUICK, Control())
    first, second, third = outcomes(said_until_outcomes(engine.outbox, 3))
    assert isinstance(first, Stopped if isinstance(fault, KeyboardInterrupt) else Failed)
    assert isinstance(second, Failed)
    assert type(fault).__name__ in second.cause
    assert isinstance(third, Finished)
    assert [first.run_id, second.run_id, third.run_id] == [1, 2, 3]
