"""Typing into fields: in every locale, key by key, what a field shows it reads back, and undo is the window's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.gui.widgets.controls import SettingControl, control_for
from lwf_gui.gui.widgets.fields import NumberField, TextField
from lwf_gui.numerals import written
from lwf_gui.recipe import Setting, settings
from tests.gui.conftest import Lab, OpenWindow, paste, type_into, unfold
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

LOCALES = ("C", "en_US", "de_DE", "fr_FR", "de_CH", "ar_EG", "hi_IN")

CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier

NUMBERS = [setting for setting in settings().values() if setting.kind in ("number", "integer")]


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


class Hand:
    """A control of one setting, typed into without a window."""

    def __init__(self, setting: Setting, value: float, qtbot: QtBot) -> None:
        self.control = control_for(setting)
        self.control.set_value(value)
        assert isinstance(self.control.field, NumberField)
        self.field = self.control.field
        self.said: list[object] = []
        self.refused: list[str] = []
        self.control.changed.connect(self.said.append)
        self.control.refused.connect(self.refused.append)
        with qtbot.waitActive(self.control):
            self.control.show()
            self.control.activateWindow()
        self.field.setFocus()

    def type(self, text: str) -> None:
        self.field.selectAll()
        QTest.keyClick(self.field, Qt.Key.Key_Delete)
        for letter in text:
            QTest.keyClicks(self.field, letter)
        assert self.text == text, "no key is swallowed"
        QTest.keyClick(self.field, Qt.Key.Key_Return)

    def paste(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.field.selectAll()
        QTest.keyClick(self.field, Qt.Key.Key_V, CONTROL)
        QTest.keyClick(self.field, Qt.Key.Key_Return)

    @property
    def text(self) -> str:
        return self.field.lineEdit().text()


@pytest.fixture
def hand(qtbot: QtBot) -> Iterator[Callable[..., Hand]]:
    made: list[Hand] = []

    def take(key: str, value: float) -> Hand:
        made.append(Hand(settings()[key], value, qtbot))
        return made[-1]

    yield take
    for each in made:
        each.control.close()
        each.control.deleteLater()


# ---- what is shown is read back


def test_a_typed_number_is_read_as_it_was_shown_in_every_locale(hand: Callable[..., Hand], locale: str) -> None:
    for setting in NUMBERS:
        whole = setting.kind == "integer"
        one = hand(setting.key, 1)
        for value in (3, 1000, 12345) if whole else (0.03, 0.005, 1 / 3, 0.1 + 0.2, 1e-5, 2.125, 5.0):
            one.control.set_value(value)
            assert one.text == written(value)
            one.type(one.text)
            assert (one.said, one.refused) == ([], []), f"{setting.key}: {one.text} was touched and confirmed"
            assert one.field.value == value


@pytest.mark.parametrize("text", ["0.005", "0,005", "5e-3", "5E-3", ".005", ",005", "0.5e-2"])
def test_dot_comma_and_exponent_are_read_in_every_locale(hand: Callable[..., Hand], locale: str, text: str) -> None:
    for act in (Hand.type, Hand.paste):
        one = hand("task2.lr", 0.03)
        act(one, text)
        assert one.said == [0.005]
        assert one.text == "0.005"


@pytest.mark.parametrize("text", ["1.000,5", "1,000", "1 00", "5e", "abc", "\u0663", "5\u066b5", "1'000", ""])
def test_a_number_that_cannot_be_read_is_refused_visibly_in_every_locale(
    hand: Callable[..., Hand], locale: str, text: str
) -> None:
    one = hand("lwf.alpha", 0.03)
    (Hand.paste if text else Hand.type)(one, text)
    assert one.said == []
    assert one.field.value == 0.03
    assert one.text == text, "it stays, to be mended"
    assert one.control.entry is not None
    assert one.control.entry.refusing
    assert len(one.refused) == 1
    assert one.field.lineEdit().toolTip() != ""
    one.type("0.5")
    assert one.said == [0.5]
    assert not one.control.entry.refusing


@pytest.mark.parametrize("text", ["1.000", "1,000", "64.5", "1 00", "\u0666\u0664"])
def test_separators_in_a_whole_number_are_refused_in_every_locale(
    hand: Callable[..., Hand], locale: str, text: str
) -> None:
    one = hand("train.batch_size", 64)
    one.paste(text)
    assert (one.said, len(one.refused), one.text) == ([], 1, text)


def test_an_exponent_is_a_whole_number_where_it_is_one(hand: Callable[..., Hand], locale: str) -> None:
    one = hand("train.batch_size", 64)
    one.type("1e3")
    assert (one.said, one.text) == ([1000], "1000")


# ---- in the window


def field_of(lab: Lab, key: str) -> NumberField:
    control = lab.window.recipe._rows.controls[key]
    unfold(control)
    assert isinstance(control.field, NumberField)
    control.field.setFocus()
    control.field.selectAll()
    return control.field


OUT_OF_RANGE = (
    ("lwf.alpha", "500", "from 0 to 100"),
    ("lwf.alpha", "-1", "from 0 to 100"),
    ("task2.lr", "0", "above 0 to 10"),
    ("train.batch_size", "5000", "from 1 to 4,096"),
    ("task2.warmup_epochs", "99", "at most Epochs (task 2)"),
)


def test_a_number_out_of_range_is_refused_with_its_range(quiet_lab: Lab) -> None:
    before, banner = quiet_lab.session.recipe, quiet_lab.window.banner
    for key, text, allowed in OUT_OF_RANGE:
        field = field_of(quiet_lab, key)
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert quiet_lab.session.recipe == before, key
        assert banner.isVisible()
        assert allowed in banner.text.text(), key
        assert field.entry.refusing, key
        assert field.lineEdit().text() == text
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.lineEdit().text() == written(before.get(key))
        assert not field.entry.refusing, key
        banner.close_messages()
        assert not banner.isVisible(), "the next one is told anew"


def test_a_refused_number_looks_other_than_one_in_force(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    QTest.keyClicks(field, "5,,")
    before = field.grab().toImage()
    field.commit()
    assert field.grab().toImage() != before, "not by its sentence alone"


def test_a_right_number_typed_after_a_refused_one_is_not_marked(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    paste(field, "2x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.entry.refusing
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.lineEdit().text() == "2"
    assert not field.entry.refusing
    assert not field.lineEdit().font().strikeOut()


def test_refused_numbers_stay_marked_while_other_fields_take_theirs(quiet_lab: Lab) -> None:
    controls = quiet_lab.window.recipe._rows.controls
    for key in ("lwf.alpha", "task2.epochs", "train.batch_size"):
        type_into(controls[key], "abc")
    type_into(controls["lwf.temperature"], "4")
    marked = [key for key, control in controls.items() if control.entry is not None and control.entry.refusing]
    assert marked == ["lwf.alpha", "task2.epochs", "train.batch_size"]
    quiet_lab.window.bar.presetChosen.emit("classroom")
    assert not any(control.entry.refusing for control in controls.values() if control.entry is not None)


def test_space_parts_thousands_while_a_number_is_typed_and_else_runs(quiet_lab: Lab) -> None:
    control = quiet_lab.window.recipe._rows.controls["train.batch_size"]
    unfold(control)
    field: Any = control.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1 000")
    assert field.lineEdit().text() == "1 000"
    assert not quiet_lab.session.busy
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value == 1000
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Space)
    assert quiet_lab.session.busy, "nothing is typed"


def test_what_is_typed_stays_while_other_settings_change(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    QTest.keyClicks(field, "4")
    quiet_lab.session.change(temperature=7.0)
    assert field.lineEdit().text() == "4"
    assert quiet_lab.session.recipe.lwf.alpha == 1.0
    quiet_lab.session.change(alpha=9.0)
    assert field.lineEdit().text() == "9", "another value is in force now"


def test_an_action_takes_what_is_being_typed(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    QTest.keyClicks(field, "4,5")
    quiet_lab.click(quiet_lab.tool("run"))
    assert QApplication.focusWidget() is quiet_lab.window, "keys are the window's again"
    assert engine.jobs[-1][1].lwf.alpha == 4.5


def test_letters_that_are_of_no_number_are_the_windows(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    before, protocol = field.lineEdit().text(), quiet_lab.window.selection.protocol
    QTest.keyClick(field, Qt.Key.Key_P)
    assert quiet_lab.window.selection.protocol != protocol
    QTest.keyClicks(field, "Hx")
    assert field.lineEdit().text() == before
    field.selectAll()
    QTest.keyClicks(field, "5e-1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert quiet_lab.session.recipe.lwf.alpha == 0.5


@pytest.mark.parametrize("way", ["click", "tab"])
def test_letters_are_typed_where_a_person_went_into_the_text(quiet_lab: Lab, way: str) -> None:
    field, window = field_of(quiet_lab, "lwf.alpha"), quiet_lab.window
    window.setFocus()
    protocol, alpha = window.selection.protocol, quiet_lab.session.recipe.lwf.alpha
    if way == "click":
        QTest.mouseClick(field.lineEdit(), Qt.MouseButton.LeftButton)
    else:
        field.setFocus(Qt.FocusReason.TabFocusReason)
    field.selectAll()
    QTest.keyClicks(field.lineEdit(), "pb")
    assert field.lineEdit().text() == "pb"
    assert window.selection.protocol == protocol
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert field.hasFocus(), "what cannot be read stays, and is marked"
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Escape)
    assert (float(field.lineEdit().text()), quiet_lab.session.recipe.lwf.alpha) == (alpha, alpha)
    window.setFocus()
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keyClick(field, Qt.Key.Key_P)
    assert window.selection.protocol != protocol, "nobody types there"


def test_zero_says_what_it_means_to_who_does_not_type_there(quiet_lab: Lab) -> None:
    for key, word in (("data.train_images", "all"), ("task1.steps", "by epochs"), ("task2.steps", "by epochs")):
        field = field_of(quiet_lab, key)
        assert field.lineEdit().text() == "0", key
        quiet_lab.window.setFocus()
        assert field.lineEdit().text() == word
        assert field.lineEdit().fontMetrics().horizontalAdvance(word) <= field.lineEdit().width(), key
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "7")
        quiet_lab.window.setFocus()
        assert (field.lineEdit().text(), quiet_lab.session.recipe.get(key)) == ("7", 7), key


def test_going_elsewhere_takes_what_was_typed(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    QTest.keyClicks(field, "4")
    QTest.keyClick(quiet_lab.window, Qt.Key.Key_Tab)
    assert not field.hasFocus()
    assert quiet_lab.session.recipe.lwf.alpha == 4.0


def test_arrows_go_by_steps_and_stop_at_the_ends(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    for key, value in ((Qt.Key.Key_Up, 1.5), (Qt.Key.Key_Down, 1.0), (Qt.Key.Key_Down, 0.5)):
        QTest.keyClick(field, key)
        assert quiet_lab.session.recipe.lwf.alpha == value
    QTest.keyClicks(field, "99.9")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert quiet_lab.session.recipe.lwf.alpha == 100.0
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert quiet_lab.session.recipe.lwf.alpha == 100.0


def test_a_number_with_more_digits_than_there_is_room_for_says_so(quiet_lab: Lab) -> None:
    field, value = field_of(quiet_lab, "task2.lr"), 0.0001234567890123456
    quiet_lab.session.change(lr=value)
    assert field.lineEdit().text() == written(value), "all digits where one types"
    quiet_lab.window.setFocus()
    text, edit = field.lineEdit().text(), field.lineEdit()
    assert text == written(value) or text.startswith("≈ ")
    assert edit.fontMetrics().horizontalAdvance(text) <= edit.width()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert quiet_lab.session.recipe.task2.lr == value


# ---- undo


def test_undo_works_with_the_changed_field_focused(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    QTest.keyClicks(field, "4")
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert quiet_lab.session.recipe.lwf.alpha == 1.0
    assert field.lineEdit().text() == "1"
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert quiet_lab.session.recipe.lwf.alpha == 4.0
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    QTest.keyClick(field, Qt.Key.Key_Y, CONTROL)
    assert field.lineEdit().text() == "4"


def test_after_enter_keys_are_the_windows_and_tab_goes_on_from_the_field(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    for key in ("lwf.alpha", "seed", "engine.threads"):
        control = window.recipe._rows.controls[key]
        unfold(control)
        field = control.field
        assert isinstance(field, NumberField | TextField)
        before = quiet_lab.session.recipe.get(key)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "4")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert QApplication.focusWidget() is window
        shown, protocol = field.entry.shown, window.selection.protocol
        QTest.keyClick(window, Qt.Key.Key_P)
        assert window.selection.protocol != protocol, "a letter is a command again"
        assert field.entry.edit.text() == shown
        QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
        assert quiet_lab.session.recipe.get(key) == before
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Tab)
        after = QApplication.focusWidget()
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClick(window, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is after


def test_what_is_refused_stays_under_the_hand_after_enter(quiet_lab: Lab) -> None:
    field = field_of(quiet_lab, "lwf.alpha")
    paste(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.hasFocus()


def test_undo_first_takes_back_what_is_being_typed(quiet_lab: Lab) -> None:
    quiet_lab.session.change(alpha=2.0)
    field = field_of(quiet_lab, "lwf.alpha")
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert field.lineEdit().text() == "2"
    assert quiet_lab.session.recipe.lwf.alpha == 2.0
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert quiet_lab.session.recipe.lwf.alpha == 1.0


def test_undo_works_in_a_field_of_text_too(quiet_lab: Lab) -> None:
    control = quiet_lab.window.recipe._rows.controls["engine.threads"]
    unfold(control)
    field = control.field
    assert isinstance(field, TextField)
    before, shown = quiet_lab.session.recipe, field.text()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert quiet_lab.session.recipe.engine.threads == 7
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert quiet_lab.session.recipe == before
    assert field.text() == shown


# ---- dialogs


@pytest.fixture
def dialog(open_window: OpenWindow, qtbot: QtBot) -> Iterator[ForkDialog]:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record())
    question = ForkDialog(15, synthetic.record(), lab.window)
    with qtbot.waitActive(question):
        question.show()
        question.activateWindow()
    yield question
    question.close()
    question.deleteLater()


def control_of(dialog: ForkDialog, name: str) -> SettingControl:
    control = dialog._controls[name]
    control.field.setFocus()
    assert isinstance(control.field, NumberField)
    control.field.selectAll()
    return control


def test_a_fork_takes_the_number_that_was_typed(dialog: ForkDialog, locale: str) -> None:
    field: QWidget = control_of(dialog, "lr").field
    QTest.keyClicks(field, "5e-3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.values == {"lr": 0.005}
    assert dialog.result() == ForkDialog.DialogCode.Accepted


def test_a_fork_waits_until_a_refused_number_is_mended(dialog: ForkDialog) -> None:
    field: QWidget = control_of(dialog, "lr").field
    QTest.keyClicks(field, "5e3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.values == {}
    assert "above 0 to 10" in dialog._hint.text()


def test_a_refused_text_goes_when_a_value_comes_from_elsewhere(quiet_lab: Lab) -> None:
    recipe, session = quiet_lab.window.recipe, quiet_lab.session
    temperature: Any = recipe._rows.controls["lwf.temperature"]
    session.change(alpha=5.0)

    def refuse() -> None:
        type_into(temperature, "999999")
        assert temperature.entry.refusing

    for focused in (True, False):  # undo by a button, and after one has gone elsewhere
        for go in (session.undo, session.redo):
            refuse()
            if not focused:
                quiet_lab.window.timeline.scrubber.setFocus()
            go()
            assert temperature.entry.edit.text() == "2"
            assert not temperature.entry.refusing
