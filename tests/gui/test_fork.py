"""Forking in the window: what is asked, what the engine is told, and what the panels show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from lwf_gui.branches import branch_name
from lwf_gui.gui.session import State
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.messages import Failed, Finished, Message, PhaseStarted, Probe, Snapshots, Steps
from lwf_gui.recipe import Setting, live_keys, settings
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_at
from lwf_gui.runs.series import own_part
from tests.gui.conftest import ENDLESS, Lab, OpenWindow, type_into
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_runs_kept import finish
from tests.runs import five, synthetic


@pytest.fixture
def replayed(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window on a recorded run of 30 steps, on an engine that takes notes."""
    return open_window(engine=engine, record=synthetic.record())


def answer(act: Callable[[ForkDialog], None]) -> None:
    """Do something with the fork's question as soon as it is asked."""

    def do() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ForkDialog)
        act(dialog)

    QTimer.singleShot(0, do)


def test_branch_joins_the_learners_and_the_engine_is_told_exactly(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.window.look_at(step=15)
    original = replayed.record

    def choose(dialog: ForkDialog) -> None:
        assert "15" in dialog.windowTitle()
        dialog._take(setting_of("alpha"), 5.0)
        dialog.accept()

    answer(choose)
    replayed.window.actions_by_id["fork"].trigger()
    ((run_id, recipe, fork),) = engine.forks
    assert run_id == replayed.session.link.run_id
    assert recipe == synthetic.RECIPE
    assert (fork.origin, fork.step) == (0, 15)
    assert [mark.step for mark in fork.marks] == [10]
    assert fork.live_settings == settings_at(original, 16)
    (branch,) = fork.branches
    assert (branch.origin, branch.step, dict(branch.overrides)) == ("lwf", 15, {"alpha": 5.0})
    name = branch_name("lwf", 1, 15, {"alpha": 5.0})
    assert fork.alone == name == branch.learner, "the others need not be trained again"
    assert [card.learner for card in replayed.window.cards.cards] == [*synthetic.LEARNERS, name]
    assert replayed.session.state is State.RUNNING
    assert replayed.record.incremental is not None
    assert replayed.record.incremental.steps == 15
    assert original.incremental is not None
    assert original.incremental.steps == 30
    assert replayed.session.ghost is original, "its curves stay in full"
    assert replayed.window.selection.live


def test_whole_run_changes_its_settings_and_leaves_a_ghost(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.window.look_at(step=10)
    original = replayed.record

    def choose(dialog: ForkDialog) -> None:
        dialog._whole.setChecked(True)
        dialog._take(setting_of("temperature"), 9.0)
        dialog.accept()

    answer(choose)
    replayed.window.actions_by_id["fork"].trigger()
    ((_, _, fork),) = engine.forks
    held = settings_at(original, 11)
    assert held is not None
    assert fork.live_settings == replace(held, temperature=9.0)
    assert held.alpha == 2.0, "alpha was changed at step 10, so it holds from 11 on"
    assert fork.branches == ()
    assert replayed.session.ghost is original
    assert replayed.session.recipe.lwf.temperature == replayed.window.selection.temperature == 9.0
    x, _ = replayed.window.plots.accuracy.curves["lwf", "ghost"].getData()
    np.testing.assert_array_equal(x, [0, 10, 15, 30])
    assert ("lwf", "old") in replayed.window.plots.accuracy.curves


def setting_of(live: str) -> Setting:
    """Return the setting of a field of `LiveSettings`."""
    return settings()[live_keys()[live]]


def test_cancel_changes_nothing(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.window.look_at(step=10)
    before = replayed.record
    answer(lambda dialog: dialog.reject())
    replayed.window.actions_by_id["fork"].trigger()
    assert engine.forks == []
    assert replayed.record is before
    assert replayed.session.state is State.RECORDED


@pytest.mark.parametrize("step", [None, 30, -5])
def test_nothing_to_fork_at_the_end_or_in_task_1(replayed: Lab, engine: ScriptedEngine, step: int | None) -> None:
    replayed.window.look_at(step=step)
    replayed.window.actions_by_id["fork"].trigger()
    assert engine.forks == []
    assert "timeline" in replayed.window.banner.text.text()


def test_question_says_that_an_unchanged_fork_repeats_the_run(replayed: Lab) -> None:
    held = settings_at(replayed.record, 16)
    assert held is not None
    dialog = ForkDialog(15, replayed.record, replayed.window)
    assert dialog.held == held
    assert "bit for bit" in dialog._hint.text()
    alpha = setting_of("alpha")
    dialog._take(alpha, 5.0)
    assert (dialog.values, dialog.learner) == ({"alpha": 5.0}, "lwf")
    assert dialog._hint.text().startswith("1 of these")
    dialog._take(alpha, held.alpha)
    assert dialog.values == {}
    dialog._whole.setChecked(True)
    assert dialog.learner == ""
    dialog.deleteLater()


def test_forked_run_goes_on_in_the_same_record(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.session.fork(15, {}, "")
    run_id = engine.forks[0][0]
    rest = synthetic.losses(15, 2, seed=3)
    engine.outbox.put(Steps(run_id, "incremental", 16, rest, 1.0, 15 * 32))
    engine.outbox.put(Probe(run_id, "incremental", 30, synthetic.logits(2, 3), synthetic.teacher(4)))
    engine.outbox.put(Finished(run_id, {}))
    replayed.session.drain()
    track = replayed.record.incremental
    assert track is not None
    assert track.steps == 30
    np.testing.assert_array_equal(track.losses.values[15:], rest)
    assert replayed.session.state is State.FINISHED


def test_a_branch_is_drawn_from_where_it_leaves_and_its_card_says_what_is_its_own(replayed: Lab) -> None:
    replayed.session.fork(15, {"lr": 0.5, "alpha": 3.0}, "lwf")
    name = branch_name("lwf", 1, 15, {"lr": 0.5, "alpha": 3.0})
    record, plot = replayed.record, replayed.window.accuracy.plot
    assert record.incremental is not None
    whole, _ = accuracy_series(record, name, "old", "task_aware")
    own, _ = own_part(record, name, accuracy_series(record, name, "old", "task_aware"))
    steps, _ = plot.curves[name, "old"].getData()
    joint = max(step for step in whole if step <= 15)
    assert steps.tolist() == own.tolist() == [step for step in whole if step >= joint]
    assert len(own) < len(whole)
    origin, _ = plot.curves["lwf", "old"].getData()
    assert origin[0] == whole[0], "its origin's curve is not covered"
    (card,) = [card for card in replayed.window.cards.cards if card.learner == name]
    assert "Learning rate = 0.5, Alpha = 3.0" in card.toolTip()


def test_second_branch_has_a_name_of_its_own(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.session.fork(10, {"alpha": 5.0}, "lwf")
    replayed.session.fork(10, {"alpha": 9.0}, "fine-tune")
    assert [b.learner for b in engine.forks[-1][2].branches] == [
        branch_name("lwf", 1, 10, {"alpha": 5.0}),
        branch_name("fine-tune", 2, 10, {"alpha": 9.0}),
    ]
    assert engine.forks[-1][2].origin == engine.forks[0][0]


def test_real_run_forked_in_its_middle_repeats_itself_and_a_branch_differs(open_window: OpenWindow) -> None:
    recipe = ENDLESS.with_settings({"task2.epochs": 15, "train.probe_every": 5})
    lab = open_window(recipe)
    lab.run_to_the_end()
    original = lab.record.incremental
    assert original is not None
    lab.session.fork(23, {}, "")
    lab.wait_for(State.FINISHED)
    again = lab.record.incremental
    assert again is not None
    np.testing.assert_array_equal(again.losses.values, original.losses.values)
    for one, other in zip(again.probes, original.probes, strict=True):
        np.testing.assert_array_equal(one.logits, other.logits)
    lab.session.fork(23, {"alpha": 10.0}, "lwf")
    lab.wait_for(State.FINISHED)
    branched = lab.record.incremental
    assert branched is not None
    np.testing.assert_array_equal(branched.losses.values[:, :2], original.losses.values)
    assert (branched.losses.values[23:, 2] != original.losses.values[23:, 1]).any()
    np.testing.assert_array_equal(branched.losses.values[:23, 2], original.losses.values[:23, 1])
    assert lab.record.snapshots is not None
    assert lab.record.snapshots.memory <= lab.record.snapshots.limit


def test_the_question_counts_what_differs_in_good_grammar(replayed: Lab) -> None:
    dialog = ForkDialog(10, replayed.record, replayed.window)
    type_into(dialog._controls["alpha"], "3")
    assert dialog._hint.text() == "1 of these differs from the run."
    type_into(dialog._controls["temperature"], "5")
    assert dialog._hint.text() == "2 of these differ from the run."
    dialog.deleteLater()


def cost(dialog: ForkDialog) -> str:
    return dialog._cost.text()


def test_the_question_follows_a_run_that_ends_while_it_is_open(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.session.reset()
    quiet_lab.start()
    before, after = synthetic.task2()[:11], synthetic.task2()[11:]
    states = Snapshots(1, (0, 10), 1 << 20, 256 << 20)
    finish(quiet_lab, engine, [*synthetic.task1(), *before, states])
    quiet_lab.window.look_at(step=10)
    said: list[str] = []

    def act(dialog: ForkDialog) -> None:
        said.append(cost(dialog))
        finish(quiet_lab, engine, after)
        said.append(cost(dialog))
        dialog.reject()

    answer(act)
    quiet_lab.window.commands.time.fork()
    assert "The run is not complete" in said[0]
    assert "A new learner trains alone" in said[1]
    assert all("The fork begins at once." in each for each in said)


def test_the_question_promises_no_states_that_the_engine_has_let_go(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.session.reset()
    quiet_lab.start()
    states = Snapshots(1, (0, 10, 20), 1 << 20, 256 << 20)
    kept = finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:4], states, *synthetic.task2()[4:]])
    assert quiet_lab.session.keeps_states
    quiet_lab.press(Qt.Key.Key_Space)
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:8]])
    quiet_lab.session.undo()
    assert quiet_lab.record is kept
    assert kept.snapshots is not None
    quiet_lab.window.look_at(step=10)
    said: list[str] = []

    def act(dialog: ForkDialog) -> None:
        said.append(cost(dialog))
        dialog.reject()

    answer(act)
    quiet_lab.window.commands.time.fork()
    assert "its first 10 steps are trained again first" in said[0]
    assert "states of the run are kept" not in said[0]


def test_a_new_learner_alone_leaves_the_states_of_the_run_before_to_be_gone_back_to(
    quiet_lab: Lab, engine: ScriptedEngine
) -> None:
    quiet_lab.session.reset()
    quiet_lab.start()
    states = Snapshots(1, (0, 10, 20), 1 << 20, 256 << 20)
    finish(quiet_lab, engine, [*synthetic.task1(), *synthetic.task2()[:4], states, *synthetic.task2()[4:]])
    quiet_lab.session.fork(10, {"alpha": 3.0}, "lwf")
    assert not quiet_lab.session.keeps_states, "not until the engine says so"
    engine.outbox.put(replace(states, run_id=quiet_lab.session.link.run_id))
    quiet_lab.session.drain()
    assert quiet_lab.session.keeps_states
    quiet_lab.session.undo()
    assert quiet_lab.session.keeps_states


def test_fork_shows_the_settings_that_it_runs_with(replayed: Lab) -> None:
    type_into(replayed.window.recipe._rows.controls["lwf.alpha"], "50")
    replayed.session.fork(15, {"lr": 0.001}, "")
    assert replayed.session.live_settings.lr == 0.001
    assert replayed.session.recipe.task2.lr == 0.001
    assert replayed.session.recipe.lwf.alpha == 2.0, "what held at that step, not what was typed since"


def test_branch_of_a_branch_keeps_its_settings(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.session.fork(10, {"alpha": 5.0}, "lwf")
    run_id = engine.forks[-1][0]
    engine.outbox.put(synthetic.of_run(synthetic.live_settings(10, alpha=2.0), run_id))  # as the engine tells it again
    engine.outbox.put(Steps(run_id, "incremental", 11, synthetic.losses(5, 1), 1.0, 100))
    engine.outbox.put(Probe(run_id, "incremental", 15, synthetic.logits(1, 3), synthetic.teacher(4)))
    replayed.session.drain()
    first = branch_name("lwf", 1, 10, {"alpha": 5.0})
    dialog = ForkDialog(15, replayed.record, replayed.window)
    assert (dialog.learner, dialog.held.alpha) == (first, 5.0)
    dialog._origin.setCurrentIndex(1)
    assert (dialog.learner, dialog.held.alpha) == ("lwf", 2.0)
    dialog.deleteLater()
    replayed.session.fork(15, {"temperature": 7.0}, first)
    assert dict(engine.forks[-1][2].branches[-1].overrides) == {"alpha": 5.0, "temperature": 7.0}


def test_branches_that_begin_later_are_not_offered_and_numbers_never_repeat(
    replayed: Lab, engine: ScriptedEngine
) -> None:
    replayed.session.fork(10, {"alpha": 5.0}, "lwf")
    replayed.session.fork(10, {"alpha": 9.0}, "lwf")
    replayed.session.fork(10, {"alpha": 7.0}, "lwf")
    names = [b.learner for b in engine.forks[-1][2].branches]
    assert names == [branch_name("lwf", n, 10, {"alpha": alpha}) for n, alpha in ((1, 5.0), (2, 9.0), (3, 7.0))]
    labels = [label_of(name) for name in names]
    assert len(set(labels)) == 3, "branches of one step are told apart by more than their colour"
    dialog = ForkDialog(0, replayed.record, replayed.window)
    offered = [dialog._origin.itemData(index) for index in range(dialog._origin.count())]
    assert offered == list(synthetic.LEARNERS)
    dialog.deleteLater()


def test_fork_of_a_run_whose_images_are_not_there_is_refused(replayed: Lab, engine: ScriptedEngine) -> None:
    before = replayed.record
    replayed.session.fork(15, {}, "")
    run_id = engine.forks[-1][0]
    assert before.data is not None
    other = replace(before.data, run_id=run_id, probe_images=before.data.probe_images[:, ::-1].copy())
    engine.outbox.put(other)
    engine.outbox.put(Steps(run_id, "incremental", 16, synthetic.losses(1, 2), 1.0, 100))
    replayed.session.drain()
    assert "choose them under Data" in replayed.window.banner.text.text()
    assert replayed.session.state is State.RECORDED
    assert replayed.record is before, "nothing is lost"


@pytest.mark.parametrize("learner", ["", "lwf"])
def test_a_fork_that_fails_gives_the_run_before_back(replayed: Lab, engine: ScriptedEngine, learner: str) -> None:
    before, held = replayed.record, replayed.session.live_settings.lr
    replayed.session.fork(15, {"lr": 10.0}, learner)
    run_id = engine.forks[-1][0]
    engine.outbox.put(Steps(run_id, "incremental", 16, synthetic.losses(1, 1 if learner else 2), 1.0, 100))
    engine.outbox.put(Failed(run_id, "lwf diverged.", "", bad_input=False))
    replayed.session.drain()
    assert replayed.record is before
    assert replayed.session.ghost is None
    assert replayed.session.live_settings.lr == held, "the next run starts from what was"
    assert replayed.window.banner.text.text() == "lwf diverged. The run before the fork is shown again."
    replayed.session.fork(20, {}, "")
    assert engine.forks[-1][2].origin == 0, "the engine's states are of the run that failed"


def test_a_run_that_fails_shows_how_far_it_came(replayed: Lab, engine: ScriptedEngine) -> None:
    replayed.session.fork(15, {}, "")
    replayed.session.reset()
    replayed.session.run_or_pause()
    engine.outbox.put(Failed(engine.jobs[-1][0], "Out of memory.", "", bad_input=False))
    replayed.session.drain()
    assert replayed.session.state is State.FAILED
    assert replayed.window.banner.text.text() == "Out of memory."


def test_undo_leaves_alone_what_the_schedule_changed_meanwhile(replayed: Lab, engine: ScriptedEngine) -> None:
    session = replayed.session
    session.fork(15, {"backbone_frozen": True}, "")
    run_id = engine.forks[-1][0]
    session.change(alpha=4.0)
    engine.outbox.put(
        synthetic.of_run(
            synthetic.live_settings(15, "backbone_frozen", by="schedule", backbone_frozen=False, alpha=4.0), run_id
        )
    )
    session.drain()
    session.undo()
    changes = session.link.control.next_step(lambda: None, lambda: None)
    assert changes["alpha"] == 2.0
    assert "backbone_frozen" not in changes


def enabled(dialog: ForkDialog) -> set[str]:
    return {name for name, control in dialog._controls.items() if control.isEnabled()}


def with_learners(learners: tuple[Any, ...]) -> Record:
    names = tuple(each if isinstance(each, str) else each["name"] for each in learners)
    recipe = synthetic.RECIPE.with_settings({"learners": list(learners)})
    told = [synthetic.data_ready(recipe), *synthetic.task1()[1:], *synthetic.task2()]
    return synthetic.record([_with(names, message) for message in told])


def _with(names: tuple[str, ...], message: Message) -> Message:
    if isinstance(message, PhaseStarted) and message.phase == "incremental":
        return replace(message, learners=names)
    return message


def test_a_fork_begins_with_the_learner_that_distils_and_offers_what_its_method_has(quiet_lab: Lab) -> None:
    dialog = ForkDialog(10, with_learners(("lwf", "joint")), quiet_lab.window)
    assert dialog.learner == "lwf"
    assert enabled(dialog) == set(dialog._controls)
    dialog._origin.setCurrentIndex(dialog._origin.findData("joint"))
    assert enabled(dialog) == {"lr"}
    assert "Joint training has no alpha." in dialog._controls["alpha"].toolTip()
    dialog._whole.setChecked(True)
    assert enabled(dialog) == set(dialog._controls), "LwF follows them"
    dialog.deleteLater()


def test_a_fork_of_the_whole_run_offers_no_setting_that_every_learner_has_for_itself(quiet_lab: Lab) -> None:
    learners = tuple({"method": "lwf", "name": f"LwF {alpha}", "alpha": alpha} for alpha in (3.0, 0.3))
    dialog = ForkDialog(10, with_learners(learners), quiet_lab.window)
    assert "alpha" in enabled(dialog), "a branch of one of them may have another"
    dialog._whole.setChecked(True)
    assert "alpha" not in enabled(dialog)
    assert "temperature" in enabled(dialog)
    dialog.deleteLater()


def test_the_question_of_a_fork_in_a_later_task_counts_what_differs_from_that_task(quiet_lab: Lab) -> None:
    record = five.record()
    for step in (16, 20, 30):
        dialog = ForkDialog(step, record, quiet_lab.window)
        assert "bit for bit" in dialog._hint.text()
        dialog._take(setting_of("alpha"), 3.0)
        assert dialog._hint.text() == "1 of these differs from the run."
        assert f"task {record.incremental.started.task_at(step) + 1}" in dialog.windowTitle()  # type: ignore[union-attr]
        dialog.deleteLater()


def test_a_change_that_waits_for_the_next_run_still_waits_after_a_fork(replayed: Lab, engine: ScriptedEngine) -> None:
    session = replayed.session
    session.set_recipe(session.recipe.with_settings({"ranpac.projection": 3000}))
    session.fork(10, {"alpha": 3.0}, "lwf")
    assert session.recipe.get("ranpac.projection") == 3000
    assert session.record.data is not None
    assert session.record.data.recipe.get("ranpac.projection") == 2000, "the fork itself trains as the run did"
