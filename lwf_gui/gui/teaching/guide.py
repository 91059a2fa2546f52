"""The page for teachers: how lessons run, how to prepare and to change them, and what to say about their limits."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from lwf_gui import paths
from lwf_gui.gui import theme

GUIDE = "lessons/TEACHING.md"
"""The page, among the program's resources."""

SHARE = 0.9
"""Part of the parent window's width and height that the page takes at most."""

WIDE, HIGH = 64, 48
"""Its width and height, in heights of a line: longer lines are hard to read."""


class TeachersGuide(QDialog):
    """The page, scrolled with the keys; Esc closes it. Call `open`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Teaching")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("Teaching with LwF Lab")
        self.text.setMarkdown((paths.resources() / GUIDE).read_text("utf-8"))
        self.text.setAccessibleDescription(self.text.toPlainText())
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        line = theme.line_height()
        self.resize((parent.size() * SHARE).boundedTo(QSize(WIDE * line, HIGH * line)))
        self.text.setFocus()
