"""Gradient conflict in every layer: the new task pulls to the right, the memory of the old one to the left.

The angle between the two ropes is the true one; a layer that is pulled two opposite ways at once cannot please both.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.gradient_conflict.plan import ConflictPlan, conflict_plan
from lwf_gui.gui.panels.gradient_conflict.ropes import paint_ropes
from lwf_gui.gui.panels.gradient_conflict.words import (
    aside,
    force_text,
    forces,
    legend,
    side_texts,
    sides,
    spoken,
    word_of,
    words,
)
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import LEFT, MIDDLE, RIGHT, fitted, names_within, widest, write
from lwf_gui.numbers import compact
from lwf_gui.runs import gradient_conflict, tasks_shown
from lwf_gui.runs.gradient_conflict import GradientConflict, Pull, Team
from lwf_gui.runs.names import Names, label_of

ROOMY = 9
"""Lines of small text from which on the legend has one more, of what figures and lengths are."""

SCALES = (
    "numbers: L2 norms in nats per unit of weight; lengths: their square roots, each learner has its own scale",
    "numbers: norms in nats per unit of weight; lengths: their square roots, each learner's own scale",
    "numbers: nats per unit of weight; lengths: square roots, scale per learner",
    "nats per unit of weight; length: its square root",
    "nats per weight; length: square root",
    "",
)
"""What figures and lengths are."""


class LayerCell(NamedTuple):
    """Which cell."""

    learner: str
    layer: str


class GradientConflictPanel(Panel):
    """One cell per learner and layer, side by side: learners in rows, or in columns where the panel is tall."""

    _names: Names

    EMPTY = "Where the two tasks pull each layer appears here once the learners train on the new task."
    LEAST = (260, 130)
    """Room for a row of small pictures."""

    def figures(self) -> GradientConflict | None:
        """Return the forces."""
        return gradient_conflict.gradient_conflict(self.record, self.selection)

    def state(self) -> object:
        """Return what the forces depend on: looks into the layers come after the probes."""
        return (super().state(), len(self.record.layers))

    def captions(self) -> tuple[str, ...]:
        """Return whose forces these are and how they are drawn, and shorter wordings."""
        if self.shown is None or self.record.data is None:
            return ()
        step, dataset = tasks_shown.where(self.record, self.shown.step), self.record.data.dataset
        of, unit = f"gradients of the mini-batch of {step}", "L2 norms in nats per unit of weight"
        scale = "rope length: square root of the norm, each learner has its own scale"
        return (
            f"{of}, training images of {dataset}; {unit}; {scale}: its longest rope is its strongest; angles are true",
            f"{of}; {unit}; {scale}",
            f"{of}; nats per unit of weight; {scale}",
            f"gradients of {step}; nats per weight; rope: square root, each learner has its own scale",
            f"{step}; nats per weight, rope: square root, scale per learner",
            "nats per weight; rope: square root",
            "nats per weight",
        )

    def sentence(self) -> str:
        """Say every layer of every learner."""
        old, _ = sides(self.shown)
        teams = (f"{label_of(team.learner)}{aside(team, old)}: " + spoken(team) for team in self.shown.teams)
        return f"Step {self.shown.step:,}. " + "; ".join(teams) + "."

    def tip(self, key: LayerCell) -> str:
        """Say one layer of one learner."""
        team = next(team for team in self.shown.teams if team.learner == key.learner)
        pull = next(pull for pull in team.pulls if pull.layer == key.layer)
        where = f"{label_of(team.learner)}, {pull.layer}"
        if pull.still:
            why = "it is frozen, nothing can move it" if pull.still == "frozen" else "no step has been made yet"
            return f"{where}: {why}."
        heard = "" if team.listens else f" It would pull, but nothing listens: {label_of(team.learner)} {team.why}."
        angle = (
            f" {word_of(team, pull).capitalize()}."
            if math.isnan(pull.angle)
            else f" Angle {pull.angle:.0f} degrees: {pull.word}."
        )
        alpha = f"alpha {compact(team.alpha, digits=3)} x " if team.listens and team.weighs else ""
        old, new = sides(self.shown)
        return (
            f"{where}: the {new} pulls with {force_text(pull.new)} (L2 norm of the gradient of CE, nats per unit of "
            f"weight), the {old} with {force_text(pull.old)} ({alpha}L2 norm of the gradient of {team.term})."
            f"{angle}{heard}"
        )

    def paint(self, painter: QPainter, figures: GradientConflict) -> None:
        """Paint the legend, the headings and one cell per learner and layer."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots = []
        area = self._paint_legend(painter, figures)
        teams, layers = figures.teams, [pull.layer for pull in figures.teams[0].pulls]
        tall = area.height() > 0.8 * area.width()
        bold, line = QFontMetricsF(theme.font(0.95, bold=True)), QFontMetricsF(theme.font(0.85)).height()
        learners = [team.learner for team in teams]
        widest_left = 0.3 * area.width()
        self._names = names_within(bold, widest_left - 12, learners)
        left = min(widest(bold, layers if tall else self._names.values()) + 12, widest_left)
        top = bold.height() + (line if tall else 0)
        rows, columns = (len(layers), len(teams)) if tall else (len(teams), len(layers))
        width, height = (area.width() - left) / columns, (area.height() - top) / rows
        if tall:
            self._names = names_within(bold, width, learners)
        plan = conflict_plan(figures, width - 6, height - 4)
        for index in range(rows):
            heading = QRectF(area.x(), area.y() + top + index * height, left - 6, height)
            self._paint_heading(painter, heading, layers[index] if tall else teams[index], LEFT)
        for index in range(columns):
            heading = QRectF(area.x() + left + index * width, area.y(), width, top)
            self._paint_heading(painter, heading, teams[index] if tall else layers[index], MIDDLE)
        for index, team in enumerate(teams):
            for number, pull in enumerate(team.pulls):
                row, column = (number, index) if tall else (index, number)
                x, y = area.x() + left + column * width, area.y() + top + row * height
                cell = QRectF(x + 3, y + 2, width - 6, height - 4)
                self.spots.append(Spot(cell, LayerCell(team.learner, pull.layer)))
                self._paint_cell(painter, cell, team, pull, plan)

    def _paint_legend(self, painter: QPainter, figures: GradientConflict) -> QRectF:
        """Paint what the two sides are, and return the area that is left."""
        area, small = self.area, theme.font(0.85)
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        strip = QRectF(area.x(), area.y(), area.width(), metrics.height())
        half = area.width() / 2 - 6
        painter.setPen(QColor(self.colours.muted))
        old, new = legend(figures)
        write(painter, QRectF(strip.x(), strip.y(), half, strip.height()), old)
        write(painter, QRectF(strip.right() - half, strip.y(), half, strip.height()), new, RIGHT)
        if area.height() >= ROOMY * metrics.height():
            strip.translate(0, metrics.height())
            write(painter, strip, SCALES, MIDDLE)
        return area.adjusted(0, strip.bottom() - area.y() + 2, 0, 0)

    def _paint_heading(self, painter: QPainter, rect: QRectF, what: str | Team, side: Qt.AlignmentFlag) -> None:
        """Paint a layer's name, or a learner's with its alpha or why it does not listen, as far as there is room."""
        name, small = theme.font(0.95, bold=True), theme.font(0.85)
        if isinstance(what, Team):  # smaller, but never cut so that two read alike
            name = fitted(name, rect.height(), self._names.values(), rect.width())
        head, line = QFontMetricsF(name).height(), QFontMetricsF(small).height()
        notes: list[tuple[str, ...]] = []
        title, colour = (what, self.colours.text) if isinstance(what, str) else (self._names[what.learner], "")
        if isinstance(what, Team):
            colour = self.colours.words(what.learner)
            room = int((rect.height() - head + 1) / line)
            alpha = compact(what.alpha, digits=3)
            notes = [(f"alpha {alpha}", f"\N{GREEK SMALL LETTER ALPHA} {alpha}")] if what.weighs else []
            if not what.listens:
                notes = [(f"nothing listens: {what.why}", "nothing listens", "not heard")]
                if room > 1:
                    notes = [("nothing listens:", "not heard:"), (what.why, "no KD")]
            notes = notes[: max(0, room)]
        top = rect.center().y() - (head + len(notes) * line) / 2
        self._write(painter, QRectF(rect.x(), top, rect.width(), head), name, side, (title, title), colour)
        for index, texts in enumerate(notes):
            place = QRectF(rect.x(), top + head + index * line, rect.width(), line)
            self._write(painter, place, small, side, texts, self.colours.muted)

    def _paint_cell(self, painter: QPainter, cell: QRectF, team: Team, pull: Pull, plan: ConflictPlan) -> None:
        """Paint one layer's ropes, with its figures below them or beside them."""
        radius, colours = plan.radius, (self.colours.teacher, self.colours.learner(team.learner))
        head, line = QFontMetricsF(plan.bold).height(), QFontMetricsF(plan.small).height()
        text = head + (line if plan.figures == "row" else 0)
        if plan.beside:
            origin = QPointF(cell.x() + radius + 2, cell.center().y() + radius / 2)
            place = cell.adjusted(2 * radius + 10, cell.height() / 2 - text / 2, 0, 0)
        else:
            spare = (cell.height() - text - radius - 8) / 2
            origin = QPointF(cell.center().x(), cell.y() + spare + radius + 2)
            place = QRectF(cell.x(), origin.y() + 5, cell.width(), text)
        paint_ropes(painter, origin, radius, team, pull, self.colours)
        place.setHeight(head)
        norms = QRectF(place.x(), place.bottom(), place.width(), line)
        if not plan.beside:
            norms.adjust(spare := max(0.0, (cell.width() - max(2 * radius, plan.reach)) / 2), 0, -spare, 0)
        if plan.figures == "ends":
            norms.moveTop(place.top())
            norms.setHeight(head)
            place = norms.adjusted(plan.end, 0, -plan.end, 0)
        self._write(painter, place, plan.bold, LEFT if plan.beside else MIDDLE, (words(team, pull)[plan.form],))
        if pull.still or not plan.figures:
            return
        if plan.beside:
            norms.setWidth(min(norms.width(), plan.reach))
        for side, force, colour in zip((LEFT, RIGHT), forces(pull), colours, strict=True):
            self._write(painter, norms, plan.small, side, side_texts(*force)[0 if plan.named else 1 :][:1], colour)

    def _write(
        self,
        painter: QPainter,
        rect: QRectF,
        font: QFont,
        side: Qt.AlignmentFlag,
        texts: tuple[str, ...],
        colour: str = "",
    ) -> None:
        """Write the longest of these texts that fits."""
        painter.setFont(font)
        painter.setPen(QColor(colour or self.colours.text))
        write(painter, rect, texts, side)
