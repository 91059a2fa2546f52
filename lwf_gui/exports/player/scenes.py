"""What a page says at one moment under one protocol: numbers of texts, which the window's own functions make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lwf_gui.exports.player import curves
from lwf_gui.exports.player.texts import Texts
from lwf_gui.exports.player.wall import Wall
from lwf_gui.runs import average_words, averages, card_words, confusion_words, one_class, tasks_shown
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.confusion import matrices
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.plain import plain_words
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story import story
from lwf_gui.runs.summary import summary

CARD = ("digits", "unit", "sample", "change", "new", "plain")
"""What a card says, in the order of its numbers."""

FORMS = 4
"""Wordings of each, from the longest on, that a page can choose from."""

Card = tuple[card_words.Ways, ...]


class Scenes:
    """Makes what is said where one looks."""

    def __init__(self, record: Record, wall: Wall, texts: Texts) -> None:
        self._record, self._wall, self._text = record, wall, texts

    def at(self, selection: Selection) -> dict[str, Any]:
        """Return the numbers of all texts of a moment."""
        said, caption = cards(self._record, selection)
        return {
            "story": self._story(selection),
            "caption": self._text(f"{caption.rstrip('.')}."),
            "plot": self._text(curves.caption(self._record, selection)),
            "cards": [[self._text.wordings(ways) for ways in card] for card in said],
            "wall": self._wall.said(selection, self._text),
            "confusion": self._confusion(selection),
            "summary": self._text(summary(self._record, selection)),
        }

    def _story(self, selection: Selection) -> list[Any]:
        """Return what was learnt, in all wordings, and the pieces of what was forgotten, and why, in the longest."""
        told = story(self._record, selection)
        if told is None:
            return []
        return [self._text.ways(told.learnt), self._text.way(told.forgotten), self._text.way(told.because)]

    def _confusion(self, selection: Selection) -> list[int]:
        """Return the caption of the matrices, and what they show in a sentence."""
        figures = matrices(self._record, selection)
        if figures is None:
            return []
        captions = confusion_words.captions(self._record, selection)
        return [self._text(f"{captions[0]}."), self._text(confusion_words.sentence(figures))]


def cards(record: Record, selection: Selection) -> tuple[list[Card], str]:
    """Return what the card of every learner says, in the order of `CARD`, and what is said of all of them."""
    learners = learners_of(record)
    many = tasks_shown.are_many(record)
    said, captions = _averages(record, learners, selection) if many else _old_and_new(record, learners, selection)
    captions = one_class.noted(record, selection, captions)
    return said, captions[0]


def _old_and_new(record: Record, learners: Sequence[str], selection: Selection) -> tuple[list[Card], card_words.Ways]:
    """Return cards of two tasks."""
    figures = [card_of(record, learner, selection) for learner in learners]
    told = next((figure for figure in figures if figure.old is not None), figures[0])
    said: list[Card] = [
        (
            (card_words.digits(card),),
            card_words.UNITS[:FORMS],
            card_words.samples(card)[:FORMS],
            card_words.changes(card)[:FORMS],
            card_words.news(card)[:FORMS],
            (plain_words(record, card.learner, selection),),
        )
        for card in figures
    ]
    return said, card_words.captions(record, told, selection)


def _averages(record: Record, learners: Sequence[str], selection: Selection) -> tuple[list[Card], card_words.Ways]:
    """Return cards of more than two tasks."""
    told = [averages.averages(record, learner, selection) for learner in learners]
    said: list[Card] = [
        (
            (average_words.digits(figures),),
            average_words.units(figures)[:FORMS],
            average_words.samples(figures)[:FORMS],
            average_words.changes(figures)[:FORMS],
            average_words.parts(figures, lines=2)[:FORMS],
            (plain_words(record, figures.learner, selection),),
        )
        for figures in told
    ]
    known = next((figures for figures in told if figures.known), told[0])
    none = card_of(record, learners[0], selection)
    return said, average_words.captions(record, known) or card_words.captions(record, none, selection)
