"""Type of a painted panel whose parts share one size, which hangs on the room that there is."""

from __future__ import annotations

from PySide6.QtGui import QFont

from lwf_gui.gui import theme


class Lettered:
    """What has a ``scale``: the size of its type, in body text sizes."""

    __slots__ = ()
    scale: float

    def font(self, points: float = 1.0, *, bold: bool = False, fixed_digits: bool = False) -> QFont:
        """Return the type at a multiple of its size here."""
        return theme.font(points * self.scale, bold=bold, fixed_digits=fixed_digits)
