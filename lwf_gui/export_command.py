"""The command that turns a run file into something for others: page, figure, film, table, script or folder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from lwf_gui import InputError, display, untrusted
from lwf_gui.documents import files
from lwf_gui.exports.kinds import FIGURES, FILMS, KINDS
from lwf_gui.progress_bar import counted_work
from lwf_gui.reasons import reason
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record

NAMES = (*KINDS, *FIGURES, *FILMS)

EVERY = "all"
"""What ``--panel`` says for every panel, to a folder."""

_BY_ENDING = {kind.ending: kind.name for kind in KINDS.values() if kind.ending} | {
    f".{name}": name for name in (*FIGURES, *FILMS)
}


def export(
    run_file: Annotated[Path, typer.Argument(metavar="RUN_FILE", help="A recorded run.", readable=False)],
    to: Annotated[Path, typer.Option("--to", metavar="FILE_OR_DIR", help="Where it goes.")],
    kind: Annotated[
        str, typer.Option("--as", metavar="KIND", help=f"{', '.join(NAMES)}; by the name's ending if left out.")
    ] = "",
    panel: Annotated[
        str, typer.Option(metavar="NAME", help=f"Of figures and films: the panel, or {EVERY} for a folder of figures.")
    ] = "",
    step: Annotated[
        int | None, typer.Option(metavar="N", help="Of figures: the step; the last one if left out.")
    ] = None,
    protocol: Annotated[
        str, typer.Option(metavar="NAME", help=f"Of figures and films: {' or '.join(PROTOCOLS.values())}.")
    ] = PROTOCOLS["task_aware"],
) -> None:
    """Turn a run file into a page, a figure, a film, a table, a script or a folder."""
    name = _kind_of(kind, to, every=panel == EVERY)
    wanted = next((key for key, label in PROTOCOLS.items() if protocol in (key, label)), None)
    if wanted is None:
        raise InputError(
            f"--protocol {untrusted.shortened(protocol)}: there is no such protocol; it must be "
            f"{' or '.join(PROTOCOLS.values())}."
        )
    record = files.load(run_file)
    if step is not None:
        _require_step(record, step)
    target = _target(to, name, run_file, every=panel == EVERY)
    if target.exists() and target.samefile(run_file):
        raise InputError(
            f"--to {untrusted.printable(str(to))} is the run file itself, which would be lost: name another."
        )
    try:
        if name in KINDS:
            KINDS[name].write(record, target)
        else:
            _paint(record, target, name, panel, step, wanted)
    except OSError as error:
        raise InputError(f"--to {untrusted.printable(str(target))} was not written: {reason(error)}.") from error
    typer.echo(untrusted.printable(str(target)))


def _kind_of(kind: str, to: Path, *, every: bool) -> str:
    """Return the kind that is asked for, or that the name's ending says.

    Raises
    ------
    InputError
        If it is none.
    """
    name = kind or _BY_ENDING.get(to.suffix.lower(), "")
    if name not in NAMES:
        said = f"--as {untrusted.shortened(kind)}: there is no such kind" if kind else "--to has no ending that says it"
        raise InputError(f"{said}; --as must be one of {', '.join(NAMES)}.")
    told = _BY_ENDING.get(to.suffix.lower(), name)
    if told != name:
        raise InputError(
            f"--to {untrusted.shortened(to.name)} ends as {told} does, and --as is {name}: change one of them."
        )
    if every and to.suffix.lower() in _BY_ENDING:
        raise InputError(f"--panel {EVERY} makes a folder, and --to {untrusted.shortened(to.name)} is named as a file.")
    if every and name not in FIGURES:
        raise InputError(f"--panel {EVERY} is for figures: --as must be one of {', '.join(FIGURES)}.")
    return name


def _target(to: Path, name: str, run_file: Path, *, every: bool) -> Path:
    """Return the file to write: one named after the run file where a folder is named, as it is or by a slash."""
    ending = KINDS[name].ending if name in KINDS else f".{name}"
    if every or not ending or not (to.is_dir() or re.search(r"[/\\]$", str(to))):
        return to
    return to / f"{run_file.stem}{ending}"


def _require_step(record: Record, step: int) -> None:
    """Raise `InputError` for a step that the run has not: those of task 1 are below 0."""
    first = 0 if record.base is None else -record.base.started.steps
    last = 0 if record.incremental is None else record.incremental.steps
    if not first <= step <= last:
        raise InputError(f"--step {step:,}: the run has steps {first:,} to {last:,}, counted from the head expansion.")


def _key_of(panel: str) -> str:
    """Return the key of a panel that is named by it, or as on screen."""
    from lwf_gui.gui.exporting.figures import FIGURES as PANELS

    return next((key for key, figure in PANELS.items() if panel.lower() == figure.title.lower()), panel)


def _paint(record: Record, target: Path, name: str, panel: str, step: int | None, protocol: ProtocolName) -> None:
    if display.problem():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # nothing is shown
    from lwf_gui.gui.exporting import film, writing
    from lwf_gui.gui.exporting.figures import TOGETHER

    if name in FILMS:
        with counted_work("Film") as progress:
            film.write_film(record, target, _key_of(panel) or TOGETHER, protocol=protocol, progress=progress)
    elif panel == EVERY:
        writing.write_all(record, target, name, step=step, protocol=protocol)  # type: ignore[arg-type]
    else:
        kind, key = name, _key_of(panel) or "accuracy"
        writing.write(record, target, panel=key, step=step, protocol=protocol, kind=kind)  # type: ignore[arg-type]
