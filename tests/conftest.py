"""What every test shares: no access to the user's own directories, and marks for what a machine may lack."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from lwf_gui import paths
from lwf_gui.__main__ import COLLECT_AFTER
from tests.person.forks import Forks

gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])  # as the program does

# With --hypothesis-profile deep, after changes of what reads files.
settings.register_profile("deep", max_examples=2000)

FASHION_MNIST_DIRECTORY = Path("/usr/share/datasets/fashion-mnist")

needs_fashion_mnist = pytest.mark.skipif(
    not FASHION_MNIST_DIRECTORY.is_dir(), reason="needs the Debian package dataset-fashion-mnist"
)


LONG = tuple(
    f"tests/{name}"
    for name in (
        *("person/", "benchmarks/", "gui/test_teaching", "gui/test_lessons_kept", "test_interrupt", "test_plugins"),
        *("test_cli", "test_doctor", "test_reset_settings", "test_quiet", "test_nonsense"),
    )
)
"""Tests that take seconds each: most of them start the program."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that at the end no worker waits for another one's last test."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(autouse=True)
def isolated_dirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's own directories out of every test, and every test out of them."""
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE, raising=False)
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Return what starts the program without its imports."""
    made = Forks()
    yield made
    made.close()
