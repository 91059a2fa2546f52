"""The runs of a lesson: begun, adapted to this machine, and trained on to where a step wants them."""

from __future__ import annotations

from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.bookmark import Bookmark
from lwf_gui.gui.teaching.stage import Goal, Stage
from lwf_gui.lessons import LookAt, Target, adapted


class LessonRun:
    """The run on a stage that a lesson waits for."""

    def __init__(self, stage: Stage, at: Bookmark) -> None:
        self._stage, self._at = stage, at
        self.stalled = False
        """It waits, but nothing trains."""
        self.queued = False
        """Next was pressed too early, twice, and is kept."""
        self.hurried = False
        """Next was pressed too early, just now."""
        self.first_leg = False
        """It pauses at the head expansion on its way, to learn how long a pass is."""
        self.begun = False
        """A run of this lesson has begun since the last restart."""

    def resume(self) -> None:
        """Take the run that is shown again; what is waited for is trained when asked."""
        self.stalled = self._at.pending is not None
        self.begun = self._at.records.get(self._at.run_of(self._at.furthest)) is self._stage.record()

    @property
    def is_over(self) -> bool:
        """Whether the shown step's run has made way for another one."""
        run = self._at.records.get(self._at.run_of(self._at.index))
        return run is not None and run is not self._stage.record()

    @property
    def can_be_drawn(self) -> bool:
        """Whether a curve of the shown step's run can be drawn: its learners are there, and no other run is."""
        return self.has_expanded() and not (self._at.waiting or self.is_over)

    def restart(self) -> None:
        """Make ready for a new run, with as many images as those before it."""
        lesson = self._at.lesson
        self._stage.set_recipe(lesson.recipe_at(self._at.furthest, self._at.adapted), lesson.preset)
        self.begun = False  # first: the rewinding is told, too
        self._stage.restart()

    def adapt(self) -> bool:
        """Once the lesson's first run shows this machine's speed, say whether it must do with fewer images.

        This is decided once, while the old task is learnt there: figures of later runs are compared with those before.
        Where its network was kept there is nothing to be learnt, and nothing to decide: it serves as it is.
        """
        at = self._at
        if at.measured or self.has_expanded() or any(begun < at.run_of(at.furthest) for begun in at.records):
            return False
        rate = self._stage.samples_per_second(at.lesson.recipe_at(at.furthest).model.network)
        if rate is None:
            return False
        at.measured = True
        at.adapted, at.why = adapted(at.lesson, rate, self._stage.train_sizes())
        return bool(at.adapted)

    def train(self) -> None:
        """Begin a run, or go on with it, to what is waited for."""
        assert self._at.pending is not None
        goal = self.goal(self._at.pending)
        self.first_leg = goal is None
        self.stalled, self.begun = False, True
        anew = self._at.records.get(self._at.run_of(self._at.furthest)) is not self._stage.record()
        self._stage.run_to(0 if goal is None else goal, anew=anew)
        self.keep()

    def keep(self) -> None:
        """Keep the run that is shown as that of the furthest step."""
        self._at.records[self._at.run_of(self._at.furthest)] = self._stage.record()

    def goal(self, target: Target) -> Goal | None:
        """Return a target in steps since the head expansion; None while the length of a pass is not known."""
        if isinstance(target, int):
            return target
        if target in ("expansion", "end"):
            return 0 if target == "expansion" else "end"
        steps = self._stage.steps_per_epoch()
        return None if steps is None else steps * int(target.removeprefix("epoch "))

    def has_expanded(self) -> bool:
        """Whether the head has grown."""
        at = self._stage.at()
        return at is not None and at >= 0

    def passed(self, target: Target) -> bool:
        """Whether the run has come to a target, or beyond it."""
        if not self.begun:
            return False
        if self._stage.state() is State.FINISHED:
            return True
        goal, at = self.goal(target), self._stage.at()
        return isinstance(goal, int) and at is not None and at >= goal

    def looked_at(self) -> int | None:
        """Return the step of the run that is looked at: where the shown step's training ended; None follows the run."""
        look = self._at.step.look
        if look == "live" or self.is_over:
            return None
        if isinstance(look, LookAt) and look.step is not None:
            return look.step
        target = self._at.target
        goal, at = None if target is None else self.goal(target), self._stage.at()
        if not isinstance(goal, int) or at is None or at <= goal or (self._at.waiting and target == self._at.pending):
            return None
        return goal
