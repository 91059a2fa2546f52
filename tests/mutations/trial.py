"""One mutated file through the program's own loader: what came of it, how long it took, and how much memory."""

from __future__ import annotations

import re
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from lwf_gui import InputError
from tests.mutations.kinds import KINDS, Files

SECONDS = 2.0
"""Of the processor, that one file may take; the clock counts what others on the machine do."""

MEBIBYTES = 500.0
"""Of memory that one file may take."""

LONGEST = 1500
"""Characters of a sentence; the name of the file is a part of it."""


@dataclass(frozen=True)
class Trial:
    """What came of one file.

    Attributes
    ----------
    fault : what must not be; empty where it was accepted, or refused in a sentence
    said : the sentence, where it was refused
    """

    kind: str
    number: int
    said: str
    fault: str
    seconds: float
    mebibytes: float


def mutated(kind: str, seed: int, number: int) -> Files:
    """Return the files of a mutation: the same for the same words."""
    return KINDS[kind].mutated(Random(f"{seed} {kind} {number}"))


def attempt(kind: str, seed: int, number: int, show: Callable[[Any], str] | None = None) -> Trial:
    """Load a mutation and, if it is accepted, ``show`` what it holds, which returns what went wrong."""
    made = mutated(kind, seed, number)
    with tempfile.TemporaryDirectory(prefix="lwf-mutation-") as folder:
        for name, content in made.items():
            (Path(folder) / name).write_bytes(content)
        before = _forget_peak()
        begun, said, fault = time.process_time(), "", ""
        try:
            held = KINDS[kind].load(Path(folder))
        except InputError as error:
            said = str(error)
            fault = _unclear(said)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            fault = traceback.format_exc()
        seconds, mebibytes = time.process_time() - begun, _peak() - before
        if show is not None and not said and not fault:
            fault = show(held)
    if not fault and seconds > SECONDS:
        fault = f"it took {seconds:.1f} s"
    if not fault and mebibytes > MEBIBYTES:
        fault = f"it took {mebibytes:.0f} MiB"
    return Trial(kind, number, said, fault, seconds, mebibytes)


def _unclear(said: str) -> str:
    """Say what is wrong with a sentence."""
    if "\n" in said or len(said) > LONGEST or not said.endswith((".", "?", "!")):
        return f"no sentence: {said[:LONGEST]!r}"
    odd = re.search(r"Traceback|Error\b|object at 0x|too large for the memory", said)
    return f"no sentence for people: {said!r}" if odd else ""


def _forget_peak() -> float:
    """Let the most memory that this process had be what it has now; return it, in MiB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:  # another system, or one that does not let us
        return 0.0
    return _peak()


def _peak() -> float:
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
