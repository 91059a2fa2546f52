"""The memory wall of a page: which probe images it shows, in which state, and what is said of them."""

from __future__ import annotations

from typing import Any

from lwf_gui.exports.player.texts import Texts
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.image_grid import ImageGrid, image_grid
from lwf_gui.runs.image_grid_words import GridWords
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

MOST_IMAGES = 40
"""Images of a learner: so many have room beside each other on a projector, with what they are taken for upon them."""

NONE = -1
"""Of a learner that answers nothing, and in place of a class that is answered to most."""


class Wall:
    """Images of the earlier tasks, the same number of each class over the whole run.

    Attributes
    ----------
    per_class : images of a class
    images : numbers of the probe images, for each later task those of the tasks before it
    began : by protocol and task, for every learner "1" where one of these was right from the start, else "0"
    """

    def __init__(self, record: Record, names: list[str]) -> None:
        assert record.data is not None, "a page is of a run with data"
        self._record, self._data, self._names = record, record.data, names
        kinds = len(record.data.scenario.earlier(record.data.scenario.last))
        self.per_class = max(1, MOST_IMAGES // kinds)
        self.images: dict[int, list[int]] = {}
        self.began: dict[str, dict[int, dict[int, str]]] = {protocol: {} for protocol in PROTOCOLS}

    def said(self, selection: Selection, text: Texts) -> list[Any]:
        """Return what is said at a moment: how the images are marked, what they are, and of every name its title.

        A title is of the name's place, its words, and the class that it answers to most, or `NONE`.
        """
        found, at = image_grid(self._record, selection), moment(self._record, selection.step)
        if found is None or at is None:
            return []
        self._keep(found, max(at.task, 1), before=found.before)
        words = GridWords(found, self._data, self.per_class, many=tasks_shown.are_many(self._record))
        titles = [self._title(found, words, learner, text) for learner in found.learners]
        return [text(words.legend()[0]), text(f"{words.captions()[0]}."), titles]

    def _title(self, found: ImageGrid, words: GridWords, learner: str, text: Texts) -> list[int]:
        habit = found.habit(learner, self.per_class)
        said = ", ".join(words.title(learner))
        return [self._names.index(learner), text(said), NONE if habit is None else habit.unit]

    def _keep(self, found: ImageGrid, task: int, *, before: bool) -> None:
        """Keep which images are shown while a task is learnt, and which of them every learner had right at its start.

        In the base task that is not told: what is right there changes with the teacher.
        """
        images = self.images.setdefault(task, found.chosen(self.per_class).tolist())
        if before:
            return
        began = self.began[found.protocol].setdefault(task, {})
        for row, learner in enumerate(found.learners):
            place = self._names.index(learner)
            if place not in began:
                began[place] = "".join("1" if right else "0" for right in found.began_right[row, images].tolist())
