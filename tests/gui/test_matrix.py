"""The panel of accuracy matrices: what it paints and says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels import matrix as panel_module
from lwf_gui.gui.panels.drawing import mixed
from lwf_gui.gui.panels.matrix import FAINT, Cell, MatrixPanel
from lwf_gui.runs.matrix import Matrices, Matrix
from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.shown import NAMES, picture, place, require_empty, scale_type, shown_panel
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS

ShowPanel = Callable[..., MatrixPanel]


@pytest.fixture
def show(qtbot: QtBot) -> ShowPanel:
    def shown(record: Record | None = None, size: tuple[int, int] = (640, 420), **selection: Any) -> MatrixPanel:
        panel = shown_panel("matrix", qtbot, record or synthetic.record(), size, **selection)
        assert isinstance(panel, MatrixPanel)
        return panel

    return shown


def many(learners: int, tasks: int, learnt: int | None = None) -> Matrices:
    """Return matrices of many tasks, the last one under way."""
    total = np.full(tasks, 1000, np.int64)
    right = np.tril(np.arange(tasks * tasks, dtype=np.int64).reshape(tasks, tasks) * 900 // tasks**2 + 50)
    right[np.triu_indices(tasks, 1)] = NO_ANSWER
    right[learnt or tasks :] = NO_ANSWER
    names = tuple((f"class {task}",) for task in range(tasks))
    matrix = Matrix(right, total)
    return Matrices(NAMES[:learners], "class_incremental", names, (matrix,) * learners, None, f"after task {tasks}")


def show_many(panel: MatrixPanel, monkeypatch: pytest.MonkeyPatch, figures: Matrices) -> None:
    monkeypatch.setattr(panel_module, "matrices", lambda _record, _selection: figures)
    panel.show_record(synthetic.record())
    panel.refresh(Selection(step=3))
    panel.grab()


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
def test_cells_are_filled_by_their_accuracy_and_carry_its_figure(show: ShowPanel, colours: theme.Theme) -> None:
    panel = show(protocol="class_incremental")
    theme.apply(QApplication.instance(), colours)  # type: ignore[arg-type]
    panel.set_theme(colours)
    image = picture(panel)
    figures: Matrices = panel.shown
    for learner in LEARNERS:
        for after, on in ((0, 0), (1, 0), (1, 1)):
            rect = place(panel, Cell(learner, after, on))
            share = figures.of(learner).accuracy(after, on)
            full = mixed(QColor(colours.surface), QColor(colours.accent), FAINT + (1 - FAINT) * share / 100)
            assert image.pixelColor(int(rect.left()) + 4, int(rect.top()) + 4) == full
            letters = {image.pixel(int(rect.left()) + x, int(rect.center().y())) for x in range(4, int(rect.width()))}
            assert len(letters) > 1, "the figure is written"
        never = place(panel, Cell(learner, 0, 1))
        assert image.pixelColor(never.center().toPoint()) == QColor(colours.raised)


def test_rows_appear_as_tasks_are_learnt(show: ShowPanel) -> None:
    record = synthetic.record(synthetic.task1())
    panel = show(record)
    assert panel.tip(Cell("lwf", 1, 0)).endswith("no figures yet, or it has diverged")
    for message in synthetic.task2():
        record.apply(message)
        panel.refresh(Selection())
    assert "of 1,200 right" in panel.tip(Cell("lwf", 1, 0))


def test_there_is_nothing_before_task_1_is_learnt(show: ShowPanel) -> None:
    require_empty(show(Record()))
    require_empty(show(step=-3))


def test_tip_says_the_counts(show: ShowPanel) -> None:
    panel = show(protocol="class_incremental")
    pair = synthetic.evaluated(3).scores["lwf"].class_incremental
    count = pair[0]
    assert panel.tip(Cell("lwf", 1, 0)) == (
        f"LwF after task 2, on task 1 (a, b, c): {count:,} of 1,200 right, {count / 12:.1f} %, class-incremental"
    )
    assert panel.tip(Cell("lwf", 0, 0)) == (
        "LwF after task 1, on task 1 (a, b, c): 1,140 of 1,200 right, 95.0 %, class-incremental; "
        "all learners begin as this teacher"
    )
    assert panel.tip(Cell("lwf", 0, 1)) == "LwF after task 1: task 2 (d, e) has not been learnt yet"


def test_tip_of_a_row_under_way_says_how_far_it_is(show: ShowPanel) -> None:
    panel = show(step=15)
    assert panel.tip(Cell("lwf", 1, 1)).startswith("LwF in task 2, epoch 1 of 3, step 10, on task 2 (d, e): ")


def test_last_column_and_line_say_average_and_forgetting(show: ShowPanel) -> None:
    panel = show(protocol="class_incremental")
    matrix = panel.shown.of("lwf")
    assert panel.tip(Cell("lwf", 1, 2)) == (
        f"LwF after task 2, average accuracy: {matrix.average(1):.0f} %, the plain mean over the tasks learnt so far, "
        "class-incremental"
    )
    assert panel.tip(Cell("lwf", 2, 0)) == (
        f"LwF, forgetting of task 1 (a, b, c): {matrix.forgetting(0):.1f} points: its best accuracy after an earlier "
        "task, less the one now, class-incremental"
    )
    assert panel.tip(Cell("lwf", 2, 1)).endswith("nothing to forget yet")
    assert "mean forgetting: " in panel.tip(Cell("lwf", 2, 2))


def test_sentence_and_caption_name_protocol_and_images(show: ShowPanel) -> None:
    panel = show(protocol="class_incremental")
    panel.describe()
    said = panel.accessibleDescription()
    assert said.startswith("Class-incremental, all test images. Fine-tuning after task 2: average accuracy ")
    assert "; LwF after task 2: " in said
    assert panel.caption() == (
        "Accuracy in percent after each task on each task; class-incremental, all test images of digits, "
        "task 2, epoch 3 of 3, step 30"
    )
    assert all("class-incremental" in caption for caption in panel.captions())


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("size", [(240, 120), (340, 330), (480, 360), (900, 400), (400, 700)])
@pytest.mark.parametrize(("learners", "tasks"), [(1, 2), (2, 2), (4, 2), (2, 5), (4, 10)])
def test_matrices_fit_into_every_panel(
    show: ShowPanel,
    monkeypatch: pytest.MonkeyPatch,
    scale: float,
    size: tuple[int, int],
    learners: int,
    tasks: int,
) -> None:
    scale_type(scale)
    panel = show(size=size)
    show_many(panel, monkeypatch, many(learners, tasks))
    rects = [spot.rect for spot in panel.spots]
    assert len(rects) == learners * (tasks + 1) ** 2
    area = panel.area.adjusted(-1, -1, 1, 1 + panel.bar.maximum())  # what is below it is scrolled to
    assert all(area.contains(rect) for rect in rects)
    assert tasks > 2 or not panel.bar.isVisibleTo(panel), "two tasks are seen at once"
    inner = [rect.adjusted(0.01, 0.01, -0.01, -0.01) for rect in rects]
    assert learners * tasks > 10 or not any(a.intersects(b) for a in inner for b in inner if a is not b)


@pytest.mark.parametrize("tasks", [5, 10])
def test_many_matrices_have_figures_with_decimals_in_a_low_panel_and_are_scrolled(
    show: ShowPanel, monkeypatch: pytest.MonkeyPatch, drawn: list[str], tasks: int
) -> None:
    panel = show(size=(622, 186))
    drawn.clear()
    show_many(panel, monkeypatch, many(4, tasks))
    panel.setFocus()
    figures = [text for text in drawn if re.fullmatch(r"\d+\.\d|-", text)]
    assert len(figures) >= 4 * tasks * (tasks + 1) // 2
    assert str(tasks) in drawn or f"task {tasks}" in drawn
    last = Cell(NAMES[3], tasks, tasks)
    assert not panel.area.intersects(place(panel, last))
    for _ in range(5 * tasks):
        QTest.keyClick(panel, Qt.Key.Key_Down)
        panel.grab()
        assert panel.at is not None
        assert panel.rect().contains(panel.at.rect.toRect()), "what is reached by key is scrolled to"
    before = panel.bar.value()
    assert before > 0
    panel.bar.setValue(panel.bar.maximum())
    panel.grab()
    assert panel.area.adjusted(-1, -1, 1, 1).contains(place(panel, last))
    show_many(panel, monkeypatch, many(1, 2))
    assert not panel.bar.isVisibleTo(panel)


@pytest.mark.parametrize("size", [(622, 186), (240, 120), (380, 200)])
def test_no_heading_of_a_matrix_is_cut_and_no_figure_is_less_than_nothing_by_nothing(
    show: ShowPanel, monkeypatch: pytest.MonkeyPatch, drawn: list[str], size: tuple[int, int]
) -> None:
    panel = show(size=size)
    figures = many(4, 5)
    right = figures.matrices[0].right.copy()
    right[3:, 2] = [600, 603]
    drawn.clear()
    show_many(panel, monkeypatch, replace(figures, matrices=(Matrix(right, figures.matrices[0].total),) * 4))
    assert "-0" not in drawn
    assert not [text for text in drawn if "…" in text and text[:2] in ("fo", "af", "lo")]


def test_the_key_says_what_the_theme_and_the_cells_show(
    show: ShowPanel, monkeypatch: pytest.MonkeyPatch, drawn: list[str]
) -> None:
    panel = show(size=(900, 400))
    said = {}
    for colours in (theme.LIGHT, theme.DARK):
        panel.set_theme(colours)
        drawn.clear()
        panel.grab()
        said[colours.dark] = [text for text in drawn if text.startswith("Row")]
    assert "Pale: 0 %" in said[False][0]
    assert "Dark: 0 %" in said[True][0]
    panel.resize(170, 700)
    drawn.clear()
    show_many(panel, monkeypatch, many(2, 14))
    (told,) = [text for text in drawn if text.startswith("Row")]
    assert "%" not in told or "high as its cell" in told


def test_where_figures_have_no_room_the_height_of_a_bar_says_the_accuracy(
    show: ShowPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = show(size=(170, 700))
    show_many(panel, monkeypatch, many(2, 14))
    image = picture(panel)
    empty = QColor(panel.colours.surface)

    def height(after: int, on: int) -> int:
        rect = place(panel, Cell("lwf", after, on))
        x = int(rect.center().x())
        return sum(image.pixelColor(x, y) != empty for y in range(int(rect.top()) + 2, int(rect.bottom())))

    assert height(13, 12) > height(2, 1) > 0


def test_rows_of_later_tasks_are_empty_while_only_some_are_learnt(
    show: ShowPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = show()
    show_many(panel, monkeypatch, many(2, 5, learnt=3))
    panel.describe()
    assert "LwF after task 3: average accuracy" in panel.accessibleDescription()
    assert panel.tip(Cell("lwf", 5, 1)).startswith("LwF, forgetting of task 2 (class 1): ")
    assert panel.tip(Cell("lwf", 5, 3)).endswith("nothing to forget yet")


def test_keyboard_reaches_the_cells(show: ShowPanel) -> None:
    panel = show()
    panel.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(panel, key)
    assert panel.at is not None
    assert panel.at.key == Cell("fine-tune", 1, 0)
    assert panel.accessibleName() == f"Matrix: {panel.tip(panel.at.key)}"
