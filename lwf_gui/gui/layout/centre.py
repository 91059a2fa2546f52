"""The middle of the window: the story over the plot of accuracies, as long as the plot has room enough."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.plot_panels import AccuracyPanel
from lwf_gui.gui.panels.story import StoryPanel

LEAST_LINES = 17
"""Lines of body text that both are high together at least: the plot needs the room first."""


QWIDGETSIZE_MAX = 16_777_215
"""Qt's own bound of a widget's size, which PySide does not name."""


class Centre(QWidget):
    """Story and plot, one over the other."""

    def __init__(self, story: StoryPanel, accuracy: AccuracyPanel) -> None:
        super().__init__()
        self._story, self._accuracy = story, accuracy
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(story)
        layout.addWidget(accuracy, 1)

    def give_way(self, away: bool) -> None:
        """Let the plot leave its place to the panels below it, or come back; a story that is seen stays."""
        self._accuracy.setVisible(not away)
        story = 0 if self._story.isHidden() else self._story.sizeHint().height()
        self.setMaximumHeight(story if away else QWIDGETSIZE_MAX)

    def minimumSizeHint(self) -> QSize:
        """Return what the plot needs: the story gives way."""
        return QSize(0, 0) if self._accuracy.isHidden() else self._accuracy.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the story where there is room for it."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show the story or not, by height and type."""
        if self._accuracy.isHidden():
            return
        least = LEAST_LINES * QFontMetrics(theme.font(1.0)).height()
        self._story.setVisible(self.height() >= least)
