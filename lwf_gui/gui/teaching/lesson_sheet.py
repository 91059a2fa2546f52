"""The sheet of lessons: a list, the chosen one beside it, and buttons to begin it, to go on with it or to leave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from lwf_gui.gui import theme
from lwf_gui.gui.teaching.lesson_page import LessonPage, Standing
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.lessons import Lesson

SHARE = 0.9
"""Part of the parent window's width and height that the sheet takes at most."""

WIDE, HIGH, LIST_WIDE = 56, 30, 16
"""Its width and height, and the width of the list, in heights of a line."""

HINT = "Enter begins. In a lesson PgDown goes on, PgUp goes back, and F11 presents."


class Doing(NamedTuple):
    """What the sheet lets happen, once it is closed."""

    teach: Callable[[Lesson], object]
    go_on: Callable[[], object]
    leave: Callable[[], object]
    open_file: Callable[[], object]


class LessonSheet(QDialog):
    """The lessons; Enter begins the chosen one, Esc closes. Call `open`.

    Parameters
    ----------
    lessons : those to choose from, in teaching order
    standing : how far the lesson has come that is on or was left last; None for none
    faults : sentences on files that cannot be used
    """

    def __init__(
        self,
        parent: QWidget,
        lessons: Sequence[Lesson],
        standing: Standing | None,
        doing: Doing,
        faults: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._doing, self._standing = doing, standing
        self.setWindowTitle("Lessons")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.pages = _pages(lessons, standing)
        self.list, self.text, self.hint = QListWidget(), QTextBrowser(), QLabel(" ".join(faults) or HINT)
        self.start, self.go_on = QPushButton("&Start"), QPushButton()
        self.leave, self.open_file = QPushButton("&Leave the lesson"), QPushButton("&Open a lesson file...")
        self._dress()
        self._lay_out()
        self._connect()
        self.list.addItems([page.row for page in self.pages])
        self.list.setCurrentRow(_first(self.pages))
        self.list.setFocus()
        line = theme.line_height()
        self.resize((parent.size() * SHARE).boundedTo(QSize(WIDE * line, HIGH * line)))

    @property
    def page(self) -> LessonPage:
        """The lesson that is chosen."""
        return self.pages[self.list.currentRow()]

    def _dress(self) -> None:
        self.list.setFixedWidth(LIST_WIDE * theme.line_height())
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Lessons")
        self.text.setAccessibleName("The lesson")
        self.text.setOpenLinks(False)
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setProperty("muted", True)
        self.leave.setVisible(self._standing is not None and self._standing.on)
        for button in (self.open_file, self.leave, self.start, self.go_on):
            apply_input_rules(button)

    def _lay_out(self) -> None:
        halves, below, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        halves.addWidget(self.list)
        halves.addWidget(self.text, 1)
        for button in (self.open_file, self.leave):
            below.addWidget(button)
        below.addStretch(1)
        for button in (self.start, self.go_on):
            below.addWidget(button)
        layout.addLayout(halves, 1)
        layout.addWidget(self.hint)
        layout.addLayout(below)

    def _connect(self) -> None:
        doing = self._doing
        self.list.currentRowChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(lambda _item: self._main.click())
        self.start.clicked.connect(lambda: self._do(lambda: doing.teach(self.page.lesson)))
        self.go_on.clicked.connect(lambda: self._do(lambda: None if self._is_on else doing.go_on()))
        self.leave.clicked.connect(lambda: self._do(doing.leave))
        self.open_file.clicked.connect(lambda: self._do(doing.open_file))

    @property
    def _is_on(self) -> bool:
        standing = self.page.standing
        return standing is not None and standing.on

    @property
    def _main(self) -> QPushButton:
        """What Enter and a double click press."""
        standing = self.page.standing
        return self.start if standing is None or standing.finished else self.go_on

    def _show(self) -> None:
        """Show the chosen lesson, and what can be done with it."""
        page = self.page
        self.text.setHtml(page.html)
        self.text.setAccessibleDescription(page.spoken)
        self.start.setText("&Start" if page.standing is None else "&Start anew")
        self.go_on.setVisible(page.standing is not None)
        self.go_on.setText("" if page.standing is None else f"&{page.standing.offer}")
        for button in (self.start, self.go_on):
            button.setDefault(button is self._main)

    def _do(self, what: Callable[[], object]) -> None:
        """Close first: what is done may ask something itself."""
        self.close()
        what()


def _pages(lessons: Sequence[Lesson], standing: Standing | None) -> list[LessonPage]:
    """Return the lessons, with how far one of them has come; one that is none of these, from a file, stands first."""
    pages = [LessonPage(each, standing if standing and standing.lesson == each else None) for each in lessons]
    if standing is not None and standing.lesson not in lessons:
        pages.insert(0, LessonPage(standing.lesson, standing))
    return pages


def _first(pages: Sequence[LessonPage]) -> int:
    """Return which lesson is chosen at first: the one that is on or was left; after one that has ended, the next."""
    row, standing = next(((row, page.standing) for row, page in enumerate(pages) if page.standing), (0, None))
    return min(row + 1, len(pages) - 1) if standing is not None and standing.finished else row
