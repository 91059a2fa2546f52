"""Accuracies and their differences as they are shown: digits that the sample supports, and sums that add up.

A difference is that of the two numbers as they stand on the screen, so that whoever adds them up finds no other
number. Every card, read-out, table and sentence takes its figures from here.
"""

from __future__ import annotations

import re

FINE = 1000
"""Images from which on a decimal is shown: then one image more or less is at most a tenth of a point."""

NEAR = 9
"""Decimals to which an accuracy is taken first: what lies between two digits then goes to the same one everywhere."""

Share = float
"""An accuracy in percent, not rounded."""


def decimals(images: int) -> int:
    """Return how many decimals of a percentage so many images support."""
    return 1 if images >= FINE else 0


def rounded(share: Share, images: int) -> float:
    """Return an accuracy in percent as it is shown."""
    near = round(float(share), NEAR)  # 95.85 is 95.849999 in one order of the sums, and 95.850001 in another
    return round(near, decimals(images)) + 0.0  # no negative zero


def digits(share: Share, images: int) -> str:
    """Return an accuracy without its unit: "20.5" of 6,000 images, "21" of 200."""
    return f"{rounded(share, images):.{decimals(images)}f}"


def percent(share: Share, images: int) -> str:
    """Return an accuracy with its unit: "20.5 %"."""
    return f"{digits(share, images)} %"


def difference(share: Share, before: Share, images: int) -> float:
    """Return how many points an accuracy is above another one, both as they are shown."""
    return rounded(rounded(share, images) - rounded(before, images), images)


def points(value: float, images: int) -> str:
    """Return a difference of accuracies without its sign: "69.3 points", "1 point"."""
    text = digits(abs(value), images)
    return f"{text} point" if text == "1" else f"{text} points"


def least(images: int) -> str:
    """Return the least difference that is shown, with its unit: "0.1 points", "1 point"."""
    return points(10.0 ** -decimals(images), images)


def brief(text: str) -> str:
    """Return what is said in points with a short unit: "forgot 45.0 pts"; a number never stands without one."""
    return re.sub(r"\bpoint(s?)\b", r"pt\1", text)
