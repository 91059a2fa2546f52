"""Reading claims: the shipped ones by name, others by path."""

from __future__ import annotations

from pathlib import Path

from lwf_gui import paths
from lwf_gui.claims.checks import check_claim
from lwf_gui.claims.script import FORMAT, TABLES, Claim
from lwf_gui.toml_files import reading
from lwf_gui.toml_files.parts import Form

FORM = Form("claim", Claim, TABLES, FORMAT, check_claim)


def available() -> tuple[dict[str, Claim], tuple[str, ...]]:
    """Return the shipped claims by name, in their order, and one sentence for each file that cannot be used."""
    good, faults = reading.load_all(folder(), FORM)
    return dict(sorted(good.items(), key=lambda item: (item[1].order, item[0]))), faults


def load_claim(name_or_path: str | Path) -> Claim:
    """Read a shipped claim by name, or a file of the same form by path.

    Raises
    ------
    InputError
        One sentence naming file and line, for an unknown name, an unreadable file or one with a fault.
    """
    return reading.load(name_or_path, folder(), FORM)


def folder() -> Path:
    """Return where the shipped claims are."""
    return paths.resources() / "claims"
