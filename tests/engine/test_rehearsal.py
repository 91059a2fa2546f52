"""The buffer, and the methods that train on it: their losses and gradients against formulas written out in numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.a_gem import project
from lwf_gui.engine.methods.base import Context, Method, Task
from lwf_gui.engine.methods.buffer import Buffer
from lwf_gui.engine.methods.der import ABSENT, Der
from lwf_gui.engine.methods.er_ace import ErAce
from lwf_gui.engine.methods.icarl import Icarl, herded
from lwf_gui.engine.methods.rehearsal import Rehearsal
from lwf_gui.engine.networks import Network, initialise
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.methods import METHODS
from lwf_gui.recipe import Recipe
from tests.engine.contexts import context_of, small_tasks, step_of
from tests.engine.test_distillation import of_sigmoids
from tests.engine.test_losses import SETTINGS, log_softmax

Array = NDArray[np.float64]
STORING = [name for name, row in METHODS.items() if row.key in ("replay", "der")]


def recipe_of(name: str, **settings: object) -> Recipe:
    recipe = Recipe.model_validate({"learners": [name]})
    return recipe.with_settings({f"{METHODS[name].key}.{key}": value for key, value in settings.items()})


def network_of(rows: int) -> Network:
    """Return a network of linear features of 4 pixels, and a head of so many rows."""
    network = Network(nn.Sequential(nn.Flatten(), nn.Linear(4, 6)), nn.Linear(6, rows))
    initialise(network, torch.Generator().manual_seed(rows))
    return network


def begun(name: str, **settings: object) -> tuple[Method, Task, Network]:
    """Return a method that has ended the base task and begun the next one, that one, and the network before it."""
    base, later = small_tasks()
    method, teacher = make(name, recipe_of(name, **settings)), network_of(2)
    method.end_task(base, teacher)
    method.begin_task(later)
    return method, later, teacher


def stepped(name: str, alpha: float = 1.0, **settings: object) -> tuple[Method, Context]:
    """Return a method in a step, on 8 images of the new task and what it adds."""
    method, later, teacher = begun(name, **settings)
    live = replace(SETTINGS, alpha=alpha)
    return method, step_of(method, later, network_of(4), teacher, live, torch.arange(8))


def array(values: Tensor) -> Array:
    return values.detach().double().numpy()


def ce(z: Array, y: NDArray[np.int64]) -> Array:
    """Return the cross-entropy of every image."""
    return np.array([-row[unit] for row, unit in zip(log_softmax(z), y, strict=True)])


# ---- the buffer


def test_all_methods_with_a_buffer_that_is_chosen_at_random_store_the_same_images() -> None:
    stored = {}
    for name in STORING:
        method, later, _ = begun(name, per_class=3)
        assert isinstance(method, Rehearsal)
        method.end_task(later, network_of(4))
        assert method.memory is not None
        assert np.bincount(method.memory.targets).tolist() == [3] * 4, name
        stored[name] = method.memory.pixels
    assert len(stored) >= 6
    for name in set(stored) - {"icarl"}:
        assert torch.equal(stored[name], stored["replay"]), name
    assert not torch.equal(stored["icarl"], stored["replay"])


def test_a_buffer_that_comes_back_is_the_same_split_so_that_what_was_recorded_of_it_is_found() -> None:
    base, later = small_tasks()
    buffer, again = Buffer(3, 0), Buffer(3, 0)
    buffer.store(base)
    again.load_state(buffer.state())
    assert again.memory is buffer.memory
    buffer.store(later)
    assert again.memory is not buffer.memory


@pytest.mark.parametrize("name", STORING)
def test_stored_images_come_in_their_share_of_all_where_that_is_asked_for(name: str) -> None:
    for per_class, new, wanted in ((3, 16, 16), (1, 4, 4)):
        method, _, _ = begun(name, per_class=per_class)
        assert {len(part.numbers) for part in mixed(method, new)} == {wanted}
    for per_class, new in ((3, 16), (12, 5), (1, 1)):
        method, later, _ = begun(name, per_class=per_class, mix="share")
        assert isinstance(method, Rehearsal)
        assert method.memory is not None
        stored = len(method.memory)
        assert {len(part.numbers) for part in mixed(method, new)} == {max(1, round(new * stored / len(later.train)))}


def mixed(method: Method, new: int) -> tuple[Batch, ...]:
    """Return what comes with a mini-batch of so many new images."""
    split = Split(torch.zeros(new, 1, 4, 4, dtype=torch.uint8), torch.zeros(new, dtype=torch.long), 255)
    return method.batch(Batch(split, torch.arange(new)))[1:]


def test_two_draws_of_a_step_are_two_and_the_first_is_that_of_one() -> None:
    base, _ = small_tasks()
    one, two = Buffer(10, 0), Buffer(10, 0)
    for buffer in (one, two):
        buffer.store(base)
    for _ in range(3):
        (single,), (first, second) = one.draw(16), two.draw(16, 2)
        assert torch.equal(single.numbers, first.numbers)
        assert not torch.equal(first.numbers, second.numbers)


# ---- LwF with a buffer


def test_lwf_with_a_buffer_adds_distillation_on_all_images_to_the_loss_of_replay() -> None:
    method, context = stepped("lwf-replay", alpha=0.7)
    terms = method.losses(context)
    z, y, s = array(context.logits), context.targets.numpy(), array(context.soft)
    each, t = ce(z, y), 2.0
    kd = -(np.exp(log_softmax(s / t)) * log_softmax(z[:, :2] / t)).sum(axis=1).mean()
    entropy = -(np.exp(log_softmax(s / t)) * log_softmax(s / t)).sum(axis=1).mean()
    assert len(z) == 16
    wanted = {"ce": each[:8].mean(), "kd": kd, "kl": kd - entropy, "replay": each[8:].mean()}
    wanted["total"] = each.mean() + 0.7 * t**2 * kd
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(wanted, rel=1e-4)


# ---- ER-ACE


def test_er_ace_compares_new_images_among_the_classes_of_their_batch_and_stored_ones_among_all() -> None:
    method, context = stepped("er-ace")
    terms = method.losses(context)
    z, y = array(context.logits), context.targets.numpy()
    assert set(y[:8]) == {2, 3}
    new, replay = ce(z[:8, 2:], y[:8] - 2).mean(), ce(z[8:], y[8:]).mean()
    wanted = {"ce": new, "replay": replay, "total": new + replay}
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(wanted, rel=1e-5)


def test_er_ace_does_not_push_classes_that_the_new_batch_has_not() -> None:
    logits = torch.randn(6, 5, generator=torch.Generator().manual_seed(0)).requires_grad_()
    targets = torch.tensor([3, 3, 3, 0, 1, 4])  # the batch of the new task, of 3 and 4, happens to have no 4
    method = make("er-ace", recipe_of("er-ace"))
    terms = method.losses(context_of(logits, targets, torch.zeros(6, 3), SETTINGS, new=3))
    (gradient,) = torch.autograd.grad(terms["total"], logits)
    assert gradient[:3].abs().sum() == 0  # of one class alone there is nothing to learn
    assert (gradient[3:] != 0).all()


def test_er_ace_has_images_of_the_task_under_way_in_its_buffer_and_stores_them_once() -> None:
    method, later, _ = begun("er-ace", per_class=3)
    assert isinstance(method, ErAce)
    assert method.memory is not None
    assert np.bincount(method.memory.targets).tolist() == [3] * 4
    method.end_task(later, network_of(4))
    assert np.bincount(method.memory.targets).tolist() == [3] * 4


# ---- DER++


def test_der_weighs_the_distance_from_stored_logits_and_the_stored_labels() -> None:
    method, context = stepped("der++", logits_weight=0.3, labels_weight=0.6)
    assert isinstance(method, Der)
    terms = method.losses(context)
    z, y, (_, first, second) = array(context.logits), context.targets.numpy(), context.batch
    assert len(first.numbers) == len(second.numbers) == 8
    stored = array(network_of(2)(first.images))  # what the network of the base task said of these images
    new, mse, replay = ce(z[:8], y[:8]).mean(), ((z[8:16, :2] - stored) ** 2).mean(), ce(z[16:], y[16:]).mean()
    wanted = {"ce": new, "mse": mse, "replay": replay, "total": new + 0.3 * mse + 0.6 * replay}
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(wanted, rel=1e-4)


def test_der_asks_nothing_of_classes_that_came_after_an_image_was_stored() -> None:
    method, later, _ = begun("der++")
    assert isinstance(method, Der)
    method.end_task(later, network_of(4))
    assert method.memory is not None
    assert method.logits is not None
    assert method.logits.shape == (40 + 30 // 2 * 2, 4)
    old = method.memory.targets < 2
    assert (method.logits[old][:, 2:] == ABSENT).all()
    assert torch.isfinite(method.logits[old][:, :2]).all()
    assert torch.isfinite(method.logits[~old]).all()
    third = Task(2, 4, 6, later.train)
    method.begin_task(third)
    context = step_of(method, third, network_of(6), network_of(4), SETTINGS, torch.arange(8))
    (gradient,) = torch.autograd.grad(method.losses(context)["mse"], context.logits)
    of_first = context.batch[1].targets < 2
    assert 0 < of_first.sum() < 8
    rows = gradient[8:16]
    assert (rows[of_first][:, 2:] == 0).all()
    assert (rows[:, 4:] == 0).all()
    assert (rows[:, :2] != 0).all()
    assert (rows[~of_first][:, :4] != 0).all()
    assert (gradient[:8] == 0).all()
    z, stored = array(context.logits[8:16]), array(method.logits[context.batch[1].numbers])
    squares = [(z[i, j] - stored[i, j]) ** 2 for i in range(8) for j in range(4) if stored[i, j] > -np.inf]
    assert method.losses(context)["mse"].item() == pytest.approx(sum(squares) / len(squares), rel=1e-4)


# ---- A-GEM


@pytest.mark.parametrize("seed", range(6))
def test_a_gradient_that_would_raise_the_memorys_loss_loses_its_part_along_it_and_another_stays(seed: int) -> None:
    random = np.random.default_rng(seed)
    g, r = random.standard_normal((2, 10)).astype(np.float32).astype(np.float64)
    mine, reference = ([torch.tensor(x[:4]).float().view(2, 2), torch.tensor(x[4:]).float()] for x in (g, r))
    project(mine, reference)
    wanted = g - (g @ r / (r @ r)) * r if g @ r < 0 else g
    got = np.concatenate([array(part).ravel() for part in mine])
    np.testing.assert_allclose(got, wanted, atol=1e-6)
    assert got @ r > -1e-5


def test_a_step_of_a_gem_moves_by_the_new_images_projected_onto_what_the_stored_ones_allow() -> None:
    method, context = stepped("a-gem")
    weights = list(context.network.parameters())

    def gradient(rows: slice) -> Array:
        """Return the gradient of CE of some of the images, taken by itself."""
        images = torch.cat([part.images for part in context.batch])[rows]
        loss = nn.functional.cross_entropy(context.network(images), context.targets[rows])
        return np.concatenate([array(part).ravel() for part in torch.autograd.grad(loss, weights)])

    g, r = gradient(slice(0, 8)), gradient(slice(8, 16))
    assert g @ r < 0, "new labels against old ones"
    terms = method.losses(context)
    assert terms["total"] is terms["ce"]
    terms["total"].backward()  # type: ignore[no-untyped-call]
    method.after_backward(context)
    got = np.concatenate([array(part.grad).ravel() for part in weights if part.grad is not None])
    np.testing.assert_allclose(got, g - (g @ r / (r @ r)) * r, atol=1e-5)


# ---- iCaRL


def test_icarl_learns_by_sigmoids_on_new_images_and_exemplars() -> None:
    method, context = stepped("icarl", alpha=1.5)
    assert len(context.targets) == 16
    bce, bkd, _ = of_sigmoids(array(context.logits), context.targets.numpy(), array(context.soft), 1.5)
    wanted = {"bce": bce, "bkd": bkd, "total": bce + 1.5 * bkd}
    assert {name: term.item() for name, term in method.losses(context).items()} == pytest.approx(wanted, rel=1e-5)


def test_herding_takes_one_after_another_the_image_that_brings_the_mean_nearest_to_that_of_all() -> None:
    features = torch.randn(12, 3, generator=torch.Generator().manual_seed(3))
    rows = array(features)
    chosen: list[int] = []
    for _ in range(5):
        left = [i for i in range(12) if i not in chosen]
        gaps = [np.linalg.norm(rows.mean(axis=0) - rows[[*chosen, i]].mean(axis=0)) for i in left]
        chosen.append(left[int(np.argmin(gaps))])
    assert herded(features, 5).tolist() == chosen
    assert sorted(herded(features, 99).tolist()) == list(range(12))


def directions(network: Network, split: Split) -> Array:
    rows = array(network.backbone(Batch(split, torch.arange(len(split))).images))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_icarl_answers_with_the_nearest_mean_of_exemplars_by_the_network_as_it_is() -> None:
    base, later = small_tasks()
    method, _, _ = begun("icarl", per_class=4)
    assert isinstance(method, Icarl)
    network = network_of(4)
    method.end_task(later, network)
    assert method.memory is not None
    assert method.memory.targets.tolist() == [unit for unit in range(4) for _ in range(4)]
    ways = directions(network, method.memory)
    means = np.stack([ways[4 * unit : 4 * unit + 4].mean(axis=0) for unit in range(4)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    images = Batch(base.train, torch.arange(10)).images
    asked = directions(network, Split(base.train.pixels[:10], base.train.targets[:10], 255))
    wanted = -((asked[:, None] - means[None]) ** 2).sum(axis=2)
    with torch.no_grad():
        got = method.answers(network, network.backbone(images))
    np.testing.assert_allclose(array(got), wanted, atol=1e-5)


def test_means_follow_the_network_after_every_step() -> None:
    method, context = stepped("icarl", per_class=4)
    network = context.network
    with torch.no_grad():
        before = method.answers(network, context.features)
        assert before.shape == (16, 4), "classes under way have means too"
        for weight in network.backbone.parameters():
            weight.mul_(-0.5).add_(0.1)
        method.after_step(context)
        features = network.backbone(torch.cat([part.images for part in context.batch]))
        assert not torch.allclose(method.answers(network, features), before, atol=1e-3)


def test_exemplars_are_herded_by_the_network_that_has_learnt_the_task() -> None:
    method, later, _ = begun("icarl", per_class=4)
    network = network_of(4)
    method.end_task(later, network)
    assert isinstance(method, Icarl)
    assert method.memory is not None
    for unit in (2, 3):
        there = (later.train.targets == unit).nonzero().flatten()
        features = torch.tensor(directions(network, later.train)[there.numpy()]).float()
        wanted = later.train.pixels[there[herded(features, 4)]]
        assert torch.equal(method.memory.pixels[method.memory.targets == unit], wanted)
