"""Carries out the runs of a sweep with Dask: on workers of this machine, or of a cluster that is there already.

A worker that dies is replaced and its run done again; what it did is never counted, for only a whole document is.
Importing this imports Dask.
"""

from __future__ import annotations

import contextlib
import importlib.util
import queue
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dask

_QUIET = {"distributed": "critical", "distributed.worker": "critical", "tornado": "critical"}
dask.config.set(
    {
        "logging": _QUIET,  # what matters is said by the sweep
        "distributed.nanny.pre-spawn-environ": {"DASK_LOGGING": repr(_QUIET)},
    }
)

from distributed import Client, Future, KilledWorker, LocalCluster, get_worker  # noqa: E402 - it reads that as it loads

from lwf_gui import InputError, untrusted  # noqa: E402
from lwf_gui.sweeps.address import no_answer  # noqa: E402
from lwf_gui.sweeps.processes import Unwanted  # noqa: E402
from lwf_gui.sweeps.work import Done, RunKilled, Task, carry_out, misfit  # noqa: E402

CONNECT_SECONDS = 3.5
"""Patience with a scheduler that is to be there."""

LOST_SECONDS = 5.0
"""Patience with a scheduler that does not answer any more."""

RETRIES = 2
"""How often a run whose process was killed is tried again."""

ASK = 0.25
"""Seconds between two looks at whether the scheduler is still there."""

_FORGOTTEN = (None, "cancelled", "released", "forgotten")


class SchedulerLost(Exception):  # noqa: N818 - what happened, in a word
    """The scheduler is gone; what is done is kept."""


class Misfit(Exception):  # noqa: N818 - what it is, in a word
    """A worker cannot do runs of this sweep; the text is a sentence."""


def done_by_worker(task: Task) -> Done:
    """Do a run in a worker's thread; what is cancelled, or wanted by a client that is gone, is broken off."""
    worker = get_worker()
    key = worker.get_current_task()

    def unwanted() -> bool:
        found = worker.state.tasks.get(key)
        return (None if found is None else found.state) in _FORGOTTEN

    try:
        return carry_out(task, unwanted, worker.local_directory)
    except Unwanted:
        return Done(task.id, sentence="It was cancelled.")  # which nobody reads


class Workers:
    """A cluster's workers; use as a context.

    Parameters
    ----------
    scheduler : address of one that is there; empty: workers of this machine, which end with the context
    count : how many workers this machine gets

    Raises
    ------
    InputError
        If there is no scheduler.
    """

    def __init__(self, scheduler: str, count: int) -> None:
        self._stack = contextlib.ExitStack()
        self.address = scheduler
        if scheduler:
            self.client = self._stack.enter_context(_connected(scheduler))
        else:
            cluster = LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                memory_limit=None,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0" if self._has_dashboard else None,
            )
            self._stack.enter_context(cluster)
            self.client = self._stack.enter_context(Client(cluster, set_as_default=False))
            self.address = cluster.scheduler_address

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):  # of a scheduler that is gone
            self._stack.close()

    @property
    def _has_dashboard(self) -> bool:
        return importlib.util.find_spec("bokeh") is not None

    @property
    def dashboard(self) -> str:
        """Address of the dashboard, empty where there is none, for which bokeh is needed."""
        return str(self.client.dashboard_link) if self._has_dashboard else ""

    @property
    def count(self) -> int:
        """Return how many workers there are."""
        return len(self.client.scheduler_info(n_workers=-1)["workers"])

    def require_fit(self, versions: Mapping[str, str], data: Mapping[str, str]) -> None:
        """Raise `InputError` if a worker that is there has other versions or images."""
        found: dict[str, Any] = self.client.run(misfit, dict(versions), dict(data), on_error="return")
        for address, told in found.items():
            if told:
                raise InputError(_misfit_text(address, told))

    def done(self, tasks: Sequence[Task]) -> Iterator[Done]:
        """Have runs done, the first ones first; yield what came of each, as they end.

        Raises
        ------
        SchedulerLost
            If the scheduler is gone.
        Misfit
            If a worker that came later has other versions or images.
        """
        token, ended = uuid.uuid4().hex[:8], queue.SimpleQueue[Future]()
        futures = {
            f"lwf-{task.id}-{token}": self.client.submit(
                done_by_worker, task, key=f"lwf-{task.id}-{token}", retries=RETRIES, priority=-place, pure=False
            )
            for place, task in enumerate(tasks)
        }
        for future in futures.values():
            future.add_done_callback(ended.put)
        try:
            while futures:
                future = self._next(ended)
                del futures[future.key]
                yield self._came_of(future)
        finally:
            with contextlib.suppress(Exception):  # of a scheduler that is gone
                self.client.cancel(list(futures.values()))

    def _next(self, ended: queue.SimpleQueue[Future]) -> Future:
        """Return the next run that has ended; a scheduler that does not come back is lost."""
        lost = 0.0
        while True:
            with contextlib.suppress(queue.Empty):
                return ended.get(timeout=ASK)
            if self.client.status == "running":
                lost = 0.0
                continue
            lost = lost or time.monotonic()
            if self.client.status == "closed" or time.monotonic() - lost > LOST_SECONDS:
                raise SchedulerLost

    def _came_of(self, future: Future) -> Done:
        """Return what came of a run."""
        run = future.key.split("-")[1]
        if future.status in ("cancelled", "lost"):
            raise SchedulerLost
        if future.status == "error":
            return Done(run, sentence=_error_text(future.exception()))
        try:
            done: Done = future.result()
        except Exception as error:
            raise SchedulerLost from error
        if done.misfit:
            raise Misfit(_misfit_text("a worker", done.misfit))
        return done


def _connected(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:
        raise InputError(no_answer(scheduler)) from error


def _misfit_text(address: str, told: object) -> str:
    where = untrusted.shortened(address)
    if isinstance(told, ModuleNotFoundError | ImportError):
        return f"The worker {where} cannot do runs: lwf-gui is not installed there ({told})."
    return f"The worker {where} cannot do runs of this sweep: {untrusted.shortened(str(told), 300)}."


def _error_text(error: BaseException | None) -> str:
    if isinstance(error, KilledWorker):
        return "The workers that did it died, again and again."
    if isinstance(error, RunKilled):
        return f"Its process was killed {RETRIES + 1} times."
    return f"It was not done ({type(error).__name__}: {untrusted.shortened(str(error), 200)})."
