"""What mutated files hold, shown in a real window: every panel visible, every probe looked at, nothing logged."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent

from lwf_gui import paths
from lwf_gui.data.dataset import Dataset
from lwf_gui.engine.job import Job
from lwf_gui.engine.runner import Runner
from lwf_gui.gui import app, faults
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.window import Window
from lwf_gui.lessons import Lesson
from lwf_gui.messages import Failed
from lwf_gui.recipe import Recipe, compose
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import stops
from tests.benchmarks.live import side_by_side
from tests.gui.scripted import ScriptedEngine

SIZE = (1900, 1500)
MOST_PROBES = 20
"""That are looked at of one run; of more, so many evenly spread."""

MOST_PAGES = 12


class _Heard(logging.Handler):
    """Keeps what is logged as a warning, or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        details = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.said.append(f"{record.getMessage()}\n{details}")


class Screen:
    """A window that shows one thing after another."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="lwf-home-")
        for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(self._home.name) / kind.lower())
        self.application = app._application()
        self.heard, self.faults = _Heard(), list[str]()
        logging.getLogger().addHandler(self.heard)
        self._caught = faults.caught()
        self._caught.__enter__().show_in(lambda sentence, details: self.faults.append(f"{sentence}\n{details}"))
        self._window: Window | None = None

    @property
    def window(self) -> Window:
        """The window, all panels side by side."""
        if self._window is None:
            engine, recipe = ScriptedEngine(), compose("digits")
            self._window = app.make_window(engine, recipe, app.Options("digits", size=SIZE))
            self._window.show()
            self._window.complete()
            self._window.resize(*SIZE)
            side_by_side(self._window)
            self.settle()
        return self._window

    def settle(self) -> None:
        """Let all be done that waits."""
        for _ in range(3):
            self.application.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def look(self, record: Record) -> None:
        """Show a run, at every probe and under both protocols."""
        self.window.session.show_record(record)
        self.settle()
        where = stops(record)
        if len(where) > MOST_PROBES:
            where = where[np.linspace(0, len(where) - 1, MOST_PROBES).astype(int)]
        for number, step in enumerate([None, *where.tolist()]):
            for protocol in PROTOCOLS if number < 3 else list(PROTOCOLS)[number % 2 :][:1]:
                self.window.look_at(step=step, protocol=protocol)
                self.settle()
        self.window.grab()

    def look_at_all(self, records: Sequence[Record]) -> None:
        """Show runs, one after another."""
        for record in records:
            self.look(record)

    def complaint(self) -> str:
        """Return what went wrong since this was asked, and begin anew; the window too, where there was anything."""
        found = [*self.heard.said, *self.faults]
        if self._window is not None:
            found += _failures(self._window)
        if found and self._window is not None:
            self._window.close()
            self._window.deleteLater()
            self._window = None
            self.settle()
        self.heard.said.clear()
        self.faults.clear()
        return "\n".join(found)

    # What files hold

    def recipe(self, recipe: Recipe) -> None:
        """Choose a recipe, as one that is pasted, and take it back."""
        self.window.session.take_preset(recipe, "digits")
        self.settle()
        self.window.grab()
        self.window.session.take_preset(compose("digits"), "digits")
        self.settle()

    def lesson(self, lesson: Lesson) -> None:
        """Show a lesson's pages, and leave it."""
        teaching = self.window.teaching
        teaching.begin(lesson)
        for _ in range(min(MOST_PAGES, len(lesson.step))):
            self.settle()
            self.window.grab()
            if teaching.driver is None:
                break
            teaching.driver.next()
            teaching.driver.next()
        teaching.leave()
        self.settle()

    def images(self, data: Dataset) -> None:
        """Train a moment on images, and show that run."""
        labels = sorted(set(data.train_labels.tolist()))
        half = max(1, len(labels) // 2)
        tasks = [labels[:half], labels[half : half + 5]]
        if not tasks[1] or data.train_images[0].size > 100_000:
            return
        words = ("engine.threads=1", "model.hidden=8", "task1.epochs=1", "task2.epochs=1", "train.probe_images=20")
        folder = data.source.removeprefix("directory ")
        recipe = compose("digits", [*words, f"data.tasks={tasks}", "data.train_images=64"], data=folder)
        record = Record()
        Runner(forks=False).run(Job(1, recipe), record.apply)
        if isinstance(record.outcome, Failed) and not record.outcome.bad_input:
            raise AssertionError(f"{record.outcome.cause}\n{record.outcome.traceback}")
        self.look(record)

    def settings(self, content: bytes) -> None:
        """Open a window with these settings, and close it."""
        file = paths.settings_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        window = app.make_window(ScriptedEngine(), compose("digits"), app.Options("digits"))
        window.show()
        window.complete()
        self.settle()
        window.grab()
        self.faults += _failures(window)
        window.close()
        window.deleteLater()
        self.settle()
        shutil.rmtree(file.parent)

    def nothing(self, _held: Any) -> None:
        """Show nothing: what only the engine reads has no picture."""


def _failures(window: Window) -> list[str]:
    """Name the panels of a window that could not be painted."""
    return [f"{panel.windowTitle()} has an error card" for panel in window.findChildren(Panel) if panel.failure]


def shower(kind: str) -> Callable[[Any], str]:
    """Return what shows the content of files of a kind, and returns what went wrong."""
    screen = Screen()
    shows: dict[str, Callable[[Any], None]] = {
        "run": screen.look,
        "journal": screen.look_at_all,
        "recipe": screen.recipe,
        "lwf-text": screen.recipe,
        "lesson": screen.lesson,
        "idx": screen.images,
        "settings": screen.settings,
    }

    def show(held: Any) -> str:
        try:
            shows.get(kind, screen.nothing)(held)
        except Exception:  # noqa: BLE001 - this is what is looked for
            return traceback.format_exc() + screen.complaint()
        return screen.complaint()

    return show
