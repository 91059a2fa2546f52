"""Compare: what pinned runs and the shown one came to, learner by learner, and by how many points they differ.

A change of one setting shows what it does; a change of the seed alone shows what is luck.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QPainter

from lwf_gui.exports.tables import FORMS
from lwf_gui.gui.panels.compare import words
from lwf_gui.gui.panels.compare.painter import TablePainter
from lwf_gui.gui.panels.compare.place import Place
from lwf_gui.gui.panels.compare.plan import Plan, plan
from lwf_gui.gui.panels.copying import paint_forms
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.runs.compared import Compared, Run, compared, table
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.pins import letter_of


class ComparePanel(ScrolledPanel):
    """The runs, and a table with a row for each of their learners' figures."""

    LEAST = (260, 130)
    """Room for a learner's figures below the runs."""

    EMPTY = words.HOW

    def __init__(self) -> None:
        super().__init__()
        self._copied = ""
        """The form in which the table was copied last, until another one is shown."""
        self._planned: dict[object, Plan] = {}
        """Where everything is, by the size of the place: with a scroll bar and without."""

    def missing(self) -> str:
        """Return that no run is pinned; empty where one is."""
        return "" if self.shown is not None and self.shown.pinned else self.EMPTY

    # What it shows, in numbers and words

    def figures(self) -> Compared | None:
        """Return the table."""
        self._copied, self._planned = "", {}
        return compared(self.record, self.selection.pins)

    def state(self) -> object:
        """Return what the table depends on: runs, protocol, and evaluations on the full test sets."""
        record, look = self.record, self.selection
        return (look.pins, look.protocol, len(record.evaluations), learners_of(record), len(record.marks))

    def outdate(self) -> None:
        """Keep no plan."""
        self._planned = {}

    def captions(self) -> tuple[str, ...]:
        """Return what the figures are, and shorter wordings."""
        shown: Compared | None = self.shown
        if shown is None:
            return ()
        if not shown.pinned:
            return words.NOTHING
        return words.captions(self.record, self.selection.protocol)

    def sentence(self) -> str:
        """Say all runs and figures."""
        shown: Compared = self.shown
        return words.sentence(shown, self.selection.protocol) if shown.pinned else self._alone

    def tip(self, key: Place) -> str:
        """Say a run or a figure in full."""
        if key.kind == "copy":
            return f"Copies the table of both protocols as {key.name}."
        run = self._run(key.run)
        if run is None:  # of what was shown a moment ago
            return ""
        if key.kind == "unpin":
            return f"Takes {key.run} away."
        if key.kind == "run":
            return words.run_tip(self.shown, self.selection.protocol, run)
        return words.figure_tip(self.shown, self.selection.protocol, run, key.name, key.part)

    def choose(self, key: Place) -> None:
        """Take a pinned run away, or copy the table."""
        if key.kind == "copy":
            QGuiApplication.clipboard().setText(FORMS[key.name](*table(self.shown)))
            self._copied = key.name
        elif key.kind == "unpin":
            self.asked.emit({"pins": tuple(pin for pin in self.selection.pins if pin.letter != key.run)})
        self.update()

    def _run(self, name: str) -> Run | None:
        shown: Compared = self.shown
        return next((run for run in shown.runs if run.name == name), None)

    @property
    def _alone(self) -> str:
        """What is said where no other run than the shown one is pinned."""
        letter = letter_of(self.selection.pins, self.record)
        return words.ALONE.format(letter=letter) if letter else words.HOW

    # Painting

    def needed(self, figures: Compared) -> float:
        """Return the height of the table."""
        return self._plan(figures).area.height() if figures.pinned else 0.0

    def _plan(self, figures: Compared) -> Plan:
        """Return where everything is, as if nothing were scrolled; worked out once."""
        area = self.area
        size = (area.width(), area.height())
        if size not in self._planned:
            self._planned[size] = plan(area, figures, self.selection.protocol)
        return self._planned[size]

    def paint(self, painter: QPainter, figures: Compared) -> None:
        """Paint the table, or what is missing for one."""
        self.spots = []
        if not figures.pinned:
            self.write_instead(painter, self._alone)
            return
        whole = self._plan(figures)
        places = Plan(whole.area.translated(0, -self.scrolled), whole.form, whole.space)
        painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
        table = TablePainter(painter, places, self.colours, figures, self.selection.protocol)
        table.paint()
        boxes = paint_forms(painter, places.copy, self._copied, self.colours)
        self.spots = [*table.spots, *(Spot(box, Place("copy", "", form)) for form, box in boxes.items())]
