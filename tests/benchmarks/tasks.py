"""Images trained on per second and learner, by task: constant, however many tasks there are.

python -m tests.benchmarks.tasks IMAGES      # prints one JSON object
"""

from __future__ import annotations

import json
import sys

from lwf_gui.engine.runner import Job, Runner
from lwf_gui.messages import Finished, Message, PhaseStarted, Steps
from lwf_gui.recipe import compose


def main() -> None:
    """Run the classroom's network on five tasks of two classes, with so many images of each."""
    changes = (
        "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]",
        f"data.train_images={int(sys.argv[1])}",
        "task1.epochs=1",
        "task2.epochs=2",
    )
    marks: list[tuple[int, float]] = [(0, 0.0)]
    starts: list[PhaseStarted] = []

    def hear(message: Message) -> None:
        if isinstance(message, PhaseStarted) and message.phase == "incremental":
            starts.append(message)
        if isinstance(message, Steps) and message.phase == "incremental":
            marks.append((message.first + len(message.losses) - 1, message.seconds))

    outcome = Runner(forks=False).run(Job(1, compose("classroom", changes, data="fashion-mnist")), hear)
    assert isinstance(outcome, Finished), outcome
    seconds = dict(marks)
    ends = [*starts[0].boundaries[1:], starts[0].steps]  # losses are sent at the end of every epoch
    taken = [seconds[end] - seconds[begin] for begin, end in zip(starts[0].boundaries, ends, strict=True)]
    images = 2 * int(sys.argv[1])
    sys.stdout.write(json.dumps({"images_per_second": [round(images / each) for each in taken]}) + "\n")


if __name__ == "__main__":
    main()
