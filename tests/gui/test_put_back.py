"""The panel of layers put back: keys, bars, words, with little room and much type."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.put_back import PutBackPanel
from lwf_gui.gui.panels.put_back.place import Place
from lwf_gui.gui.panels.put_back.plan import plan
from lwf_gui.runs.put_back import HEAD, NO_LOOKS, put_back
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import click, picture, require_empty, scale_type, shown_panel, with_learners
from tests.runs import layers_back, synthetic

SIZES = [(300, 180), (390, 330), (620, 190), (400, 600), (1200, 800)]


def shown(qtbot: QtBot, record: Record | None = None, size: tuple[int, int] = (800, 400)) -> PutBackPanel:
    panel = shown_panel("put_back", qtbot, layers_back.record() if record is None else record, size)
    assert isinstance(panel, PutBackPanel)
    return panel


def test_before_task_2_it_says_what_will_be_here(qtbot: QtBot) -> None:
    require_empty(shown(qtbot, Record()))


def test_a_run_without_looks_says_what_to_do(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, synthetic.record())
    panel.describe()
    assert NO_LOOKS in drawn
    assert panel.accessibleDescription() == NO_LOOKS


def test_a_click_puts_a_layer_back_and_takes_it_out_again(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    assert panel.combination == 4
    assert "60.0 %" in drawn
    click(panel, Place("layer", "fc1"))
    assert panel.combination == 5
    click(panel, Place("layer", HEAD))
    assert panel.combination == 1
    click(panel, Place("combination", "fine-tune", 7))
    assert panel.combination == 7
    assert "with all layers put back: old task 90.0 %" in panel.sentence()


def test_keys_choose_the_learner(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(panel, key)
    assert panel.learner == "lwf"
    assert panel.accessibleDescription().startswith("LwF, task-aware, step 30")


def test_the_sentence_is_computed(qtbot: QtBot, drawn: list[str]) -> None:
    shown(qtbot, size=(1200, 800))
    assert any(
        text.startswith("Putting back the old answers' rows alone brings back 40 of 70 points") for text in drawn
    )
    record = layers_back.record()
    look = record.put_back[30]
    figures = put_back(record, Selection())
    assert figures is not None
    as_before = [round(figures.before[name] * figures.images[0] / 100) for name in figures.learners]
    right = look.right.copy()
    right[:, :, 0, 0] = np.array(as_before)[:, None]
    record.put_back[30] = replace(look, right=right)
    drawn.clear()
    shown(qtbot, record)
    assert any("has lost less than a point of the old task" in text for text in drawn)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_every_part_lies_within_the_panel_and_apart(
    qtbot: QtBot, drawn: list[str], size: tuple[int, int], scale: float, colours: theme.Theme
) -> None:
    scale_type(scale)
    panel = shown(qtbot, size=size)
    panel.set_theme(colours)
    drawn.clear()
    assert not picture(panel).isNull()
    assert panel.failure is None
    inside = panel.area.adjusted(-1, -1, 1, 1)
    keys = [spot.key for spot in panel.spots if isinstance(spot.key, Place)]
    assert {key.kind for key in keys} >= {"learner", "layer", "images", "bar"}
    assert all(panel.tip(key).endswith(".") for key in keys)
    for number, spot in enumerate(panel.spots):
        assert inside.contains(spot.rect), spot
        within = spot.rect.adjusted(1, 1, -1, -1)
        assert not any(within.intersects(other.rect) for other in panel.spots[number + 1 :]), spot
    assert not [text for text in drawn if "…" in text]
    assert "60.0 %" in drawn


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_four_learners_can_all_be_reached(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    scale_type(scale)
    record = with_learners(4)
    record.apply(layers_back.look(30, full=True, learners=4))
    panel = shown(qtbot, record, size)
    seen = [panel.learner]
    for _ in range(3):
        places = [spot.key for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == "learner"]
        following = [key for key in places if key.number == 1] or [key for key in places if key.name not in seen]
        click(panel, following[0])
        seen.append(panel.learner)
    assert sorted(seen) == sorted(panel.shown.learners)
    assert len(seen) == 4


@pytest.mark.parametrize("size", [(620, 560), (1000, 560), (1240, 900)])
def test_type_grows_with_the_panel_where_it_is_enlarged(qtbot: QtBot, size: tuple[int, int]) -> None:
    small, large = (plan(QRectF(0, 0, *room), layers=3, rows=4) for room in ((620, 210), size))
    assert large.telling is not None
    assert large.scale >= 1.5 * small.scale
    for part in (large.choice, large.network, large.bars, large.telling, large.verdict):
        assert QRectF(0, 0, *size).adjusted(-1, -1, 1, 1).contains(part)
