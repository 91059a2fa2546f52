"""Spots of a panel: places that explain themselves, and the way from one to another with the arrow keys."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF


class Spot(NamedTuple):
    """A place that explains itself under the mouse and may be clicked, or reached with the arrow keys."""

    rect: QRectF
    key: Hashable


def next_spot(spots: Sequence[Spot], at: Spot | None, right: int, down: int) -> Spot:
    """Return the nearest of these spots in a direction, or the one where one is."""
    if at is None:
        return spots[0]
    here = at.rect.center()

    def distance(spot: Spot) -> float:
        dx, dy = spot.rect.center().x() - here.x(), spot.rect.center().y() - here.y()
        along, across = dx * right + dy * down, abs(dx * down) + abs(dy * right)
        return along + 3 * across if along > 1 and across <= 3 * along else float("inf")

    nearest = min(spots, key=distance)
    return nearest if distance(nearest) < float("inf") else at
