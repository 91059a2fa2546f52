"""The panel of the stability gap: curves, rows, words, keys, with little room and much type, and with many learners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.axis import FIRST_LOOKS
from lwf_gui.gui import theme
from lwf_gui.gui.panels.stability_gap import StabilityGapPanel
from lwf_gui.gui.panels.stability_gap.place import Place
from lwf_gui.gui.panels.stability_gap.plan import MOST_ROWS
from lwf_gui.gui.panels.stability_gap.plot import spread
from lwf_gui.gui.panels.stability_gap.words import GUESSED
from lwf_gui.messages import Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.stability_gap import UNKNOWN_STEPS
from tests.gui.shown import click, picture, require_empty, scale_type, shown_panel
from tests.runs import first_steps, five, synthetic
from tests.runs.test_divergence import diverged

SIZES = [(240, 150), (300, 180), (390, 330), (620, 190), (400, 600), (1200, 800)]
NBSP = "\N{NO-BREAK SPACE}"


def curve(before: int, lowest: int, after: int, at: int = 8) -> dict[int, int]:
    """Return an old accuracy by step that falls until a step and then stays where it comes to by step 20."""
    return {step: before if step < at else lowest if step < 20 else after for step in FIRST_LOOKS}


def two() -> Record:
    return first_steps.record(curve(91, 18, 20), curve(91, 78, 88))


def shown(qtbot: QtBot, record: Record | None = None, size: tuple[int, int] = (900, 500), **how: Any) -> Any:
    panel = shown_panel("stability_gap", qtbot, two() if record is None else record, size, **how)
    assert isinstance(panel, StabilityGapPanel)
    return panel


def kinds(panel: StabilityGapPanel) -> list[str]:
    return [spot.key.kind for spot in panel.spots if isinstance(spot.key, Place)]


def test_before_task_2_it_says_what_will_be_here(qtbot: QtBot) -> None:
    require_empty(shown(qtbot, Record()))


def test_the_verdict_is_computed(qtbot: QtBot, drawn: list[str]) -> None:
    shown(qtbot)
    said = (
        "LwF falls to 78 % within 8 steps and is back at 88 % by step 60; "
        "Fine-tuning falls to 18 % within 8 steps and stays near there."
    )
    assert said.replace(" %", f"{NBSP}%") in drawn


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (curve(91, 90, 91), "Fine-tuning does not fall: 91 % by step 60"),
        (curve(91, 60, 70), "Fine-tuning falls to 60 % within 8 steps and stands at 70 % by step 60"),
        (curve(91, 91, 40), "Fine-tuning falls to 40 % within 20 steps and stays near there"),
        ({0: 91}, "The new task has just begun"),
        ({0: 91, 1: 70}, "Fine-tuning falls to 70 % by step 1"),
    ],
)
def test_the_verdict_says_what_each_does(qtbot: QtBot, drawn: list[str], steps: dict[int, int], said: str) -> None:
    shown(qtbot, first_steps.record(steps))
    assert any(text.replace(NBSP, " ").startswith(said) for text in drawn), drawn


def test_rows_have_where_it_stood_how_low_it_fell_and_min_acc(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, size=(1200, 800))
    for text in ("before", "after 60 steps", "min-ACC so far", "78 %, at 8", "18 %, at 8", "before: 91 %"):
        assert text in drawn
    assert {"78 % at step 8", "18 % at step 8"} <= set(drawn)
    told = panel.tip(Place("row", "lwf"))
    assert told.startswith("LwF: before 91 %, lowest 78 % at step 8, at step 60 88 %, min-ACC so far 78 %, worst-case")
    assert "task-aware, of 100 probe images of the old task" in told
    assert "each task has the same weight in it" in told, "beside figures that weigh tasks by their images"
    assert panel.sentence().count("min-ACC so far") == 2


def test_a_click_on_a_row_or_a_lowest_point_goes_there(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(1200, 800), follow=True)
    click(panel, Place("row", "lwf"))
    assert panel.selection.step == 8
    assert panel.shown.here == 8


def test_keys_go_from_task_to_task(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, five.record(), follow=True, step=13)
    assert "Task 3 begins: tasks 1-2" in drawn
    panel.setFocus()
    click(panel, Place("task", "", 1))
    assert (panel.shown.task, panel.selection.step) == (3, 20)
    panel.at = None
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.at is not None
    assert panel.at.key == Place("task", "", -1)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.shown.task == 2


def test_a_curve_that_shall_be_guessed_first_is_not_shown(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    drawn.clear()
    panel.guessed = True
    panel.refresh(Selection())
    panel.grab()
    panel.describe()
    assert panel.spots == []
    assert panel.accessibleDescription() == GUESSED
    assert not any("%" in text for text in [*drawn, *panel.headings()])


def test_without_first_steps_it_says_why(qtbot: QtBot, drawn: list[str]) -> None:
    shown(qtbot, first_steps.record({8: 60, 60: 88}))
    assert UNKNOWN_STEPS in drawn


def test_who_was_looked_at_less_often_has_the_step_of_its_last_look(qtbot: QtBot, drawn: list[str]) -> None:
    record = two()
    assert record.incremental is not None
    seldom = Record()
    for message in record.messages():
        if isinstance(message, Probe) and message.step > 40:
            message = replace(message, logits=np.stack([np.full_like(message.logits[0], np.nan), message.logits[1]]))
        seldom.apply(message)
    panel = shown(qtbot, seldom, size=(1200, 800))
    assert "20 %, at 40" in drawn
    assert "LwF falls to 78 % within 8 steps and is back at 88 % by step 60" in panel.sentence().replace(NBSP, " ")
    assert "at step 40 20 %" in panel.sentence()
    assert "diverge" not in panel.sentence()


def test_who_diverged_is_told(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, diverged(), size=(1200, 800))
    assert "diverged" in drawn
    assert "diverges at step 13" in panel.sentence()


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_every_part_lies_within_the_panel_and_apart(
    qtbot: QtBot, drawn: list[str], size: tuple[int, int], scale: float, colours: theme.Theme
) -> None:
    scale_type(scale)
    for record in (two(), five.record(), synthetic.record()):
        panel = shown(qtbot, record, size)
        panel.set_theme(colours)
        drawn.clear()
        assert not picture(panel).isNull()
        assert panel.failure is None
        inside = panel.area.adjusted(-1, -1, 1, 1)
        assert "curve" in kinds(panel)
        assert all(panel.tip(spot.key).endswith(".") for spot in panel.spots)
        for number, spot in enumerate(panel.spots):
            assert inside.contains(spot.rect), spot
            within = spot.rect.adjusted(1, 1, -1, -1)
            assert not any(within.intersects(other.rect) for other in panel.spots[number + 1 :]), spot
        assert not [text for text in drawn if "…" in text]


@pytest.mark.parametrize("size", [(390, 330), (900, 500)])
def test_the_table_gives_way_to_the_curves_of_many(qtbot: QtBot, drawn: list[str], size: tuple[int, int]) -> None:
    many = [curve(91, 20 + 5 * number, 30 + 5 * number) for number in range(MOST_ROWS + 2)]
    panel = shown(qtbot, first_steps.record(*many), size)
    assert "row" not in kinds(panel)
    assert len({spot.key.name for spot in panel.spots if spot.key.kind == "curve"}) == len(many)
    if size == (900, 500):
        assert any(text.startswith("10 learners have no table") for text in drawn)
    assert panel.sentence().count("min-ACC so far") == len(many)


def test_names_are_spread_in_their_order_and_within_their_room() -> None:
    assert spread([10, 12, 50], 10, (0, 100)) == [10, 20, 50]
    assert spread([95, 96], 10, (0, 100)) == [80, 90]
    assert spread([-5], 10, (0, 100)) == [0]
