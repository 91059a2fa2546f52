"""The page of a lesson, as the caption strip shows it: words alone."""

from __future__ import annotations

from dataclasses import dataclass

LETTERS = "ABCD"
"""Names of the choices; no keys, for every letter of them is a key of the window, or may be one."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the strip shows.

    Attributes
    ----------
    number, count : this step, counted from 1, and how many there are
    status : what is going on, such as "Training to step 375..."; empty for nothing
    note : one sentence below the caption, such as why figures differ
    prompt : the question, or what the audience shall draw
    choices : answers to choose from, at most `LETTERS`
    answer : number of the right choice, once it is out; None before
    chosen : number of the user's choice; None before, or if the answer came without one
    because : why the answer is right
    proved : what this page tells of the question of the page before; empty for nothing
    shorter : other ways to say the status, from the longest to the shortest, where there is less room
    """

    title: str
    number: int
    count: int
    caption: str
    status: str = ""
    note: str = ""
    prompt: str = ""
    choices: tuple[str, ...] = ()
    answer: int | None = None
    chosen: int | None = None
    because: str = ""
    proved: str = ""
    next_text: str = "Next"
    shorter: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """What is said once the answer is known: right or wrong by word and mark, not by colour alone."""
        if self.answer is None:
            return self.proved if self.chosen is None else f"You say {LETTERS[self.chosen]}. The next page tells."
        right = LETTERS[self.answer]
        if self.chosen is None:
            return f"The answer is {right}. {self.because}"
        return f"✓ Right. {self.because}" if self.chosen == self.answer else f"✗ No: it is {right}. {self.because}"
