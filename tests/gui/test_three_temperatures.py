"""The panel Teacher at three temperatures: its image, its bars, what it says, and little room."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.soft_targets import SoftTargetsPanel
from lwf_gui.gui.panels.soft_targets.tips import ONE, THREE
from lwf_gui.gui.panels.spots import next_spot
from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.methods import METHODS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.soft_targets import soft_targets
from tests.gui.shown import scale_type, shown_panel
from tests.runs import five, synthetic
from tests.runs.test_divergence import diverged


@pytest.fixture(scope="module")
def bundled() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def shown(qtbot: QtBot, record: Record, size: tuple[int, int] = (391, 350), **selection: Any) -> SoftTargetsPanel:
    panel = shown_panel("soft_targets", qtbot, record, size, follow=True, **selection)
    assert isinstance(panel, SoftTargetsPanel)
    panel.choose(("view", THREE))
    panel.grab()
    return panel


def rects(panel: SoftTargetsPanel, *key: object) -> list[QRectF]:
    return [spot.rect for spot in panel.spots if spot.key == key]


def test_it_begins_with_a_new_image_and_an_image_that_is_clicked_anywhere_is_looked_at(
    qtbot: QtBot, bundled: Record
) -> None:
    panel = shown(qtbot, bundled)
    assert panel.shown.image == 300
    assert panel.selection.image == 0, "nobody else's image has changed"
    panel.refresh(Selection(image=37))  # as a click on the memory wall does
    assert panel.shown.image == 37
    panel.refresh(Selection(image=0))
    assert panel.shown.image == 0, "an image that was asked for, though it is the first one"
    panel.choose(("image", 450))
    assert (panel.shown.image, panel.selection.image) == (450, 450)


def test_the_view_of_one_temperature_has_the_image_that_all_look_at(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    panel.choose(("view", ONE))
    panel.grab()
    assert panel.shown.image == 0
    assert rects(panel, "class", 0)
    assert not rects(panel, "at", 0, 0)


def test_bars_of_all_columns_have_one_scale(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled, (1200, 640))
    image = panel.grab().toImage()
    wanted = QColor(panel.colours.learner("fine-tune")).rgb()
    lengths, shares = [], []
    for place, temperature in enumerate((1.0, 2.0, 5.0)):
        soft = soft_targets(bundled, Selection(image=300, temperature=temperature))
        assert soft is not None
        for unit in (0, 3):  # where its bar is not the longest one, and has no mark
            (cell,) = rects(panel, "at", place, unit)
            rows = range(int(cell.top()), int(cell.bottom()))
            columns = range(int(cell.left()), int(cell.right()))
            lengths.append(max(sum(image.pixel(x, y) == wanted for x in columns) for y in rows))
            shares.append(soft.students[0].probabilities[unit])
    track = np.dot(lengths, shares) / np.dot(shares, shares)
    assert lengths == pytest.approx([share * track for share in shares], abs=3)
    assert track > 100


def test_the_temperatures_the_sentence_and_the_old_networks_figures_are_written(
    qtbot: QtBot, bundled: Record, drawn: list[str]
) -> None:
    panel = shown(qtbot, bundled)
    assert {"T = 1", "T = 2", "T = 5", "64 %", "54 %", "36 %"} <= set(drawn)
    assert any(text.startswith("To this new Shirt the old network says 64\N{NO-BREAK SPACE}% Coat") for text in drawn)
    panel.describe()
    assert "LwF says nearly the same; Fine-tuning says 52 % Trouser" in panel.accessibleDescription()
    assert panel.caption().startswith("percent, softmax over the 6 old classes at T = 1, 2, 5, probe image 301 of 600")


def test_a_bar_tells_everybodys_probability_at_its_temperature(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    soft = soft_targets(bundled, Selection(image=300, temperature=5.0))
    assert soft is not None
    tip = panel.tip(("at", 2, 4))
    assert "softmax at T = 5" in tip
    for share in (soft.teacher[4], *(student.probabilities[4] for student in soft.students)):
        assert f"{100 * share:.2f} %" in tip


def test_a_lesson_has_the_temperature_that_it_sets(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    panel.taught = True
    panel.refresh(Selection(image=301, temperature=5.0))
    assert (panel.view, panel.shown.temperature) == (ONE, 5.0)
    panel.taught = False
    panel.refresh(Selection(image=301))
    assert panel.view == THREE


ARROWS = {
    (-1, 0): Qt.Key.Key_Left,
    (1, 0): Qt.Key.Key_Right,
    (0, -1): Qt.Key.Key_Up,
    (0, 1): Qt.Key.Key_Down,
}


@pytest.mark.parametrize("size", [(391, 350), (626, 196)])
@pytest.mark.parametrize("wanted", [THREE, ONE])
def test_the_keys_are_reached_by_arrow_keys(qtbot: QtBot, bundled: Record, size: tuple[int, int], wanted: str) -> None:
    panel = shown(qtbot, bundled, size)
    panel.choose(("view", ONE if wanted == THREE else THREE))
    panel.grab()
    ways: dict[object, list[Qt.Key]] = {panel.spots[0].key: [Qt.Key.Key_Right]}  # the first key goes to the first spot
    queue = [panel.spots[0]]
    while queue:
        spot = queue.pop(0)
        for step, key in ARROWS.items():
            other = next_spot(panel.spots, spot, *step)
            if other.key not in ways:
                ways[other.key] = [*ways[spot.key], key]
                queue.append(other)
    assert set(ways) == {spot.key for spot in panel.spots}
    for key in ways["view", wanted]:
        QTest.keyClick(panel, key)
    assert "A click or Enter shows" in panel.accessibleName()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.view == wanted


def test_before_task_2_the_network_alone_is_shown(qtbot: QtBot) -> None:
    panel = shown(qtbot, synthetic.record(synthetic.task1()), (700, 560))
    image = panel.grab().toImage()
    colours = {QColor(panel.colours.learner(name)).rgb() for name in synthetic.LEARNERS}
    assert not colours & {image.pixel(x, y) for x in range(0, 700, 2) for y in range(0, 560, 2)}
    assert rects(panel, "at", 0, 0)


def many() -> Record:
    """Return a record with a learner of each method."""
    names = tuple(METHODS)
    recipe = synthetic.RECIPE.with_settings({"learners": list(names)})
    record = synthetic.record([synthetic.data_ready(recipe), *synthetic.task1()[1:]])
    record.apply(PhaseStarted(1, "incremental", names, 30, (10,)))
    record.apply(Probe(1, "incremental", 0, synthetic.logits(len(names), 3), synthetic.teacher(50)))
    return record


@pytest.mark.parametrize("size", [(290, 190), (340, 330), (391, 350), (391, 270), (560, 560), (626, 196), (1200, 600)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("state", ["bundled", "diverged", "five", "many"])
def test_nothing_is_clipped_or_covered(
    qtbot: QtBot, bundled: Record, drawn: list[str], size: tuple[int, int], scale: float, state: str
) -> None:
    scale_type(scale)
    record = {"bundled": bundled, "diverged": diverged(), "five": five.record(), "many": many()}[state]
    panel = shown(qtbot, record, size)
    inside = QRectF(panel.rect())
    assert [spot for spot in panel.spots if not inside.contains(spot.rect)] == []
    small = [(spot.key, spot.rect.adjusted(1, 1, -1, -1)) for spot in panel.spots]
    assert not [(a[0], b[0]) for i, a in enumerate(small) for b in small[:i] if a[1].intersects(b[1])]
    assert {"T = 1", "T = 5"} <= set(drawn)


def test_learners_without_room_are_reached_by_their_key(qtbot: QtBot) -> None:
    panel = shown(qtbot, many(), (900, 300))
    seen: set[object] = set()
    for _ in METHODS:
        seen |= {spot.key[1] for spot in panel.spots if spot.key[0] == "learner"}  # type: ignore[index]
        panel.choose(("page",))
        panel.grab()
    assert seen == set(METHODS)


def test_dark_has_another_picture(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    light = panel.grab().toImage()
    panel.set_theme(theme.DARK)
    assert panel.grab().toImage() != light
