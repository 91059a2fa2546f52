"""Sentences that flow over lines: broken between words, never within, and pictures keep their full stop."""

from __future__ import annotations

import pytest

from lwf_gui.gui.panels.flowing import flowed
from lwf_gui.runs.story_told import Piece

WAY = (Piece("Both learned "), Piece("", task=0), Piece(". "), Piece("LwF", "lwf"), Piece(" forgot 0.2 points."))
PICTURES = 3.0


def width(piece: Piece) -> float:
    return PICTURES if piece.task >= 0 else len(piece.text)


def lines(room: float, most: int = 9) -> list[str]:
    placed = flowed(WAY, width, room, most)
    found = [""] * (1 + max((each.line for each in placed), default=-1))
    for each in placed:
        assert each.x == pytest.approx(len(found[each.line])), "one behind another"
        found[each.line] += "###" if each.piece.task >= 0 else each.piece.text
    return found


def test_all_stands_on_one_line_where_there_is_room() -> None:
    assert lines(200) == ["Both learned ###. LwF forgot 0.2 points."]


def test_lines_break_between_words_and_a_blank_at_the_end_needs_no_room() -> None:
    assert lines(17) == ["Both learned ###. ", "LwF forgot 0.2 ", "points."]
    assert lines(16) == ["Both learned ", "###. LwF forgot ", "0.2 points."], "a picture keeps its full stop"


def test_what_has_no_room_is_not_placed_at_all() -> None:
    assert flowed(WAY, width, 17, 2) == []
    assert flowed(WAY, width, 5, 99) == [], "no line has room for a word"


def test_parts_of_one_piece_are_one_and_learners_stay_apart() -> None:
    texts = [(each.piece.text, each.piece.learner) for each in flowed(WAY, width, 200, 1)]
    assert texts == [("Both learned ", ""), ("", ""), (". ", ""), ("LwF", "lwf"), (" forgot 0.2 points.", "")]
