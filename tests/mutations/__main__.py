"""Load thousands of mutated files, in a process of their own, and count what came of them.

    python -m tests.mutations [--count 2000] [--seed 0] [--kind KIND]... [--window] [--only NUMBER]

With --window what is accepted is also shown in a real window, every panel visible, at every probe. A process that dies
or hangs is told with the number of the file, and the next ones are tried in a new one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from tests.mutations.kinds import KINDS
from tests.mutations.trial import Trial, attempt

HANG = 60.0
"""Seconds without a word after which a process hangs."""

ROOM = 6 * 2**30
"""Bytes of addresses that a process may have: a bomb ends it before it ends the machine."""


def child(kind: str, seed: int, first: int, last: int, window: bool) -> None:
    """Try some mutations, and print what came of each as a line of JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    show = None
    if window:
        from tests.mutations.window import shower

        show = shower(kind)
    for number in range(first, last):
        sys.stdout.write(json.dumps(asdict(attempt(kind, seed, number, show))) + "\n")
        sys.stdout.flush()


def trials(kind: str, seed: int, first: int, last: int, window: bool) -> Iterator[Trial]:
    """Yield what came of mutations; of those that end or hang their process too."""
    while first < last:
        words = ("--child", "--kind", kind, "--seed", str(seed), "--first", str(first), "--count", str(last))
        command = (sys.executable, "-X", "faulthandler", "-m", "tests.mutations", *words, *(["--window"] * window))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        assert process.stdout is not None
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), False)
        rest, complaints, heard = b"", b"", time.monotonic()
        while True:
            ready, _, _ = select.select([process.stdout, process.stderr], [], [], 1.0)
            if process.stderr in ready:
                complaints = (complaints + (process.stderr.read() or b""))[-6000:]
            if process.stdout in ready:
                part = os.read(process.stdout.fileno(), 2**16)
                if not part:
                    break
                heard, rest = time.monotonic(), rest + part
                *lines, rest = rest.split(b"\n")
                for line in lines:
                    yield Trial(**json.loads(line))
                    first += 1
            if time.monotonic() - heard > HANG:
                process.kill()
        process.wait()
        complaints += process.stderr.read() or b""
        if first < last:
            yield Trial(kind, first, "", f"the process ended ({process.returncode}): {complaints.decode()}", 0, 0)
            first += 1


def _place(fault: str) -> str:
    """Return the last lines of a fault: of a traceback where it was and what it said."""
    lines = [line.strip() for line in fault.strip().split("\n")]
    return " | ".join(lines[-4:])[:400]


def _until_told(found: Iterator[Trial]) -> Iterator[Trial]:
    """Yield what came of mutations until Ctrl+C or a polite kill; what was found so far is told then, too."""
    try:
        yield from found
    except KeyboardInterrupt:
        sys.stdout.write("stopped; ")


def main() -> None:
    """Try as many as are asked for of every kind."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", choices=list(KINDS))
    parser.add_argument("--window", action="store_true")
    parser.add_argument("--only", type=int, help="one mutation, told in full")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    kinds = asked.kind or list(KINDS)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if asked.window:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if asked.child:
        child(kinds[0], asked.seed, asked.first, asked.count, asked.window)
        return
    faults = 0
    for kind in kinds:
        first, last = (asked.first, asked.count) if asked.only is None else (asked.only, asked.only + 1)
        begun, accepted, refused, found = time.monotonic(), 0, Counter[str](), Counter[str]()
        slowest, largest, examples = 0.0, 0.0, dict[str, Trial]()
        tried = 0
        for trial in _until_told(trials(kind, asked.seed, first, last, asked.window)):
            tried += 1
            slowest, largest = max(slowest, trial.seconds), max(largest, trial.mebibytes)
            if trial.fault:
                found[_place(trial.fault)] += 1
                examples.setdefault(_place(trial.fault), trial)
            elif trial.said:
                refused["refused"] += 1
            else:
                accepted += 1
            if asked.only is not None:
                sys.stdout.write(f"{trial}\n{trial.fault}\n")
        faults += found.total()
        sys.stdout.write(
            f"{kind}: {tried} files: {accepted} accepted, {refused.total()} refused in a sentence, "
            f"{found.total()} faults; slowest {slowest:.2f} s, most memory {largest:.0f} MiB; "
            f"{time.monotonic() - begun:.0f} s\n"
        )
        for place, count in found.most_common():
            sys.stdout.write(f"   {count} times, as in number {examples[place].number}: {place}\n")
        sys.stdout.flush()
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
