"""What the window offers and how it looks, without training: actions, controls, themes, type, painting, files."""

from __future__ import annotations

import gc
import html
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeySequence, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QToolButton, QWidget

from lwf_gui import InputError, paths, settings_file
from lwf_gui.documents import files, history
from lwf_gui.engine import start
from lwf_gui.engine.thread import EngineThread
from lwf_gui.exports import final
from lwf_gui.exports.kinds import KINDS, Kind
from lwf_gui.gui import app, theme
from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.appearance import PRESENT_LINES, PRESENT_SCALE
from lwf_gui.gui.exporting.film_dialog import FilmDialog
from lwf_gui.gui.keeping import LAST_RUN, Keeper
from lwf_gui.gui.run.inbox import Inbox
from lwf_gui.gui.session import State
from lwf_gui.gui.sweeps.dialog import SweepDialog
from lwf_gui.gui.teaching.blank import Blank
from lwf_gui.gui.teaching.tour import Tour
from lwf_gui.gui.widgets import dialogs
from lwf_gui.gui.widgets.controls import SettingControl
from lwf_gui.gui.widgets.eliding import ElidingLabel
from lwf_gui.gui.widgets.notes import NotesDialog
from lwf_gui.gui.widgets.runs import RunsDialog
from lwf_gui.gui.widgets.shortcuts import ShortcutSheet
from lwf_gui.gui.widgets.task_field import TasksControl
from lwf_gui.gui.window import Window
from lwf_gui.messages import Finished, LogLine, Notice, Progress
from lwf_gui.methods import METHODS
from lwf_gui.recipe import settings
from lwf_gui.runs.record import Record
from tests.gui.conftest import PATIENCE_MS, QUICK, Lab, OpenWindow, choose, remember, unfold
from tests.gui.scripted import ScriptedEngine

CONTROL = Qt.KeyboardModifier.ControlModifier
RunApp = Callable[..., int]
BUNDLED = paths.resources() / app.BUNDLED_RUN


# ---- actions


def test_every_action_has_a_menu_entry_and_help(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    in_menus = {id(action) for menu in window.menus.findChildren(QMenu) for action in menu.actions()}
    for spec in ACTIONS:
        assert id(window.actions_by_id[spec.id]) in in_menus, spec.id
        assert spec.help.endswith("."), spec.id
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS) == len(window.actions_by_id)


def can_be_given(kind: Kind, record: Record) -> bool:
    """Whether a run can be exported so."""
    try:
        kind.require(record)
    except InputError:
        return False
    return True


def test_every_action_can_be_called(quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    window, asked = quiet_lab.window, list[str]()

    def answer(place: object, name: str, answer: object) -> None:
        def note(*_: object) -> object:
            asked.append(name)
            return answer

        monkeypatch.setattr(place, name, note)

    answer(dialogs, "ask_target", "")
    answer(dialogs, "ask_name", "")
    answer(dialogs, "ask_folder", "")
    answer(FilmDialog, "exec", 0)
    answer(NotesDialog, "exec", 0)
    answer(QMessageBox, "about", None)
    answer(QMessageBox, "question", QMessageBox.StandardButton.Cancel)
    # Refused before they ask, once another has begun a run.
    first = ("open", *(f"export.{name}" for name in KINDS))
    given = [name for name, kind in KINDS.items() if can_be_given(kind, quiet_lab.record)]
    for spec in sorted(ACTIONS, key=lambda spec: (spec.id == "quit", spec.id not in first)):
        spec.do(window.commands)
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for sheet in window.findChildren(QWidget):
            if isinstance(sheet, Tour):
                sheet.end()
            elif isinstance(sheet, ShortcutSheet | Blank | RunsDialog | SweepDialog):
                sheet.close()
    files = {"ask_name": 1, "ask_folder": 1, "ask_target": 3 + len(given)}
    assert Counter(asked) == {"about": 1, **files, "exec": 2, "question": 1}, (
        "window, figure and accuracies are written to files, and what a run can be exported as"
    )
    assert len(given) >= len(KINDS) - 2, "all but what needs an extra, or a run of another kind"
    assert not window.isVisible(), "the last one has closed it"


def test_no_key_stands_for_two_actions() -> None:
    keys = [QKeySequence(keys).toString() for spec in ACTIONS for keys in spec.shortcuts] + ["Esc"]
    assert all(keys), "every shortcut is one that Qt knows"
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_shortcut_sheet_lists_every_key(quiet_lab: Lab) -> None:
    quiet_lab.press(Qt.Key.Key_F1)
    (sheet,) = quiet_lab.window.findChildren(ShortcutSheet)
    said = "\n".join(label.text() for label in sheet.findChildren(QLabel))
    for spec in ACTIONS:
        for keys in spec.shortcuts:
            assert keys in said, spec.id
            assert spec.text in said, spec.id
    sheet.close()


def test_action_bar_buttons_say_what_they_are(quiet_lab: Lab) -> None:
    for spec in ACTIONS:
        if spec.in_bar:
            button = quiet_lab.tool(spec.id)
            assert button.accessibleName() == spec.text
            assert button.accessibleDescription() == spec.help
            assert spec.help in button.toolTip()
            assert not button.icon().isNull()


# ---- the recipe panel


def test_every_setting_has_a_control_with_name_and_tooltip(quiet_lab: Lab) -> None:
    panel = quiet_lab.window.recipe
    quiet_lab.session.set_recipe(quiet_lab.session.recipe.with_settings({"learners": tuple(METHODS)}))
    assert set(panel._rows.controls) == set(settings())
    for control in panel.findChildren(SettingControl):
        unfold(control)
    for key, setting in settings().items():
        control = panel._rows.controls[key]
        field = control.field
        assert isinstance(field, QWidget), key
        assert field.isVisible(), key
        for widget in (control, field):
            assert widget.accessibleName() == setting.label, key
            assert setting.help in widget.accessibleDescription(), key
        assert setting.help in html.unescape(control.toolTip()), key
        assert key in control.toolTip(), key


def test_controls_show_the_recipe_and_follow_a_preset(quiet_lab: Lab) -> None:
    lab = quiet_lab

    def shown(key: str) -> str:
        return str(lab.window.recipe._rows.controls[key].field.text())  # type: ignore[attr-defined]

    assert (shown("model.hidden"), shown("task1.epochs")) == ("32", "2")
    choose(lab.window.bar.preset, "paper")
    recipe = lab.session.recipe
    assert lab.session.preset == "paper"
    assert shown("task2.warmup_epochs") == str(recipe.task2.warmup_epochs)
    assert shown("lwf.alpha") == f"{recipe.lwf.alpha:g}"
    tasks = lab.window.recipe._rows.controls["data.tasks"]
    assert isinstance(tasks, TasksControl)
    assert tasks.words.text() == "T-shirt/top to Sandal | Shirt to Ankle boot"


# ---- Present mode, themes, type


@pytest.mark.parametrize("leave", [Qt.Key.Key_F11, Qt.Key.Key_Escape])
def test_present_mode_shows_only_the_experiment_and_comes_back(quiet_lab: Lab, leave: Qt.Key) -> None:
    lab, window = quiet_lab, quiet_lab.window
    size = QApplication.font().pointSizeF()
    lab.press(Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not window.recipe.isVisible()
    assert not window.menus.isVisible()
    assert QApplication.font().pointSizeF() > size
    lab.press(Qt.Key.Key_Space)  # keys work without their menus
    assert lab.session.busy
    lab.press(leave)
    assert not window.isFullScreen()
    assert window.recipe.isVisible()
    assert window.menus.isVisible()
    assert QApplication.font().pointSizeF() == size


def test_present_mode_is_left_also_where_its_parts_have_asked_for_more_than_the_screen(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    quiet_lab.press(Qt.Key.Key_F11)
    handle, full = window.windowHandle(), Qt.WindowState.WindowFullScreen
    assert handle.windowStates() & full
    window.lesson_bar.setMinimumHeight(window.height() + 50)  # Qt would let the window grow, and forget that it is full
    window.lesson_bar.show()
    quiet_lab.wait(lambda: not window.arrangement.waits)
    assert window.height() <= window.screen().size().height()
    assert window.isFullScreen()
    window.lesson_bar.setMinimumHeight(0)
    window.lesson_bar.hide()
    quiet_lab.press(Qt.Key.Key_F11)
    quiet_lab.wait(lambda: not window.arrangement.waits)
    assert not handle.windowStates() & full
    assert not window.isFullScreen()


def test_the_desktop_is_asked_once_more_to_leave_the_full_screen(quiet_lab: Lab) -> None:
    window, full = quiet_lab.window, Qt.WindowState.WindowFullScreen
    quiet_lab.press(Qt.Key.Key_F11)
    quiet_lab.wait(lambda: not window.arrangement.waits)
    quiet_lab.press(Qt.Key.Key_Escape)
    window.windowHandle().setWindowStates(full)  # it was busy with something else
    quiet_lab.wait(lambda: not window.arrangement.waits)
    assert not window.windowHandle().windowStates() & full
    window.showFullScreen()  # by the desktop's own key
    window.arrangement.settle_soon()
    quiet_lab.wait(lambda: not window.arrangement.waits)
    assert window.isFullScreen()


def test_theme_key_goes_round_and_is_remembered(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine())
    seen = []
    for _ in theme.THEMES:
        lab.press(Qt.Key.Key_T, CONTROL)
        seen.append(lab.window.appearance.theme_name)
        background = lab.window.grab().toImage().pixelColor(3, 3)
        dark = theme.resolve(lab.window.appearance.theme_name).dark
        assert (background.lightness() < 128) == dark
    assert seen == ["dark", "contrast", "system", "dark"], "what looks the same is passed over"
    assert open_window(engine=ScriptedEngine()).window.appearance.theme_name == "dark"


def test_every_press_of_the_theme_key_can_be_seen(quiet_lab: Lab) -> None:
    appearance = quiet_lab.window.appearance
    for name in theme.THEMES:
        appearance.show_theme(name)
        before = appearance.colours
        appearance.next_theme()  # which depends on the theme that is shown alone
        assert appearance.colours != before, name


def test_status_line_says_what_was_done_for_a_moment(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    before = window.status.activity.text()
    window.commands.view.next_theme()
    assert window.status.activity.text() == f"Theme: {window.appearance.theme_name}"
    quiet_lab.session.progressChanged.emit()
    assert window.status.activity.text() == f"Theme: {window.appearance.theme_name}", "nothing is written over it"
    window.status._silence.timeout.emit()
    assert window.status.activity.text() == before


def test_size_of_the_window_is_remembered_but_not_that_of_present_mode(open_window: OpenWindow) -> None:
    first = open_window(engine=ScriptedEngine())
    first.window.resize(790, 560)
    first.window.close()
    second = open_window(engine=ScriptedEngine())
    assert (second.window.width(), second.window.height()) == (790, 560)
    second.window.actions_by_id["present"].trigger()
    second.window.close()
    third = open_window(engine=ScriptedEngine())
    assert (third.window.width(), third.window.height()) == (790, 560)
    assert not third.window.isFullScreen()


def test_size_that_was_asked_for_once_is_not_remembered(open_window: OpenWindow) -> None:
    open_window(engine=ScriptedEngine(), size=(1, 1)).window.close()
    assert open_window(engine=ScriptedEngine()).window.width() > 700


def test_another_run_takes_away_what_was_said_of_the_last_one(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    window.banner.say("Out of memory.", error=True)
    window.session.run_or_pause()
    assert window.banner.isHidden()
    window.banner.say("These digits are not Fashion-MNIST.")
    window.session.run_or_pause()
    assert not window.banner.isHidden(), "a pause takes nothing away"


def test_type_grows_and_is_remembered(open_window: OpenWindow, qapp: QApplication) -> None:
    lab = open_window(engine=ScriptedEngine())
    start, height, font = qapp.font().pointSizeF(), _type_height(lab), qapp.font()
    for _ in range(3):
        lab.press(Qt.Key.Key_Plus, CONTROL)
    assert qapp.font().pointSizeF() == pytest.approx(start * 1.1**3, abs=0.1)
    assert _type_height(lab) > 1.2 * height
    lab.press(Qt.Key.Key_Minus, CONTROL)
    qapp.setFont(font)
    open_window(engine=ScriptedEngine())
    assert qapp.font().pointSizeF() == pytest.approx(start * 1.1**2, abs=0.1)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_present_mode_makes_type_bigger_as_far_as_the_screen_has_room(
    open_window: OpenWindow, qapp: QApplication, scale: float
) -> None:
    remember(scale=scale)
    window = open_window(engine=ScriptedEngine()).window
    before, height = qapp.font().pointSizeF(), window.screen().size().height()
    window.actions_by_id["present"].trigger()
    grown, lines = qapp.font().pointSizeF() / before, height / QFontMetrics(qapp.font()).height()
    assert 1.0 <= grown <= PRESENT_SCALE + 0.01
    assert grown == pytest.approx(PRESENT_SCALE, abs=0.01) or lines <= PRESENT_LINES + 1.5
    assert lines >= PRESENT_LINES - 2 or grown == 1.0


@pytest.mark.parametrize(("kept", "key", "limit"), [(1.95, Qt.Key.Key_Plus, 2.0), (0.72, Qt.Key.Key_Minus, 0.7)])
def test_type_size_has_limits(
    open_window: OpenWindow, qapp: QApplication, kept: float, key: Qt.Key, limit: float
) -> None:
    start = qapp.font().pointSizeF()
    remember(scale=kept)
    lab = open_window(engine=ScriptedEngine())
    for _ in range(3):
        lab.press(key, CONTROL)
    assert qapp.font().pointSizeF() == pytest.approx(start * limit, abs=0.05)


def _type_height(lab: Lab) -> int:
    return lab.window.cards.caption.fontMetrics().height()


def test_preferences_stay_out_of_the_users_own_folder(quiet_lab: Lab, isolated_dirs: Path) -> None:
    quiet_lab.press(Qt.Key.Key_T, CONTROL)
    assert paths.settings_file().is_relative_to(isolated_dirs)
    assert settings_file.read(paths.settings_file()).values["window.theme"] == "dark"


@pytest.mark.parametrize("run", [False, True], ids=["fresh", "after-run"])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_no_text_is_cut_off_at_1280_by_720(open_window: OpenWindow, name: str, run: bool) -> None:
    lab = open_window(engine=ScriptedEngine(), theme=name, size=(1280, 720), autorun=not run)
    window = lab.window
    with lab.qtbot.waitSignal(lab.session.engineReady, timeout=PATIENCE_MS):
        pass
    if run:
        window.banner.say(
            "Stop the run before you open another one.", (("Download", list), ("Stay with the digits", list))
        )
    assert (lab.record.incremental is not None) == run
    for control in window.recipe.findChildren(SettingControl):
        unfold(control)
        lab.wait(lambda control=control: control.height() >= control.minimumSizeHint().height())  # type: ignore[misc]
    body = window.recipe.widget()
    assert body is not None
    lab.wait(lambda: body.height() >= body.minimumSizeHint().height())
    assert (window.width(), window.height()) == (1280, 720)
    assert cut_off(window) == []


def cut_off(window: QWidget) -> list[str]:
    """Return the texts of visible labels and buttons that do not fit into them."""
    found = []
    for label in window.findChildren(QLabel):
        if not label.isVisible() or isinstance(label, ElidingLabel) or not label.text():
            continue
        area = label.contentsRect()
        if label.wordWrap():
            needed = label.heightForWidth(label.width())
            fits = label.height() >= needed
        elif label.textFormat() is Qt.TextFormat.RichText or "<" in label.text():
            fits = label.width() >= label.sizeHint().width()
        else:
            metrics = label.fontMetrics()
            fits = area.width() >= metrics.horizontalAdvance(label.text()) and area.height() >= metrics.height()
        if not fits:
            found.append(f"{label.text()!r}: {label.width()}x{label.height()}, needs {label.sizeHint().toTuple()}")
    for button in window.findChildren(QToolButton):
        if button.isVisible() and button.text() and button.width() < button.minimumSizeHint().width():
            found.append(f"button {button.text()!r}: {button.width()}, needs {button.minimumSizeHint().width()}")
    return found


def test_many_paintings_lose_no_reference_to_none(quiet_lab: Lab) -> None:
    """PySide6 6.12.0 on Python 3.11 drops one with every void call, and dies within about 60 frames."""
    if sys.version_info >= (3, 12):
        pytest.skip("None is immortal from Python 3.12 on")
    window = quiet_lab.window

    def paint(frames: int) -> None:
        for _ in range(frames):
            window.showing.refresh()
            window.grab()

    paint(10)
    gc.collect()
    before = sys.getrefcount(None)
    paint(60)
    gc.collect()
    # A frame makes hundreds of void calls: the fault would cost ten thousand. A few come and go with caches.
    assert sys.getrefcount(None) > before - 150


# ---- what is shown


def test_bundled_run_is_shown_before_any_click(quiet_lab: Lab) -> None:
    assert quiet_lab.session.state is State.RECORDED
    bundled = files.load(BUNDLED)
    assert bundled.data is not None
    score, images = bundled.evaluations[-1].scores, bundled.data.test_sizes[0]
    shown = {card.learner: card.digits.text() for card in quiet_lab.window.cards.cards}
    assert shown == {name: f"{100 * each.task_aware[0] / images:.1f}" for name, each in score.items()}
    x, _ = quiet_lab.window.plots.accuracy.curves["lwf", "old"].getData()
    assert len(x) > 10
    assert "press Run" in quiet_lab.window.statusBar().activity.text()  # type: ignore[attr-defined]


@pytest.fixture
def run_app(open_window: OpenWindow) -> Iterator[RunApp]:
    """Return `app.run`, with its traces in this process removed after the test."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    instance = app._application()
    yield lambda options, recipe=QUICK: app.run(EngineThread(), recipe, options)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for timer in instance.findChildren(QTimer):
        timer.stop()
        timer.deleteLater()
    for widget in instance.topLevelWidgets():
        if isinstance(widget, Window):
            widget.deleteLater()


def test_finished_run_is_shown_at_the_next_start(run_app: RunApp, open_window: OpenWindow, tmp_path: Path) -> None:
    picture = tmp_path / "run.png"
    options = app.Options("digits", autorun=True, exit_after_run=True, screenshot=picture, size=(1000, 700))
    assert run_app(options) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    newest = history.newest(paths.history_dir())
    assert newest is not None
    kept = files.load(newest)
    assert isinstance(kept.outcome, Finished)
    assert kept.data is not None
    assert kept.data.recipe == QUICK
    lab = open_window(engine=ScriptedEngine())
    assert lab.session.state is State.RECORDED
    old = kept.outcome.summary["learners"]["lwf"]["task_aware"]["old"]
    assert lab.window.cards.cards[1].digits.text() == f"{100 * old:.0f}"  # of a few hundred images


def test_a_picture_without_a_run_is_taken_once_all_parts_stand(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[tuple[bool, int]] = []
    real = Window._picture

    def picture(window: Window) -> QPixmap:
        lines = [line for line in window.cards.cards[0].lines if line.isVisible()]
        least = min(after.y() - before.y() - before.fontMetrics().height() for before, after in pairwise(lines))
        seen.append((window.arrangement.waits, least))
        return real(window)

    monkeypatch.setattr(Window, "_picture", picture)
    monkeypatch.setattr(app, "SETTLE_MS", 1)
    options = app.Options("digits", exit_after_run=True, screenshot=tmp_path / "a.png", size=(1600, 903))
    assert run_app(options) == 0
    ((waits, least),) = seen
    assert not waits
    assert least >= -4, "no card is squeezed, so that its lines lie over each other"


def test_the_window_shows_that_a_run_is_over_before_it_is_kept(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, bool]] = []
    ended: list[object] = []
    real = Inbox._finish

    def finish(inbox: Inbox, outcome: Any) -> None:
        real(inbox, outcome)
        ended.append(outcome)

    keep = Keeper.remember

    def remember(keeper: Keeper, record: Record) -> None:
        told.append((keeper._session.state.value, bool(ended)))
        keep(keeper, record)

    monkeypatch.setattr(Inbox, "_finish", finish)
    monkeypatch.setattr(Keeper, "remember", remember)
    assert run_app(app.Options("digits", autorun=True, exit_after_run=True)) == 0
    assert told == [("Finished", True)], "kept once, and after all that follows the run was told"


def test_automatic_run_that_fails_gives_the_exit_code_of_the_terminal(
    run_app: RunApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = app.Options("digits", autorun=True, exit_after_run=True)
    assert run_app(options, QUICK.with_settings({"data.dataset": str(tmp_path)})) == 2  # no images there

    def broken(*_: object) -> None:
        raise RuntimeError("no such method")

    monkeypatch.setattr(start, "make", broken)
    assert run_app(options) == 1
    assert not history.entries(paths.history_dir())


@pytest.mark.parametrize(
    "content",
    [BUNDLED.read_bytes()[:1000], b"\x89PNG\r\n\x1a\n", b"", bytes(5000)],
    ids=["cut", "png", "empty", "zeros"],
)
def test_damaged_last_run_gives_way_to_the_bundled_one_and_is_spoken_of_once(
    open_window: OpenWindow, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    last = paths.state_dir() / LAST_RUN
    last.parent.mkdir(parents=True)
    last.write_bytes(content)
    with caplog.at_level("INFO"):
        lab = open_window(engine=ScriptedEngine())
    assert lab.session.state is State.RECORDED
    assert lab.record.data is not None
    assert lab.record.data.dataset == "fashion-mnist"
    said = lab.window.banner.text.text()
    assert said.startswith("An earlier run is not shown: ")
    assert str(last) in said
    assert sum("not shown" in message and str(last) in message for message in caplog.messages) == 1
    lab.start()
    assert not lab.window.banner.isVisible()


def test_run_file_of_the_command_line_is_shown(open_window: OpenWindow) -> None:
    record = files.load(BUNDLED)
    lab = open_window(engine=ScriptedEngine(), record=record, autorun=True)
    assert lab.record is record
    assert lab.session.state is State.RECORDED


def test_opening_a_damaged_file_says_so_and_keeps_the_run(quiet_lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "notes.lwfrun"
    path.write_text("no run")
    record = quiet_lab.record
    quiet_lab.window.files.open(path)
    assert str(path) in quiet_lab.window.banner.text.text()
    assert quiet_lab.record is record


def test_opening_a_file_in_mid_run_is_refused(quiet_lab: Lab) -> None:
    quiet_lab.start()
    quiet_lab.window.files.open(BUNDLED)
    assert "Stop the run" in quiet_lab.window.banner.text.text()
    assert quiet_lab.session.state is State.RUNNING


def test_saved_run_opens_again(quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "mine"
    monkeypatch.setattr(dialogs, "ask_target", lambda *_args: str(target))
    quiet_lab.see("losses")
    quiet_lab.press(Qt.Key.Key_S, CONTROL)
    saved = files.load(tmp_path / "mine.lwfrun")
    assert final.table(saved) == final.table(quiet_lab.record)
    x, _ = quiet_lab.window.plots.loss.curves["lwf", "kl"].getData()
    assert saved.incremental is not None
    assert x[-1] == saved.incremental.steps


def test_picture_that_cannot_be_written_is_told(
    quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(dialogs, "ask_target", lambda *_args: str(blocked / "x.png"))
    quiet_lab.press(Qt.Key.Key_P, CONTROL)
    assert quiet_lab.window.banner.isVisible()
    assert "was not written" in quiet_lab.window.banner.text.text()


# ---- what the engine tells


def test_messages_of_a_run_that_is_over_are_dropped(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.start()
    (run_id, _) = engine.jobs[-1]
    quiet_lab.press(Qt.Key.Key_R)
    engine.outbox.put(LogLine(run_id, "late"))
    engine.outbox.put(Finished(run_id, {}))
    quiet_lab.session.drain()
    assert quiet_lab.session.state is State.IDLE
    assert quiet_lab.record.log == []
    assert quiet_lab.window.log.toPlainText() == ""


def test_log_lines_notices_and_progress_reach_their_places(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.start()
    run_id = engine.jobs[-1][0]
    engine.outbox.put(LogLine(run_id, "Loss: 2.3"))
    engine.outbox.put(Notice(run_id, "The teacher was not kept."))
    engine.outbox.put(Progress(run_id, "downloading x", 5_000_000, 30_000_000, "bytes"))
    quiet_lab.session.drain()
    window = quiet_lab.window
    assert window.log.toPlainText() == "Loss: 2.3"
    assert window.banner.text.text() == "The teacher was not kept."
    status = window.statusBar()
    assert status.activity.text() == "downloading x 5.0 of 30.0 MB"  # type: ignore[attr-defined]
    assert status.bar.value() == pytest.approx(1000 / 6, abs=1)  # type: ignore[attr-defined]


def test_views_are_told_once_a_drain_however_many_messages_came(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.see("losses")
    quiet_lab.start()
    run_id = engine.jobs[-1][0]
    told: list[None] = []
    quiet_lab.session.rowsArrived.connect(lambda: told.append(None))
    quiet_lab.session.drain()
    told.clear()
    for message in files.load(BUNDLED).messages():
        engine.outbox.put(replace(message, run_id=run_id))
    quiet_lab.session.drain()
    assert told == [None]
    assert quiet_lab.session.state is State.FINISHED
    np.testing.assert_array_equal(quiet_lab.window.plots.loss.curves["lwf", "kl"].getData()[0][-1], quiet_lab.steps())
