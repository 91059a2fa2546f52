"""Provenance of a run in words: when it was run, with what, on which machine, from which teacher. Pure functions."""

from __future__ import annotations

from datetime import UTC, datetime

from lwf_gui import untrusted
from lwf_gui.numbers import counted
from lwf_gui.runs.record import Record

UNKNOWN = "This run was recorded by an earlier version: with which versions and on which machine is not known."

DIGITS = 12
"""Digits of a SHA-256 that a sentence gives: enough to tell teachers apart."""


def provenance_text(record: Record) -> str:
    """Return when, with which versions and on which machine a run was computed, in one line; empty without a run."""
    told = record.provenance
    if told is None:
        return "" if record.data is None else UNKNOWN
    versions = ", ".join(f"{name} {version}" for name, version in told.versions.items())
    processor = f"{told.processor}, " if told.processor else ""
    machine = f"{told.system}, {processor}{counted(told.cores, 'core')}, {counted(told.threads, 'thread')}"
    parts = [
        f"Run on {when(told.began)}",
        f"with {versions}" if versions else "",
        f"on {machine}",
        teacher_text(record),
    ]
    return untrusted.printable("; ".join(filter(None, parts)) + ".")


def teacher_text(record: Record) -> str:
    """Return the beginning of the digest of the first teacher's weights; empty where it is not known."""
    digest = "" if record.teacher is None else record.teacher.digest
    return f"teacher's weights: SHA-256 {digest[:DIGITS]}..." if digest else ""


def when(began: str) -> str:
    """Return a moment as people write it: "2026-03-01, 09:30 UTC"; any other text as it is."""
    try:
        return f"{datetime.fromisoformat(began).astimezone(UTC):%Y-%m-%d, %H:%M} UTC"
    except (ValueError, OverflowError):
        return began
