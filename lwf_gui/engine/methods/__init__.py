"""The methods, one file each; ``lwf_gui.methods`` is their table and `make` the only way to one."""

from __future__ import annotations

import importlib

from lwf_gui.engine.methods.base import Method
from lwf_gui.messages import columns_of
from lwf_gui.methods import METHODS
from lwf_gui.recipe import Recipe


def make(learner: str, recipe: Recipe) -> Method:
    """Return a new method for a learner of a recipe, or for a branch of one.

    Raises
    ------
    KeyError
        For a name that is no learner's.
    """
    spec = recipe.learner(learner)
    method = kind_of(spec.method)(recipe.settings_of(learner), recipe.seed)
    method.name = spec.method
    return method


def kind_of(method: str) -> type[Method]:
    """Return the class of a registered method."""
    module, _, name = METHODS[method].implementation.partition(":")
    kind: type[Method] = getattr(importlib.import_module(module), name)
    return kind


def loss_columns(recipe: Recipe) -> tuple[str, ...]:
    """Return the columns of the losses of a recipe's learners, and so of all their branches."""
    return columns_of([kind_of(learner.method).terms for learner in recipe.learners])


def wants_path(recipe: Recipe) -> bool:
    """Whether a learner of a recipe wants to know the way on which the base task is learnt."""
    return any(kind_of(method).wants_path for method in recipe.methods)
