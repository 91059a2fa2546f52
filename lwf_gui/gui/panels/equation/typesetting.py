"""Typesetting of the loss: formulas with raised and lowered letters, whose terms are spots."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.equation.terms import ASKED_AS, WITHIN, FormulaPiece
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.theme import Theme


class Typesetter:
    """Sets formulas and finds the spots of their terms, in one picture.

    Attributes
    ----------
    scale : size of the type, in body text sizes
    line : pixels of a line of body text; type is ``scale`` times as large
    spots : of the terms that stand so far
    """

    def __init__(self, painter: QPainter, colours: Theme, pointed: str) -> None:
        self.painter, self.colours, self._pointed = painter, colours, pointed
        self._fonts: dict[tuple[float, bool], QFont] = {}
        self.scale = 1.0
        self.line = QFontMetricsF(self.font(1.0, bold=True)).height()
        self.spots: list[Spot] = []

    def font(self, size: float, *, bold: bool = False) -> QFont:
        """Return a font at a multiple of body text, kept while one picture is painted."""
        key = (size, bold)
        if key not in self._fonts:
            self._fonts[key] = theme.font(size, bold=bold, fixed_digits=True)
        return self._fonts[key]

    def pieces(
        self,
        pieces: tuple[FormulaPiece, ...],
        at: QPointF,
        scale: float,
        height: float,
        *,
        bold: bool = False,
    ) -> None:
        """Typeset pieces one after another, from ``at`` on; those of a definition are spots of their own."""
        x, middle, before = at.x(), at.y() + height / 2, ""
        for piece in pieces:
            font = self.font(scale * (0.68 if piece.level else 1.0), bold=bold)
            metrics = QFontMetricsF(font)
            width, whole = metrics.horizontalAdvance(piece.text), scale * self.line
            if piece.term:
                self.light(QRectF(x, at.y(), width, height), piece.term)
                self.add(QRectF(x, at.y(), width, height), piece.term, "", joined=piece.term == before)
            before = piece.term
            self.painter.setFont(font)
            self.painter.setPen(QColor(self.colours.text if bold or piece.term else self.colours.muted))
            baseline = middle + 0.28 * whole - (0.3 if piece.level > 0 else -0.16 if piece.level else 0) * whole
            self.painter.drawText(QPointF(x, baseline), piece.text)
            x += width

    def add(self, rect: QRectF, term: str, of: str | int, *, joined: bool = False) -> None:
        """Make a spot of a term, of a learner or image; a joined one goes on where the last one ends."""
        if joined:
            rect = rect.united(self.spots.pop().rect)
        self.spots.append(Spot(rect, (term, of, len(self.spots))))  # numbered: a term stands in several places

    def light(self, rect: QRectF, term: str) -> None:
        """Light up the background of the term that is pointed at, here or elsewhere."""
        pointed = ASKED_AS.get(self._pointed, self._pointed)
        if term and pointed in (ASKED_AS.get(term, term), WITHIN.get(term)):
            colour = QColor(self.colours.accent)
            colour.setAlpha(56)
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(colour)
            self.painter.drawRoundedRect(rect, 4, 4)
