"""Numbers in places of limited width: short, and never another number than the one that is meant."""

from __future__ import annotations

import math

import pytest

from lwf_gui.numbers import LONGEST, UNKNOWN, compact, counted, nats, percent, three_digits

MAGNITUDES = [
    sign * mantissa * 10.0**exponent
    for sign in (1, -1)
    for exponent in range(-12, 31)
    for mantissa in (1.0, 1.08432, 3.2016, 4.999999, 9.949, 9.96, 9.99999)
]


def read(text: str) -> float:
    """Return the number that a person reads."""
    return float(text.replace(",", ""))


@pytest.mark.parametrize("digits", [1, 2, 3, 4])
def test_a_number_reads_as_itself_whatever_its_size(digits: int) -> None:
    for value in MAGNITUDES:
        text = compact(value, digits=digits)
        assert len(text) <= LONGEST
        assert read(text) == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits)), (value, text)


@pytest.mark.parametrize(("form", "decimals"), [(percent, 0), (lambda v: percent(v, 1), 1), (nats, 3)])
def test_decimals_are_fixed_until_they_would_take_too_much_room(form: object, decimals: int) -> None:
    assert callable(form)
    for value in MAGNITUDES:
        text = form(value).removesuffix(" %")
        assert len(text) <= LONGEST
        assert read(text) == pytest.approx(value, rel=0.0051, abs=0.5001 * 10**-decimals), (value, text)
        assert text not in ("-0", "-0.0", "-0.000")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_said_as_such(value: float) -> None:
    texts = {compact(value), compact(value, digits=4, decimals=1), nats(value)}
    assert texts == {UNKNOWN if math.isnan(value) else "∞" if value > 0 else "-∞"}
    assert compact(value, "%") == (UNKNOWN if math.isnan(value) else f"{texts.pop()} %")


@pytest.mark.parametrize(
    ("value", "text"),
    [(108_432_010, "1.1e8 %"), (32_016, "32,016 %"), (112.4, "112 %"), (24.3, "24 %"), (1.23, "1.2 %"), (0, "0 %")],
)
def test_large_numbers_change_their_form_and_keep_their_unit(value: float, text: str) -> None:
    assert compact(value, "%") == text


def test_larger_is_never_shown_as_smaller() -> None:
    values = sorted(MAGNITUDES)
    for form in (compact, percent, nats):
        shown = [read(form(value).removesuffix(" %")) for value in values]
        assert shown == sorted(shown)


def test_one_thing_is_told_in_the_singular() -> None:
    assert [counted(count, "probe image") for count in (0, 1, 2, 1200)] == [
        "0 probe images",
        "1 probe image",
        "2 probe images",
        "1,200 probe images",
    ]


@pytest.mark.parametrize(
    ("loss", "told"),
    [(0.1, "0.100"), (0.0012, "0.00120"), (12, "12.0"), (123.4, "123"), (0, "0.00"), (1234, "1.23e+03")],
)
def test_three_digits_keep_the_zeros_at_their_end(loss: float, told: str) -> None:
    assert three_digits(loss) == told
