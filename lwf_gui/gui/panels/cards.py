"""One card per learner, side by side: the old task's accuracy in digits that read from the back row."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels import cards_many
from lwf_gui.gui.panels.card import LearnerCard
from lwf_gui.gui.panels.card_type import DIGITS, GAP, NAME, ROW_DIGITS, has_room, room_in
from lwf_gui.gui.panels.card_wording import AVERAGES, LINES, OLD_AND_NEW, Form, Wording
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.offer import Offer
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.methods import DEFAULT_LEARNERS
from lwf_gui.runs import average_words, card_words, one_class
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.metrics import PROTOCOL_HELP
from lwf_gui.runs.names import about_learner, learners_of, names_of
from lwf_gui.runs.plain import plain_words
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

EDGE, BETWEEN, ROW_GAP = 6, 4, 2
"""Pixels around the cards, above the caption, and between cards of one line each."""

FEW = 4
"""Cards that take two lines each where one has no room."""


class Cards(QWidget):
    """The cards of all learners, with one line that names protocol and images.

    Parameters
    ----------
    offer : what stands beside that line as a button, while it can be done
    """

    def __init__(self, offer: QAction | None = None) -> None:
        super().__init__()
        self.record = Record()
        self.cards: list[LearnerCard] = []
        self._theme = theme.LIGHT
        self._compact = False
        self._wording: Wording = OLD_AND_NEW
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._longest = ""
        self._grid = QGridLayout()
        self.caption = Line(theme.font(1.0), self._theme.muted, lines=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, 2)
        layout.setSpacing(BETWEEN)
        layout.addLayout(self._grid)
        below = QHBoxLayout()
        below.addWidget(self.caption, 1)
        if offer is not None:
            below.addWidget(Offer(offer))
        layout.addLayout(below)

    def set_theme(self, colours: Theme) -> None:
        """Dress the cards; they are made anew."""
        self._theme = colours
        self.caption.dress(theme.font(1.0), colours.muted)
        self.show_record(self.record)

    def show_record(self, record: Record, expected: tuple[str, ...] = ()) -> None:
        """Show another record's learners, or the expected ones while it has none."""
        self.record = record
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._wording = self._wanted_wording
        names = learners_of(record) or expected or DEFAULT_LEARNERS
        forms = names_of(names)
        self._longest = max(forms[1].values(), key=len)
        self.cards = [
            LearnerCard(
                name, about_learner(record, name), self._theme, tuple(form[name] for form in forms), self._longest
            )
            for name in names
        ]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the biggest type that there is room for."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        form, across = self._arrangement(compact=self._compact)
        for card in self.cards:
            self._grid.removeWidget(card)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(ROW_GAP)
        down = -(-len(self.cards) // across)
        for number, card in enumerate(self.cards):  # all alike, though some may be a pixel wider than others
            card.wording = self._wording
            card.fit(self._width(across), form)
            self._grid.addWidget(card, number % down, number // down)  # a column is read down to its end
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < across))

    @property
    def _wanted_wording(self) -> Wording:
        """The words that the cards' room is kept for: of more than two tasks they tell averages."""
        return AVERAGES if cards_many.are_shown(self.record) else OLD_AND_NEW

    def _width(self, across: int) -> int:
        """Return the pixels of each of so many cards side by side."""
        return (self.width() - 2 * EDGE - (across - 1) * GAP) // across

    def _arrangement(self, *, compact: bool) -> tuple[Form, int]:
        """Return how much the cards say, and how many stand side by side: all, or as many as say whose figures of what.

        Many learners are a table of one line each, in as many columns as there is room for.
        """
        count = max(1, len(self.cards))
        wanted: Form = "compact" if compact else "full"
        if self._has_room(count, wanted):
            return wanted, count
        if compact and self._wording is OLD_AND_NEW and self._has_room(count, "stack"):
            return "stack", count
        for across in range(count // 2, 0, -1):
            if self._has_room(across, "row"):
                return "row" if compact else self._wording.tall, across
        return ("pair" if count <= FEW else "row", 1)

    def _has_room(self, across: int, form: Form) -> bool:
        """Whether so many cards side by side say of what their figures are, with whole names."""
        return has_room(room_in(self._width(across), form, self._theme), self._longest, form, self._wording)

    def set_compact(self, compact: bool) -> None:
        """Say less, where what stands below needs the room; or all."""
        if compact != self._compact:
            self._compact = compact
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return no width: whatever there is, the cards are laid out for it."""
        return QSize(0, super().minimumSizeHint().height())

    def full_height(self) -> int:
        """Return the pixels that the cards take when they say all."""
        body, name, digits, row = (QFontMetrics(theme.font(size)).height() for size in (1.0, NAME, DIGITS, ROW_DIGITS))
        around = 2 * body + 2 * EDGE + 2 * BETWEEN
        form, across = self._arrangement(compact=False)
        if form in LINES:
            second = {"row": 0, "pair": row, "rows": body}[form]
            return -(-len(self.cards) // across) * (row + second + 8 + ROW_GAP) + around
        return name + digits + 5 * body + around + 16

    def refresh(self, selection: Selection) -> None:
        """Show the figures of the step that is looked at."""
        if self._wording is not self._wanted_wording:  # the data came after the record
            self._wording = self._wanted_wording
            self._fit()
        if cards_many.are_shown(self.record):
            captions = cards_many.show(self.record, self.cards, selection)
            nothing = card_of(self.record, self.cards[0].learner, selection)
            self._say(
                captions or card_words.captions(self.record, nothing, selection),
                average_words.explained(selection.protocol),
                selection,
            )
            return
        figures = [card_of(self.record, card.learner, selection) for card in self.cards]
        for card, figure in zip(self.cards, figures, strict=True):
            card.show_card(figure)
            card.plain.set_text(plain_words(self.record, card.learner, selection), "")
        told = next((figure for figure in figures if figure.old is not None), figures[0])
        self._say(card_words.captions(self.record, told, selection), (PROTOCOL_HELP[selection.protocol],), selection)

    def _say(self, captions: tuple[str, ...], helps: tuple[str, ...], selection: Selection) -> None:
        """Say what the figures are, and, where there is nothing to choose among, that they say nothing."""
        self.caption.set_text(*one_class.noted(self.record, selection, captions))
        self.caption.setToolTip(tooltip(*one_class.helped(self.record, selection, helps)))

    def paint_on(self, painter: QPainter) -> None:
        """Paint the cards elsewhere, without the line below them."""
        for card in self.cards:
            painter.save()
            painter.translate(QPointF(card.pos()))
            card.paint_on(painter)
            painter.restore()

    def describe(self) -> None:
        """Tell screen readers the figures."""
        for card in self.cards:
            card.describe()
