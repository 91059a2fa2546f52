"""Predict, then see: a curve of the accuracy plot is drawn by people before it is shown to them.

The sketch and its score are `lwf_gui.runs.sketch`; the plot's own curves stay the plot's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from lwf_gui.gui.teaching.sketch_caption import SketchCaption
from lwf_gui.gui.teaching.sketch_sheet import COARSE, FINE, HANDLES, SketchSheet
from lwf_gui.runs import views
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.sketch import Task, score

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot


class Prediction(SketchSheet):
    """A curve of an accuracy plot, hidden until it was sketched; then both, with what lies between them.

    It takes mouse and keyboard while it is drawn on, and nothing afterwards. It goes with `close_sketch`, or by itself
    where the plot shows another record.

    Parameters
    ----------
    plot : shows a record that has begun task 2
    learner : whose curve is guessed, one of task 2
    task : which of its two curves

    Raises
    ------
    ValueError
        If the record has no such curve yet.
    """

    scored = Signal(str)
    """The curve was revealed, or changed since by the protocol or the run's end: how far off the sketch is."""
    drawn = Signal()
    """The sketch is done, or was given up."""
    closed = Signal()
    """The sketch is gone, and this will be deleted."""

    def __init__(self, plot: AccuracyPlot, learner: str, task: Task = "old") -> None:
        record = plot.record
        if record.incremental is None or learner not in record.incremental.started.learners:
            raise ValueError(f"{learner} has no curve in this record yet")
        super().__init__(plot, learner, float(record.incremental.started.steps))
        self.task = task
        self.caption = SketchCaption()
        self._record = record
        self._hidden = {(name, task) for name in _family(record, learner)} - plot.hidden
        self._told: object = None
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

    def finish(self) -> None:
        """Take the sketch as it is, unless nothing is drawn; reveal the curve if its run is over."""
        if self.stage != "drawing" or self.sketch.empty:
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
        result = score(self.sketch, self._record, self.learner, self.task, self._protocol) if self._finished else None
        if result is None:
            return
        self.stage, self._told = "revealed", (self._protocol, self._over)
        self._unhide()
        verdict, _, rest = result.sentence.partition(": ")
        self.caption.say(f"{verdict}:", rest, "", "Close")
        self.setAccessibleDescription(result.sentence)
        self.update()
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
    def _protocol(self) -> Literal["task_aware", "class_incremental"]:
        return self.plot.selection.protocol

    @property
    def _over(self) -> bool:
        """Whether the curve is at its end: the run's last probe came, or it was stopped."""
        track = self._record.incremental
        assert track is not None
        return self._record.terminal is not None or bool((track.probe_steps.values >= track.started.steps).any())

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

    def _let_go(self) -> None:
        """Take no events any more."""
        focused = self.hasFocus()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.unsetCursor()
        if focused:
            self.plot.view.setFocus()

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
        if self.stage == "revealed" and self._told != (self._protocol, self._over):
            self.reveal()
        elif self.stage == "drawing" and self._told != self._protocol:
            self.describe()
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
        """Say what is asked for and, for those who hear it, which handle has which value."""
        whose = f"{views.label_of(self.learner)}'s {self.task}-task accuracy"
        if self.stage == "drawing":
            self._told = self._protocol
            of = f"Percent, {PROTOCOLS[self._protocol]}, of {self._record.data.dataset if self._record.data else ''}."
            self.caption.say(f"Draw how {whose} will go.", f"{of} Enter when done, Esc to skip.", "Done", "Skip")
            self.setAccessibleDescription(
                f"Draw how {whose} will go. Left and Right choose one of {HANDLES} handles, Up and Down move it by "
                f"{COARSE:.0f} points, with Shift by {FINE:.0f}. Enter when done, Escape to skip."
            )
            x, y = self.handles()
            handle = f"handle {self.handle + 1} of {HANDLES}, step {x[self.handle]:,.0f}: {y[self.handle]:.0f} %"
            self.setAccessibleName(f"Your prediction of {whose}, {handle}")
        else:
            self.caption.say("Your line stands.", f"{whose} is still hidden.", "Reveal", "Close")
            self.setAccessibleName(f"Your prediction of {whose}")
        self._enable()

    def _enable(self) -> None:
        """Offer only what can be done: an empty sketch is none, and before training there is nothing to reveal."""
        assert self._record.incremental is not None
        self.caption.go.setEnabled(
            not self.sketch.empty if self.stage == "drawing" else bool(self._record.incremental.steps)
        )

    def curve(self) -> views.Series:
        """Return the real one, as the plot draws it."""
        return views.thinned(views.accuracy_series(self._record, self.learner, self.task, self._protocol))


def _family(record: Record, learner: str) -> set[str]:
    """Return a learner with its branches, and theirs: they share its curve up to where they leave it."""
    family = {learner}
    for branch in record.incremental.started.branches if record.incremental else ():
        if branch.origin in family:
            family.add(branch.learner)
    return family
