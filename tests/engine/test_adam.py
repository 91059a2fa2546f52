"""Our Adam is torch.optim's, number for number, and a run that learns by it is forked as any other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lwf_gui.engine.compute.adam import Adam
from lwf_gui.messages import Fork
from lwf_gui.recipe import compose
from tests.engine.lab import TINY, Lab, bits, momentum, same_bits
from tests.engine.test_sgd import networks

ADAM = ("task1.algorithm=adam", "task2.algorithm=adam", "task1.lr=0.001", "task2.lr=0.001")
MANY = ("data.tasks=[[0,1,2,3],[4,5,6],[7,8,9]]", "learners=['fine-tune','lwf','si']")


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_same_numbers_as_torch_optim(weight_decay: float) -> None:
    ours, theirs = networks()
    adam = Adam(ours.parameters(), lr=0.01, weight_decay=weight_decay)
    reference = torch.optim.Adam(theirs.parameters(), lr=0.01, weight_decay=weight_decay, fused=True)
    for step in range(5):
        images = torch.randn(7, 1, 8, 8, generator=torch.Generator().manual_seed(step))
        if step == 3:
            adam.lr = reference.param_groups[0]["lr"] = 0.001
        for network, optimizer in ((ours, adam), (theirs, reference)):
            nn.functional.cross_entropy(network(images), torch.arange(7) % 5).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            network.zero_grad()
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(a, b)


def test_a_parameter_that_was_frozen_counts_its_own_steps_as_in_torch_optim() -> None:
    ours, theirs = networks()
    adam, reference = (
        Adam(ours.parameters(), lr=0.01, weight_decay=0.1),
        torch.optim.Adam(theirs.parameters(), lr=0.01, weight_decay=0.1, fused=True),
    )
    for frozen in (True, False, False):
        for network, optimizer in ((ours, adam), (theirs, reference)):
            network[0].requires_grad_(not frozen)
            network(torch.ones(2, 1, 8, 8)).square().mean().backward()
            optimizer.step()
            network.zero_grad()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(a, b)


def test_copy_for_other_parameters_goes_on_alike_and_apart() -> None:
    ours, theirs = networks()
    adam = Adam(ours.parameters(), lr=0.01, weight_decay=0.1, max_step=0.01)
    ours(torch.ones(2, 1, 8, 8)).sum().backward()
    adam.step()
    theirs.load_state_dict(ours.state_dict())
    copied = adam.copied(theirs.parameters())
    for network, optimizer in ((ours, adam), (theirs, copied)):
        network(torch.ones(2, 1, 8, 8)).square().sum().backward()
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


@pytest.mark.parametrize("step", [3, 7, 12])
def test_a_fork_of_a_run_by_adam_repeats_it_bit_for_bit_in_any_task(step: int) -> None:
    lab = Lab()
    ran = lab.run(*ADAM, *MANY)
    live_settings = compose("digits", [*TINY, *ADAM, *MANY]).live_settings()
    again = lab.fork(Fork(1, step, (), (), live_settings), *ADAM, *MANY)
    assert again.losses().tobytes() == ran.losses()[step:].tobytes()
    for name, learner in ran.learners.items():
        assert same_bits(bits(again.learners[name].network), bits(learner.network)), name


def test_adam_learns_and_begins_every_task_anew() -> None:
    ran = Lab().run(*ADAM, *MANY)
    axis = ran.started("incremental").axis
    steps = {float(moments[-1]) for moments in ran.lwf().optimizer.moments.values()}
    assert steps == {float(axis.steps - axis.boundaries[-1])}
    assert len(momentum(ran.lwf(), ran.lwf().network)) == 3 * len(list(ran.lwf().network.parameters()))
    losses = ran.losses()[..., -1]
    assert np.isfinite(losses).all()
    assert (losses[axis.boundaries[1] - 1] < losses[0]).all()
