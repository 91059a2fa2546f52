"""Kill live runs at random moments, and count what the next start recovers.

    python -m tests.kills [--kills 50] [--seed 0]

Each is a real process, in the terminal or a window, of several tasks and methods. It notes when it told which steps, so
that what is missing can be told in seconds. What is recovered must be written, read again, shown and exported.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lwf_gui.documents import files
from lwf_gui.documents.recovery import left_behind
from lwf_gui.exports import final, numbers
from lwf_gui.runs.interrupted import end_of, was_interrupted
from lwf_gui.runs.record import Record
from tests.runs.consumers import consume

ROOT = Path(__file__).parents[1]

PROGRAM = """
import os, sys, time

from lwf_gui.engine.runner import Runner
from lwf_gui.messages import Steps

notes, run = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND), Runner.run

def noting(runner, job, emit):
    def told(message):
        emit(message)
        if isinstance(message, Steps):
            last = message.first + len(message.losses) - 1
            os.write(notes, f"{time.monotonic()} {message.phase} {last}\\n".encode())
    return run(runner, job, told)

Runner.run = noting
sys.argv[0] = "lwf-gui"
from lwf_gui.__main__ import main
main()
"""
"""The program, which notes when which steps are told: what is written stays, however it ends."""

SMALL = ("engine.device=cpu", "model.hidden=32", "train.probe_images=50")
FIVE = "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]"
RECIPES: dict[str, tuple[str, ...]] = {
    "two tasks: fine-tune, lwf": ("task2.epochs=400",),
    "two tasks: ewc, replay, joint": ("learners=['ewc','replay','joint']", "task2.epochs=400"),
    "two tasks: slda, ranpac, lwf-wa": ("learners=['slda','ranpac','lwf-wa']", "task2.epochs=400"),
    "five tasks: fine-tune, lwf, replay": ("learners=['fine-tune','lwf','replay']", FIVE, "task2.epochs=25"),
    "five tasks: si, der++, icarl": ("learners=['si','der++','icarl']", FIVE, "task2.epochs=15"),
    "five tasks: lwf-mc, mas, a-gem": ("learners=['lwf-mc','mas','a-gem']", FIVE, "task2.epochs=15"),
}
COMMANDS = {"terminal": ("run", "--quiet"), "window": ("--autorun",)}

PATIENCE = 120.0
"""Seconds after which a run that has told no step never will."""

LATEST = 5.0
"""Seconds after the first step at which a run is killed at the latest."""


@dataclass(frozen=True)
class Killed:
    """What came of one run.

    Attributes
    ----------
    missing : seconds before the kill at which the first step was told that is lost; 0 where none is
    end : where it was interrupted, as people are told it
    """

    missing: float
    end: str
    record: Record


def kill(
    command: Sequence[str], settings: Sequence[str], after: float, folder: Path, number: int = signal.SIGKILL
) -> Killed | None:
    """Start a run, kill it so many seconds after its first step, and recover it; None where it ended before."""
    folder.mkdir(parents=True)
    notes = folder / "notes"
    notes.touch()
    kinds = ("CACHE", "CONFIG", "DATA", "STATE")
    places = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds}
    words = [*command, "--preset", "digits"]
    for setting in (*SMALL, *settings):
        words += ["--set", setting]
    environment = {**os.environ, **places, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            (sys.executable, "-c", PROGRAM, str(notes), *words), env=environment, stdout=output, stderr=output
        )
        try:
            _wait_for_steps(process, notes)
            time.sleep(after)
        finally:
            killed = time.monotonic()
            process.send_signal(number)
            ended = process.wait() == 0
    return None if ended else _recovered(folder, killed, notes)


def _wait_for_steps(process: subprocess.Popen[bytes], notes: Path) -> None:
    begun = time.monotonic()
    while not notes.stat().st_size and process.poll() is None:
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit("A run has told no step.")
        time.sleep(0.01)


def _recovered(folder: Path, killed: float, notes: Path) -> Killed:
    """Return what is recovered of a run, once it was written, read again, shown and exported."""
    record = None
    for left in left_behind(folder / "data" / "lwf-gui" / "interrupted"):
        record = left.read()
        left.let_go()
    there = record is not None
    record, missing = record or Record(), 0.0
    for line in notes.read_text("ascii").splitlines():
        when, phase, step = line.split()
        track = record.tracks.get(phase)  # type: ignore[call-overload]
        if track is None or track.steps < int(step):
            missing = killed - float(when)
            break
    if there:
        use(record, folder)
    return Killed(missing, end_of(record) if there else "as it began", record)


def use(record: Record, folder: Path) -> None:
    """Write a run that was recovered, read it again, look at all of it, and export it."""
    files.save(record, folder / "recovered.lwfrun")
    again = files.load(folder / "recovered.lwfrun")
    assert was_interrupted(again) == was_interrupted(record)
    assert {phase: track.steps for phase, track in again.tracks.items()} == {
        phase: track.steps for phase, track in record.tracks.items()
    }
    consume(again, folder)
    assert f"; {end_of(again)}" in final.about(again)
    if again.incremental is not None:
        assert numbers.text_of(again, ".csv")


def main() -> None:
    """Kill as many as are asked for, and print what came of each and of all."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    cases = [(name, place) for name in RECIPES for place in COMMANDS]
    found: list[Killed] = []
    with tempfile.TemporaryDirectory() as folder:
        tried = 0
        while len(found) < asked.kills:
            name, place = cases[tried % len(cases)]
            tried += 1
            after = chance.uniform(0, LATEST)
            done = kill(COMMANDS[place], RECIPES[name], after, Path(folder) / str(tried))
            if done is None:
                sys.stdout.write(f"{name}, {place}: ended before it was killed\n")
                continue
            found.append(done)
            told = f"{done.missing:.2f} s missing, {done.end}"
            sys.stdout.write(f"{len(found)}: {name}, {place}, killed after {after:.2f} s: {told}\n")
            sys.stdout.flush()
    missing = sorted(done.missing for done in found)
    whole = sum(seconds <= 1 for seconds in missing)
    sys.stdout.write(
        f"{len(found)} killed, {whole} recovered with at most a second missing; "
        f"missing: median {missing[len(missing) // 2]:.2f} s, most {missing[-1]:.2f} s\n"
    )


if __name__ == "__main__":
    main()
