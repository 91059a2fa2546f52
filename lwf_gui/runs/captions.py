"""Of what a figure is: on how many images, of which tasks, under which protocol, and of which moment."""

from __future__ import annotations

from collections.abc import Sequence

from lwf_gui.messages import DataReady
from lwf_gui.numbers import counted
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment


def old_and_new(sizes: Sequence[int], task: int) -> tuple[int, int]:
    """Return how many images are of the tasks before one, and how many are its own; in the base task, of what will be.

    ``sizes`` are the images of each task.
    """
    current = max(task, 1)
    return sum(sizes[:current]), sum(sizes[current : current + 1])


def probe_counts(data: DataReady, task: int) -> tuple[int, int]:
    """Return how many probe images are of the tasks before one, and of that task."""
    return old_and_new(data.probe_sizes, task)


def probe_images(data: DataReady, task: int) -> str:
    """Say which images figures of a task are taken on at a probe."""
    return old_and_new_images(probe_counts(data, task))


def old_and_new_images(counts: tuple[int, int], *, full: bool = False) -> str:
    """Return "300 old and 200 new probe images", or of full test sets "all 6,000 old and 4,000 new test images"."""
    old, new = counts
    images = f"{old:,} old and {new:,} new"
    return f"all {images} test images" if full else f"{images} probe images"


def image_name(data: DataReady, number: int) -> str:
    """Return what a probe image is called: its place among all of them, from 1 on; it is no number of a test image."""
    return f"probe image {number + 1:,} of {len(data.probe_labels):,}"


def probe_captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what a panel's figures are, from the longest to the shortest way; nothing without a probe.

    Protocol and images are the last to go: without them a figure is taken for another one of the same name.
    """
    at, data = moment(record, selection.step), record.data
    if at is None or data is None:
        return ()
    protocol, images, step = PROTOCOLS[selection.protocol], probe_images(data, at.task), when(at, record)
    fewer = counted(sum(probe_counts(data, at.task)), "probe image")
    return (
        f"{protocol}, {images} of {data.dataset}, {step}",
        f"{protocol}, {images}, {step}",
        f"{protocol}, {images.replace(' and ', ', ')}, {step}",
        f"{protocol}, {fewer}, {step}",
        f"{protocol}, {fewer}",
        f"{protocol}, probe images",
        protocol,
    )


def when(at: Moment, record: Record) -> str:
    """Say when a probe was taken."""
    if at.track is record.incremental:
        task = f"task {at.task + 1}, " if len(at.track.started.boundaries) > 1 else ""
        return f"{task}step {at.step:,}"
    return f"{-at.step:,} steps before head expansion" if at.step else "the teacher, trained"


def epoch_of(at: Moment) -> str:
    """Say in which epoch a probe was taken: an epoch's last step is part of it, and the phase's start of the first."""
    axis = at.track.started.axis
    epoch, epochs = axis.epoch(at.probe.step)
    task = f"task {at.task + 1}, " if len(axis.boundaries) > 1 else ""
    return f"{task}epoch {epoch} of {epochs}"
