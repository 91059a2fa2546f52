"""A claim judged by the figures of its seeds: every comparison, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lwf_gui.claims.figures import SeedFigures, value_of
from lwf_gui.claims.script import Check, Claim
from lwf_gui.claims.verdict import Finding, Region, Verdict, find, together


@dataclass(frozen=True, slots=True)
class Judged:
    """What figures say of a claim.

    Attributes
    ----------
    seeds : that were trained
    findings : one a check, in the claim's order
    """

    claim: Claim
    seeds: tuple[int, ...]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """What all comparisons say together."""
        return together(finding.verdict for finding in self.findings)

    @property
    def on_its_side(self) -> int:
        """How many comparisons are on the claim's side by their mean alone."""
        return sum(finding.one is Verdict.HOLDS for finding in self.findings)

    @property
    def known(self) -> int:
        """How many comparisons have figures: those of runs that are not trained have none."""
        return sum(finding.mean == finding.mean for finding in self.findings)

    @property
    def needed(self) -> int | None:
        """How many seeds would decide all that is undecided; None where that cannot be told."""
        open_ones = [finding.needed for finding in self.findings if finding.verdict is Verdict.UNDECIDED]
        known = [count for count in open_ones if count is not None]
        return max(known) if known and len(known) == len(open_ones) else None


def judge(claim: Claim, figures: Mapping[int, SeedFigures]) -> Judged:
    """Judge a claim by the figures of each seed."""
    return Judged(claim, tuple(figures), tuple(_find(claim, check, figures) for check in claim.check))


def _find(claim: Claim, check: Check, figures: Mapping[int, SeedFigures]) -> Finding:
    return find([_value(claim, check, found) for found in figures.values()], Region(*check.region))


def _value(claim: Claim, check: Check, found: SeedFigures) -> float:
    """Return a seed's figure, or what it is above another one or a number."""
    other = claim.other(check)
    minus = value_of(found, other) if other is not None else check.number or 0.0
    return value_of(found, claim.source(check)) - minus
