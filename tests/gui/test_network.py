"""The network strip: lanes, parts that explain themselves and open panels, with little room and much type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.network import NetworkPanel, lane
from lwf_gui.gui.panels.network.brush import Brush
from lwf_gui.gui.panels.network.parts import Pictures
from lwf_gui.gui.panels.network.place import OPENS, Part
from lwf_gui.gui.panels.network.pushes import paint_pushes
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.messages import MiniBatch
from lwf_gui.method_rows import BUILT_IN
from lwf_gui.runs.pushed import pushed
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.shown import click, picture, require_empty, scale_type, shown_panel, with_learners
from tests.runs import five, synthetic

SIZES = [(260, 150), (390, 330), (630, 190), (400, 600), (1200, 800)]

INNER = {"layer", "store"}
"""Parts that lie within another one."""


def shown(qtbot: QtBot, record: Record | None = None, size: tuple[int, int] = (800, 400), **look: Any) -> NetworkPanel:
    panel = shown_panel("network", qtbot, synthetic.record() if record is None else record, size, **look)
    assert isinstance(panel, NetworkPanel)
    return panel


def of_methods(*names: str) -> Record:
    record = Record()
    record.apply(synthetic.data_ready(synthetic.RECIPE.with_settings({"learners": list(names)})))
    return record


def parts(panel: NetworkPanel) -> list[Part]:
    return [spot.key for spot in panel.spots if isinstance(spot.key, Part)]


def require_sound(panel: NetworkPanel, drawn: list[str]) -> None:
    """Require that all parts lie within the panel, apart from each other, explain themselves, and are not cut."""
    assert panel.failure is None
    inside = panel.area.adjusted(-1, -1, 1, 1)
    assert all(panel.tip(key).endswith(".") for key in parts(panel))
    assert len(set(parts(panel))) == len(panel.spots)
    outer = [spot for spot in panel.spots if spot.key.kind not in INNER]  # type: ignore[attr-defined]
    for spot in panel.spots:
        assert inside.contains(spot.rect), spot
    for number, spot in enumerate(outer):
        within = spot.rect.adjusted(1, 1, -1, -1)
        assert not any(within.intersects(other.rect) for other in outer[number + 1 :]), spot
    assert not [text for text in drawn if "…" in text]


def test_before_there_are_images_it_says_what_will_be_here(qtbot: QtBot) -> None:
    require_empty(shown(qtbot, Record()))


def test_a_lane_names_its_parts_and_what_came_of_it(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, size=(1100, 500), step=30)
    for text in ("new images", "shared part", "2 new answers", "3 old answers", "not these!", "the old network"):
        assert text in drawn, text
    assert "old answers lost" in drawn
    assert "30.0 % right (was 90.0)" in drawn
    kinds = {key.kind for key in parts(panel) if key.learner == "lwf"}
    assert kinds == {
        *("lane", "images", "shared", "layer", "new", "old", "judge", "compare", "teacher", "teacher_answers"),
        *("pull", "outcome"),
    }


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
    require_sound(panel, drawn)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [row.name for row in BUILT_IN])
def test_every_method_has_a_sound_drawing(qtbot: QtBot, drawn: list[str], name: str, size: tuple[int, int]) -> None:
    panel = shown(qtbot, of_methods(name), size)
    require_sound(panel, drawn)
    panel.describe()
    assert "not trained yet" in panel.accessibleDescription()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [-10, 0, 15])
def test_every_moment_has_a_sound_drawing(qtbot: QtBot, drawn: list[str], size: tuple[int, int], step: int) -> None:
    require_sound(shown(qtbot, size=size, step=step), drawn)


@pytest.mark.parametrize("size", SIZES)
def test_five_tasks_have_a_sound_drawing(qtbot: QtBot, drawn: list[str], size: tuple[int, int]) -> None:
    require_sound(shown(qtbot, five.record(), size), drawn)
    assert not [text for text in drawn if "old network" in text], "there are several: it is said which"


def test_two_lanes_have_names_in_body_type_in_the_window_at_its_least(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(630, 190))
    made = panel._plan
    assert made is not None
    assert len(made.areas) == 2
    assert made.scale >= 0.94


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_all_learners_can_be_reached(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    scale_type(scale)
    panel = shown(qtbot, with_learners(4), size)
    seen = {key.learner for key in parts(panel) if key.kind == "lane"}
    for _ in range(3):
        if Part("switch", "", "+") in parts(panel):
            click(panel, Part("switch", "", "+"))
        seen |= {key.learner for key in parts(panel) if key.kind == "lane"}
    assert seen == set(panel.shown.learners)


def test_twenty_two_learners_have_a_switch_and_the_heading_says_which_are_shown(qtbot: QtBot) -> None:
    panel = shown(qtbot, of_methods(*(row.name for row in BUILT_IN)), (900, 500))
    assert panel.caption().startswith("1-")
    assert f"of {len(BUILT_IN)} learners" in panel.caption()
    click(panel, Part("switch", "", "-"))
    assert f"-{len(BUILT_IN)} of" in panel.caption()


def test_a_click_asks_for_the_panel_of_a_part(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(1100, 500))
    wanted: list[str] = []
    panel.wanted.connect(wanted.append)
    for part in (Part("shared", "lwf"), Part("pull", "lwf", "hold"), Part("teacher", "lwf"), Part("judge", "lwf")):
        panel.choose(part)
    assert wanted == ["weights", "gradient_conflict", "soft_targets", "equation"]
    click(panel, Part("old", "fine-tune"))
    assert wanted[-1] == "image_grid"
    assert set(OPENS.values()) <= {spec.key for spec in PANELS}


def test_keys_reach_the_parts_and_enter_opens(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(1100, 500))
    wanted: list[str] = []
    panel.wanted.connect(wanted.append)
    panel.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(panel, key)
    assert wanted
    assert panel.accessibleName().startswith("Network: ")


def test_in_a_window_a_click_brings_the_panel_to_the_front(open_window: OpenWindow) -> None:
    replayed = open_window(engine=ScriptedEngine(), record=synthetic.record(), size=(1280, 720))
    panel = replayed.window.docks.panel("network")
    assert isinstance(panel, NetworkPanel)
    replayed.wait(lambda: bool(panel.spots))
    click(panel, Part("shared", "lwf"))
    replayed.wait(lambda: "weights" in {dock.spec.key for dock in replayed.window.docks.seen()})


def test_in_slow_motion_dashes_go_on_with_the_step(qtbot: QtBot) -> None:
    record = synthetic.record()
    images, labels = synthetic.PROBE_IMAGES[:4], synthetic.PROBE_LABELS[:4]
    for step in (10, 15):
        record.apply(MiniBatch(1, step, images, labels, 16, np.zeros(2, np.float32)))
    panel = shown(qtbot, record, (1100, 500), step=15)
    figures = panel.shown
    drawn = []
    for step in (15, 16, 17, 15):
        panel.shown = replace(figures, step=step)
        panel.outdate()
        drawn.append(picture(panel))
    assert drawn[0] == drawn[3], "a function of the step"
    assert drawn[0] != drawn[1] != drawn[2] != drawn[0]


def test_a_curve_that_is_guessed_hides_what_came_of_it(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, size=(1100, 500))
    panel.guessed = True
    panel.refresh(panel.selection)
    drawn.clear()
    picture(panel)
    assert "to be guessed first" in drawn
    assert not [text for text in drawn if "% right" in text]
    assert "% right" not in panel.sentence()


def test_the_sentence_says_every_lane_beyond_those_that_have_room(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(260, 150), step=30)
    panel.describe()
    said = panel.accessibleDescription()
    assert "Fine-tuning: just learns the new kinds; " in said
    assert "LwF: also answers as it did before; " in said
    assert "old answers lost: 30.0 % right (was 90.0) of all 1,200 test images, task-aware" in said


def test_what_pulls_is_told_with_its_figures(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(1100, 500), step=15)
    hold = panel.tip(Part("pull", "lwf", "hold"))
    alpha = "(\N{GREEK SMALL LETTER ALPHA} 2, T 2)"
    assert hold.startswith(
        f"The old network (teacher) pulls the old answers back, and the shared part with them {alpha}."
    )
    assert "Length of the gradient: " in hold
    assert "° apart" in hold
    assert hold.endswith("opens Tug of war.")
    assert "apart" not in panel.tip(Part("pull", "fine-tune", "push")), "nothing holds it"


def test_figures_may_change_without_a_part_moving(qtbot: QtBot) -> None:
    panel = shown(qtbot, size=(1100, 500), step=10)
    before = {spot.key: spot.rect for spot in panel.spots if spot.key.kind != "outcome"}  # type: ignore[attr-defined]
    panel.refresh(replace(panel.selection, step=30))
    panel.grab()
    after = {spot.key: spot.rect for spot in panel.spots if spot.key.kind != "outcome"}  # type: ignore[attr-defined]
    assert before == after


def test_bars_show_how_scores_were_pushed_on_one_scale_for_all(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    record = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    seen: dict[str, list[tuple[float, float]]] = {}

    def watched(brush: Brush, room: QRectF, pictures: Pictures) -> None:
        seen[brush.lane.learner] = [(room.height(), -fall) for fall in brush.lane.outcome.falls]
        paint_pushes(brush, room, pictures)

    monkeypatch.setattr(lane, "paint_pushes", watched)
    shown(qtbot, record, (640, 240))
    assert set(seen) == {"fine-tune", "lwf"}
    heights = {height for told in seen.values() for height, _ in told}
    assert len(heights) == 1, "bars of both learners can be compared"
    found = pushed(record, Selection())
    for learner, told in seen.items():
        assert [change for _, change in told] == pytest.approx([-fall for fall in found[learner].falls])


def test_where_bars_have_no_room_words_say_the_same(qtbot: QtBot, drawn: list[str]) -> None:
    record = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    shown(qtbot, record, (640, 130))
    assert any("unevenly" in text or "lost" in text for text in drawn)
