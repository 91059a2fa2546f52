"""The type of a row of tabs: the biggest in which all of them have room, so that no name is cut to its first letter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTabBar, QToolButton

from lwf_gui.gui import theme

ARROWS = {
    Qt.ArrowType.LeftArrow: "\N{BLACK LEFT-POINTING TRIANGLE}",
    Qt.ArrowType.RightArrow: "\N{BLACK RIGHT-POINTING TRIANGLE}",
}
"""What stands on the keys that go to tabs which have no room."""

SMALLEST, STEP = 0.6, 0.05
"""Part of the size of body text that tabs keep at least, and by which they are made smaller at a time."""


def letter(bar: QTabBar, *, large: bool) -> None:
    """Let tabs keep their names, in larger type too; where even the smallest has no room, arrows go to the others."""
    bar.setElideMode(Qt.TextElideMode.ElideNone)  # as wide as their names are: so they are measured
    bar.setUsesScrollButtons(large)
    bar.setFont(QFont())
    bar.setFont(_fitting(bar))
    bar.setElideMode(Qt.TextElideMode.ElideNone if large else Qt.TextElideMode.ElideRight)
    for button in bar.findChildren(QToolButton):
        if button.arrowType() in ARROWS:  # which a style sheet draws as nothing
            button.setText(ARROWS[button.arrowType()])
            button.setArrowType(Qt.ArrowType.NoArrow)
            button.setObjectName("small")


def _fitting(bar: QTabBar) -> QFont:
    """Return the biggest type in which the names of all tabs fit into the row."""
    names = [bar.tabText(index) for index in range(bar.count())]
    around = sum(
        bar.tabRect(index).width() - bar.fontMetrics().horizontalAdvance(name) for index, name in enumerate(names)
    )
    share = 1.0
    while share > SMALLEST and around + _width(names, share) > bar.width():
        share -= STEP
    return theme.font(share)


def _width(names: list[str], share: float) -> int:
    metrics = QFontMetrics(theme.font(share))
    return sum(map(metrics.horizontalAdvance, names))
