"""What the parts of a lane are painted with: boxes, names with padlocks, arrows that flow and arrows that pull."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import mixed, wrong_colour
from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.columns import SMALL
from lwf_gui.gui.panels.network.place import Kind, Part, PullKind
from lwf_gui.gui.panels.network.plan import Plan
from lwf_gui.gui.panels.network.shapes import WIDTHS, arrow, box, dotted, padlock
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, LEFT, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.network import Lane, Machine
from lwf_gui.runs.network_pulls import Pull

FARTHEST = 40.0
"""Percent that a layer moved from which on its tint is the strongest."""

TINT = 0.45
"""Share of the learner's colour in the strongest tint."""

APART = 0.22
"""Lines from the middle of a row to the arrow that flows, above it, and to the one that pulls, below it."""


class Brush:
    """Paints what a lane is made of, in the colours of its learner, and notes the spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: Machine, lane: Lane) -> None:
        self.painter, self.plan, self.colours, self.figures, self.lane = painter, plan, colours, figures, lane
        self.line, self.form = plan.line, plan.detail.form
        self.small, self.bold = plan.font(SMALL), plan.font(bold=True)
        self.colour, self.surface = QColor(colours.learner(lane.learner)), QColor(colours.surface)
        self.grey = QColor(colours.teacher)
        self.ground = mixed(self.surface, self.colour, 0.14 if colours.dark else 0.08)
        self._flow = mixed(self.surface, QColor(colours.muted), 0.75)
        self.spots: list[Spot] = []

    def spot(self, rect: QRectF, kind: Kind, name: str = "") -> None:
        """Note where a part is."""
        self.spots.append(Spot(rect, Part(kind, self.lane.learner, name)))

    # Boxes

    def box(self, rect: QRectF, fill: QColor, *, still: bool = False, dashed: bool = False, dim: bool = False) -> None:
        """Paint a part of the learner's own: in its colour where it trains, grey where it stays."""
        edge = QColor(self.colours.line) if dim else self.grey if still else self.colour
        box(self.painter, rect, edge, fill, dashed=dashed)

    def once(self, rect: QRectF, texts: Sequence[str], note: str, kind: Kind, *, locked: bool = False) -> None:
        """Paint a part of the old network."""
        box(self.painter, rect, self.grey, mixed(self.surface, self.grey, 0.12))
        self.titled(rect, texts, note, locked=locked)
        self.spot(rect, kind)

    def tint(self, share: float) -> QColor:
        """Return the tint of a layer that moved so many percent."""
        return mixed(self.surface, self.colour, TINT * min(1.0, max(0.0, share) / FARTHEST))

    # Words

    def titled(self, rect: QRectF, texts: Sequence[str], note: str, *, locked: bool = False, dim: bool = False) -> None:
        """Write the name of a part, and below it, where there is room, what becomes of it."""
        if not self.plan.detail.rich or rect.height() < 2.0 * self.line:
            self.named(rect, texts, locked=locked, dim=dim)
            return
        top = rect.center().y() - 1.0 * self.line
        self.named(QRectF(rect.left(), top, rect.width(), 1.1 * self.line), texts, locked=locked, dim=dim)
        below = QRectF(rect.left() + 3, top + 1.05 * self.line, rect.width() - 6, 0.95 * self.line)
        self.write(below, (note, ""), self.small, muted=True)

    def named(self, rect: QRectF, texts: Sequence[str], *, locked: bool = False, dim: bool = False) -> None:
        """Write a name in the middle of a place, with a padlock before it where it is frozen."""
        line, metrics = self.line, QFontMetricsF(self.bold)
        lock = 0.85 * line if locked else 0.0
        room = rect.width() - lock - 0.3 * line
        text = next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])
        left = rect.center().x() - (min(room, metrics.horizontalAdvance(text)) + lock) / 2
        if locked:
            place = QRectF(left, rect.center().y() - 0.36 * line, 0.56 * line, 0.7 * line)
            padlock(self.painter, place, QColor(self.colours.muted))
        self.painter.setFont(self.bold)
        self.painter.setPen(QColor(self.colours.muted if dim else self.colours.text))
        write(self.painter, QRectF(left + lock, rect.top(), room, rect.height()), [text], LEFT)

    def broken(self, rect: QRectF, texts: Sequence[str], *, muted: bool = False) -> None:
        """Write the first of these texts that fits a box in a line, or in two where it is high enough."""
        metrics = QFontMetricsF(self.bold)
        lines: tuple[str, ...] = (texts[-1],)
        for ways in (way for text in texts for way in ((text,), words.in_two(text))):
            wide = max(map(metrics.horizontalAdvance, ways))
            if wide <= rect.width() - 0.4 * self.line and len(ways) * self.line <= rect.height() + 1:
                lines = ways
                break
        top = rect.center().y() - 0.5 * self.line * len(lines)
        for number, text in enumerate(lines):
            row = QRectF(rect.left(), top + number * self.line, rect.width(), self.line)
            self.write(row, (text,), self.bold, muted=muted)

    def write(self, rect: QRectF, texts: Sequence[str], font: QFont, *, muted: bool = False) -> None:
        """Write the first of these texts that fits, in the middle of a place."""
        self.painter.setFont(font)
        self.painter.setPen(QColor(self.colours.muted if muted else self.colours.text))
        write(self.painter, rect, texts, CENTRE)

    # Arrows, all of them level

    def flow(self, left: float, right: float, y: float) -> None:
        """Paint where images and answers go."""
        wide = WIDTHS[0] * max(1.0, 0.8 * self.plan.scale)
        arrow(self.painter, QPointF(left + 1, y), QPointF(right - 1, y), self._flow, wide)

    def pull(self, right: float, left: float, y: float, pull: Pull, kind: PullKind) -> None:
        """Paint what pulls back, as wide as it is strong; a dotted line where nothing does."""
        ends = QPointF(right - 1, y), QPointF(left + 1, y)
        colour, teacher = self.colour_of(kind), self.lane.teacher
        if kind == "hold" and teacher is not None and not teacher.alpha:
            dotted(self.painter, *ends, colour)
            return
        strength = pull.strength(pull.old if kind in ("again", "hold") else pull.new)
        wide = WIDTHS[strength] * min(1.4, max(0.8, self.plan.scale)) * min(1.0, self.line / 15)
        arrow(self.painter, *ends, colour, wide, step=self.figures.step if self.figures.batch is not None else None)

    def told_pull(self, right: float, left: float, y: float, kind: PullKind) -> None:
        """Paint what pulls back from a comparison to the answers, with its label."""
        self.pull(right, left, y, self.lane.head, kind)
        room = QRectF(left, y - 0.42 * self.line, right - left, 0.84 * self.line)
        metrics = QFontMetricsF(self.small)
        ways = words.labels(self.lane, kind) if self.form < 2 else ()
        most = room.width() - 1.6 * self.line
        text = next((text for text in ways if metrics.horizontalAdvance(text) <= most), "")
        if text:
            across = metrics.horizontalAdvance(text) + 0.4 * self.line
            label = QRectF(room.center().x() - across / 2 + 0.25 * self.line, room.top(), across, room.height())
            opacity = self.painter.opacity()
            self.painter.setOpacity(1.0)  # of a dim arrow nothing may be seen behind its label
            self.painter.fillRect(label.adjusted(0, 0.2 * self.line, 0, -0.05 * self.line), self.ground)
            self.painter.setOpacity(opacity)
            self.painter.setFont(self.small)
            self.painter.setPen(self.colour_of(kind) if kind == "push" else QColor(self.colours.text))
            write(self.painter, label, [text], CENTRE)
        self.spot(room, "pull", kind)

    def colour_of(self, kind: PullKind) -> QColor:
        """Return the colour of a pull: of what pushes old answers down, of what holds them, or the learner's."""
        if kind == "push":
            return wrong_colour(self.colours)
        return self.grey if kind in ("again", "hold") else self.colour
