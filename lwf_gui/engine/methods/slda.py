"""Streaming linear discriminant analysis: class means and one covariance of all classes, from one pass over the images.

    S     = sum_n x_n x_n^T - sum_k n_k mu_k mu_k^T                 within-class scatter
    P     = [(1 - epsilon) S / N + epsilon I]^-1                    shrunk precision
    w_k   = P mu_k,   b_k = -mu_k . P mu_k / 2

Where every class is normal with the same covariance, w_k . x + b_k is the log posterior of class k, up to a constant.
The paper updates the covariance image by image, around means that still move; here it comes of sums, and so is that of
all images at the end, in whatever order they came. Published settings: epsilon = 1e-4, one pass, a frozen ResNet-18.

Source: Hayes & Kanan 2020, "Lifelong machine learning with deep streaming linear discriminant analysis" (1909.01520).
"""

from __future__ import annotations

import torch
from torch import Tensor

from lwf_gui.engine.methods.analytic import Analytic, linear_head
from lwf_gui.engine.methods.base import Means
from lwf_gui.engine.methods.ncm import add_classes, class_means
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import Slda as Settings


class Slda(Analytic):
    """Sums the features of every class, and the products of all features with each other, in float64."""

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._shrinkage = settings.shrinkage

    def learn(self, features: Tensor, targets: Tensor) -> None:
        """Add to the classes' sums and to the second moment."""
        add_moments(self.sums, features, targets, self.classes)

    def solve(self) -> dict[str, Tensor]:
        """Return the linear head of the shrunk covariance."""
        means, units = class_means(self.sums)
        return discriminants(means, units, within_covariance(self.sums), self._shrinkage)

    def means(self) -> Means:
        """Return the means of all classes so far."""
        means, units = class_means(self.sums)
        return Means(units, means)


def add_moments(sums: Sums, features: Tensor, targets: Tensor, classes: int) -> None:
    """Add to "count" and "sum" of every class, and to the "moment" of all, shape (D, D), in float64."""
    add_classes(sums, features, targets, classes)
    x = features.double()
    sums.mine("moment", (x.shape[1], x.shape[1]), torch.float64, x.device).addmm_(x.T, x)


def within_covariance(sums: Sums) -> Tensor:
    """Return S / N, shape (D, D), of sums with "moment", "sum" and "count"."""
    means, units = class_means(sums)
    count = sums["count"][units]
    between = (means * count[:, None]).T @ means
    return (sums["moment"] - between) / count.sum()


def discriminants(means: Tensor, units: Tensor, covariance: Tensor, shrinkage: float) -> dict[str, Tensor]:
    """Return the linear head of class means, shape (units, D), with one covariance, shape (D, D), shrunk."""
    shrunk = (1 - shrinkage) * covariance
    shrunk.diagonal().add_(shrinkage)
    weight = torch.cholesky_solve(means.T, torch.linalg.cholesky(shrunk)).T
    return linear_head(weight, -(means * weight).sum(1) / 2, units)
