"""The story over the plot: what it tells, where it has no room, and that it gives away nothing that is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from lwf_gui import lessons
from lwf_gui.gui import theme
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.panels.story import LINES, SMALLER, TYPE, StoryPanel
from lwf_gui.gui.window import Window
from lwf_gui.messages import DataReady
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.runs import synthetic


def open_story(open_window: OpenWindow, size: tuple[int, int] = (1280, 720)) -> tuple[Window, StoryPanel]:
    window = open_window(engine=ScriptedEngine(), record=synthetic.record(), size=size).window
    settle()
    return window, window.story


def test_a_recorded_run_wears_a_badge_and_one_that_trains_does_not(open_window: OpenWindow) -> None:
    window, story = open_story(open_window)
    assert story.recorded
    assert story.tip(-1).startswith("It was opened")
    assert story.accessibleDescription().startswith("A recorded run. One network learned 3 digits (a, b, c)")
    window.session.reset()
    window.showing.refresh()
    assert not story.recorded


def test_each_kind_has_a_picture_and_its_name_under_the_mouse(open_window: OpenWindow) -> None:
    _, story = open_story(open_window)
    story.grab()
    tasks = {spot.key: spot.rect for spot in story.spots if spot.key in (0, 1)}
    assert set(tasks) == {0, 1}
    assert tasks[0].width() > tasks[1].width() > 2 * 10
    assert story.tip(0) == "Task 1: a, b, c"


def test_it_follows_protocol_and_moment(open_window: OpenWindow) -> None:
    window, story = open_story(open_window)
    seen = {story.sentence()}
    window.look_at(protocol="class_incremental")
    seen.add(story.sentence())
    window.look_at(step=10)
    seen.add(story.sentence())
    window.look_at(step=-5)
    seen.add(story.sentence())
    assert len(seen) == 4


@pytest.mark.parametrize("width", [320, 480, 640, 900, 1400])
@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_what_is_painted_fits_and_is_never_cut(width: int, protocol: str, qapp: object) -> None:
    story = StoryPanel()
    story.recorded = True
    story.resize(width, story.sizeHint().height())
    story.show_record(synthetic.record())
    story.refresh(Selection(protocol=protocol))  # type: ignore[arg-type]
    story.grab()
    found, room = story.shown, story.area.width()
    badge = next(spot.rect.width() for spot in story.spots if spot.key == -1)
    learnt = story._fitting(found.learnt, SMALLER, room - badge - 8, 1)
    assert learnt
    assert learnt[-1].x + story._width(learnt[-1].piece) <= room - badge - 8 + 1
    assert width < 480 or story._part == 1.0, "in full size where there is some room"
    placed = story._flowing(found, room)
    assert max(each.line for each in placed) <= LINES - 2
    assert all(each.x + story._width(each.piece._replace(text=each.piece.text.rstrip())) <= room + 1 for each in placed)
    said = "".join(each.piece.text for each in placed)
    assert "forgot" in said or "." in said
    assert width < 640 or "Why: " in said
    assert width < 900 or story._part == 1.0
    assert QFontMetricsF(theme.font(TYPE)).height() * 3 < story.height()
    story.deleteLater()


def test_the_story_has_as_many_lines_as_there_is_room_for(open_window: OpenWindow) -> None:
    window, story = open_story(open_window)
    assert story.width() == window.width(), "it stands over everything"
    line, heights = theme.line_height(), []
    for high in (40, 28, 27, 23, 15, 14):
        room = Room(window.docks, window.cards, story, lambda: 0, window.sides.recipe, window.room._enlarging)
        story.hide()
        room._height = lambda high=high: high * line  # type: ignore[misc]
        room._tell(line)
        heights.append(0 if story.isHidden() else round((story.sizeHint().height() - 6) / story._line))
    assert heights == [4, 4, 3, 2, 2, 0]


def test_what_is_being_guessed_is_not_told(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    window.complete()
    window.look_at(step=None)
    whole = window.story.sentence()
    assert "forgot" in whole
    window.audience.draw("fine-tune", "old")
    window.showing.refresh()
    assert "forgot" not in window.story.sentence()
    window.audience.close()
    assert window.story.sentence() == whole


def test_a_lesson_tells_the_story_itself(quiet_lab: Lab) -> None:
    window = quiet_lab.window
    assert window.story.isVisible()
    assert "Why: " in window.story.sentence()
    window.teaching.begin(next(iter(lessons.available()[0].values())))
    assert not window.story.isVisible(), "its pages tell, and ask why"
    window.teaching.leave()
    window.room.share()
    assert window.story.isVisible()


def test_the_wheel_and_clicks_change_nothing(open_window: OpenWindow) -> None:
    window, story = open_story(open_window)
    before = window.selection
    QTest.mouseClick(story, Qt.MouseButton.LeftButton, pos=QPoint(200, 10))
    assert window.selection == before


def test_names_of_kinds_keep_their_capitals(quiet_lab: Lab) -> None:
    assert quiet_lab.window.story.tip(0).startswith("Task 1: ")
    story = StoryPanel()
    first, *rest = [*synthetic.task1(), *synthetic.task2()]
    assert isinstance(first, DataReady)
    story.show_record(synthetic.record([replace(first, classes=("T-shirt/top", "Bag", "c", "d", "e")), *rest]))
    assert story.tip(0) == "Task 1: T-shirt, Bag, c"
    story.deleteLater()
