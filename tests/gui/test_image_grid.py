"""The image grid: what it paints, says and asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import wrong_colour
from lwf_gui.gui.panels.image_grid import CLOSE, ImageGridPanel, Tile
from lwf_gui.gui.panels.image_grid.history import HistoryPainter
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.messages import TEACHER
from lwf_gui.runs.image_grid import ImageGrid, image_grid
from lwf_gui.runs.image_history import History
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import NAMES, click, escapes, picture, place, scale_type, shown_panel, with_learners
from tests.gui.test_confusion import SIZES
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, OLD, PROBE_LABELS
from tests.runs.test_image_grid import answering

ShowPanel = Callable[..., ImageGridPanel]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(record: Record | None = None, size: tuple[int, int] = (480, 360), **selection: Any) -> ImageGridPanel:
        panel = shown_panel("image_grid", qtbot, record or synthetic.record(), size, **({"image": 39} | selection))
        assert isinstance(panel, ImageGridPanel)
        return panel

    return shown


def tiles(panel: Panel) -> dict[Tile, QRectF]:
    keys: list[Any] = list(panel.spots)
    return {spot.key: spot.rect for spot in keys if isinstance(spot.key, Tile)}


def numbers(panel: ImageGridPanel) -> ImageGrid:
    found = image_grid(panel.record, panel.selection)
    assert found is not None
    return found


def open_history(panel: ImageGridPanel) -> History | None:
    panel.grab()
    history: History | None = panel.shown.history
    return history


def of_kind(panel: ImageGridPanel, kind: str) -> list[Tile]:
    """Return the tiles of images that are right, forgotten, or were never right."""
    found, kept = numbers(panel), []
    for tile in tiles(panel):
        row = found.learners.index(tile.learner)
        right, began = found.right[row, tile.image], found.began_right[row, tile.image]
        if kind == ("right" if right else "forgotten" if began else "never"):
            kept.append(tile)
    return kept


def cut(image: QImage, rect: QRectF) -> QImage:
    return image.copy(rect.toRect())


def pixels(image: QImage, colour: QColor) -> int:
    """Return how many pixels have about this colour."""
    near = 0
    for x in range(image.width()):
        for y in range(image.height()):
            at = image.pixelColor(x, y)
            gaps = (at.red() - colour.red(), at.green() - colour.green(), at.blue() - colour.blue())
            near += max(map(abs, gaps)) < 24
    return near


# ---- painting


def test_every_learner_has_the_same_images_in_the_same_places(show: ShowPanel) -> None:
    panel = show(with_learners(4), (700, 560))
    places: dict[str, list[tuple[int, QPointF]]] = {name: [] for name in NAMES}
    for tile, rect in tiles(panel).items():
        places[tile.learner].append((tile.image, rect.topLeft()))
    grids = [[(image, corner - own[0][1]) for image, corner in own] for own in places.values()]
    assert len(grids[0]) >= 2 * OLD
    assert all(grid == grids[0] for grid in grids)
    labels = [int(PROBE_LABELS[image]) for image, _ in grids[0]]
    assert {labels.count(unit) for unit in range(OLD)} == {len(labels) // OLD}
    before = tiles(panel)
    panel.refresh(Selection("class_incremental", 0, 39))
    panel.grab()
    assert tiles(panel) == before, "whatever the step and the protocol"


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_forgotten_images_fade_and_are_crossed(show: ShowPanel, colours: theme.Theme) -> None:
    panel = show(size=(700, 560))
    panel.set_theme(colours)
    image, places, error = picture(panel), tiles(panel), wrong_colour(colours)
    kinds = {kind: of_kind(panel, kind) for kind in ("right", "forgotten", "never")}
    assert all(kinds.values())
    for kind, members in kinds.items():
        for tile in members:
            red = pixels(cut(image, places[tile]), error)
            assert (red > places[tile].width()) == (kind == "forgotten"), (kind, tile, red)
    forgotten = kinds["forgotten"][0]
    faded = cut(image, places[forgotten])
    panel.refresh(Selection(step=0, image=39))  # where it was right
    clear = cut(picture(panel), places[forgotten])

    def spread(shades: QImage) -> float:
        """Return the mean distance from the background, away from frame and cross."""
        ground = QColor(colours.surface).lightness()
        side = shades.width()
        points = [(side // 2, y) for y in range(4, side // 3)]
        return sum(abs(shades.pixelColor(x, y).lightness() - ground) for x, y in points) / len(points)

    assert spread(faded) < 0.6 * spread(clear)


def test_forgotten_images_bear_the_name_of_what_they_are_taken_for(show: ShowPanel) -> None:
    """Two images that differ only in this: the same image at steps with different wrong answers."""
    panel = show(size=(700, 560), protocol="class_incremental", step=10)
    first, seen = numbers(panel), picture(panel)
    panel.refresh(Selection("class_incremental", 30, 39))
    second, again = numbers(panel), picture(panel)
    same: list[bool] = []
    other: list[bool] = []
    for tile, rect in tiles(panel).items():
        at = (first.learners.index(tile.learner), tile.image)
        if first.began_right[at] and not first.right[at] and not second.right[at]:
            lower = rect.adjusted(0, rect.height() * 0.6, 0, 0)
            (same if first.taken[at] == second.taken[at] else other).append(cut(seen, lower) == cut(again, lower))
    assert other
    assert not any(other)
    assert all(same)


@pytest.mark.parametrize("learners", [2, 3, 4])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_grids_and_history_fit_into_every_panel(
    show: ShowPanel, learners: int, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    panel = show(with_learners(learners), size)
    closed = tiles(panel)
    first = next(iter(closed))
    click(panel, first)
    opened = tiles(panel)
    assert list(opened) == list(closed), "the history takes no image away"
    for shown in (closed, opened):
        rects = list(shown.values())
        assert len(rects) >= learners * OLD
        assert rects[0].width() >= 12
        assert all(panel.area.contains(rect) for rect in rects)
        assert not any(a.adjusted(1, 1, -1, -1).intersects(b) for a in rects for b in rects if a is not b)
    assert not any(place(panel, CLOSE).intersects(rect) for rect in opened.values())
    assert panel.area.contains(place(panel, CLOSE))


def test_image_that_is_looked_at_is_framed_on_every_grid(show: ShowPanel) -> None:
    panel = show(size=(700, 560))
    image = next(iter(tiles(panel))).image
    plain = picture(panel)
    panel.refresh(Selection(image=image))
    framed = picture(panel)
    changed = {tile for tile, rect in tiles(panel).items() if cut(plain, rect) != cut(framed, rect)}
    assert changed >= {Tile(learner, image) for learner in LEARNERS}
    for learner in LEARNERS:
        rect = place(panel, Tile(learner, image))
        assert framed.pixelColor(int(rect.left()) + 1, int(rect.center().y())) == QColor(panel.colours.text)


def test_teacher_alone_has_a_grid(show: ShowPanel) -> None:
    panel = show(synthetic.record(synthetic.task1()))
    assert {tile.learner for tile in tiles(panel)} == {TEACHER}
    assert panel.sentence().startswith("Teacher: ")
    assert panel.sentence().endswith(" right.")
    assert not of_kind(panel, "forgotten")
    assert "start" not in panel.tip(of_kind(panel, "never")[0])


def test_empty_record_says_what_will_come(show: ShowPanel) -> None:
    panel = show(Record())
    assert panel.shown is None
    assert panel.spots == []
    panel.describe()
    assert panel.accessibleDescription() == ImageGridPanel.EMPTY
    assert panel.caption() == ""


# ---- words


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_sentence_counts_the_images_on_the_grid(show: ShowPanel, protocol: str) -> None:
    panel = show(protocol=protocol, step=12)
    parts = []
    for learner, label in zip(LEARNERS, ("Fine-tuning", "LwF"), strict=True):
        own = [tile for tile in tiles(panel) if tile.learner == learner]
        right = [tile for tile in of_kind(panel, "right") if tile.learner == learner]
        parts.append(f"{label}: {len(right)} of {len(own)} right")
        if (habit := numbers(panel).habit(learner, len(own) // OLD)) is not None:
            parts[-1] += f", says {'abcde'[habit.unit]} to {habit.images} of {len(own)}"
    panel.describe()
    assert panel.accessibleDescription() == "; ".join(parts) + "."
    words = {"task_aware": "task-aware", "class_incremental": "class-incremental"}[protocol]
    assert panel.caption() == f"{words}, {len(own)} of 24 old test images of digits, step 10"


def test_tip_tells_remembered_forgotten_and_never_known_apart(show: ShowPanel) -> None:
    panel = show()
    found = numbers(panel)
    for kind, words in (
        ("right", "gets it right"),
        ("forgotten", "has forgotten it and takes it for {}"),
        ("never", "takes it for {} and was wrong from the start"),
    ):
        for tile in of_kind(panel, kind):
            label = {"fine-tune": "Fine-tuning", "lwf": "LwF"}[tile.learner]
            taken = "abcde"[found.taken[found.learners.index(tile.learner), tile.image]]
            true = "abcde"[PROBE_LABELS[tile.image]]
            said = f"{true}, probe image {tile.image + 1} of 40: {label} {words.format(taken)} (task-aware, step 30)"
            assert panel.tip(tile) == said


# ---- mouse and keyboard


@pytest.mark.parametrize("close", ["the image again", "the history", "Esc"])
def test_click_chooses_an_image_and_opens_its_history(show: ShowPanel, qtbot: QtBot, close: str) -> None:
    panel = show()
    tile = of_kind(panel, "forgotten")[-1]
    assert not escapes(panel), "Esc is the window's while nothing is open"
    with qtbot.waitSignal(panel.asked) as asked:
        click(panel, tile)
    assert asked.args == [{"image": tile.image}]
    history = open_history(panel)
    assert history is not None
    assert history.image == tile.image
    assert escapes(panel)
    with qtbot.assertNotEmitted(panel.asked):
        if close == "Esc":
            QTest.keyClick(panel, Qt.Key.Key_Escape)
        else:
            click(panel, tile if close == "the image again" else CLOSE)
    assert open_history(panel) is None
    assert CLOSE not in [spot.key for spot in panel.spots]
    assert not escapes(panel)


def test_history_paints_every_learner_and_the_cursor(show: ShowPanel) -> None:
    panel = show(with_learners(3), (700, 560))
    click(panel, next(iter(tiles(panel))))
    rect, cursors = place(panel, CLOSE), []
    for step in (10, 15, 30):
        panel.refresh(Selection(step=step, image=panel.selection.image))
        shown = cut(picture(panel), rect)
        for learner in NAMES[:3]:
            assert pixels(shown, QColor(panel.colours.learner(learner))) > 60
        text = QColor(panel.colours.text)
        dark = [pixels(shown.copy(x, 0, 1, shown.height()), text) for x in range(shown.width())]
        cursors.append(dark.index(max(dark)))
        assert max(dark) > shown.height() / 4
    first, second, last = cursors
    assert (last - second) == pytest.approx(3 * (second - first), abs=4), "steps 10, 15 and 30"


def test_curves_are_the_confidence_and_ribbons_the_predictions(qapp: QApplication) -> None:
    taken = np.array([[1, 0], [0, 0]])
    confidence = np.array([[0.0, 100.0], [80.0, 80.0]])
    history = History(0, 0, 1, LEARNERS, np.array([0, 100]), confidence, taken)
    image = QImage(400, 260, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.LIGHT.surface))
    with QPainter(image) as painter:
        drawing = HistoryPainter(painter, QRectF(image.rect()), history, tuple("abcde"), theme.LIGHT)
        drawing.paint()
    plot = drawing.plot
    assert plot.height() > 50

    def at(share: float, y: float) -> QImage:
        return image.copy(round(plot.left() + share * plot.width()) - 1, round(y) - 1, 3, 3)

    for share in (0.25, 0.75):
        for learner, percent in (("fine-tune", 100 * share), ("lwf", 80)):
            y = plot.bottom() - percent / 100 * plot.height()
            assert pixels(at(share, y), QColor(theme.LIGHT.learner(learner))) > 0
    ribbon = plot.bottom() + drawing.line / 2 + 4
    assert pixels(at(0.5, ribbon), QColor(theme.LIGHT.raised)) == 9, "wrong until step 100"
    assert pixels(at(0.5, ribbon + drawing.line), QColor(theme.LIGHT.learner("lwf"))) == 9, "right all along"


def test_open_history_follows_image_and_step(show: ShowPanel) -> None:
    panel = show()
    click(panel, next(iter(tiles(panel))))
    panel.refresh(Selection(image=5, step=12))
    history = open_history(panel)
    assert history is not None
    assert (history.image, history.at) == (5, 1)
    panel.refresh(Selection(image=39, step=12))
    history = open_history(panel)
    assert history is not None
    assert history.image == 39, "also of an image of the new task"
    panel.refresh(Selection(image=39, step=-5))
    assert open_history(panel) is None, "which the teacher does not know"


def test_history_stays_closed_when_another_panel_chooses(show: ShowPanel) -> None:
    panel = show()
    panel.refresh(Selection(image=3))
    assert open_history(panel) is None


def test_history_is_closed_with_its_record(show: ShowPanel) -> None:
    panel = show()
    click(panel, next(iter(tiles(panel))))
    panel.show_record(synthetic.record())
    panel.refresh(Selection(image=panel.selection.image))
    assert open_history(panel) is None


def test_keyboard_goes_through_the_grid(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show()
    panel.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(panel, key)
    second = list(tiles(panel))[1]
    assert panel.at is not None
    assert panel.at.key == second
    assert panel.accessibleName() == f"Memory wall: {panel.tip(second)}"
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.keyClick(panel, Qt.Key.Key_Return)
    assert asked.args == [{"image": second.image}]
    panel.grab()
    assert (panel.at.key, panel.at.rect) == (second, place(panel, second)), "it moves with its image"
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert open_history(panel) is None


def test_heading_says_what_a_network_answers_to_nearly_everything(show: ShowPanel) -> None:
    """Always the same answer gets one class right: that is luck, not memory, and stands in heading, tiles and tips."""
    record = answering([1] * len(PROBE_LABELS))
    panel = show(record, protocol="class_incremental")
    count = len(tiles(panel)) // 2
    assert (
        panel.sentence()
        == "; ".join(
            f"{label}: {count // OLD} of {count} right, says b to {count} of {count}"
            for label in ("Fine-tuning", "LwF")
        )
        + "."
    )
    lucky, plain = of_kind(panel, "right")[0], show(answering(PROBE_LABELS.tolist()), protocol="class_incremental")
    assert panel.tip(lucky) == (
        f"b, probe image {lucky.image + 1} of 40: Fine-tuning gets it right, "
        f"but says the same to {count} of the images here (class-incremental, step 30)"
    )
    assert plain.sentence().endswith(f"LwF: {count} of {count} right.")
    lower = place(panel, lucky).adjusted(4, place(panel, lucky).height() * 0.6, -4, -4)
    assert cut(picture(panel), lower) != cut(picture(plain), lower), "the answer stands on what is right by luck"


@pytest.mark.parametrize("size", [(480, 360), (760, 560), (1500, 1100), (2400, 900), (900, 2000)])
@pytest.mark.parametrize("learners", [1, 2, 4])
def test_tiles_grow_with_the_panel(show: ShowPanel, size: tuple[int, int], learners: int) -> None:
    panel = show(with_learners(learners), size)
    rects = list(tiles(panel).values())
    covered = sum(rect.width() * rect.height() for rect in rects)
    assert covered > 0.4 * size[0] * size[1]


def test_caption_says_how_the_images_were_chosen(show: ShowPanel) -> None:
    panel = show()
    found = numbers(panel)
    images = found.chosen(len(tiles(panel)) // 2 // OLD)
    wrong, old = int((~found.known[images]).sum()), PROBE_LABELS < OLD
    assert wrong
    longest, caption, *shorter = panel.captions()
    assert longest == (
        f"{caption}; chosen so that what was wrong from the start has its true share, {wrong} of {len(images)} as "
        f"{int((~found.known[old]).sum())} of 24"
    )
    assert shorter[-1] == "task-aware"
