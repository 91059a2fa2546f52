"""The texts of a lesson's page in the caption strip: what the lecturer says, a question, and how it was answered."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from lwf_gui.gui import theme
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.teaching.page import Page

CAPTION, PROMPT = 1.35, 1.2
"""Sizes of type, in body text sizes: they are read from the back row."""


class PageTexts:
    """The labels of a page; the strip lays them out."""

    def __init__(self) -> None:
        self.title, self.place = QLabel(), QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self._muted = theme.LIGHT.muted
        self.status = Line(theme.font(1.0), self._muted)
        self.caption, self.note, self.prompt, self.verdict = (_paragraph() for _ in range(4))
        self.caption.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for label in (self.place, self.note):
            label.setProperty("muted", True)

    def say(self, page: Page) -> None:
        """Show the texts of a page; those that it has not are hidden."""
        self.title.setText(page.title)
        self.place.setText(f"{page.number} of {page.count}")
        self.status.set_text(page.status, *page.shorter)
        for label, text in (
            (self.caption, page.caption),
            (self.note, page.note),
            (self.prompt, page.prompt),
            (self.verdict, page.verdict),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    def set_theme(self, colours: theme.Theme) -> None:
        """Take the colours of a theme, in which the texts are dressed next."""
        self._muted = colours.muted

    def dress(self, size: float, least: float) -> None:
        """Take type of a part of its size; what the class reads is no smaller than the least."""
        for label, points, bold in (
            (self.caption, CAPTION, False),
            (self.prompt, PROMPT, True),
            (self.verdict, PROMPT, False),
        ):
            label.setFont(theme.font(max(least, size * points), bold=bold))
        self.title.setFont(theme.font(size, bold=True))
        for label in (self.place, self.note):
            label.setFont(theme.font(size))
        self.status.dress(theme.font(size), self._muted)
        self._keep_height()

    def _keep_height(self) -> None:
        """Give all pages without a question the same height, so that the plots below stay where they are."""
        lines = 0 if self.prompt.text() else 2
        self.caption.setMinimumHeight(lines * self.caption.fontMetrics().lineSpacing())


def _paragraph() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
