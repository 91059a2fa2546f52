"""The plan of all cells of a gradient conflict: one for all of them, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from PySide6.QtGui import QFont, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.gradient_conflict.words import forces, side_texts, words
from lwf_gui.runs.gradient_conflict import GradientConflict

LEGIBLE = 17.0
"""Pixels that a rope may have at least before the norms beside it are given up."""

ZEROS = str.maketrans("123456789", "000000000")


class ConflictPlan(NamedTuple):
    """How all cells of a picture are made: one plan, so that they can be compared.

    Attributes
    ----------
    radius : pixels of the longest rope
    beside : whether the texts stand to the right of the ropes rather than below them
    figures : both norms in a row of their own, at the ends of the row of words, or nowhere
    form : which of `words` fits everywhere
    named : whether the norms are named
    end : pixels of the widest norm with a gap
    reach : pixels of all that stands in the norms' row
    """

    radius: float
    beside: bool
    figures: Literal["row", "ends", ""]
    form: int
    named: bool
    end: float
    reach: float
    small: QFont
    bold: QFont


def conflict_plan(figures: GradientConflict, width: float, height: float) -> ConflictPlan:
    """Return the plan with the longest ropes among those whose texts fit; norms are left out as the last resort."""
    cells = [(team, pull) for team in figures.teams for pull in team.pulls]
    small = theme.font(0.85)
    bold = theme.font(1.25 if height > 130 and width > 230 else 0.95, bold=True)
    widest = QFontMetricsF(bold).horizontalAdvance("180°")
    shrunk = min(1.0, (width - 2) / widest, 0.6 * height / QFontMetricsF(bold).height())
    bold.setPointSizeF(bold.pointSizeF() * max(0.3, shrunk))
    body, head = QFontMetricsF(small), QFontMetricsF(bold)
    row, line = body.height(), head.height()
    said = [words(*cell) for cell in cells]
    norms = [side_texts(*force) for _, pull in cells for force in forces(pull)]
    widths = [_widest(head, (texts[form] for texts in said)) for form in range(4)]
    form = next((form for form in range(3) if widths[form] <= width), 3)
    below = width / 2 - 4
    plans = []
    for n in (0, 1):  # named norms first
        end = _widest(body, (texts[n] for texts in norms)) + 6
        for which in (0, 1):
            reach = 2 * end + widths[which]
            if reach <= width:
                plans.append(
                    ConflictPlan(min(below, height - line - 8), False, "ends", which, n == 0, end, reach, small, bold)
                )
        if max(2 * end, widths[2]) <= width:
            radius = min(below, height - line - row - 8)
            plans.append(ConflictPlan(radius, False, "row", form, n == 0, end, 2 * end, small, bold))
        for which in range(3 if line + row <= height else 0):
            radius = min(height - 6, (width - 14 - max(2 * end, widths[which])) / 2)
            plans.append(ConflictPlan(radius, True, "row", which, n == 0, end, 2 * end, small, bold))
    enough = 2 * line  # longer ropes are no better than more words

    def merit(plan: ConflictPlan) -> tuple[float, ...]:
        return (round(min(plan.radius, enough)), plan.named, -plan.form, plan.radius)

    best = max(plans, key=merit, default=None)
    if best is not None and best.radius >= LEGIBLE:
        return best
    under = ConflictPlan(min(below, height - line - 8), False, "", form, False, 0.0, 0.0, small, bold)
    aside = ConflictPlan(min(height - 6, (width - 14 - widths[3]) / 2), True, "", 3, False, 0.0, 0.0, small, bold)
    return max(under, aside, key=lambda plan: plan.radius)


def _widest(metrics: QFontMetricsF, texts: Iterable[str]) -> float:
    """Return the width of the widest text; all digits are as wide as a 0, so that there are few texts to measure."""
    return max(metrics.horizontalAdvance(text) for text in {text.translate(ZEROS) for text in texts})
