"""One card per learner, side by side: the old task's accuracy in digits that read from the back row."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.theme import Theme
from lwf_gui.methods import METHODS
from lwf_gui.runs import views
from lwf_gui.runs.metrics import PROTOCOL_HELP, PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record

DIGITS = 4.2
"""Size of the big digits, in body text sizes."""


class LearnerCard(QFrame):
    """The figures of one learner."""

    def __init__(self, learner: str, colours: Theme) -> None:
        super().__init__()
        self.learner = learner
        self._colours = colours
        self.setObjectName("card")
        self.setToolTip(f"<p>{METHODS[learner].help}</p>")
        name = QLabel(METHODS[learner].label)
        name.setFont(theme.font(1.25, bold=True))
        self.digits = Line(theme.font(DIGITS, bold=True, fixed_digits=True), colours.learner(learner))
        self.unit = Line(theme.font(1.0), colours.text)
        self.unit.set_text("% of the old task right")
        self.change = Line(theme.font(1.0, bold=True), colours.text)
        self.new = Line(theme.font(1.0), colours.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(0)
        layout.addWidget(name)
        for line in (self.digits, self.unit, self.change, self.new):
            layout.addWidget(line)

    def show_card(self, card: views.Card) -> None:
        """Show figures; a dash where there are none yet."""
        self.digits.set_text("-" if card.old is None else f"{card.old:.1f}")
        if card.old is None or card.change is None:
            self.change.set_text("not trained yet")
            self.new.set_text("new task: -")
        else:
            sign = "▼" if card.change < -0.05 else "▲" if card.change > 0.05 else "="
            self.change.set_text(f"{sign} {abs(card.change):.1f} since surgery")
            self.new.set_text(f"new task: {card.new:.1f} %")

    def describe(self) -> None:
        """Tell screen readers the figures."""
        figures = (self.digits.text(), self.unit.text(), self.change.text(), self.new.text())
        self.setAccessibleName(f"{METHODS[self.learner].label}: {', '.join(figures)}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame with the learner's colour along its left edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 6, 5, self.height() - 12, self._colours.learner(self.learner))


class Cards(QWidget):
    """The cards of all learners, with one line that names protocol and images."""

    def __init__(self) -> None:
        super().__init__()
        self.record = Record()
        self.cards: list[LearnerCard] = []
        self._theme = theme.LIGHT
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self.caption = Line(theme.font(1.0), self._theme.muted, lines=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
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
        self.cards = [LearnerCard(name, self._theme) for name in names]
        for card in self.cards:
            self._row.addWidget(card, 1)

    def refresh(self, protocol: ProtocolName) -> None:
        """Show the latest figures."""
        figures = [views.card(self.record, card.learner, protocol) for card in self.cards]
        for card, figure in zip(self.cards, figures, strict=True):
            card.show_card(figure)
        self.caption.set_text(self._caption(figures[0], protocol))
        self.caption.setToolTip(f"<p>{PROTOCOL_HELP[protocol]}</p>")

    def describe(self) -> None:
        """Tell screen readers the figures."""
        for card in self.cards:
            card.describe()

    def _caption(self, figure: views.Card, protocol: ProtocolName) -> str:
        data, teacher = self.record.data, views.teacher_accuracy(self.record)
        if figure.old is not None and data is not None:
            where = f"{figure.images} of {data.dataset}, after step {figure.step:,}"
            return f"{PROTOCOLS[protocol].capitalize()} accuracy on {where}"
        if teacher is not None:
            return f"Task 1: the teacher learns the old task, {teacher:.1f} % right so far (task-aware, probe images)."
        return f"{PROTOCOLS[protocol].capitalize()} accuracy; no learner has been trained yet."
