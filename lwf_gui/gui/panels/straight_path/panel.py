"""The straight path: what networks between two others know of old and new task, in eight equal parts of the way.

Between the old network and a fine-tuned one lies a network that knows both tasks; between the old one and LwF's all of
them do.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter

from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.put_back.bars import write_lines
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.straight_path import words
from lwf_gui.gui.panels.straight_path.ends import EndPainter
from lwf_gui.gui.panels.straight_path.place import Place
from lwf_gui.gui.panels.straight_path.plan import Plan, plan
from lwf_gui.gui.panels.straight_path.plot import PathPlot
from lwf_gui.gui.panels.text import write
from lwf_gui.messages import TEACHER
from lwf_gui.runs import straight_path
from lwf_gui.runs.straight_path import Ends, Path, StraightPathFigures


class StraightPathPanel(Panel):
    """Two ends to choose, two curves between them, both figures at a point, and a sentence."""

    EMPTY = "What networks between the old one and the learners know appears here once task 2 begins."
    LEAST = (240, 130)
    """Room for the curves."""

    def __init__(self) -> None:
        super().__init__()
        self._start, self._end = TEACHER, ""
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
        end = self._end if self._end in shown.ends else shown.ends[0]
        starts = shown.starts(end)
        return (self._start if self._start in starts else starts[0]), end

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
        choices = figures.starts(self.ends[1]) if key.kind == "from" else figures.ends
        return words.end_tip(figures, key.kind, key.name, self.ends[key.kind == "to"], len(choices) - 1)

    def hover(self, key: Place | None) -> None:
        """Go to a point of the way that is pointed at, or reached by key."""
        if key is not None and key.kind == "point":
            self._point = key.number
            self.update()

    def choose(self, key: Place) -> None:
        """Show the path between other ends, or the other figures."""
        if key.kind == "switch":
            self._loss = not self._loss
        elif key.kind == "from":
            self._start = key.name
        elif key.kind == "to":
            if key.name == self._start:
                self._start = TEACHER
            self._end = key.name
        self.describe()
        self.update()

    # Painting

    def paint(self, painter: QPainter, figures: StraightPathFigures) -> None:
        """Paint all parts, or why there are no figures."""
        self.spots = []
        if figures.reason:
            painter.setPen(QColor(self.colours.muted))
            painter.drawText(self.area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), figures.reason)
            return
        places, (start, end) = plan(self.area), self.ends
        choice = EndPainter(painter, places, self.colours)
        choice.paint(places.choice, figures.starts(end), figures.ends, (start, end), loss=self._loss)
        plot = PathPlot(painter, places, self.colours, figures, (start, end))
        plot.paint(places.plot, self.point, loss=self._loss)
        here = next(spot for spot in plot.spots if spot.key.number == self.point)  # type: ignore[attr-defined]
        self.spots = [here, *(spot for spot in plot.spots if spot is not here), *choice.spots]
        self._tell(painter, places)
        painter.setFont(places.font(bold=True))
        painter.setPen(QColor(self.colours.text))
        write_lines(painter, places.verdict, words.verdict(figures, (start, end), loss=self._loss))

    def _tell(self, painter: QPainter, places: Plan) -> None:
        """Paint where one stands, and what is known there, large."""
        figures: StraightPathFigures = self.shown
        area, known = places.told, words.large(figures, self.path, self.point, loss=self._loss)
        stages, where = words.stages(self.ends, self.point), QRectF(places.told)
        if area.height() > 1.8 * QFontMetricsF(places.font()).height():
            where.setHeight(0.4 * area.height())
            area = area.adjusted(0, where.height(), 0, 0)
        else:
            where.setWidth(0.3 * area.width())
            area = area.adjusted(where.width() + 6, 0, 0, 0)
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
