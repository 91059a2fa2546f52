"""Teaching in the real window: lessons by keyboard alone, predictions, the tour, and what is wrong with a lesson."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from lwf_gui import lessons, paths
from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.blank import Blank
from lwf_gui.gui.teaching.driver import LessonDriver
from lwf_gui.gui.teaching.prediction import Prediction
from lwf_gui.gui.teaching.tour import Tour
from lwf_gui.gui.widgets.shortcuts import ShortcutSheet
from lwf_gui.lessons import reading
from lwf_gui.recipe import compose
from tests.gui.conftest import ENDLESS, MACHINE, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_lesson_sheet import lesson_sheet

SMALL = """
format = 1
order = 9
title = "A small lesson"
about = "Every kind of step, in seconds."
minutes = 1
preset = "digits"

[settings]
"task1.epochs" = 2
"task2.epochs" = 2
"train.probe_images" = 20
"train.probe_every" = 5

[[step]]
caption = "The teacher learns."
run_to = "expansion"
locks = "all"
panels = ["classes"]

[[step]]
caption = "Guess."

[step.predict]
learner = "fine-tune"
text = "Draw it."

[[step]]
caption = "Seven steps."
run_to = 7
locks = ["alpha"]
settings = { "lwf.temperature" = 4.0 }
panels = ["confusion", "equation"]
protocol = "class_incremental"
highlight = "kd"

[[step]]
caption = "A question."

[step.question]
text = "Which?"
choices = ["this", "that"]
answer = 1
because = "That."

[[step]]
caption = "To the end."
run_to = "end"

[[step]]
caption = "Once more, without distillation."
restart = true
settings = { "lwf.alpha" = 0.0 }
run_to = "end"
"""


def key(key: Qt.Key) -> None:
    """Press a key where the focus is, as a keyboard does."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert isinstance(target, QWidget)
    QTest.keyClick(target, key)


def choose(lab: Lab, number: int) -> None:
    """Choose an answer with the keys: Tab leads to its button."""
    button = lab.window.lesson_bar.choice_buttons[number]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)


def teach_by_keyboard(lab: Lab, look: Callable[[LessonDriver], object] = lambda _: None) -> list[str]:
    """Go through the lesson on the stage with keys alone, and look at every page; return the captions."""
    captions: list[str] = []
    while (driver := lab.window.teaching.driver) is not None:
        if driver.waiting:
            lab.wait(lambda driver=driver: not driver.waiting)  # type: ignore[misc]
        captions.append(lab.window.lesson_bar.page.caption)  # while it trains, pages say that figures come
        prediction = lab.window.audience.prediction
        if prediction is not None and prediction.stage == "drawing":
            for pressed in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
                key(pressed)
            assert prediction.stage != "drawing"
        if driver.step.question is not None:
            choose(lab, 0)
            said = lab.window.lesson_bar.texts.verdict.text()
            proved = driver.step.question.answered_by == "next"
            assert said == "You say A. The next page tells." if proved else lab.window.lesson_bar.page.because in said
        look(driver)
        key(Qt.Key.Key_PageDown)
    return captions


@pytest.fixture
def small(tmp_path: Path) -> lessons.Lesson:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    return lessons.load_lesson(path)


def test_lesson_runs_from_start_to_end_by_keyboard_alone(open_window: OpenWindow, small: lessons.Lesson) -> None:
    lab = open_window(compose("digits", MACHINE), size=(1280, 720))
    window = lab.window
    window.lesson_menu.teach(small)
    captions = teach_by_keyboard(lab)
    assert list(dict.fromkeys(captions)) == [step.caption for step in small.step]
    window.teaching.go_on()
    assert lab.session.state is State.FINISHED
    assert lab.record.data is not None
    assert lab.record.data.recipe.lwf.alpha == 0, "the last run is the one without distillation"
    window.teaching.leave()
    assert not window.lesson_bar.isVisible()
    assert all(window.recipe._rows.controls[key].isEnabled() for key in ("lwf.alpha", "task2.lr"))
    assert window.audience.prediction is None
    assert lab.session.recipe.lwf.alpha == 1, "the user's own recipe is back"
    assert lab.session.recipe.engine.threads == 1


def test_next_gives_a_prediction_up_that_nobody_has_drawn(open_window: OpenWindow, small: lessons.Lesson) -> None:
    lab = open_window(compose("digits", MACHINE), size=(1280, 720))
    lab.window.lesson_menu.teach(small)
    driver = lab.window.teaching.driver
    assert driver is not None
    lab.wait(lambda: not driver.waiting)
    lab.press(Qt.Key.Key_PageDown)
    lab.wait(lambda: lab.window.audience.prediction is not None)
    lab.click(lab.window.lesson_bar.next_button)
    assert lab.window.audience.prediction is None
    assert lab.window.plots.accuracy.hidden == set()


def at_drawing(open_window: OpenWindow, lesson: lessons.Lesson) -> Lab:
    """Return a window at the lesson's second page, where the audience draws."""
    lab = open_window(compose("digits", MACHINE), size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    lab.wait_for_page()
    lab.press(Qt.Key.Key_PageDown)
    assert drawing(lab)
    return lab


def drawing(lab: Lab) -> bool:
    prediction = lab.window.audience.prediction
    return prediction is not None and prediction.stage == "drawing"


def test_a_page_that_is_gone_back_to_offers_its_drawing_again_and_reveals_it_at_once(
    open_window: OpenWindow, small: lessons.Lesson
) -> None:
    lab = at_drawing(open_window, small)
    lab.press(Qt.Key.Key_PageDown)
    lab.wait_for_page()
    assert lab.window.audience.prediction is None
    lab.press(Qt.Key.Key_PageUp)
    assert drawing(lab)
    assert lab.window.selection.step == 0, "where the page looks: later figures would tell it"
    key(Qt.Key.Key_Down)
    lab.press(Qt.Key.Key_PageDown)
    prediction = lab.window.audience.prediction
    assert prediction is not None
    assert prediction.stage == "revealed"
    lab.press(Qt.Key.Key_PageUp)
    assert lab.window.audience.prediction is prediction, "a line that stands is not drawn anew"


def test_d_offers_a_drawing_again_that_was_skipped_and_says_where_there_is_none(
    open_window: OpenWindow, small: lessons.Lesson
) -> None:
    lab = at_drawing(open_window, small)
    key(Qt.Key.Key_Escape)
    assert lab.window.audience.prediction is None
    lab.press(Qt.Key.Key_D)
    assert drawing(lab)
    run = lab.record
    lab.press(Qt.Key.Key_PageUp)
    assert lab.window.audience.prediction is None, "nothing was drawn, and the page is another one"
    lab.press(Qt.Key.Key_D)
    assert "asks for no drawing" in lab.window.status.activity.text()
    assert lab.record is run


def test_a_drawing_whose_run_is_over_says_so(open_window: OpenWindow, small: lessons.Lesson) -> None:
    lab = at_drawing(open_window, small)
    driver = lab.window.teaching.driver
    assert driver is not None
    while driver.index < len(small.step) - 1:
        lab.press(Qt.Key.Key_PageDown)
        lab.wait_for_page()
    while driver.index != 1:
        lab.press(Qt.Key.Key_PageUp)
    assert lab.window.audience.prediction is None
    assert lab.window.lesson_bar.page.prompt == "There was a curve to draw here; its run is over."


def test_a_page_shows_the_whole_run_and_not_what_the_mouse_rested_on(
    open_window: OpenWindow, small: lessons.Lesson
) -> None:
    lab = at_drawing(open_window, small)
    plot = lab.window.plots.accuracy
    key(Qt.Key.Key_Escape)
    whole = plot.plot.vb.viewRange()[0]
    plot.set_x_range(-1250, 0)
    plot.hovered.emit(-3.0)
    assert "before head expansion" in plot.readout.text()
    lab.press(Qt.Key.Key_PageUp)
    assert plot.plot.vb.viewRange()[0] == whole
    assert "before head expansion" not in plot.readout.text()


def test_a_drawing_of_the_first_pass_shows_the_first_pass_large(open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "pass.toml"
    path.write_text(SMALL.replace('text = "Draw it."', 'text = "Draw it."\nuntil = "epoch 1"'), "utf-8")
    lab = at_drawing(open_window, lessons.load_lesson(path))
    assert lab.record.incremental is not None
    steps = lab.record.incremental.started.epoch_steps[0]
    assert steps < lab.record.incremental.started.steps
    low, high = lab.window.plots.accuracy.plot.vb.viewRange()[0]
    assert steps <= high < 1.1 * steps
    assert -steps < low < 0
    prediction = lab.window.audience.prediction
    assert prediction is not None
    assert prediction.handles()[0][-1] == steps
    below = lab.window.docks.of("below")
    assert below
    assert not set(below) & {dock.spec.key for dock in lab.window.docks.seen()}, "the plot has their room"


def test_lesson_sets_the_stage_at_every_step(open_window: OpenWindow, small: lessons.Lesson) -> None:
    lab = open_window(compose("digits", MACHINE), size=(1280, 720))
    window, controls = lab.window, lab.window.recipe._rows.controls
    window.lesson_menu.teach(small)
    driver = window.teaching.driver
    assert driver is not None
    lab.wait(lambda: not driver.waiting)
    assert lab.session.state is State.PAUSED
    assert (lab.steps(), controls["lwf.alpha"].isEnabled(), controls["task2.lr"].isEnabled()) == (0, False, False)
    for _ in range(2):
        lab.press(Qt.Key.Key_PageDown)
    lab.wait(lambda: not driver.waiting)
    assert lab.steps() == 7, "exactly where the lesson wanted it"
    assert (controls["lwf.alpha"].isEnabled(), controls["task2.lr"].isEnabled()) == (False, True)
    assert (window.selection.protocol, window.selection.term, window.selection.temperature) == (
        "class_incremental",
        "kd",
        4.0,
    )
    assert lab.session.live_settings.temperature == 4.0
    lab.wait(lambda: {"confusion", "equation"} <= {dock.spec.key for dock in window.docks.seen()})
    lab.press(Qt.Key.Key_PageUp)
    lab.press(Qt.Key.Key_PageUp)
    assert window.selection.step == 0, "back is back in time; nothing is trained again"
    assert lab.steps() == 7
    lab.click(window.lesson_bar.close_button)
    assert window.teaching.driver is None
    assert controls["lwf.alpha"].isEnabled()
    assert window.selection.live


SHIPPED = (*lessons.available()[0], *(f"moments/{name}" for name in lessons.moments()[0]))


def test_show_me_has_every_moment_by_its_title(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), size=(1280, 720))
    shown = [action for action in ACTIONS if action.submenu == "S&how me"]
    assert [(action.id, action.text) for action in shown] == [
        (f"moment.{name}", moment.title) for name, moment in lessons.moments()[0].items()
    ]
    for action in shown:
        lab.window.actions_by_id[action.id].trigger()
        assert lab.window.lesson_bar.page.title == action.text


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_lesson_runs_on_real_data_by_keyboard_alone_and_every_text_is_complete(
    open_window: OpenWindow, name: str
) -> None:
    lab = open_window(compose("classroom", MACHINE, data="fashion-mnist-part"), preset="classroom", size=(1280, 720))
    lesson, bar, pages = lessons.load_lesson(name), lab.window.lesson_bar, []
    images = 320 if lesson.preset == "notebook" else 1100  # its convolutions take ten times as long, and no page a step
    small = {"data.train_images": images, "model.hidden": 32, "task1.epochs": 1, "train.probe_images": 302}
    lab.window.lesson_menu.teach(lesson.model_copy(update={"settings": {**lesson.settings, **small}}))

    def look(driver: LessonDriver) -> None:
        page = bar.page
        texts = (page.caption, page.prompt, page.because, page.proved, *page.choices)
        proves = page.number > 1 and (before := lesson.step[page.number - 2].question) and before.answered_by == "next"
        assert bool(page.proved) == bool(proves)
        assert not re.search(r"[{}]|not known yet|figures come|no figures", " ".join(texts))
        assert driver.step.caption.count(". ") <= page.caption.count(". ")
        pages.append(page.number)

    captions = teach_by_keyboard(lab, look)
    assert len(dict.fromkeys(captions)) >= len(lesson.step)
    assert len(set(pages)) == len(lesson.step)
    assert not lab.window.banner.isVisible(), lab.window.banner.text.text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format = 9\n", "later version"),
        ("format = 1\ntitle = \n", "line 2"),
        (SMALL.replace("run_to = 7", "run_to = -3"), "run_to"),
        (SMALL.replace('preset = "digits"', 'preset = "digitz"'), "digitz"),
        (SMALL.replace('panels = ["classes"]', 'panels = ["clases"]'), "clases"),
    ],
)
def test_bad_lesson_is_told_in_one_sentence_and_the_window_goes_on(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    lab = open_window(engine=ScriptedEngine(), size=(1280, 720))
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    monkeypatch.setattr("lwf_gui.gui.widgets.dialogs.ask_name", lambda *_: str(path))
    lab.window.lesson_menu.open_file()
    said = lab.window.banner.text.text()
    assert told in said
    assert "bad.toml" in said
    assert said.count("\n") == 0
    assert lab.window.teaching.driver is None
    lab.start()


def test_a_bad_shipped_lesson_leaves_the_others(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    names = tuple(lessons.available()[0])
    for name in names:
        text = (paths.resources() / "lessons" / f"{name}.toml").read_text("utf-8")
        (folder / f"{name}.toml").write_text(text if name != "temperature" else "format = ", "utf-8")
    monkeypatch.setattr(reading, "FORM", replace(reading.FORM, folder=folder))
    lab = open_window(engine=ScriptedEngine(), size=(1280, 720))
    sheet = lesson_sheet(lab)
    assert len(sheet.pages) == sheet.list.count() == len(names) - 1
    assert "temperature.toml, line 1" in sheet.hint.text()
    sheet.close()


def test_prediction_waits_at_the_head_expansion_then_the_run_reveals_it(open_window: OpenWindow) -> None:
    lab = open_window(ENDLESS.with_settings({"task2.epochs": 10}), size=(1280, 720))
    QTest.keyClicks(lab.window, "d")
    lab.wait(lambda: lab.window.audience.prediction is not None)
    prediction = lab.window.audience.prediction
    assert isinstance(prediction, Prediction)
    assert (lab.session.state, lab.steps()) == (State.PAUSED, 0)
    said: list[str] = []
    prediction.scored.connect(said.append)
    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        key(pressed)
    assert prediction.stage == "drawn"
    lab.session.run_or_pause()
    lab.wait_for(State.FINISHED)
    lab.wait(lambda: prediction.stage == "revealed")
    assert "points on average" in said[-1]
    lab.click(prediction.caption.leave)
    assert lab.window.audience.prediction is None


def test_tour_goes_through_the_window_and_can_be_called_again(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), size=(1280, 720))
    for _ in range(2):
        lab.window.actions_by_id["tour"].trigger()
        (tour,) = [t for t in lab.window.findChildren(Tour) if t.isVisible()]
        ended: list[int] = []
        tour.ended.connect(lambda ended=ended: ended.append(1))
        for _ in range(20):
            if ended:
                break
            key(Qt.Key.Key_Return)
        assert ended
        lab.wait(lambda: not [t for t in lab.window.findChildren(Tour) if t.isVisible()])


def test_tour_begins_by_itself_once(open_window: OpenWindow) -> None:
    first = open_window(engine=ScriptedEngine(), size=(1280, 720))
    first.window.greet()
    first.wait(lambda: bool([t for t in first.window.findChildren(Tour) if t.isVisible()]))
    key(Qt.Key.Key_Escape)
    second = open_window(engine=ScriptedEngine(), size=(1280, 720))
    second.window.greet()
    assert not second.window.findChildren(Tour)


def test_b_blanks_the_window_at_an_open_question_and_answers_nothing(open_window: OpenWindow, tmp_path: Path) -> None:
    start = SMALL.index("[[step]]")
    question = SMALL[
        SMALL.index('[[step]]\ncaption = "A question."') : SMALL.index('[[step]]\ncaption = "To the end."')
    ]
    path = tmp_path / "asks.toml"
    path.write_text(SMALL[:start] + question, "utf-8")
    lab = open_window(engine=ScriptedEngine(), size=(1280, 720))
    lab.window.lesson_menu.teach(lessons.load_lesson(path))
    key(Qt.Key.Key_B)
    (sheet,) = lab.window.findChildren(Blank)
    assert sheet.isVisible()
    assert lab.window.lesson_bar.page.answer is None
    key(Qt.Key.Key_B)
    assert not sheet.isVisible()
    assert lab.window.lesson_bar.page.answer is None


def test_shortcut_sheet_opens_and_closes_by_key(quiet_lab: Lab) -> None:
    quiet_lab.press(Qt.Key.Key_F1)
    (sheet,) = quiet_lab.window.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    quiet_lab.wait(lambda: not quiet_lab.window.findChildren(ShortcutSheet))
