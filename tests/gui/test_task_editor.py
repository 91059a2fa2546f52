"""The task editor and its line in the recipe: drag, keys, presets, undo, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.widgets.class_list import ClassList, class_list
from lwf_gui.gui.widgets.task_editor import TaskEditor
from lwf_gui.gui.widgets.task_field import TasksControl, most_tasks
from lwf_gui.gui.widgets.task_row import DOWN, REMOVE, UP
from lwf_gui.gui.widgets.task_tile import Tile
from lwf_gui.recipe import Recipe, compose
from lwf_gui.runs.splits import Place, Tasks
from tests.gui.conftest import Lab, choose, unfold
from tests.gui.shown import scale_type
from tests.runs import synthetic

CONTROL = Qt.KeyboardModifier.ControlModifier
IMAGE = np.arange(64, dtype=np.uint8).reshape(8, 8)
SIX = ClassList(dict(enumerate("abcdef")), {0: IMAGE, 1: IMAGE, 5: IMAGE}, peak=64)
START: Tasks = ((0, 1, 2), (3, 4))
MakeEditor = Callable[..., TaskEditor]


@pytest.fixture
def make(qtbot: QtBot) -> MakeEditor:
    def made(
        tasks: Tasks = START, classes: ClassList = SIX, most: int = 9, colours: theme.Theme = theme.LIGHT
    ) -> TaskEditor:
        editor = TaskEditor(tasks, classes, most, colours)
        qtbot.addWidget(editor)
        with qtbot.waitActive(editor):
            editor.show()
            editor.activateWindow()
        return editor

    return made


def tile(editor: TaskEditor, label: int) -> Tile:
    return editor.board.tiles[label]


def focused(editor: TaskEditor) -> int:
    widget = QApplication.focusWidget()
    assert isinstance(widget, Tile)
    assert widget.window() is editor
    return widget.label


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def ok(editor: TaskEditor) -> None:
    (box,) = editor.findChildren(QDialogButtonBox)
    QTest.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def mouse(board: QWidget, kind: QMouseEvent.Type, at: QPoint, held: bool) -> None:
    """Send the board what the mouse does there; its tiles let all pass to it."""
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    moving = kind is QMouseEvent.Type.MouseMove
    where, screen = QPointF(at), QPointF(board.mapToGlobal(at))
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, where, screen, none if moving else left, left if held else none, keys)
    QApplication.sendEvent(board.childAt(at) or board if kind is QMouseEvent.Type.MouseButtonPress else board, event)


def drag(editor: TaskEditor, label: int, to: QPoint, *, release: bool = True) -> None:
    """Drag a class's middle to a place of the board."""
    board, start = editor.board, tile(editor, label).geometry().center()
    QTest.mousePress(board, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.7, 1.0):
        mouse(board, QMouseEvent.Type.MouseMove, start + (to - start) * share, held=True)
    if release:
        QTest.mouseRelease(board, Qt.MouseButton.LeftButton, pos=to)


def row_end(editor: TaskEditor, row: int) -> QPoint:
    """Return a point in a row, behind its last class."""
    places = editor.board._places
    return places.tile_rect(Place(row, places.counts[row])).center()


# ---- mouse


def test_a_class_is_dragged_into_another_task(make: MakeEditor) -> None:
    editor = make()
    drag(editor, 0, row_end(editor, 1))
    assert editor.tasks == ((1, 2), (3, 4, 0))
    assert focused(editor) == 0


def test_a_class_is_dropped_in_front_of_the_one_that_it_covers_the_left_half_of(make: MakeEditor) -> None:
    editor = make()
    drag(editor, 4, tile(editor, 1).geometry().center() - QPoint(4, 0))
    assert editor.tasks == ((0, 4, 1, 2), (3,))


def test_a_class_is_dragged_out_of_the_tasks_and_back(make: MakeEditor) -> None:
    editor = make()
    drag(editor, 2, row_end(editor, 2))
    assert (editor.tasks, editor.split.unused) == (((0, 1), (3, 4)), (2, 5))
    drag(editor, 5, row_end(editor, 0))
    assert (editor.tasks, editor.split.unused) == (((0, 1, 5), (3, 4)), (2,))


def test_a_click_moves_nothing_and_gives_the_focus(make: MakeEditor) -> None:
    editor = make()
    before = tile(editor, 4).geometry()
    drag(editor, 4, before.center() + QPoint(1, 1))
    assert editor.tasks == START
    assert tile(editor, 4).geometry() == before
    assert focused(editor) == 4


def test_escape_lets_go_of_what_is_dragged_and_the_dialog_stays(make: MakeEditor) -> None:
    editor = make()
    before = tile(editor, 0).geometry()
    drag(editor, 0, row_end(editor, 1), release=False)
    assert tile(editor, 0).geometry() != before
    press(Qt.Key.Key_Escape)
    QTest.mouseRelease(editor.board, Qt.MouseButton.LeftButton, pos=row_end(editor, 1))
    assert (editor.tasks, tile(editor, 0).geometry()) == (START, before)
    assert editor.isVisible()


# ---- keyboard


def test_arrows_go_from_class_to_class_through_all_rows(make: MakeEditor) -> None:
    editor = make()
    assert focused(editor) == 0
    for label in (1, 2, 3, 4, 5, 5):
        press(Qt.Key.Key_Right)
        assert focused(editor) == label
    press(Qt.Key.Key_Up)
    assert focused(editor) == 3
    press(Qt.Key.Key_Up)
    assert focused(editor) == 0
    press(Qt.Key.Key_End)
    assert focused(editor) == 5
    assert editor.tasks == START


@pytest.mark.parametrize(
    ("label", "keys", "tasks"),
    [
        (0, [Qt.Key.Key_Right], ((1, 0, 2), (3, 4))),
        (0, [Qt.Key.Key_Right] * 3, ((1, 2), (0, 3, 4))),
        (3, [Qt.Key.Key_Left], ((0, 1, 2, 3), (4,))),
        (3, [Qt.Key.Key_Left, Qt.Key.Key_Left], ((0, 1, 3, 2), (4,))),
        (1, [Qt.Key.Key_Down], ((0, 2), (3, 1, 4))),
        (4, [Qt.Key.Key_Up], ((0, 4, 1, 2), (3,))),
        (4, [Qt.Key.Key_Down], ((0, 1, 2), (3,))),
        (4, [Qt.Key.Key_Right], ((0, 1, 2), (3,))),
        (5, [Qt.Key.Key_Up], ((0, 1, 2), (5, 3, 4))),
        (0, [Qt.Key.Key_Left], START),
        (0, [Qt.Key.Key_Up], START),
        (5, [Qt.Key.Key_Right], START),
    ],
)
def test_ctrl_and_arrows_move_the_class_that_has_the_focus(
    make: MakeEditor, label: int, keys: list[Qt.Key], tasks: Tasks
) -> None:
    editor = make()
    editor.board.go_to(label)
    for key in keys:
        press(key, CONTROL)
    assert editor.tasks == tasks
    assert focused(editor) == label


def test_delete_takes_a_class_out_of_the_tasks(make: MakeEditor) -> None:
    editor = make()
    press(Qt.Key.Key_Delete)
    assert (editor.tasks, editor.split.unused) == (((1, 2), (3, 4)), (0, 5))
    press(Qt.Key.Key_Delete)
    assert editor.split.unused == (0, 5)


def test_tab_leaves_the_classes_and_comes_back_to_the_same_one(make: MakeEditor) -> None:
    editor = make()
    editor.board.go_to(3)
    press(Qt.Key.Key_Tab)
    assert not isinstance(QApplication.focusWidget(), Tile), "one stop for all classes"
    press(Qt.Key.Key_Backtab)
    assert focused(editor) == 3


def test_what_has_the_focus_is_seen_and_said(make: MakeEditor) -> None:
    editor = make()
    accent = theme.LIGHT.accent

    def framed(label: int) -> bool:
        image = tile(editor, label).grab().toImage()
        return image.pixelColor(1, image.height() // 2).name() == accent

    assert (framed(0), framed(1)) == (True, False)
    press(Qt.Key.Key_Right)
    assert (framed(0), framed(1)) == (False, True)
    assert tile(editor, 1).accessibleName() == "b: task 1 of 2, place 2 of 3"
    press(Qt.Key.Key_Down, CONTROL)
    assert tile(editor, 1).accessibleName() == "b: task 2 of 2, place 2 of 3"
    press(Qt.Key.Key_Delete)
    assert tile(editor, 1).accessibleName() == "b: not used"
    assert all(each.accessibleName() and each.accessibleDescription() for each in editor.board.tiles.values())


# ---- tasks


def test_tasks_are_added_moved_and_removed_by_their_buttons(make: MakeEditor) -> None:
    editor = make()

    def clicked(task: int, what: str) -> Tasks:
        QTest.mouseClick(editor.board.heads[task].buttons[what], Qt.MouseButton.LeftButton)
        return editor.split.rows

    QTest.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    assert editor.tasks == (*START, ())
    assert clicked(2, UP) == ((0, 1, 2), (), (3, 4), (5,))
    assert clicked(0, DOWN) == ((), (0, 1, 2), (3, 4), (5,))
    assert clicked(2, REMOVE) == ((), (0, 1, 2), (3, 4, 5))
    assert [head.isVisible() for head in editor.board.heads] == [True, True, False]
    first, last = editor.board.heads[0].buttons, editor.board.heads[1].buttons
    assert [first[UP].isEnabled(), first[DOWN].isEnabled(), last[UP].isEnabled(), last[DOWN].isEnabled()] == [
        *(False, True),
        *(True, False),
    ]
    assert first[REMOVE].accessibleName() == "Remove task 1; its classes go to Not used"


def test_a_task_keeps_the_focus_while_it_is_moved_by_keyboard(make: MakeEditor) -> None:
    editor = make(((0,), (1,), (2,)))
    editor.board.heads[0].buttons[DOWN].setFocus()
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is editor.board.heads[1].buttons[DOWN]
    press(Qt.Key.Key_Return)
    assert editor.tasks == ((1,), (2,), (0,))
    assert QApplication.focusWidget() is editor.board.heads[2].buttons[UP], "there is no way down any more"


def test_presets_split_all_classes_and_show_themselves_where_the_split_is_theirs(make: MakeEditor) -> None:
    editor = make()
    assert editor.box.currentText() == "Own split"
    choose(editor.box, "3 x 2")
    assert (editor.tasks, editor.split.unused) == (((0, 1), (2, 3), (4, 5)), ())
    editor.board.go_to(0)
    press(Qt.Key.Key_Delete)
    assert editor.box.currentText() == "Own split"
    editor.undo()
    assert editor.tasks == ((0, 1), (2, 3), (4, 5))
    assert editor.box.currentText() == "3 x 2"


def test_presets_and_tasks_beyond_what_a_run_can_have_are_not_offered(make: MakeEditor) -> None:
    editor = make(most=2)
    model = editor.box.model()
    names = {editor.box.itemText(index): model.index(index, 0) for index in range(editor.box.count())}
    offered = {name for name, index in names.items() if model.flags(index) & Qt.ItemFlag.ItemIsEnabled}
    assert offered == {"Own split", "4 + 2", "Half and half"}
    assert not editor.add.isEnabled()


def test_every_change_is_undone_and_made_again_by_key(make: MakeEditor) -> None:
    editor = make()
    seen = [editor.split]
    press(Qt.Key.Key_Right, CONTROL)
    seen.append(editor.split)
    press(Qt.Key.Key_Delete)
    seen.append(editor.split)
    QTest.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    seen.append(editor.split)
    for split in seen[-2::-1]:
        QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
        assert editor.split == split
    assert not editor.undo_button.isEnabled()
    QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.split == seen[0]
    for split in seen[1:]:
        QTest.keyClick(editor, Qt.Key.Key_Y, CONTROL)
        assert editor.split == split
    assert not editor.redo_button.isEnabled()


# ---- end


@pytest.mark.parametrize(
    ("tasks", "most", "said"),
    [
        (((0, 1), ()), 9, "Not yet: task 2 has no class: move one into it, or remove the task."),
        (((0, 1),), 9, "Not yet: a run needs at least two tasks: add one and move a class into it."),
        (((0,), (1,), (2,)), 2, "Not yet: a run can have at most 2 tasks, and these are 3: remove one."),
    ],
)
def test_ok_is_refused_with_a_sentence(make: MakeEditor, tasks: Tasks, most: int, said: str) -> None:
    editor = make(tasks, most=most)
    assert not editor.says.property("refused")
    ok(editor)
    assert editor.isVisible()
    assert editor.says.text() == editor.says.accessibleName() == said
    assert editor.says.property("refused")
    editor.take(editor.split.with_task())
    assert not editor.says.property("refused")


def test_ok_takes_the_split_and_says_it_before(make: MakeEditor) -> None:
    editor = make()
    press(Qt.Key.Key_Down, CONTROL)
    assert editor.says.text() == "b, c | a, d, e. Not used: f."
    ok(editor)
    assert editor.result() == QDialog.DialogCode.Accepted
    assert editor.tasks == ((1, 2), (0, 3, 4))


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
@pytest.mark.parametrize("count", [2, 10, 30])
def test_dialog_fits_a_small_screen_in_any_type_and_colours(
    make: MakeEditor, qtbot: QtBot, scale: float, colours: theme.Theme, count: int
) -> None:
    theme.apply(QApplication.instance(), colours)  # type: ignore[arg-type]
    scale_type(scale)
    classes = ClassList({label: f"A class with a name {label}" for label in range(count)}, {})
    editor = make(((0,), tuple(range(1, count))), classes, colours=colours)
    editor.resize(editor.minimumSizeHint())
    small = QSize(1024, 768) * 0.96
    assert editor.width() <= small.width()
    assert editor.height() <= small.height()
    editor.resize(small)
    board = editor.board
    QApplication.processEvents()
    for each in board.tiles.values():
        assert board.rect().contains(each.geometry())
    rects = [each.geometry() for each in board.tiles.values()]
    assert not any(a.intersects(b) for a in rects for b in rects if a is not b)
    for head in board.heads[:2]:
        assert head.width() <= board._places.left
        assert not any(head.geometry().intersects(rect) for rect in rects)


# ---- in the recipe


def test_the_editor_says_what_the_recipe_takes() -> None:
    assert most_tasks(Recipe(), 10) == 10


def test_names_and_images_are_those_of_the_run_that_is_shown() -> None:
    recipe = compose("digits", ["data.tasks=[[4,2],[7]]"])
    data = synthetic.data_ready(compose("digits", ["data.tasks=[[0,1,2],[4,3]]"]))
    classes = class_list(recipe, data)
    assert classes.labels == tuple(range(10))
    assert [classes.names[label] for label in (0, 1, 2, 3, 4, 7)] == [*"abc", "e", "d", "7"]
    assert set(classes.images) == {0, 1, 2, 3, 4}
    first = int(np.argmax(data.probe_labels == 4))
    assert np.array_equal(classes.images[3], data.probe_images[first])


def test_names_of_known_data_need_no_run_and_those_of_other_data_are_not_taken() -> None:
    other = class_list(compose("classroom"), synthetic.data_ready())
    assert other.names[9] == "Ankle boot"
    assert not other.images
    folder = class_list(compose("classroom", ["data.tasks=[[3],[12]]"], data="/nowhere"), None)
    assert dict(folder.names) == {3: "3", 12: "12"}


def test_the_recipe_says_its_tasks_in_words_and_changes_them_in_the_editor(
    quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = quiet_lab
    control = lab.window.recipe._rows.controls["data.tasks"]
    assert isinstance(control, TasksControl)
    unfold(control)
    before = lab.session.recipe
    assert control.words.text() == "0 to 5 | 6 to 9"
    asked: list[tuple[Tasks, int]] = []

    def answer(code: QDialog.DialogCode) -> Callable[[TaskEditor], int]:
        def run(editor: TaskEditor) -> int:
            asked.append((editor.tasks, len(editor.board.tiles)))
            editor.take(editor.split.moved(5, Place(1, 0)))
            return int(code.value)

        return run

    button = control.field
    assert isinstance(button, QToolButton)
    for code in (QDialog.DialogCode.Rejected, QDialog.DialogCode.Accepted):
        monkeypatch.setattr(TaskEditor, "exec", answer(code))
        QTest.keyClick(button, Qt.Key.Key_Return)
        taken = code is QDialog.DialogCode.Accepted
        assert (lab.session.recipe == before) != taken
    assert asked == [(((0, 1, 2, 3, 4, 5), (6, 7, 8, 9)), 10)] * 2
    assert lab.session.recipe.data.tasks == ((0, 1, 2, 3, 4), (5, 6, 7, 8, 9))
    assert control.words.text() == "0 to 4 | 5 to 9"
    lab.session.undo()
    assert lab.session.recipe == before
    assert control.words.text() == "0 to 5 | 6 to 9"


def test_a_refused_ok_leaves_the_focus_with_what_mends_it(make: MakeEditor) -> None:
    editor = make(((0, 1), (2,), ()))
    ok(editor)
    assert editor.isVisible()
    assert focused(editor) in editor.split.unused, "a class that is not used can fill the empty task"
    press(Qt.Key.Key_Up, CONTROL)
    assert editor.split.tasks[2], "and one key brings it there"
    few = make(((0, 1),))
    ok(few)
    assert few.focusWidget() is few.add


def test_the_summary_says_which_classes_are_not_used(make: MakeEditor) -> None:
    editor = make(((1, 2), (0,)))
    names = ", ".join(editor._classes.names[label] for label in editor.split.unused)
    assert names
    assert editor.says.text().endswith(f" Not used: {names}.")
