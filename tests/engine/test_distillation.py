"""Methods that distil and store no image: their losses and gradients against formulas written out in numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.base import Method
from lwf_gui.engine.networks import Network, initialise
from lwf_gui.recipe import Recipe
from tests.engine.contexts import context_of, small_tasks
from tests.engine.test_losses import SETTINGS, expected

Array = NDArray[np.float64]


def method_of(name: str) -> Method:
    return make(name, Recipe.model_validate({"learners": [name]}))


def case(images: int = 5, old: int = 3, new: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """Return logits, labels of new classes, and the teacher's logits."""
    random = torch.Generator().manual_seed(1)
    z = 3 * torch.randn(images, old + new, generator=random)
    return z, torch.randint(old, old + new, (images,), generator=random), 3 * torch.randn(images, old, generator=random)


# ---- LwF with the labels trick


@pytest.mark.parametrize("scope", ["all", "new"])
def test_with_the_labels_trick_the_cross_entropy_is_over_the_new_classes_whatever_the_setting(scope: str) -> None:
    z, y, s = case()
    live = replace(SETTINGS, ce_scope=scope, alpha=1.5)  # type: ignore[arg-type]
    student = z.clone().requires_grad_()
    terms = method_of("lwf-labels").losses(context_of(student, y, s, live))
    wanted = expected(z.double().numpy(), y.numpy(), s.double().numpy(), replace(live, ce_scope="new"))
    assert [term.item() for term in terms.values()] == pytest.approx(list(wanted[:4]), rel=1e-5)
    (gradient,) = torch.autograd.grad(terms["total"], student)
    np.testing.assert_allclose(gradient.numpy(), wanted.gradient, atol=1e-6)


# ---- weight aligning


def head(rows: int) -> Network:
    network = Network(nn.Flatten(), nn.Linear(4, rows))
    initialise(network, torch.Generator().manual_seed(2))
    return network


def test_new_rows_become_as_long_as_the_old_ones_and_keep_their_direction() -> None:
    _, later = small_tasks()
    network = head(later.seen)
    before, bias = (part.detach().double().numpy().copy() for part in network.classifier.parameters())
    method_of("lwf-wa").end_task(later, network)
    after = network.classifier.weight.detach().double().numpy()
    lengths = np.sqrt((before**2).sum(axis=1))
    gamma = (lengths[0] + lengths[1]) / (lengths[2] + lengths[3])
    assert abs(gamma - 1) > 0.05
    np.testing.assert_array_equal(after[:2], before[:2])
    np.testing.assert_allclose(after[2:], gamma * before[2:], rtol=1e-5)
    np.testing.assert_array_equal(network.classifier.bias.detach().double().numpy(), bias)


def test_the_base_task_is_not_aligned() -> None:
    base, _ = small_tasks()
    network = head(base.seen)
    before = network.classifier.weight.detach().clone()
    method_of("lwf-wa").end_task(base, network)
    assert torch.equal(network.classifier.weight, before)


def test_the_head_has_no_negative_weight_after_a_step_and_nothing_else_is_clipped() -> None:
    z, y, s = case(new=1, old=3)
    context = context_of(z, y, s, SETTINGS)
    initialise(context.network, torch.Generator().manual_seed(2))
    weight, bias = (part.detach().clone() for part in context.network.classifier.parameters())
    assert (weight < 0).any()
    assert (bias < 0).any()
    method_of("lwf-wa").after_step(context)
    assert torch.equal(context.network.classifier.weight, torch.where(weight > 0, weight, torch.zeros(())))
    assert torch.equal(context.network.classifier.bias, bias)


# ---- LwF.MC


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def of_sigmoids(z: Array, y: NDArray[np.int64], s: Array, alpha: float) -> tuple[float, float, Array]:
    """Return bce, bkd and the gradient of bce + alpha * bkd, image by image and class by class."""
    n, k = len(z), s.shape[1]
    bce = bkd = 0.0
    gradient = np.zeros_like(z)
    for i in range(n):
        for j in range(z.shape[1]):
            q = float(sigmoid(z[i, j]))
            t = float(sigmoid(s[i, j])) if j < k else float(y[i] == j)
            loss = -t * np.log(q) - (1 - t) * np.log(1 - q)
            gradient[i, j] = (q - t) / n * (alpha if j < k else 1.0)
            bce, bkd = (bce, bkd + loss / n) if j < k else (bce + loss / n, bkd)
    return float(bce), float(bkd), gradient


@pytest.mark.parametrize("alpha", [0.0, 1.0, 2.5])
def test_lwf_mc_asks_new_classes_for_the_label_and_old_ones_for_the_teachers_sigmoid(alpha: float) -> None:
    z, y, s = case()
    student = z.clone().requires_grad_()
    terms = method_of("lwf-mc").losses(context_of(student, y, s, replace(SETTINGS, alpha=alpha)))
    bce, bkd, wanted = of_sigmoids(z.double().numpy(), y.numpy(), s.double().numpy(), alpha)
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(
        {"bce": bce, "bkd": bkd, "total": bce + alpha * bkd}, rel=1e-5
    )
    (gradient,) = torch.autograd.grad(terms["total"], student)
    np.testing.assert_allclose(gradient.numpy(), wanted, atol=1e-6)
