"""The part of Fashion-MNIST that comes with the program: what it is, that it can be drawn again, that it is genuine."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from lwf_gui.data import sources
from lwf_gui.data.fashion_mnist import CLASSES, FILES, PART_DIRECTORY
from lwf_gui.recipe import DATA_SETS, compose
from tests.conftest import needs_fashion_mnist
from tests.engine.sets import TEST_LABELS, refusal, write_file
from tests.tools.fashion_mnist_part import chosen, part_of


def test_part_is_balanced_named_and_small() -> None:
    found = sources.load("fashion-mnist-part")
    assert (found.name, found.note, found.peak) == ("fashion-mnist-part", "", 255)
    assert found.classes == CLASSES
    assert found.train_images.shape == (10_000, 28, 28)
    assert np.bincount(found.train_labels).tolist() == [1_000] * 10
    assert np.bincount(found.test_labels).tolist() == [200] * 10
    assert DATA_SETS[found.name] == "Fashion-MNIST, a part (10,000 + 2,000 images)"
    assert compose("classroom", data=found.name).data.dataset == found.name
    assert sum(path.stat().st_size for path in PART_DIRECTORY.iterdir()) <= 6_000_000


def test_part_carries_its_licence_and_its_origin() -> None:
    licence = (PART_DIRECTORY / "LICENSE").read_text("utf-8")
    assert "MIT License" in licence
    assert "Zalando SE" in licence
    about = (PART_DIRECTORY / "README.md").read_text("utf-8")
    assert "https://github.com/zalandoresearch/fashion-mnist" in about


@needs_fashion_mnist
def test_part_is_drawn_again_from_the_full_set_bit_for_bit() -> None:
    for name, content in part_of(sources.load("fashion-mnist")).items():
        assert content == gzip.decompress((PART_DIRECTORY / f"{name}.gz").read_bytes())


@needs_fashion_mnist
def test_no_test_image_of_the_part_is_among_its_training_images() -> None:
    full, part = sources.load("fashion-mnist"), sources.load("fashion-mnist-part")
    for kind, images, labels, own in (
        ("train", full.train_images, full.train_labels, part.train_images),
        ("test", full.test_images, full.test_labels, part.test_images),
    ):
        np.testing.assert_array_equal(images[chosen(labels, kind)], own)


def test_part_in_another_folder_is_known_for_what_it_is(tmp_path: Path) -> None:
    place = Path(shutil.copytree(PART_DIRECTORY, tmp_path / "mine"))
    assert sources.load(str(place)).name == "fashion-mnist-part"


def test_damaged_part_is_refused_by_its_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Path(shutil.copytree(PART_DIRECTORY, tmp_path / "part"))
    content = bytearray(gzip.decompress((place / f"{TEST_LABELS}.gz").read_bytes()))
    content[100] ^= 1
    write_file(place / f"{TEST_LABELS}.gz", bytes(content))
    monkeypatch.setattr(sources, "PART_DIRECTORY", place)
    sentence = refusal("fashion-mnist-part")
    assert sentence.startswith("The part of Fashion-MNIST that comes with the program is damaged")
    assert f"{TEST_LABELS}.gz is not the part of Fashion-MNIST's" in sentence


def test_readme_names_the_sums_that_are_checked() -> None:
    from lwf_gui.data.fashion_mnist import CONTENTS

    about = (PART_DIRECTORY / "README.md").read_text("utf-8")
    for name, sha256 in zip(FILES, CONTENTS["fashion-mnist-part"], strict=True):
        assert f"{sha256}  {name}" in about
