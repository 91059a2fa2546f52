"""What claims, comparisons and verdicts are called, for the terminal and the window. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from lwf_gui.claims.figures import SeedFigures, value_of
from lwf_gui.claims.judging import Judged
from lwf_gui.claims.measured import Measured
from lwf_gui.claims.script import METRICS, Check, Claim, Paper, Source
from lwf_gui.claims.verdict import Finding, Verdict
from lwf_gui.numbers import UNKNOWN, counted
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.seeds import spread

SHORT = {
    "average": "average, %",
    "old": "old, %",
    "new": "new, %",
    "forgetting": "forgot, pts",
    "start": "start, %",
    "lowest": "lowest, %",
    "end": "end, %",
}
"""Metrics as headings."""


def paper_text(paper: Paper) -> str:
    """Return a paper as a reference."""
    place = f"; {paper.place}" if paper.place else ""
    return f"{paper.authors} ({paper.year}), {paper.title}, {paper.source}{place}"


def cost_text(claim: Claim, seeds: int) -> str:
    """Say how long so many seeds take."""
    minutes = claim.minutes * seeds
    return f"about {minutes:,.0f} min" if minutes >= 2 else f"about {60 * minutes:,.0f} s"


def check_text(claim: Claim, check: Check) -> str:
    """Return a comparison as people say it."""
    source, other = claim.source(check), claim.other(check)
    subject = f"{_who(claim, source)}, {METRICS[source.metric]}, {PROTOCOLS[source.protocol]}"
    if check.must_be == "within":
        return f"{subject}: from {check.low:g} to {check.high:g} %"
    to = f"{check.number:g} %" if other is None else _relative(other, source)
    if check.must_be == "near":
        return f"{subject}: within {_points(check.by)} of {to}"
    margin = f"more than {_points(check.by)} " if check.by else ""
    return f"{subject}: {margin}{check.must_be} {to}"


def value_text(check: Check, finding: Finding) -> str:
    """Return the mean of a comparison's values, with its unit, and half its 95 % interval where there is one."""
    if math.isnan(finding.mean):
        return UNKNOWN
    sign, unit = ("", "%") if check.must_be == "within" else ("+", "points")
    half = "" if finding.spread is None else f" ± {finding.spread.half:.1f}"
    return f"{finding.mean:{sign}.1f}{half} {unit}"


def verdict_text(judged: Judged) -> str:
    """Say what figures say of a claim, in one sentence, and with how many seeds."""
    of, seeds = len(judged.findings), counted(len(judged.seeds), "seed")
    if not judged.seeds or not judged.known:
        return "Nothing of it is trained yet."
    if len(judged.seeds) == 1:
        return (
            f"Undecided with one seed: {judged.on_its_side} of the {counted(judged.known, 'comparison')} that can be "
            f"made {'is' if judged.on_its_side == 1 else 'are'} on the claim's side"
            f"{_missing(judged)}; one seed has no interval: two are needed at least, this card asks for "
            f"{judged.claim.seeds}."
        )
    count = {verdict: sum(each.verdict is verdict for each in judged.findings) for verdict in Verdict}
    match judged.verdict:
        case Verdict.HOLDS:
            return f"Holds with {seeds}: all {counted(of, 'comparison')}."
        case Verdict.FAILS:
            held, open_ones = count[Verdict.HOLDS], count[Verdict.UNDECIDED]
            return (
                f"Fails with {seeds}: of {counted(of, 'comparison')} {count[Verdict.FAILS]} fail, {held} hold"
                f"{f', {open_ones} undecided' if open_ones else ''}."
            )
        case _:
            more = f"; about {counted(judged.needed, 'seed')} would decide" if judged.needed else ""
            return (
                f"Undecided with {seeds}: of {counted(of, 'comparison')} {count[Verdict.HOLDS]} hold, "
                f"{count[Verdict.UNDECIDED]} undecided{_missing(judged)}{more}."
            )


def measured_text(found: Measured, judged: Judged) -> str:
    """Return the verdict that was measured before, with its data, machine and date."""
    return f"{verdict_text(judged)} Measured on {found.data}, {found.device}, {found.date}."


def table(claim: Claim, figures: Mapping[int, SeedFigures]) -> tuple[list[str], list[list[str]]]:
    """Return heading and rows of the figures that a claim compares: of every learner, mean and 95 % interval."""
    sources = [source for check in claim.check for source in (claim.source(check), claim.other(check)) if source]
    columns = [
        (protocol, metric)
        for metric in METRICS
        for protocol in PROTOCOLS
        if any((source.protocol, source.metric) == (protocol, metric) for source in sources)
    ]
    rows = []
    for run, learner in dict.fromkeys((source.run, source.learner) for source in sources):
        cells = [
            _cell([value_of(found, Source(run, learner, *column)) for found in figures.values()])
            if any(source == Source(run, learner, *column) for source in sources)
            else ""
            for column in columns
        ]
        rows.append([*([run] if len(claim.run) > 1 else []), label_of(learner), *cells])
    heads = [f"{PROTOCOLS[protocol]}\n{SHORT[metric]}" for protocol, metric in columns]
    return [*(["run"] if len(claim.run) > 1 else []), "learner", *heads], rows


def _cell(values: Sequence[float]) -> str:
    known = [None if math.isnan(value) else value for value in values]
    found = spread(known)
    if found is not None:
        return f"{found.mean:.1f} ± {found.half:.1f}"
    return f"{known[0]:.1f}" if len(known) == 1 and known[0] is not None else UNKNOWN


def _who(claim: Claim, source: Source) -> str:
    return f"{label_of(source.learner)} in {source.run}" if len(claim.run) > 1 else label_of(source.learner)


def _relative(other: Source, source: Source) -> str:
    """Return a figure by what it differs in from another one."""
    who = label_of(other.learner) if other.learner != source.learner else ""
    if other.run != source.run:
        who = f"{who or 'the same'} in {other.run}"
    said = [who, METRICS[other.metric] if other.metric != source.metric else ""]
    said += [PROTOCOLS[other.protocol]] if other.protocol != source.protocol else []
    return ", ".join(filter(None, said))


def _missing(judged: Judged) -> str:
    """Say how many comparisons have no figures."""
    missing = len(judged.findings) - judged.known
    return f", {missing} {'lacks' if missing == 1 else 'lack'} figures" if missing else ""


def _points(by: float) -> str:
    return f"{by:g} point{'' if by == 1 else 's'}"
