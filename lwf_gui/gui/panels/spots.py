"""Spots of a panel: places that explain themselves, for mouse and keyboard, and the way from one to another."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QToolTip

from lwf_gui.gui.panels.failure import Fallible
from lwf_gui.gui.panels.text import tooltip, with_words


class Spot(NamedTuple):
    """A place that explains itself under the mouse and may be clicked, or reached with the arrow keys."""

    rect: QRectF
    key: Hashable


class Spotted(Fallible):
    """A frame with spots: the mouse points at them and chooses them; arrow keys, Enter and Esc do the same."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.spots: list[Spot] = []
        self.at: Spot | None = None
        """The spot under the mouse or reached by key."""

    # What a subclass has to say of its spots

    def tip(self, key: Any) -> str:
        """Explain a spot."""
        return ""

    def choose(self, key: Any) -> None:
        """Do what a click on a spot, or Enter, means."""

    def hover(self, key: Any | None) -> None:
        """Do what pointing at a spot means; None leaves it."""

    def has_open(self) -> bool:
        """Whether something is open that Esc closes."""
        return False

    def close_open(self) -> None:
        """Close what is open."""

    def text_at(self, place: QPointF) -> str:
        """Return what is written at a place."""
        return ""

    # Mouse and keys

    def tip_at(self, place: QPointF) -> str:
        """Return what is said under the mouse: of the spot there, then of the terms that are written there."""
        spot = self._spot_at(place)
        return with_words(tooltip(self.tip(spot.key) if spot else ""), self.text_at(place))

    def handled(self, event: QEvent) -> bool:
        """Explain the spot under the mouse; take Esc before the window does, while something is open."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.has_open():
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().toPointF()), self)
            return True
        return super().handled(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        self._go_to(self._spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Let go."""
        super().leaveEvent(event)
        self._go_to(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go."""
        super().focusOutEvent(event)
        self._go_to(None)
        if self.windowTitle():
            self.setAccessibleName(self.windowTitle())  # no longer of one spot

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the spot."""
        spot = self._spot_at(event.position())
        if spot is not None and event.button() is Qt.MouseButton.LeftButton:
            self._go_to(spot)
            self.choose(spot.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from spot to spot with the arrow keys; Enter chooses."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        key = Qt.Key(event.key())
        if key in steps and self.spots:
            self._go_to(next_spot(self.spots, self.at, *steps[key]))
            if self.at is not None:
                self._bring_into_view(self.at)
                self.setAccessibleName(f"{self.windowTitle()}: {self.tip(self.at.key)}")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.at is not None:
            self.choose(self.at.key)
        elif key == Qt.Key.Key_Escape and self.has_open():
            self.close_open()
        else:
            super().keyPressEvent(event)

    def frame_spot(self, painter: QPainter, colour: QColor) -> None:
        """Frame the spot that was reached by key, wherever it is painted now."""
        if self.at is not None:  # it may lie elsewhere now, or be gone
            self.at = next((spot for spot in self.spots if spot.key == self.at.key), None)
        if self.hasFocus() and self.at is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 2))
            painter.drawRect(self.at.rect)

    def _bring_into_view(self, spot: Spot) -> None:
        """Scroll to a spot where the panel is larger than its place."""
        view = self.parentWidget()
        area = None if view is None else view.parentWidget()
        if isinstance(area, QScrollArea):
            place = spot.rect.center().toPoint()
            area.ensureVisible(place.x(), place.y(), round(spot.rect.width() / 2), round(spot.rect.height() / 2))

    def _spot_at(self, position: Any) -> Spot | None:
        return next((spot for spot in self.spots if spot.rect.contains(position)), None)

    def _go_to(self, spot: Spot | None) -> None:
        if spot != self.at:
            self.at = spot
            self.hover(None if spot is None else spot.key)
            self.update()


def next_spot(spots: Sequence[Spot], at: Spot | None, right: int, down: int) -> Spot:
    """Return the nearest of these spots in a direction, those in one place one by one; else the one where one is."""
    if at is None:
        return spots[0]
    here = at.rect.center()
    twins = [spot for spot in spots if spot == at or (spot.rect.center() - here).manhattanLength() <= 1]
    other = twins.index(at) + right + down if at in twins else -1
    if 0 <= other < len(twins):
        return twins[other]

    def distance(spot: Spot) -> float:
        dx, dy = spot.rect.center().x() - here.x(), spot.rect.center().y() - here.y()
        along, across = dx * right + dy * down, abs(dx * down) + abs(dy * right)
        return along + 3 * across if along > 1 and across <= 3 * along else float("inf")

    nearest = min(spots, key=distance)
    return nearest if distance(nearest) < float("inf") else at
