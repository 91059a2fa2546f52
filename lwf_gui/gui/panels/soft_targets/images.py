"""Probe images in the picture of soft targets: the one that is looked at, and those to choose from."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from lwf_gui.gui.panels.drawing import grey_image, scaled
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, write_in
from lwf_gui.gui.panels.soft_targets.words import choice_texts
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import DataReady
from lwf_gui.runs import soft_targets
from lwf_gui.runs.soft_targets import SoftTargets

LEAST_CELL = 18.0
"""Pixels of an image to choose below which there is one of each class alone."""


class ImagePainter:
    """Paints probe images, and notes their spots.

    Parameters
    ----------
    kept : pictures by number and side: smooth scaling is dear
    ratio : of the screen's pixels to the panel's
    """

    def __init__(
        self,
        painter: QPainter,
        data: DataReady,
        look: tuple[Theme, Lettering],
        kept: dict[tuple[int, float], QPixmap],
        ratio: float,
    ) -> None:
        self._painter, self._data, (self._colours, self._type) = painter, data, look
        self._kept, self._ratio = kept, ratio
        self.spots: list[Spot] = []

    def choices(self, figures: SoftTargets, area: QRectF, share: float = 0.19) -> float:
        """Paint the images to choose from at the bottom, a column per class; return where they begin.

        ``share`` is the part of the height that they may take. On paper there are none.
        """
        if not has_keys():
            return area.bottom()
        shown = [[n for n in figures.choices if self._label(n) == unit] for unit in range(len(figures.classes))]
        shown = [numbers for numbers in shown if numbers]
        most, gap, font = share * area.height(), 10.0, self._type.font(0.85)
        lines, cell = _grid(len(shown), soft_targets.PER_CLASS, area.width() - gap, most)
        if cell < LEAST_CELL:  # many classes, or little room: one image of each, the chosen one if it is of that class
            shown = [[figures.image] if figures.image in numbers else numbers[:1] for numbers in shown]
            lines, cell = max(
                (_grid(len(shown), 1, area.width() - gap, most, lines) for lines in (1, 2, 3, 4)), key=lambda g: g[1]
            )
        columns, rows = math.ceil(len(shown) / lines), max(map(len, shown), default=0)
        heading = self._type.metrics(0.85).height() + 1
        top = area.bottom() - lines * rows * cell
        begins = area.right()
        for index, numbers in enumerate(shown):
            new = self._label(numbers[0]) >= len(figures.teacher)
            x, y = area.left() + index % columns * cell + gap * new, top + index // columns * rows * cell
            begins = min(begins, x) if new else begins
            for row, number in enumerate(numbers):
                frame = QRectF(x, y + row * cell, cell, cell).adjusted(1.5, 1.5, -1.5, -1.5)
                self.image(number, frame, ("image", number), chosen=number == figures.image)
        self._painter.setPen(QColor(self._colours.muted))
        if lines > 1:
            begins = area.right()
        old_says, new_says = choice_texts(figures, in_one_line=lines == 1)
        write_in(self._painter, QRectF(area.left(), top - heading, begins - area.left() - 4, heading), old_says, font)
        write_in(self._painter, QRectF(begins, top - heading, area.right() - begins, heading), new_says, font)
        return top - heading

    def image(self, number: int, frame: QRectF, key: tuple[object, ...], *, chosen: bool = False) -> None:
        """Paint a probe image, framed where it is the chosen one."""
        where = (number, frame.width())
        if where not in self._kept:
            grey = grey_image(self._data.probe_images[number], self._data.peak, dark=self._colours.dark)
            self._kept[where] = scaled(grey, frame.width(), self._ratio)
        self._painter.drawPixmap(frame.topLeft(), self._kept[where])
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(self._colours.accent if chosen else self._colours.line), 3 if chosen else 1))
        self._painter.drawRect(frame)
        self.spots.append(Spot(frame, key))

    def _label(self, number: int) -> int:
        return int(self._data.probe_labels[number])


def _grid(classes: int, per_class: int, width: float, height: float, lines: int = 1) -> tuple[int, float]:
    """Return (lines, side of an image) of that many classes in columns of so many images each."""
    return lines, min(width / max(1, math.ceil(classes / lines)), height / (lines * per_class), 96.0)
