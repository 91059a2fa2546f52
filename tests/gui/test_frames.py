"""Painting is cheap: nothing is painted that nobody sees or that did not change, and the rate follows the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFont, QPaintEvent

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui.app import BUNDLED_RUN
from lwf_gui.gui.budget import LONGEST_MS, SHARE, SHORTEST_MS, FrameBudget
from lwf_gui.gui.panels.curves.plot import Plot, stroke
from lwf_gui.gui.panels.line import Line, Segments
from lwf_gui.gui.session import Session
from lwf_gui.messages import Message, Probe, Steps
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine


def test_budget_keeps_painting_to_its_share_and_between_its_bounds() -> None:
    budget = FrameBudget()
    assert budget.pause_ms == SHORTEST_MS
    for cost in (1.0, 12.0, 15.0, 20.0, 500.0):
        for _ in range(60):
            budget.spend(cost)
        fair = cost / SHARE
        assert SHORTEST_MS <= budget.pause_ms <= LONGEST_MS
        assert abs(budget.pause_ms - min(max(fair, SHORTEST_MS), LONGEST_MS)) < 10


def test_budget_forgives_one_slow_picture_and_sets_no_timer_for_trifles() -> None:
    budget = FrameBudget()
    for _ in range(60):
        budget.spend(10.0)
    steady = budget.pause_ms
    assert not any(budget.spend(cost) for cost in (10.5, 9.5, 10.0, 11.0))
    budget.spend(60.0)
    assert budget.pause_ms <= 2 * steady + 1
    for _ in range(60):
        budget.spend(10.0)
    assert abs(budget.pause_ms - steady) < 10


def last_step(plot: Plot) -> float:
    """Return the step of the last point of a curve."""
    x, _ = plot.curves["lwf", "kl"].getData()
    return round(plot.scale.step(float(x[-1])), 6)


@pytest.fixture
def running(quiet_lab: Lab, engine: ScriptedEngine) -> Callable[[type[Message]], None]:
    """Return a function that lets the engine tell its next message of a kind, in the middle of task 2."""
    quiet_lab.see("losses")
    quiet_lab.start()
    run_id = engine.jobs[-1][0]
    messages = [replace(m, run_id=run_id) for m in files.load(paths.resources() / BUNDLED_RUN).messages()]
    starts = [i for i, m in enumerate(messages) if isinstance(m, Steps) and m.phase == "incremental"]
    whole = messages[starts[0]]
    assert isinstance(whole, Steps)
    for message in messages[: starts[0]]:
        engine.outbox.put(message)
    quiet_lab.session.drain()
    probes = iter([m for m in messages if isinstance(m, Probe) and m.phase == "incremental"])
    at = [0]

    def tell(kind: type[Message]) -> None:
        if kind is Steps:
            rows = whole.losses[at[0] : at[0] + 20]
            engine.outbox.put(replace(whole, first=at[0] + 1, losses=rows))
            at[0] += 20
        else:
            engine.outbox.put(next(probes))
        quiet_lab.session.drain()

    return tell


def test_losses_alone_repaint_the_loss_plot_alone(quiet_lab: Lab, running: Callable[[type[Message]], None]) -> None:
    window, told = quiet_lab.window, list[bool]()
    quiet_lab.session.rowsArrived.connect(told.append)
    running(Probe)
    painted: list[str] = []
    grid = window.docks.panel("image_grid")
    for name, panel, part in (("accuracy", window.accuracy, "refresh"), ("image_grid", grid, "figures")):
        setattr(panel, part, lambda *_, name=name: painted.append(name))
    running(Steps)
    assert painted == []
    assert last_step(window.plots.loss) == 20
    running(Probe)
    assert painted == ["accuracy", "image_grid"]
    assert told == [True, False, True]


def test_a_picture_of_a_run_lays_nothing_out_anew(
    quiet_lab: Lab, running: Callable[[type[Message]], None], request: pytest.FixtureRequest
) -> None:
    """Where a part asks for another place, the whole window is laid out and painted twice: half as dear again."""
    window, asked = quiet_lab.window, list[str]()

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if watched is window and event.type() is QEvent.Type.LayoutRequest:
                asked.append(window.status.activity.text())
            return False

    watcher = Watcher()
    for _ in range(8):  # the first ones have other words than those before
        running(Steps)
        running(Probe)
        quiet_lab.qtbot.wait(20)
    window.installEventFilter(watcher)
    request.addfinalizer(lambda: window.removeEventFilter(watcher))
    said = set()
    for _ in range(5):
        running(Steps)
        running(Probe)
        quiet_lab.qtbot.wait(20)
        said.add(window.status.activity.text())
    assert len(said) == 5, "the status line counts"
    assert asked == []


def test_minimised_window_paints_nothing_and_catches_up(
    quiet_lab: Lab, running: Callable[[type[Message]], None]
) -> None:
    window = quiet_lab.window
    running(Steps)
    window.showMinimized()
    quiet_lab.wait(window.isMinimized)
    running(Steps)
    running(Probe)
    assert last_step(window.plots.loss) == 20
    window.showNormal()
    quiet_lab.wait(lambda: last_step(window.plots.loss) == 40)


def test_curve_that_did_not_change_is_not_set_again(
    quiet_lab: Lab, running: Callable[[type[Message]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    running(Probe)
    plot = quiet_lab.window.plots.accuracy
    teacher = plot.curves["teacher", "old"]
    monkeypatch.setattr(teacher, "setData", lambda *_: pytest.fail("set again"))
    quiet_lab.window.showing.refresh()


def test_curve_with_the_same_end_but_another_way_there_is_drawn_anew(quiet_lab: Lab) -> None:
    """Under both protocols a curve may end at the same point."""
    plot = quiet_lab.window.plots.accuracy
    x = np.array([0.0, 20.0, 40.0])
    for y in ([50.0, 60.0, 90.0], [0.0, 10.0, 90.0]):
        plot.draw("lwf", "new", x, np.array(y), stroke(2, dashed=True))
        assert plot.curves["lwf", "new"].getData()[1].tolist() == y


def test_every_picture_is_measured_to_its_last_pixel(quiet_lab: Lab, running: Callable[[type[Message]], None]) -> None:
    session, costs = quiet_lab.session, list[float]()
    quiet_lab.qtbot.wait(100)  # what was drained before is painted
    session.framePainted.connect(costs.append)
    order: list[str] = []
    view = quiet_lab.window.plots.loss.view
    paint = view.paintEvent

    def watched(event: QPaintEvent) -> None:
        order.append("paint")
        paint(event)

    view.paintEvent = watched
    session.framePainted.connect(lambda _cost: order.append("measured"))
    running(Steps)
    quiet_lab.wait(lambda: bool(costs))
    assert costs[0] > 0
    assert order.index("paint") < order.index("measured")


def test_slow_pictures_lower_the_rate(quiet_lab: Lab) -> None:
    session: Session = quiet_lab.session
    before = session.link._timer.interval()
    for _ in range(40):
        session.link._budget.spend(20.0)
    session.link.customEvent(QEvent(QEvent.Type.User))  # of another kind: ignored
    assert session.link._timer.interval() == before
    assert session.link._budget.pause_ms > before


def test_plots_come_after_the_first_paint_and_show_what_is_there(open_window: OpenWindow) -> None:
    lab = open_window(record=files.load(paths.resources() / BUNDLED_RUN))
    window = lab.window
    lab.wait(lambda: window.plots.made)
    lab.wait(lambda: ("lwf", "old") in window.plots.accuracy.curves)
    assert window.plots.accuracy.title.text().startswith("Accuracy, task-aware")


def test_line_shows_segments_and_asks_for_no_layout(quiet_lab: Lab) -> None:
    line = Line(QFont(), "#000000")
    line.set_segments((("Fine-tuning", "#ff0000"), (" old 3 %", "")))
    assert line.text() == "Fine-tuning old 3 %"
    height = line.sizeHint()
    line.set_text("a much longer text " * 20)
    assert line.sizeHint() == height
    line.resize(120, height.height())
    picture = line.grab().toImage()
    dark = [
        (x, y) for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y).value() < 99
    ]
    assert len(dark) > 50
    assert max(x for x, _ in dark) < 120
    assert np.isfinite(line.sizeHint().height())
    line.deleteLater()


def test_shorter_ways_to_say_a_line_are_worked_out_only_where_there_is_no_room(quiet_lab: Lab) -> None:
    asked = []

    def fewer() -> Iterator[Segments]:
        for text in ("LwF old 90 %", "LwF 90 %", "90 %"):
            asked.append(text)
            yield ((text, ""),)

    line = Line(QFont(), "#000000")
    line.resize(1000, 30)
    line.set_segments((("Learning without Forgetting", "#ff0000"), (" old 90 %", "")), fewer())
    assert (line.shown, asked) == ("Learning without Forgetting old 90 %", [])
    line.resize(line.fontMetrics().horizontalAdvance("LwF old 90 %") - 1, 30)
    line.grab()
    assert (line.shown, asked) == ("LwF 90 %", ["LwF old 90 %", "LwF 90 %"])
    line.resize(1000, 30)
    assert line.shown == "Learning without Forgetting old 90 %"
    line.deleteLater()


def test_what_changes_unseen_is_painted_once_it_stands_and_so_is_all_that_comes_after(
    quiet_lab: Lab, request: pytest.FixtureRequest
) -> None:
    """Qt takes what was to be painted while nothing is for asked for, and asks no more: the window froze for good."""
    window, painted = quiet_lab.window, list[object]()

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                painted.append(watched)
            return False

    watcher = Watcher()
    parts = (window, window.timeline.where, window.cards)
    for part in parts:
        part.installEventFilter(watcher)
    request.addfinalizer(lambda: [part.removeEventFilter(watcher) for part in parts])
    for name in ("bigger", "smaller"):
        painted.clear()
        window.actions_by_id[name].trigger()
        assert not window.updatesEnabled()
        quiet_lab.wait(lambda: window.updatesEnabled() and window in painted)
        for step in (10, 20):
            painted.clear()
            window.look_at(step=step)
            quiet_lab.wait(lambda: window.timeline.where in painted and window.cards in painted)


def test_pictures_of_all_panels_take_no_more_than_their_share_either() -> None:
    budget = FrameBudget()
    for _ in range(100):
        budget.spend(110.0)  # of a slow machine, with every panel open
    assert 110.0 / budget.pause_ms < 1.1 * SHARE
