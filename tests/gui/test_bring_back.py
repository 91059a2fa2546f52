"""A learner of another method joins the run that is shown: the button where the forgetting is seen, undo, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from lwf_gui import lessons
from lwf_gui.documents import files
from lwf_gui.gui.actions.run import ADD
from lwf_gui.gui.adding import TRAINS
from lwf_gui.gui.panels.offer import Offer
from lwf_gui.gui.session import State
from lwf_gui.messages import Evaluated, Failed, LearnerScore, PhaseStarted, Stopped
from lwf_gui.methods import METHODS
from lwf_gui.recipe import compose
from lwf_gui.runs import cures
from tests.gui.conftest import MACHINE, QUICK, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_runs_kept import finish, undo_key
from tests.runs import synthetic

FIVE = compose(
    "digits",
    [*MACHINE, "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]", "task1.epochs=2", "task2.epochs=2"],
)


@pytest.fixture(autouse=True)
def replay_is_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever other methods there are: these tests are of how one joins."""
    monkeypatch.setattr(cures, "CURES", ("replay",))


def offer(lab: Lab) -> Offer:
    (button,) = lab.window.cards.findChildren(Offer)
    return button


def old(lab: Lab, learner: str, protocol: str = "class_incremental") -> int:
    """Return a learner's right answers on the old tasks' test images at the end."""
    return sum(lab.record.evaluations[-1].scores[learner].under(protocol)[:-1])  # type: ignore[arg-type]


@pytest.mark.parametrize("recipe", [QUICK, FIVE], ids=["two tasks", "five tasks"])
def test_one_click_brings_back_what_was_forgotten_and_undo_leads_back(
    open_window: OpenWindow, tmp_path: Path, recipe: object
) -> None:
    lab = open_window(recipe)
    lab.run_to_the_end()
    before, saved = lab.record, tmp_path / "joint.lwfrun"
    lab.click(offer(lab))
    lab.wait_for(State.FINISHED)
    one, two = before.incremental, lab.record.incremental
    assert one is not None
    assert two is not None
    assert two.started.learners == ("fine-tune", "lwf", "replay")
    theirs = [two.started.columns.index(name) for name in one.started.columns]
    np.testing.assert_array_equal(two.losses.values[:, :2][..., theirs], one.losses.values)
    assert lab.record.evaluations[-1].scores.items() >= before.evaluations[-1].scores.items()
    assert old(lab, "replay") > 5 * max(1, old(lab, "fine-tune"))
    assert [card.learner for card in lab.window.cards.cards] == ["fine-tune", "lwf", "replay"]
    assert lab.window.cards.cards[2].digits.text() != "-"
    assert ("replay", "old") in lab.window.plots.accuracy.curves or len(FIVE.data.tasks) > 2
    assert lab.session.recipe.names == ("fine-tune", "lwf", "replay"), "the next run trains all of them"
    assert lab.session.next_text == ""
    files.save(lab.record, saved)
    opened = files.load(saved)
    assert opened.incremental is not None
    assert opened.incremental.losses.values.tobytes() == two.losses.values.tobytes()
    assert opened.data is not None
    assert opened.data.recipe.names == two.started.learners
    joint = lab.record
    undo_key(lab)
    assert lab.record is before
    assert len(lab.session.recipe.names) == 2
    assert offer(lab).isVisible()
    lab.session.redo()
    assert lab.record is joint
    assert not offer(lab).isVisible(), "one of its learners remembers"


def test_an_opened_run_is_joined_by_the_same_button(open_window: OpenWindow, tmp_path: Path) -> None:
    first = open_window()
    first.run_to_the_end()
    path = tmp_path / "run.lwfrun"
    files.save(first.record, path)
    lab = open_window(record=files.load(path))
    assert lab.session.state is State.RECORDED
    lab.click(offer(lab))
    lab.wait_for(State.FINISHED)
    assert lab.record.incremental is not None
    assert lab.record.incremental.started.learners == ("fine-tune", "lwf", "replay")
    assert lab.record.evaluations[-1].scores.items() >= first.record.evaluations[-1].scores.items()


def test_run_afterwards_trains_all_of_them_to_the_same_figures(lab: Lab) -> None:
    lab.run_to_the_end()
    lab.press(Qt.Key.Key_C)
    lab.wait_for(State.FINISHED)
    joint = lab.record
    lab.run_to_the_end()
    assert lab.record is not joint
    assert lab.record.incremental is not None
    assert joint.incremental is not None
    assert lab.record.incremental.losses.values.tobytes() == joint.incremental.losses.values.tobytes()
    assert lab.record.evaluations[-1].scores == joint.evaluations[-1].scores


@pytest.fixture
def finished(quiet_lab: Lab, engine: ScriptedEngine) -> Lab:
    """Return a window in which a run has just finished, on an engine that takes notes."""
    quiet_lab.session.reset()
    quiet_lab.start()
    assert not offer(quiet_lab).isVisible(), "a run is under way"
    assert "under way" in quiet_lab.window.actions_by_id["bring_back"].toolTip()
    finish(quiet_lab, engine)
    return quiet_lab


def test_the_button_is_there_when_a_run_has_finished_that_forgets(finished: Lab, engine: ScriptedEngine) -> None:
    button, caption = offer(finished), finished.window.cards.caption
    assert button.isVisible()
    assert button.height() <= caption.height(), "it moves nothing"
    assert button.geometry().left() >= caption.geometry().right()
    finished.click(button)
    ((run_id, recipe, fork),) = engine.forks
    assert recipe.names == ("fine-tune", "lwf", "replay")
    assert (fork.origin, fork.step, fork.alone, fork.added) == (run_id - 1, 0, "replay", "replay")
    assert run_id == finished.session.link.run_id
    assert not button.isVisible()
    assert finished.session.state is State.RUNNING


def test_the_status_line_says_what_is_stored_and_where_to_look(finished: Lab, engine: ScriptedEngine) -> None:
    before = finished.record
    finished.session.bring_back()
    run_id = finished.session.link.run_id
    started = before.incremental
    assert started is not None
    assert before.data is not None
    columns = ("ce", "ce_stored", "total")
    engine.outbox.put(replace(before.data, run_id=run_id, recipe=engine.forks[0][1]))
    engine.outbox.put(
        PhaseStarted(
            run_id,
            "incremental",
            ("replay",),
            started.started.steps,
            started.started.epoch_steps,
            layers=started.started.layers,
            columns=columns,
        )
    )
    score = LearnerScore((90, 0), (90, 0), (90,), stored_bytes=9_240)
    engine.outbox.put(Evaluated(run_id, 1, 0, 0, {"replay": score}))
    finished.session.drain()
    assert finished.record.evaluations[0].scores.keys() == {"fine-tune", "lwf", "replay"}
    assert finished.window.status.activity.text() == (
        "Replay stores 20 images a class, 9.2 KB. Class-incremental accuracy (not told the task) shows it."
    )


@pytest.mark.parametrize("ends", ["learns", "is stopped"])
def test_the_others_are_seen_as_they_ended_until_the_one_that_joins_learns(
    finished: Lab, engine: ScriptedEngine, ends: str
) -> None:
    """The teacher may have to be trained again first: meanwhile all cards were empty and all curves gone."""
    window, before = finished.window, finished.record
    figures = [card.digits.text() for card in window.cards.cards]
    shown = {key: curve.getData()[0].size for key, curve in window.plots.accuracy.curves.items()}
    finished.session.bring_back()
    run_id = finished.session.link.run_id
    assert before.data is not None
    assert before.incremental is not None
    engine.outbox.put(replace(before.data, run_id=run_id, recipe=engine.forks[0][1]))
    for message in synthetic.task1()[1:]:
        engine.outbox.put(synthetic.of_run(message, run_id))
        finished.session.drain()
    assert finished.record.incremental is None, "the teacher of the one that joins trains"
    assert [card.digits.text() for card in window.cards.cards] == figures
    assert {key: curve.getData()[0].size for key, curve in window.plots.accuracy.curves.items()} == shown
    assert window.timeline.where.text().startswith("step 30 of 30")
    if ends == "is stopped":
        engine.outbox.put(Stopped(run_id))
        finished.session.drain()
        assert {card.digits.text() for card in window.cards.cards} == {"-"}, "there is no such run"
        return
    started = before.incremental.started
    begins = PhaseStarted(run_id, "incremental", ("replay",), started.steps, started.epoch_steps, layers=started.layers)
    probe = before.incremental.probes[0]
    engine.outbox.put(begins)
    engine.outbox.put(replace(probe, run_id=run_id, logits=probe.logits[:1]))
    finished.session.drain()
    assert window.accuracy.record is finished.record
    assert "-" not in {card.digits.text() for card in window.cards.cards}
    assert window.timeline.where.text().startswith("step 0 of 30")


def test_one_that_cannot_join_gives_the_run_before_back(finished: Lab, engine: ScriptedEngine) -> None:
    before = finished.record
    finished.session.bring_back()
    engine.outbox.put(Failed(finished.session.link.run_id, "Out of memory.", "", bad_input=False))
    finished.session.drain()
    assert finished.record is before
    assert finished.window.banner.text.text() == "Out of memory. The run before is shown again."
    assert finished.session.recipe.names == ("fine-tune", "lwf")
    assert offer(finished).isVisible()


def test_every_other_method_can_join_from_the_menu(finished: Lab, engine: ScriptedEngine) -> None:
    actions = finished.window.actions_by_id
    shown = {name for name in METHODS if actions[f"{ADD}{name}"].isVisible()}
    assert shown == set(METHODS) - {"fine-tune", "lwf"}
    (menu,) = [menu for menu in finished.window.menus.findChildren(QMenu) if menu.title() == "&Add a learner"]
    assert actions[f"{ADD}joint"] in menu.actions()
    actions[f"{ADD}joint"].trigger()
    assert engine.forks[0][1].names == ("fine-tune", "lwf", "joint")
    assert not actions[f"{ADD}replay"].isEnabled()
    assert "under way" in actions[f"{ADD}replay"].toolTip()


def test_a_method_that_is_there_joins_again_under_another_name(finished: Lab, engine: ScriptedEngine) -> None:
    finished.session.add_learner("lwf")
    assert engine.forks[0][1].names == ("fine-tune", "lwf", "LwF 2")
    assert engine.forks[0][2].alone == "LwF 2"


def test_nobody_joins_a_run_that_was_stopped(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.session.reset()
    quiet_lab.start()
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:4]])
    quiet_lab.session.stop()
    assert not offer(quiet_lab).isVisible()
    quiet_lab.session.bring_back()
    assert engine.forks == []


def test_there_is_no_such_button_in_a_lesson(quiet_lab: Lab) -> None:
    assert offer(quiet_lab).isVisible(), "the run that the program opens with has come to its end"
    window = quiet_lab.window
    window.teaching.begin(next(iter(lessons.available()[0].values())))
    assert not offer(quiet_lab).isVisible()
    assert "lesson" in window.actions_by_id["bring_back"].toolTip()
    window.teaching.leave()
    assert offer(quiet_lab).isVisible()


def test_the_key_says_why_nothing_happens(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    said = quiet_lab.window.status.activity
    quiet_lab.session.reset()
    quiet_lab.start()
    quiet_lab.press(Qt.Key.Key_C)
    assert said.text() == f"Bring it back: {TRAINS}"
    assert engine.forks == []
    quiet_lab.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert said.text() == "Redo cannot be done now: nothing was taken back."


def test_what_the_next_run_takes_over_from_the_joined_one_is_said(quiet_lab: Lab) -> None:
    session = quiet_lab.session
    session.use_data("fashion-mnist-part")
    session.change(lr=0.123)
    assert session.recipe.data.dataset == "fashion-mnist-part"
    assert session.recipe.task2.lr == 0.123
    quiet_lab.click(offer(quiet_lab))
    assert session.recipe.data.dataset != "fashion-mnist-part"
    said = quiet_lab.window.status.activity.text()
    assert "leads back; as in this run, the next one has other: Data" in said
    assert said.endswith("Learning rate")
