"""The straight path: what networks between two others know of old and new task, in eight equal parts of the way.

Between the old network and a fine-tuned one lies a network that knows both tasks; between the old one and LwF's all of
them do.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.put_back.bars import write_lines
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.straight_path import words
from lwf_gui.gui.panels.straight_path.ends import EndPainter
from lwf_gui.gui.panels.straight_path.place import Place
from lwf_gui.gui.panels.straight_path.plan import FIRST, Plan, plan
from lwf_gui.gui.panels.straight_path.plot import PathPlot
from lwf_gui.gui.panels.text import CENTRE, fitting, write
from lwf_gui.gui.printing import has_keys
from lwf_gui.messages import TEACHER
from lwf_gui.runs import averaging, straight_path
from lwf_gui.runs.averaging import Offer
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.straight_path import Ends, Path, StraightPathFigures

AVERAGE = "average"
"""The id of the action that averages the two networks."""


class StraightPathPanel(Panel):
    """Two ends to choose, two curves between them, both figures at a point, and a sentence."""

    EMPTY = "What networks between the old one and the learners know appears here once task 2 begins."
    LEAST = (240, 130)
    CHOSEN = ("_chosen", "_point", "_loss")
    """Room for the curves."""

    def __init__(self) -> None:
        super().__init__()
        self._chosen: Ends | None = None
        """The ends that were chosen, here or elsewhere."""
        self._point: int | None = None
        """Where one stands on the way; None is its best point."""
        self._loss = False

    # What it shows, in numbers and words

    def figures(self) -> StraightPathFigures | None:
        """Return all paths that are known."""
        return straight_path.straight_path(self.record, self.selection)

    def state(self) -> object:
        """Return what the figures depend on: looks come seldom, and as a task ends after its last probe."""
        last = next(reversed(self.record.paths.values()), None)
        return (super().state(), last, len(self.record.evaluations), self.record.outcome)

    def captions(self) -> tuple[str, ...]:
        """Return which images, protocol and moment the figures are of, and shorter wordings."""
        figures: StraightPathFigures | None = self.shown
        if figures is None:
            return ()
        if figures.reason:
            return ("no straight path is known", "not known")
        return straight_path.captions(self.record, figures)

    def sentence(self) -> str:
        """Say what is known at all points, where it is best, and what the path shows."""
        figures: StraightPathFigures = self.shown
        return figures.reason or words.sentence(figures, self.ends, loss=self._loss)

    @property
    def ends(self) -> Ends:
        """Between which networks one looks: the chosen ones, where there is a path."""
        shown: StraightPathFigures = self.shown
        return shown.between(self._chosen)

    @property
    def offer(self) -> Offer:
        """The best mixture of the two networks, which may join the run."""
        shown: StraightPathFigures = self.shown
        return averaging.offer(self.record, shown, self.ends)

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew, and the ends where others are looked at now."""
        if selection.path != self.selection.path:
            self._chosen = selection.path
        super().refresh(selection)

    @property
    def path(self) -> Path:
        """The path that is shown."""
        shown: StraightPathFigures = self.shown
        return shown.paths[self.ends]

    @property
    def point(self) -> int:
        """Where one stands on it."""
        return self.path.best if self._point is None else self._point

    def tip(self, key: Place) -> str:
        """Explain an end, the switch or a point."""
        figures: StraightPathFigures = self.shown
        if figures.reason:
            return ""  # of what was shown a moment ago
        if key.kind == "point":
            return words.point_tip(figures, self.ends, key.number)
        if key.kind == "switch":
            return words.switch_tip(loss=self._loss)
        if key.kind == "average":
            return words.average_tip(figures, self.offer)
        choices = figures.starts(self.ends[1]) if key.kind == "from" else figures.ends
        return words.end_tip(figures, key.kind, key.name, self.ends[key.kind == "to"], len(choices) - 1)

    def hover(self, key: Place | None) -> None:
        """Go to a point of the way that is pointed at, or reached by key."""
        if key is not None and key.kind == "point":
            self._point = key.number
            self.update()

    def choose(self, key: Place) -> None:
        """Show the path between other ends, or the other figures; or let the best mixture join the run."""
        start, end = self.ends
        if key.kind == "switch":
            self._loss = not self._loss
        elif key.kind == "average":
            self.asked.emit({"path": self.ends})
            self.acted.emit(AVERAGE)
        elif key.kind in ("from", "to"):
            ends = (key.name, end) if key.kind == "from" else (TEACHER if key.name == start else start, key.name)
            self._chosen = ends
            self.asked.emit({"path": ends})
        self.describe()
        self.update()

    # Painting

    def paint(self, painter: QPainter, figures: StraightPathFigures) -> None:
        """Paint all parts, or why there are no figures."""
        self.spots = []
        if figures.reason:
            self.write_instead(painter, figures.reason)
            return
        places, (start, end) = plan(self.area), self.ends
        choice = EndPainter(painter, places, self.colours)
        choice.paint(places.choice, figures, (start, end), loss=self._loss)
        plot = PathPlot(painter, places, self.colours, figures, (start, end))
        plot.paint(places.plot, self.point, loss=self._loss)
        here = next(spot for spot in plot.spots if spot.key.number == self.point)  # type: ignore[attr-defined]
        self.spots = [here, *(spot for spot in plot.spots if spot is not here), *choice.spots]
        self._tell(painter, places, self._offer(painter, places))
        painter.setFont(places.font(bold=True))
        painter.setPen(QColor(self.colours.text))
        write_lines(painter, places.verdict, words.verdict(figures, (start, end), loss=self._loss))

    def _offer(self, painter: QPainter, places: Plan) -> QRectF:
        """Paint the key that averages the two networks; return its place: on paper it has no width."""
        room, colours, able = QRectF(places.key), self.colours, not self.offer.problem
        if not has_keys():
            return QRectF(room.right(), room.top(), 0.0, room.height())
        painter.setFont(sized(places.font(0.9), words.AVERAGE[-1:], 0.8 * room.width(), 0.84 * room.height()))
        metrics, margin = QFontMetricsF(painter.font()), 0.2 * room.width()
        margin = min(margin, metrics.height())
        text = fitting(metrics, room.width() - margin, *words.AVERAGE)
        wide = metrics.horizontalAdvance(text) + margin
        room = QRectF(room.left() if places.key_below else room.right() - wide, room.top(), wide, room.height())
        painter.setPen(QPen(QColor(colours.accent if able else colours.line), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(colours.accent if able else colours.muted))
        write(painter, room, [text], CENTRE)
        self.spots.append(Spot(room, Place("average")))
        return room

    def _tell(self, painter: QPainter, places: Plan, key: QRectF) -> None:
        """Paint where one stands, beside the key, and what is known there, large."""
        figures: StraightPathFigures = self.shown
        area, known = QRectF(places.told), words.large(figures, self.path, self.point, loss=self._loss)
        stages, where = words.stages(figures, self.ends, self.point), QRectF(places.told)
        end = area.right() if places.key_below else key.left() - 6
        if places.is_high:
            where.setHeight(FIRST * area.height())
            where.setRight(end)
            area.setTop(where.bottom())
        else:
            where.setWidth((0.3 if places.key_below else 0.26) * area.width())
            area.setLeft(where.right() + 6)
            area.setRight(end)
        painter.setFont(sized(places.font(0.9), stages[-1:], where.width(), where.height()))
        painter.setPen(QColor(self.colours.muted))
        write(painter, where, stages)
        body = QFontInfo(places.font()).pixelSize()
        painter.setPen(QColor(self.colours.text))
        text, large = known[-1], places.font(1.35, bold=True, fixed_digits=True)
        for text in known:  # the first that need not be much smaller than body type
            painter.setFont(sized(QFont(large), [text], area.width(), area.height()))
            if QFontInfo(painter.font()).pixelSize() >= 0.85 * body:
                break
        write(painter, area, [text])
