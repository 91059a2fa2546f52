"""What fits a window of some size: the form of its docks, and the part of the window that each takes at first."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.layout.bars import Bars
from lwf_gui.gui.layout.docks import Docks, Form
from lwf_gui.gui.layout.placing import Placing
from lwf_gui.gui.layout.sides import Sides

FIRST_SHARE = 0.54
"""Part of the width below the plot that the first panel takes where it stands alone."""

WIDE = 60
"""Widths of the area below the plot, in heights of a line of body text, from which panels stand side by side there."""

LOW = 24
"""Heights of the area between the bars, in lines of body text, below which all panels stand beside the plot."""

RECIPE_WIDTH = 250
"""Pixels of the recipe panel at first."""

RIGHT_SHARE, BELOW_SHARE = 0.31, 0.46
"""Parts of the window's width, and of the height between its bars, that the panels take at first."""

LEAST_BELOW = 9
"""Lines of body text that the panels below the plot take at least, with their heading."""

LEAST_PLOT, LOWEST_BELOW = 11, 7
"""Lines that the plot keeps where a lesson's page takes much room, and those to which the panels below it shrink."""


class Areas(NamedTuple):
    """What shares the window.

    Attributes
    ----------
    bars : above and below all others
    docks : of the panels
    sides : recipe, cards and log
    plot : in the middle
    strip : a lesson's page, in the bars above, hidden without a lesson
    story : of the run, there, too
    """

    bars: Bars
    docks: Docks
    sides: Sides
    plot: QWidget
    strip: QWidget
    story: QWidget


class Shares:
    """Which form the docks of a window fit in, and how large they are in it."""

    def __init__(self, window: QMainWindow, areas: Areas, placing: Placing) -> None:
        self._window, self._areas, self._placing = window, areas, placing

    def fitting_form(self) -> Form:
        """Return the form that the window's size, without what is beyond its screen, has room for."""
        line, strip = theme.line_height(), self._areas.strip
        made = sum(0 if part.isHidden() else part.height() for part in (strip, self._areas.story))  # for itself
        if self._areas.bars.height_between() + made - self._placing.excess() < LOW * line:
            return "low"
        beside = 0 if self._areas.sides.recipe.isHidden() else RECIPE_WIDTH
        return "wide" if (1 - RIGHT_SHARE) * self._window.width() - beside >= WIDE * line else "narrow"

    def give(self, form: Form) -> None:
        """Give the docks their first share of the window, in a form."""
        window, docks, across = self._window, self._areas.docks.by_key, Qt.Orientation.Horizontal
        right = docks["classes"]
        below, beside = (docks[key] for key in self._areas.docks.of("below")[:2])
        widths = [RECIPE_WIDTH, round(RIGHT_SHARE * window.width())]
        window.resizeDocks([self._areas.sides.recipe, right], widths, across)
        if form != "low":
            window.resizeDocks([below], [self._height_below()], Qt.Orientation.Vertical)
        if form == "wide":
            width = self._areas.plot.width()
            shares = [round(FIRST_SHARE * width), round((1 - FIRST_SHARE) * width)]
            window.resizeDocks([below, beside], shares, across)

    def _height_below(self) -> int:
        """Return the pixels that the panels below the plot take."""
        line, between = theme.line_height(), self._areas.bars.height_between()
        height = max(round(BELOW_SHARE * between), LEAST_BELOW * line)
        if self._areas.strip.isHidden():
            return height
        return min(height, max(between - LEAST_PLOT * line, LOWEST_BELOW * line))
