"""A short tour of the window: a bubble beside each part in turn, the rest dimmed; a run may go on underneath.

It knows the parts by its stops alone, and no run, session or engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.teaching.bubble import Bubble
from lwf_gui.gui.teaching.bubble_places import arrow, beside, seen_of, upon
from lwf_gui.gui.teaching.tour_stops import STOPS, Parts, Stop

DIM = 120
"""How dark the rest of the window is, of 255."""

EDGE = 10
"""Pixels that the bubble keeps from the window's edge."""

FOLLOW_MS = 100
"""How often the tour looks whether its part has moved."""


class Tour(QWidget):
    """The sheet over the window that holds the bubble: it dims all but one part, and takes mouse and keys.

    Parameters
    ----------
    window : is covered
    parts : what is in it
    colours : returns those of the theme
    """

    ended = Signal()
    """Once, after the last stop or when it was skipped."""

    def __init__(
        self, window: QWidget, parts: Parts, colours: Callable[[], theme.Theme], stops: Sequence[Stop] = STOPS
    ) -> None:
        super().__init__(window)
        self._window, self._parts, self._colours = window, parts, colours
        self._stops = stops
        self._at = -1
        self._part: QWidget | None = None
        self._shown = QRect()
        self._arrow = QPolygonF()
        self._before: QWidget | None = None
        self.bubble = Bubble(self)
        self.bubble.next.clicked.connect(self.go_on)
        self.bubble.back.clicked.connect(self.go_back)
        self.bubble.skip.clicked.connect(self.end)
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self._follow)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def start(self) -> None:
        """Show the first stop; without any the tour ends at once."""
        self._before = self._window.focusWidget()
        self.setGeometry(self._window.rect())
        self._window.installEventFilter(self)
        self._timer.start()
        self.show()
        self.raise_()
        self.go_on()

    def go_on(self) -> None:
        """Go to the next stop, after the last one to the end."""
        following = [index for index in self._open_stops() if index > self._at]
        self._go_to(following[0]) if following else self.end()

    def go_back(self) -> None:
        """Go to the stop before, if there is one."""
        before = [index for index in self._open_stops() if index < self._at]
        if before:
            self._go_to(before[-1])

    def end(self) -> None:
        """Leave the window as it was."""
        if self.isHidden():
            return
        self._timer.stop()
        self._window.removeEventFilter(self)
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.ended.emit()
        self.deleteLater()

    @property
    def part(self) -> QWidget | None:
        """The part that it speaks of."""
        return self._part

    def _open_stops(self) -> list[int]:
        """Return the numbers of the stops whose part is there to be seen."""
        return [index for index, stop in enumerate(self._stops) if not seen_of(stop.find(self._parts), self).isEmpty()]

    def _go_to(self, index: int) -> None:
        stop, stops = self._stops[index], self._open_stops()
        self._at, self._part = index, stop.find(self._parts)
        number = stops.index(index) + 1
        self.bubble.say(stop.title, stop.text, number, len(stops))
        self.setAccessibleName(f"Tour, {number} of {len(stops)}: {stop.title}")
        self.setAccessibleDescription(stop.text)
        self._place()
        self.bubble.next.setFocus()
        said = QAccessibleAnnouncementEvent(self, f"{self.accessibleName()}. {stop.text}")
        QAccessible.updateAccessibility(said)

    # Keys and mouse

    def event(self, event: QEvent) -> bool:
        """Take plain keys before the window's shortcuts do, but for Space and F11, which act also underneath."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            event.setAccepted(not held and event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_F11))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Right, Enter or PgDown, back with Left or PgUp, as presenters' clickers do; leave with Esc."""
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_PageDown:
                self.go_on()
            case Qt.Key.Key_Left | Qt.Key.Key_PageUp:
                self.go_back()
            case Qt.Key.Key_Escape:
                self.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the mouse from the window."""

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Go round the bubble's buttons: the window beneath is out of reach until the tour ends."""
        buttons = [button for button in self.bubble.buttons if button.isEnabled()]
        focused = next((index for index, button in enumerate(buttons) if button.hasFocus()), -1)
        buttons[(focused + (1 if forward else -1)) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # Place

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() is QEvent.Type.Resize and watched is self._window:
            self._place()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self._place()

    def _follow(self) -> None:
        """Follow the part where docks and banners move it; go on where it is gone."""
        part = seen_of(self._part, self)
        if part.isEmpty():
            self.go_on()
        elif part != self._shown or self.bubble.sizeHint() != self.bubble.asked:
            self._place()

    def _place(self) -> None:
        """Put the bubble beside the part, where there is most room for it, and inside the window."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self._shown = seen_of(self._part, self)
        room = self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        sizes = self.bubble.sizes(room.size())
        places = (beside(self._shown, size, room) for size in sizes)
        place = next((place for place in places if place is not None), upon(self._shown, sizes[0], room))
        self.bubble.setGeometry(place)
        self._arrow = arrow(place, self._shown)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint over what stands below."""
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        """Dim all but the part, frame it, and point at it."""
        colours = self._colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        part = QRectF(self._shown).adjusted(-3, -3, 3, 3)
        hole, sheet = QPainterPath(), QPainterPath()
        hole.addRoundedRect(part, 6, 6)
        sheet.addRect(QRectF(self.rect()))
        painter.fillPath(sheet - hole, QColor(0, 0, 0, DIM))
        painter.setPen(QPen(QColor(colours.accent), 3))
        painter.drawRoundedRect(part.intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2)), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawPolygon(self._arrow)
