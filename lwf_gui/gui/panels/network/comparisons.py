"""What answers are compared with, and what pulls from there: labels, the old network, its weights as anchors."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.brush import APART, Brush
from lwf_gui.gui.panels.network.detail import GAP, SPRING, slots
from lwf_gui.gui.panels.network.place import PullKind
from lwf_gui.gui.panels.network.places import Places
from lwf_gui.gui.panels.network.shapes import box, spring

BETWEEN = 0.08
"""Half the lines between the two comparisons, where both reach the old answers."""

WIDER = 0.55
"""Share of the gap before the answers by which the old network is wider than the shared part."""


def paint_comparisons(brush: Brush, at: Places) -> None:
    """Paint all comparisons of a lane, and what stands for the old network."""
    _paint_judge(brush, at)
    if "teacher" in at.rows:
        _paint_teacher(brush, at)
        _paint_compare(brush, at)
    if "anchors" in at.rows:
        _paint_anchors(brush, at)


def _paint_judge(brush: Brush, at: Places) -> None:
    """Paint the comparison with the labels: as high as the answers that it judges, and what it pulls."""
    lane, line, kinds = brush.lane, brush.line, slots(brush.lane)
    judged = [number for number, kind in enumerate(kinds) if kind != "hold"]
    rect = at.row("old" if lane.is_base else "new", at.judge)
    if judged:
        last = at.slot(judged[-1], len(kinds)).bottom()
        rect.setBottom(last - BETWEEN * line * (len(judged) < len(kinds)))
    if not lane.minimises:
        rect.setBottom(at.rows["old"][1])
        brush.broken(rect, words.not_pulled(lane)[brush.form :], muted=True)
        brush.spot(rect, "judge")
        return
    brush.box(rect, QColor(brush.colours.raised))
    brush.broken(rect, words.JUDGE[brush.form :])
    brush.spot(rect, "judge")
    if not lane.is_base:
        y = at.row("new", at.answers).center().y()
        brush.flow(at.answers.right(), rect.left(), y - APART * line)
        brush.told_pull(rect.left(), at.answers.right(), y + APART * line, "new")
    for number in judged:
        _paint_way(brush, at, kinds[number], flows=not number)


def _paint_way(brush: Brush, at: Places, kind: PullKind, *, flows: bool) -> None:
    """Paint the way from the old answers to a comparison, and the pull that comes back from it."""
    kinds, line = slots(brush.lane), brush.line
    y = at.slot(kinds.index(kind), len(kinds)).center().y()
    if flows:
        brush.flow(at.answers.right(), at.judge.left(), y - APART * line)
    brush.told_pull(at.judge.left(), at.answers.right(), y + APART * line, kind)


def _paint_teacher(brush: Brush, at: Places) -> None:
    """Paint the old network, fed by the same images; in low lanes as one box."""
    teacher, rich = brush.lane.teacher, brush.plan.detail.rich
    assert teacher is not None, "there is a row for it"
    rect, answers = at.row("teacher", at.shared), at.row("teacher", at.answers)
    y = rect.center().y()
    brush.flow(at.tray.right(), rect.left(), y)
    rect.setRight(rect.right() + WIDER * (answers.left() - rect.right()) if rich else answers.right())
    note = "frozen" if teacher.frozen else "trains along"
    brush.once(rect, words.teacher(brush.figures), note, "teacher", locked=teacher.frozen)
    if rich:
        brush.flow(rect.right(), answers.left(), y)
        brush.once(answers, words.TEACHER_ANSWERS, words.ON_SAME, "teacher_answers")
    brush.flow(answers.right(), at.judge.left(), y)


def _paint_compare(brush: Brush, at: Places) -> None:
    """Paint the comparison of the old answers with what the old network says, and what it pulls."""
    kinds = slots(brush.lane)
    rect = QRectF(at.judge)
    rect.setTop(at.slot(kinds.index("hold"), len(kinds)).top() + BETWEEN * brush.line)
    rect.setBottom(at.rows["teacher"][1])
    box(brush.painter, rect, brush.grey, QColor(brush.colours.raised))
    brush.broken(rect, words.COMPARE[brush.form :])
    brush.spot(rect, "compare")
    _paint_way(brush, at, "hold", flows=True)


def _paint_anchors(brush: Brush, at: Places) -> None:
    """Paint the weights as they were, and the springs that hold all weights near them."""
    line, row = brush.line, at.row("anchors", at.shared)
    top = row.top() + (SPRING - GAP) * line
    rect = QRectF(row.left(), top, at.answers.right() - row.left(), row.bottom() - top)
    for column in (at.shared, at.answers):
        for share in (0.35, 0.65):
            x = column.left() + share * column.width()
            spring(brush.painter, QPointF(x, at.rows["old"][1]), QPointF(x, top), 0.45 * line, brush.grey)
    brush.once(rect, words.ANCHORS, words.anchors_note(brush.lane), "anchors", locked=True)
