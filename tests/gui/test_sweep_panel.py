"""The panel of sweeps: its figures against those of the sweep, what mouse and keys choose, and what it asks for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import ink
from lwf_gui.gui.panels.spots import next_spot
from lwf_gui.gui.panels.sweep import SweepPanel
from lwf_gui.gui.panels.sweep.axes import rounded
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.palette import ramp
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.sweep_figures import HOW
from lwf_gui.runs.sweep_view import SweepView, Undone
from tests.gui.shown import click, picture, place, scale_type, shown_panel
from tests.gui.test_accessibility import in_reach
from tests.runs.sweeps import ALPHAS, LEARNERS, TEMPERATURES, done, figures, known, planned

SIZES = [(300, 160), (330, 420), (615, 176), (700, 420), (1200, 400)]
ShowPanel = Callable[..., SweepPanel]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(view: SweepView | None = None, size: tuple[int, int] = (1000, 420), **selection: Any) -> SweepPanel:
        panel = shown_panel("sweep", qtbot, Record(), size, sweep=view or known(planned()), **selection)
        assert isinstance(panel, SweepPanel)
        assert panel.failure is None
        return panel

    return shown


def cells(panel: SweepPanel) -> dict[tuple[int, int], QRectF]:
    return {
        (spot.key.across, spot.key.up): spot.rect
        for spot in panel.spots
        if isinstance(spot.key, Place) and spot.key.kind == "cell"
    }


def said(panel: SweepPanel) -> str:
    return "\n".join(each.text for each in panel.written())


def expected(across: int, up: int, quantity: str = "old", learner: str = "lwf", protocol: Any = "task_aware") -> float:
    view = planned()
    settings = {"lwf.alpha": ALPHAS[across], "lwf.temperature": TEMPERATURES[up]}
    runs = [run for run in view.runs if settings.items() <= run.settings.items()]
    return float(np.mean([figures(run, learner, protocol)[quantity] for run in runs]))


def test_without_a_sweep_it_says_how_to_get_one(qtbot: QtBot) -> None:
    panel = shown_panel("sweep", qtbot, Record(), (600, 200))
    panel.describe()
    assert panel.accessibleDescription() == HOW == panel.missing()
    assert HOW in panel.all_said()
    acted: list[str] = []
    panel.acted.connect(acted.append)
    for name in ("open_sweep", "sweep"):
        click(panel, Place("action", name))
        assert len(panel.tip(Place("action", name)).split()) > 4
    assert acted == ["open_sweep", "sweep"]
    assert panel.tip(Place("cell")) == "", "of what was shown a moment ago"
    assert QRectF(panel.rect()).contains(place(panel, Place("action", "sweep")))


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_cells_hold_the_means_and_have_their_colours(show: ShowPanel, protocol: Any) -> None:
    panel = show(protocol=protocol)
    image, heat, places = picture(panel), panel.shown.heat, cells(panel)
    assert len(places) == len(ALPHAS) * len(TEMPERATURES)
    for (across, up), box in places.items():
        value = expected(across, up, protocol=protocol)
        inside = [each.text for each in panel.written() if box.contains(each.rect.center())]
        assert inside[0] == f"{value:.1f}"
        fill = QColor(ramp((value - heat.low) / (heat.high - heat.low)))
        corner = box.bottomRight().toPoint() - QPoint(6, 6)
        assert image.pixelColor(corner) == fill
        assert ink(fill) in (QColor("#000000"), QColor("#ffffff"))
    top = max(places, key=lambda at: places[at].left() - places[at].top())
    assert top == (len(ALPHAS) - 1, len(TEMPERATURES) - 1), "values ascend to the right and upwards"


@pytest.mark.parametrize("quantity", ["new", "average"])
def test_keys_show_another_figure_and_learner(show: ShowPanel, quantity: str) -> None:
    panel = show()
    click(panel, Place("quantity", quantity))
    assert panel.shown.heat.cells[1, 1].mean == pytest.approx(expected(1, 1, quantity))
    click(panel, Place("learner", "fine-tune"))
    assert panel.shown.heat.cells[1, 1].mean == pytest.approx(expected(1, 1, quantity, "fine-tune"))
    assert "Fine-tuning" in panel.caption()


def test_an_axis_goes_on_to_the_next_setting(show: ShowPanel) -> None:
    panel = show()
    click(panel, Place("axis", "up"))
    assert (panel.shown.heat.across.key, panel.shown.heat.up.key) == ("lwf.alpha", "seed")
    assert "all values of Temperature T" in panel.caption()
    click(panel, Place("axis", "up"))
    assert panel.shown.heat.up.key == "lwf.temperature"


def test_points_stand_at_the_accuracies_and_the_front_is_full(show: ShowPanel) -> None:
    panel = show()
    marks = {spot.key: spot.rect for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == "point"}
    for learner in LEARNERS:
        points = panel.shown.fronts[learner]
        own = [marks[Place("point", learner, number)].center() for number in range(len(points))]
        x, y = np.array([each.x() for each in own]), np.array([each.y() for each in own])
        new, old = np.array([p.new for p in points]), np.array([p.old for p in points])
        if np.ptp(new) > 1:  # pixels are in proportion to percent, upwards and to the right
            assert np.corrcoef(x, new)[0, 1] == pytest.approx(1)
            assert np.corrcoef(y, old)[0, 1] == pytest.approx(-1)
    tip = panel.tip(Place("point", "lwf", 0))
    assert "LwF, Alpha 0.5, Temperature T 1" in tip
    assert "mean of 2 runs" in tip


def test_mouse_and_arrow_keys_choose_a_cell_whose_curves_and_sentence_are_shown(show: ShowPanel) -> None:
    panel = show()
    assert panel.chosen == panel.shown.heat.best == (3, 2)
    before = picture(panel)
    QTest.mouseMove(panel, cells(panel)[0, 0].center().toPoint())
    assert panel.chosen == (0, 0)
    assert picture(panel) != before
    assert "Alpha 0.5, Temperature T 1: LwF, task-aware, old" in said(panel)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Right)
    panel.grab()
    assert panel.chosen == (1, 0)
    QTest.keyClick(panel, Qt.Key.Key_Up)
    assert panel.chosen == (1, 1)
    assert "Alpha 1, Temperature T 2" in panel.accessibleName()
    curves = panel.shown.curves((1, 1))
    assert [curve.old[-1] for curve in curves.each] == [
        figures(run, "lwf", "task_aware")["old"] - 4
        for run in panel.shown.view.runs
        if (run.settings["lwf.alpha"], run.settings["lwf.temperature"]) == (1.0, 2.0)
    ]


def test_enter_and_a_double_click_open_the_runs_of_a_cell_and_a_click_does_not(show: ShowPanel) -> None:
    panel = show()
    asked: list[object] = []
    panel.asked.connect(asked.append)
    panel.acted.connect(asked.append)
    at = cells(panel)[2, 1].center().toPoint()
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=at)
    assert asked == []
    QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=at)
    runs = panel.shown.heat.cells[2, 1].runs
    assert asked == [{"sweep_runs": runs[:1]}, "sweep_open_runs"]
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert len(asked) == 4
    panel.refresh(Selection(sweep=planned()))
    panel.grab()
    QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=cells(panel)[0, 0].center().toPoint())
    assert len(asked) == 4, "nothing is there to be opened"


def test_a_sweep_that_grows_is_painted_anew_and_says_how_far_it_is(show: ShowPanel) -> None:
    view = planned()
    panel = show(view)
    before = picture(panel)
    assert "0 of 24 runs" in said(panel)
    assert "not done yet" in said(panel)
    view.work(running=True, own=True, left="about 40 s")
    known(view, 14)
    panel.refresh(panel.selection)
    assert picture(panel) != before
    assert "14 of 24 runs, about 40 s left" in said(panel)
    acted: list[str] = []
    panel.acted.connect(acted.append)
    click(panel, Place("action", "sweep_cancel"))
    view.work(running=False, own=False)
    panel.refresh(panel.selection)
    click(panel, Place("action", "sweep_go_on"))
    assert acted == ["sweep_cancel", "sweep_go_on"]
    known(view)
    panel.refresh(panel.selection)
    panel.grab()
    assert not [spot for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == "action"]


def test_cells_that_failed_or_are_damaged_say_so_and_the_reason_is_read(show: ShowPanel) -> None:
    view = planned()
    view.take([(run.id, Undone("no <b>disk</b>")) for run in view.runs[:2]])
    view.take([(run.id, Undone("it is cut short", damaged=True)) for run in view.runs[2:4]])
    view.take(
        [(view.runs[4].id, done(view.runs[4], without="lwf")), (view.runs[5].id, done(view.runs[5], without="lwf"))]
    )
    panel = show(view)
    assert {"failed", "damaged", "diverged"} <= set(said(panel).split("\n"))
    assert "no <b>disk</b>" in panel.tip(Place("cell", "", 0, 0))
    assert "2 failed, 2 damaged" in said(panel)
    panel.describe()
    assert "nan" not in panel.accessibleDescription()
    assert math.isnan(panel.shown.heat.cells[0, 0].mean)


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("runs", [0, 11, 24])
def test_everything_is_within_the_panel_at_any_size(
    qapp: QApplication, show: ShowPanel, size: tuple[int, int], scale: float, runs: int
) -> None:
    scale_type(scale)
    panel = show(known(planned(), runs), size)
    inside = QRectF(panel.rect()).adjusted(-0.5, -0.5, 0.5, 0.5)
    assert all(inside.contains(spot.rect) for spot in panel.spots), [
        s for s in panel.spots if not inside.contains(s.rect)
    ]
    texts = panel.written()
    assert all(inside.contains(each.rect) for each in texts), [each for each in texts if not inside.contains(each.rect)]
    assert len(in_reach(panel.spots)) == len(panel.spots), "arrow keys reach all"
    tips: list[Any] = [spot.key for spot in panel.spots]
    assert all(len(panel.tip(key).split()) > 2 for key in tips)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
def test_the_chosen_cell_is_framed_in_every_theme(show: ShowPanel, colours: theme.Theme) -> None:
    panel = show()
    panel.set_theme(colours)
    image, box = picture(panel), cells(panel)[panel.chosen]
    edge = {image.pixelColor(round(box.center().x()), round(box.top()) + down).name() for down in range(5)}
    assert colours.text in edge
    assert colours.surface in edge


def test_one_setting_alone_is_a_row_and_many_values_are_cells_without_figures(show: ShowPanel) -> None:
    row = show(known(planned(temperatures=(1.0,))))
    assert {up for _, up in cells(row)} == {0}
    wide = show(
        known(planned(alphas=[0.1 * n for n in range(1, 13)], temperatures=[float(n) for n in range(1, 13)])),
        (420, 180),
    )
    assert len(cells(wide)) == 144
    drawn = show(known(planned(alphas=[0.1 * n for n in range(1, 40)], temperatures=(1.0, 2.0))), (420, 200))
    assert "\N{GREATER-THAN OR EQUAL TO} 0.1" in said(drawn), "parts of a range say where they begin"


def test_arrow_keys_go_from_cell_to_cell(show: ShowPanel) -> None:
    panel = show()
    at = next(spot for spot in panel.spots if spot.key == Place("cell", "", 0, 0))
    assert next_spot(panel.spots, at, 1, 0).key == Place("cell", "", 1, 0)
    assert next_spot(panel.spots, at, 0, -1).key == Place("cell", "", 0, 1)
    assert place(panel, Place("curves")).width() > 100


def test_ticks_are_round_and_their_range_holds_all() -> None:
    found = rounded([61.3, 68.9], least=4, bounds=(0, 100))
    assert found.low <= 61.3
    assert found.high >= 68.9
    assert found.ticks == (60, 65, 70)
    assert rounded([99.99], least=4, bounds=(0, 100)).high == 100
    assert rounded([], least=4, bounds=(0, 100))[:2] == (0, 100)
