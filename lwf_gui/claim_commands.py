"""The command about paper cards: list the published claims, or try one with several seeds and say its verdict."""

from __future__ import annotations

import json as json_module
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lwf_gui.complaints import EXIT_DONE
from lwf_gui.options import DataOption, SeedOption, require_seeds

if TYPE_CHECKING:
    from lwf_gui.claims import Judged, Measured
    from lwf_gui.claims.figures import SeedFigures

FIRST_SEED = 1
"""The seed that a trial begins with, unless another one is asked for."""


def claims(
    name: Annotated[
        str, typer.Argument(metavar="[NAME|FILE]", help="A claim to try; without one, all are listed.")
    ] = "",
    seeds: Annotated[
        int | None, typer.Option(metavar="N", help="Train N seeds; without it as many as the card asks for.")
    ] = None,
    seed: SeedOption = None,
    data: DataOption = "",
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep every seed's figures there; what is there is not trained again."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print figures and verdicts as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """List published claims, or train one with several seeds and say whether it holds."""
    if not name:
        _list()
        return
    from lwf_gui.claim_trial import BrokenOff, Trial
    from lwf_gui.claims import judge

    trial = Trial(name, data=data, keep=keep, quiet=quiet or json)
    count = trial.claim.seeds if seeds is None else seeds
    require_seeds(count)
    first = FIRST_SEED if seed is None else seed
    try:
        figures = trial.train(range(first, first + count))
    except BrokenOff as broken:
        raise typer.Exit(broken.code) from broken
    assert trial.found is not None, "there is at least one seed"
    judged = judge(trial.claim, figures)
    if json:
        typer.echo(json_module.dumps({"claim": name, **_as_json(judged, trial.found, figures)}))
    else:
        _print(judged, trial.found, figures)
    raise typer.Exit(EXIT_DONE)


def _list() -> None:
    """Say which claims ship with the program, where they are from, and what was measured of them."""
    from lwf_gui.claims import available, judge, measured, words

    good, faults = available()
    for name, claim in good.items():
        typer.echo(f"{name}: {claim.claim}")
        typer.echo(f"    {words.paper_text(claim.paper)}. A seed takes {words.cost_text(claim, 1)} on two cores.")
        found = measured.shipped(name, claim)
        if found is not None:
            typer.echo(f"    {words.measured_text(found, judge(claim, found.whole(claim)))}")
    for fault in faults:
        typer.echo(f"lwf-gui: {fault}", err=True)


def _print(judged: Judged, found: Measured, figures: Mapping[int, SeedFigures]) -> None:
    """Print figures, comparisons and verdict for people."""
    from rich.console import Console

    from lwf_gui.claims import words
    from lwf_gui.console import grid

    claim, out = judged.claim, Console(highlight=False)
    out.print(f"{claim.title}. {claim.claim}\n{words.paper_text(claim.paper)}.\n", markup=False)
    several = f"seeds {min(figures)} to {max(figures)}, mean and 95 % interval"
    which = several if len(figures) > 1 else f"seed {min(figures)}"
    out.print(grid(f"Figures on {found.data}, {found.device}; {which}", *words.table(claim, figures)))
    rows = [
        [words.check_text(claim, check), words.value_text(check, finding), finding.verdict.value]
        for check, finding in zip(claim.check, judged.findings, strict=True)
    ]
    out.print(grid("Comparisons, of differences with the same seed", ["what must be", "% or points", "verdict"], rows))
    out.print(words.verdict_text(judged), markup=False, soft_wrap=True)


def _as_json(judged: Judged, found: Measured, figures: Mapping[int, SeedFigures]) -> dict[str, Any]:
    """Return figures, comparisons and verdict for programs: percent and points, null where there is none."""
    from lwf_gui.claims import words

    checks = [
        {
            "text": words.check_text(judged.claim, check),
            "verdict": finding.verdict.value,
            "mean": None if math.isnan(finding.mean) else finding.mean,
            "interval_95": None if finding.spread is None else finding.spread.half,
            "region": [None if math.isinf(end) else end for end in check.region],
            "seeds_needed": finding.needed,
        }
        for check, finding in zip(judged.claim.check, judged.findings, strict=True)
    ]
    return {
        "title": judged.claim.title,
        "data": found.data,
        "device": found.device,
        "seeds": list(figures),
        "verdict": judged.verdict.value,
        "sentence": words.verdict_text(judged),
        "checks": checks,
        "figures": {str(seed): each for seed, each in figures.items()},
    }
