"""Who gives way to a lesson: on a small projector, and nowhere else; all comes back as the user had it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import app
from lwf_gui.gui.appearance import PRESENT_SCALE
from lwf_gui.gui.layout.arrangement import SETTLE_MS
from lwf_gui.gui.layout.shares import BELOW_SHARE
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.teaching.bar import MOST
from lwf_gui.gui.teaching.host import WindowStage
from lwf_gui.gui.teaching.page import Page
from lwf_gui.gui.window import Window
from tests.gui.conftest import OpenWindow, remember
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.runs import synthetic

CHOICES = ("It falls below a third, as fine-tuning did", "It loses 6 points at most", "It gets better")
CAPTION = "Back to now. We are after the first pass, and cut the rope: alpha = 0 for the whole second pass. " * 2
BECAUSE = "Most harm is done in the first steps, while the new outputs are random and the cross-entropy is large. " * 2
ASKED = Page("How distillation holds on", 7, 10, CAPTION, prompt="What happens to the old task?", choices=CHOICES)
ANSWERED = Page(ASKED.title, 7, 10, CAPTION, prompt=ASKED.prompt, choices=CHOICES, answer=1, chosen=0, because=BECAUSE)
SMALL, LARGE = (1280, 720), (1920, 1080)

OpenAt = Callable[[tuple[int, int]], Window]


@pytest.fixture
def open_at(open_window: OpenWindow) -> OpenAt:
    """Open the window on a recorded run, with type as Present mode has it."""
    record = files.load(paths.resources() / app.BUNDLED_RUN)

    def open_one(size: tuple[int, int]) -> Window:
        remember(scale=PRESENT_SCALE)
        window = open_window(engine=ScriptedEngine(), record=record, size=size).window
        window.setMaximumHeight(size[1])  # the screen's: what is laid out in several goes asks for more meanwhile
        return window

    return open_one


def seen(window: Window) -> set[str]:
    """Return the keys of the panels that are seen once Qt has laid out."""
    settle()
    return {dock.spec.key for dock in window.docks.seen()}


def teach(window: Window, page: Page, *named: str) -> None:
    """Show a page of a lesson and the panels that it names."""
    window.room.teach(named)
    window.lesson_bar.show_page(page)
    for key in named:
        window.show_panel(key)


def end(window: Window) -> None:
    window.lesson_bar.hide()
    window.room.teach(None)


def test_on_a_small_screen_a_lesson_shows_below_only_what_it_names(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    window.show_panel("gradient_conflict")
    assert seen(window) == {"image_grid", "gradient_conflict"}
    before = window.docks.by_key["gradient_conflict"].height(), window.accuracy.height()
    teach(window, ASKED, "classes")
    assert seen(window) == {"classes"}
    assert window.accuracy.height() > before[1], "the plot has the room"
    teach(window, ASKED, "confusion", "equation")
    assert seen(window) == {"confusion", "equation"}
    teach(window, ASKED, "classes")
    assert seen(window) == {"classes"}
    end(window)
    assert seen(window) == {"classes", "equation"}
    assert (window.docks.by_key["equation"].height(), window.accuracy.height()) == before


def test_on_a_large_screen_nothing_gives_way(open_at: OpenAt) -> None:
    window = open_at(LARGE)
    before = seen(window)
    teach(window, ANSWERED, "image_grid")
    assert seen(window) == before
    assert window.lesson_bar.texts.caption.isVisible()
    assert window.cards.cards[0].new.isVisible()


def test_panels_below_take_the_plots_place_and_give_it_back(open_at: OpenAt) -> None:
    window = open_at(LARGE)
    window.show_panel("put_back")
    seen(window)
    dock, before = window.docks.by_key["put_back"], (window.accuracy.height(), window.docks.by_key["put_back"].height())
    QTest.keyClick(window, Qt.Key.Key_M)
    assert "put_back" in seen(window)
    assert not window.accuracy.isVisible()
    assert window.story.isVisible()
    assert dock.height() > 0.9 * sum(before)
    QTest.keyClick(window, Qt.Key.Key_M)
    seen(window)
    assert (window.accuracy.height(), dock.height()) == pytest.approx(before, abs=2)


def test_a_lessons_hero_takes_the_plots_place_on_its_page_alone(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    stage = WindowStage(window)
    stage.show_panels(("classes", "put_back"), hero=True)
    window.lesson_bar.show_page(ASKED)
    assert seen(window) == {"classes", "put_back"}
    assert not window.accuracy.isVisible()
    stage.show_panels(("classes",))
    seen(window)
    assert window.accuracy.isVisible()
    stage.show_panels(("put_back",), hero=True)
    window.room.draw(True)  # what is drawn on is seen
    seen(window)
    assert window.accuracy.isVisible()
    window.room.draw(False)
    end(window)
    seen(window)
    assert window.accuracy.isVisible()


def test_enlarged_panels_and_the_present_mode_leave_each_other_whole(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    seen(window)
    story, before = window.story.isVisible(), window.accuracy.height()
    present = window.actions_by_id["present"]
    QTest.keyClick(window, Qt.Key.Key_M)
    seen(window)
    for _ in range(2):
        present.trigger()
        seen(window)
        assert not window.accuracy.isVisible(), "what is enlarged stays so"
    QTest.keyClick(window, Qt.Key.Key_M)
    seen(window)
    assert window.accuracy.height() == pytest.approx(before, abs=2)
    assert window.story.isVisible() == story


def test_the_plot_has_all_the_room_once_panels_below_it_were_closed_one_by_one(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    seen(window)
    QTest.keyClick(window, Qt.Key.Key_M)
    for key in window.docks.of("below"):
        window.docks.by_key[key].heading._buttons[1].click()
        seen(window)
    assert window.accuracy.isVisible()
    assert window.centre.height() > 0.8 * window.bars.height_between()


def test_the_plot_comes_back_once_no_panel_is_left_below_it(open_at: OpenAt) -> None:
    window = open_at(LARGE)
    QTest.keyClick(window, Qt.Key.Key_M)
    seen(window)
    assert not window.accuracy.isVisible()
    for key in window.docks.of("below"):
        window.docks.by_key[key].close()
    seen(window)
    assert window.accuracy.isVisible()


def test_what_the_user_has_closed_stays_closed(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    at_first = {spec.key for spec in PANELS if spec.closed}
    closed = {"losses", "gradient_conflict", "results"}
    for key in closed:
        window.docks.by_key[key].close()
    teach(window, ASKED)
    end(window)
    hidden = {key for key, dock in window.docks.by_key.items() if dock.isHidden()}
    assert hidden == closed | at_first


def test_a_panel_in_a_window_of_its_own_stays(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    window.docks.by_key["results"].setFloating(True)
    teach(window, ASKED, "classes")
    assert window.docks.by_key["results"].isVisible()
    assert window.docks.by_key["gradient_conflict"].isHidden()


def test_present_mode_amid_a_lesson_keeps_what_each_mode_had_closed(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    present = window.actions_by_id["present"]
    present.trigger()
    window.docks.by_key["gradient_conflict"].close()
    present.trigger()
    assert not window.docks.by_key["gradient_conflict"].isHidden()
    teach(window, ASKED, "classes")
    present.trigger()
    present.trigger()
    present.trigger()
    end(window)
    seen(window)
    assert window.docks.by_key["gradient_conflict"].isHidden()
    assert not window.docks.by_key["results"].isHidden()
    present.trigger()
    assert not window.docks.by_key["gradient_conflict"].isHidden()


def test_present_mode_leaves_sizes_alone_that_the_user_has_chosen(open_at: OpenAt) -> None:
    first = open_at(SMALL)
    first.arrangement.fresh = False  # as after a border was dragged
    first.resizeDocks([first.docks.by_key["why"]], [333], Qt.Orientation.Vertical)
    seen(first)
    chosen = first.docks.by_key["why"].height()
    first.close()
    window = open_at(SMALL)
    for _ in range(2):
        window.actions_by_id["present"].trigger()
        seen(window)
    window.resize(*SMALL)
    seen(window)
    shared = BELOW_SHARE * window.bars.height_between()
    assert chosen > shared + 40, "else this shows nothing"
    assert window.docks.by_key["why"].height() > shared + 30, "a screen of another size moves borders a little"
    assert not window.arrangement.fresh


def test_a_lesson_whose_run_failed_asks_for_no_drawing(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    window.session.reset()
    before = seen(window)
    WindowStage(window).predict("nobody", "old", "end")
    assert window.audience.prediction is None
    assert seen(window) == before


def test_a_key_brings_what_was_put_away_until_the_next_page(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    teach(window, ASKED, "classes")
    window.actions_by_id["panel.trade_off"].trigger()
    assert "trade_off" in seen(window)
    teach(window, ASKED, "classes")
    assert seen(window) == {"classes"}


def test_closing_amid_a_lesson_remembers_the_panels_where_the_user_had_them(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    window.show_panel("trade_off")
    teach(window, ASKED, "classes")
    window.close()
    again = open_at(SMALL)
    assert seen(again) == {"classes", "trade_off"}


def test_an_answer_takes_the_captions_room_where_there_is_little(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    teach(window, ASKED, "equation")
    seen(window)
    assert window.lesson_bar.texts.caption.isVisible()
    because = ANSWERED.because
    while window.lesson_bar.texts.caption.isVisible() and len(because) < 4 * len(BECAUSE):  # until there is little room
        because += BECAUSE[:20]
        window.lesson_bar.show_page(replace(ANSWERED, because=because))
    assert not window.lesson_bar.texts.caption.isVisible()
    seen(window)
    assert window.lesson_bar.height() <= MOST * window.height()
    assert because.strip() in window.lesson_bar.texts.verdict.text()
    teach(window, ASKED)
    assert window.lesson_bar.texts.caption.isVisible(), "the next question has its own"


def test_cards_say_less_where_the_panel_below_them_needs_the_room(open_at: OpenAt) -> None:
    window = open_at((1280, 800))
    seen(window)  # Qt lays out in several goes
    card, before = window.cards.cards[0], window.cards.height()
    teach(window, ANSWERED, "classes")
    seen(window)
    assert window.cards.height() < before
    assert not card.new.isVisible()
    assert card.unit.geometry().left() > card.digits.geometry().left()
    assert not card.unit.geometry().intersects(card.digits.geometry())
    assert card.unit.fontMetrics().horizontalAdvance("%") <= card.unit.width()
    end(window)
    seen(window)
    assert window.cards.height() == before
    assert card.new.isVisible()


def test_a_prediction_is_drawn_on_a_large_plot(open_at: OpenAt) -> None:
    window = open_at(SMALL)
    before = seen(window)
    window.room.draw(True)
    assert seen(window) == {"image_grid"}
    window.room.draw(False)
    assert seen(window) == before


def test_the_recipe_is_as_wide_after_presenting_with_it_as_before(open_window: OpenWindow) -> None:
    window = open_window(engine=ScriptedEngine(), record=synthetic.record(), size=(1280, 720)).window
    QTest.qWait(2 * SETTLE_MS)
    dock, present, settings = window.sides.recipe, window.actions_by_id["present"], window.actions_by_id["settings"]
    width = dock.width()
    present.trigger()
    QTest.qWait(2 * SETTLE_MS)
    settings.trigger()
    QTest.qWait(2 * SETTLE_MS)
    assert dock.isVisible()
    assert dock.width() > width, "big type"
    present.trigger()
    QTest.qWait(3 * SETTLE_MS)
    assert dock.width() == width
