"""Where the parts of the panel of sweeps stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered

LARGEST, SMALLEST = 1.25, 0.6
"""Sizes of the type, in body text sizes."""

WIDE, HIGH = 20.0, 14.0
"""Lines that the panel is wide and high for body type."""

ROW, VERDICT, LONG_VERDICT = 1.5, 2.2, 3.3
"""Lines of the row of keys, and of the sentence, also in a high panel."""

TWO_ROWS = 42.0
"""Lines of width below which progress and keys stand in two rows."""

BESIDE, COLUMNS = 22.0, 42.0
"""Lines of width from which on two parts stand side by side, and all three."""

ROOMY = 20.0
"""Lines of height from which on the sentence has one more."""

STACKED = 13.0
"""Lines of height from which on the curves have room below, in a panel too narrow for three columns."""


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
    """The places of the parts; those without room are None."""

    scale: float
    progress: QRectF
    keys: QRectF
    heat: QRectF
    front: QRectF | None
    curves: QRectF | None
    verdict: QRectF


def plan(area: QRectF) -> Plan:
    """Return the places of the parts in an area."""
    body = theme.line_height()
    scale = min(area.width() / WIDE, area.height() / HIGH) / body
    scale = min(max(scale, SMALLEST), LARGEST)
    line = scale * body
    rows = 1 if area.width() >= TWO_ROWS * line else 2
    progress = QRectF(area.left(), area.top(), area.width(), ROW * line)
    keys = QRectF(progress)
    if rows == 1:
        progress.setWidth(0.46 * area.width())
        keys.setLeft(progress.right() + line)
    else:
        keys.translate(0, ROW * line)
    said = (LONG_VERDICT if area.height() >= ROOMY * line else VERDICT) * line
    verdict = QRectF(area.left(), area.bottom() - said, area.width(), said)
    middle = QRectF(area.left(), keys.bottom() + 0.3 * line, area.width(), 0)
    middle.setBottom(verdict.top() - 0.2 * line)
    return Plan(scale, progress, keys, *_parts(middle, line), verdict)


def _parts(middle: QRectF, line: float) -> tuple[QRectF, QRectF | None, QRectF | None]:
    """Return the places of map, points and curves."""
    wide, high = middle.width() / line, middle.height() / line
    if wide >= COLUMNS:
        return _columns(middle, line, 0.42, 0.29, 0.29)
    if wide >= BESIDE:
        upper, lower = _rows(middle, line, 0.58) if high >= STACKED else (middle, None)
        left, right, _ = _columns(upper, line, 0.56, 0.44, 0.0)
        return left, right, lower
    if high >= 2 * STACKED:
        upper, lower = _rows(middle, line, 0.6)
        heat, front = _rows(upper, line, 0.5)
        return heat, front, lower
    if high >= STACKED:
        heat, curves = _rows(middle, line, 0.55)
        return heat, None, curves
    return middle, None, None


def _columns(area: QRectF, line: float, *shares: float) -> tuple[QRectF, QRectF, QRectF]:
    """Return places side by side with a gap between them."""
    gap, left, found = 1.2 * line, area.left(), list[QRectF]()
    room = area.width() - gap * (sum(share > 0 for share in shares) - 1)
    for share in shares:
        found.append(QRectF(left, area.top(), share * room, area.height()))
        left += share * room + gap
    first, second, third = found
    return first, second, third


def _rows(area: QRectF, line: float, share: float) -> tuple[QRectF, QRectF]:
    """Return two places, one below the other."""
    upper, lower = QRectF(area), QRectF(area)
    upper.setHeight(share * (area.height() - 0.6 * line))
    lower.setTop(upper.bottom() + 0.6 * line)
    return upper, lower
