"""What stands still is computed once, and the recorded path gives what the live one would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from lwf_gui.engine.networks import Network
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.engine.teacher import Teacher

IMAGES, SIZE = 40, 16


def split() -> Split:
    random = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (IMAGES, 1, 3, 4), generator=random, dtype=torch.uint8)
    return Split(pixels, torch.arange(IMAGES) % 6, 255)


def network() -> Network:
    torch.manual_seed(0)
    return Network(nn.Sequential(nn.Flatten(), nn.Linear(12, 8), nn.ReLU()), nn.Linear(8, 6))


class Counted:
    """A network that counts the images it is asked about."""

    def __init__(self, net: Callable[[Tensor], Tensor]) -> None:
        self.net, self.images = net, 0

    def __call__(self, images: Tensor) -> Tensor:
        self.images += len(images)
        return self.net(images)


def epoch(images: Split, seed: int) -> list[Batch]:
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    return [Batch(images, order[start : start + SIZE]) for start in range(0, len(images), SIZE)]


def test_first_epoch_computes_every_image_and_later_ones_none() -> None:
    net = Counted(network())
    cache, images = OutputCache(net), split()
    for batch in epoch(images, 1):
        answers = cache.of(batch)
        assert not answers.requires_grad
        assert torch.equal(answers, net.net(batch.images))
    assert net.images == IMAGES
    for batch in epoch(images, 2):
        torch.testing.assert_close(cache.of(batch), net.net(batch.images))
    assert net.images == IMAGES


def test_recording_from_the_middle_of_an_epoch_computes_a_batch_with_any_unknown_image() -> None:
    net = Counted(network())
    cache, images = OutputCache(net), split()
    cache.of(epoch(images, 1)[1])
    for batch in epoch(images, 2):
        torch.testing.assert_close(cache.of(batch), net.net(batch.images))
    asked = net.images
    for batch in epoch(images, 3):
        cache.of(batch)
    assert net.images == asked


def test_known_answers_are_the_bits_that_were_recorded_whatever_becomes_of_the_network() -> None:
    net, images = network(), split()
    cache = OutputCache(net)
    first = {batch: cache.of(batch).clone() for batch in epoch(images, 1)}
    with torch.no_grad():
        net.classifier.bias.add_(1)
    for batch, answers in first.items():
        assert torch.equal(cache.of(batch), answers)


def test_splits_are_kept_apart() -> None:
    net, one, other = network(), split(), split()
    other.pixels.zero_()
    cache = OutputCache(net)
    numbers = torch.arange(5)
    cache.of(Batch(one, numbers))
    assert torch.equal(cache.of(Batch(other, numbers)), net(Batch(other, numbers).images))


def test_learners_that_ask_about_the_same_batch_share_one_answer() -> None:
    net = Counted(network())
    cache, images = OutputCache(net), split()
    batch = epoch(images, 1)[0]
    assert cache.of(batch) is cache.of(batch)
    assert net.images == SIZE


def test_images_of_a_known_batch_are_not_even_normalised() -> None:
    cache, images = OutputCache(network()), split()
    for batch in epoch(images, 1):
        cache.of(batch)
    again = epoch(images, 2)[0]
    cache.of(again)
    assert "images" not in vars(again)


def test_copied_record_knows_the_same_and_goes_on_with_a_network_of_its_own() -> None:
    first, second, images = Counted(network()), Counted(network()), split()
    cache = OutputCache(first)
    known, unknown = epoch(images, 1)[:2]
    answers = cache.of(known).clone()
    copied = cache.copied(second)
    assert torch.equal(copied.of(known), answers)
    copied.of(unknown)
    assert (first.images, second.images) == (SIZE, SIZE)
    cache.of(unknown)  # still unknown here
    assert first.images == 2 * SIZE


def test_record_that_forgot_takes_no_memory_and_computes_anew() -> None:
    net = Counted(network())
    cache, batch = OutputCache(net), epoch(split(), 1)[0]
    cache.of(batch)
    assert cache.memory == IMAGES * (6 * 4 + 1)
    cache.forget()
    assert cache.memory == 0
    cache.of(batch)
    assert net.images == 2 * SIZE


def test_aliased_teacher_is_its_head_on_the_students_features_and_answers_anew() -> None:
    student, images = network(), split()
    teacher = Teacher(Network(student.backbone, nn.Linear(8, 6)), aliased=True)
    batch = epoch(images, 1)[0]
    before = teacher.heard_by(student.backbone(batch.images))
    assert torch.equal(before, teacher.network(batch.images))
    assert not before.requires_grad
    with torch.no_grad():
        student.backbone.get_parameter("1.bias").add_(1)
    after = teacher.heard_by(student.backbone(batch.images))
    assert torch.equal(after, teacher.network(batch.images))
    assert not torch.equal(after, before)
    with pytest.raises(AssertionError, match="no backbone of its own"):
        teacher.responses(batch)
