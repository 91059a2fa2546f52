"""The average of two networks joins the run that is shown: the key in its panel, the menu, undo, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lwf_gui.documents import files
from lwf_gui.gui.adding import TAUGHT, TRAINS
from lwf_gui.gui.panels.straight_path import StraightPathPanel
from lwf_gui.gui.panels.straight_path.place import Place
from lwf_gui.gui.session import State
from lwf_gui.messages import POINTS, TEACHER
from lwf_gui.runs.straight_path import NO_LOOKS
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.shown import click
from tests.gui.test_runs_kept import finish, undo_key

KEY = Place("average")


def panel_of(lab: Lab) -> StraightPathPanel:
    """Bring the panel to the front, as it is painted."""
    lab.window.show_panel("straight_path")
    panel = lab.window.docks.panel("straight_path")
    assert isinstance(panel, StraightPathPanel)
    lab.window.showing.refresh()
    panel.grab()
    return panel


def test_the_key_adds_the_best_mixture_and_undo_takes_it_away(lab: Lab, tmp_path: Path) -> None:
    lab.run_to_the_end()
    before, panel = lab.record, panel_of(lab)
    click(panel, Place("to", "lwf", 1))
    assert lab.window.selection.path == panel.ends == (TEACHER, "lwf")
    path = panel.path
    best = max(range(1, POINTS - 1), key=path.mean)
    assert path.mean(panel.offer.point) == path.mean(best)
    panel.setFocus()
    panel.at = next(spot for spot in panel.spots if spot.key == KEY)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    lab.wait_for(State.FINISHED)
    assert lab.record.incremental is not None
    name = lab.record.incremental.started.learners[-1]
    assert name.endswith(" LwF")
    assert " old network + " in name
    assert lab.record.incremental.started.learners == ("fine-tune", "lwf", name)
    scores, told = lab.record.evaluations[-1].scores, lab.record.data
    assert scores.items() >= before.evaluations[-1].scores.items()
    assert told is not None
    for share, size, right in zip((path.old, path.new), told.test_sizes, scores[name].task_aware, strict=True):
        assert right == pytest.approx(share[panel_point(name)] * size / 100, abs=1)  # ties
    assert [card.learner for card in lab.window.cards.cards] == ["fine-tune", "lwf", name]
    assert (name, "old") in lab.window.plots.accuracy.curves
    assert name in panel_of(lab).shown.ends
    assert lab.session.recipe.names[-1] == name, "the next run trains it, too"
    saved = tmp_path / "averaged.lwfrun"
    files.save(lab.record, saved)
    opened = files.load(saved)
    assert opened.data is not None
    assert opened.data.recipe == lab.record.data.recipe  # type: ignore[union-attr]
    assert opened.evaluations[-1].scores == lab.record.evaluations[-1].scores
    undo_key(lab)
    assert lab.record is before
    assert lab.session.recipe.names == ("fine-tune", "lwf")


def panel_point(name: str) -> int:
    """Return the point of the path that a learner's name says."""
    above, below = name.split(" + ")[1].split()[0].split("/")
    return int(above) * (POINTS - 1) // int(below)


def test_a_run_from_a_file_is_averaged_by_the_menu_under_the_protocol_that_is_shown(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    first = open_window()
    first.run_to_the_end()
    path = tmp_path / "run.lwfrun"
    files.save(first.record, path)
    lab = open_window(record=files.load(path))
    assert lab.session.state is State.RECORDED
    lab.window.look_at(protocol="class_incremental", path=("fine-tune", "lwf"))
    action = lab.window.actions_by_id["average"]
    assert action.isEnabled()
    action.trigger()
    lab.wait_for(State.FINISHED)
    spec = lab.session.recipe.learners[-1]
    assert dict(spec.own)["start"] == "fine-tune"
    assert dict(spec.own)["end"] == "lwf"
    assert spec.name in lab.record.evaluations[-1].scores
    assert lab.record.evaluations[-1].scores.items() >= first.record.evaluations[-1].scores.items()
    assert not action.isEnabled() or lab.session.recipe.learners[-1] == spec


def test_what_forbids_it_is_said_by_menu_and_status_line(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    window, action = quiet_lab.window, quiet_lab.window.actions_by_id["average"]
    quiet_lab.session.reset()
    quiet_lab.start()
    assert not action.isEnabled()
    assert TRAINS.split(":")[0] in action.toolTip()
    finish(quiet_lab, engine)
    assert "no straight paths" in action.toolTip(), "no path was told"
    said: list[str] = []
    quiet_lab.session.done.connect(said.append)
    window.docks.act("average")
    assert said == [f"Average the two networks: {NO_LOOKS}"]
    assert not engine.forks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window.action_state, "_taught", lambda: True)
        window.action_state.enable()
    assert TAUGHT in action.toolTip()
