"""Accuracies and differences as they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwf_gui.runs import shown

shares = st.floats(0, 100)
images = st.sampled_from((1, 30, 200, 300, 999, 1000, 6000, 60_000))


def test_digits_are_those_that_the_sample_supports() -> None:
    assert shown.percent(20.4667, 6000) == "20.5 %"
    assert shown.percent(20.4667, 300) == "20 %"
    assert shown.percent(99.96, 1000) == "100.0 %"
    assert shown.percent(99.96, 999) == "100 %"
    assert shown.digits(-0.04, 6000) == "0.0"


def test_a_fall_is_the_difference_of_the_numbers_that_are_shown() -> None:
    """89.76 to 20.45 is 69.31, but 89.8 to 20.4 is 69.4: who adds up what stands there must find no other number."""
    assert shown.digits(89.76, 6000) == "89.8"
    assert shown.digits(20.44, 6000) == "20.4"
    assert shown.points(shown.difference(20.44, 89.76, 6000), 6000) == "69.4 points"
    assert shown.points(89.76 - 20.44, 6000) == "69.3 points"


@given(before=shares, after=shares, count=images)
def test_what_is_shown_adds_up(before: float, after: float, count: int) -> None:
    change = shown.difference(after, before, count)
    told = float(shown.points(change, count).split()[0]) * (1 if change >= 0 else -1)
    places = shown.decimals(count)
    assert round(float(shown.digits(before, count)) + told, places) == float(shown.digits(after, count))


@pytest.mark.parametrize(
    ("value", "count", "text"),
    [(1, 300, "1 point"), (-1, 300, "1 point"), (1, 6000, "1.0 points"), (0, 300, "0 points")],
)
def test_points_are_counted_as_people_say_it(value: float, count: int, text: str) -> None:
    assert shown.points(value, count) == text


def test_what_is_said_briefly_keeps_its_unit() -> None:
    assert shown.brief("forgot 45.0 points") == "forgot 45.0 pts"
    assert shown.brief("▼ 1 point") == "▼ 1 pt"


def test_what_lies_between_two_digits_is_one_number_however_it_was_worked_out() -> None:
    one, other = 100 * (3834 / 4000), 100 * 3834 / 4000
    assert one != other, "else there is nothing to settle"
    assert shown.digits(one, 4000) == shown.digits(other, 4000)
