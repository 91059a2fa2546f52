"""The script of a claim: its source, its runs and its comparisons, as a TOML file may hold them.

Tables, types and ranges stand here; what only shows between keys is checked in `lwf_gui.claims.checks`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field

from lwf_gui.claims.verdict import MOST_SEEDS
from lwf_gui.recipe import Recipe, load_preset
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.toml_files.parts import SETTINGS, WORDS, OneOf, Settings, Table, Text, listed, part

FORMAT = 1
"""Version of the files' form."""

METRICS = {
    "average": "average accuracy",
    "old": "old tasks' accuracy",
    "new": "last task's accuracy",
    "forgetting": "forgetting",
    "start": "task 1 where task 2 begins",
    "lowest": "task 1 at its lowest while task 2 is learnt",
    "end": "task 1 where task 2 ends",
}
"""What is taken from a run, in percent or points: the first four after the last task on the full test sets, see
`lwf_gui.runs.continual`; the others on the probe images, for they need many looks."""

MOST_RUNS, MOST_CHECKS = 8, 64
"""Runs and comparisons of a claim at most."""

Relation = Literal["above", "below", "near", "within"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Learner = Annotated[str, Field(min_length=1, max_length=40)]
Metric = Annotated[str, OneOf(tuple(METRICS))]

_LEARNER = "the name of a learner of the run"
_RUN = "the name of a run; with a single run it may be left out"


class Source(NamedTuple):
    """Where a figure comes from: a run of the claim, a learner in it, a protocol, and what is taken."""

    run: str
    learner: str
    protocol: ProtocolName
    metric: str


class Paper(Table):
    """Where it was published."""

    authors: Text = part(WORDS)
    year: int = part("a year from 1950 to 2100", ge=1950, le=2100)
    title: Text = part(WORDS)
    source: Text = part("where it appeared, with its arXiv number or DOI")
    place: Text = part("where in it the claim stands, as in section 4 or table 2", "")


class Run(Table):
    """One training that the claim speaks of."""

    name: Name = part("a name of small letters, digits and hyphens")
    about: Text = part(WORDS)
    preset: Text = part("the name of a preset", "classroom")
    settings: Settings = part(SETTINGS, {})


class Other(Table):
    """The figure that another one is compared with; what is left out is as in that one."""

    run: str | None = part(_RUN, None)
    learner: Learner | None = part(_LEARNER, None)
    protocol: ProtocolName | None = part(listed(tuple(PROTOCOLS)), None)
    metric: Metric | None = part(listed(tuple(METRICS)), None)


class Check(Table):
    """One comparison: a figure above, below or near another one or a number, with a margin; or within a range."""

    run: str | None = part(_RUN, None)
    learner: Learner = part(_LEARNER)
    protocol: ProtocolName = part(listed(tuple(PROTOCOLS)))
    metric: Metric = part(listed(tuple(METRICS)), "average")
    must_be: Relation = part("above, below, near or within")
    other: Other | None = part("a table with the learner, run, protocol or metric to compare with", None)
    number: float | None = part("a number of points from -100 to 100", None, ge=-100, le=100)
    by: float = part("a number of points from 0 to 100", 0.0, ge=0, le=100)
    low: float | None = part("a number from -100 to 100", None, ge=-100, le=100)
    high: float | None = part("a number from -100 to 100", None, ge=-100, le=100)

    @property
    def region(self) -> tuple[float, float]:
        """Which values, in points, are on the claim's side; they are differences where something is compared with.

        A range that ends where shares end is open there: the interval of a mean near 100 % may go beyond.
        """
        match self.must_be:
            case "above":
                return self.by, math.inf
            case "below":
                return -math.inf, -self.by
            case "near":
                return -self.by, self.by
            case "within":
                assert self.low is not None, "it was checked"
                assert self.high is not None, "it was checked"
                lowest = 0.0 if self.metric != "forgetting" else -100.0
                return -math.inf if self.low <= lowest else self.low, math.inf if self.high >= 100 else self.high


class Claim(Table):
    """A published claim: one sentence, its source, what is trained, and what must come out."""

    format: int = part(f"{FORMAT}", ge=FORMAT, le=FORMAT)
    order: int = part("a whole number: claims are listed by it", 1000)
    title: Text = part(WORDS)
    claim: Text = part("one sentence")
    note: Text = part("how this differs from the paper", "")
    seeds: int = part(f"a whole number from 2 to {MOST_SEEDS:,}", 5, ge=2, le=MOST_SEEDS)
    minutes: float = part("the minutes that a seed takes, on two cores, from 0.1 to 600", ge=0.1, le=600)
    shuffle_classes: bool = part("true or false", False)
    paper: Paper = part("a table with authors, year, title and source")
    run: tuple[Run, ...] = part(f"1 to {MOST_RUNS} [[run]] tables", min_length=1, max_length=MOST_RUNS)
    check: tuple[Check, ...] = part(f"1 to {MOST_CHECKS} [[check]] tables", min_length=1, max_length=MOST_CHECKS)

    @property
    def runs(self) -> Mapping[str, Run]:
        """The runs by name."""
        return {run.name: run for run in self.run}

    def recipe(self, run: str, seed: int, data: str = "") -> Recipe:
        """Return what is trained in a run with a seed; ``data`` in place of the preset's.

        With ``shuffle_classes`` the seed draws which classes the tasks have, and in which order they come.

        Raises
        ------
        InputError
            If a setting or its value is not allowed.
        """
        chosen = self.runs[run]
        changes: dict[str, Any] = {**chosen.settings, "seed": seed, **({"data.dataset": data} if data else {})}
        recipe = load_preset(chosen.preset).recipe.with_settings(changes)
        return (
            recipe.with_settings({"data.tasks": shuffled(recipe.data.tasks, seed)}) if self.shuffle_classes else recipe
        )

    def source(self, check: Check) -> Source:
        """Return where a check's figure comes from."""
        return Source(check.run or self.run[0].name, check.learner, check.protocol, check.metric)

    def other(self, check: Check) -> Source | None:
        """Return where the figure comes from that it is compared with; None where that is a number."""
        if check.other is None:
            return None
        return self.source(check)._replace(**{key: value for key, value in check.other if value is not None})


def shuffled(tasks: tuple[tuple[int, ...], ...], seed: int) -> tuple[tuple[int, ...], ...]:
    """Return tasks of the same sizes, with their classes in an order that a seed draws."""
    order = np.random.default_rng(seed).permutation([label for task in tasks for label in task]).tolist()
    return tuple(tuple(order.pop(0) for _ in task) for task in tasks)


TABLES: dict[str, type[Table]] = {"paper": Paper, "run": Run, "check": Check, "other": Other}
