"""The banner above the plots: one sentence the user should know, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton

from lwf_gui.gui.controls import SpaceGuard

Choice = tuple[str, Callable[[], object]]


LINES_WIDE = 24
"""Width that the sentence keeps beside its buttons, in heights of a line: a window that has a sentence in very short
lines would be too high for a small screen."""


class _Sentence(QLabel):
    """Text that is as high as it must be at its width, and never narrow."""

    def minimumSizeHint(self) -> QSize:
        """Return one line."""
        line = self.fontMetrics().height()
        return QSize(LINES_WIDE * line, line)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height at a width that it may have."""
        return super().heightForWidth(max(width, self.minimumSizeHint().width()))


class Banner(QFrame):
    """Hidden until there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.text = _Sentence()
        self.text.setTextFormat(Qt.TextFormat.PlainText)  # it may name files and classes
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.buttons: list[QPushButton] = []
        close = QToolButton()
        close.setText("✕")
        close.setToolTip("Close this message")
        close.setAccessibleName("Close this message")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.installEventFilter(SpaceGuard(close))
        close.clicked.connect(self.hide)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(10, 5, 6, 5)
        self._layout.addWidget(self.text, 1)
        self._layout.addWidget(close)
        self.hide()

    def say(self, sentence: str, choices: Sequence[Choice] = (), *, error: bool = False, closes: bool = True) -> None:
        """Show a sentence with buttons; a button does its work and, unless ``closes`` is off, closes the banner."""
        for button in self.buttons:
            button.hide()
            self._layout.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        for label, work in choices:
            button = QPushButton(label)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.installEventFilter(SpaceGuard(button))
            if closes:
                button.clicked.connect(self.hide)
            button.clicked.connect(lambda _checked=False, work=work: work())
            self._layout.insertWidget(self._layout.count() - 1, button)
            button.show()
            self.buttons.append(button)
        self.setProperty("error", error)
        self.style().unpolish(self)
        self.style().polish(self)
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
