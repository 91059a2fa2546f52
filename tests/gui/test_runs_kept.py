"""No run is lost by one wrong key: what takes its place is undone with Ctrl+Z."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from lwf_gui.documents import files
from lwf_gui.gui.session import State
from lwf_gui.gui.time import undo
from lwf_gui.gui.time.undo import fit
from lwf_gui.messages import Failed, Message, Probe, Steps, Stopped
from lwf_gui.recipe import load_preset
from lwf_gui.runs.record import Record
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

CONTROL = Qt.KeyboardModifier.ControlModifier


def finish(lab: Lab, engine: ScriptedEngine, messages: list[Message] | None = None) -> Record:
    """Let the run under way end as the synthetic one does; return its record."""
    run_id = lab.session.link.run_id
    for message in messages or [*synthetic.task1(), *synthetic.task2()]:
        engine.outbox.put(replace(message, run_id=run_id))
    lab.session.drain()
    return lab.record


def undo_key(lab: Lab) -> None:
    lab.press(Qt.Key.Key_Z, CONTROL)


@pytest.fixture
def finished(quiet_lab: Lab, engine: ScriptedEngine) -> Record:
    """Return the record of a run that has just finished in the window."""
    quiet_lab.start()
    record = finish(quiet_lab, engine)
    assert quiet_lab.session.state is State.FINISHED
    return record


@pytest.mark.parametrize("key", [Qt.Key.Key_R, Qt.Key.Key_Space], ids=["reset", "run"])
def test_a_finished_run_comes_back_after_reset_or_a_new_run(quiet_lab: Lab, finished: Record, key: Qt.Key) -> None:
    quiet_lab.press(key)
    assert quiet_lab.record is not finished
    assert "Undo (Ctrl+Z) brings it back" in quiet_lab.window.status.activity.text()
    undo_key(quiet_lab)
    assert quiet_lab.record is finished
    assert quiet_lab.session.state is State.FINISHED
    assert len(quiet_lab.window.cards.cards) == 2
    assert quiet_lab.window.cards.cards[0].digits.text() != "-"


def test_reset_and_run_in_quick_succession_are_one_undo(quiet_lab: Lab, finished: Record) -> None:
    for key in (Qt.Key.Key_R, Qt.Key.Key_R, Qt.Key.Key_Space):
        quiet_lab.press(key)
    undo_key(quiet_lab)
    assert quiet_lab.record is finished


def test_undo_of_a_run_under_way_ends_it_and_redo_brings_it_back_as_far_as_it_came(
    quiet_lab: Lab, engine: ScriptedEngine, finished: Record
) -> None:
    quiet_lab.press(Qt.Key.Key_Space)
    control = quiet_lab.session.link.control
    second = finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:6]])
    undo_key(quiet_lab)
    assert control.stopped
    assert quiet_lab.record is finished
    engine.outbox.put(Steps(engine.jobs[-1][0], "incremental", 11, synthetic.losses(5, 2), 1.0, 100))
    quiet_lab.session.drain()
    assert quiet_lab.steps() == 30, "what it still says is dropped"
    quiet_lab.press(Qt.Key.Key_Y, CONTROL)
    assert quiet_lab.record is second
    assert (quiet_lab.session.state, quiet_lab.steps()) == (State.STOPPED, 10)
    assert quiet_lab.window.status.activity.text().endswith("step 10 of 30. Fork (F) goes on")
    undo_key(quiet_lab)
    assert (quiet_lab.record, quiet_lab.session.state) == (finished, State.FINISHED)


def test_a_fork_is_undone_to_the_run_before_it_and_that_is_forked_again(
    quiet_lab: Lab, engine: ScriptedEngine, finished: Record
) -> None:
    made_by = quiet_lab.session.shown.origin
    quiet_lab.session.fork(15, {"alpha": 3.0}, "lwf")
    assert quiet_lab.record is not finished
    undo_key(quiet_lab)
    assert quiet_lab.record is finished
    assert quiet_lab.session.ghost is None
    quiet_lab.session.fork(15, {"alpha": 5.0}, "lwf")
    assert [fork.origin for _, _, fork in engine.forks] == [made_by, made_by]


def test_the_recorded_learners_stay_to_the_last_bit_when_one_is_added(
    quiet_lab: Lab, engine: ScriptedEngine, finished: Record
) -> None:
    quiet_lab.session.fork(15, {"alpha": 3.0}, "lwf")
    run_id = engine.forks[-1][0]
    engine.outbox.put(Steps(run_id, "incremental", 16, synthetic.losses(15, 1, seed=5), 1.0, 100))
    engine.outbox.put(Probe(run_id, "incremental", 30, synthetic.logits(1, 3), synthetic.teacher(4)))
    quiet_lab.session.drain()
    whole, track = finished.incremental, quiet_lab.record.incremental
    assert whole is not None
    assert track is not None
    assert track.losses.values[:, :2].tobytes() == whole.losses.values.tobytes()
    assert track.probes[-1].logits[:2].tobytes() == whole.probes[-1].logits.tobytes()
    ghost, _ = quiet_lab.window.plots.accuracy.curves["lwf", "ghost"].getData()
    assert ghost[-1] == 30


def test_a_fork_that_fails_gives_back_the_run_with_its_state(
    quiet_lab: Lab, engine: ScriptedEngine, finished: Record
) -> None:
    quiet_lab.session.fork(15, {"lr": 10.0}, "")
    engine.outbox.put(Failed(engine.forks[-1][0], "No room.", "", bad_input=False))
    quiet_lab.session.drain()
    assert (quiet_lab.record, quiet_lab.session.state) == (finished, State.FINISHED)


def test_opening_a_run_is_undone_with_the_settings(quiet_lab: Lab, finished: Record, tmp_path: Path) -> None:
    path = tmp_path / "other.lwfrun"
    files.save(synthetic.record(), path)
    recipe = quiet_lab.session.recipe
    quiet_lab.window.files.open(path)
    assert quiet_lab.session.recipe == synthetic.RECIPE, "Run trains what is shown"
    assert quiet_lab.session.state is State.RECORDED
    undo_key(quiet_lab)
    assert quiet_lab.session.recipe == recipe
    assert (quiet_lab.record, quiet_lab.session.state) == (finished, State.FINISHED)


def test_what_undo_keeps_of_runs_is_bounded(
    quiet_lab: Lab, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = []
    for _ in range(undo.MOST_RUNS + 4):
        quiet_lab.press(Qt.Key.Key_Space)
        records.append(finish(quiet_lab, engine))
    kept = {id(place.record) for place, _ in quiet_lab.session.places._history._before}
    assert kept == {id(record) for record in records[-1 - undo.MOST_RUNS : -1]}
    place = quiet_lab.session.place()
    size = undo.memory(place.record)
    assert size > 30 * 2 * 4 * 4
    monkeypatch.setattr(undo, "LIMIT", size)
    assert fit([place, place])
    assert not fit([place, place._replace(record=records[0])])


def test_settings_that_were_never_run_are_no_run_put_aside(open_window: OpenWindow) -> None:
    lab = open_window(load_preset("classroom").recipe, preset="classroom", engine=ScriptedEngine(), autorun=True)
    said: list[str] = []
    lab.session.done.connect(said.append)
    lab.press(Qt.Key.Key_R)
    assert said == []
    assert not lab.session.can_undo


def half_a_teacher(lab: Lab, engine: ScriptedEngine) -> Record:
    """Run into task 1 with the keyboard, and no further; return the record."""
    lab.press(Qt.Key.Key_Space)
    return finish(lab, engine, synthetic.task1()[:4])


def test_a_run_in_task_1_is_rewound_to_its_beginning_and_comes_back(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    broken_off = half_a_teacher(quiet_lab, engine)
    quiet_lab.press(Qt.Key.Key_R)
    assert quiet_lab.session.state is State.IDLE
    assert quiet_lab.record.base is None or quiet_lab.record.base.steps == 0, "no curve is left of what is no more"
    assert "Undo (Ctrl+Z) brings it back" in quiet_lab.window.status.activity.text()
    undo_key(quiet_lab)
    assert (quiet_lab.record, quiet_lab.session.state) == (broken_off, State.STOPPED)


def test_a_run_broken_off_in_task_1_is_put_aside_by_the_next_one(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    first = half_a_teacher(quiet_lab, engine)
    quiet_lab.press(Qt.Key.Key_S)
    finish(quiet_lab, engine, [Stopped(1)])
    second = half_a_teacher(quiet_lab, engine)
    assert first is not second
    undo_key(quiet_lab)
    assert quiet_lab.record is first
    quiet_lab.press(Qt.Key.Key_Y, CONTROL)
    assert quiet_lab.record is second


def test_undo_and_redo_of_many_runs_and_settings_are_exact_inverses(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    session = quiet_lab.session
    for number in range(undo.MOST_RUNS + 1):
        quiet_lab.press(Qt.Key.Key_Space)
        finish(quiet_lab, engine)
        session.change(alpha=1.5 + number)
        session.change(lr=0.001 * (number + 1))
    quiet_lab.press(Qt.Key.Key_Space)
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:6], Stopped(1)])
    back, forth = [session.place()], list[undo.Place]()
    while session.can_undo:
        session.undo()
        back.append(session.place())
    assert len({id(place.record) for place in back}) == undo.MOST_RUNS + 1, "what is kept is reached"
    for _ in back:
        forth.append(session.place())
        session.redo()
    assert forth == back[::-1]


def test_a_run_that_cannot_begin_leaves_the_run_that_is_shown(
    quiet_lab: Lab, engine: ScriptedEngine, finished: Record
) -> None:
    before = quiet_lab.session.can_undo
    quiet_lab.press(Qt.Key.Key_Space)
    assert quiet_lab.record is not finished
    engine.outbox.put(Failed(quiet_lab.session.link.run_id, "There are no images.", "", bad_input=True))
    quiet_lab.wait(lambda: quiet_lab.record is finished)
    assert quiet_lab.session.state is State.FINISHED
    assert quiet_lab.window.banner.text.text() == "There are no images. The run before is shown again."
    assert quiet_lab.session.can_undo == before, "that was no step"


def test_a_run_that_begins_after_an_undo_is_the_only_way_on(
    quiet_lab: Lab, engine: ScriptedEngine, finished: Record
) -> None:
    session = quiet_lab.session
    quiet_lab.press(Qt.Key.Key_R)
    session.change(alpha=5.0)
    undo_key(quiet_lab)
    attempt = half_a_teacher(quiet_lab, engine)
    assert not session.can_redo, "what was taken back before it is of another branch"
    undo_key(quiet_lab)
    assert quiet_lab.record is finished
    quiet_lab.press(Qt.Key.Key_Y, CONTROL)
    assert quiet_lab.record is attempt
    assert not session.can_redo
