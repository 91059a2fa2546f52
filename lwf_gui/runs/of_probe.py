"""What was found last of a record's probe, kept: several parts of a window ask for the same with every picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from lwf_gui.messages import Probe
from lwf_gui.runs.record import Record

Found = TypeVar("Found")


class OfProbe(Generic[Found]):
    """Keeps one answer a record, until another probe of it is asked for."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Record, tuple[Probe, Found]] = WeakKeyDictionary()

    def get(self, record: Record, probe: Probe, find: Callable[[], Found]) -> Found:
        """Return what ``find`` returns of a probe, or what it returned the last time."""
        known = self._kept.get(record)
        if known is None or known[0] is not probe:
            known = self._kept[record] = probe, find()
        return known[1]
