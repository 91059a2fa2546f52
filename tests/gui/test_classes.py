"""The classes panel: every learner has its bar, however little room there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.classes import ClassBars
from lwf_gui.gui.panels.classes.layout import LEAST_BAR
from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.runs.record import Record
from tests.gui.shown import picture, shown_panel
from tests.runs import synthetic

EIGHT = ("fine-tune", "lwf", "ewc", "si", "mas", "replay", "der++", "ncm")


def of_eight() -> Record:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        match message:
            case PhaseStarted():
                record.apply(replace(message, learners=EIGHT))
            case Probe():
                record.apply(replace(message, logits=message.logits[[1] * len(EIGHT)]))
    return record


@pytest.mark.parametrize("size", [(420, 150), (420, 240), (300, 500)])
def test_of_eight_learners_each_class_shows_every_bar(size: tuple[int, int], qtbot: QtBot) -> None:
    panel = shown_panel("classes", qtbot, of_eight(), size)
    assert isinstance(panel, ClassBars)
    seen = 0
    for place in panel._layout.rows:
        panel.hover(place.row.unit)
        image = picture(panel)
        for learner, bar in place.bars():
            assert bar.height() >= LEAST_BAR
            if place.row.correct[learner] < 20:
                continue
            middle = bar.translated(0, -panel.scrolled).center().y()
            assert image.pixelColor(int(bar.left()) + 3, int(middle)) == QColor(panel.colours.learner(learner))
            seen += 1
    assert seen >= 2 * len(EIGHT)
