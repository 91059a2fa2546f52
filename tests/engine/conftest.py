"""What the engine's tests share: one processor thread, so that small runs are quick and repeat on any machine."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lwf_gui.data import sources
from tests.engine.lab import Lab


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Keep torch from starting its pool: for such small tensors it costs more than it brings."""
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Return a place for tiny runs, whose runner is shared by a module's tests."""
    return Lab()


@pytest.fixture
def no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move the Debian package's directory to an empty place and give it."""
    place = tmp_path / "package"
    monkeypatch.setattr(sources, "DEBIAN_DIRECTORY", place)
    return place
