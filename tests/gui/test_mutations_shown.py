"""Mutated run files that are accepted, in a real window: no panel fails, nothing is logged, the window stays as it is.

`python -m tests.mutations --window` shows hundreds, with all panels visible at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lwf_gui import InputError
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.selection import stops
from tests.gui.conftest import Lab
from tests.mutations.kinds import KINDS
from tests.mutations.trial import mutated

SHOWN = 4


def accepted(folder: Path) -> Iterator[Path]:
    """Yield mutations of small runs that are accepted."""
    for number in range(400):
        ((name, content),) = mutated("run", 5, number).items()
        if len(content) > 200_000:
            continue  # the bundled run: its panels are tried everywhere
        place = folder / str(number)
        place.mkdir()
        (place / name).write_bytes(content)
        try:
            KINDS["run"].load(place)
        except InputError:
            continue
        yield place / name


def test_mutated_runs_that_are_accepted_break_no_panel(quiet_lab: Lab, tmp_path: Path) -> None:
    window = quiet_lab.window
    for path in islice(accepted(tmp_path), SHOWN):
        window.files.open(path)
        assert window.banner.isHidden()
        for number, step in enumerate(stops(quiet_lab.record).tolist()):
            window.look_at(step=step, protocol=list(PROTOCOLS)[number % 2])
            window.grab()
        assert not [panel.windowTitle() for panel in window.findChildren(Panel) if panel.failure]
