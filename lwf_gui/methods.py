"""The methods that a learner can follow, and what people call the learners of a run: label, colour, mark.

Imports no torch: the recipe, the plots and the help text read this table too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lwf_gui import plugins
from lwf_gui.branches import BranchName, branch_label, parsed, short_label
from lwf_gui.colours import distance
from lwf_gui.method_rows import BUILT_IN, Method

__all__ = ["BUILT_IN", "DEFAULT_LEARNERS", "METHODS", "PROBLEMS", "Method", "call", "method_of", "subject_of"]

_WORDS = {"seed", "learners", "data", "model", "task1", "task2", "train", "engine", "teacher"}
"""Names that mean something else: settings and groups of the recipe, and the first teacher."""

_PLUGGED_IN = plugins.found(_WORDS | {word for row in BUILT_IN for word in (row.name, row.key)})

METHODS: dict[str, Method] = {row.name: row for row in (*BUILT_IN, *_PLUGGED_IN.rows)}

PROBLEMS = _PLUGGED_IN.problems
"""A sentence for every method of another package that cannot be used."""

DEFAULT_LEARNERS = ("fine-tune", "lwf")
"""Who learns where a recipe does not say it."""

BRANCH_COLOURS = (("#A6498A", "#E29AC4"), ("#8A6D00", "#F0C94A"), ("#00785A", "#3FC79A"), ("#444444", "#D8D8D8"))
"""Colours of branches in their order, on light and on dark: Okabe and Ito's purple, yellow, green and black."""

_BRANCH_SYMBOLS = ("", "t1", "t", "t2")
"""Their marks each time that the colours come round, so that no two branches are alike; at first their method's own."""

_MORE_COLOURS = (*BRANCH_COLOURS[:2], ("#1B7F9E", "#7CCBE3"), ("#B0413E", "#F2938F"), *BRANCH_COLOURS[2:])
_MORE_SYMBOLS = ("t1", "star", "p", "h", "t2", "+", "x", "t3")
"""Of further learners of one method: colours that are far from the others of the run, marks in their order."""

_called: dict[str, Method] = {}
"""Rows of learners with names of their own, by name, as the last recipe that has them says."""


def call(learners: Iterable[tuple[str, str]]) -> None:
    """Give every learner of a recipe, (name, method), its label, colour and mark, by which it is then known.

    The first learner of a method has the method's own, all further ones get some that no other learner has. A learner
    with its method's name needs no entry: it is known by the table.
    """
    learners = tuple(learners)
    plain = {method for name, method in learners if name == method}
    led, further = set(plain), 0
    taken = [_colours_of(METHODS[method]) for method in dict.fromkeys(method for _, method in learners)]
    for name, method in learners:
        if name == method:
            continue
        row = replace(METHODS[method], name=name, label=name, short=name, group=METHODS[method].key)
        if method in led:
            colour, dark_colour = _farthest(taken)
            taken.append((colour, dark_colour))
            symbol = _MORE_SYMBOLS[further % len(_MORE_SYMBOLS)]
            row = replace(row, colour=colour, dark_colour=dark_colour, symbol=symbol)
            further += 1
        led.add(method)
        _called[name] = row


def _colours_of(row: Method) -> tuple[str, str]:
    """Return the colours of a method, on light and on dark."""
    return row.colour, row.dark_colour


def _farthest(taken: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the colours for one more learner that look least like those that a run has already, on light and dark."""

    def apart(pair: tuple[str, str]) -> float:
        return min(distance(one, other) for each in taken for one, other in zip(pair, each, strict=True))

    fewest = min(map(taken.count, _MORE_COLOURS))
    return max((pair for pair in _MORE_COLOURS if taken.count(pair) == fewest), key=apart)


def method_of(learner: str) -> Method | None:
    """Return what a learner follows, also if it is a branch, with its own name, label and colour.

    None is the teacher, or a name that is no learner's.
    """
    own = METHODS.get(learner) or _called.get(learner)
    if own is not None or (name := parsed(learner)) is None:
        return own
    origin = METHODS.get(name.root) or _called.get(name.root)
    return None if origin is None else _branch(learner, name, origin)


def is_free(learner: str) -> bool:
    """Whether nothing holds a learner's old answers: it is fine-tuned."""
    row = method_of(learner)
    return row is not None and row.implementation == METHODS["fine-tune"].implementation


def _branch(learner: str, name: BranchName, origin: Method) -> Method:
    again, place = divmod(name.number - 1, len(BRANCH_COLOURS))
    colour, dark_colour = BRANCH_COLOURS[place]
    return replace(
        origin,
        name=learner,
        group=origin.key,
        label=branch_label(name, origin.label),
        short=short_label(name, origin.short),
        colour=colour,
        dark_colour=dark_colour,
        symbol=_BRANCH_SYMBOLS[again % len(_BRANCH_SYMBOLS)] or origin.symbol,
        help=f"A branch: until step {name.step:,} the same as {origin.label}, then with settings of its own. "
        f"{origin.help}",
    )


def subject_of(learner: str) -> str:
    """Return a learner's label as the subject of a sentence: what stands between commas is closed by one."""
    method = method_of(learner)
    label = method.label if method else learner
    return f"{label}," if "," in label else label
