"""What is chosen and what is shown: settings of the run under way, names of presets, other data, what comes next."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from lwf_gui import paths
from lwf_gui.gui.choice import RECORDED_PRESET, on_data, preset_of, preset_text
from lwf_gui.gui.session import State
from lwf_gui.gui.window import LAST_RUN
from lwf_gui.protocol import Paused
from lwf_gui.recipe import compose, load_preset, preset_names
from lwf_gui.runs import files
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
    return str(lab.window.recipe._controls[key].field.text())  # type: ignore[attr-defined]


def note(lab: Lab) -> str:
    assert lab.window.next_note.isVisible() == bool(lab.window.next_note.text())
    return lab.window.next_note.text()


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
    type_into(classroom.window.recipe._controls["lwf.alpha"], "3")
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
    assert note(classroom) == "classroom is running; cnn is next."
    choose(classroom.window.bar.data, "Fashion-MNIST, full")
    assert note(classroom) == "classroom on the digits is running; cnn on Fashion-MNIST is next."
    choose(classroom.window.bar.data, "Digits")
    assert note(classroom) == "classroom is running; cnn is next.", "these are what auto found"
    classroom.session.use_data("auto")
    choose(classroom.window.bar.preset, "classroom")
    assert note(classroom) == ""
    classroom.session.change(alpha=4.0)
    assert note(classroom) == "", "the run takes a live change, too"
    type_into(classroom.window.recipe._controls["model.hidden"], "77")
    assert note(classroom) == "classroom is running; classroom (modified) is next."
    engine.outbox.put(Paused(run_id, "task1", 0))
    classroom.session.drain()
    assert "is running" in note(classroom)
    classroom.press(Qt.Key.Key_S)
    classroom.session._end(State.STOPPED)
    assert note(classroom) == "Shown: classroom. Press Run to train classroom (modified)."


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
    data = {"digits": (" on Fashion-MNIST", " on the digits")}.get(preset, ("", ""))
    assert note(lab) == f"Recorded run: classroom{data[0]}. Press Run to train {preset}{data[1]}."


def test_a_start_without_any_wish_takes_the_last_runs_recipe(open_window: OpenWindow) -> None:
    files.save(synthetic.record(), paths.state_dir() / LAST_RUN)
    lab = open_window(CLASSROOM, preset="classroom", engine=ScriptedEngine(), chosen=False)
    assert lab.session.recipe == synthetic.RECIPE
    assert lab.window.bar.preset.placeholderText() == "digits (modified)"
    assert note(lab) == ""
    assert not lab.session.can_undo
    asked = open_window(CLASSROOM, preset="classroom", engine=ScriptedEngine(), chosen=True)
    assert asked.session.recipe == CLASSROOM
    shown, following = "digits (modified) on the digits", "classroom on Fashion-MNIST"
    assert note(asked) == f"Recorded run: {shown}. Press Run to train {following}."
