"""Reading claims: the shipped ones by name, others by path."""

from __future__ import annotations

from pathlib import Path

from lwf_gui import paths
from lwf_gui.claims.checks import check_claim
from lwf_gui.claims.script import FORMAT, TABLES, Claim
from lwf_gui.toml_files import reading
from lwf_gui.toml_files.parts import Form

FORM = Form("claim", paths.resources() / "claims", Claim, lambda claim: claim.order, TABLES, FORMAT, check_claim)


def available() -> tuple[dict[str, Claim], tuple[str, ...]]:
    """Return the shipped claims by name, in their order, and one sentence for each file that cannot be used."""
    return reading.available(FORM)


def load_claim(name_or_path: str | Path) -> Claim:
    """Read a shipped claim by name, or a file of the same form by path; raises as `reading.load` does."""
    return reading.load(name_or_path, FORM)
