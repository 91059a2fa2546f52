"""The panels of a figure, made anew for it: they are never seen, and are dressed in light whatever the window wears."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.panel import MARGIN, Panel
from lwf_gui.gui.panels.plot_panels import AccuracyPanel, PlotPanel
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.gui.panels.story import StoryPanel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

NO_LEARNERS = "No learner has been trained yet."

Shown = Panel | Cards
"""What a part of a figure is made of."""


class Part:
    """A panel for paper, at a place of its figure.

    It is to be used while something is printed.

    Attributes
    ----------
    rect : its place, in units of the layout
    """

    def __init__(self, key: str, record: Record, like: Panel | None = None) -> None:
        self.key, self.rect = key, QRectF()
        self.widget = _made(key)
        self._dress()
        self.widget.show_record(record)
        if like is not None and isinstance(self.widget, Panel):
            self.widget.choose_like(like)

    def _dress(self) -> None:
        """Let the panel wear light and paper's type, whatever the window wears."""
        self.widget.setPalette(theme.palette(theme.LIGHT))
        self.widget.setStyleSheet(theme.style_sheet(theme.LIGHT))
        self.widget.setFont(theme.font(1.0))
        if isinstance(self.widget, PlotPanel):
            self.widget.make()
        self.widget.set_theme(theme.LIGHT)

    def place(self, rect: QRectF) -> None:
        """Stand at a place."""
        self.rect = QRectF(rect)
        self.widget.resize(rect.size().toSize())
        self._settle()

    def look(self, selection: Selection) -> None:
        """Show where one looks."""
        self.widget.refresh(selection)
        if isinstance(self.widget, PlotPanel):
            self._settle()  # names at the curves' ends have the room that they ask for
            self.widget.refresh(selection)

    def _settle(self) -> None:
        """Let Qt tell the panel its size and place what is in it, which it does where something is painted."""
        self.widget.grab(QRect(0, 0, 1, 1))

    @property
    def needed(self) -> float:
        """The units that it takes in height at this width; 0 where it fills any."""
        if isinstance(self.widget, ScrolledPanel) and self.widget.shown is not None:
            return float(self.widget.needed(self.widget.shown)) + 2 * MARGIN + 1
        return float(self.widget.sizeHint().height()) if isinstance(self.widget, Cards | StoryPanel) else 0.0

    @property
    def missing(self) -> str:
        """Why there is nothing to show of the run, in a sentence; empty where there is something."""
        if isinstance(self.widget, Cards):
            return "" if self.widget.record.incremental is not None else NO_LEARNERS
        return self.widget.missing()

    @property
    def said(self) -> str:
        """What it says of its figures."""
        return "" if isinstance(self.widget, Cards) else next(iter(self.widget.headings()), "")

    def paint(self, painter: QPainter) -> None:
        """Paint it at its place."""
        painter.save()
        painter.translate(self.rect.topLeft())
        match self.widget:
            case PlotPanel() if not self.missing:
                _paint_plot(painter, self.widget)
            case _:
                self.widget.paint_on(painter)
        painter.restore()

    def discard(self) -> None:
        """Be gone."""
        self.widget.deleteLater()


def _made(key: str) -> Shown:
    """Return a new panel."""
    match key:
        case "story":
            return StoryPanel()
        case "accuracy":
            return AccuracyPanel()
        case "cards":
            return Cards()
    return next(spec for spec in PANELS if spec.key == key).make()


def _paint_plot(painter: QPainter, panel: PlotPanel) -> None:
    """Paint a plot and the lines of text above it."""
    from lwf_gui.gui.exporting.plot_print import PlotPrint, print_lines  # which imports pyqtgraph

    painter.translate(QPointF(panel.plot.pos()))
    print_lines(painter, panel.plot)
    PlotPrint(painter, panel.plot).paint()
