"""What is done with a run: begin, pause, step, stop, rewind, fork; and the download of the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lwf_gui import InputError
from lwf_gui.gui import choice
from lwf_gui.gui.run.link import EngineLink
from lwf_gui.gui.run.model import RunModel
from lwf_gui.gui.run.places import Places
from lwf_gui.gui.run.shown import Branched, ShownRun
from lwf_gui.gui.run.state import State
from lwf_gui.learners import LearnerSpec
from lwf_gui.methods import subject_of
from lwf_gui.recipe import Recipe, live_keys, settings
from lwf_gui.runs import cures
from lwf_gui.runs.forks import Continuation, continued, with_learner
from lwf_gui.runs.interrupted import has_trained
from lwf_gui.runs.record import Record
from lwf_gui.runs.splits import FEWEST


class Running:
    """The user's hand on runs; the one that another takes the place of is put aside."""

    def __init__(self, model: RunModel, link: EngineLink, places: Places) -> None:
        self._model, self._link, self._places = model, link, places

    def run_or_pause(self) -> None:
        """Start, pause or resume."""
        control = self._link.control
        match self._model.state:
            case State.STOPPING | State.FETCHING:
                pass
            case State.RUNNING | State.PAUSED if control.paused:  # what was asked last, done by now or not
                control.resume()
            case State.RUNNING | State.PAUSED:
                control.pause()
            case _:
                self._begin()

    def step(self) -> None:
        """Train one step, then wait; starts a run if there is none."""
        if self._model.state in (State.STOPPING, State.FETCHING):
            return
        if not self._model.busy:
            self._begin(paused=True)
        self._link.control.step()

    def stop(self) -> None:
        """End the run or the download; what was recorded stays."""
        if self._model.busy:
            self._link.control.stop()
            self._model.set_state(State.STOPPING)

    def run_to(self, step: int | None) -> None:
        """Run, or go on, until so many steps of task 2 are done, then pause; None runs to the end."""
        if not self._model.busy:
            self._begin()
        self._link.control.run_to(step)
        self._link.control.resume()

    @property
    def can_skip(self) -> bool:
        """Whether the moment after the head expansion is still to come, of the run under way or of the next one."""
        if self._model.state in (State.STOPPING, State.FETCHING):
            return False
        return self._model.state is State.IDLE or self._model.record.incremental is None

    def skip(self) -> None:
        """Go on at full speed to the moment after the head expansion and wait there, if that is still to come."""
        if self.can_skip:
            self.run_to(0)
            many = len(self._model.recipe.data.tasks) > FEWEST
            self._model.done.emit(f"Goes to where {'task 2' if many else 'the new task'} begins, and waits there")

    def reset(self) -> None:
        """Rewind to right after the head expansion, or to the beginning of a run in task 1, with the present recipe."""
        model = self._model
        self._link.control.stop()
        self._put_aside()
        self._link.drop()  # messages of the run that is over
        model.begin_settings(None)
        rewound = model.record.rewound() if model.chosen.starts_like(model.record) else Record()
        model.shown = ShownRun(rewound, model.preset)
        model.progress = None
        model.set_state(State.IDLE)
        model.recordChanged.emit()
        model.liveSettingsChanged.emit()

    def open(self, record: Record, *, choose: bool) -> None:
        """Show a recorded run; unless ``choose`` is off, its recipe is chosen: the next run trains what is shown."""
        model, data = self._model, record.data
        if self._link.started:
            self._places.note_run("open")
        model.shown = ShownRun(record, "" if data is None else choice.preset_of(data.recipe))
        if choose and data is not None:
            model.chosen.take(data.recipe, model.shown.preset)
            model.take_live(data.recipe.live_settings())
        model.set_state(State.RECORDED)
        model.tell_all()

    def fetch(self) -> None:
        """Download Fashion-MNIST; a run under way is stopped first, and its curves stay."""
        self._link.control.stop()
        self._take_in_hand()
        self._model.fetching = True
        self._link.fetch()
        self._model.set_state(State.FETCHING)

    # Forks

    def fork(self, step: int, values: Mapping[str, Any], learner: str = "") -> None:
        """Continue from a step of the record's task 2: the whole run with other live settings, or a new branch of it.

        Parameters
        ----------
        step : steps of task 2 that stay as they were
        values : fields of `LiveSettings` that shall differ
        learner : the learner that branches off, the others go on as they were; empty: the whole run changes
        """
        new = continued(self._model.record, self._model.shown.origin, step, values, learner)
        self._continue(new, values.get("backbone_frozen") if not learner else None)

    def add(self, method: str) -> None:
        """Let a learner of a method join the run that is shown: it trains alone, and the others stay as they are."""
        data = self._model.record.data
        if self._refused() or data is None:
            return
        self.join(cures.spec_of(data.recipe, method))

    def join(self, spec: LearnerSpec) -> None:
        """Let this learner join the run that is shown."""
        model, origin = self._model, self._model.record
        if self._refused():
            return
        try:
            new = with_learner(origin, model.shown.origin, spec)
        except InputError as error:  # the run has settings that this method cannot have
            model.noticed.emit(str(error))
            return
        wanted = model.recipe
        self._continue(new, None)
        known = settings()
        taken = [known[key].label for key in model.recipe.changes_from(wanted) if key != "learners"]
        so = f"; as in this run, the next one has other: {', '.join(taken)}" if taken else ""
        model.done.emit(f"{subject_of(spec.name)} joins the run and trains alone: Undo (Ctrl+Z) leads back{so}")

    def _refused(self) -> bool:
        """Say why no learner can join the run that is shown; return whether that is so."""
        model = self._model
        problem = "A run is under way." if model.busy else cures.why_not(model.record)
        if problem:
            model.done.emit(problem)
        return bool(problem)

    def _continue(self, new: Continuation, backbone: bool | None) -> None:
        """Train what is new, where a run stands that goes on from the one that is shown."""
        model, link = self._model, self._link
        origin, before = model.record, model.place()
        assert new.record.data is not None
        link.control.stop()
        self._places.note_run("fork")
        self._take_in_hand()
        for planned in new.later:
            link.control.plan(planned.step, planned.values, planned.learner)
        branched = Branched(before, new.beside, new.fork.alone)
        model.shown = ShownRun(new.record, model.shown.preset, origin, link.run_id, branched)
        self._choose_as_in(new, origin, backbone)
        model.before_run()
        link.fork(new.record.data.recipe, new.fork)
        model.set_state(State.RUNNING)
        model.tell_all()

    def _choose_as_in(self, new: Continuation, origin: Record, backbone: bool | None) -> None:
        """Choose for the next run what the fork is trained with."""
        chosen = self._model.chosen
        assert origin.data is not None
        assert new.record.data is not None
        wanted, now = chosen.recipe, new.record.data.recipe
        changed = set(wanted.changes_from(origin.data.recipe)) - {*live_keys().values(), "data.dataset"}
        pending = {key: wanted.get(key) for key in changed}  # it waits for the next run, as was said
        preset = chosen.preset if pending or origin.data.recipe.built_like(wanted) else self._model.shown.preset
        chosen.take(_with(now, pending), preset, backbone)
        chosen.hold(new.fork.live_settings)
        self._model.take_live(new.shown)

    # Beginnings

    def _begin(self, *, paused: bool = False) -> None:
        model, link, backbone = self._model, self._link, self._model.chosen.backbone
        before = model.place() if has_trained(model.record) else None
        self._put_aside()
        self._places.forget_forth()
        self._take_in_hand()
        if paused:
            link.control.pause()
        model.shown = ShownRun(Record(), model.preset, origin=link.run_id, before=before)
        model.begin_settings(backbone)
        if backbone not in (None, model.recipe.live_settings().backbone_frozen):
            link.control.change(backbone_frozen=backbone)
        model.before_run()
        link.train(model.recipe)
        model.set_state(State.RUNNING)
        model.recordChanged.emit()
        model.liveSettingsChanged.emit()

    def _put_aside(self) -> None:
        """Keep the run that another one takes the place of: undo brings it back."""
        if has_trained(self._model.record):
            self._places.note_run("run")
            if self._model.state is not State.RECORDED:  # else it is in its file
                self._model.done.emit("The run before was put aside: Undo (Ctrl+Z) brings it back")

    def _take_in_hand(self) -> None:
        self._link.take_in_hand()
        self._model.fetching = False
        self._model.progress = None


def _with(recipe: Recipe, pending: Mapping[str, Any]) -> Recipe:
    """Return a recipe with the changes that were chosen for the next run; as it is where they do not fit it."""
    try:
        return recipe.with_settings(pending)
    except InputError:
        return recipe
