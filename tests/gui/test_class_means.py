"""The panel of class means: dots, rings and what lies between them, in numbers, in words and under the hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.class_means import ClassMeansPanel
from lwf_gui.gui.panels.class_means.labels import Labels
from lwf_gui.gui.panels.class_means.plane import MeanKey
from lwf_gui.gui.panels.drawing import wrong_colour
from lwf_gui.messages import ClassMeans
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import picture, place, require_empty, scale_type, shown_panel
from tests.runs import five, means, synthetic
from tests.runs.means import FROZEN, MOVING

SIZES = [(240, 120), (390, 330), (620, 190), (397, 420), (1200, 700)]
ShowPanel = Callable[..., ClassMeansPanel]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(record: Record | None = None, size: tuple[int, int] = (800, 400), **selection: Any) -> ClassMeansPanel:
        panel = shown_panel("class_means", qtbot, means.record() if record is None else record, size, **selection)
        assert isinstance(panel, ClassMeansPanel)
        return panel

    return shown


def alone(learner: int) -> Record:
    """Return a run of which only one learner has places."""
    record = means.record()
    for step, look in record.means.items():
        parts = {name: getattr(look, name).copy() for name in ("now", "kept", "apart")}
        for part in parts.values():
            part[1 - learner] = np.nan
        record.means[step] = replace(look, **parts)
    return record


def test_before_task_2_it_says_what_will_be_here(show: ShowPanel) -> None:
    require_empty(show(Record()))
    require_empty(show(step=-3))


@pytest.mark.parametrize("size", SIZES)
def test_without_a_learner_that_keeps_statistics_it_says_how_to_get_one(
    show: ShowPanel, drawn: list[str], size: tuple[int, int]
) -> None:
    panel = show(five.record(), size)
    assert any(text.startswith("No learner of this run keeps statistics. Add one: Run > Add") for text in drawn)
    panel.describe()
    assert panel.accessibleDescription() == panel.shown.reason
    assert panel.spots == []
    assert panel.headings()


@pytest.mark.parametrize("scale", [1.0, 1.6])
@pytest.mark.parametrize("size", SIZES)
def test_every_class_that_is_there_has_a_spot_within_its_plane(
    show: ShowPanel, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    panel = show(size=size, step=30)
    assert {spot.key for spot in panel.spots} == {MeanKey(name, unit) for name in means.LEARNERS for unit in range(10)}
    inside = panel.area.adjusted(-1, -1, 1, 1 + panel.bar.maximum())
    assert all(inside.contains(spot.rect.center()) for spot in panel.spots)


def test_the_key_says_what_dots_and_rings_are(show: ShowPanel, drawn: list[str]) -> None:
    show(size=(1100, 500))
    for text in ("where the images are now", "where the head looks for them", "how the map moved it"):
        assert text in drawn
    assert any(text.startswith("Axes: the two directions in which the class means differ most") for text in drawn)
    assert any(text.startswith("1 spread: ") or "1 spread: root mean square" in text for text in drawn)


def test_a_frozen_backbone_is_said_to_move_nothing(show: ShowPanel, drawn: list[str]) -> None:
    show(alone(1))
    assert "The backbone is frozen: nothing moves" in drawn
    assert not any("map" in text for text in drawn), "what never moves has no arrow in the key"
    drawn.clear()
    panel = show(alone(0))
    assert not any("frozen" in text for text in drawn)
    assert "frozen" not in panel.sentence()


def test_the_worst_class_stands_beside_the_learner_with_its_distance_and_unit(
    show: ShowPanel, drawn: list[str]
) -> None:
    record = means.record()
    record.means[36].apart[0, 4] = 7.46
    panel = show(record)
    assert "farthest: e, 7.5 spreads" in drawn
    drawn.clear()
    show(record, (300, 300))
    assert any(text.endswith("e, 7.5 spreads") or text == "e: 7.5 spreads" for text in drawn), "also with little room"
    assert panel.sentence().startswith(
        "Step 36. How far from its images each head looks for a class, in spreads. LwF + LDC: e 7.5, a 0, "
    )
    assert ", a 0.28, " in panel.sentence().partition("RanPAC: ")[2]


def colour_in(image: QImage, rect: QRectF, colour: QColor) -> int:
    inside = rect.toRect()
    return sum(
        image.pixelColor(x, y).rgb() == colour.rgb()
        for x in range(inside.left(), inside.right() + 1)
        for y in range(inside.top(), inside.bottom() + 1)
    )


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
def test_a_dot_in_the_learners_colour_is_where_the_images_are(show: ShowPanel, colours: theme.Theme) -> None:
    panel = show(alone(0), (900, 600), step=30)
    panel.set_theme(colours)
    image = picture(panel)
    for unit in range(8):
        spot = place(panel, MeanKey(MOVING, unit))
        assert colour_in(image, spot, QColor(colours.learner(MOVING))) > 10


def test_a_line_joins_ring_and_dot_where_they_are_apart(show: ShowPanel) -> None:
    panel = show(alone(0), (900, 600), step=20)
    wrong = wrong_colour(panel.colours)
    assert colour_in(picture(panel), panel.area, wrong) > 40
    panel.refresh(Selection(step=36))
    key = panel.area.top() + 40  # the line in the key stands above
    below = QRectF(panel.area.left(), key, panel.area.width(), panel.area.height() - 40)
    assert colour_in(picture(panel), below, wrong) == 0, "all is where the head looks for it"


def test_one_goes_through_time_and_the_picture_is_kept_until_something_changes(show: ShowPanel) -> None:
    panel = show(step=13)
    assert panel.shown.step == 13
    before, kept = picture(panel), panel._picture
    panel.refresh(panel.selection)
    panel.grab()
    assert panel._picture is kept
    panel.refresh(Selection(step=16))
    assert picture(panel) != before
    panel.refresh(Selection(step=13))
    assert picture(panel) == before


def test_it_follows_the_run_while_it_trains(show: ShowPanel) -> None:
    told = means.messages()
    record = means.record(told[:8])
    panel = show(record)
    steps = []
    for message in told[8:]:
        record.apply(message)
        panel.refresh(Selection())
        if isinstance(message, ClassMeans):
            steps.append(panel.shown.step)
    assert steps == list(five.PROBED)[len(five.PROBED) - len(steps) :]


def test_a_tip_says_the_distance_what_chance_does_and_how_the_map_moved_it(show: ShowPanel) -> None:
    panel = show(step=20)
    assert panel.tip(MeanKey(MOVING, 0)) == (
        "LwF + LDC: a: the head looks for it 0.89 spreads away from where its images are now, in all dimensions "
        "(5 probe images; about 0.4 by chance alone). The map moved its mean by 0.67 spreads in this plane."
    )
    assert panel.tip(MeanKey(MOVING, 6)) == ("LwF + LDC: g: its images are here now; the head has no mean of it yet.")
    assert panel.tip(MeanKey("nobody", 0)) == ""


def test_keyboard_reaches_the_classes_and_says_them(show: ShowPanel) -> None:
    panel = show(step=20)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Right)
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.at is not None
    assert isinstance(panel.at.key, MeanKey)
    assert panel.accessibleName() == f"Class means: {panel.tip(panel.at.key)}"
    assert not picture(panel).isNull()


def test_headings_name_unit_images_and_step_and_lose_the_unit_last(show: ShowPanel) -> None:
    said = show(step=13).headings()
    assert said[0] == "Class means of the features, in spreads; 50 probe images of digits, task 3, step 13"
    assert all("in spreads" in each for each in said)


def test_names_of_classes_stay_plain_text(show: ShowPanel, drawn: list[str]) -> None:
    record = means.record()
    assert record.data is not None
    odd = "<b>&amp;</b> x"
    record.data = replace(record.data, classes=(odd, *record.data.classes[1:]))
    panel = show(record, (1200, 700))
    assert odd.partition("/")[0] in " ".join(drawn) or any(text.startswith("<b>") for text in drawn)
    assert odd in panel.tip(MeanKey(FROZEN, 0))


def test_names_lie_neither_upon_each_other_nor_upon_notes(show: ShowPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[QRectF] = []
    place_name = Labels.place

    def note(labels: Labels, *asked: Any) -> QRectF | None:
        found = place_name(labels, *asked)
        places.extend([] if found is None else [found])
        return found

    monkeypatch.setattr(Labels, "place", note)
    for size in SIZES:
        show(alone(1), size)
        places.clear()
        show(alone(0), size)
        assert len(places) > 2
        assert not any(a.intersects(b) for a, b in combinations(places, 2)), size


@pytest.mark.parametrize("value", [np.nan, 0.0, 3e38, -3e38, 1e-30, 1e5])
@pytest.mark.parametrize("size", [(60, 40), (480, 360), (1600, 900)])
def test_absurd_places_never_break_it(show: ShowPanel, value: float, size: tuple[int, int]) -> None:
    record = means.record()
    for step, look in record.means.items():
        filled = {name: np.full_like(getattr(look, name), value) for name in ("now", "kept", "apart")}
        record.means[step] = replace(look, **filled)
    panel = show(record, size)
    for selection in (Selection(), Selection(step=0), Selection(step=16), Selection(step=36)):
        panel.refresh(selection)
        panel.grab()
        panel.describe()
        assert panel.failure is None


def test_hundreds_of_classes_are_painted_at_once(show: ShowPanel) -> None:
    record = synthetic.record()
    figures = show().shown
    one = figures.planes[0]
    random = np.random.default_rng(0)
    spots = random.normal(0, 2, (250, 2, 2))
    places = tuple(replace(one.places[0], unit=unit, now=now, kept=kept) for unit, (now, kept) in enumerate(spots))
    many = replace(
        figures,
        names=tuple(f"class {unit}" for unit in range(250)),
        images=(5,) * 250,
        planes=(replace(one, places=places),),
    )
    panel = show(record)
    panel.figures = lambda: many  # type: ignore[method-assign]
    panel.show_record(record)
    panel.refresh(Selection(step=3))
    panel.grab()
    assert panel.failure is None
    assert len(panel.spots) == 250


def test_many_planes_in_a_low_panel_are_scrolled(show: ShowPanel) -> None:
    figures = show().shown
    many = replace(figures, planes=figures.planes * 4)
    panel = show(size=(390, 190))
    panel.figures = lambda: many  # type: ignore[method-assign]
    panel.show_record(panel.record)
    panel.refresh(Selection(step=3))
    panel.grab()
    assert panel.bar.isVisibleTo(panel)
    panel.bar.setValue(panel.bar.maximum())
    panel.grab()
    assert panel.area.intersects(panel.spots[-1].rect)
