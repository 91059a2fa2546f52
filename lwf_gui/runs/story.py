"""The run told in three sentences: what was learnt one after another, what each learner forgot of it, and why.

Pure functions of a record and a look. The sentences are pieces: text, a learner's name, or the classes of a task, which
a picture shows and words name. Points are those of the cards, on the same images.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lwf_gui.methods import method_of
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.story_because import because
from lwf_gui.runs.story_luck import is_it_luck
from lwf_gui.runs.story_told import BREAK, Piece, Way, forgotten, noun_of, sizes, told_of

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

THEN = " \N{RIGHTWARDS ARROW} "
"""Between tasks that are learnt one after another."""


@dataclass(frozen=True, slots=True)
class Story:
    """Its sentences, each in wordings from the longest to the shortest; none of what there is nothing to tell."""

    learnt: tuple[Way, ...]
    forgotten: tuple[Way, ...] = ()
    because: tuple[Way, ...] = ()
    luck: tuple[Way, ...] = ()
    """Whether other seeds say so, too; nothing last, for it may be left out."""

    def words(self, names: Sequence[str]) -> str:
        """Return all in full, for people who hear them; ``names`` are those of each task's classes."""
        ways = (self.learnt[0], *self.forgotten[:1], *self.luck[:1], *self.because[:1])
        told = ("".join(f"({names[piece.task]})" if piece.task >= 0 else piece.text for piece in way) for way in ways)
        return " ".join(told).replace(BREAK.text, " ")


def story(record: Record, selection: Selection) -> Story | None:
    """Return the story where one looks; None before there is anything to tell."""
    at = moment(record, selection.step)
    if at is None or record.data is None:
        return None
    noun = noun_of(record)
    if at.track is not record.incremental:
        return Story(tuple(_base(record, noun)))
    many = tasks_shown.are_many(record)
    learnt = tuple(_tasks(record, at) if many else _two_tasks(record, noun, at))
    told = told_of(record, selection)
    why = tuple(because(record, selection, told))
    return Story(learnt, tuple(forgotten(record, selection, told)), why, is_it_luck(record, selection))


# What was learnt


def _base(record: Record, noun: str) -> Iterator[Way]:
    """Yield what is told of task 1."""
    first, *later = sizes(record)
    ahead = f"; copies of it will learn {sum(later)} {'more' if len(later) > 1 else 'new ones'}"
    yield Piece(f"One network learns {first} {noun} "), Piece("", task=0), Piece(f"{ahead}.")
    yield Piece(f"One network learns {first} {noun} "), Piece("", task=0), Piece(".")
    yield Piece("It learns "), Piece("", task=0), Piece(".")
    yield (Piece(f"It learns {first} {noun}."),)


def _two_tasks(record: Record, noun: str, at: Moment) -> Iterator[Way]:
    """Yield what is told of two tasks."""
    old, new = sizes(record)
    ended = at.step >= at.track.started.steps
    copies = _copies(record)
    learn = "learned" if ended else "learns" if len(learners_of(record)) == 1 else "learn"
    then = "then" if ended else "now"
    first, second = Piece("", task=0), Piece("", task=1)
    begin = Piece(f"One network learned {old} {noun} ")
    for without in ("",) if _again(record) else (", without seeing the old again", ", without the old", ""):
        yield begin, first, Piece(f", {then} {copies} of it {learn} {new} new ones "), second, Piece(f"{without}.")
    for without in ("",) if _again(record) else (", without the old", ""):
        yield Piece("One network learned "), first, Piece(f", {then} {copies} {learn} "), second, Piece(f"{without}.")
    yield Piece("Learned: "), first, Piece(f", {then} "), second, Piece(".")
    yield (Piece(f"{old} {noun}, {then} {new} new ones."),)


def _tasks(record: Record, at: Moment) -> Iterator[Way]:
    """Yield what is told of more than two tasks."""
    counts = sizes(record)
    pictures = [piece for task in range(1, len(counts)) for piece in (Piece("", task=task), Piece(THEN))][:-1]
    now = "" if at.step >= at.track.started.steps else f", now task {at.task + 1}"
    copies, first = _copies(record), Piece("", task=0)
    yield (
        Piece("One network learned "),
        first,
        Piece(f", then {'a copy' if copies == 'a copy' else 'each of ' + copies} of it learned one after another "),
        *pictures,
        Piece(f"{now}."),
    )
    yield Piece("Learned one after another: "), first, Piece(THEN), *pictures, Piece(f"{now}.")
    yield first, Piece(THEN), *pictures, Piece(f"{now}.")
    yield (Piece(f"{len(counts)} tasks, one after another{now}."),)


def _copies(record: Record) -> str:
    count = len(learners_of(record))
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return "a copy" if count == 1 else f"{number} copies"


def _again(record: Record) -> bool:
    """Whether any learner sees images of earlier tasks again."""
    rows = map(method_of, learners_of(record))
    return any(row is not None and row.rehearses for row in rows)
