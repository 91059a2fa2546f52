"""Scroll bars are seen for what they are also where the ground is black: not as a line that nothing explains."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme


def luminance(colour: QColor) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]  # type: ignore
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


@pytest.mark.parametrize("colours", [theme.CONTRAST], ids=["contrast"])
def test_the_handle_of_a_scroll_bar_stands_out_from_its_groove(
    qapp: QApplication, qtbot: QtBot, colours: theme.Theme
) -> None:
    theme.apply(qapp, colours)
    area, inside = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    inside.setFixedSize(100, 900)
    area.setWidget(inside)
    area.resize(200, 300)
    area.show()
    QTest.qWait(20)
    bar = area.verticalScrollBar()
    assert bar.orientation() is Qt.Orientation.Vertical
    picture = bar.grab().toImage()
    middle, last = bar.width() // 2, bar.height() - 4
    handle, groove = (luminance(picture.pixelColor(middle, y)) for y in (40, last))
    assert (handle + 0.05) / (groove + 0.05) >= 3, "WCAG 2.2, 1.4.11"
