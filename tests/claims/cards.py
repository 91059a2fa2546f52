"""A small claim to be read, changed and judged, and figures for it."""

from __future__ import annotations

from pathlib import Path

from lwf_gui.claims import Claim, load_claim
from lwf_gui.claims.figures import Figures, SeedFigures

GOOD = """\
format = 1
title = "Mine"
claim = "Joint training is above fine-tuning."
minutes = 0.5
seeds = 3

[paper]
authors = "A. Nobody"
year = 2020
title = "Nothing"
source = "arXiv 0000.00000"

[[run]]
name = "plain"
about = "As it is."
preset = "digits"
settings = { learners = ["fine-tune", "joint"], "task2.epochs" = 2 }

[[check]]
learner = "joint"
protocol = "class_incremental"
must_be = "above"
other = { learner = "fine-tune" }
by = 2

[[check]]
learner = "joint"
protocol = "task_aware"
metric = "old"
must_be = "within"
low = 80
high = 100
"""


def written(folder: Path, text: str = GOOD) -> Path:
    file = folder / "cards" / "mine.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def claim(folder: Path, text: str = GOOD) -> Claim:
    return load_claim(written(folder, text))


def figures(joint: float, fine_tuned: float, old: float = 90.0) -> Figures:
    """Return what a run of the claim gave: averages, class-incremental, and joint training's old task, task-aware."""
    return {
        "joint": {"class_incremental": {"average": joint}, "task_aware": {"old": old}},
        "fine-tune": {"class_incremental": {"average": fine_tuned}, "task_aware": {"old": 20.0}},
    }


def seeds(*joint: float, run: str = "plain") -> dict[int, SeedFigures]:
    """Return the figures of seeds, fine-tuning always at 40."""
    return {seed: {run: figures(value, 40.0)} for seed, value in enumerate(joint, 1)}
