"""A SLURM array script in place of a cluster of Dask: one line, one run; what they leave is gathered afterwards."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from lwf_gui import paths
from lwf_gui.sweeps.plan import Plan, Unit
from lwf_gui.sweeps.shelf import Shelf
from lwf_gui.sweeps.work import words_of

SCRIPT, COMMANDS, LOGS = "slurm.sh", "commands.txt", "logs"

_SCRIPT = """\
#!/bin/bash
#SBATCH --job-name=lwf-gui-sweep
#SBATCH --array=1-{count}
#SBATCH --cpus-per-task={threads}
#SBATCH --output={logs}/%a.txt
# One line of {commands} is one run; one that is there is not done again. When all have ended:
#     lwf-gui sweep --out {folder} --gather
set -euo pipefail
eval "$(sed -n "${{SLURM_ARRAY_TASK_ID}}p" {commands})"
"""


def write(plan: Plan, units: Sequence[Unit], folder: Path) -> Path:
    """Write script and commands for these runs of a plan into its folder; return the script's path.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    folder = folder.absolute()
    shelf = Shelf(folder, plan.versions)
    for place in (folder / LOGS, shelf.folder):
        paths.make_folder(place)
    lines = []
    for unit in units:
        out = shlex.quote(str(shelf.path(unit)))
        lines.append(f"test -e {out} || {shlex.join(('lwf-gui', *words_of(unit.recipe)))} --out {out}\n")
    paths.write_text_atomically(folder / COMMANDS, "".join(lines))
    told = {name: shlex.quote(str(folder / name)) for name in (LOGS, COMMANDS)}
    text = _SCRIPT.format(
        count=len(units),
        threads=plan.threads,
        logs=folder / LOGS,
        commands=told[COMMANDS],
        folder=shlex.quote(str(folder)),
    )
    paths.write_text_atomically(folder / SCRIPT, text)
    return folder / SCRIPT
