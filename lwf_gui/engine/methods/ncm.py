"""Nearest class mean: the class whose mean feature is nearest.

    logit_k = -|x - mu_k|^2 / 2 = mu_k . x - |mu_k|^2 / 2 - |x|^2 / 2

of which the last term is the same for all classes and left out. No setting was published: there is none.

Source: Mensink, Verbeek, Perronnin & Csurka 2013, "Distance-based image classification: generalizing to new classes at
near-zero cost" (TPAMI 35), for classes that come later; on features of a network in Rebuffi et al. 2017 (1611.07725).
"""

from __future__ import annotations

import torch
from torch import Tensor

from lwf_gui.engine.methods.analytic import Analytic, linear_head
from lwf_gui.engine.methods.base import Means
from lwf_gui.engine.methods.sums import Sums, one_hot


class Ncm(Analytic):
    """Sums the features of every class and counts its images."""

    def learn(self, features: Tensor, targets: Tensor) -> None:
        """Add to sum and count of every class."""
        add_classes(self.sums, features, targets, self.classes)

    def solve(self) -> dict[str, Tensor]:
        """Return the linear head that answers with the nearest mean."""
        means, units = class_means(self.sums)
        return linear_head(means, -means.square().sum(1) / 2, units)

    def means(self) -> Means:
        """Return the means of all classes so far."""
        means, units = class_means(self.sums)
        return Means(units, means)


def add_classes(sums: Sums, features: Tensor, targets: Tensor, classes: int) -> None:
    """Add to "count", shape (classes,), and "sum", shape (classes, D), of every class, in float64."""
    x, where = features.double(), features.device
    own = one_hot(targets, classes, torch.float64)
    sums.mine("count", (classes,), torch.float64, where).add_(own.sum(0))
    sums.mine("sum", (classes, x.shape[1]), torch.float64, where).addmm_(own.T, x)


def class_means(sums: Sums) -> tuple[Tensor, Tensor]:
    """Return the means, shape (units, D), float64, of the classes with an image, and these units, shape (units,)."""
    units = torch.nonzero(sums["count"]).flatten()
    return sums["sum"][units] / sums["count"][units, None], units
