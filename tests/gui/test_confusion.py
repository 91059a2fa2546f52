"""The panel of confusion matrices: what it paints, says and asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.confusion import CellImage, Confusion
from lwf_gui.gui.panels.confusion.choices import Chosen
from lwf_gui.gui.panels.confusion.layout import LEGIBLE, digits_in
from lwf_gui.gui.panels.drawing import ink, mixed
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.messages import TEACHER
from lwf_gui.runs.confusion import Cell, matrices
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import NAMES, click, escapes, picture, place, scale_type, shown_panel, with_learners
from tests.runs import synthetic
from tests.runs.synthetic import CLASSES, LEARNERS, OLD

SIZES = [(340, 330), (360, 400), (480, 360), (900, 400), (400, 700), (900, 700)]
ShowPanel = Callable[..., Confusion]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(record: Record | None = None, size: tuple[int, int] = (480, 360), **selection: Any) -> Confusion:
        panel = shown_panel("confusion", qtbot, record or synthetic.record(), size, follow=True, **selection)
        assert isinstance(panel, Confusion)
        return panel

    return shown


def images(panel: Panel) -> list[int]:
    """Return the images that are shown as thumbs."""
    panel.grab()
    keys: list[Any] = [spot.key for spot in panel.spots]
    return [key.image for key in keys if isinstance(key, CellImage)]


def count(panel: Confusion, learner: str, true: int, taken: int) -> tuple[int, int]:
    shown = matrices(panel.record, panel.selection)
    assert shown is not None
    return shown.count(Cell(learner, true, taken))


# ---- painting


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_cells_are_filled_by_their_share_and_empty_without_images(show: ShowPanel, colours: theme.Theme) -> None:
    panel = show(protocol="class_incremental", size=(700, 560))
    theme.apply(QApplication.instance(), colours)  # type: ignore[arg-type]
    panel.set_theme(colours)
    image, shares = picture(panel), set()
    for learner in LEARNERS:
        for true in range(CLASSES):
            for taken in range(CLASSES):
                inside, total = count(panel, learner, true, taken)
                share = round(100 * inside / total)
                shares.add(share)
                rect = place(panel, Cell(learner, true, taken))
                pixel = image.pixelColor(int(rect.left()) + 4, int(rect.top()) + 4)
                full = mixed(QColor(colours.surface), QColor(colours.learner(learner)), 0.1 + 0.9 * share / 100)
                assert pixel == (full if inside else QColor(colours.surface)), (learner, true, taken)
                letters = {image.pixel(int(rect.left()) + x, int(rect.center().y())) for x in range(5, 30)}
                assert (len(letters) > 1) == bool(inside), "the percent is written, and nothing in empty cells"
    assert 0 in shares
    assert len(shares) > 4


def test_cells_that_the_protocol_rules_out_are_grey(show: ShowPanel) -> None:
    panel = show()
    image = picture(panel)
    for true, taken, colour in ((0, OLD, panel.colours.raised), (OLD, 0, panel.colours.raised)):
        rect = place(panel, Cell("lwf", true, taken))
        assert image.pixelColor(int(rect.left()) + 4, int(rect.top()) + 4) == QColor(colour)
    assert "cannot be taken for" in panel.tip(Cell("lwf", 0, OLD))


@pytest.mark.parametrize("learners", [2, 3, 4])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_matrices_and_strip_fit_into_every_panel(
    show: ShowPanel, learners: int, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    panel = show(with_learners(learners), size)
    blocks = []
    cells = {spot.key.learner for spot in panel.spots if isinstance(spot.key, Cell)}
    choices = [spot.key.learner for spot in panel.spots if isinstance(spot.key, Chosen)]
    assert cells == set(NAMES[:learners]) or (len(cells) == 1 and choices == list(NAMES[:learners]))
    if choices:
        click(panel, Chosen("lwf"))
        cells = {"lwf"}
    click(panel, Cell("lwf", 0, 0))
    for learner in cells:
        block = QRectF()
        for true in range(CLASSES):
            for taken in range(CLASSES):
                block |= place(panel, Cell(learner, true, taken))
        assert block.width() == block.height() >= CLASSES * 8
        blocks.append(block)
    assert all(not a.intersects(b) for a in blocks for b in blocks if a is not b)
    thumbs = [spot.rect for spot in panel.spots if isinstance(spot.key, CellImage)]
    assert len(thumbs) == count(panel, "lwf", 0, 0)[0]
    assert not any(thumb.intersects(block) for thumb in thumbs for block in blocks)
    assert all(panel.area.adjusted(-1, -1, 1, 1).contains(rect) for rect in blocks + thumbs)


def test_larger_letters_are_taken_up(show: ShowPanel) -> None:
    panel = show()
    before = place(panel, Cell("lwf", 0, 0))
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(font)
    panel.grab()
    assert place(panel, Cell("lwf", 0, 0)) != before


def test_teacher_alone_has_one_matrix_of_old_classes(show: ShowPanel) -> None:
    panel = show(synthetic.record(synthetic.task1()))
    assert [spot.key for spot in panel.spots] == [Cell(TEACHER, a, b) for a in range(OLD) for b in range(OLD)]
    assert panel.sentence().startswith("Teacher gets ")


def test_empty_record_says_what_will_come(show: ShowPanel) -> None:
    panel = show(Record())
    assert panel.shown is None
    assert panel.spots == []
    panel.describe()
    assert panel.accessibleDescription() == Confusion.EMPTY
    assert panel.caption() == ""


def test_letters_have_contrast_on_every_fill() -> None:
    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for colours in (theme.LIGHT, theme.DARK):
        for learner in NAMES:
            for share in range(101):
                fill = mixed(QColor(colours.surface), QColor(colours.learner(learner)), share / 100)
                dim, bright = sorted((luminance(fill), luminance(ink(fill))))
                assert (bright + 0.05) / (dim + 0.05) >= 4.5


# ---- words


def test_tip_says_the_counts(show: ShowPanel) -> None:
    panel = show(protocol="class_incremental", step=12)
    for true, taken, what in ((0, 1, "a taken for b"), (4, 0, "e taken for a"), (2, 2, "c recognised")):
        inside, total = count(panel, "lwf", true, taken)
        assert panel.tip(Cell("lwf", true, taken)) == (
            f"{what}: {inside} of {total} probe images, {100 * inside / total:.1f} %, LwF, class-incremental, step 10"
        )


def test_sentence_and_caption_say_what_is_shown(show: ShowPanel) -> None:
    panel = show(protocol="class_incremental")
    panel.describe()
    said = panel.accessibleDescription()
    parts = said.rstrip(".").split("; ")
    shown = matrices(panel.record, panel.selection)
    assert shown is not None
    for learner, label, part in zip(LEARNERS, ("Fine-tuning", "LwF"), parts, strict=True):
        assert part.startswith(f"{label} gets {shown.right(learner)} of 40 right, and takes ")
        inside, total = shown.count(shown.mistakes(learner, 1)[0])
        assert f"{inside} of {total}" in part
    assert panel.caption() == (
        "Percent of each true class; class-incremental, 24 old and 16 new probe images of digits, step 30"
    )


# ---- mouse and keyboard


@pytest.mark.parametrize("close", ["click", "Esc"])
def test_click_on_a_cell_shows_its_images_until_it_is_closed(show: ShowPanel, close: str) -> None:
    panel = show(protocol="class_incremental")
    cell = Cell("fine-tune", 1, 1)
    shown = matrices(panel.record, panel.selection)
    assert shown is not None
    assert images(panel) == []
    assert not escapes(panel), "Esc is the window's while nothing is open"
    before = place(panel, cell)
    click(panel, cell)
    assert images(panel) == shown.images_in(cell)
    assert place(panel, cell) == before, "cells stay under the mouse"
    assert escapes(panel)
    if close == "click":
        click(panel, cell)
    else:
        QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert images(panel) == []
    assert not escapes(panel)


def test_click_on_an_image_chooses_it_for_all_panels(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show(protocol="class_incremental", size=(700, 560))
    click(panel, Cell("lwf", 4, 4))
    chosen = images(panel)[-1]
    accent = QColor(panel.colours.accent)

    def framed() -> bool:
        rect = place(panel, CellImage(chosen))
        return picture(panel).pixelColor(int(rect.left()), int(rect.center().y())) == accent

    assert not framed()
    with qtbot.waitSignal(panel.asked) as asked:
        click(panel, CellImage(chosen))
    assert asked.args == [{"image": chosen}]
    panel.leaveEvent(QEvent(QEvent.Type.Leave))  # the frame of the spot under the mouse is of the same colour
    assert framed()
    assert f"Probe image {chosen + 1}" in panel.tip(CellImage(chosen))


def test_images_follow_the_step(show: ShowPanel) -> None:
    panel = show(protocol="class_incremental")
    cell = Cell("fine-tune", 1, 1)
    click(panel, cell)
    seen = []
    for step in (0, 10, 15, 30):
        panel.refresh(Selection("class_incremental", step))
        shown = matrices(panel.record, panel.selection)
        assert shown is not None
        assert images(panel) == shown.images_in(cell)
        seen.append(images(panel))
    assert any(each != seen[0] for each in seen)
    panel.refresh(Selection(step=-5))
    assert images(panel) == [], "the teacher has no such cell"


def test_images_are_closed_with_their_record(show: ShowPanel) -> None:
    panel = show()
    click(panel, Cell("lwf", 0, 0))
    panel.show_record(synthetic.record())
    panel.refresh(Selection())
    assert images(panel) == []


def test_keyboard_reaches_cells_and_images(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show(protocol="class_incremental")
    panel.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(panel, key)
    assert panel.at is not None
    assert panel.at.key == Cell("fine-tune", 1, 1)
    assert panel.accessibleName() == f"Confusion: {panel.tip(Cell('fine-tune', 1, 1))}"
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert images(panel)
    for _ in range(CLASSES):
        QTest.keyClick(panel, Qt.Key.Key_Down)
    assert isinstance(panel.at.key, CellImage)
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.keyClick(panel, Qt.Key.Key_Enter)
    assert asked.args == [{"image": panel.at.key.image}]


def test_mouse_reaches_the_second_matrix(show: ShowPanel) -> None:
    panel = show()
    QTest.mouseMove(panel, place(panel, Cell("lwf", 2, 1)).center().toPoint())
    QApplication.processEvents()
    assert panel.at is not None
    assert panel.at.key == Cell("lwf", 2, 1)


def test_of_matrices_without_room_for_figures_one_is_shown_and_every_learner_can_be_chosen(show: ShowPanel) -> None:
    panel = show(with_learners(4), (300, 260))
    choices = [spot for spot in panel.spots if isinstance(spot.key, Chosen)]
    assert [spot.key.learner for spot in choices] == list(NAMES)  # type: ignore[attr-defined]
    for learner in NAMES:
        click(panel, Chosen(learner))
        cells = [spot for spot in panel.spots if isinstance(spot.key, Cell)]
        assert {spot.key.learner for spot in cells} == {learner}  # type: ignore[attr-defined]
        assert digits_in(cells[0].rect.width()) >= LEGIBLE
        assert not any(choice.rect.intersects(cell.rect) for choice in choices for cell in cells)
        assert "right" in panel.tip(Chosen(learner))
    click(panel, Cell(NAMES[-1], 0, 0))
    assert panel.has_open()
    click(panel, Chosen(NAMES[0]))
    assert not panel.has_open()


@pytest.mark.parametrize(("learners", "size"), [(1, (390, 330)), (2, (310, 310)), (2, (390, 330))])
def test_percentages_can_be_read_on_a_small_projector(show: ShowPanel, learners: int, size: tuple[int, int]) -> None:
    scale_type(1.35)
    panel = show(with_learners(learners), size)
    cells = [spot.rect.width() for spot in panel.spots if isinstance(spot.key, Cell)]
    assert digits_in(cells[0]) >= 9
