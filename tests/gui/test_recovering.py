"""Runs that were interrupted are offered at the start: to be opened, saved or discarded; no run is lost by closing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from lwf_gui import paths
from lwf_gui.documents import files, history, journal, kept
from lwf_gui.documents.ahead import Ahead
from lwf_gui.documents.recovery import Left, left_behind
from lwf_gui.gui import app
from lwf_gui.gui.session import State
from lwf_gui.gui.widgets.banner import Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.messages import Failed, Finished, Message, Steps, Stopped
from lwf_gui.runs.interrupted import was_interrupted
from lwf_gui.runs.record import Record
from tests.gui.conftest import Lab
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

HALF = [*synthetic.task1(), *synthetic.task2()[:6]]
"""What a run tells up to step 10 of 30 of task 2."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "INTERVAL", 0.01)


@pytest.fixture
def offering(quiet_lab: Lab) -> Iterator[Lab]:
    """Return a window that lets go of what it offered when it is closed, as the program does."""
    yield quiet_lab
    quiet_lab.window.close()
    quiet_lab.window.offers.end()


def leave(title: str = "digits") -> None:
    """Leave what a run leaves that is killed."""
    ahead, record = Ahead(paths.interrupted_dir()), Record()
    for message in HALF:
        record.apply(message)
        ahead.follow(record, message, title)
    assert ahead.close()


def train(lab: Lab, engine: ScriptedEngine, messages: list[Message] | None = None) -> Record:
    """Let a run begin and tell something; return its record."""
    lab.start()
    for message in HALF if messages is None else messages:
        engine.outbox.put(replace(message, run_id=lab.session.link.run_id))
    lab.session.drain()
    return lab.record


def offer(lab: Lab) -> str:
    lab.window.offers.make(paths.interrupted_dir())
    return next_offer(lab)


def next_offer(lab: Lab, before: str = "") -> str:
    """Wait until one is read and offered; return what is said."""
    lab.wait(lambda: lab.window.banner.text.text() not in ("", before))
    return lab.window.banner.text.text()


def journals() -> list[Path]:
    return kept.journals(paths.interrupted_dir())


def end(lab: Lab) -> None:
    """End as the program does."""
    lab.window.close()
    lab.window.keeper.end()
    lab.window.offers.end()


def recovered() -> list[Record]:
    found = []
    for left in left_behind(paths.interrupted_dir()):
        record = left.read()
        left.let_go()
        assert record is not None
        found.append(record)
    return found


def wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.002)


# The offer


def test_an_interrupted_run_is_offered_by_name_and_step_and_opened(offering: Lab) -> None:
    leave()
    said = offer(offering)
    assert said.startswith("The run of 20")
    assert said.endswith(
        " (digits; Fine-tuning, LwF) was interrupted at step 10 of 30, in task 2. It is in no file yet."
    )
    offering.click(offering.button("Open it"))
    assert offering.session.state is State.RECORDED
    assert offering.steps() == 10
    assert was_interrupted(offering.record)
    assert offering.window.status.activity.text() == (
        "Interrupted: task 2, epoch 1 of 3, step 10 of 30. Fork (F) goes on"
    )
    assert not offering.window.banner.isVisible()


def test_one_that_was_opened_is_offered_again_until_it_is_saved(
    offering: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave()
    offer(offering)
    offering.click(offering.button("Open it"))
    assert len(journals()) == 1
    assert not list(left_behind(paths.interrupted_dir())), "no other window offers it meanwhile"
    target = tmp_path / "mine.lwfrun"
    monkeypatch.setattr(FileDialogs, "ask_save", lambda *_: target)
    offering.window.files.save_run()
    assert not journals()
    assert was_interrupted(files.load(target))


def test_saving_or_discarding_an_offer_makes_the_next_one(
    offering: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("first", "second", "third"):
        leave(title)
    third = offer(offering)
    assert "third" in third
    assert third.endswith("2 more are kept.")
    target = tmp_path / "mine.lwfrun"
    monkeypatch.setattr(FileDialogs, "ask_save", lambda *_: target)
    offering.click(offering.button("Save..."))
    second = next_offer(offering)
    assert "second" in second
    assert files.load(target).incremental is not None
    offering.click(offering.button("Discard"))
    assert "first" in next_offer(offering)
    assert len(journals()) == 1


def test_a_cancelled_save_and_a_run_under_way_leave_the_offer(
    offering: Lab, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave()
    said = offer(offering)
    monkeypatch.setattr(FileDialogs, "ask_save", lambda *_: None)
    offering.click(offering.button("Save..."))
    assert offering.window.banner.text.text() == said
    record = train(offering, engine)
    assert offering.window.banner.text.text() == said, "the start of a run takes it from nobody"
    offering.click(offering.button("Open it"))
    assert offering.window.banner.text.text() == "Stop the run before you open another one."
    assert offering.record is record
    offering.window.banner.settle(Cause.ASKED)
    assert offering.window.banner.text.text() == said


def test_what_cannot_be_read_can_only_be_discarded(offering: Lab) -> None:
    paths.interrupted_dir().mkdir(parents=True)
    (paths.interrupted_dir() / "000001-00000000.lwfjournal").write_bytes(b"no journal at all, none whatever")
    assert offer(offering).startswith("What an interrupted run left cannot be opened: ")
    assert [button.text() for button in offering.window.banner.buttons] == ["Discard"]
    offering.click(offering.button("Discard"))
    assert not journals()


@pytest.mark.parametrize(
    ("watched", "options"), [(True, {}), (False, {"exit_after_run": True}), (False, {"present": True})]
)
def test_the_start_offers_it_where_somebody_watches(offering: Lab, watched: bool, options: dict[str, bool]) -> None:
    leave()
    app._after_first_paint(offering.window, app.Options("digits", autorun=True, **options), lambda: None)  # type: ignore[arg-type]
    if watched:
        next_offer(offering)
    assert offering.window.offers._timer.isActive() is False
    assert [button.text() for button in offering.window.banner.buttons] == [
        *(("Open it", "Save...", "Discard") if watched else ())
    ]
    assert len(journals()) == 1


# What is written ahead


def test_a_run_is_on_disk_while_it_trains_and_after_the_window_was_closed(
    quiet_lab: Lab, engine: ScriptedEngine
) -> None:
    train(quiet_lab, engine)
    wait(lambda: len(journals()) == 1)
    end(quiet_lab)
    (record,) = recovered()
    assert record.incremental is not None
    assert record.incremental.steps == 10
    assert was_interrupted(record)


def test_what_a_busy_window_has_not_taken_in_is_on_disk(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.start()
    for message in HALF:
        engine.outbox.put(replace(message, run_id=quiet_lab.session.link.run_id))

    def steps() -> int:
        with journals()[0].open("r+b") as file:
            record = Left(journals()[0], file).read()
        return 0 if record is None or record.incremental is None else record.incremental.steps

    wait(lambda: bool(journals()))
    wait(lambda: steps() == 10)
    assert quiet_lab.steps() == 0, "nothing was drained"


def test_a_fork_is_on_disk_with_all_before_it(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    train(quiet_lab, engine, [*HALF, Stopped(1)])
    quiet_lab.session.fork(5, {"lr": 0.5}, "")
    run_id = engine.forks[-1][0]
    engine.outbox.put(replace(synthetic.data_ready(), run_id=run_id))
    engine.outbox.put(Steps(run_id, "incremental", 6, synthetic.losses(3, 2), 1.0, 100))
    end(quiet_lab)
    (record,) = recovered()
    assert record.incremental is not None
    assert record.incremental.steps == 8


def test_a_learner_that_trains_alone_is_on_disk_beside_the_recorded_ones(
    quiet_lab: Lab, engine: ScriptedEngine
) -> None:
    train(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()])
    quiet_lab.session.fork(15, {"alpha": 3.0}, "lwf")
    run_id = engine.forks[-1][0]
    engine.outbox.put(replace(synthetic.data_ready(), run_id=run_id))
    engine.outbox.put(Steps(run_id, "incremental", 16, synthetic.losses(5, 1), 1.0, 100))
    quiet_lab.session.drain()
    end(quiet_lab)
    (record,) = recovered()
    assert record.incremental is not None
    assert record.incremental.losses.values.shape[:2] == (20, 3)


def test_a_run_that_was_stopped_is_kept_as_stopped(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    train(quiet_lab, engine, [*HALF, Stopped(1)])
    end(quiet_lab)
    (record,) = recovered()
    assert isinstance(record.outcome, Stopped)
    assert not record.outcome.interrupted


def test_a_finished_run_is_the_last_run_and_no_journal(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    record = train(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()])
    assert isinstance(record.outcome, Finished)
    end(quiet_lab)
    assert not journals()
    assert len(history.entries(paths.history_dir())) == 1


def test_a_finished_run_that_cannot_be_kept_is_offered(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    paths.history_dir().parent.mkdir(parents=True, exist_ok=True)
    paths.history_dir().touch()  # a file where the folder should be
    train(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()])
    end(quiet_lab)
    (record,) = recovered()
    assert isinstance(record.outcome, Finished)


def test_a_run_that_was_saved_or_reset_leaves_nothing(
    quiet_lab: Lab, engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(quiet_lab, engine, [*HALF, Stopped(1)])
    monkeypatch.setattr(FileDialogs, "ask_save", lambda *_: tmp_path / "mine.lwfrun")
    quiet_lab.window.files.save_run()
    wait(lambda: not journals())
    train(quiet_lab, engine)
    quiet_lab.press(Qt.Key.Key_R)
    end(quiet_lab)
    assert not journals()


def test_a_run_that_undo_brought_back_is_kept_too(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    record = train(quiet_lab, engine, [*HALF, Stopped(1)])
    train(quiet_lab, engine, [*synthetic.task1()[:4], Stopped(1)])
    quiet_lab.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert quiet_lab.record is record
    end(quiet_lab)
    (found,) = recovered()
    assert found.incremental is not None
    assert found.incremental.steps == 10


def test_a_failed_run_is_kept_and_one_that_never_trained_is_not(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    train(quiet_lab, engine, [*HALF[:2], Failed(1, "No room.", "", bad_input=False)])
    end(quiet_lab)
    assert not journals()


def test_a_disk_that_takes_nothing_is_told_once_and_the_run_goes_on(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    paths.interrupted_dir().parent.mkdir(parents=True, exist_ok=True)
    paths.interrupted_dir().touch()
    said: list[str] = []
    quiet_lab.session.noticed.connect(said.append)
    quiet_lab.start()
    for message in [*synthetic.task1(), *synthetic.task2()]:
        engine.outbox.put(replace(message, run_id=quiet_lab.session.link.run_id))
        quiet_lab.session.drain()
        time.sleep(0.005)
    assert quiet_lab.session.state is State.FINISHED
    (sentence,) = said
    assert sentence == (
        "The run goes on, but is on no disk until it has ended (what should be a folder is a file): "
        "if the program ends before, it is lost."
    )


def test_a_lessons_run_is_none_of_the_users(
    quiet_lab: Lab, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(quiet_lab.window.teaching), "on", property(lambda _: True))
    train(quiet_lab, engine)
    time.sleep(0.05)
    assert not journals()
