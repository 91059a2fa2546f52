"""What a worker does for a sweep: one run, in a process of its own, whose document it hands back as bytes.

Imports neither torch nor Dask: a worker is light, and whoever calls it says when its work is not wanted any more.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lwf_gui import InputError, untrusted
from lwf_gui.data import sources
from lwf_gui.documents.files import SUFFIX
from lwf_gui.recipe import Recipe
from lwf_gui.sweeps import processes
from lwf_gui.sweeps.plan import Plan, Unit, typed
from lwf_gui.sweeps.versions import difference, versions


class RunKilled(Exception):  # noqa: N818 - what happened, in a word
    """The process of a run was killed; it may be tried again."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to know of a run: the words after ``lwf-gui``, and what must be the same everywhere."""

    id: str
    words: tuple[str, ...]
    versions: Mapping[str, str]
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a run: its document; or the sentence that says why there is none; or what is wrong with a worker."""

    id: str
    document: bytes = b""
    sentence: str = ""
    misfit: str = ""


def words_of(recipe: Recipe) -> tuple[str, ...]:
    """Return the words after ``lwf-gui`` that do a run; where it is left is missing."""
    return ("run", "--quiet", "--no-journal", *typed(recipe))


def task_of(plan: Plan, unit: Unit) -> Task:
    """Return what a worker needs to know of a run of a plan."""
    spec = unit.recipe.data.dataset
    return Task(unit.id, words_of(unit.recipe), dict(plan.versions), {spec: plan.data[spec]})


def misfit(wanted: Mapping[str, str], data: Mapping[str, str]) -> str:
    """Say as a clause why a sweep cannot be done in this process; nothing where it can."""
    if other := difference(versions(), wanted):
        return f"it has {other}"
    for spec, fingerprint in data.items():
        try:
            found = _fingerprint(spec)
        except InputError as error:
            return f"it cannot read the images ({str(error).rstrip('.')})"
        if found != fingerprint:
            return f"its images of {untrusted.shortened(spec)} are others"
    return ""


@functools.cache
def _fingerprint(spec: str) -> str:
    return sources.load(spec).fingerprint


def carry_out(task: Task, unwanted: Callable[[], bool], folder: str | None = None, *, gently: bool = False) -> Done:
    """Do a run in a process of its own; temporary files are in a folder, the system's own without one.

    ``gently``: it takes only the processor time that nobody else wants.

    Raises
    ------
    RunKilled
        If its process was killed.
    Unwanted
        If it was ended because nobody wants it any more.
    """
    if wrong := misfit(task.versions, task.data):
        return Done(task.id, misfit=wrong)
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place:
        out, said = Path(place, f"{task.id}{SUFFIX}"), Path(place, "said.txt")
        code = processes.run((*task.words, "--out", str(out)), said, unwanted, gently=gently)
        if code < 0:
            raise RunKilled(f"the process of run {task.id} was killed by signal {-code}")
        if code == 0 and out.exists():
            return Done(task.id, document=out.read_bytes())
        return Done(task.id, sentence=_last_line(said))


def _last_line(said: Path) -> str:
    text = said.read_text("utf-8", errors="replace") if said.exists() else ""
    lines = text.strip().splitlines()
    return untrusted.shortened(lines[-1].removeprefix("lwf-gui: "), 500) if lines else "It ended without a word."
