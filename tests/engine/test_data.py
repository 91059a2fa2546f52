"""Where data is looked for, and what is refused and with which sentence."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lwf_gui import InputError, paths
from lwf_gui.data import sources
from lwf_gui.data.digits import DIRECTORY, read_digits
from lwf_gui.data.fashion_mnist import ARCHIVES
from tests.conftest import FASHION_MNIST_DIRECTORY, needs_fashion_mnist
from tests.engine.sets import (
    FILES,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    copy_package,
    idx,
    refusal,
    small_arrays,
    write_file,
    write_set,
)
from tests.tools.digits import parts

# ---- own data in IDX files


@pytest.mark.parametrize("compressed", [False, True])
def test_small_own_set_is_read_under_its_directory_name(tmp_path: Path, compressed: bool) -> None:
    found = sources.load(str(write_set(tmp_path / "mine", compressed=compressed)))
    expected = small_arrays()
    np.testing.assert_array_equal(found.train_images, expected[TRAIN_IMAGES])
    np.testing.assert_array_equal(found.train_labels, expected[TRAIN_LABELS])
    np.testing.assert_array_equal(found.test_images, expected[TEST_IMAGES])
    np.testing.assert_array_equal(found.test_labels, expected[TEST_LABELS])
    assert (found.name, found.source) == ("mine", f"directory {tmp_path / 'mine'}")
    assert found.classes == ("0", "1", "2", "3")  # 3 is seen in the test labels alone
    assert (found.peak, found.note) == (255, "")
    assert found.train_images.dtype == np.uint8


def test_arrays_are_read_only(tmp_path: Path) -> None:
    for found in (sources.load(str(write_set(tmp_path / "mine"))), sources.load("digits")):
        for array in (found.train_images, found.train_labels, found.test_images, found.test_labels):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


def test_fingerprint_follows_the_content_and_not_the_packing(tmp_path: Path) -> None:
    plain, packed = write_set(tmp_path / "a"), write_set(tmp_path / "b", compressed=True)
    labels = small_arrays()[TEST_LABELS].copy()
    labels[0] ^= 1
    changed = write_set(tmp_path / "c", test_labels=labels)
    first, second, third = (sources.load(str(place)).fingerprint for place in (plain, packed, changed))
    assert first == second
    assert first != third
    assert len(first) == 64


@pytest.mark.parametrize("name", ["fashion-mnist", "digits"])
def test_own_set_never_takes_the_name_of_known_data(tmp_path: Path, name: str) -> None:
    assert sources.load(str(write_set(tmp_path / name))).name == f"other {name}"


def test_home_and_relative_directories_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path / "mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for spec in ("~/mine", "mine", "./mine"):
        assert sources.load(spec).source == f"directory {tmp_path / 'mine'}"


# ---- refusals


@pytest.mark.parametrize("spec", ["", "fashon-mnist", "/no/such/place", "~nobody-at-all/x", "a\0b"])
def test_unknown_spec_names_what_is_allowed(spec: str) -> None:
    sentence = refusal(spec)
    assert repr(spec) in sentence
    for allowed in ("auto", "fashion-mnist", "fashion-mnist-part", "digits", "directory"):
        assert allowed in sentence.replace(repr(spec), "")


def test_file_in_place_of_a_directory_is_refused(tmp_path: Path) -> None:
    assert "no directory" in refusal(write_file(tmp_path / "data.bin", b"x"))


def test_empty_directory_lists_the_four_names(tmp_path: Path) -> None:
    sentence = refusal(tmp_path)
    assert str(tmp_path) in sentence
    assert all(name in sentence for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (write_set(tmp_path / "mine") / name).unlink()
    sentence = refusal(tmp_path / "mine")
    assert f"{tmp_path / 'mine'} holds 3 of the four" in sentence
    assert [other for other in FILES if other in sentence] == [name]


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_truncated_archive_is_named(tmp_path: Path, kept: float) -> None:
    path = write_set(tmp_path / "mine", compressed=True) / f"{TRAIN_IMAGES}.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    assert f"{path} is truncated" in refusal(tmp_path / "mine")


def test_corrupt_archive_is_named(tmp_path: Path) -> None:
    path = write_set(tmp_path / "mine", compressed=True) / f"{TEST_IMAGES}.gz"
    whole = path.read_bytes()
    for damaged in (
        whole[:20] + bytes(byte ^ 255 for byte in whole[20:60]) + whole[60:],  # in the deflate stream
        whole[:-8] + bytes(4) + whole[-4:],  # in the checksum
        whole + b"and more",
    ):
        path.write_bytes(damaged)
        assert f"{path} is damaged" in refusal(tmp_path / "mine")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "begins with 89 50 4e 47"),
        (b"<html>not found</html>", "begins with 3c 68 74 6d"),
        (b"", "is empty"),
    ],
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_foreign_file_says_what_was_found_and_expected(tmp_path: Path, content: bytes, found: str, ending: str) -> None:
    path = write_set(tmp_path / "mine", compressed=bool(ending)) / f"{TRAIN_IMAGES}{ending}"
    path.write_bytes(content)
    sentence = refusal(tmp_path / "mine")
    assert str(path) in sentence
    assert found in sentence
    assert ("expected 1f 8b" if ending else "expected 00 00 08 03") in sentence


@pytest.mark.parametrize(
    ("name", "content", "found", "expected"),
    [
        (TRAIN_IMAGES, idx(np.zeros(20, np.uint8)), "00 00 08 01", "00 00 08 03"),  # labels
        (TRAIN_LABELS, idx(np.zeros((20, 5, 4), np.uint8)), "00 00 08 03", "00 00 08 01"),  # images
        (TRAIN_IMAGES, b"\0\0\x0d\x03" + bytes(100), "00 00 0d 03", "00 00 08 03"),  # floats
        (TRAIN_IMAGES, b"\0\0\x08\x03" + bytes(7), "has 11 bytes", "over 16 bytes"),  # half a header
        (TRAIN_IMAGES, idx(np.zeros((20, 5, 4), np.uint8))[:-1], "399 bytes", "400"),
        (TRAIN_IMAGES, idx(np.zeros((20, 5, 4), np.uint8)) + b"x", "401 bytes", "400"),
        (TRAIN_IMAGES, idx(np.zeros((0, 5, 4), np.uint8)), "0 bytes", "some for 0x5x4"),
        (TRAIN_LABELS, idx(np.zeros(0, np.uint8)), "0 bytes", "some"),
    ],
)
def test_unsound_idx_file_says_what_was_found_and_expected(
    tmp_path: Path, name: str, content: bytes, found: str, expected: str
) -> None:
    path = write_file(write_set(tmp_path / "mine") / name, content)
    sentence = refusal(tmp_path / "mine")
    assert str(path) in sentence
    assert found in sentence
    assert expected in sentence.partition("expected")[2]


def test_count_mismatch_names_both_files(tmp_path: Path) -> None:
    place = write_set(tmp_path / "mine", test_labels=np.zeros(7, np.uint8))
    assert f"{place / TEST_LABELS} holds 7 labels for 6 images in {place / TEST_IMAGES}" in refusal(place)


def test_label_out_of_range_is_named(tmp_path: Path) -> None:
    labels = np.zeros(20, np.uint8)
    labels[7] = 100
    place = write_set(tmp_path / "mine", train_labels=labels)
    assert f"{place / TRAIN_LABELS} holds the label 100, expected 0 to 99" in refusal(place)


def test_train_and_test_images_of_two_sizes_are_refused(tmp_path: Path) -> None:
    place = write_set(tmp_path / "mine", test_images=np.zeros((6, 4, 5), np.uint8))
    sentence = refusal(place)
    assert f"{place / TEST_IMAGES} holds images of 4x5 pixels, expected 5x4" in sentence


def test_unreadable_file_and_directory_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_set(tmp_path / "mine")

    def denied(path: Path, *_mode: str) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:  # the tests may run as root, who can read everything
        patch.setattr(Path, "open", denied)
        assert f"{place / TRAIN_IMAGES} cannot be read (permission denied)" in refusal(place)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_file", denied)
        assert f"{place} cannot be read (permission denied)" in refusal(place)


# ---- Fashion-MNIST itself


@needs_fashion_mnist
def test_debian_package_is_recognised_as_fashion_mnist() -> None:
    found = sources.load("auto")
    assert (found.name, found.note) == ("fashion-mnist", "")
    assert found.source == "Debian package dataset-fashion-mnist"
    assert found.classes[0] == "T-shirt/top"
    assert found.classes[9] == "Ankle boot"
    assert found.train_images.shape == (60000, 28, 28)
    assert found.test_images.shape == (10000, 28, 28)
    assert np.bincount(found.train_labels).tolist() == [6000] * 10
    assert np.bincount(found.test_labels).tolist() == [1000] * 10


@needs_fashion_mnist
def test_fashion_mnist_unpacked_is_the_same_data(tmp_path: Path) -> None:
    for name in FILES:
        write_file(tmp_path / name, gzip.decompress((FASHION_MNIST_DIRECTORY / f"{name}.gz").read_bytes()))
    unpacked, packed = sources.load(str(tmp_path)), sources.load("fashion-mnist")
    assert unpacked.name == "fashion-mnist"
    assert unpacked.fingerprint == packed.fingerprint


@needs_fashion_mnist
@pytest.mark.parametrize(
    ("first", "second"),
    [(TRAIN_IMAGES, TEST_IMAGES), (TRAIN_LABELS, TEST_LABELS), (TRAIN_IMAGES, TRAIN_LABELS)],
)
def test_swapped_files_name_both(tmp_path: Path, first: str, second: str) -> None:
    place = copy_package(tmp_path / "mine")
    shutil.copy(FASHION_MNIST_DIRECTORY / f"{first}.gz", place / f"{second}.gz")
    shutil.copy(FASHION_MNIST_DIRECTORY / f"{second}.gz", place / f"{first}.gz")
    assert f"{place / first}.gz holds Fashion-MNIST's {second}, expected {first}" in refusal(place)


@needs_fashion_mnist
def test_modified_fashion_mnist_names_the_first_file_that_differs(tmp_path: Path) -> None:
    place = copy_package(tmp_path / "mine")
    path = place / f"{TEST_LABELS}.gz"
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[100] = (content[100] + 1) % 10
    write_file(path, bytes(content))
    sentence = refusal(place)
    assert f"{path} is not Fashion-MNIST's" in sentence
    assert hashlib.sha256(content).hexdigest() in sentence
    assert "expected 0402a96d" in sentence


# ---- the order of places


def test_users_directory_goes_first_and_may_hold_other_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(write_set(tmp_path / "mine")))
    assert sources.load("auto").name == "mine"


@pytest.mark.parametrize("by", ["settings", "variable"])
@pytest.mark.parametrize("fault", ["missing", "empty", "damaged"])
def test_auto_passes_over_a_directory_of_the_user_that_cannot_be_used_and_says_so(
    tmp_path: Path, no_package: Path, monkeypatch: pytest.MonkeyPatch, fault: str, by: str
) -> None:
    place = tmp_path / "mine"
    if by == "settings":
        paths.remember_user_data_dir(place)
    else:
        monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(place))
    if fault != "missing":
        place.mkdir()
    if fault == "damaged":
        (write_set(place) / TEST_LABELS).write_bytes(b"")
    found = sources.load("auto")
    assert found.name == "fashion-mnist-part"
    origin = "the settings" if by == "settings" else paths.DATA_DIR_VARIABLE
    assert found.note.startswith(f"Your data directory, set in {origin}, is passed over: {place}")
    assert found.note.endswith(f". {sources.PART_NOTE}")


@needs_fashion_mnist
def test_fashion_mnist_by_name_is_the_full_set_whatever_the_users_directory_holds(tmp_path: Path) -> None:
    paths.remember_user_data_dir(write_set(tmp_path / "mine"))
    assert sources.load("fashion-mnist").source == "Debian package dataset-fashion-mnist"
    paths.remember_user_data_dir(copy_package(tmp_path / "whole"))
    assert sources.load("fashion-mnist").source == f"directory {tmp_path / 'whole'}"


@needs_fashion_mnist
def test_cache_goes_before_the_package() -> None:
    copy_package(sources.download_dir())
    assert sources.load("auto").source == f"cache {sources.download_dir()}"


@needs_fashion_mnist
@pytest.mark.parametrize("spec", ["auto", "fashion-mnist"])
def test_damaged_cache_is_passed_over_for_the_same_data_elsewhere(spec: str) -> None:
    write_set(sources.download_dir())
    found = sources.load(spec)
    assert (found.name, found.source) == ("fashion-mnist", "Debian package dataset-fashion-mnist")


def test_auto_takes_the_part_where_the_full_set_is_not_at_hand_and_says_how_to_get_it(no_package: Path) -> None:
    found = sources.load("auto")
    assert (found.name, found.note) == ("fashion-mnist-part", sources.PART_NOTE)
    for way in ("lwf-gui data fetch", "31 MB", "dataset-fashion-mnist"):
        assert way in found.note
    (write_set(no_package) / TEST_LABELS).write_bytes(b"")
    assert sources.load("auto").note.startswith(
        f"{sources.PART_NOTE} The copy that is here cannot be used: {no_package}"
    )


def test_fashion_mnist_nowhere_says_what_to_do(no_package: Path) -> None:
    no_package.mkdir()
    sentence = refusal("fashion-mnist")
    for part in (str(no_package), "dataset-fashion-mnist", "lwf-gui data fetch", "--data DIR", "fashion-mnist-part"):
        assert part in sentence


def test_known_places_are_listed_in_order_with_their_state(
    tmp_path: Path, no_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [place.state for place in sources.known_places()] == [*["missing"] * 3, "present", "present"]
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(write_set(tmp_path / "mine")))
    (write_set(no_package) / TEST_LABELS).unlink()
    user, cache, package, part, digits = sources.known_places()
    assert (user.directory, cache.directory) == (tmp_path / "mine", sources.download_dir())
    assert (package.directory, digits.directory) == (no_package, DIRECTORY)
    states = [place.state for place in (user, cache, package, part, digits)]
    assert states == ["present", "missing", "damaged", "present", "present"]
    assert "10,000 training and 2,000 test images of 28x28 pixels" in part.detail
    assert "20 training and 6 test images of 5x4 pixels" in user.detail
    assert TEST_LABELS in package.detail


# ---- the digits


def test_digits_have_their_shapes_and_range() -> None:
    found = sources.load("digits")
    assert (found.name, found.peak, found.note) == ("digits", 16, "")
    assert found.train_images.shape == (1347, 8, 8)
    assert found.test_images.shape == (450, 8, 8)
    assert found.classes == tuple("0123456789")
    assert found.train_images.dtype == found.train_labels.dtype == np.uint8
    assert found.train_images.max() == 16


def test_digits_are_split_the_same_every_time_and_by_class() -> None:
    first, second = sources.load("digits"), sources.load("digits")
    np.testing.assert_array_equal(first.train_images, second.train_images)
    np.testing.assert_array_equal(first.test_labels, second.test_labels)
    assert first.fingerprint == second.fingerprint
    every = np.bincount(first.train_labels) + np.bincount(first.test_labels)
    shares = np.bincount(first.test_labels) / every
    assert np.all(np.abs(shares - 0.25) < 0.01)


def test_digits_are_those_of_scikit_learn_split_as_it_does() -> None:
    """Figures of this preset hang on every pixel and on the order."""
    found = sources.load("digits")
    train_images, train_labels, test_images, test_labels = parts()
    np.testing.assert_array_equal(found.train_images, train_images)
    np.testing.assert_array_equal(found.train_labels, train_labels)
    np.testing.assert_array_equal(found.test_images, test_images)
    np.testing.assert_array_equal(found.test_labels, test_labels)


def test_damaged_digits_are_refused(tmp_path: Path) -> None:
    for file in DIRECTORY.glob("*.gz"):
        shutil.copy(file, tmp_path)
    read_digits(tmp_path, "here")
    name = tmp_path / "t10k-labels-idx1-ubyte.gz"
    content = bytearray(gzip.decompress(name.read_bytes()))
    content[-1] ^= 1
    name.write_bytes(gzip.compress(bytes(content)))
    with pytest.raises(InputError, match=r"damaged \(they are others\): install it again"):
        read_digits(tmp_path, "here")
    name.unlink()
    with pytest.raises(InputError, match="install it again"):
        read_digits(tmp_path, "here")


# ---- imports


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_brings_neither_torch_nor_sklearn() -> None:
    modules = "lwf_gui.data.sources, lwf_gui.data.download, lwf_gui.engine.compute.compat"
    heavy = "{'torch', 'torchvision', 'sklearn'}"
    assert python(f"import sys, {modules}; print({heavy} & set(sys.modules))") == "set()"


def test_torchvision_imports_from_several_threads_and_agrees_on_the_archives() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from lwf_gui.engine.compute.compat import import_torchvision
with ThreadPoolExecutor(4) as pool:
    found = list(pool.map(lambda _: import_torchvision(), range(4)))
assert all(module is found[0] for module in found)
print(*sorted(name for name, _ in found[0].datasets.FashionMNIST.resources))
"""
    assert python(code).split() == sorted(archive.name for archive in ARCHIVES)
