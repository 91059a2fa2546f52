"""Heads made of statistics: each against its formula written out, and what all of them promise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from torch import Tensor

from lwf_gui import InputError
from lwf_gui.engine.compute.sgd import Sgd
from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.analytic import Analytic
from lwf_gui.engine.methods.base import Context, Method, Task
from lwf_gui.engine.methods.extractor import Extractor
from lwf_gui.engine.methods.ranpac import Ranpac, downhill
from lwf_gui.engine.networks import Network, build
from lwf_gui.engine.tasks import Batch, Split, generator
from lwf_gui.messages import Fork, Notice
from lwf_gui.method_rows.statistics import Features
from lwf_gui.methods import METHODS
from lwf_gui.recipe import LiveSettings, Recipe, compose
from tests.engine.lab import TINY, Lab, at, bits, same_bits
from tests.engine.test_methods import same_state

Array = NDArray[np.float64]

HEADS = ("ncm", "slda", "fecam", "ranpac")
CLASSES, SIDE = 4, 4


def network() -> Network:
    """Return a network whose backbone is the pixels, with an output for every class."""
    return Network(torch.nn.Flatten(), torch.nn.Linear(SIDE * SIDE, CLASSES))


def task(number: int, images: int = 120) -> Task:
    """Return a task of two classes, whose images are blots of different grey."""
    random = torch.Generator().manual_seed(number)
    targets = torch.randint(2 * number, 2 * number + 2, (images,), generator=random)
    centres = torch.randint(0, 200, (CLASSES, 1, SIDE, SIDE), generator=torch.Generator().manual_seed(7))
    noise = torch.randint(0, 56, (images, 1, SIDE, SIDE), generator=random)
    pixels = (centres[targets] + noise).to(torch.uint8)
    return Task(number, 2 * number, 2 * number + 2, Split(pixels, targets, 255))


def method_of(name: str, **settings: object) -> Analytic:
    recipe = Recipe.model_validate({"learners": [name]})
    changed = recipe.with_settings({f"{METHODS[name].key}.{key}": value for key, value in settings.items()})
    method = make(name, changed)
    assert isinstance(method, Analytic)
    return method


def shown(method: Analytic, of: Task, batches: Sequence[Tensor]) -> None:
    """Let a method see mini-batches of a task, as in steps."""
    net = network()
    live = Recipe().live_settings()
    for numbers in batches:
        method.after_step(step(method, of, numbers, net, live))


def step(method: Analytic, of: Task, numbers: Tensor, net: Network, live: LiveSettings) -> Context:
    batch = Batch(of.train, numbers)
    features = method.features(net, batch.images)
    logits = torch.zeros(len(numbers), CLASSES)
    return Context((batch,), logits, features, batch.targets, logits[:, :0], of, live, net)


def learnt(name: str, **settings: object) -> Analytic:
    """Return a method that has learnt two tasks."""
    method, (base, later) = method_of(name, **settings), (task(0), task(1))
    method.end_task(base, network())
    method.begin_task(later)
    shown(method, later, torch.split(torch.randperm(len(later.train)), 16))
    method.end_task(later, network())
    return method


def everything() -> tuple[Array, NDArray[np.int64]]:
    """Return features, shape (N, D), and labels of both tasks."""
    splits = [task(0).train, task(1).train]
    features = torch.cat([Batch(split, torch.arange(len(split))).images.flatten(1) for split in splits])
    return features.double().numpy(), torch.cat([split.targets for split in splits]).numpy()


def answers(method: Analytic, features: Array) -> Array:
    return answers_of(method, network(), features)


def answers_of(method: Method, net: Network, features: Array) -> Array:
    return method.answers(net, torch.tensor(features, dtype=torch.float32)).double().numpy()


def queries() -> Array:
    return np.random.default_rng(3).uniform(-1, 1, (50, SIDE * SIDE))


# ---- formulas


def test_nearest_class_mean_answers_with_the_nearest_mean() -> None:
    x, y = everything()
    means = np.stack([x[y == k].mean(0) for k in range(CLASSES)])
    distances = ((queries()[:, None] - means) ** 2).sum(2)
    logits = answers(learnt("ncm"), queries())
    assert (logits.argmax(1) == distances.argmin(1)).all()
    differences = logits[:, 1:] - logits[:, :1]  # what is the same for all classes is left out
    assert differences == pytest.approx(-(distances[:, 1:] - distances[:, :1]) / 2, abs=1e-4)


class Shrunk(BaseEstimator):  # type: ignore[misc]
    """The covariance of the paper for scikit-learn: (1 - epsilon) S + epsilon I."""

    def fit(self, x: Array, y: None = None) -> Shrunk:
        self.covariance_ = (1 - 1e-4) * np.cov(x.T, bias=True) + 1e-4 * np.eye(x.shape[1])
        return self


def test_streaming_lda_is_that_of_scikit_learn_on_the_same_features() -> None:
    x, y = everything()
    lda = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=Shrunk()).fit(x, y)
    expected = queries() @ lda.coef_.T + lda.intercept_ - np.log(lda.priors_)
    assert answers(learnt("slda"), queries()) == pytest.approx(expected, rel=1e-6, abs=1e-6 * np.abs(expected).max())


def test_fecam_measures_each_class_by_its_own_shrunk_correlation() -> None:
    x, y = everything()

    def power(values: Array) -> Array:
        return np.sign(values) * np.sqrt(np.abs(values))

    expected = np.empty((len(queries()), CLASSES))
    for k in range(CLASSES):
        own = power(x[y == k])
        covariance = np.cov(own.T)
        size = len(covariance)
        beside = covariance[~np.eye(size, dtype=bool)].mean()
        covariance = covariance + 2 * covariance.diagonal().mean() * np.eye(size) + 0.5 * beside * (1 - np.eye(size))
        spread = np.sqrt(covariance.diagonal())
        inverse = np.linalg.inv(covariance / np.outer(spread, spread))
        mean = own.mean(0) / np.linalg.norm(own.mean(0))
        for row, query in enumerate(power(queries())):
            away = query / np.linalg.norm(query) - mean
            expected[row, k] = -away @ inverse @ away
    method = learnt("fecam", gamma1=2.0, gamma2=0.5)
    assert answers(method, queries()) == pytest.approx(expected, rel=1e-4)


def ridge(hidden: Array, labels: NDArray[np.int64], power: int) -> Array:
    wanted = np.eye(CLASSES)[labels]
    return np.asarray(np.linalg.solve(hidden.T @ hidden + 10.0**power * np.eye(hidden.shape[1]), hidden.T @ wanted))


def test_ranpac_is_the_ridge_regression_of_all_images_above_its_random_layer() -> None:
    x, y = everything()
    method = learnt("ranpac", projection=60)
    assert isinstance(method, Ranpac)
    assert method._layer is not None
    layer = method._layer.double().numpy()
    weight = ridge(np.maximum(x @ layer, 0), y, method._exponent)
    expected = np.maximum(queries() @ layer, 0) @ weight
    assert answers(method, queries()) == pytest.approx(expected, abs=1e-3)


def test_ranpac_chooses_the_ridge_that_is_best_on_images_that_were_held_out() -> None:
    method, base = method_of("ranpac", projection=60), task(0)
    method.end_task(base, network())
    assert isinstance(method, Ranpac)
    assert method._layer is not None
    x = Batch(base.train, torch.arange(len(base.train))).images.flatten(1).double().numpy()
    hidden, y = np.maximum(x @ method._layer.double().numpy(), 0), base.train.targets.numpy()
    held = np.arange(len(y)) % 5 == 4
    errors = {
        power: ((hidden[held] @ ridge(hidden[~held], y[~held], power) - np.eye(CLASSES)[y[held]]) ** 2).mean()
        for power in range(-3, 9)
    }
    assert method._exponent == min(errors, key=lambda power: errors[power])


@pytest.mark.parametrize("start", [-8, 0, 3, 8])
def test_the_way_to_the_best_ridge_goes_downhill_from_anywhere(start: int) -> None:
    assert downhill(lambda power: (power - 3.2) ** 2, start) == 3
    assert downhill(lambda power: float("inf") if power < 2 else power, start) == 2
    assert downhill(lambda power: -power, start) == 8


# ---- statistics


@pytest.mark.parametrize("name", HEADS)
def test_statistics_do_not_hang_on_the_order_of_tasks_and_batches(name: str) -> None:
    first, second = method_of(name), method_of(name)
    whole = replace_classes(task(0)), replace_classes(task(1))
    for method, order, size in ((first, (0, 1), 16), (second, (1, 0), 7)):
        for number in order:
            method.begin_task(whole[number])
            shown(method, whole[number], torch.split(torch.randperm(120), size))
    for total in first.sums:
        mine, theirs = first.sums[total].double(), second.sums[total].double()
        assert torch.allclose(mine, theirs, rtol=1e-4 if name == "ranpac" else 1e-12, atol=1e-9 * float(mine.max()))


def replace_classes(one: Task) -> Task:
    """Return a task whose head is that of all classes, so that it may come first or last."""
    return Task(one.number, 0, CLASSES, one.train)


@pytest.mark.parametrize("name", HEADS)
def test_every_image_is_seen_once(name: str) -> None:
    method = learnt(name)
    before = method.state()
    shown(method, task(1), torch.split(torch.randperm(120), 16))
    assert same_state(method.state(), before)
    assert float(method.sums["count"].sum()) == 240


@pytest.mark.parametrize("name", HEADS)
def test_a_state_that_was_handed_out_never_changes(name: str) -> None:
    method, later = method_of(name), task(1)
    method.end_task(task(0), network())
    method.begin_task(later)
    shown(method, later, [torch.arange(8)])
    state = method.state()
    copy = {key: value.clone() if isinstance(value, Tensor) else value for key, value in state.items()}
    shown(method, later, torch.split(torch.arange(8, 120), 16))
    assert same_state(state, copy)
    assert not same_state(method.state(), copy)


@pytest.mark.parametrize("name", HEADS)
def test_a_class_of_which_there_was_no_image_is_never_preferred(name: str) -> None:
    method = method_of(name)
    method.end_task(task(0), network())
    logits = answers(method, queries())
    assert logits.shape == (50, CLASSES)
    assert (logits[:, 2:] == logits[:, :2].min(1, keepdims=True)).all()
    assert np.isfinite(logits).all()


@pytest.mark.parametrize("name", HEADS)
def test_answers_are_in_float32_also_where_networks_compute_in_bf16(name: str) -> None:
    method, net, x = learnt(name), network(), torch.tensor(queries(), dtype=torch.float32)
    plain = method.answers(net, x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(method.answers(net, x), plain)
    assert plain.dtype == torch.float32


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_sums_and_heads_are_not_rounded_to_the_networks_precision(kind: str) -> None:
    names = [*HEADS, "lwf-ldc"]
    ran = Lab().run(f"learners={names}", "engine.precision=bf16", f"model.network={kind}")
    for name in names:
        tensors = [value for value in ran.learners[name].method.state().values() if isinstance(value, Tensor)]
        assert {tensor.dtype for tensor in tensors} <= {torch.float64, torch.float32, torch.int64}, name
        told = ran.summary["learners"][name]["class_incremental"]["average"]
        assert told > 0.5 or name == "lwf-ldc", name


# ---- features


def test_pooled_convolutions_stand_beside_the_last_hidden_layer() -> None:
    recipe = Recipe.model_validate({"model": {"network": "cnn", "hidden": 8}})
    net = build(recipe.model, 28, 28, 2, generator(0, "teacher"))
    images = torch.randn(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    found = Extractor(Features(features="fc+conv"), 0)(net, images)
    layers = dict(net.backbone.named_children())
    maps = layers["conv2"](layers["relu1"](layers["conv1"](images)))
    pooled = torch.relu(maps).reshape(3, 32, 14, 2, 14, 2).amax((3, 5)).reshape(3, 32, 7, 2, 7, 2).mean((3, 5))
    assert found.shape == (3, 8 + 1568)
    assert torch.allclose(found[:, :8], net.backbone(images))
    assert torch.allclose(found[:, 8:], pooled.flatten(1), atol=1e-5)


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_an_untrained_backbone_is_what_the_teacher_was_before_it_learnt(kind: str) -> None:
    recipe = Recipe.model_validate({"seed": 3, "model": {"network": kind, "hidden": 8}})
    first = build(recipe.model, 8, 8, 2, generator(3, "teacher"))
    trained = build(recipe.model, 8, 8, 2, generator(4, "teacher")).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    before = bits(trained)
    images = torch.randn(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    found = Extractor(Features(backbone="untrained"), 3)(trained, images)
    assert torch.allclose(found, first.backbone(images), atol=1e-6)
    assert not torch.allclose(found, trained.backbone(images), atol=1e-2)
    assert same_bits(bits(trained), before)


def test_pixels_are_read_as_they_are_normalised() -> None:
    images = torch.randn(3, 1, 2, 2)
    assert torch.equal(Extractor(Features(backbone="pixels"), 0)(network(), images), images.reshape(3, 4))


def test_pooled_convolutions_of_a_network_without_any_are_refused_in_one_sentence() -> None:
    wanted = ['learners=["slda"]', "slda.features=fc+conv"]
    with pytest.raises(InputError) as refused:
        compose("digits", wanted)
    assert str(refused.value) == (
        "slda.features = fc+conv is not allowed: it must be fc, for model.network = mlp has no convolutions."
    )
    compose("digits", [*wanted, "model.network=cnn"])
    compose("digits", [*wanted, "slda.backbone=pixels"])
    compose("digits", ["learners=ncm", "slda.features=fc+conv"])
    with pytest.raises(InputError, match=r"^ranpac\.features = fc"):
        compose("digits", ['learners=[{method="ranpac", features="fc+conv"}]'])


# ---- in a run

VARIANTS = (
    "model.network=cnn",
    'learners=["ncm", {method="slda", name="both", features="fc+conv"}, {method="fecam", name="raw", '
    'backbone="pixels"}, {method="ranpac", name="random", projection=50, backbone="untrained", features="fc+conv"}, '
    '"fine-tune"]',
)


@pytest.mark.parametrize("step", [2, 7])
def test_a_fork_repeats_bit_for_bit_whatever_features_are_read(step: int) -> None:
    lab = Lab()
    ran = lab.run(*VARIANTS)
    live = compose("digits", [*TINY, *VARIANTS]).live_settings()
    for origin in (1, 0):
        again = lab.fork(Fork(origin, step, (), (), live), *VARIANTS, run_id=origin + 2)
        assert again.losses().tobytes() == ran.losses()[step:].tobytes()
        for name, learner in ran.learners.items():
            assert same_state(again.learners[name].method.state(), learner.method.state()), (origin, name)


def test_looking_changes_nothing_whatever_features_are_read() -> None:
    lab = Lab()
    ran, looked = lab.run(*VARIANTS), lab.run(*VARIANTS, "train.probe_every=1")
    assert looked.losses().tobytes() == ran.losses().tobytes()
    for name, learner in ran.learners.items():
        assert same_state(looked.learners[name].method.state(), learner.method.state()), name


def test_a_learner_that_trains_nothing_moves_no_weight_whatever_is_unfrozen() -> None:
    thaw = at(3, lambda ran: ran.control.change(backbone_frozen=False))
    ran = Lab().run('learners=["slda", "lwf"]', "task2.warmup_epochs=1", "train.probe_every=1", hook=thaw)
    slda = ran.learners["slda"]
    assert same_bits(bits(slda.network), ran.start["slda"])
    assert isinstance(slda.optimizer, Sgd)
    assert not slda.optimizer.moments
    assert slda.frozen_backbone is not None
    assert ran.learners["lwf"].frozen_backbone is None


def test_a_head_of_statistics_stands_beside_an_aliased_teacher() -> None:
    ran = Lab().run('learners=["lwf", "ranpac"]', "lwf.teacher=aliased", "ranpac.backbone=pixels")
    assert ran.learners["lwf"].is_aliased
    assert not ran.learners["ranpac"].is_aliased


@pytest.mark.parametrize("scope", ["new", "all"])
def test_on_a_frozen_backbone_the_head_alone_trains(scope: str) -> None:
    ran = Lab().run("learners=frozen", f"frozen.ce_scope={scope}")
    before, after = ran.start["frozen"], bits(ran.learners["frozen"].network)
    moved = {name for name in after if not torch.equal(after[name], before[name])}
    assert moved == {"classifier.weight", "classifier.bias"}
    old = len(before["classifier.bias"]) - 4
    kept = torch.equal(after["classifier.weight"][:old], before["classifier.weight"][:old])
    assert kept == (scope == "new")


def test_the_cost_of_a_large_gram_matrix_is_told_before_the_run() -> None:
    assert not method_of("ranpac").note
    assert "10,000 x 10,000 numbers: 400 MB" in method_of("ranpac", projection=10_000).note
    assert not Lab().run("learners=ranpac").all(Notice)
