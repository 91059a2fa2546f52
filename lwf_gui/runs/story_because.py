"""Why it was forgotten, or not, in a sentence for who has never heard of it: only what holds in the record.

A network answers with the class whose score (logit) is highest. Each new image's label says "none of the old classes",
which pushes all old scores down: where they fall unevenly, another one is left on top and is answered to nearly all old
images; where they fall alike, their order stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from lwf_gui.methods import is_free, method_of
from lwf_gui.numbers import listed
from lwf_gui.runs import shown, tasks_shown
from lwf_gui.runs.image_grid import image_grid
from lwf_gui.runs.names import class_name, names_of
from lwf_gui.runs.pushed import LITTLE, Pushed, pushed, seen_in_new
from lwf_gui.runs.record import Record
from lwf_gui.runs.score_response import FLAT, responses
from lwf_gui.runs.score_response_words import FOLLOWS, left
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.stability_gap import stability_gap
from lwf_gui.runs.story_told import BREAK, CLEAR, MOST_TOLD, Forgotten, Piece, Way, kinds, told_of
from lwf_gui.runs.task_habits import told_habit
from lwf_gui.runs.why_methods import pulls_back

WHY = Piece("Why: ", strong=True)


def because(record: Record, selection: Selection, told: list[Forgotten]) -> Iterator[Way]:
    """Yield why it was forgotten, where that is clear: of the learners that forgot, and of one that held on."""
    lost = {each.learner: each.points for each in told if each.points >= CLEAR}
    if not lost:
        return
    if selection.protocol == "class_incremental":
        yield from _drowned(record, selection, told, lost)
        return
    free = {name: points for name, points in lost.items() if is_free(name)}
    if not free:
        return
    held = [each for each in told if each.points <= min(free.values()) - CLEAR and not is_free(each.learner)]
    held = [each for each in held if not _is_mixed(each.learner)] or held  # who learns says more
    best = min(held, key=lambda each: each.points) if held else None
    if best is not None and not tasks_shown.are_many(record):
        yield from _pushed(record, selection, max(free, key=lambda each: free[each]), best)
    yield from _held(record, selection, told, "" if best is None else best.learner)


# By how scores were pushed


def _pushed(record: Record, selection: Selection, forgot: str, best: Forgotten) -> Iterator[Way]:
    """Yield how scores of old answers were pushed, where that tells who forgot from who held on: it is measured."""
    pushes, held = pushed(record, selection), best.learner
    if held not in pushes or forgot not in pushes or pushes[forgot].even:
        return
    top, push = _left_on_top(record, selection, forgot, pushes), pushes[forgot]
    highest = "the highest score is the answer"
    share, part = "and old images share the network that new ones change.", "and new images change what old ones need."
    weak = best.points >= CLEAR
    even = pushes[held].even and not weak
    found = responses(record, selection)
    mine, theirs = (None if found is None else found.of(name) for name in (forgot, held))
    so = _flat(mine.slope, top) if top and mine is not None and mine.slope <= FLAT else ""
    long, short = _drift(record, push, top, kinds(record), so), _drift(record, push, top, "", so)
    share_left = f" ({left(theirs.slope)} left)" if theirs is not None and so and theirs.slope >= FOLLOWS else ""
    kept = Piece(f" {_keeps(record, selection, best, even=even, share=share_left)}")
    fall = f"'s unevenly{f', so {top} is left highest' if top else ''}; "
    few = f"'s unevenly{f': {top} is left on top' if top else ''}; "
    other_way = " is pulled back, not enough yet." if weak else f" {_as(record, selection, held)[1]}."
    alike = "'s alike, so their order stays." if even else other_way
    brief = "'s alike." if even else other_way
    for names in names_of([forgot, held]):
        one, other = Piece(names[forgot], forgot), Piece(names[held], held)
        for begin, said in product((f"{highest}, {share}", f"{highest}, {part}", f"{highest}."), (long, short)):
            yield WHY, Piece(begin), BREAK, one, Piece(said), other, kept
        yield WHY, Piece(f"{highest}. "), one, Piece(short), other, kept
        yield WHY, Piece(f"{highest}. New images push old scores down, "), one, Piece(fall), other, Piece(alike)
        yield WHY, Piece("new images push old scores down, "), one, Piece(fall), other, Piece(alike)
        yield WHY, Piece("old scores fall, "), one, Piece(few), other, Piece(brief)
        yield WHY, Piece("old scores fall, "), one, Piece("'s unevenly; "), other, Piece(brief)


def _flat(slope: float, top: str) -> str:
    """Say that old scores hardly follow what an old image shows any more, and which one is highest on all of them."""
    share = f"{left(slope)} of the differences are left"
    return (
        f"On old images high scores fall furthest, until each is nearly the same on all ({share}); {top}'s is highest."
    )


def _drift(record: Record, push: Pushed, top: str, word: str, flat: str) -> str:
    """Say how the scores of a learner that nothing holds were pushed, which one is left highest; ``word``: and why.

    ``flat`` says what came of it, where old scores do not follow the images any more.
    """
    teaches = f': each new image teaches "none of the old {word}" and' if word else ": each new image"
    sinks, stays = class_name(record, push.sinks), class_name(record, push.stays)
    least = f"most, {stays} least" if push.least > LITTLE else f"most, {stays} not"
    if push.by_likeness and push.least <= LITTLE:
        least = f"most; none looks like {stays}"
    what = "pushes down what it looks like" if push.by_likeness else "pushes old scores down"
    so = "On old images, too."
    if flat:
        so = flat
    elif top and push.own > push.least + LITTLE:
        fall = f"their own score sinks by {push.own:.1f}"
        so = f"Old images look far more like old {word or 'ones'}: {fall}, and {top} is left highest."
    elif top:
        so = f"On old images, too, {top} is left highest."
    return f"{teaches} {what}: {sinks} {least}. {so} "


def _keeps(record: Record, selection: Selection, best: Forgotten, *, even: bool, share: str) -> str:
    """Say what holds the scores of the learner that held on best, and what comes of it; ``share``: what is left."""
    long, _ = _as(record, selection, best.learner)
    row, at = method_of(best.learner), moment(record, selection.step)
    if row is None or at is None or row.rehearses or not pulls_back(record, best.learner, at.step):
        return f"{long}{': its scores fall alike' if even else ''}."
    keeps = "must also keep, on new images, old scores as far apart as a frozen old copy has them"
    if not even:
        return f"{keeps}: the farther they drift, the harder it pulls them back."
    dip = _dip(record, selection, best)
    if dip:
        return f"{keeps}: {dip}, but the farther off, the harder it pulls; now the right one is highest again."
    return f"{keeps}: all sink together, on old images, too{share}."


def _dip(record: Record, selection: Selection, best: Forgotten) -> str:
    """Say where a learner that holds on now had fallen far in the first steps; nothing where it had not."""
    gap = stability_gap(record, selection)
    fallen = None if gap is None or gap.reason else gap.of(best.learner)
    if gap is None or fallen is None or fallen.before - fallen.lowest < best.points + 2 * CLEAR:
        return ""
    if gap.here is not None and gap.here < fallen.lowest_at:
        return ""
    return f"at step {fallen.lowest_at} they were not ({shown.percent(fallen.lowest, gap.images)} right)"


def _left_on_top(record: Record, selection: Selection, learner: str, pushes: Mapping[str, Pushed]) -> str:
    """Return the class that is said to most old images, if it is the one that fell least; else nothing."""
    grid = image_grid(record, selection)
    habit = None if grid is None else grid.whole_habit(learner)
    return "" if habit is None or habit.unit != pushes[learner].stays else class_name(record, habit.unit)


# By what holds the old answers


def _held(record: Record, selection: Selection, told: list[Forgotten], best: str) -> Iterator[Way]:
    """Yield what changed the old answers, and what held them, learner by learner; then only of who held on."""
    begin = "learning the new changes weights that the old answers need, too."
    if any(push.by_looks for learner, push in pushed(record, selection).items() if is_free(learner)):
        begin = f"new images push down the old {kinds(record)} they look like, and old images share the weights."
    if len(told) <= MOST_TOLD:
        free = _fallen(record, selection, told)
        kept = {each.learner: _kept(record, selection, each) for each in told}
        for names, ways in product(names_of(kept), ({**kept, **fallen} for fallen in free)):
            parts = ((Piece(" "), Piece(names[learner], learner), Piece(how)) for learner, how in ways.items())
            yield WHY, Piece(begin), *(piece for part in parts for piece in part)
    for names in names_of([best]) if best else ({},):
        for first in (begin, "new images changed what old answers need."):
            if not best:
                yield WHY, Piece(f"{first} Nothing held them.")
                continue
            for how in _as(record, selection, best):
                yield WHY, Piece(f"{first} "), Piece(names[best], best), Piece(f" {how}.")


def _fallen(record: Record, selection: Selection, told: list[Forgotten]) -> Iterator[Mapping[str, str]]:
    """Yield, of the learners that nothing holds, how that shows in their answers, ever shorter; at last nothing."""
    free = [each.learner for each in told if each.points >= CLEAR and is_free(each.learner)]
    said = {learner: habit for learner in free if (habit := told_habit(record, selection, learner))}
    if said:
        yield {learner: f" is held by nothing: {habit}." for learner, habit in said.items()}
        yield {learner: f" is held by nothing: {habit.partition(';')[0]}." for learner, habit in said.items()}
    yield {}


def _kept(record: Record, selection: Selection, each: Forgotten) -> str:
    """Say behind a learner's name what holds its old answers, and whether that was enough."""
    how = _as(record, selection, each.learner)[0]
    lost = ""
    if each.points >= CLEAR and not is_free(each.learner):
        lost = _too_little(record, selection, each.learner) or ": not enough here"
    return f" {how}{lost}."


def _too_little(record: Record, selection: Selection, learner: str) -> str:
    """Say what alone is held of a learner that is pulled back on new images, where that is little; else nothing."""
    at = moment(record, selection.step)
    units = seen_in_new(record, selection, learner) if at and pulls_back(record, learner, at.step) else ()
    names = [class_name(record, unit) for unit in units]
    if not names:
        return ""
    return f", but the old network sees only {listed(names)} in new images: the others drift"


def _as(record: Record, selection: Selection, learner: str) -> tuple[str, str]:
    """Say what holds a learner's old answers where one looks, and shorter."""
    row, at = method_of(learner), moment(record, selection.step)
    if row is None or at is None:
        return "holds on to them", "held on"
    if row.rehearses:
        return "sees old images again", "sees old images again"
    if pulls_back(record, learner, at.step):
        return "must also keep old scores apart as before", "keeps old scores apart as before"
    if row.parts.anchors:
        return "spares weights that mattered", "spares weights that mattered"
    if _is_mixed(learner):
        return "is mixed of two networks", "is mixed of two networks"
    if row.parts.trains == "head" or not row.minimises:
        still = "leaves its shared part as it is"
        return f"{still} and says whose average is nearest" if row.keeps_means else still, still
    return "is held by nothing", "is held by nothing"


def _is_mixed(learner: str) -> bool:
    """Whether a learner's weights are mixed of two networks'."""
    row = method_of(learner)
    return row is not None and row.parts.trains == "others"


# Where the task is not told


def _drowned(record: Record, selection: Selection, told: list[Forgotten], lost: Mapping[str, float]) -> Iterator[Way]:
    """Yield that new answers win, and what is still there of who is told the task."""
    word = kinds(record)
    every = (
        'each new image teaches "a new kind, none of the old": new scores rise and old ones sink, on old images, too.'
    )
    aware = {each.learner: each for each in told_of(record, replace(selection, protocol="task_aware"))}
    there = [name for name in lost if aware[name].points < CLEAR and lost[name] - aware[name].points >= CLEAR]
    if not there:
        yield WHY, Piece(every)
        yield WHY, Piece(f'each new image says "none of the old {word}": new answers drown the old ones.')
        yield WHY, Piece("new images push all old answers down.")
        return
    learner = max(there, key=lambda each: lost[each] - aware[each].points)
    text = aware[learner].text
    for names in names_of([learner]):
        name = Piece(names[learner], learner)
        yield WHY, Piece(f"{every} Told the task, "), name, Piece(f" {text}: what it knew is there, but drowned.")
        yield WHY, Piece("told the task, "), name, Piece(f" {text}; among all {word} new answers drown the old ones.")
        yield WHY, Piece("told the task, "), name, Piece(f" {text}; here the new answers drown the old.")
        yield WHY, Piece("new answers drown the old; told the task, "), name, Piece(f" {text}.")
