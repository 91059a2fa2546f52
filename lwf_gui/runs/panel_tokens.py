"""What tokens in a lesson's words take from panels: the first steps, layers put back, and straight paths.

Each is a pure function of a run at a moment and a learner, with as many digits as the panel's own images support.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from lwf_gui.messages import POINTS, TEACHER
from lwf_gui.numbers import counted
from lwf_gui.runs import shown
from lwf_gui.runs.glimpse import Glimpse, sample
from lwf_gui.runs.put_back import Known, put_back
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.stability_gap import Dip, stability_gap
from lwf_gui.runs.straight_path import Path, straight_path

HALF = POINTS // 2
"""The point of a path that is half-way."""


def _here(glimpse: Glimpse) -> Selection | None:
    """Return where one looks; None where the run is not there yet."""
    return replace(glimpse.selection, step=glimpse.step) if sample(glimpse) is not None else None


def _of_dip(share: Callable[[Dip], float]) -> Callable[[Glimpse, str], str | None]:
    def tell(glimpse: Glimpse, learner: str) -> str | None:
        here = _here(glimpse)
        gap = None if here is None else stability_gap(glimpse.record, here)
        dip = None if gap is None or gap.reason else gap.of(learner)
        if gap is None or dip is None or share(dip) != share(dip):  # NaN: none is known
            return None
        return shown.percent(share(dip), gap.images)

    return tell


def _lowest_at(glimpse: Glimpse, learner: str) -> str | None:
    here = _here(glimpse)
    gap = None if here is None else stability_gap(glimpse.record, here)
    dip = None if gap is None or gap.reason else gap.of(learner)
    return None if dip is None else f"{dip.lowest_at}"


def _with_back(first: bool, share: Callable[[Known], float], place: int) -> Callable[[Glimpse, str], str | None]:
    """Return what tells a learner's accuracy with the old answers' rows put back, and the first layer too."""

    def tell(glimpse: Glimpse, learner: str) -> str | None:
        here = _here(glimpse)
        back = None if here is None else put_back(glimpse.record, here)
        if back is None or learner not in back.known:
            return None
        combination = back.head | 1 if first else back.head
        return shown.percent(share(back.known[learner][combination]), back.images[place])

    return tell


def _on_path(share: Callable[[Path], float], place: int) -> Callable[[Glimpse, str], str | None]:
    """Return what tells a figure of the path from the old network to a learner."""

    def tell(glimpse: Glimpse, learner: str) -> str | None:
        here = _here(glimpse)
        paths = None if here is None else straight_path(glimpse.record, here)
        if paths is None or (TEACHER, learner) not in paths.paths:
            return None
        return shown.percent(share(paths.paths[TEACHER, learner]), paths.images[place])

    return tell


def _best_at(glimpse: Glimpse, learner: str) -> str | None:
    """Return at which share of the way both tasks are known best on average."""
    here = _here(glimpse)
    paths = None if here is None else straight_path(glimpse.record, here)
    path = None if paths is None else paths.paths.get((TEACHER, learner))
    return None if path is None else f"{100 * path.best / (POINTS - 1):g} %"


OF_PANELS: Mapping[str, Callable[[Glimpse, str], str | None]] = {
    "at-first": _of_dip(lambda dip: dip.before),
    "lowest": _of_dip(lambda dip: dip.lowest),
    "lowest-at": _lowest_at,
    "min-acc": _of_dip(lambda dip: dip.min_acc),
    "old-head-back": _with_back(False, lambda known: known.old, 0),
    "new-head-back": _with_back(False, lambda known: known.new, 1),
    "old-more-back": _with_back(True, lambda known: known.old, 0),
    "new-more-back": _with_back(True, lambda known: known.new, 1),
    "old-half": _on_path(lambda path: path.old[HALF], 0),
    "new-half": _on_path(lambda path: path.new[HALF], 1),
    "old-best": _on_path(lambda path: path.old[path.best], 0),
    "new-best": _on_path(lambda path: path.new[path.best], 1),
    "best-at": _best_at,
    "old-end": _on_path(lambda path: path.old[-1], 0),
    "new-end": _on_path(lambda path: path.new[-1], 1),
    "old-least": _on_path(lambda path: min(path.old), 0),
}
"""What can be said of a learner: where it stood before the first steps, their lowest point, its step, and min-ACC; old
and new accuracy with the head's old rows put back, and with the first layer too; on the straight way from the old
network half-way, where both are best on average, and at its end, and the old task's lowest."""


OF_GAP = frozenset({"at-first", "lowest", "lowest-at", "min-acc"})
OF_PATHS = frozenset({"old-half", "new-half", "old-best", "new-best", "best-at", "old-end", "new-end", "old-least"})
"""Names of what is taken on other images than a learner's own accuracies."""


def own_images(names: Iterable[str], glimpse: Glimpse) -> str:
    """Say on which images figures are that a panel takes on others than a learner's own; empty where it does not."""
    wanted, here, taken = {name.rpartition(".")[2] for name in names}, _here(glimpse), sample(glimpse)
    said = []
    if here is not None and taken is not None and taken.full and wanted & OF_GAP:
        gap = stability_gap(glimpse.record, here)
        said += [] if gap is None else [f"first steps: {counted(gap.images, 'old probe image')}"]
    if here is not None and wanted & OF_PATHS:
        paths = straight_path(glimpse.record, here)
        said += [] if paths is None else [f"ways: {paths.images[0]:,} old and {paths.images[1]:,} new {paths.kind}"]
    return "; ".join(said)
