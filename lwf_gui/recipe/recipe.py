"""The recipe: one run, complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError, field_serializer, field_validator, model_validator

from lwf_gui import InputError
from lwf_gui import learners as learners_module
from lwf_gui.branches import root_of
from lwf_gui.groups import Group
from lwf_gui.learners import LearnerSpec, told
from lwf_gui.methods import METHODS, call
from lwf_gui.recipe.faults import sentence
from lwf_gui.recipe.fields import Fields
from lwf_gui.recipe.live import LiveSettings
from lwf_gui.recipe.table import live_keys, require_setting, settings


class Recipe(Fields):
    """One run, complete: the same recipe and seed give the same numbers to the last digit."""

    @field_validator("learners", mode="before")
    @classmethod
    def _learners_read(cls, learners: object) -> object:
        return learners_module.read(learners)

    @field_serializer("learners")
    def _learners_told(self, learners: tuple[LearnerSpec, ...]) -> tuple[str | dict[str, Any], ...]:
        return told(learners)

    @model_validator(mode="after")
    def _learners_called(self) -> Recipe:
        call((learner.name, learner.method) for learner in self.learners)
        return self

    @model_validator(mode="after")
    def _warmup_fits(self) -> Recipe:
        if self.task2.warmup_epochs > self.task2.epochs and not self.task2.steps:
            raise ValueError(
                f"task2.warmup_epochs = {self.task2.warmup_epochs} is not allowed: "
                f"it must be at most task2.epochs, here {self.task2.epochs}."
            )
        return self

    @model_validator(mode="after")
    def _methods_fit_the_network(self) -> Recipe:
        for learner in self.learners:
            shared = self.settings_of(learner.name)
            if shared is not None and (fault := shared.fault(self.model.network)):
                raise ValueError(f"{METHODS[learner.method].key}.{fault}")
        return self

    @model_validator(mode="after")
    def _mixed_are_there(self) -> Recipe:
        for place, learner in enumerate(self.learners):
            if fault := learners_module.mixing_fault(self.learners, place, self.settings_of(learner.name)):
                raise ValueError(fault)
        return self

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that learners follow, and those that train along for one that mixes others' weights."""
        mixed = (getattr(self.settings_of(name), "ends", ()) for name in self.names)
        ends = (end for names in mixed for end in names if end not in self.names and end in METHODS)
        return tuple(dict.fromkeys((*(learner.method for learner in self.learners), *ends)))

    def having(self, name: str) -> Recipe:
        """Return a recipe that has a learner of this name: this one, or one of a learner with its method's name."""
        return self if name in self.names else self.with_settings({"learners": [name]})

    @property
    def names(self) -> tuple[str, ...]:
        """The learners by name, in their order."""
        return tuple(learner.name for learner in self.learners)

    def learner(self, name: str) -> LearnerSpec:
        """Return a learner by its name; for a branch the one that it descends from.

        Raises
        ------
        KeyError
            For a name that is no learner's.
        """
        found = {learner.name: learner for learner in self.learners}
        return found[name if name in found else root_of(name)]

    def settings_of(self, name: str) -> Group | None:
        """Return the settings of a learner's method, with what it has for itself; None if the method has none."""
        spec = self.learner(name)
        row = METHODS[spec.method]
        shared: Group | None = getattr(self, row.key, None)
        own = {name: value for name, value in spec.own if name in row.of_its_group()}
        return shared if shared is None else shared.model_copy(update=own)

    def own_live_settings(self, name: str) -> dict[str, Any]:
        """Return the fields of `LiveSettings` that a learner has for itself from the start."""
        spec = self.learner(name)
        keys = {key: field for field, key in live_keys().items()}
        named = {keys.get(METHODS[spec.method].may_own()[own]): value for own, value in spec.own}
        return {field: value for field, value in named.items() if field}

    def live_settings(self) -> LiveSettings:
        """Return the live settings at the first step of task 2."""
        of_methods: dict[str, Any] = {field: self.get(key) for field, key in live_keys().items()}
        return LiveSettings(backbone_frozen=self.task2.warmup_epochs > 0, **of_methods)

    def starts_like(self, other: Recipe) -> bool:
        """Whether both runs are the same up to the head expansion: data, teacher and first weights of the learners."""
        methods = tuple({row.key for row in METHODS.values() if row.settings is not None} - {"lwf"})
        parts = ("seed", "learners", "data", "model", "task1", "train", "engine", *methods)
        return all(getattr(self, part) == getattr(other, part) for part in parts)

    def built_like(self, other: Recipe) -> bool:
        """Whether both differ in live settings at most."""
        return set(self.changes_from(other)) <= set(live_keys().values())

    def changes_from(self, other: Recipe) -> tuple[str, ...]:
        """Return the keys of the settings that differ."""
        return tuple(key for key in settings() if self.get(key) != other.get(key))

    def get(self, key: str) -> Any:
        """Return the value of a setting by its dotted key."""
        value: Any = self
        for part in key.split("."):
            value = getattr(value, part)
        return told(value) if key == "learners" else value

    def with_settings(self, changes: Mapping[str, Any]) -> Recipe:
        """Return a copy with settings changed by dotted key.

        Raises
        ------
        InputError
            Naming the key, the value and what is allowed.
        """
        tree = self.model_dump()
        for key, value in changes.items():
            require_setting(key)
            *groups, name = key.split(".")
            branch = tree
            for group in groups:
                branch = branch[group]
            branch[name] = value
        return validated(tree)


def validated(tree: Mapping[str, Any]) -> Recipe:
    """Return the recipe of a tree of settings, or raise `InputError` with its first fault."""
    try:
        return Recipe.model_validate(tree)
    except ValidationError as error:
        raise InputError(sentence(error, tree)) from error
