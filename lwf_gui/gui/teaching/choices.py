"""The choices of a question: a button each. Letters name them and press none: each is a key of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QGridLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.teaching.page import LETTERS, Page
from lwf_gui.gui.widgets.input_rules import apply_input_rules


class ChoiceButtons(QWidget):
    """A button for each choice, as many beside one another as there is room for."""

    chosen = Signal(int)
    """The number of the choice that was made."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.buttons: list[QToolButton] = []
        self._texts: tuple[str, ...] = ()
        self._open = False
        self._font = font
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)

    def offer(self, choices: tuple[str, ...], width: int) -> None:
        """Make the buttons of a question's choices, in a strip of that width."""
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons, self._texts = [], choices
        for number, (letter, text) in enumerate(zip(LETTERS, choices, strict=False)):
            button = labelled_button(
                f"{letter}  {text}".replace("&", "&&"), f"Answer {letter}", "click, or Down and Enter"
            )
            button.setAccessibleName(f"Answer {letter}: {text}")
            button.setFont(self._font)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, number=number: self._choose(number))
            self.buttons.append(button)
        self._flow(width)

    def mark(self, page: Page) -> None:
        """Mark which choice is right and which was wrong, once the answer is known."""
        self._open = bool(page.choices) and page.answer is None
        self.setVisible(bool(page.choices))
        for number, (button, text) in enumerate(zip(self.buttons, page.choices, strict=True)):
            right, wrong = number == page.answer, number == page.chosen != page.answer
            mark = "✓ " if right else "✗ " if wrong and page.answer is not None else "● " if wrong else ""
            said = {"✓ ": ", right", "✗ ": ", wrong", "● ": ", chosen"}.get(mark, "")
            button.setText(f"{mark}{LETTERS[number]}  {text}".replace("&", "&&"))
            button.setAccessibleName(f"Answer {LETTERS[number]}: {text}{said}")
            button.setEnabled(page.answer is None)
            button.setObjectName("right" if right else "segment")
            button.style().unpolish(button)
            button.style().polish(button)

    def dress(self, font: QFont, width: int) -> None:
        """Take another font, in a strip of that width."""
        self._font = font
        for button in self.buttons:
            button.setFont(font)
        self._flow(width)
        self._grid.invalidate()

    def _choose(self, number: int) -> None:
        if self._open:
            self.chosen.emit(number)

    def take_focus(self, *, last: bool = False) -> None:
        """Let Enter take the first choice, or the last; Up and Down go on from there, as Qt has it for buttons."""
        if self._open:
            self.buttons[-1 if last else 0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _flow(self, width: int) -> None:
        """Put as many choices beside one another as there is room for, all equally wide."""
        if not self.buttons:
            return
        bold = QFont(self._font)
        bold.setBold(True)
        metrics = QFontMetrics(bold)  # as the right one will be, so that revealing moves nothing
        widest = max(metrics.horizontalAdvance(f"✓ A  {text}") for text in self._texts) + 30
        columns = max(1, min(len(self.buttons), (width - 20) // widest))
        for column in range(len(LETTERS)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for number, button in enumerate(self.buttons):
            self._grid.addWidget(button, number // columns, number % columns)


def labelled_button(text: str, help: str, keys: str) -> QToolButton:
    """Return a button that names its keys under the mouse."""
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tooltip(f"{help} ({keys})"))
    apply_input_rules(button)
    return button
