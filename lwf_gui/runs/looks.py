"""What looks at networks that are no learner's own have in common: layers put back, and straight paths."""

from __future__ import annotations

from lwf_gui.methods import method_of
from lwf_gui.numbers import counted
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.selection import Moment


def place_of(protocol: ProtocolName) -> int:
    """Return where a protocol's counts stand in the messages of looks."""
    return tuple(PROTOCOLS).index(protocol)


def images_of(images: int, kind: str) -> str:
    """Return how many images a task's figure is of, as in "6,000 test images"; ``kind`` is what these are called."""
    return counted(images, kind.removesuffix("s"))


def why_not(learner: str, at: Moment, unknown: str) -> str:
    """Say why a learner is not shown; ``unknown`` is said of one of which nothing is known, for no other reason."""
    row, name = method_of(learner), label_of(learner)
    if learner not in at.learners:
        return f"{name} is not shown: its training diverged."
    if row is not None and row.answers_by:
        return f"{name} is not shown: it answers by {row.answers_by}, not by its network's own head."
    return f"{name} is not shown: {unknown}."
