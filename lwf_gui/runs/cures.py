"""Who can join a run that has come to its end, above all who brings back what the others have forgotten.

Pure functions of a record; how a learner joins is `lwf_gui.runs.forks.with_learner`.
"""

from __future__ import annotations

from lwf_gui.learners import MOST_LEARNERS, LearnerSpec
from lwf_gui.methods import METHODS, method_of, subject_of
from lwf_gui.recipe import Recipe
from lwf_gui.runs.forks import is_complete
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.results import stored_size

CURES = ("ranpac", "slda", "replay")
"""Methods that keep class-incremental accuracy, the best first: the first that there is brings it back."""


def cure() -> str:
    """Return the method that brings back what was forgotten."""
    return next(name for name in CURES if name in METHODS)


def others(record: Record) -> tuple[str, ...]:
    """Return the methods that no learner of a run follows."""
    known = {learner.method for learner in record.data.recipe.learners} if record.data else set()
    return tuple(name for name in METHODS if name not in known)


def spec_of(recipe: Recipe, method: str) -> LearnerSpec:
    """Return one more learner of a recipe, under a name that no other one has."""
    numbered = (f"{METHODS[method].label} {number}" for number in range(2, MOST_LEARNERS + 2))
    return LearnerSpec(method, next(name for name in (method, *numbered) if name not in recipe.names))


def why_not(record: Record) -> str:
    """Return why no learner can join a run, as a sentence; empty if one can."""
    if record.data is None or not is_complete(record):
        return "A learner joins a run that has come to its end: run this one to its end first."
    if len(record.data.recipe.learners) >= MOST_LEARNERS:
        return f"This run has {MOST_LEARNERS} learners: it can have no more."
    return ""


def why_no_cure(record: Record) -> str:
    """Return why there is nothing to be brought back in a run, as a sentence; empty if there is."""
    problem = why_not(record)
    if problem or record.data is None:
        return problem
    keeps = [each for each in record.data.recipe.learners if _remembers(each.method)]
    if keeps:
        return f"A learner of this run stores images or statistics already: {label_of(keeps[0].name)}."
    return ""


def sentence(record: Record, learner: str) -> str:
    """Say what a learner that joined keeps of earlier tasks, by its last evaluation, and where to look."""
    row = method_of(learner)
    if row is not None and row.parts.trains == "others":
        return f"{subject_of(learner)} is mixed of two networks' weights, at every step anew."
    last = next(reversed(record.evaluations), None)
    stored = last.scores[learner].stored_bytes if last is not None and learner in last.scores else 0
    settings = record.data.recipe.settings_of(learner) if record.data else None
    images = getattr(settings, "per_class", None) if stored else None
    size = stored_size(stored)
    kept = f"{images} images a class, {size}" if images else size
    return f"{subject_of(learner)} stores {kept}. Class-incremental accuracy (not told the task) shows it."


def _remembers(method: str) -> bool:
    """Say whether a method forgets little: it stores images, or answers by statistics that it keeps of features."""
    row = METHODS.get(method)
    return row is not None and (row.rehearses or bool(row.answers_by))
