"""Hidden values of some images: what the layers of a backbone make of them, caught on the way to its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.engine.networks import FlattenChannelsLast, Network
from lwf_gui.engine.put_back import parts_of
from lwf_gui.engine.tasks import Batch


def hidden_layers(network: Network) -> list[nn.Module]:
    """Return the modules whose outputs are the backbone's hidden values: each part's last one before a flattening."""
    flattening = (nn.Flatten, FlattenChannelsLast)
    return [[each for each in part if not isinstance(each, flattening)][-1] for part in parts_of(network.backbone)]


class Heard:
    """Hidden values of some images, caught as batches pass a backbone as a whole, on their way to a learner's answers.

    Others send mixed values through its layers one by one: these are not caught.
    """

    def __init__(self, backbone: nn.Module, layers: Sequence[nn.Module], images: NDArray[np.intp]) -> None:
        self._backbone, self._layers, self._images = backbone, layers, images
        self._passing = False
        self._caught: dict[int, Tensor] = {}
        self._rows: list[list[Tensor]] = [[] for _ in layers]

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """Catch what the layers make of each batch until it is heard of."""
        hooks = [layer.register_forward_hook(self._catch(place)) for place, layer in enumerate(self._layers)]
        hooks.append(self._backbone.register_forward_pre_hook(self._begin))
        hooks.append(self._backbone.register_forward_hook(self._end))
        try:
            yield self
        finally:
            for hook in hooks:
                hook.remove()

    def _begin(self, _module: nn.Module, _inputs: object) -> None:
        self._passing = True
        self._caught.clear()

    def _end(self, _module: nn.Module, _inputs: object, _output: object) -> None:
        self._passing = False

    def _catch(self, place: int) -> Callable[[nn.Module, object, Tensor], None]:
        def catch(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            if self._passing:
                self._caught[place] = output

        return catch

    def hear(self, batch: Batch, _features: Tensor) -> None:
        """Keep what was made of those images that are in a batch, whose numbers follow each other."""
        first = int(batch.numbers[0])
        rows = self._images[(self._images >= first) & (self._images < first + len(batch.numbers))] - first
        if len(rows):
            for place, values in self._caught.items():
                self._rows[place].append(values[torch.from_numpy(rows).to(values.device)])
        self._caught.clear()

    def values(self) -> list[Tensor] | None:
        """Return the hidden values of all images, layer by layer; None where some did not pass these layers."""
        counts = {sum(map(len, rows)) for rows in self._rows}
        return [torch.cat(rows) for rows in self._rows] if counts == {len(self._images)} else None
