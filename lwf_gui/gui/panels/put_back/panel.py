"""Put it back: layers of the old network in a learner's own, one by one, and what is right of both tasks then.

Where was it forgotten? In the classroom's MLP much of it is still there, and the head lost it; in the CNN the last
hidden layer did. Each layer is a key, and the bars answer at once, for every combination was tried before.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter

from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.put_back import words
from lwf_gui.gui.panels.put_back.bars import BarPainter, write_lines
from lwf_gui.gui.panels.put_back.choice import ChoicePainter
from lwf_gui.gui.panels.put_back.network import NetworkPainter
from lwf_gui.gui.panels.put_back.place import Place
from lwf_gui.gui.panels.put_back.plan import plan
from lwf_gui.runs import put_back
from lwf_gui.runs.put_back import HEAD, PutBackFigures


class PutBackPanel(Panel):
    """The layers as keys, two bars, a list of telling combinations and a sentence, of one learner."""

    EMPTY = "What the old network's layers would bring back appears here once task 2 begins."
    LEAST = (260, 130)
    CHOSEN = ("_learner", "_back")
    """Room for the layers and the two bars."""

    def __init__(self) -> None:
        super().__init__()
        self._learner = ""
        self._back = frozenset({HEAD})
        """Names of the layers that are put back: at first the old answers, which say most."""

    # What it shows, in numbers and words

    def figures(self) -> PutBackFigures | None:
        """Return what is known with all combinations of layers."""
        return put_back.put_back(self.record, self.selection)

    def state(self) -> object:
        """Return what the figures depend on: looks come seldom, and as a task ends after its last probe."""
        return (super().state(), next(reversed(self.record.put_back.values()), None))

    def captions(self) -> tuple[str, ...]:
        """Return which images, protocol and moment the figures are of, and shorter wordings."""
        figures: PutBackFigures | None = self.shown
        if figures is None:
            return ()
        return (
            ("nothing is known with layers put back", "not known")
            if figures.reason
            else put_back.captions(self.record, figures)
        )

    def sentence(self) -> str:
        """Say what is put back, what is right then, and the other telling combinations."""
        figures: PutBackFigures = self.shown
        return figures.reason or words.sentence(figures, self.learner, self.combination)

    @property
    def learner(self) -> str:
        """Whose network is shown: the chosen learner's, else the first one's."""
        shown: PutBackFigures = self.shown
        return self._learner if self._learner in shown.known else shown.learners[0]

    @property
    def combination(self) -> int:
        """The layers that are put back, as a number."""
        shown: PutBackFigures = self.shown
        return sum(1 << place for place, name in enumerate(shown.layers) if name in self._back)

    def tip(self, key: Place) -> str:
        """Explain a learner, a layer, the images, a bar or a combination."""
        figures: PutBackFigures = self.shown
        if key.name and key.kind != "layer" and key.name not in figures.known:
            return ""  # of what was shown a moment ago
        match key.kind:
            case "learner":
                return words.learner_tip(figures, key.name)
            case "layer":
                return words.layer_tip(figures, key.name, self.learner, back=key.name in self._back)
            case "images":
                return words.images_tip(figures)
            case "bar":
                return words.bar_tip(figures, key.name, self.combination, key.number)
        return words.row_tip(figures, key.name, key.number)

    def choose(self, key: Place) -> None:
        """Show a learner, put a layer back or take it out again, or put back just one combination."""
        figures: PutBackFigures = self.shown
        if key.kind == "learner":
            self._learner = key.name
        elif key.kind == "layer":
            self._back ^= {key.name}
        elif key.kind == "combination":
            self._back = frozenset(figures.names(key.number))
        self.describe()
        self.update()

    # Painting

    def paint(self, painter: QPainter, figures: PutBackFigures) -> None:
        """Paint all parts, or why there are no figures."""
        self.spots = []
        if figures.reason:
            self.write_instead(painter, figures.reason)
            return
        learner, combination = self.learner, self.combination
        places = plan(self.area, len(figures.layers), len(figures.telling))
        choice = ChoicePainter(painter, places, self.colours)
        choice.paint(places.choice, figures.learners, learner)
        network = NetworkPainter(painter, places, self.colours)
        network.paint(places.network, figures.layers, [name in self._back for name in figures.layers], learner)
        bars = BarPainter(painter, places, self.colours, figures, learner)
        bars.paint(places.bars, combination)
        if places.telling is not None:
            bars.list_telling(places.telling, combination)
        self.spots = [*choice.spots, *network.spots, *bars.spots]
        painter.setFont(places.font(bold=True))
        painter.setPen(QColor(self.colours.text))
        write_lines(painter, places.verdict, words.verdict(figures, learner, combination))
