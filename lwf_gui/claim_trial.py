"""The trial of a claim in the terminal: its runs trained seed by seed, and their figures kept as they come."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import typer

from lwf_gui import InputError, paths, untrusted
from lwf_gui.claims import Measured, figures_of, load_claim, matching, measured, words
from lwf_gui.claims.figures import SeedFigures
from lwf_gui.engine.runner import Runner
from lwf_gui.messages import DataReady, Finished
from lwf_gui.runs.record import Record
from lwf_gui.terminal import ended, run_shown


class BrokenOff(Exception):  # noqa: N818 - what went wrong is said already
    """A run did not come to its end; ``code`` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class Trial:
    """A claim that is trained with several seeds.

    Parameters
    ----------
    name : of the claim, or its file
    data : in place of the preset's; empty: these
    keep : where figures are kept, and which of them need not be trained again; None: nowhere
    quiet : whether no progress is said

    Raises
    ------
    InputError
        If there is no such claim, or figures can be neither read nor kept there.
    """

    def __init__(self, name: str, *, data: str, keep: Path | None, quiet: bool) -> None:
        self.claim = load_claim(name)
        self._data, self._keep, self._quiet = data, keep, quiet
        self._runner = Runner(forks=False)
        self.found: Measured | None = None
        if keep is not None:
            paths.require_writable(keep.absolute().parent, option="--keep")
            self.found = measured.read(keep, self.claim) if keep.exists() else None

    def train(self, asked: range) -> Mapping[int, SeedFigures]:
        """Train what is missing of these seeds; return the figures of all of them.

        Raises
        ------
        BrokenOff
            If a run was stopped or has failed, which is said before.
        """
        for end in (asked[0], asked[-1]):  # both must be seeds
            self.claim.recipe(self.claim.run[0].name, end, self._data)
        for seed in asked:
            for run in self.claim.runs:
                if self.found is None or run not in self.found.of(seed):
                    self._say(f"Seed {seed}, {asked.index(seed) + 1} of {len(asked)}: {run}")
                    self._add(seed, run)
        assert self.found is not None, "there is at least one seed"
        return {seed: self.found.of(seed) for seed in asked}

    def _add(self, seed: int, run: str) -> None:
        """Train one run and keep its figures."""
        record = self._run(seed, run)
        assert record.data is not None, "a run that has ended has data"
        begun = self.found or self._begun(record.data)
        if begun.data != record.data.dataset:
            raise InputError(
                f"--keep {self._keep} holds figures on {begun.data}, and this run is on {record.data.dataset}: "
                "name another file."
            )
        self.found = begun.with_run(seed, run, figures_of(record))
        if self._keep is not None:
            measured.write(self.found, self._keep)

    def _run(self, seed: int, run: str) -> Record:
        recipe = self.claim.recipe(run, seed, self._data)
        view, outcome = run_shown(self._runner, recipe, quiet=self._quiet, json=True)
        if isinstance(outcome, Finished):
            return view.record
        raise BrokenOff(ended(outcome, stopped="stopped."))

    def _begun(self, data: DataReady) -> Measured:
        return Measured(
            digest=matching.digest(self.claim),
            data=untrusted.shortened(data.dataset, 200),
            device=untrusted.shortened(data.device, 200),
            date=datetime.date.today().isoformat(),
            seeds={},
        )

    def _say(self, place: str) -> None:
        if not self._quiet:
            typer.echo(f"{place} (a seed takes {words.cost_text(self.claim, 1)} on two cores)", err=True)
