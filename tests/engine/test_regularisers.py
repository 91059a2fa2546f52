"""EWC, online EWC, SI and MAS against their formulas, written out image by image and weight by weight."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.base import Context, Task
from lwf_gui.engine.methods.importance import Quadratic
from lwf_gui.engine.methods.regulariser import Regulariser
from lwf_gui.engine.methods.si import Si
from lwf_gui.engine.methods.walk import Way
from lwf_gui.engine.networks import Network, cnn_backbone, expand_head, mlp_backbone
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import Notice
from lwf_gui.method_rows import regularisation
from lwf_gui.methods import METHODS
from lwf_gui.recipe import Recipe
from tests.engine.lab import Lab

HOLD = [row.name for row in regularisation.ROWS]


def task(number: int, images: int = 12, side: int = 4) -> Task:
    """Return a task of two classes with random images."""
    random = torch.Generator().manual_seed(number)
    pixels = torch.randint(0, 256, (images, 1, side, side), generator=random, dtype=torch.uint8)
    units = torch.tensor((2 * number, 2 * number + 1)).repeat(images // 2)
    return Task(number, 2 * number, 2 * number + 2, Split(pixels, units, 255))


def network(kind: str = "mlp", classes: int = 2, *, inserted: bool = False) -> Network:
    torch.manual_seed(3)
    backbone = mlp_backbone(4, 4, 5) if kind == "mlp" else cnn_backbone(4, 4, 5)
    made = Network(backbone, nn.Linear(5, classes), nn.Linear(5, 5) if inserted else None)
    return made.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def method_of(name: str, **settings: object) -> Regulariser:
    recipe = Recipe().with_settings({f"{METHODS[name].key}.{key}": value for key, value in settings.items()})
    method = make(name, Recipe.model_validate({**recipe.model_dump(), "learners": [name]}))
    assert isinstance(method, Regulariser)
    return method


def moved(network: Network, by: float) -> Network:
    """Return a copy whose weights all lie elsewhere."""
    made, random = copy.deepcopy(network), torch.Generator().manual_seed(7)
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(torch.randn(weight.shape, generator=random), alpha=by)
    return made


def context(network: Network, task: Task, images: int = 6, **live: object) -> Context:
    batch = Batch(task.train, torch.arange(images))
    features = network.backbone(batch.images)
    settings = Recipe().with_settings({f"lwf.{name}": value for name, value in live.items()}).live_settings()
    logits = network.head(features)
    return Context((batch,), logits, features, batch.targets, logits[:, :0], task, settings, network)


def stepped(method: Regulariser, network: Network, task: Task) -> tuple[float, dict[str, Tensor]]:
    """Return what a method minimises in a step, and the gradient that the optimiser gets."""
    network.zero_grad()
    at = context(network, task)
    terms = method.losses(at)
    terms["total"].backward()  # type: ignore[no-untyped-call]
    method.after_backward(at)
    gradients = {name: weight.grad for name, weight in network.named_parameters() if weight.grad is not None}
    return float(terms["total"].detach()), gradients


def alone(network: Network, split: Split, of: Callable[[Tensor, int], Tensor]) -> list[dict[str, Tensor]]:
    """Return every image's own gradients of a scalar, of its logits, shape (K,), and label: one after another."""
    found = []
    for number in range(len(split)):
        batch = Batch(split, torch.tensor([number]))
        scalar = of(network(batch.images)[0], int(batch.targets))
        gradients = torch.autograd.grad(scalar, list(network.parameters()))
        found.append(dict(zip(dict(network.named_parameters()), gradients, strict=True)))
    return found


def mean_of(gradients: list[dict[str, Tensor]], measure: Callable[[Tensor], Tensor]) -> dict[str, Tensor]:
    return {name: torch.stack([measure(each[name]) for each in gradients]).mean(0) for name in gradients[0]}


def true_fisher(network: Network, split: Split) -> dict[str, Tensor]:
    """Return sum over classes k of p_k times the square of the gradient of log p_k, averaged over images."""
    total: dict[str, Tensor] = {}
    for unit in range(network.classifier.out_features):

        def rooted(logits: Tensor, _: int, unit: int = unit) -> Tensor:
            log_p = logits.log_softmax(0)
            return log_p[unit].detach().exp().sqrt() * log_p[unit]

        for name, value in mean_of(alone(network, split, rooted), torch.square).items():
            total[name] = total.get(name, torch.zeros_like(value)) + value
    return total


def near(mine: dict[str, Tensor], theirs: dict[str, Tensor]) -> None:
    assert mine.keys() == theirs.keys()
    for name in mine:
        torch.testing.assert_close(mine[name], theirs[name], rtol=1e-4, atol=1e-7, msg=name)


def importance(method: Regulariser) -> dict[str, Tensor]:
    assert method.memory is not None
    return dict(method.memory.importance)


# ---- what is important


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_the_true_fisher_information_is_expected_over_the_networks_own_answers(kind: str) -> None:
    base, net = task(0), network(kind)
    method = method_of("ewc", samples=len(base.train))
    method.end_task(base, net)
    near(importance(method), true_fisher(net, base.train))


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_the_empirical_fisher_information_is_of_the_labels(kind: str) -> None:
    base, net = task(0), network(kind)
    method = method_of("ewc", fisher="empirical", samples=len(base.train))
    method.end_task(base, net)
    each = alone(net, base.train, lambda logits, label: logits.log_softmax(0)[label])
    near(importance(method), mean_of(each, torch.square))


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_mas_takes_the_size_of_the_gradient_of_the_outputs_squared_length(kind: str) -> None:
    base, net = task(0), network(kind)
    method = method_of("mas", samples=len(base.train))
    method.end_task(base, net)
    near(importance(method), mean_of(alone(net, base.train, lambda logits, _: logits.square().sum()), torch.abs))


def test_a_frozen_backbone_has_importance_too() -> None:
    base, net = task(0), network()
    free, frozen = method_of("ewc"), method_of("ewc")
    free.end_task(base, net)
    net.backbone.requires_grad_(False)
    frozen.end_task(base, net)
    near(importance(free), importance(frozen))


def test_with_cross_entropy_over_new_classes_the_fisher_information_is_of_these() -> None:
    later, net = task(1), network(classes=4)
    method = method_of("ewc", fisher="empirical", samples=len(later.train))
    method.losses(context(net, later, ce_scope="new"))
    method.end_task(later, net)
    each = alone(net, later.train, lambda logits, label: logits[2:].log_softmax(0)[label - 2])
    near(importance(method), mean_of(each, torch.square))


def test_so_many_images_as_asked_for_are_looked_at_and_the_seed_chooses_them() -> None:
    base, net = task(0, images=40), network()
    first, again, other = (method_of("mas", samples=5) for _ in range(3))
    other.seed = 1
    for method in (first, again, other):
        method.end_task(base, net)
    assert all(torch.equal(importance(first)[name], value) for name, value in importance(again).items())
    assert any(not torch.equal(importance(first)[name], value) for name, value in importance(other).items())


# ---- what is held


def test_ewc_is_held_at_the_anchor_of_every_task_by_its_own_fisher_information() -> None:
    """Kirkpatrick 2017, eq. 3, with one anchor and one Fisher information a task, over three tasks."""
    method = method_of("ewc", strength=30.0, samples=12)
    net, known = network(), list[tuple[dict[str, Tensor], dict[str, Tensor]]]()
    for number in range(3):
        method.end_task(task(number), net)
        known.append((true_fisher(net, task(number).train), copied(net)))
        net = moved(expand_head(net, 2, "none", torch.Generator()), 0.1)
    near_step(method, net, lambda now: sum_of(15.0, now, known))


def test_online_ewc_lets_the_fisher_information_fade_and_holds_at_the_last_anchor() -> None:
    method = method_of("ewc-online", strength=30.0, samples=12, decay=0.5)
    first = network()
    second = moved(expand_head(first, 2, "none", torch.Generator()), 0.1)
    third = moved(expand_head(second, 2, "none", torch.Generator()), 0.1)
    method.end_task(task(0), first)
    method.end_task(task(1), second)
    old, new = true_fisher(first, task(0).train), true_fisher(second, task(1).train)
    faded = {name: 0.5 * grown(old[name], new[name]) + new[name] for name in new}
    near_step(method, third, lambda now: sum_of(15.0, now, [(faded, copied(second))]))


def test_mas_adds_up_and_holds_at_the_last_anchor() -> None:
    method = method_of("mas", strength=0.25, samples=12)
    first = network()
    second = moved(expand_head(first, 2, "none", torch.Generator()), 0.1)
    third = moved(expand_head(second, 2, "none", torch.Generator()), 0.1)
    omega: dict[str, Tensor] = {}
    for number, net in enumerate((first, second)):
        method.end_task(task(number), net)
        new = mean_of(alone(net, task(number).train, lambda logits, _: logits.square().sum()), torch.abs)
        omega = {name: grown(omega[name], each) + each if omega else each for name, each in new.items()}
    near_step(method, third, lambda now: sum_of(0.25, now, [(omega, copied(second))]))


@pytest.mark.parametrize("name", [name for name in HOLD if name != "si"])
def test_what_was_not_there_at_the_anchor_is_free(name: str) -> None:
    method, later = method_of(name, strength=50.0), task(1)
    method.end_task(task(0), network())
    net = network(inserted=True, classes=4)
    with torch.no_grad():  # known weights stand at the anchor, new ones anywhere
        for key, weight in network().named_parameters():
            dict(net.named_parameters())[key][: len(weight)].copy_(weight)
    total, gradients = stepped(method, net, later)
    net.zero_grad()
    plain = nn.functional.cross_entropy(net(Batch(later.train, torch.arange(6)).images), later.train.targets[:6])
    plain.backward()  # type: ignore[no-untyped-call]
    assert total == pytest.approx(float(plain.detach()))
    near(gradients, {key: weight.grad for key, weight in net.named_parameters() if weight.grad is not None})


@pytest.mark.parametrize("name", HOLD)
def test_the_pull_that_is_shown_is_the_gradient_of_the_penalty(name: str) -> None:
    method = with_memory(name, strength=20.0)
    net = moved(network(classes=4), 0.2)
    _, whole = stepped(method, net, task(1))
    at = context(net, task(1))
    pulls = method.pulls(at, method.losses(at))
    assert pulls.new is not None
    assert pulls.memory is not None
    parts = [
        torch.autograd.grad(loss, list(net.parameters()), allow_unused=True, retain_graph=True)
        for loss in (pulls.new, pulls.memory)
    ]
    added = [ce if pull is None else ce + pull for ce, pull in zip(*parts, strict=True)]
    near(whole, dict(zip(whole, added, strict=True)))


@pytest.mark.parametrize("name", HOLD)
def test_without_strength_it_is_fine_tuning_to_the_last_bit(name: str) -> None:
    net = moved(network(classes=4), 0.2)
    total, gradients = stepped(with_memory(name, strength=0.0), net, task(1))
    net.zero_grad()
    at = context(net, task(1))
    loss = nn.functional.cross_entropy(at.logits, at.targets)
    loss.backward()  # type: ignore[no-untyped-call]
    assert total == float(loss.detach())
    assert all(
        torch.equal(weight.grad, gradients[key]) for key, weight in net.named_parameters() if weight.grad is not None
    )


@pytest.mark.parametrize("name", HOLD)
def test_stored_bytes_are_two_numbers_a_weight_whatever_the_number_of_tasks(name: str) -> None:
    method, net = method_of(name), network()
    for number in range(2):
        method.end_task(path_task(number, net), net)
        weights = sum(weight.nbytes for weight in net.parameters())
        assert method.stored_bytes == 2 * weights
        if isinstance(method, Si):
            break  # the path of later tasks is walked, see below
        net = expand_head(net, 2, "none", torch.Generator())


def test_one_that_diverges_is_told_to_have_less_strength() -> None:
    ran = Lab().run('learners=["fine-tune", {method="mas", name="much", strength=1e6}]')
    (told,) = [message.text for message in ran.all(Notice) if "diverged" in message.text]
    assert told.startswith("much diverged")
    assert "try a smaller learning rate or mas.strength" in told


# ---- synaptic intelligence


def test_si_adds_up_the_work_of_its_own_loss_along_the_way() -> None:
    """Zenke 2017, eq. 3 to 5, beside a loop in double precision; momentum and the penalty move the weights too."""
    first = network()
    method = method_of("si", strength=2.0, xi=0.01)
    base = path_task(0, first)
    method.end_task(base, first)
    before = {name: value.double() for name, value in importance(method).items()}
    second, later = expand_head(first, 2, "none", torch.Generator()), task(1)
    method.begin_task(later)
    start = {name: weight.double() for name, weight in copied(second).items()}
    omega = {name: torch.zeros_like(weight) for name, weight in start.items()}
    velocity = {name: torch.zeros_like(weight) for name, weight in second.named_parameters()}
    for _ in range(4):
        plain = copy.deepcopy(second)
        at = context(plain, later)
        nn.functional.cross_entropy(at.logits, at.targets).backward()  # type: ignore[no-untyped-call]
        was = copied(second)
        at = context(second, later)
        method.losses(at)["total"].backward()  # type: ignore[no-untyped-call]
        method.after_backward(at)
        with torch.no_grad():
            for name, weight in second.named_parameters():
                assert weight.grad is not None
                velocity[name].mul_(0.9).add_(weight.grad)
                weight.sub_(velocity[name], alpha=0.1)
        method.after_step(at)
        second.zero_grad()
        for name, parameter in plain.named_parameters():
            assert parameter.grad is not None
            omega[name] -= parameter.grad.double() * (copied(second)[name] - was[name]).double()
    method.end_task(later, second)
    for name, now in copied(second).items():
        old = grown(before[name], omega[name])
        expected = (old + omega[name] / ((now.double() - start[name]).square() + 0.01)).clamp(min=0)
        torch.testing.assert_close(importance(method)[name].double(), expected, rtol=1e-3, atol=1e-6)
    assert isinstance(method, Si)
    assert method.walk is None


def test_si_never_rewards_leaving_a_weight() -> None:
    net = network()
    start = {name: weight - 1.0 for name, weight in copied(net).items()}
    way = Way({name: torch.full_like(weight, -3.0) for name, weight in start.items()}, start)
    method = method_of("si")
    method.end_task(Task(0, 0, 2, task(0).train, path=way), net)
    assert all(not value.any() for value in importance(method).values())


def test_the_path_of_the_base_task_is_walked_with_it_and_kept_with_the_teacher() -> None:
    lab = Lab()
    first = lab.run("learners=si")
    assert not first.summary["teacher"]["cached"]
    again = lab.run("learners=si")
    assert again.summary["teacher"]["cached"]
    assert first.losses().tobytes() == again.losses().tobytes()
    memory = held_by(first.learners["si"])
    assert any(value.any() for value in memory.importance.values())


def test_walking_changes_no_bit_of_the_teacher() -> None:
    lab = Lab()
    without = lab.run("learners=fine-tune").losses("base")
    again = lab.run("learners=si")
    assert not again.summary["teacher"]["cached"]
    assert again.losses("base").tobytes() == without.tobytes()


def test_a_teacher_that_was_kept_without_its_path_is_trained_again_once_and_that_is_said() -> None:
    lab = Lab()
    lab.run("learners=fine-tune")
    told = [message.text for message in lab.run("learners=si").all(Notice)]
    assert any("lacks how its weights came about in training" in text and "trained again" in text for text in told)
    for learners in ("si", "fine-tune"):
        ran = lab.run(f"learners={learners}")
        assert ran.summary["teacher"]["cached"]
        assert not any("trained again" in message.text for message in ran.all(Notice))


# ---- helpers


def with_memory(name: str, **settings: object) -> Regulariser:
    method, net = method_of(name, **settings), network()
    method.end_task(path_task(0, net), net)
    method.begin_task(task(1))
    return method


def path_task(number: int, net: Network) -> Task:
    """Return a task with a path that ended at the network's weights."""
    start = copied(moved(net, 0.3))
    omega = {name: (weight - start[name]).square() for name, weight in copied(net).items()}
    made = task(number)
    return Task(number, made.earlier, made.seen, made.train, path=Way(omega, start))


def copied(net: Network) -> dict[str, Tensor]:
    return {name: weight.detach().clone() for name, weight in net.named_parameters()}


def grown(old: Tensor, like: Tensor) -> Tensor:
    made = torch.zeros_like(like)
    made[: len(old)] = old
    return made


def sum_of(factor: float, now: dict[str, Tensor], known: list[tuple[dict[str, Tensor], dict[str, Tensor]]]) -> Tensor:
    """Return factor * sum over tasks and weights of F (theta - theta*)**2, of the weights that a task knew."""
    terms = [
        (f * (now[name][: len(f)] - anchor[name]) ** 2).sum() for each, anchor in known for name, f in each.items()
    ]
    return factor * torch.stack(terms).sum()


def near_step(method: Regulariser, net: Network, penalty: Callable[[dict[str, Tensor]], Tensor]) -> None:
    """Make sure that a step minimises CE and a penalty, by its value and by its gradient."""
    later = task(2)
    total, gradients = stepped(method, net, later)
    batch = Batch(later.train, torch.arange(6))
    loss = nn.functional.cross_entropy(net(batch.images), batch.targets) + penalty(dict(net.named_parameters()))
    assert total == pytest.approx(float(loss.detach()), rel=1e-4)
    assert total > float(nn.functional.cross_entropy(net(batch.images), batch.targets).detach()) + 1e-3
    near(gradients, dict(zip(gradients, torch.autograd.grad(loss, list(net.parameters())), strict=True)))


def held_by(learner: Learner) -> Quadratic:
    assert isinstance(learner.method, Regulariser)
    assert learner.method.memory is not None
    return learner.method.memory
