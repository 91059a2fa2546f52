"""The run told in three sentences: what was learnt one after another, what each learner forgot of it, and why.

Pure functions of a record and a look. The sentences are pieces: text, a learner's name, or the classes of a task, which
a picture shows and words name. Points are those of the cards, on the same images.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lwf_gui.methods import METHODS, method_of
from lwf_gui.runs import averages, shown, tasks_shown
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.image_grid import image_grid
from lwf_gui.runs.names import Names, class_name, learners_of, names_of
from lwf_gui.runs.pushed import pushed
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment

KINDS = {"fashion-mnist": "kinds of clothes", "fashion-mnist-part": "kinds of clothes", "digits": "digits"}
"""What the classes of a data set are called by who has never heard of classes; others are "classes"."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

THEN = " \N{RIGHTWARDS ARROW} "
"""Between tasks that are learnt one after another."""

MOST_TOLD = 4
"""Of more learners only the two are told that forgot least and most."""


CLEAR = 10.0
"""Points from which on forgetting, or a difference of it, is explained: less may be chance."""


class Piece(NamedTuple):
    """A part of a sentence: a text, of a learner where it is a name; or the classes of a task, from ``task`` 0 on."""

    text: str
    learner: str = ""
    task: int = -1


Way = tuple[Piece, ...]
"""One wording of a sentence."""


@dataclass(frozen=True, slots=True)
class Story:
    """Its sentences, each in wordings from the longest to the shortest; none of what there is nothing to tell."""

    learnt: tuple[Way, ...]
    forgotten: tuple[Way, ...] = ()
    because: tuple[Way, ...] = ()

    def words(self, names: Sequence[str]) -> str:
        """Return all in full, for people who hear them; ``names`` are those of each task's classes."""
        ways = (self.learnt[0], *self.forgotten[:1], *self.because[:1])
        told = ("".join(f"({names[piece.task]})" if piece.task >= 0 else piece.text for piece in way) for way in ways)
        return " ".join(told)


class _Forgotten(NamedTuple):
    """What one learner forgot."""

    learner: str
    points: float
    """NaN where there is no figure."""
    text: str
    before: str
    """Of how many points, where that is known."""


def story(record: Record, selection: Selection) -> Story | None:
    """Return the story where one looks; None before there is anything to tell."""
    at, data = moment(record, selection.step), record.data
    if at is None or data is None:
        return None
    noun = KINDS.get(data.dataset, "classes")
    if at.track is not record.incremental:
        return Story(tuple(_base(record, noun)))
    many = tasks_shown.are_many(record)
    learnt = tuple(_tasks(record, at) if many else _two_tasks(record, noun, at))
    told = _told_of(record, selection)
    return Story(
        learnt, tuple(_forgotten(record, selection, told, noun)), tuple(_because(record, selection, told, noun))
    )


def _told_of(record: Record, selection: Selection) -> list[_Forgotten]:
    """Return what each learner forgot, as its card tells."""
    return _averages(record, selection) if tasks_shown.are_many(record) else _old(record, selection)


def _sizes(record: Record) -> tuple[int, ...]:
    """Return the numbers of classes, task by task."""
    assert record.data is not None, "tasks come with the data"
    return record.data.scenario.sizes


# What was learnt


def _base(record: Record, noun: str) -> Iterator[Way]:
    """Yield what is told of task 1."""
    first, *later = _sizes(record)
    ahead = f"; copies of it will learn {sum(later)} {'more' if len(later) > 1 else 'new ones'}"
    yield Piece(f"One network learns {first} {noun} "), Piece("", task=0), Piece(f"{ahead}.")
    yield Piece(f"One network learns {first} {noun} "), Piece("", task=0), Piece(".")
    yield Piece("It learns "), Piece("", task=0), Piece(".")
    yield (Piece(f"It learns {first} {noun}."),)


def _two_tasks(record: Record, noun: str, at: Moment) -> Iterator[Way]:
    """Yield what is told of two tasks."""
    old, new = _sizes(record)
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
    sizes = _sizes(record)
    pictures = [piece for task in range(1, len(sizes)) for piece in (Piece("", task=task), Piece(THEN))][:-1]
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
    yield (Piece(f"{len(sizes)} tasks, one after another{now}."),)


def _copies(record: Record) -> str:
    count = len(learners_of(record))
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return "a copy" if count == 1 else f"{number} copies"


def _again(record: Record) -> bool:
    """Whether any learner sees images of earlier tasks again."""
    rows = map(method_of, learners_of(record))
    return any(row is not None and row.rehearses for row in rows)


# What was forgotten


def _old(record: Record, selection: Selection) -> list[_Forgotten]:
    """Return what each learner forgot of the old task, in points of its card."""
    told = []
    for learner in learners_of(record):
        card = card_of(record, learner, selection)
        if card.change is None or card.expansion_old is None:
            told.append(_Forgotten(learner, float("nan"), _missing(card.diverged), ""))
            continue
        images = card.counts[0]
        told.append(_lost(learner, -card.change, images, shown.digits(card.expansion_old, images)))
    return told


def _averages(record: Record, selection: Selection) -> list[_Forgotten]:
    """Return what each learner forgot of the earlier tasks, on average, as its card tells."""
    told = []
    for learner in learners_of(record):
        figures = averages.averages(record, learner, selection)
        if not figures.known or figures.forgetting != figures.forgetting:
            told.append(_Forgotten(learner, float("nan"), _missing(figures.diverged), ""))
            continue
        told.append(_lost(learner, figures.forgetting, figures.least, ""))
    return told


def _lost(learner: str, points: float, images: int, before: str) -> _Forgotten:
    """Return a number of points in words: forgotten, or gained where it is below 0."""
    points = shown.rounded(points, images)
    text = f"gained {shown.points(points, images)}" if points < 0 else f"forgot {shown.points(points, images)}"
    return _Forgotten(learner, points, text if points else "forgot nothing", before)


def _missing(diverged: int | None) -> str:
    return "is not trained yet" if diverged is None else f"diverged at step {diverged:,}"


def _forgotten(record: Record, selection: Selection, told: list[_Forgotten], noun: str) -> Iterator[Way]:
    """Yield what is told of forgetting."""
    known = [each for each in told if each.points == each.points]
    if not known and all(each.text == _missing(None) for each in told):
        return
    clause = _asked(record, selection, noun)
    at = moment(record, selection.step)
    if at is not None and at.step == 0 and len(known) == len(told) and not any(each.points for each in told):
        yield (Piece(f"{clause}, nothing is forgotten yet."),)
        yield (Piece("Nothing is forgotten yet."),)
        return
    ways = [(clause, told)] if len(told) <= MOST_TOLD or len(known) < 2 else []
    if len(told) > 2 and len(known) > 1:
        ends = [min(known, key=lambda each: each.points), max(known, key=lambda each: each.points)]
        ways.append((f"{clause}, least and most", ends))
    for clause, told in ways:
        yield from _told(clause, told)


def _told(clause: str, told: list[_Forgotten]) -> Iterator[Way]:
    """Yield what these learners forgot, from the longest to the shortest way."""
    for names in names_of(each.learner for each in told):
        for said in (clause, clause.removeprefix("Asked ").capitalize()):
            for of in (True, False):
                yield (Piece(f"{said}: "), *_each(told, names, of=of))
    brief = clause.removeprefix("Asked among ").removeprefix("the ").removeprefix("all ")
    yield (Piece(f"Of {brief}: "), *_each(told, names, of=False))


def _asked(record: Record, selection: Selection, noun: str) -> str:
    """Say among how many classes an image of an old task is asked for: the protocol in plain words."""
    sizes, at, short = _sizes(record), moment(record, selection.step), noun.partition(" ")[0]
    if selection.protocol == "class_incremental":
        return f"Asked among all {sum(sizes[: 1 if at is None else at.task + 1])} {short}"
    return (
        f"Asked among {short} of its task"
        if tasks_shown.are_many(record)
        else f"Asked among the {sizes[0]} old {short}"
    )


def _each(told: Sequence[_Forgotten], names: Names, *, of: bool) -> Iterator[Piece]:
    """Yield what each learner forgot; ``of``: and of how many points. What all have in common is said once."""
    (before,) = befores if of and len(befores := {each.before for each in told}) == 1 else ("",)
    alike = all(each.points > 0 for each in told)
    for place, each in enumerate(told):
        text = each.text
        if alike and place:
            text = text.removeprefix("forgot ").partition(" ")[0]
        elif before and each.points > 0:
            text = f"{text.rpartition(' ')[0]} of {before} points"
            before = ""
        yield Piece(names[each.learner], each.learner)
        yield Piece(f" {text}{'.' if place == len(told) - 1 else ', '}")


# Why


def _because(record: Record, selection: Selection, told: list[_Forgotten], noun: str) -> Iterator[Way]:
    """Yield why it was forgotten, where that is clear: of the learners that forgot, and of one that held on."""
    lost = {each.learner: each.points for each in told if each.points >= CLEAR}
    if not lost:
        return
    short = noun.partition(" ")[0]
    if selection.protocol == "class_incremental":
        aware = {each.learner: each for each in _told_of(record, replace(selection, protocol="task_aware"))}
        there = [name for name in lost if aware[name].points < CLEAR and lost[name] - aware[name].points >= CLEAR]
        if there:
            name = max(there, key=lambda each: lost[each] - aware[each].points)
            yield from _outvoted(name, aware[name].text, short)
            return
        yield (Piece('Why: each new image says "none of the old", and nothing holds the old answers up.'),)
        yield (Piece("Why: new images push all old answers down."),)
        return
    free = {name: points for name, points in lost.items() if _is_free(name)}
    if not free:
        return
    kept = [each for each in told if each.points <= min(free.values()) - CLEAR and not _is_free(each.learner)]
    held = min(kept, key=lambda each: each.points).learner if kept else ""
    yield from _pushed(record, selection, max(free, key=lambda each: free[each]), held)
    begin = "Why: the new images changed weights that the old answers need"
    for names in names_of([held] if held else []) if held else ({},):
        for first in (begin, "Why: new images changed what old answers need"):
            end = (Piece(f"{first}; "), Piece(names[held], held), Piece(f" {_how(held)}.")) if held else ()
            yield end or (Piece(f"{first}, and nothing held them."),)


def _pushed(record: Record, selection: Selection, forgot: str, held: str) -> Iterator[Way]:
    """Yield how scores of old answers were pushed, where that tells who forgot from who held on: it is measured.

    The highest score is the answer: where all fall alike, it stays the same one.
    """
    pushes = pushed(record, selection)
    if held not in pushes or forgot not in pushes or pushes[forgot].even:
        return
    top = _left_on_top(record, selection, forgot)
    so, here = (f", so {top} is left on top; ", f": {top} is left on top; ") if top else ("; ", "; ")
    for names in names_of([forgot, held]):
        one, other = Piece(names[forgot], forgot), Piece(names[held], held)
        end = "'s alike, so their order stays." if pushes[held].even else f" {_how(held)}."
        begin = Piece("Why: the highest score is the answer. New images push old scores down, ")
        yield begin, one, Piece(f"'s unevenly{so}"), other, Piece(end)
        short = "'s alike." if pushes[held].even else f" {_how(held)}."
        for rest in dict.fromkeys((here, "; ")):
            for opening in ("Why: new images push old scores down, ", "Why: old scores fall, "):
                yield Piece(opening), one, Piece(f"'s unevenly{rest}"), other, Piece(short)


def _left_on_top(record: Record, selection: Selection, learner: str) -> str:
    """Return the class that a learner says to most old images, by the first of its names; empty where there is none."""
    grid = image_grid(record, selection)
    habit = None if grid is None else grid.whole_habit(learner)
    return "" if habit is None else class_name(record, habit.unit)


def _outvoted(learner: str, text: str, short: str) -> Iterator[Way]:
    """Yield that a learner still knows what it is not asked for in the way that it can answer."""
    for names in names_of([learner]):
        name = Piece(names[learner], learner)
        yield (
            Piece("Why: told the task, "),
            name,
            Piece(f" {text}; among all {short} the new answers drown the old ones."),
        )
        yield Piece("Why: told the task, "), name, Piece(f" {text}; here the new answers drown the old.")
        yield Piece("Why: new answers drown the old; told the task, "), name, Piece(f" {text}.")


def _is_free(learner: str) -> bool:
    """Whether nothing holds a learner's old answers."""
    row = method_of(learner)
    return row is not None and row.implementation == METHODS["fine-tune"].implementation


def _how(learner: str) -> str:
    """Say how a learner's old answers were held."""
    row = method_of(learner)
    if row is not None and row.rehearses:
        return "saw old ones again"
    return "was pulled back to its old answers" if row is not None and row.distils else "held on to them"
