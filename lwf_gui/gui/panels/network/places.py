"""Where the parts of one lane of the network strip stand."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF

from lwf_gui.gui.panels.network.detail import GAP, HEADER, MARGIN, below, rows
from lwf_gui.gui.panels.network.plan import BAR, Plan
from lwf_gui.runs.network import Lane

BESIDE = 0.75
"""Lines between the comparisons and the outcome at their right."""


class Places(NamedTuple):
    """Where the parts of a lane stand; ``rows`` are top and bottom of each."""

    header: QRectF
    tray: QRectF
    shared: QRectF
    answers: QRectF
    judge: QRectF
    outcome: QRectF
    rows: dict[str, tuple[float, float]]

    def row(self, name: str, column: QRectF) -> QRectF:
        """Return a column's part in a row."""
        top, bottom = self.rows[name]
        return QRectF(column.left(), top, column.width(), bottom - top)

    def slot(self, number: int, count: int) -> QRectF:
        """Return the part of the old answers' height that one of so many arrows has."""
        old = self.row("old", self.answers)
        high = old.height() / count
        return QRectF(old.left(), old.top() + number * high, old.width(), high)


def places(area: QRectF, lane: Lane, plan: Plan) -> Places:
    """Return where the parts of a lane stand in its area."""
    line, beside = plan.line, plan.detail.outcome == "beside"
    foot = below(plan.detail) * line
    top, bottom = area.top() + (HEADER + MARGIN) * line, area.bottom() - MARGIN * line - foot
    placed = _rows(lane, plan, top, bottom)
    upper, lower = next(iter(placed.values()))[0], placed["old"][1]
    x, columns = area.left() + BAR + MARGIN * line, []
    for wide in plan.columns:
        columns.append(QRectF(x, upper, wide, lower - upper))
        x += wide
    tray, _, shared, _, answers, _, judge, outcome = columns
    if "teacher" in placed:
        tray.setBottom(placed["teacher"][1])
    if beside:
        outcome = QRectF(judge.right() + BESIDE * line, area.top(), 0, area.height())
        outcome.setRight(area.right() - 2)
    else:
        outcome = QRectF(tray.left(), bottom, area.right() - tray.left() - 4, foot + MARGIN * line)
    header = QRectF(tray.left(), area.top() + 0.5 * MARGIN * line, 0, HEADER * line)
    header.setRight(outcome.left() if beside else area.right() - 4)
    return Places(header, tray, shared, answers, judge, outcome, placed)


def _rows(lane: Lane, plan: Plan, top: float, bottom: float) -> dict[str, tuple[float, float]]:
    """Return top and bottom of each row: what height there is more than they need they share."""
    inner, line = rows(lane, plan.detail), plan.line
    gaps = GAP * (len(inner) - 1) * line
    stretch = (bottom - top - gaps) / (sum(inner.values()) * line)
    placed = {}
    for name, lines in inner.items():
        placed[name] = top, top + lines * line * stretch
        top = placed[name][1] + GAP * line
    return placed
