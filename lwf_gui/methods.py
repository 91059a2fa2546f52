"""The methods that a learner can follow: name, label, colour and where the objective lives.

A new method is one new file under ``engine/learners`` and one entry here. Imports no torch: the recipe, the
plots and the help text read this table too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from lwf_gui.branches import branch_label, parsed, short_label


@dataclass(frozen=True, slots=True)
class Method:
    """One way to learn the new task."""

    name: str
    """Identifier in recipes, records and JSON."""
    label: str
    """Name shown to people."""
    short: str
    """The same for narrow places."""
    colour: str
    """Okabe-Ito colour of its curves and card, as ``#rrggbb``; safe for colour-blind eyes."""
    dark_colour: str
    """The same on a dark background, where the first would be too dim."""
    symbol: str
    """Second cue beside the colour: the mark on its curves, a pyqtgraph symbol."""
    distils: bool
    """Whether the teacher's responses enter its objective."""
    objective: str
    """``module:function`` of its objective, imported only by the engine."""
    help: str
    """One sentence for tooltips."""


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            name="fine-tune",
            label="Fine-tuning",
            short="Fine-tuning",
            colour="#D55E00",
            dark_colour="#F07A28",
            symbol="s",
            distils=False,
            objective="lwf_gui.engine.methods.fine_tune:objective",
            help="Trains on the new task alone: total = CE. Nothing asks it to remember.",
        ),
        Method(
            name="lwf",
            label="LwF",
            short="LwF",
            colour="#0072B2",
            dark_colour="#56B4E9",
            symbol="o",
            distils=True,
            objective="lwf_gui.engine.methods.lwf:objective",
            help="Learning without Forgetting: total = CE + alpha x T² x KD; on new images it must go on answering "
            "about the old classes as the teacher does.",
        ),
    )
}

BRANCH_COLOURS = (("#A6498A", "#E29AC4"), ("#8A6D00", "#F0C94A"), ("#00785A", "#3FC79A"), ("#444444", "#D8D8D8"))
"""Colours of branches in their order, on light and on dark: Okabe and Ito's purple, yellow, green and black."""


def method_of(learner: str) -> Method | None:
    """Return what a learner follows, also if it is a branch, which has a label and a colour of its own.

    None is the teacher, or a name that is no method.
    """
    return METHODS.get(learner) or _method_of_branch(learner)


@cache
def _method_of_branch(learner: str) -> Method | None:
    name = parsed(learner)
    if name is None or name.method not in METHODS:
        return None
    origin = METHODS[name.method]
    colour, dark_colour = BRANCH_COLOURS[(name.number - 1) % len(BRANCH_COLOURS)]
    return replace(
        origin,
        name=learner,
        label=branch_label(name, origin.label),
        short=short_label(name, origin.short),
        colour=colour,
        dark_colour=dark_colour,
        help=f"A branch: until step {name.step:,} the same as {origin.label}, then with settings of its own. "
        f"{origin.help}",
    )


def subject_of(learner: str) -> str:
    """Return a learner's label as the subject of a sentence: what stands between commas is closed by one."""
    method = method_of(learner)
    label = method.label if method else learner
    return f"{label}," if "," in label else label
