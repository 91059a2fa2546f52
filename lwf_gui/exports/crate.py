"""The metadata of an exported folder as one file of RO-Crate 1.1, which archives and other programs read.

It names every file with its form, size and SHA-256, and the program that made them. The licence is left to whoever
publishes the folder. Source: https://w3id.org/ro/crate/1.1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lwf_gui import __version__, paths, untrusted
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record

FILE = "ro-crate-metadata.json"

PROGRAM, EXPORT, LICENCE = "#lwf-gui", "#export", "#licence"
"""Names of the program, of what it did, and of the licence, within the file."""

_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
"""What the words mean; RO-Crate 1.1 itself has none for SHA-256."""

Entity = dict[str, Any]


def entry(file: Path, what: str, form: str) -> Entity:
    """Return the entity of a file: its name, what it is, its media type, its size in bytes and its SHA-256.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": what,
        "encodingFormat": form,
        "contentSize": str(file.stat().st_size),
        "sha256": digest,
    }


def write(record: Record, entries: Sequence[Entity], path: Path) -> None:
    """Write the metadata of a folder with these files.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    parts = [{"@id": each["@id"]} for each in entries]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    graph = [_metadata(), _folder(record, parts, now), *entries, _program(), _export(parts, now), _licence()]
    text = json.dumps({"@context": _CONTEXT, "@graph": graph}, indent=2) + "\n"
    paths.write_text_atomically(path, text)


def _metadata() -> Entity:
    return {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }


def _folder(record: Record, parts: Sequence[Entity], now: str) -> Entity:
    learners = ", ".join(map(label_of, learners_of(record)))
    data = record.data.dataset if record.data is not None else "no data"
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": untrusted.printable(f"A run of LwF Lab on {data}: {learners}"),
        "description": untrusted.printable(_description(record)),
        "datePublished": now,
        "license": {"@id": LICENCE},
        "hasPart": list(parts),
        "mentions": {"@id": EXPORT},
    }


def _description(record: Record) -> str:
    """Say what was run on what; not from where the images came, for that may be a folder of this machine."""
    data = record.data
    if data is None:
        return "Nothing was run yet."
    tested = f"{sum(data.test_sizes):,} test images of {len(data.test_sizes)} tasks"
    return f"{data.dataset}; {tested}; seed {data.recipe.seed}; {data.device}. Each accuracy says its protocol."


def _licence() -> Entity:
    return {
        "@id": LICENCE,
        "@type": "CreativeWork",
        "name": "Not chosen yet",
        "description": "Who publishes this folder says here under which licence.",
    }


def _program() -> Entity:
    return {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": "LwF Lab (lwf-gui)",
        "description": "Catastrophic forgetting and Learning without Forgetting, live and side by side.",
        "softwareVersion": __version__,
    }


def _export(parts: Sequence[Entity], now: str) -> Entity:
    return {
        "@id": EXPORT,
        "@type": "CreateAction",
        "name": "Export of the run",
        "endTime": now,
        "instrument": {"@id": PROGRAM},
        "result": list(parts),
    }
