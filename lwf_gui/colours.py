"""How far apart colours look: distance in Oklab, where equal distances look about equally far.

Source: Ottosson 2020, "A perceptual color space for image processing" (bottosson.github.io/posts/oklab).
"""

from __future__ import annotations

import colorsys
import functools
import math

_Vector = tuple[float, float, float]

_TO_CONES: tuple[_Vector, ...] = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
"""From linear red, green and blue to what the eye's three kinds of cones take up."""

_TO_OKLAB: tuple[_Vector, ...] = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
"""From the cube roots of these to lightness, green to red, blue to yellow."""


def distance(one: str, other: str) -> float:
    """Return how far apart two colours, ``#rrggbb``, are: 0 for the same, 100 for black and white."""
    return 100 * math.dist(_oklab(one), _oklab(other))


@functools.cache
def _oklab(colour: str) -> _Vector:
    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long, medium, short = (cone ** (1 / 3) for cone in _product(_TO_CONES, (red, green, blue)))
    return _product(_TO_OKLAB, (long, medium, short))


def darker(colour: str, times: float) -> str:
    """Return a colour, ``#rrggbb``, of the same hue and saturation with so many times less value (HSV)."""
    return "#" + "".join(f"{round(int(colour[at : at + 2], 16) / times):02x}" for at in (1, 3, 5))


def of_hue(colour: str, saturation: float, lightness: float) -> str:
    """Return a colour of the same hue with this saturation and lightness (HSL), each from 0 to 1."""
    hue, *_ = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def linear(part: float) -> float:
    """Return a channel of sRGB, from 0 to 1, as light."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _product(rows: tuple[_Vector, ...], vector: _Vector) -> _Vector:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows)
    return first, second, third
