"""Probe images in one picture: a PNG of grey values as a data URI, made of nothing but zlib."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

BORDER = 1
"""Pixels around every image that repeat its edge, so that a scaled one has none of its neighbours' colours."""

MOST_PIXELS = 48
"""Of an image's side: larger ones are made smaller."""


def sprite(images: NDArray[np.uint8], peak: int) -> dict[str, object]:
    """Return images, shape (N, H, W), in grey values up to ``peak``, as a page takes them: 0 is the background.

    Returns
    -------
    ``uri`` of the picture, ``columns`` and ``rows`` of images in it, ``width`` and ``height`` in pixels of each with
    its ``border``
    """
    small = _smaller(images)
    grey = np.clip(small.astype(np.float32) * (255 / max(1, peak)), 0, 255).round().astype(np.uint8)
    cells = np.pad(grey, ((0, 0), (BORDER, BORDER), (BORDER, BORDER)), mode="edge")
    count, height, width = cells.shape
    columns = max(1, round((count * height / width) ** 0.5))
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width), np.uint8)
    sheet[:count] = cells
    whole = sheet.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    uri = "data:image/png;base64," + base64.b64encode(png(whole)).decode("ascii")
    return {"uri": uri, "columns": columns, "rows": rows, "width": width, "height": height, "border": BORDER}


def _smaller(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return images of at most `MOST_PIXELS` on a side: of larger ones, evenly spread pixels."""
    height, width = images.shape[1:]
    if max(height, width) <= MOST_PIXELS:
        return images
    rows, columns = (np.linspace(0, side - 1, min(side, MOST_PIXELS)).round().astype(int) for side in (height, width))
    small: NDArray[np.uint8] = images[:, rows][:, :, columns]
    return small


def png(grey: NDArray[np.uint8]) -> bytes:
    """Return a picture, shape (H, W), as a PNG file of 8-bit grey values.

    Source: PNG specification, third edition, sections 5 and 9: every row begins with its filter, here 1 ("sub": the
    difference to the pixel on the left), which flat backgrounds are small with.
    """
    height, width = grey.shape
    differences = np.diff(grey, axis=1, prepend=np.uint8(0))
    rows = np.concatenate([np.ones((height, 1), np.uint8), differences.astype(np.uint8)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
