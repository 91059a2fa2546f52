"""What training does to every layer is measured right, and measuring it changes nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import Tensor

from lwf_gui.engine.gradients import NO_PULL, probe_of
from lwf_gui.engine.losses import distillation_loss
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch, Order, generator
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import DataReady, LayerProbe, LiveSettingsApplied, Message, Probe
from lwf_gui.recipe import LiveSettings
from tests.engine.lab import FINE_TUNE, LWF, Lab, Ran, at, bits, both, same_bits

NEW, OLD, COSINE = range(3)
SMALL = ("train.probe_every=1", "data.train_images=64", "model.hidden=8")


def layer_probes(ran: Ran) -> dict[int, LayerProbe]:
    return {probe.step: probe for probe in ran.all(LayerProbe)}


def by_layer(loss: Tensor, network: Network) -> dict[str, Tensor]:
    """Return the gradient of a loss by layer, weight and bias in one vector."""
    names, parameters = zip(*network.named_parameters(), strict=True)
    parts: dict[str, list[Tensor]] = {}
    for name, part in zip(names, torch.autograd.grad(loss, parameters, retain_graph=True), strict=True):
        parts.setdefault(name.split(".")[-2], []).append(part.flatten())
    return {name: torch.cat(part) for name, part in parts.items()}


def pulls(network: Network, teacher: Network, batch: Batch, live_settings: LiveSettings) -> dict[str, list[float]]:
    """Return what the forces should be, by layer, computed apart and in double precision."""
    network, teacher = (copy.deepcopy(x).double() for x in (network, teacher))
    logits, answers = network(batch.images.double()), teacher(batch.images.double()).detach()
    first = 6 if live_settings.ce_scope == "new" else 0
    new = by_layer(torch.nn.functional.cross_entropy(logits[:, first:], batch.targets - first), network)
    kd = distillation_loss(logits[:, :6], answers, live_settings.temperature, scale_t2=live_settings.scale_t2)
    old = by_layer(kd, network)
    return {
        x: [float(new[x].norm()), float(old[x].norm()), float(new[x] @ old[x] / new[x].norm() / old[x].norm())]
        for x in new
    }


@pytest.mark.parametrize(
    "changes",
    [
        ("lwf.alpha=0.7", "lwf.temperature=3"),
        ("model.growth=random", "lwf.scale_t2=false", "lwf.ce_scope=new"),
        ("model.network=cnn", "lwf.alpha=5"),
        ("lwf.alpha=0",),
    ],
)
def test_forces_are_the_gradients_of_both_losses_on_the_mini_batch_of_the_step(
    lab: Lab, changes: tuple[str, ...]
) -> None:
    before: dict[int, dict[str, Network]] = {}

    def keep(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            before[message.step] = {name: copy.deepcopy(x.network) for name, x in ran.learners.items()}

    ran = lab.run(*SMALL, *changes, hook=keep)
    assert lab.runner._tasks is not None
    train, live_settings = lab.runner._tasks.train[1], ran.one(DataReady).recipe.live_settings()
    order = Order(len(train), generator(0, "task2 order"))
    for step in (2, 3, 7):
        batch = Batch(train, order((step - 1) // 4)[(step - 1) % 4 * 16 :][:16])
        for row, name in enumerate(ran.learners):
            expected = pulls(before[step - 1][name], ran.teacher(), batch, live_settings)
            assert tuple(expected) == ran.started("incremental").layers
            told = layer_probes(ran)[step].forces[row]
            np.testing.assert_allclose(told, list(expected.values()), rtol=2e-3, atol=2e-5)


@pytest.mark.parametrize("network", ["mlp", "cnn"])
@pytest.mark.parametrize("alpha", [1.0, 10.0, 100.0])
def test_in_bf16_the_gradients_keep_angle_and_length_at_any_alpha(lab: Lab, network: str, alpha: float) -> None:
    """CE's gradient as a difference, of the whole less alpha x KD's, was what rounding had left: 80 degrees for 90."""
    before: dict[int, Network] = {}

    def keep(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            before[message.step] = copy.deepcopy(ran.lwf().network)

    def turn(ran: Ran) -> None:  # it has forgotten: both gradients are far above what bf16 rounds away
        ran.control.change(alpha=alpha)

    changes = (f"model.network={network}", "lwf.alpha=0", "model.hidden=64", "engine.precision=bf16")
    hook = both(keep, at(15, turn))
    ran = lab.run("train.probe_every=1", "data.train_images=320", "train.batch_size=32", *changes, hook=hook)
    assert lab.runner._tasks is not None
    train, live_settings = lab.runner._tasks.train[1], ran.one(LiveSettingsApplied).live_settings
    assert live_settings.alpha == alpha
    order = Order(len(train), generator(0, "task2 order"))
    epoch, number = divmod(15, ran.started("incremental").epoch_steps[0])
    batch = Batch(train, order(epoch)[number * 32 :][:32])
    expected = np.array(list(pulls(before[15], ran.teacher(), batch, live_settings).values()))
    told = layer_probes(ran)[16].forces[LWF]
    np.testing.assert_allclose(told[:, :COSINE], expected[:, :COSINE], rtol=0.05)
    angles, true = (np.degrees(np.arccos(cosines)) for cosines in (told[:, COSINE], expected[:, COSINE]))
    np.testing.assert_allclose(angles, true, rtol=0, atol=2.0)


@pytest.mark.parametrize(
    ("changes", "layers"),
    [
        ((), ("fc1", "fc2", "classifier")),
        (("model.growth=identity",), ("fc1", "fc2", "new_fc", "classifier")),
        (("model.network=cnn",), ("conv1", "conv2", "fc1", "classifier")),
    ],
)
def test_layers_are_named_from_the_images_to_the_logits(
    lab: Lab, changes: tuple[str, ...], layers: tuple[str, ...]
) -> None:
    ran = lab.run(*changes)
    assert ran.started("incremental").layers == layers
    assert ran.started("base").layers == ()


def test_layers_are_told_with_every_probe_of_task_2_but_some_of_the_first_steps(lab: Lab) -> None:
    ran = lab.run("train.probe_every=10")
    answers, layers = list(ran.probes()), list(layer_probes(ran))
    assert [step for step in answers if step in layers] == layers
    assert {0, 1, 2, 4, 8, 10, 16, 20, 30} <= set(layers)
    assert set(answers) - set(layers) == {3, 6, 12, 24, 32}
    probe = layer_probes(ran)[0]
    assert np.isnan(probe.forces).all()
    assert not probe.moved.any()
    told = [(x.dtype.name, x.shape) for x in (probe.forces, probe.moved, probe.filters)]
    assert told == [("float32", (2, 3, 3)), ("float32", (2, 3)), ("float16", (2, 16, 8, 8))]


def test_frozen_layers_have_no_forces_and_do_not_move(lab: Lab) -> None:
    ran = lab.run("train.probe_every=5", "task2.warmup_epochs=1", "model.growth=random")
    probes = layer_probes(ran)
    frozen, free = probes[20], probes[25]
    assert np.isnan(frozen.forces[:, :2]).all()
    assert (frozen.forces[:, 2:, :COSINE] > 0).all()
    assert not frozen.moved[:, :2].any()
    assert (frozen.moved[:, 2:] > 0).all()
    assert (free.forces[..., :COSINE] > 0).all()
    assert (free.moved > 0).all()


def test_fine_tuning_shows_how_distillation_would_pull_it_ever_harder(lab: Lab) -> None:
    probes = layer_probes(lab.run("train.probe_every=5"))
    assert (probes[40].forces[FINE_TUNE, :, OLD] > 2 * probes[40].forces[LWF, :, OLD]).all()
    assert (abs(probes[40].forces[..., COSINE]) <= 1).all()


def test_gradient_that_is_a_rounding_error_has_no_direction(lab: Lab) -> None:
    first = layer_probes(lab.run("train.probe_every=1"))[1]  # the student still answers as its teacher
    assert (first.forces[..., OLD] <= NO_PULL * first.forces[..., NEW]).all()
    assert np.isnan(first.forces[..., COSINE]).all()
    products = torch.tensor([[[4.0, 9.0, -3.0], [4.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    told = probe_of(1, 1, products, [(np.zeros(3, np.float32), np.zeros((1, 1, 1), np.float16))])
    np.testing.assert_allclose(told.forces[0], [[2, 3, -0.5], [2, 0, np.nan], [0, 0, np.nan]])


@pytest.mark.parametrize("network", ["mlp", "cnn"])
def test_movement_and_filters_are_those_of_the_weights(lab: Lab, network: str) -> None:
    ran = lab.run(f"model.network={network}")
    last = layer_probes(ran)[40]
    for row, (name, learner) in enumerate(ran.learners.items()):
        start, now = ran.start[name], bits(learner.network)
        for column, layer in enumerate(ran.started("incremental").layers):
            keys = [key for key in now if key.split(".")[-2] == layer]
            then = torch.cat([start[key].flatten() for key in keys])
            moved = torch.cat([now[key].flatten() for key in keys]) - then
            assert last.moved[row, column] == pytest.approx(float(moved.norm() / then.norm()), rel=1e-4)
        if network == "cnn":
            filters = now["backbone.conv1.weight"][:, 0]
        else:
            longest = sorted(range(32), key=lambda unit: -float(start["backbone.fc1.weight"][unit].norm()))[:16]
            filters = now["backbone.fc1.weight"][longest].reshape(16, 8, 8)
        np.testing.assert_array_equal(last.filters[row], filters.numpy().astype(np.float16))


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("task2.warmup_epochs=1", "model.growth=random", "lwf.alpha=0"),
        ("lwf.teacher=aliased", "task2.momentum=0"),
        ("model.network=cnn", "data.train_images=160"),
        ("model.network=cnn", "data.train_images=160", "engine.precision=bf16"),
    ],
)
def test_measuring_leaves_every_bit_of_the_training(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...]
) -> None:
    measured = lab.run("train.probe_every=1", *changes)
    train_on = Trainer.train_on
    monkeypatch.setattr(Trainer, "train_on", lambda trainer, batch, **_: train_on(trainer, batch))
    plain = lab.run("train.probe_every=1", *changes)
    assert np.isnan(layer_probes(plain)[3].forces).all()
    assert not np.isnan(layer_probes(measured)[3].forces[:, -1, :COSINE]).any()
    assert measured.losses().tobytes() == plain.losses().tobytes()
    for name, learner in measured.learners.items():
        assert same_bits(bits(learner.network), bits(plain.learners[name].network))


def test_live_changes_are_in_the_forces_of_the_next_step(lab: Lab) -> None:
    """T squared is a factor of KD and of nothing else."""

    def turn(ran: Ran) -> None:
        ran.control.change(scale_t2=False)

    plain, turned = (layer_probes(lab.run("train.probe_every=1", hook=hook)) for hook in (None, at(6, turn)))
    np.testing.assert_array_equal(plain[6].forces, turned[6].forces)
    np.testing.assert_array_equal(plain[7].forces[FINE_TUNE, :, NEW], turned[7].forces[FINE_TUNE, :, NEW])
    np.testing.assert_allclose(plain[7].forces[..., OLD], 4 * turned[7].forces[..., OLD], rtol=1e-5)
