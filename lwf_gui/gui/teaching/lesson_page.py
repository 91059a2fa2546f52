"""A lesson as a page to choose it by: what it is about, what one can do afterwards, and what it asks of whom.

A pure function of a lesson and of how far it has come; what a file holds is shown as plain text, whatever it is.
"""

from __future__ import annotations

import html
from typing import NamedTuple

from lwf_gui.lessons import Lesson

AFTERWARDS, NEEDED = "Afterwards", "What it asks, and its limits"


class Standing(NamedTuple):
    """How far a lesson has come: it is on the screen, was left at a page counted from 0, or has come to its end."""

    lesson: Lesson
    step: int
    on: bool = False
    finished: bool = False

    @property
    def place(self) -> str:
        """The page, such as "page 4 of 9"."""
        return f"page {self.step + 1} of {len(self.lesson.step)}"

    @property
    def text(self) -> str:
        """How far it has come, below its title in a list."""
        if self.on:
            return f"on the screen, {self.place}"
        return "shown to its end" if self.finished else f"left on {self.place}"

    @property
    def offer(self) -> str:
        """What a button offers: there is nothing to go on with in a lesson that has come to its end."""
        return "Show its last page" if self.finished and not self.on else f"Go on at {self.place}"


class LessonPage(NamedTuple):
    """A lesson with how far it has come, if it has begun."""

    lesson: Lesson
    standing: Standing | None = None

    @property
    def row(self) -> str:
        """What the list of lessons says."""
        far = "" if self.standing is None else f", {self.standing.text}"
        return f"{self.lesson.title}\n{self.lesson.minutes:g} min{far}"

    @property
    def spoken(self) -> str:
        """What a screen reader says of the lesson."""
        lesson = self.lesson
        return " ".join(filter(None, (lesson.about, self.size, *lesson.objectives, lesson.needs)))

    @property
    def size(self) -> str:
        """How long it is, and how often the audience is asked."""
        steps = self.lesson.step
        questions, drawings = sum(bool(step.question) for step in steps), sum(bool(step.predict) for step in steps)
        parts = (_counted(len(steps), "page"), _counted(questions, "question"), _counted(drawings, "curve", " to draw"))
        return f"{self.lesson.minutes:g} minutes: {', '.join(filter(None, parts))}."

    @property
    def html(self) -> str:
        """The lesson as HTML."""
        lesson = self.lesson
        made = [f"<h3>{_plain(lesson.title)}</h3><p><b>{_plain(lesson.about)}</b></p><p>{self.size}</p>"]
        if lesson.objectives:
            rows = "".join(f"<li>{_plain(each)}</li>" for each in lesson.objectives)
            made.append(f"<h4>{AFTERWARDS}</h4><ul>{rows}</ul>")
        if lesson.needs:
            made.append(f"<h4>{NEEDED}</h4><p>{_plain(lesson.needs)}</p>")
        return "".join(made)


def _counted(number: int, noun: str, after: str = "") -> str:
    """Return how many there are; empty for none."""
    return f"{number} {noun}{'s' if number > 1 else ''}{after}" if number else ""


def _plain(text: str) -> str:
    return html.escape(text)
