"""The bubble of the tour: what one stop says, and the buttons to go from stop to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lwf_gui.gui.panels.text import tooltip

if TYPE_CHECKING:
    pass

LINES_WIDE = 24
"""Width of the bubble, in heights of a line of text."""

SHARES = (1.0, 1.5, 2.0, 3.0, 0.8, 0.65, 0.0)
"""Widths of the bubble in parts of that width, in the order in which they are tried, at last as narrow as its
buttons let it be: all of its text fits in each."""


class Bubble(QFrame):
    """What one stop says, and the buttons to go from stop to stop."""

    def __init__(self, tour: QWidget) -> None:
        super().__init__(tour)
        self.setObjectName("bubble")
        self.title, self.text, self.count = QLabel(), QLabel(), QLabel()
        bold = QFont()
        bold.setBold(True)
        self.title.setFont(bold)
        self.count.setProperty("muted", True)
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.skip, self.back, self.next = QPushButton("Skip"), QPushButton("Back"), QPushButton("Next")
        self.buttons = (self.skip, self.back, self.next)
        head, keys = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)  # beside the buttons it would make the bubble wider
        keys.addStretch(1)
        for button, keyed in zip(self.buttons, ("Esc", "Left or PgUp", "Right, PgDown or Enter"), strict=True):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(tooltip(keyed))
            button.setAutoDefault(False)
            button.installEventFilter(self)
            keys.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.text, 1)
        layout.addLayout(keys)
        self.asked = QSize()
        """The size hint that the last place was found with."""

    def say(self, title: str, text: str, number: int, count: int) -> None:
        """Show a stop."""
        self.title.setText(title)
        self.text.setText(text)
        self.count.setText(f"{number} of {count}")
        self.back.setEnabled(number > 1)
        self.skip.setEnabled(number < count)
        self.next.setText("Next" if number < count else "Done")
        for button in self.buttons:
            button.setAccessibleName(button.text())
            button.setAccessibleDescription(f"Tour, {number} of {count}: {title}. {text}")

    def sizes(self, room: QSize) -> list[QSize]:
        """Return sizes that hold the text, within a room: the one that reads best, then lower and narrower ones."""
        self.ensurePolished()
        self.asked = self.sizeHint()
        buttons, wish = self.minimumSizeHint().width(), LINES_WIDE * self.fontMetrics().height()
        widths = [max(round(share * wish), buttons) for share in SHARES]
        return [self._fitting(min(width, room.width()), room.height()) for width in widths]

    def _fitting(self, width: int, most: int) -> QSize:
        """Return the size that the text needs at a width."""
        return QSize(width, min(max(self.heightForWidth(width), self.minimumSizeHint().height()), most))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Let Enter press the button that has the focus, and Space none."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QPushButton):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                return True
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):  # which else go from button to button
                event.ignore()  # so that the tour gets it
                return True
        return False
