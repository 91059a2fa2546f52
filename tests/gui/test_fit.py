"""The window fits its screen and leaves the plot its room, in every size of type; layouts fit the window of now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QDockWidget, QMessageBox

from lwf_gui import lessons
from lwf_gui.gui import theme
from lwf_gui.gui.layout.panel_view import LEAST
from lwf_gui.gui.preferences import Preferences
from lwf_gui.gui.teaching.page import Page
from lwf_gui.gui.window import Window
from tests.gui.conftest import Lab, OpenWindow, remember
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle

LEAST_PLOT = 10
"""Lines of body text that the plot's panel is high, however little room there is."""


def opened(open_window: OpenWindow, **options: object) -> Lab:
    lab = open_window(engine=ScriptedEngine(), **options)
    settle()
    return lab


@pytest.mark.parametrize(
    ("screen", "scale"),
    [
        *[(screen, 1.0) for screen in ((1024, 768), (1093, 614), (911, 512), (1280, 720), (1920, 1080))],
        *[(screen, 2.0) for screen in ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160))],
    ],
    ids=str,
)
def test_the_first_window_fits_its_screen(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, screen: tuple[int, int], scale: float
) -> None:
    room = QRect(0, 0, *screen)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: room)
    remember(scale=scale)
    lab = opened(open_window)
    window = lab.window
    lab.wait(lambda: window.height() <= screen[1] - 30)  # the desktop's frame has room too
    assert window.width() <= screen[0]
    assert window.minimumSizeHint().width() <= screen[0]
    assert window.minimumSizeHint().height() <= screen[1]
    if screen == (3840, 2160):
        assert window.size() == QSize(1280, 720) * scale, "and in larger type it is larger"


@pytest.mark.parametrize(
    ("size", "scale"), [((1280, 720), 2.0), ((1016, 732), 2.0), ((904, 476), 1.0), ((1280, 720), 1.0)]
)
def test_the_plot_keeps_its_height_however_large_the_type(
    open_window: OpenWindow, size: tuple[int, int], scale: float
) -> None:
    remember(scale=scale)
    window = opened(open_window, size=size).window
    assert window.accuracy.height() >= LEAST_PLOT * theme.line_height()
    for key, dock in window.docks.by_key.items():
        assert dock.isHidden() == dock.spec.closed, key
        window.show_panel(key)
        settle()
        assert key in {seen.spec.key for seen in window.docks.seen()}, "every panel can be reached"
        assert window.accuracy.height() >= LEAST_PLOT * theme.line_height()


@pytest.mark.parametrize(("size", "scale"), [((1016, 720), 1.46), ((1016, 720), 2.0), ((1272, 684), 2.0)])
def test_a_lessons_pages_never_make_the_window_larger(
    open_window: OpenWindow, size: tuple[int, int], scale: float
) -> None:
    remember(scale=scale)
    window = opened(open_window, size=size).window
    for name in list(lessons.available()[0])[:2]:
        for number, step in enumerate(lessons.load_lesson(name).step):
            choices = step.question.choices if step.question else ()
            window.lesson_bar.show_page(Page("A lesson", number + 1, 9, step.caption, note="So." * 40, choices=choices))
            window.room.teach(step.panels)
            for key in step.panels:
                window.show_panel(key)
            settle()
            assert (window.width(), window.height()) == size, f"{name}, page {number + 1}"
    window.lesson_bar.leave()
    settle()
    assert (window.width(), window.height()) == size


def test_panels_have_larger_type_in_larger_type_and_are_scrolled_where_there_is_no_room(
    open_window: OpenWindow,
) -> None:
    window = opened(open_window, size=(1280, 720)).window
    window.show_panel("classes")
    settle()
    view = window.docks.by_key["classes"].view
    assert view is not None
    panel = window.docks.panel("classes")
    assert panel.size() == view.viewport().size(), "nothing is scrolled in type of the desktop's size"
    for _ in range(8):
        window.appearance.bigger()
    settle()
    assert panel.height() >= 2 * LEAST.height() > view.viewport().height()
    assert view.verticalScrollBar().maximum() > 0


def test_panels_go_back_below_the_plot_once_there_is_room(open_window: OpenWindow) -> None:
    remember(scale=2.0)
    window = opened(open_window, size=(1280, 720)).window
    below, beside = Qt.DockWidgetArea.BottomDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    assert window.dockWidgetArea(window.docks.by_key["losses"]) is beside
    window.resize(1900, 1040)
    settle()
    assert window.dockWidgetArea(window.docks.by_key["losses"]) is below


def test_a_panel_that_was_opened_stays_in_front_in_a_window_of_another_form(open_window: OpenWindow) -> None:
    window = opened(open_window, size=(1280, 720)).window
    window.show_panel("sweep")
    settle()
    window.resize(1900, 1040)
    settle()
    assert window.arrangement.form == "wide"
    assert window.docks.by_key["sweep"] in window.docks.seen(), "though it is closed at first"
    assert window.docks.by_key["matrix"].isHidden()


def test_remembered_type_holds_for_every_part_from_the_first_paint(open_window: OpenWindow, qapp: QApplication) -> None:
    points = qapp.font().pointSizeF()
    remember(scale=1.5)
    window = open_window(engine=ScriptedEngine(), show=False).window
    for part in (window, window.bar, window.bar.preset, window.recipe, window.menus, window.status, window.timeline):
        assert part.font().pointSizeF() == pytest.approx(1.5 * points), part


def own_layout(window: Window) -> None:
    """Share the room out as a user does who draws a border."""
    window.arrangement.fresh = False


def shares(window: Window) -> dict[str, tuple[float, float]]:
    """Return which parts of the window the docks on the screen take."""
    docks = [dock for dock in window.findChildren(QDockWidget) if not dock.visibleRegion().isEmpty()]
    return {d.objectName(): (d.width() / window.width(), d.height() / window.height()) for d in docks}


def test_a_layout_of_a_large_window_is_usable_in_a_small_one(open_window: OpenWindow) -> None:
    first = opened(open_window, size=(1920, 1080))
    own_layout(first.window)
    docks = first.window.docks.by_key
    first.window.resizeDocks([docks["why"]], [640], Qt.Orientation.Vertical)
    first.window.resizeDocks([docks["classes"]], [800], Qt.Orientation.Horizontal)
    settle()
    before = shares(first.window)
    first.window.close()
    second = opened(open_window, size=(1280, 720))
    after = shares(second.window)
    assert set(after) == set(before)
    assert after["why"][1] == pytest.approx(before["why"][1], abs=0.06)
    assert after["image_grid"][0] == pytest.approx(before["image_grid"][0], abs=0.06)
    assert second.window.accuracy.width() >= 200
    assert second.window.accuracy.height() >= 100
    for card in second.window.cards.cards:
        assert not card.visibleRegion().isEmpty()


def test_a_layout_that_nobody_made_follows_the_window_at_the_next_start(open_window: OpenWindow) -> None:
    first = opened(open_window, size=(1920, 1080))
    assert first.window.arrangement.form == "wide"
    first.window.close()
    second = opened(open_window, size=(1280, 720))
    assert second.window.arrangement.form == "narrow"
    assert second.window.arrangement.fresh


def test_a_panel_moved_by_the_user_stays_where_it_was_put(open_window: OpenWindow) -> None:
    first = opened(open_window, size=(1280, 720))
    window = first.window
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.docks.by_key["confusion"])
    window.resize(1900, 1000)
    settle()
    window.close()
    second = opened(open_window, size=(1900, 1000)).window
    assert second.dockWidgetArea(second.docks.by_key["confusion"]) is Qt.DockWidgetArea.LeftDockWidgetArea


# ---- back to the first window


def test_reset_brings_the_first_window_back(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window = opened(open_window, size=(790, 560)).window
    record = window.session.record
    for _ in range(3):
        window.appearance.bigger()
    window.appearance.set_theme("dark")
    window.docks.by_key["losses"].close()
    window.commands.panels.tear_off()
    answers = [QMessageBox.StandardButton.Reset, QMessageBox.StandardButton.Cancel]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop())
    window.actions_by_id["reset_window"].trigger()
    assert window.appearance.theme_name == "dark", "it asks first"
    window.actions_by_id["reset_window"].trigger()
    assert (window.appearance.theme_name, window.appearance.scale) == ("system", 1.0)
    assert window.appearance._points == QApplication.font().pointSizeF()
    assert not any(dock.isHidden() != dock.spec.closed or dock.isFloating() for dock in window.docks.by_key.values())
    assert window.session.record is record
    window.close()
    again = Preferences.of_the_user()
    assert (again.theme, again.scale, again.toured) == ("system", 1.0, False)


# ---- a panel in a window of its own


def test_a_torn_off_panel_has_a_frame_and_stands_beside_its_old_place(open_window: OpenWindow) -> None:
    window = opened(open_window, size=(700, 500)).window
    dock = window.docks.by_key["image_grid"]
    before = QRect(dock.mapToGlobal(dock.rect().topLeft()), dock.size())
    window.show_panel("image_grid")
    window.commands.panels.tear_off()
    settle()
    assert dock.isFloating()
    assert dock.isVisible()
    assert not dock.windowFlags() & Qt.WindowType.FramelessWindowHint
    for hint in (Qt.WindowType.WindowTitleHint, Qt.WindowType.WindowCloseButtonHint):
        assert dock.windowFlags() & hint
    assert dock.windowType() is Qt.WindowType.Tool, "so that the window's keys work there too"
    assert dock.geometry().topLeft() != before.topLeft()
    assert dock.screen().availableGeometry().contains(dock.geometry())
    window.commands.panels.tear_off()
    settle()
    assert not dock.isFloating()
    assert dock.isVisible()
    window.commands.panels.tear_off()
    dock.move(20, 30)
    window.close()
    again = opened(open_window, size=(700, 500)).window.docks.by_key["image_grid"]
    assert again.isFloating()
    assert not again.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert (again.x(), again.y()) == (20, 30), "where it was left, and no further at every start"
