"""Words of the image grid: what its images are, what each learner gets right, what an image is taken for."""

from __future__ import annotations

import numpy as np

from lwf_gui.messages import DataReady
from lwf_gui.runs.captions import image_name
from lwf_gui.runs.image_grid import ImageGrid
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of

LEGEND = (
    "Clear: right. Crossed and faded: forgotten. Dashed: wrong from the start. Name: what it is taken for now.",
    "Clear: right. Crossed: forgotten. Dashed: wrong from the start. Name: taken for.",
    "Crossed: forgotten. Dashed: wrong from the start. Name: taken for.",
    "Crossed: forgotten. Dashed: wrong from the start.",
    "Crossed: forgotten. Dashed: wrong at first.",
)
LEGEND_OF_MANY = (
    "Clear: right. Crossed, faded: forgotten. Dashed: wrong right after its own task. Name: what it is taken for now.",
    "Clear: right. Crossed: forgotten. Dashed: wrong right after its task. Name: taken for.",
    "Crossed: forgotten. Dashed: wrong right after its task. Name: taken for.",
    "Crossed: forgotten. Dashed: wrong right after its task.",
    "Crossed: forgotten. Dashed: wrong at first.",
)
"""The same where images are of several tasks, each of which was learnt at a time of its own."""
LEGEND_OF_TEACHER = ("Clear: right. Dashed: wrong.",)


class GridWords:
    """What there is to say of a grid with so many images of each class; ``many``: of a run of more than two tasks."""

    def __init__(self, found: ImageGrid, data: DataReady, per_class: int, *, many: bool) -> None:
        self._found, self._data, self._per_class, self._many = found, data, per_class, many

    def legend(self, *, named: bool = True) -> tuple[str, ...]:
        """Say how images are marked, from the longest to the shortest way; ``named``: by names, too."""
        ways = LEGEND_OF_TEACHER if self._found.before else LEGEND_OF_MANY if self._many else LEGEND
        return ways if named else tuple(dict.fromkeys(way.partition(" Name:")[0] for way in ways))

    def captions(self) -> tuple[str, ...]:
        """Say of which images the figures are and how these were chosen, then the same without it, then shorter."""
        found, data = self._found, self._data
        images, old = found.chosen(self._per_class), np.concatenate(found.by_class)
        count, total = len(images), len(old)
        wrong, all_wrong = int((~found.known[images]).sum()), int((~found.known[old]).sum())
        share = f"{wrong} of {count} as {all_wrong:,} of {total:,}"
        start = "the teacher had wrong after its task" if self._many else "was wrong from the start"
        chosen = f"chosen so that what {start} has its true share, {share}"
        if found.before:
            chosen = "the first ones of each class"
        protocol, of = PROTOCOLS[found.protocol], f"{count} of {total:,} old test images"
        full = f"{protocol}, {of} of {data.dataset}, {found.when}"
        return (
            f"{full}; {chosen}",
            full,
            f"{protocol}, {of}, {found.when}",
            f"{protocol}, {count} of {total:,} old images, {found.when}",
            f"{protocol}, {count} of {total:,} old images",
            f"{protocol}, {count} old images",
            protocol,
        )

    def title(self, learner: str) -> tuple[str, str] | tuple[str]:
        """Return how many images a learner gets right, and what it says to most of them whether right or not."""
        right, count = self._found.right_of(learner, self._per_class)
        said = f"{label_of(learner)}: {right} of {count} right"
        habit = self._found.habit(learner, self._per_class)
        if habit is None:
            return (said,)
        return (said, f"says {short_names(self._data)[habit.unit]} to {habit.images} of {count}")

    def tip(self, learner: str, image: int) -> str:
        """Say what a probe image, by number, is, and what a learner takes it for."""
        found, names = self._found, self._data.classes
        if learner not in found.learners:  # a spot of what was shown a moment ago
            return ""
        row = found.learners.index(learner)
        label, taken = label_of(learner), names[found.taken[row, image]]
        if found.right[row, image]:
            said = f"{label} gets it right"
            habit = found.habit(learner, self._per_class)
            if habit is not None and habit.unit == found.taken[row, image]:
                said += f", but says the same to {habit.images} of the images here"
        elif found.began_right[row, image]:
            said = f"{label} has forgotten it and takes it for {taken}"
        else:
            start = "right after its task" if self._many else "from the start"
            said = f"{label} takes it for {taken}" + ("" if found.before else f" and was wrong {start}")
        true = names[self._data.probe_labels[image]]
        name = image_name(self._data, image)
        return f"{true}, {name}: {said} ({PROTOCOLS[found.protocol]}, {found.when})"


def short_names(data: DataReady) -> list[str]:
    """Return the short names of all classes."""
    return [name.partition("/")[0] for name in data.classes]
