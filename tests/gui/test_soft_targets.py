"""The panel of teacher and student: what it paints, says and asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.soft_targets import SoftTargetsPanel
from lwf_gui.gui.panels.soft_targets.students import distance_text
from lwf_gui.messages import Message, PhaseStarted, Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import scale_type, shown_panel
from tests.runs import synthetic
from tests.runs.synthetic import CLASSES, LEARNERS, OLD, PROBE_LABELS

NEW_IMAGE = int(np.argmax(PROBE_LABELS >= OLD))
ShowPanel = Callable[..., SoftTargetsPanel]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    """Return a function that shows the panel as the window does."""

    def shown(record: Record, size: tuple[int, int] = (480, 360), **selection: Any) -> SoftTargetsPanel:
        panel = shown_panel("soft_targets", qtbot, record, size, **selection)
        assert isinstance(panel, SoftTargetsPanel)
        return panel

    return shown


def picture(panel: SoftTargetsPanel) -> QImage:
    return panel.grab().toImage()


def spots(panel: SoftTargetsPanel, kind: str) -> list[tuple[Any, QRectF]]:
    """Return what the spots of a kind stand for, and where they are."""
    found: list[Any] = panel.spots
    return [(spot.key[-1], spot.rect) for spot in found if spot.key[0] == kind]


def place(panel: SoftTargetsPanel, *key: object) -> QRectF:
    (rect,) = [spot.rect for spot in panel.spots if spot.key == key]
    return rect


def extent(panel: SoftTargetsPanel, colour: str, within: QRectF) -> int:
    """Return how many columns of pixels have that colour in a rectangle: the length of a bar."""
    image, wanted, box = picture(panel), QColor(colour).rgb(), within.toRect()
    columns = range(max(0, box.left()), min(image.width(), box.right()))
    rows = range(max(0, box.top()), min(image.height(), box.bottom()))
    return sum(any(image.pixel(x, y) == wanted for y in rows) for x in columns)


def test_bars_are_as_long_as_probabilities(show: ShowPanel) -> None:
    panel = show(synthetic.record(), (700, 560), image=1, temperature=2.0)
    for row, learner in enumerate(LEARNERS):
        shares = [panel.shown.students[row].probabilities[unit] for unit in range(OLD)]
        lengths = [extent(panel, panel.colours.learner(learner), place(panel, "class", unit)) for unit in range(OLD)]
        track = np.dot(lengths, shares) / np.dot(shares, shares)
        assert lengths == pytest.approx([share * track for share in shares], abs=3)
        assert track > 250


def test_moving_the_temperature_alone_repaints_the_bars(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0, temperature=1.0)
    sharp, rect = panel.shown, place(panel, "class", 0)
    before = extent(panel, panel.colours.learner("lwf"), rect)
    panel.refresh(Selection(image=0, temperature=20.0))
    assert panel.shown.students[1].probabilities != sharp.students[1].probabilities
    after = extent(panel, panel.colours.learner("lwf"), rect)
    change = panel.shown.students[1].probabilities[0] - sharp.students[1].probabilities[0]
    assert np.sign(after - before) == np.sign(change)
    assert abs(after - before) > 5


def test_before_the_head_expansion_no_learner_is_painted(show: ShowPanel) -> None:
    panel = show(synthetic.record(synthetic.task1()), image=0)
    whole = QRectF(panel.rect())
    assert all(extent(panel, panel.colours.learner(learner), whole) == 0 for learner in LEARNERS)
    assert extent(panel, panel.colours.teacher, place(panel, "class", 0)) > 20
    assert [learner for learner, _ in spots(panel, "learner")] == ["teacher"]


def test_an_empty_record_says_so_and_has_no_spots(show: ShowPanel) -> None:
    panel = show(Record())
    panel.describe()
    assert panel.accessibleDescription() == panel.EMPTY
    assert panel.spots == []
    assert panel.caption() == ""


def test_a_click_on_an_image_asks_for_it(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show(synthetic.record(), image=0)
    others = [(number, rect) for number, rect in spots(panel, "image") if number != 0]
    for number, rect in (others[0], others[-1]):
        with qtbot.waitSignal(panel.asked) as asked:
            QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
        assert asked.args == [{"image": number}]


def test_a_click_elsewhere_asks_for_nothing(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show(synthetic.record(), image=0)
    with qtbot.assertNotEmitted(panel.asked):
        for key in (("class", 0), ("learner", "lwf"), ("teacher",), ("main",)):
            QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place(panel, *key).center().toPoint())


def test_an_image_is_reached_and_chosen_by_key(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show(synthetic.record(), image=0)
    last = panel.shown.choices[-1]
    QTest.keyClick(panel, Qt.Key.Key_Down)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    for _ in range(CLASSES):
        if panel.at is not None and panel.at.key != ("image", last):
            QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.at is not None
    assert panel.at.key == ("image", last)
    assert panel.shown.classes[PROBE_LABELS[last]] in panel.accessibleName()
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.keyClick(panel, Qt.Key.Key_Return)
    assert asked.args == [{"image": last}]


def test_what_was_reached_by_key_stays_so_when_the_panel_is_resized(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0)
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.at is not None
    before = panel.at
    panel.resize(800, 640)
    panel.grab()
    assert panel.at.key == before.key
    assert panel.at.rect != before.rect
    assert panel.at in panel.spots


def test_the_chosen_image_is_framed(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0)
    for chosen in (0, panel.shown.choices[3]):
        panel.refresh(Selection(image=chosen))
        panel.grab()
        framed = {
            number
            for number, rect in spots(panel, "image")
            if extent(panel, panel.colours.accent, rect.adjusted(-1, -1, 1, 1)) > 10
        }
        assert framed == {chosen}


def test_the_sentence_names_image_task_temperature_and_everybody(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=NEW_IMAGE, temperature=3.0)
    panel.describe()
    words = panel.accessibleDescription()
    for part in (
        "The image is d",
        "new task",
        "temperature 3",
        "Teacher",
        "Fine-tuning",
        "LwF",
        "nats",
        "dark knowledge",
    ):
        assert part in words
    old = show(synthetic.record(), image=0)
    assert "old task" in old.sentence()


def test_a_learners_tip_gives_its_divergence_and_whether_it_is_right(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0, protocol="class_incremental")
    for student in panel.shown.students:
        tip = panel.tip(("learner", student.learner))
        assert f"{student.kl:.3f} nats" in tip
        assert "not multiplied by T²" in tip
        assert "class-incremental" in tip
        assert ("right" in tip, "wrong" in tip) == (student.right, not student.right)


def test_a_learner_whose_answers_are_no_logits_has_no_divergence_and_no_bars(show: ShowPanel) -> None:
    messages = [*synthetic.task1(), *synthetic.task2()]
    started = ("ncm", LEARNERS[1])
    told = [
        replace(each, learners=started) if isinstance(each, PhaseStarted) and each.phase == "incremental" else each
        for each in messages
    ]
    panel = show(synthetic.record(told), image=0)
    tip = panel.tip(("learner", "ncm"))
    assert "no logits, so no KL and no bars: it answers by class means" in tip
    assert "nats" not in tip
    assert "nats" in panel.tip(("learner", LEARNERS[1]))
    assert "NCM" not in panel.tip(("class", 1))
    assert distance_text(panel.shown.students[0]) == "no logits"
    assert extent(panel, panel.colours.learner("ncm"), place(panel, "class", 1)) == 0
    assert extent(panel, panel.colours.learner(LEARNERS[1]), place(panel, "class", 1)) > 0


def test_tips_of_classes_and_images(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0)
    now = panel.shown
    tip = panel.tip(("class", 1))
    for share in (now.teacher[1], *(student.probabilities[1] for student in now.students)):
        assert f"{100 * share:.2f} %" in tip
    assert "never taught" in show(synthetic.record(), image=NEW_IMAGE).tip(("main",))
    assert f"Probe image {now.choices[-1] + 1} of 40: e." in panel.tip(("image", now.choices[-1]))


def test_the_tip_appears_under_the_mouse(show: ShowPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = show(synthetic.record(), image=0)
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: said.append(text))
    centre = place(panel, "teacher").center().toPoint()
    QApplication.sendEvent(panel, QHelpEvent(QEvent.Type.ToolTip, centre, panel.mapToGlobal(centre)))
    assert len(said) == 1
    assert "dark knowledge" in said[0]


@pytest.mark.parametrize("size", [(340, 330), (360, 400), (480, 360), (900, 700)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("learners", [1, 2, 4])
def test_everything_stays_inside_and_apart(
    show: ShowPanel, qapp: QApplication, size: tuple[int, int], scale: float, learners: int
) -> None:
    scale_type(scale)
    panel = show(synthetic.record(many(learners)), size, image=NEW_IMAGE)
    inside = QRectF(panel.rect())
    assert all(inside.contains(spot.rect) for spot in panel.spots), panel.spots
    # An image of every class, every learner and every old class, none over another.
    assert [len(spots(panel, kind)) for kind in ("learner", "class")] == [learners, OLD]
    assert {int(PROBE_LABELS[number]) for number, _ in spots(panel, "image")} == set(range(CLASSES))
    rects = [spot.rect.adjusted(0.5, 0.5, -0.5, -0.5) for spot in panel.spots]
    assert not [(a, b) for i, a in enumerate(rects) for b in rects[:i] if a.intersects(b)]
    assert min(spot.rect.height() for spot in panel.spots) >= 9


def many(learners: int) -> list[Message]:
    """Return the messages of a run with so many learners."""
    names = ("lwf", "fine-tune", "lwf+1@0", "fine-tune+2@0")[:learners]
    teacher = synthetic.teacher(50)
    probe = Probe(1, "incremental", 0, synthetic.logits(learners, 3), teacher)
    return [*synthetic.task1(), PhaseStarted(1, "incremental", names, 30, (10,)), probe]


def test_dark_and_light_differ_in_images_too(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0)
    centre = place(panel, "main").center().toPoint()
    light = picture(panel).pixelColor(centre).lightness()
    panel.set_theme(theme.DARK)
    assert picture(panel).pixelColor(centre).lightness() == pytest.approx(255 - light, abs=3)
    panel.show_record(Record())
    assert panel.spots == []


def test_hovering_the_temperature_elsewhere_underlines_it(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0)
    plain = picture(panel)
    panel.refresh(Selection(image=0, term="temperature"))
    assert picture(panel) != plain
    panel.refresh(Selection(image=0, term=""))
    assert picture(panel) == plain


def test_a_place_without_a_spot_explains_nothing(show: ShowPanel) -> None:
    panel = show(synthetic.record(), image=0)
    assert panel._spot_at(QPointF(1, 1)) is None
