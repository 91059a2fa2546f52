"""Confusion matrices, one per learner, each row in percent of a true class, and the images that are in a cell."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.confusion.cell_images import CellImage, CellImages, paint_heading
from lwf_gui.gui.panels.confusion.choices import Chosen, choices_of, paint_choices
from lwf_gui.gui.panels.confusion.layout import LEGIBLE, MatrixLayout, arranged, digits_in
from lwf_gui.gui.panels.confusion.matrix import MatrixPainter
from lwf_gui.gui.panels.confusion.words import paint_words
from lwf_gui.gui.panels.drawing import GAP, Thumbs, blank, ink, mixed
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.gui.printing import pixel_ratio
from lwf_gui.numbers import counted, percent
from lwf_gui.runs import confusion_words
from lwf_gui.runs.captions import image_name
from lwf_gui.runs.confusion import Cell, Matrices, matrices
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record

MOST_KINDS = 64
"""Classes of which every cell can be pointed at; of more only cells with images can."""


MANY = 2
"""Matrices of which one is shown, where all of them together have no room for figures."""


class Confusion(Panel):
    """The matrices, side by side where there is room, above a strip of text or of the images of one cell.

    Of many that have no room for figures one is shown, below a line with all learners to choose from.
    """

    EMPTY = "Which class is taken for which appears here once a network trains."
    CHOSEN = ("_open", "_chosen")

    def __init__(self) -> None:
        super().__init__()
        self._open: Cell | None = None
        self._chosen = ""
        """Whose matrix is shown, where not all are."""
        self._still: QPixmap | None = None
        self._still_of: object = None
        self._layout: MatrixLayout
        self._cells: list[Spot] = []
        self._shades: dict[str, list[tuple[QColor, QColor]]] = {}
        self._thumbs = Thumbs()

    # What it shows, in numbers and words

    def figures(self) -> Matrices | None:
        """Return the matrices at the probe that is looked at."""
        return matrices(self.record, self.selection)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._open = None
        super().show_record(record)

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        return confusion_words.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say how often each learner is right, and its most frequent mistakes."""
        return confusion_words.sentence(self.shown)

    def tip(self, key: Cell | CellImage | Chosen) -> str:
        """Say the counts of a cell, or what an image is."""
        if isinstance(key, Chosen):
            if key.learner not in self.shown.learners:
                return ""
            return f"{confusion_words.said(self.shown, key.learner, 0)}. Click to see its matrix"
        if isinstance(key, CellImage):
            assert self.record.data is not None
            name = image_name(self.record.data, key.image)
            return f"{name[0].upper()}{name[1:]}: click to follow it in all panels"
        shown: Matrices = self.shown
        if not _is_in(key, shown):  # a spot of what was shown a moment ago
            return ""
        true, taken = shown.classes[key.true], shown.classes[key.taken]
        where = f"{label_of(key.learner)}, {PROTOCOLS[shown.protocol]}, {shown.when}"
        if not shown.possible[key.true, key.taken]:
            return f"{true} cannot be taken for {taken}: its task is known ({where})"
        what = f"{true} taken for {taken}" if key.true != key.taken else f"{true} recognised"
        count, total = shown.count(key)
        return f"{what}: {count} of {counted(total, 'probe image')}, {percent(100 * count / max(total, 1), 1)}, {where}"

    # What the user does

    def choose(self, key: Cell | CellImage | Chosen) -> None:
        """Show the images of a cell, or no longer, or another learner; or ask all panels to follow an image."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # so that Esc comes here
        if isinstance(key, CellImage):
            self.asked.emit({"image": key.image})
        elif isinstance(key, Chosen):
            self._chosen, self._open = key.learner, None
        else:
            self._open = None if key == self._open else key
        self.update()

    def has_open(self) -> bool:
        """Whether a cell's images are shown."""
        return self._open is not None

    def close_open(self) -> None:
        """Close the images."""
        self._open = None
        self.update()

    # Painting

    def outdate(self) -> None:
        """Paint titles and class names anew."""
        self._still = None

    def paint(self, painter: QPainter, figures: Matrices) -> None:
        """Paint the cells upon the picture of all that stands still, then the strip."""
        figures, area, choices = self._some(figures)
        size, points = self.size(), theme.font(1.0).pointSizeF()
        images = self._open is not None and _is_in(self._open, figures)
        of = (
            self.record.data,
            figures.learners,
            figures.protocol,
            (figures.old, len(figures.classes)),
            size,
            points,
            self.colours,
            pixel_ratio(self),
            images,
        )
        if self._still is None or of != self._still_of:
            self._still_of = of
            self._layout = arranged(area, figures, images=images)
            self._still = self._paint_still(figures)
        painter.drawPixmap(0, 0, self._still)
        self._paint_cells(painter, figures)
        self.spots = [*paint_choices(painter, choices, figures.learners[0], self.colours), *self._cells]
        if images:
            assert self._open is not None
            self._paint_images(painter, figures, self._open)
        else:
            paint_words(painter, figures, self._layout, self.colours)

    def _some(self, figures: Matrices) -> tuple[Matrices, QRectF, list[Spot]]:
        """Return the matrices that are shown, where, and above them the learners to choose from, if not all are."""
        area = self.area
        if len(figures.learners) < MANY or digits_in(arranged(area, figures, images=True).cell) >= LEGIBLE:
            return figures, area, []
        chosen = figures.only(self._chosen if self._chosen in figures.learners else figures.learners[0])
        choices = choices_of(figures.learners, area)
        area.setTop(choices[-1].rect.bottom() + GAP)
        return chosen, area, choices

    def _paint_still(self, figures: Matrices) -> QPixmap:
        """Return a picture of titles, class names and images, and empty cells; find the cells and their colours."""
        picture = blank(self, self.width(), self.height())
        surface = QColor(self.colours.surface)
        self._cells, self._shades = [], {}
        with painter_on(picture) as painter:
            painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform)
            matrix = MatrixPainter(painter, figures, self._layout, self.record, self.colours)
            for place, origin in enumerate(self._layout.origins):
                matrix.labels(place)
                matrix.grid(origin)
        for learner in figures.learners:
            fills = [mixed(surface, QColor(self.colours.learner(learner)), 0.1 + 0.009 * p) for p in range(101)]
            self._shades[learner] = [(fill, ink(fill)) for fill in fills]
        if len(figures.classes) <= MOST_KINDS:
            self._cells = [self._cell(figures, number) for number in range(figures.counts.size)]
        return picture

    def _cell(self, figures: Matrices, number: int) -> Spot:
        """Return a cell by its place among all cells of all matrices, row by row."""
        place, true, taken = (int(at) for at in np.unravel_index(number, figures.counts.shape))
        origin, cell = self._layout.origins[place], self._layout.cell
        rect = QRectF(origin.x() + taken * cell, origin.y() + true * cell, cell, cell)
        return Spot(rect, Cell(figures.learners[place], true, taken))

    def _paint_cells(self, painter: QPainter, figures: Matrices) -> None:
        """Paint the cells that have images."""
        cell, kinds = self._layout.cell, len(figures.classes)
        font, digits = theme.font(0.9), digits_in(cell)
        font.setPixelSize(max(1, digits))
        painter.setFont(font)
        numbered = digits >= LEGIBLE
        percents = figures.percent.ravel().tolist()
        filled = figures.counts.ravel().nonzero()[0].tolist()
        if kinds > MOST_KINDS:  # there are too many to point at all
            self._cells = [self._cell(figures, number) for number in filled]
        for place, number in enumerate(filled):
            spot, share = self._cells[number if kinds <= MOST_KINDS else place], percents[number]
            fill, pen = self._shades[figures.learners[number // (kinds * kinds)]][round(share)]
            painter.fillRect(spot.rect.adjusted(1, 1, 0, 0), fill)
            if numbered:
                painter.setPen(pen)
                write(painter, spot.rect, [confusion_words.cell_text(share)], CENTRE)
        matrix = MatrixPainter(painter, figures, self._layout, self.record, self.colours)
        for place in range(len(figures.learners)):
            matrix.borders(place)

    def _paint_images(self, painter: QPainter, figures: Matrices, cell: Cell) -> None:
        """Frame the cell, and paint its images below the matrices."""
        data, dark = self.record.data, self.colours.dark
        assert data is not None
        place = (figures.learners.index(cell.learner), cell.true, cell.taken)
        painter.setPen(QPen(QColor(self.colours.text), 3))
        painter.drawRect(self._cell(figures, int(np.ravel_multi_index(place, figures.counts.shape))).rect)
        room = paint_heading(painter, self._layout.strip, figures, cell, self.colours)
        images = CellImages(painter, lambda image: self._thumbs.picture(data, image, dark=dark), self.colours)
        self.spots += images.paint(room, figures.images_in(cell), self.selection.image)


def _is_in(cell: Cell, figures: Matrices) -> bool:
    """Whether there is such a cell: not of a learner, nor of a class, that comes later."""
    return cell.learner in figures.learners and max(cell.true, cell.taken) < len(figures.classes)
