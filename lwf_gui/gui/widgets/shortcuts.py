"""The sheet of all keys, in columns by menu: it comes from the table of actions, and fits a small window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from lwf_gui.gui.actions import ACTIONS, Action, Menu
from lwf_gui.gui.panels.text import tooltip

MOST_COLUMNS = 3

SHARE = 0.96
"""Part of the parent window's width and height that the sheet may take."""

NOTE = "At a lesson's question all keys keep these meanings: an answer is chosen with the mouse, or with Tab and Enter."

Group = tuple[str, tuple[Action, ...]]


class ShortcutSheet(QDialog):
    """All keys; Esc, ? or F1 closes it, and what runs goes on. Call `open`."""

    def __init__(self, parent: QWidget, actions: Sequence[Action] = ACTIONS) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for keys in ("?", "F1"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.close)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName("Keyboard shortcuts")
        spoken = (_spoken(action) for action in actions if action.shortcuts)
        self._scroll.setAccessibleDescription("; ".join((*spoken, NOTE)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._scroll)
        room = parent.size() * SHARE
        groups = tuple((menu, tuple(a for a in actions if a.menu == menu and a.shortcuts)) for menu in get_args(Menu))
        self._fill(tuple(group for group in groups if group[1]), room)
        self._scroll.setFocus()

    def _fill(self, groups: tuple[Group, ...], room: QSize) -> None:
        """Set the groups in as many columns as there is room for, and take no more room than they need."""
        for count in range(MOST_COLUMNS, 0, -1):
            sheet = _sheet(_columns(groups, count))
            self._scroll.setWidget(sheet)
            sheet.ensurePolished()
            needed = sheet.sizeHint() + QSize(8, 8)
            bar = self._scroll.verticalScrollBar().sizeHint().width() if needed.height() > room.height() else 0
            if needed.width() + bar <= room.width():
                break
        self.resize(min(needed.width() + bar, room.width()), min(needed.height(), room.height()))


def _columns(groups: tuple[Group, ...], count: int) -> list[list[Group]]:
    """Return the groups in their order in so many columns, the highest of which is as low as can be."""
    heights = [len(actions) + 2 for _, actions in groups]
    for limit in range(max(heights), sum(heights) + 1):
        columns: list[list[Group]] = [[]]
        high = 0
        for group, height in zip(groups, heights, strict=True):
            if high + height > limit:
                columns.append([])
                high = 0
            columns[-1].append(group)
            high += height
        if len(columns) <= count:
            break
    return columns


def _sheet(columns: list[list[Group]]) -> QWidget:
    """Return the columns side by side, above what no key can say."""
    sheet, row, note = QWidget(), QHBoxLayout(), QLabel(NOTE)
    note.setWordWrap(True)
    note.setProperty("muted", True)
    whole = QVBoxLayout(sheet)
    whole.setContentsMargins(12, 8, 12, 8)
    whole.addLayout(row)
    whole.addWidget(note)
    row.setSpacing(28)
    for column in columns:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for menu, actions in column:
            _add_group(grid, menu, actions)
        grid.setRowStretch(grid.rowCount(), 1)
        row.addLayout(grid)
    return sheet


def _add_group(grid: QGridLayout, menu: str, actions: tuple[Action, ...]) -> None:
    bold = QFont()
    bold.setBold(True)
    title = QLabel(menu)
    title.setFont(bold)
    if grid.count():
        grid.setRowMinimumHeight(grid.rowCount(), 8)
    grid.addWidget(title, grid.rowCount(), 0, 1, 2)
    for action in actions:
        row = grid.rowCount()
        text = QLabel(action.text)
        text.setToolTip(tooltip(action.help))
        text.setAccessibleName(_spoken(action))
        grid.addWidget(_keys(action.shortcuts), row, 0)
        grid.addWidget(text, row, 1)


def _keys(shortcuts: tuple[str, ...]) -> QWidget:
    """Return keys as caps side by side."""
    caps = QWidget()
    row = QHBoxLayout(caps)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for keys in shortcuts:
        cap = QLabel(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
        cap.setTextFormat(Qt.TextFormat.PlainText)
        cap.setObjectName("key")
        row.addWidget(cap)
    row.addStretch(1)
    return caps


def _spoken(action: Action) -> str:
    return f"{' or '.join(action.shortcuts)}: {action.text}. {action.help}"
