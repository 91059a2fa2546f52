"""The trade-off of old and new accuracy with its bias curve: what it paints, says and lets people move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.tradeoff import TradeoffPanel
from lwf_gui.messages import Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tradeoff import Tradeoff, tradeoff
from tests.gui.shown import NAMES, scale_type, shown_panel, with_learners
from tests.runs import synthetic

SIZES = [(360, 400), (420, 170), (520, 190), (700, 240), (1200, 500)]
ShowPanel = Callable[..., TradeoffPanel]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(record: Record | None = None, size: tuple[int, int] = (900, 400), **selection: Any) -> TradeoffPanel:
        panel = shown_panel("trade_off", qtbot, record or synthetic.record(), size, **selection)
        assert isinstance(panel, TradeoffPanel)
        return panel

    return shown


def spots(panel: TradeoffPanel, what: str, learner: str = "") -> list[QRectF]:
    """Return the places of a kind of mark, marks before legends."""
    panel.grab()
    found = [spot.rect for spot in panel.spots if spot.key == (what, learner)]
    return sorted(found, key=lambda rect: rect.width())


def tip(panel: TradeoffPanel, what: str, learner: str = "") -> str:
    key: Any = next(spot.key for spot in panel.spots if spot.key == (what, learner))
    return panel.tip(key)


def expected(**selection: Any) -> Tradeoff:
    figures = tradeoff(synthetic.record(), Selection(**selection))
    assert figures is not None
    return figures


def accuracies(panel: TradeoffPanel, mark: QRectF, square: int) -> tuple[float, float]:
    """Return the (new, old) accuracy at which a mark stands, from the corners of its square on the screen."""
    axes = panel._axes[square]
    low, high = axes.point(0, 0), axes.point(100, 100)
    x = (mark.center().x() - low.x()) / (high.x() - low.x())
    return 100 * x, 100 * (mark.center().y() - low.y()) / (high.y() - low.y())


@pytest.mark.parametrize("record", [Record(), synthetic.record(synthetic.task1())])
def test_before_the_head_expansion_it_says_what_will_be_here_and_has_no_slider(show: ShowPanel, record: Record) -> None:
    panel = show(record)
    panel.describe()
    assert panel.shown is None
    assert panel.slider.isHidden()
    assert panel.caption() == ""
    assert panel.accessibleDescription() == TradeoffPanel.EMPTY


def test_scrubbed_before_the_head_expansion_the_slider_goes_and_comes_back(show: ShowPanel) -> None:
    panel = show()
    assert panel.slider.isVisible()
    panel.refresh(Selection(step=-5))
    assert panel.slider.isHidden()
    panel.refresh(Selection())
    assert panel.slider.isVisible()
    panel.show_record(Record())
    assert panel.slider.isHidden()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("learners", [1, 2, 4])
def test_everything_is_within_the_panel_and_both_squares_apart(
    qapp: QApplication, show: ShowPanel, learners: int, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    panel = show(with_learners(learners), size)
    inside = QRectF(panel.rect())
    for what in ("path", "area", "zero", "bias"):
        for name in NAMES[:learners]:
            assert all(inside.contains(rect) for rect in spots(panel, what, name)), (what, name)
    first, second = (axes.square for axes in panel._axes)
    slider = QRectF(panel.slider.geometry())
    assert min(first.width(), first.height(), second.width(), second.height()) > 50
    assert not first.intersects(second)
    assert not slider.intersects(first)
    assert not slider.intersects(second)
    assert inside.contains(slider)
    assert inside.contains(panel._label)
    assert not panel._label.intersects(slider)
    assert slider.width() >= 60


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_the_marks_stand_at_the_accuracies(show: ShowPanel, protocol: str) -> None:
    panel = show(protocol=protocol, step=15)
    figures = expected(protocol=protocol, step=15)
    for path, curve in zip(figures.paths, figures.curves, strict=True):
        end = spots(panel, "path", path.learner)[0]
        assert accuracies(panel, end, 0) == pytest.approx((path.new[path.here], path.old[path.here]), abs=0.1)
        assert accuracies(panel, spots(panel, "zero", path.learner)[0], 1) == pytest.approx(curve.at(0), abs=0.1)
    start = figures.paths[0].new[0], figures.paths[0].old[0]
    assert accuracies(panel, spots(panel, "start")[0], 0) == pytest.approx(start, abs=0.1)


def test_the_path_beyond_the_cursor_is_faint(show: ShowPanel) -> None:
    def solid(panel: TradeoffPanel) -> int:
        """Count pixels of a learner's full colour in the square of the paths."""
        image, colour = panel.grab().toImage(), QColor(panel.colours.learner("fine-tune")).rgb()
        square = panel._axes[0].square.toRect()
        return sum(
            image.pixel(x, y) == colour
            for y in range(square.top(), square.bottom())
            for x in range(square.left(), square.right())
        )

    record = with_learners(1)
    end, begin = (solid(show(record, step=step)) for step in (30, 0))
    assert end > begin + 50


def test_the_slider_moves_the_mark_along_the_curve(show: ShowPanel) -> None:
    panel = show()
    for b in (-20.0, -1.3, 0.0, 0.7, 20.0):
        panel.slider.setValue(round(10 * b))
        for curve in expected().curves:
            mark = spots(panel, "bias", curve.learner)[0]
            assert accuracies(panel, mark, 1) == pytest.approx(curve.at(b), abs=0.1)


def test_the_slider_has_a_name_a_value_and_keys(show: ShowPanel) -> None:
    panel = show()
    assert panel.slider.accessibleName() == "Bias b, logits added to the new classes"
    QTest.keyClick(panel.slider, Qt.Key.Key_Left)
    assert panel.bias_text() == "b = -0.5 logits added to the new classes"
    assert panel.slider.accessibleDescription() == panel.bias_text()
    QTest.keyClick(panel.slider, Qt.Key.Key_End)
    assert panel.bias == expected().reach


def test_the_slider_reaches_as_far_as_the_images_and_keeps_its_place(show: ShowPanel) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    record.incremental.probes[-1].logits[0, 0] = [33, -1, -1, 0, 0]
    panel = show(record, step=30)
    assert (panel.slider.minimum(), panel.slider.maximum()) == (-350, 350)
    panel.slider.setValue(320)
    panel.refresh(Selection(step=15))
    assert panel.bias == 32
    panel.slider.setValue(0)
    panel.refresh(Selection(step=30))
    panel.refresh(Selection(step=15))
    assert panel.slider.maximum() == 200


def test_a_click_on_the_hollow_mark_takes_the_bias_away(show: ShowPanel) -> None:
    panel = show()
    panel.slider.setValue(-55)
    at = spots(panel, "zero", "lwf")[0].center().toPoint()
    assert panel.rect().contains(at)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=at)
    assert panel.bias == 0


def test_caption_sentence_and_tips_name_protocol_and_figures(show: ShowPanel) -> None:
    panel = show(step=15, protocol="task_aware")
    panel.slider.setValue(-10)
    figures = expected(step=15)
    curve, path = figures.curves[1], figures.paths[1]
    for part in ("task-aware", "old and 16 new probe images of digits", "step 15", "always class-incremental"):
        assert part in panel.caption()
    here = f"LwF old {path.old[2]:.1f} %, new {path.new[2]:.1f} %"
    for part in ("Step 15, task-aware", here, f"LwF {curve.area:.1f} percent, at b = -1.0"):
        assert part in panel.sentence()
    for part in (f"{curve.area:.1f} %", "all pairs", "class-incremental", "Exact"):
        assert part in tip(panel, "area", "lwf")
    new, old = curve.at(-1)
    assert f"b = -1.0 added to the new classes' logits: old {old:.1f} %, new {new:.1f} %" in tip(panel, "bias", "lwf")
    assert "step 15, task-aware" in tip(panel, "path", "lwf")
    assert "without any correction" in tip(panel, "zero", "lwf")
    assert "Head expansion" in tip(panel, "start")


def test_a_live_path_grows_while_the_cursor_stands_still(show: ShowPanel) -> None:
    record = synthetic.up_to_step(15)
    panel = show(record, step=10)
    assert len(panel.shown.paths[0].new) == 2
    for message in synthetic.task2():
        if isinstance(message, Probe) and message.step == 15:
            record.apply(message)
    panel.refresh(panel.selection)
    assert len(panel.shown.paths[0].new) == 3
    assert panel.shown.step == 10


def test_protocol_changes_the_paths_and_leaves_the_curves(show: ShowPanel) -> None:
    panel = show(protocol="task_aware")
    paths, curves = spots(panel, "path", "lwf")[0], spots(panel, "zero", "lwf")[0]
    heading = QRect(0, 0, panel.width() // 2, round(panel._axes[0].square.top()))
    title = panel.grab(heading).toImage()
    panel.refresh(Selection("class_incremental"))
    assert panel.grab(heading).toImage() != title
    assert spots(panel, "path", "lwf")[0] != paths
    assert spots(panel, "zero", "lwf")[0] == curves


def test_squares_stand_side_by_side_or_one_upon_the_other(show: ShowPanel) -> None:
    for size, wide in (((700, 240), True), ((360, 400), False)):
        first, second = (axes.square for axes in show(size=size)._axes)
        assert (first.right() < second.left(), first.bottom() < second.top()) == (wide, not wide)


def test_a_learner_that_gets_nothing_right_has_a_curve_too(show: ShowPanel) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    record.incremental.probes[-1].logits[:] = float("nan")
    panel = show(record)
    assert [curve.area for curve in panel.shown.curves] == [0, 0]
    assert accuracies(panel, spots(panel, "bias", "lwf")[0], 1) == pytest.approx((0, 0), abs=0.1)


def test_another_theme_or_size_paints_anew(show: ShowPanel) -> None:
    panel = show()
    light = panel.grab().toImage()
    panel.set_theme(theme.DARK)
    dark = panel.grab().toImage()
    assert light != dark
    middle = panel._axes[0].square.topLeft().toPoint()
    assert dark.pixelColor(middle.x() + 3, middle.y() + 3) == QColor(theme.DARK.window)
    panel.resize(600, 300)
    assert panel._axes[0].square.width() > 300
    panel.grab()
    assert panel._axes[0].square.width() < 300
