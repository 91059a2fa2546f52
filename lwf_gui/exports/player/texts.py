"""Texts of a page, each written once: what is shown at a moment names them by number."""

from __future__ import annotations

from collections.abc import Sequence

from lwf_gui import untrusted
from lwf_gui.runs.story_told import BREAK, Piece, Way

PLAIN = -1
"""In place of a learner or a task, where a piece of a sentence is neither."""

NewPiece = tuple[int, int, int, int]


class Texts:
    """Numbers for texts and for pieces of sentences, in the order in which they are first met."""

    def __init__(self, learners: Sequence[str]) -> None:
        self._learners = {name: place for place, name in enumerate(learners)}
        self._texts: dict[str, int] = {}
        self._pieces: dict[NewPiece, int] = {}
        self._wordings: dict[tuple[int, ...], int] = {}
        self._ways: dict[tuple[tuple[int, ...], ...], int] = {}

    def __call__(self, text: str) -> int:
        """Return the number of a text, of one line or several, of which every character can be shown."""
        lines = map(untrusted.printable, text.split("\n"))
        return self._texts.setdefault("\n".join(lines), len(self._texts))

    def wordings(self, texts: Sequence[str]) -> int:
        """Return the number of the wordings of a short text, from the longest on; empty ones are left out."""
        told = tuple(self(text) for text in texts if text) or (self(""),)
        return self._wordings.setdefault(told, len(self._wordings))

    def way(self, ways: Sequence[Way]) -> list[int]:
        """Return the numbers of the pieces of a sentence's longest wording; none where there is none."""
        return [self._piece(piece) for piece in ways[0]] if ways else []

    def ways(self, ways: Sequence[Way]) -> int:
        """Return the number of all wordings of a sentence, for one that is said at many moments."""
        told = tuple(tuple(self._piece(piece) for piece in way) for way in ways)
        return self._ways.setdefault(told, len(self._ways))

    def _piece(self, piece: Piece) -> int:
        text = " " if piece == BREAK else piece.text
        learner = self._learners.get(piece.learner, PLAIN) if piece.learner else PLAIN
        told = (self(text), learner, piece.task, int(piece.strong))
        return self._pieces.setdefault(told, len(self._pieces))

    @property
    def all(self) -> list[str]:
        """The texts by number."""
        return list(self._texts)

    @property
    def pieces(self) -> list[NewPiece]:
        """The pieces by number: text, learner, task, 1 where it is in bold."""
        return list(self._pieces)

    @property
    def sentences(self) -> list[tuple[tuple[int, ...], ...]]:
        """The wordings by number, each the numbers of its pieces, from the longest wording to the shortest."""
        return list(self._ways)

    @property
    def short(self) -> list[tuple[int, ...]]:
        """The wordings of short texts by number, each a text's number."""
        return list(self._wordings)
