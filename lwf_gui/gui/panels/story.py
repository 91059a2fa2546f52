"""The run told in a few lines over everything: learners' names in their colours, classes as small pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import Metrics, metrics_of
from lwf_gui.gui.panels.drawing import Thumbs, blank
from lwf_gui.gui.panels.flowing import Placed, flowed
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import shortened
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.selection import moment
from lwf_gui.runs.story import Story, story
from lwf_gui.runs.story_told import Piece, Way

RECORDED = "recorded"
"""Of a run that was not trained in this window since it was opened."""

LINES = 4
"""Of the story, where there is room."""
TYPE = 1.08
"""Its type, as a multiple of body text: it is read first."""

SMALLER = (1.0, 0.9, 0.8, 0.7)
"""Parts of its type that a sentence takes where no wording has room otherwise: none is ever cut."""

GAP = 3
"""Pixels between two pictures."""

MOST_PICTURES = 12
"""Classes of a task that are shown; of more one reads how many."""


class StoryPanel(Panel):
    """What was learnt, what was forgotten, and why."""

    EMPTY = "Run (Space) lets a network learn the old task; then copies of it learn the new one, and may forget."

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("story")
        self.setAccessibleName("Story")
        self.setWindowTitle("Story")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.recorded = False
        """Whether the run was opened, not trained here."""
        self._lines = LINES
        self._thumbs = Thumbs()
        self._part = 1.0
        """Of the type, in the sentence that is painted."""
        self._first: object = None
        """What the first sentence was painted of last, as a picture: it stays while the others change."""
        self._picture, self._first_spots = QPixmap(), list[Spot]()
        self._fonts: dict[tuple[float, bool], tuple[QFont, Metrics]] = {}

    # What it shows, in numbers and words

    def figures(self) -> Story | None:
        """Return the story where one looks."""
        told = story(self.record, self.selection)
        return replace(told, because=(), forgotten=(), luck=()) if told is not None and self.guessed else told

    def state(self) -> object:
        """Return what the story depends on."""
        return (super().state(), len(self.record.evaluations), self.recorded, self.guessed)

    def sentence(self) -> str:
        """Tell it, with the names of the classes."""
        said = self.shown.words([self._named(task) for task in range(len(self._sizes))])
        return f"A recorded run. {said}" if self.recorded else said

    def tip(self, key: int) -> str:
        """Name the classes of a task; of the badge say what it means."""
        if key < 0:
            return "It was opened, not trained just now: Run (Space) trains it live."
        return f"Task {key + 1}: {self._named(key)}"

    @property
    def _sizes(self) -> tuple[int, ...]:
        """The numbers of classes, task by task."""
        assert self.record.data is not None, "tasks come with the data"
        return self.record.data.scenario.sizes

    def _named(self, task: int) -> str:
        """Return the names of a task's classes."""
        return tasks_shown.name(self.record, task).partition(": ")[2]

    # Its place

    def take_lines(self, lines: int) -> None:
        """Have so many lines from now on; none: it is not seen."""
        if lines and lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()
        self.setVisible(lines > 0)

    def sizeHint(self) -> QSize:
        """Return its lines."""
        return QSize(0, round(self._lines * self._line + 6))

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def set_theme(self, colours: theme.Theme) -> None:
        """Dress it; type may be larger."""
        super().set_theme(colours)
        self.updateGeometry()

    def outdate(self) -> None:
        """Paint all anew."""
        self._first, self._fonts = None, {}

    @property
    def _line(self) -> float:
        return QFontMetricsF(theme.font(TYPE, bold=True)).height() * 1.2

    @property
    def area(self) -> QRectF:
        """All but a small margin: the plot's own is around it."""
        return QRectF(self.rect()).adjusted(10, 4, -8, -2)

    # Painting

    def paint(self, painter: QPainter, figures: Story) -> None:
        """Paint what was learnt on the first line; what was forgotten, and why, flows over the others."""
        area, line = self.area, self._line
        self._paint_first(painter, figures, line)
        self.spots = list(self._first_spots)
        rest = QRectF(area.left(), area.top() + line, area.width(), line)
        for at, x, piece in self._flowing(figures, rest.width()):
            self._paint_piece(painter, rest.translated(0, at * line), rest.left() + x, piece)

    def _paint_first(self, painter: QPainter, figures: Story, line: float) -> None:
        """Paint badge and first sentence, from the picture of them while they stay as they are."""
        at, area = moment(self.record, self.selection.step), self.area
        first = (figures.learnt, self.recorded, None if at is None else at.task, self.width(), self.colours)
        if first != self._first:
            self._first, self.spots = first, []
            self._picture = blank(self, self.width(), area.top() + line + 1)
            with painter_on(self._picture) as inner:
                left = area.left() + (self._paint_badge(inner, area, line) if self.recorded else 0.0)
                room = QRectF(left, area.top(), area.right() - left, line)
                for _, x, piece in self._fitting(figures.learnt, SMALLER, room.width(), 1):
                    self._paint_piece(inner, room, left + x, piece)
            self._first_spots = self.spots
        painter.drawPixmap(0, 0, self._picture)

    def _flowing(self, figures: Story, room: float) -> list[Placed]:
        """Return where what was forgotten, and why, stands; where there is no room for why, the rest alone."""
        luck, why = figures.luck or ((),), figures.because or ((),)
        if not figures.luck and not figures.because:
            return self._fitting(figures.forgotten, SMALLER, room, self._lines - 1)
        numbers = product(range(len(figures.forgotten)), range(len(luck)), range(len(why)))
        last = sorted(numbers, key=lambda way: (bool(way[1]) and not luck[way[1]], sum(way)))  # it goes last of all
        ways = [(*figures.forgotten[i], Piece(" "), *luck[k], *why[j]) for i, k, j in last]
        lines = self._lines - 1
        placed = self._flow(ways, SMALLER[:2], room, lines)
        return placed or self._fitting(figures.forgotten, SMALLER, room, lines)

    def _fitting(self, ways: Sequence[Way], sizes: Sequence[float], room: float, lines: int) -> list[Placed]:
        """Return where the longest wording stands that there is room for; the last may have to lose letters."""
        return self._flow(ways, sizes, room, lines) or flowed(ways[-1] if ways else (), self._width, float("inf"), 1)

    def _flow(self, ways: Sequence[Way], sizes: Sequence[float], room: float, lines: int) -> list[Placed]:
        """Return where the longest wording stands that has room, in smaller type if none has; nothing if none ever."""
        for self._part in sizes:
            for way in ways:
                if sum(map(self._width, way)) <= lines * room and (placed := flowed(way, self._width, room, lines)):
                    return placed
        return []

    def _paint_badge(self, painter: QPainter, area: QRectF, line: float) -> float:
        """Say that the run is a recorded one; return the width that this takes."""
        painter.setFont(theme.font(0.85))
        width = painter.fontMetrics().horizontalAdvance(RECORDED) + 14
        badge = QRectF(area.left(), area.top() + 0.12 * line, width, 0.76 * line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self.colours.muted))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), RECORDED)
        self.spots.append(Spot(badge, -1))
        return float(width + 8)

    def _width(self, piece: Piece) -> float:
        if piece.task >= 0:
            return (self._side + GAP) * min(MOST_PICTURES, self._sizes[piece.task])
        return self._type(piece)[1].horizontalAdvance(piece.text)

    @property
    def _side(self) -> float:
        """Pixels of a picture's side."""
        return self._line * 0.92 * self._part

    def _type(self, piece: Piece) -> tuple[QFont, Metrics]:
        """Return the type of a piece of a sentence, and its metrics."""
        key = (self._part, bool(piece.learner) or piece.strong)
        if key not in self._fonts:
            font = theme.font(TYPE * self._part, bold=key[1])
            self._fonts[key] = font, metrics_of(font)
        return self._fonts[key]

    def _paint_piece(self, painter: QPainter, line: QRectF, x: float, piece: Piece) -> None:
        """Paint a piece on its line from ``x`` on; what has no room loses letters."""
        if piece.task >= 0:
            self._paint_kinds(painter, line, x, piece.task)
            return
        font, metrics = self._type(piece)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.learner(piece.learner) if piece.learner else self.colours.text))
        room, text = line.right() - x, piece.text
        if metrics.horizontalAdvance(text.rstrip()) > room + 1:
            text = shortened(metrics, room, text.rstrip())
        painter.drawText(QRectF(x, line.top(), max(room, 0) + 1, line.height()), int(_TEXT), text)

    def _paint_kinds(self, painter: QPainter, line: QRectF, x: float, task: int) -> None:
        """Paint a picture of each class of a task."""
        data, side, begin = self.record.data, self._side, x
        assert data is not None, "classes come with the data"
        at = moment(self.record, self.selection.step)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if at is None or task <= at.task else 0.45)
        for unit in data.scenario.units(task)[:MOST_PICTURES]:
            if unit in data.probe_labels:
                picture = self._thumbs.picture(data, data.first_image(unit), dark=self.colours.dark)
                rect = QRectF(x, line.center().y() - side / 2, side, side)
                painter.drawPixmap(rect, picture, QRectF(picture.rect()))
            x += side + GAP
        painter.setOpacity(1.0)
        x -= GAP
        self.spots.append(Spot(QRectF(begin, line.top(), x - begin, line.height()), task))


_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
