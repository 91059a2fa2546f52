"""The question before a fork: whether one can be made from the step that is looked at, and with which settings."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from lwf_gui.gui.session import Session
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.selection import Selection, moment


def why_no_fork(session: Session, selection: Selection) -> str:
    """Return why no fork can be made from where one looks, as a sentence; empty if one can."""
    record, at = session.record, moment(session.record, selection.step)
    if at is None or at.track is not record.incremental or record.data is None:
        later = "a later task" if tasks_shown.are_many(record) else "task 2"
        return f"A fork continues from a step of {later}: go there on the timeline first."
    if at.step >= at.track.started.steps:
        return "After the last step there is nothing left to train: go back on the timeline, then fork."
    return ""


def ask_and_fork(window: QWidget, session: Session, selection: Selection, say: Callable[[str], object]) -> None:
    """Ask with which settings to continue from the step that is looked at, and do so; else say why not."""
    problem = why_no_fork(session, selection)
    at = moment(session.record, selection.step)
    if problem or at is None:
        say(problem)
        return
    question = ForkDialog(at.step, session.record, window, kept=session.keeps_states)

    def follow() -> None:
        """Say it anew: the run goes on, and may end, while the question is open."""
        question.say_what_it_costs(kept=session.keeps_states)

    signals = (session.rowsArrived, session.stateChanged)
    for signal in signals:
        signal.connect(follow)
    if question.exec() == QDialog.DialogCode.Accepted:
        session.fork(at.step, question.values, question.learner)
    for signal in signals:
        signal.disconnect(follow)
    question.deleteLater()
