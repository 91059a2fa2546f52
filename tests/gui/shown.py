"""What the tests of painted panels share: a panel shown as the window shows it, and hands to click on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.messages import LayerProbe, PhaseStarted, Probe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS

NAMES = (*LEARNERS, "lwf+1@10", "fine-tune+2@15")
SIX = ("conv1", "conv2", "fc1", "fc2", "new_fc", "classifier")
"""Names of layers, of which the last ones are taken."""


def with_learners(count: int, layers: int = 3, filters: int = 4) -> Record:
    """Return a record with so many learners, layers and filters; branches are as their origins."""
    rows, columns = [0, 1, 1, 0][:count], [0, 1, 2, 0, 1, 2][:layers]
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        match message:
            case PhaseStarted():
                record.apply(replace(message, learners=NAMES[:count], layers=SIX[-layers:]))
            case Probe():
                record.apply(replace(message, logits=message.logits[rows]))
            case LayerProbe():
                forces, moved = message.forces[rows][:, columns], message.moved[rows][:, columns]
                some = message.filters[rows][:, np.arange(filters) % 4]
                record.apply(LayerProbe(1, message.step, forces, moved, some))
    return record


def shown_panel(
    key: str, qtbot: QtBot, record: Record, size: tuple[int, int], *, follow: bool = False, **selection: Any
) -> Panel:
    """Return a panel as the window shows it; with ``follow`` it looks where it asks to look."""
    panel = next(spec for spec in PANELS if spec.key == key).make()
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    panel.show_record(record)
    panel.refresh(Selection(**selection))
    if follow:
        panel.asked.connect(lambda fields: panel.refresh(replace(panel.selection, **fields)))
    panel.grab()
    return panel


def picture(panel: Panel) -> QImage:
    return panel.grab().toImage()


def place(panel: Panel, key: object) -> QRectF:
    (rect,) = [spot.rect for spot in panel.spots if spot.key == key]
    return rect


def click(panel: Panel, key: object) -> None:
    panel.grab()
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place(panel, key).center().toPoint())
    panel.grab()


def escapes(panel: Panel) -> bool:
    """Return whether a panel takes Esc before a shortcut of the window would."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(panel, event)
    return event.isAccepted()


def scale_type(scale: float) -> None:
    """Make the application's type so many times as large; every test begins with its own size again."""
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    QApplication.setFont(font)


def require_empty(panel: Panel) -> None:
    """Require that a panel has nothing to show and says what will be there."""
    panel.describe()
    assert panel.shown is None
    assert panel.spots == []
    assert panel.caption() == ""
    assert panel.accessibleDescription() == panel.EMPTY


def require_no_looks(panel: Panel, drawn: Sequence[str], reason: str) -> None:
    """Require that a panel of a run without its figures says why, on the screen and to who hears it."""
    panel.describe()
    assert reason in drawn
    assert panel.accessibleDescription() == reason
    assert panel.spots == []
