"""Writing figures: one panel of a run to a file, or all to a folder. It needs no window, only an application."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

from lwf_gui import InputError, paths
from lwf_gui.gui.exporting.devices import DPI, KINDS, image
from lwf_gui.gui.exporting.figures import FIGURES, figure_of
from lwf_gui.gui.exporting.paper import UNITS_PER_INCH
from lwf_gui.gui.exporting.sheet import Nothing, Sheet
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, settings_at

Kind = Literal["png", "svg", "pdf"]

ENDINGS = tuple(f".{kind}" for kind in KINDS)
"""Of the files that figures are written to."""

LEAST_DPI, MOST_DPI = 50.0, 1200.0

COPY_SCALE = 2.0
"""Pixels of a copied figure to a unit: what a slide shows well."""


def write(
    record: Record,
    path: Path,
    *,
    panel: str = "accuracy",
    step: int | None = None,
    protocol: ProtocolName = "task_aware",
    kind: Kind = "png",
    dpi: float = DPI,
) -> None:
    """Write one figure of a run to a file.

    Parameters
    ----------
    panel : a key of `lwf_gui.gui.exporting.figures.FIGURES`
    step : steps since the first head expansion; None is the run's last
    dpi : pixels per inch of PNG

    Raises
    ------
    InputError
        For no such panel, a panel that has nothing to show of this run, or a dpi out of range.
    OSError
        If the file cannot be written; an earlier file of that name stays.
    """
    application()
    write_like(
        record,
        path,
        panel,
        Selection(protocol=protocol, step=step, temperature=_temperature(record)),
        dpi=dpi,
        kind=kind,
    )


def write_all(
    record: Record,
    folder: Path,
    kind: Kind = "png",
    *,
    step: int | None = None,
    protocol: ProtocolName = "task_aware",
    dpi: float = DPI,
) -> list[Path]:
    """Write every figure that the run has something to show in to a folder; return the files.

    Raises
    ------
    InputError
        If there is none, or for a dpi out of range.
    OSError
        If one cannot be written; those before it are there.
    """
    application()
    written = []
    for key in FIGURES:
        path = folder / f"{key}.{kind}"
        try:
            write(record, path, panel=key, step=step, protocol=protocol, kind=kind, dpi=dpi)
        except Nothing:
            continue
        written.append(path)
    if not written:
        raise InputError("The run has nothing to show in any figure yet.")
    return written


def write_like(
    record: Record,
    path: Path,
    panel: str,
    selection: Selection,
    *,
    kind: str,
    like: Panel | None = None,
    dpi: float = DPI,
) -> None:
    """Write one figure at a selection, in the view of a window's panel; raises as `write` does."""
    if not LEAST_DPI <= dpi <= MOST_DPI:
        raise InputError(f"{dpi:g} dpi is not allowed: figures have {LEAST_DPI:g} to {MOST_DPI:g}.")
    if kind not in KINDS:
        raise InputError(f"A figure cannot be written as {kind[:40]!r}; it can as {', '.join(KINDS)}.")
    with Sheet(record, figure_of(panel), like) as sheet:
        drawing, size = sheet.drawing(selection)
        paths.write_atomically(path, lambda part: KINDS[kind](part, drawing, size, sheet.caption, dpi))


def copied(record: Record, panel: str, selection: Selection, like: Panel | None = None) -> QMimeData:
    """Return one figure for the clipboard: its pixels, and its caption as text; raises as `write` does."""
    with Sheet(record, figure_of(panel), like) as sheet:
        drawing, size = sheet.drawing(selection)
        data = QMimeData()
        data.setImageData(image(drawing, size, COPY_SCALE * UNITS_PER_INCH))
        data.setText(sheet.caption.whole)
        return data


def application() -> QApplication:
    """Return the application; where there is none yet, a new one, which shows nothing."""
    app = QApplication.instance()
    if app is None:
        app = QApplication(["lwf-gui"])
        app.setStyle("Fusion")
    assert isinstance(app, QApplication)
    return app


def _temperature(record: Record) -> float:
    """Return the T at which soft targets are shown at first: that of the run."""
    settings = settings_at(record, None)
    return Selection().temperature if settings is None else settings.temperature
