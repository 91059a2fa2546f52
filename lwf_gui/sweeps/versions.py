"""Versions of the program and of what it computes with: runs of one sweep are all made with the same ones."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata

from lwf_gui import __version__


def versions() -> dict[str, str]:
    """Return versions by name, as a run's provenance has them; nothing heavy is imported for it."""
    return {
        "lwf-gui": __version__,
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "numpy": metadata.version("numpy"),
    }


def difference(here: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """Say as a clause which versions differ: "torch 2.14.0 in place of 2.13.0"; nothing where none does."""
    return ", ".join(
        f"{name} {here.get(name, 'unknown')} in place of {version}"
        for name, version in wanted.items()
        if here.get(name) != version
    )
