"""The heat map of a sweep: cells in the colours of their figures, with the figure where it has room, and the axes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import hatch, ink
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.gui.panels.sweep.plan import Plan
from lwf_gui.gui.panels.sweep.scale import ScalePainter
from lwf_gui.gui.panels.text import CENTRE, LEFT, RIGHT, fitting, widest, write
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme
from lwf_gui.palette import ramp
from lwf_gui.runs import sweep_words as words
from lwf_gui.runs.sweep_axes import MapAxis
from lwf_gui.runs.sweep_figures import SweepFigures
from lwf_gui.runs.sweep_map import At, Cell

LEAST = 8
"""Pixels of type below which values are rather written in brief."""

FIGURE = "100.0"
"""The widest figure of a cell."""


class HeatPainter:
    """Paints the map, and notes its spots, the chosen cell first."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: SweepFigures) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, chosen: At) -> None:
        """Paint cells, axes and scale."""
        heat, plan = self._figures.heat, self._plan
        small = plan.font(0.9)
        line = QFontMetricsF(small).height()
        self._gutter = min(widest(QFontMetricsF(small), heat.up.texts) + 6, 0.3 * area.width()) if heat.up.key else 0.0
        field = area.adjusted(self._gutter, 1.15 * line, -1, -2.1 * line)
        wide, high = field.width() / len(heat.across.texts), field.height() / len(heat.up.texts)
        self._cells = {
            at: QRectF(field.left() + at[0] * wide, field.bottom() - (at[1] + 1) * high, wide, high)
            for at in heat.cells
        }
        self._figure = sized(plan.font(1.1, fixed_digits=True), (FIGURE,), wide - 4, high - 2)
        self._axes(area, field, line)
        for at, box in self._cells.items():
            self._cell(box, heat.cells[at])
        self._frame(self._cells[chosen])
        order = sorted(self._cells, key=lambda at: (at != chosen, -at[1], at[0]))
        self.spots = [Spot(self._cells[at], Place("cell", "", *at)) for at in order] + self.spots

    def _frame(self, box: QRectF) -> None:
        """Frame the chosen cell in two lines, of which one stands out whatever colour it has."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, inset in ((self._colours.text, 0), (self._colours.surface, 2), (self._colours.text, 3)):
            self._painter.setPen(QPen(QColor(colour), 2 if inset == 0 else 1))
            self._painter.drawRect(box.adjusted(inset, inset, -inset, -inset))

    # The cells

    def _cell(self, box: QRectF, cell: Cell) -> None:
        """Paint one cell: its colour and figure; hatched where runs are not done yet; framed where one failed."""
        painter, colours, heat = self._painter, self._colours, self._figures.heat
        inner = box.adjusted(1, 1, 0, 0)
        if not cell.values:
            self._empty(inner, cell)
            return
        fill = QColor(ramp((cell.mean - heat.low) / (heat.high - heat.low)))
        painter.fillRect(inner, fill)
        pen = ink(fill)
        if cell.missing:  # a hatched foot: its figure is not of all its runs yet
            foot = QRectF(inner.left(), inner.bottom() - 0.2 * inner.height(), inner.width(), 0.2 * inner.height())
            painter.fillRect(foot, QColor(colours.surface))
            hatch(painter, foot, QColor(colours.muted))
            inner.setBottom(foot.top())
        if cell.undone or cell.diverged:
            painter.setPen(QPen(QColor(colours.wrong), 2))
            painter.drawRect(inner.adjusted(1, 1, -1, -1))
        painter.setPen(pen)
        self._text(inner, words.cell_figure(cell), self._more(cell))

    def _more(self, cell: Cell) -> tuple[str, ...]:
        """Return what stands below a figure, and shorter: of how many runs where not of all, else the spread."""
        if len(cell.values) < len(cell.runs):
            return f"{len(cell.values)} of {len(cell.runs)} runs", f"{len(cell.values)} of {len(cell.runs)}", ""
        return (f"± {cell.spread:.1f}", "") if len(cell.values) > 1 else ("",)

    def _empty(self, inner: QRectF, cell: Cell) -> None:
        """Paint a cell without a figure."""
        painter, colours = self._painter, self._colours
        painter.fillRect(inner, QColor(colours.surface))
        state = words.state_of(cell)
        pale = bool(cell.missing or cell.absent)
        if cell.missing:
            hatch(painter, inner, QColor(colours.line))
        if pale:
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawRect(inner)
        else:
            painter.setPen(QPen(QColor(colours.wrong), 2))
            painter.drawRect(inner.adjusted(1, 1, -1, -1))
        font = self._plan.font(0.9)
        metrics = QFontMetricsF(font)
        text = fitting(metrics, inner.width() - 6, state, state.split(" ")[0], "")
        if cell.missing and not text.endswith(("yet", "done")):
            return  # "not" alone says nothing; the scale says what hatched cells are
        if text and metrics.height() < inner.height():
            painter.setFont(font)
            ground = QRectF(0, 0, metrics.horizontalAdvance(text) + 4, metrics.height())
            ground.moveCenter(inner.center())
            painter.fillRect(ground, QColor(colours.surface))
            painter.setPen(QColor(colours.muted if pale else colours.wrong))
            write(painter, inner, [text], CENTRE)

    def _text(self, inner: QRectF, figure: str, more: tuple[str, ...]) -> None:
        """Write a figure, and below it what there is room for."""
        painter, below = self._painter, self._plan.font(0.75, fixed_digits=True)
        metrics, small = QFontMetricsF(self._figure), QFontMetricsF(below)
        if metrics.horizontalAdvance(figure) > inner.width() - 2 or metrics.height() > inner.height() + 2:
            return
        second = fitting(small, inner.width() - 4, *more, "") if more[0] else ""
        both = metrics.height() + small.height()
        room = second and both <= inner.height()
        top = inner.center().y() - (both if room else metrics.height()) / 2
        painter.setFont(self._figure)
        write(painter, QRectF(inner.left(), top, inner.width(), metrics.height()), [figure], CENTRE)
        if room:
            painter.setFont(below)
            write(
                painter, QRectF(inner.left(), top + metrics.height(), inner.width(), small.height()), [second], CENTRE
            )

    # Around them

    def _axes(self, area: QRectF, field: QRectF, line: float) -> None:
        """Write the values and names of both settings, and paint the scale."""
        painter, heat = self._painter, self._figures.heat
        others = has_keys() and len(self._figures.keys) > 2
        painter.setFont(self._plan.font(0.9))
        painter.setPen(QColor(self._colours.muted))
        wide, high = field.width() / len(heat.across.texts), field.height() / len(heat.up.texts)
        small = sized(QFont(painter.font()), heat.across.texts, wide - 3, line)
        fits = widest(QFontMetricsF(small), heat.across.texts) <= wide - 3 and QFontInfo(small).pixelSize() >= LEAST
        shown = heat.across.texts if fits else heat.across.briefs
        painter.setFont(sized(QFont(painter.font()), shown, wide - 3, line))
        for place, text in enumerate(shown):
            write(painter, QRectF(field.left() + place * wide, field.bottom() + 1, wide, line), [text, ""], CENTRE)
        painter.setFont(sized(self._plan.font(0.9), heat.up.texts, max(8.0, self._gutter - 4), high))
        for place, text in enumerate(heat.up.texts if heat.up.key else ()):
            box = QRectF(area.left(), field.bottom() - (place + 1) * high, self._gutter - 4, high)
            write(painter, box, [text], RIGHT)
        half = 0.55 * area.width() - 0.5 * line
        begin = area.left()
        below = QRectF(field.left(), area.bottom() - line, area.right() - field.left(), line)
        above = QRectF(area.left(), area.top(), half, line)
        if heat.up.key:
            begin = self._title(above, "up", heat.up, "↑", others=others) + line
        scale = ScalePainter(painter, self._plan, self._colours, heat)
        self.spots.append(scale.paint(QRectF(begin, area.top(), area.right() - begin, line)))
        hatched = scale.paint_hatch(QRectF(area.right() - half, below.top(), half, line)) if self._missing else 0.0
        below.setRight(below.right() - hatched)
        self._title(below, "across", heat.across, "→", others=others)

    @property
    def _missing(self) -> bool:
        """Whether there are hatched cells."""
        return any(cell.missing for cell in self._figures.heat.cells.values())

    def _title(self, box: QRectF, name: str, axis: MapAxis, arrow: str, *, others: bool) -> float:
        """Write which setting a direction is; where there are others, it is a key to them; return where it ends."""
        painter = self._painter
        more = " ▸" if others else ""
        texts = [
            f"{arrow} {axis.label} ({axis.key}){more}",
            f"{arrow} {axis.label}{more}",
            f"{arrow} {axis.label}",
            f"{arrow} {axis.short}",
        ]
        painter.setFont(self._plan.font(0.9, bold=True))
        painter.setPen(QColor(self._colours.accent if others else self._colours.text))
        write(painter, box, texts, LEFT)
        metrics = QFontMetricsF(painter.font())
        box.setWidth(min(box.width(), metrics.horizontalAdvance(fitting(metrics, box.width(), *texts)) + 4))
        self.spots.append(Spot(box, Place("axis", name)))
        return box.right()
