"""What is chosen and what is shown: settings of the run under way, names of presets, other data, what comes next."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui.choice import RECORDED_PRESET, Shown, next_text, on_data, preset_of, preset_text
from lwf_gui.gui.keeping import LAST_RUN
from lwf_gui.gui.panels.text import DOTS, begun
from lwf_gui.gui.session import State
from lwf_gui.messages import LiveSettingsApplied, Message, Paused
from lwf_gui.recipe import Recipe, compose, load_preset, preset_names
from lwf_gui.runs.settings_text import setting_text
from tests.gui.conftest import Lab, OpenWindow, choose, type_into
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_runs_kept import finish
from tests.runs import synthetic

CLASSROOM = load_preset("classroom").recipe
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def classroom(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window that starts with nothing chosen."""
    return open_window(CLASSROOM, preset="classroom", engine=engine, chosen=False)


def value(lab: Lab, key: str) -> str:
    return str(lab.window.recipe._rows.controls[key].field.text())  # type: ignore[attr-defined]


def trained(recipe: Recipe) -> list[Message]:
    """Return what the engine says of a run in which nobody turns anything."""
    said = [message for message in synthetic.task2() if not isinstance(message, LiveSettingsApplied)]
    return [synthetic.data_ready(recipe), *said]


def note(lab: Lab) -> str:
    assert lab.window.next_note.isVisible() == bool(lab.window.next_note.text())
    return str(lab.window.next_note.text())


# ---- names


def test_a_preset_with_changed_settings_is_named_modified() -> None:
    assert preset_text("classroom", CLASSROOM) == "classroom"
    assert preset_text("classroom", compose("classroom", ["lwf.alpha=3"])) == "classroom (modified)"
    assert preset_text("classroom", compose("classroom", data="digits")) == "classroom", "data are named beside it"


def test_a_file_preset_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[lwf]\nalpha = 3.0\n", "utf-8")
    assert preset_text(str(path), load_preset(str(path)).recipe) == "mine"
    assert preset_text(str(path), CLASSROOM) == "mine (modified)"


def test_a_run_is_called_after_the_preset_that_it_is_made_from() -> None:
    assert [preset_of(load_preset(name).recipe) for name in preset_names()] == list(preset_names())
    assert preset_of(compose("cnn", ["seed=4", "lwf.alpha=3"])) == "cnn"
    strange = ["seed=4", "lwf.alpha=3", "task1.lr=0.3", "task1.epochs=7", "task2.epochs=9", "model.hidden=7"]
    strange += ["train.batch_size=3", "train.probe_every=7", "task1.momentum=0.1", "lwf.temperature=9"]
    assert preset_of(compose("classroom", strange)) == RECORDED_PRESET


def test_the_bar_shows_that_a_preset_was_changed(classroom: Lab) -> None:
    box = classroom.window.bar.preset
    assert box.currentText() == "classroom"
    type_into(classroom.window.recipe._rows.controls["lwf.alpha"], "3")
    assert box.currentText() == ""
    assert box.placeholderText() == "classroom (modified)"
    choose(box, "classroom")
    assert (box.currentText(), value(classroom, "lwf.alpha")) == ("classroom", "1")
    classroom.press(Qt.Key.Key_Z, CONTROL)
    assert (box.placeholderText(), value(classroom, "lwf.alpha")) == ("classroom (modified)", "3")


# ---- the run under way


def test_live_settings_are_those_of_the_run_whatever_is_chosen_next(classroom: Lab, engine: ScriptedEngine) -> None:
    classroom.session.change(alpha=3.0)
    classroom.press(Qt.Key.Key_Space)
    finish(classroom, engine, [*synthetic.task1(), *synthetic.task2()[:4]])
    choose(classroom.window.bar.preset, "notebook")
    assert classroom.session.recipe.lwf.alpha == 0.9
    assert value(classroom, "lwf.alpha") == "3"
    assert value(classroom, "task2.lr") == "0.02"
    assert value(classroom, "task2.warmup_epochs") == "3", "what takes effect with the next run is the next run's"
    classroom.session.change(temperature=5.0)
    assert value(classroom, "lwf.temperature") == "5"
    assert classroom.session.recipe.lwf.temperature == 2.0, "a hand on this run leaves the chosen preset alone"


def test_the_window_says_what_runs_and_what_is_next(classroom: Lab, engine: ScriptedEngine) -> None:
    assert note(classroom) == ""
    classroom.press(Qt.Key.Key_Space)
    run_id = engine.jobs[-1][0]
    engine.outbox.put(synthetic.of_run(synthetic.data_ready(engine.jobs[-1][1]), run_id))
    classroom.session.drain()
    choose(classroom.window.bar.preset, "cnn")
    assert note(classroom) == "Running: classroom. The next run trains cnn."
    choose(classroom.window.bar.data, "Fashion-MNIST, full")
    assert note(classroom) == "Running: classroom on the digits. The next run trains cnn on Fashion-MNIST."
    choose(classroom.window.bar.data, "Digits")
    assert note(classroom) == "Running: classroom. The next run trains cnn.", "these are what auto found"
    classroom.session.use_data("auto")
    choose(classroom.window.bar.preset, "classroom")
    assert note(classroom) == ""
    classroom.session.change(alpha=4.0)
    assert note(classroom) == "", "the run takes a live change, too"
    type_into(classroom.window.recipe._rows.controls["model.hidden"], "77")
    hidden = CLASSROOM.model.hidden
    after = "The next run trains classroom with hidden width 77."
    assert note(classroom) == f"Running: a run with hidden width {hidden}. {after}"
    engine.outbox.put(Paused(run_id, "base", 0))
    classroom.session.drain()
    assert note(classroom) == f"Paused: a run with hidden width {hidden}. {after}"
    classroom.press(Qt.Key.Key_S)
    classroom.session.end(State.STOPPED)
    shown = f"Shown: a run with alpha 1, hidden width {hidden}."
    assert note(classroom) == f"{shown} Run trains classroom with alpha 4, hidden width 77.", "it took in no change"


def test_settings_taken_back_after_a_run_are_said_to_differ_from_it(classroom: Lab, engine: ScriptedEngine) -> None:
    classroom.session.reset()
    classroom.session.change(alpha=0.5)
    classroom.session.change(lr=0.005)
    classroom.start()
    finish(classroom, engine, trained(classroom.session.recipe))
    assert note(classroom) == "", "the next run is this one again"
    classroom.session.change(lr=0.02)
    assert note(classroom) == "Shown: a run with learning rate 0.005. Run trains classroom with learning rate 0.02."
    classroom.session.change(alpha=1.0)
    assert note(classroom) == "Shown: a run with learning rate 0.005, alpha 0.5. Run trains classroom as it is."
    classroom.session.use_data("fashion-mnist")
    assert "on the digits. Run trains classroom on Fashion-MNIST." in note(classroom)


def test_a_run_changed_on_the_way_differs_from_the_recipe_that_it_began_with(
    classroom: Lab, engine: ScriptedEngine
) -> None:
    classroom.session.reset()
    classroom.start()
    mark = LiveSettingsApplied(1, 0, replace(CLASSROOM.live_settings(), alpha=0.5), ("alpha",), "user")
    first, *rest = trained(CLASSROOM)
    finish(classroom, engine, [first, mark, *rest])
    assert note(classroom) == "Shown: a run with alpha 0.5. Run trains classroom as it is."
    classroom.start()
    late = LiveSettingsApplied(1, 3, replace(CLASSROOM.live_settings(), alpha=0.5), ("alpha",), "user")
    finish(classroom, engine, [first, *rest[:-3], late, *rest[-3:]])
    assert note(classroom).startswith("Shown: a run with alpha 0.5 since step 3."), "most of it was not"
    classroom.session.reset()
    assert note(classroom) == "", "what is left is the next run's beginning, too"


def test_the_note_comes_and_goes_without_moving_anything(classroom: Lab) -> None:
    window = classroom.window
    top, row = window.bars.top, window.menu_row
    before = top.heightForWidth(window.width()), row.sizeHint().height()
    choose(window.bar.preset, "cnn")
    QApplication.processEvents()
    assert note(classroom) == "Recorded: classroom. Run trains cnn."
    assert (top.heightForWidth(window.width()), row.sizeHint().height()) == before
    width = window.next_note.fontMetrics().horizontalAdvance(note(classroom))
    assert window.next_note.width() > width, "it is read whole"


def test_the_run_button_is_as_wide_with_every_word(classroom: Lab) -> None:
    button, action = classroom.window.bar.buttons["run"], classroom.window.actions_by_id["run"]
    for word in ("Run", "Pause", "Resume"):
        action.setText(word)
        assert button.sizeHint().width() <= button.minimumWidth(), "else all that stands beside it would move"


# ---- other data


def test_other_data_keep_every_setting_that_was_changed() -> None:
    mine = compose("classroom", ["lwf.alpha=3", "seed=7"])
    recipe, preset = on_data(mine, "classroom", "digits")
    assert (recipe, preset) == (compose("digits", ["lwf.alpha=3", "seed=7"]), "digits")
    assert on_data(recipe, preset, "auto") == (mine, "classroom")
    assert on_data(compose("paper", ["seed=7"]), "paper", "digits") == (
        compose("paper", ["seed=7"], data="digits"),
        "paper",
    )
    long = compose("digits", ["task2.warmup_epochs=10"])
    assert on_data(long, "digits", "auto") == (long.with_settings({"data.dataset": "auto"}), "digits"), "it fits none"


def test_other_data_are_one_change_that_undo_takes_back(classroom: Lab) -> None:
    classroom.session.change(alpha=3.0)
    before = classroom.session.recipe
    classroom.session.use_data("digits")
    assert classroom.session.preset == "digits"
    assert classroom.session.recipe.lwf.alpha == 3.0
    classroom.session.undo()
    assert (classroom.session.recipe, classroom.session.preset) == (before, "classroom")


# ---- at the start


@pytest.mark.parametrize("preset", ["digits", "cnn"])
def test_a_first_start_with_another_preset_says_that_the_recorded_run_is_not_it(
    open_window: OpenWindow, preset: str
) -> None:
    lab = open_window(load_preset(preset).recipe, preset=preset, engine=ScriptedEngine())
    assert lab.session.state is State.RECORDED
    data = " on Fashion-MNIST" if preset == "digits" else ""
    assert note(lab) == f"Recorded: classroom{data}. Run trains {preset}."


def test_a_start_without_any_wish_takes_the_last_runs_recipe(open_window: OpenWindow) -> None:
    files.save(synthetic.record(), paths.state_dir() / LAST_RUN)
    lab = open_window(CLASSROOM, preset="classroom", engine=ScriptedEngine(), chosen=False)
    assert lab.session.recipe == synthetic.RECIPE
    assert lab.window.bar.preset.placeholderText() == "digits (modified)"
    assert note(lab) == ""
    assert not lab.session.can_undo
    asked = open_window(CLASSROOM, preset="classroom", engine=ScriptedEngine(), chosen=True)
    assert asked.session.recipe == CLASSROOM
    assert note(asked) == "Recorded: digits (modified). Run trains classroom on Fashion-MNIST."


def test_a_note_without_room_ends_after_a_whole_word_and_never_in_a_number(qapp: QApplication) -> None:
    text, metrics = "Run trains classroom with learning rate 0.015.", QFontMetricsF(qapp.font())
    whole = ceil(metrics.horizontalAdvance(text))
    assert begun(metrics, whole, text) == text
    for width in range(whole):
        shown = begun(metrics, width, text)
        assert shown == DOTS or (
            text.startswith(shown.removesuffix(f" {DOTS}") + " ") and metrics.horizontalAdvance(shown) <= width
        )
        assert "0.0" not in shown


def test_a_setting_whose_0_stands_for_another_word_is_said_so() -> None:
    recipe = synthetic.RECIPE.with_settings({"data.train_images": 0, "task2.max_step": 0.0})
    shown = Shown(synthetic.data_ready(recipe), "digits", recipe.live_settings(), "Shown")
    said = next_text(
        shown, recipe.with_settings({"data.train_images": 100, "task2.max_step": 0.2}), "digits", busy=False
    )
    assert "training images all" in said
    assert "longest step no limit" in said
    assert "images 100" in said


TWO_LWF = 'learners=["fine-tune", {method="lwf", name="LwF 3", alpha=3.0}, {method="lwf", name="LwF low", alpha=0.3}]'


def test_learners_with_names_of_their_own_are_said_by_these() -> None:
    recipe = compose("digits", ['learners=["fine-tune", {method="lwf", name="LwF 3", alpha=3.0}, "lwf"]'])
    shown = Shown(synthetic.data_ready(synthetic.RECIPE), "digits", synthetic.RECIPE.live_settings(), "Shown")
    said = next_text(shown, recipe, "digits", busy=False)
    assert "Fine-tuning and LwF 3 and LwF" in said


def test_a_window_starts_with_learners_that_have_names_of_their_own(
    open_window: OpenWindow, engine: ScriptedEngine
) -> None:
    lab = open_window(compose("digits", [TWO_LWF]), engine=engine, record=synthetic.record())
    assert "LwF 3" in note(lab)


def test_a_setting_that_no_learner_follows_makes_no_other_run() -> None:
    recipe = compose("digits", [TWO_LWF])
    shown = Shown(synthetic.data_ready(recipe), "digits", recipe.live_settings(), "Shown")
    turned = recipe.with_settings({"lwf.alpha": 7.0, "replay.per_class": 5})
    assert next_text(shown, turned, "digits", busy=False) == "", "both have an alpha of their own, and none replays"
    assert next_text(shown, turned.with_settings({"learners": ["lwf"]}), "digits", busy=False)


def test_a_run_of_many_tasks_says_once_how_many() -> None:
    recipe = CLASSROOM.with_settings({"data.tasks": [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]})
    shown = Shown(synthetic.data_ready(recipe), "classroom", recipe.live_settings(), "Recorded")
    said = next_text(shown, recipe.with_settings({"data.tasks": CLASSROOM.data.tasks}), "classroom", busy=False)
    assert said.startswith("Recorded: a run with 5 tasks of 2 classes each"), said


def test_many_tasks_are_not_called_tasks_twice() -> None:
    assert setting_text("data.tasks", ((0, 1), (2, 3), (4,))) == "3 tasks: 2, 2, 1 classes"
    assert setting_text("data.tasks", ((0, 1), (2, 3))) == "tasks 0, 1 | 2, 3"


def test_names_of_capitals_keep_them_within_a_sentence() -> None:
    assert setting_text("ewc.strength", 1000.0) == "EWC: strength 1000"
    assert setting_text("lwf.alpha", 2.0) == "alpha 2"
