"""Widths of texts, each measured once: most words of a picture come again in the next one.

Knows nothing of runs.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF

from lwf_gui.gui import printing

MOST_FONTS, MOST_WIDTHS = 500, 4000
"""Fonts, and widths of texts in each, that are kept: figures change from step to step."""


class Metrics(QFontMetricsF):
    """The metrics of one font, which remember how wide texts are."""

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self._widths: dict[str, float] = {}

    def horizontalAdvance(self, text: str) -> float:  # type: ignore[override] # noqa: N802 - Qt's name
        """Return the pixels that a text takes in a line."""
        if (width := self._widths.get(text)) is None:
            if len(self._widths) >= MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[text] = super().horizontalAdvance(text)
        return width


def metrics_of(font: QFont) -> Metrics:
    """Return the metrics of a font, those of the last time where it is an equal one.

    On paper type is measured anew: there a point has another number of pixels.
    """
    if printing.press() is not None:
        return Metrics(font)
    if (known := _known.get(font)) is None:
        if len(_known) >= MOST_FONTS:
            _known.clear()
        known = _known[QFont(font)] = Metrics(font)
    return known


_known: dict[QFont, Metrics] = {}
