"""The status line: one moment, one number; and the key that skips to the new task."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from lwf_gui.gui.panels.text import DOTS
from lwf_gui.gui.session import State
from lwf_gui.messages import Failed, Paused, PhaseStarted, Probe, Steps
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_runs_kept import finish
from tests.runs import synthetic


def say(lab: Lab, engine: ScriptedEngine, *messages: object) -> None:
    for message in messages:
        engine.outbox.put(synthetic.of_run(message, lab.session.link.run_id))  # type: ignore[arg-type]
    lab.session.drain()


def probed(step: int) -> Probe:
    """Return the look that the engine takes at a pause."""
    (last,) = [message for message in synthetic.task2() if isinstance(message, Probe) and message.step == 10]
    return replace(last, step=step)


def test_paused_at_a_step_everything_says_that_step(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.press(Qt.Key.Key_Space)
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:8]])
    status, timeline = quiet_lab.window.status, quiet_lab.window.timeline
    quiet_lab.press(Qt.Key.Key_Space)
    say(
        quiet_lab,
        engine,
        Steps(1, "incremental", 11, synthetic.losses(3, 2), 1.2, 400),
        probed(13),
        Paused(1, "incremental", 13),
    )
    assert status.activity.text() == "Paused: task 2, epoch 2 of 3, step 13 of 30"
    assert timeline.where.text() == "step 13 of 30 (epoch 2 of 3)"
    assert status.bar.value() == round(1000 * 13 / 30)
    quiet_lab.press(Qt.Key.Key_Period)
    say(
        quiet_lab,
        engine,
        Steps(1, "incremental", 14, synthetic.losses(1, 2), 1.3, 432),
        probed(14),
        Paused(1, "incremental", 14),
    )
    assert "step 14 of 30" in status.activity.text()
    assert "step 14 of 30" in timeline.where.text()


def test_a_slow_start_is_told_with_the_key_that_skips_it(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.press(Qt.Key.Key_Space)
    begins = PhaseStarted(1, "incremental", synthetic.LEARNERS, 300, (100,))
    finish(quiet_lab, engine, [*synthetic.task1(), begins, Steps(1, "incremental", 1, synthetic.losses(3, 2), 1.0, 9)])
    say(quiet_lab, engine, probed(3))
    activity, control = quiet_lab.window.status.activity, quiet_lab.session.link.control
    assert activity.text().endswith("step 3 of 300. Slow start: W skips it")
    assert control._starts_slowly
    quiet_lab.press(Qt.Key.Key_W)
    assert not control._starts_slowly
    assert "W skips" not in activity.text()
    assert not quiet_lab.window.actions_by_id["slow_start"].isChecked()


def test_at_full_speed_the_line_and_its_bar_are_of_the_probe_that_all_panels_show(
    quiet_lab: Lab, engine: ScriptedEngine
) -> None:
    window = quiet_lab.window
    quiet_lab.press(Qt.Key.Key_Space)
    for message in [*synthetic.task1(), *synthetic.task2()[:10]]:  # five steps beyond the last probe
        say(quiet_lab, engine, message)
        window.status.refresh()
        at = moment(quiet_lab.record, None)
        if at is None:
            continue
        where = f"step {at.probe.step} of {at.track.started.steps}"
        assert window.status.activity.text().endswith(where)
        assert window.status.bar.value() == round(1000 * at.probe.step / at.track.started.steps)
    assert window.status.activity.text() == "Training: task 2, epoch 1 of 3, step 10 of 30"
    assert window.timeline.where.text().startswith("step 10 of 30")


def test_what_the_line_says_of_a_run_that_goes_on_says_that_it_is_later(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.press(Qt.Key.Key_Space)
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:8]])
    status = quiet_lab.window.status
    assert status.activity.text() == "Training: task 2, epoch 1 of 3, step 10 of 30"
    quiet_lab.window.look_at(step=0)
    assert status.activity.text() == "Training, by now: task 2, epoch 1 of 3, step 10 of 30"
    quiet_lab.press(Qt.Key.Key_L)
    assert "by now" not in status.activity.text()


def test_at_the_head_expansion_the_progress_bar_stands_at_its_beginning(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.press(Qt.Key.Key_Space)
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:4]])
    assert quiet_lab.window.status.bar.isVisible()
    assert quiet_lab.window.status.bar.value() == 0
    assert "step 0 of 30" in quiet_lab.window.status.activity.text()


def test_skip_trains_to_the_head_expansion_and_waits_there(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    session = quiet_lab.session
    quiet_lab.press(Qt.Key.Key_R)  # nothing is shown that began alike
    assert session.state is State.IDLE
    quiet_lab.press(Qt.Key.Key_N)
    assert len(engine.jobs) == 1
    assert session.link.control._target == 0
    finish(quiet_lab, engine, synthetic.task1()[:3])
    quiet_lab.press(Qt.Key.Key_Space)
    quiet_lab.press(Qt.Key.Key_N)
    assert not session.link.control.paused, "a pause on the way is over"
    assert session.link.control._target == 0
    assert len(engine.jobs) == 1


def test_skip_says_so_where_the_new_task_begins(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    activity = quiet_lab.window.status.activity
    quiet_lab.press(Qt.Key.Key_R)
    quiet_lab.press(Qt.Key.Key_N)
    assert activity.text() == "Goes to where the new task begins, and waits there"
    quiet_lab.window.status.say("")
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:4]])
    say(quiet_lab, engine, Paused(1, "incremental", 0))
    assert activity.text() == "The new task begins: Space trains it"


def test_skip_does_nothing_and_moves_no_view_once_the_new_task_has_begun(
    open_window: OpenWindow, engine: ScriptedEngine
) -> None:
    lab = open_window(engine=engine, record=synthetic.record())
    skip = lab.window.actions_by_id["skip"]
    assert not skip.isEnabled()
    lab.press(Qt.Key.Key_R)
    assert skip.isEnabled()
    lab.press(Qt.Key.Key_Space)
    finish(lab, engine, synthetic.task1())
    lab.window.look_at(step=-3)
    assert skip.isEnabled()
    lab.press(Qt.Key.Key_N)
    assert lab.window.selection.step == -3, "the view stays"
    finish(lab, engine, synthetic.task2()[:4])
    assert not skip.isEnabled()
    lab.session.run_to(None)
    lab.press(Qt.Key.Key_N)
    lab.window.session.skip()
    assert lab.window.selection.step == -3
    assert lab.session.link.control._target > 0
    assert len(engine.jobs) == 1


def test_the_data_are_said_shorter_by_words_before_their_name_is_cut(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record())
    data, label = lab.record.data, lab.window.status.data
    assert data is not None
    said = []
    for width in range(label.fontMetrics().horizontalAdvance(label.text()) + 10, 0, -1):
        label.resize(width, label.height())
        said.append(label.said())
    wordings = list(dict.fromkeys(text for text in said if DOTS not in text and text))
    assert data.device == "CPU, 1 thread, fp32"
    assert wordings == ["the digits, CPU, fp32", "the digits"]
    for told in (data.dataset, data.source, data.device):
        assert told in label.toolTip()


def test_a_class_reads_the_name_of_the_images_and_not_of_their_package(
    open_window: OpenWindow, bundled: Record
) -> None:
    status = open_window(engine=ScriptedEngine(), record=bundled).window.status
    assert status._data()[1:] == ("Fashion-MNIST, CPU, fp32", "Fashion-MNIST")
    assert "dataset-fashion-mnist" in status.data.toolTip()


def test_what_was_to_come_is_not_said_once_the_run_has_failed(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    session, said = quiet_lab.session, quiet_lab.window.status.activity
    session.reset()
    session.skip()
    assert said.text().startswith("Goes to where the new task begins")
    engine.outbox.put(Failed(session.link.run_id, "Out of memory.", "", bad_input=False))
    quiet_lab.wait_for(State.FAILED)
    assert "Trains the old task" not in said.text()
