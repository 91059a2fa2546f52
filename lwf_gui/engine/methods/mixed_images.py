"""Mixed images: made of pairs of images, to learn from them what a network does beyond the images that it has.

A pair is mirrored, turned, stretched, sheared and shifted at random, put together in one of three ways (faded into each
other, the lighter of both at every place, or cut along a line), and made lighter or darker. What comes out looks like
no class; but its edges, surfaces and shapes are in between of all that the images have, and next to much that they
have not. Mixing two images so is known from training (mixup, Zhang et al. 2018, arXiv 1710.09412; CutMix, Yun et al.
2019, arXiv 1905.04899).
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from lwf_gui.engine.methods.analytic import exact
from lwf_gui.engine.tasks import Batch, Split

TURN, STRETCH, SHEAR, SHIFT = 0.6, 0.4, 0.3, 0.3
"""At most: radians, logarithm of the factor of a side, pixels aside per pixel, half sides."""
DARKEST, LIGHTEST = 0.4, 1.2
"""Factors of all grey values; what is lighter than white is white."""
WAYS = 3
"""Of putting two images together."""


def mixed_images(split: Split, count: int, size: int, random: torch.Generator) -> Iterator[Tensor]:
    """Yield ``count`` mixed images of a split, in batches of ``size``, each normalised, float32, shape (B, 1, H, W).

    The same of the same stream, on every device.
    """
    for begin in range(0, count, size):
        wanted = min(size, count - begin)
        chosen = [Batch(split, torch.randint(len(split), (wanted,), generator=random)).images for _ in range(2)]
        with exact(chosen[0]):  # half precision would move their pixels
            mixed = joined(moved(chosen[0], random), moved(chosen[1], random), random)
        yield mixed


def moved(images: Tensor, random: torch.Generator) -> Tensor:
    """Return images, each mirrored, turned, stretched, sheared and shifted at random, before a black ground."""
    turn, wide, high, shear, right, down = torch.rand(6, len(images), generator=random).mul_(2).sub_(1)
    turn, wide, high = TURN * turn, (STRETCH * wide).exp(), (STRETCH * high).exp()
    mirrored = torch.randint(2, (len(images),), generator=random) * 2 - 1
    rows = (
        torch.stack((mirrored * turn.cos() * wide, SHEAR * shear - turn.sin(), SHIFT * right), dim=1),
        torch.stack((mirrored * turn.sin(), turn.cos() * high, SHIFT * down), dim=1),
    )
    maps = torch.stack(rows, dim=1).to(images.device)
    places = functional.affine_grid(maps, list(images.shape), align_corners=False)
    return functional.grid_sample(images + 1, places, align_corners=False) - 1  # beyond the edge is 0: black is that


def joined(first: Tensor, second: Tensor, random: torch.Generator) -> Tensor:
    """Return images of two each: faded, the lighter of both, or cut along a line; then lighter or darker."""
    count, (height, width) = len(first), first.shape[-2:]
    draws = torch.rand(4, count, 1, 1, 1, generator=random).to(first.device)
    way = torch.randint(WAYS, (count, 1, 1, 1), generator=random).to(first.device)
    share, angle, off, light = draws[0], 2 * torch.pi * draws[1], draws[2] - 0.5, draws[3]
    y, x = (torch.linspace(-1, 1, side, device=first.device) for side in (height, width))
    cut = x * angle.cos() + y[:, None] * angle.sin() > off
    one, other = first + 1, second + 1  # from 0, black, to 2, white
    faded, lighter = share * one + (1 - share) * other, torch.maximum(one, other)
    both = torch.where(way == 0, faded, torch.where(way == 1, lighter, torch.where(cut, one, other)))
    return (both * (DARKEST + (LIGHTEST - DARKEST) * light)).clamp_(0, 2) - 1
