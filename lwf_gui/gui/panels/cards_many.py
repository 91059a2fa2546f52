"""What the learners' cards say of a run of more than two tasks: the average over the tasks so far, and forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lwf_gui.gui.panels.card_wording import LINES, Form
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.runs import averages, tasks_shown
from lwf_gui.runs.average_words import AVERAGE, FORGETTING, PARTS, captions, changes, digits, parts, samples, units
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_words import middle_at, spread_help, spread_ways
from lwf_gui.runs.selection import Selection


class CardLines(Protocol):
    """A card's learner, how much it says, and its lines, from the big digits down."""

    learner: str
    form: Form
    digits: Line
    unit: Line
    sample: Line
    change: Line
    new: Line


def are_shown(record: Record) -> bool:
    """Whether the cards of a record tell averages: of two tasks they tell old and new."""
    return tasks_shown.are_many(record)


def show(record: Record, cards: Sequence[CardLines], selection: Selection) -> tuple[str, ...]:
    """Show figures in the cards' lines, and return the caption of all and shorter ones; none without any figures."""
    told = [averages.averages(record, card.learner, selection) for card in cards]
    for figures, card in zip(told, cards, strict=True):
        card.digits.set_text(digits(figures))
        card.unit.set_text(*units(figures))
        seeds = middle_at(record, card.learner, selection) if figures.known else None
        card.sample.set_text(*(samples(figures) if seeds is None else spread_ways(seeds, figures.least)))
        card.sample.setToolTip(tooltip(spread_help(seeds, figures.least)) if seeds is not None else "")
        card.change.set_text(*changes(figures))
        card.new.set_text(*parts(figures, lines=1 if card.form in LINES else 2))
        for line, help_text in (
            (card.digits, AVERAGE),
            (card.unit, AVERAGE),
            (card.change, FORGETTING),
            (card.new, PARTS),
        ):
            line.setToolTip(tooltip(help_text))
    return captions(record, next((figures for figures in told if figures.known), told[0]))
