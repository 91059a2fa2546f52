"""What a move on the timeline leaves alone: nothing is shown, hidden or put in place again that stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.curves.accuracy import AccuracyPlot
from lwf_gui.gui.panels.overlays import Guessing
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import shown_panel
from tests.runs import five


def test_a_panel_that_is_scrolled_is_painted_once_a_move(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = shown_panel("classes", qtbot, five.record(), (300, 90))
    assert isinstance(panel, ScrolledPanel)
    assert panel.bar.isVisibleTo(panel)
    hidden: list[bool] = []
    monkeypatch.setattr(panel.bar, "hide", lambda: hidden.append(True))
    panel.refresh(replace(panel.selection, step=0))
    assert not hidden
    assert panel.bar.isVisibleTo(panel)
    monkeypatch.undo()
    panel.resize(300, 2000)
    assert not panel.bar.isVisibleTo(panel)
    panel.resize(300, 90)
    panel.show_record(Record())
    panel.refresh(Selection())
    assert not panel.bar.isVisibleTo(panel)


def test_another_task_that_is_looked_at_moves_nothing_of_what_guessing_gets(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = AccuracyPlot()
    qtbot.addWidget(plot)
    record = five.record()
    plot.show_record(record)
    put: list[bool] = []
    monkeypatch.setattr(Guessing, "_free", lambda _guessing: put.append(True))
    plot.guessing.show(record, "task_aware", plot.theme)
    assert put
    put.clear()
    plot.guessing.show(record, "task_aware", plot.theme)
    assert not put
    plot.guessing.show(record, "class_incremental", plot.theme)
    assert put
