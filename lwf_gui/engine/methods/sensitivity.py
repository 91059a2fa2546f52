"""Sensitivity of a network's answers to its weights: a measure of every image's own gradient, averaged over images.

The mean of the squares, or of the sizes, of the images' gradients is not that of their mean: each image's own counts.
For a linear layer it is an outer product, delta a', of the gradient at the layer's output and of the layer's input. A
measure with m(x y) = m(x) m(y), as the square and the absolute value are, goes inside: the sum over images is one
matrix product, m(delta)' m(a), and no image's gradient is ever written down. Convolutions have few weights: there the
images' gradients are made, as batched matrix products of delta and the unfolded input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from lwf_gui.engine.methods.base import Task, entropy
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch

CHOICE = 11
"""What is drawn: the images that are looked at."""

MEASURES = "measures how much each weight matters"
"""What a method is doing meanwhile."""

AT_ONCE = 50
"""Images of a forward pass: the unfolded inputs of a convolution take half a megabyte each."""

Measure = Callable[[Tensor], Tensor]
"""The square or the absolute value, by element."""

Objective = Callable[[Tensor, Tensor], Iterable[Tensor]]
"""Returns sums over images of what is differentiated, of logits, shape (N, K), and targets, shape (N,)."""


def sensitivity(
    network: Network, task: Task, objective: Objective, measure: Measure, images: int, seed: int
) -> dict[str, Tensor]:
    """Return the measure of each image's gradient, by weight: a mean over images of a task, a sum over objectives.

    At most so many ``images`` are drawn, by the run's ``seed``, without repetition.
    """
    generator = torch.Generator().manual_seed(entropy(seed, CHOICE, task.number))
    numbers = torch.randperm(len(task.train), generator=generator)[:images]
    watched = _Watched(network, measure)
    with watched, torch.enable_grad():
        for part in torch.split(numbers, AT_ONCE):
            batch = Batch(task.train, part)
            # The images want a gradient so that there is one at every layer, also where a backbone is frozen.
            logits = network(batch.images.clone().requires_grad_())
            for summed in objective(logits, batch.targets):
                watched.add(summed)
    return {name: total / len(numbers) for name, total in watched.sums.items()}


def of_answers(earlier: int, scope: str) -> Objective:
    """Return what the true Fisher information is the square of: the expectation over the network's own answers.

    F = mean_n sum_k p_nk (d log p_nk)**2: every class k counts as often as the network answers it. The root of p_nk,
    a mere number, goes inside the square. With ``scope`` "new" the classes are the task's, from unit ``earlier`` on.
    """

    def objective(logits: Tensor, targets: Tensor) -> Iterable[Tensor]:
        log_p = _log_p(logits, earlier, scope)
        roots = log_p.detach().exp().sqrt()
        return ((root * each).sum() for root, each in zip(roots.T, log_p.T, strict=True))

    return objective


def of_labels(earlier: int, scope: str) -> Objective:
    """Return what the empirical Fisher information is the square of: the gradient of the label's log-likelihood."""

    def objective(logits: Tensor, targets: Tensor) -> Iterable[Tensor]:
        first = earlier if scope == "new" else 0
        return (_log_p(logits, earlier, scope).gather(1, (targets - first).unsqueeze(1)).sum(),)

    return objective


def of_outputs(logits: Tensor, targets: Tensor) -> Iterable[Tensor]:
    """Return the squared L2 length of the outputs, summed over images: it needs no label."""
    return (logits.square().sum(),)


def _log_p(logits: Tensor, earlier: int, scope: str) -> Tensor:
    return functional.log_softmax(logits[:, earlier:] if scope == "new" else logits, dim=1)


class _Watched:
    """A network whose layers keep what came in and what went out, and the sums of what their images' gradients are."""

    def __init__(self, network: Network, measure: Measure) -> None:
        self.sums: dict[str, Tensor] = {}
        """By parameter, of its shape."""
        self._measure = measure
        self._layers = {name: layer for name, layer in network.named_modules() if list(layer.parameters(recurse=False))}
        self._inputs: dict[nn.Module, Tensor] = {}
        self._outputs: dict[nn.Module, Tensor] = {}
        self._hooks: list[Any] = []

    def __enter__(self) -> None:
        self._hooks = [layer.register_forward_hook(self._keep) for layer in self._layers.values()]

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def add(self, summed: Tensor) -> None:
        """Add what the images' gradients of a sum over the images of the last forward pass are."""
        deltas = torch.autograd.grad(
            summed, [self._outputs[layer] for layer in self._layers.values()], retain_graph=True
        )
        for (name, layer), delta in zip(self._layers.items(), deltas, strict=True):
            for which, value in self._of_layer(layer, self._inputs[layer].detach(), delta).items():
                key = f"{name}.{which}"
                self.sums[key] = self.sums[key] + value if key in self.sums else value

    def _keep(self, layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        self._inputs[layer], self._outputs[layer] = inputs[0], output

    def _of_layer(self, layer: nn.Module, entered: Tensor, delta: Tensor) -> dict[str, Tensor]:
        """Return the sums over images for a layer's weight and bias, of its input and the gradient at its output."""
        measure = self._measure
        if isinstance(layer, nn.Linear):
            return {"weight": measure(delta).T @ measure(entered), "bias": measure(delta).sum(0)}
        assert isinstance(layer, nn.Conv2d), "no other layers have weights"
        assert not isinstance(layer.padding, str)
        patches = functional.unfold(entered, layer.kernel_size, layer.dilation, layer.padding, layer.stride)
        places = delta.flatten(2)
        weight = measure(torch.bmm(places, patches.transpose(1, 2))).sum(0).view(layer.weight.shape)
        return {"weight": weight.contiguous(memory_format=torch.channels_last), "bias": measure(places.sum(2)).sum(0)}
