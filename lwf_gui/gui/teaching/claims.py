"""The dialog of the paper cards: published claims on the left, the chosen one beside them, and a button to try it."""

from __future__ import annotations

from dataclasses import dataclass

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

from lwf_gui.claims import Claim, Judged, Measured, available, judge
from lwf_gui.claims.measured import shipped
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.teaching.claim_page import Card
from lwf_gui.gui.teaching.paper_cards import PaperCards
from lwf_gui.gui.widgets.input_rules import apply_input_rules

SHARE = 0.9
"""Part of the parent window's width and height that the dialog takes."""

LIST_WIDE = 16
"""Width of the list, in heights of a line."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim by its name, what was measured of it and ships with the program, and what that says of it."""

    name: str
    claim: Claim
    found: Measured | None
    judged: Judged | None

    @classmethod
    def of(cls, name: str, claim: Claim) -> Listed:
        """Return a claim with what was measured of it."""
        found = shipped(name, claim)
        return cls(name, claim, found, None if found is None else judge(claim, found.whole(claim)))


class ClaimsDialog(QDialog):
    """The cards; Esc closes it. Call `open`."""

    def __init__(self, parent: QWidget, cards: PaperCards) -> None:
        super().__init__(parent)
        self._cards = cards
        self.setWindowTitle("Paper cards")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        claims, faults = available()
        self._listed = [Listed.of(name, claim) for name, claim in claims.items()]
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
        listed = self._chosen
        return None if listed is None else listed.claim

    @property
    def _chosen(self) -> Listed | None:
        row = self.list.currentRow()
        return self._listed[row] if row >= 0 else None

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
        for each in self._listed:
            verdict = "not measured" if each.judged is None else each.judged.verdict.value
            QListWidgetItem(f"{each.claim.title}: {verdict}", self.list)
        shown = (row for row, each in enumerate(self._listed) if self._cards.judged(each.claim) is not None)
        self.list.setCurrentRow(next(shown, 0))
        self.list.setFocus()

    def _show(self) -> None:
        """Show the chosen claim as things are now."""
        listed, why = self._chosen, self._cards.why_not
        self.run.setEnabled(listed is not None and not why)
        if listed is None:
            return
        claim = listed.claim
        shown, where = self._cards.judged(claim), self._cards.where
        card = Card(claim, listed.found, listed.judged, shown, where)
        place = self.text.verticalScrollBar().value() if self.text.accessibleDescription() else 0
        self.text.setHtml(card.page)
        self.text.setAccessibleDescription(card.spoken)
        self.text.verticalScrollBar().setValue(place)
        several = f" Run this trains {self._cards.next_run(claim)}." if len(claim.run) > 1 else ""
        self.why.setText(why or f"lwf-gui claims {listed.name} trains {claim.seeds} seeds.{several}")

    def _begin(self) -> None:
        claim = self.claim
        if claim is not None:
            self.close()
            self._cards.begin(claim)
