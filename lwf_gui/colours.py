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


_FROM_OKLAB: tuple[_Vector, ...] = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_CONES: tuple[_Vector, ...] = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
"""The way back."""


@functools.lru_cache(maxsize=4096)
def between(one: str, other: str, share: float) -> str:
    """Return the colour so far on the straight way from one to another in Oklab: equal shares look equally far."""
    first, second = _oklab(one), _oklab(other)
    lab = tuple(a + min(1.0, max(0.0, share)) * (b - a) for a, b in zip(first, second, strict=True))
    cones = tuple(part**3 for part in _product(_FROM_OKLAB, (lab[0], lab[1], lab[2])))
    light = _product(_FROM_CONES, (cones[0], cones[1], cones[2]))
    return "#" + "".join(f"{round(255 * _coded(part)):02x}" for part in light)


def _coded(light: float) -> float:
    """Return light as a channel of sRGB, from 0 to 1."""
    light = min(1.0, max(0.0, light))
    return 12.92 * light if light <= 0.0031308 else 1.055 * float(light ** (1 / 2.4)) - 0.055


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
