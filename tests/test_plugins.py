"""Methods of other packages: found by their entry point, in all commands, with settings and colours of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lwf_gui
from lwf_gui.method_rows import BUILT_IN

TABLE = """
from pydantic import Field

from lwf_gui.groups import Group, extra
from lwf_gui.method_rows import Method


class Settings(Group):
    strength: float = Field(
        0.5, ge=0, le=10, description="How hard the weights are held.",
        json_schema_extra=extra("Strength", live="l2_init_strength"),
    )
    patience: int = Field(
        3, ge=1, le=9, description="Waits so long.", json_schema_extra=extra("Patience", "steps")
    )


ROW = Method(
    name="l2-init", label="L2 to the start", short="L2 init", colour="#123456", dark_colour="#654321", symbol="star",
    distils=False, rehearses=False, implementation="l2_method.method:L2Init", help="Holds weights near their start.",
    settings=Settings,
)
NO_ROW = "a text"
TAKEN = Method(
    name="lwf", label="Mine", short="Mine", colour="#123456", dark_colour="#654321", symbol="star", distils=False,
    rehearses=False, implementation="l2_method.method:L2Init", help="Mine.",
)
"""

METHOD = '''
"""Cross-entropy, and a penalty on the distance of all weights from those at the beginning of the task."""

import torch

from lwf_gui.engine.methods.base import Method


class L2Init(Method):
    terms = ("ce", "penalty", "total")

    def __init__(self, settings, seed):
        super().__init__(settings, seed)
        self.start = None

    def losses(self, context):
        ce = torch.nn.functional.cross_entropy(context.logits.float(), context.targets)
        if self.start is None:
            self.start = [weight.detach().clone() for weight in context.network.parameters()]
        moved = [((now - then) ** 2).sum() for now, then in zip(context.network.parameters(), self.start)]
        penalty = torch.stack(moved).sum()
        return {"ce": ce, "penalty": penalty, "total": ce + context.live.l2_init_strength * penalty}

    def state(self):
        return {str(number): weight for number, weight in enumerate(self.start or [])}

    def load_state(self, state):
        self.start = list(state.values()) or None

    @property
    def stored_bytes(self):
        return sum(weight.nbytes for weight in self.start or [])
'''

TINY = (
    *("--preset", "digits", "--set", "engine.threads=1", "--set", "engine.device=cpu", "--set", "model.hidden=16"),
    *("--set", "task1.epochs=1", "--set", "task2.epochs=1", "--set", "train.probe_images=20"),
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a package as an installer leaves it: with its entry points beside it."""
    target = tmp_path_factory.mktemp("site")
    package, about = target / "l2_method", target / "l2_method-1.0.dist-info"
    for folder in (package, about):
        folder.mkdir()
    (package / "__init__.py").touch()
    (package / "table.py").write_text(TABLE, "utf-8")
    (package / "method.py").write_text(METHOD, "utf-8")
    (package / "broken.py").write_text("import no_such_library\n", "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: l2-method\nVersion: 1.0\n", "utf-8")
    points = ("l2-init = l2_method.table:ROW", "odd = l2_method.table:NO_ROW", "mine = l2_method.table:TAKEN")
    lines = ("[lwf_gui.methods]", *points, "broken = l2_method.broken:ROW", "")
    (about / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    return target


def lwf(installed: Path, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(installed), str(Path(lwf_gui.__file__).parent.parent)))
    places = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
    command = (sys.executable, "-m", "lwf_gui", *words)
    environment = os.environ | places | {"PYTHONPATH": path}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_method_of_another_package_is_listed_with_its_settings(installed: Path, tmp_path: Path) -> None:
    told = lwf(installed, tmp_path, "methods")
    assert told.returncode == 0
    assert "l2-init      L2 to the start. Holds weights near their start." in told.stdout
    assert "Settings: l2_init.strength, l2_init.patience." in told.stdout
    table = lwf(installed, tmp_path, "settings", "--markdown").stdout
    assert "| `l2_init.strength`* | `0.5` | " in table.replace("\\*", "*")
    assert f"{BUILT_IN[-1].name}, l2-init" in table.replace("\\", "")


def test_what_cannot_be_used_is_left_out_with_one_sentence_each(installed: Path, tmp_path: Path) -> None:
    told = lwf(installed, tmp_path, "methods")
    assert told.stderr.splitlines() == [
        "lwf-gui: The method broken of l2-method is left out: ModuleNotFoundError: No module named 'no_such_library'.",
        "lwf-gui: The method mine of l2-method is left out: a method or a group of settings is called lwf already.",
        "lwf-gui: The method odd of l2-method is left out: its entry point names no lwf_gui.method_rows.Method.",
    ]


def test_a_method_of_another_package_learns_beside_ours_and_is_in_json_and_report(
    installed: Path, tmp_path: Path
) -> None:
    learners = 'learners=["lwf", {method="l2-init", name="held", strength=2.0}, "l2-init"]'
    words = ("--set", learners, "--set", "l2_init.strength=0", "--json", "--out", str(tmp_path / "out"))
    done = lwf(installed, tmp_path, "run", *TINY, *words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert list(told["learners"]) == ["lwf", "held", "l2-init"]
    assert told["recipe"]["l2_init"] == {"strength": 0.0, "patience": 3}
    assert told["recipe"]["learners"][1] == {"method": "l2-init", "name": "held", "strength": 2.0}
    assert told["learners"]["held"]["stored_bytes"] > 0
    held, free = (told["learners"][name]["class_incremental"] for name in ("held", "l2-init"))
    assert held["old"] > free["old"]  # its own strength acts
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "L2 to the start" in report
    assert "#123456" in report


def test_a_setting_out_of_range_of_another_packages_method_is_one_sentence(installed: Path, tmp_path: Path) -> None:
    done = lwf(installed, tmp_path, "run", "--quiet", *TINY, "--set", "l2_init.strength=11")
    assert done.returncode == 2
    assert done.stderr == "lwf-gui: l2_init.strength = 11 is not allowed: it must be a number from 0 to 10.\n"
