"""The dialog of the last runs: each with its curves, drawn small, and its final figures; to open, pin or delete."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from lwf_gui.exports.outline import CURVE, NO_POINT, POINTS, Outline
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.widgets.dialogs import agrees
from lwf_gui.gui.widgets.input_rules import apply_input_rules
from lwf_gui.palette import Theme

SHARE = 0.85
"""Part of the parent window's width and height that the dialog takes."""

PICTURE = QSize(112, 63)
LIST_WIDE = 22
"""Width of the list, in heights of a line."""

ABOUT = "The last {} runs that ended after more than a few steps are kept; the oldest go. Small curves: {}."
NONE = "No run is kept yet. A run is kept when it has finished, or was stopped."
UNKNOWN = "What this run was is not known before it is opened."
PIN_HELP = "Keep this run in the plot and in the panel Compare, beside the run that is shown."
DELETE_HELP = "Remove this run from the history; files that you saved stay."


@dataclass(frozen=True, slots=True)
class Listed:
    """A run of the history; ``outline`` is None where what stands beside its file cannot be read."""

    path: Path
    outline: Outline | None


class Shelf(Protocol):
    """What can be done with the runs that are kept."""

    def listed(self) -> list[Listed]:
        """Return all runs, the newest first."""

    def open(self, path: Path) -> None:
        """Show a run."""

    def pin(self, path: Path) -> str:
        """Pin a run; return what was done, or why not."""

    def delete(self, path: Path) -> str:
        """Remove a run; return what was done, or why not."""


class RunsDialog(QDialog):
    """The runs; Esc closes it. Call `open`; ``most`` are kept."""

    def __init__(self, parent: QWidget, shelf: Shelf, colours: Callable[[], Theme], most: int) -> None:
        super().__init__(parent)
        self._shelf, self._colours = shelf, colours
        self._listed: list[Listed] = []
        self.setWindowTitle("Runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.list, self.text, self.said = QListWidget(), QTextBrowser(), QLabel()
        self.open_button, self.pin_button, self.delete_button = (
            QPushButton(text) for text in ("&Open", "&Pin", "&Delete...")
        )
        self._lay_out(ABOUT.format(most, CURVE))
        self.list.currentRowChanged.connect(lambda _row: self._show())
        self.list.itemActivated.connect(lambda _item: self._open())
        self.open_button.clicked.connect(self._open)
        self.pin_button.clicked.connect(self._pin)
        self.delete_button.clicked.connect(self._delete)
        self._fill(0)
        self.resize(parent.size() * SHARE)
        self.list.setFocus()

    def _lay_out(self, about: str) -> None:
        note = QLabel(about)
        note.setWordWrap(True)
        note.setProperty("muted", True)
        self.list.setIconSize(PICTURE)
        self.list.setWordWrap(True)
        self.list.setAccessibleName("Runs, the newest first")
        self.list.setFixedWidth(LIST_WIDE * self.fontMetrics().height())
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("The run that is chosen")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        helps = ("Show this run; Enter does the same.", PIN_HELP, DELETE_HELP)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button, said in zip((self.open_button, self.pin_button, self.delete_button), helps, strict=True):
            button.setToolTip(tooltip(said))
            button.setAccessibleDescription(said)
            apply_input_rules(button)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self.open_button.setDefault(True)
        buttons.rejected.connect(self.reject)
        middle = QHBoxLayout()
        middle.addWidget(self.list)
        middle.addWidget(self.text, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(note)
        layout.addLayout(middle, 1)
        layout.addWidget(self.said)
        layout.addWidget(buttons)

    def _fill(self, row: int) -> None:
        """List what is kept, and choose one."""
        self.list.clear()
        self._listed = self._shelf.listed()
        for listed in self._listed:
            item = QListWidgetItem(QIcon(picture(listed.outline, self._colours(), self.devicePixelRatioF())), "")
            item.setText("\n".join(lines_of(listed)))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, spoken(listed.outline))
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self._listed) - 1))
        self._show()

    @property
    def _chosen(self) -> Listed | None:
        row = self.list.currentRow()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def _show(self) -> None:
        chosen = self._chosen
        for button in (self.open_button, self.pin_button, self.delete_button):
            button.setEnabled(chosen is not None)
        if chosen is None:
            self.text.setPlainText(NONE)
        else:
            self.text.setHtml(page(chosen))
        self.text.setAccessibleDescription(self.text.toPlainText())

    def _open(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.accept()
            self._shelf.open(chosen.path)

    def _pin(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self.said.setText(self._shelf.pin(chosen.path))

    def _delete(self) -> None:
        chosen, row = self._chosen, self.list.currentRow()
        if chosen is None:
            return
        question = f"Remove the run of {lines_of(chosen)[0]} from the history? It cannot be brought back."
        if agrees(self, "Delete the run?", question):
            self.said.setText(self._shelf.delete(chosen.path))
            self._fill(row)


def lines_of(listed: Listed) -> tuple[str, ...]:
    """Return the lines that stand in the list: when, what and who."""
    outline = listed.outline
    if outline is None:
        return (listed.path.stem, UNKNOWN)
    what = f"{outline.preset} on {outline.dataset}, seed {outline.seed}"
    return (moment_of(outline.began), what, outline.labels, *([] if outline.end == "finished" else [outline.end]))


def moment_of(began: str) -> str:
    """Return when a run began, by the clock of this machine."""
    try:
        return f"{datetime.fromisoformat(began).astimezone():%Y-%m-%d, %H:%M}"
    except (ValueError, OverflowError, OSError):
        return "At an unknown time"


def spoken(outline: Outline | None) -> str:
    """Return the final figures as a sentence."""
    if outline is None or not outline.rows:
        return ""
    rows = (
        f"{row[0]}: {', '.join(f'{title} {cell}' for title, cell in zip(outline.heading[1:], row[1:], strict=True))}"
        for row in outline.rows
    )
    return "; ".join(rows)


def page(listed: Listed) -> str:
    """Return what is said of a run, as HTML; all names are text."""
    outline = listed.outline
    if outline is None:
        return f"<p>{html.escape(UNKNOWN)}</p>"
    first, *rest = (html.escape(line) for line in lines_of(listed))
    told = "".join(f"<p>{line}</p>" for line in rest)
    if not outline.rows:
        return f"<h3>{first}</h3>{told}<p>No later task was counted on the full test sets.</p>"
    head = "".join(f'<th align="left">{html.escape(cell)}</th>' for cell in outline.heading)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in outline.rows)
    counted = f"<p>Counted on {html.escape(outline.tested)}, after the last whole epoch.</p>"
    return f"<h3>{first}</h3>{told}<table cellpadding='3'><tr>{head}</tr>{body}</table>{counted}"


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{html.escape(cell)}</td>" for cell in row)


def picture(outline: Outline | None, colours: Theme, ratio: float) -> QPixmap:
    """Return a run's curves, drawn small, in the colours of its learners."""
    made = QPixmap(PICTURE * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(QColor(colours.surface))
    with QPainter(made) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0.5, 0.5, PICTURE.width() - 1, PICTURE.height() - 1)
        painter.setPen(QColor(colours.line))
        painter.drawRect(frame)
        inside = frame.adjusted(3, 3, -3, -3)
        for learner, points in {} if outline is None else outline.curves.items():
            painter.setPen(QPen(QColor(colours.learner(learner)), 1.5))
            painter.drawPolyline(_line(points, inside))
    return made


def _line(points: Sequence[int], inside: QRectF) -> QPolygonF:
    """Return the line of a curve, from 0 % below to 100 % above."""
    width, height = inside.width() / (POINTS - 1), inside.height() / 100
    known = [(place, value) for place, value in enumerate(points) if value != NO_POINT]
    return QPolygonF(
        [QPointF(inside.left() + place * width, inside.bottom() - value * height) for place, value in known]
    )
