"""Linear CKA: how alike a layer sees some images as another network's did; and that one's principal axes.

Two networks may have quite different weights and yet see the same likenesses among images. Linear CKA, centred kernel
alignment (Kornblith et al. 2019, arXiv 1905.00414), asks for just that. Of N images let the rows of X, shape (N, p),
be what a layer of the one network makes of them, and those of Y, shape (N, q), what the other one's does, both with
their means over the images taken out. Then

    CKA = ||Y' X||_F^2 / (||X' X||_F ||Y' Y||_F)

Since ||Y' X||_F^2 = tr(X X' Y Y') = <X X', Y Y'>, the same is the cosine of two tables, K = X X' and L = Y Y', each of
shape (N, N): entry (i, j) of K says how alike the layer sees images i and j. So CKA compares likenesses and not single
units: it is 1 where one layer is the other one turned or made larger as a whole, and 0 where no likeness that the one
sees tells of any that the other sees. It is a similarity, and no part of anything. Of fewer images than units it is
somewhat too high, so compare figures of equally many images alone.

The points are the last hidden layer's features on two axes that stand still while a task is learnt: the first two
principal axes of what the teacher made of the same images as the task began (PCA: along the first one these differ
most, along the second one most of what is left). With Y = U S V', the axes are the first two columns of V; the part of
the variance along axis j is S_j^2 / sum S^2. The unit is the root mean square distance of the teacher's features from
their mean: what moves by 1 moves as far as an image is from the middle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

FLAT = 1e-6
"""A length that is so many times shorter than another one is what rounding left of zero."""


def table_of(values: Tensor) -> Tensor:
    """Return K = X X', float32, shape (N, N), of hidden values, shape (N, ...), centred over the images."""
    x = values.float().flatten(1)
    x = x - x.mean(0)
    return x @ x.T


@dataclass(frozen=True, eq=False)
class Reference:
    """What a teacher made of the old images as a task began.

    Attributes
    ----------
    tables : by hidden layer, L / ||L||_F, shape (N, N)
    centre, axes : shapes (p,) and (p, 2), of the last layer's features; the axes are as long as one unit is short
    variance : part of the features' variance along each axis
    """

    tables: list[Tensor]
    centre: Tensor
    axes: Tensor
    variance: tuple[float, float]

    @classmethod
    def of(cls, hidden: Sequence[Tensor]) -> Reference:
        """Return the reference of a teacher's hidden values, each of shape (N, ...)."""
        tables = [table_of(values) for values in hidden]
        features = hidden[-1].double()
        centre = features.mean(0)
        y = features - centre
        # Y Y' = U S^2 U' is much smaller than Y' Y, and gives the same axes: V = Y' U / S.
        squares, places = torch.linalg.eigh(y @ y.T)
        squares, places = squares[-2:].flip(0).clamp_min(0), places[:, -2:].flip(1)  # they come in rising order
        # An axis has no direction of its own: the image that is farthest along it shall be in front.
        ends = places.gather(0, places.abs().argmax(0, keepdim=True))
        axes = (y.T @ torch.where(ends < 0, -places, places)) / squares.sqrt()
        axes = torch.where(squares > FLAT**2 * squares[0], axes, 0.0)
        total = float(y.square().sum())
        unit = math.sqrt(total / len(features)) or math.nan
        one, other = (squares / (total or math.nan)).tolist()
        return cls([table / table.norm() for table in tables], centre, axes / unit, (one, other))

    def cka(self, hidden: Sequence[Tensor]) -> NDArray[np.float32]:
        """Return the linear CKA of hidden values with the teacher's, by layer."""
        tables = map(table_of, hidden)
        found = torch.stack([(k * ours).sum() / k.norm() for k, ours in zip(tables, self.tables, strict=True)])
        cka: NDArray[np.float32] = found.clamp(0, 1).cpu().numpy()  # rounding may leave 1.0000001
        return cka

    def points(self, features: Tensor) -> NDArray[np.float32]:
        """Return where features, shape (n, p), are on the axes, shape (n, 2); none at all where one has no place."""
        places: NDArray[np.float32] = ((features.double() - self.centre) @ self.axes).float().cpu().numpy()
        return places if np.isfinite(places).all() else np.full_like(places, np.nan)
