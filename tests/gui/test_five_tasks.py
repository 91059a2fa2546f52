"""A run of five tasks in the window: every panel shows every moment of it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.table import PANELS
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.selection import Selection, stops
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.shown import shown_panel
from tests.runs import five


@pytest.mark.parametrize("key", [spec.key for spec in PANELS])
def test_every_panel_shows_every_moment_of_five_tasks(key: str, qtbot: QtBot) -> None:
    record = five.record()
    panel = shown_panel(key, qtbot, record, (700, 500))
    for step in (*stops(record).tolist(), None):
        for protocol in PROTOCOLS:
            panel.refresh(Selection(protocol=protocol, step=step, image=30))
            assert not panel.grab().isNull()


def test_the_window_opens_with_a_run_of_five_tasks_and_goes_to_its_boundaries(
    open_window: OpenWindow, engine: ScriptedEngine
) -> None:
    lab = open_window(engine=engine, record=five.record())
    window = lab.window
    for step in (*five.BOUNDARIES, -10, 36):
        window.look_at(step=step)
        assert not window.grab().isNull()
    window.look_at(step=16)
    assert {card.digits.text() for card in window.cards.cards} != {""}
    assert window.timeline.where.text().startswith("step 16 of 36 (task 4, epoch 1 of 2)")
