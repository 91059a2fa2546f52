"""The card of one learner: the old task's accuracy in large digits, or, of many learners, one line of a table."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout

from lwf_gui.gui import theme
from lwf_gui.gui.panels.card_type import DIGITS, GAP, LEFT, NAME, RIGHT, ROW_LEFT, CardType, fitting_type, room_in
from lwf_gui.gui.panels.card_wording import LINES, OLD_AND_NEW, WIDEST, Form, Wording
from lwf_gui.gui.panels.drawing import mark
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.methods import method_of
from lwf_gui.runs import card_words, seed_words
from lwf_gui.runs.cards import Card
from lwf_gui.runs.names import label_of


class LearnerCard(QFrame):
    """The figures of one learner."""

    def __init__(self, learner: str, about: str, colours: Theme, names: tuple[str, ...], longest: str) -> None:
        super().__init__()
        self.learner = learner
        self.form: Form = "full"
        self.wording: Wording = OLD_AND_NEW
        """What it tells: it is fitted to the widest words of that."""
        self._longest = longest  # of all cards' names: they have one size
        self._colours = colours
        self._card: Card | None = None
        self._room = 0.0
        self.setObjectName("card")
        self.setToolTip(tooltip(about))
        self.setAccessibleDescription(about)
        self.name = Line(theme.font(NAME, bold=True), colours.text)
        self.name.set_text(*names)
        method = method_of(learner)
        self.plain = Line(theme.font(1.0), colours.muted)
        """What it does, in words of every day."""
        self.plain.set_text(method.plain if method is not None else "", "")
        self.plain.setParent(self)  # most forms have no place for it
        self.digits = Line(theme.font(DIGITS, bold=True, fixed_digits=True), colours.learner(learner))
        self.unit = Line(theme.font(1.0), colours.text)
        self.unit.set_text(*card_words.UNITS)
        self.sample = Line(theme.font(1.0), colours.text)
        self.change = Line(theme.font(1.0, bold=True), colours.text)
        self.new = Line(theme.font(1.0), colours.text)
        self._grid = QGridLayout(self)
        self._grid.setSpacing(0)

    def show_card(self, card: Card) -> None:
        """Show figures; a dash where there are none yet."""
        self._card = card
        self.digits.set_text(card_words.digits(card))
        self.sample.set_text(*card_words.samples(card))
        self.sample.setToolTip(tooltip(seed_words.spread_help(card.seeds, card.counts[0])) if card.seeds else "")
        self.change.set_text(*card_words.changes(card, since=card.change is not None and self._says_since))
        lost = card_words.diverged(card) if card.change is None and self.form in LINES else ()
        self.new.set_text(*lost, *card_words.news(card))

    @property
    def _says_since(self) -> bool:
        """Whether there is room to say since when, whatever the figures: then all cards say it, or none does."""
        if self.form in LINES:
            return True
        metrics, widest = QFontMetricsF(self.change.font()), self.wording.change
        if self.change.lines > 1:
            end = widest.partition(self.wording.split)[2]
            return metrics.horizontalAdvance(f"{self.wording.split.strip()} {end}") <= self._room
        return metrics.horizontalAdvance(widest) <= self._room

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that is said, from the big digits down."""
        return (self.digits, self.unit, self.sample, self.change, self.new)

    def describe(self) -> None:
        """Tell screen readers the figures."""
        figures = ", ".join(filter(None, (" ".join(line.text().split()) for line in (self.plain, *self.lines))))
        self.setAccessibleName(f"{label_of(self.learner)}: {figures}")

    def fit(self, width: float, form: Form) -> None:
        """Take the biggest type that there is room for in a card so wide, and say as much as its form does."""
        self.form = form
        self._room = room = room_in(width, form, self._colours)
        self._dress(fitting_type(room, form, self.wording, self._longest))
        ends_with, beside = getattr(self, self.wording.ends_with), getattr(self, self.wording.beside)
        self.plain.setVisible(form == "full" and bool(self.plain.text()))
        for line in (self.sample, self.change, self.new):
            line.setVisible(
                form == "full"
                or (form == "compact" and line is beside)
                or (form in LINES and line is ends_with)
                or (form == "rows" and line is self.new)
            )
        self._place(form, room)
        if self._card is not None:
            self.show_card(self._card)
        self.update()

    def _dress(self, chosen: CardType) -> None:
        plain, bold, text = theme.font(1.0), theme.font(1.0, bold=True), self._colours.text
        plain.setPointSizeF(chosen.words)
        bold.setPointSizeF(chosen.words)
        self.name.dress(chosen.name, text)
        self.digits.dress(chosen.digits, self._colours.learner(self.learner))
        self.plain.dress(plain, self._colours.muted)
        for line in (self.unit, self.sample, self.new):
            line.dress(plain, text)
        self.change.dress(bold, text)
        self.change.set_lines(chosen.change_lines)
        self.new.set_lines(chosen.new_lines)

    def _place(self, form: Form, room: float) -> None:
        """Put the lines where the form has them."""
        places = self._places(form)
        for line in places:
            self._grid.removeWidget(line)
        for line, (row, column, down, across) in places.items():
            self._grid.addWidget(line, row, column, down, across)
        digits = min(QFontMetrics(self.digits.font()).horizontalAdvance(WIDEST) + GAP // 2, int(room))
        words = QFontMetrics(self.unit.font())
        unit, end = (words.horizontalAdvance(text) + GAP for text in (self.wording.row_unit, self.wording.row_end))
        name = 0  # a line that ends with more than figures gives that all the room behind the longest name
        if form in LINES and self.wording.ends_with == "change" and form != "pair":
            name = QFontMetrics(self.name.font()).horizontalAdvance(self._longest) + GAP
        alone = (0, 0, 0, 0)
        columns = {"full": alone, "stack": alone, "compact": (digits + GAP // 2, 0, 0, 0)}.get(
            form, (name, digits, unit, end)
        )
        stretched = {"full": 0, "stack": 0, "compact": 1, "row": 3 if name else 0, "pair": 3, "rows": 3}[form]
        spare = QFontMetrics(self.name.font()).lineSpacing() + 1  # a dock may be a pixel lower than its parts ask for
        self._grid.setRowMinimumHeight(0, spare if form == "compact" else 0)
        for column, width in enumerate(columns):
            self._grid.setColumnMinimumWidth(column, width)
            self._grid.setColumnStretch(column, int(column == stretched))
        side = (
            (ROW_LEFT, 2, RIGHT, 2)
            if form in LINES
            else (LEFT, 8 if form == "full" else 6, RIGHT, 8 if form == "full" else 6)
        )
        self._grid.setContentsMargins(*side)

    def _places(self, form: Form) -> dict[Line, tuple[int, int, int, int]]:
        """Return row, column, rows and columns of every line, also of those that are hidden, but of the plain words."""
        lines = (self.sample, self.change, self.new)
        if form in ("full", "stack"):
            all_lines = (self.name, self.plain, self.digits, self.unit, *lines)
            return {line: (row, 0, 1, 1) for row, line in enumerate(all_lines)}
        if form == "compact":
            beside = getattr(self, self.wording.beside)
            rest = {line: (row, 0, 1, 2) for row, line in enumerate((each for each in lines if each is not beside), 3)}
            return {
                self.name: (0, 0, 1, 2),
                self.digits: (1, 0, 2, 1),
                self.unit: (1, 1, 1, 1),
                beside: (2, 1, 1, 1),
                **rest,
            }
        end, row = getattr(self, self.wording.ends_with), int(form == "pair")
        rest = {line: (row + 1, 0, 1, 4) for line in lines if line is not end}
        name = (0, 0, 1, 4 if row else 1)
        return {self.name: name, self.digits: (row, 1, 1, 1), self.unit: (row, 2, 1, 1), end: (row, 3, 1, 1), **rest}

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame with the learner's colour."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            self._paint_colour(painter)

    def _paint_colour(self, painter: QPainter) -> None:
        """Paint the learner's colour along the left edge; in a row its mark, as on its curves."""
        if self.form in LINES:
            middle = self.name.geometry().center().y() + 0.5
            mark(painter, QRectF(6, middle - 5, 10, 10), self.learner, self._colours)
        else:
            painter.fillRect(0, 6, 5, self.height() - 12, QColor(self._colours.learner(self.learner)))

    def paint_on(self, painter: QPainter) -> None:
        """Paint all of it elsewhere, at the origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._colours.line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._paint_colour(painter)
        for line in (self.name, self.plain, *self.lines):
            if line.isVisibleTo(self):
                painter.save()
                painter.translate(QPointF(line.pos()))
                line.paint_on(painter)
                painter.restore()
