"""Folders as people have them: names and layouts that are in use, labels that do not begin at 0, files that lie."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.data import folders, sources
from lwf_gui.engine.tasks import make_tasks
from lwf_gui.recipe import Recipe
from tests.engine.sets import FILES, TEST_IMAGES, TRAIN_IMAGES, TRAIN_LABELS, idx, refusal, small_arrays, write_set
from tests.engine.test_tasks import CPU


def renamed(directory: Path, change: tuple[str, str], prefix: str = "") -> Path:
    """Give the files of a set other names."""
    for path in list(directory.iterdir()):
        path.rename(directory / f"{prefix}{path.name.replace(*change)}")
    return directory


# ---- names and layouts


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("change", "prefix"),
    [(("-idx", ".idx"), ""), (("t10k", "test"), "emnist-letters-"), (("t10k", "t10k"), "kmnist-")],
)
def test_names_that_are_in_use_are_understood(
    tmp_path: Path, change: tuple[str, str], prefix: str, compressed: bool
) -> None:
    place = renamed(write_set(tmp_path / "mine", compressed=compressed), change, prefix)
    found = sources.load(str(place))
    assert found.name == "mine"
    np.testing.assert_array_equal(found.test_images, small_arrays()[TEST_IMAGES])


@pytest.mark.parametrize("below", ["raw", "FashionMNIST/raw"])
def test_torchvisions_layout_is_understood_from_its_top(tmp_path: Path, below: str) -> None:
    write_set(tmp_path / "mine" / below)
    found = sources.load(str(tmp_path / "mine"))
    assert found.name == ("mine" if below == "raw" else "other FashionMNIST")
    assert found.source == f"directory {tmp_path / 'mine'}"


def test_several_sets_in_one_folder_are_not_guessed_between(tmp_path: Path) -> None:
    write_set(tmp_path / "both" / "KMNIST" / "raw")
    write_set(tmp_path / "both" / "MNIST" / "raw")
    assert "several data sets (KMNIST/raw, MNIST/raw): choose one" in refusal(tmp_path / "both")
    for prefix in ("emnist-letters-", "emnist-digits-"):
        renamed(write_set(tmp_path / prefix), ("t10k", "test"), prefix)
        (tmp_path / "one").mkdir(exist_ok=True)
        for path in (tmp_path / prefix).iterdir():
            path.rename(tmp_path / "one" / path.name)
    assert "several data sets (emnist-digits, emnist-letters)" in refusal(tmp_path / "one")


def test_plain_file_goes_before_its_archive_and_what_other_systems_leave_is_passed_over(tmp_path: Path) -> None:
    place = write_set(tmp_path / "mine")
    (place / f"{TRAIN_IMAGES}.gz").write_bytes(b"not read")
    for name in FILES:
        (place / f"._{name}").write_bytes(b"\0\5\x16\7")
    np.testing.assert_array_equal(sources.load(str(place)).train_images, small_arrays()[TRAIN_IMAGES])


# ---- labels


def letters(directory: Path) -> Path:
    train, test = (np.arange(count) % 26 + 1 for count in (260, 52))
    random = np.random.default_rng(0)
    images = [random.integers(0, 256, (len(labels), 5, 4), np.uint8) for labels in (train, test)]
    return write_set(
        directory,
        train_images=images[0],
        train_labels=train.astype(np.uint8),
        test_images=images[1],
        test_labels=test.astype(np.uint8),
    )


def test_labels_that_begin_at_1_are_said_and_can_be_split_into_tasks(tmp_path: Path) -> None:
    found = sources.load(str(letters(tmp_path / "letters")))
    assert found.labels() == list(range(1, 27))
    assert "26 classes with 10 training and 2 test images each" in found.describe()
    tasks = make_tasks(found, Recipe().with_settings({"data.tasks": [[1, 2], [25, 26]]}), CPU)
    assert tasks.classes == ("1", "2", "25", "26")
    with pytest.raises(InputError, match="names class 0, but letters has the classes 1 to 26"):
        make_tasks(found, Recipe(), CPU)


# ---- never more than a header announces


@pytest.mark.parametrize("announced", [(20, 5, 4), (2**20, 2**20, 2**10), (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)])
def test_archive_that_unpacks_to_more_or_announces_too_much_is_refused_in_little_memory(
    tmp_path: Path, announced: tuple[int, int, int]
) -> None:
    place = write_set(tmp_path / "mine", compressed=True)
    header = bytes((0, 0, 8, 3)) + np.array(announced, ">u4").tobytes()
    bomb = gzip.compress(header + bytes(200_000_000), 1)
    (place / f"{TRAIN_IMAGES}.gz").write_bytes(bomb)
    tracemalloc.start()
    try:
        sentence = refusal(place)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(place / TRAIN_IMAGES) in sentence
    assert ("holds over 400 bytes of data, expected 400" in sentence) == (announced == (20, 5, 4))
    assert ("at most 2,147,483,648 are read" in sentence) == (announced != (20, 5, 4))
    assert peak < 3_000_000


def test_labels_that_unpack_without_end_are_refused(tmp_path: Path) -> None:
    place = write_set(tmp_path / "mine", compressed=True)
    endless = gzip.compress(idx(np.zeros(20, np.uint8)) + bytes(50_000_000), 1)
    (place / f"{TRAIN_LABELS}.gz").write_bytes(endless)
    assert "holds over 20 bytes of data, expected 20 for 20" in refusal(place)


# ---- grey values


def greys(directory: Path, train: int, test: int | None = None) -> Path:
    """Write a set whose images reach these values."""
    random = np.random.default_rng(0)

    def images(count: int, high: int) -> NDArray[np.uint8]:
        values = random.integers(0, high + 1, (count, 5, 4)).astype(np.uint8)
        values[0, 0, :2] = (0, high)
        return values

    other = train if test is None else test
    return write_set(directory, train_images=images(20, train), test_images=images(6, other))


@pytest.mark.parametrize(("high", "peak"), [(1, 1), (16, 16), (127, 127), (128, 255), (254, 255), (255, 255)])
def test_images_are_scaled_by_their_own_range_where_that_is_a_small_one(tmp_path: Path, high: int, peak: int) -> None:
    found = sources.load(str(greys(tmp_path / "mine", high)))
    assert found.peak == peak
    expected = f"The grey values of mine reach {high}, not 255: the images are scaled by that."
    assert found.note == (expected if peak < 255 else "")
    assert f"grey values 0 to {high}" in found.describe()


def test_scale_is_that_of_the_training_images_and_pictures_stay_within_it(tmp_path: Path) -> None:
    found = sources.load(str(greys(tmp_path / "mine", 8, 16)))
    assert found.peak == 8
    tasks = make_tasks(found, Recipe().with_settings({"data.tasks": [[0], [1]]}), CPU)
    assert tasks.probe_pixels.max() == 8
    assert float(next(tasks.test[0].batches(100)).images.max()) == 3.0, "not cut for the network"


@pytest.mark.parametrize(("train", "test"), [(1, 255), (255, 1), (16, 255)])
def test_training_and_test_images_on_two_scales_are_refused(tmp_path: Path, train: int, test: int) -> None:
    sentence = refusal(greys(tmp_path / "mine", train, test))
    assert f"training images with grey values up to {train} but test images up to {test}" in sentence


@pytest.mark.parametrize("value", [0, 7, 255])
@pytest.mark.parametrize("part", ["training", "test"])
def test_images_with_nothing_to_see_are_refused(tmp_path: Path, value: int, part: str) -> None:
    place = write_set(tmp_path / "mine")
    name, count = (TRAIN_IMAGES, 20) if part == "training" else (TEST_IMAGES, 6)
    (place / name).write_bytes(idx(np.full((count, 5, 4), value, np.uint8)))
    assert f"mine cannot be learnt from: all of its {count} {part} images are the same." in refusal(place)


def test_images_of_one_pixel_are_read(tmp_path: Path) -> None:
    train, test = (small_arrays()[name][:, :1, :1] for name in (TRAIN_IMAGES, TEST_IMAGES))
    place = write_set(tmp_path / "mine", train_images=train, test_images=test)
    assert sources.load(str(place)).train_images.shape == (20, 1, 1)


def test_stamp_of_a_folder_changes_with_its_files(tmp_path: Path) -> None:
    place = write_set(tmp_path / "mine")
    before = folders.stamp(place)
    assert folders.stamp(place) == before
    (place / TRAIN_LABELS).write_bytes(idx(np.zeros(20, np.uint8)))
    assert folders.stamp(place) != before
