"""Splits of classes into tasks: moves, presets and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwf_gui import InputError
from lwf_gui.recipe import Recipe
from lwf_gui.runs.splits import Place, Split, Tasks, lines_of, presets, words_of

START = Split(((0, 1, 2), (3, 4)), (5,))


def test_classes_that_no_task_names_are_not_used() -> None:
    assert Split.of([[3, 1], [0]], range(5)) == Split(((3, 1), (0,)), (2, 4))


@pytest.mark.parametrize(
    ("label", "to", "tasks", "unused"),
    [
        (0, Place(1, 1), ((1, 2), (3, 0, 4)), (5,)),
        (0, Place(0, 2), ((1, 0, 2), (3, 4)), (5,)),
        (2, Place(0, 0), ((2, 0, 1), (3, 4)), (5,)),
        (0, Place(0, 99), ((1, 2, 0), (3, 4)), (5,)),
        (1, Place(0, 1), ((0, 1, 2), (3, 4)), (5,)),
        (4, Place(2, 0), ((0, 1, 2), (3,)), (4, 5)),
        (0, Place(2, 9), ((1, 2), (3, 4)), (0, 5)),
        (5, Place(0, 1), ((0, 5, 1, 2), (3, 4)), ()),
    ],
)
def test_a_class_moves_before_what_stands_in_its_new_place(label: int, to: Place, tasks: Tasks, unused: object) -> None:
    assert START.moved(label, to) == Split(tasks, unused)  # type: ignore[arg-type]


@given(st.integers(0, 5), st.integers(0, 2), st.integers(0, 9))
def test_no_move_loses_or_doubles_a_class(label: int, row: int, index: int) -> None:
    made = START.moved(label, Place(row, index))
    assert sorted(made.classes) == sorted(START.classes)
    assert made.place(label).row == row


def test_a_task_that_is_removed_leaves_its_classes_unused() -> None:
    assert START.without_task(0) == Split(((3, 4),), (0, 1, 2, 5))


def test_tasks_are_added_and_moved_no_further_than_the_ends() -> None:
    more = START.with_task()
    assert more.tasks == ((0, 1, 2), (3, 4), ())
    assert more.task_moved(2, -1).tasks == ((0, 1, 2), (), (3, 4))
    assert more.task_moved(0, -1) == more
    assert more.task_moved(2, 1) == more


def test_what_cannot_be_trained_is_said_in_a_sentence() -> None:
    assert START.fault(2) == ""
    assert START.with_task().fault(9) == "Task 3 has no class: move one into it, or remove the task."
    assert "at least two tasks" in START.without_task(0).fault(9)
    three = Split(((0,), (1,), (2,)))
    assert three.fault(3) == ""
    assert three.fault(2) == "A run can have at most 2 tasks, and these are 3: remove one."


def test_presets_of_ten_classes_are_those_that_the_field_knows() -> None:
    made = {preset.name: preset.tasks for preset in presets(range(10))}
    assert made == {
        "6 + 4 (the notebook)": ((0, 1, 2, 3, 4, 5), (6, 7, 8, 9)),
        "5 x 2": ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9)),
        "5 x 2, in reverse": ((9, 8), (7, 6), (5, 4), (3, 2), (1, 0)),
        "One class a task": tuple((label,) for label in range(10)),
        "Half and half": ((0, 1, 2, 3, 4), (5, 6, 7, 8, 9)),
    }


@pytest.mark.parametrize("count", [*range(0, 12), 47])
def test_presets_of_any_number_of_classes_use_each_once_and_leave_no_task_empty(count: int) -> None:
    made = presets(range(count))
    assert bool(made) == (count >= 2)
    assert len({preset.tasks for preset in made}) == len({preset.name for preset in made}) == len(made)
    for preset in made:
        split = Split.of(preset.tasks, range(count))
        assert split.unused == ()
        assert split.fault(count) == ""
        assert sorted(split.classes) == list(range(count))


def test_two_tasks_are_said_by_their_classes_and_more_by_their_sizes() -> None:
    names = {0: "T-shirt", 5: "Sandal", 6: "Shirt", 9: "Boot"}
    assert words_of(((0, 1, 2, 3, 4, 5), (6, 7, 8, 9)), names) == "T-shirt to Sandal | Shirt to Boot"
    assert words_of(((0, 2), (6, 5, 9)), names) == "T-shirt, 2 | Shirt, Sandal, Boot"
    assert words_of(((0, 1), (2, 3), (4,)), names) == "3 tasks: 2, 2, 1 classes"
    assert words_of(((0, 1), (2, 3), (4, 5)), names) == "3 tasks of 2 classes each"
    assert words_of(((0,), (2,), (4,)), names) == "3 tasks of 1 class each"
    assert lines_of(((0, 2), (6,)), names) == ("Task 1: T-shirt, 2", "Task 2: Shirt")


def test_a_split_without_fault_is_one_that_the_recipe_takes() -> None:
    base = Recipe()
    for tasks in (START.tasks, ((9,), (0, 3))):
        assert base.with_settings({"data.tasks": tasks}).data.tasks == tasks
    with pytest.raises(InputError):
        base.with_settings({"data.tasks": START.with_task().tasks})
