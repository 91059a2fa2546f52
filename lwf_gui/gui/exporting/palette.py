"""The colours of a GIF, which has 256: flat ones exactly as they are, those of images as near as can be.

Nothing is dithered: the noise of it flickers from frame to frame, and makes files large.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

COLOURS = 255
EXACT = 160
"""Colours taken as they are, those that cover most first; greys of images and edges of letters share the rest."""


def palette_of(frames: Sequence[Image.Image]) -> Image.Image:
    """Return a picture that holds the palette for frames like these, for `Image.quantize`."""
    pixels = np.concatenate([np.asarray(frame.convert("RGB")).reshape(-1, 3) for frame in frames])
    codes = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, counts = np.unique(codes, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    # Pillow looks colours up by cells of four shades a channel: of such neighbours it may take any for all.
    _, first = np.unique(found[order] & 0xFCFCFC, return_index=True)
    order = order[np.sort(first)]
    exact, rest = found[order[:EXACT]], found[order[EXACT:]]
    colours = [*_split(exact).tolist(), *_mean_colours(_split(rest), COLOURS - len(exact))]
    palette = Image.new("P", (1, 1))
    flat = [value for colour in colours for value in colour]
    palette.putpalette(flat + flat[:3] * (256 - len(colours)))
    return palette


def in_palette(frame: Image.Image, palette: Image.Image) -> Image.Image:
    """Return a frame in the nearest colours of a palette."""
    return frame.quantize(palette=palette, dither=Image.Dither.NONE)


def _split(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return colours, shape (n, 3), of numbers."""
    return np.stack([codes >> 16 & 255, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)


def _mean_colours(colours: NDArray[np.uint8], most: int) -> list[list[int]]:
    """Return so many colours that stand for these."""
    if not len(colours):
        return []
    chosen = Image.fromarray(colours[None]).quantize(most, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    flat = (chosen.getpalette() or [])[: 3 * most]
    return [flat[at : at + 3] for at in range(0, len(flat), 3)]
