"""An engine for tests and benchmarks of the window: it trains nothing."""

from __future__ import annotations

from lwf_gui.control import Control as Hand
from lwf_gui.messages import EngineReady, Fork
from lwf_gui.outbox import Outbox
from lwf_gui.recipe import Recipe


class ScriptedEngine:
    """An engine that does nothing; a test puts messages into ``outbox`` itself."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.jobs: list[tuple[int, Recipe]] = []
        self.forks: list[tuple[int, Recipe, Fork]] = []
        self.fetches: list[int] = []
        self.checks: list[str] = []
        self.closed = False

    def start(self) -> None:
        self.outbox.put(EngineReady(0))

    def train(self, run_id: int, recipe: Recipe, control: Hand) -> None:
        self.jobs.append((run_id, recipe))

    def fork(self, run_id: int, recipe: Recipe, fork: Fork, control: Hand) -> None:
        self.forks.append((run_id, recipe, fork))

    def fetch(self, run_id: int, control: Hand) -> None:
        self.fetches.append(run_id)

    def check(self, folder: str) -> None:
        self.checks.append(folder)

    def close(self) -> None:
        self.closed = True

    def join(self, timeout: float | None = None) -> None:
        assert self.closed, "nobody waits for an engine that was not told to stop"
