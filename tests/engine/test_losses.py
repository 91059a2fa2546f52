"""Losses and their gradients against the same formulas written out in float64 numpy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.engine.losses import LossTerms, cross_entropy, distillation_loss, lwf_terms, notebook_test_loss
from lwf_gui.engine.methods import kind_of, make
from lwf_gui.engine.methods.base import Terms
from lwf_gui.engine.networks import Network, expand_head, initialise
from lwf_gui.messages import TERMS
from lwf_gui.methods import METHODS
from lwf_gui.recipe import LiveSettings, Recipe
from tests.engine.contexts import context_of, small_tasks, step_of

Array = NDArray[np.float64]
Scope = Literal["all", "new"]

SETTINGS = LiveSettings(alpha=1.0, temperature=2.0, scale_t2=True, ce_scope="all", lr=0.01, backbone_frozen=False)


# ---- the formulas, independent of torch


def log_softmax(z: Array) -> Array:
    peak = z.max(axis=1, keepdims=True)
    shifted = z - peak
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


class Expected(NamedTuple):
    ce: float
    kd: float
    kl: float
    total: float
    gradient: Array  # of total, with respect to the student's logits


def expected(z: Array, y: NDArray[np.int64], s: Array, live_settings: LiveSettings) -> Expected:
    """CE + alpha * T² * KD for logits z, labels y and teacher logits s, and the gradient by hand; KD and KL in nats."""
    n, k, t = len(z), s.shape[1], live_settings.temperature
    first = k if live_settings.ce_scope == "new" else 0
    log_scope = log_softmax(z[:, first:])
    ce = -np.mean([log_scope[i, y[i] - first] for i in range(n)])
    gradient = np.zeros_like(z)
    gradient[:, first:] = np.exp(log_scope) / n
    gradient[np.arange(n), y] -= 1 / n
    log_p, log_q = log_softmax(s / t), log_softmax(z[:, :k] / t)
    p, q = np.exp(log_p), np.exp(log_q)
    size = t**2 if live_settings.scale_t2 else 1.0
    kd = -(p * log_q).sum(axis=1).mean()
    kl = np.where(p > 0, p * (log_p - log_q), 0.0).sum(axis=1).mean()
    gradient[:, :k] += live_settings.alpha * size * (q - p) / (t * n)
    return Expected(float(ce), float(kd), float(kl), float(ce + live_settings.alpha * size * kd), gradient)


def random_case(seed: int, spread: float) -> tuple[Array, NDArray[np.int64], Array]:
    """Return logits, labels and teacher logits of 1 to 8 images, 1 to 6 old and 1 to 5 new classes."""
    rng = np.random.default_rng(seed)
    n, k, new = rng.integers((1, 1, 1), (9, 7, 6))
    z = rng.standard_normal((n, k + new)).astype(np.float32).astype(np.float64) * spread
    s = rng.standard_normal((n, k)).astype(np.float32).astype(np.float64) * spread
    return z, rng.integers(k, k + new, n), s


def tensor(array: NDArray[Any], dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.from_numpy(array).to(dtype)


def terms_of(method: str, z: Tensor, y: Tensor, s: Tensor, live_settings: LiveSettings) -> Terms:
    """Return the terms of a method's loss on images of which the first half are the new task's."""
    made = make(method, Recipe.model_validate({"learners": [method]}))
    return made.losses(context_of(z, y, s, live_settings, new=-(-len(z) // 2)))


def number(scalar: Tensor) -> float:
    return float(scalar.detach())


def gradient(total: Tensor, z: Tensor) -> Tensor:
    (found,) = torch.autograd.grad(total, z)
    return found


some_cases = {"seed": st.integers(0, 2**32 - 1), "spread": st.sampled_from([0.0, 0.1, 1.0, 10.0, 300.0])}
some_settings = st.builds(
    LiveSettings,
    alpha=st.one_of(st.just(0.0), st.floats(0.01, 100)),
    temperature=st.floats(0.1, 100),
    scale_t2=st.booleans(),
    ce_scope=st.sampled_from(("all", "new")),
    lr=st.just(0.01),
    backbone_frozen=st.just(False),
)


# ---- loss and gradient


@given(**some_cases, live_settings=some_settings)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_terms_and_gradient_equal_the_formula(seed: int, spread: float, live_settings: LiveSettings) -> None:
    z, y, s = random_case(seed, spread)
    student = tensor(z).requires_grad_()
    terms = lwf_terms(student, tensor(y, torch.int64), tensor(s), live_settings)
    wanted = expected(student.detach().double().numpy(), y, tensor(s).double().numpy(), live_settings)
    # float32 keeps 24 bits of logits up to 1,200 / T, and as many of the sums
    size = live_settings.temperature**2 if live_settings.scale_t2 else 1.0
    unit = 2.0**-22 * max(1.0, 4 * spread / min(1.0, live_settings.temperature))
    for name, scale in (("ce", 1.0), ("kd", 1.0), ("kl", 1.0), ("total", 1 + live_settings.alpha * size)):
        value, want = number(getattr(terms, name)), float(getattr(wanted, name))
        assert value == pytest.approx(want, rel=1e-5, abs=8 * unit * scale), name
    found = gradient(terms.total, student).double().numpy()
    allowed = 8 * unit * (1 + live_settings.alpha * size / live_settings.temperature)
    np.testing.assert_allclose(found, wanted.gradient, rtol=1e-4, atol=allowed)


@given(**some_cases, temperature=st.floats(0.1, 100), scale_t2=st.booleans())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_distillation_loss_in_float64_equals_the_formula_to_ten_digits(
    seed: int, spread: float, temperature: float, scale_t2: bool
) -> None:
    z, y, s = random_case(seed, spread)
    live_settings = replace(SETTINGS, temperature=temperature, scale_t2=scale_t2, ce_scope="new")
    wanted = expected(z, y, s, live_settings)
    student = tensor(z[:, : s.shape[1]], torch.float64).requires_grad_()
    loss = distillation_loss(student, tensor(s, torch.float64), temperature, scale_t2=scale_t2)
    assert number(loss) == pytest.approx(live_settings.kd_factor * wanted.kd, rel=1e-10, abs=1e-10)
    kd_gradient = wanted.gradient[:, : s.shape[1]]  # CE has none there: its scope is the new classes
    np.testing.assert_allclose(gradient(loss, student).numpy(), kd_gradient, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("temperature", [0.1, 1.0, 2.0])
@pytest.mark.parametrize("scope", ["all", "new"])
def test_gap_of_a_thousand_gives_exact_finite_numbers(temperature: float, scope: Scope) -> None:
    """The notebook's log(softmax) is minus infinity here."""
    z = np.array([[0.0, 1000.0, 0.0, 1000.0], [1000.0, 0.0, 0.0, 0.0]])
    s = np.array([[1000.0, 0.0], [1000.0, 0.0]])
    y = np.array([2, 3])
    live_settings = replace(SETTINGS, temperature=temperature, ce_scope=scope)
    student = tensor(z).requires_grad_()
    terms = lwf_terms(student, tensor(y, torch.int64), tensor(s), live_settings)
    wanted = expected(z, y, s, live_settings)
    assert wanted.kd == pytest.approx(1000 / temperature / 2)
    assert [number(term) for term in terms] == pytest.approx([wanted.ce, wanted.kd, wanted.kl, wanted.total])
    np.testing.assert_allclose(gradient(terms.total, student).numpy(), wanted.gradient, rtol=1e-5, atol=1e-6)


def test_one_pair_of_logits_by_hand() -> None:
    """Teacher (3/4, 1/4), student (1/2, 1/2): KD = ln 2, as for any teacher; KL = ln 2 less the teacher's entropy."""
    student, teacher = torch.zeros(1, 2), torch.tensor([[np.log(3.0), 0.0]], dtype=torch.float32)
    assert number(distillation_loss(student, teacher, 1.0, scale_t2=True)) == pytest.approx(np.log(2))
    terms = lwf_terms(torch.zeros(1, 3), torch.tensor([2]), teacher, replace(SETTINGS, temperature=1.0))
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert number(terms.kl) == pytest.approx(np.log(2) - entropy)
    assert number(terms.ce) == pytest.approx(np.log(3))


def test_columns_of_the_record_are_the_terms_in_order() -> None:
    assert LossTerms._fields == TERMS


# ---- KL


@given(**some_cases, live_settings=some_settings)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_kl_is_never_negative_beyond_rounding(seed: int, spread: float, live_settings: LiveSettings) -> None:
    z, y, s = random_case(seed, spread)
    terms = lwf_terms(tensor(z), tensor(y, torch.int64), tensor(s), live_settings)
    assert number(terms.kl) >= -1e-6 * (number(terms.kd) + 1)


@given(**some_cases, live_settings=some_settings)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_kl_is_zero_for_a_student_that_answers_as_the_teacher(
    seed: int, spread: float, live_settings: LiveSettings
) -> None:
    z, y, s = random_case(seed, spread)
    z[:, : s.shape[1]] = s
    terms = lwf_terms(tensor(z), tensor(y, torch.int64), tensor(s), live_settings)
    assert number(terms.kl) == 0.0
    assert number(terms.kd) >= 0.0


@given(**some_cases, live_settings=some_settings)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_the_teachers_entropy_is_never_above_the_logarithm_of_its_classes(
    seed: int, spread: float, live_settings: LiveSettings
) -> None:
    z, y, s = random_case(seed, spread)
    terms = lwf_terms(tensor(z), tensor(y, torch.int64), tensor(s), live_settings)
    entropy = number(terms.kd) - number(terms.kl)
    assert -1e-6 * (1 + number(terms.kd)) <= entropy <= np.log(s.shape[1]) + 1e-6 * (1 + number(terms.kd))


@given(**some_cases, live_settings=some_settings)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_what_is_minimised_has_the_bits_that_the_formula_with_t2_inside_kd_had(
    seed: int, spread: float, live_settings: LiveSettings
) -> None:
    """KD and KL are told in nats; training goes on as it did when they had the factor T²."""
    z, y, s = random_case(seed, spread)
    now, then = tensor(z).requires_grad_(), tensor(z).requires_grad_()
    total = lwf_terms(now, tensor(y, torch.int64), tensor(s), live_settings).total
    kd = distillation_loss(then[:, : s.shape[1]], tensor(s), live_settings.temperature, scale_t2=live_settings.scale_t2)
    before = cross_entropy(then, tensor(y, torch.int64), s.shape[1], live_settings.ce_scope)
    before = before + live_settings.alpha * kd if live_settings.alpha > 0 else before
    assert torch.equal(total, before)
    assert torch.equal(gradient(total, now), gradient(before, then))


# ---- what enters which term


def case() -> tuple[Tensor, Tensor, Tensor]:
    z, y, s = random_case(7, 2.0)
    assert s.shape[1] > 1
    assert z.shape[1] - s.shape[1] > 1
    return tensor(z), tensor(y, torch.int64), tensor(s)


def test_new_class_logits_do_not_enter_the_distillation_loss() -> None:
    z, y, s = case()
    k = s.shape[1]
    moved = z.clone()
    moved[:, k:] += torch.linspace(-50, 50, z.shape[1] - k)
    before, after = lwf_terms(z, y, s, SETTINGS), lwf_terms(moved, y, s, SETTINGS)
    assert torch.equal(before.kd, after.kd)
    assert torch.equal(before.kl, after.kl)
    assert not torch.equal(before.ce, after.ce)
    student = z.clone().requires_grad_()
    by_kd = gradient(lwf_terms(student, y, s, SETTINGS).kd, student)
    assert not by_kd[:, k:].any()
    assert by_kd[:, :k].abs().sum() > 1e-3


def test_scope_new_leaves_the_old_logits_out_of_the_cross_entropy() -> None:
    z, y, s = case()
    k = s.shape[1]
    student = z.clone().requires_grad_()
    by_new = gradient(cross_entropy(student, y, k, "new"), student)
    assert not by_new[:, :k].any()
    assert by_new[:, k:].abs().sum() > 1e-3
    by_all = gradient(cross_entropy(student, y, k, "all"), student)
    assert (by_all[:, :k] > 0).all()  # every step pushes every old class down: recency bias


def test_switch_multiplies_the_distillation_loss_within_the_total_by_t_squared_and_kd_and_kl_stay_nats() -> None:
    z, y, s = case()
    live_settings = replace(SETTINGS, temperature=3.0)
    scaled, plain = lwf_terms(z, y, s, live_settings), lwf_terms(z, y, s, replace(live_settings, scale_t2=False))
    assert torch.equal(scaled.kd, plain.kd)
    assert torch.equal(scaled.kl, plain.kl)
    assert number(scaled.total - scaled.ce) == pytest.approx(9 * number(plain.total - plain.ce), rel=1e-5)


def test_alpha_zero_gives_cross_entropy_and_its_gradient_to_the_last_bit() -> None:
    z, y, s = case()
    student, plain = z.clone().requires_grad_(), z.clone().requires_grad_()
    terms = lwf_terms(student, y, s, replace(SETTINGS, alpha=0.0))
    alone = torch.nn.functional.cross_entropy(plain, y)
    assert torch.equal(terms.total, alone)
    assert torch.equal(gradient(terms.total, student), gradient(alone, plain))
    assert number(terms.kd) > 0  # measured all the same
    assert not terms.kd.requires_grad


def test_alpha_weighs_the_distillation_loss() -> None:
    z, y, s = case()
    for alpha in (0.5, 20.0):
        terms = lwf_terms(z, y, s, replace(SETTINGS, alpha=alpha))
        assert number(terms.total) == pytest.approx(number(terms.ce) + alpha * SETTINGS.kd_factor * number(terms.kd))


def test_objectives_of_fine_tuning_and_of_lwf_with_alpha_zero_are_the_same_bits() -> None:
    z, y, s = case()
    student, tuned = z.clone().requires_grad_(), z.clone().requires_grad_()
    lwf = terms_of("lwf", student, y, s, replace(SETTINGS, alpha=0.0))
    fine_tune = terms_of("fine-tune", tuned, y, s, replace(SETTINGS, alpha=7.0))
    assert all(torch.equal(lwf[term], fine_tune[term]) for term in TERMS)
    assert torch.equal(gradient(lwf["total"], student), gradient(fine_tune["total"], tuned))
    assert number(terms_of("lwf", z, y, s, SETTINGS)["total"]) > number(fine_tune["total"])


@pytest.mark.parametrize("name", METHODS)
def test_every_method_minimises_a_finite_loss(name: str) -> None:
    base, later = small_tasks()
    random = torch.Generator().manual_seed(0)
    teacher = Network(nn.Flatten(), nn.Linear(4, 2))
    initialise(teacher, random)
    method = make(name, Recipe.model_validate({"learners": [name]}))
    method.end_task(base, teacher)
    method.begin_task(later)
    student = expand_head(teacher, 2, "none", random)
    context = step_of(method, later, student, teacher, SETTINGS, torch.arange(8))
    terms = method.losses(context)
    assert tuple(terms) == kind_of(name).terms
    if kind_of(name).trains in ("nothing", "others"):
        assert not terms["total"].requires_grad
    else:
        assert gradient(terms["total"], student.classifier.weight).abs().sum() > 1e-3
    assert all(torch.isfinite(term) for term in terms.values())


def test_half_precision_logits_are_computed_in_float32() -> None:
    z, y, s = (part.bfloat16() if part.is_floating_point() else part for part in case())
    half, full = lwf_terms(z, y, s, SETTINGS), lwf_terms(z.float(), y, s.float(), SETTINGS)
    for of_half, of_full in zip(half, full, strict=True):
        assert of_half.dtype is torch.float32
        assert torch.equal(of_half, of_full)


@pytest.mark.parametrize("alpha", [0.0, 0.9, 1.0])
def test_notebooks_test_loss_weighs_ce_by_alpha_and_kd_by_the_rest(alpha: float) -> None:
    z, y, s = case()
    live_settings = replace(SETTINGS, alpha=alpha)
    wanted = expected(z.double().numpy(), y.numpy(), s.double().numpy(), live_settings)
    loss = number(notebook_test_loss(z, y, s, live_settings))
    assert loss == pytest.approx(alpha * wanted.ce + (1 - alpha) * live_settings.kd_factor * wanted.kd, rel=1e-5)
    assert loss != pytest.approx(wanted.total, rel=1e-2)
