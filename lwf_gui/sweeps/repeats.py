"""A run repeated with other seeds, one after another: each in a process of its own, behind all else on the machine.

Knows no window, and imports no torch. What a process leaves is read again as untrusted, and has to be the same
experiment on the same images.
"""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.reasons import reason
from lwf_gui.runs.differences import differences, why_apart
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import same_but_seed, with_seed
from lwf_gui.sweeps.processes import Unwanted
from lwf_gui.sweeps.versions import versions
from lwf_gui.sweeps.work import Done, RunKilled, Task, carry_out, words_of

LAST_WAIT = 3.0
"""Seconds that a run has to end when nobody wants it any more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Repeat:
    """What came of one seed: a finished run, or the sentence that says why there is none."""

    seed: int
    record: Record | None
    seconds: float = 0.0
    sentence: str = ""


class Repeats:
    """Runs like ``record``, with other seeds; the first one that fails is the last."""

    def __init__(self, record: Record, seeds: Sequence[int]) -> None:
        self.like, self.seeds = record, tuple(seeds)
        self._came = SimpleQueue[Repeat]()
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._work, name="lwf-gui seeds", daemon=True)

    def begin(self) -> None:
        """Begin with the first seed."""
        self._thread.start()

    def cancel(self) -> None:
        """End the run under way, and begin no other."""
        self._unwanted.set()

    def wait(self) -> None:
        """Wait until the run that was cancelled has ended, but not for long."""
        if self._thread.is_alive():
            self._thread.join(LAST_WAIT)

    def came(self) -> Repeat | None:
        """Return what came next; None where nothing has."""
        try:
            return self._came.get_nowait()
        except Empty:
            return None

    def _work(self) -> None:
        for seed in self.seeds:
            begun = time.monotonic()
            try:
                record, sentence = self._run(seed), ""
            except Unwanted:
                return
            except (InputError, RunKilled) as error:
                record, sentence = None, str(error)
            except OSError as error:
                record, sentence = None, f"It could not be written ({reason(error)})."
            except Exception:  # noqa: BLE001 - whatever it was: who waits for it is told, and the window goes on
                _log.exception("a run with another seed failed")
                record, sentence = None, "The program failed at it; the log says how."
            self._came.put(Repeat(seed, record, time.monotonic() - begun, sentence))
            if record is None:
                return

    def _run(self, seed: int) -> Record:
        """Return a finished run of a seed.

        Raises
        ------
        InputError
            If there is none, or it is another experiment.
        """
        task = Task(f"seed-{seed}", words_of(with_seed(self.like, seed)), versions(), {})
        record = _read(carry_out(task, self._unwanted.is_set, gently=True))
        if not same_but_seed(self.like, record):
            why = why_apart(self.like, record) or "; ".join(differences(self.like, record)) or "the same seed"
            raise InputError(f"On this machine it is another experiment: {why}.")
        return record


def _read(done: Done) -> Record:
    """Return the run that a process left."""
    if not done.document:
        raise InputError(done.sentence or f"It cannot be done here: {done.misfit}.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"run{files.SUFFIX}")
        path.write_bytes(done.document)
        return files.load(path)
