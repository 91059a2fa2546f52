"""Why: what new images do to the old answers, and what holds them, in bars that were measured.

Every new image says that all old answers are wrong. Without anything that holds them, those that new images resemble
most are pushed down most, and what they resemble least is left on top: so nearly everything becomes one class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from lwf_gui.gui.panels.drawing import Thumbs
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.why.bars import Bars
from lwf_gui.gui.panels.why.cells import CellPainter
from lwf_gui.gui.panels.why.head import HeadPainter
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Block, Content, Plan, plan
from lwf_gui.gui.panels.why.reach import TIP, ReachPainter
from lwf_gui.gui.panels.why.strip import StripPainter
from lwf_gui.gui.panels.why.words import VIEWS, WhyWords, pictures_of
from lwf_gui.messages import DataReady
from lwf_gui.runs.names import class_name
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.why import Choice, WhyFigures, why
from lwf_gui.runs.why_sides import Side

KEYS = (
    "how far each old class's score was pushed on new images since the old network",
    "scores (logits), as the network gives them",
    "probabilities, by softmax",
)
"""What the bars of each view are."""


class WhyPanel(Panel):
    """New images beside old ones: for each learner a sentence, and a row of bars before, early and now."""

    EMPTY = "What new images do to the old answers appears here once task 2 begins."
    LEAST = (240, 120)
    CHOSEN = ("_choice", "_view", "_side")
    """Room for one side, two moments and one learner."""

    def __init__(self) -> None:
        super().__init__()
        self._choice = Choice()
        self._view, self._first, self._side = VIEWS[0], 0, 0
        self._thumbs = Thumbs()
        self._told: tuple[object, dict[str, tuple[str, ...]]] = (None, {})

    # What it shows, in numbers and words

    def figures(self) -> WhyFigures | None:
        """Return what is answered on both sides."""
        return why(self.record, self.selection, self._choice)

    def state(self) -> object:
        """Return what the figures depend on: also which images are chosen here, and full tests, which come later."""
        return (super().state(), self._choice, len(self.record.evaluations))

    def show_record(self, record: Record) -> None:
        """Show another record, from its own images on."""
        self._choice = replace(self._choice, new=-1, old=-1)
        self._first = 0
        super().show_record(record)

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew; an image that was chosen stays that of its side when one of the other is chosen."""
        if selection.image != self.selection.image:
            for side in self._sides:
                if not side.is_mean:
                    self._choice = self._choice.at(int(side.images[0]), new=side.new)
        super().refresh(selection)

    @property
    def _sides(self) -> tuple[Side, ...]:
        shown: WhyFigures | None = self.shown
        return () if shown is None else shown.sides

    @property
    def _data(self) -> DataReady:
        assert self.record.data is not None, "figures come of the data"
        return self.record.data

    @property
    def _words(self) -> WhyWords:
        return WhyWords(self.record, self.shown)

    def captions(self) -> tuple[str, ...]:
        """Return what the bars are, under which protocol, when, and shorter."""
        figures: WhyFigures | None = self.shown
        if figures is None:
            return ()
        return ("no scores are known", "not known") if figures.reason else self._words.captions(self._view)

    def sentence(self) -> str:
        """Say why it was forgotten, then all answers."""
        figures: WhyFigures = self.shown
        return figures.reason or self._words.sentence(self._learners(self._plan()))

    def _plan(self) -> Plan:
        figures: WhyFigures = self.shown
        names = [[class_name(self.record, unit) for unit in self._bars(side).units] for side in figures.sides]
        letters = max((len(self._why(learner)[0]) for learner in figures.learners), default=0)
        return plan(self.area, Content(len(figures.learners), letters, names, figures.times.early_apart), self._side)

    def _bars(self, side: Side, rows: Sequence[int] = (0,)) -> Bars:
        return Bars(side, self._view, rows, self.shown.old)

    def _learners(self, places: Plan) -> tuple[str, ...]:
        """Return the learners that are shown: as many as there is room for."""
        learners = self.shown.learners
        first = min(self._first, len(learners) - 1) // places.rows * places.rows
        first = min(first, len(learners) - places.rows)
        return tuple(learners[first : first + places.rows])

    def tip(self, key: Place) -> str:
        """Explain a bar, an answer, a learner, a picture or a key."""
        figures: WhyFigures = self.shown
        if (key.learner and key.learner not in figures.learners) or not figures.sides:
            return ""  # of what was shown a moment ago
        side, row = figures.sides[key.side], figures.learners.index(key.learner) if key.learner else 0
        match key.kind:
            case "bar":
                return self._words.bar_tip(side, row, key.moment, key.number) if key.number in side.asked else ""
            case "answer":
                return self._words.answer_tip(side, row, key.moment)
            case "learner":
                return self._words.learner_tip(row)
            case "picture":
                return self._words.picture_tip(side)
            case "reach":
                return TIP
        return self._key_tip(key, side)

    def _key_tip(self, key: Place, side: Side) -> str:
        """Say what a click on a key does."""
        age = "new" if side.new else "old"
        match key.kind:
            case "image":
                return f"A click or Enter goes to the {'next' if key.number > 0 else 'previous'} {age} image."
            case "mean":
                other = f"one {age} image" if side.is_mean else f"the mean of all {age} images"
                return f"A click or Enter shows {other}."
            case "view":
                return f"A click or Enter shows {KEYS[key.number]}."
            case "turn":
                return f"A click or Enter shows {'old' if side.new else 'new'} images."
        return "A click or Enter shows other learners."

    def choose(self, key: Place) -> None:
        """Do what a key means."""
        match key.kind:
            case "image":
                self._walk(key)
                return
            case "mean":
                self._choice = self._choice.turned(new=not key.side)
                self.refresh(self.selection)
            case "view":
                self._view = VIEWS[key.number]
            case "turn":
                self._side = 1 - key.side
            case "page":
                rows, learners = self._plan().rows, len(self.shown.learners)
                self._first = 0 if self._first + rows >= learners else self._first + rows
        self.describe()
        self.update()

    def _walk(self, key: Place) -> None:
        """Look at the next or the previous image of a side."""
        labels, scenario = self._data.probe_labels, self._data.scenario
        side: Side = self.shown.sides[key.side]
        units = scenario.earlier(self.shown.times.task) if key.side else scenario.units(self.shown.times.task)
        images = np.flatnonzero(np.isin(labels, units))
        at = int(np.searchsorted(images, side.images[0]))
        self.asked.emit({"image": int(images[(at + key.number) % len(images)])})

    # Painting

    def paint(self, painter: QPainter, figures: WhyFigures) -> None:
        """Paint both sides and the sentences, or why there are no figures."""
        self.spots = []
        if figures.reason:
            self.write_instead(painter, figures.reason)
            return
        places, words = self._plan(), self._words
        learners = self._learners(places)
        head = HeadPainter(painter, places, self.colours, words, self._picture)
        for block in places.blocks:
            self._block(painter, head, (places, block), learners)
        head.learners(learners, figures.learners)
        for rect, learner in zip(places.told, learners, strict=True):
            head.told(rect, self._why(learner))
        head.pager(figures.learners.index(learners[0]), len(learners), len(figures.learners))
        reach = ReachPainter(painter, places, self.colours)
        reach.paint(learners)
        self.spots += [*head.spots, *reach.spots]

    def _block(
        self, painter: QPainter, head: HeadPainter, places: tuple[Plan, Block], learners: tuple[str, ...]
    ) -> None:
        figures, (whole, block) = self.shown, places
        side: Side = figures.sides[block.side]
        head.side(block.heading, side, pictures_of(self._data, side), self._view, alone=len(whole.blocks) == 1)
        rows = [figures.learners.index(name) for name in learners]
        bars = self._bars(side, rows)
        cells = CellPainter(painter, places, self.colours, self._words, bars)
        cells.paint(figures.learners, rows)
        strip = StripPainter(painter, self.colours, self._words.name)
        labels = set(self._data.probe_labels.tolist())
        images = {unit: partial(self._class, head, unit) for unit in bars.units if unit in labels}
        for column in block.columns.values():
            below = QRectF(column.left(), block.strip.top(), column.width(), block.named.high)
            strip.paint(bars.slots(below), block.named, images)
        self.spots += cells.spots

    def _class(self, head: HeadPainter, unit: int, box: QRectF) -> None:
        head.image(box, self._data.first_image(unit))

    def _picture(self, number: int) -> QPixmap:
        return self._thumbs.picture(self._data, number, dark=self.colours.dark)

    def _why(self, learner: str) -> tuple[str, ...]:
        """Return the sentence of a learner, worked out once for what is shown."""
        if self._told[0] is not self.shown:
            self._told = self.shown, {}
        if learner not in self._told[1]:
            self._told[1][learner] = self._words.why(learner)
        return self._told[1][learner]
