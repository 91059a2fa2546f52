"""Words below the confusion matrices: how to read one, and each learner's most frequent mistakes."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.confusion.layout import MatrixLayout
from lwf_gui.gui.panels.drawing import GAP, heading
from lwf_gui.gui.panels.text import fitted, names_within, widest, write
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.confusion import Cell, Matrices
from lwf_gui.runs.confusion_words import HOW

LEAST_LIST = 0.8
"""Part of its size that the list of mistakes keeps at least where names are long: words are said shorter first."""
TAKEN_FOR, ARROW = " taken for ", " → "
"""What stands between two classes in the list of mistakes: the same in all of it."""

BRIEF = 0.85
"""Size of the type of how to read a matrix where that is all there is room for."""

FORMS = 3
"""Ways to say a mistake, from the longest to the shortest."""

CUT = 1.6
"""How much wider than there is room a mistake may be: its names lose some letters."""


def _mistake(figures: Matrices, cell: Cell, form: int) -> str:
    """Say how many images of a class are taken for another: in full, with an arrow, or with short names too."""
    (count, total), true, taken = figures.count(cell), figures.classes[cell.true], figures.classes[cell.taken]
    if form == FORMS - 1:
        true, taken = (name.partition("/")[0] for name in (true, taken))
    return f"{true}{ARROW if form else TAKEN_FOR}{taken}: {count:,} of {total:,}"


def _how_to_read(painter: QPainter, line: QRectF, colours: Theme) -> None:
    """Write what rows, columns and numbers are."""
    painter.setPen(QColor(colours.muted))
    texts = [f"{HOW}. Click a cell for its images.", f"{HOW}."]
    texts += ["Row: true class; column: taken for (%). Click a cell.", "Row: true class; column: taken for, in %"]
    texts += ["Row: true; column: taken for", "%"]
    if not has_keys():
        texts = [text for text in texts if "Click" not in text]
    write(painter, line, texts)


def paint_words(painter: QPainter, figures: Matrices, layout: MatrixLayout, colours: Theme) -> None:
    """Write how to read a matrix, and each learner's most frequent mistakes, below each other as the matrices."""
    rect, across = layout.strip, layout.across
    if layout.brief:
        painter.setFont(theme.font(BRIEF))
        _how_to_read(painter, rect, colours)
        return
    down = -(-len(figures.learners) // across)
    width = (rect.width() - (across - 1) * GAP) / across
    right, body = f": {len(figures.images):,} right", QFontMetricsF(theme.font(0.9))
    names = names_within(body, width - body.horizontalAdvance(f"mm{right}"), figures.learners)
    labels = [f"mm{name}{right}" for name in names.values()]
    font = fitted(theme.font(0.9), rect.height() / (1 + down), labels, max(width, LEAST_LIST * widest(body, labels)))
    painter.setFont(font)
    line = min(QFontMetricsF(font).height() * 1.15, rect.height() / (1 + down))
    _how_to_read(painter, QRectF(rect.left(), rect.top(), rect.width(), line), colours)
    rect = rect.adjusted(0, 1.2 * line, 0, 0)
    lines = max(1, int(rect.height() / line / down))
    mistakes = {learner: figures.mistakes(learner, min(lines - 1, 5)) for learner in figures.learners}
    metrics, room = QFontMetricsF(font), width - 0.9 * line
    cells = [cell for found in mistakes.values() for cell in found]
    said = [[_mistake(figures, cell, form) for cell in cells] for form in range(FORMS)]
    form = next((form for form in range(FORMS) if widest(metrics, said[form]) <= room), FORMS - 1)
    if len(figures.learners) > 1 and widest(metrics, said[form]) > CUT * room:
        mistakes = {learner: [] for learner in figures.learners}  # cut names would tell nothing
    rights = [
        [f"{names[learner]}: {figures.right(learner):,}{more}" for learner in figures.learners]
        for more in (f" of {len(figures.images):,} right", " right", "")
    ]
    told = next((texts for texts in rights if widest(metrics, texts) <= room - 0.6 * line), rights[-1])
    for place, learner in enumerate(figures.learners):
        left, top = place % across * (width + GAP), place // across * lines * line
        box = QRectF(rect.left() + left, rect.top() + top, width, line)
        heading(painter, box, learner, [told[place], names[learner]], colours)
        for cell in mistakes[learner]:
            box.translate(0, line)
            write(painter, box.adjusted(line * 0.9, 0, 0, 0), [_mistake(figures, cell, form)])
