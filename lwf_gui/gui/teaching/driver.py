"""Shows a lesson: it takes a stage, a window and its run, from step to step, and writes the caption strip.

It knows the lesson, the strip and the `Stage`; nothing of windows, sessions or engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.bar import LessonBar, Page
from lwf_gui.lessons import DATASETS, FROZEN, Lesson, LookAt, Step, Target, adapted
from lwf_gui.messages import Finished
from lwf_gui.recipe import Recipe, live_keys
from lwf_gui.runs import figures
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

Goal = int | Literal["end"]


class Stage(Protocol):
    """What a lesson needs of the window that it is shown in."""

    @property
    def rowsArrived(self) -> SignalInstance:  # noqa: N802 - the session's name, with its argument or without
        """Said when the run's record grew."""

    @property
    def stateChanged(self) -> SignalInstance:  # noqa: N802
        """Said when `state` changed."""

    def state(self) -> State:
        """Return what the run is doing."""

    def at(self) -> int | None:
        """Return the steps trained since surgery, negative in task 1; None without a run."""

    def steps_per_epoch(self) -> int | None:
        """Return the steps of a pass over the new task's images; None before surgery."""

    def samples_per_second(self, network: str) -> float | None:
        """Return how fast this machine trains a network of `lwf_gui.recipe.Model`; None if that is not known yet."""

    def train_sizes(self) -> tuple[int, int] | None:
        """Return how many training images of the old and of the new task there are; None if that is not known yet."""

    def dataset(self) -> str:
        """Return the name of the images of the run; empty without a run."""

    def record(self) -> Record:
        """Return the run that is shown."""

    def where_settings_are(self) -> str:
        """Say how to come to the settings where they are hidden; empty where they are seen."""

    def set_recipe(self, recipe: Recipe, preset: str) -> None:
        """Take a recipe for the next run; the user's choice of data stays."""

    def restart(self) -> None:
        """End the run, if any, and rewind: the next `run_to` begins a new one, with the recipe."""

    def change(self, **live: Any) -> None:
        """Change live settings, fields of `lwf_gui.recipe.Hyper`."""

    def run_to(self, step: Goal, *, anew: bool) -> None:
        """Begin a run, or go on with the one that is shown; pause after this many steps since surgery, exactly."""

    def show_panels(self, keys: Sequence[str]) -> None:
        """Bring panels to the front."""

    def look_at(self, **fields: Any) -> None:
        """Change fields of `lwf_gui.runs.selection.Look`; ``step=None`` follows the run."""

    def lock(self, fields: Sequence[str]) -> None:
        """Lock the controls of these live settings, and free all others."""

    def predict(self, learner: str, task: str) -> None:
        """Let the audience draw a curve, to be compared with the run's."""

    def close_prediction(self) -> None:
        """Take a prediction away, if there is one."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a lesson was left: all that it needs to go on, while its run is shown again."""

    lesson: Lesson
    index: int
    furthest: int
    pending: Target | None
    answers: dict[int, int | None]
    records: dict[int, Record]
    told: dict[int, str]
    adapted: dict[str, Any]
    measured: bool
    why: str


class LessonDriver(QObject):
    """One showing of a lesson."""

    closed = Signal()
    """The lesson is over, or was left; all controls are free, and recipe and run stay as they are."""

    def __init__(self, lesson: Lesson, stage: Stage, bar: LessonBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lesson = lesson
        self.index = 0
        """The step that is shown, counted from 0."""
        self.finished = False
        """Whether its last step was left forwards."""
        self._stage, self._bar = stage, bar
        self._furthest = -1
        self._answers: dict[int, int | None] = {}
        self._records: dict[int, Record] = {}  # the lesson's runs by the step that began them
        self._told: dict[int, str] = {}  # captions by step, once all their figures were there
        self._pending: Target | None = None  # what the furthest step waits for
        self._first_leg = False  # the run pauses at surgery on its way, to learn how long a pass is
        self._stalled = False  # it waits, but nothing trains
        self._queued = False  # Next was pressed too early, and is kept
        self._begun = False  # a run of this lesson has begun since the last restart
        self._adapted: dict[str, Any] = {}
        self._measured = False
        self._why = ""
        self._links = [
            (stage.rowsArrived, self._follow_rows),
            (stage.stateChanged, self._follow_state),
            (bar.next, self.next),
            (bar.back, self.back),
            (bar.chosen, self.answer),
            (bar.closed, self.close),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.lesson.step[self.index]

    @property
    def waiting(self) -> bool:
        """Whether the shown step waits for the run."""
        return self._pending is not None and self.index == self._furthest

    def start(self) -> None:
        """Show the first step."""
        self._go(0)

    def resume(self, at: Bookmark) -> None:
        """Go on where the lesson was left; its run is shown again, and what it waited for is trained when asked."""
        self.index, self._furthest, self._pending = at.index, at.furthest, at.pending
        self._answers, self._records, self._told = dict(at.answers), dict(at.records), dict(at.told)
        self._adapted, self._measured, self._why = at.adapted, at.measured, at.why
        self._stalled = self._pending is not None
        self._begun = self._records.get(self._run_of(self._furthest)) is self._stage.record()
        self._aim()
        self._show()

    def bookmark(self) -> Bookmark:
        """Return where the lesson is."""
        state = (dict(self._answers), dict(self._records), dict(self._told), self._adapted, self._measured, self._why)
        return Bookmark(self.lesson, self.index, self._furthest, self._pending, *state)

    def next(self) -> None:
        """Go on: reveal the answer, train on, or show the next step; if the run is not there yet, as soon as it is."""
        if self._asks:
            self._reveal(None)
        elif self.index == len(self.lesson.step) - 1:
            self.finished = True
            self.close()
        elif not self.waiting:
            self._go(self.index + 1)
        elif self._stalled:
            self._train()
            self._show()
        else:
            self._queued = True
            self._show()

    def back(self) -> None:
        """Show the step before, at its moment of the run; nothing is trained again."""
        self._queued = False
        if self.index:
            self._go(self.index - 1)

    def answer(self, choice: int) -> None:
        """Take the user's answer."""
        if self._asks:
            self._reveal(choice)

    def close(self) -> None:
        """End the lesson: free all controls and follow the run again."""
        if not self._links:
            return
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._stage.lock(())
        self._stage.look_at(step=None, term="")
        self._bar.leave()
        self.closed.emit()

    # Going to a step

    def _go(self, index: int) -> None:
        self.index = index
        if index > self._furthest:
            self._furthest = index
            self._act()
        self._aim()
        self._show()

    def _act(self) -> None:
        """Do what a step does when it is first shown."""
        step = self.step
        if step.restart or self.index == 0:
            self._restart()
        live = {name: step.settings[key] for name, key in live_keys().items() if key in step.settings}
        frozen = {FROZEN: step.settings[FROZEN]} if FROZEN in step.settings else {}
        changes = frozen if step.restart or self.index == 0 else live | frozen
        if changes:
            self._stage.change(**changes)
        if step.run_to is not None and not self._passed(step.run_to):
            self._pending = step.run_to
            self._train()
        else:
            self._stage.close_prediction()  # this step speaks of something else
            self._arrive()

    def _restart(self) -> None:
        """Make ready for a new run, with fewer images if this machine is known to be slow."""
        self._adapt()
        self._stage.set_recipe(self.lesson.recipe_at(self._furthest, self._adapted), self.lesson.preset)
        self._begun = False  # first: the rewinding is told, too
        self._stage.restart()

    def _adapt(self) -> bool:
        """Once the machine's speed is known, say whether the lesson must do with fewer images."""
        if self._measured:
            return False
        rate = self._stage.samples_per_second(self.lesson.recipe_at(self._furthest).model.network)
        if rate is None:
            return False
        self._measured = True
        self._adapted, self._why = adapted(self.lesson, rate, self._stage.train_sizes())
        return bool(self._adapted)

    def _train(self) -> None:
        assert self._pending is not None
        goal = self._goal(self._pending)
        self._first_leg = goal is None
        self._stalled, self._begun = False, True
        run = self._run_of(self._furthest)
        anew = self._records.get(run) is not self._stage.record()
        self._stage.run_to(0 if goal is None else goal, anew=anew)
        self._records[run] = self._stage.record()

    def _aim(self) -> None:
        """Lock, show and look as the step wants, whichever way one came to it."""
        step, so_far = self.step, self.lesson.step[: self.index + 1]
        self._stage.lock(step.locked())
        self._stage.show_panels(next((s.panels for s in reversed(so_far) if s.panels), ()))
        looks = [s.selection for s in so_far if isinstance(s.selection, LookAt)]
        fields: dict[str, Any] = {
            name: next(
                (value for selection in reversed(looks) if (value := getattr(selection, name)) is not None), None
            )
            for name in ("image", "temperature")
        }
        protocol = next((s.protocol for s in reversed(so_far) if s.protocol), "task_aware")
        kept = {name: value for name, value in fields.items() if value is not None}
        self._stage.look_at(step=self._moment(), protocol=protocol, term=step.highlight, **kept)

    def _moment(self) -> int | None:
        """Return the step of the run that is looked at: where the shown step's training ended; None follows the run."""
        selection = self.step.selection
        if selection == "live" or self._is_over:
            return None
        if isinstance(selection, LookAt) and selection.step is not None:
            return selection.step
        first = self._run_of(self.index)
        targets = [s.run_to for s in self.lesson.step[first : self.index + 1] if s.run_to is not None]
        goal, at = self._goal(targets[-1]) if targets else None, self._stage.at()
        if not isinstance(goal, int) or at is None or at <= goal or (self.waiting and targets[-1] == self._pending):
            return None
        return goal

    def _run_of(self, index: int) -> int:
        """Return the step at which the run of a step began."""
        return max((i for i in range(index + 1) if self.lesson.step[i].restart), default=0)

    @property
    def _is_over(self) -> bool:
        """Whether the shown step's run has made way for another one."""
        run = self._records.get(self._run_of(self.index))
        return run is not None and run is not self._stage.record()

    # Waiting for the run

    def _goal(self, target: Target) -> Goal | None:
        """Return a target in steps since surgery; None while the length of a pass is not known."""
        if isinstance(target, int):
            return target
        if target in ("surgery", "end"):
            return 0 if target == "surgery" else "end"
        steps = self._stage.steps_per_epoch()
        return None if steps is None else steps * int(target.removeprefix("epoch "))

    def _is_after_surgery(self) -> bool:
        at = self._stage.at()
        return at is not None and at >= 0

    def _passed(self, target: Target) -> bool:
        if not self._begun:
            return False
        if self._stage.state() is State.FINISHED:
            return True
        goal, at = self._goal(target), self._stage.at()
        return isinstance(goal, int) and at is not None and at >= goal

    def _follow_rows(self, *_grew: bool) -> None:
        if self._pending is None:
            self._tell_anew()
        elif not self._is_after_surgery() and self._adapt():  # too slow: begin again, before more time is lost
            self._restart()
            self._train()
            self._show()
        elif not self._look_whether_arrived():
            self._tell_anew()

    def _tell_anew(self) -> None:
        """Show the page again where the run has come to say more of it, or something else."""
        if self._caption() != self._bar.page.caption:
            self._show()

    def _follow_state(self) -> None:
        if self._stage.state() in (State.RECORDED, State.IDLE, State.STOPPED):
            self._begun = False
        if self._pending is None:
            self._tell_anew()
            return
        if self._look_whether_arrived():
            return
        match self._stage.state():
            case State.FAILED:
                self._why = "The run has failed; the lesson goes on without it."
                self._arrive()
            case State.PAUSED if self._first_leg and self._is_after_surgery():
                self._train()
            case State.PAUSED | State.STOPPED | State.IDLE | State.RECORDED:
                self._stalled, self._queued = True, False
            case _:
                self._stalled = False
        self._show()

    def _look_whether_arrived(self) -> bool:
        """Go on if the run is where the furthest step wanted it, and waits there."""
        assert self._pending is not None
        if self._stage.state() is State.RUNNING or not self._passed(self._pending):
            return False
        self._arrive()
        if self._queued and self.index == self._furthest:
            self._queued = False
            self._go(self.index + 1)
        else:
            self._show()
        return True

    def _arrive(self) -> None:
        if self._pending is not None:
            self._records[self._run_of(self._furthest)] = self._stage.record()
        self._pending, self._stalled = None, False
        step = self.lesson.step[self._furthest]
        if step.predict is not None and self.index == self._furthest:
            self._stage.predict(step.predict.learner, step.predict.task)

    # Saying it

    @property
    def _asks(self) -> bool:
        return self.step.question is not None and self.index not in self._answers

    def _reveal(self, choice: int | None) -> None:
        self._answers[self.index] = choice
        self._show()

    def _show(self) -> None:
        step, question, glimpse = self.step, self.step.question, self._glimpse()
        known = self.index in self._answers and question is not None
        prompt = question.text if question else step.predict.text if step.predict else ""
        status, *shorter = self._status()
        self._bar.show_page(
            Page(
                title=self.lesson.title,
                number=self.index + 1,
                count=len(self.lesson.step),
                caption=self._caption(),
                status=status,
                shorter=tuple(shorter),
                note=self._note(),
                prompt=figures.inline(prompt, glimpse),
                choices=tuple(figures.inline(choice, glimpse) for choice in question.choices) if question else (),
                answer=question.answer if question and known else None,
                chosen=self._answers.get(self.index),
                because=figures.inline(question.because, glimpse) if question else "",
                next_text=self._next_text(),
            )
        )

    def _glimpse(self) -> figures.Glimpse:
        """Return the shown step's moment of its run: what its words are about, wherever the user looks meanwhile."""
        so_far, run = self.lesson.step[: self.index + 1], self._run_of(self.index)
        protocol: ProtocolName = next((s.protocol for s in reversed(so_far) if s.protocol), "task_aware")
        looks = [s.selection for s in reversed(so_far) if isinstance(s.selection, LookAt)]
        image = next((selection.image for selection in looks if selection.image is not None), 0)
        temperature = next((selection.temperature for selection in looks if selection.temperature is not None), 2.0)
        shown = self._records[run] if self._is_over else self._stage.record()
        earlier = [record for begun, record in sorted(self._records.items()) if begun < run]
        now = figures.Glimpse(shown, Selection(protocol, None, image, temperature), earlier[-1] if earlier else None)
        target = self._spoken_of()
        there = now.at(target) if target else now
        if there is None and isinstance(shown.terminal, Finished):  # it was shorter than the lesson thought
            there = now
        return now.unreached() if there is None or self.waiting else there

    def _spoken_of(self) -> str:
        """Return the moment that the shown step's words are about, as `figures.Glimpse.at` takes it; empty for now."""
        selection = self.step.selection
        if isinstance(selection, LookAt) and selection.step is not None:
            return f"step {selection.step}"
        reached = self.lesson.step[self._run_of(self.index) : self.index + 1]
        target = next((s.run_to for s in reversed(reached) if s.run_to is not None), None)
        if selection == "live" or target is None:
            return ""
        return target if isinstance(target, str) else f"step {target}"

    def _caption(self) -> str:
        """Return the caption with the figures of the run; of a run that is over, as they were told."""
        if self._is_over and self.index in self._told:
            return self._told[self.index]
        text, complete = figures.told(self.step.caption, self._glimpse())
        if not complete:
            later = "The figures come with the run." if self.waiting else "This run has no figures for the rest."
            return f"{text} {later}".lstrip()
        if not self.waiting:
            self._told[self.index] = text
        return text

    def _next_text(self) -> str:
        if self._asks:
            return "Show answer"
        if self.index == len(self.lesson.step) - 1:
            return "Finish"
        if not self.waiting:
            return "Next"
        return "Train on" if self._stalled else f"Next, at {self._target_text()}"

    def _target_text(self) -> str:
        """Return the waiting step's target in words."""
        assert self._pending is not None
        goal = self._goal(self._pending)
        if isinstance(goal, int):
            return f"step {goal:,}" if goal else "surgery"
        return "the end" if goal == "end" else "the end of the pass"

    def _status(self) -> tuple[str, ...]:
        """Return what is going on, or of what the caption's figures are; from the longest to the shortest way."""
        if not self.waiting:
            moment = self._moment()
            if self.step.predict is not None and self.index == self._furthest:
                return ("Draw it, then go on.",)
            if figures.has_figures(self.step.caption) and (of := figures.source(self._glimpse())):
                return of
            return ("" if moment is None else f"Looking at step {moment:,}.",)
        where = self._target_text()
        if self._stalled:
            return (f"{self._stage.state().value}. Next trains on to {where}.",)
        if self._queued:
            return (f"Goes on at {where}.",)
        return ("Training the old task..." if where == "surgery" else f"Training to {where}...",)

    def _note(self) -> str:
        """Return why what is seen may not be what is said."""
        notes = [self._why]
        dataset = self._stage.dataset()
        if dataset and dataset not in DATASETS:
            notes.append(f"This lesson was written on {DATASETS[0]}; on {dataset} things may go another way.")
        if self._is_over:
            notes.append("The run of this step is over: what is said is of that one, and what you see is another.")
        if self.index == len(self.lesson.step) - 1 and not self.step.locked():
            notes.append(self._stage.where_settings_are())
        return " ".join(filter(None, notes))
