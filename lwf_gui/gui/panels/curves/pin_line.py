"""The line above the curves that says of every pinned run what differs, and what its learners know at a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curves.facts import Accuracies
from lwf_gui.gui.panels.line import Line, Segments
from lwf_gui.gui.panels.pin_lines import LINES
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import TEACHER
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.differences import verdict
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import learners_of, names_of
from lwf_gui.runs.pins import Pin, Pins
from lwf_gui.runs.record import Record
from lwf_gui.runs.tasks_shown import called

FORMS = 3
"""Lengths of learners' names."""

Told = Mapping[str, tuple[str, ...]]
"""How pinned runs differ from the shown one, by letter."""


class PinsAt(NamedTuple):
    """The pinned runs that are drawn beside a run, by which protocol, in which colours."""

    record: Record
    pins: Pins
    protocol: ProtocolName
    colours: Theme


class PinLine(Line):
    """Names the curves of pinned runs by their lines and letters."""

    def __init__(self) -> None:
        super().__init__(theme.font(1.0), theme.LIGHT.text)
        self._differ: tuple[object, Told] = (None, {})
        self.hide()

    def tell(self, at: PinsAt, step: float) -> None:
        """Tell what differs, and each learner's accuracy at or before a step, where all of it has room."""
        told = self._told(at)
        ways = _ways(at, told, step)
        self.set_segments(next(ways, ()), ways)

    def _told(self, at: PinsAt) -> Told:
        """Return how the runs differ: worked out anew only where that may have changed."""
        record = at.record
        state = (record, record.data, len(record.marks), learners_of(record), at.pins)
        if state != self._differ[0]:
            told = {pin.letter: verdict(record, pin.record) for pin in at.pins}
            self._differ = (state, told)
            lines = (f"{letter}, pinned: {', '.join(said)}" for letter, said in told.items())
            self.setToolTip(tooltip(*lines, "Their numbers stand in the panel Compare."))
        return self._differ[1]


def _ways(at: PinsAt, told: Told, step: float) -> Iterator[Segments]:
    """Yield all; then in shorter names, without accuracies, with less of what differs, and the letters alone."""
    if not at.pins:
        return
    values = {pin.letter: _values(at, pin, step) for pin in at.pins}
    if any(values.values()):
        for form in range(FORMS):
            yield _joined(at, {letter: ", ".join(said) for letter, said in told.items()}, values, form)
    yield _joined(at, {letter: ", ".join(said) for letter, said in told.items()})
    yield _joined(at, {letter: _few(said) for letter, said in told.items()})
    yield _joined(at, {})


def _joined(
    at: PinsAt, told: Mapping[str, str], values: Mapping[str, Mapping[str, str]] | None = None, form: int = 0
) -> Segments:
    """Return the runs one after another."""
    parts: Segments = ()
    for pin in at.pins:
        said, known = told.get(pin.letter, ""), (values or {}).get(pin.letter, {})
        parts += ((f"{pin.letter} {LINES[pin.letter]}", at.colours.text), (f" {said}{':  ' if known else '   '}", ""))
        names = names_of(known)[form]
        for learner, share in known.items():
            parts += ((names[learner], at.colours.words(learner)), (f" {share}   ", ""))
    return parts


def _few(said: Sequence[str]) -> str:
    """Return the first difference, and how many more there are."""
    return "".join(said[:1]) + (f" and {len(said) - 1} more" if said[1:] else "")


def _values(at: PinsAt, pin: Pin, step: float) -> dict[str, str]:
    """Return what every learner of a pinned run knows of the old task at or before a step, as it is said."""
    record, found = pin.record, {}
    if record.data is None or step < 0:
        return {}
    facts = Accuracies(record, at.protocol, lambda learner, task: accuracy_series(record, learner, task, at.protocol))
    for learner, what in facts.at(step).found.items():
        if learner != TEACHER and not isinstance(what, int) and "old" in what:
            found[learner] = f"{called(record)['old']} {what['old'].said}"
    return found
