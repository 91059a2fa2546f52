"""Paper: how wide a figure is, in which type, and the units of both.

A figure is laid out in units of 1/96 inch, which Qt's painters take for pixels of a screen.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QGuiApplication, QPicture

from lwf_gui.gui.printing import Press

UNITS_PER_INCH = 96.0
MM_PER_INCH = 25.4

WIDTH_MM = 178.0
"""Width of a figure: two columns of a journal, and a page of A4 or Letter with its margins."""

BODY_POINTS = 7.5
"""Body type in points on paper: journals ask for 6 to 9."""

FAMILIES = ("DejaVu Sans", "Verdana")
"""Type families in the order in which they are taken: those that have the marks of learners (▲ ⬟ ★)."""

IMAGE_RATIO = 4.0
"""Pixels of a picture of an image to a unit: 384 per inch."""


def units(mm: float) -> float:
    """Return millimetres in units of the layout."""
    return mm / MM_PER_INCH * UNITS_PER_INCH


def millimetres(length: float) -> float:
    """Return units of the layout in millimetres."""
    return length / UNITS_PER_INCH * MM_PER_INCH


def body_type() -> QFont:
    """Return body type: without hints, which would fit letters to the pixels of a screen."""
    font = QFont(QGuiApplication.font())
    font.setFamilies([*FAMILIES, font.family()])
    # Qt takes points by the screen's resolution, which is not that of the layout everywhere.
    font.setPointSizeF(BODY_POINTS * UNITS_PER_INCH / QPicture().logicalDpiY())
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setWeight(QFont.Weight.Normal)
    font.setItalic(False)
    return font


def new_press() -> Press:
    """Return what a figure is printed with: one for as long as its panels are there, for they keep pictures."""
    return Press(body_type(), IMAGE_RATIO)
