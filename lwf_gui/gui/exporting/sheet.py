"""A figure on paper: its parts in their places, and the caption below them, as one drawing in units of the layout."""

from __future__ import annotations

from types import TracebackType

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPicture, QTextLayout, QTextOption

from lwf_gui import InputError
from lwf_gui.gui import theme
from lwf_gui.gui.choice import RECORDED_PRESET, preset_of, run_text
from lwf_gui.gui.exporting.figures import TOGETHER, Figure
from lwf_gui.gui.exporting.paper import WIDTH_MM, new_press, units
from lwf_gui.gui.exporting.parts import Part
from lwf_gui.gui.panels.panel import MARGIN, Panel
from lwf_gui.gui.printing import PrintPainter, printing
from lwf_gui.runs.figure_caption import FigureCaption, figure_caption, images_said
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

CAPTION_TYPE = 0.93
"""Size of the caption's type, in body text sizes."""

LEFT_SHARE = 0.58
"""Part of the width that plot and cards take beside the memory wall."""


class Nothing(InputError):  # noqa: N818 - it is no fault
    """The run has nothing to show in a figure."""


class Sheet:
    """One figure of a record, to be drawn at any step.

    It is a context: what it is made of is gone with it.

    Parameters
    ----------
    like : the panel of the window whose view is wanted
    """

    def __init__(self, record: Record, figure: Figure, like: Panel | None = None) -> None:
        self._record, self._figure = record, figure
        self.caption, self._press = FigureCaption(figure.title, ""), new_press()
        with printing(self._press):
            keys = ("story", "accuracy", "cards", "image_grid") if figure.key == TOGETHER else (figure.key,)
            self._parts = {key: Part(key, record, like) for key in keys}
        self._preset = _preset(record)
        self._body = QSizeF(units(WIDTH_MM), 0)

    def __enter__(self) -> Sheet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._parts.values():
            part.discard()

    def drawing(self, selection: Selection) -> tuple[QPicture, QSizeF]:
        """Return the figure at a selection as a drawing, and its size.

        Raises
        ------
        Nothing
            If the run has nothing to show in it.
        """
        with printing(self._press):
            if self._body.isEmpty():
                self._arrange(selection)
            for part in self._parts.values():
                part.look(selection)
            self._refuse_nothing()
            self.caption = self._caption(selection)
            told = _laid_out(self.caption, self._body.width() - 2 * MARGIN)
            size = QSizeF(self._body.width(), self._body.height() + told.boundingRect().height() + 1.5 * MARGIN)
            picture = QPicture()
            with PrintPainter(picture) as painter:
                painter.fillRect(QRectF(QPointF(0, 0), size), QColor(theme.LIGHT.surface))
                for part in self._parts.values():
                    part.paint(painter)
                painter.setPen(QColor(theme.LIGHT.text))
                told.draw(painter, QPointF(MARGIN, self._body.height() + MARGIN / 2))
            return picture, size

    def height(self, caption_lines: int) -> float:
        """Return how high it is with so many lines of caption, once it was drawn."""
        with printing(self._press):
            return self._body.height() + caption_lines * _line() + 1.5 * MARGIN

    def _refuse_nothing(self) -> None:
        missing = [part.missing for part in self._parts.values()]
        if all(missing):  # of several parts those that have something are shown
            raise Nothing(f"{self._figure.title} has nothing to show of this run: {missing[0]}")

    def _caption(self, selection: Selection) -> FigureCaption:
        said = self._parts[self._figure.key].said if self._figure.key in self._parts else ""
        said = said or images_said(self._record, selection, curves=self._figure.key == "accuracy")
        by_protocol = self._figure.by_protocol
        record = self._record if self._figure.of_run else Record()
        return figure_caption(record, selection, self._figure.title, said, preset=self._preset, by_protocol=by_protocol)

    # Places

    def _arrange(self, selection: Selection) -> None:
        """Give every part its place, which it keeps at every step."""
        figure, more = self._figure, max(0, len(learners_of(self._record)) - 2)
        width, high = self._body.width(), units(figure.high + more * figure.each)
        whole = QRectF(0, 0, width, high)
        for part in self._parts.values():
            part.place(whole)
            part.look(selection)
        if figure.key == TOGETHER:
            self._arrange_together(whole)
        elif needed := self._parts[figure.key].needed:
            whole.setHeight(needed if figure.key in ("story", "cards") else max(needed, high))
            self._parts[figure.key].place(whole)
        self._body = whole.size()

    def _arrange_together(self, whole: QRectF) -> None:
        """Put the story over all, the plot above the cards, and the memory wall beside both."""
        story, accuracy, cards, wall = (self._parts[key] for key in ("story", "accuracy", "cards", "image_grid"))
        left = LEFT_SHARE * whole.width()
        story.place(QRectF(0, 0, whole.width(), story.needed))
        cards.place(QRectF(0, 0, left, whole.height()))
        top, high = story.needed + MARGIN / 2, cards.needed
        cards.place(QRectF(0, whole.bottom() - high, left, high))
        accuracy.place(QRectF(0, top, left, whole.height() - top - high))
        wall.place(QRectF(left, top, whole.width() - left, whole.height() - top))


def _preset(record: Record) -> str:
    """Return the name of the preset that the run's recipe is made from; empty where there is none."""
    if record.data is None or (name := preset_of(record.data.recipe)) == RECORDED_PRESET:
        return ""
    return run_text(name, record.data.recipe)


def _line() -> float:
    """Return the units from one line of the caption to the next."""
    return QFontMetricsF(theme.font(CAPTION_TYPE)).lineSpacing()


def _laid_out(caption: FigureCaption, width: float) -> QTextLayout:
    """Return a caption in lines of a width, its title bold."""
    layout = QTextLayout(caption.whole, theme.font(CAPTION_TYPE))
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    bold = QTextLayout.FormatRange()
    bold.start, bold.length = 0, len(caption.title) + 1
    bold.format.setFont(theme.font(CAPTION_TYPE, bold=True))
    layout.setFormats([bold])
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += _line()
    layout.endLayout()
    return layout
