"""What of a run is one machine's alone, its folders, and how it is left out of what is handed on. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from lwf_gui.messages import DataReady, Failed, Finished, Message
from lwf_gui.recipe import DATA_SETS

ANY_DATA = "auto"
"""What a recipe names in place of a folder, as a shared recipe does: the user's own folder comes first there."""

_PATH = re.compile(r"""(?:^|[\s("'`=:])(?:~?/[^\s/]|\.{1,2}/|[A-Za-z]:[\\/]|\\\\[^\s\\])""")
"""How a path of a file or folder begins in a sentence; a lone slash, as in "old / new", is none."""


def without_path(source: str) -> str:
    """Return where data are from without the folder's path: "directory", "cache", "comes with LwF Lab"."""
    kind, _, folder = source.partition(" ")
    absolute = PurePosixPath(folder).is_absolute() or PureWindowsPath(folder).is_absolute()
    return kind if absolute else source


def names_a_path(text: str) -> bool:
    """Whether a text names a file or a folder of a machine."""
    return _PATH.search(text) is not None


def without_paths(message: Message) -> Message:
    """Return a message without folders of the machine that it ran on.

    Of where the images came from the kind stays; a recipe on a folder names any data, as a shared one does; a sentence
    with a path is left out whole, and so is where in the program a fault was.
    """
    match message:
        case DataReady():
            recipe, note = message.recipe, "" if names_a_path(message.note) else message.note
            if recipe.data.dataset not in DATA_SETS:
                recipe = recipe.with_settings({"data.dataset": ANY_DATA})
            return replace(message, recipe=recipe, source=without_path(message.source), note=note)
        case Finished():
            return replace(message, summary=_summary(dict(message.summary)))
        case Failed():
            cause = "a fault that names files of its machine" if names_a_path(message.cause) else message.cause
            return replace(message, cause=cause, traceback="")
        case _:
            return message


def _summary(summary: dict[str, Any]) -> dict[str, Any]:
    """Return what a run summed up, as JSON, likewise."""
    if isinstance(source := summary.get("source"), str):
        summary["source"] = without_path(source)
    if isinstance(note := summary.get("note"), str) and names_a_path(note):
        summary["note"] = ""
    recipe = summary.get("recipe")
    data = recipe.get("data") if isinstance(recipe, dict) else None
    if isinstance(recipe, dict) and isinstance(data, dict) and data.get("dataset") not in DATA_SETS:
        summary["recipe"] = {**recipe, "data": {**data, "dataset": ANY_DATA}}
    return summary
