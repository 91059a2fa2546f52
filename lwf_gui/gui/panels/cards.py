"""One card per learner, side by side: the old task's accuracy in digits that read from the back row."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels import cards_many
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.methods import METHODS
from lwf_gui.runs import shown, views
from lwf_gui.runs.metrics import PROTOCOL_HELP, PROTOCOLS
from lwf_gui.runs.names import names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

DIGITS, SMALL_DIGITS = 4.2, 2.0
"""Sizes of the big digits, in body text sizes, where there is room and in compact cards."""

NAME, LEAST_NAME = 1.25, 0.8
"""Sizes of a learner's name, likewise: at most and at least."""

LEFT, RIGHT = 14, 8
"""Pixels beside the figures in a card."""

GAP, EDGE, BETWEEN = 8, 6, 4
"""Pixels between the cards, around them, and above the caption."""

WIDEST = "100.0"
"""Digits are as big as lets this fit, so that their size never jumps."""

WIDEST_UNIT, SHORTEST_UNIT, WIDEST_SAMPLE = "% of the old task right", "% old right", "all 60,000 test images"
WIDEST_CHANGE, WIDEST_NEW = "▼ 100.0 points since surgery", "new task: 100.0 % right"
"""So do these: words are made smaller, or take two lines, before they are left out, for they carry the meaning."""

LEAST_TEXT = 0.75
"""Part of the size of body text that these words take at least."""


class LearnerCard(QFrame):
    """The figures of one learner."""

    def __init__(self, learner: str, about: str, colours: Theme, names: tuple[str, ...], longest: str) -> None:
        super().__init__()
        self.learner = learner
        self._longest = longest  # of all cards' names: they have one size
        self._colours = colours
        self.setObjectName("card")
        self.setToolTip(tooltip(about))
        self.setAccessibleDescription(about)
        self.name = Line(theme.font(NAME, bold=True), colours.text)
        self.name.set_text(*names)
        self.digits = Line(theme.font(DIGITS, bold=True, fixed_digits=True), colours.learner(learner))
        self.unit = Line(theme.font(1.0), colours.text)
        self.unit.set_text(WIDEST_UNIT, "% of old task right", SHORTEST_UNIT, "% old", "%")
        self.sample = Line(theme.font(1.0), colours.text)
        self.change = Line(theme.font(1.0, bold=True), colours.text)
        self.new = Line(theme.font(1.0), colours.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LEFT, 8, RIGHT, 8)
        layout.setSpacing(0)
        self._figure = QGridLayout()
        self._figure.setSpacing(0)
        self._figure.addWidget(self.digits, 0, 0)
        layout.addWidget(self.name)
        layout.addLayout(self._figure)
        for line in (self.change, self.new):
            layout.addWidget(line)

    def show_card(self, card: views.Card) -> None:
        """Show figures; a dash where there are none yet."""
        old, new = card.counts
        self.digits.set_text("-" if card.old is None else shown.digits(card.old, old))
        brief = (f"{old:,} images", f"of {old:,}", f"{old:,}", "") if old else ("",)
        self.sample.set_text(card.sample, card.sample.removeprefix("all "), *brief)
        if card.old is None or card.change is None:
            lost = (f"diverged at step {card.diverged:,}", "diverged") if card.diverged is not None else ()
            self.change.set_text(*(lost or ("not trained yet", "untrained")), "")
            self.new.set_text("new task: -", "new: -", "")
        else:
            sign = "▼" if card.change < 0 else "▲" if card.change > 0 else "="
            change, right = f"{sign} {shown.points(card.change, old)}", shown.percent(card.new or 0.0, new)
            self.change.set_text(f"{change} since surgery", change, change.rpartition(" ")[0], "")
            self.new.set_text(f"new task: {right} right", f"new task: {right}", f"new: {right}", f"new {right}", "")

    def describe(self) -> None:
        """Tell screen readers the figures."""
        lines = (self.digits, self.unit, self.sample, self.change, self.new)
        figures = ", ".join(filter(None, (line.text() for line in lines)))
        self.setAccessibleName(f"{views.label_of(self.learner)}: {figures}")

    def fit(self, width: float, *, compact: bool) -> None:
        """Take the biggest type that there is room for in a card so wide; a compact one says less, on two lines."""
        room, text = width - LEFT - RIGHT - 2 * self._colours.border, self._colours.text
        self.name.dress(_biggest(theme.font(NAME, bold=True), self._longest, room, LEAST_NAME / NAME), text)
        size = SMALL_DIGITS if compact else DIGITS
        least = LEAST_TEXT * QFontMetricsF(theme.font(1.0)).horizontalAdvance(SHORTEST_UNIT) + GAP if compact else 0.0
        digits = _biggest(theme.font(size, bold=True, fixed_digits=True), WIDEST, room - least, 1 / size)
        self.digits.dress(digits, self._colours.learner(self.learner))
        beside = room - QFontMetricsF(digits).horizontalAdvance(WIDEST) - GAP if compact else room
        bold = theme.font(1.0, bold=True)
        one_line = LEAST_TEXT * QFontMetricsF(bold).horizontalAdvance(WIDEST_CHANGE) <= room
        widest = WIDEST_CHANGE if one_line else max(WIDEST_CHANGE.split(" since "), key=len)
        lines = ((WIDEST_UNIT, beside), (WIDEST_SAMPLE, beside), (WIDEST_NEW, room))
        sizes = [_biggest(theme.font(1.0), words, place, LEAST_TEXT).pointSizeF() for words, place in lines]
        plain = theme.font(1.0)  # all words of a card have one size, that of the line that has the least room
        plain.setPointSizeF(min(*sizes, _biggest(theme.font(1.0, bold=True), widest, room, LEAST_TEXT).pointSizeF()))
        bold.setPointSizeF(plain.pointSizeF())
        for line in (self.unit, self.sample, self.new):
            line.dress(plain, text)
        self.change.dress(bold, text)
        self.change.set_lines(1 if one_line else 2)
        for line in (self.change, self.new):
            line.setVisible(not compact)
        for line in (self.digits, self.unit, self.sample):
            self._figure.removeWidget(line)
        self._figure.addWidget(self.digits, 0, 0, 2 if compact else 1, 1)
        for row, line in enumerate((self.unit, self.sample)):
            self._figure.addWidget(line, row + (not compact), int(compact), 1, 2 - compact)
        needed = min(QFontMetrics(digits).horizontalAdvance(WIDEST) + GAP, int(room))
        self._figure.setColumnMinimumWidth(0, needed if compact else 0)
        self._figure.setColumnStretch(0, 0 if compact else 1)
        self._figure.setColumnStretch(1, 1 if compact else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame with the learner's colour along its left edge."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, 6, 5, self.height() - 12, self._colours.learner(self.learner))


class Cards(QWidget):
    """The cards of all learners, with one line that names protocol and images."""

    def __init__(self) -> None:
        super().__init__()
        self.record = Record()
        self.cards: list[LearnerCard] = []
        self._theme = theme.LIGHT
        self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP)
        self.caption = Line(theme.font(1.0), self._theme.muted, lines=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, 2)
        layout.setSpacing(BETWEEN)
        layout.addLayout(self._row)
        layout.addWidget(self.caption)

    def set_theme(self, colours: Theme) -> None:
        """Dress the cards; they are made anew."""
        self._theme = colours
        self.caption.dress(theme.font(1.0), colours.muted)
        self.show_record(self.record)

    def show_record(self, record: Record, expected: tuple[str, ...] = ()) -> None:
        """Show another record's learners, or the expected ones while it has none."""
        self.record = record
        for card in self.cards:
            self._row.removeWidget(card)
            card.deleteLater()
        names = views.learners(record) or expected or tuple(METHODS)
        forms = names_of(names)
        longest = max(forms[1].values(), key=len)
        self.cards = [
            LearnerCard(name, views.about(record, name), self._theme, tuple(form[name] for form in forms), longest)
            for name in names
        ]
        for card in self.cards:
            self._row.addWidget(card, 1)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the biggest type that there is room for."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        count = len(self.cards)
        for card in self.cards:  # all alike, though some may be a pixel wider than others
            card.fit((self.width() - 2 * EDGE - (count - 1) * GAP) // count, compact=self._compact)

    def set_compact(self, compact: bool) -> None:
        """Say less, where what stands below needs the room; or all."""
        if compact != self._compact:
            self._compact = compact
            self._fit()

    def full_height(self) -> int:
        """Return the pixels that the cards take when they say all."""
        body, name, digits = (QFontMetrics(theme.font(size)).height() for size in (1.0, NAME, DIGITS))
        return name + digits + 7 * body + 2 * EDGE + 2 * BETWEEN + 16

    def refresh(self, selection: Selection) -> None:
        """Show the figures of the step that is looked at."""
        if cards_many.are_shown(self.record):
            captions = cards_many.show(self.record, self.cards, selection)
            nothing = views.card(self.record, self.cards[0].learner, selection)
            self.caption.set_text(*(captions or self._captions(nothing, selection)))
            self.caption.setToolTip(tooltip(*cards_many.explained(selection.protocol)))
            return
        figures = [views.card(self.record, card.learner, selection) for card in self.cards]
        for card, figure in zip(self.cards, figures, strict=True):
            card.show_card(figure)
        told = next((figure for figure in figures if figure.old is not None), figures[0])
        self.caption.set_text(*self._captions(told, selection))
        self.caption.setToolTip(tooltip(PROTOCOL_HELP[selection.protocol]))

    def describe(self) -> None:
        """Tell screen readers the figures."""
        for card in self.cards:
            card.describe()

    def _captions(self, figure: views.Card, selection: Selection) -> tuple[str, ...]:
        """Say what the figures are, from the longest to the shortest way."""
        data, teacher = self.record.data, views.teacher_accuracy(self.record, selection.step)
        protocol = PROTOCOLS[selection.protocol].capitalize()
        if figure.old is not None and data is not None:
            after = f"after step {figure.step:,}"
            return (
                f"{protocol} accuracy on {figure.images} of {data.dataset}, {after}",
                f"{protocol}, on {figure.images}, {after}",
                f"{protocol} accuracy on {data.dataset}, {after}",
                f"{protocol}, {after}",
                protocol,
            )
        if teacher is not None:
            right = f"{teacher:.1f} % right"
            return (
                f"Task 1: the teacher learns the old task, {right} so far (task-aware, probe images).",
                f"Task 1: the teacher learns, {right} so far.",
                f"Teacher: {right}",
            )
        return (f"{protocol} accuracy; no learner has been trained yet.", f"{protocol}; none trained yet.", protocol)


def _biggest(font: QFont, text: str, room: float, least: float) -> QFont:
    """Return the font, or a smaller one in which a text fits into so many pixels, but not below a part of its size."""
    needed = QFontMetricsF(font).horizontalAdvance(text)
    font.setPointSizeF(font.pointSizeF() * max(least, min(1.0, room / needed)))
    return font
