"""Which run of a claim a recipe is: whatever its data, its machine, and how closely one looks."""

from __future__ import annotations

import hashlib
import json

from lwf_gui.claims.script import Claim
from lwf_gui.messages import Finished
from lwf_gui.recipe import Recipe
from lwf_gui.runs.record import Record

NO_MATTER = ("engine.", "train.log", "data.dataset")
"""Beginnings of the keys of settings that make no other experiment; the data are named beside every figure."""


def run_of(claim: Claim, recipe: Recipe) -> str | None:
    """Return the name of the claim's run that a recipe is, with its own seed; None if it is none of them."""
    return next((name for name in claim.runs if _is_same(claim.recipe(name, recipe.seed), recipe)), None)


def digest(claim: Claim) -> str:
    """Return a mark of what a claim trains, by which figures know whether they are of these runs.

    Settings at their defaults are left out, so that one that the program gains later changes no mark.
    """
    trained = {name: claim.recipe(name, 1).model_dump(mode="json", exclude_defaults=True) for name in claim.runs}
    for recipe in trained.values():
        recipe.pop("engine", None)
        recipe.get("data", {}).pop("dataset", None)
    return hashlib.sha256(json.dumps(trained, sort_keys=True).encode()).hexdigest()[:16]


def _is_same(wanted: Recipe, recipe: Recipe) -> bool:
    return all(key.startswith(NO_MATTER) for key in recipe.changes_from(wanted))


def shown_run(claim: Claim, record: Record) -> str | None:
    """Return which run of a claim a record is: trained to its end, with no setting changed by hand on the way."""
    data, track = record.data, record.incremental
    whole = data is not None and track is not None and isinstance(record.outcome, Finished)
    if not whole or track is None or data is None or track.started.branches:
        return None
    by_hand = any(mark.by == "user" for mark in record.marks)
    return None if by_hand else run_of(claim, data.recipe)
