"""How the window looks: its theme and the size of its type, remembered from one start to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.preferences import LEAST_SCALE, MOST_SCALE, Preferences

PRESENT_SCALE = 1.35
"""How much bigger type is in Present mode."""

PRESENT_LINES = 34
"""Lines of body text that the screen must hold, else Present mode makes type less big: a plot needs room, too."""

LEAST_SHRUNK = 0.6
"""The smallest scale that a screen makes type take: one that is too small has a scale factor of its own."""

STEP = 1.1
"""By how much type grows, or shrinks, at a time."""


class Themed(Protocol):
    """A part that can be dressed in other colours."""

    def set_theme(self, colours: theme.Theme) -> None:
        """Take these colours."""


class Appearance(QObject):
    """Theme and type of one window.

    Attributes
    ----------
    theme_name : the theme that was chosen
    scale : of all type, 1 for the desktop's size; Present mode makes it bigger still
    """

    dressed = Signal(object)
    """All parts wear these colours now: a `lwf_gui.gui.theme.Theme`."""
    scaled = Signal()
    """All type has another size."""

    def __init__(self, window: QWidget, preferences: Preferences, parts: Sequence[Themed]) -> None:
        super().__init__(window)
        self._window, self._preferences, self._parts = window, preferences, parts
        self._points = desktop_points()
        self._presenting = False
        self.theme_name, self.scale = preferences.theme, preferences.scale
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_desktop)

    @property
    def colours(self) -> theme.Theme:
        """The colours of the theme."""
        return theme.resolve(self.theme_name)

    def apply(self) -> None:
        """Dress everything in the colours of the theme."""
        colours, app = self.colours, QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, colours)
        for part in self._parts:
            part.set_theme(colours)
        self.dressed.emit(colours)

    def show_theme(self, name: theme.ThemeName) -> None:
        """Take a theme for this once."""
        self.theme_name = name
        self.apply()

    def set_theme(self, name: theme.ThemeName) -> None:
        """Take a theme and remember it."""
        self._preferences.theme = name
        self.show_theme(name)

    def next_theme(self) -> None:
        """Go to the next theme that looks otherwise: what the desktop's is now comes under one of its two names."""
        names, at = theme.THEMES, theme.THEMES.index(self.theme_name)
        following = (*names[at + 1 :], *names[:at])
        self.set_theme(next(name for name in following if theme.resolve(name) != self.colours))

    def bigger(self) -> None:
        """Make all type bigger."""
        self._scale_by(STEP)

    def smaller(self) -> None:
        """Make all type smaller."""
        self._scale_by(1 / STEP)

    def shrink(self, share: float) -> bool:
        """Make type smaller for this once, to a share of its size; return whether it is: a chosen size stays."""
        scale = max(LEAST_SHRUNK, self.scale * share)
        if self._preferences.scale != 1.0 or scale >= self.scale:
            return False
        self.scale = scale
        self._take_scale()
        return True

    def present(self, presenting: bool) -> None:
        """Take the type of Present mode, or that of the window again."""
        self._presenting = presenting
        self._set_type_size()
        self.apply()

    def restore(self) -> None:
        """Take theme and type as they are remembered."""
        self.scale, self.theme_name = self._preferences.scale, self._preferences.theme
        self._set_type_size()
        self.apply()

    def _scale_by(self, factor: float) -> None:
        self.scale = self._preferences.scale = min(MOST_SCALE, max(LEAST_SCALE, self.scale * factor))
        self._take_scale()

    def _take_scale(self) -> None:
        self._set_type_size()
        self.apply()
        self.scaled.emit()

    def _set_type_size(self) -> None:
        scale, font = self.scale, QApplication.font()
        if self._presenting:
            font.setPointSizeF(self._points)
            most = self._window.screen().size().height() / (PRESENT_LINES * QFontMetrics(font).height())
            scale = max(scale, min(PRESENT_SCALE * scale, most))
        _take_points(self._points * scale)

    def _follow_desktop(self) -> None:
        if self.theme_name == "system":
            self.apply()


def take_first_type(preferences: Preferences) -> None:
    """Take the remembered size of type before there is a widget: those that there are do not all follow."""
    _take_points(desktop_points() * preferences.scale)


def desktop_points() -> float:
    """Return the size of type that the desktop gives, in points, however large the last window had it."""
    app = QApplication.instance()
    assert app is not None, "there is an application before there are windows"
    if app.property("points") is None:
        app.setProperty("points", QApplication.font().pointSizeF())
    return float(app.property("points"))


def _take_points(points: float) -> None:
    font = QApplication.font()
    font.setPointSizeF(points)
    QApplication.setFont(font)
