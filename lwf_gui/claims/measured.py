"""Measured figures of a claim: a small JSON file, shipped with the program or kept by ``lwf-gui claims --keep``.

It says on which data, on what machine and when; every seed's figures stand in it as they came. Figures of other runs
than the claim's present ones are refused, for they would judge something else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lwf_gui import InputError, untrusted
from lwf_gui.atomic import write_text_atomically
from lwf_gui.claims import reading
from lwf_gui.claims.figures import Figures, SeedFigures
from lwf_gui.claims.matching import digest
from lwf_gui.claims.script import Claim, Metric, Name
from lwf_gui.claims.verdict import MOST_SEEDS
from lwf_gui.messages import ProtocolName
from lwf_gui.reasons import reason

FORMAT: Literal[1] = 1

Value = Annotated[float, Field(ge=-100, le=100)]
Seed = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,9})$")]
Learner = Annotated[str, Field(min_length=1, max_length=40)]
Words = Annotated[str, Field(max_length=200)]


class Measured(BaseModel):
    """The figures of a claim by seed, and of what they are."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    format: Literal[1] = FORMAT
    digest: Words
    data: Words
    device: Words
    date: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    seeds: Annotated[
        dict[Seed, dict[Name, dict[Learner, dict[ProtocolName, dict[Metric, Value | None]]]]],
        Field(max_length=MOST_SEEDS),
    ]

    @property
    def figures(self) -> Mapping[int, SeedFigures]:
        """The figures by seed, in their order."""
        return {seed: self.seeds[str(seed)] for seed in sorted(map(int, self.seeds))}

    def whole(self, claim: Claim) -> Mapping[int, SeedFigures]:
        """Return the figures of the seeds with which all runs of a claim were trained."""
        return {seed: found for seed, found in self.figures.items() if found.keys() >= claim.runs.keys()}

    def of(self, seed: int) -> SeedFigures:
        """Return what there is of a seed."""
        return self.seeds.get(str(seed), {})

    def with_run(self, seed: int, run: str, found: Figures) -> Measured:
        """Return these figures and those of one run more."""
        return Measured.model_validate(
            {**self.model_dump(), "seeds": {**self.seeds, str(seed): {**self.of(seed), run: found}}}
        )


def shipped(name: str, claim: Claim) -> Measured | None:
    """Return the figures that ship with the program for a claim; None where there are none of its present runs."""
    file = reading.FORM.folder / "measured" / f"{name}.json"
    try:
        return read(file, claim) if file.is_file() else None
    except InputError:
        return None  # a claim that was changed since it was measured


def read(file: Path, claim: Claim) -> Measured:
    """Read a file of figures.

    Raises
    ------
    InputError
        If it cannot be read, is no such file, or is of other runs than the claim's.
    """
    where = untrusted.shortened(str(file), 200)
    try:
        tree = json.loads(untrusted.read_text(file))
        untrusted.check_tree(tree)
        found = Measured.model_validate(tree)
    except OSError as error:
        raise InputError(f"{where}: the file cannot be read ({reason(error)}).") from error
    except untrusted.Unsound as error:
        raise InputError(f"{where} cannot be read: {error}.") from error
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise InputError(f"{where} holds no figures of a claim: {untrusted.shortened(place)} is wrong.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} holds no figures of a claim: it is not valid JSON.") from error
    if found.digest != digest(claim):
        raise InputError(f"{where} holds figures of other runs than this claim's: name another file.")
    return found


def write(found: Measured, file: Path) -> None:
    """Write figures, whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    text = json.dumps(found.model_dump(), indent=1) + "\n"
    try:
        write_text_atomically(file, text)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is no path"
        raise InputError(f"--keep {untrusted.shortened(str(file), 200)}: cannot write there ({why}).") from error
