"""The middle of the window: the plot of accuracies, which may give way to the panels below it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lwf_gui.gui.panels.plot_panels import AccuracyPanel

QWIDGETSIZE_MAX = 16_777_215
"""Qt's own bound of a widget's size, which PySide does not name."""


class Centre(QWidget):
    """The plot, or nothing."""

    def __init__(self, accuracy: AccuracyPanel) -> None:
        super().__init__()
        self._accuracy = accuracy
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(accuracy)

    def give_way(self, away: bool) -> None:
        """Let the plot leave its place to the panels below it, or come back."""
        self._accuracy.setVisible(not away)
        self.setMaximumHeight(0 if away else QWIDGETSIZE_MAX)

    def minimumSizeHint(self) -> QSize:
        """Return what the plot needs."""
        return QSize(0, 0) if self._accuracy.isHidden() else self._accuracy.minimumSizeHint()
