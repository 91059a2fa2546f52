"""A sweep: a figure of one learner by two settings, old against new accuracy of all, and the chosen cell's curves.

What is known of it grows while it is trained. Nothing is computed here: figures are `lwf_gui.runs.sweep_figures`'.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.put_back.bars import write_lines
from lwf_gui.gui.panels.sweep.curves import CurvePainter
from lwf_gui.gui.panels.sweep.front import FrontPainter
from lwf_gui.gui.panels.sweep.head import BEGIN, OFFERS, OPEN, HeadPainter
from lwf_gui.gui.panels.sweep.heat import HeatPainter
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.gui.panels.sweep.plan import plan
from lwf_gui.gui.panels.view_keys import ViewKey, height_of, paint_keys, width_of
from lwf_gui.gui.printing import has_keys
from lwf_gui.runs import sweep_words as words
from lwf_gui.runs.metrics import Quantity
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.sweep_figures import HOW, NoSweep, SweepFigures, sweep_figures
from lwf_gui.runs.sweep_front import FrontPoint
from lwf_gui.runs.sweep_map import At

SCALE = (
    "The colours of the cells, from the lowest to the highest mean, at least 10 points apart: dark is low, light is "
    "high; equal steps look equally far apart."
)
CURVES = "The chosen cell's learning curves on the probe images: thin, each run; bold, the mean of its runs."


class SweepPanel(Panel):
    """Heat map, points and curves; the mouse and the arrow keys choose a cell, and Enter opens its runs."""

    EMPTY = HOW
    LEAST = (240, 130)
    CHOSEN = ("_learner", "_quantity", "_axes", "_chosen")

    def __init__(self) -> None:
        super().__init__()
        self._learner = ""
        self._quantity: Quantity = "old"
        self._axes: tuple[str, str] | None = None
        self._chosen: At | None = None
        """The cell that was pointed at last; None is the best one."""

    # What it shows, in numbers and words

    def figures(self) -> SweepFigures | NoSweep:
        """Return what is known of the sweep that is looked at, or how to get one."""
        return sweep_figures(self.selection.sweep, self.selection.protocol, self._learner, self._quantity, self._axes)

    def state(self) -> object:
        """Return what the figures depend on: no run that is shown, but a sweep that grows."""
        view = self.selection.sweep
        version = None if view is None else view.version
        return (self.selection.protocol, id(view), version, self._learner, self._quantity, self._axes)

    def show_record(self, record: Record) -> None:
        """Show another record beside the same sweep."""
        chosen = self._chosen
        super().show_record(record)
        self._chosen = chosen

    @property
    def chosen(self) -> At:
        """The cell whose curves are shown."""
        shown: SweepFigures = self.shown
        at = self._chosen
        return at if at is not None and at in shown.heat.cells else shown.heat.best

    def captions(self) -> tuple[str, ...]:
        """Return what the cells are, and shorter wordings."""
        if self.shown is None:
            return ()
        return ("no sweep is shown", "no sweep") if self.shown.reason else words.captions(self.shown)

    def sentence(self) -> str:
        """Say how far the sweep is, what the chosen cell tells, and what is best."""
        reason: str = self.shown.reason
        return reason or words.sentence(self.shown, self.chosen)

    def tip(self, key: Place) -> str:
        """Explain a cell, a point, the curves or a key."""
        figures: SweepFigures = self.shown
        if figures.reason:
            return BEGIN[key.name][1] if key.name in BEGIN else ""  # of what was shown a moment ago
        match key.kind:
            case "cell":
                at = (key.across, key.up)
                return words.cell_tip(figures, at) if at in figures.heat.cells else ""
            case "point":
                point = self._point(key)
                return "" if point is None else words.point_tip(point)
            case "quantity":
                return words.quantity_tip(key.name, chosen=key.name == figures.heat.quantity)
            case "learner":
                chosen = key.name == figures.heat.learner
                return f"The cells show {label_of(key.name)}.{'' if chosen else ' A click or Enter does it.'}"
            case "axis":
                axis = figures.heat.across if key.name == "across" else figures.heat.up
                return words.axis_tip(axis.key, max(0, len(figures.keys) - 2))
            case "action":
                return {**BEGIN, **OFFERS}[key.name][1]
        return CURVES if key.kind == "curves" else SCALE

    def _point(self, key: Place) -> FrontPoint | None:
        """Return the point of a spot; None for one of what was shown a moment ago."""
        points = self.shown.fronts.get(key.name, ())
        return points[key.across] if key.across < len(points) else None

    # Choosing

    def hover(self, key: Place | None) -> None:
        """Choose the cell that is pointed at, or reached by key; of a point, the one that it is in."""
        if key is None or self.shown is None or self.shown.reason:
            return
        at = (key.across, key.up) if key.kind == "cell" else None
        if key.kind == "point" and (point := self._point(key)) is not None:
            at = self.shown.heat.at(point.runs[0])
        if at is not None and at in self.shown.heat.cells and at != self._chosen:
            self._chosen = at
            self.update()

    def choose(self, key: Place) -> None:
        """Open the runs of a cell; show other figures, another learner or axis; or do what a key says."""
        match key.kind:
            case "cell" | "point" | "curves" if not self.shown.reason:
                self._open()
            case "quantity":
                self._quantity = key.name  # type: ignore[assignment] # a key of QUANTITIES
            case "learner":
                self._learner = key.name
            case "axis":
                self._turn(up=key.name == "up")
            case "action":
                self.acted.emit(key.name)
        self.refresh(self.selection)
        self.describe()
        self.update()

    def _open(self) -> None:
        """Ask for the runs of the chosen cell to be shown."""
        runs = self.shown.opened(self.chosen)
        if runs:
            self.asked.emit({"sweep_runs": runs})
            self.acted.emit(OPEN)

    def _turn(self, *, up: bool) -> None:
        """Let an axis be the next setting that the other one is not."""
        heat, keys = self.shown.heat, self.shown.keys
        own, other = (heat.up.key, heat.across.key) if up else (heat.across.key, heat.up.key)
        free = [key for key in keys if key != other]
        if own in free:
            own = free[(free.index(own) + 1) % len(free)]
        self._axes, self._chosen = ((other, own) if up else (own, other)), None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell with a click; other spots do what they are for."""
        spot = self._spot_at(event.position())
        if spot is not None and isinstance(spot.key, Place) and spot.key.kind in ("cell", "point", "curves"):
            self._go_to(spot)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is clicked twice; a key is pressed twice."""
        spot = self._spot_at(event.position())
        if spot is not None and isinstance(spot.key, Place) and event.button() is Qt.MouseButton.LeftButton:
            self._go_to(spot)
            self.choose(spot.key)

    # Painting

    def paint(self, painter: QPainter, figures: SweepFigures) -> None:
        """Paint all parts, or how to get a sweep."""
        self.spots = []
        if figures.reason:
            self._paint_how(painter, figures.reason)
            return
        places, chosen = plan(self.area), self.chosen
        parts: list[Any] = [HeatPainter(painter, places, self.colours, figures)]
        parts[0].paint(places.heat, chosen)
        if places.front is not None:
            parts.append(FrontPainter(painter, places, self.colours, figures))
            parts[-1].paint(places.front, chosen)
        if places.curves is not None:
            parts.append(CurvePainter(painter, places, self.colours, figures))
            parts[-1].paint(places.curves, chosen)
        head = HeadPainter(painter, places, self.colours, figures)
        head.paint()
        self.spots = [spot for part in (*parts, head) for spot in part.spots]
        painter.setFont(places.font())
        painter.setPen(QColor(self.colours.text))
        said = (words.cell_tip(figures, chosen), words.cell_sentence(figures, chosen))[0 if has_keys() else 1 :]
        write_lines(painter, places.verdict, (*said, *words.cell_briefs(figures, chosen)))

    def _paint_how(self, painter: QPainter, reason: str) -> None:
        """Write how to get a sweep, above keys that do it."""
        area, font = self.area, theme.font(1.0)
        keys = [ViewKey(BEGIN[name][0], False, Place("action", name)) for name in BEGIN]
        high, wide = height_of(font), width_of(keys, font)
        painter.setPen(QColor(self.colours.muted))
        told = area.adjusted(0, 0, 0, -2 * high)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(told, flags, reason)
        low = painter.boundingRect(told, flags, reason).bottom() + 0.6 * high
        right = min(area.right(), area.center().x() + wide / 2)
        place = QRectF(area.left(), min(low, area.bottom() - high), right - area.left(), high)
        self.spots = list(paint_keys(painter, place, keys, font, self.colours))
