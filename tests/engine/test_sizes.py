"""Network and image size are checked together: what cannot be built is refused in a sentence, before anything is."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.engine.networks import SMALLEST, build, require_size
from lwf_gui.engine.tasks import generator
from lwf_gui.messages import DataReady, Failed, Finished, LayerProbe
from lwf_gui.recipe import Model
from tests.engine.lab import Lab


def folder_of_images(folder: Path, height: int, width: int) -> Path:
    """Write a data set of four classes, told apart by their brightness, as IDX files."""
    random = np.random.default_rng(0)
    for name, each in (("train", 40), ("t10k", 10)):
        labels = np.tile(np.arange(4, dtype=np.uint8), each)
        noise = random.integers(0, 40, (len(labels), height, width))
        write(folder / f"{name}-images-idx3-ubyte", (60 * labels[:, None, None] + noise).astype(np.uint8))
        write(folder / f"{name}-labels-idx1-ubyte", labels)
    return folder


def write(file: Path, array: NDArray[np.uint8]) -> None:
    head = bytes((0, 0, 8, array.ndim)) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    file.write_bytes(head + array.tobytes())


def settings(folder: Path, network: str) -> tuple[str, ...]:
    small = ("data.tasks=[[0,1],[2,3]]", "model.hidden=8", "train.probe_images=8")
    return (f"data.dataset={folder}", f"model.network={network}", *small)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 64), (64, 1)])
def test_cnn_on_images_too_small_for_it_is_refused_in_a_sentence(
    lab: Lab, tmp_path: Path, height: int, width: int
) -> None:
    with warnings.catch_warnings(record=True) as warned:
        ran = lab.run(*settings(folder_of_images(tmp_path, height, width), "cnn"))
    failed = ran.one(Failed)
    assert failed.bad_input
    assert failed.cause == (
        f"model.network = cnn needs images of at least 2x2 pixels, and these have {height}x{width}; "
        "use model.network=mlp."
    )
    assert not ran.all(DataReady), "it is said before anything is built"
    assert warned == []


@pytest.mark.parametrize(
    ("network", "height", "width"),
    [("mlp", 1, 1), ("mlp", 1, 64), ("mlp", 64, 1), ("cnn", 2, 2), ("cnn", 2, 3), ("cnn", 64, 2)],
)
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_smallest_images_are_trained_on(
    lab: Lab, tmp_path: Path, network: str, height: int, width: int, precision: str
) -> None:
    folder = folder_of_images(tmp_path, height, width)
    with warnings.catch_warnings(record=True) as warned:
        ran = lab.run(*settings(folder, network), f"engine.precision={precision}", "model.growth=random")
    assert ran.all(Finished), ran.messages[-1]
    assert warned == []
    shown = (height, width) if network == "mlp" else (3, 3)
    assert ran.all(LayerProbe)[-1].filters.shape[-2:] == shown


@pytest.mark.parametrize("network", ["mlp", "cnn"])
def test_no_network_is_built_with_a_layer_that_has_no_input(network: str) -> None:
    model = Model.model_validate({"network": network, "hidden": 2})
    for height in range(4):
        for width in range(4):
            if min(height, width) >= SMALLEST[network]:
                require_size(model, height, width)
                made = build(model, height, width, 2, generator(0, "teacher"))
                assert all(parameter.numel() for parameter in made.parameters())
            else:
                with pytest.raises(InputError, match=f"needs images of at least .* have {height}x{width}"):
                    build(model, height, width, 2, generator(0, "teacher"))
