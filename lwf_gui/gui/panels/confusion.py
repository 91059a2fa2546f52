"""One confusion matrix per learner, each row in percent of a true class, and the images that are in a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import GAP, Thumbs, blank, grey_image, heading, ink, mixed
from lwf_gui.gui.panels.panel import Panel, Spot
from lwf_gui.gui.panels.text import CENTRE, RIGHT, fitted, names_within, widest, write
from lwf_gui.numbers import counted, percent
from lwf_gui.runs import views
from lwf_gui.runs.confusion import Cell, Matrices, matrices
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record

MOST_THUMB = 96
"""Pixels of an image of a cell at most."""
MOST_KINDS = 64
"""Classes of which every cell can be pointed at; of more only cells with images can."""
LEAST_LIST = 0.8
"""Part of its size that the list of mistakes keeps at least where names are long: words are said shorter first."""
TAKEN_FOR, ARROW = " taken for ", " → "
"""What stands between two classes in the list of mistakes: the same in all of it."""
NAMES_PAY = 1.25
"""Cells may be this much smaller for the sake of written class names beside the rows."""


class Thumb(NamedTuple):
    """One of the images of a cell."""

    image: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything is, in pixels. ``origins`` are the corners of the cells of each matrix."""

    cell: int
    names: bool
    gutter: float
    title: float
    band: float
    across: int
    origins: tuple[QPointF, ...]
    strip: QRectF


class Confusion(Panel):
    """The matrices, side by side where there is room, above a strip of text or of the images of one cell."""

    EMPTY = "Which class is taken for which appears here once a network trains."

    def __init__(self) -> None:
        super().__init__()
        self._open: Cell | None = None
        self._still: QPixmap | None = None
        self._still_of: object = None
        self._layout: _Layout
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

    def caption(self) -> str:
        """Say what is counted."""
        return next(iter(self.captions()), "")

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        said = views.probe_captions(self.record, self.selection)
        if not said:
            return ()
        whole = (f"Percent of each true class; {each}" for each in said[:-1])
        return (*whole, *(f"% of each class; {each}" for each in said[-2:]), f"percent, {said[-1]}", said[-1])

    def sentence(self) -> str:
        """Say how often each learner is right, and its most frequent mistakes."""
        return "; ".join(self._said(learner, 2) for learner in self.shown.learners) + "."

    def _said(self, learner: str, most: int) -> str:
        shown: Matrices = self.shown
        right = f"{views.label_of(learner)} gets {shown.right(learner)} of {len(shown.images)} right"
        mistakes = []
        for cell in shown.mistakes(learner, most):
            count, total = shown.count(cell)
            much = f"all {total}" if count == total else "most" if 2 * count > total else f"{count} of {total}"
            of = f" ({count} of {total})" if much == "most" else ""
            mistakes.append(f"{much} {shown.classes[cell.true]} images{of} for {shown.classes[cell.taken]}")
        return f"{right}, and takes {', '.join(mistakes)}" if mistakes else right

    def tip(self, key: Cell | Thumb) -> str:
        """Say the counts of a cell, or what an image is."""
        if isinstance(key, Thumb):
            assert self.record.data is not None
            name = views.image_name(self.record.data, key.image)
            return f"{name[0].upper()}{name[1:]}: click to follow it in all panels"
        shown: Matrices = self.shown
        if key.learner not in shown.learners:  # a spot of what was shown a moment ago
            return ""
        true, taken = shown.classes[key.true], shown.classes[key.taken]
        where = f"{views.label_of(key.learner)}, {PROTOCOLS[shown.protocol]}, {shown.when}"
        if not shown.possible[key.true, key.taken]:
            return f"{true} cannot be taken for {taken}: its task is known ({where})"
        what = f"{true} taken for {taken}" if key.true != key.taken else f"{true} recognised"
        count, total = shown.count(key)
        return f"{what}: {count} of {counted(total, 'probe image')}, {percent(100 * count / max(total, 1), 1)}, {where}"

    def minimumSizeHint(self) -> QSize:
        """Return little: a lesson beside it must still fit on a projector."""
        return QSize(240, 80)

    # What the user does

    def choose(self, key: Cell | Thumb) -> None:
        """Show the images of a cell, or no longer; or ask all panels to follow an image."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # so that Esc comes here
        if isinstance(key, Thumb):
            self.asked.emit({"image": key.image})
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

    def paint(self, painter: QPainter, figures: Matrices) -> None:
        """Paint the cells upon the picture of all that stands still, then the strip."""
        size, points = self.size(), theme.font(1.0).pointSizeF()
        of = (
            self.record.data,
            figures.learners,
            figures.protocol,
            size,
            points,
            self.colours,
            self.devicePixelRatioF(),
        )
        if self._still is None or of != self._still_of:
            self._still_of = of
            self._layout = self._arrange(figures)
            self._still = self._paint_still(figures)
        painter.drawPixmap(0, 0, self._still)
        self._paint_cells(painter, figures)
        self.spots = list(self._cells)
        if self._open is not None and self._open.learner in figures.learners:
            self._paint_images(painter, figures, self._open)
        else:
            self._paint_words(painter, figures)

    def _arrange(self, figures: Matrices) -> _Layout:
        """Return the layout with the largest cells; written names beside the rows count for a little size."""
        area, count, kinds = self.area, len(figures.learners), len(figures.classes)
        small = QFontMetricsF(theme.font(0.85))
        names = min(widest(small, figures.classes), 0.3 * area.width()) + 6
        strip = min(2.2 * small.height() + 28, 0.3 * area.height())
        best: tuple[float, _Layout] | None = None
        for across in range(1, count + 1):
            down = -(-count // across)
            title = min(QFontMetricsF(theme.font(1.0, bold=True)).height(), 0.12 * area.height() / down) + 2
            band = min(small.height(), 0.08 * area.height() / down) + 4
            high = (area.height() - strip - down * (title + band + GAP)) / (down * (kinds + 1))
            wide = area.width() - (across - 1) * GAP
            for written in (True, False):
                cells = across * kinds
                cell = int(min((wide - names) / cells if written else (wide - 2) / (cells + 1), high))
                worth = cell * (NAMES_PAY if written else 1.0) * (count / (across * down)) ** 0.5
                if cell >= 2 and (best is None or worth >= best[0]):
                    gutter = names if written else cell + 2.0
                    best = (worth, self._place(figures, cell, written, gutter, title, band, across))
        return best[1] if best else self._place(figures, 1, False, 3.0, 1.0, 1.0, count)

    def _place(
        self, figures: Matrices, cell: int, names: bool, gutter: float, title: float, band: float, across: int
    ) -> _Layout:
        area, side = self.area, float(cell * len(figures.classes))
        block, used = title + band + cell + side, gutter + across * side + (across - 1) * GAP
        left = area.left() + int((area.width() - used) / 2) + gutter
        origins = tuple(
            QPointF(left + (i % across) * (side + GAP), area.top() + (i // across) * (block + GAP) + block - side)
            for i in range(len(figures.learners))
        )
        strip = QRectF(area)
        strip.setTop(origins[-1].y() + side + GAP)
        return _Layout(cell, names, gutter, title, band, across, origins, strip)

    def _paint_still(self, figures: Matrices) -> QPixmap:
        """Return a picture of titles, class names and images, and empty cells; find the cells and their colours."""
        picture = blank(self, self.width(), self.height())
        surface = QColor(self.colours.surface)
        self._cells, self._shades = [], {}
        with QPainter(picture) as painter:
            painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform)
            for place, origin in enumerate(self._layout.origins):
                self._paint_labels(painter, figures, place)
                self._paint_grid(painter, figures, origin)
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

    def _paint_labels(self, painter: QPainter, figures: Matrices, place: int) -> None:
        """Paint a matrix's title, the tasks of its columns, and the images or names of columns and rows."""
        lay, learner, origin = self._layout, figures.learners[place], self._layout.origins[place]
        side, old = lay.cell * len(figures.classes), figures.old * lay.cell
        first = place % lay.across == 0
        top = origin.y() - lay.cell - lay.band - lay.title
        left = origin.x() - (lay.gutter if first else 0)
        room = side - 1.5 * lay.title
        names = names_within(QFontMetricsF(theme.font(1.0, bold=True)), room, figures.learners)
        painter.setFont(fitted(theme.font(1.0, bold=True), lay.title, names.values(), room))
        box = QRectF(left, top, origin.x() + side - left, lay.title)
        heading(painter, box, learner, [names[learner]], self.colours)
        painter.setPen(QColor(self.colours.muted))
        painter.setFont(fitted(theme.font(0.85), lay.band - 2))
        words = "taken for {}"
        if painter.fontMetrics().horizontalAdvance(words.format("new")) > (min(old, side - old) or old) - 2:
            words = "{}"
        for x, width, task in ((0, old, "old"), (old, side - old, "new")):
            if width:
                band = QRectF(origin.x() + x + 1, top + lay.title, width - 2, lay.band - 2)
                write(painter, band, [words.format(task), ""], CENTRE)
                painter.drawLine(band.bottomLeft(), band.bottomRight())
        painter.setFont(fitted(theme.font(0.85), lay.cell, figures.classes, lay.gutter - 6))
        for unit in range(len(figures.classes)):
            self._paint_label(painter, figures, origin, unit, first)

    def _paint_label(self, painter: QPainter, figures: Matrices, origin: QPointF, unit: int, first: bool) -> None:
        """Paint the image of a class above its column, and its name, or the image again, beside its row."""
        assert self.record.data is not None
        lay = self._layout
        image = views.class_image(self.record, unit)
        thumb = QPixmap.fromImage(grey_image(image, self.record.data.peak, dark=self.colours.dark))
        column = QRectF(origin.x() + unit * lay.cell + 1, origin.y() - lay.cell, lay.cell - 2, lay.cell - 2)
        painter.drawPixmap(column, thumb, QRectF(thumb.rect()))
        row = QRectF(origin.x() - lay.gutter, origin.y() + unit * lay.cell, lay.gutter - 5, lay.cell)
        if first and lay.names:
            painter.setPen(QColor(self.colours.text))
            write(painter, row, [figures.classes[unit]], RIGHT)
        elif first:
            painter.drawPixmap(row.adjusted(0, 1, 3, -1), thumb, QRectF(thumb.rect()))

    def _paint_grid(self, painter: QPainter, figures: Matrices, origin: QPointF) -> None:
        """Paint empty cells: those that the protocol rules out in grey."""
        cell, kinds = self._layout.cell, len(figures.classes)
        side = float(cell * kinds)
        if not figures.possible.all():
            old, new = float(cell * figures.old), float(cell * (kinds - figures.old))
            for corner in (QRectF(old, 0, new, old), QRectF(0, old, old, new)):
                painter.fillRect(corner.translated(origin), QColor(self.colours.raised))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self.colours.line))
        for line in range(kinds + 1):
            x, y = origin.x() + line * cell, origin.y() + line * cell
            painter.drawLine(QPointF(x, origin.y()), QPointF(x, origin.y() + side))
            painter.drawLine(QPointF(origin.x(), y), QPointF(origin.x() + side, y))

    def _paint_cells(self, painter: QPainter, figures: Matrices) -> None:
        """Paint the cells that have images."""
        cell, kinds = self._layout.cell, len(figures.classes)
        font = theme.font(0.9)
        digits = int(min(0.56 * cell, (cell - 3) / 1.8, max(QFontMetricsF(font).ascent() * 1.2, 0.3 * cell)))
        font.setPixelSize(max(1, digits))
        painter.setFont(font)
        numbered = digits >= 7
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
                write(painter, spot.rect, [f"{share:.0f}" if share >= 0.5 else "<1"], CENTRE)
        for place in range(len(figures.learners)):
            self._paint_borders(painter, figures, place)

    def _paint_borders(self, painter: QPainter, figures: Matrices, place: int) -> None:
        """Paint frames around the cells of right answers, and the border between the tasks."""
        cell, kinds, origin = self._layout.cell, len(figures.classes), self._layout.origins[place]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self.colours.muted))
        x, y = origin.x(), origin.y()
        painter.drawRects([QRectF(x + unit * cell, y + unit * cell, cell, cell) for unit in range(kinds)])
        if figures.old < kinds:
            painter.setPen(QPen(QColor(self.colours.text), 2))
            side, old = cell * kinds, cell * figures.old
            painter.drawLine(QPointF(x + old, y - cell), QPointF(x + old, y + side))
            painter.drawLine(QPointF(x - 4, y + old), QPointF(x + side, y + old))

    def _paint_words(self, painter: QPainter, figures: Matrices) -> None:
        """Write how to read a matrix, and each learner's most frequent mistakes, below each other as the matrices."""
        rect, across = self._layout.strip, self._layout.across
        down = -(-len(figures.learners) // across)
        width = (rect.width() - (across - 1) * GAP) / across
        right, body = f": {len(figures.images)} right", QFontMetricsF(theme.font(0.9))
        names = names_within(body, width - body.horizontalAdvance(f"mm{right}"), figures.learners)
        labels = [f"mm{name}{right}" for name in names.values()]
        font = fitted(
            theme.font(0.9), rect.height() / (1 + down), labels, max(width, LEAST_LIST * widest(body, labels))
        )
        painter.setFont(font)
        line = min(QFontMetricsF(font).height() * 1.15, rect.height() / (1 + down))
        painter.setPen(QColor(self.colours.muted))
        how = "Row: the true class. Column: what it is taken for. Framed: right. In percent of the row"
        texts = [f"{how}. Click a cell for its images.", f"{how}."]
        texts += ["Row: true class; column: taken for (%). Click a cell.", "Row: true class; column: taken for, in %"]
        write(painter, QRectF(rect.left(), rect.top(), rect.width(), line), texts)
        rect = rect.adjusted(0, 1.2 * line, 0, 0)
        lines = max(1, int(rect.height() / line / down))
        mistakes = {learner: figures.mistakes(learner, min(lines - 1, 5)) for learner in figures.learners}
        said = [_mistake(figures, cell, TAKEN_FOR) for cells in mistakes.values() for cell in cells]
        between = TAKEN_FOR if widest(QFontMetricsF(font), said) <= width - 0.9 * line else ARROW
        for place, learner in enumerate(figures.learners):
            left, top = place % across * (width + GAP), place // across * lines * line
            box = QRectF(rect.left() + left, rect.top() + top, width, line)
            correct, name = figures.right(learner), names[learner]
            texts = [f"{name}: {correct} of {len(figures.images)} right", f"{name}: {correct} right", name]
            heading(painter, box, learner, texts, self.colours)
            for cell in mistakes[learner]:
                box.translate(0, line)
                write(painter, box.adjusted(line * 0.9, 0, 0, 0), [_mistake(figures, cell, between)])

    def _paint_images(self, painter: QPainter, figures: Matrices, cell: Cell) -> None:
        """Paint the images of a cell, as many as there is room for, and frame the cell."""
        data, accent = self.record.data, QColor(self.colours.accent)
        assert data is not None
        number = np.ravel_multi_index(
            (figures.learners.index(cell.learner), cell.true, cell.taken), figures.counts.shape
        )
        frame = self._cell(figures, int(number)).rect
        painter.setPen(QPen(QColor(self.colours.text), 3))
        painter.drawRect(frame)
        rect, images, (count, total) = self._layout.strip, figures.images_in(cell), figures.count(cell)
        true, taken = figures.classes[cell.true], figures.classes[cell.taken]
        said = f"{true} taken for {taken}: {count} of {total}" if true != taken else f"{true}: {count} of {total} right"
        font = fitted(theme.font(0.9, bold=True), 0.35 * rect.height(), [f"mm{said}"], rect.width())
        painter.setFont(font)
        line = QRectF(rect.left(), rect.top(), rect.width(), QFontMetricsF(font).height() + 2)
        heading(painter, line, cell.learner, [f"{said} (Esc closes)", said], self.colours)
        room = rect.adjusted(0, line.height() + 2, 0, 0)
        most = int(min(room.height(), MOST_THUMB))
        tile = next((t for t in range(most, 20, -1) if fits(room, t) >= len(images)), min(20, most))
        if tile < 1:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        columns = max(1, int(room.width() // tile))
        for place, image in enumerate(images[: fits(room, tile)]):
            x, y = room.left() + place % columns * tile, room.top() + place // columns * tile
            box = QRectF(x, y, tile - 2, tile - 2)
            thumb = self._thumbs.picture(data, image, dark=self.colours.dark)
            painter.drawPixmap(box, thumb, QRectF(thumb.rect()))
            painter.setPen(QPen(accent, 3) if image == self.selection.image else QColor(self.colours.line))
            painter.drawRect(box)
            self.spots.append(Spot(box, Thumb(image)))


def _mistake(figures: Matrices, cell: Cell, between: str) -> str:
    """Say how many images of a class are taken for another."""
    (count, total), true, taken = figures.count(cell), figures.classes[cell.true], figures.classes[cell.taken]
    return f"{true}{between}{taken}: {count} of {total}"


def fits(room: QRectF, tile: float) -> int:
    """Return how many square tiles have room."""
    return int(room.width() // tile) * int(room.height() // tile) if tile >= 1 else 0
