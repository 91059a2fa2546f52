"""The caption strip and its driver, on a stage that only pretends to train; keyboard alone, as a lecturer has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.driver import LessonDriver
from lwf_gui.gui.teaching.page import Page
from lwf_gui.gui.teaching.stage import Goal, Stage
from lwf_gui.lessons import LIVE_FIELDS, Lesson, LookAt, available, load_lesson
from lwf_gui.recipe import Recipe
from lwf_gui.runs.figures import has_figures, inline
from lwf_gui.runs.glimpse import Glimpse
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import PATIENCE_MS
from tests.gui.shown import scale_type

PER_EPOCH = 375
NOTHING = Glimpse(Record(), Selection())
"""A run that says nothing."""

LESSON = """
format = 1
title = "Mine"
about = "A lesson."
minutes = 5
preset = "classroom"
[settings]
data.train_images = 6000
[[step]]
caption = "One."
locks = "all"
panels = ["classes"]
run_to = "expansion"
[[step]]
caption = "Two."
locks = ["alpha"]
panels = ["image_grid", "equation"]
protocol = "class_incremental"
highlight = "kd"
run_to = 16
[[step]]
caption = "Three."
question = { text = "Why?", choices = ["So", "Not so", "Else"], answer = 1, because = "It is." }
[[step]]
caption = "Four."
settings = { "lwf.alpha" = 0.5, backbone_frozen = true }
run_to = "epoch 1"
predict = { learner = "lwf", text = "Draw it." }
[[step]]
caption = "Five."
look = { step = 4, image = 3, temperature = 8.0 }
[[step]]
caption = "Six."
restart = true
settings = { "lwf.temperature" = 20.0, "task2.epochs" = 1 }
run_to = "end"
[[step]]
caption = "Seven."
"""


class FakeStage(QObject):
    """A window that notes what it is asked, and trains only when the test says so."""

    rowsArrived = Signal(bool)  # noqa: N815 - the session's names
    stateChanged = Signal()  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Any]] = []
        self.goal: Goal = 0
        self.rate: float | None = None
        self.images = "fashion-mnist"
        self.recipe: Recipe | None = None
        self.shown = Record()
        self.hidden = ""
        self.own = ""
        self._state = State.IDLE
        self._at: int | None = None

    def state(self) -> State:
        return self._state

    def at(self) -> int | None:
        return self._at

    def steps_per_epoch(self) -> int | None:
        return PER_EPOCH if self._at is not None and self._at >= 0 else None

    def samples_per_second(self, network: str) -> float | None:
        assert network in ("mlp", "cnn")
        return self.rate

    def train_sizes(self) -> tuple[int, int] | None:
        return None

    def dataset(self) -> str:
        return self.images if self._at is not None else ""

    def record(self) -> Record:
        return self.shown

    def where_settings_are(self) -> str:
        return self.hidden

    def set_recipe(self, recipe: Recipe, preset: str) -> None:
        self.recipe = recipe
        self.asked.append(("set_recipe", preset))

    def take_other_data(self) -> str:
        self.own, own = "", self.own
        return own

    def restart(self) -> None:
        self.asked.append(("restart", None))
        self._at = 0 if self._at is not None and self._at >= 0 else None  # rewound to step 0, as the session does
        self.shown = Record()
        self.become(State.IDLE)

    def change(self, **live: Any) -> None:
        self.asked.append(("change", live))

    def run_to(self, step: Goal, *, anew: bool) -> None:
        self.asked.append(("run_to", step))
        self.goal = step
        if self._state not in (State.RUNNING, State.PAUSED):
            self._at = None
            self.shown = Record()
            self.become(State.RUNNING)

    def show_panels(self, keys: Sequence[str], *, hero: bool = False) -> None:
        self.asked.append(("show_panels", tuple(keys)))
        self.hero = hero

    def show_whole_run(self) -> None:
        self.asked.append(("show_whole_run", None))

    def look_at(self, **fields: Any) -> None:
        self.asked.append(("look_at", fields))

    def lock(self, fields: Sequence[str]) -> None:
        self.asked.append(("lock", tuple(fields)))

    def predict(self, learner: str, task: str, until: Goal) -> None:
        self.asked.append(("predict", (learner, task, until)))

    def close_prediction(self) -> None:
        self.asked.append(("close_prediction", None))

    # What the engine would do

    def become(self, state: State) -> None:
        if state is not self._state:
            self._state = state
            self.stateChanged.emit()

    def train(self, to: int) -> None:
        """Let rows arrive up to a step; the run goes on."""
        self.become(State.RUNNING)
        self._at = to
        self.rowsArrived.emit(False)

    def arrive(self) -> None:
        """Train to where the run is to pause or to end."""
        assert self.recipe is not None
        last = self.recipe.task2.epochs * PER_EPOCH
        self.train(last if self.goal == "end" else min(last, self.goal))
        self.become(State.FINISHED if self._at == last else State.PAUSED)

    # What the test asks

    def all(self, what: str) -> list[Any]:
        return [value for name, value in self.asked if name == what]

    def last(self, what: str) -> Any:
        return self.all(what)[-1]


class Room:
    """A window with the strip, a field to type in, and a lecturer's keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.bar, self.field, self.stage = LessonBar(), QLineEdit(), FakeStage()
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        column.addWidget(self.field)
        column.addStretch(1)
        self.window.resize(1280, 720)
        with qtbot.waitActive(self.window, timeout=PATIENCE_MS):
            self.window.show()
            self.window.activateWindow()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            focused = QApplication.focusWidget()
            QTest.keyClick(focused or self.window, key)

    def choose(self, number: int) -> None:
        """Choose an answer with the keys: Tab leads to its button."""
        self.bar.choice_buttons[number].setFocus()
        self.press(Qt.Key.Key_Return)

    def show(self, lesson: Lesson) -> LessonDriver:
        driver = LessonDriver(lesson, self.stage, self.bar, self.window)
        driver.start()
        return driver


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.window.close()
    room.window.deleteLater()
    vars(room).clear()


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return read(tmp_path)


def read(folder: Path, text: str = LESSON) -> Lesson:
    file = folder / "mine.toml"
    file.write_text(text, "utf-8")
    return load_lesson(file)


def at_step(room: Room, lesson: Lesson, number: int) -> LessonDriver:
    """Show a lesson up to a step, everything trained that the steps before it wait for."""
    return go_to(room, room.show(lesson), number)


def go_to(room: Room, driver: LessonDriver, number: int) -> LessonDriver:
    while driver.index < number - 1:
        if driver.waiting:
            room.stage.arrive()
        driver.answer(0)
        driver.next()
    return driver


def test_the_fake_is_a_stage() -> None:
    stage: Stage = FakeStage()
    assert stage.state() is State.IDLE


# ---- the strip


ASKING = Page("T", 2, 3, "C.", prompt="Why?", choices=("So", "Not so"), because="It is.")


def test_strip_is_hidden_and_takes_no_keys_until_it_has_a_page(room: Room, qtbot: QtBot) -> None:
    assert not room.bar.isVisible()
    with qtbot.assertNotEmitted(room.bar.next):
        room.press(Qt.Key.Key_PageDown)
    room.bar.show_page(ASKING)
    assert room.bar.isVisible()
    with qtbot.waitSignal(room.bar.next, timeout=PATIENCE_MS):
        room.press(Qt.Key.Key_PageDown)


def test_strip_says_to_screen_readers_what_it_shows(room: Room) -> None:
    room.bar.show_page(ASKING)
    assert room.bar.accessibleName() == "Lesson: T, 2 of 3"
    assert room.bar.accessibleDescription() == "C. Why?"
    assert [b.accessibleName() for b in room.bar.choice_buttons] == ["Answer A: So", "Answer B: Not so"]
    room.bar.show_page(Page("T", 2, 3, "C.", "Training...", "N.", "Why?", ("So", "Not so"), 1, 0, "It is."))
    assert room.bar.accessibleDescription() == "C. N. Why? ✗ No: it is B. It is. Training..."
    names = [b.accessibleName() for b in room.bar.choice_buttons]
    assert names == ["Answer A: So, wrong", "Answer B: Not so, right"]


@pytest.mark.parametrize("key", [Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_go_on(room: Room, qtbot: QtBot, key: Qt.Key) -> None:
    room.bar.show_page(ASKING)
    with qtbot.waitSignal(room.bar.next, timeout=PATIENCE_MS):
        room.press(key)


def test_page_up_goes_back_but_not_from_the_first_page(room: Room, qtbot: QtBot) -> None:
    room.bar.show_page(Page("T", 1, 3, "C."))
    with qtbot.assertNotEmitted(room.bar.back):
        room.press(Qt.Key.Key_PageUp)
    room.bar.show_page(ASKING)
    with qtbot.waitSignal(room.bar.back, timeout=PATIENCE_MS):
        room.press(Qt.Key.Key_PageUp)


def test_escape_does_not_leave_the_lesson(room: Room, qtbot: QtBot) -> None:
    room.bar.show_page(ASKING)
    with qtbot.assertNotEmitted(room.bar.closed):
        room.press(Qt.Key.Key_Escape)


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_1, Qt.Key.Key_Space])
def test_keys_of_the_window_are_left_alone(room: Room, key: Qt.Key) -> None:
    said: list[object] = []
    for signal in (room.bar.next, room.bar.back, room.bar.chosen, room.bar.closed):
        signal.connect(lambda *values: said.append(values))
    room.bar.show_page(ASKING)
    room.press(key)
    assert said == []


def test_choices_are_taken_with_tab_and_enter_while_the_question_is_open(room: Room) -> None:
    chosen: list[int] = []
    room.bar.chosen.connect(chosen.append)
    room.bar.show_page(ASKING)
    room.choose(1)
    assert chosen == [1]
    room.bar.show_page(Page("T", 2, 3, "C.", prompt="Why?", choices=("So", "Not so"), answer=1, chosen=1))
    room.choose(0)
    assert chosen == [1]


def test_letters_mean_at_an_open_question_what_they_mean_elsewhere(room: Room) -> None:
    said: list[object] = []
    for key in ("A", "B", "D", "Esc"):
        action = QAction(room.window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False, key=key: said.append(f"window {key}"))
        room.window.addAction(action)
    room.bar.chosen.connect(said.append)
    room.bar.show_page(ASKING)
    room.bar.setFocus()
    room.press(Qt.Key.Key_B, Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_Escape)
    room.bar.choice_buttons[0].setFocus()
    room.press(Qt.Key.Key_D)
    assert said == ["window B", "window A", "window Esc", "window D"]


def test_window_with_actions_for_pages_keeps_them(room: Room, qtbot: QtBot) -> None:
    bar = LessonBar(page_keys=False)
    qtbot.addWidget(bar)
    bar.show_page(ASKING)
    assert not bar.findChildren(QShortcut)
    assert len(room.bar.findChildren(QShortcut)) == 2


def test_field_elsewhere_keeps_letters_and_enter(room: Room) -> None:
    said: list[str] = []
    room.bar.next.connect(lambda: said.append("next"))
    room.bar.chosen.connect(lambda _: said.append("chosen"))
    room.field.returnPressed.connect(lambda: said.append("returned"))
    room.bar.show_page(ASKING)
    room.field.setFocus()
    QTest.keyClicks(room.field, "ab")
    room.press(Qt.Key.Key_Return)
    assert room.field.text() == "ab"
    assert said == ["returned"]
    room.press(Qt.Key.Key_PageDown)
    assert said == ["returned", "next"]


def test_a_question_that_opens_gives_the_strip_the_keys_and_its_answers_are_next(room: Room) -> None:
    said: list[int] = []
    room.bar.chosen.connect(said.append)
    other = QToolButton(room.window)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other.show()
    room.bar.show_page(Page("T", 1, 3, "C."))
    other.setFocus()
    room.bar.show_page(ASKING)
    first, second = room.bar.choice_buttons
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
        if said:
            room.bar.setFocus()
        assert QApplication.focusWidget() is room.bar
        room.press(key)
        assert QApplication.focusWidget() is first
        room.press(key)
        assert QApplication.focusWidget() is second
        room.press(Qt.Key.Key_Return)
    assert said == [1, 1]
    other.setFocus()
    room.bar.show_page(ASKING)
    assert QApplication.focusWidget() is other, "the question was there already"


def test_a_question_that_opens_takes_no_keys_from_who_types(room: Room) -> None:
    room.bar.show_page(Page("T", 1, 3, "C."))
    room.field.setFocus()
    room.bar.show_page(ASKING)
    assert QApplication.focusWidget() is room.field


def test_tab_reaches_every_button_and_enter_presses_it_but_space_none(room: Room) -> None:
    said: list[object] = []
    room.bar.back.connect(lambda: said.append("back"))
    room.bar.chosen.connect(said.append)
    room.bar.show_page(ASKING)
    wanted = {room.bar.back_button, room.bar.next_button, room.bar.close_button, *room.bar.choice_buttons}
    reached = set()
    for _ in range(8):
        room.press(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted <= reached
    room.bar.back_button.setFocus()
    room.press(Qt.Key.Key_Return, Qt.Key.Key_Space)
    room.bar.choice_buttons[1].setFocus()
    room.press(Qt.Key.Key_Return)
    assert said == ["back", 1]


@pytest.mark.parametrize(
    ("chosen", "verdict", "texts"),
    [
        (1, "✓ Right. It is.", ["A  So", "✓ B  Not so"]),
        (0, "✗ No: it is B. It is.", ["✗ A  So", "✓ B  Not so"]),
        (None, "The answer is B. It is.", ["A  So", "✓ B  Not so"]),
    ],
)
def test_answer_is_judged_by_word_and_mark(room: Room, chosen: int | None, verdict: str, texts: list[str]) -> None:
    room.bar.show_page(ASKING)
    assert room.bar.texts.verdict.isHidden()
    room.bar.show_page(
        Page("T", 2, 3, "C.", prompt="Why?", choices=ASKING.choices, answer=1, chosen=chosen, because="It is.")
    )
    assert room.bar.texts.verdict.text() == verdict
    assert room.bar.texts.verdict.isVisible()
    assert [button.text() for button in room.bar.choice_buttons] == texts
    assert not any(button.isEnabled() for button in room.bar.choice_buttons)


def test_choices_stand_side_by_side_where_there_is_room_and_revealing_moves_none(room: Room, qtbot: QtBot) -> None:
    def tops() -> list[int]:
        QApplication.processEvents()
        return [button.geometry().top() for button in room.bar.choice_buttons]

    choices = ("the first of three answers", "the second of them", "and the third, the last")
    room.bar.show_page(Page("T", 1, 2, "C.", prompt="Why?", choices=choices))
    qtbot.waitUntil(lambda: len(set(tops())) == 1, timeout=PATIENCE_MS)
    places = [button.geometry() for button in room.bar.choice_buttons]
    room.bar.show_page(Page("T", 1, 2, "C.", prompt="Why?", choices=choices, answer=2, chosen=0))
    QApplication.processEvents()
    assert [button.geometry() for button in room.bar.choice_buttons] == places
    room.window.resize(500, 720)
    qtbot.waitUntil(lambda: len(set(tops())) > 1, timeout=PATIENCE_MS)


def lines(label: QWidget, width: int) -> float:
    return label.heightForWidth(width) / label.fontMetrics().lineSpacing()


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("name", available()[0])
def test_captions_fit_in_three_lines_on_a_projector(room: Room, qtbot: QtBot, name: str, scale: float) -> None:
    scale_type(scale)
    room.bar.set_theme(theme.DARK)
    for step in load_lesson(name).step:
        room.bar.show_page(Page("T", 1, 2, step.caption))
        qtbot.waitUntil(lambda: room.bar.width() == 1280, timeout=PATIENCE_MS)
        QApplication.processEvents()
        assert room.bar.texts.caption.width() > 1200
        assert lines(room.bar.texts.caption, room.bar.texts.caption.width()) <= 3.01
    room.bar.show_page(Page("T", 1, 2, "word " * 200))
    assert lines(room.bar.texts.caption, room.bar.texts.caption.width()) > 3.01  # else nothing was measured


def test_pages_without_a_question_are_equally_high(room: Room) -> None:
    def height(caption: str) -> QSize:
        room.bar.show_page(Page("T", 1, 2, caption))
        QApplication.processEvents()
        return room.bar.size()

    assert height("Short.") == height("word " * 50)
    assert lines(room.bar.texts.caption, room.bar.texts.caption.width()) == 2


def test_type_grows_with_the_application(room: Room) -> None:
    before = room.bar.texts.caption.font().pointSizeF()
    font = QApplication.font()
    font.setPointSizeF(2 * font.pointSizeF())
    QApplication.setFont(font)
    room.bar.set_theme(theme.LIGHT)
    assert room.bar.texts.caption.font().pointSizeF() == pytest.approx(2 * before)


# ---- every lesson, by keyboard alone


@pytest.mark.parametrize("name", available()[0])
@pytest.mark.parametrize("key", [Qt.Key.Key_PageDown, Qt.Key.Key_Return])
@pytest.mark.parametrize("answers", [True, False])
def test_lesson_goes_from_start_to_end_by_keyboard_alone(room: Room, name: str, key: Qt.Key, answers: bool) -> None:
    lesson = available()[0][name]
    driver = room.show(lesson)
    closed: list[bool] = []
    driver.closed.connect(lambda: closed.append(True))
    for number, step in enumerate(lesson.step):
        assert driver.index == number
        assert has_figures(step.caption) or room.bar.texts.caption.text() == step.caption
        assert driver.waiting == (step.run_to is not None)
        while driver.waiting:
            room.stage.arrive()
        if step.question:
            assert room.bar.texts.verdict.text() == ""
            proved = step.question.answered_by == "next"
            if answers:
                room.choose(step.question.answer)
            elif not proved:
                room.press(key)
            said = room.bar.texts.verdict.text()
            if proved:
                assert said == (f"You say {'ABCD'[step.question.answer]}. The next page tells." if answers else "")
            else:
                assert said.startswith("✓ Right." if answers else "The answer is")
                assert inline(step.question.because, NOTHING) in said
        elif number and (before := lesson.step[number - 1].question) and before.answered_by == "next":
            said = room.bar.texts.verdict.text()
            right = before.choices[before.answer]
            assert said.startswith(f"✓ You were right: “{right}”." if answers else f"The answer is “{right}”.")
        room.press(key)
    assert closed == [True]
    assert room.bar.isHidden()
    assert room.stage.last("lock") == ()
    assert room.stage.all("restart") == [None] * (1 + sum(step.restart for step in lesson.step))
    assert room.stage.all("run_to") == goals(lesson)
    assert len(room.stage.all("predict")) == sum(step.predict is not None for step in lesson.step)


def goals(lesson: Lesson) -> list[Goal]:
    """Return where a lesson asks its runs to go; the length of a pass is only known once the head has grown."""
    wanted: list[Goal] = []
    for target in (step.run_to for step in lesson.step if step.run_to is not None):
        if isinstance(target, str) and target.startswith("epoch"):
            wanted += [int(target[6:]) * PER_EPOCH] if wanted else [0, int(target[6:]) * PER_EPOCH]
        elif target == "end":
            wanted.append("end")
        else:
            wanted.append(0 if isinstance(target, str) else target)
    return wanted


# ---- the driver


def test_first_step_begins_a_run_and_sets_the_stage(room: Room, lesson: Lesson) -> None:
    room.show(lesson)
    stage = room.stage
    assert stage.recipe == lesson.recipe_at(0)
    assert [name for name, _ in stage.asked] == [
        "set_recipe",
        "restart",
        "run_to",
        "show_whole_run",
        "lock",
        "show_panels",
        "look_at",
    ]
    assert (stage.last("set_recipe"), stage.last("run_to")) == ("classroom", 0)
    assert stage.last("lock") == LIVE_FIELDS
    assert stage.last("look_at") == {"step": None, "protocol": "task_aware", "term": ""}


def test_step_shows_panels_protocol_and_term_and_locks_only_its_own(room: Room, lesson: Lesson) -> None:
    at_step(room, lesson, 2)
    stage = room.stage
    assert stage.last("show_panels") == ("image_grid", "equation")
    assert stage.last("look_at") == {"step": None, "protocol": "class_incremental", "term": "kd"}
    assert stage.last("lock") == ("alpha",)


def test_a_hero_comes_last_and_is_of_its_step_alone(room: Room, lesson: Lesson) -> None:
    steps = list(lesson.step)
    steps[1] = steps[1].model_copy(update={"hero": "put_back"})
    at_step(room, lesson.model_copy(update={"step": tuple(steps)}), 2)
    assert room.stage.last("show_panels") == ("image_grid", "equation", "put_back")
    assert room.stage.hero
    room.bar.back.emit()
    assert "put_back" not in room.stage.last("show_panels")
    assert not room.stage.hero


def test_waiting_says_what_for_and_next_says_when(room: Room, lesson: Lesson) -> None:
    driver = room.show(lesson)
    assert room.bar.page.status == "Training the old task..."
    room.stage.arrive()
    assert (room.bar.page.status, room.bar.page.next_text) == ("", "Next")
    driver.next()
    assert room.bar.page.status == "Training to step 16..."
    assert room.bar.page.next_text == "Next, at step 16"
    room.stage.train(15)
    assert driver.waiting
    room.stage.train(16)
    assert driver.waiting  # until the run has paused there
    room.stage.become(State.PAUSED)
    assert not driver.waiting


def test_next_pressed_early_once_leaves_the_page_with_its_figures(
    room: Room, lesson: Lesson, qtbot: QtBot, impatient: None
) -> None:
    driver = at_step(room, lesson, 2)
    room.press(Qt.Key.Key_PageDown)
    assert room.bar.page.status.startswith("The figures come at step 16: this page waits for them.")
    qtbot.waitUntil(lambda: room.bar.page.status == "Training to step 16...", timeout=PATIENCE_MS)
    room.press(Qt.Key.Key_PageDown)
    room.stage.arrive()
    assert (driver.index, room.bar.page.next_text) == (1, "Next")
    room.press(Qt.Key.Key_PageDown)
    assert driver.index == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Next wait for itself only shortly."""
    monkeypatch.setattr("lwf_gui.gui.teaching.driver.AGAIN_MS", 50)


def test_next_pressed_early_twice_goes_on_when_the_run_is_there(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.press(Qt.Key.Key_PageDown, Qt.Key.Key_PageDown)
    assert driver.index == 1
    assert room.bar.page.status == "Goes on at step 16."
    room.stage.arrive()
    assert driver.index == 2


def test_the_last_page_waits_for_its_figures_and_pressed_twice_ends_the_lesson(
    room: Room, lesson: Lesson, tmp_path: Path
) -> None:
    steps = LESSON.split("[[step]]")
    assert "run_to = 16" in steps[2]
    driver = room.show(read(tmp_path, "[[step]]".join(steps[:3])))
    room.stage.arrive()
    room.press(Qt.Key.Key_PageDown)
    assert (driver.index, room.bar.page.next_text) == (1, "Finish, at step 16")
    room.press(Qt.Key.Key_PageDown)
    assert not driver.finished
    assert room.bar.page.status.startswith("The figures come at step 16")
    assert room.bar.page.status.endswith("ends the lesson.")
    room.press(Qt.Key.Key_PageDown)
    assert driver.finished


def test_the_last_page_is_left_by_one_key_once_its_figures_are_there(
    room: Room, lesson: Lesson, tmp_path: Path
) -> None:
    driver = room.show(read(tmp_path, "[[step]]".join(LESSON.split("[[step]]")[:3])))
    room.stage.arrive()
    room.press(Qt.Key.Key_PageDown, Qt.Key.Key_PageDown)
    room.stage.arrive()
    assert (driver.finished, room.bar.page.next_text) == (False, "Finish")
    room.press(Qt.Key.Key_PageDown)
    assert driver.finished


def test_back_takes_an_early_next_back(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.press(Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
    room.stage.arrive()
    assert driver.index == 0


def test_back_looks_back_in_time_and_trains_nothing_again(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 4)
    room.stage.arrive()
    assert not driver.waiting
    before = room.stage.all("run_to"), room.stage.all("change"), room.stage.all("restart")
    room.press(Qt.Key.Key_PageUp)
    assert room.stage.last("look_at")["step"] == 16
    assert room.bar.page.status == "Looking at step 16."
    room.press(Qt.Key.Key_PageUp, Qt.Key.Key_PageUp)
    assert driver.index == 0
    assert room.stage.last("look_at") == {"step": 0, "protocol": "task_aware", "term": ""}
    assert room.stage.last("show_panels") == ("classes",)
    assert room.stage.last("lock") == LIVE_FIELDS
    room.press(*[Qt.Key.Key_PageDown] * 3)
    assert driver.index == 3
    assert room.stage.last("look_at")["step"] is None
    assert (room.stage.all("run_to"), room.stage.all("change"), room.stage.all("restart")) == before


def test_back_while_training_and_forth_still_waits(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.stage.train(5)
    driver.back()
    assert (driver.waiting, room.bar.page.next_text, room.bar.page.status) == (False, "Next", "Looking at step 0.")
    driver.next()
    assert (driver.index, driver.waiting, room.bar.page.next_text) == (1, True, "Next, at step 16")
    assert room.stage.all("run_to") == [0, 16]


def test_pass_is_counted_once_its_length_is_known(room: Room, tmp_path: Path) -> None:
    driver = room.show(
        read(tmp_path, LESSON.replace('run_to = "expansion"', 'run_to = "epoch 1"').replace("run_to = 16", ""))
    )
    assert room.stage.all("run_to") == [0]
    assert room.bar.page.next_text == "Next, at the end of the pass"
    room.stage.arrive()
    assert room.stage.all("run_to") == [0, PER_EPOCH]
    assert driver.waiting
    assert room.bar.page.next_text == "Next, at step 375"
    room.stage.arrive()
    assert not driver.waiting


def test_live_settings_change_the_run(room: Room, lesson: Lesson) -> None:
    at_step(room, lesson, 4)
    assert room.stage.all("change") == [{"alpha": 0.5, "backbone_frozen": True}]
    assert len(room.stage.all("restart")) == 1


def test_restart_takes_all_settings_so_far(room: Room, lesson: Lesson) -> None:
    at_step(room, lesson, 6)
    assert room.stage.recipe == lesson.recipe_at(5)
    assert room.stage.recipe.lwf.alpha == 0.5
    assert len(room.stage.all("change")) == 1
    assert (len(room.stage.all("restart")), room.stage.last("run_to")) == (2, "end")


def test_run_that_was_replaced_is_not_looked_for(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 6)
    room.stage.arrive()
    driver.back()
    assert room.stage.last("look_at")["step"] is None
    assert room.bar.page.note == (
        "The run of this step is over: what is said is of that one, and what you see is another."
    )
    driver.next()
    assert room.bar.page.note == ""


def test_look_goes_to_step_image_and_temperature_which_stay(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 5)
    looked = room.stage.last("look_at")
    assert (looked["step"], looked["image"], looked["temperature"]) == (4, 3, 8.0)
    assert room.bar.page.status == "Looking at step 4."
    driver.next()
    assert room.stage.last("look_at") | {"term": ""} == looked | {"step": None}


def test_question_is_answered_once_and_kept(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 3)
    page = room.bar.page
    assert (page.next_text, page.chosen, page.answer) == ("Show answer", None, None)
    room.choose(2)
    driver.answer(1)
    page = room.bar.page
    assert (page.next_text, page.chosen, page.answer) == ("Next", 2, 1)
    driver.back()
    driver.next()
    assert room.bar.page == page


def test_an_answer_is_looked_at_where_it_is_seen(room: Room, lesson: Lesson) -> None:
    number = next(i for i, step in enumerate(lesson.step) if step.question)
    question = lesson.step[number].question
    assert question is not None
    asked = question.model_copy(update={"look": LookAt(temperature=100.0)})
    steps = [*lesson.step]
    steps[number] = steps[number].model_copy(update={"question": asked})
    driver = at_step(room, lesson.model_copy(update={"step": tuple(steps)}), number + 1)
    if driver.waiting:
        room.stage.arrive()
    before = room.stage.last("look_at").get("temperature")
    driver.next()
    assert (before, room.stage.last("look_at")["temperature"]) == (before, 100.0)
    assert before != 100.0


def test_next_shows_the_answer_first(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 3)
    room.press(Qt.Key.Key_PageDown)
    page = room.bar.page
    assert (driver.index, page.chosen, page.answer) == (2, None, 1)
    room.press(Qt.Key.Key_PageDown)
    assert driver.index == 3


def test_an_answer_that_a_run_proves_comes_with_that_run_and_not_before(room: Room, lesson: Lesson) -> None:
    question = lesson.step[2].question
    assert question is not None
    proved = question.model_copy(update={"answered_by": "next"})
    four = lesson.step[3].model_copy(update={"predict": None})
    steps = (*lesson.step[:2], lesson.step[2].model_copy(update={"question": proved}), four, *lesson.step[4:])
    driver = at_step(room, lesson.model_copy(update={"step": steps}), 3)
    page = room.bar.page
    assert (page.next_text, page.verdict) == ("Next", "")
    room.choose(0)
    room.choose(2)  # one may think again
    page = room.bar.page
    assert (page.next_text, page.chosen, page.answer, page.because) == ("Next", 2, None, "The next page says why.")
    assert room.bar.texts.verdict.text() == "You say C. The next page tells."
    assert [button.text() for button in room.bar.choice_buttons] == ["A  So", "B  Not so", "● C  Else"]
    room.press(Qt.Key.Key_Return)
    assert (driver.index, room.bar.page.verdict) == (3, "")
    driver.back()
    assert room.bar.page.answer is None, "the run has not come there yet"
    driver.next()
    room.stage.arrive()
    assert room.bar.texts.verdict.text() == "✗ Not “Else”, but “Not so”. It is."
    driver.back()
    assert room.bar.page.answer == 1
    assert room.bar.texts.verdict.text() == "✗ No: it is B. The next page says why."
    driver.answer(1)
    assert room.bar.page.chosen == 2


def test_prediction_is_asked_once_the_run_waits(room: Room, lesson: Lesson) -> None:
    at_step(room, lesson, 4)
    assert room.bar.page.prompt == "Draw it."
    assert room.stage.all("predict") == []
    room.stage.arrive()
    assert room.stage.all("predict") == [("lwf", "old", "end")]
    assert room.bar.page.status == "Draw it, then go on."


def test_pausing_by_hand_lets_next_train_on(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.press(Qt.Key.Key_PageDown)
    room.stage.train(9)
    room.stage.become(State.PAUSED)
    assert (room.bar.page.status, room.bar.page.next_text) == ("Paused. Next trains on to step 16.", "Train on")
    room.press(Qt.Key.Key_PageDown)
    assert room.stage.all("run_to") == [0, 16, 16]
    room.stage.arrive()
    assert (driver.index, driver.waiting) == (1, False)  # the early Next was before the pause


@pytest.mark.parametrize("state", [State.STOPPED, State.IDLE])
def test_stopping_by_hand_lets_next_begin_again(room: Room, lesson: Lesson, state: State) -> None:
    driver = at_step(room, lesson, 2)
    room.stage.become(state)
    assert driver.waiting
    assert room.bar.page.next_text == "Train on"
    driver.next()
    assert room.stage.state() is State.RUNNING
    room.stage.arrive()
    assert not driver.waiting


def test_failed_run_does_not_hold_the_lesson_up(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.stage.become(State.FAILED)
    assert not driver.waiting
    assert room.bar.page.note == "The run has failed; the lesson goes on without it."
    driver.next()
    assert driver.index == 2


def test_run_that_could_not_begin_is_tried_again_and_its_page_is_not_passed(room: Room, lesson: Lesson) -> None:
    driver = room.show(lesson)
    room.stage.become(State.FAILED)
    assert driver.waiting
    assert room.bar.page.next_text == "Try again"
    driver.next()
    assert (driver.index, room.stage.state()) == (0, State.RUNNING)


def test_lesson_takes_other_images_where_the_users_own_cannot_be_used(room: Room, qtbot: QtBot, lesson: Lesson) -> None:
    driver = room.show(lesson)
    room.stage.own = "mine"
    room.stage.become(State.FAILED)
    qtbot.waitUntil(lambda: room.stage.state() is State.RUNNING, timeout=PATIENCE_MS)
    assert room.bar.page.note.startswith("mine cannot be used as data")
    room.stage.arrive()
    assert not driver.waiting
    room.stage.become(State.FAILED)
    assert room.stage.state() is State.FAILED, "once is enough"


def test_run_that_ends_early_is_enough(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.stage.train(10)
    room.stage.become(State.FINISHED)
    assert not driver.waiting


def test_run_that_is_further_already_is_looked_at_where_the_step_wants_it(room: Room, lesson: Lesson) -> None:
    driver = room.show(lesson)
    room.stage.arrive()
    room.stage.train(100)  # the user pressed Space
    driver.next()
    assert not driver.waiting
    assert room.stage.all("run_to") == [0]
    assert room.stage.last("look_at")["step"] == 16


def test_slow_machine_uses_the_teacher_that_was_kept_and_stays_with_it(room: Room, lesson: Lesson) -> None:
    driver = room.show(lesson)
    room.stage.train(0)  # it need not be trained: nothing was measured
    room.stage.arrive()
    room.stage.rate = 512.0  # the new task shows it
    go_to(room, driver, 6)
    room.stage.train(-10)  # the second run trains a teacher, whatever for
    assert room.stage.recipe == lesson.recipe_at(5)
    assert room.bar.page.note == ""
    assert len(room.stage.all("restart")) == 2


def test_a_slow_run_from_before_the_lesson_decides_nothing(room: Room, lesson: Lesson) -> None:
    room.stage.rate = 512.0
    room.show(lesson)
    assert room.stage.recipe == lesson.recipe_at(0)
    assert room.bar.page.note == ""


def test_slow_machine_that_shows_while_the_teacher_trains_begins_again_once(room: Room, lesson: Lesson) -> None:
    driver = room.show(lesson)
    room.stage.train(-200)
    assert len(room.stage.all("restart")) == 1
    room.stage.rate = 512.0
    room.stage.train(-190)
    assert len(room.stage.all("restart")) == 2
    assert room.stage.all("run_to") == [0, 0]
    assert driver.waiting
    assert room.bar.page.status == "Training the old task..."
    assert "2,000 images per task instead of 6,000" in room.bar.page.note
    room.stage.rate = 100.0
    room.stage.train(-50)
    room.stage.arrive()
    assert len(room.stage.all("restart")) == 2
    go_to(room, driver, 6)
    assert len(room.stage.all("restart")) == 3
    assert room.stage.recipe == lesson.recipe_at(5, {"data.train_images": 2000})


def test_fast_machine_is_left_alone(room: Room, lesson: Lesson) -> None:
    room.stage.rate = 30_000.0
    room.show(lesson)
    room.stage.train(-10)
    assert room.stage.recipe == lesson.recipe_at(0)
    assert room.bar.page.note == ""
    assert len(room.stage.all("restart")) == 1


def test_other_images_are_told(room: Room, lesson: Lesson) -> None:
    room.stage.images = "digits"
    room.show(lesson)
    room.stage.arrive()
    assert room.bar.page.note == "This lesson was written on fashion-mnist; on digits things may go another way."


def test_last_step_finishes(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 7)
    assert room.bar.page.next_text == "Finish"
    with_signal: list[bool] = []
    driver.closed.connect(lambda: with_signal.append(True))
    driver.next()
    assert with_signal == [True]


def test_closing_frees_all_controls_and_lets_go(room: Room, lesson: Lesson) -> None:
    driver = at_step(room, lesson, 2)
    room.bar.close_button.click()
    assert room.stage.last("lock") == ()
    assert room.stage.last("look_at") == {"step": None, "term": ""}
    assert room.bar.isHidden()
    asked = len(room.stage.asked)
    room.stage.arrive()
    driver.close()
    assert len(room.stage.asked) == asked
    again = room.show(lesson)
    assert (again.index, room.bar.isVisible()) == (0, True)
