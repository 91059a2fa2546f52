"""The timeline: scrubbing, playing back, live, and the look that all panels share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui.app import BUNDLED_RUN
from lwf_gui.gui.time.probes import FAR, neighbour, position, position_shorter
from lwf_gui.runs.live_changes import events
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, stops
from lwf_gui.runs.summary import summary
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic


@pytest.fixture
def replayed(open_window: OpenWindow) -> Lab:
    """Return a window on the bundled run."""
    lab = open_window(engine=ScriptedEngine(), record=files.load(paths.resources() / BUNDLED_RUN), size=(1280, 720))
    lab.window.docks.bring("classes")
    lab.wait(lambda: lab.window.docks.by_key["classes"] in lab.window.docks.seen())
    return lab


def shown(lab: Lab) -> tuple[dict[str, str], str, str]:
    """Return what cards, class bars and plot say, the latter to screen readers alone: the cards show it."""
    window, plot = lab.window, lab.window.plots.accuracy
    cards = {card.learner: card.digits.text() for card in window.cards.cards}
    assert plot.readout.isHidden()
    return cards, window.docks.panel("classes").sentence(), "".join(text for text, _ in plot.values_at(plot._looked))


def expected(lab: Lab, step: int | None) -> tuple[dict[str, str], str]:
    """Return what cards and plot must say, from the record alone."""
    at = moment(lab.record, step)
    assert at is not None
    row = 100 * at.track.accuracies("task_aware")[at.index]
    cards = {name: f"{row[at.track.index(name), 0]:.0f}" for name in at.track.started.learners}
    return cards, f"Step {at.step:,}"


def drag_to(lab: Lab, step: int) -> None:
    scrubber = lab.window.timeline.scrubber
    QTest.mousePress(
        scrubber,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(round(scrubber.x_of(step)), scrubber.height() // 2),
    )


@pytest.mark.parametrize("step", [20, 60, 500, 1000])
def test_every_panel_follows_a_click_on_the_timeline(replayed: Lab, step: int) -> None:
    before = shown(replayed)
    drag_to(replayed, step)
    landed = replayed.window.selection.step
    assert landed is not None
    assert abs(landed - step) <= 20
    assert landed in stops(replayed.record)
    cards, classes, readout = shown(replayed)
    want, where = expected(replayed, landed)
    assert cards == want
    assert readout.startswith(where)
    assert classes != before[1]
    assert not replayed.window.actions_by_id["live"].isChecked()


def test_task_1_can_be_looked_at_too(replayed: Lab) -> None:
    replayed.press(Qt.Key.Key_L)
    scrubber = replayed.window.timeline.scrubber
    scrubber.setFocus()
    QTest.keyClick(scrubber, Qt.Key.Key_Home)
    assert replayed.window.selection.step == stops(replayed.record)[0] < 0
    assert "task 1" in replayed.window.timeline.where.text()
    assert {card.digits.text() for card in replayed.window.cards.cards} == {"-"}
    assert "teacher learns" in replayed.window.cards.caption.text()


def test_keys_go_probe_by_probe_and_live_returns(replayed: Lab) -> None:
    window, steps = replayed.window, stops(replayed.record)
    last = len(steps) - 1
    replayed.press(Qt.Key.Key_BracketLeft)
    assert window.selection.step == steps[last - 1]
    replayed.press(Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.ControlModifier)
    assert window.selection.step == steps[last - 1 - FAR]
    replayed.press(Qt.Key.Key_BracketRight)
    assert window.selection.step == steps[last - FAR]
    for _ in range(FAR + 3):
        replayed.press(Qt.Key.Key_BracketRight)
    assert window.selection.step == steps[last], "the end holds"
    replayed.press(Qt.Key.Key_L)
    assert window.selection.live
    assert not window.actions_by_id["live"].isChecked(), "a recorded run is not live"


def test_arrow_keys_move_the_focused_timeline(replayed: Lab) -> None:
    scrubber, steps = replayed.window.timeline.scrubber, stops(replayed.record)
    scrubber.setFocus()
    for key, back in ((Qt.Key.Key_Left, 2), (Qt.Key.Key_Down, 12), (Qt.Key.Key_Right, 11), (Qt.Key.Key_Up, 1)):
        QTest.keyClick(scrubber, key)
        assert replayed.window.selection.step == steps[-back], key
    assert "step" in scrubber.accessibleDescription()


def test_playback_walks_through_every_probe_to_the_end(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record())
    timeline, seen = lab.window.timeline, list[int | None]()
    timeline.asked.connect(lambda asked: seen.append(asked["step"]))
    timeline.rate.setCurrentIndex(timeline.rate.count() - 1)
    lab.press(Qt.Key.Key_K)
    assert timeline.playing
    lab.wait(lambda: not timeline.playing)
    assert seen == [0, 10, 15, 30]
    assert not lab.window.actions_by_id["play"].isChecked()


def test_a_playback_that_meets_the_live_end_follows_the_run(quiet_lab: Lab, running: Callable[[int], None]) -> None:
    running(10)
    quiet_lab.window.timeline.rate.setCurrentIndex(quiet_lab.window.timeline.rate.count() - 1)
    quiet_lab.press(Qt.Key.Key_K)
    quiet_lab.wait(lambda: not quiet_lab.window.timeline.playing)
    running(30)
    assert quiet_lab.window.selection.live
    assert "step 30" in quiet_lab.window.timeline.where.text()


def test_the_plot_shows_the_part_of_task_1_that_is_looked_at(replayed: Lab) -> None:
    plot = replayed.window.plots.accuracy
    first = int(stops(replayed.record)[0])

    def low() -> float:
        return float(plot.view.getViewBox().viewRange()[0][0])

    before = low()
    assert first < before
    replayed.window.look_at(step=first)
    assert low() <= first
    assert plot.lines.now.value() == first
    replayed.window.look_at(step=None)
    assert low() == before


def test_dragging_or_live_stops_the_playback(replayed: Lab) -> None:
    timeline = replayed.window.timeline
    ways: tuple[Callable[[], None], ...] = (lambda: drag_to(replayed, 300), lambda: replayed.press(Qt.Key.Key_L))
    for stop in ways:
        replayed.press(Qt.Key.Key_K)
        assert timeline.playing
        stop()
        assert not timeline.playing


def test_run_that_trains_does_not_move_who_looks_back(
    quiet_lab: Lab, engine: ScriptedEngine, running: Callable[[int], None]
) -> None:
    running(20)
    quiet_lab.window.look_at(step=10)
    before = shown(quiet_lab)
    running(30)
    assert shown(quiet_lab) == before
    assert quiet_lab.window.selection.step == 10
    quiet_lab.press(Qt.Key.Key_L)
    quiet_lab.session.drain()
    assert "30" in quiet_lab.window.timeline.where.text()


@pytest.fixture
def running(quiet_lab: Lab, engine: ScriptedEngine) -> Callable[[int], None]:
    """Return a function that lets a run come to a step."""
    quiet_lab.start()
    rest = [*synthetic.task1(), *synthetic.task2()]

    def go_to(step: int) -> None:
        while rest and not (quiet_lab.record.incremental and quiet_lab.record.incremental.steps >= step):
            engine.outbox.put(synthetic.of_run(rest.pop(0), engine.jobs[-1][0]))
            quiet_lab.session.drain()
        while rest and type(rest[0]).__name__ in ("Probe", "LayerProbe", "Evaluated"):
            engine.outbox.put(synthetic.of_run(rest.pop(0), engine.jobs[-1][0]))
        quiet_lab.session.drain()

    return go_to


def test_another_record_is_looked_at_live(replayed: Lab) -> None:
    replayed.window.look_at(step=40)
    replayed.session.show_record(synthetic.record())
    assert replayed.window.selection.live


def test_empty_timeline_says_so_and_takes_every_key(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), autorun=True)
    assert lab.record.track is None
    for key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_K, Qt.Key.Key_L):
        lab.press(key)
    assert lab.window.timeline.where.text() == "no run yet"
    assert not lab.window.timeline.playing
    assert neighbour(Record(), Selection(), 1) is None


def test_position_in_words() -> None:
    record = synthetic.record()
    assert position(record, Selection()) == "step 30 of 30 (epoch 3 of 3)"
    assert position(record, Selection(step=10)) == "step 10 of 30 (epoch 1 of 3)"
    assert position(record, Selection(step=15)) == "step 15 of 30 (epoch 2 of 3)"
    assert position(record, Selection(step=0)) == "step 0 of 30 (epoch 1 of 3)"
    assert position(record, Selection(step=-7)) == "task 1, 20 steps before head expansion"


@pytest.mark.parametrize("width", [1280, 1024, 800])
def test_position_before_the_head_expansion_is_said_whole_in_a_narrow_bar(replayed: Lab, width: int) -> None:
    timeline = replayed.window.timeline
    timeline.resize(width, timeline.height())
    timeline.refresh(Selection(step=-7))
    where = timeline.where
    assert where.text().startswith("task 1, ")
    assert "…" not in where.shown
    assert where.shown in (where.text(), *position_shorter(timeline.scrubber.record, Selection(step=-7)))
    metrics = where.fontMetrics()
    assert metrics.horizontalAdvance(where.shown) <= where.width()


def test_click_on_the_plot_goes_to_the_nearest_probe(replayed: Lab) -> None:
    plot = replayed.window.plots.accuracy
    plot.picked.emit(203.4)
    assert replayed.window.selection.step == 200, "the probe nearest to it"
    assert plot.lines.now.isVisible()
    assert plot.scale.step(plot.lines.now.value()) == pytest.approx(200)
    assert summary(replayed.record, replayed.window.selection).startswith("Step 200 ")


def test_marks_and_snapshots_are_on_the_track(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record(), size=(1280, 720))
    scrubber = lab.window.timeline.scrubber
    assert [step for step, _ in events(lab.record)] == [10, 20]
    middle = scrubber.height() // 2
    picture = scrubber.grab().toImage()
    for step, marked in ((10, True), (20, True), (5, False), (25, False)):
        colour = picture.pixelColor(round(scrubber.x_of(step)), middle - 9).name()
        assert (colour == scrubber.colours.text) == marked, step


def test_buttons_of_the_timeline_have_names(replayed: Lab) -> None:
    names = {button.accessibleName() for button in replayed.window.timeline.findChildren(QToolButton)}
    assert names == {"Play back", "Live", "Fork..."}
