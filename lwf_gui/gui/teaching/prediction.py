"""Predict, then see: a curve of the accuracy plot is drawn by people before it is shown to them.

The sketch and its score are `lwf_gui.runs.sketch`; the plot's own curves stay the plot's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from lwf_gui.gui.teaching.sketch_caption import SketchCaption
from lwf_gui.gui.teaching.sketch_sheet import SketchSheet
from lwf_gui.gui.teaching.sketch_words import Words, asked, elsewhere, judged, stands
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.series import Series, thinned
from lwf_gui.runs.sketch import Score, Task, family, score

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot


class Prediction(SketchSheet):
    """A curve of an accuracy plot, hidden until it was sketched; then both, with what lies between them.

    It is of one protocol: the one that is shown when the first stroke is drawn. Under the other one it is not seen.
    It takes mouse and keyboard while it is drawn on, and nothing afterwards. It goes with `close_sketch`, or by itself
    where the plot shows another record.

    Parameters
    ----------
    plot : shows a record that has begun task 2
    learner : whose curve is guessed, one of task 2
    task : which of its two curves
    steps : how far it is drawn, in steps since the head expansion; None: to the end of the run

    Raises
    ------
    ValueError
        If the record has no such curve yet.
    """

    scored = Signal(str)
    """The curve was revealed, or has come to its end since: how far off the sketch is."""
    drawn = Signal()
    """The sketch is done, or was given up."""
    closed = Signal()
    """The sketch is gone, and this will be deleted."""

    def __init__(self, plot: AccuracyPlot, learner: str, task: Task = "old", steps: int | None = None) -> None:
        record = plot.record
        if record.incremental is None or learner not in record.incremental.started.learners:
            raise ValueError(f"{learner} has no curve in this record yet")
        total = record.incremental.started.steps
        super().__init__(plot, learner, float(min(steps or total, total)))
        self.task = task
        self.protocol: ProtocolName = plot.selection.protocol
        """Which accuracy was drawn."""
        self.caption = SketchCaption()
        self._record = record
        self._hidden = {(name, task) for name in family(record, learner)} - plot.hidden
        self._told: object = None
        self._said = ""
        self._open = True
        self._lay_over()
        plot.hidden |= self._hidden
        plot.hovered.emit(math.nan)
        self._show_again()
        self.describe()
        self.setFocus()

    @property
    def hides(self) -> tuple[str, Task] | None:
        """The learner and task that nothing else should show either; None once the curve was revealed."""
        return None if not self._open or self.stage == "revealed" else (self.learner, self.task)

    # What the window calls

    def asks(self, learner: str, task: str, steps: int) -> bool:
        """Whether this is about that curve, of the run that is shown."""
        return self.plot.record is self._record and (self.learner, self.task, self._steps) == (learner, task, steps)

    def finish(self) -> None:
        """Take the sketch as it is, unless nothing is drawn; reveal the curve if its run is over."""
        if self.stage != "drawing" or self.sketch.empty or self.away:
            return
        self.stage = "drawn"
        self.drawn.emit()
        self._stroke = None
        self._let_go()
        self.describe()
        self.update()
        if self._over:
            self.reveal()

    def reveal(self) -> None:
        """Show the curve, as far as it goes, and say how far off the sketch is; nothing while it is drawn.

        May be called again while the run goes on.
        """
        result = self._score() if self._finished else None
        if result is None:
            return
        self.stage = "revealed"
        self._unhide()
        self.describe()
        self.update()
        if self._said != result.sentence:
            self._said = result.sentence
            self.scored.emit(result.sentence)

    def close_sketch(self) -> None:
        """Remove everything and show the plot as it was."""
        if not self._open:
            return
        self._open = False
        if self.stage == "drawing":
            self.drawn.emit()
        self.plot.painted.disconnect(self._follow)
        self.plot.plot.vb.sigRangeChanged.disconnect(self._redraw)
        self.plot.view.viewport().removeEventFilter(self)
        self._let_go()
        for part in (self, self.caption):  # a layout lets go of what is deleted
            part.hide()
            part.deleteLater()
        self._unhide()
        self.closed.emit()

    # Coming and going

    @property
    def away(self) -> bool:
        """Whether the plot shows the accuracy by the other protocol."""
        return self.plot.selection.protocol != self.protocol

    def _score(self) -> Score | None:
        if self.sketch.empty:
            return None
        return score(self.sketch, self._record, self.learner, self.task, self.protocol, round(self._steps))

    @property
    def _over(self) -> bool:
        """Whether the curve is at its end: the last probe that counts came, or the run was stopped."""
        track = self._record.incremental
        assert track is not None
        return self._record.outcome is not None or bool((track.probe_steps.values >= self._steps).any())

    @property
    def _state(self) -> object:
        """What the caption depends on."""
        assert self._record.incremental is not None
        return self.stage, self.protocol, self.away, self._over, self._record.incremental.steps > 0

    @property
    def _finished(self) -> bool:
        return self._open and self.stage != "drawing"

    def _lay_over(self) -> None:
        """Take place over the plot, and the caption above it."""
        viewport = self.plot.view.viewport()
        viewport.installEventFilter(self)
        self.setGeometry(viewport.geometry())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.plot.painted.connect(self._follow)
        self.plot.plot.vb.sigRangeChanged.connect(self._redraw)
        self.caption.go.clicked.connect(self._go_on)
        self.caption.leave.clicked.connect(self.close_sketch)
        layout = self.plot.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self.plot.view), self.caption)
        self.show()
        self.raise_()

    def _unhide(self) -> None:
        if self._hidden:
            self.plot.hidden -= self._hidden
            self._hidden = set()
            self._show_again()

    def _show_again(self) -> None:
        """Let the plot draw and say what it hides, or shows, now."""
        self.plot.repaint_curves()
        self.plot.describe()

    def _go_on(self) -> None:
        (self.finish if self.stage == "drawing" else self.reveal)()

    def _follow(self) -> None:
        """Go with the record; follow its growth, the protocol and the theme."""
        if self.plot.record is not self._record:
            self.close_sketch()
            return
        if self.sketch.empty:
            self.protocol = self.plot.selection.protocol
        if self._told != self._state:
            self.reveal() if self.stage == "revealed" else self.describe()
        self._enable()
        self.update()

    def _redraw(self, *_: object) -> None:
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the plot's size."""
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self.plot.view.viewport().geometry())
        return super().eventFilter(watched, event)

    # Saying it

    def describe(self) -> None:
        """Say what is asked for, or how far off it was; and, to those who hear it, which handle has which value."""
        self._told, words = self._state, self._words()
        self.caption.say(*words)
        self.setAccessibleName(f"Your prediction of {self._whose}")
        self.setAccessibleDescription(words.spoken)
        if self.stage == "drawing" and not self.away:
            self._describe_handle(self._whose, words.headline)
        self._enable()

    @property
    def _whose(self) -> str:
        return f"{label_of(self.learner)}'s {self.task}-task accuracy"

    def _words(self) -> Words:
        track, data, result = self._record.incremental, self._record.data, self._score()
        assert track is not None
        if self.away:
            leave = "Skip" if self.stage == "drawing" else "Close"
            return elsewhere(self.protocol, self.plot.selection.protocol, leave)
        if self.stage == "drawing":
            until = round(self._steps) if self._steps < track.started.steps else None
            return asked(self._whose, self.protocol, data.dataset if data else "", until)
        if self.stage == "drawn" or result is None:
            return stands(self._whose, self.protocol, trained=bool(track.steps))
        return judged(result)

    def _enable(self) -> None:
        """Offer only what can be done: an empty sketch is none, and before training there is nothing to reveal."""
        assert self._record.incremental is not None
        self.caption.go.setEnabled(
            not self.sketch.empty if self.stage == "drawing" else bool(self._record.incremental.steps)
        )

    def curve(self) -> Series:
        """Return the real one, as the plot draws it, as far as it is predicted."""
        x, y = accuracy_series(self._record, self.learner, self.task, self.protocol)
        drawn = x <= self._steps
        return thinned((x[drawn], y[drawn]))
