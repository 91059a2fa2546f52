"""The panel of forces: what it paints, says and explains."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.gradient_conflict import GradientConflictPanel, force_text
from lwf_gui.gui.panels.text import fitting
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import NAMES, SIX, require_empty, scale_type, shown_panel, with_learners
from tests.runs import synthetic
from tests.runs.synthetic import LAYERS

SIZES = [(360, 400), (420, 170), (520, 190), (700, 240), (1200, 500)]
ShowPanel = Callable[..., GradientConflictPanel]


def with_forces(new: float, old: float, cosine: float) -> Record:
    """Return a record whose last forces are these, in all layers."""
    record = synthetic.record()
    forces = np.full_like(record.layers[-1].forces, 0) + np.array([new, old, cosine], np.float32)
    record.layers[-1] = replace(record.layers[-1], forces=forces)
    return record


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(
        record: Record | None = None, size: tuple[int, int] = (700, 300), **selection: Any
    ) -> GradientConflictPanel:
        panel = shown_panel("gradient_conflict", qtbot, record or synthetic.record(), size, **selection)
        assert isinstance(panel, GradientConflictPanel)
        return panel

    return shown


def cell(panel: GradientConflictPanel, learner: str, layer: str) -> QRectF:
    (rect,) = [spot.rect for spot in panel.spots if spot.key == (learner, layer)]
    return rect


def tip(panel: GradientConflictPanel, learner: str, layer: str) -> str:
    (key,) = [spot.key for spot in panel.spots if spot.key == (learner, layer)]
    what: Any = key
    return panel.tip(what)


def rope(panel: GradientConflictPanel, learner: str, layer: str, colour: str) -> list[tuple[float, float]]:
    """Return where a colour is in a cell, to the right and upwards from the knot and not below it, where the texts are.

    The knot is what is uppermost in the colour of text, six pixels high.
    """
    image, rect = panel.grab().toImage(), cell(panel, learner, layer).toRect()
    inside = [(x, y) for y in range(rect.top(), rect.bottom()) for x in range(rect.left(), rect.right())]
    text, wanted = QColor(panel.colours.text).rgb(), QColor(colour).rgb()
    top = next(y for x, y in inside if image.pixel(x, y) == text)
    knot = [x for x in range(rect.left(), rect.right()) if image.pixel(x, top) == text]
    x0, y0 = sum(knot) / len(knot), top + 3
    return [(x - x0, y0 - y) for x, y in inside if y <= y0 and image.pixel(x, y) == wanted]


@pytest.mark.parametrize("record", [Record(), synthetic.record(synthetic.task1())])
def test_before_the_head_expansion_it_says_what_will_be_here(show: ShowPanel, record: Record) -> None:
    require_empty(show(record))


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("learners", "layers"), [(1, 3), (2, 3), (4, 6)])
def test_every_learner_and_layer_has_a_place_of_its_own(
    qapp: QApplication, show: ShowPanel, learners: int, layers: int, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    panel = show(with_learners(learners, layers), size)
    assert {spot.key for spot in panel.spots} == {(name, layer) for name in NAMES[:learners] for layer in SIX[-layers:]}
    for index, spot in enumerate(panel.spots):
        assert QRectF(panel.rect()).contains(spot.rect)
        assert min(spot.rect.width(), spot.rect.height()) > 10
        assert not any(spot.rect.intersects(other.rect) for other in panel.spots[index + 1 :])


def test_layers_stand_side_by_side_where_it_is_wide_and_one_upon_the_other_where_it_is_tall(show: ShowPanel) -> None:
    for size, wide in (((700, 240), True), ((360, 400), False)):
        panel = show(size=size)
        first, last = (cell(panel, "lwf", layer) for layer in (LAYERS[0], LAYERS[-1]))
        assert (first.right() < last.left(), first.bottom() < last.top()) == (wide, not wide)


@pytest.mark.parametrize("degrees", [30, 90, 150])
def test_the_ropes_make_the_true_angle_the_old_task_to_the_left(show: ShowPanel, degrees: float) -> None:
    panel = show(with_forces(1, 1, math.cos(math.radians(degrees))), (900, 400))
    angles = []
    for colour in (panel.colours.learner("lwf"), panel.colours.teacher):
        points = np.array(rope(panel, "lwf", "fc2", colour))
        x, y = points[np.hypot(*points.T) > 20].mean(0)  # near the knot the other rope and the knot hide some
        angles.append(math.degrees(math.atan2(y, x)))
    assert angles == pytest.approx([90 - degrees / 2, 90 + degrees / 2], abs=3)


def test_a_rope_is_as_long_as_the_root_of_its_share(show: ShowPanel) -> None:
    panel = show(with_forces(1, 0.25, 0), (900, 400))
    new, old = (
        max(math.hypot(x, y) for x, y in rope(panel, "lwf", "fc1", colour))
        for colour in (panel.colours.learner("lwf"), panel.colours.teacher)
    )
    assert new > 60
    assert old == pytest.approx(new / 2, abs=3)


def test_a_force_that_nothing_listens_to_is_hollow(show: ShowPanel) -> None:
    panel = show(with_forces(1, 1, 0), (900, 400))
    solid, hollow = (len(rope(panel, learner, "fc1", panel.colours.teacher)) for learner in ("lwf", "fine-tune"))
    assert solid > 3 * hollow


def test_nothing_is_drawn_in_a_frozen_layer(show: ShowPanel) -> None:
    record = synthetic.record()
    record.layers[-1].forces[:, 0] = np.nan
    panel = show(record, (900, 400))
    image, colour = panel.grab().toImage(), QColor(panel.colours.learner("lwf")).rgb()
    coloured = []
    for layer in ("fc1", "fc2"):
        rect = cell(panel, "lwf", layer).toRect()
        inside = [(x, y) for y in range(rect.top(), rect.bottom()) for x in range(rect.left(), rect.right())]
        coloured.append(any(image.pixel(x, y) == colour for x, y in inside))
    assert coloured == [False, True]
    assert "frozen" in tip(panel, "lwf", "fc1")
    assert "no step" in tip(show(step=0), "lwf", "fc1")


def test_tip_and_sentence_give_angle_norms_and_word(show: ShowPanel) -> None:
    panel = show(with_forces(0.5, 0.25, math.cos(math.radians(131))))
    said = tip(panel, "lwf", "classifier")
    for part in (
        "LwF, classifier",
        "0.5",
        "0.25",
        "alpha 1 x L2 norm of the gradient of T² KD",
        "nats per",
        "131 degrees",
        "pull apart",
    ):
        assert part in said
    assert "nothing listens" not in said
    assert "would pull, but nothing listens" in tip(panel, "fine-tune", "fc1")
    assert "classifier pull apart at 131 degrees" in panel.sentence()
    assert "Fine-tuning (does not distil" in panel.sentence()
    alone = show(with_forces(10, 1e-6, -1))
    assert "New task alone" in tip(alone, "lwf", "fc1")
    assert "degrees" not in tip(alone, "lwf", "fc1")


def test_caption_says_step_images_and_scale(show: ShowPanel) -> None:
    caption = show(step=16).caption()
    for part in ("step 15", "mini-batch", "digits", "square root", "each learner has its own scale", "nats per unit"):
        assert part in caption


def test_the_force_of_a_learner_without_t_squared_is_called_kd_and_one_that_nothing_hears_has_no_alpha(
    show: ShowPanel,
) -> None:
    panel = show()
    assert "alpha" not in tip(panel, "fine-tune", "fc1").replace("alpha is 0", "")
    plain = [replace(team, term="KD") for team in panel.shown.teams]
    panel.shown = replace(panel.shown, teams=tuple(plain))
    assert "gradient of KD)" in tip(panel, "lwf", "fc1")


def test_scrubbed_it_shows_the_forces_of_the_step(show: ShowPanel) -> None:
    panel = show(step=10)
    before = panel.grab().toImage()
    panel.refresh(Selection(step=15))
    assert panel.shown.step == 15
    assert panel.grab().toImage() != before


def test_live_it_follows_looks_that_come_after_their_probe(show: ShowPanel) -> None:
    record = synthetic.record()
    last = record.layers.pop()
    panel = show(record)
    assert panel.shown.step == 15
    record.apply(last)
    panel.refresh(panel.selection)
    assert panel.shown.step == 30


def test_arrow_keys_say_cell_by_cell(show: ShowPanel) -> None:
    panel = show()
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.at is not None
    assert panel.at.key == ("fine-tune", "fc1")
    QTest.keyClick(panel, Qt.Key.Key_Right)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    assert panel.at.key == ("lwf", "fc2")
    assert panel.accessibleName().startswith("Tug of war: LwF, fc2: the new task pulls with")


def test_a_cell_explains_itself_under_the_mouse(show: ShowPanel) -> None:
    panel = show()
    spot = panel.spots[-1]
    at = spot.rect.center().toPoint()
    QApplication.sendEvent(panel, QHelpEvent(QEvent.Type.ToolTip, at, panel.mapToGlobal(at)))
    assert tip(panel, "lwf", "classifier") in QToolTip.text()
    QToolTip.hideText()
    QApplication.sendEvent(panel, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), panel.mapToGlobal(at)))


def test_themes_have_colours_of_their_own(show: ShowPanel) -> None:
    panel = show(with_forces(1, 1, 0), (900, 400))
    panel.set_theme(theme.DARK)
    assert rope(panel, "lwf", "fc1", theme.DARK.learner("lwf"))
    assert not rope(panel, "lwf", "fc1", theme.LIGHT.learner("lwf"))


@pytest.mark.parametrize(
    ("force", "text"),
    [
        (0, "0"),
        (math.nan, "-"),
        (5e-7, "5e-7"),
        (0.0123, "0.012"),
        (1, "1"),
        (9.96, "10"),
        (99.6, "100"),
        (123.4, "123"),
        (108_432_010, "1.1e8"),
        (math.inf, "∞"),
    ],
)
def test_forces_have_two_digits(force: float, text: str) -> None:
    assert force_text(force) == text


def test_the_first_text_that_fits_is_taken(qapp: QApplication) -> None:
    metrics = QFontMetricsF(qapp.font())
    wide = metrics.horizontalAdvance("rather long")
    assert fitting(metrics, wide, "rather long", "long") == "rather long"
    assert fitting(metrics, wide - 1, "rather long", "long") == "long"
    cut = fitting(metrics, metrics.horizontalAdvance("lo…"), "rather long", "longer")
    assert cut.endswith("…")
    assert metrics.horizontalAdvance(cut) <= metrics.horizontalAdvance("lo…")
