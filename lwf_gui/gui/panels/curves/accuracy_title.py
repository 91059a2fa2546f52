"""Title of the accuracy plot: protocol, which line is which, and of which images the figures are."""

from __future__ import annotations

from typing import NamedTuple

from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.panels.overlays import DIAMOND
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import tasks_shown, teachers
from lwf_gui.runs.captions import old_and_new, probe_counts, probe_images
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tasks_shown import plot_key

OLD_HELP = (
    "Old: all earlier tasks together, each weighted by its number of test images, on lines and diamonds alike. The "
    "average on the cards is the plain mean over the tasks."
)


class Title(NamedTuple):
    """What the title says, from the longest to the shortest way, and what it says under the mouse."""

    ways: list[Segments]
    tip: str


def of_old_and_new(record: Record, selection: Selection, colours: Theme, task: int, *, tested: bool) -> Title:
    """Return the title of the curves of old and new, as these are at a task; ``tested``: with full tests upon them."""
    images, on, brief = "", "", ""
    tests: tuple[str, ...] = ("",) * 2
    if record.data is not None:
        images = probe_images(record.data, task)
        on = f"on {images}"
        brief = "{:,} + {:,} probe images".format(*probe_counts(record.data, task))
        old, new = old_and_new(record.data.test_sizes, task)
        sizes = (f": {old:,} old, {new:,} new images", "")
        tests = tuple(f"{DIAMOND} full test set{size}" if tested else "" for size in sizes)
    long, least = tests
    protocol, (plain, term) = PROTOCOLS[selection.protocol], teachers.LINE_NAMES

    def whole(tasks: str, images: str, tests: str, teacher: str) -> Segments:
        """Say it with its legend; what has no room is left out, and never cut into something else."""
        named = (
            () if tasks_shown.are_many(record) else (("   ", ""), (f"━━ {teacher}", colours.teacher))
        )  # it ends soon
        return (
            ("Accuracy", colours.text),
            (f", {protocol}   {plot_key(record, tasks)}", ""),
            *named,
            (f"   {images}   {tests}".rstrip(), ""),
        )

    full = f"{DIAMOND} all test images" if tested and images else ""
    ways = (
        *((" task", on, tests) for tests in (long, least)),
        ("", on, least),
        ("", brief, full),
        ("", on, ""),
    )
    last = ("", images.replace(" and ", ", "), "")
    titles = [whole(*way, teacher) for way in (*ways, last) for teacher in dict.fromkeys((plain, term))]
    # What the figures are goes last: the lines show of which task a curve is, nothing else shows of which images.
    figures = f"{protocol}, probe images" if images else protocol
    also = f", {DIAMOND} all test images" if tested and images else ""
    for legend, diamonds in ((f"   {plot_key(record)}", also), ("", also), (f"   {plot_key(record)}", ""), ("", "")):
        titles.append((("Accuracy", colours.text), (f", {figures}{diamonds}{legend}", "")))
    said = ". ".join(filter(None, (f"Lines: {on}", long))) + "." if images else ""
    tip = tooltip(said, OLD_HELP if tasks_shown.are_many(record) else "")
    return Title([*titles, ((figures, ""),)], tip)


def by_task(record: Record, selection: Selection, colours: Theme) -> Title:
    """Return the title where every task has a curve of its own."""
    assert record.data is not None, "curves by task are of data"
    images, protocol = tasks_shown.probe_images(record.data), PROTOCOLS[selection.protocol]
    long, short = "each task's curve, its number at the end", "each task's curve"
    ways: list[Segments] = [
        (
            ("Accuracy", colours.text),
            (f", {protocol}   {lines}", ""),
            (f"   on {images}" if said else "", ""),
        )
        for lines, said in ((long, True), (short, True), (short, False))
    ]
    return Title(ways, tooltip(f"Lines: accuracy on {images}; the first task's is the nearest to black or white."))


def of_seeds(way: Segments, seeds: int) -> Segments:
    """Return a way to say the title with what the bands are."""
    return (*way, (f"   band: middle 95 % of {seeds} seeds", ""))
