"""The table of figures: every panel, the plots, the learners' cards, the story, and the chief ones of them together.

A new panel is a figure by its row in the table of panels; here stands only what is special on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lwf_gui import InputError
from lwf_gui.gui.panels.table import PANELS

TOGETHER = "window"
"""Key of the figure that shows story, accuracy, cards and memory wall together."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes
    ----------
    key : identifier in commands, that of its panel
    title : as the caption names it
    high : millimetres of its height with two learners
    each : how many more for every further learner
    of_run : whether it shows the run; else its caption says nothing of that
    by_protocol : whether its figures are of the protocol that is looked at; else the panel says of which they are
    """

    key: str
    title: str
    high: float = 90.0
    each: float = 0.0
    by_protocol: bool = True
    of_run: bool = True


class _Special(NamedTuple):
    """What is special of a panel on paper: see `Figure`."""

    high: float = 90.0
    each: float = 0.0
    by_protocol: bool = True
    of_run: bool = True


_SPECIAL: Mapping[str, _Special] = {
    "image_grid": _Special(80, 35),
    "classes": _Special(116, 12),
    "confusion": _Special(100, 45),
    "soft_targets": _Special(80, 18, by_protocol=False),
    "network": _Special(76, 38),
    "why": _Special(90, 30),
    "losses": _Special(75, 0, by_protocol=False),
    "equation": _Special(70, 20, by_protocol=False),
    "gradient_conflict": _Special(80, 16, by_protocol=False),
    "trade_off": _Special(90),
    "matrix": _Special(58),
    "results": _Special(38, 6, by_protocol=False),
    "class_means": _Special(80, 0, by_protocol=False),
    "put_back": _Special(80),
    "straight_path": _Special(85),
    "stability_gap": _Special(80, 14),
    "representation": _Special(95, 12, by_protocol=False),
    "compare": _Special(70),
    "sweep": _Special(100, 0, of_run=False),
    "weights": _Special(90, 25, by_protocol=False),
}

FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure("story", "Story", high=24),
        Figure("accuracy", "Accuracy", high=80),
        Figure("cards", "Learners", high=38, each=8),
        *(
            Figure(spec.key, spec.title, *special)
            for spec in PANELS
            for special in (_SPECIAL.get(spec.key, _Special()),)
        ),
        Figure(TOGETHER, "The run", high=110, each=10),
    )
}
"""All figures by their keys."""


def figure_of(key: str) -> Figure:
    """Return a figure by its key.

    Raises
    ------
    InputError
        If there is none of that key.
    """
    if key not in FIGURES:
        raise InputError(f"There is no panel {key[:40]!r}; figures are {', '.join(FIGURES)}.")
    return FIGURES[key]
