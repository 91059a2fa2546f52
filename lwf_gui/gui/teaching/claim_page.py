"""A paper card as a page: sentence, source, what is trained, and what was found, beside what the window shows.

A pure function of a claim and its verdicts; what a file holds is shown as plain text, whatever it is.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from lwf_gui.claims import Claim, Judged, Measured, words

HEADS = ("what must be", "measured ± half the 95 % interval", "verdict", "on screen")


@dataclass(frozen=True, slots=True)
class Card:
    """A claim with all that is known of it.

    Attributes
    ----------
    found, measured : the figures that ship with the program, and what they say; None without any
    shown, where : what the run on screen says, None where it is none of this claim's; its data and seed
    """

    claim: Claim
    found: Measured | None
    measured: Judged | None
    shown: Judged | None = None
    where: str = ""

    @property
    def recorded(self) -> str:
        """What was measured before, in a sentence."""
        if self.found is None or self.measured is None:
            return "Nothing was measured of it before."
        return f"Recorded: {words.measured_text(self.found, self.measured)}"

    @property
    def on_screen(self) -> str:
        """What the run on screen says, in a sentence."""
        if self.shown is None:
            return "On screen: the run shown is none of this card's."
        return f"On screen ({self.where}): {words.verdict_text(self.shown)}"

    @property
    def spoken(self) -> str:
        """What a screen reader says of the card."""
        return f"{self.claim.claim} {words.paper_text(self.claim.paper)}. {self.recorded} {self.on_screen}"

    @property
    def page(self) -> str:
        """The card as HTML."""
        claim = self.claim
        trained = "; ".join(f"{run.name}: {run.about.rstrip('.')}" for run in claim.run)
        cost = f"A seed takes {words.cost_text(claim, 1)} on two cores."
        source, below = f"{words.paper_text(claim.paper)}.", (claim.note, f"Trained: {trained}. {cost}")
        return "".join(
            [
                f"<h3>{_plain(claim.title)}</h3><p><b>{_plain(claim.claim)}</b></p>",
                *(f"<p>{_plain(text)}</p>" for text in (source, self.recorded, self.on_screen)),
                self._table(),
                *(f"<p>{_plain(text)}</p>" for text in below if text),
            ]
        )

    def _table(self) -> str:
        head = "".join(f"<th align='left'>{name}</th>" for name in HEADS)
        rows = (f"<tr>{''.join(f'<td>{_plain(cell)}</td>' for cell in self._row(at))}</tr>" for at in self._places())
        return f"<table cellpadding='3' width='98%'><tr>{head}</tr>{''.join(rows)}</table>"

    def _places(self) -> range:
        return range(len(self.claim.check))

    def _row(self, at: int) -> list[str]:
        """Return what must be, what was measured, its verdict, and what the run on screen says."""
        check = self.claim.check[at]
        finding = None if self.measured is None else self.measured.findings[at]
        before = ["", ""] if finding is None else [words.value_text(check, finding), finding.verdict.value]
        now = "" if self.shown is None else words.value_text(check, self.shown.findings[at])
        return [words.check_text(self.claim, check), *before, now]


def _plain(text: str) -> str:
    return html.escape(text)
