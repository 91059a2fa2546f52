"""The caption strip of a lesson: what the lecturer says, a question with its choices, and the way on and back.

It shows a page and says what the user wants; it knows nothing of sessions, lessons or runs.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.teaching.choices import ChoiceButtons, labelled_button
from lwf_gui.gui.teaching.page import Page
from lwf_gui.gui.teaching.page_texts import PageTexts

BUTTON = 1.1
"""Size of the buttons' type, in body text sizes."""

MOST = 0.28
"""Part of the window's height that a page may take; else the caption of an answered question, which has been read,
makes room, and then all type is smaller."""

SIZES = (1.0, 0.87, 0.75, 0.66, 0.55)
"""Parts of their sizes that the strip's fonts are tried at."""


LEAST = 1.0
"""Size of what the class reads, in body text sizes, that the strip keeps while anything else of it can give way."""

SHRUNK = (*((size, LEAST) for size in SIZES), *((size, 0.0) for size in SIZES[SIZES.index(0.75) :]))
"""Parts of their sizes, and the least size of what the class reads, in the order in which they are tried."""


class LessonBar(QFrame):
    """Hidden until a lesson shows a page.

    PgDown goes on and PgUp back, as presenters' clickers do; Enter goes on while the strip has the focus. A choice is
    taken with the mouse, or with Up, Down or Tab, and Enter: where a question opens the strip has the focus, unless
    somebody types. Every letter keeps the meaning that it has elsewhere. Only its own
    button leaves the lesson, no single key: Esc leaves Present mode. A window with actions of its own for PgDown and
    PgUp turns ``page_keys`` off and clicks `next_button` and `back_button`.
    """

    next = Signal()
    back = Signal()
    chosen = Signal(int)
    closed = Signal()

    def __init__(self, *, page_keys: bool = True) -> None:
        super().__init__()
        self.setObjectName("lesson")
        self.setAccessibleName("Lesson")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.page = Page("", 1, 1, "")
        self.texts = PageTexts()
        self.back_button = labelled_button("Back", "Go back a step", "PgUp")
        self.back_button.setObjectName("segment")
        self.next_button = labelled_button("Next", "Go on", "PgDown or Enter")
        self.next_button.setObjectName("primary")
        self.close_button = labelled_button("✕", "Leave the lesson", "")
        self.close_button.setToolTip(tooltip("Leave the lesson; Lessons goes on with it where it was left."))
        self.close_button.setAccessibleName("Leave the lesson")
        self.choices = ChoiceButtons(theme.font(BUTTON))
        self.choices.chosen.connect(self.chosen)
        self._lay_out()
        self._connect(page_keys)
        self.set_theme(theme.LIGHT)
        self.hide()

    @property
    def choice_buttons(self) -> list[QToolButton]:
        """The buttons of the question's choices."""
        return self.choices.buttons

    def leave(self) -> None:
        """Hide, and leave the keys to the window: Qt would give them to whichever button comes next."""
        if self._has_focus():
            self.window().setFocus()
        self.hide()

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _takes_focus_away(self, before: Page) -> bool:
        """Whether the button that has the focus goes, is disabled or was chosen: Enter is to go on then."""
        focused, page = QApplication.focusWidget(), self.page
        if focused in self.choice_buttons:
            taken = (page.answer, page.chosen) != (before.answer, before.chosen)
            return page.choices != before.choices or taken or page.answer is not None
        return focused is self.back_button and page.number == 1

    def _opens_question(self, before: Page) -> bool:
        """Whether a question is asked that was not on the screen yet."""
        page = self.page
        there = (page.number, page.choices) == (before.number, before.choices) and self.isVisible()
        return bool(page.choices) and page.answer is None and not there

    def show_page(self, page: Page) -> None:
        """Show a page."""
        before, self.page = self.page, page
        if self._takes_focus_away(before):
            self.setFocus()
        opens = self._opens_question(before)
        if page.choices != before.choices:
            self.choices.offer(page.choices, self.width())
            for first, then in pairwise((self, *self.choice_buttons, self.back_button)):
                self.setTabOrder(first, then)  # an answer is nearer than the ways on
        self.texts.say(page)
        self.choices.mark(page)
        self._fit()
        self.back_button.setEnabled(page.number > 1)
        self.next_button.setText(page.next_text)
        self.next_button.setAccessibleName(page.next_text)
        self.setAccessibleName(f"Lesson: {page.title}, {page.number} of {page.count}")
        said = (page.caption, page.note, page.prompt, page.verdict, page.status)
        self.setAccessibleDescription(" ".join(filter(None, said)))
        if self.isHidden():
            self.show()
            self.setFocus()
        if opens and not isinstance(QApplication.focusWidget(), QAbstractSpinBox | QLineEdit):
            self.setFocus()

    def set_theme(self, colours: theme.Theme) -> None:
        """Dress the strip; also after the application's type has changed its size."""
        self.setStyleSheet(
            f"QFrame#lesson {{ background: {colours.surface}; border-bottom: 1px solid {colours.line};"
            f" border-left: 5px solid {colours.accent}; }}"
            f"QToolButton:disabled {{ color: {colours.muted}; }}"
            f"QToolButton#right {{ border: 2px solid {colours.accent}; color: {colours.text}; font-weight: bold; }}"
        )
        self.texts.set_theme(colours)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the choices out anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def follow_window(self) -> None:
        """Take the type that leaves the panels room in a window that is higher, or lower, now."""
        if self.isVisible():
            self._fit()

    # Making the strip

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.texts.title)
        top.addWidget(self.texts.place)
        top.addSpacing(12)
        top.addWidget(self.texts.status, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.back_button, self.next_button, self.close_button):
            top.addWidget(button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 5, 8, 8)
        column.setSpacing(6)
        column.addLayout(top)
        for widget in (self.texts.caption, self.texts.note, self.texts.prompt, self.choices, self.texts.verdict):
            column.addWidget(widget)

    def _connect(self, page_keys: bool) -> None:
        self.next_button.clicked.connect(lambda: self.next.emit())
        self.back_button.clicked.connect(lambda: self.back.emit())
        self.close_button.clicked.connect(lambda: self.closed.emit())
        if page_keys:
            QShortcut(QKeySequence("PgDown"), self).activated.connect(self.next_button.click)
            QShortcut(QKeySequence("PgUp"), self).activated.connect(self.back_button.click)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Up and Down go to a choice, and Enter press the button that has the focus, or else go on.

        Elsewhere Enter ends the typing of a number, or chooses a spot of a panel.
        """
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.hasFocus():
            self.choices.take_focus(last=event.key() == Qt.Key.Key_Up)
            return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        (focused if isinstance(focused, QToolButton) and focused.hasFocus() else self.next_button).click()

    def _fit(self) -> None:
        """Take the biggest type in which the page leaves the panels room; first goes an answered question's caption."""
        for size, least in SHRUNK:
            self._dress(size, least)
            self.texts.caption.setVisible(bool(self.page.caption))
            if not self._is_high():
                return
            if self.page.answer is not None:
                self.texts.caption.hide()
                if not self._is_high():
                    return

    def _is_high(self) -> bool:
        window = self.window()
        self.choices.updateGeometry()  # its buttons may have other type
        height = self._column.totalHeightForWidth(self.width())
        return height > MOST * min(window.height(), window.screen().size().height())

    def _dress(self, size: float, least: float) -> None:
        """Take type of a part of its size; what the class reads is no smaller than the least."""
        self.texts.dress(size, least)
        font = theme.font(size * BUTTON)
        for button in (self.back_button, self.next_button, self.close_button):
            button.setFont(font)
        room = self.next_button.fontMetrics().horizontalAdvance("Show answer")
        self.next_button.setMinimumWidth(room + 40)  # its text changes: Back must not jump
        self.choices.dress(font, self.width())
