"""What the engine's messages mean for the run that is shown: each goes into the record, and the views are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lwf_gui.gui.run.link import EngineLink, News
from lwf_gui.gui.run.model import RunModel
from lwf_gui.gui.run.state import State
from lwf_gui.gui.time.undo import Place
from lwf_gui.messages import (
    DataReady,
    EngineReady,
    Evaluated,
    Failed,
    Finished,
    FolderChecked,
    LiveSettingsApplied,
    LogLine,
    Message,
    Notice,
    Outcome,
    Paused,
    Progress,
    Resumed,
    Snapshots,
    Steps,
    Stopped,
)
from lwf_gui.runs import cures
from lwf_gui.runs.selection import settings_of


@dataclass(frozen=True, slots=True)
class Answers:
    """What some messages lead to that are not for the record.

    Attributes
    ----------
    use_data : chooses data for the next run
    take_folder : takes what the engine has found in a folder
    go_to : shows settings and run of a place again
    give_back : does so where the run that took its place could not begin
    """

    use_data: Callable[[str], object]
    take_folder: Callable[[FolderChecked], object]
    go_to: Callable[[Place], object]
    give_back: Callable[[Place], object]


class Inbox:
    """Takes in the messages of the job in hand."""

    def __init__(self, model: RunModel, link: EngineLink, answers: Answers) -> None:
        self._model, self._link, self._answers = model, link, answers

    def take(self, message: Message) -> News:
        """Take in one message; return what there is to paint."""
        model = self._model
        match message:
            case EngineReady():
                model.set_progress(None)
                model.engineReady.emit()
            case Progress():
                model.set_progress(message)
            case FolderChecked():
                self._answers.take_folder(message)
            case Paused():
                self._change(State.RUNNING, State.PAUSED)
            case Resumed():
                self._change(State.PAUSED, State.RUNNING)
            case DataReady() if self._goes_on() and model.shown.has_other_data_than(message):
                self._refuse_data()
            case Finished() | Stopped() | Failed() if model.fetching:
                self._finish_fetching(message)
            case Finished() | Stopped() | Failed():
                self._finish(message)
            case _:
                return self._record(message)
        return News.ALL

    def _change(self, before: State, after: State) -> None:
        if self._model.state is before:
            self._model.set_state(after)

    def _goes_on(self) -> bool:
        """Return whether the job in hand made the record that is shown."""
        return self._model.shown.origin == self._link.run_id

    # For the record

    def _record(self, message: Message) -> News:
        news = News.NOTHING
        for each in self._model.shown.joined(message):
            self._model.record.apply(each)
            self._model.followed(each)
            news = max(news, self._announce(each))
        return news

    def _announce(self, message: Message) -> News:
        """Say what has changed with the record; return what there is to paint."""
        model = self._model
        match message:
            case Steps():
                if model.progress is not None:  # what came before training is done
                    model.set_progress(None)
                return News.LOSSES
            case DataReady():
                model.progress = None
                model.recordChanged.emit()
            case LiveSettingsApplied() if message.learner in ("", model.shown.alone):
                self._take_live(message)
            case Evaluated(task=1, epoch=0) if model.shown.joins:
                model.done.emit(cures.sentence(model.record, model.shown.joins))
            case LogLine():
                model.logArrived.emit(message.text)
                return News.NOTHING
            case Notice():
                model.noticed.emit(message.text)
            case Snapshots(run_id):
                self._link.keep(run_id)
        return News.ALL

    def _take_live(self, message: LiveSettingsApplied) -> None:
        """Take what the engine trains with now; what the user has changed meanwhile stays wanted."""
        model = self._model
        held = settings_of(model.record, model.shown.alone, None)
        assert held is not None, "a run has settings"
        model.live_settings = held
        model.want(**{name: getattr(held, name) for name in message.changed})
        model.liveSettingsChanged.emit()

    # Ends

    def _refuse_data(self) -> None:
        """End a fork whose images are not those of the run that it goes on with."""
        before = self._model.record.data
        assert before is not None
        again = "add the learner" if self._model.shown.joins else "fork"
        self._link.control.stop()
        self._link.drop()
        self._model.end(State.STOPPED)
        self._give_back()
        self._model.failed.emit(
            f"This run was made on {before.dataset} ({before.source}), and these images are not there or are others "
            f"now: choose them under Data, then {again} again.",
            "",
        )

    def _finish_fetching(self, outcome: Outcome) -> None:
        model = self._model
        model.fetching = False
        model.end(State.RECORDED if model.record.incremental else State.IDLE)
        match outcome:
            case Finished():
                self._answers.use_data("auto")
                model.noticed.emit("Fashion-MNIST is here: press Run to train on it.")
            case Failed():
                model.failed.emit(outcome.cause, outcome.traceback)
            case Stopped():
                model.noticed.emit("The download was stopped; the next one goes on from there.")

    def _finish(self, outcome: Outcome) -> None:
        model = self._model
        if outcome.run_id == 0:  # the engine itself could not start; every run that is asked for ends with its own
            assert isinstance(outcome, Failed)
            model.set_progress(None)
            model.engineFailed.emit(outcome.cause, outcome.traceback)
            return
        for each in model.shown.joined(outcome):
            model.record.apply(each)
            model.followed(each)
        match outcome:
            case Finished():
                model.end(State.FINISHED)
                if model.shown.joins:
                    model.done.emit(cures.sentence(model.record, model.shown.joins))
            case Stopped():
                model.end(State.STOPPED)
            case Failed():
                model.end(State.FAILED)
                model.after_run()
                fork = "" if model.shown.joins else " the fork"
                if self._give_back():
                    back = f" The run before{fork} is shown again."
                elif outcome.bad_input and self._leave_what_was_shown():
                    back = " The run before is shown again."
                else:
                    back = ""
                model.failed.emit(outcome.cause + back, outcome.traceback)
                return
        model.after_run()

    def _leave_what_was_shown(self) -> bool:
        """Show the run again that one took the place of which could not begin; return whether there was one."""
        before = self._model.shown.before
        if before is None or self._model.record.track is not None:
            return False
        self._answers.give_back(before)
        return True

    def _give_back(self) -> bool:
        """Show the run and the settings again from which a fork failed to go on, if it was one; return whether."""
        branched = self._model.shown.branched
        if branched is None:
            return False
        self._answers.go_to(branched.before)
        return True
