"""`lwf-gui doctor`: whatever is broken is a line of its report, never a traceback."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from lwf_gui import display
from lwf_gui.data import sources
from lwf_gui.doctor import MODULES, Check, checks

FAULTS = [
    ImportError("libfoo.so.1: cannot open shared object file"),
    OSError("c10.dll"),
    RuntimeError("operator torchvision::nms does not exist"),
    AttributeError("partially initialized module"),
    SystemExit(1),
    MemoryError(),
]


def found(name: str) -> Check:
    return next(check for check in checks() if check.name == name)


@pytest.fixture(autouse=True)
def one_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


@pytest.mark.parametrize("package", [*MODULES, "torch"])
def test_package_whose_metadata_are_missing_is_reported(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name == package:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    check = found(package)
    assert not check.fine
    assert f"PackageNotFoundError: No package metadata was found for {package}" in check.detail


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_one_check_that_breaks_is_its_own_finding_and_the_others_are_made(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def broken(*_: object) -> str:
        raise fault

    monkeypatch.setattr(sources, "known_places", list)  # which are read whole
    whole = [check.name for check in checks()]
    monkeypatch.setattr(display, "problem", broken)
    monkeypatch.setattr(importlib, "import_module", broken)
    told = list(checks())
    assert [check.name for check in told] == whole
    for check in told:
        if check.name in (*MODULES, "window"):
            assert not check.fine
            assert type(fault).__name__ in check.detail
            assert "\n" not in check.detail
    assert found("torch").fine


@pytest.mark.parametrize(
    "lines", [{"torch": "FAIL torch: ", "safetensors": "FAIL safetensors: "}, {"pyqtgraph": "note pyqtgraph: "}]
)
def test_report_of_a_broken_installation_is_whole_and_without_traceback(tmp_path: Path, lines: dict[str, str]) -> None:
    for package in lines:
        (tmp_path / "broken" / package).mkdir(parents=True)
        (tmp_path / "broken" / package / "__init__.py").write_text("raise OSError('a library\\nis missing')", "utf-8")
    path = os.pathsep.join((str(tmp_path / "broken"), *sys.path))
    done = subprocess.run(
        [sys.executable, "-m", "lwf_gui", "doctor"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": path},
    )
    for line in lines.values():
        assert f"{line}is broken: OSError: a library is missing\n" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split()[1] == "state:"
    assert done.returncode == (1 if "torch" in lines else 0)
