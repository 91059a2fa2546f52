"""Feature extractor: what a head made of statistics reads of an image, from a network that never trains.

The backbone is the first teacher's; or the same one with the weights that it had before it learnt anything, drawn from
the same stream; or there is none, and the pixels are the features. Beside the last hidden layer ("fc") the pooled
convolutions ("conv") may be read: the second one's, after pooling and ReLU, averaged to 7x7 places.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from lwf_gui.engine.networks import Network, initialise
from lwf_gui.engine.tasks import generator
from lwf_gui.method_rows.statistics import Features as Settings

PLACES = 7
"""Height and width to which pooled convolutions are averaged; smaller ones stay as they are."""


class Extractor:
    """Returns the features that settings ask for; ``seed`` is the run's."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._settings, self._seed = settings, seed
        self._untrained: nn.Module | None = None

    @property
    def is_own(self) -> bool:
        """Whether these are others than the features of the learner's own head."""
        return self._settings.backbone != "first" or self._settings.features != "fc"

    @torch.no_grad()
    def __call__(self, network: Network, images: Tensor) -> Tensor:
        """Return features, shape (N, D), of images, shape (N, 1, H, W)."""
        if self._settings.backbone == "pixels":
            return images.flatten(1)
        backbone = network.backbone if self._settings.backbone == "first" else self._fresh(network)
        features: Tensor = backbone(images) if self._settings.features == "fc" else with_convolutions(backbone, images)
        return features

    def _fresh(self, network: Network) -> nn.Module:
        """Return the backbone as it was before the base task."""
        if self._untrained is None:
            self._untrained = copy.deepcopy(network.backbone).requires_grad_(False)
            drawn = _laid_out(copy.deepcopy(network.backbone).cpu(), torch.contiguous_format)
            initialise(drawn, generator(self._seed, "teacher"))
            self._untrained.load_state_dict(drawn.state_dict())  # keeps device and layout
        return self._untrained


def _laid_out(module: nn.Module, layout: torch.memory_format) -> nn.Module:
    laid_out: nn.Module = module.to(memory_format=layout)  # type: ignore[call-overload]
    return laid_out


def with_convolutions(backbone: nn.Module, images: Tensor) -> Tensor:
    """Return the last hidden layer and the pooled convolutions before it, side by side, of a network that has any."""
    if not hasattr(backbone, "conv2"):
        features: Tensor = backbone(images)
        return features
    values, pooled = images, images
    for name, layer in backbone.named_children():
        values = layer(values)
        if name == "relu2":
            pooled = averaged(values)
    return torch.cat((values, pooled.flatten(1)), dim=1)


def averaged(values: Tensor) -> Tensor:
    """Return convolutions' values, shape (N, C, H, W), averaged to `PLACES` a side."""
    height, width = values.shape[-2:]
    pooled: Tensor = functional.adaptive_avg_pool2d(values, (min(PLACES, height), min(PLACES, width)))
    return pooled
