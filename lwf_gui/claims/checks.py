"""Consistency of a claim whose tables and types are right: its recipes, its runs and learners, what it compares."""

from __future__ import annotations

from lwf_gui import InputError
from lwf_gui.claims.script import Check, Claim, Run, Source
from lwf_gui.recipe import preset_names
from lwf_gui.toml_files.faults import FileFault, refusal
from lwf_gui.toml_files.parts import listed


def check_claim(claim: Claim) -> None:
    """Raise `FileFault` for what only shows between keys: unknown settings, learners that no run has, empty ranges."""
    learners: dict[str, tuple[str, ...]] = {}
    for index, run in enumerate(claim.run):
        if run.name in learners:
            raise FileFault(f"run.{index}.name", refusal("name", run.name, "another one: each run has its own"))
        learners[run.name] = _learners_of(claim, run, f"run.{index}")
    for index, check in enumerate(claim.check):
        _check_form(check, f"check.{index}")
        _check_source(claim, check.run, claim.source(check), learners, f"check.{index}")
        other = claim.other(check)
        if check.other is not None and other is not None:
            _check_source(claim, check.other.run, other, learners, f"check.{index}.other")
            if other == claim.source(check):
                raise FileFault(f"check.{index}.other", "other names the same figure: there is nothing to compare.")


def _learners_of(claim: Claim, run: Run, path: str) -> tuple[str, ...]:
    """Return a run's learners, whose recipe can be trained."""
    if run.preset not in preset_names():
        raise FileFault(f"{path}.preset", refusal("preset", run.preset, listed(preset_names())))
    if "seed" in run.settings:
        raise FileFault(f"{path}.settings.seed", "seed is no setting of a claim: it is trained with many.")
    try:
        return claim.model_copy(update={"run": (run,)}).recipe(run.name, 1).names
    except InputError as error:
        key = next((key for key in run.settings if str(error).startswith(f"{key} ")), "")
        raise FileFault(f"{path}.settings.{key}".rstrip("."), str(error)) from error


def _check_form(check: Check, path: str) -> None:
    """Check that a comparison has what it needs, and nothing that has no meaning in it."""
    if check.must_be == "within":
        if check.low is None or check.high is None or not check.low < check.high:
            raise FileFault(path, "a check that is within needs low and high, low below high.")
        if check.other is not None or check.number is not None or check.by:
            raise FileFault(path, "a check that is within has low and high, but neither other, number nor by.")
        return
    if check.low is not None or check.high is not None:
        raise FileFault(path, f"a check that is {check.must_be} has no low and high; these are for within.")
    if (check.other is None) == (check.number is None):
        raise FileFault(path, f"a check that is {check.must_be} needs either other, a figure, or number.")
    if check.must_be == "near" and not check.by:
        raise FileFault(path, "a check that is near needs by, the points that count as near.")


def _check_source(
    claim: Claim, named: str | None, source: Source, learners: dict[str, tuple[str, ...]], path: str
) -> None:
    """Check that there is a run, and in it the learner."""
    if source.run not in learners:
        raise FileFault(f"{path}.run", refusal("run", source.run, f"a run of this claim: {', '.join(learners)}"))
    if named is None and len(learners) > 1 and not path.endswith(".other"):
        raise FileFault(path, f"run is missing: the claim has several, {', '.join(learners)}.")
    if source.learner not in learners[source.run]:
        there = ", ".join(learners[source.run])
        raise FileFault(f"{path}.learner", refusal("learner", source.learner, f"one that {source.run} trains: {there}"))
