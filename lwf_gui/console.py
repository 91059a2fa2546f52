"""A run in the terminal: progress on stderr, results on stdout.

Shows what the engine tells; the record is the same as the window's.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from lwf_gui import messages
from lwf_gui.control import Control
from lwf_gui.exports import final
from lwf_gui.messages import (
    DataReady,
    Evaluated,
    LearnerScore,
    LogLine,
    Message,
    Notice,
    Phase,
    PhaseStarted,
    Steps,
    TeacherReady,
)
from lwf_gui.runs import seeds, shown
from lwf_gui.runs.captions import old_and_new
from lwf_gui.runs.metrics import accuracies
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record


class TerminalView:
    """Follows a run; use as a context, and hand `show` to the engine. A bar appears with the first long work."""

    def __init__(self, *, quiet: bool, json: bool, record: Record | None = None) -> None:
        self.record = record or Record()
        self._out, self._err = Console(highlight=False), Console(stderr=True, highlight=False)
        self._quiet, self._json = quiet, json
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=self._err,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> TerminalView:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._tasks:
            self._progress.stop()

    def show(self, message: Message) -> None:
        """Show one message and keep it in the record."""
        self.record.apply(message)
        match message:
            case messages.Progress() if message.total:
                self._advance(message.what, message.done, message.total)
            case DataReady():
                self._say(f"Data: {message.dataset} ({message.source}); device: {message.device}")
                if message.note:
                    self._say(message.note)
            case PhaseStarted() if not message.cached:
                self._advance(self._titles[message.phase], 0, message.steps)
            case Steps(phase=phase, first=first) if self._titles[phase] in self._tasks:
                track = self.record.tracks[phase]
                speed = f"{track.rate()[0]:,.0f} samples/s"
                self._advance(self._titles[phase], first + len(message.losses) - 1, track.started.steps, speed)
            case TeacherReady():
                origin = "from the cache" if message.cached else "trained"
                images, task = self._sizes[0], "task 1" if len(self._sizes) > 2 else "the old task"
                right = shown.percent(100 * message.right / max(images, 1), images)
                self._say(f"Teacher {origin}: {right} of {task}'s {images:,} test images right (task-aware)")
            case Evaluated():
                self._say(_epoch_line(message, self._sizes))
            case LogLine():
                self._say(message.text)
            case Notice():
                self._say(message.text)
            case _:
                pass

    def show_results(self) -> None:
        """Print the final table, unless JSON takes its place."""
        if self._json or self._quiet:
            return
        heading, rows = final.table(self.record)
        title = f"Accuracy on {final.tested_on(self.record)}, after the last epoch"
        self._out.print(grid(title, heading, rows))
        self._out.print(final.about(self.record), soft_wrap=True, markup=False)

    def show_seeds(self, runs: Sequence[Mapping[str, Any]]) -> None:
        """Print mean and interval of runs that differ in their seed, of which this is the last."""
        heading, rows = seeds.table(runs)
        over = f"{len(runs)} seeds, from {runs[0]['seed']} on"
        title = f"Mean and 95 % interval over {over}, on {final.tested_on(self.record)}"
        self._out.print(grid(title, heading, rows))

    @property
    def _sizes(self) -> tuple[int, ...]:
        """Test images of each task."""
        assert self.record.data is not None, "what is tested was read before"
        return self.record.data.test_sizes

    @property
    def _titles(self) -> dict[Phase, str]:
        """What the bars of the phases are called."""
        later = f"Tasks 2 to {len(self._sizes)}" if len(self._sizes) > 2 else "Task 2"
        return {"base": "Task 1, the teacher", "incremental": f"{later}, the learners"}

    def _say(self, text: str) -> None:
        if not self._quiet:
            self._err.print(text, markup=False, soft_wrap=True)

    def _advance(self, what: str, done: int, total: int, speed: str = "") -> None:
        if self._quiet:
            return
        self._progress.start()
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total, speed=speed)
        self._progress.update(self._tasks[what], completed=done, total=total, speed=speed)


def grid(title: str, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table whose texts are taken as they are: names may hold brackets."""
    grid = Table(title=Text(title), title_justify="left")
    for index, cell in enumerate(heading):
        grid.add_column(Text(cell), justify="right" if index else "left")
    for row in rows:
        grid.add_row(*map(Text, row))
    return grid


def stop_on_interrupt(control: Control) -> None:
    """Let the first Ctrl+C end the run in order, and a second one at once."""

    def stop(_number: int, _frame: object) -> None:
        control.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, stop)


def _epoch_line(message: Evaluated, images: tuple[int, ...]) -> str:
    scores = "; ".join(f"{label_of(name)} {_percents(score, images)}" for name, score in message.scores.items())
    moment = f"Epoch {message.epoch}" if message.epoch else "Head expansion"
    if len(images) > 2:
        moment = f"Task {message.task + 1}, {moment[0].lower()}{moment[1:]}"
    return f"{moment} (task-aware, full test sets): {scores}"


def _percents(score: LearnerScore, images: tuple[int, ...]) -> str:
    if score.diverged:
        return "diverged"
    pair, sizes = accuracies(score.task_aware, images), old_and_new(images, len(score.task_aware) - 1)
    old, new = map(shown.percent, (100 * pair.old, 100 * pair.new), sizes)
    return f"old {old}, new {new}"
