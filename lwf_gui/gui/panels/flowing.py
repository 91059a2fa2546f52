"""Sentences of pieces that flow over lines: where each piece stands, broken between words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from lwf_gui.runs.story_told import BREAK, Piece


class Placed(NamedTuple):
    """A part of a piece on a line.

    Attributes
    ----------
    line : counted from 0
    x : pixels from the line's left end
    piece : with no more text than stands there
    """

    line: int
    x: float
    piece: Piece


def flowed(way: Iterable[Piece], width: Callable[[Piece], float], room: float, lines: int) -> list[Placed]:
    """Return where the pieces of a wording stand on so many lines of this room, in pixels; nothing if they do not fit.

    ``width`` returns the pixels that a piece takes.
    """
    placed: list[Placed] = []
    line, x = 0, 0.0
    for word in _words(way):
        if word[0] == BREAK:
            line, x = line + 1, 0.0
            continue
        *before, last = word
        seen = sum(map(width, before)) + width(Piece(last.text.rstrip(), *last[1:]))
        if x + seen > room:
            line, x = line + 1, 0.0
        if line >= lines or seen > room:
            return []
        for piece in word:
            _place(placed, Placed(line, x, piece))
            x += width(piece)
    return placed


def _words(way: Iterable[Piece]) -> Iterable[list[Piece]]:
    """Yield what no line breaks: up to a blank, or a picture with the full stop behind it."""
    word: list[Piece] = []
    for piece in way:
        if piece == BREAK and word:
            yield word
            word = []
        if piece == BREAK:
            yield [BREAK]
            continue
        for text in piece.text.replace(" ", " \0").split("\0") if piece.task < 0 else ("",):
            if text or piece.task >= 0:
                word.append(Piece(text, *piece[1:]))
            if text.endswith(" "):
                yield word
                word = []
    if word:
        yield word


def _place(placed: list[Placed], new: Placed) -> None:
    """Add a part; one that follows another of its kind on its line is one with it."""
    if placed:
        last = placed[-1]
        if last.line == new.line and last.piece.task < 0 and last.piece[1:] == new.piece[1:]:
            placed[-1] = Placed(last.line, last.x, Piece(last.piece.text + new.piece.text, *last.piece[1:]))
            return
    placed.append(new)
