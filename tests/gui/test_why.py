"""The panel Why: bars, answers, keys and words, with little room and much type."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import Thumbs
from lwf_gui.gui.panels.why import WhyPanel
from lwf_gui.gui.panels.why.bars import Bars
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Content, plan
from lwf_gui.gui.panels.why.words import PUSHES
from lwf_gui.messages import DataReady, Finished, Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.why import why
from lwf_gui.runs.why_answers import BEFORE, EARLY, NOW
from tests.gui.shown import click, picture, require_empty, scale_type, shown_panel, with_learners
from tests.runs import five, synthetic

SIZES = [(240, 120), (240, 150), (300, 180), (390, 330), (630, 190), (400, 600), (1200, 800)]


@pytest.fixture(scope="module")
def bundled() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def shown(qtbot: QtBot, record: Record, size: tuple[int, int] = (900, 400), **selection: object) -> WhyPanel:
    panel = shown_panel("why", qtbot, record, size, follow=True, **selection)
    assert isinstance(panel, WhyPanel)
    return panel


def keys(panel: WhyPanel, kind: str) -> list[Place]:
    return [spot.key for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == kind]


def test_scores_on_an_old_image_have_their_figures_where_there_is_room(
    qtbot: QtBot, bundled: Record, drawn: list[str]
) -> None:
    panel = shown(qtbot, bundled, (1300, 560))
    track = bundled.incremental
    assert track is not None
    probe, image = track.probes[-1], panel.shown.images and Selection().image
    for row in (0, 1):
        for unit in range(6):
            assert f"{float(probe.logits[row, image, unit]):.1f}" in drawn
    assert track.probes[0].teacher is not None
    assert f"{float(track.probes[0].teacher[image, 0]):.1f}" in drawn


def test_before_task_2_it_says_what_will_be_here(qtbot: QtBot) -> None:
    require_empty(shown(qtbot, Record()))


def test_answers_changes_and_sentences_are_painted(qtbot: QtBot, bundled: Record, drawn: list[str]) -> None:
    panel = shown(qtbot, bundled, (1300, 500))
    assert [text for text in drawn if "Trouser" in text and "step 10" in text]
    assert any("Trouser is left on top" in text for text in drawn)
    assert any("So the same answer stays on top" in text for text in drawn)
    assert "asked among the 6 old kinds" in panel.sentence()
    assert panel.caption().startswith("left: change, right: scores (logits), task-aware, 300 old and 300 new")


@pytest.mark.parametrize("size", [(450, 330), (630, 190), (1200, 600)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_each_change_has_its_figure_and_each_class_its_name(
    qtbot: QtBot, bundled: Record, drawn: list[str], size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    panel = shown(qtbot, bundled, size)
    for push in panel.shown.pushes:
        assert all(f"{change:+.1f}" in drawn for change in push.by)
    assert {"T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal"} <= set(drawn)


def test_changes_hang_from_one_line_on_one_scale_for_all_learners(bundled: Record) -> None:
    figures = why(bundled, Selection())
    assert figures is not None
    bars = Bars(figures.sides[0], PUSHES, (0, 1), figures.old)
    changes = [change for push in figures.pushes for change in push.by]
    low, high = bars.span(NOW)
    assert low <= min(changes) < max(changes) <= high
    for row, push in enumerate(figures.pushes):
        assert [bars.value(NOW, row, unit) for unit in bars.units] == pytest.approx(list(push.by), abs=1e-3)
        assert bars.value(BEFORE, row, 5) == pytest.approx(push.resembled[5], abs=1e-3)
    assert not Bars(figures.sides[1], PUSHES, (0, 1), figures.old).are_changes(NOW)


def test_class_incremental_changes_are_those_of_the_old_classes(bundled: Record) -> None:
    figures = why(bundled, Selection("class_incremental"))
    assert figures is not None
    assert Bars(figures.sides[0], PUSHES, (0, 1), figures.old).units == tuple(range(6))
    assert Bars(figures.sides[0], "scores", (0, 1), figures.old).units == tuple(range(10))


@pytest.mark.parametrize("size", [(450, 330), (630, 190), (1200, 600)])
def test_the_heading_shows_a_picture_of_every_class_of_the_new_task(
    qtbot: QtBot, bundled: Record, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []

    def picture(_self: Thumbs, _data: DataReady, image: int, *, dark: bool) -> QPixmap:
        painted.append(image)
        return QPixmap(2 - dark, 1)

    monkeypatch.setattr(Thumbs, "picture", picture)
    shown(qtbot, bundled, size)
    assert bundled.data is not None
    assert set(range(6, 10)) <= set(bundled.data.probe_labels[painted].tolist())


def test_in_a_narrow_strip_bars_are_a_fifth_of_its_height_each(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled, (630, 190))
    high = [spot.rect.height() for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == "bar"]
    assert min(high) > 0.17 * 190


def test_a_bar_tells_score_probability_and_the_old_network(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    told, push = panel.shown.sides[0].told, panel.shown.pushes[1]
    tip = panel.tip(Place("bar", 0, "lwf", NOW, 5))
    assert tip.startswith("LwF at step 1,125 on 300 new images: Sandal mean score (logit) ")
    assert f"{told.scores[NOW, 1, 5]:.1f}" in tip
    assert f"the old network's: mean score (logit) {told.scores[0, 1, 5]:.1f}" in tip
    assert tip.endswith(f"; change of the score {push.by[5]:+.1f}.")


def test_keys_turn_to_probabilities_and_to_one_image_and_walk_through_images(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    click(panel, Place("view", number=1))
    assert panel.caption().startswith("scores (logits)")
    click(panel, Place("view", number=2))
    assert panel.caption().startswith("probabilities (softmax)")
    click(panel, Place("mean", 0))
    new, old = panel.shown.sides
    assert not new.is_mean
    before = (int(new.images[0]), int(old.images[0]))
    click(panel, Place("image", 0, number=1))
    assert panel.selection.image == before[0] + 1
    assert [int(side.images[0]) for side in panel.shown.sides] == [before[0] + 1, before[1]]
    click(panel, Place("image", 1, number=-1))
    assert [int(side.images[0]) for side in panel.shown.sides] == [before[0] + 1, (before[1] - 1) % 300]


def test_arrow_keys_and_enter_do_what_the_mouse_does(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    panel.setFocus()
    panel.at = next(spot for spot in panel.spots if spot.key == Place("view", number=0))
    QTest.keyClick(panel, Qt.Key.Key_Right)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.caption().startswith("scores")


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_every_part_lies_within_the_panel_and_apart(
    qtbot: QtBot, bundled: Record, drawn: list[str], size: tuple[int, int], scale: float, colours: theme.Theme
) -> None:
    scale_type(scale)
    panel = shown(qtbot, bundled, size)
    panel.set_theme(colours)
    drawn.clear()
    assert not picture(panel).isNull()
    assert panel.failure is None
    inside = panel.area.adjusted(-1, -1, 1, 1)
    places = [spot.key for spot in panel.spots if isinstance(spot.key, Place)]
    assert {key.kind for key in places} >= {"bar", "answer", "learner", "picture", "mean", "view"}
    assert all(panel.tip(key).endswith(".") for key in places)
    for number, spot in enumerate(panel.spots):
        assert inside.contains(spot.rect), spot
        within = spot.rect.adjusted(1, 1, -1, -1)
        assert not any(within.intersects(other.rect) for other in panel.spots[number + 1 :]), spot
    assert not [text for text in drawn if "…" in text]


@pytest.mark.parametrize("size", SIZES)
def test_all_learners_can_be_reached(qtbot: QtBot, size: tuple[int, int]) -> None:
    record = with_learners(4)
    panel = shown(qtbot, record, size)
    seen = {key.learner for key in keys(panel, "learner")}
    for _ in range(3):
        if key := keys(panel, "page"):
            click(panel, key[0])
        seen |= {key.learner for key in keys(panel, "learner")}
    assert seen == set(panel.shown.learners)


def test_two_learners_stand_one_above_the_other_in_a_narrow_strip() -> None:
    content = Content(22, 200, (["T-shirt"] * 6, ["T-shirt"] * 6), early=True)
    places = plan(shown_area(630, 190), content, 0)
    assert (len(places.blocks), places.rows) == (2, 2)
    assert all(tuple(block.columns) == (BEFORE, NOW) for block in places.blocks)


def shown_area(width: int, height: int) -> QRectF:
    return QRectF(8, 8, width - 16, height - 16)


def test_where_one_side_has_room_a_key_turns_to_the_other(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled, (300, 180))
    assert {key.side for key in keys(panel, "bar")} == {0}
    click(panel, Place("turn", 0))
    assert {key.side for key in keys(panel, "bar")} == {1}


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
@pytest.mark.parametrize("size", SIZES)
def test_five_tasks_are_painted_at_every_moment(qtbot: QtBot, size: tuple[int, int], protocol: str) -> None:
    record = five.record()
    for step in five.PROBED:
        panel = shown(qtbot, record, size, step=step, protocol=protocol)
        assert panel.failure is None
        panel.describe()
        assert panel.accessibleDescription()


def test_the_early_column_is_left_out_until_now_is_twice_as_far_from_the_beginning(
    qtbot: QtBot, bundled: Record
) -> None:
    for step, early in ((8, False), (20, False), (24, True)):
        panel = shown(qtbot, bundled, (1300, 500), step=step)
        assert (EARLY in {key.moment for key in keys(panel, "bar")}) == early


def test_scores_that_are_no_numbers_harm_nothing(qtbot: QtBot) -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, Probe):
            logits = message.logits.copy()
            logits[1, 5] = np.float16(np.inf)
            record.apply(replace(message, logits=logits))
        else:
            record.apply(message)
    panel = shown(qtbot, record)
    assert panel.failure is None


def test_the_full_test_that_comes_after_the_last_probe_is_told(qtbot: QtBot, bundled: Record) -> None:
    record, last = Record(), bundled.evaluations[-1]
    for message in bundled.messages():
        if message is not last and not isinstance(message, Finished):
            record.apply(message)
    panel = shown(qtbot, record)
    assert "17 %" in panel.sentence()
    record.apply(last)
    panel.refresh(Selection())
    assert "17.3 %" in panel.sentence()


def test_an_arrow_leads_from_the_new_images_bars_to_the_old_images(
    qtbot: QtBot, bundled: Record, drawn: list[str]
) -> None:
    panel = shown(qtbot, bundled, (900, 400))
    assert drawn.count("weights") == 2, "one a learner"
    arrows = [spot for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == "reach"]
    others = [spot.rect for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind in ("bar", "answer")]
    assert len(arrows) == 2
    assert not any(arrow.rect.adjusted(1, 1, -1, -1).intersects(other) for arrow in arrows for other in others)
    assert "same weights" in panel.tip(keys(panel, "reach")[0])
    panel = shown(qtbot, bundled, (240, 150))
    assert not keys(panel, "reach"), "one side alone has none"
