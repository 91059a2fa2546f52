"""The command about sweeps: plan many runs, have them done, and write their table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lwf_gui import InputError, faults, paths, untrusted
from lwf_gui.complaints import EXIT_DONE, tell, tell_what_is_left_out
from lwf_gui.numbers import counted
from lwf_gui.options import DataOption, PresetOption, SeedOption, SetOption, require_seeds
from lwf_gui.processor import cores
from lwf_gui.reasons import reason
from lwf_gui.recipe import DEFAULT_PRESET, compose

if TYPE_CHECKING:
    from lwf_gui.sweep_run import Sweep
    from lwf_gui.sweeps.plan import Plan

MOST_WORKERS = 256


def sweep(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Leave results.csv and a file for each run there.")],
    preset: PresetOption = DEFAULT_PRESET,
    data: DataOption = "",
    assignments: SetOption = None,
    grid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUES",
            help="A setting and its values, as lwf.alpha=0.5,1,2, or a range, as lwf.alpha=0.1..10:5:log (5 values, "
            "evenly spaced by logarithm); may be given often: all combinations are run.",
        ),
    ] = None,
    random: Annotated[
        int, typer.Option(metavar="N", help="Draw N combinations from values and ranges (LOW..HIGH, LOW..HIGH:log).")
    ] = 0,
    seed: SeedOption = None,
    seeds: Annotated[int, typer.Option(metavar="N", help="Each with this seed and the next ones, N in all.")] = 1,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler that is there, such as tcp://192.168.0.2:8786.")
    ] = "",
    workers: Annotated[int, typer.Option(metavar="N", help="Runs at once on this machine; 0: one a core.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the sweep in DIR: do what is missing.")] = False,
    slurm: Annotated[bool, typer.Option("--slurm", help="Train nothing; write a SLURM array script into DIR.")] = False,
    gather: Annotated[bool, typer.Option("--gather", help="Train nothing; write the table of what is in DIR.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress: only what fails.")] = False,
) -> None:
    """Do many runs that differ in settings and seeds, side by side, and write a table of them."""
    ctx.with_resource(faults.logged(verbose=False))
    _require_counts(seeds, random, workers)
    if gather + slurm + bool(scheduler) > 1:
        raise InputError("--gather, --slurm and --scheduler exclude each other.")
    paths.require_writable(out, option="--out")
    if scheduler:
        from lwf_gui.sweeps.address import require_answer

        require_answer(scheduler)  # before anything that takes longer
    from lwf_gui.sweeps import plan as plans
    from lwf_gui.sweeps.axes import read_axis

    wanted = None
    if grid or not (resume or gather):
        recipe = compose(preset, assignments or (), data=data, seed=seed)
        axes = [read_axis(text, random=random > 0) for text in grid or ()]
        wanted = plans.make(recipe, axes, seeds=seeds, draws=random)
    elif assignments or data or seed is not None or seeds > 1 or random or preset != DEFAULT_PRESET:
        raise InputError("--resume and --gather without --grid go on with the sweep that is there: leave the rest out.")
    plan = _begun(out, wanted, going_on=resume or gather)
    if not quiet:
        tell_what_is_left_out()
        _tell_plan(plan)
    from lwf_gui.sweep_run import Sweep

    doing = Sweep(plan, out, quiet=quiet)
    if gather:
        raise typer.Exit(doing.gathered())
    if slurm:
        raise typer.Exit(_write_slurm(doing, out))
    raise typer.Exit(doing.carried_out(scheduler, workers or max(1, cores() // plan.threads)))


def _require_counts(seeds: int, random: int, workers: int) -> None:
    require_seeds(seeds)
    if random < 0:
        raise InputError(f"--random {random} is not allowed: it must be a whole number from 1.")
    if not 0 <= workers <= MOST_WORKERS:
        raise InputError(f"--workers {workers} is not allowed: it must be a whole number of 0 to {MOST_WORKERS}.")


def _begun(out: Path, wanted: Plan | None, *, going_on: bool) -> Plan:
    """Return the plan to carry out: written into an empty place, or the one that is there, if it is the same."""
    from lwf_gui.sweeps import plan as plans
    from lwf_gui.sweeps import results, shelf
    from lwf_gui.sweeps.versions import difference, versions

    where = f"--out {untrusted.printable(str(out))}"
    if wanted is not None and not going_on and not (out / plans.FILE).exists():
        if any((out / name).exists() for name in (results.CSV, shelf.RUNS)):
            raise InputError(f"{where} holds results of something else: name another folder.")
        plans.write(wanted, out)
        return wanted
    there = plans.read(out)
    if wanted is not None and {unit.id for unit in wanted.units} != {unit.id for unit in there.units}:
        raise InputError(f"{where} holds another sweep: name another folder.")
    if not going_on and (out / shelf.RUNS).exists():
        raise InputError(f"{where} holds this sweep already: with --resume it goes on.")
    if other := difference(versions(), there.versions):
        raise InputError(f"{where}: this machine has {other}, so its numbers could not be compared with those there.")
    return there


def _tell_plan(plan: Plan) -> None:
    threads = plan.threads
    tell(
        f"{counted(len(plan.units), 'run')}, {counted(threads, 'thread')} each; the same numbers come from "
        f"`lwf-gui run --set engine.threads={threads}` with the same settings, or from the column recipe."
    )


def _write_slurm(doing: Sweep, out: Path) -> int:
    from lwf_gui.sweeps import slurm

    missing = doing.missing()
    if not missing:
        tell("All runs are there: `--gather` writes their table.")
        return EXIT_DONE
    try:
        script = slurm.write(doing.plan, missing, out)
    except OSError as error:
        raise InputError(f"--out {out}: cannot write there ({reason(error)}).") from error
    typer.echo(f"Script: {untrusted.printable(str(script))}; hand it in with sbatch, and gather with --gather.")
    return EXIT_DONE
