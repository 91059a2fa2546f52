"""Panels with little room leave words out, never what makes figures true: of how many, and from where to where."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontInfo, QFontMetrics, QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.card import LearnerCard
from lwf_gui.gui.panels.card_wording import LINES, Form
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.drawing import mark
from lwf_gui.gui.panels.text import DOTS
from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.settling import settle
from tests.gui.shown import scale_type, shown_panel, with_learners
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, OLD


@pytest.mark.parametrize("size", [(300, 90), (300, 120), (340, 160), (480, 400)])
def test_class_bars_have_their_figures_or_a_scale(qtbot: QtBot, drawn: list[str], size: tuple[int, int]) -> None:
    shown_panel("classes", qtbot, synthetic.record(), size)
    assert any(text.endswith("%") for text in drawn)


def test_the_teacher_says_how_many_classes_it_lists_of_how_many(qtbot: QtBot, drawn: list[str]) -> None:
    for height in (140, 110, 90):
        drawn.clear()
        panel = shown_panel("soft_targets", qtbot, synthetic.record(), (420, height))
        listed = sum(isinstance(spot.key, tuple) and spot.key[0] == "class" for spot in panel.spots)
        if listed < OLD:
            break
    assert listed < OLD
    assert any(f"{listed} of {OLD}" in text or f"the {listed} likeliest of" in text for text in drawn)


def test_the_heading_of_the_losses_always_says_which_line_is_which(qtbot: QtBot) -> None:
    panel = shown_panel("losses", qtbot, synthetic.record(), (400, 200))
    captions = panel.headings()
    assert len(captions) > 1
    for caption in captions:
        assert "KL solid" in caption
        assert "CE dashed" in caption


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(("learners", "scale"), [(2, 1.0), (3, 1.25), (3, 1.8), (4, 1.8)])
def test_words_of_a_card_have_one_size_and_none_is_cut(
    qtbot: QtBot, drawn: list[str], learners: int, scale: float, compact: bool
) -> None:
    scale_type(scale)
    cards = Cards()
    qtbot.addWidget(cards)
    cards.resize(390, 300)
    cards.show_record(with_learners(learners))
    cards.set_compact(compact)
    cards.show()
    cards.refresh(Selection())
    drawn.clear()
    for card in cards.cards:
        lines = (card.unit, card.sample, card.new, card.change)
        assert len({line.font().pointSizeF() for line in lines}) == 1
        for line in lines[: 2 if compact else 4]:
            line.grab()
        card.digits.grab()
    assert not [text for text in drawn if "…" in text]
    assert any("%" in text for text in drawn), "the unit is always there"


@pytest.mark.parametrize("size", [(300, 330), (340, 330), (380, 400), (420, 400), (480, 400), (560, 400), (900, 500)])
def test_all_mistakes_of_a_list_are_said_in_one_way(qtbot: QtBot, drawn: list[str], size: tuple[int, int]) -> None:
    record = with_learners(3)
    assert record.data is not None
    record.data = replace(record.data, classes=("a", "Ankle boot", "Bag", "T-shirt or top", "Coat"))
    shown_panel("confusion", qtbot, record, size)
    mistakes = [text for text in drawn if re.search(r": \d+ of \d+$", text)]
    arrows, words = (sum(between in text for text in mistakes) for between in (" → ", " taken for "))
    assert arrows + words > 0
    assert not (arrows and words)


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("image_grid", "class-incremental"),
        ("classes", "class-incremental"),
        ("confusion", "class-incremental"),
        ("trade_off", "class-incremental"),
        ("matrix", "class-incremental"),
        ("equation", "nats"),
        ("gradient_conflict", "nats per"),
        ("weights", "head expansion"),
        ("soft_targets", "softmax"),
        ("why", "class-incremental"),
    ],
)
def test_a_heading_loses_its_step_before_protocol_or_unit_and_the_images_before_none_but_them(
    qtbot: QtBot, key: str, kept: str
) -> None:
    captions = shown_panel(key, qtbot, synthetic.record(), (400, 300), protocol="class_incremental").headings()
    assert len(captions) > 3
    for caption in captions:
        assert kept in caption or kept.capitalize() in caption
    if kept == "class-incremental":
        assert all("images" in caption for caption in captions if "step" in caption)
        assert any("images" in caption and "step" not in caption for caption in captions)


@pytest.mark.parametrize("size", [(300, 160), (340, 180), (420, 200), (900, 400)])
def test_an_area_under_a_bias_curve_is_called_one_at_any_size(
    qtbot: QtBot, drawn: list[str], size: tuple[int, int]
) -> None:
    panel = shown_panel("trade_off", qtbot, with_learners(4), size)
    areas = {f"{curve.area:.{decimals}f} %" for curve in panel.shown.curves for decimals in (0, 1)}
    said = [text for text in drawn if text.endswith(tuple(areas)) and "new" not in text]
    assert len(said) >= 4
    assert all("area" in text for text in said)


def many(count: int) -> Record:
    """Return a run with so many learners, all but two of them branches."""
    names = (*LEARNERS, *(f"lwf+{number}@10:alpha={number}" for number in range(1, count - 1)))
    made = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, PhaseStarted):
            made.apply(replace(message, learners=names))
        elif isinstance(message, Probe):
            made.apply(replace(message, logits=message.logits[[0, *[1] * (count - 1)]]))
    return made


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
@pytest.mark.parametrize("count", [2, 3, 5, 7, 10])
def test_every_learner_has_its_name_and_a_number_that_says_of_what(
    qtbot: QtBot, count: int, scale: float, compact: bool
) -> None:
    scale_type(scale)
    cards = Cards()
    qtbot.addWidget(cards)
    cards.resize(390 if count > 3 else 270, 300)
    cards.show_record(many(count))
    cards.set_compact(compact)
    cards.show()
    cards.refresh(Selection())
    settle()
    boxes = [card.geometry() for card in cards.cards]
    for card in cards.cards:
        assert not any(box.intersects(card.geometry()) for box in boxes if box != card.geometry())
        assert DOTS not in card.name.shown
        assert card.name.shown
        assert re.fullmatch(r"\d+(\.\d)?", card.digits.shown), card.digits.shown
        assert "old" in card.unit.shown
        assert QFontInfo(card.digits.font()).pixelSize() >= 9
        if card.form in LINES:
            assert re.search(r"new.*%", card.new.shown)
    assert cards.cards[0].form not in LINES or count > 2 or scale > 1 or compact


def test_branches_of_one_colour_have_marks_of_different_shapes(qtbot: QtBot) -> None:
    seen = set()
    names = [*LEARNERS, *(f"lwf+{number}@10" for number in range(1, 13))]
    for name in names:
        picture = QImage(24, 24, QImage.Format.Format_RGB32)
        picture.fill(0xFFFFFF)
        with QPainter(picture) as painter:
            mark(painter, QRectF(2, 2, 20, 20), name, theme.LIGHT)
        seen.add(bytes(picture.constBits()))
    assert len(seen) == len(names)


@pytest.mark.parametrize("size", [(300, 300), (340, 240), (390, 200)])
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_titles_of_many_grids_can_be_read(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    heights: list[int] = []
    draw = QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        if any(isinstance(arg, str) and re.search(r"\d+( of |/)\d+", arg) for arg in args):
            heights.append(QFontInfo(painter.font()).pixelSize())
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    shown_panel("image_grid", qtbot, with_learners(3), size)
    assert heights
    assert min(heights) >= 8


def test_the_tug_of_war_says_what_its_numbers_and_lengths_are(qtbot: QtBot, drawn: list[str]) -> None:
    shown_panel("gradient_conflict", qtbot, synthetic.record(), (700, 260))
    assert any("nats per unit of weight" in text and "square root" in text for text in drawn)


def test_the_cells_of_few_tasks_use_the_room_of_a_large_panel(qtbot: QtBot) -> None:
    panel = shown_panel("matrix", qtbot, synthetic.record(), (700, 700))
    used = panel.spots[0].rect
    for spot in panel.spots:
        used = used | spot.rect
    assert used.height() >= 0.7 * panel.height() or used.width() >= 0.7 * panel.width()


@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_no_percentage_of_a_class_lies_on_another(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, count: int, scale: float
) -> None:
    places: list[QRectF] = []
    draw = QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        if re.fullmatch(r"\d+ %", text := str(args[-1])):
            high = QFontMetricsF(painter.font()).tightBoundingRect(text).height()
            middle = args[0].center().y()
            places.append(QRectF(args[0].left(), middle - high / 2, args[0].width(), high))
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    panel = shown_panel("classes", qtbot, many(count), (390, 300))
    scale_type(scale)  # while it is shown
    for height in range(120, 420, 20):
        panel.resize(390, height)
        places.clear()
        panel.grab()
        pairs = [(a, b) for a, b in combinations(places, 2) if a.center().y() != b.center().y()]  # not a scale's ends
        assert not any(a.intersects(b) for a, b in pairs), height


def test_the_digits_of_two_narrow_cards_stay_big_where_they_say_less(qtbot: QtBot) -> None:
    cards = Cards()
    qtbot.addWidget(cards)
    cards.resize(318, 300)
    cards.show_record(with_learners(2))
    cards.set_compact(True)
    cards.show()
    body = QFontInfo(theme.font(1.0)).pixelSize()
    assert len({card.y() for card in cards.cards}) == 1, "they stand side by side"
    assert min(QFontInfo(card.digits.font()).pixelSize() for card in cards.cards) >= 1.7 * body
    assert all(card.unit.isVisible() for card in cards.cards)


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.13, 1.25, 1.35])
@pytest.mark.parametrize("width", [260, 290, 318, 350])
def test_the_name_in_a_line_of_a_table_touches_no_figure(qtbot: QtBot, width: int, scale: float) -> None:
    scale_type(scale)
    cards = Cards()
    qtbot.addWidget(cards)
    cards.resize(width, 300)
    cards.show_record(with_learners(4))
    cards.set_compact(True)
    cards.show()
    for card in cards.cards:
        if card.form == "row":
            name = QFontMetrics(card.name.font()).horizontalAdvance(card._longest)
            assert card.name.x() + name < card.digits.x() - 2


@pytest.mark.parametrize("form", ["full", "compact", "stack", "row", "pair", "rows"])
def test_every_line_of_a_card_is_a_part_of_it_in_every_form(qapp: object, form: Form) -> None:
    card = LearnerCard("lwf", "", theme.LIGHT, ("LwF",), "Fine-tuning")
    card.fit(190, form)
    lines = (card.name, card.plain, *card.lines)
    assert all(line.parentWidget() is card for line in lines)
    assert card.plain.isVisibleTo(card) is (form == "full")
    card.deleteLater()
