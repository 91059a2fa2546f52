"""The table of export kinds: what a run can become for others, by name and ending; commands and menus come from it.

What needs a window's libraries, figures and films, is in `lwf_gui.gui.exporting`. Nothing is imported before it is
asked for: the first paint does not wait for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lwf_gui.runs.record import Record


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind.

    Attributes
    ----------
    name : as it is typed after ``--as``
    ending : of the file's name; empty: it is a folder
    title : in the menu
    what : it is, in one sentence
    form : media type of the file; empty of a folder
    place : module of this package and function that writes it: ``write(record, path)``, which raises `InputError` where
        a run cannot give it, and OSError where it cannot be written
    needs : module and function that raises the same `InputError` at once: ``needs(record)``
    """

    name: str
    ending: str
    title: str
    what: str
    form: str
    place: tuple[str, str]
    needs: tuple[str, str]

    def require(self, record: Record) -> None:
        """Raise `InputError` if a run cannot give it: before anybody is asked where it goes."""
        _found(self.needs)(record)

    def write(self, record: Record, path: Path) -> None:
        """Write a run so, whole or not at all.

        Raises
        ------
        InputError
            If the run cannot give it.
        OSError
            If it cannot be written.
        """
        _found(self.place)(record, path)


def _found(place: tuple[str, str]) -> Callable[..., object]:
    """Return a function of a module of this package."""
    module, function = place
    found: Callable[..., object] = getattr(importlib.import_module(f"lwf_gui.exports.{module}"), function)
    return found


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "html",
            ".html",
            "Page that plays...",
            "The run as one page that plays in any browser, also on a phone and offline.",
            "text/html",
            ("player", "write"),
            ("player", "require"),
        ),
        Kind(
            "script",
            ".py",
            "Script...",
            "The run as plain PyTorch without this program, which comes to the same accuracies.",
            "text/x-python",
            ("script", "write"),
            ("script", "text_of"),
        ),
        Kind(
            "csv",
            ".csv",
            "Table of all steps (CSV)...",
            "All columns of the run, a row for every learner at every step; units, protocols and images in the "
            "heading.",
            "text/csv",
            ("every_step", "write_csv"),
            ("every_step", "columns_of"),
        ),
        Kind(
            "jsonl",
            ".jsonl",
            "Table of all steps (JSON Lines)...",
            "The same as JSON Lines; the first line says units, protocols, images, data and seed.",
            "application/jsonl",
            ("every_step", "write_jsonl"),
            ("every_step", "columns_of"),
        ),
        Kind(
            "md",
            ".md",
            "Results (Markdown)...",
            "The table of results with its caption.",
            "text/markdown",
            ("results", "write_markdown"),
            ("results", "rows_of"),
        ),
        Kind(
            "latex",
            ".tex",
            "Results (LaTeX)...",
            "The table of results as LaTeX with booktabs.",
            "application/x-tex",
            ("results", "write_latex"),
            ("results", "rows_of"),
        ),
        Kind(
            "tensorboard",
            "",
            "TensorBoard files...",
            "A folder of event files for TensorBoard; needs the extra tensorboard.",
            "",
            ("tensorboard", "write"),
            ("tensorboard", "require"),
        ),
        Kind(
            "folder",
            "",
            "Folder to publish...",
            "A folder with run file, page, tables, script, and RO-Crate metadata that say what each file is.",
            "",
            ("folder", "write"),
            ("every_step", "columns_of"),
        ),
    )
}
"""By name, in the order of menus."""

FIGURES, FILMS = ("png", "svg", "pdf"), ("gif", "webp")
"""Kinds of pictures, which are also their files' endings: painted by `lwf_gui.gui.exporting`."""
