"""What the tests that use the program as a person does share: a desk with screen, window manager, mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.person.desk import MISSING, Desk
from tests.person.forks import Forks

SetUp = Callable[..., Desk]


@pytest.fixture
def set_up(tmp_path: Path, forks: Forks) -> Iterator[SetUp]:
    """Return what makes a desk of a size; its programs keep what they keep below the test's own folder."""
    if MISSING:
        pytest.skip(f"needs {', '.join(MISSING)}")
    desks: list[Desk] = []

    def make(size: str = "1280x720") -> Desk:
        desks.append(Desk(tmp_path / "home", forks, size))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(set_up: SetUp) -> Desk:
    """Return a desk with a small projector."""
    return set_up()
