"""Every panel shows a run of which one learner diverged: before, after, and when it has just happened."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.curves import LOSS_CEILING, AccuracyPlot, LossPlot
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import shown_panel
from tests.runs import synthetic
from tests.runs.test_divergence import diverged, early, without


@pytest.mark.parametrize("run", [diverged, early])
@pytest.mark.parametrize("key", [spec.key for spec in PANELS])
def test_panels_show_the_others(qtbot: QtBot, key: str, run: Callable[[], Record]) -> None:
    panel = shown_panel(key, qtbot, run(), (700, 400))
    for step in (None, 15, 10, 0, -4, 30):
        panel.refresh(Selection(step=step))
        panel.grab()
        panel.describe()
        assert "nan" not in panel.accessibleDescription().lower(), step
        assert "nan" not in panel.caption().lower()
        for spot in panel.spots:
            assert "nan" not in panel.tip(spot.key).lower()


def test_history_of_an_image_is_painted_beyond_its_end(qtbot: QtBot) -> None:
    panel = shown_panel("image_grid", qtbot, diverged(), (700, 400))
    panel.choose(next(spot.key for spot in panel.spots))
    for step in (10, 15):
        panel.refresh(Selection(step=step))
        panel.grab()
        assert panel.has_open()


@pytest.mark.parametrize("key", [spec.key for spec in PANELS])
def test_panels_follow_a_run_in_which_it_happens(qtbot: QtBot, key: str) -> None:
    panel = shown_panel(key, qtbot, record := synthetic.record(synthetic.task1()), (700, 400))
    for message in map(without, synthetic.task2()):
        record.apply(message)
        panel.refresh(Selection())
        panel.grab()


def test_curves_and_cards_say_where_it_diverged(qtbot: QtBot) -> None:
    plots = AccuracyPlot(), LossPlot()
    for plot in plots:
        plot.set_theme(theme.LIGHT)
        plot.show_record(diverged())
        plot.repaint_curves()
        for step, said in ((10, False), (13, True), (math.inf, True)):
            told = "".join(text for text, _ in plot.values_at(step))
            assert ("diverged at step 13" in told) == said
            assert "Fine-tuning" in told
    cards = Cards()
    qtbot.addWidget(cards)
    cards.show_record(diverged())
    cards.refresh(Selection())
    fine, lost = cards.cards
    assert (lost.digits.text(), lost.change.text()) == ("-", "diverged at step 13")
    assert "since expansion" in fine.change.text()
    for plot in plots:  # now, not whenever their garbage is collected
        shiboken6.delete(plot)


def test_cards_say_that_every_learner_has_diverged(qtbot: QtBot) -> None:
    record = synthetic.up_to_step(15)
    assert record.incremental is not None
    record.incremental.losses.values[12:] = np.nan
    cards = Cards()
    qtbot.addWidget(cards)
    cards.show_record(record)
    cards.refresh(Selection())
    assert {card.digits.text() for card in cards.cards} == {"-"}
    assert cards.caption.text() == "Task-aware accuracy; every learner has diverged."
    assert {card.change.text() for card in cards.cards} == {"diverged at step 13"}


def test_losses_beyond_all_measure_leave_the_axis_to_the_others(qtbot: QtBot) -> None:
    record = synthetic.up_to_step(10)
    assert record.incremental is not None
    record.incremental.losses.values[-1, 1] = 1e30
    plot = LossPlot()
    plot.set_theme(theme.LIGHT)
    plot.show_record(record)
    plot.repaint_curves()
    assert plot.plot.viewRange()[1][1] == LOSS_CEILING
    QApplication.processEvents()  # lays it out now: a collection amid it would take half of the plot away
    shiboken6.delete(plot)
