"""A run of five tasks in the window: every panel shows every moment of it, and says which task it is of."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPainter
from pytestqt.qtbot import QtBot

from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.cards import Cards
from lwf_gui.gui.panels.confusion import Confusion
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.panels.curves.heights import spread, together
from lwf_gui.gui.panels.curves.task_curves import shade
from lwf_gui.gui.panels.image_grid.grids import Tile
from lwf_gui.gui.panels.marks import marks_of
from lwf_gui.gui.panels.plot_panels import AccuracyPanel
from lwf_gui.gui.panels.strip import GAP, arranged
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.panels.text import DOTS
from lwf_gui.gui.session import State
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.messages import DataReady, Evaluated, Finished, LayerProbe, PhaseStarted, Probe, Steps
from lwf_gui.recipe import compose
from lwf_gui.runs.accuracy_curves import accuracy_series, task_series
from lwf_gui.runs.chance import chances
from lwf_gui.runs.confusion import Cell
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, stops
from lwf_gui.runs.series import own_part
from lwf_gui.scenario import Scenario
from tests.gui.conftest import MACHINE, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.gui.shown import scale_type, shown_panel
from tests.gui.test_fork import answer, setting_of
from tests.runs import five, synthetic
from tests.runs.synthetic import LEARNERS

NAMES = ["task 2: c", "task 3: d, e, f", "task 4: g, h", "task 5: i, j"]
TASKS = "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]"
FEW = ("task1.epochs=2", "task2.epochs=2", "data.train_images=96", "train.probe_every=4")
QUICK_FIVE = compose("digits", [*MACHINE, TASKS, *FEW])
"""Twelve steps a task."""


@pytest.mark.parametrize("key", [spec.key for spec in PANELS])
@pytest.mark.parametrize("size", [(700, 500), (380, 300)])
def test_every_panel_shows_every_moment_of_five_tasks(key: str, size: tuple[int, int], qtbot: QtBot) -> None:
    record = five.record()
    panel = shown_panel(key, qtbot, record, size)
    there = [*stops(record).tolist(), None]
    for step in (*there, *reversed(there)):  # a panel keeps what it can: fewer classes after more are another case
        for protocol in PROTOCOLS:
            panel.refresh(Selection(protocol=protocol, step=step, image=30))
            assert not panel.grab().isNull()
            assert panel.failure is None, f"{panel.failure} at {step}"
            panel.describe()
            assert panel.headings() or panel.shown is None or key == "losses"


@pytest.mark.parametrize(
    "key",
    ["image_grid", "classes", "confusion", "soft_targets", "equation", "gradient_conflict", "trade_off", "weights"],
)
@pytest.mark.parametrize("step", [13, 30])
def test_the_heading_of_every_panel_names_the_task(key: str, step: int, qtbot: QtBot) -> None:
    panel = shown_panel(key, qtbot, five.record(), (700, 500), step=step)
    task = {13: "task 3", 30: "task 5"}[step]
    told = [heading for heading in panel.headings() if "step" in heading]  # narrower ones leave both out
    assert told
    assert all(task in heading for heading in told), panel.headings()


@pytest.mark.parametrize("size", [(700, 500), (390, 330), (260, 240)])
def test_the_memory_wall_has_room_for_a_picture_of_each_class_of_all_earlier_tasks(
    size: tuple[int, int], qtbot: QtBot
) -> None:
    record = five.record()
    panel = shown_panel("image_grid", qtbot, record, size)
    for step in (0, 36, 13, 20, 5):
        panel.refresh(Selection(step=step))
        panel.grab()
        old = five.SCENARIO.seen(sum(step >= begin for begin in five.BOUNDARIES) - 1)
        for learner in LEARNERS:
            tiles = {spot.key: spot.rect for spot in panel.spots if isinstance(spot.key, Tile)}
            own = {key: rect for key, rect in tiles.items() if key.learner == learner}
            assert {int(five.LABELS[key.image]) for key in own} == set(range(old))
            assert all(panel.area.contains(rect) for rect in own.values())


def test_an_open_cell_of_the_confusion_waits_for_its_classes(qtbot: QtBot) -> None:
    panel = shown_panel("confusion", qtbot, five.record(), (700, 500), step=36)
    assert isinstance(panel, Confusion)
    cell = Cell("lwf", 9, 9)
    panel.choose(cell)
    panel.refresh(Selection(step=5))
    assert not panel.grab().isNull()
    assert panel.failure is None
    assert panel.tip(cell) == ""


def shown_plot(qtbot: QtBot, record: Record, width: int = 900, *, by_task: bool = False) -> AccuracyPlot:
    panel = AccuracyPanel()
    qtbot.addWidget(panel)
    panel.resize(width, 400)
    panel.show()
    panel.set_theme(theme.LIGHT)
    panel.show_record(record)
    panel.make()
    panel.show_by_task(by_task)
    panel.refresh(Selection())
    panel.grab()
    assert isinstance(panel.plot, AccuracyPlot)
    return panel.plot


def test_every_boundary_has_a_line_and_a_label_with_its_classes() -> None:
    assert [mark for mark in marks_of(five.record()) if mark[1]] == list(zip(five.BOUNDARIES, NAMES, strict=True))
    assert len({step for step, _ in marks_of(five.record())}) == len(marks_of(five.record()))


@pytest.mark.parametrize("width", [1200, 420, 300])
def test_labels_of_tasks_say_as_much_as_there_is_room_for_right_of_their_boundary(qtbot: QtBot, width: int) -> None:
    plot = shown_plot(qtbot, five.record(), width)
    labels, metrics = plot.strip.labels, QFontMetricsF(plot.strip.font())
    ends = [*(label.x for label in labels[1:]), plot.strip.width()]
    ways = [(name, f"task {task}", f"{task}") for task, name in enumerate(NAMES, 2)]
    said = []
    for label, end, texts in zip(labels, ends, ways, strict=True):
        assert label.left > label.x or not label.text
        assert label.left + label.width <= end
        said.append(texts.index(label.text))
        longer = texts[: said[-1]]
        assert all(metrics.horizontalAdvance(text) > end - label.left - 3 * GAP for text in longer)
    assert set(said) == {0} if width == 1200 else max(said) > 0


def test_the_label_of_a_task_never_stands_over_the_task_before() -> None:
    (label,) = arranged([(95.0, ("task 2: a, b", "task 2", "2"))], 100, lambda text: 6.0 * len(text))
    assert label.text == ""


def test_every_tasks_curve_comes_on_demand_and_goes_again(open_window: OpenWindow, engine: ScriptedEngine) -> None:
    lab = open_window(engine=engine, record=five.record())
    lab.qtbot.waitUntil(lambda: lab.window.plots.made)
    plot, record = lab.window.plots.accuracy, five.record()
    whole = plot.plot.vb.viewRange()[0][1]
    lab.press(Qt.Key.Key_E)
    assert lab.window.actions_by_id["every_task"].isChecked()
    assert set(plot.tasks.curves) == {(learner, task) for learner in LEARNERS for task in range(5)}
    for (learner, task), curve in plot.tasks.curves.items():
        x, y = task_series(record, learner, task, "task_aware")
        assert np.array_equal(curve.getData(), (x, y))
    assert all(not len(plot.curves[learner, "old"].getData()[0]) for learner in LEARNERS)
    assert plot.plot.vb.viewRange()[0][1] > whole, "there is no room for the numbers"
    assert "each task's curve" in plot.title.text()
    assert plot.readout.isHidden(), "the cards tell of the step that is looked at"
    plot.describe()
    assert "By task: Step 36, by task:" in plot.view.accessibleDescription()
    plot.point_at(13)
    assert plot.readout.isVisible()
    told = plot.readout.text()
    assert told.startswith("Step 13, by task:")
    assert "3: " in told
    assert "4: " not in told
    lab.press(Qt.Key.Key_E)
    assert not plot.tasks.curves
    assert not plot.tasks.numbers
    assert len(plot.curves["lwf", "old"].getData()[0])
    assert plot.plot.vb.viewRange()[0][1] == whole


def test_numbers_of_curves_stand_beside_their_ends_and_not_on_each_other(qtbot: QtBot) -> None:
    plot = shown_plot(qtbot, five.record(), by_task=True)
    signs = {key: item.toPlainText() for key, item in plot.tasks.numbers.items()}
    assert signs["lwf", 4] == "● 5"
    assert signs["fine-tune", 0] == "■ 1, 5", "curves that end at one height have one label"
    for learner in LEARNERS:
        boxes = [
            item.mapRectToScene(item.boundingRect()) for key, item in plot.tasks.numbers.items() if key[0] == learner
        ]
        middles = sorted(box.center().y() for box in boxes)
        assert min(np.diff(middles)) > 8
        assert all(box.right() <= plot.view.width() for box in boxes)


@pytest.mark.parametrize("width", [620, 900])
def test_numbers_of_curves_stand_at_the_height_where_the_curves_end_and_not_on_them(qtbot: QtBot, width: int) -> None:
    """Ten numbers moved apart would end far from their curves: those of one height are one label."""
    plot = shown_plot(qtbot, with_learners(4), width, by_task=True)
    box = plot.plot.vb
    pixel = (box.viewRange()[1][1] - box.viewRange()[1][0]) / box.height()
    for (learner, task), item in plot.tasks.numbers.items():
        told = task_series(plot.record, learner, task, "task_aware")
        assert abs(item.pos().y() - told[1][-1]) < 20 * pixel
        assert item.pos().x() > told[0][-1] - 4 * (box.viewRange()[0][1] - box.viewRange()[0][0]) / box.width()
    assert len({plot.tasks.curves[name, 0].opts["pen"].style() for name in ("replay", "joint")}) == 2
    assert together({0: 1.0, 1: 99.0, 2: 0.0, 3: 99.5}, 5.0) == [([0, 2], 0.5), ([1, 3], 99.25)]


@pytest.mark.parametrize("learners", [2, 4])
def test_the_read_out_of_every_tasks_curve_tells_all_learners_or_how_many_more_there_are(
    qtbot: QtBot, learners: int
) -> None:
    for width in (900, 560, 400):
        plot = shown_plot(qtbot, with_learners(learners), width, by_task=True)
        plot.point_at(30)
        told = plot.readout.shown
        names = ("Fine-tuning", "LwF", "Replay", "Joint")[:learners]
        assert all(name in told for name in names) or re.search(r"and \d more", told)
        assert DOTS not in told


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_task_to_come_is_told_of_under_no_protocol(qtbot: QtBot, protocol: ProtocolName) -> None:
    record = five.record()
    x, _ = task_series(record, "lwf", 3, protocol)
    assert x[0] == five.BOUNDARIES[2]
    plot = shown_plot(qtbot, record, by_task=True)
    plot.selection = Selection(protocol, step=13)
    assert "4:" not in "".join(text for text, _ in plot.values_at(13))


def test_what_guessing_gets_is_written_where_no_curve_runs_and_never_cut(qtbot: QtBot) -> None:
    record = five.record()
    for protocol in PROTOCOLS:
        for by_task in (False, True):
            plot = shown_plot(qtbot, record, by_task=by_task)
            plot.selection = Selection(protocol)
            plot.repaint_curves()
            label, box = plot.guessing.after, plot.plot.vb
            (low, high), (bottom, top) = box.viewRange()
            wide = label.boundingRect().width() * (high - low) / box.width()
            tall = label.boundingRect().height() * (top - bottom) / box.height()
            right, level, above = label.pos().x(), label.pos().y(), label.anchor.y()
            lowest = level if above else level - tall
            assert bottom <= lowest
            assert lowest + tall <= top
            crossed = False
            for curve in (*plot.curves.values(), *plot.tasks.curves.values()):
                x, y = curve.getData()
                inside = y[(x >= right - wide) & (x <= right)]
                crossed |= bool(((inside >= lowest) & (inside <= lowest + tall)).any())
            assert not crossed or label.zValue() > 0, "it covers what it stands on"
            assert label.fill.color().alpha() == 255, "a number that curves are seen through cannot be read"


def test_what_guessing_gets_is_written_at_the_tasks_for_which_it_is_true(qtbot: QtBot) -> None:
    record = five.record()
    plot = shown_plot(qtbot, record, by_task=False)
    for protocol in PROTOCOLS:
        plot.selection = Selection(protocol)
        plot.repaint_curves()
        label, (low, high) = plot.guessing.after, plot.plot.vb.viewRange()[0]
        x = np.linspace(0.75 * high, high, 100)
        plot.guessing.avoid(
            [(x, np.full(100, level)) for level in range(0, 100, 4)]
        )  # it had rather stand farther left
        wide = label.boundingRect().width() * (high - low) / plot.plot.vb.width()
        levels = chances(record, protocol)
        said = float(re.search(r"[\d.]+", label.toPlainText())[0])  # type: ignore[index]
        at = [level for step, level in levels if step <= label.pos().x() - wide / 2][-1]
        assert round(at, 1) == said
        assert label.isVisible() or protocol == "class_incremental", "a task may be narrower than its number"


def test_where_curves_run_everywhere_guessing_covers_the_least_and_stays_there(qtbot: QtBot) -> None:
    plot = shown_plot(qtbot, five.record(), by_task=False)
    label, high = plot.guessing.after, plot.plot.vb.viewRange()[0][1]
    bundle = [(np.linspace(0, high, 400), np.linspace(level, level + 1, 400)) for level in range(0, 100, 2)]
    thin = [(x[x > 0.5 * high], y[x > 0.5 * high]) for x, y in bundle]
    plot.guessing.avoid([*thin, bundle[24], bundle[26]])
    place = label.pos()
    assert label.pos().x() < 0.7 * high, "where fewer curves are"
    assert 0 < label.zValue() < plot.tests._points.zValue(), "what the full test sets say lies on top"
    plot.guessing.avoid([*bundle, *thin])
    assert label.pos() == place, "it does not jump about while a run goes on"
    plot.guessing.avoid([])
    assert label.zValue() < 0


def test_guessing_of_one_class_a_task_is_not_cut_at_the_top(qtbot: QtBot) -> None:
    told = five.messages()
    told[0] = replace(told[0], scenario=Scenario((1,) * 10), test_sizes=(100,) * 10)  # type: ignore[arg-type]
    record = five.record(told[:6])
    plot = shown_plot(qtbot, record)
    assert plot.guessing.before.toPlainText().endswith("100.0 %")
    assert plot.guessing.before.anchor.y() == 0


def test_bars_of_classes_say_whose_they_are_where_there_are_many_tasks(qtbot: QtBot, drawn: list[str]) -> None:
    shown_panel("classes", qtbot, with_learners(4), (390, 360))
    assert {"Fine-tuning", "LwF", "Replay"} <= set(drawn)
    drawn.clear()
    shown_panel("classes", qtbot, synthetic.record(), (390, 360))
    assert "LwF" not in drawn


def test_the_history_of_an_image_names_its_protocol_and_marks_where_tasks_begin(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown_panel("image_grid", qtbot, five.record(), (500, 500), protocol="class_incremental", follow=True)
    image = next(spot.key.image for spot in panel.spots if isinstance(spot.key, Tile))
    drawn.clear()
    panel.choose(Tile("lwf", image))
    panel.grab()
    assert any("Confidence" in text and "class-incremental" in text for text in drawn)
    assert [text for text in drawn if text.startswith("task ")] == ["task 3", "task 4", "task 5"]


def test_counts_of_the_memory_wall_are_all_said_in_one_way(qtbot: QtBot, drawn: list[str]) -> None:
    for width in range(240, 520, 20):
        drawn.clear()
        shown_panel("image_grid", qtbot, five.record(), (width, 400))
        words = [bool(re.search(r"\d of \d+ right", text)) for text in drawn]
        short = [bool(re.search(r" \d+/\d+$", text)) for text in drawn]
        assert not (any(words) and any(short)), drawn


def test_the_wall_says_what_was_wrong_right_after_its_task(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown_panel("image_grid", qtbot, five.record(), (700, 500), step=30)
    assert any("Dashed: wrong right after its own task" in text for text in drawn)
    said = [panel.tip(spot.key) for spot in panel.spots if isinstance(spot.key, Tile)]
    assert any("was wrong right after its task" in text for text in said)
    assert any("has forgotten it" in text for text in said)
    assert not any("from the start" in text for text in (*said, *panel.captions()))


def test_shades_of_a_learner_are_all_different(qtbot: QtBot) -> None:
    for colours in (theme.LIGHT, theme.DARK, theme.CONTRAST):
        shades = [shade(colours, "lwf", task, 5).name() for task in range(5)]
        assert len(set(shades)) == 5
        assert shades[-1] == colours.learner("lwf").lower()


def test_spread_values_keep_their_order_and_their_distance() -> None:
    assert spread([99.0, 50.0, 98.0], 5.0, 0.0, 100.0) == [97.5, 50.0, 92.5]
    assert spread([], 5.0, 0.0, 100.0) == []
    many = spread([100.0] * 5, 10.0, 0.0, 100.0)
    assert np.diff(many) == pytest.approx([10.0] * 4)
    assert max(many) <= 95


def test_with_two_tasks_every_tasks_curve_changes_nothing(qtbot: QtBot) -> None:
    plot, other = (shown_plot(qtbot, synthetic.record(), by_task=by_task) for by_task in (False, True))
    assert not other.tasks.curves
    assert plot.values_at(math.inf) == other.values_at(math.inf)
    assert plot.title.text() == other.title.text()
    assert plot.plot.vb.viewRange() == other.plot.vb.viewRange()


def test_cards_tell_the_average_over_the_tasks_so_far_and_what_was_forgotten(qtbot: QtBot) -> None:
    cards = Cards()
    qtbot.addWidget(cards)
    cards.resize(500, 300)
    cards.show_record(five.record())
    cards.refresh(Selection(protocol="class_incremental"))
    lwf = cards.cards[1]
    counts = [round(size * 0.9 ** (4 - j)) // 2 for j, size in enumerate(five.SIZES)]
    assert lwf.digits.text() == f"{sum(100 * n / s for n, s in zip(counts, five.SIZES, strict=True)) / 5:.0f}"
    assert lwf.unit.text() == "% right, average of 5 tasks"
    assert lwf.sample.text() == "all 1,400 test images"
    assert lwf.change.text().startswith("forgot ")
    old, new = 100 * sum(counts[:4]) / sum(five.SIZES[:4]), 100 * counts[4] / five.SIZES[4]
    assert " ".join(lwf.new.text().split()) == f"tasks 1-4: {old:.0f} %, task 5: {new:.1f} %"
    caption = cards.caption.text()
    assert "Class-incremental: average accuracy of 5 tasks (plain mean) on all 1,400 test images of digits" in caption
    assert "expansion" not in " ".join(line.text() for line in (lwf.digits, lwf.unit, lwf.sample, lwf.change, lwf.new))
    assert "(plain mean) on all" in caption, "tasks have different numbers of images"
    assert "each with the same weight" in lwf.digits.toolTip()
    assert "weighs by its images" in lwf.new.toolTip()
    cards.refresh(Selection(step=13))
    assert lwf.unit.text() == "% right, average of 3 tasks"
    cards.refresh(Selection(step=16))
    assert lwf.unit.text() == "% right, average of 3 tasks", "the fourth task begins here, and is not learnt"
    assert "after step 16 (end of task 3)" in cards.caption.text()
    cards.refresh(Selection(step=-5))
    assert lwf.digits.text() == "-"
    cards.describe()
    assert "average of" in lwf.accessibleName()


def with_learners(count: int, *, thousands: bool = True) -> Record:
    """Return a run of five tasks with so many learners, which all answer as LwF does, on many test images or on few."""
    names = ("fine-tune", "lwf", "replay", "joint", "lwf+1@10:alpha=5")[:count]
    record = Record()
    for message in five.messages():
        if isinstance(message, DataReady) and thousands:
            message = replace(message, test_sizes=(2000,) * 5)
        elif isinstance(message, PhaseStarted) and message.phase == "incremental":
            message = replace(message, learners=names)
        elif isinstance(message, Probe) and message.phase == "incremental":
            message = replace(message, logits=message.logits[[1] * count])
        elif isinstance(message, Evaluated):
            message = replace(message, scores=dict.fromkeys(names, message.scores["lwf"]))
        elif isinstance(message, Steps | LayerProbe | Finished):
            continue
        record.apply(message)
    return record


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(("learners", "width"), [(2, 390), (3, 390), (4, 390), (5, 390), (4, 452), (5, 452)])
def test_cards_of_many_tasks_say_forgetting_and_where_there_is_height_what_of_the_tasks(
    qtbot: QtBot, learners: int, width: int, compact: bool
) -> None:
    cards = Cards()
    qtbot.addWidget(cards)
    cards.resize(width, 400)
    cards.show_record(with_learners(learners))
    cards.set_compact(compact)
    cards.show()
    cards.refresh(Selection())
    settle()
    for card in cards.cards:
        assert DOTS not in card.name.shown
        assert re.fullmatch(r"\d+\.\d", card.digits.shown)
        assert re.search("mean|task", card.unit.shown)
        assert card.change.isVisible()
        assert re.fullmatch(r"(forgot|gained) \d+\.\d (points|pts)", card.change.shown), "it takes one line, whole"
        assert card.new.isVisible() != compact
        if not compact:
            metrics = QFontMetricsF(card.new.font())
            ways = [way for way in (card.new.text(), *card.new._shorter) if way]
            lines = [max(metrics.horizontalAdvance(line) for line in way.split("\n")) for way in ways]
            told = next(way for way, wide in zip(ways, lines, strict=True) if wide <= card.new.width())
            assert told.startswith("tasks")
            assert "task\u00a05" in told or "task 5" in told


def test_the_window_opens_with_a_run_of_five_tasks_and_goes_to_its_boundaries(
    open_window: OpenWindow, engine: ScriptedEngine
) -> None:
    lab = open_window(engine=engine, record=five.record())
    window = lab.window
    for step in (*five.BOUNDARIES, -10, 36):
        window.look_at(step=step)
        assert not window.grab().isNull()
    window.look_at(step=16)
    assert {card.digits.text() for card in window.cards.cards} != {""}
    assert window.timeline.where.text().startswith("step 16 of 36 (task 4, epoch 1 of 2)")


def test_a_run_of_five_tasks_is_saved_opened_scrubbed_and_forked_in_task_4(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    lab = open_window(QUICK_FIVE)
    lab.run_to_the_end()
    files.save(lab.record, tmp_path / "five.lwfrun")
    lab.session.show_record(files.load(tmp_path / "five.lwfrun"))
    track = lab.record.incremental
    assert track is not None
    begin = track.started.boundaries[1]
    lab.window.look_at(step=begin + 4)
    assert "(task 3, " in lab.window.timeline.where.text()
    assert lab.window.cards.cards[0].unit.text() == "% right, average of 3 tasks"
    branch = _fork_in_task_4(lab, track.started.boundaries[2] + 4)
    x, _ = own_part(lab.record, branch, accuracy_series(lab.record, branch, "old", "task_aware"))
    assert x[0] == track.started.boundaries[2] + 4
    assert x[-1] == track.started.steps
    assert len(lab.window.cards.cards) == 3


def _fork_in_task_4(lab: Lab, step: int) -> str:
    """Fork LwF with another alpha at a step, wait for the end, and return the branch's name."""
    lab.window.look_at(step=step)

    def choose(dialog: ForkDialog) -> None:
        assert dialog.windowTitle() == f"Fork at task 4, step {step:,}"
        dialog._take(setting_of("alpha"), 3.0)
        dialog.accept()

    answer(choose)
    lab.window.actions_by_id["fork"].trigger()
    lab.wait(lambda: lab.session.state is State.FINISHED and len(learners_of(lab.record)) == 3)
    return learners_of(lab.record)[-1]


@pytest.mark.parametrize("by_task", [False, True])
def test_the_read_out_lies_on_no_curve_of_a_low_plot_in_large_type(qtbot: QtBot, by_task: bool) -> None:
    scale_type(1.46)
    plot = shown_plot(qtbot, with_learners(4), 550, by_task=by_task)
    panel = plot.parentWidget()
    assert panel is not None
    panel.resize(550, round(13.8 * plot.readout.fontMetrics().lineSpacing()))
    panel.grab()
    plot.point_at(30)
    assert plot.readout.isVisible()
    assert plot.rect().contains(plot.readout.geometry())
    assert not plot.readout.geometry().intersects(plot.view.geometry())
    assert plot.readout.height() >= plot.readout.sizeHint().height()


def test_the_names_of_many_learners_above_the_class_bars_are_as_large_as_other_words(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: dict[str, int] = {}
    draw = QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        sizes[str(args[-1])] = QFontInfo(painter.font()).pixelSize()
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    scale_type(1.35)
    shown_panel("classes", qtbot, with_learners(4), (300, 340))
    named = [size for text, size in sizes.items() if text.startswith(("Fine-tuning", "LwF"))]
    assert named
    assert min(named) >= 0.8 * QFontInfo(theme.font(1.0)).pixelSize()


def test_the_read_out_calls_the_two_sides_as_the_key_does(qtbot: QtBot) -> None:
    plot = shown_plot(qtbot, five.record())
    key, told = plot.title.text(), "".join(text for text, _ in plot.values_at(float(five.BOUNDARIES[-1] + 1)))
    for name in ("earlier", "current"):
        assert name in key
        assert name in told
    assert "old" not in told
    assert "new" not in told


@pytest.mark.parametrize("width", [420, 620])
def test_numbers_of_curves_cover_no_curve_however_narrow_the_plot_is(qtbot: QtBot, width: int) -> None:
    plot = shown_plot(qtbot, with_learners(4), width, by_task=True)
    plot.repaint_curves()
    for item in plot.tasks.numbers.values():
        assert item.fill.style() == Qt.BrushStyle.NoBrush
        assert item.mapRectToScene(item.boundingRect()).right() <= plot.view.width()
