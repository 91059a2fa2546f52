"""The reference of all settings, as a table for the terminal and as Markdown; what it says is the recipe's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from lwf_gui.recipe import Setting, settings

HEADING = ("Setting", "Default", "Allowed", "What it is")
LIVE = "*"
NOTES = (
    f"{LIVE} live: can be changed while a run trains.",
    "Presets have values of their own; --set, as in --set lwf.alpha=2, goes before them.",
)

LEAST_WIDTH = 80
"""Columns of the table at least: a narrower one could not be read."""

SHARES = (23, 13)
"""Columns for key and default; what is allowed and the help share the rest."""


def as_typed(value: Any) -> str:
    """Return a value as one types it after ``--set key=``, where a list is put in quotes."""
    return value if isinstance(value, str) else json.dumps(value)


def table(width: int) -> Table:
    """Return all settings as a table of so many columns, by group."""
    made = Table(box=SIMPLE_HEAD, show_edge=False, width=max(width, LEAST_WIDTH), pad_edge=False, padding=(0, 1))
    for title, share in zip((*HEADING[:2], f"{HEADING[2]}, and what it is"), (*SHARES, None), strict=True):
        made.add_column(title, width=share, overflow="fold")
    group = ""
    for setting in settings().values():
        if setting.group != group:
            made.add_section()
            group = setting.group
        key, default, allowed, text = _cells(setting)
        made.add_row(
            Text(key), Text(default), Text(f"{allowed}\n{text}")
        )  # as text: brackets would be taken for styles
    return made


def markdown() -> Iterator[str]:
    """Yield the lines of all settings as a Markdown table."""
    yield f"| {' | '.join(HEADING)} |"
    yield f"|{'---|' * len(HEADING)}"
    for setting in settings().values():
        _, default, allowed, text = (cell.replace("|", r"\|") for cell in _cells(setting))
        star = _escaped(LIVE) if setting.live else ""
        yield f"| `{setting.key}`{star} | `{default}` | {_escaped(allowed)} | {_escaped(text)} |"
    for note in NOTES:
        yield ""
        yield _escaped(note)


def _escaped(text: str) -> str:
    """Return a text in which Markdown finds no emphasis."""
    return text.replace("*", r"\*").replace("_", r"\_")


def _cells(setting: Setting) -> tuple[str, str, str, str]:
    """Return key, default, what is allowed with its unit, and help."""
    unit = f" ({setting.unit})" if setting.unit else ""
    return (
        setting.key + (LIVE if setting.live else ""),
        as_typed(setting.default),
        setting.allowed.removeprefix("a ") + unit,
        setting.help,
    )
