"""Averaging two networks of a run: which mixture on the straight path between them is best, and who is made of it.

Best is the mixture whose mean of old and new accuracy, under the protocol that is shown, is highest. Pure functions of
a record and a look; how the learner joins is `lwf_gui.runs.forks.with_learner`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lwf_gui.branches import branch_number
from lwf_gui.learners import LONGEST_NAME, LearnerSpec
from lwf_gui.messages import POINTS, TEACHER
from lwf_gui.runs import cures
from lwf_gui.runs.names import label_of, short_label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.straight_path import Ends, StraightPathFigures, straight_path

METHOD = "average"
"""The method whose learners are mixed of two others."""

PARTS = POINTS - 1

NO_PATH = "No straight path between two networks is known here: a run has one once task 2 is under way."


@dataclass(frozen=True, slots=True)
class Offer:
    """The best mixture of two networks: what it is mixed of, where it stands, who would join, and why nobody can.

    Attributes
    ----------
    point : of the path, neither of its ends
    spec : the learner that would join the run
    problem : why it cannot, as a sentence; empty where it can
    """

    ends: Ends
    point: int
    spec: LearnerSpec
    problem: str

    @property
    def shares(self) -> tuple[str, str]:
        """How much of each end is in it, as people write it: "5/8" and "3/8"."""
        return str(Fraction(PARTS - self.point, PARTS)), str(Fraction(self.point, PARTS))


def offered(record: Record, selection: Selection) -> Offer | str:
    """Return the best mixture on the path that is looked at, or why there is none, as a sentence."""
    figures = straight_path(record, selection)
    if figures is None or figures.reason:
        return NO_PATH if figures is None else figures.reason
    return offer(record, figures, figures.between(selection.path))


def offer(record: Record, figures: StraightPathFigures, ends: Ends) -> Offer:
    """Return the best mixture on a path that is known."""
    point = figures.paths[ends].best_mixture
    name = _name(figures, ends, point)
    own = (("start", ends[0]), ("end", ends[1]), ("share", point / PARTS))
    return Offer(ends, point, LearnerSpec(METHOD, name, own), _why_not(record, ends, name))


def _why_not(record: Record, ends: Ends, name: str) -> str:
    """Return why a mixture cannot join a run, as a sentence; empty if it can."""
    problem = cures.why_not(record)
    if problem or record.data is None:
        return problem
    if name in record.data.recipe.names:
        return f"This run has it already: {name}."
    fork = next((end for end in ends if branch_number(end)), "")
    if fork:
        return f"{label_of(fork)} is a fork, and no learner that a run begins with: only those can be averaged."
    return ""


def _name(figures: StraightPathFigures, ends: Ends, point: int) -> str:
    """Return what the learner is called, such as "1/2 old network + 1/2 Fine-tuning": in full, or as short as it must.

    A short one of long names says how far it stands on the way.
    """
    first, last = str(Fraction(PARTS - point, PARTS)), str(Fraction(point, PARTS))
    old = ("after task 1", "task 1") if figures.many else ("old network", "old")
    for place, call in enumerate((label_of, short_label_of)):
        start = old[place] if ends[0] == TEACHER else call(ends[0])
        name = f"{first} {start} + {last} {call(ends[1])}"
        if len(name) <= LONGEST_NAME:
            return name
    room = (LONGEST_NAME - len(f"{first}  + {last} ")) // 2
    start = old[1] if ends[0] == TEACHER else short_label_of(ends[0])
    return f"{first} {start[:room].strip()} + {last} {short_label_of(ends[1])[:room].strip()}"
