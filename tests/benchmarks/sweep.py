"""A sweep against a loop of the same runs, one after another: seconds of both, and whether their figures are the same.

    python -m tests.benchmarks.sweep [ALPHAS [TEMPERATURES [SEEDS [SETTING...]]]]       # prints one JSON object

The runs are of the preset digits, 4 x 3 x 2 unless said. A loop's run has the machine to itself, and as many threads as
it takes of itself; both sides begin with no teacher in the cache. Starts of programs count in.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from lwf_gui.documents import files
from lwf_gui.messages import Finished
from lwf_gui.runs.record import Record
from tests.benchmarks.processes import LWF, empty_cache, run

ALPHAS, TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 0.25), (1.0, 2.0, 4.0)

Key = tuple[float, float, int]
"""Alpha, temperature and seed of a run."""


def looped(keys: list[Key], changes: list[str]) -> tuple[float, dict[Key, Any]]:
    """Do all runs one after another; return the seconds, and the figures of each."""
    seconds, found = 0.0, {}
    with empty_cache() as cache:
        for alpha, temperature, seed in keys:
            own = ("--set", f"lwf.alpha={alpha}", "--set", f"lwf.temperature={temperature}", "--seed", str(seed))
            ran = run(*LWF, "run", "--preset", "digits", *changes, *own, "--json", environment=cache)
            seconds += ran.seconds
            found[alpha, temperature, seed] = ran.json["learners"]
    return seconds, found


def swept(alphas: int, temperatures: int, seeds: int, changes: list[str]) -> tuple[float, dict[Key, Any]]:
    """Do the same as a sweep on this machine; return the seconds, and the figures of each run's document."""
    grid = [
        *("--grid", f"lwf.alpha={','.join(map(str, ALPHAS[:alphas]))}"),
        *("--grid", f"lwf.temperature={','.join(map(str, TEMPERATURES[:temperatures]))}", "--seeds", str(seeds)),
    ]
    with empty_cache() as cache, tempfile.TemporaryDirectory() as folder:
        words = ("sweep", "--preset", "digits", *changes, *grid, "--quiet", "--out", folder)
        ran = run(*LWF, *words, environment=cache)
        records = [files.load(path) for path in Path(folder, "runs").glob(f"*{files.SUFFIX}")]
    return ran.seconds, {_key(record): figures(record) for record in records}


def figures(record: Record) -> Any:
    """Return a run's figures by learner, as ``lwf-gui run --json`` prints them."""
    assert isinstance(record.outcome, Finished)
    return json.loads(json.dumps(record.outcome.summary["learners"]))


def _key(record: Record) -> Key:
    assert record.data is not None
    recipe = record.data.recipe
    return recipe.lwf.alpha, recipe.lwf.temperature, recipe.seed


def main() -> None:
    """Measure, and print what was measured."""
    alphas, temperatures, seeds = map(int, [*sys.argv[1:4], *("4", "3", "2")[len(sys.argv[1:4]) :]])
    changes = [word for setting in sys.argv[4:] for word in ("--set", setting)]
    keys = list(itertools.product(ALPHAS[:alphas], TEMPERATURES[:temperatures], range(seeds)))
    sweep, ours = swept(alphas, temperatures, seeds, changes)
    loop, theirs = looped(keys, changes)
    told = {"runs": len(keys), "loop_s": loop, "sweep_s": sweep, "ratio": loop / sweep, "same": ours == theirs}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
