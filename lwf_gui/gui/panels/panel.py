"""What all panels are: a painted view of a record at a selection, with spots for mouse, keyboard and screen reader.

A panel only paints: its figures come from a pure function of ``lwf_gui.runs``, and are taken anew only where the record
or the selection changed, and only while the panel can be seen.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.failure import Fallible
from lwf_gui.gui.panels.spots import Spot as Spot
from lwf_gui.gui.panels.spots import next_spot
from lwf_gui.gui.panels.text import clauses, tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

MARGIN = 8
"""Pixels between a panel's edge and what it paints."""


class Panel(Fallible):
    """The base of all panels.

    A subclass gives `figures`, `paint` and `sentence`, and where it has spots `tip` and `choose`. Whatever it raises is
    shown in its own place, until it is told to try again or to show another record.
    """

    asked = Signal(dict)
    """The user wants to look elsewhere: fields of `Selection` with their new values."""

    resized = Signal()
    """It has another size, and what its heading tells may hang on that: how many images there are, say."""

    EMPTY = "This appears here once the learners train."
    """What is said while there are no figures."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.record = Record()
        self.selection = Selection()
        self.colours: Theme = theme.LIGHT
        self.shown: Any = None
        """The figures on the screen, or None."""
        self.spots: list[Spot] = []
        self.at: Spot | None = None
        """The spot under the mouse or reached by key."""
        self._state: object = None

    # What a panel is made of

    def figures(self) -> Any:
        """Return what is painted, from record and look; None while there is nothing."""
        raise NotImplementedError

    def state(self) -> object:
        """Return all that the figures depend on, to be compared: by default the probe that is looked at."""
        at = moment(self.record, self.selection.step)
        where = None if at is None else (at.track.started, at.index)
        return (self.selection, where, len(self.record.marks))

    def paint(self, painter: QPainter, figures: Any) -> None:
        """Paint the figures within `area`, and set `spots` to the places in it."""
        raise NotImplementedError

    def caption(self) -> str:
        """Say what the figures are: protocol, images, step."""
        return ""

    def captions(self) -> tuple[str, ...]:
        """Return the caption, then shorter ones that are true too; by default it loses one clause after the other."""
        return clauses(self.caption())

    def sentence(self) -> str:
        """Say in words what is painted, for people who hear it."""
        return ""

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

    # What the window calls

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self.colours = colours
        self.update()

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self.recover()
        self.record = record
        self.shown, self._state, self.spots, self.at = None, None, [], None
        self.update()

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew if what they depend on changed."""
        self.selection = selection
        state = self.state()
        if state != self._state:
            self._state = state
            self.shown = self.figures()
            if self.shown is None:
                self.spots, self.at = [], None
            self.update()

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        self.setAccessibleDescription(self.sentence() if self.shown is not None else self.EMPTY)

    def headings(self) -> tuple[str, ...]:
        """Return `captions` for the dock's heading; none where there are no figures."""
        if self.shown is None or self.failure is not None:
            return ()
        try:
            return self.captions()
        except Exception as error:  # noqa: BLE001 - whatever went wrong is shown and logged
            self.fail(error)
            return ()

    def fail(self, error: Exception) -> None:
        """Show that the figures cannot be shown."""
        self.spots, self.at = [], None
        super().fail(error)

    def retry(self) -> None:
        """Show all from the beginning."""
        (selection,) = self.missed.pop("refresh", (self.selection,))
        self.set_theme(self.colours)
        self.show_record(self.record)
        self.refresh(selection)
        self.describe()

    # Painting

    @property
    def area(self) -> QRectF:
        """Where to paint: all but a margin and the child widgets at the bottom."""
        inner = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        below = [c for c in self.children() if isinstance(c, QWidget) and c.isVisibleTo(self) and not c.isWindow()]
        if below:
            inner.setBottom(min(child.geometry().top() for child in below) - MARGIN / 2)
        return inner

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it."""
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the figures, or why there are none."""
        super().paintEvent(event)
        if self.failure is not None:
            return
        with QPainter(self) as painter:  # which must end, whatever is raised: else Qt paints into what is gone
            painter.setPen(QColor(self.colours.text))
            painter.setFont(theme.font(1.0))
            if self.shown is None:
                painter.setPen(QColor(self.colours.muted))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.area, int(flags), self.EMPTY)
                return
            self.paint(painter, self.shown)
            if self.at is not None:  # it may lie elsewhere now, or be gone
                self.at = next((spot for spot in self.spots if spot.key == self.at.key), None)
            if self.hasFocus() and self.at is not None:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self.colours.accent), 2))
                painter.drawRect(self.at.rect)

    # Spots

    def handled(self, event: QEvent) -> bool:
        """Explain the spot under the mouse; take Esc before the window does, while something is open."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.has_open():
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self._spot_at(event.pos().toPointF())
            text = self.tip(spot.key) if spot else ""
            QToolTip.showText(event.globalPos(), tooltip(text), self)
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
