"""Seconds of one epoch of task 2 for so many images and learners.

python -m tests.benchmarks.scale IMAGES LEARNERS       # prints one JSON object
"""

from __future__ import annotations

import json
import sys

from lwf_gui.engine.runner import Job, Runner
from lwf_gui.messages import Finished
from lwf_gui.methods import METHODS
from lwf_gui.recipe import compose


def main() -> None:
    """Run the classroom's network on a new task of nine classes, which has up to 54,000 images."""
    images, learners = int(sys.argv[1]), int(sys.argv[2])
    for number in range(2, learners):  # a new method is one line of registration
        METHODS[f"lwf {number}"] = METHODS["lwf"]
    changes = (
        "data.tasks=[[0],[1,2,3,4,5,6,7,8,9]]",
        f"data.train_images={images}",
        f"learners={json.dumps([*METHODS][:learners])}",
        "task1.epochs=1",
        "task2.epochs=1",
    )
    outcome = Runner().run(Job(1, compose("classroom", changes, data="fashion-mnist")), lambda message: None)
    assert isinstance(outcome, Finished), outcome
    rate = outcome.summary["samples_per_second"]
    sys.stdout.write(json.dumps({"images": images, "learners": learners, "seconds": images * learners / rate}) + "\n")


if __name__ == "__main__":
    main()
