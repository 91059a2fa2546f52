"""Measure, and print tables of medians and ratios.

    python -m tests.benchmarks [--rounds N] [notebook step window journal documents ... soak]
    python -m tests.benchmarks --against FOLDER [--rounds N] [step start window scrub]     # see compare.py

Both sides of a ratio take turns in one run, in processes of their own, on real Fashion-MNIST. Without names all but
``soak``, which takes half an hour, are measured: about a quarter of an hour. Other work on the machine shows.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lwf_gui.data.sources import DEBIAN_DIRECTORY
from tests.benchmarks.compare import MEASURES, compare
from tests.benchmarks.processes import RUN, WINDOW_RUNS, Ran, empty_cache, median, run, started, tell

ROUNDS = 3


def notebook(rounds: int) -> None:
    """Measure the notebook's experiment, verbatim and ours."""
    theirs: list[Ran] = []
    ours: list[Ran] = []
    for _ in range(rounds):
        theirs.append(run(sys.executable, "-m", "tests.benchmarks.notebook_loop", str(DEBIAN_DIRECTORY)))
        with empty_cache() as cache:
            ours.append(run(*RUN, "--preset", "notebook", "--set", "learners=lwf", environment=cache))
    parts: dict[str, Callable[[Ran], float]] = {
        "end to end, start-up included": lambda ran: ran.seconds,
        "task 1": lambda ran: float(ran.json["seconds"]["task1"]),
        "task 2": lambda ran: float(ran.json["seconds"]["task2"]),
    }
    rows = []
    for name, take in parts.items():
        a, b = median([take(ran) for ran in theirs]), median([take(ran) for ran in ours])
        rows.append((name, f"{a:.1f} s", f"{b:.1f} s", f"{a / b:.2f}"))
    device = ours[0].json["device"]
    tell(f"Notebook preset, teacher cache empty ({device})", ("", "notebook", "lwf-gui run", "ratio"), rows)


def step(rounds: int) -> None:
    """Measure one training step of LwF."""
    sides: dict[str, list[float]] = {"plain": [], "fp32": [], "bf16": []}
    for _ in range(rounds):
        for side, times in sides.items():
            times.append(float(run(sys.executable, "-m", "tests.benchmarks.step", side).output))
    plain = median(sides["plain"])
    rows = [
        (side, f"{median(times):.1f} ms", f"{64e3 / median(times):,.0f}", f"{plain / median(times):.2f}")
        for side, times in sides.items()
    ]
    tell("LwF step: CNN, batch 64, backbone training", ("", "a step", "samples/s", "ratio to plain"), rows)


def classroom(rounds: int) -> None:
    """Measure the classroom preset, both learners, probes and evaluation included."""
    fresh, cached = [], []
    for _ in range(rounds):
        with empty_cache() as cache:
            fresh.append(run(*RUN, "--preset", "classroom", environment=cache))
            cached.append(run(*RUN, "--preset", "classroom", environment=cache))
    rows = [
        (name, f"{median([r.seconds for r in ran]):.1f} s", f"{max(r.mebibytes for r in ran):,.0f} MiB")
        for name, ran in (("task 1 trained from nothing", fresh), ("teacher from the cache", cached))
    ]
    tell(f"Classroom preset ({fresh[0].json['device']})", ("", "process, start-up included", "peak memory"), rows)


def window(rounds: int) -> None:
    """Measure training with the window live against training in the terminal."""
    with empty_cache() as cache:
        for preset, change in WINDOW_RUNS.items():
            options = ("--preset", preset, "--set", change)
            run(*RUN, *options, environment=cache)  # trains the teacher
            headless, live = [], []
            for _ in range(rounds):
                headless.append(run(*RUN, *options, environment=cache).json["samples_per_second"])
                live.append(run(sys.executable, "-m", "tests.benchmarks.live", *options, environment=cache).json)
            a, b = median(headless), median([ran["samples_per_second"] for ran in live])
            rows = [
                ("samples/s in the terminal", f"{a:,.0f}"),
                ("samples/s with the window", f"{b:,.0f}"),
                ("kept", f"{100 * b / a:.0f} %"),
                ("repaints/s", f"{median([ran['frames_per_second'] for ran in live]):.1f}"),
                ("frame time p50 / p95", _both(live, "frame_ms", "p50", "p95")),
                ("timer lateness p50 / p99", _both(live, "late_ms", "p50", "p99")),
            ]
            tell(f"Window live, 1280x720, {preset} ({live[0]['device']})", ("", "median"), rows)


def _both(live: list[Any], name: str, first: str, second: str) -> str:
    a, b = (median([ran[name][which] for ran in live]) for which in (first, second))
    return f"{a:.1f} / {b:.1f} ms"


def journal(rounds: int) -> None:
    """Measure training with the journal against training without."""
    for preset, epochs in (("classroom", 10), ("cnn", 1)):
        changes = ("--set", "task1.epochs=1", "--set", f"task2.epochs={epochs}")
        words = ("tests.benchmarks.journal", "--preset", preset, *changes)
        ran = [run(sys.executable, "-m", *words).json for _ in range(rounds)]
        ratios = [ratio for one in ran for ratio in one["ratios"]]
        rows = [
            ("steps/s without", f"{median([one['without'] for one in ran]):,.0f}"),
            ("steps/s with the journal", f"{median([one['with'] for one in ran]):,.0f}"),
            (f"kept, median of {len(ratios)} turns", f"{100 * median(ratios):.1f} %"),
            ("its thread, of one core", f"{100 * median([one['thread'] for one in ran]):.1f} %"),
        ]
        tell(f"Journal, {preset} ({ran[0]['device']})", ("", ""), rows)


def documents(rounds: int) -> None:
    """Measure saving and opening a run of 100,000 steps and eight learners."""
    ran = [run(sys.executable, "-m", "tests.benchmarks.documents").json for _ in range(rounds)]
    rows = [("file", f"{median([one['megabytes'] for one in ran]):.1f} MB")]
    for name, key in (("saving", "save_s"), ("reading", "load_s"), ("opening, to the pixels", "open_and_paint_s")):
        clock, worked = (median([one[key][which] for one in ran]) for which in ("clock", "processor"))
        rows.append((name, f"{clock:.2f} s, of the processor {worked:.2f} s"))
    tell(f"A run of 100,000 steps, 8 learners, {ran[0]['probes']} probes", ("", ""), rows)


def start(rounds: int) -> None:
    """Measure from the command to the first paint, and to an engine that can train."""
    starts = [started() for _ in range(2 * rounds + 1)]
    seen = {name: [times[name] for times in starts] for name in starts[0]}
    rows = [(name, f"{median(times):.2f} s", f"{min(times):.2f} s") for name, times in seen.items()]
    tell("Start of the window", ("", "median", "least"), rows)


def scale(rounds: int) -> None:
    """Measure how the time of an epoch grows with images and with learners."""
    cases = [(6_000, 2), (12_000, 2), (24_000, 2), (48_000, 2), (12_000, 4), (12_000, 8)]
    times: dict[tuple[int, int], list[float]] = {case: [] for case in cases}
    for _ in range(rounds):
        for images, learners in cases:
            ran = run(sys.executable, "-m", "tests.benchmarks.scale", str(images), str(learners))
            times[images, learners].append(ran.json["seconds"])
    rows = [
        (f"{images:,}", str(learners), f"{median(seconds):.2f} s", f"{1e6 * median(seconds) / images / learners:.1f}")
        for (images, learners), seconds in times.items()
    ]
    tell("An epoch of task 2, MLP", ("images", "learners", "epoch", "microseconds an image and learner"), rows)


def sweep(rounds: int) -> None:
    """Measure a sweep of 24 runs of the digits against a loop of the same runs."""
    ran = [run(sys.executable, "-m", "tests.benchmarks.sweep").json for _ in range(rounds)]
    rows = [
        ("one after another", f"{median([one['loop_s'] for one in ran]):.1f} s"),
        ("sweep", f"{median([one['sweep_s'] for one in ran]):.1f} s"),
        ("ratio", f"{median([one['ratio'] for one in ran]):.2f}"),
        ("the same figures", "yes" if all(one["same"] for one in ran) else "NO"),
    ]
    tell(f"{ran[0]['runs']} runs of the digits, {os.cpu_count()} cores", ("", ""), rows)


def seeds(rounds: int) -> None:
    """Measure what it costs the run that is shown to be repeated with nine more seeds behind the window."""
    for preset, epochs in (("digits", 300), ("classroom", 6)):
        words = ("tests.benchmarks.live", "--preset", preset, "--set", f"task2.epochs={epochs}")
        alone, beside = [], []
        for _ in range(rounds):
            alone.append(run(sys.executable, "-m", *words).json["samples_per_second"])
            beside.append(run(sys.executable, "-m", *words, "--seeds", "10").json["samples_per_second"])
        ratios = [b / a for a, b in zip(alone, beside, strict=True)]
        rows = [
            ("samples/s alone", f"{median(alone):,.0f}"),
            ("samples/s with seeds behind", f"{median(beside):,.0f}"),
            (f"kept, median of {rounds} turns", f"{100 * median(ratios):.0f} %"),
        ]
        tell(f"Nine more seeds behind the window, {preset}", ("", ""), rows)


def repaint(rounds: int) -> None:
    """Measure pictures of long runs."""
    rows = []
    for steps in (1_000, 10_000, 100_000):
        ran = [run(sys.executable, "-m", "tests.benchmarks.repaint", str(steps)).json for _ in range(rounds)]
        rows.append((f"{steps:,}", _both(ran, "frame_ms", "p50", "p95")))
    tell("Repaint, 1280x720, all panels", ("recorded steps", "frame time p50 / p95"), rows)


def scrub(rounds: int) -> None:
    """Measure how fast the panels follow the timeline of a long run."""
    ran = [run(sys.executable, "-m", "tests.benchmarks.scrub", "10000").json["panels"] for _ in range(rounds)]
    rows = []
    for panel in ran[0]:
        p50, p95 = (median([one[panel]["frame_ms"][which] for one in ran]) for which in ("p50", "p95"))
        work = median([one[panel]["work_ms"]["p95"] for one in ran])
        rows.append((panel, f"{p50:.1f} / {p95:.1f} ms", f"{work:.1f} ms"))
    head = ("panel in front", "frame time p50 / p95", "of which work p95")
    tell("Scrubbing a run of 10,000 steps, 1920x1080", head, rows)


def panels(rounds: int) -> None:
    """Measure what panels cost a run: none of them, those that are seen at first, and all side by side."""
    for preset in ("classroom", "cnn"):
        speeds: dict[str, list[float]] = {"none": [], "first": [], "all": []}
        for _ in range(rounds):
            for which, found in speeds.items():
                live = run(sys.executable, "-m", "tests.benchmarks.live", "--preset", preset, "--panels", which).json
                found.append(live["samples_per_second"])
        alone = median(speeds["none"])
        rows = [
            (which, f"{median(found):,.0f}", f"{100 * median(found) / alone:.0f} %") for which, found in speeds.items()
        ]
        tell(f"What panels cost, {preset}", ("panels", "samples/s", "of a window without"), rows)


def soak(_rounds: int) -> None:
    """Watch half an hour of runs, one after another, with the window open."""
    ran = run(sys.executable, "-m", "tests.benchmarks.live", "--preset", "classroom", "--minutes", "30").json
    memory = ran["memory_mib"]
    rows = [
        ("runs", str(ran["runs"])),
        ("memory, median of each third", " / ".join(f"{mebibytes:.0f}" for mebibytes in memory) + " MiB"),
        ("last third to first", f"{100 * (memory[-1] / memory[0] - 1):+.1f} %"),
        ("longest frame", f"{ran['frame_ms']['max']:.0f} ms"),
        ("threads and timers left", f"{len(ran['threads'])}, {ran['timers']}"),
    ]
    tell("Half an hour of classroom runs", ("", ""), rows)


BENCHMARKS: dict[str, Callable[[int], None]] = {
    work.__name__: work
    for work in (
        notebook,
        step,
        classroom,
        window,
        journal,
        documents,
        start,
        scale,
        sweep,
        seeds,
        repaint,
        scrub,
        panels,
        soak,
    )
}


@contextmanager
def display() -> Iterator[None]:
    """Give the windows a screen: the user's, else a virtual one if Xvfb is there, else none but in memory."""
    if os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM"):
        yield
    elif shutil.which("Xvfb") is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield
    else:
        read, write = os.pipe()
        screen = subprocess.Popen(
            ("Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", "1920x1080x24"),
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.environ["DISPLAY"] = f":{os.read(read, 16).decode().strip()}"
        try:
            yield
        finally:
            screen.terminate()
            screen.wait()


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each side; tables show medians")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout, to be compared with this one")
    asked = parser.parse_args()
    known = list(MEASURES if asked.against else BENCHMARKS)
    unknown = set(asked.names) - set(known)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: no such benchmark; there are {', '.join(known)}")
    if asked.against and not (asked.against / "tests" / "benchmarks").is_dir():
        parser.error(f"{asked.against} is no checkout of this program")
    sys.stdout.write(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.platform()}\n")
    with display():
        if asked.against:
            compare(asked.names or known, asked.against.resolve(), asked.rounds)
            return
        for name in asked.names or [name for name in BENCHMARKS if name != "soak"]:
            BENCHMARKS[name](asked.rounds)


if __name__ == "__main__":
    main()
