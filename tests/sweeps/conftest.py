"""A tiny sweep whose two runs were done once, as documents, for all tests of what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lwf_gui.documents import files
from lwf_gui.engine.job import Job
from lwf_gui.engine.runner import Runner
from lwf_gui.recipe import compose
from lwf_gui.runs.record import Record
from lwf_gui.sweeps import plan as plans
from lwf_gui.sweeps.axes import read_axis
from lwf_gui.sweeps.plan import Plan

TINY = ("engine.device=cpu", "model.hidden=16", "task1.epochs=1", "task2.epochs=1", "train.probe_images=20")
ALPHAS = "lwf.alpha=1,2"


@pytest.fixture(scope="session")
def tiny() -> Plan:
    """Return the plan of two runs of the digits."""
    return plans.make(compose("digits", TINY), [read_axis(ALPHAS, random=False)], seeds=1)


@pytest.fixture(scope="session")
def documents(tiny: Plan, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return the documents of its runs by id, done one after another in this process."""
    folder, found = tmp_path_factory.mktemp("documents"), {}
    runner = Runner(forks=False)
    for unit in tiny.units:
        record = Record()
        runner.run(Job(1, unit.recipe), record.apply)
        files.save(record, folder / "one.lwfrun")
        found[unit.id] = (folder / "one.lwfrun").read_bytes()
    return found


def keep(plan: Plan, documents: Mapping[str, bytes], folder: Path) -> None:
    """Leave documents where a sweep has them."""
    (folder / "runs").mkdir(parents=True)
    for unit in plan.units:
        if unit.id in documents:
            (folder / "runs" / f"{unit.id}.lwfrun").write_bytes(documents[unit.id])
