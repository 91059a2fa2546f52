"""A panel that is scrolled where what it paints is higher than there is room for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar

from lwf_gui.gui import theme
from lwf_gui.gui.panels.panel import MARGIN, Panel
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.selection import Selection


class ScrolledPanel(Panel):
    """A panel with a scroll bar at its right, which is there only where it is needed.

    A subclass says how high it is, and paints as many pixels higher as are `scrolled`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.hide()
        self._barred = False
        """Whether the scroll bar takes room."""
        self.bar.valueChanged.connect(self.update)

    def needed(self, figures: Any) -> float:
        """Return the pixels that the figures take in height, in the width of `area`."""
        raise NotImplementedError

    @property
    def area(self) -> QRectF:
        """Where to paint: all but a margin and the scroll bar."""
        inner = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if self._barred:
            inner.setRight(inner.right() - self.bar.width())
        return inner

    @property
    def scrolled(self) -> int:
        """The pixels above what is seen."""
        return self.bar.value() if self.bar.isVisibleTo(self) else 0

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew if what they depend on changed."""
        super().refresh(selection)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel; type may have another size."""
        super().set_theme(colours)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, where there is anything to scroll; else leave it to others."""
        if self.bar.isVisibleTo(self):
            self.bar.event(event)
        else:
            super().wheelEvent(event)

    def hover(self, key: Any | None) -> None:
        """Scroll to a spot that is reached by key."""
        spot = next((spot for spot in self.spots if spot.key == key), None)
        if spot is not None and self.bar.isVisibleTo(self):
            above, below = self.area.top() - spot.rect.top(), spot.rect.bottom() - self.area.bottom()
            self.bar.setValue(int(self.bar.value() - max(above, 0) + max(below, 0)))

    def _fit(self) -> None:
        """Show the scroll bar where the figures are higher than the panel."""
        self._barred = False
        if self.shown is None:
            self.bar.hide()
            return
        wide = self.bar.sizeHint().width()
        self.bar.setGeometry(self.width() - wide - 1, 1, wide, self.height() - 2)
        needed = self.needed(self.shown)
        self._barred = needed > self.area.height()
        self.bar.setVisible(self._barred)  # once: what is hidden and shown again has the panel painted twice
        if self._barred:  # beside it there is less room
            needed = self.needed(self.shown)
        self.bar.setRange(0, int(needed - self.area.height()))
        self.bar.setPageStep(int(self.area.height()))
        self.bar.setSingleStep(int(QFontMetricsF(theme.font(1.0)).height()))
