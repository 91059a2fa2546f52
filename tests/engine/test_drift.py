"""LwF with learnable drift compensation: the map, and what of the statistics goes through it."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.base import image_bytes
from lwf_gui.engine.methods.lwf_ldc import LwfLdc, drift
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch
from lwf_gui.messages import Progress, Steps
from lwf_gui.method_rows.statistics import LwfLdc as LwfLdcSettings
from lwf_gui.recipe import Recipe
from tests.engine.lab import Lab
from tests.engine.test_statistics import SIDE, answers_of, learnt, queries, task

WIDTH = 6


def linear_network(seed: int) -> Network:
    """Return a network whose features are a linear map of the pixels."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        backbone = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(SIDE * SIDE, WIDTH))
        return Network(backbone, torch.nn.Linear(WIDTH, 4))


def changed(network: Network) -> Network:
    """Return the same network after its features have gone through a linear map."""
    made = copy.deepcopy(network)
    layer = made.backbone[1]  # type: ignore[index]
    with torch.no_grad():
        mix = torch.randn(WIDTH, WIDTH, generator=torch.Generator().manual_seed(5)) / 3 + torch.eye(WIDTH)
        layer.weight.copy_(mix @ layer.weight)
        layer.bias.copy_(mix @ layer.bias + 0.5)
    return made


def taught(moved: str, first: Network, second: Network, *, past: bool = True) -> LwfLdc:
    recipe = Recipe.model_validate(
        {"learners": ["lwf-ldc"], "lwf_ldc": {"moved": moved, "ridge": 1e-9, "shrinkage": 1e-4}}
    )
    method = make("lwf-ldc", recipe)
    assert isinstance(method, LwfLdc)
    base, later = task(0), task(1)
    method.end_task(base, first)
    method.begin_task(later)
    method.end_task(replace(later, past=(base.train,) if past else ()), second)
    return method


def test_the_map_is_the_ridge_regression_towards_the_identity() -> None:
    random = np.random.default_rng(0)
    x, noise = random.normal(2, 1, (200, WIDTH)), random.normal(0, 0.1, (200, WIDTH))
    y = x @ random.normal(0, 1, (WIDTH, WIDTH)) + 1 + noise
    pairs = ((torch.tensor(x[part]), torch.tensor(y[part])) for part in (slice(0, 77), slice(77, 200)))
    found = drift(pairs, 0.3)
    # The same as least squares with rows sqrt(lambda N) I, whose wanted values are those of the identity.
    centred, wanted = x - x.mean(0), y - y.mean(0)
    rows = np.sqrt(0.3 * 200) * np.eye(WIDTH)
    expected = np.linalg.lstsq(np.vstack((centred, rows)), np.vstack((wanted, rows)), rcond=None)[0].T
    assert found.weight.numpy() == pytest.approx(expected, abs=1e-9)
    assert found.bias.numpy() == pytest.approx(y.mean(0) - expected @ x.mean(0), abs=1e-9)
    rest = y - x @ expected.T - found.bias.numpy()
    assert found.rest.numpy() == pytest.approx(np.cov(rest.T, bias=True), abs=1e-9)


def test_what_no_map_can_tell_widens_the_covariance() -> None:
    """Where the new features are noise, the old classes' covariance is that of the noise, and not zero."""
    random = torch.Generator().manual_seed(0)
    settings = Recipe.model_validate({"learners": ["lwf-ldc"], "lwf_ldc": {"ridge": 1e-9}})
    method = make("lwf-ldc", settings)
    assert isinstance(method, LwfLdc)
    method.end_task(task(0), linear_network(1))
    x, noise = torch.randn(4000, WIDTH, generator=random), 3 * torch.randn(4000, WIDTH, generator=random)
    method._move(drift(iter([(x, noise)]), 1e-9))
    covariance = method.statistics["scatter"] / method.statistics["count"].sum()
    assert torch.allclose(covariance, 9 * torch.eye(WIDTH, dtype=torch.float64), atol=0.6)


def test_without_drift_it_is_the_discriminant_analysis_of_all_images() -> None:
    still = Network(torch.nn.Flatten(), torch.nn.Linear(SIDE * SIDE, 4))
    mine = answers_of(taught("all", still, still), still, queries())
    theirs = answers_of(learnt("slda"), still, queries())
    assert mine == pytest.approx(theirs, rel=1e-5, abs=1e-4 * np.abs(theirs).max())


def test_after_a_linear_drift_moved_statistics_are_those_of_the_oracle() -> None:
    first = linear_network(1)
    second = changed(first)
    moved, oracle, behind, means = (taught(how, first, second) for how in ("all", "oracle", "none", "means"))
    for name in ("count", "mean", "scatter"):
        there = oracle.statistics[name]
        assert torch.allclose(moved.statistics[name], there, rtol=1e-3, atol=1e-3 * float(there.abs().max())), name
    assert not torch.allclose(behind.statistics["mean"], oracle.statistics["mean"], atol=0.1)
    assert torch.allclose(means.statistics["mean"], moved.statistics["mean"])
    assert torch.equal(means.statistics["scatter"], behind.statistics["scatter"])


@pytest.mark.parametrize("moved", ["none", "means", "all"])
def test_only_the_oracle_looks_at_earlier_images(moved: str) -> None:
    first = linear_network(1)
    with_past, without = (taught(moved, first, changed(first), past=past) for past in (True, False))
    for name, value in with_past.statistics.items():
        assert torch.equal(without.statistics[name], value)


def test_the_oracle_says_that_it_needs_all_images() -> None:
    first = linear_network(1)
    moved, oracle = (taught(how, first, changed(first)) for how in ("all", "oracle"))
    images = sum(image_bytes(task(number).train) for number in (0, 1))
    assert oracle.stored_bytes == moved.stored_bytes + images
    again = make("lwf-ldc", Recipe.model_validate({"learners": ["lwf-ldc"], "lwf_ldc": {"moved": "oracle"}}))
    again.load_state(oracle.state())
    assert again.stored_bytes == oracle.stored_bytes


def test_the_networks_own_head_answers_from_the_first_step_of_a_task_to_its_last() -> None:
    wanted = 'learners=[{method="lwf-ldc", backbone_rate=1}, {method="lwf", name="labels", ce_scope="new"}]'
    ran = Lab().run(wanted, "train.probe_every=1")
    probes = ran.probes()
    last = max(probes)
    for step, probe in probes.items():
        own, plain = probe.logits
        assert np.array_equal(own, plain) == (0 < step < last), step


@pytest.mark.parametrize(("features", "layer", "convolutions"), [("conv", 0, 1), ("fc", 1, 0), ("fc+conv", 1, 1)])
def test_statistics_are_of_the_layers_that_are_asked_for_where_there_are_any(
    features: str, layer: int, convolutions: int
) -> None:
    for network, width in (("cnn", 32 * layer + 32 * 4 * 4 * convolutions), ("mlp", 32)):
        changes = (f"model.network={network}", "train.probe_every=1", f"lwf_ldc.features={features}")
        ran = Lab().run('learners=["lwf-ldc", "lwf-labels"]', *changes)
        method = ran.learners["lwf-ldc"].method
        assert isinstance(method, LwfLdc)
        assert method.statistics["scatter"].shape == (width, width)
        assert ran.summary["learners"]["lwf-ldc"]["class_incremental"]["average"] > 0.5


def test_what_new_images_do_not_show_is_learnt_from_images_that_are_mixed_from_them() -> None:
    """Half of every new image is black, so that what changes there shows on old images alone, and on mixed ones."""
    pixel_count = SIDE * SIDE
    backbone = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(pixel_count, pixel_count))
    first = Network(backbone, torch.nn.Linear(pixel_count, 4))
    second, new = copy.deepcopy(first), task(1)
    mix = torch.randn(pixel_count, pixel_count, generator=torch.Generator().manual_seed(3)) / 10
    with torch.no_grad():
        first.backbone[1].weight.copy_(torch.eye(pixel_count))  # type: ignore[index]
        second.backbone[1].weight.copy_(torch.eye(pixel_count) + mix)  # type: ignore[index]
    pixels = new.train.pixels.clone()
    pixels[..., SIDE // 2 :] = 0
    new = replace(new, train=replace(new.train, pixels=pixels))
    away = {}
    for mixed in (0, 3000):
        method = make("lwf-ldc", Recipe.model_validate({"learners": ["lwf-ldc"], "lwf_ldc": {"mixed": mixed}}))
        assert isinstance(method, LwfLdc)
        method.end_task(task(0), first)
        method.begin_task(new)
        method.end_task(new, second)
        old = Batch(task(0).train, torch.arange(len(task(0).train)))
        with torch.no_grad():
            there = second.backbone(old.images).double()
        means = torch.stack([there[old.targets == unit].mean(0) for unit in range(2)])
        away[mixed] = float((method.statistics["mean"][:2] - means).norm())
    assert away[3000] < away[0] / 2


def test_the_backbone_learns_at_its_share_of_the_learning_rate() -> None:
    shares = LwfLdc(LwfLdcSettings(backbone_rate=0.25), 0).shares(network := linear_network(1))
    assert {shares[weight] for weight in network.backbone.parameters()} == {0.25}
    assert not shares.keys() & set(network.classifier.parameters())


def test_people_are_told_what_takes_its_time_when_a_task_is_over() -> None:
    ran = Lab().run('learners=["lwf-ldc", "ewc", "lwf"]', "task2.epochs=1", "train.probe_every=1")
    told = [message.what for message in ran.messages if isinstance(message, Progress)]
    assert told[-2:] == ["LwF + LDC moves its statistics along", "EWC measures how much each weight matters"]
    last = max(place for place, message in enumerate(ran.messages) if isinstance(message, Progress))
    assert any(isinstance(message, Steps) for message in ran.messages[last:]), "which say that it is done"


def test_an_aliased_teacher_answers_on_the_last_hidden_layer_alone() -> None:
    ran = Lab().run('learners=["lwf-ldc"]', "model.network=cnn", "lwf.teacher=aliased", "train.probe_every=1")
    assert ran.probes()
