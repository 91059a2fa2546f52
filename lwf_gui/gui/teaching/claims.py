"""The dialog of the paper cards: published claims on the left, the chosen one beside them, and a button to try it."""

from __future__ import annotations

from PySide6.QtCore import Qt
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

from lwf_gui.claims import Claim, Judged, available, judge
from lwf_gui.claims.measured import shipped
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.teaching.claim_page import Card
from lwf_gui.gui.teaching.paper_cards import PaperCards
from lwf_gui.gui.widgets.input_rules import apply_input_rules

SHARE = 0.9
"""Part of the parent window's width and height that the dialog takes."""

LIST_WIDE = 16
"""Width of the list, in heights of a line."""


class ClaimsDialog(QDialog):
    """The cards; Esc closes it. Call `open`."""

    def __init__(self, parent: QWidget, cards: PaperCards) -> None:
        super().__init__(parent)
        self._cards = cards
        self.setWindowTitle("Paper cards")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        claims, faults = available()
        self._claims = list(claims.values())
        self._found = {name: shipped(name, claim) for name, claim in claims.items()}
        self._names = list(claims)
        self.list, self.text, self.why = QListWidget(), QTextBrowser(), QLabel(" ".join(faults))
        self.run = QPushButton("&Run this")
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self.run.clicked.connect(self._begin)
        cards.changed.connect(self._show)
        self._fill()
        self.resize(parent.size() * SHARE)

    @property
    def claim(self) -> Claim | None:
        """The claim that is chosen; None where there is none."""
        row = self.list.currentRow()
        return self._claims[row] if row >= 0 else None

    def _lay_out(self) -> None:
        line = self.fontMetrics().height()
        self.list.setFixedWidth(LIST_WIDE * line)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Published claims")
        self.text.setAccessibleName("The claim")
        self.text.setOpenLinks(False)
        self.why.setWordWrap(True)
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        self.why.setProperty("muted", True)
        self.run.setToolTip(tooltip("Train the card's run here, with seed 1, live; Undo (Ctrl+Z) leads back."))
        self.run.setAccessibleDescription("Trains the card's run in this window with one seed.")
        self.run.setDefault(True)
        apply_input_rules(self.run)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.run, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        halves, below, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        halves.addWidget(self.list)
        halves.addWidget(self.text, 1)
        below.addWidget(self.why, 1)
        below.addWidget(buttons)
        layout.addLayout(halves, 1)
        layout.addLayout(below)

    def _fill(self) -> None:
        """List the claims, each with what was found before."""
        for name, claim in zip(self._names, self._claims, strict=True):
            measured = self._measured(name, claim)
            verdict = "not measured" if measured is None else measured.verdict.value
            QListWidgetItem(f"{claim.title}: {verdict}", self.list)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _measured(self, name: str, claim: Claim) -> Judged | None:
        found = self._found[name]
        return None if found is None else judge(claim, found.whole(claim))

    def _show(self) -> None:
        """Show the chosen claim as things are now."""
        claim, why = self.claim, self._cards.why_not
        self.run.setEnabled(claim is not None and not why)
        if claim is None:
            return
        name = self._names[self.list.currentRow()]
        shown, where = self._cards.judged(claim), self._cards.where
        card = Card(claim, self._found[name], self._measured(name, claim), shown, where)
        place = self.text.verticalScrollBar().value() if self.text.accessibleDescription() else 0
        self.text.setHtml(card.page)
        self.text.setAccessibleDescription(card.spoken)
        self.text.verticalScrollBar().setValue(place)
        several = f" Run this trains {self._cards.next_run(claim)}." if len(claim.run) > 1 else ""
        self.why.setText(why or f"lwf-gui claims {name} trains {claim.seeds} seeds.{several}")

    def _begin(self) -> None:
        claim = self.claim
        if claim is not None:
            self.close()
            self._cards.begin(claim)
