"""The notebook's networks and their head expansion: backbone, optional inserted layer, head.

Knows nothing of data, losses or training.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from lwf_gui import InputError
from lwf_gui.recipe import Model


class Network(nn.Module):
    """A backbone of shared features, an optional inserted hidden layer, and a head with one output unit per class.

    The notebook's ``NeuralNetwork`` and ``CNN`` are this class with `mlp_backbone` and `cnn_backbone`; its
    ``ModifiedCNN`` is this class with ``new_fc``. The backbone is what a warm-up freezes.
    """

    def __init__(self, backbone: nn.Module, classifier: nn.Linear, new_fc: nn.Linear | None = None) -> None:
        super().__init__()
        self.backbone = backbone
        self.new_fc = new_fc
        self.classifier = classifier

    @property
    def hidden(self) -> int:
        """Width of the backbone's features."""
        return (self.new_fc or self.classifier).in_features

    def forward(self, images: Tensor) -> Tensor:
        """Return logits, shape (N, classes), of images, shape (N, 1, H, W)."""
        return self.head(self.backbone(images))

    def head(self, features: Tensor) -> Tensor:
        """Return logits, shape (N, classes), of the backbone's features, shape (N, hidden)."""
        if self.new_fc is not None:
            features = torch.relu(self.new_fc(features))
        logits: Tensor = self.classifier(features)
        return logits


def mlp_backbone(height: int, width: int, hidden: int) -> nn.Sequential:
    """Return the notebook's ``NeuralNetwork`` without its head: two hidden layers."""
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            fc1=nn.Linear(height * width, hidden),
            relu1=nn.ReLU(),
            fc2=nn.Linear(hidden, hidden),
            relu2=nn.ReLU(),
        )
    )


class FlattenChannelsLast(nn.Module):
    """Flatten (N, C, H, W) to (N, H * W * C): where channels lie last in memory this copies nothing."""

    def forward(self, images: Tensor) -> Tensor:
        """Return features, shape (N, H * W * C), place by place and channel by channel."""
        return images.permute(0, 2, 3, 1).flatten(1)


def cnn_backbone(height: int, width: int, hidden: int) -> nn.Sequential:
    """Return the notebook's ``CNN`` without its head: two convolutions, one pooling, one hidden layer.

    It pools before the second ReLU. Both are monotone, so the values are the same as in the other order, for a
    quarter of the ReLU's work.
    """
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 16, kernel_size=3, padding=1),
            relu1=nn.ReLU(),
            conv2=nn.Conv2d(16, 32, kernel_size=3, padding=1),
            pool=nn.MaxPool2d(2),
            relu2=nn.ReLU(),
            flatten=FlattenChannelsLast(),
            fc1=nn.Linear(32 * (height // 2) * (width // 2), hidden),
            relu3=nn.ReLU(),
        )
    )


BACKBONES = {"mlp": mlp_backbone, "cnn": cnn_backbone}

SMALLEST = {"mlp": 1, "cnn": 2}
"""Pixels that each side of an image must have: pooling by 2 leaves nothing of a side of 1."""


def require_size(model: Model, height: int, width: int) -> None:
    """Make sure that a network can be built for images of that size.

    Raises
    ------
    InputError
        If a layer would be left without input.
    """
    least = SMALLEST[model.network]
    if min(height, width) < least:
        others = " or ".join(name for name, side in SMALLEST.items() if min(height, width) >= side)
        raise InputError(
            f"model.network = {model.network} needs images of at least {least}x{least} pixels, and these have "
            f"{height}x{width}; use {f'model.network={others}' if others else 'larger images'}."
        )


def build(model: Model, height: int, width: int, classes: int, generator: torch.Generator) -> Network:
    """Return a freshly initialised network of the recipe for images of that size.

    Raises
    ------
    InputError
        If the images are too small for it.
    """
    require_size(model, height, width)
    with _global_stream_kept():
        backbone = BACKBONES[model.network](height, width, model.hidden)
        network = Network(backbone, nn.Linear(model.hidden, classes))
    initialise(network, generator)
    return network


def initialise(module: nn.Module, generator: torch.Generator) -> None:
    """Draw all weights as the notebook does, from one generator.

    Weights are Kaiming normal (He et al. 2015), with the gain of ReLU (sqrt 2) for convolutions and of the sigmoid
    (1) for linear layers, as in the notebook. Biases keep torch's default, uniform within 1 / sqrt(fan_in).
    """
    for layer in module.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            convolution = isinstance(layer, nn.Conv2d)
            nn.init.kaiming_normal_(
                layer.weight, nonlinearity="relu" if convolution else "sigmoid", generator=generator
            )
            assert layer.bias is not None
            _draw_by_default(layer.bias, layer.weight[0].numel(), generator)


def expand_head(teacher: Network, new_classes: int, inserted: str, generator: torch.Generator) -> Network:
    """Return a copy of the teacher whose head has ``new_classes`` more outputs: the head expansion before the new task.

    Old rows are copied; new rows start at zero, as in the notebook, so that no new class is preferred. With
    ``inserted`` "random" or "identity" a hidden layer is inserted before the head. Behind the identity every output
    is unchanged: the features are not negative, so ReLU(I h) = h. Behind a random layer the copied rows read
    features that they were never trained on. A layer that was inserted before stays, as a copy.
    """
    old, hidden = teacher.classifier.weight.shape
    with _global_stream_kept():
        classifier = nn.Linear(hidden, old + new_classes)
        new_fc = nn.Linear(hidden, hidden) if inserted != "none" else copy.deepcopy(teacher.new_fc)
    with torch.no_grad():
        for parameter, source in zip(classifier.parameters(), teacher.classifier.parameters(), strict=True):
            parameter.zero_()
            parameter[:old] = source
    if new_fc is not None and inserted == "random":
        # torch's default, not Kaiming: the notebook's ModifiedCNN makes this layer after its parent's constructor
        # has initialised the others. Features behind it are 0.58 times as large, and it learns that much slower.
        for parameter in new_fc.parameters():
            _draw_by_default(parameter, hidden, generator)
    elif new_fc is not None and inserted == "identity":
        nn.init.eye_(new_fc.weight)
        nn.init.zeros_(new_fc.bias)
    return Network(copy.deepcopy(teacher.backbone), classifier, new_fc)


def _draw_by_default(parameter: Tensor, fan_in: int, generator: torch.Generator) -> None:
    """Draw as torch's own layers do: uniform within 1 / sqrt(fan_in)."""
    nn.init.uniform_(parameter, -(fan_in**-0.5), fan_in**-0.5, generator=generator)


def _global_stream_kept() -> AbstractContextManager[None]:
    """Keep torch's global random stream as it was: layers draw weights from it that are then drawn anew."""
    return torch.random.fork_rng(devices=[])


def freeze_backbone(network: Network, frozen: bool) -> None:
    """Freeze or unfreeze the backbone.

    Gradients of frozen parameters become None, not zero: the optimiser then passes them over, where for a zero
    gradient weight decay and momentum would still move them.
    """
    for parameter in network.backbone.parameters():
        parameter.requires_grad_(not frozen)
        if frozen:
            parameter.grad = None
