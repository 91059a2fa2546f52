"""Every panel on records that no run would make: nothing is raised, nothing dies, and names stay plain text."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.plot_panels import AccuracyPanel, PlotPanel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.absurd import ABSURD, record_of

SIZES = ((60, 40), (480, 360), (1600, 900))
LOOKS = (
    Selection(),
    Selection("class_incremental"),
    Selection(step=0, image=10**6),
    Selection(step=-5, temperature=1e-3),
)


def panels() -> list[Panel]:
    made = [*(spec.make() for spec in PANELS), AccuracyPanel()]
    for panel in made:
        if isinstance(panel, PlotPanel):
            panel.make()
    return made


def use(panel: Panel, record: Record, size: tuple[int, int]) -> None:
    """Look at a panel in every way that a person does."""
    panel.resize(*size)
    panel.show_record(record)
    for selection in LOOKS if size != SIZES[-1] else LOOKS[:1]:  # large pictures are dear, and no other than small ones
        panel.refresh(selection)
        panel.grab()
        panel.describe()
        panel.headings()
    spots = [*panel.spots[:3], *panel.spots[-2:]]
    for spot in spots:
        panel.tip(spot.key)
        panel.hover(spot.key)
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())
        panel.refresh(panel.selection)
        if size != SIZES[-1] or spot is spots[-1]:
            panel.grab()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        QTest.keyClick(panel, key)
        if size != SIZES[-1] or key == Qt.Key.Key_Escape:
            panel.grab()


@pytest.mark.parametrize("case", ABSURD)
def test_absurd_values_never_break_a_panel(qtbot: QtBot, case: str) -> None:
    with np.errstate(all="ignore"):
        record = record_of(*ABSURD[case])
    shown = panels()
    for panel in shown:
        qtbot.addWidget(panel)
    for panel in shown:
        panel.show()
        for size in SIZES:
            use(panel, record, size)
            assert panel.failure is None, (panel.windowTitle(), size)
