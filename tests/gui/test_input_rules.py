"""The wheel never sets, Space always runs or pauses, Enter operates what has the focus: for all that a window has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lwf_gui import lessons
from lwf_gui.gui.panels.offer import Offer
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.session import State
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.gui.widgets.controls import SettingControl, SwitchControl
from lwf_gui.gui.widgets.fields import NumberField
from tests.gui.conftest import Lab, OpenWindow, unfold
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def lab(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window on a recorded run in which all panels were seen and all sections are unfolded."""
    lab = open_window(engine=engine, record=synthetic.record(), size=(1280, 720))
    for control in lab.window.recipe.findChildren(SettingControl):
        unfold(control)
    for spec in PANELS:
        lab.window.docks.bring(spec.key)
        QTest.qWait(10)
    lab.window.banner.say("A sentence.", (("Do it", list),))
    return lab


@pytest.fixture
def dialog(lab: Lab, qtbot: QtBot) -> Iterator[ForkDialog]:
    question = ForkDialog(15, synthetic.record(), lab.window)
    with qtbot.waitActive(question):
        question.show()
        question.activateWindow()
    yield question
    question.close()
    question.deleteLater()


def turn_wheel(widget: QWidget, notches: int = -1) -> None:
    """Turn the wheel over a widget, as the desktop tells of it; over one that nobody sees, as a program may."""
    turned, region = QPoint(0, 120 * notches), widget.visibleRegion()
    if widget.isVisible() and not region.isEmpty():
        at = QPointF(widget.mapTo(widget.window(), region.boundingRect().center()))
        QTest.wheelEvent(widget.window().windowHandle(), at, turned)
        return
    at = QPointF(widget.rect().center())
    mouse, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, widget.mapToGlobal(at), QPoint(), turned, mouse, NONE, phase, False)
    QApplication.sendEvent(widget, event)


def settable(root: QWidget) -> list[QWidget]:
    """Return all that a wheel may set, parts of parts included; a bar that scrolls is meant for the wheel."""
    kinds = (QAbstractSpinBox, QComboBox, QAbstractSlider, QTabBar, QAbstractButton, QLineEdit)
    return [part for part in root.findChildren(QWidget) if isinstance(part, kinds) and not isinstance(part, QScrollBar)]


def states(root: QWidget) -> list[tuple[QWidget, object]]:
    """Return what every widget has been set to."""
    found: list[tuple[QWidget, object]] = []
    for part in settable(root):
        match part:
            case NumberField():
                found.append((part, part.value))  # 0 is a word to who is not in the field
            case QLineEdit() if isinstance(part.parent(), NumberField):
                pass
            case QAbstractSpinBox() | QLineEdit():
                found.append((part, part.text()))
            case QComboBox() | QTabBar():
                found.append((part, part.currentIndex()))
            case QAbstractSlider():
                found.append((part, part.value()))
            case QAbstractButton():
                found.append((part, part.isChecked()))
    return found


# ---- the wheel


TYPED = QAbstractSpinBox | QAbstractSlider | QLineEdit


@pytest.mark.parametrize("reason", [None, Qt.FocusReason.OtherFocusReason, Qt.FocusReason.TabFocusReason])
def test_the_wheel_sets_nothing_that_it_passes_in_the_whole_window(lab: Lab, reason: Qt.FocusReason | None) -> None:
    window, before = lab.window, states(lab.window)
    recipe, selection, live_settings = lab.session.recipe, window.selection, lab.session.live_settings
    kinds = {type(part).__name__ for part in settable(window)}
    assert {"NumberField", "QComboBox", "QSlider", "QTabBar", "_Switch", "QToolButton"} <= kinds
    for part in settable(window):
        if reason is Qt.FocusReason.TabFocusReason and isinstance(part, TYPED):
            continue  # gone into on purpose
        if reason is not None and part.isVisible():
            part.setFocus(reason)
        for notches in (-1, 1, 3):
            turn_wheel(part, notches)
            assert states(window) == before, f"{type(part).__name__} {part.accessibleName()!r}"
    assert (lab.session.recipe, lab.session.live_settings, window.selection) == (recipe, live_settings, selection)
    assert not lab.session.can_undo


def test_the_wheel_sets_nothing_in_the_forks_question(dialog: ForkDialog) -> None:
    before = states(dialog)
    for part in settable(dialog):
        turn_wheel(part)
        turn_wheel(part, 2)
    assert states(dialog) == before
    assert dialog.values == {}


def test_nothing_takes_the_focus_from_the_wheel(lab: Lab, dialog: ForkDialog) -> None:
    greedy = [
        f"{type(part).__name__} {part.accessibleName()!r}"
        for root in (lab.window, dialog)
        for part in settable(root)
        if part.focusPolicy() is Qt.FocusPolicy.WheelFocus
    ]
    assert greedy == []


def test_the_wheel_over_a_field_scrolls_the_panel(lab: Lab) -> None:
    panel, bar = lab.window.recipe, lab.window.recipe.verticalScrollBar()
    assert bar.maximum() > 0
    for control in panel.findChildren(SettingControl):
        for part in settable(control):
            if part.isVisible():
                panel.ensureWidgetVisible(part)
                before, notches = bar.value(), 1 if bar.value() else -1
                turn_wheel(part, notches)
                assert bar.value() != before, f"{control.accessibleName()}: {type(part).__name__}"


def test_the_wheel_sets_a_field_that_was_clicked_into(lab: Lab) -> None:
    field = lab.window.recipe._rows.controls["lwf.alpha"].field
    assert isinstance(field, QAbstractSpinBox)
    lab.window.recipe.ensureWidgetVisible(field)
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, QPoint(8, field.height() // 2))
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    before = lab.session.recipe.lwf.alpha
    turn_wheel(field, 1)
    assert lab.session.recipe.lwf.alpha > before
    lab.window.setFocus()
    after = lab.session.recipe.lwf.alpha
    turn_wheel(field, 1)
    assert lab.session.recipe.lwf.alpha == after


# ---- Space


def tab_stops(window: QWidget) -> list[QWidget]:
    """Return all widgets that Tab comes to, in its order."""
    found: list[QWidget] = []
    for _ in range(300):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in found:
            break
        found.append(focused)
    return found


def named(part: QWidget) -> str:
    return f"{type(part).__name__} {part.accessibleName()!r}"


def test_space_runs_or_pauses_whatever_has_the_focus(lab: Lab, engine: ScriptedEngine) -> None:
    stops = [part for part in tab_stops(lab.window) if not isinstance(part, QLineEdit)]
    assert len(stops) > 40
    asked: list[None] = []
    lab.window.actions_by_id["run"].triggered.connect(lambda: asked.append(None))
    live = [b for b in lab.window.findChildren(QToolButton) if b.defaultAction() is lab.window.actions_by_id["live"]]
    change = [lab.window.bar.buttons["run"], *live]  # what a run that begins changes
    before = [state for state in states(lab.window) if state[0] not in change]
    for count, part in enumerate(stops, 1):
        part.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(part, Qt.Key.Key_Space)
        assert len(asked) == count, f"{named(part)} takes Space for itself"
    assert [state for state in states(lab.window) if state[0] not in change] == before


def test_space_presses_nothing_while_there_is_nothing_to_run_or_pause(lab: Lab) -> None:
    lab.start()
    lab.session.stop()
    assert lab.session.state is State.STOPPING
    assert not lab.window.actions_by_id["run"].isEnabled()
    pressed: list[str] = []
    for part in (stops := tab_stops(lab.window)):
        if isinstance(part, QAbstractButton):
            part.pressed.connect(lambda part=part: pressed.append(named(part)))
    before = states(lab.window)
    for part in stops:
        if not isinstance(part, QLineEdit):
            part.setFocus()
            QTest.keyClick(part, Qt.Key.Key_Space)
            popup = QApplication.activePopupWidget()
            assert popup is None, f"{named(part)} opens"
    assert pressed == []
    assert states(lab.window) == before


def test_space_is_a_letter_where_words_are_typed(lab: Lab) -> None:
    field = lab.window.recipe._rows.controls["data.dataset"].field
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "my images")
    assert field.text() == "my images"
    assert not lab.session.busy


def test_space_pauses_after_a_lesson_in_present_mode_pressed_a_button(lab: Lab, engine: ScriptedEngine) -> None:
    window = lab.window
    window.lesson_menu.teach(next(iter(lessons.available()[0].values())))
    window.actions_by_id["present"].trigger()
    for _ in range(30):  # through the whole lesson, as a lecturer's clicker does
        if window.lesson_bar.isHidden():
            break
        QTest.keyClick(window, Qt.Key.Key_PageDown)
    window.lesson_bar.close_button.click()
    play = next(b for b in window.findChildren(QAbstractButton) if b.accessibleName() == "Play back")
    play.setFocus()
    assert play.hasFocus()
    asked: list[None] = []
    window.actions_by_id["run"].triggered.connect(lambda: asked.append(None))
    QTest.keyClick(play, Qt.Key.Key_Space)
    assert asked == [None]
    assert lab.session.state is State.RUNNING
    assert not window.timeline.playing


# ---- Enter


def test_enter_operates_the_button_box_or_switch_that_has_the_focus(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDialog, "exec", lambda _: 0)  # a question that a button asks is not waited for
    deaf = []
    window = lab.window
    for part in tab_stops(window):
        if isinstance(part, Offer):
            continue  # it goes with the run that another button begins: see below
        if isinstance(part, QAbstractButton):
            pressed: list[None] = []
            note: Callable[..., None] = lambda *_args, pressed=pressed: pressed.append(None)  # noqa: E731
            part.blockSignals(True)  # what it does is not asked here
            part.setFocus()
            checked = part.isChecked()
            part.blockSignals(False)
            with_action = part.clicked.connect(note)
            _hush(lab)
            QTest.keyClick(part, Qt.Key.Key_Return)
            part.clicked.disconnect(with_action)
            if not pressed and part.isChecked() == checked:
                deaf.append(named(part))
        elif isinstance(part, QComboBox):
            part.setFocus()
            QTest.keyClick(part, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
            if not part.view().isVisible():
                deaf.append(named(part))
            part.hidePopup()
    assert deaf == []


def test_enter_takes_the_offer_that_has_the_focus(lab: Lab) -> None:
    (offer,) = (part for part in tab_stops(lab.window) if isinstance(part, Offer))
    pressed: list[None] = []
    offer.clicked.connect(lambda *_: pressed.append(None))
    offer.setFocus()
    QTest.keyClick(offer, Qt.Key.Key_Return)
    assert pressed


def _hush(lab: Lab) -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def test_in_the_forks_question_space_and_enter_operate_switches(dialog: ForkDialog) -> None:
    control = dialog._controls["scale_t2"]
    assert isinstance(control, SwitchControl)
    switch = control.field
    values: list[object] = []
    control.changed.connect(values.append)
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    QTest.keyClick(switch, Qt.Key.Key_Return)
    assert values == [False, True]
    assert dialog.isVisible(), "Enter on a switch is no answer to the question"
