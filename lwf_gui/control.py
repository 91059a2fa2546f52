"""The user's hand on a running experiment: pause, step, stop, pace and live settings.

One object is shared by the side that commands and the side that trains. It knows nothing of torch or of windows.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

SLOW_MOTION = 20.0
"""Steps per second up to which people can follow one step after another."""

SLOW_START = 10.0
"""Steps per second of the first steps of a task, where it starts slowly: forgetting happens in these."""

_NEVER = sys.maxsize


class StopRequested(Exception):  # noqa: N818 - no error: the user's wish
    """Raised inside the experiment when the user asked to stop."""


class Planned(NamedTuple):
    """A live change that shall be made after ``step`` steps of the later tasks: of the run, or of one learner alone."""

    step: int
    learner: str
    values: Mapping[str, Any]


class Control:
    """Commands from one thread, read by another at the top of every step.

    Changes are kept as differences, not as a whole set of settings: a slider moved at the moment when the schedule
    unfreezes the backbone must not freeze it again.
    """

    def __init__(self) -> None:
        self._wake = threading.Condition()  # its lock may be taken twice by one thread
        self._paused = False
        self._single_steps = 0
        self._stopped = False
        self._seconds_per_step = 0.0
        self._changes: dict[str, Any] = {}
        self._quiet = True  # nothing to read: lets `next_step` return at once, without the lock
        self._last_step = 0.0
        self._target = _NEVER
        self._slow = False
        self._starts_slowly = False
        self._planned: tuple[Planned, ...] = ()
        self._next_planned = _NEVER

    @property
    def stopped(self) -> bool:
        """Whether the user asked to stop."""
        return self._stopped

    @property
    def paused(self) -> bool:
        """Whether a pause was the last that was asked for, whether or not the step under way has ended by now."""
        return self._paused

    @property
    def slow(self) -> bool:
        """Whether the step that `next_step` allowed last was asked for alone, or is one of slow motion."""
        return self._slow

    def pause(self) -> None:
        """Wait before the next step; the step under way is completed."""
        self._set(_paused=True, _single_steps=0)

    def resume(self) -> None:
        """Go on."""
        self._set(_paused=False)

    def step(self) -> None:
        """Do one step, then wait."""
        with self._wake:
            self._set(_paused=True, _single_steps=self._single_steps + 1)

    def run_to(self, step: int | None) -> None:
        """Pause when ``step`` steps of the later tasks are done, or at once if they already are; None: go on.

        It sets the place of the pause alone: a run that is paused must be resumed to get there.
        """
        self._set(_target=_NEVER if step is None else step)

    def stop(self) -> None:
        """End the run before the next step."""
        self._set(_stopped=True)

    def pace(self, steps_per_second: float | None) -> None:
        """Slow the later tasks to so many steps a second; None is full speed. The base task is never slowed."""
        self._set(_seconds_per_step=1 / steps_per_second if steps_per_second else 0.0)

    def start_slowly(self, wanted: bool) -> None:
        """Let a task's first steps come at a pace at which people can follow them; whoever waits hears it at once."""
        self._set(_starts_slowly=wanted)

    def ease(self) -> bool:
        """Wait out the share of time of one of a task's first steps, where it starts slowly; return whether it does.

        A stop, a pause and the wish to start slowly no more end the wait.
        """
        if not self._starts_slowly or self._seconds_per_step:  # the user's pace goes before it
            return False
        with self._wake:
            left = self._last_step + 1 / SLOW_START - time.monotonic()
            self._wake.wait_for(lambda: not self._starts_slowly or self._stopped or self._paused, max(left, 0.0))
            self._last_step = time.monotonic()
            return self._starts_slowly

    def change(self, **values: Any) -> None:
        """Set fields of `lwf_gui.recipe.LiveSettings` from the next step on."""
        with self._wake:
            self._set(_changes=self._changes | values)

    def plan(self, step: int, values: Mapping[str, Any], learner: str = "") -> None:
        """Have live settings changed after ``step`` steps of the later tasks, as in the run that is continued."""
        self._replan((*self._planned, Planned(step, learner, dict(values))))

    def unplan(self, names: Container[str]) -> None:
        """Give up what is planned for these settings of the run: the user's hand goes before it."""
        self._replan(
            tuple(
                each if each.learner else each._replace(values={k: v for k, v in each.values.items() if k not in names})
                for each in self._planned
            )
        )

    def due(self, done: int) -> tuple[Planned, ...]:
        """Return, once, what is planned for the moment after ``done`` later steps, in its order."""
        if done < self._next_planned:
            return ()
        with self._wake:
            found = tuple(each for each in self._planned if each.step == done and each.values)
            self._replan(tuple(each for each in self._planned if each.step > done))
        return found

    def check(self) -> None:
        """Raise StopRequested if the user asked to stop: for long work between steps."""
        if self._stopped:
            raise StopRequested

    def next_step(self, on_pause: Callable[[], None], on_resume: Callable[[], None], done: int = -1) -> dict[str, Any]:
        """Return the changes to apply before the next step, after waiting while paused.

        ``on_pause`` is called once when waiting begins, ``on_resume`` when it ends and the run goes on. ``done`` are
        the steps of the later tasks so far, -1 before them.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        """
        if self._quiet and done < self._target:
            return {}
        with self._wake:
            self._arrive(done)
            self._wait_for_pace(done)
            if self._must_wait(done):
                on_pause()
                self._wake.wait_for(lambda: not self._must_wait(done))
                if not self._stopped:
                    on_resume()
            if self._stopped:
                raise StopRequested
            self._slow = self._paused or self._seconds_per_step >= 1 / SLOW_MOTION
            self._single_steps = max(0, self._single_steps - 1)
            changes, self._changes = self._changes, {}
            self._quiet = not (self._paused or self._seconds_per_step)
            return changes

    def _must_wait(self, done: int) -> bool:
        self._arrive(done)
        return self._paused and not self._single_steps and not self._stopped

    def _arrive(self, done: int) -> None:
        """Turn the end of `run_to` into a pause like any other, which `resume` ends."""
        if done >= self._target:
            self._target, self._paused, self._single_steps = _NEVER, True, 0

    def _wait_for_pace(self, done: int) -> None:
        """Wait out a later step's share of time, but wake for a stop, a pause or another pace."""
        now = time.monotonic()
        while (
            done >= 0
            and not (self._stopped or self._paused)
            and (left := self._last_step + self._seconds_per_step - now) > 0
        ):
            self._wake.wait(left)
            now = time.monotonic()
        self._last_step = now

    def _replan(self, planned: tuple[Planned, ...]) -> None:
        with self._wake:
            self._planned = planned
            self._next_planned = min((each.step for each in planned), default=_NEVER)

    def _set(self, **attributes: Any) -> None:
        with self._wake:
            for name, value in attributes.items():
                setattr(self, name, value)
            self._quiet = False
            self._wake.notify_all()


class StopOnly(Control):
    """Another control's wish to stop and nothing else of it: for work that is not the user's to steer."""

    def __init__(self, control: Control) -> None:
        super().__init__()
        self._whole = control

    @property
    def stopped(self) -> bool:
        """Whether the user asked to stop."""
        return self._whole.stopped

    def check(self) -> None:
        """Raise StopRequested if the user asked to stop."""
        self._whole.check()

    def next_step(self, on_pause: Callable[[], None], on_resume: Callable[[], None], done: int = -1) -> dict[str, Any]:
        """Return no changes and never wait.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        """
        self.check()
        return {}
