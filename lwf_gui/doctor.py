"""What ``lwf-gui doctor`` looks at: each check a name, a verdict and a sentence."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from lwf_gui import InputError, __version__, display, paths
from lwf_gui.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. Without a ``needed`` one the program does not work; without others it works with less."""

    name: str
    fine: bool
    detail: str
    needed: bool = True


def checks() -> Iterator[Check]:
    """Look at this machine, one thing after the other."""
    yield Check("LwF Lab", True, f"version {__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield _resources()
    yield _torch()
    yield _torchvision()
    yield _window()
    yield from _data()
    yield _folder("cache", paths.cache_dir())
    yield _folder("state", paths.state_dir())


def _resources() -> Check:
    folder = paths.resources()
    return Check("resources", (folder / "presets").is_dir(), f"presets and templates are read from {folder}")


def _torch() -> Check:
    try:
        from lwf_gui.engine.device import resolve

        device = resolve(Recipe(), 28, 28).describe()
    except (ImportError, OSError, InputError) as error:
        return Check("torch", False, f"cannot be used: {error}")
    return Check("torch", True, f"version {metadata.version('torch')}; trains on {device}; {os.cpu_count()} cores")


def _torchvision() -> Check:
    try:
        from lwf_gui.engine.compat import import_torchvision

        version = import_torchvision().__version__
    except (ImportError, OSError, RuntimeError) as error:
        return Check("torchvision", False, f"cannot be imported, so no download: {error}", needed=False)
    return Check("torchvision", True, f"version {version}")


def _window() -> Check:
    problem = display.problem()
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("PySide6-Essentials", "pyqtgraph"))
    if problem:
        return Check("window", False, f"{problem}; runs in the terminal work", needed=False)
    return Check("window", True, f"a display is there; {versions}")


def _data() -> Iterator[Check]:
    from lwf_gui.engine import data

    for place in data.known_places():
        yield Check(f"data, {place.name}", place.state == "present", place.detail, needed=False)


def _folder(name: str, path: Path) -> Check:
    try:
        paths.require_writable(path, option=name)
    except InputError as error:
        return Check(name, False, str(error), needed=False)
    return Check(name, True, f"{path} can be written")
