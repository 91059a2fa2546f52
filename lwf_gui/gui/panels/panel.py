"""What all panels are: a painted view of a record at a selection, with spots for mouse, keyboard and screen reader.

A panel only paints: its figures come from a pure function of ``lwf_gui.runs``, and are taken anew only where the record
or the selection changed, and only while the panel can be seen.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.explaining import text_of
from lwf_gui.gui.panels.drawing import blank
from lwf_gui.gui.panels.spots import Spotted
from lwf_gui.gui.panels.written import Written, written_by
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

MARGIN = 8
"""Pixels between a panel's edge and what it paints."""


class Panel(Spotted):
    """The base of all panels.

    A subclass gives `figures`, `paint` and `sentence`, and where it has spots `tip` and `choose`. Whatever it raises is
    shown in its own place, until it is told to try again or to show another record.
    """

    asked = Signal(dict)
    """The user wants to look elsewhere: fields of `Selection` with their new values."""

    wanted = Signal(str)
    """The user wants to see another panel: its key."""

    acted = Signal(str)
    """The user wants something done: the id of its action."""

    resized = Signal()
    """It has another size, and what its heading tells may hang on that: how many images there are, say."""

    EMPTY = "This appears here once the learners train."
    """What is said while there are no figures."""
    guessed = False
    """Whether a curve is being guessed: then what became of the old answers is not told."""
    taught = False
    """Whether a lesson is shown: where it speaks of one view of a panel, that is seen first."""
    LEAST = (240, 80)
    """Pixels that it is wide and high at least: little, for a lesson beside it must still fit on a projector."""
    CHOSEN: tuple[str, ...] = ()
    """The attributes that hold what the user chose in it: view, learner, what is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.record = Record()
        self.selection = Selection()
        self.colours: Theme = theme.LIGHT
        self.shown: Any = None
        """The figures on the screen, or None."""
        self._state: object = None

    # What a panel is made of

    def figures(self) -> Any:
        """Return what is painted, from record and look; None while there is nothing."""
        raise NotImplementedError

    def state(self) -> object:
        """Return all that the figures depend on, to be compared: by default the probe that is looked at."""
        at = moment(self.record, self.selection.step)
        where = None if at is None else (at.track.started, at.index)
        return (self.selection, where, len(self.record.marks))

    def paint(self, painter: QPainter, figures: Any) -> None:
        """Paint the figures within `area`, and set `spots` to the places in it."""
        raise NotImplementedError

    def caption(self) -> str:
        """Say what the figures are: protocol, images, step."""
        return next(iter(self.captions()), "")

    def captions(self) -> tuple[str, ...]:
        """Return the caption, then shorter ones that are true too."""
        return ()

    def sentence(self) -> str:
        """Say in words what is painted, for people who hear it."""
        return ""

    def outdate(self) -> None:
        """Keep nothing of what was painted before: colours, record, size or type are others now.

        It may be called before the panel is made: Qt tells changes from its constructor on.
        """

    # What the window calls

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self.outdate()
        self.colours = colours
        self.update()

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self.recover()
        self.outdate()
        self.record = record
        self.shown, self._state, self.spots, self.at = None, None, [], None
        self.update()

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew if what they depend on changed."""
        self.selection = selection
        state = self.state()
        if state != self._state:
            self._state = state
            self.shown = self.figures()
            if self.shown is None:
                self.spots, self.at = [], None
            self.update()

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        self.setAccessibleDescription(self.sentence() if self.shown is not None else self.EMPTY)

    def headings(self) -> tuple[str, ...]:
        """Return `captions` for the dock's heading; none where there are no figures."""
        if self.shown is None or self.failure is not None:
            return ()
        try:
            return self.captions()
        except Exception as error:  # noqa: BLE001 - whatever went wrong is shown and logged
            self.fail(error)
            return ()

    def fail(self, error: Exception) -> None:
        """Show that the figures cannot be shown."""
        self.spots, self.at = [], None
        super().fail(error)

    def retry(self) -> None:
        """Show all from the beginning."""
        (selection,) = self.missed.pop("refresh", (self.selection,))
        self.set_theme(self.colours)
        self.show_record(self.record)
        self.refresh(selection)
        self.describe()

    # On paper

    def choose_like(self, other: Panel) -> None:
        """Show what another panel of its kind shows: the same view, learner and image, where one looks there."""
        for name in ("guessed", "taught", *self.CHOSEN):
            setattr(self, name, copy(getattr(other, name)))
        self.selection = other.selection
        self._state = None

    def missing(self) -> str:
        """Return in a sentence why there is nothing to show of the run; empty where there is something."""
        return self.EMPTY if self.shown is None else getattr(self.shown, "reason", "")

    def paint_on(self, painter: QPainter) -> None:
        """Paint all of it elsewhere, as large as it is.

        Raises
        ------
        Exception
            Whatever goes wrong: on paper there is no place for a card that says so.
        """
        if self.failure is not None:
            raise self.failure
        self._paint_all_of_it(painter)

    # What it writes

    def written(self) -> list[Written]:
        """Return every text that it paints, with its place: in a painting that nobody sees, for who asks."""
        if self.failure is not None:
            return []
        self.outdate()  # its pictures do not know their texts
        return written_by(self._paint_all_of_it, blank(self, self.width(), self.height()))

    def all_said(self) -> str:
        """Return all that stands in it, what is said of the spot that was reached by key first."""
        spot = self.tip(self.at.key) if self.at is not None else ""
        parts = (part for part in self.findChildren(QWidget) if part.isVisible())
        return "\n".join((spot, *self.headings()[:1], *(each.text for each in self.written()), *map(text_of, parts)))

    def text_at(self, place: QPointF) -> str:
        """Return what is painted at a place."""
        return "\n".join(each.text for each in self.written() if each.rect.contains(place))

    # Painting

    @property
    def area(self) -> QRectF:
        """Where to paint: all but a margin and the child widgets at the bottom."""
        inner = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        below = [c for c in self.children() if isinstance(c, QWidget) and c.isVisibleTo(self) and not c.isWindow()]
        if below:
            inner.setBottom(min(child.geometry().top() for child in below) - MARGIN / 2)
        return inner

    def minimumSizeHint(self) -> QSize:
        """Return the least that it needs."""
        return QSize(*self.LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it, and lay everything out anew."""
        super().resizeEvent(event)
        self.outdate()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Lay everything out anew in another font."""
        super().changeEvent(event)
        self.outdate()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the figures, or why there are none."""
        super().paintEvent(event)
        if self.failure is not None:
            return
        with QPainter(self) as painter:  # which must end, whatever is raised: else Qt paints into what is gone
            self._paint_all_of_it(painter)
            if self.shown is not None:
                self.frame_spot(painter, QColor(self.colours.accent))

    def _paint_all_of_it(self, painter: QPainter) -> None:
        """Paint the figures, or that there are none yet."""
        painter.setPen(QColor(self.colours.text))
        painter.setFont(theme.font(1.0))
        if self.shown is not None:
            self.paint(painter, self.shown)
            return
        self.write_instead(painter, self.EMPTY)

    def write_instead(self, painter: QPainter, sentence: str) -> None:
        """Write in the middle why there are no figures."""
        painter.setPen(QColor(self.colours.muted))
        painter.drawText(self.area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), sentence)
