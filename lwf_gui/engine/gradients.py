"""What training does to every layer: how hard the new task and the memory of the old one pull, and how far it moved.

It looks and never touches: a run trains the same bits with and without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.engine.methods.base import Pulls
from lwf_gui.engine.networks import Network
from lwf_gui.messages import FORCES, LayerProbe

MAX_FILTERS = 16
"""First-layer units whose weights are shown."""

NO_PULL = 1e-6
"""A gradient so many times shorter than the other has no direction: it is what rounding left of zero."""


def layers_of(network: nn.Module) -> dict[str, list[nn.Parameter]]:
    """Return weight and bias of every layer by its name, from the images to the logits."""
    found = {name.rpartition(".")[2]: list(part.parameters(recurse=False)) for name, part in network.named_modules()}
    return {name: parameters for name, parameters in found.items() if parameters}


class Gradients(NamedTuple):
    """By parameter: of the new task's loss, None where it is the whole loss, whose own gradient says it; of memory's.

    ``memory`` is empty where nothing keeps the earlier tasks in memory.
    """

    new: dict[Tensor, Tensor] | None
    memory: dict[Tensor, Tensor]


class Layers:
    """Measures the layers of learners that all began with the weights of one network, which stays as it is.

    Parameters
    ----------
    start : Network, as it is right after the head expansion
    size : height and width of the images
    """

    def __init__(self, start: Network, size: Sequence[int]) -> None:
        self._start = layers_of(start)
        self.names = tuple(self._start)
        self._lengths = [length(parameters) for parameters in self._start.values()]
        weight = next(iter(self._start.values()))[0].detach()
        units = min(MAX_FILTERS, len(weight))
        if weight.ndim == 2:  # of hundreds of units the longest have most to show
            self._units = weight.norm(dim=1).topk(units).indices
            self._shape = (units, *size)
        else:
            self._units = torch.arange(units, device=weight.device)
            self._shape = (units, *weight.shape[-2:])

    @staticmethod
    def gradients(network: Network, pulls: Pulls) -> Gradients:
        """Return the gradients of the losses that pull, before their weights; frozen parameters have none.

        Each is taken by itself: the difference of two sums, in bf16, is made of what rounding left. To be called
        before the backward pass of the loss, whose graph it leaves as it was.
        """
        trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
        new = None if pulls.new is None else _gradients(pulls.new, trained)
        return Gradients(new, {} if pulls.memory is None else _gradients(pulls.memory, trained))

    @torch.no_grad()
    def products(self, network: Network, gradients: Gradients) -> Tensor:
        """Return, after the backward pass, <n, n>, <m, m> and <n, m> of every layer, shape (layers, 3).

        n is the gradient of the new task's loss, m that of memory's; NaN where there is none.
        """
        rows = []
        for parameters in layers_of(network).values():
            row = torch.full((3,), torch.nan, device=parameters[0].device)
            if parameters[0] in gradients.memory:
                row.zero_()
                for parameter in parameters:
                    gradient = parameter.grad if gradients.new is None else gradients.new[parameter]
                    assert gradient is not None, "the backward pass has been"
                    n, m = gradient.flatten(), gradients.memory[parameter].flatten()
                    row += torch.stack((n.dot(n), m.dot(m), n.dot(m)))
            rows.append(row)
        return torch.stack(rows)

    @torch.no_grad()
    def state(self, network: Network) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
        """Return how far each layer moved, shape (layers,), and the shown filters, shape (filters, h, w)."""
        layers = layers_of(network).values()
        moved = torch.stack(
            [
                # Rows of the head that came with later tasks have no place that they could have moved from.
                length([now[: len(then)] - then for now, then in zip(layer, before, strict=True)])
                / whole.clamp_min(1e-12)
                for layer, before, whole in zip(layers, self._start.values(), self._lengths, strict=True)
            ]
        )
        weight = next(iter(layers))[0]
        filters = weight[self._units].reshape(self._shape).clamp(-65504, 65504)
        return moved.cpu().numpy().astype(np.float32), filters.cpu().numpy().astype(np.float16)


def probe_of(
    run_id: int, step: int, products: Tensor, states: list[tuple[NDArray[np.float32], NDArray[np.float16]]]
) -> LayerProbe:
    """Return the message.

    Parameters
    ----------
    products : Tensor, shape (learners, layers, 3), of `Layers.products`, NaN where nothing was measured
    states : of `Layers.state`, by learner
    """
    forces = np.empty((*products.shape[:-1], len(FORCES)), np.float32)
    nn_, mm, nm = np.moveaxis(products.cpu().numpy().astype(np.float64), -1, 0)
    with np.errstate(invalid="ignore"):  # of a loss that diverges
        new, old = np.sqrt(nn_), np.sqrt(mm)
        told = np.minimum(new, old) > NO_PULL * np.maximum(new, old)
        cosine = np.clip(nm / np.where(told, new * old, np.nan), -1, 1)
    forces[..., 0], forces[..., 1], forces[..., 2] = new, old, cosine
    return LayerProbe(run_id, step, forces, *map(np.stack, zip(*states, strict=True)))


def _gradients(loss: Tensor, parameters: list[nn.Parameter]) -> dict[Tensor, Tensor]:
    # A penalty on weights says nothing of those that came later: their gradient is zero.
    gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True, materialize_grads=True)
    return dict(zip(parameters, gradients, strict=True))


def length(tensors: Sequence[Tensor]) -> Tensor:
    """Return the L2 length, shape (), of several tensors taken as one vector."""
    parts = torch.stack([torch.linalg.vector_norm(tensor.detach()) for tensor in tensors])
    whole: Tensor = torch.linalg.vector_norm(parts)
    return whole
