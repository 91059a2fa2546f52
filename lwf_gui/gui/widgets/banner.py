"""The banner over the plot: one sentence the user should know, and what can be done about it.

It lies on top and moves nothing. Every sentence has a cause, and goes when its cause goes. The newest is read at once;
a fault that it would hide is read below it, and others wait until they are asked for. One click, or Esc, closes all.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.input_rules import apply_input_rules

Choice = tuple[str, Callable[[], object]]

LINES_WIDE = 20
"""Width that the sentence keeps beside its buttons, in heights of a line."""

LEAST_WIDTH = 28
"""Width of the banner where the plot is narrower, likewise."""

EDGE = 6
"""Pixels between the banner and the plot's edge."""

MOST = 8
"""Sentences that wait at most: of more, the oldest are let go."""


class Cause(enum.Enum):
    """Why something is said: it is taken away once that is over."""

    ASKED = "what was asked for cannot be done now"
    RUN = "the run that is shown, or the download"
    DATA = "the data set"
    FIELD = "a value that was typed and cannot be used"
    FILE = "a file that could not be read or written"
    LESSON = "lessons that cannot be read"
    START = "how the program ended last time"
    LEFT = "a run that was interrupted"
    ENGINE = "the engine does not start"
    FAULT = "a fault of the program"


ALONE = {Cause.ASKED, Cause.FIELD, Cause.DATA, Cause.FILE, Cause.LEFT}
"""Of these only the newest is said."""


@dataclass(frozen=True, slots=True)
class _Message:
    sentence: str
    choices: tuple[Choice, ...]
    error: bool
    closes: bool
    cause: Cause


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
    """Hidden until there is something to say; lies in ``parent`` over the lower edge of `over`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._place: QWidget | None = None
        self._clear: QWidget | None = None
        self._kept: Callable[[], int] = lambda: 0
        self._waiting: list[_Message] = []
        """What there is to say, in the order in which it is shown."""
        self.setObjectName("banner")
        self.text = _Sentence()
        self.text.setTextFormat(Qt.TextFormat.PlainText)  # it may name files and classes
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.more = QPushButton()
        self.more.setAccessibleName("Show the messages that wait")
        self.more.setToolTip(tooltip("Show the messages that wait, too"))
        self.more.clicked.connect(self._unfold)
        self._unfolded = False
        """Whether all messages are read."""
        self.buttons: list[QPushButton] = []
        close = QToolButton()
        close.setText("✕")
        close.setToolTip(tooltip("Close all messages"))
        close.setAccessibleName("Close all messages")
        close.clicked.connect(self.close_messages)
        for button in (self.more, close):
            apply_input_rules(button)
        self._line, self._below = QHBoxLayout(), QHBoxLayout()
        for widget, stretch in ((self.text, 1), (self.more, 0), (close, 0)):
            self._line.addWidget(widget, stretch)
        self._below.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 5, 6, 5)
        self._layout.addLayout(self._line)
        self._layout.addLayout(self._below)
        self.hide()

    def over(self, place: QWidget, clear: QWidget, kept: Callable[[], int]) -> None:
        """Lie over the lower edge of a part of the window from now on, and below another one where they would meet.

        ``kept`` returns the pixels at that edge that stay in sight where there is the room: an axis.
        """
        self._place, self._clear, self._kept = place, clear, kept
        part: QWidget | None = place
        while part is not None:  # it moves with whatever it stands in
            part.installEventFilter(self)
            part = None if part.isWindow() else part.parentWidget()

    def say(
        self,
        sentence: str,
        choices: Sequence[Choice] = (),
        *,
        error: bool = False,
        closes: bool = True,
        cause: Cause = Cause.ASKED,
    ) -> None:
        """Show a sentence with buttons; a button does its work and, unless ``closes`` is off, closes the message.

        The newest comes first. Of some kinds only one is true at a time: it takes the place of the one before.
        """
        message = _Message(sentence, tuple(choices), error, closes, cause)
        alone = {cause} & ALONE
        self._waiting = [other for other in self._waiting if other.sentence != sentence and other.cause not in alone]
        self._waiting.insert(0, message)
        del self._waiting[MOST:]
        self._show_first()

    def settle(self, *causes: Cause) -> None:
        """Take away what was said because of something that is over."""
        left = [message for message in self._waiting if message.cause not in causes]
        if len(left) < len(self._waiting):
            self._waiting = left
            self._show_first()

    def close_messages(self) -> bool:
        """Take all messages away; return whether there was one."""
        shown = self.isVisible()
        self._waiting.clear()
        self._show_first()
        return shown

    def _unfold(self) -> None:
        self._unfolded = True
        self._show_first()

    def _show_first(self) -> None:
        for button in self.buttons:
            button.hide()
            self._line.removeWidget(button)
            self._below.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        if not self._waiting:
            self._unfolded = False
            self.hide()
            self.text.clear()
            self.setAccessibleName("")
            return
        message, shown = self._waiting[0], self._readable()
        waiting, said = len(self._waiting) - len(shown), "\n".join(one.sentence for one in shown)
        wanted = [(one, *choice) for one in shown[:2] for choice in one.choices]
        self.buttons = [self._button(*each, beside=len(wanted) == 1) for each in wanted]
        self.setProperty("error", any(one.error for one in shown))
        self.style().unpolish(self)
        self.style().polish(self)
        self.text.setText(said)
        self.more.setText(f"{waiting} more" if waiting else "")
        self.more.setVisible(waiting > 0)
        self.setAccessibleName(said)
        self.show()
        self.follow()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message.sentence))

    def _readable(self) -> list[_Message]:
        """Return what is read at once: the newest, and below a mere notice the newest fault; all once asked for."""
        if self._unfolded:
            return self._waiting
        newest, *others = self._waiting
        faults = [] if newest.error else [other for other in others if other.error]
        return [newest, *faults[:1]]

    def _button(self, message: _Message, label: str, work: Callable[[], object], *, beside: bool) -> QPushButton:
        """Return a new button: one alone stands beside the sentence, several below it, which needs its width."""
        button = QPushButton(label)
        apply_input_rules(button)
        if message.closes:
            button.clicked.connect(lambda: self._forget(message))
        button.clicked.connect(lambda: work())
        if beside:
            self._line.insertWidget(self._line.count() - 2, button)
        else:
            self._below.addWidget(button)
        button.show()
        return button

    def _forget(self, message: _Message) -> None:
        self._waiting = [other for other in self._waiting if other is not message]
        self._show_first()

    # Place

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the plot and the window."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest) and self.isVisible():
            self.follow()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the size that other type needs."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self.follow()

    def follow(self) -> None:
        """Lie where it belongs, below whatever covers the whole window."""
        window = self.parentWidget()
        if self._place is None or window is None:
            return
        place = QRect(self._place.mapTo(window, QPoint(0, 0)), self._place.size())
        least = min(LEAST_WIDTH * self.fontMetrics().height(), window.width() - 2 * EDGE)
        for layout in (self._line, self._below, self._layout):
            layout.invalidate()  # one within another would still tell of the text before
        width = max(place.width() - 2 * EDGE, least, self.minimumSizeHint().width())
        height = self._layout.totalHeightForWidth(width)
        left = min(max(EDGE, place.center().x() - width // 2), max(EDGE, window.width() - width - EDGE))
        # The plot's heading and read-out stand above; a message too high for the plot covers what is below it.
        top = place.bottom() + 1 - EDGE - height
        if top - self._kept() > place.center().y():
            top -= self._kept()
        self.setGeometry(left, max(place.top(), top), width, height)
        if self._clear is not None and self._clear.isVisible() and self._clear.window() is window:
            figures = QRect(self._clear.mapTo(window, QPoint(0, 0)), self._clear.size())
            if figures.intersects(self.geometry()) and figures.top() <= place.bottom():
                self.move(left, min(figures.bottom() + EDGE, window.height() - height - EDGE))
        self.raise_()
        for other in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if other is not self and other.isVisible() and other.geometry() == window.rect() and not other.isWindow():
                other.raise_()
