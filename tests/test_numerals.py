"""Numbers as text: what is written is read back, and nothing is read as another number."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest

from lwf_gui import InputError
from lwf_gui.numerals import read_number, read_whole_number, written


def test_every_number_is_read_back_to_the_last_bit() -> None:
    bits = np.random.default_rng(0).integers(0, 2**63, 2000, dtype=np.uint64).tolist()
    numbers = [struct.unpack("d", struct.pack("Q", each))[0] for each in bits]
    for number in [0.03, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1e16, 1e22, *filter(math.isfinite, numbers)]:
        assert read_number(written(number)) == number


@pytest.mark.parametrize(
    ("number", "text"), [(5.0, "5"), (0.0, "0"), (0.005, "0.005"), (1e-5, "1e-5"), (1e16, "1e16"), (64, "64")]
)
def test_numbers_are_written_as_people_write_them(number: float, text: str) -> None:
    assert written(number) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.005", 0.005),
        ("0,005", 0.005),
        ("5e-3", 0.005),
        ("5E-3", 0.005),
        ("0,5e-2", 0.005),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("12,5", 12.5),
        ("1.000", 1.0),  # a dot is the point, as wherever the program writes a number
        (" 3 \n", 3.0),
        ("+3", 3.0),
        ("1 000", 1000.0),
        ("1 234 567,5", 1234567.5),
        ("5\u00a0000", 5000.0),
        ("1\u202f000", 1000.0),
        ("-0", 0.0),
    ],
)
def test_dot_comma_and_exponent_are_read(text: str, number: float) -> None:
    assert read_number(text) == number
    assert math.copysign(1, read_number(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "1.000,5",
            "1,000.5",
            "1,000",
            "12,345",
            "10 00",
            "1 0000",
            "0 000",
            "1'000",
            "1_000",
            "5e",
            "e5",
            "5e-",
            "1.2.3",
        ),
        *("0x10", "nan", "inf", "-inf", "1e999", "1e-999", "²", "5%", "1/2", "5 e-3", "--5", "9" * 50),
        *("\u0663", "\uff13", "\u22123", "5\u066b5"),  # other digits, signs and points
    ],
)
def test_what_may_be_another_number_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_number(text)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "number"), [("64", 64), ("1e3", 1000), ("1E3", 1000), ("007", 7), ("-4", -4), ("60 000", 60000)]
)
def test_whole_numbers_are_read(text: str, number: int) -> None:
    assert read_whole_number(text) == number


@pytest.mark.parametrize("text", ["", "1.000", "1,000", "64.0", "1e-3", "1.5e3", "6 4", "٣", "²", "1_000", "1e999999"])
def test_whole_numbers_with_separators_are_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_whole_number(text)
    assert str(refused.value).endswith(".")
