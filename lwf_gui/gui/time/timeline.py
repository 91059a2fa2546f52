"""The timeline: scrub to any probe of a run while it trains, play it back, return to live, and fork.

All panels follow it through the selection that it asks for. It knows a record, not the engine.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QToolButton

from lwf_gui.gui import theme
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.time.probes import neighbour, position, position_shorter
from lwf_gui.gui.time.scrubber import Scrubber
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.runs.forks import kept_states
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, stops

HELP = (
    "Drag to any probe of the run; every panel follows. Lines are epochs, triangles changed settings, and dots steps "
    "whose whole state is kept, so that a fork from there starts at once."
)

RATES = {"2 probes/s": 2, "5 probes/s": 5, "10 probes/s": 10, "25 probes/s": 25}
"""How fast a run is played back."""


PLAY, HALT = "Play back", "Halt"
"""What the button of playback says: not "Play" beside "Run", nor "Stop", which ends training."""


class Timeline(QFrame):
    """The scrubber with playback, the step in words, Live and Fork."""

    asked = Signal(dict)
    """Fields of `Selection` with their new values."""

    def __init__(self, play: QAction, live: QAction, fork: QAction) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.scrubber = Scrubber()
        self.scrubber.moved.connect(lambda step: self._go(step))
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
        row.addWidget(self.scrubber, 1)
        row.addWidget(self.where)
        row.addWidget(self._button(live))
        row.addWidget(self._button(fork))

    @property
    def playing(self) -> bool:
        """Whether a playback is under way."""
        return self._timer.isActive()

    def set_theme(self, colours: Theme) -> None:
        """Dress the timeline."""
        self.scrubber.colours = colours
        self.where.dress(theme.font(1.0, fixed_digits=True), colours.text)
        self._fit()
        self.scrubber.updateGeometry()
        self.scrubber.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the scrubber most of the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        widest = self.where.fontMetrics().horizontalAdvance("step 88,888 of 88,888 (epoch 88 of 88)")
        self.where.setFixedWidth(min(widest, self.width() // 4))

    def show_record(self, record: Record) -> None:
        """Show another record, live."""
        self.stop()
        self.scrubber.record = record

    def refresh(self, selection: Selection) -> None:
        """Show what is new."""
        self.scrubber.selection = selection
        self.scrubber.update()
        record = self.scrubber.record
        self.where.set_text(position(record, selection), *position_shorter(record, selection))
        self._live.setChecked(selection.live and self.follows)

    def describe(self) -> None:
        """Tell screen readers where the timeline is, and people with a mouse what is on it."""
        kept = kept_states(self.scrubber.record)
        self.scrubber.setAccessibleDescription(f"{self.where.text()}. {kept}".rstrip())
        self.scrubber.setToolTip(tooltip(f"{HELP} {kept}".rstrip()))

    def play_or_stop(self) -> None:
        """Play the run back from where one looks, from its head expansion if that is its end; or stop."""
        if self._timer.isActive():
            self.stop()
            return
        steps = stops(self.scrubber.record)
        if not len(steps):
            self.stop()
            return
        selection = self.scrubber.selection
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
        step = neighbour(self.scrubber.record, self.scrubber.selection, probes)
        if step is not None:
            self._go(step)

    def _go(self, step: int) -> None:
        self.stop()
        self.asked.emit({"step": step})

    def _advance(self) -> None:
        record, selection = self.scrubber.record, self.scrubber.selection
        step = neighbour(record, selection, 1)
        if step is None or step == selection.step:
            self.stop()
            if self.follows:  # the end of what is recorded is the present, and that goes on
                self.asked.emit({"step": None})
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
