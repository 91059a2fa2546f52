"""One run from recipe to outcome: data, device, experiment. Also the engine's thread for the window.

The terminal command calls `Runner.run` in its own thread, the window's `EngineThread` calls it in another: the same
code, hence the same numbers.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lwf_gui import InputError
from lwf_gui.control import Control, StopRequested
from lwf_gui.engine.job import Job as Job
from lwf_gui.messages import DataReady, Emit, Failed, Finished, Notice, Outcome, Progress, Stopped
from lwf_gui.recipe import Recipe

if TYPE_CHECKING:
    from lwf_gui.data.folders import Stat
    from lwf_gui.data.sources import Dataset
    from lwf_gui.engine.compute.device import ComputeConfig
    from lwf_gui.engine.snapshots import SnapshotStore
    from lwf_gui.engine.tasks import Tasks


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """The last run's snapshots, and what they are good for.

    ``runs`` are that run and the one whose learners it left as they were, each with its recipe and these learners; of
    the run itself all that is kept is good.
    """

    runs: Mapping[int, tuple[Recipe, Collection[str] | None]]
    tasks: Tasks
    compute: ComputeConfig
    store: SnapshotStore


class Runner:
    """Does runs one after another; keeps the last data set and the last run's snapshots in memory between them."""

    def __init__(self, *, forks: bool = True) -> None:
        self._forks = forks  # in a terminal nobody asks for one
        self._dataset: Dataset | None = None
        self._spec = ""
        self._stamps: tuple[Stat, ...] = ()
        self._fingerprints: dict[int, str] = {}  # of the images of every run
        self._tasks_key: object = None
        self._tasks: Tasks | None = None
        self._kept: _Kept | None = None

    def run(self, job: Job, emit: Emit) -> Outcome:
        """Do a run; tell everything through ``emit``, ending with exactly one outcome, also returned."""
        outcome: Outcome | None = None
        try:
            outcome = Finished(job.run_id, self._run(job, emit))
        except InputError as error:
            outcome = Failed(job.run_id, str(error), "", bad_input=True)
        except StopRequested:
            outcome = Stopped(job.run_id)
        except Exception as error:  # noqa: BLE001 - whatever went wrong must reach the user
            outcome = Failed(job.run_id, _cause(error), traceback.format_exc(), bad_input=False)
        except BaseException as error:  # Ctrl+C, or a library that ends the program
            broken_off = Failed(job.run_id, _cause(error), traceback.format_exc(), bad_input=False)
            outcome = Stopped(job.run_id) if isinstance(error, KeyboardInterrupt) else broken_off
            raise
        finally:
            assert outcome is not None
            emit(outcome)
        return outcome

    def _run(self, job: Job, emit: Emit) -> dict[str, Any]:
        started = time.perf_counter()
        emit(Progress(job.run_id, "Starting the engine", 0, 0))
        from lwf_gui.engine.compute.device import resolve
        from lwf_gui.engine.experiment import Experiment
        from lwf_gui.engine.networks import require_size
        from lwf_gui.engine.provenance import provenance_of
        from lwf_gui.engine.snapshots import LIMIT

        dataset, recipe = self._load(job, emit), job.recipe
        self._refuse_other_images(job, dataset)
        _, height, width = dataset.train_images.shape
        require_size(recipe.model, height, width)
        # What trains beside recorded learners is trained as they were.
        compute = resolve(job.fork.recipe_before(recipe) if job.fork else recipe, height, width)
        if compute.note:
            emit(Notice(job.run_id, compute.note))
        tasks = self._make_tasks(dataset, recipe, compute.device)
        emit(_data_ready(job.run_id, recipe, dataset, tasks, compute.describe()))
        emit(provenance_of(job.run_id, compute))
        loaded = time.perf_counter()
        runs, store = self._take_over(job, recipe, tasks, compute, emit)
        kept = LIMIT if self._forks else 0
        experiment = Experiment(job, tasks, dataset.fingerprint, compute, emit, store=store, snapshots=kept)
        try:
            results = experiment.run()
        finally:  # one may go back in a run that was stopped or has failed, too
            if experiment.store is not None:
                self._kept = _Kept({**runs, job.run_id: (recipe, None)}, tasks, compute, experiment.store)
        seconds = {"load": loaded - started, **results.pop("seconds"), "total": time.perf_counter() - started}
        return {**_made_of(recipe, dataset, compute), **results, "seconds": seconds}

    def _take_over(
        self, job: Job, recipe: Recipe, tasks: Tasks, compute: ComputeConfig, emit: Emit
    ) -> tuple[dict[int, tuple[Recipe, Collection[str] | None]], SnapshotStore | None]:
        """Return what is kept of the run that is forked, with the runs it is good for; let go of what is of others."""
        fork, kept, self._kept = job.fork, self._kept, None
        if not (fork and kept and fork.origin in kept.runs):
            return {}, None
        before, same = kept.runs[fork.origin]
        # How many train at once follows from how many there are, and no digit from it.
        alike = replace(kept.compute, workers=compute.workers) == compute
        if not (before == fork.recipe_before(recipe) and kept.tasks is tasks and alike):
            return {}, None
        if not fork.alone:
            return {}, kept.store.inherited(job.run_id, fork.step, emit, same)
        others = {*recipe.names, *(branch.learner for branch in fork.branches)} - {fork.alone}
        return {fork.origin: (before, others)}, kept.store.inherited(job.run_id, None, emit, others)

    def _load(self, job: Job, emit: Emit) -> Dataset:
        """Return the images: those in memory, as long as their files are as they were when they were read."""
        from lwf_gui.data import sources

        spec = job.recipe.data.dataset
        stamps = sources.stamps(spec)
        last, self._dataset = self._dataset, None
        if last is None or (self._spec, self._stamps) != (spec, stamps):
            emit(Progress(job.run_id, "Reading the images", 0, 0))
            read = sources.load(spec)
            if last and self._spec == spec and last.source == read.source and last.fingerprint != read.fingerprint:
                emit(
                    Notice(job.run_id, f"The files of {read.name} ({read.source}) have changed: they were read again.")
                )
            last = read
        self._dataset, self._spec, self._stamps = last, spec, stamps
        return last

    def _refuse_other_images(self, job: Job, dataset: Dataset) -> None:
        """Raise InputError if a fork would go on with other images than the run before it began with."""
        self._fingerprints[job.run_id] = dataset.fingerprint
        if job.fork and self._fingerprints.get(job.fork.origin, dataset.fingerprint) != dataset.fingerprint:
            raise InputError(
                f"The images of {dataset.name} are others now than those of the run that is to go on: start a new run."
            )

    def _make_tasks(self, dataset: Dataset, recipe: Recipe, device: Any) -> Tasks:
        from lwf_gui.engine.tasks import make_tasks

        key = (dataset.fingerprint, dataset.classes, recipe.data, recipe.train.probe_images, recipe.seed, device)
        if self._tasks is None or self._tasks_key != key:
            self._tasks = self._kept = None  # let go of the old tensors before the new ones are made
            self._tasks = make_tasks(dataset, recipe, device)
            self._tasks_key = key
        return self._tasks


def fetch(run_id: int, control: Control, emit: Emit) -> Outcome:
    """Download Fashion-MNIST into the cache; tell progress and one outcome, also returned."""
    from lwf_gui.data import sources
    from lwf_gui.data.download import Cancelled, fetch_fashion_mnist

    outcome: Outcome
    try:
        fetch_fashion_mnist(
            sources.download_dir(),
            progress=lambda what, done, total: emit(Progress(run_id, what, done, total, "bytes")),
            cancelled=lambda: control.stopped,
        )
        sources.load("fashion-mnist")
        outcome = Finished(run_id, {"folder": str(sources.download_dir())})
    except Cancelled:
        outcome = Stopped(run_id)
    except (InputError, OSError) as error:
        outcome = Failed(run_id, str(error), "", bad_input=True)
    emit(outcome)
    return outcome


def _made_of(recipe: Recipe, dataset: Dataset, compute: ComputeConfig) -> dict[str, Any]:
    """Return what JSON says of a run before its results."""
    return {
        "recipe": recipe.model_dump(mode="json"),
        "seed": recipe.seed,
        "dataset": dataset.name,
        "source": dataset.source,
        "note": dataset.note,
        "device": compute.describe(),
    }


def _data_ready(run_id: int, recipe: Recipe, dataset: Dataset, tasks: Tasks, device: str) -> DataReady:
    return DataReady(
        run_id=run_id,
        recipe=recipe,
        dataset=dataset.name,
        source=dataset.source,
        note=dataset.note,
        classes=tasks.classes,
        scenario=tasks.scenario,
        train_sizes=tuple(map(len, tasks.train)),
        test_sizes=tuple(map(len, tasks.test)),
        probe_images=tasks.probe_pixels,
        probe_labels=tasks.probe.targets.cpu().numpy().astype("uint8"),
        peak=dataset.peak,
        device=device,
    )


def _cause(error: BaseException) -> str:
    """Return one readable line about a fault."""
    text = str(error).strip().split("\n")[0] or "no details were given"
    return text if type(error).__name__ == "Diverged" else f"{type(error).__name__}: {text}"
