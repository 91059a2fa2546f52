"""A run at the moment that words are about, and of which images its figures are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from lwf_gui.messages import DataReady
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.captions import old_and_new, old_and_new_images, probe_counts
from lwf_gui.runs.full_tests import evaluation_at, evaluation_of
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, settings_at
from lwf_gui.runs.track import Track


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A run at the moment that is looked at, and the run before it in the same lesson, if there was one."""

    record: Record
    selection: Selection
    before: Record | None = None
    reached: bool = True
    """Whether the run is where the words are about; before that the learners' figures are not told."""

    @property
    def data(self) -> DataReady | None:
        """The images of the run."""
        return self.record.data

    @property
    def track(self) -> Track | None:
        """The training of the learners."""
        return self.record.incremental

    @property
    def step(self) -> int:
        """Steps since the head expansion at the probe that is looked at."""
        at = moment(self.record, self.selection.step)
        return at.step if at is not None and at.track is self.track else 0

    @property
    def live_settings(self) -> LiveSettings | None:
        """The live settings of that moment."""
        return settings_at(self.record, self.selection.step)

    def at(self, target: str) -> Glimpse | None:
        """Return the same run at "expansion", "end", "step N" or "epoch N"; None where it has not come so far."""
        if self.track is None:
            return None
        word, _, number = target.partition(" ")
        started = self.track.started
        steps = {"expansion": 0, "end": started.steps}
        if number:
            steps = {"step": int(number), "epoch": int(number) * started.epoch_steps[0]}
        if steps[word] > self.track.steps:
            return None
        return replace(self, selection=replace(self.selection, step=steps[word]), reached=True)

    def unreached(self) -> Glimpse:
        """Return the same run, of whose learners nothing is told yet."""
        return replace(self, reached=False)


class Sample(NamedTuple):
    """How many images of the old and of the new task figures are taken on, and whether these are the test sets."""

    old: int
    new: int
    full: bool


def sample(glimpse: Glimpse) -> Sample | None:
    """Return on which images the learners' figures are taken at a moment: the test sets where a pass ends."""
    data = glimpse.data
    at = moment(glimpse.record, glimpse.step)
    if data is None or at is None or at.track is not glimpse.track or not glimpse.reached:
        return None
    record = glimpse.record
    if evaluation_of(record, at.task, 0) and evaluation_at(record, at.task, glimpse.step):
        return Sample(*old_and_new(data.test_sizes, at.task), full=True)
    return Sample(*probe_counts(data, at.task), full=False)


def source(glimpse: Glimpse) -> tuple[str, ...]:
    """Say of what the figures are, from the longest way to the shortest; nothing where there are none."""
    taken, data = sample(glimpse), glimpse.data
    if taken is None or data is None:
        return ()
    when, protocol = f"step {glimpse.step:,}", PROTOCOLS[glimpse.selection.protocol]
    images = old_and_new_images((taken.old, taken.new), full=taken.full)
    return (
        f"Figures: {protocol}, {when}, {images} of {data.dataset}",
        f"Figures: {protocol}, {when}, {data.dataset}",
        f"{protocol.capitalize()}, {when}",
        when.capitalize(),
    )
