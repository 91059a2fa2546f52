"""The caption of a sketch: what is asked for, above the plot, with the two things one can do about it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton

from lwf_gui.gui.widgets.input_rules import apply_input_rules

if TYPE_CHECKING:
    pass


class SketchCaption(QFrame):
    """What is asked for, above the plot, with the two things one can do about it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("live")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.go, self.leave = _button("primary"), _button("segment")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.addWidget(self.text, 1)
        row.addWidget(self.go)
        row.addWidget(self.leave)

    def say(self, headline: str, text: str, go: str, leave: str) -> None:
        """Show a text and name the buttons; without a name ``go`` is not there."""
        self.text.setText(f"<b>{html.escape(headline, quote=False)}</b> {html.escape(text, quote=False)}")
        self.setAccessibleName(f"{headline} {text}")
        for button, name in ((self.go, go), (self.leave, leave)):
            button.setText(name)
            button.setAccessibleName(name)
        self.go.setVisible(bool(go))


def _button(style: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(style)
    apply_input_rules(button)
    return button
