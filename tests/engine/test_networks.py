"""The notebook's networks: shapes, initial weights, head expansion and freezing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn

from lwf_gui.engine.compute.sgd import Sgd
from lwf_gui.engine.networks import Network, build, cnn_backbone, expand_head, freeze_backbone, initialise
from lwf_gui.recipe import Model


def stream(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small(kind: str = "mlp", *, height: int = 8, width: int = 8, seed: int = 0) -> Network:
    model = Model.model_validate({"network": kind, "hidden": 16})
    return build(model, height, width, 6, stream(seed))


def some_images(count: int = 5, height: int = 8, width: int = 8) -> Tensor:
    return torch.rand(count, 1, height, width, generator=stream(9)) * 2 - 1


def shapes(network: Network) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in network.named_parameters()}


def bits(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def same_bits(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def storages(network: nn.Module) -> set[int]:
    return {value.untyped_storage().data_ptr() for value in network.state_dict().values()}


# ---- shapes


def test_mlp_has_the_notebooks_parameters() -> None:
    assert shapes(build(Model(network="mlp"), 28, 28, 10, stream())) == {
        "backbone.fc1.weight": (512, 784),
        "backbone.fc1.bias": (512,),
        "backbone.fc2.weight": (512, 512),
        "backbone.fc2.bias": (512,),
        "classifier.weight": (10, 512),
        "classifier.bias": (10,),
    }


def test_cnn_has_the_notebooks_parameters() -> None:
    assert shapes(build(Model(network="cnn"), 28, 28, 6, stream())) == {
        "backbone.conv1.weight": (16, 1, 3, 3),
        "backbone.conv1.bias": (16,),
        "backbone.conv2.weight": (32, 16, 3, 3),
        "backbone.conv2.bias": (32,),
        "backbone.fc1.weight": (512, 6272),
        "backbone.fc1.bias": (512,),
        "classifier.weight": (6, 512),
        "classifier.bias": (6,),
    }


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (9, 7), (28, 28)])
def test_images_of_any_size_give_one_logit_per_class(kind: str, height: int, width: int) -> None:
    network = small(kind, height=height, width=width)
    logits = network(some_images(3, height, width))
    assert logits.shape == (3, 6)
    assert logits.std() > 0.01


def test_pooling_before_relu_equals_relu_before_pooling_exactly() -> None:
    backbone = cnn_backbone(9, 7, 16)
    initialise(backbone, stream())
    images = some_images(20, 9, 7)
    layer: dict[str, nn.Module] = dict(backbone.named_children())
    maps = layer["conv2"](torch.relu(layer["conv1"](images)))
    notebook = nn.functional.max_pool2d(torch.relu(maps), 2, 2)  # the notebook's order
    wanted = torch.relu(layer["fc1"](notebook.permute(0, 2, 3, 1).flatten(1)))
    assert (maps < 0).any()
    assert torch.equal(backbone(images), wanted)


# ---- initial weights


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_weights_have_kaiming_spread_and_biases_keep_their_bound(kind: str) -> None:
    network = build(Model.model_validate({"network": kind}), 28, 28, 10, stream())
    layers = [layer for layer in network.modules() if isinstance(layer, (nn.Linear, nn.Conv2d))]
    assert len(layers) == (3 if kind == "mlp" else 4)
    for layer in layers:
        fan_in, count = layer.weight[0].numel(), layer.weight.numel()
        gain = 2**0.5 if isinstance(layer, nn.Conv2d) else 1.0
        std = gain / fan_in**0.5
        assert float(layer.weight.detach().std()) == pytest.approx(
            std, rel=4 / (2 * count) ** 0.5
        )  # four standard errors
        assert abs(float(layer.weight.detach().mean())) < 4 * std / count**0.5
        assert layer.bias is not None
        bound = fan_in**-0.5
        assert float(layer.bias.detach().abs().max()) <= bound
        assert float(layer.bias.detach().abs().max()) > 0.6 * bound


def test_weights_follow_from_the_generator_alone_and_leave_the_global_stream() -> None:
    before = torch.random.get_rng_state()
    first = small("cnn")
    torch.rand(7)  # moves the global stream
    moved = torch.random.get_rng_state()
    second = small("cnn")
    expand_head(first, 4, "random", stream())
    assert torch.equal(torch.random.get_rng_state(), moved)
    assert not torch.equal(before, moved)
    assert same_bits(bits(first), bits(second))
    assert not same_bits(bits(first), bits(small("cnn", seed=1)))


# ---- head expansion


@pytest.fixture
def teacher() -> Network:
    network = small()
    with torch.no_grad():
        network.classifier.weight += 0.5  # a trained head is no fresh one
    return network


@pytest.mark.parametrize("inserted", ["none", "random", "identity"])
def test_head_expansion_copies_old_rows_and_starts_new_ones_at_zero(teacher: Network, inserted: str) -> None:
    grown = expand_head(teacher, 4, inserted, stream())
    assert grown.classifier.weight.shape == (10, 16)
    for name, value in grown.classifier.named_parameters():
        assert torch.equal(value[:6], teacher.classifier.get_parameter(name))
        assert not value[6:].any()
    assert same_bits(bits(grown.backbone), bits(teacher.backbone))
    assert (grown.new_fc is None) == (inserted == "none")
    assert all(value.requires_grad for value in grown.parameters())


@pytest.mark.parametrize("inserted", ["none", "random", "identity"])
def test_teacher_shares_nothing_with_the_grown_network(teacher: Network, inserted: str) -> None:
    before = bits(teacher)
    grown = expand_head(teacher, 4, inserted, stream())
    assert not storages(teacher) & storages(grown)
    with torch.no_grad():
        for value in grown.parameters():
            value.fill_(7.0)
    assert same_bits(bits(teacher), before)


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_insertion_of_the_identity_changes_no_logit(kind: str) -> None:
    teacher, images = small(kind), some_images(50)
    plain, grown = expand_head(teacher, 4, "none", stream()), expand_head(teacher, 4, "identity", stream())
    assert torch.equal(grown(images), plain(images))
    assert not grown(images)[:, 6:].any()
    # a head of 10 rows may add up in another order than one of 6
    torch.testing.assert_close(grown(images)[:, :6], teacher(images), rtol=0, atol=1e-6)


def test_insertion_of_a_random_layer_changes_old_logits(teacher: Network) -> None:
    images = some_images(50)
    grown = expand_head(teacher, 4, "random", stream())
    assert not torch.allclose(grown(images)[:, :6], teacher(images), atol=0.1)
    again, other = expand_head(teacher, 4, "random", stream()), expand_head(teacher, 4, "random", stream(1))
    assert same_bits(bits(grown), bits(again))
    assert not same_bits(bits(grown), bits(other))


# ---- freezing


def test_frozen_backbone_has_no_gradients_and_the_rest_keeps_its_own() -> None:
    network = expand_head(small(), 4, "random", stream())
    backbone, rest = list(network.backbone.parameters()), [*head_and_inserted(network)]
    network(some_images()).sum().backward()
    assert all(value.grad is not None and value.grad.any() for value in backbone)
    freeze_backbone(network, frozen=True)
    assert all(value.grad is None and not value.requires_grad for value in backbone)
    assert all(value.grad is not None and value.requires_grad for value in rest)
    network(some_images()).sum().backward()
    assert all(value.grad is None for value in backbone)
    freeze_backbone(network, frozen=False)
    network(some_images()).sum().backward()
    assert all(value.grad is not None and value.grad.any() for value in backbone)


def test_frozen_backbone_keeps_its_bits_under_weight_decay_and_momentum() -> None:
    network = expand_head(small(), 4, "none", stream())
    optimizer = Sgd(network.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
    step = stepper(network, optimizer)
    step()  # the backbone's momentum is under way
    freeze_backbone(network, frozen=True)
    backbone, head = bits(network.backbone), bits(network.classifier)
    step()
    assert same_bits(bits(network.backbone), backbone)
    assert not same_bits(bits(network.classifier), head)


def test_copy_of_a_network_is_independent() -> None:
    network = small()
    other = copy.deepcopy(network)
    assert same_bits(bits(network), bits(other))
    assert not storages(network) & storages(other)


def head_and_inserted(network: Network) -> Iterator[nn.Parameter]:
    assert network.new_fc is not None
    yield from network.new_fc.parameters()
    yield from network.classifier.parameters()


def stepper(network: Network, optimizer: Sgd) -> Callable[[], None]:
    def step() -> None:
        nn.functional.cross_entropy(network(some_images()), torch.tensor([6, 7, 8, 9, 6])).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


def test_inserted_random_layer_has_torchs_default_initialisation_as_in_the_notebook(teacher: Network) -> None:
    hidden = teacher.classifier.in_features
    new_fc = expand_head(teacher, 4, "random", stream()).new_fc
    assert new_fc is not None
    for parameter in new_fc.parameters():
        assert parameter.abs().max() <= hidden**-0.5
    # Uniform within b has the standard deviation b / sqrt(3); Kaiming normal would have 1.7 times as much.
    assert abs(float(new_fc.weight.detach().std()) * (3 * hidden) ** 0.5 - 1) < 0.15
