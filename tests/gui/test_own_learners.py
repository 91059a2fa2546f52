"""Learners with settings of their own, and learners that minimise nothing: what boxes and losses say of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.curves.losses import LossPlot, drawn_terms
from lwf_gui.gui.widgets.learner_boxes import LearnersControl
from lwf_gui.messages import PhaseStarted, Steps
from lwf_gui.runs.record import Record
from tests.runs import synthetic

FOUR = ("icarl", "lwf", "ncm", "lwf-mc")
COLUMNS = ("ce", "kd", "kl", "total", "bce", "bkd")
N = np.nan
LOSSES = ((N, N, N, 3.0, 1.0, 2.0), (0.5, 0.2, 0.1, 0.7, N, N), (90.0, N, N, 90.0, N, N), (N, N, N, 4.0, 2.0, 2.0))


def of_four() -> Record:
    record = synthetic.record(synthetic.task1())
    started = next(each for each in synthetic.task2() if isinstance(each, PhaseStarted))
    record.apply(replace(started, learners=FOUR, columns=COLUMNS))
    record.apply(Steps(1, "incremental", 1, np.tile(np.array(LOSSES, np.float32), (20, 1, 1)), 1.0, 640))
    return record


def test_a_total_has_a_curve_where_there_is_no_other_and_what_is_not_minimised_has_none(qtbot: QtBot) -> None:
    record = of_four()
    assert [drawn_terms(record.incremental, each) for each in FOUR] == [("total",), ("kl", "ce"), (), ("total",)]
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.show_record(record)
    plot.draw_curves()
    assert plot._top == 1, "nor does it stretch the axis"


def test_a_box_says_the_name_and_the_settings_that_its_only_learner_has_for_itself(qtbot: QtBot) -> None:
    boxes = LearnersControl()
    qtbot.addWidget(boxes)
    boxes.set_value(["lwf", {"method": "si", "name": "SI strong", "strength": 3000.0}])
    assert boxes.boxes["si"].text() == "SI strong"
    assert "SI strong has its own strength 3000." in boxes.boxes["si"].toolTip()
    boxes.set_value(["lwf", "si"])
    assert boxes.boxes["si"].text() == "SI"
    assert "its own" not in boxes.boxes["si"].toolTip()
