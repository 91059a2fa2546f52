"""The window on a real engine: what a lecturer does with it, and what must come out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest

from lwf_gui.data import download, sources
from lwf_gui.data.download import FetchError
from lwf_gui.engine.methods.base import Context, Terms
from lwf_gui.engine.methods.lwf import Lwf
from lwf_gui.engine.runner import Job, Runner
from lwf_gui.engine.thread import EngineThread
from lwf_gui.gui.session import State
from lwf_gui.gui.widgets.choices import PACES
from lwf_gui.messages import Failed, Finished
from lwf_gui.recipe import compose
from lwf_gui.runs import shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from tests.gui.conftest import ENDLESS, MACHINE, PATIENCE_MS, QUICK, Lab, OpenWindow, choose, toggle, type_into

CNN = compose("digits", [*MACHINE, "model.network=cnn", "task1.epochs=1", "task2.epochs=1000"])


@pytest.fixture(autouse=True)
def quick_hand_over(nothing_left_behind: None) -> None:
    """Let the engine's thread hand the interpreter over as in the program; the leak check sets it back."""
    sys.setswitchinterval(0.0005)


def summary(lab: Lab) -> dict[str, Any]:
    assert isinstance(lab.record.outcome, Finished)
    return dict(lab.record.outcome.summary)


def status(lab: Lab) -> str:
    return lab.window.statusBar().activity.text()  # type: ignore[attr-defined,no-any-return]


def figures(lab: Lab) -> dict[str, tuple[str, str]]:
    """Return the texts for the old and for the new task on every card."""
    return {card.learner: (card.digits.text(), card.new.text()) for card in lab.window.cards.cards}


def expected_figures(lab: Lab, protocol: ProtocolName) -> dict[str, tuple[str, str]]:
    scores = {name: score[protocol] for name, score in summary(lab)["learners"].items()}
    assert lab.record.data is not None
    old, new = lab.record.data.test_sizes
    return {
        name: (shown.digits(100 * s["old"], old), f"new task: {shown.percent(100 * s['new'], new)} right")
        for name, s in scores.items()
    }


def task2_losses(lab: Lab) -> np.ndarray[Any, Any]:
    assert lab.record.incremental is not None
    return lab.record.incremental.losses.values.copy()


def mark_labels(lab: Lab) -> list[str]:
    """Return the labels of the marks that the accuracy plot shows."""
    return [text for _, text in lab.window.plots.accuracy.strip.marks]


def wait_drains(lab: Lab, count: int) -> None:
    """Let the session look at the engine's messages a few times."""
    for _ in range(count):
        with lab.qtbot.waitSignal(lab.session.link._timer.timeout, timeout=5000):
            pass


# ---- from start to end


def test_run_button_trains_to_the_end_and_shows_the_full_test_accuracies(lab: Lab) -> None:
    lab.see("losses")
    lab.click(lab.tool("run"))
    lab.wait_for(State.FINISHED)
    assert figures(lab) == expected_figures(lab, "task_aware")
    assert status(lab).startswith("Finished")
    assert "step 68 of 68" in status(lab)
    for plot in (lab.window.plots.accuracy, lab.window.plots.loss):
        for (learner, kind), curve in plot.curves.items():
            x, y = curve.getData()
            assert len(x) == len(y) > 3, (learner, kind)
    x, y = lab.window.plots.accuracy.curves["lwf", "old"].getData()
    assert (x[0], x[-1]) == (0, 68)
    assert y[0] == pytest.approx(100 * summary(lab)["teacher"]["old"], abs=10)  # of 50 probe images
    assert lab.tool("run").text() == "Run"
    assert not lab.tool("stop").isEnabled()


def test_window_and_terminal_give_the_same_numbers(lab: Lab) -> None:
    lab.run_to_the_end()
    terminal = Runner().run(Job(1, QUICK), lambda message: None)
    assert isinstance(terminal, Finished)
    for part in ("learners", "teacher", "epochs"):
        seen, expected = summary(lab)[part], dict(terminal.summary)[part]
        if part == "teacher":
            seen, expected = seen["old"], expected["old"]  # the second one came from the cache
        assert seen == expected


def test_reset_rewinds_to_the_head_expansion_and_the_second_run_repeats_the_first(lab: Lab) -> None:
    lab.run_to_the_end()
    losses, first = task2_losses(lab), summary(lab)
    lab.press(Qt.Key.Key_R)
    assert lab.session.state is State.IDLE
    assert lab.steps() == 0
    assert lab.record.base is not None
    assert lab.record.base.steps > 0, "the teacher's training stays"
    assert lab.record.evaluations[-1].step == 0
    x, _ = lab.window.plots.accuracy.curves["lwf", "old"].getData()
    assert list(x) == [0]
    at_the_head_expansion = (
        f"{100 * first['epochs'][0]['learners']['lwf']['task_aware']['old']:.0f}"  # of a few hundred images
    )
    assert figures(lab)["lwf"][0] == at_the_head_expansion
    lab.run_to_the_end()
    np.testing.assert_array_equal(task2_losses(lab), losses)
    assert summary(lab)["learners"] == first["learners"]


def test_space_pauses_step_adds_one_step_and_stop_keeps_the_curves(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    lab.see("losses")
    step = lab.pause_in_task2()
    assert lab.tool("run").text() == "Resume"
    assert status(lab).startswith("Paused")
    wait_drains(lab, 3)
    assert lab.steps() == step, "a pause lets no step through"
    for expected in (step + 1, step + 2):
        lab.step_once()
        assert lab.steps() == expected
    wait_drains(lab, 2)
    assert lab.steps() == step + 2
    lab.press(Qt.Key.Key_Space)
    lab.wait(lambda: lab.steps() > step + 5)
    assert lab.tool("run").text() == "Pause"
    lab.press(Qt.Key.Key_S)
    lab.wait_for(State.STOPPED)
    stopped_at = lab.steps()
    x, _ = lab.window.plots.loss.curves["lwf", "ce"].getData()
    assert lab.window.plots.loss.scale.step(x[-1]) == pytest.approx(stopped_at)
    wait_drains(lab, 2)
    assert lab.steps() == stopped_at


def test_step_without_a_run_trains_the_first_step_and_waits(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    lab.click(lab.tool("step"))
    lab.wait_for(State.PAUSED)
    assert lab.record.base is not None
    assert lab.record.base.steps == 1


def test_reset_in_mid_run_ends_it_and_the_next_run_starts_anew(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    lab.pause_in_task2()
    lab.press(Qt.Key.Key_R)
    assert (lab.session.state, lab.steps()) == (State.IDLE, 0)
    wait_drains(lab, 2)  # what the old run still says is dropped
    assert (lab.session.state, lab.steps()) == (State.IDLE, 0)
    lab.start()
    lab.wait(lambda: lab.steps() >= 2)
    assert lab.session.state is State.RUNNING


def test_pace_box_slows_training_down(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    choose(lab.window.bar.pace, "20 steps/s")
    lab.start()
    lab.wait(lambda: lab.steps() >= 1)
    first, start = lab.steps(), time.monotonic()
    lab.wait(lambda: lab.steps() >= first + 10)
    rate = (lab.steps() - first) / (time.monotonic() - start)
    assert rate < 1.5 * 20  # at full speed it would be hundreds
    assert PACES["20 steps/s"] == 20


# ---- settings in mid-run


def test_live_settings_changed_in_mid_run_are_marked_at_their_true_step(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    step = lab.pause_in_task2()
    controls = lab.window.recipe._rows.controls
    hands: tuple[tuple[Callable[[], None], str, object, str], ...] = (
        (lambda: type_into(controls["lwf.alpha"], "3"), "alpha", 3.0, "Alpha 3"),
        (lambda: type_into(controls["lwf.temperature"], "4"), "temperature", 4.0, "Temperature T 4"),
        (lambda: type_into(controls["task2.lr"], "0.005"), "lr", 0.005, "Learning rate 0.005"),
        (lambda: toggle(lab.window.recipe._frozen), "backbone_frozen", True, "backbone frozen"),
    )
    for index, (turn, name, value, label) in enumerate(hands):
        turn()
        lab.step_once()
        mark = lab.record.marks[-1]
        assert (mark.step, mark.changed, mark.by) == (step + index, (name,), "user")
        assert getattr(mark.live_settings, name) == value
        assert getattr(lab.session.live_settings, name) == value
        assert mark_labels(lab)[-1] == label
    plot = lab.window.plots.accuracy
    positions = [plot.scale.step(line.value()) for line in plot.lines.marks][-4:]
    assert positions == pytest.approx([step, step + 1, step + 2, step + 3])
    assert lab.session.recipe.lwf.alpha == 3.0, "the next run takes it too"


def test_slider_turned_while_it_trains_reaches_the_learners(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    lab.session.set_pace(100)
    lab.start()
    lab.wait(lambda: lab.steps() >= 2)
    control = lab.window.recipe._rows.controls["lwf.alpha"]
    slider = control._slider  # type: ignore[attr-defined]
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    lab.wait(lambda: bool(lab.record.marks))
    assert lab.record.marks[-1].live_settings.alpha == 0.0
    assert mark_labels(lab)[-1] == "Alpha 0"
    assert lab.session.state is State.RUNNING
    mark = lab.record.marks[-1]
    lab.wait(lambda: lab.steps() >= mark.step + 3)
    _, kd, _, total = task2_losses(lab)[mark.step :, 1].T
    ce = task2_losses(lab)[mark.step :, 1, 0]
    assert (kd > 0).all()
    np.testing.assert_array_equal(total, ce)  # with alpha = 0 nothing else is minimised


def test_structural_setting_changed_in_mid_run_waits_for_the_next_run(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    step = lab.pause_in_task2()
    hint = lab.window.recipe._hint
    assert hint.text() == "These take effect with the next run."
    type_into(lab.window.recipe._rows.controls["model.hidden"], "48")
    assert "Changed" in hint.text()
    assert "next run" in hint.text()
    lab.step_once()
    assert lab.steps() == step + 1
    assert lab.record.data is not None
    assert lab.record.data.recipe.model.hidden == 32
    assert not lab.record.marks
    lab.press(Qt.Key.Key_S)
    lab.wait_for(State.STOPPED)
    lab.start()
    lab.wait(lambda: lab.record.data is not None and lab.record.data.recipe.model.hidden == 48)
    assert "Changed" not in hint.text()


def test_value_that_is_not_allowed_is_refused_with_a_sentence(quiet_lab: Lab) -> None:
    lab = quiet_lab
    control = lab.window.recipe._rows.controls["engine.threads"]
    before = control._field.text()  # type: ignore[attr-defined]
    type_into(control, "999")
    assert lab.window.banner.isVisible()
    assert lab.window.banner.text.text().startswith("Threads = 999 is not allowed: it must be")
    assert lab.session.recipe == QUICK
    assert control.entry is not None
    assert control.entry.refusing
    assert control.entry.edit.text() == "999", "it stays, to be mended"
    QTest.keyClick(control.field, Qt.Key.Key_Escape)
    assert control.entry.edit.text() == before


# ---- protocols


def test_protocol_switch_changes_cards_plots_and_captions(lab: Lab) -> None:
    lab.window.docks.bring("classes")
    lab.run_to_the_end()
    window = lab.window

    def shown() -> ProtocolName:
        """Return the protocol that everything shows, having checked that all agree."""
        protocol: ProtocolName = window.selection.protocol
        name, other = PROTOCOLS[protocol], next(n for p, n in PROTOCOLS.items() if p != protocol)
        assert figures(lab) == expected_figures(lab, protocol)
        assert name in window.plots.accuracy.title.text().lower()
        assert name in window.cards.caption.text().lower()
        lab.wait(lambda: name in window.docks.panel("classes").accessibleDescription().lower())
        assert other not in window.cards.caption.text().lower()
        assert lab.button(name.capitalize()).isChecked()
        assert not lab.button(other.capitalize()).isChecked()
        _, y = window.plots.accuracy.curves["lwf", "old"].getData()
        np.testing.assert_array_equal(y, accuracy_series(lab.record, "lwf", "old", protocol)[1])
        return protocol

    assert shown() == "task_aware"
    lab.click(lab.button("Class-incremental"))
    assert shown() == "class_incremental"
    assert figures(lab)["lwf"][0] == "0", "recency bias: without the task's name the old task is lost"
    lab.press(Qt.Key.Key_P)
    assert shown() == "task_aware"
    lab.press(Qt.Key.Key_P)
    assert shown() == "class_incremental"
    lab.click(lab.button("Task-aware"))
    assert shown() == "task_aware"


# ---- closing


@pytest.mark.parametrize("recipe", [ENDLESS, CNN], ids=["mlp", "cnn"])
def test_closing_in_mid_run_ends_the_worker_within_a_second(open_window: OpenWindow, recipe: Any) -> None:
    lab = open_window(recipe)
    lab.start()
    lab.wait(lambda: lab.steps() >= 1)
    engine, start = lab.engine, time.monotonic()
    assert isinstance(engine, EngineThread)
    lab.window.close()
    engine.join(5)
    assert not engine.is_alive()
    assert time.monotonic() - start < 1.0
    assert not lab.window.isVisible()


def test_closing_while_paused_ends_the_worker(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS)
    lab.pause_in_task2()
    engine, start = lab.engine, time.monotonic()
    assert isinstance(engine, EngineThread)
    lab.press(Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not engine.is_alive()
    assert time.monotonic() - start < 1.0


def test_closing_before_anything_ran_ends_the_worker(lab: Lab) -> None:
    engine = lab.engine
    assert isinstance(engine, EngineThread)
    lab.window.close()
    assert not engine.is_alive()


def test_closing_before_the_engine_started_is_quiet(open_window: OpenWindow) -> None:
    lab = open_window(show=False)
    assert lab.window.close()


# ---- what can go wrong


def test_failure_of_the_worker_is_told_and_the_next_run_works(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(method: Lwf, context: Context) -> Terms:
        raise RuntimeError("the matrices do not fit")

    window, banner = lab.window, lab.window.banner
    with monkeypatch.context() as patch:
        patch.setattr(Lwf, "losses", broken)
        lab.start()
        lab.wait_for(State.FAILED)
    assert banner.isVisible()
    assert banner.text.text() == "RuntimeError: the matrices do not fit"
    assert [button.text() for button in banner.buttons] == ["Details...", "Copy details"]
    assert status(lab).startswith("Failed")
    told: list[tuple[str, str]] = []
    with monkeypatch.context() as patch:
        patch.setattr(window.announcements, "_show_details", lambda cause, details: told.append((cause, details)))
        lab.click(lab.button("Details..."))
    ((cause, details),) = told
    assert cause == "RuntimeError: the matrices do not fit"
    assert "Traceback" in details
    assert "in broken" in details
    assert isinstance(lab.record.outcome, Failed)
    lab.click(banner.buttons[1])
    assert QGuiApplication.clipboard().text() == details
    QGuiApplication.clipboard().clear()
    lab.run_to_the_end()
    assert figures(lab) == expected_figures(lab, "task_aware")


def test_folder_without_images_is_refused_with_its_sentence(open_window: OpenWindow, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    lab = open_window(QUICK.with_settings({"data.dataset": str(folder)}))
    before, banner = lab.record, lab.window.banner
    lab.start()
    lab.wait(banner.isVisible)
    assert banner.text.text().startswith(f"{folder} ")
    assert lab.record is before, "what was shown stays"
    assert "expected train-images-idx3-ubyte" in banner.text.text()
    assert not banner.buttons, "a user's mistake needs no traceback"


@pytest.fixture
def no_fashion_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the Debian package."""
    monkeypatch.setattr(sources, "DEBIAN_DIRECTORY", tmp_path / "no-package")


SMALL = compose("classroom", [*MACHINE, "seed=5", "lwf.alpha=0.5", "model.hidden=32", "data.train_images=64"])


def test_without_the_full_set_the_part_is_trained_on_with_the_same_settings_and_the_rest_is_offered_once(
    open_window: OpenWindow, no_fashion_mnist: None
) -> None:
    lab = open_window(SMALL, preset="classroom")
    banner = lab.window.banner
    lab.start()
    lab.wait_for(State.FINISHED)
    assert banner.isVisible()
    assert banner.text.text() == sources.PART_NOTE
    assert len(banner.text.text()) < 150, "one line"
    assert [button.text() for button in banner.buttons] == ["Download", "Choose folder..."]
    assert lab.record.data is not None
    assert lab.record.data.dataset == "fashion-mnist-part"
    assert lab.record.data.recipe == lab.session.recipe == SMALL
    assert lab.session.preset == "classroom"
    banner.hide()
    lab.start()
    lab.wait_for(State.FINISHED)
    assert not banner.isVisible(), "once is enough"


def test_download_offered_by_the_banner_tells_why_it_failed(
    open_window: OpenWindow, no_fashion_mnist: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(SMALL, preset="classroom")
    lab.start()
    lab.wait(lambda: lab.window.banner.isVisible())

    def unreachable(*args: object, **kwargs: object) -> None:
        raise FetchError("the line is cut.")

    monkeypatch.setattr(download, "fetch_fashion_mnist", unreachable)
    lab.click(lab.button("Download"))
    assert lab.session.state is State.FETCHING
    lab.wait(lambda: not lab.session.busy)
    assert lab.window.banner.isVisible()
    assert lab.window.banner.text.text() == "the line is cut."


# ---- while it trains, the window answers


def test_clicks_are_handled_while_a_cnn_trains(open_window: OpenWindow) -> None:
    """How soon they are is measured: ``python -m tests.benchmarks window``, "timer late"."""
    lab = open_window(CNN)
    lab.start()
    lab.wait(lambda: lab.steps() >= 1)
    buttons = [lab.button("Class-incremental"), lab.button("Task-aware")]
    handled: list[int] = []
    for button in buttons:
        button.clicked.connect(lambda: handled.append(lab.steps()))  # after the window's own slot
    for turn in range(4):
        with lab.qtbot.waitSignal(lab.session.rowsArrived, timeout=PATIENCE_MS):
            pass  # training goes on, and the plots are busy
        post_click(buttons[turn % 2])
        lab.wait(lambda turn=turn: len(handled) > turn)  # type: ignore[misc]
        assert buttons[turn % 2].isChecked()
    assert lab.session.state is State.RUNNING, "no click waited for the run's end"
    assert handled[0] < handled[-1], "nor did training stop for clicks"


def post_click(button: Any) -> None:
    """Put a click into the event queue, as the window system does."""
    centre = QPointF(button.rect().center())
    place = QPointF(button.mapToGlobal(button.rect().center()))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
        event = QMouseEvent(kind, centre, place, left, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.postEvent(button, event)
