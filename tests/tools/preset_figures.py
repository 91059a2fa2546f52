"""Keeps the results of the presets, and compares a later state of the program with them to the last digit.

    python -m tests.tools.preset_figures keep FILE [--preset NAME]... [--fp32-only] [--tree FOLDER] [--set KEY=VALUE]...
    python -m tests.tools.preset_figures compare FILE [--preset NAME]... [--fp32-only] [--tree FOLDER]

Every preset runs as ``lwf-gui run --preset NAME --seed 0 --json``, in fp32 and, where the processor has instructions
for bf16, with the precision that the program chooses. ``compare`` does again what the file says was done. All that was
there must be there with the same value; what is new is passed over, and so are times and names of devices. Exit code 1
and a line per difference where figures differ. Digits hang on the processor: both on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[2]
PRESETS = ("digits", "classroom", "cnn", "paper", "notebook")
PRECISIONS = ("fp32", "auto")
PASSED_OVER = frozenset({"seconds", "samples_per_second", "device", "cached"})
"""Keys whose values may differ between equal runs: times, names of devices, whether a teacher was there before."""

Runs = dict[str, dict[str, Any]]
"""By preset and precision: the words after ``run`` in ``words``, and what it printed in ``results``."""


def differences(kept: Any, now: Any, where: str = "") -> Iterator[str]:
    """Yield a line for everything in ``kept`` that ``now`` has not, or has with another value."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in (key for key in kept if key not in PASSED_OVER):
            place = f"{where}.{key}" if where else key
            if key in now:
                yield from differences(kept[key], now[key], place)
            else:
                yield f"{place}: {json.dumps(kept[key])} was there, and is not"
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for index, (old, new) in enumerate(zip(kept, now, strict=True)):
            yield from differences(old, new, f"{where}[{index}]")
    elif type(kept) is not type(now) or kept != now:
        yield f"{where}: {json.dumps(kept)} was, {json.dumps(now)} is"


def words_of(preset: str, precision: str, data: str, changes: Sequence[str]) -> list[str]:
    """Return the words of one run's command after ``run``."""
    settings = [f"engine.precision={precision}", *changes]
    named = ["--data", data] if data else []
    return ["--preset", preset, "--seed", "0", *named, *(word for change in settings for word in ("--set", change))]


def results_of(tree: Path, words: Sequence[str], cache: str) -> Any:
    """Do a run of the program as it is in a checkout, and return what it printed as JSON.

    Raises
    ------
    SystemExit
        If it fails.
    """
    environment = os.environ | {"PYTHONPATH": str(tree), "XDG_CACHE_HOME": cache}
    command = (sys.executable, "-m", "lwf_gui", "run", "--json", *words)
    ran = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        sys.exit(f"run {' '.join(words)} in {tree} failed.")
    return json.loads(ran.stdout)


def has_bf16() -> bool:
    """Return whether this processor has instructions for bf16."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def keep(tree: Path, planned: dict[str, list[str]], file: Path) -> None:
    """Do the runs, one after another, with one cache for all; the file has every run that is done."""
    runs: Runs = {}
    with tempfile.TemporaryDirectory() as cache:
        for name, words in planned.items():
            runs[name] = {"words": words, "results": results_of(tree, words, cache)}
            file.write_text(json.dumps(runs, indent=1), "utf-8")
            tell(f"{name}: kept ({runs[name]['results']['device']})")


def compare(tree: Path, kept: Runs) -> bool:
    """Do the runs again; tell what differs, and return whether nothing does."""
    same = True
    with tempfile.TemporaryDirectory() as cache:
        for name, run in kept.items():
            results = results_of(tree, run["words"], cache)
            found = list(differences(run["results"], results))
            same = same and not found
            told = f"{len(found)} differences" if found else "the same to the last digit"
            tell(f"{name}: {told} ({run['results']['device']}; now {results['device']})")
            for line in found:
                tell(f"{name}: {line}")
    return same


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(words: Sequence[str] | None = None) -> int:
    """Keep or compare; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.preset_figures", description=__doc__.split("\n")[0])
    parser.add_argument("act", choices=("keep", "compare"))
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--preset", action="append", choices=PRESETS, help="only this one; may be given often")
    parser.add_argument("--fp32-only", action="store_true")
    parser.add_argument("--tree", type=Path, default=TREE, help="another checkout, whose program is run")
    parser.add_argument("--data", default="", metavar="SPEC", help="keep: images for all presets, as for lwf-gui")
    parser.add_argument(
        "--set", action="append", default=[], dest="changes", metavar="KEY=VALUE", help="keep: settings"
    )
    asked = parser.parse_args(words)
    tree = asked.tree.resolve()
    if not (tree / "lwf_gui").is_dir():
        parser.error(f"{tree} is no checkout of this program")
    precisions = PRECISIONS[:1] if asked.fp32_only else PRECISIONS
    names = {f"{preset} {precision}": (preset, precision) for precision in precisions for preset in PRESETS}
    names = {name: what for name, what in names.items() if what[0] in (asked.preset or PRESETS)}
    if asked.act == "keep":
        possible = {name: what for name, what in names.items() if what[1] == "fp32" or has_bf16()}
        keep(tree, {name: words_of(*what, asked.data, asked.changes) for name, what in possible.items()}, asked.file)
        return 0
    if asked.data or asked.changes:
        parser.error("compare repeats what was kept: --data and --set belong to keep")
    kept = kept_in(asked.file)
    chosen = {name: kept[name] for name in names if name in kept}
    if not chosen:
        parser.error(f"{asked.file} holds none of these runs")
    return 0 if compare(tree, chosen) else 1


def kept_in(file: Path) -> Runs:
    """Return the runs that a file holds; none where it cannot be read."""
    try:
        runs: Runs = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return runs


if __name__ == "__main__":
    sys.exit(main())
