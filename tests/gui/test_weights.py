"""The panel of weights: filters in colours that mean something, bars as long as their figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.weights import DARK_SHADES, LIGHT_SHADES, Weights
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import NAMES, SIX, require_empty, scale_type, shown_panel, with_learners
from tests.runs import synthetic
from tests.runs.synthetic import LAYERS, LEARNERS

SIZES = [(360, 400), (420, 170), (520, 190), (700, 240), (1200, 500)]
ShowPanel = Callable[..., Weights]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(
        record: Record | None = None, size: tuple[int, int] = (700, 300), dark: bool = False, **selection: Any
    ) -> Weights:
        panel = shown_panel("weights", qtbot, record or synthetic.record(), size, **selection)
        assert isinstance(panel, Weights)
        panel.set_theme(theme.DARK if dark else theme.LIGHT)
        panel.grab()
        return panel

    return shown


def place(panel: Weights, learner: str, layer: str = "") -> QRectF:
    (rect,) = [spot.rect for spot in panel.spots if spot.key == (learner, layer)]
    return rect


def tip(panel: Weights, learner: str, layer: str = "") -> str:
    key: Any = next(spot.key for spot in panel.spots if spot.key == (learner, layer))
    return panel.tip(key)


def share(panel: Weights, rect: QRectF, colour: str) -> float:
    """Return which share of a place has a colour."""
    image, wanted, inside = panel.grab().toImage(), QColor(colour).rgb(), rect.toRect()
    hits = [
        image.pixel(x, y) == wanted
        for y in range(inside.top(), inside.bottom())
        for x in range(inside.left(), inside.right())
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("record", [Record(), synthetic.record(synthetic.task1())])
def test_before_the_head_expansion_it_says_what_will_be_here(show: ShowPanel, record: Record) -> None:
    require_empty(show(record))


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("learners", "layers", "filters"), [(1, 3, 1), (2, 3, 16), (4, 6, 7)])
def test_every_learner_has_its_filters_and_every_layer_its_bar(
    qapp: QApplication,
    show: ShowPanel,
    learners: int,
    layers: int,
    filters: int,
    size: tuple[int, int],
    scale: float,
) -> None:
    scale_type(scale)
    panel = show(with_learners(learners, layers, filters), size)
    expected = {(name, layer) for name in NAMES[:learners] for layer in ("", *SIX[-layers:])}
    assert {spot.key for spot in panel.spots} == expected
    for index, spot in enumerate(panel.spots):
        assert QRectF(panel.rect()).contains(spot.rect)
        overlapping = [
            o for o in panel.spots[index + 1 :] if o.rect.adjusted(0.1, 0.1, -0.1, -0.1).intersects(spot.rect)
        ]
        assert not overlapping


@pytest.mark.parametrize("dark", [False, True])
def test_positive_is_orange_negative_blue_and_zero_the_ground(show: ShowPanel, dark: bool) -> None:
    record = synthetic.record()
    record.layers[0].filters[:] = 0
    for sign, colour in zip((-1, 0, 1), DARK_SHADES if dark else LIGHT_SHADES, strict=True):
        record.layers[-1].filters[0] = sign
        record.layers[-1].filters[1] = 1  # sets the scale
        panel = show(record, dark=dark)
        assert share(panel, place(panel, "fine-tune"), colour) > 0.3
        assert share(panel, place(panel, "lwf"), (DARK_SHADES if dark else LIGHT_SHADES)[2]) > 0.3


def test_learners_share_one_scale(show: ShowPanel) -> None:
    record = synthetic.record()
    record.layers[0].filters[:] = 0
    record.layers[-1].filters[0], record.layers[-1].filters[1] = 1, 0.5
    panel = show(record)
    low, high = (QColor(LIGHT_SHADES[index]) for index in (1, 2))
    half = QColor(*(round((low.getRgb()[i] + high.getRgb()[i]) / 2) for i in range(3)))  # type: ignore[index]
    assert share(panel, place(panel, "fine-tune"), high.name()) > 0.3
    assert share(panel, place(panel, "lwf"), half.name()) > 0.3


def test_a_click_or_enter_goes_from_the_change_to_the_weights_and_back(show: ShowPanel) -> None:
    panel = show(step=15)
    assert panel.shown.change
    before = panel.grab().toImage()
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place(panel, "lwf").center().toPoint())
    assert not panel.shown.change
    assert panel.grab().toImage() != before
    assert "change since head expansion" in tip(panel, "lwf").partition("Enter")[2]
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.shown.change
    assert tip(panel, "lwf").startswith(
        "LwF: change since head expansion of the weights of the first 4 units of fc1, 8 x 8 each"
    )


def test_a_click_on_a_bar_leaves_the_pictures(show: ShowPanel) -> None:
    panel = show()
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place(panel, "lwf", "fc2").center().toPoint())
    assert panel.shown.change


def test_bars_are_as_long_as_their_share_of_the_farthest_way(show: ShowPanel) -> None:
    record = synthetic.record()
    record.layers[-1].moved[:] = [[1.0, 0.5, 0.25], [0.75, 0.1, 0.0]]
    for probe in record.layers[:-1]:
        probe.moved[:] = 0
    panel = show(record)
    full = share(panel, place(panel, "fine-tune", "fc1"), panel.colours.learner("fine-tune"))
    assert full > 0.5
    for row, learner in enumerate(LEARNERS):
        for column, layer in enumerate(LAYERS):
            bar = share(panel, place(panel, learner, layer), panel.colours.learner(learner))
            assert bar == pytest.approx(full * float(record.layers[-1].moved[row, column]), abs=0.04)


def test_distances_are_said_in_percent(show: ShowPanel) -> None:
    record = synthetic.record()
    record.layers[-1].moved[1] = [0.344, 0.0123, np.nan]
    panel = show(record)
    assert "LwF: fc1 34 %, fc2 1.2 %, classifier -." in panel.sentence()
    assert "fc1 moved 34 % of its length at head expansion" in tip(panel, "lwf", "fc1")
    for part in ("digits", "step 30", "L2 distance", "percent"):
        assert part in panel.caption()


def test_growth_is_shown_where_there_is_room_with_the_cursor_in_it(show: ShowPanel) -> None:
    wide = show(size=(1200, 400))
    right = QRectF(wide.width() - 150, 40, 145, 300)
    assert share(wide, right, wide.colours.learner("lwf")) > 0.001
    at_end = wide.grab().toImage()
    record = synthetic.record()
    for probe in record.layers[1:]:  # so that nothing but the cursor differs
        record.layers[record.layers.index(probe)] = replace(record.layers[-1], step=probe.step)
    panels = [show(record, (1200, 400), step=step) for step in (10, 30)]
    first, last = (panel.grab(right.toRect()).toImage() for panel in panels)
    assert first != last
    assert at_end != panels[1].grab().toImage()


def test_scrubbed_and_live(show: ShowPanel) -> None:
    record = synthetic.record()
    last = record.layers.pop()
    panel = show(record)
    assert panel.shown.step == 15
    record.apply(last)
    panel.refresh(panel.selection)
    assert panel.shown.step == 30
    panel.refresh(Selection(step=12))
    assert panel.shown.step == 10


def test_the_picture_is_kept_until_something_changes(show: ShowPanel) -> None:
    panel = show()
    kept = panel._picture
    panel.refresh(panel.selection)
    panel.grab()
    assert panel._picture is kept
    changes: list[Callable[[], object]] = [
        lambda: panel.refresh(Selection(step=10)),
        lambda: panel.set_theme(theme.DARK),
        lambda: panel.resize(600, 250),
    ]
    for change in changes:
        change()
        panel.grab()
        assert panel._picture is not kept
        kept = panel._picture


def test_nothing_changed_yet_right_after_the_head_expansion(show: ShowPanel) -> None:
    panel = show(step=0)
    assert panel.shown.peak == 0
    assert share(panel, place(panel, "lwf"), LIGHT_SHADES[1]) > 0.3


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_negative_and_positive_stand_out_from_zero_alike(colours: Theme) -> None:
    low, zero, high = (QColor(shade) for shade in (DARK_SHADES if colours.dark else LIGHT_SHADES))
    steps = [abs(end.lightnessF() - zero.lightnessF()) for end in (low, high)]
    assert min(steps) > 0.25
    assert low.hue() in range(190, 230)
    assert high.hue() in range(25, 45)
