"""Divergence: what is said of learners whose loss is not a finite number any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lwf_gui.methods import method_of, subject_of


class Diverged(RuntimeError):  # noqa: N818 - what happened, in the field's word
    """The losses of all learners became infinite or not a number."""


def of_all(learners: Iterable[str], last: str, step: int, task: int) -> Diverged:
    """Return the error of a run none of whose learners learns any more, since the last one diverged, with advice."""
    setting = f"the learning rate or {strength_of(learners)}" if task else "task1.lr"
    return Diverged(
        f"{subject_of(last)} diverged: its loss is not a finite number at step {step} of task {task + 1}; "
        f"lower {setting} and run again."
    )


def of_some(losses: Mapping[str, float], step: int) -> str:
    """Say that learners diverged, by name with the loss that says so, while others go on."""
    what = " and ".join(f"{subject_of(learner)} diverged: its loss is {loss}" for learner, loss in losses.items())
    return (
        f"{what} at step {step}, so it learns no more while the others go on; try a smaller learning rate or "
        f"{strength_of(losses)}, in a fork at an earlier step or a new run."
    )


def strength_of(learners: Iterable[str]) -> str:
    """Return the setting, or several, that says how hard learners are kept near what they were."""
    rows = [method_of(learner) for learner in learners]
    found = dict.fromkeys(row.may_own().get("strength", "alpha") if row else "alpha" for row in rows)
    return " or ".join(found)
