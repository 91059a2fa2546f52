"""Our SGD is torch.optim's, number for number."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import nn

from lwf_gui.engine.compute.adam import Adam
from lwf_gui.engine.compute.optimizer import Optimizer
from lwf_gui.engine.compute.sgd import Sgd


def networks() -> tuple[nn.Sequential, nn.Sequential]:
    def make() -> nn.Sequential:
        torch.manual_seed(0)
        network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 36, 5))
        return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]

    return make(), make()


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_same_numbers_as_torch_optim(momentum: float, weight_decay: float) -> None:
    ours, theirs = networks()
    sgd = Sgd(ours.parameters(), lr=0.1, momentum=momentum, weight_decay=weight_decay)
    reference = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=momentum, weight_decay=weight_decay, fused=True)
    for step in range(5):
        images = torch.randn(7, 1, 8, 8, generator=torch.Generator().manual_seed(step))
        if step == 3:
            sgd.lr = reference.param_groups[0]["lr"] = 0.01
        for network, optimizer in ((ours, sgd), (theirs, reference)):
            nn.functional.cross_entropy(network(images), torch.arange(7) % 5).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            network.zero_grad()
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(a, b)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_no_step_is_longer_than_its_limit_by_the_formula_of_clip_grad_norm(momentum: float) -> None:
    ours, theirs = networks()
    sgd = Sgd(ours.parameters(), lr=0.1, momentum=momentum, weight_decay=0.1, max_step=0.05)
    reference = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=momentum, weight_decay=0.1, fused=True)
    cut = []
    for step, lr in enumerate((0.1, 0.1, 0.01, 1.0, 0.0001)):
        sgd.lr = reference.param_groups[0]["lr"] = lr
        for network in (ours, theirs):
            loss = network(torch.randn(7, 1, 8, 8, generator=torch.Generator().manual_seed(step))).square().mean()
            loss.backward()
        cut.append(bool(nn.utils.clip_grad_norm_(theirs.parameters(), 0.05 / lr) > 0.05 / lr))
        for optimizer in (sgd, reference):
            optimizer.step()
        theirs.zero_grad()
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-7)
    assert {True, False} == set(cut)


def test_a_gradient_within_the_limit_keeps_every_bit() -> None:
    ours, theirs = networks()
    limited, plain = (
        Sgd(network.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1, max_step=longest)
        for network, longest in ((ours, 100.0), (theirs, 0.0))
    )
    for network, optimizer in ((ours, limited), (theirs, plain)):
        for _ in range(3):
            network(torch.ones(2, 1, 8, 8)).square().mean().backward()
            optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


def test_gradients_are_dropped_and_parameters_without_one_stay() -> None:
    network, _ = networks()
    sgd = Sgd(network.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
    frozen, trained = network[0], network[2]
    before = {name: value.clone() for name, value in frozen.state_dict().items()}
    frozen.requires_grad_(False)
    network(torch.ones(2, 1, 8, 8)).sum().backward()
    sgd.step()
    assert all(parameter.grad is None for parameter in network.parameters())
    assert set(sgd.moments) == set(trained.parameters())
    after = trained.state_dict()["weight"].clone()
    sgd.step()  # nothing has a gradient: nothing moves
    assert torch.equal(trained.state_dict()["weight"], after)
    assert all(torch.equal(value, before[name]) for name, value in frozen.state_dict().items())


def test_copy_for_other_parameters_goes_on_with_the_same_velocity() -> None:
    ours, theirs = networks()
    sgd = Sgd(ours.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1, max_step=0.01)
    ours[0].requires_grad_(False)
    ours(torch.ones(2, 1, 8, 8)).sum().backward()
    sgd.step()
    theirs.load_state_dict(ours.state_dict())
    copied = sgd.copied(theirs.parameters())
    assert set(copied.moments) == set(theirs[2].parameters())
    for network, optimizer in ((ours, sgd), (theirs, copied)):
        network.requires_grad_(True)
        network(torch.ones(2, 1, 8, 8)).square().sum().backward()
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


def test_a_run_imports_no_compiler() -> None:
    """torch.optim would, at its first use: 1.4 s and 100 MB."""
    code = (
        "import sys\n"
        "from lwf_gui.engine.runner import Job, Runner\n"
        "from lwf_gui.recipe import compose\n"
        "changes = ['task1.epochs=1', 'task2.epochs=1', 'data.train_images=64', 'engine.device=cpu']\n"
        "Runner().run(Job(1, compose('digits', changes)), lambda message: None)\n"
        "print(sorted({'torch._dynamo', 'sympy'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("adam", [False, True])
def test_a_share_of_the_learning_rate_is_a_rate_of_its_own(adam: bool) -> None:
    """As with groups of parameters of torch.optim: a share for the first layer, all of it for the others."""
    ours, theirs = networks()
    groups: list[dict[str, Any]] = [{"params": theirs[0].parameters(), "lr": 0.02}, {"params": theirs[2].parameters()}]
    optimizer: Optimizer
    other: torch.optim.Optimizer
    if adam:
        optimizer = Adam(ours.parameters(), lr=0.1, weight_decay=0.1)
        other = torch.optim.Adam(groups, lr=0.1, weight_decay=0.1, fused=True)
    else:
        optimizer = Sgd(ours.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
        other = torch.optim.SGD(groups, lr=0.1, momentum=0.9, weight_decay=0.1, fused=True)
    for step in range(4):
        for network in (ours, theirs):
            images = torch.randn(7, 1, 8, 8, generator=torch.Generator().manual_seed(step))
            nn.functional.cross_entropy(network(images), torch.arange(7) % 5).backward()  # type: ignore[no-untyped-call]
        optimizer.step(dict.fromkeys(ours[0].parameters(), 0.2))
        other.step()
        other.zero_grad()
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-7)
