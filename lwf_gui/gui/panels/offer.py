"""A button that is there only while its action can be done, and takes no room that would move what stands around it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QToolButton

from lwf_gui.gui import theme
from lwf_gui.gui.widgets.input_rules import apply_input_rules

LINES = 2
"""Lines of body text beside which it stands: it is no higher."""


class Offer(QToolButton):
    """The button of one action."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setObjectName("segment")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        apply_input_rules(self)
        action.changed.connect(self._follow)
        self._follow()

    def sizeHint(self) -> QSize:
        """Return the size of the text, as high as the lines beside it at most."""
        size = super().sizeHint()
        return QSize(size.width(), min(size.height(), LINES * QFontMetrics(theme.font(1.0)).lineSpacing()))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: it is never cut off."""
        return self.sizeHint()

    def _follow(self) -> None:
        action = self.defaultAction()
        self.setVisible(action.isEnabled())
        self.setAccessibleName(action.text())
