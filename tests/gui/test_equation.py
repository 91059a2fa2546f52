"""The living equation: what it paints, says and asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.equation import Equation
from lwf_gui.messages import Branch, Message, MiniBatch, PhaseStarted, Steps
from lwf_gui.runs.equation_words import TIPS
from lwf_gui.runs.loss_row import value
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import scale_type, shown_panel
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, RECIPE
from tests.runs.test_equation import mixed

ShowPanel = Callable[..., Equation]
ASKED = {"total", "ce", "alpha", "kd", "kl", "temperature"}


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    """Return a function that shows the full equation as the window does."""

    def shown(record: Record, size: tuple[int, int] = (520, 190), **selection: Any) -> Equation:
        panel = shown_panel("equation", qtbot, record, size, **selection)
        assert isinstance(panel, Equation)
        panel.choose(("view", "equation", 0))
        panel.grab()
        return panel

    return shown


def spots(panel: Equation, term: str, of: object = "") -> list[QRectF]:
    """Return the places of a term: of a learner, or where it is written."""
    found: list[Any] = panel.spots
    return [spot.rect for spot in found if spot.key[:2] == (term, of)]


def picture(panel: Equation) -> QImage:
    return panel.grab().toImage()


def runs(panel: Equation, colour: str, within: QRectF) -> int:
    """Return the most pieces of a colour that a row of pixels in a rectangle has: 1 of a solid line, more if dashed."""
    image, wanted, box = picture(panel), QColor(colour).rgb(), within.toRect()
    most = 0
    for y in range(box.top(), box.bottom() + 1):
        row = [image.pixel(x, y) == wanted for x in range(box.left(), box.right() + 1)]
        if sum(row) > 8:
            most = max(most, sum(now and not before for before, now in zip([False, *row], row, strict=False)))
    return most


def slow_motion(step: int, learners: int = 2) -> MiniBatch:
    images = np.random.default_rng(step).integers(0, 17, (16, 8, 8), np.uint8)
    labels = (3 + np.arange(16) % 2).astype(np.uint8)
    return MiniBatch(1, step, images, labels, 64, np.linspace(0.0123, 0.02, learners).astype(np.float32))


def many(learners: int, overrides: dict[str, Any] | None = None) -> list[Message]:
    """Return the messages of a run with so many learners; the last ones are branches, with settings of their own."""
    names = ("lwf", "fine-tune", "lwf+1@2", "fine-tune+2@2")[:learners]
    branches = tuple(Branch(name, name.split("+")[0], 2, overrides or {}) for name in names[2:])
    started = PhaseStarted(1, "incremental", names, 30, (10,), branches=branches)
    return [*synthetic.task1(), started, synthetic.steps("incremental", 1, 5, learners, 1.0)]


def test_every_term_of_every_learner_has_its_place(show: ShowPanel) -> None:
    panel = show(synthetic.record())
    for learner in LEARNERS:
        for term in ("total", "ce", "alpha", "temperature", "kl", "entropy"):
            assert len(spots(panel, term, learner)) == 1, term
        assert len(spots(panel, "kd", learner)) == 3  # the bracket around KL + H, and its plus
    tops = [spots(panel, "total", learner)[0].top() for learner in LEARNERS]
    assert tops == sorted(tops)
    terms = ("total", "ce", "alpha", "temperature", "kd", "kl", "entropy")
    order = [spots(panel, term, "lwf")[0].left() for term in terms]
    assert order == sorted(order)
    assert spots(panel, "kd", "lwf")[-1].left() > order[-1]


def test_ce_is_underlined_dashed_and_kl_solid_in_the_learners_colour(show: ShowPanel) -> None:
    panel = show(synthetic.record(), (1000, 320))
    for learner in LEARNERS:
        colour = panel.colours.learner(learner)
        assert runs(panel, colour, spots(panel, "ce", learner)[0]) > 2
        assert runs(panel, colour, spots(panel, "kl", learner)[0]) == 1
        assert runs(panel, colour, spots(panel, "total", learner)[0]) == 0


@pytest.mark.parametrize("term", sorted(ASKED))
def test_hovering_a_term_asks_the_window_and_leaving_lets_go(show: ShowPanel, qtbot: QtBot, term: str) -> None:
    panel = show(synthetic.record())
    (place, *_) = spots(panel, term)
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.mouseMove(panel, place.center().toPoint())
    assert asked.args == [{"term": term}]
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.mouseMove(panel, QPointF(2, 2).toPoint())
    assert asked.args == [{"term": ""}]


def test_keys_reach_every_term_and_losing_the_focus_lets_go(show: ShowPanel, qtbot: QtBot) -> None:
    panel = show(synthetic.record(), (700, 240))
    seen: list[dict[str, str]] = []
    panel.asked.connect(seen.append)
    for key in [Qt.Key.Key_Right] * 8 + [Qt.Key.Key_Down] * 8 + [Qt.Key.Key_Left] * 8:
        QTest.keyClick(panel, key)
    assert {asked["term"] for asked in seen} - {""} == ASKED
    assert panel.accessibleName().startswith("Equation: ")
    assert panel.at is not None
    QApplication.sendEvent(panel, QFocusEvent(QEvent.Type.FocusOut))
    assert seen[-1] == {"term": ""}
    assert panel.at is None


@pytest.mark.parametrize(
    ("term", "lit"),
    [("kl", "kl"), ("ce", "ce"), ("temperature", "temperature"), ("ce_scope", "ce"), ("alpha", "alpha")],
)
def test_the_term_that_is_pointed_at_elsewhere_lights_up(show: ShowPanel, term: str, lit: str) -> None:
    panel = show(synthetic.record(), (700, 240))
    plain = picture(panel)
    panel.refresh(Selection(term=term))
    lighted = picture(panel)
    for each in ("kl", "ce", "temperature", "alpha", "total"):
        corner = (spots(panel, each)[0].center() - QPointF(0, 0.4 * spots(panel, each)[0].height())).toPoint()
        assert (lighted.pixel(corner) != plain.pixel(corner)) is (each == lit), each


def test_kd_is_lit_whole_from_bracket_to_bracket(show: ShowPanel) -> None:
    panel = show(synthetic.record(), (700, 240))
    plain = picture(panel)
    panel.refresh(Selection(term="kd"))
    lighted = picture(panel)
    first, last = spots(panel, "kd")[0], spots(panel, "kd")[-1]
    height = int(first.center().y() - 0.4 * first.height())
    whole = range(int(first.left()) + 4, int(last.right()) - 4)
    dark = [x for x in whole if lighted.pixel(x, height) == plain.pixel(x, height)]
    assert len(whole) > 60
    assert len(dark) < 0.1 * len(whole), "but for the round corners of each part"


def test_before_the_first_probe_it_follows_the_losses(show: ShowPanel) -> None:
    messages = synthetic.task2()
    record = synthetic.record([*synthetic.task1(), *messages[:1]])
    panel = show(record)
    assert (panel.shown.expanded, panel.shown.trained) == (True, False), "the learners' terms, not trained yet"
    record.apply(synthetic.steps("incremental", 1, 3, 2, 1.0))
    panel.refresh(Selection())
    assert (panel.shown.expanded, panel.shown.step) == (True, 3)
    record.apply(synthetic.steps("incremental", 4, 2, 2, 1.0))
    panel.refresh(Selection())
    assert panel.shown.step == 5
    record.apply(slow_motion(5))
    panel.refresh(Selection())
    assert panel.shown.batch is record.batches[5]


def test_live_it_stays_at_the_probe_that_all_panels_show(show: ShowPanel) -> None:
    record = synthetic.up_to_step(15)
    panel = show(record)
    before = panel.shown
    assert before.step == 10
    record.apply(synthetic.steps("incremental", 16, 2, 2, 2.0))
    panel.refresh(Selection())
    assert panel.shown is before


def test_the_loss_of_the_first_step_joins_the_probe_at_the_head_expansion(show: ShowPanel) -> None:
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    panel = show(record)
    assert not panel.shown.trained
    record.apply(synthetic.steps("incremental", 1, 1, 2, 1.0))
    panel.refresh(Selection())
    assert (panel.shown.step, panel.shown.trained) == (0, True)


def test_a_chosen_step_stays_put_while_training_goes_on(show: ShowPanel) -> None:
    record = synthetic.record([*synthetic.task1(), synthetic.task2()[0], synthetic.steps("incremental", 1, 5, 2, 1.0)])
    panel = show(record, step=3)
    before = panel.shown
    record.apply(synthetic.steps("incremental", 6, 5, 2, 1.0))
    panel.refresh(Selection(step=3))
    assert panel.shown is before  # not even taken anew


def test_before_the_head_expansion_there_is_ce_alone(show: ShowPanel) -> None:
    panel = show(synthetic.record(synthetic.task1()))
    found: list[Any] = panel.spots
    assert {spot.key[0] for spot in found} == {"total", "ce", "learner"}
    assert "cross-entropy" in panel.sentence()
    assert "Teacher" in panel.tip(found[-1].key) or "CE" in panel.tip(found[-1].key)


def test_an_empty_record_says_so(show: ShowPanel) -> None:
    panel = show(Record())
    panel.describe()
    assert panel.accessibleDescription() == panel.EMPTY
    assert (panel.spots, panel.caption(), panel.tip(("ce", "lwf", 0))) == ([], "", "")


def test_t2_is_shown_only_where_it_is_on(show: ShowPanel) -> None:
    record = synthetic.record()
    assert RECIPE.lwf.scale_t2
    panel = show(record, (700, 240))
    assert len(spots(panel, "temperature")) == 2  # T² and T = 2
    record.apply(synthetic.live_settings(29, scale_t2=False))
    panel.refresh(Selection())
    panel.grab()
    assert len(spots(panel, "temperature")) == 1
    assert not [spot for learner in LEARNERS for spot in spots(panel, "temperature", learner)]


def test_a_factor_of_one_stands_where_another_learner_has_t2(show: ShowPanel) -> None:
    panel = show(synthetic.record(many(3, {"scale_t2": False})), (700, 240))
    assert [value(row, "temperature") for row in panel.shown.rows] == ["4", "4", "1"]
    assert "T² = 1" in panel.tip(("temperature", "lwf+1@2", 0))


def test_learners_of_other_settings_have_a_definition_of_their_own(show: ShowPanel) -> None:
    alike = show(synthetic.record(many(3)), (700, 240))
    other = show(synthetic.record(many(3, {"temperature": 5.0, "ce_scope": "new"})), (700, 240))
    assert len(spots(other, "temperature")) == len(spots(alike, "temperature")) + 1
    assert other.shown.rows[2].live_settings.temperature == 5.0


def test_tips_give_a_sentence_a_formula_and_the_learners_number(show: ShowPanel) -> None:
    panel = show(synthetic.record())
    rows = {row.learner: row for row in panel.shown.rows}
    found: list[Any] = panel.spots
    for spot in found:
        term, learner, _ = spot.key
        tip = panel.tip(spot.key)
        if term == "view":
            assert "click or Enter" in tip
        elif term == "learner":
            assert value(rows[learner], "total") in tip
        else:
            assert TIPS[term] in tip
            if learner:
                assert value(rows[learner], term) in tip
    assert all(tip.endswith(".") for tip in TIPS.values())


def test_the_sentence_says_every_row_and_what_is_counted(show: ShowPanel) -> None:
    panel = show(synthetic.record(), step=12)
    panel.describe()
    words = panel.accessibleDescription()
    for part in (
        "nats per training image (mini-batch)",
        "new task of digits",
        "step 10",
        "Fine-tuning: the total",
        "LwF: the total",
    ):
        assert part in words


@pytest.mark.parametrize("size", [(420, 170), (520, 190), (700, 240), (1200, 500)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("learners", [1, 2, 4])
@pytest.mark.parametrize("slow", [False, True])
def test_nothing_is_clipped_or_covered(
    show: ShowPanel, qapp: QApplication, size: tuple[int, int], scale: float, learners: int, slow: bool
) -> None:
    scale_type(scale)
    record = synthetic.record(many(learners, {"temperature": 5.0, "scale_t2": False, "ce_scope": "new"}))
    if slow:
        record.apply(slow_motion(5, learners))
    panel = show(record, size)
    found: list[Any] = panel.spots
    inside = QRectF(panel.rect())
    assert [spot.key for spot in found if not inside.contains(spot.rect)] == []
    assert len({spot.key for spot in found}) == len(found)
    small = [spot.rect.adjusted(1, 1, -1, -1) for spot in found]
    covered = [
        (found[i].key, found[j].key) for i, a in enumerate(small) for j, b in enumerate(small[:i]) if a.intersects(b)
    ]
    assert covered == []
    shown = {spot.key[1] for spot in found if spot.key[0] == "image"}
    assert bool(shown) is slow
    assert shown == set(range(len(shown)))


def test_slow_motion_names_the_parts_of_the_step(show: ShowPanel) -> None:
    record = synthetic.record()
    record.apply(slow_motion(10))
    panel = show(record, (1000, 320), step=10)
    parts = [spots(panel, "image", 0)[0], spots(panel, "ce")[-1], spots(panel, "kd")[-1], spots(panel, "update")[0]]
    lefts = [part.left() for part in parts]
    assert lefts == sorted(lefts)
    assert panel.tip(("image", 1, 0)) == "Image 2 of 64: e."
    assert not spots(show(record, (1000, 320), step=15), "update")


def test_images_of_another_batch_take_the_place_of_the_last_ones(show: ShowPanel) -> None:
    record = synthetic.record([*synthetic.task1(), PhaseStarted(1, "incremental", LEARNERS, 30, (10,))])
    record.apply(Steps(1, "incremental", 1, np.ones((13, 2, 4), np.float32), 1.0, 13))  # every step looks the same
    record.apply(slow_motion(12))
    record.apply(slow_motion(13))
    panel = show(record, (1000, 320), step=12)
    (place,) = spots(panel, "image", 0)
    first = picture(panel).copy(place.toRect())
    panel.refresh(Selection(step=13))
    assert picture(panel).copy(place.toRect()) != first
    panel.refresh(Selection(step=12))
    assert picture(panel).copy(place.toRect()) == first
    panel.set_theme(theme.DARK)
    assert picture(panel).copy(place.toRect()) != first


def test_a_total_that_is_not_the_sum_of_its_terms_is_not_written_as_equal(show: ShowPanel) -> None:
    record = synthetic.record([*synthetic.task1(), PhaseStarted(1, "incremental", LEARNERS, 30, (10,))])
    losses = np.ones((5, 2, 4), np.float32)
    losses[:, :, 3] = 1.0 + 4 * losses[:, :, 1] * [0, RECIPE.lwf.alpha]  # T = 2
    record.apply(Steps(1, "incremental", 1, losses, 1.0, 5))
    panel = show(record)
    exact, now = picture(panel), panel.shown
    panel.shown = replace(
        now, rows=(now.rows[0], replace(now.rows[1], live_settings=replace(now.rows[1].live_settings, alpha=9.0)))
    )
    gap = QRectF(spots(panel, "total", "lwf")[0].topRight(), spots(panel, "ce", "lwf")[0].bottomLeft()).toRect()
    assert picture(panel).copy(gap) != exact.copy(gap)


@pytest.mark.parametrize("size", [(420, 170), (520, 190), (700, 240), (1200, 500)])
@pytest.mark.parametrize("learners", [("fine-tune", "lwf", "replay", "joint"), ("replay", "joint"), ("lwf", "replay")])
def test_losses_of_other_methods_stand_in_their_own_words(
    show: ShowPanel, size: tuple[int, int], learners: tuple[str, ...]
) -> None:
    nan = np.nan
    rows = {
        "fine-tune": [0.5, 0.2, 0.1, nan, 0.5],
        "lwf": [0.5, 0.2, 0.1, nan, 1.3],
        "replay": [0.06, nan, nan, 0.088, 0.074],
        "joint": [0.06, nan, nan, 0.03, 0.04],
    }
    panel = show(mixed(learners, [rows[name] for name in learners]), size)
    inside = QRectF(panel.rect())
    found: list[Any] = panel.spots
    assert [spot.key for spot in found if not inside.contains(spot.rect)] == []
    assert len(spots(panel, "replay", "replay")) == 1
    assert "0.088" in panel.tip(("replay", "replay", 0))
    assert not spots(panel, "alpha", "replay"), "it has no alpha"
    assert bool(spots(panel, "alpha", "lwf")) is ("lwf" in learners)
    assert bool(spots(panel, "alpha")) is ("lwf" in learners)
    small = [spot.rect.adjusted(1, 1, -1, -1) for spot in found]
    assert not [(a, b) for i, a in enumerate(small) for b in small[:i] if a.intersects(b)]
