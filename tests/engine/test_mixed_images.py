"""Images mixed from pairs: how many, the same again, and what the ways of mixing do to pixels."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from lwf_gui.engine.methods import mixed_images as mixing
from lwf_gui.engine.methods.mixed_images import joined, mixed_images, moved
from tests.engine.test_statistics import task


def stream(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def levels_of(images: Tensor) -> list[float]:
    return sorted(set(images.flatten().tolist()))


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (5, [5]), (20, [8, 8, 4])])
def test_there_are_as_many_as_asked_for_and_the_same_of_the_same_stream(count: int, sizes: list[int]) -> None:
    split = task(0).train
    first, again, other = (list(mixed_images(split, count, 8, stream(seed))) for seed in (1, 1, 2))
    assert [len(batch) for batch in first] == sizes
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not count or not torch.equal(first[0], other[0])
    for batch in first:
        assert batch.shape[1:] == split.pixels.shape[1:]
        assert batch.dtype is torch.float32
        assert batch.min() >= -1
        assert batch.max() <= 1


def test_they_are_the_same_at_half_precision() -> None:
    split = task(0).train
    (whole,) = mixed_images(split, 8, 8, stream())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        (half,) = mixed_images(split, 8, 8, stream())
    assert torch.equal(whole, half)


def test_what_comes_into_sight_beside_a_moved_image_is_black() -> None:
    white = torch.ones(200, 1, 8, 8)
    found = moved(white, stream())
    assert found.min() == -1
    assert found.max() == pytest.approx(1)
    assert levels_of(moved(-white, stream())) == [-1], "and black stays black"


def test_two_images_become_one_in_three_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing, "DARKEST", 1.0)
    monkeypatch.setattr(mixing, "LIGHTEST", 1.0)
    dark, light = torch.full((300, 1, 6, 6), -0.5), torch.full((300, 1, 6, 6), 0.5)
    values = [levels_of(image) for image in joined(dark, light, stream())]
    cut = [value for value in values if len(value) == 2]
    one = [value[0] for value in values if len(value) == 1]
    assert len(one) + len(cut) == 300
    assert len(cut) > 60
    assert all(value == [-0.5, 0.5] for value in cut), "a part of one, and the rest of the other"
    assert sum(value == 0.5 for value in one) > 60, "the lighter of both at every place"
    assert sum(-0.5 < value < 0.5 for value in one) > 60, "faded into each other"


def test_they_are_lighter_or_darker_but_black_stays_black() -> None:
    grey, black = torch.zeros(200, 1, 4, 4), -torch.ones(200, 1, 4, 4)
    assert levels_of(joined(black, black, stream())) == [-1]
    levels = joined(grey, grey, stream()).flatten(1).mean(1) + 1
    assert float(levels.min()) == pytest.approx(mixing.DARKEST, abs=0.05)
    assert float(levels.max()) == pytest.approx(mixing.LIGHTEST, abs=0.05)
