"""All fields of a recipe: the sections, and the groups of settings that the methods bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ConfigDict, Field, create_model

from lwf_gui import learners as learners_module
from lwf_gui.groups import Group, extra
from lwf_gui.learners import LearnerSpec
from lwf_gui.method_rows.distillation import Lwf
from lwf_gui.methods import DEFAULT_LEARNERS, METHODS
from lwf_gui.recipe.sections import Data, Engine, Model, Task1, Task2, Train


class Parts(Group):
    """What a run has whatever its methods are."""

    model_config = ConfigDict(defer_build=True)  # only `Recipe` is ever made: one schema is built in place of four

    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Fixes the first weights, the order of the batches, the probe images and which images a smaller "
        "training set has.",
        json_schema_extra=extra("Seed"),
    )
    learners: tuple[LearnerSpec, ...] = Field(
        learners_module.read(DEFAULT_LEARNERS),
        description="Methods that learn the new task in lockstep: " + ", ".join(METHODS) + ". In place of a name "
        "may stand a table with a name and settings of its own, so that one method can learn twice.",
        json_schema_extra=extra("Learners", allowed=learners_module.ALLOWED),
    )
    data: Data = Data()
    model: Model = Model()
    task1: Task1 = Task1()
    task2: Task2 = Task2()
    train: Train = Train()


OF_METHODS = {row.key: row.settings for row in METHODS.values() if row.settings}
"""The methods' own settings, by group, in the order of their rows."""

if TYPE_CHECKING:

    class _PartsAndMethods(Parts):
        """One field for every group of ``OF_METHODS``; here those that are read by name."""

        lwf: Lwf = Lwf()

else:
    _PartsAndMethods = create_model(
        "_PartsAndMethods", __base__=Parts, **{key: (group, group()) for key, group in OF_METHODS.items()}
    )


class Fields(_PartsAndMethods):
    """What `Recipe` holds, in its order."""

    engine: Engine = Engine()
