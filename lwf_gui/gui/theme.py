"""Fonts and icons of the window, and how it is dressed in the colours of ``lwf_gui.palette``. Knows nothing of runs."""

from __future__ import annotations

from copy import copy

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication

from lwf_gui.display import THEMES as THEMES
from lwf_gui.display import ThemeName as ThemeName
from lwf_gui.gui import printing
from lwf_gui.gui.style_sheets import FRAMES, STYLE
from lwf_gui.palette import CONTRAST as CONTRAST
from lwf_gui.palette import DARK as DARK
from lwf_gui.palette import LIGHT as LIGHT
from lwf_gui.palette import Theme as Theme

MOST_FONTS = 500
"""Fonts that are kept: panels choose the size of their type as they have room."""


def resolve(name: ThemeName) -> Theme:
    """Return the theme of that name; "system" follows the desktop."""
    hints = QGuiApplication.styleHints()
    if name == "system":
        accessibility = hints.accessibility()
        if accessibility.contrastPreference() is Qt.ContrastPreference.HighContrast:
            name = "contrast"
        else:
            name = "dark" if hints.colorScheme() is Qt.ColorScheme.Dark else "light"
    return {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}[name]


def palette(theme: Theme) -> QPalette:
    """Return the colours as Qt's own parts take them."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.Base, theme.surface),
        (roles.AlternateBase, theme.raised),
        (roles.Button, theme.raised),
        (roles.WindowText, theme.text),
        (roles.Text, theme.text),
        (roles.ButtonText, theme.text),
        (roles.ToolTipBase, theme.surface),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
        (roles.Mid, theme.line),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette


def style_sheet(theme: Theme) -> str:
    """Return how frames and keys look."""
    sheet = STYLE + FRAMES if theme.border > 1 else STYLE
    # Buttons have one width in all themes: what their frames take, their padding gives.
    paddings = {"beside": 8 - theme.border, "primary": 13 - theme.border}
    return sheet.format(t=theme, focus=theme.border + 1, **paddings)


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    colours = palette(theme)
    app.setPalette(colours)
    if theme.border > 1:  # Fusion's frame is a shade of the window's colour; a sheet's would cost the arrows
        colours.setColor(QPalette.ColorRole.Window, QColor(theme.text))
        app.setPalette(colours, "QAbstractSpinBox")  # type: ignore[arg-type] # it takes no bytes, whatever its stub says
    app.setStyleSheet(style_sheet(theme))


def font(points: float, *, bold: bool = False, fixed_digits: bool = False) -> QFont:
    """Return the font of screen or paper at a multiple of its size: 1 is body text, 4 reads from the back row.

    Those that are asked for again share what Qt found for them; whoever changes one has a copy.
    """
    return copy(_in_use().of(points, bold, fixed_digits))


class _Fonts:
    """The fonts made of one body text so far: Qt looks for a new one's letters again, which takes as long as a word."""

    def __init__(self) -> None:
        self._body: QFont | None = None
        self._made: dict[tuple[float, bool, bool], QFont] = {}
        self.line = 0
        """Pixels of a line of body text."""

    def take(self, body: QFont) -> None:
        """Take another body text."""
        if body != self._body:
            self._body, self._made = QFont(body), {}
            self.line = QFontMetrics(self.of(1.0, False, False)).height()

    def of(self, points: float, bold: bool, fixed_digits: bool) -> QFont:
        """Return the font at a multiple of the size of body text."""
        if len(self._made) >= MOST_FONTS:
            self._made.clear()
        key = (points, bold, fixed_digits)
        if key not in self._made:
            chosen = QFont(self._body or QFont())
            chosen.setPointSizeF(chosen.pointSizeF() * points)
            chosen.setBold(bold)
            if fixed_digits:
                chosen.setFeature(QFont.Tag("tnum"), 1)  # digits of one width do not jump while they change
            self._made[key] = chosen
        return self._made[key]


_fonts = _Fonts()


def _in_use() -> _Fonts:
    """Return the fonts made of the body text of screen or paper."""
    press = printing.press()
    _fonts.take(QApplication.font() if press is None else press.font)
    return _fonts


def line_height() -> int:
    """Return the pixels of a line of body text, in which room is measured."""
    return _in_use().line


def icon(name: str, theme: Theme, *, on_accent: bool = False) -> QIcon:
    """Return a drawn icon: run, pause, step, stop, reset, present, right, up or down."""
    result = QIcon()
    for size in (16, 32):
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(size / 16, size / 16)
            _draw(name, painter, QColor(theme.on_accent if on_accent else theme.text))
        result.addPixmap(pixmap)
    return result


def _draw(name: str, painter: QPainter, colour: QColor) -> None:
    """Draw an icon in a square of 16 units."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if name in ("run", "step"):
        right = 13.5 if name == "run" else 10.5
        painter.drawPolygon(QPolygonF([QPointF(3, 2), QPointF(right, 8), QPointF(3, 14)]))
    if name == "step":
        painter.drawRect(QRectF(11.5, 2, 2.2, 12))
    if name == "pause":
        painter.drawRect(QRectF(3, 2, 3.4, 12))
        painter.drawRect(QRectF(9.6, 2, 3.4, 12))
    if name == "stop":
        painter.drawRect(QRectF(3, 3, 10, 10))
    if name == "reset":
        painter.drawRect(QRectF(2.2, 2, 2.2, 12))
        painter.drawPolygon(QPolygonF([QPointF(14, 2), QPointF(14, 14), QPointF(5, 8)]))
    if name in ("close", "float"):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.6))
    if name == "close":
        painter.drawLine(QPointF(4, 4), QPointF(12, 12))
        painter.drawLine(QPointF(12, 4), QPointF(4, 12))
    if name == "float":
        painter.drawRect(QRectF(6, 3, 7, 7))
        painter.drawPolyline([QPointF(6, 6), QPointF(3, 6), QPointF(3, 13), QPointF(10, 13), QPointF(10, 10)])
    if name == "fork":
        painter.setPen(QPen(colour, 1.8))
        painter.drawPolyline([QPointF(2, 11), QPointF(6, 11), QPointF(13, 4)])
        painter.drawLine(QPointF(6, 11), QPointF(14, 11))
    if name == "lessons":
        painter.drawRect(QRectF(1.5, 3, 5.8, 10))
        painter.drawRect(QRectF(8.7, 3, 5.8, 10))
    if name == "right":
        painter.drawPolygon(QPolygonF([QPointF(5, 3), QPointF(11, 8), QPointF(5, 13)]))
    if name == "up":
        painter.drawPolygon(QPolygonF([QPointF(3, 11), QPointF(13, 11), QPointF(8, 5)]))
    if name == "down":
        painter.drawPolygon(QPolygonF([QPointF(3, 5), QPointF(13, 5), QPointF(8, 11)]))
    if name == "present":
        painter.drawRect(QRectF(1, 2, 14, 9))
        painter.drawRect(QRectF(7, 11, 2, 2))
        painter.drawRect(QRectF(4, 13, 8, 1.5))
