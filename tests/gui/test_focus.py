"""Wherever Tab comes to, one sees it: in every theme, for all that the window has."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.gui.widgets.controls import SettingControl
from lwf_gui.gui.window import Window
from tests.gui.conftest import OpenWindow, unfold
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

AROUND = 3
"""Pixels around a widget in which its focus may be seen."""

CLEARLY, ENOUGH = 40, 60
"""By how much, of 255, so many pixels change at least: more than a cursor that blinks in a field."""

KINDS = {
    "QToolButton",
    "QPushButton",
    "QComboBox",
    "QSlider",
    "NumberField",
    "TextField",
    "_Switch",
    "Scrubber",
    "QTabBar",
} | {
    *(
        "PlotView",
        "QPlainTextEdit",
        "ImageGridPanel",
        "ClassBars",
        "Confusion",
        "SoftTargetsPanel",
        "Equation",
        "TradeoffPanel",
    ),
}


def picture(window: QWidget, place: QRect) -> NDArray[np.int64]:
    """Return what is seen in a place of the window, shape (H, W, 3)."""
    image = window.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].astype(np.int64)


def place_of(part: QWidget, window: QWidget) -> QRect:
    """Return where a widget is to be seen, with what is around it; of a plot, its panel, whose frame it shows."""
    parent = part.parentWidget()
    while parent is not None and not isinstance(parent, Panel):
        parent = parent.parentWidget()
    part = parent or part
    place = QRect(part.mapTo(window, QPoint()), part.size()).adjusted(-AROUND, -AROUND, AROUND, AROUND)
    return place.intersected(window.rect())


def tab_from(part: QWidget, visit: Callable[[QWidget], None] = lambda _part: None) -> list[QWidget]:
    """Return all widgets that Tab comes to, from behind a widget on and round to it."""
    part.setFocus()
    QTest.keyClick(part, Qt.Key.Key_Tab)
    found: list[QWidget] = []
    while (focused := QApplication.focusWidget()) not in found:
        assert focused is not None
        found.append(focused)
        visit(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is found[0], "Tab comes round"
    return found


def fault_of(part: QWidget) -> str:
    """Return what is wrong where Tab has come to: it is out of sight, or looks with the focus as it does without."""
    window, name = part.window(), f"{type(part).__name__} {part.accessibleName()!r}"
    place = place_of(part, window)
    if not part.isVisible() or place.isEmpty():
        return f"{name} is out of sight"
    focused = picture(window, place)
    part.clearFocus()
    changed = np.abs(focused - picture(window, place)).max(axis=2) > CLEARLY
    part.setFocus(Qt.FocusReason.TabFocusReason)
    return "" if changed.sum() >= ENOUGH else f"{name}: {changed.sum()} pixels"


LOOKS = tuple(name for name in theme.THEMES if name != "system")
"""The desktop's is one of these."""


def _show_log(window: Window) -> None:
    window.sides.log.show()
    window.sides.log.raise_()


@pytest.mark.parametrize("name", LOOKS)
def test_every_tab_stop_shows_that_it_has_the_focus(open_window: OpenWindow, name: theme.ThemeName) -> None:
    window = open_window(engine=ScriptedEngine(), record=synthetic.record(), size=(1280, 720), theme=name).window
    seen: set[QWidget] = set()
    faults: list[str] = []

    def selection(part: QWidget) -> None:
        if part not in seen:
            faults.append(fault_of(part))
            seen.add(part)

    for control in window.recipe.findChildren(SettingControl):
        unfold(control)
    window.banner.say("A sentence.", (("Do it", list),))
    for show in (*(lambda window, key=spec.key: window.docks.bring(key) for spec in PANELS), _show_log):
        show(window)
        QTest.qWait(30)
        tab_from(window.bar.buttons["run"], selection)
    assert {type(part).__name__ for part in seen} >= KINDS
    assert "\n".join(filter(None, faults)) == ""


@pytest.mark.parametrize("name", LOOKS)
def test_every_tab_stop_of_the_forks_question_shows_that_it_has_the_focus(
    open_window: OpenWindow, qtbot: QtBot, name: theme.ThemeName
) -> None:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record(), theme=name)
    question = ForkDialog(15, synthetic.record(), lab.window)
    question.show()
    question.activateWindow()
    qtbot.waitUntil(question.isActiveWindow)
    faults: list[str] = []
    stops = tab_from(question._origin, lambda part: faults.append(fault_of(part)))
    assert len(stops) > 8
    assert {part.window() for part in stops} == {question}
    assert "\n".join(filter(None, faults)) == ""
    question.close()
    question.deleteLater()


def test_tab_passes_over_what_lies_behind_other_panels(open_window: OpenWindow) -> None:
    window = open_window(engine=ScriptedEngine(), record=synthetic.record(), size=(1280, 720)).window
    window.docks.bring("image_grid")
    QTest.qWait(30)
    behind = [window.docks.panel(key) for key in ("classes", "confusion", "soft_targets")]
    stops = tab_from(window.bar.buttons["run"])
    assert window.docks.panel("image_grid") in stops
    assert not set(behind) & set(stops)
    for _ in stops:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        assert QApplication.focusWidget() in stops, "nor does Shift+Tab go there"


def test_tab_scrolls_to_where_it_comes_from_outside(open_window: OpenWindow) -> None:
    window = open_window(engine=ScriptedEngine(), size=(1280, 720)).window
    for control in window.recipe.findChildren(SettingControl):
        unfold(control)
    QTest.qWait(30)
    bar = window.recipe.verticalScrollBar()
    bar.setValue(bar.maximum())
    first = window.recipe._rows.controls["task2.lr"].focusProxy()
    assert first is not None
    assert first.visibleRegion().isEmpty()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert not first.visibleRegion().isEmpty()
