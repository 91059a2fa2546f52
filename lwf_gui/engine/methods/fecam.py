"""FeCAM: a covariance of its own for every class, and the Mahalanobis distance to the class means.

    x       <- sign(x) |x|^lambda                                               Tukey's power, image by image
    S_k     <- S_k + gamma_1 V_1 I + gamma_2 V_2 (1 - I)                         shrinkage
    R_k      = S_k,ij / sqrt(S_k,ii S_k,jj)                                      correlation
    logit_k  = -(x' - mu_k')^T R_k^-1 (x' - mu_k'),   x' = x / |x|, mu' = mu / |mu|

with V_1 the mean variance of class k and V_2 its mean covariance. Normalised to correlations, the covariances of old
and new classes, whose features vary more, can be compared. Published settings: lambda = 0.5, gamma_1 = gamma_2 = 1 for
many images a class. Of a class that was learnt W_k with W_k^T W_k = R_k^-1 is kept, shape (D, D), float32, and no
second moment: all that is asked of R_k is in it. Here means are those of the powers; the authors' code takes the power
of the means.

Source: Goswami, Liu, Twardowski & van de Weijer 2023, "FeCAM: exploiting the heterogeneity of class distributions in
exemplar-free continual learning" (2309.14062), eq. 4 to 8.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from lwf_gui.engine.methods.analytic import Analytic
from lwf_gui.engine.methods.base import Means
from lwf_gui.engine.methods.ncm import add_classes, class_means
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import Fecam as Settings


class Fecam(Analytic):
    """Sums features and their products class by class, in float64."""

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._tukey = settings.tukey
        self._gammas = settings.gamma1, settings.gamma2

    def learn(self, features: Tensor, targets: Tensor) -> None:
        """Add to sum and second moment of every class."""
        x = self._power(features)
        add_classes(self.sums, x, targets, self.classes)
        moments = self.sums.mine("moments", (self.classes, x.shape[1], x.shape[1]), torch.float64, x.device)
        for unit in set(targets.tolist()):
            own = x[targets == unit].double()
            moments[unit].addmm_(own.T, own)

    def _end_pass(self) -> None:
        super()._end_pass()
        self.sums.drop("moments")  # no image of these classes comes again

    def solve(self) -> dict[str, Tensor]:
        """Return unit means and W_k with W_k^T W_k = R_k^-1; what has not changed since the last time is taken over."""
        means, units = class_means(self.sums)
        counts = self.sums["count"][units]
        before = dict(zip(self.head.get("units", units[:0]).tolist(), range(len(units)), strict=False))
        whiten = means.new_empty(len(units), means.shape[1], means.shape[1], dtype=torch.float32)
        for row, unit in enumerate(units.tolist()):
            known = before.get(unit)
            if known is not None and self.head["counts"][known] == counts[row]:
                whiten[row] = self.head["whiten"][known]
            else:
                whiten[row] = self._whitening(self._covariance(unit, means[row], float(counts[row])))
        return {"means": functional.normalize(means).float(), "whiten": whiten, "counts": counts, "units": units}

    def score(self, features: Tensor) -> Tensor:
        """Return minus the squared Mahalanobis distances."""
        x = functional.normalize(self._power(features))
        rows = [
            -functional.linear(x - mean, whiten).square().sum(1)
            for mean, whiten in zip(self.head["means"], self.head["whiten"], strict=True)
        ]
        return torch.stack(rows, dim=1)

    def means(self) -> Means:
        """Return the means of the powers of all classes so far."""
        means, units = class_means(self.sums)
        return Means(units, means)

    def placed(self, features: Tensor) -> Tensor:
        """Return Tukey's powers."""
        return self._power(features.float())

    def _power(self, features: Tensor) -> Tensor:
        return features.sign() * features.abs() ** self._tukey

    def _covariance(self, unit: int, mean: Tensor, count: float) -> Tensor:
        """Return S_k, shape (D, D), shrunk; the identity for a class of a single image."""
        if count < 2:
            return torch.eye(len(mean), dtype=mean.dtype, device=mean.device)
        covariance = (self.sums["moments"][unit] - count * torch.outer(mean, mean)) / (count - 1)
        return shrunk(covariance, *self._gammas)

    @staticmethod
    def _whitening(covariance: Tensor) -> Tensor:
        """Return W, shape (D, D), with W^T W = R^-1, of the correlation R of a covariance."""
        spread = covariance.diagonal().clamp_min(1e-12).sqrt()
        correlation = covariance / torch.outer(spread, spread)
        factor, fault = torch.linalg.cholesky_ex(correlation)
        if fault:  # rounding: no correlation has an eigenvalue below 0
            correlation.diagonal().add_(1e-3)
            factor = torch.linalg.cholesky(correlation)
        identity = torch.eye(len(factor), dtype=factor.dtype, device=factor.device)
        inverse: Tensor = torch.linalg.solve_triangular(factor, identity, upper=False)
        return inverse


def shrunk(covariance: Tensor, gamma_1: float, gamma_2: float) -> Tensor:
    """Return a covariance, shape (D, D), with gamma_1 V_1 more on its diagonal and gamma_2 V_2 more beside it."""
    size, trace = len(covariance), covariance.trace()
    beside = (covariance.sum() - trace) / max(1, size * (size - 1))
    made = covariance + gamma_2 * beside
    made.diagonal().add_(gamma_1 * trace / size - gamma_2 * beside)
    return made
