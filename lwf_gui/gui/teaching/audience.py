"""The audience's predictions: asked for before a curve is shown, drawn on the plot, and compared as the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.panels.step_range import LEAD
from lwf_gui.gui.session import Session, State
from lwf_gui.gui.showing import Showing
from lwf_gui.runs.sketch import Task

if TYPE_CHECKING:
    from lwf_gui.gui.teaching.prediction import Prediction

END = 0.02
"""Part of the width right of the last step that is drawn at."""


class Audience:
    """Asks for one prediction at a time.

    Attributes
    ----------
    prediction : the one that is drawn, or stands beside its curve
    """

    def __init__(self, session: Session, showing: Showing, plots: Plots, room: Room) -> None:
        self._session, self._showing, self._plots, self._room = session, showing, plots, room
        self.prediction: Prediction | None = None
        self._to_predict = ""
        """The learner whose curve is asked for once the run waits at the head expansion."""
        showing.probed.connect(self._reveal)

    def ask(self) -> None:
        """Begin a run that waits at the head expansion, then let the audience draw the first learner's curve."""
        session, learner = self._session, self._session.recipe.names[0]
        track = session.record.incremental
        if session.state is State.PAUSED and track is not None and track.steps == 0:
            self._showing.look_at(step=None)
            self.draw(learner, "old")
            return
        session.reset()
        self._to_predict = learner
        session.run_to(0)

    def follow_state(self) -> None:
        """Let the audience draw as soon as the run that was begun for it waits."""
        state = self._session.state
        if self._to_predict and state is State.PAUSED and self._session.record.incremental is not None:
            learner, self._to_predict = self._to_predict, ""
            self._showing.look_at(step=None)
            self.draw(learner, "old")
        if state in (State.STOPPED, State.FAILED, State.FINISHED, State.RECORDED):
            self._to_predict = ""

    def draw(self, learner: str, task: Task, steps: int | None = None) -> None:
        """Let the audience draw a curve, up to a step, whose rest is then shown as it comes; all of it is in sight."""
        self.close()
        from lwf_gui.gui.teaching.prediction import Prediction  # the first paint does not wait for it

        self.prediction = Prediction(self._plots.accuracy, learner, task, steps)
        self._plots.show_whole()
        track = self._session.record.incremental
        if steps is not None and track is not None and steps < track.started.steps:
            scale = self._plots.accuracy.scale
            width = scale.place(float(steps))
            for panel in self._plots.panels:
                panel.set_x_range(-LEAD * width, scale.step((1 + END) * width))
        self._room.draw(True)
        self.prediction.drawn.connect(lambda: self._room.draw(False))
        self.prediction.closed.connect(self._forget)
        self.prediction.scored.connect(lambda _sentence: self._showing.paint())
        self._showing.refresh()

    def settle(self) -> None:
        """Take a sketch as it is when the lesson goes on; what nobody has drawn is given up."""
        if self.prediction is not None and self.prediction.stage == "drawing":
            if self.prediction.sketch.empty:
                self.prediction.close_sketch()
            else:
                self.prediction.finish()
                self._reveal()  # a page that is gone back to: the run has been there before

    def close(self) -> None:
        """Take a prediction away, if there is one."""
        if self.prediction is not None:
            self.prediction.close_sketch()

    def _reveal(self) -> None:
        track = self._session.record.incremental
        if self.prediction is not None and track is not None and track.steps:
            self.prediction.reveal()

    def _forget(self) -> None:
        self.prediction = None
        self._showing.paint()  # what nothing should tell beside the sketch may be told again
