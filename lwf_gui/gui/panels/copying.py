"""The line below a table that offers to copy it for other programs."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.exports.tables import FORMS
from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import CENTRE, LEFT, fitted, write
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme


def paint_forms(painter: QPainter, rect: QRectF, copied: str, colours: Theme) -> dict[str, QRectF]:
    """Paint the forms in which a table can be copied, and the one in which it was; return their places, by form.

    On paper there are none.
    """
    if not has_keys():
        return {}
    painter.setFont(fitted(theme.font(0.9), 0.8 * rect.height()))
    metrics = QFontMetricsF(painter.font())
    said = "Copy as:"
    painter.setPen(QColor(colours.muted))
    write(painter, rect, [said, ""], LEFT)
    left, boxes = rect.left() + metrics.horizontalAdvance(said) + 8, dict[str, QRectF]()
    for form in FORMS:
        box = QRectF(left, rect.top(), metrics.horizontalAdvance(form) + 16, rect.height())
        painter.setPen(QColor(colours.accent))
        write(painter, box, [form], CENTRE)
        boxes[form] = box
        left = box.right() + 4
    if copied:  # behind the forms, which stay where they are
        painter.setPen(QColor(colours.muted))
        write(painter, rect.adjusted(left - rect.left() + 8, 0, 0, 0), [f"Copied as {copied}.", "Copied.", ""])
    return boxes
