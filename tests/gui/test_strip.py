"""The strip of events above the accuracy plot, and what lies on the plot beside its curves."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.curves import AccuracyPlot, LossPlot
from lwf_gui.gui.panels.plot_panels import AccuracyPanel, LossPanel
from lwf_gui.gui.panels.strip import GAP, arranged
from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.chance import chance
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.tasks_shown import HEAD_EXPANSION
from tests.gui.shown import with_learners
from tests.runs import synthetic


def shown(panel: AccuracyPanel | LossPanel, qtbot: QtBot, record: Record, selection: Selection | None = None) -> None:
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    panel.set_theme(theme.LIGHT)
    panel.show_record(record)
    panel.make()
    panel.refresh(selection or Selection())
    panel.grab()


@pytest.mark.parametrize("width", [160, 300, 700])
def test_labels_of_events_never_cover_each_other_and_the_newest_has_its_room(width: float) -> None:
    places = [
        (10.0, (HEAD_EXPANSION, "expansion")),
        (90.0, ("Alpha 2",)),
        (94.0, ("Alpha 3",)),
        (width - 2.0, ("Alpha 4",)),
    ]
    labels = arranged(places, width, lambda text: 6.0 * len(text))
    assert [label.x for label in labels] == [x for x, _ in places]
    told = [label for label in labels if label.text]
    assert told[0].text in (HEAD_EXPANSION, "expansion")
    assert told[-1].text == "Alpha 4"
    for label in told:
        assert label.left >= 0
        assert label.left + label.width <= width
    ends = sorted((label.left, label.left + label.width) for label in told)
    assert all(before[1] + GAP / 2 <= after[0] for before, after in pairwise(ends))


def test_nothing_written_lies_on_the_curves(qtbot: QtBot) -> None:
    panel = AccuracyPanel()
    shown(panel, qtbot, synthetic.record())
    plot = panel.plot
    assert isinstance(plot, AccuracyPlot)
    assert [text for _, text in plot.strip.marks] == [HEAD_EXPANSION, "Alpha 2", "backbone unfrozen"]
    assert plot.strip.geometry().bottom() <= plot.view.geometry().top()
    for line in plot.lines.marks:
        assert not hasattr(line, "label")
        assert line.zValue() < min(curve.zValue() for curve in plot.curves.values())
    assert plot.guessing.after.zValue() < min(curve.zValue() for curve in plot.curves.values())


@pytest.mark.parametrize(
    ("protocol", "levels"), [("task_aware", (100 / 3, 100 / 3)), ("class_incremental", (100 / 3, 20))]
)
def test_guessing_counts_the_outputs_that_there_are(
    qtbot: QtBot, protocol: ProtocolName, levels: tuple[float, float]
) -> None:
    panel = AccuracyPanel()
    shown(panel, qtbot, synthetic.record(), Selection(protocol))
    plot = panel.plot
    assert isinstance(plot, AccuracyPlot)
    plot.set_x_range(-20, 30)
    x, y = plot.guessing._line.getData()
    assert y[x < 0] == pytest.approx(levels[0])
    assert y[x > 0] == pytest.approx(levels[1])
    assert plot.guessing.after.toPlainText() == f"guessing: {levels[1]:.1f} %"
    assert plot.guessing.before.isVisible() is (levels[0] != levels[1])
    assert plot.guessing.before.toPlainText() == f"{levels[0]:.1f} %"


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_full_tests_stand_as_markers_at_the_ends_of_epochs(qtbot: QtBot, protocol: ProtocolName) -> None:
    panel, record = AccuracyPanel(), synthetic.record()
    shown(panel, qtbot, record, Selection(protocol))
    plot = panel.plot
    assert isinstance(plot, AccuracyPlot)
    wanted = [
        (test.step, percent)
        for learner in synthetic.LEARNERS
        for test in full_tests(record, learner, protocol)
        if test.step
        for percent in (test.old, test.new)
    ]
    np.testing.assert_allclose(sorted(plot.tests.points), sorted(wanted))
    assert "full test set: 1,200 old, 80 new images" in plot.title.toolTip()
    told = "".join(text for text, _ in plot.values_at(math.inf))
    assert "◆ 30.0 %" in told if protocol == "task_aware" else "◆ 20.0 %" in told
    plot.hidden = {("lwf", "old"), ("lwf", "new")}
    plot.repaint_curves()
    assert len(plot.tests.points) == len(wanted) // 2, "what shall be guessed is not told"


def test_where_two_learners_coincide_the_first_shows_on_both_sides_of_the_second(qtbot: QtBot) -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        record.apply(message)
        if isinstance(message, PhaseStarted):
            assert message.learners == synthetic.LEARNERS
    first, second = synthetic.LEARNERS
    for panel, kinds in ((AccuracyPanel(), ("old", "new")), (LossPanel(), ("kl", "ce"))):
        shown(panel, qtbot, record)
        curves = panel.plot.curves
        order = list(curves)
        for kind in kinds:
            below, above = curves[first, kind].opts["pen"], curves[second, kind].opts["pen"]
            assert below.widthF() >= above.widthF() + 1
            assert order.index((first, kind)) < order.index((second, kind))


@pytest.mark.parametrize("step", [1, 2, 4, 8])
def test_losses_at_an_early_step_are_that_steps_in_curve_and_read_out(qtbot: QtBot, step: int) -> None:
    record = synthetic.record(synthetic.task1())
    count = 1000  # the curve's points are means of eight steps
    losses = synthetic.losses(count, 2, seed=5)
    record.apply(PhaseStarted(1, "incremental", synthetic.LEARNERS, count, (100,)))
    for at in (0, 1, 2, 4, 8, 1000):
        record.apply(Probe(1, "incremental", at, synthetic.logits(2, at), synthetic.teacher(at)))
        if at == 0:
            record.apply(replace(synthetic.steps("incremental", 1, 1, 2, 1.0), losses=losses))
    panel = LossPanel()
    shown(panel, qtbot, record)
    plot = panel.plot
    assert isinstance(plot, LossPlot)
    assert "curves are means of 8 steps" in panel.caption()
    plot.point_at(step + 0.2)
    told = plot.readout.text()
    assert told.startswith(f"Step {step}:")
    for column, learner in enumerate(synthetic.LEARNERS):
        ce, _, kl, _ = losses[step - 1, column]
        assert f"KL {kl:.3g}, CE {ce:.3g}" in told
        places, y = plot.curves[learner, "kl"].getData()
        x = plot.scale.step(places).round(6)
        assert 10 ** y[np.flatnonzero(x == step)[0]] == pytest.approx(kl, rel=1e-5)


def test_everything_on_screen_names_one_step(qtbot: QtBot) -> None:
    record = synthetic.up_to_step(15)  # the last probe is that of step 10
    accuracy, losses, cards = AccuracyPanel(), LossPanel(), Cards()
    shown(accuracy, qtbot, record)
    shown(losses, qtbot, record)
    qtbot.addWidget(cards)
    cards.show_record(record)
    cards.refresh(Selection())
    at = moment(record, None)
    assert at is not None
    assert at.step == 10
    assert accuracy.plot.readout.text() == ""
    assert accuracy.plot.values_at(math.inf)[0][0].startswith("Step 10:")
    assert losses.plot.readout.text().startswith("Step 10:")
    assert "after step 10" in cards.caption.text()


def test_the_card_says_which_images_it_counts_and_adds_up(qtbot: QtBot) -> None:
    cards, record = Cards(), synthetic.record()
    qtbot.addWidget(cards)
    cards.show_record(record)
    for step, sample, digits in ((30, "all 1,200 test images", "30.0"), (15, "24 probe images", None)):
        cards.refresh(Selection(step=step))
        card = cards.cards[0]
        assert card.sample.text() == sample
        assert ("." in card.digits.text()) is (digits is not None)
        change = card.change.text()
        assert change.endswith("points since expansion")
        figure = card_of(record, card.learner, Selection(step=step))
        assert figure.expansion_old is not None
        lost = float(change.split()[1]) * (-1 if change.startswith("▼") else 1)
        start = round(figure.expansion_old, 1 if digits else 0)
        assert round(float(card.digits.text()) - lost, 1) == start
    cards.describe()
    assert "24 probe images" in cards.cards[0].accessibleName()


def test_a_click_lands_on_a_probe(qtbot: QtBot) -> None:
    panel = AccuracyPanel()
    shown(panel, qtbot, synthetic.record())
    with qtbot.waitSignal(panel.asked) as asked:
        panel.plot.picked.emit(13.6)
    assert asked.args == [{"step": 15}]


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
@pytest.mark.parametrize("slope", [-1.0, 0.0, 0.3])
def test_no_curve_runs_through_what_guessing_gets(qtbot: QtBot, protocol: ProtocolName, slope: float) -> None:
    panel = AccuracyPanel()
    shown(panel, qtbot, synthetic.record(), Selection(protocol))
    plot = panel.plot
    assert isinstance(plot, AccuracyPlot)
    level = chance(plot.record, protocol)
    assert level is not None
    x = np.linspace(0, 30, 60)
    first = plot.guessing.after.pos()
    for offset in (-12.0, -4.0, 0.0, 4.0, 12.0):
        y = level + offset + slope * (30 - x)
        plot.guessing.avoid([(x, y), (x[:3], y[:3])])
        assert plot.guessing.after.isVisible()
        label = plot.guessing.after
        box = plot.plot.vb.mapSceneToView(label.mapRectToScene(label.boundingRect())).boundingRect()
        inside = (x >= box.left()) & (x <= box.right())
        assert not ((y[inside] > box.top() + 1e-9) & (y[inside] < box.bottom() - 1e-9)).any()
    plot.guessing.show(plot.record, protocol, theme.DARK)  # dressed anew it stands where it stood at first
    plot.guessing.avoid([])
    assert plot.guessing.after.pos() == first


@pytest.mark.parametrize("learners", [2, 3, 4])
def test_all_cards_say_since_when_or_none_does(qtbot: QtBot, learners: int) -> None:
    cards = Cards()
    qtbot.addWidget(cards)
    cards.show_record(with_learners(learners))
    cards.show()
    for width in range(300, 620, 16):
        cards.resize(width, 400)
        cards.refresh(Selection())
        QApplication.processEvents()
        cards.grab()
        lines = [card.change for card in cards.cards if card.change.isVisible() and "point" in card.change.text()]
        said = [line.shown if line.lines == 1 else line._wrapped(line.fontMetrics()) for line in lines]
        assert len({"since" in text for text in said}) < 2, (width, said)
