"""The engine's thread beside a window: takes jobs from one queue, puts messages on another.

All of torch happens in this one thread: a second thread with its own pool of OpenMP workers would slow both down.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from queue import SimpleQueue

from lwf_gui import InputError
from lwf_gui.control import Control
from lwf_gui.engine.runner import Job, Runner, fetch
from lwf_gui.faults import clause
from lwf_gui.messages import Emit, EngineReady, Failed, Finished, FolderChecked, Fork, Message, Progress, Stopped
from lwf_gui.outbox import Outbox
from lwf_gui.recipe import Recipe

_Fetch = tuple[int, Control]


class EngineThread(threading.Thread):
    """Runs jobs in order until `close`. Importing this module imports no torch; starting the thread does."""

    def __init__(self) -> None:
        super().__init__(name="lwf-gui engine")
        self.outbox = Outbox()
        self._inbox: SimpleQueue[Job | _Fetch | None] = SimpleQueue()
        self._control = Control()
        self._closed = False

    def train(self, run_id: int, recipe: Recipe, control: Control) -> None:
        """Do a run; see `Job`. Its messages appear in ``outbox``, the last one its outcome."""
        self._control = control
        self._inbox.put(Job(run_id, recipe, control))

    def fork(self, run_id: int, recipe: Recipe, fork: Fork, control: Control) -> None:
        """Continue another run from one of its steps; ``recipe`` is that run's, as its `DataReady` told it."""
        self._control = control
        self._inbox.put(Job(run_id, recipe, control, fork))

    def fetch(self, run_id: int, control: Control) -> None:
        """Download Fashion-MNIST; messages as for `train`."""
        self._control = control
        self._inbox.put((run_id, control))

    def check(self, folder: str) -> None:
        """Read a folder that was chosen as data; a `FolderChecked` appears in ``outbox``, whatever runs meanwhile."""
        threading.Thread(target=_check, args=(folder, self.outbox), name="lwf-gui folder check", daemon=True).start()

    def close(self) -> None:
        """Stop what is under way and end the thread."""
        self._closed = True
        self._control.stop()
        self._inbox.put(None)

    def run(self) -> None:
        """Import torch, then do the jobs, each to its one outcome, whatever happens. Called by `start`."""
        broken = self._import_torch()
        runner = Runner()
        while not self._closed and (job := self._inbox.get()) is not None:
            if isinstance(job, Job):
                run_id, work = job.run_id, partial(runner.run, job)
            else:
                run_id, work = job[0], partial(fetch, *job)
            if broken is not None:
                self.outbox.put(replace(broken, run_id=run_id))
            else:
                self._do(run_id, work)

    def _import_torch(self) -> Failed | None:
        """Import torch; return what to answer to every job if that fails, which it does in many ways."""
        self.outbox.put(Progress(0, "Starting the engine", 0, 0))
        try:
            import torch

            _ = torch.__version__  # which a folder that only has its name does not have
        except BaseException as error:  # noqa: BLE001 - a library that is missing, broken, or ends the process
            broken = Failed(0, f"The engine cannot start: {clause(error)}.", traceback.format_exc(), bad_input=False)
            self.outbox.put(broken)
            return broken
        self.outbox.put(EngineReady(0))
        return None

    def _do(self, run_id: int, work: Callable[[Emit], object]) -> None:
        """Do a job; end it if it does not do so itself."""
        ended = False

        def emit(message: Message) -> None:
            nonlocal ended
            ended = ended or isinstance(message, Finished | Stopped | Failed)
            self.outbox.put(message)

        cause, details = "it gave no reason", ""
        try:
            work(emit)
        except BaseException as error:  # noqa: BLE001 - else the window would wait for ever
            cause, details = clause(error), traceback.format_exc()
        if not ended:
            self.outbox.put(Failed(run_id, f"The engine broke off: {cause}.", details, bad_input=False))


def _check(folder: str, outbox: Outbox) -> None:
    from lwf_gui.data import sources

    try:
        found = sources.load(folder)
        answer = FolderChecked(0, folder, "", f"{len(found.train_images):,} + {len(found.test_images):,} images")
    except InputError as error:
        answer = FolderChecked(0, folder, str(error), "")
    except Exception as error:  # noqa: BLE001 - somebody waits for an answer
        answer = FolderChecked(0, folder, f"{folder} cannot be read ({type(error).__name__}: {error}).", "")
    outbox.put(answer)
