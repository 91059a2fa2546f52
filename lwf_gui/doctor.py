"""What ``lwf-gui doctor`` looks at: each check a name, a verdict and a sentence.

Every check stands for itself: what breaks one of them, in whatever way, is what it reports.
"""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

from lwf_gui import __version__, display, paths, settings_file

MODULES = {
    "numpy": "numpy",
    "pydantic": "pydantic",
    "platformdirs": "platformdirs",
    "typer": "typer",
    "rich": "rich",
    "safetensors": "safetensors",
    "PySide6-Essentials": "PySide6.QtWidgets",
    "pyqtgraph": "pyqtgraph",
}
"""Packages that it needs beside torch, and what each is imported as."""

WINDOW_ONLY = ("PySide6-Essentials", "pyqtgraph")
"""Those without which runs in the terminal work."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. Without a ``needed`` one the program does not work; without others it works with less."""

    name: str
    fine: bool
    detail: str
    needed: bool = True


def checks() -> Iterator[Check]:
    """Look at this machine, one thing after the other."""
    yield from _isolated("LwF Lab", _program)
    yield from _isolated("resources", _resources)
    for package in MODULES:
        yield from _isolated(package, partial(_package, package), needed=package not in WINDOW_ONLY)
    yield from _isolated("torch", _torch)
    yield from _isolated("torchvision", _torchvision, needed=False)
    yield from _isolated("window", _window, needed=False)
    yield from _isolated("data", _data)
    yield from _isolated("cache", partial(_folder, "cache", paths.cache_dir), needed=False)
    yield from _isolated("settings", _settings, needed=False)
    yield from _isolated("state", partial(_folder, "state", paths.state_dir), needed=False)


def _isolated(name: str, selection: Callable[[], Iterator[Check]], *, needed: bool = True) -> Iterator[Check]:
    """Do a check; whatever it is broken by is its finding."""
    try:
        yield from selection()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | GeneratorExit):
            raise
        text = " ".join(str(error).split()).rstrip(".")
        yield Check(name, False, f"is broken: {type(error).__name__}{f': {text}' if text else ''}", needed)


def _program() -> Iterator[Check]:
    yield Check("LwF Lab", True, f"version {__version__}, Python {platform.python_version()}, {platform.platform()}")


def _resources() -> Iterator[Check]:
    from lwf_gui.recipe import load_preset, preset_names

    folder = paths.resources()
    names = preset_names()
    for name in names:
        load_preset(name)
    yield Check("resources", bool(names), f"{len(names)} presets are read from {folder}")


def _package(package: str) -> Iterator[Check]:
    importlib.import_module(MODULES[package])
    version = metadata.version(package)
    yield Check(package, True, f"version {version}")


def _torch() -> Iterator[Check]:
    from lwf_gui.engine.compute.device import resolve
    from lwf_gui.recipe import Recipe

    device = resolve(Recipe(), 28, 28).describe()
    yield Check("torch", True, f"version {metadata.version('torch')}; trains on {device}; {os.cpu_count()} cores")


def _torchvision() -> Iterator[Check]:
    from lwf_gui.engine.compute.compat import import_torchvision

    yield Check("torchvision", True, f"version {import_torchvision().__version__}")


def _window() -> Iterator[Check]:
    problem = display.problem()
    detail = f"{problem}; runs in the terminal work" if problem else "a display is there"
    yield Check("window", not problem, detail, needed=False)


def _data() -> Iterator[Check]:
    from lwf_gui.data import sources

    for place in sources.known_places():
        yield Check(f"data, {place.name}", place.state == "present", place.detail, needed=False)


def _settings() -> Iterator[Check]:
    file = paths.settings_file()
    damage = settings_file.read(file).damage
    found = (
        f"cannot be read: {damage}" if damage else "is sound" if file.exists() else "will be made with the first one"
    )
    yield Check("settings", not damage, f"{file} {found}", needed=False)


def _folder(name: str, folder: Callable[[], Path]) -> Iterator[Check]:
    path = folder()
    paths.require_writable(path, option=name)
    yield Check(name, True, f"{path} can be written")
