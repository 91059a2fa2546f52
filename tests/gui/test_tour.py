"""The tour over the window, and the sheet of all keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.teaching.tour import Tour
from lwf_gui.gui.teaching.tour_stops import STOPS, Stop
from lwf_gui.gui.widgets.shortcuts import NOTE, ShortcutSheet
from lwf_gui.gui.window import Window
from tests.gui.conftest import OpenWindow, remember
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle

OpenAt = Callable[..., Window]


@pytest.fixture
def open_at(open_window: OpenWindow) -> OpenAt:
    """Open the window in a size, with a scale of type and a theme."""

    def open_one(size: tuple[int, int] = (1280, 720), scale: float = 1.0, name: str = "light") -> Window:
        remember(scale=scale, toured=True)
        return open_window(engine=ScriptedEngine(), size=size, theme=name).window

    return open_one


def started(window: Window, stops: tuple[Stop, ...] = STOPS) -> tuple[Tour, list[None]]:
    """Return a tour that was started, and a list that grows when it ends."""
    tour, ended = Tour(window, window, lambda: window.appearance.colours, stops), list[None]()
    tour.ended.connect(lambda: ended.append(None))
    tour.start()
    return tour, ended


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def part_of(tour: Tour) -> QRect:
    """Return the frame of the part that is spoken of, in the window's pixels."""
    assert tour.part is not None
    return QRect(tour.part.mapTo(tour.window(), QPoint()), tour.part.size())


@pytest.mark.parametrize(
    ("size", "scale", "name"),
    [
        ((1280, 720), 1.0, "light"),
        ((1280, 720), 1.5, "contrast"),
        ((1000, 700), 1.5, "dark"),
        ((1024, 768), 1.5, "dark"),
        ((1024, 768), 1.0, "light"),
        ((1920, 1080), 1.0, "light"),
    ],
)
def test_bubble_stays_in_the_window_beside_its_part(
    open_at: OpenAt, size: tuple[int, int], scale: float, name: str
) -> None:
    window = open_at(size, scale, name)
    tour, ended = started(window)
    said = []
    for number in range(1, len(STOPS) + 1):
        place = tour.bubble.geometry()
        assert window.rect().contains(place), tour.accessibleName()
        assert not place.intersects(part_of(tour)), tour.accessibleName()
        assert tour.bubble.height() >= tour.bubble.heightForWidth(tour.bubble.width()), tour.accessibleName()
        assert tour.bubble.count.text() == f"{number} of {len(STOPS)}"
        said.append(tour.bubble.title.text())
        press(Qt.Key.Key_Right)
    assert said == [stop.title for stop in STOPS]
    assert ended == [None]


def test_keys_lead_on_back_and_out(open_at: OpenAt) -> None:
    window = open_at()
    window.recipe.live.setFocus()
    window.bar.preset.setFocus()
    tour, ended = started(window)
    for key, number in (
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Return, 3),
        (Qt.Key.Key_PageDown, 4),
        (Qt.Key.Key_PageUp, 3),
        (Qt.Key.Key_Left, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_PageUp, 1),
    ):
        press(key)
        assert tour.bubble.count.text().startswith(f"{number} of"), key
    assert not tour.bubble.back.isEnabled()
    press(Qt.Key.Key_Escape)
    assert ended == [None]
    assert QApplication.focusWidget() is window.bar.preset, "the focus is where it was"


def test_what_the_tour_says_of_present_mode_is_so(open_at: OpenAt) -> None:
    window = open_at()
    assert "leaves no controls but those of the run" in STOPS[-1].text
    window.actions_by_id["present"].trigger()
    settle()
    assert window.bar.buttons["run"].isVisible()
    assert not window.bar.preset.isVisible()
    assert not window.menu_row.isVisible()


def test_buttons_do_the_same_and_tab_stays_with_them(open_at: OpenAt) -> None:
    tour, ended = started(open_at())
    QTest.mouseClick(tour.bubble.next, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tour.bubble.back, Qt.MouseButton.LeftButton)
    assert tour.bubble.count.text().startswith("1 of")
    QTest.mouseClick(tour.bubble.next, Qt.MouseButton.LeftButton)
    seen = set()
    for _ in range(4):
        seen.add(QApplication.focusWidget())
        press(Qt.Key.Key_Tab)
    assert seen == set(tour.bubble.buttons)
    QTest.mouseClick(tour.bubble.skip, Qt.MouseButton.LeftButton)
    assert ended == [None]


def test_window_beneath_hears_no_key_but_space_and_no_click(open_at: OpenAt) -> None:
    window = open_at()
    tour, _ = started(window)
    run = window.bar.buttons["run"]
    assert QApplication.widgetAt(run.mapToGlobal(run.rect().center())) is tour
    press(Qt.Key.Key_S)
    press(Qt.Key.Key_Period)
    assert not window.session.busy
    press(Qt.Key.Key_Space)  # as the first stop says
    assert window.session.busy
    assert tour.bubble.count.text().startswith("1 of")
    tour.end()


def test_hidden_and_missing_parts_are_passed_over(open_at: OpenAt) -> None:
    window = open_at()
    hidden = QWidget(window)
    hidden.hide()
    missing = (Stop(lambda _window: None, "none", ""), Stop(lambda _window: hidden, "hidden", ""))
    tour, ended = started(window, (*missing, *STOPS[:1], *missing, *STOPS[3:4]))
    assert tour.bubble.count.text() == "1 of 2"
    press(Qt.Key.Key_Right)
    assert tour.part is window.cards
    press(Qt.Key.Key_Right)
    assert ended == [None]
    _, ended = started(window, missing)
    assert ended == [None], "a tour without stops is over at once"


def test_tour_follows_the_window_and_its_type(open_at: OpenAt) -> None:
    window = open_at()
    tour, _ = started(window)
    press(Qt.Key.Key_Right)
    before = tour.bubble.geometry()
    window.resize(1100, 650)
    assert tour.geometry() == window.rect()
    window.appearance.bigger()
    window.appearance.bigger()
    window.banner.say("It pushes everything down.")
    settle()
    assert window.rect().contains(tour.bubble.geometry())
    assert tour.bubble.geometry() != before
    assert not tour.bubble.geometry().intersects(part_of(tour))
    assert tour.bubble.width() > before.width()
    tour.end()


def test_tour_is_told_to_screen_readers(open_at: OpenAt) -> None:
    tour, _ = started(open_at())
    assert tour.accessibleName() == f"Tour, 1 of {len(STOPS)}: {STOPS[0].title}"
    assert tour.accessibleDescription() == STOPS[0].text
    assert STOPS[0].text in tour.bubble.next.accessibleDescription()
    assert all(stop.text.endswith(".") and stop.text.count(". ") <= 2 for stop in STOPS)
    tour.end()


# ---- the sheet of keys


@pytest.mark.parametrize(("size", "scale"), [((1280, 720), 1.0), ((1280, 720), 1.5), ((900, 600), 1.5)])
def test_sheet_lists_all_keys_and_fits_into_the_window(open_at: OpenAt, size: tuple[int, int], scale: float) -> None:
    window = open_at(size, scale)
    sheet = ShortcutSheet(window)
    sheet.open()
    settle()
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    for spec in ACTIONS:
        if spec.shortcuts:
            assert spec.text in texts, spec.id
    assert NOTE in texts, "what letters do at a question"
    caps = [label.text() for label in sheet.findChildren(QLabel, "key")]
    assert len(caps) == sum(len(spec.shortcuts) for spec in ACTIONS)
    assert sheet.width() <= window.width()
    assert sheet.height() <= window.height()
    assert sheet._scroll.horizontalScrollBar().maximum() == 0
    if size == (1280, 720):
        assert sheet._scroll.verticalScrollBar().maximum() == 0, "it need not scroll"
    sheet.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Question, Qt.Key.Key_F1])
def test_sheet_closes_with_a_key(open_at: OpenAt, key: Qt.Key) -> None:
    sheet = ShortcutSheet(open_at())
    sheet.open()
    settle()
    closed: list[int] = []
    sheet.finished.connect(closed.append)
    QTest.keyClick(sheet, key)
    assert len(closed) == 1


def test_sheet_shows_keys_not_mark_up(open_at: OpenAt) -> None:
    sheet = ShortcutSheet(open_at())
    assert {label.textFormat() for label in sheet.findChildren(QLabel, "key")} == {Qt.TextFormat.PlainText}
    assert "Ctrl+Z: Undo. Take the last change" in sheet._scroll.accessibleDescription()
    sheet.close()
    sheet.deleteLater()


def test_the_tour_counts_the_panels_that_there_are() -> None:
    told = " ".join(stop.text for stop in STOPS)
    assert f"{len(PANELS)} panels show" in told
