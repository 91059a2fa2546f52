"""The Live box: after every path it shows what the run on screen uses, and what the engine and its record have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, Literal

import pytest
from PySide6.QtWidgets import QLabel

from lwf_gui.gui.session import State
from lwf_gui.messages import DataReady, LiveSettingsApplied, Stopped
from lwf_gui.recipe import LiveSettings, compose, live_keys, load_preset
from lwf_gui.runs.selection import settings_of
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

CLASSROOM = load_preset("classroom").recipe


class Desk:
    """A window on an engine that takes in every change at once, and hands that do one thing after another."""

    def __init__(self, lab: Lab, engine: ScriptedEngine) -> None:
        self.lab, self.engine, self.session = lab, engine, lab.session

    @property
    def given(self) -> LiveSettings:
        """The live settings that the engine trains with, of the learner under the user's hand."""
        held = settings_of(self.session.record, self.session.shown.alone, None)
        assert held is not None
        return held

    def answer(self) -> None:
        """Let the engine begin the run that it was given, and take in what was changed."""
        run_id, recipe = self.engine.jobs[-1]
        for message in [*synthetic.task1(), *synthetic.task2()[:4]]:
            if isinstance(message, DataReady):
                message = synthetic.data_ready(recipe)
            if not isinstance(message, LiveSettingsApplied):
                self.engine.outbox.put(synthetic.of_run(message, run_id))
        self.session.drain()
        self.take_in()

    def take_in(self) -> None:
        """Let the engine apply what the hand has changed."""
        session, changes = self.session, self.session.link.control._changes
        if changes and session.record.data is not None:
            session.link.control._changes = {}
            alone = session.shown.alone
            self.mark(replace(self.given, **changes), tuple(changes), alone)

    def mark(
        self,
        live_settings: LiveSettings,
        changed: tuple[str, ...],
        alone: str = "",
        by: Literal["user", "schedule"] = "user",
    ) -> None:
        track, run_id = self.session.record.incremental, self.session.link.run_id
        self.engine.outbox.put(
            LiveSettingsApplied(run_id, track.steps if track else 0, live_settings, changed, by, alone)
        )
        self.session.drain()

    def require_agreement(self) -> None:
        self.take_in()
        session = self.session
        shown = {name: self.shown(key) for name, key in live_keys().items()}
        frozen = self.lab.window.recipe._frozen.field.isChecked()  # type: ignore[attr-defined]
        assert shown | {"backbone_frozen": frozen} == asdict(session.live), "the box shows the live settings"
        if session.busy and not session.fetching:
            assert session.live == self.given, "and the run has them"
            assert session.live == session.live_settings
        else:
            next_one = session.recipe.live_settings()
            assert replace(session.live, backbone_frozen=next_one.backbone_frozen) == next_one, "the next run begins so"

    def shown(self, key: str) -> Any:
        control = self.lab.window.recipe._rows.controls[key]
        if control.entry is not None:
            return control.entry._field.value  # type: ignore[attr-defined]
        field: Any = control.field
        return field.isChecked() if hasattr(field, "isChecked") else field.currentText()

    # What hands do

    def run(self) -> None:
        self.session.run_or_pause()
        assert self.session.live == replace(
            self.session.recipe.live_settings(), backbone_frozen=self.session.live.backbone_frozen
        )
        self.answer()

    def end(self) -> None:
        for message in synthetic.task2()[4:]:
            if not isinstance(message, LiveSettingsApplied):
                self.engine.outbox.put(synthetic.of_run(message, self.session.link.run_id))
        self.session.drain()
        assert self.session.state is State.FINISHED

    def end_fork(self) -> None:
        self.engine.outbox.put(replace(synthetic.finished(), run_id=self.session.link.run_id))
        self.session.drain()

    def stop(self) -> None:
        self.session.stop()
        self.require_agreement()
        self.engine.outbox.put(Stopped(self.session.link.run_id))
        self.session.drain()

    def pause(self) -> None:
        self.session.set_state(State.PAUSED)

    def preset(self, name: str) -> None:
        self.session.take_preset(load_preset(name).recipe, name)

    def alpha(self, value: float = 0.1) -> None:
        self.session.change(alpha=value)

    def fork(self, learner: str = "", step: int = 0, **values: Any) -> None:
        self.session.fork(step, values or {"alpha": 0.02}, learner)
        fork = self.engine.forks[-1][2]
        if not learner:
            self.mark(fork.live_settings, ("alpha",))

    def unfreeze(self) -> None:
        """Do as the schedule does after a warm-up."""
        self.mark(replace(self.given, backbone_frozen=False), ("backbone_frozen",), by="schedule")


PATHS: dict[str, list[Callable[[Desk], object]]] = {
    "preset in a pause, stop, run": [Desk.run, Desk.pause, lambda d: d.preset("digits"), Desk.stop, Desk.run],
    "alpha, then a preset in a run, stop, run": [
        Desk.run, Desk.alpha, lambda d: d.preset("digits"), Desk.stop, Desk.run,
    ],
    "a preset in a run, then alpha, to the end, run": [
        Desk.run, lambda d: d.preset("cnn"), Desk.alpha, Desk.end, Desk.run,
    ],
    "a preset in a run, stop, alpha, run": [Desk.run, lambda d: d.preset("digits"), Desk.stop, Desk.alpha, Desk.run],
    "a new learner of a run that is over, to its end, run": [
        Desk.run, Desk.end, lambda d: d.fork("lwf"), Desk.end_fork, Desk.run,
    ],
    "alpha of a new learner alone, to its end, run": [
        Desk.run, Desk.end, lambda d: d.fork("lwf"), Desk.alpha, Desk.end_fork, Desk.run,
    ],
    "a new learner of a run under way, stop, run": [Desk.run, lambda d: d.fork("lwf"), Desk.stop, Desk.run],
    "the whole run forked, to its end, run": [Desk.run, Desk.end, Desk.fork, Desk.end_fork, Desk.run],
    "fork, undo, run": [Desk.run, Desk.end, Desk.fork, lambda d: d.session.undo(), Desk.run],
    "undo of alpha in a run": [Desk.run, Desk.alpha, lambda d: d.session.undo()],
    "undo of alpha after a run, redo, run": [
        Desk.run, Desk.alpha, Desk.end, lambda d: d.session.undo(), lambda d: d.session.redo(), Desk.run,
    ],
    "undo of a preset and of alpha in a run, stop": [
        Desk.run, Desk.alpha, lambda d: d.preset("digits"), lambda d: d.session.undo(), lambda d: d.session.undo(),
        Desk.stop,
    ],
    "undo of a run whose preset was chosen meanwhile, run": [
        Desk.run, lambda d: d.preset("digits"), Desk.alpha, Desk.end, Desk.run, lambda d: d.session.undo(), Desk.run,
    ],
    "reset with another preset, run": [
        Desk.run, Desk.alpha, lambda d: d.preset("digits"), lambda d: d.session.reset(), Desk.run,
    ],
    "open a run, run": [lambda d: d.session.show_record(synthetic.record()), Desk.run],
    "leave a run for another place, as a lesson does": [
        lambda d: setattr(d, "before", d.session.place()), Desk.run, Desk.alpha, lambda d: d.preset("digits"),
        lambda d: d.session.go_to(d.before), Desk.run,  # type: ignore[attr-defined]
    ],
    "a preset while data are fetched, run": [
        Desk.run, lambda d: d.session.fetch_data(), lambda d: d.preset("paper"),
        lambda d: d.stop(), Desk.run,
    ],
    "a backbone frozen by hand, run": [lambda d: d.session.change(backbone_frozen=True), Desk.run, Desk.end, Desk.run],
    "a warm-up that ends, twice": [lambda d: d.preset("notebook"), Desk.run, Desk.unfreeze, Desk.stop, Desk.run],
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_the_live_box_is_what_the_run_uses_after_every_path(
    open_window: OpenWindow, engine: ScriptedEngine, path: list[Callable[[Desk], object]]
) -> None:
    lab = open_window(CLASSROOM, preset="classroom", engine=engine, chosen=False, show=False)
    lab.window.recipe.complete()
    desk = Desk(lab, engine)
    desk.session.reset()
    for act in path:
        act(desk)
        desk.require_agreement()


def test_the_run_after_a_warm_up_begins_with_one_again(open_window: OpenWindow, engine: ScriptedEngine) -> None:
    desk = Desk(open_window(CLASSROOM, preset="classroom", engine=engine, chosen=False), engine)
    desk.preset("notebook")
    desk.run()
    desk.unfreeze()
    desk.stop()
    assert not desk.session.live.backbone_frozen, "so the run that is shown has ended"
    desk.run()
    assert desk.session.live.backbone_frozen
    assert desk.given.backbone_frozen
    desk.session.change(backbone_frozen=False)
    desk.require_agreement()
    desk.stop()
    desk.run()
    assert not desk.given.backbone_frozen, "a hand on a run that the next one is like is for both"


def test_the_box_names_the_learner_that_it_moves(open_window: OpenWindow, engine: ScriptedEngine) -> None:
    desk = Desk(open_window(CLASSROOM, preset="classroom", engine=engine, chosen=False), engine)
    title = desk.lab.window.recipe.title
    desk.run()
    desk.end()
    assert title.text() == "Live: turn them in task 2"
    desk.fork("lwf", 8, alpha=3.0)
    assert title.text() == "Live: LwF, alpha 3, from step 8"
    desk.end_fork()
    assert title.text() == "Live: turn them in task 2", "it is for the next run again"


TWO_LWF = 'learners=["fine-tune", {method="lwf", name="LwF 3", alpha=3.0}, {method="lwf", name="LwF low", alpha=0.3}]'


def test_a_live_setting_that_every_learner_has_for_itself_cannot_be_turned(quiet_lab: Lab) -> None:
    panel = quiet_lab.window.recipe
    assert panel._rows.controls["lwf.alpha"].isEnabled()
    assert not panel.own.isVisible()
    quiet_lab.session.set_recipe(compose("digits", [TWO_LWF]))
    assert not panel._rows.controls["lwf.alpha"].isEnabled()
    assert "Alpha of their own: LwF 3 (3) and LwF low (0.3)." in panel._rows.controls["lwf.alpha"].toolTip()
    assert panel.own.text() == "Alpha of their own: LwF 3 (3) and LwF low (0.3)."
    assert panel.own.isVisible()
    assert panel._rows.controls["lwf.temperature"].isEnabled(), "they have no T of their own"
    panel.lock(())
    assert not panel._rows.controls["lwf.alpha"].isEnabled(), "nor does a lesson that frees all free it"
    quiet_lab.session.set_recipe(compose("digits", ['learners=["replay", "joint"]']))
    assert not panel._rows.controls["lwf.temperature"].isEnabled()
    assert panel._rows.controls["task2.lr"].isEnabled()
    quiet_lab.session.undo()
    quiet_lab.session.undo()
    assert panel._rows.controls["lwf.alpha"].isEnabled()


def test_a_section_of_settings_says_which_learners_have_their_own(quiet_lab: Lab) -> None:
    panel = quiet_lab.window.recipe
    untrained = '{method="ranpac", name="untrained", backbone="untrained"}'
    quiet_lab.session.set_recipe(compose("digits", [f'learners=["ranpac", {untrained}, "replay"]']))
    (section,) = [s for s in panel._sections.values() if s.button.text() == "RanPAC"]
    section.button.setChecked(True)
    lines = {line.text() for line in section.findChildren(QLabel) if line.isVisible()}
    assert "Backbone of its own: untrained (untrained)." in lines
    assert panel._rows.controls["ranpac.backbone"].isEnabled(), "the other one follows it"
    (later,) = [s for s in panel._sections.values() if s.button.text() == "Task 2: the learners"]
    later.button.setChecked(True)
    assert not [line for line in later.findChildren(QLabel) if line.isVisible() and "of its own" in line.text()]
    few = '{method="replay", name="few", per_class=5}'
    quiet_lab.session.set_recipe(compose("digits", [f'learners=["lwf", {untrained}, {few}]']))
    told = [line.text() for line in later.findChildren(QLabel) if line.isVisible()]
    assert "Stored images of its own: few (5)." in told
    for key in ("ranpac.backbone", "replay.per_class"):
        assert not panel._rows.controls[key].isEnabled(), "nobody follows it"
        assert "of its own" in panel._rows.controls[key].toolTip()
    assert panel._rows.controls["lwf.teacher"].isEnabled()
    quiet_lab.session.undo()
    assert panel._rows.controls["ranpac.backbone"].isEnabled()


def test_with_many_tasks_the_settings_are_those_of_all_later_ones(quiet_lab: Lab) -> None:
    panel = quiet_lab.window.recipe
    assert [section.button.text() for section in panel._sections.values()][1:3] == [
        "Task 1: the teacher",
        "Task 2: the learners",
    ]
    quiet_lab.session.set_recipe(compose("digits", ["data.tasks=[[0,1],[2],[3,4]]"]))
    assert panel.title.text() == "Live: turn them from task 2 on"
    assert [section.button.text() for section in panel._sections.values()][1:3] == [
        "Task 1: the first teacher",
        "Tasks 2 to 3: the learners",
    ]


def test_learners_are_chosen_in_the_section_that_is_named_after_them(quiet_lab: Lab) -> None:
    (section,) = [s for s in quiet_lab.window.recipe._sections.values() if s.button.text() == "Task 2: the learners"]
    assert section.isAncestorOf(quiet_lab.window.recipe._rows.controls["learners"])
