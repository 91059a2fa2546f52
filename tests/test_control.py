"""The user's hand: pause, single steps, stop, pace and changes, seen from the thread that trains."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from lwf_gui.control import SLOW_START, Control, StopOnly, StopRequested

BOUND = 10.0  # seconds; no wait should come near it


def nothing() -> None:
    pass


def must_not_happen() -> None:
    raise AssertionError("not to be called here")


def next_step(control: Control) -> dict[str, Any]:
    """Ask for the next step of task 2 where no pause is in force."""
    return control.next_step(must_not_happen, must_not_happen, 0)


class Training(threading.Thread):
    """Does steps as the experiment does, each of them only when `allow` lets it end."""

    def __init__(self, control: Control) -> None:
        super().__init__()
        self.control = control
        self.steps = 0
        self.changes: list[dict[str, Any]] = []
        self.paused_after: list[int] = []
        self.resumed_after: list[int] = []
        self.stopped = False
        self._paused = threading.Semaphore(0)
        self._in_step = threading.Semaphore(0)
        self._allowed = threading.Semaphore(0)

    def run(self) -> None:
        try:
            while True:
                self.changes.append(self.control.next_step(self._on_pause, self._on_resume, self.steps))
                self._in_step.release()
                assert self._allowed.acquire(timeout=BOUND)
                self.steps += 1
        except StopRequested:
            self.stopped = True

    def wait_in_step(self) -> None:
        """Wait until a step is under way."""
        assert self._in_step.acquire(timeout=BOUND)

    def wait_paused(self) -> None:
        """Wait for the next `on_pause`."""
        assert self._paused.acquire(timeout=BOUND)

    def is_in_step(self, within: float) -> bool:
        return self._in_step.acquire(timeout=within)

    def allow(self) -> None:
        """Let the step under way end."""
        self._allowed.release()

    def end(self) -> None:
        self.control.stop()
        self.allow()
        self.join(BOUND)
        assert not self.is_alive()

    def _on_pause(self) -> None:
        self.paused_after.append(self.steps)
        self._paused.release()

    def _on_resume(self) -> None:
        self.resumed_after.append(self.steps)


@pytest.fixture
def training() -> Iterator[Training]:
    thread = Training(Control())
    thread.start()
    yield thread
    thread.end()


def test_without_commands_steps_go_on() -> None:
    control = Control()
    assert [next_step(control) for _ in range(3)] == [{}, {}, {}]


def test_pause_is_answered_after_the_step_under_way_and_before_another(training: Training) -> None:
    training.wait_in_step()
    training.allow()
    training.wait_in_step()  # the second step is under way
    training.control.pause()
    training.allow()
    training.wait_paused()
    assert not training.is_in_step(within=0.03)
    assert (training.steps, training.paused_after, training.resumed_after) == (2, [2], [])
    training.control.resume()
    training.wait_in_step()
    assert training.resumed_after == [2]


def test_single_step_does_one_step_and_waits_again(training: Training) -> None:
    training.wait_in_step()
    training.control.pause()
    training.allow()
    training.wait_paused()
    for done in (2, 3):
        training.control.step()
        training.wait_in_step()
        training.allow()
        training.wait_paused()
        assert training.steps == done
    assert not training.is_in_step(within=0.03)
    assert training.paused_after == [1, 2, 3]


def test_single_steps_asked_at_once_are_all_done(training: Training) -> None:
    training.wait_in_step()
    for _ in range(3):
        training.control.step()
    for _ in range(3):
        training.allow()
        training.wait_in_step()
    training.allow()
    training.wait_paused()
    assert training.paused_after == [4]


def test_step_on_a_running_experiment_does_one_more_and_waits(training: Training) -> None:
    training.wait_in_step()
    training.control.step()
    training.allow()
    training.wait_in_step()
    training.allow()
    training.wait_paused()
    assert training.paused_after == [2]


def test_pause_forgets_single_steps_that_were_not_done_yet(training: Training) -> None:
    training.wait_in_step()
    training.control.step()
    training.control.pause()
    training.allow()
    training.wait_paused()
    assert training.paused_after == [1]


def test_stop_while_paused_ends_without_another_step_and_without_resuming(training: Training) -> None:
    training.wait_in_step()
    training.control.pause()
    training.allow()
    training.wait_paused()
    training.control.stop()
    training.join(BOUND)
    assert training.stopped
    assert (training.steps, training.resumed_after) == (1, [])


def test_stop_goes_before_single_steps_and_changes() -> None:
    control = Control()
    control.step()
    control.change(alpha=2.0)
    control.stop()
    assert control.stopped
    for _ in range(2):  # and stays
        with pytest.raises(StopRequested):
            next_step(control)


def test_stop_before_the_first_step_is_heard() -> None:
    control = Control()
    assert not control.stopped
    control.stop()
    with pytest.raises(StopRequested):
        next_step(control)


def test_changes_merge_as_differences_and_are_delivered_once() -> None:
    control = Control()
    control.change(alpha=2.0, lr=0.1)
    control.change(alpha=3.0)
    control.change(backbone_frozen=False)
    assert next_step(control) == {"alpha": 3.0, "lr": 0.1, "backbone_frozen": False}
    assert next_step(control) == {}


def test_changes_made_in_a_pause_are_delivered_with_the_next_step_alone(training: Training) -> None:
    training.wait_in_step()
    training.control.pause()
    training.allow()
    training.wait_paused()
    training.control.change(alpha=2.0)
    assert not training.is_in_step(within=0.03)  # a change does not end the pause
    training.control.change(lr=0.5)
    for _ in range(2):
        training.control.step()
        training.wait_in_step()
        training.allow()
        training.wait_paused()
    assert training.changes == [{}, {"alpha": 2.0, "lr": 0.5}, {}]


def test_changes_from_another_thread_are_neither_lost_nor_doubled() -> None:
    control, received = Control(), list[int]()

    def move_a_slider() -> None:
        for value in range(500):
            control.change(**{f"v{value}": value})

    slider = threading.Thread(target=move_a_slider)
    slider.start()
    while slider.is_alive():
        received.extend(next_step(control).values())
    slider.join()
    received.extend(next_step(control).values())
    assert received == list(range(500))


def test_pace_spaces_the_steps() -> None:
    control = Control()
    control.pace(50)
    next_step(control)
    started = time.monotonic()
    for _ in range(3):
        next_step(control)
    assert time.monotonic() - started >= 3 / 50 - 0.002


def test_full_speed_waits_no_more() -> None:
    control = Control()
    control.pace(0.02)
    next_step(control)
    control.pace(None)
    started = time.monotonic()
    for _ in range(3):
        next_step(control)
    assert time.monotonic() - started < BOUND


def wait_in_slow_pace(training: Training) -> None:
    """Let the step under way end and one more, which a new pace lets go at once; the next is 50 s off."""
    training.control.pace(0.02)
    training.allow()
    training.wait_in_step()
    training.allow()


@pytest.mark.parametrize("interruption", ["stop", "pause", "full speed"])
def test_slow_pace_is_interrupted(training: Training, interruption: str) -> None:
    training.wait_in_step()
    wait_in_slow_pace(training)
    assert not training.is_in_step(within=0.03)
    if interruption == "stop":
        training.control.stop()
        training.join(BOUND)
        assert training.stopped
    elif interruption == "pause":
        training.control.pause()
        training.wait_paused()
    else:
        training.control.pace(None)
        training.wait_in_step()
    assert training.steps == 2


def test_a_slow_start_spaces_first_steps_only_where_it_is_wanted_and_no_pace_is_chosen() -> None:
    control = Control()
    assert not control.ease()
    control.start_slowly(True)
    started = time.monotonic()
    assert all(control.ease() for _ in range(3))
    assert time.monotonic() - started >= 2 / SLOW_START - 0.002
    control.pace(50)
    assert not control.ease()


@pytest.mark.parametrize("interruption", ["stop", "pause", "skip"])
def test_a_slow_start_is_interrupted(interruption: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lwf_gui.control.SLOW_START", 0.02)
    control = Control()
    control.start_slowly(True)
    control.ease()
    waiting = threading.Thread(target=control.ease)
    waiting.start()
    waiting.join(0.03)
    assert waiting.is_alive()
    match interruption:
        case "stop":
            control.stop()
        case "pause":
            control.pause()
        case _:
            control.start_slowly(False)
    waiting.join(BOUND)
    assert not waiting.is_alive()


def test_changes_are_kept_while_the_pace_waits(training: Training) -> None:
    training.wait_in_step()
    wait_in_slow_pace(training)
    training.control.change(alpha=2.0)
    assert not training.is_in_step(within=0.03)
    training.control.pace(None)
    training.wait_in_step()
    assert training.changes[-1] == {"alpha": 2.0}


def test_run_to_pauses_when_so_many_steps_are_done_and_no_earlier(training: Training) -> None:
    training.wait_in_step()
    training.control.run_to(4)
    for _ in range(3):
        training.allow()
        training.wait_in_step()
    training.allow()
    training.wait_paused()
    assert (training.steps, training.paused_after) == (4, [4])
    assert not training.is_in_step(within=0.03)
    training.control.resume()
    for _ in range(3):
        training.wait_in_step()
        training.allow()
    assert training.paused_after == [4]


def test_run_to_a_step_that_is_done_pauses_at_once(training: Training) -> None:
    for _ in range(3):
        training.wait_in_step()
        training.allow()
    training.wait_in_step()
    training.control.run_to(1)
    training.allow()
    training.wait_paused()
    assert training.paused_after == [4]


def test_run_to_the_step_where_it_waits_waits_on_until_resumed(training: Training) -> None:
    training.wait_in_step()
    training.control.pause()
    training.allow()
    training.wait_paused()
    training.control.run_to(1)
    assert not training.is_in_step(within=0.03)
    training.control.resume()
    training.wait_in_step()
    assert training.paused_after == [1]


def test_run_to_nothing_clears_the_target(training: Training) -> None:
    training.wait_in_step()
    training.control.run_to(3)
    training.control.run_to(None)
    for _ in range(5):
        training.allow()
        training.wait_in_step()
    assert training.paused_after == []


def test_run_to_waits_for_task_2() -> None:
    control = Control()
    control.run_to(0)
    assert [control.next_step(must_not_happen, must_not_happen, -1) for _ in range(3)] == [{}] * 3


def test_run_to_goes_before_single_steps_and_before_the_pace(training: Training) -> None:
    training.wait_in_step()
    training.control.pace(0.02)
    training.control.run_to(1)
    training.control.step()
    training.allow()
    training.wait_paused()
    assert training.paused_after == [1]


def test_stop_is_heard_at_the_target(training: Training) -> None:
    training.wait_in_step()
    training.control.run_to(1)
    training.allow()
    training.wait_paused()
    training.control.stop()
    training.join(BOUND)
    assert training.stopped


@pytest.mark.parametrize(("pace", "slow"), [(None, False), (20.5, False), (20, True), (1000, False)])
def test_pace_of_up_to_20_steps_a_second_is_slow_motion(pace: float | None, slow: bool) -> None:
    control = Control()
    assert not control.slow
    control.pace(pace)
    for _ in range(2):
        next_step(control)
        assert control.slow is slow
    control.pace(None)
    next_step(control)
    assert not control.slow


def test_single_step_is_slow_and_what_follows_is_not(training: Training) -> None:
    training.wait_in_step()
    training.control.pause()
    training.allow()
    training.wait_paused()
    training.control.step()
    training.wait_in_step()
    assert training.control.slow
    training.allow()
    training.wait_paused()
    training.control.resume()
    training.wait_in_step()
    assert not training.control.slow


def test_single_step_that_a_resume_overtakes_is_not_slow() -> None:
    control = Control()
    control.step()
    control.resume()
    for _ in range(2):
        next_step(control)
        assert not control.slow


def test_stop_only_hears_nothing_but_the_stop() -> None:
    control = Control()
    deaf = StopOnly(control)
    control.pause()
    control.change(alpha=2.0)
    control.run_to(0)
    control.pace(0.01)
    assert next_step(deaf) == {}
    assert not deaf.stopped
    deaf.check()
    control.stop()
    assert deaf.stopped
    for ask in (deaf.check, lambda: next_step(deaf)):
        with pytest.raises(StopRequested):
            ask()
