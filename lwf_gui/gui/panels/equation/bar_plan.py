"""How large the picture of losses as bars is, of how many learners, which words have room, and where its axis ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from lwf_gui.runs.loss_bars import Kind

HEAD, NAME, BAR, BETWEEN, AXIS, TOLD = 1.6, 1.15, 1.15, 0.45, 1.15, 1.15
"""Lines of the head with its keys, of a learner's name and figures, of its bar, between two learners, of the axis, and
of a line of the sentence."""

MORE = 2.6
"""Lines that a bar is higher at most where there is room."""

LEAST, LARGEST = 0.8, 2.4
"""Size of the type, in body text sizes: below the least one fewer learners are shown, and the largest is enough."""

ACROSS = 36.0
"""Lines of width that a learner's figures want."""

STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the type is, how many learners are shown, how high a bar is and how many lines the sentence has."""

    scale: float
    rows: int
    bar: float
    lines: int


def plan(area: QRectF, line: float, learners: int) -> Plan:
    """Return the largest type that has room for all learners; below the least one, for as many as have it."""

    def needed(rows: int, lines: float) -> float:
        return HEAD + rows * (NAME + BAR + BETWEEN) + AXIS + lines * TOLD

    rows, lines = learners, 3 if area.width() < ACROSS * line else 2
    while lines > 1 and area.height() < LEAST * line * needed(rows, lines):
        lines -= 1
    while rows > 1 and area.height() < LEAST * line * needed(rows, 1):
        rows -= 1
    scale = min(area.height() / line / needed(rows, lines), area.width() / line / ACROSS, LARGEST)
    scale = max(scale, min(LEAST, area.height() / line / needed(rows, lines)))
    spare = area.height() / (line * scale) - needed(rows, lines)
    return Plan(scale, rows, BAR + max(0.0, min(MORE, 0.7 * spare / rows)), lines + (1 if spare > 2.5 else 0))


def texts_within(
    items: Sequence[tuple[Kind, Sequence[str]]], metrics: QFontMetricsF, room: float
) -> list[tuple[Kind, str]]:
    """Return a text of each: all in the longest way, then one after another in a shorter one until they have room."""
    levels = [0] * len(items)

    def texts() -> list[tuple[Kind, str]]:
        return [(kind, ways[level]) for (kind, ways), level in zip(items, levels, strict=True)]

    def wide(place: int) -> float:
        return metrics.horizontalAdvance(texts()[place][1])

    while sum(map(wide, range(len(items)))) > room:
        more = [place for place, (_, ways) in enumerate(items) if levels[place] + 1 < len(ways)]
        if not more:
            break
        levels[max(more, key=wide)] += 1
    return texts()


def scale_of(longest: float) -> tuple[float, float]:
    """Return the end of an axis that has room for so many nats, and the step of its ticks: 1, 2 or 5 and noughts."""
    longest = longest if longest > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(longest / 5))
    tick = next(step * power for step in STEPS if longest / (step * power) <= 6)
    return tick * math.ceil(longest / tick - 1e-9), tick
