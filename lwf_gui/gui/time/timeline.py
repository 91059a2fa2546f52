"""The timeline: scrub to any probe of a run while it trains, play it back, return to live, and fork.

All panels follow it through the look that it asks for. It knows a record, not the engine.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.runs import views
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, stops

TRACK_HELP = (
    "Drag to any probe of the run; every panel follows. Lines are epochs, triangles changed settings, and dots steps "
    "whose whole state is kept, so that a fork from there starts at once."
)

LEAD = 0.12
"""Part of the track that task 1 takes, however long it was."""

RATES = {"2 probes/s": 2, "5 probes/s": 5, "10 probes/s": 10, "25 probes/s": 25}
"""How fast a run is played back."""

FAR = 10
"""Probes that a big step goes."""

NEAR = 3
"""Pixels around the surgery that mean the surgery."""

HANDLE = 7.0
"""Radius of the handle in pixels."""


class Track(QWidget):
    """The groove with its handle: a painted view of a record at a look."""

    moved = Signal(int)
    """The user wants to see this step since surgery."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline")
        self.record, self.selection, self.colours = Record(), Selection(), theme.LIGHT

    def sizeHint(self) -> QSize:
        """Return the height of a comfortable handle."""
        return QSize(300, max(28, round(theme.font(1.0).pointSizeF() * 2.6)))

    def x_of(self, step: float) -> float:
        """Return where a step since surgery is, in pixels."""
        one, two = self._planned()
        left, width = HANDLE + 1, self.width() - 2 * HANDLE - 2
        lead = LEAD * width if one else 0.0
        if step < 0:
            return left + lead * (1 + step / one)
        return left + lead + (width - lead) * (step / two if two else 0.0)

    def stop_at(self, x: float) -> int | None:
        """Return the step of the probe nearest to a place, None without any."""
        steps = stops(self.record)
        if not len(steps):
            return None
        if self.record.incremental is not None and abs(self.x_of(0) - x) < NEAR:
            return 0  # task 1 lies close: its last probes would win by a fraction of a pixel
        return int(steps[np.argmin([abs(self.x_of(step) - x) for step in steps.tolist()])])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the mouse is."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            step = self.stop_at(event.position().x())
            if step is not None and step != self.selection.step:
                self.moved.emit(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by probes with the arrow keys, to the first and the last one with Home and End."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -FAR, Qt.Key.Key_Up: FAR}
        step = neighbour(self.record, self.selection, by.get(Qt.Key(event.key()), 0))
        if event.key() == Qt.Key.Key_Home:
            step = neighbour(self.record, self.selection, -len(stops(self.record)))
        elif event.key() == Qt.Key.Key_End:
            step = neighbour(self.record, self.selection, len(stops(self.record)))
        elif event.key() not in by:
            super().keyPressEvent(event)
            return
        if step is not None:
            self.moved.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slider."""
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        """Paint groove, ticks, marks, snapshots and handle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, colours, at = self.height() / 2, self.colours, moment(self.record, self.selection.step)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(QRectF(HANDLE + 1, middle - 2, self.width() - 2 * HANDLE - 2, 4), 2, 2)
        if at is None:
            return
        newest = moment(self.record, None)
        assert newest is not None
        painter.setBrush(QColor(colours.muted))
        painter.drawRoundedRect(QRectF(HANDLE + 1, middle - 2, self.x_of(newest.step) - HANDLE - 1, 4), 2, 2)
        self._paint_ticks(painter, middle)
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.accent if not self.selection.live else colours.muted))
        painter.drawEllipse(QPointF(self.x_of(at.step), middle), HANDLE, HANDLE)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_ticks(self, painter: QPainter, middle: float) -> None:
        colours, two = self.colours, self.record.incremental
        painter.setPen(QPen(QColor(colours.muted), 1))
        if two is None:
            return
        ends = two.started.axis.epoch_ends()
        every = max(1, (len(ends) - 1) // 60)
        for step in ends[::every]:
            x = self.x_of(step)
            painter.drawLine(QPointF(x, middle + 5), QPointF(x, middle + (11 if step == 0 else 8)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        for step, _ in views.events(self.record):
            x = self.x_of(step)
            painter.drawPolygon(
                QPolygonF([QPointF(x - 4, middle - 12), QPointF(x + 4, middle - 12), QPointF(x, middle - 5)])
            )
        if self.record.snapshots is not None:
            painter.setBrush(QColor(colours.accent))
            for step in self.record.snapshots.steps:
                painter.drawEllipse(QPointF(self.x_of(step), middle + 10), 1.6, 1.6)

    def _planned(self) -> tuple[int, int]:
        """Return the steps of task 1 and of task 2, as planned."""
        one, two = self.record.base, self.record.incremental
        return one.started.steps if one else 0, two.started.steps if two else 0


PLAY, HALT = "Play", "Halt"
"""What the button of playback says: not "Stop", which ends training."""


class Timeline(QFrame):
    """The track with playback, the step in words, Live and Fork."""

    asked = Signal(dict)
    """Fields of `Selection` with their new values."""

    def __init__(self, play: QAction, live: QAction, fork: QAction) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.track = Track()
        self.track.moved.connect(lambda step: self._go(step))
        self.where = Line(theme.font(1.0, fixed_digits=True), theme.LIGHT.text)
        self.where.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rate = QComboBox()
        self.rate.addItems(list(RATES))
        self.rate.setCurrentIndex(2)
        self.rate.setAccessibleName("Playback speed")
        self.rate.setToolTip(tooltip("How fast a run is played back."))
        apply_input_rules(self.rate)
        self._play, self._live = play, live
        self.follows = True
        """Whether the end of the run is the present: of a recorded one it is not."""
        self._timer = QTimer(self)
        self._timer.setInterval(self._pause())
        self._timer.timeout.connect(self._advance)
        self.rate.currentTextChanged.connect(lambda _text: self._timer.setInterval(self._pause()))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(6)
        self._play_button = self._button(play)
        play.toggled.connect(self._show_playing)
        row.addWidget(self._play_button)
        row.addWidget(self.rate)
        row.addWidget(self.track, 1)
        row.addWidget(self.where)
        row.addWidget(self._button(live))
        row.addWidget(self._button(fork))

    @property
    def playing(self) -> bool:
        """Whether a playback is under way."""
        return self._timer.isActive()

    def set_theme(self, colours: Theme) -> None:
        """Dress the timeline."""
        self.track.colours = colours
        self.where.dress(theme.font(1.0, fixed_digits=True), colours.text)
        self._fit()
        self.track.updateGeometry()
        self.track.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the track most of the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        widest = self.where.fontMetrics().horizontalAdvance("step 88,888 of 88,888 (epoch 88 of 88)")
        self.where.setFixedWidth(min(widest, self.width() // 4))

    def show_record(self, record: Record) -> None:
        """Show another record, live."""
        self.stop()
        self.track.record = record

    def refresh(self, selection: Selection) -> None:
        """Show what is new."""
        self.track.selection = selection
        self.track.update()
        words = position(self.track.record, selection)
        self.where.set_text(words, words.partition(" (")[0], words.partition(" of")[0])
        self._live.setChecked(selection.live and self.follows)

    def describe(self) -> None:
        """Tell screen readers where the timeline is, and people with a mouse what is on it."""
        kept = views.kept_states(self.track.record)
        self.track.setAccessibleDescription(f"{self.where.text()}. {kept}".rstrip())
        self.track.setToolTip(tooltip(f"{TRACK_HELP} {kept}".rstrip()))

    def play_or_stop(self) -> None:
        """Play the run back from where one looks, from its surgery if that is its end; or stop."""
        if self._timer.isActive():
            self.stop()
            return
        steps = stops(self.track.record)
        if not len(steps):
            self.stop()
            return
        selection = self.track.selection
        if selection.step is None or selection.step >= steps[-1]:
            self.asked.emit({"step": int(steps[np.searchsorted(steps, 0)]) if steps[-1] >= 0 else int(steps[0])})
        self._timer.start()
        self._play.setChecked(True)

    def stop(self) -> None:
        """Stop playing."""
        self._timer.stop()
        self._play.setChecked(False)

    def _show_playing(self, playing: bool) -> None:
        """Let the button say what it does now, at the width that it has."""
        self._play_button.setMinimumWidth(self._play_button.width() if playing else 0)
        self._play.setText(HALT if playing else PLAY)
        self._play_button.setAccessibleName(self._play.text())

    def go_by(self, probes: int) -> None:
        """Go so many probes forward, or backward."""
        step = neighbour(self.track.record, self.track.selection, probes)
        if step is not None:
            self._go(step)

    def _go(self, step: int) -> None:
        self.stop()
        self.asked.emit({"step": step})

    def _advance(self) -> None:
        record, selection = self.track.record, self.track.selection
        step = neighbour(record, selection, 1)
        if step is None or step == selection.step:
            self.stop()
            return
        self.asked.emit({"step": step})

    def _pause(self) -> int:
        return 1000 // RATES[self.rate.currentText()]

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(action.text())
        apply_input_rules(button)
        return button


def neighbour(record: Record, selection: Selection, probes: int) -> int | None:
    """Return the step that is so many probes away from where one looks, within the run; None without any probe."""
    steps, at = stops(record), moment(record, selection.step)
    if at is None:
        return None
    index = int(np.searchsorted(steps, at.step, side="right")) - 1
    return int(steps[min(max(index + probes, 0), len(steps) - 1)])


def position(record: Record, selection: Selection) -> str:
    """Say where one looks."""
    at = moment(record, selection.step)
    if at is None:
        return "no run yet"
    if at.track is record.base:
        return f"task 1, {-at.step:,} steps before surgery"
    return f"step {at.step:,} of {at.track.started.steps:,} ({views.epoch_of(at)})"
