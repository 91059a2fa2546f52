"""Predict, then see: a sheet over the accuracy plot on which people draw a curve before it is shown to them.

The sketch and its score are `lwf_gui.runs.sketch`; the plot's own curves stay the plot's.
"""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.runs import views
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.sketch import Points, Sketch, Task, score

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot

Stage = Literal["drawing", "drawn", "revealed"]

HANDLES = 5
COARSE, FINE = 5.0, 1.0
"""Points by which a key moves a handle, without and with Shift."""

DOTS = (0.01, 1.7)
"""Round dots, in widths of the line: neither a curve's stroke nor a new task's dashes."""

KEYS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
}


class Caption(QFrame):
    """What is asked for, above the plot, with the two things one can do about it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("live")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.go, self.leave = _button("primary"), _button("segment")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.addWidget(self.text, 1)
        row.addWidget(self.go)
        row.addWidget(self.leave)

    def say(self, headline: str, text: str, go: str, leave: str) -> None:
        """Show a text and name the buttons; without a name ``go`` is not there."""
        self.text.setText(f"<b>{html.escape(headline, quote=False)}</b> {html.escape(text, quote=False)}")
        self.setAccessibleName(f"{headline} {text}")
        for button, name in ((self.go, go), (self.leave, leave)):
            button.setText(name)
            button.setAccessibleName(name)
        self.go.setVisible(bool(go))


class Prediction(QWidget):
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
        super().__init__(plot.view)
        self.plot, self.learner, self.task = plot, learner, task
        self.stage: Stage = "drawing"
        self.sketch = Sketch()
        self.caption = Caption()
        self._record = record
        self._steps = float(record.incremental.started.steps)
        self._hidden = {(name, task) for name in _family(record, learner)} - plot.hidden
        self._handle = 0
        self._stroke: tuple[float, float] | None = None
        """The point that the pressed mouse was at last."""
        self._told: object = None
        self._open = True
        self._lay_over()
        plot.hidden |= self._hidden
        plot.hovered.emit(math.nan)
        self._show_again()
        self._describe()
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
        self._describe()
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
            self._describe()
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

    def _describe(self) -> None:
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
            x, y = self._handles()
            handle = f"handle {self._handle + 1} of {HANDLES}, step {x[self._handle]:,.0f}: {y[self._handle]:.0f} %"
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

    def _curve(self) -> views.Series:
        """Return the real one, as the plot draws it."""
        return views.thinned(views.accuracy_series(self._record, self.learner, self.task, self._protocol))

    # Drawing

    def _handles(self) -> tuple[Points, Points]:
        """Return steps and percentages of the handles; before anything is drawn they are where the curve begins."""
        x = np.linspace(0.0, self._steps, HANDLES)
        if not self.sketch.empty:
            return x, self.sketch.at(x)
        _, known = self._curve()
        return x, np.full(HANDLES, known[0] if len(known) and math.isfinite(known[0]) else 50.0)

    def _draw(self, x: Points | list[float], y: Points | list[float]) -> None:
        self.sketch = self.sketch.drawn(x, y)
        self._describe()
        self.update()

    def _point(self, position: QPointF) -> tuple[float, float]:
        """Return (step, percent) of a place, within task 2."""
        scene = self.plot.view.viewportTransform().inverted()[0].map(position)
        point = self.plot.plot.vb.mapSceneToView(scene)
        return min(max(point.x(), 0.0), self._steps), min(max(point.y(), 0.0), 100.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._field().contains(event.position()):
            event.ignore()
            return
        self._stroke = x, y = self._point(event.position())
        self._draw([x], [y])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if self._stroke is not None:
            (from_x, from_y), (x, y) = self._stroke, self._point(event.position())
            self._stroke = x, y
            self._draw([from_x, x], [from_y, y])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._stroke = None
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the plot zoom."""
        QCoreApplication.sendEvent(self.plot.view.viewport(), event)

    def event(self, event: QEvent) -> bool:
        """Take the keys that draw before the window's shortcuts do."""
        key = event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and Qt.Key(event.key())
        if key in KEYS and self.stage == "drawing":
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose and move a handle, finish or skip."""
        by = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else COARSE
        match Qt.Key(event.key()):
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                self._handle += 1 if key is Qt.Key.Key_Right else -1
                self._handle = min(max(self._handle, 0), HANDLES - 1)
                self._describe()
                self.update()
            case Qt.Key.Key_Up:
                self._move_handle(by)
            case Qt.Key.Key_Down:
                self._move_handle(-by)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.finish()
            case Qt.Key.Key_Escape:
                self.close_sketch()
            case _:
                super().keyPressEvent(event)

    def _move_handle(self, by: float) -> None:
        """Move the handle, and with it the lines to its neighbours."""
        x, y = self._handles()
        at = self._handle
        y[at] = min(max(round(y[at]) + by, 0.0), 100.0)
        near = slice(None) if self.sketch.empty else slice(max(at - 1, 0), at + 2)
        self._draw(x[near], y[near])

    # Painting

    def _field(self) -> QRectF:
        """Where the plot's curves are."""
        view = self.plot.view
        mapped: QRectF = view.viewportTransform().mapRect(self.plot.plot.vb.sceneBoundingRect())
        return mapped

    def _places(self, x: Points, y: Points) -> QPolygonF:
        """Return where points of the plot are on the screen."""
        points = QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])
        places: QPolygonF = self.plot.view.viewportTransform().map(self.plot.plot.vb.mapViewToScene(points))
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint upon the plot."""
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        """Paint the sketch, with its handles or with what lies between it and the curve."""
        painter.setClipRect(self._field())
        if self.stage == "revealed":
            self._paint_between(painter)  # its edges are under lines: not smooth it costs less than half
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        handles_x, handles_y = self._handles()
        x, y = handles_x, handles_y
        if not self.sketch.empty:
            x = np.unique(np.concatenate([self.sketch.x, handles_x[[0, -1]]]))
            y = self.sketch.at(x)
        colour = QColor(self.plot.theme.learner(self.learner))
        colour.setAlphaF(0.45 if self.sketch.empty else 1.0)
        pen = QPen(colour, self._unit / 3, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setDashPattern(DOTS)
        painter.setPen(pen)
        painter.drawPolyline(self._places(x, y))
        if self.stage != "drawing":
            self._paint_name(painter)
        elif self._stroke is None:
            self._paint_handles(painter, self._places(handles_x, handles_y), handles_y)

    @property
    def _unit(self) -> float:
        """Height of type: what is drawn grows with it."""
        return QFontMetricsF(theme.font(1.0)).height()

    def _paint_between(self, painter: QPainter) -> None:
        """Tint the area between sketch and curve, as far as the curve goes."""
        curve_x, curve_y = self._curve()
        x = np.union1d(curve_x, self.sketch.x[self.sketch.x <= curve_x[-1]])
        there, back = self.sketch.at(x), np.interp(x, curve_x, curve_y)
        colour = QColor(self.plot.theme.learner(self.learner))
        colour.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        area = self._places(np.concatenate([x, x[::-1]]), np.concatenate([there, back[::-1]]))
        painter.drawPolygon(area, Qt.FillRule.OddEvenFill)  # they may cross

    def _paint_name(self, painter: QPainter) -> None:
        """Say beside the dots what they are: not between them and the curve, once that is shown."""
        low, high = self.plot.plot.vb.viewRange()[0]
        step = max(low, 0.0) + 0.6 * (min(high, self._steps) - max(low, 0.0))
        said = self.sketch.at(step)
        up = True
        if self.stage == "revealed":
            up = bool(said >= np.interp(step, *self._curve()))
        place = self._places(np.array([step]), np.array([said])).at(0)
        self._paint_label(painter, place, "your prediction", self.plot.theme.learner(self.learner), up=up)

    def _paint_handles(self, painter: QPainter, places: QPolygonF, values: Points) -> None:
        """Paint the handles; the chosen one is bigger and has its value, where keys would move it."""
        colours = self.plot.theme
        for index in range(HANDLES):
            chosen = index == self._handle and self.hasFocus()
            radius = self._unit * (0.5 if chosen else 0.33)
            painter.setBrush(QColor(colours.surface))
            painter.setPen(QPen(QColor(colours.accent if chosen else colours.learner(self.learner)), 3))
            painter.drawEllipse(places.at(index), radius, radius)
        if self.hasFocus():
            text = f"{values[self._handle]:.0f} %"
            self._paint_label(painter, places.at(self._handle), text, colours.text, up=True)

    def _paint_label(self, painter: QPainter, place: QPointF, text: str, colour: str, *, up: bool) -> None:
        """Write above a place, or below where it is asked for or there is no room above; always within the field."""
        font, field = theme.font(1.0, bold=True), self._field()
        box = QRectF(0, 0, QFontMetricsF(font).horizontalAdvance(text) + 0.6 * self._unit, self._unit)
        lift = 1.3 * self._unit
        if place.y() - lift - box.height() / 2 < field.top():
            up = False
        elif place.y() + lift + box.height() / 2 > field.bottom():
            up = True
        box.moveCenter(place + QPointF(0, -lift if up else lift))
        box.translate(max(field.left() - box.left(), 0.0) + min(field.right() - box.right(), 0.0), 0.0)
        fill = QColor(self.plot.theme.surface)
        fill.setAlphaF(0.8)  # curves behind still show
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colour))
        painter.setFont(font)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def _family(record: Record, learner: str) -> set[str]:
    """Return a learner with its branches, and theirs: they share its curve up to where they leave it."""
    family = {learner}
    for branch in record.incremental.started.branches if record.incremental else ():
        if branch.origin in family:
            family.add(branch.learner)
    return family


def _button(style: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(style)
    apply_input_rules(button)
    return button
