"""A section that is folded away under its title until it is wanted."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """A title that unfolds what belongs to it, and folds it away again; folded at first."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self._icons = (QIcon(), QIcon())
        self.button = QPushButton()
        self.button.setObjectName("fold")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.button)
        layout.addWidget(content)
        self._show(False)

    def set_icons(self, folded: QIcon, unfolded: QIcon) -> None:
        """Take the arrows that stand before the title."""
        self._icons = (folded, unfolded)
        self.button.setIcon(self._icons[self.button.isChecked()])

    def _show(self, unfolded: bool) -> None:
        self.button.setIcon(self._icons[unfolded])
        self.content.setVisible(unfolded)  # folded away, Tab does not go through fields that nobody sees
