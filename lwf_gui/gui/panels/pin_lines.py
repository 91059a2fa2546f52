"""How the curves of pinned runs look: another line for each letter, wherever they are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt

STYLES: Mapping[str, Qt.PenStyle] = {
    "A": Qt.PenStyle.DotLine,
    "B": Qt.PenStyle.DashDotLine,
    "C": Qt.PenStyle.DashDotDotLine,
}
"""By letter; the shown run's are solid and dashed, so the first one, which is there most often, has no dash."""

LINES: Mapping[str, str] = {"A": "····", "B": "━·━", "C": "━··"}
"""The same in letters, for places where there are letters alone."""

WIDTH, OPACITY = 1.5, 0.6
"""Pixels of a pinned run's curves, and how much of the paper they cover: the shown run's come first."""
