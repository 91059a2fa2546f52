"""Where data is looked for, what is refused and with which sentence, and how it is downloaded."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui import InputError, paths
from lwf_gui.engine import data, fetch
from tests.conftest import FASHION_MNIST_DIRECTORY, needs_fashion_mnist

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = FILES


@pytest.fixture
def no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move the Debian package's directory to an empty place and give it."""
    place = tmp_path / "package"
    monkeypatch.setattr(data, "DEBIAN_DIRECTORY", place)
    return place


def idx(array: NDArray[np.uint8]) -> bytes:
    sizes = np.array(array.shape, ">u4").tobytes()
    return bytes((0, 0, 8, array.ndim)) + sizes + array.tobytes()


def small_arrays() -> dict[str, NDArray[np.uint8]]:
    rng = np.random.default_rng(0)
    return {
        TRAIN_IMAGES: rng.integers(0, 256, (20, 5, 4), np.uint8),
        TRAIN_LABELS: (np.arange(20) % 3).astype(np.uint8),
        TEST_IMAGES: rng.integers(0, 256, (6, 5, 4), np.uint8),
        TEST_LABELS: (np.arange(6) % 4).astype(np.uint8),
    }


def write_set(directory: Path, *, compressed: bool = False, **replaced: NDArray[np.uint8]) -> Path:
    """Write a small sound set; ``replaced`` gives other arrays for train_images and so on."""
    keys = dict(zip(("train_images", "train_labels", "test_images", "test_labels"), FILES, strict=True))
    arrays = small_arrays() | {keys[key]: array for key, array in replaced.items()}
    directory.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        write_file(directory / f"{name}.gz" if compressed else directory / name, idx(array))
    return directory


def write_file(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def copy_package(directory: Path) -> Path:
    return Path(shutil.copytree(FASHION_MNIST_DIRECTORY, directory))


def refusal(spec: str | Path, *, allow_download: bool = False) -> str:
    """Load what must be refused; give the sentence, having checked that it is one."""
    with pytest.raises(InputError) as caught:
        data.load(str(spec), allow_download=allow_download)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "\n" not in sentence
    return sentence


# ---- own data in IDX files


@pytest.mark.parametrize("compressed", [False, True])
def test_small_own_set_is_read_under_its_directory_name(tmp_path: Path, compressed: bool) -> None:
    found = data.load(str(write_set(tmp_path / "mine", compressed=compressed)))
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
    for found in (data.load(str(write_set(tmp_path / "mine"))), data.load("digits")):
        for array in (found.train_images, found.train_labels, found.test_images, found.test_labels):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


def test_fingerprint_follows_the_content_and_not_the_packing(tmp_path: Path) -> None:
    plain, packed = write_set(tmp_path / "a"), write_set(tmp_path / "b", compressed=True)
    labels = small_arrays()[TEST_LABELS].copy()
    labels[0] ^= 1
    changed = write_set(tmp_path / "c", test_labels=labels)
    first, second, third = (data.load(str(place)).fingerprint for place in (plain, packed, changed))
    assert first == second
    assert first != third
    assert len(first) == 64


@pytest.mark.parametrize("name", ["fashion-mnist", "digits"])
def test_own_set_never_takes_the_name_of_known_data(tmp_path: Path, name: str) -> None:
    assert data.load(str(write_set(tmp_path / name))).name == f"other {name}"


def test_home_and_relative_directories_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path / "mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for spec in ("~/mine", "mine", "./mine"):
        assert data.load(spec).source == f"directory {tmp_path / 'mine'}"


# ---- refusals


@pytest.mark.parametrize("spec", ["", "fashon-mnist", "/no/such/place", "~nobody-at-all/x", "a\0b"])
def test_unknown_spec_names_what_is_allowed(spec: str) -> None:
    sentence = refusal(spec)
    assert repr(spec) in sentence
    for allowed in ("auto", "fashion-mnist", "digits", "directory"):
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
    labels[7] = 10
    place = write_set(tmp_path / "mine", train_labels=labels)
    assert f"{place / TRAIN_LABELS} holds the label 10, expected 0 to 9" in refusal(place)


def test_train_and_test_images_of_two_sizes_are_refused(tmp_path: Path) -> None:
    place = write_set(tmp_path / "mine", test_images=np.zeros((6, 4, 5), np.uint8))
    sentence = refusal(place)
    assert f"{place / TEST_IMAGES} holds images of 4x5 pixels, expected 5x4" in sentence


def test_unreadable_file_and_directory_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_set(tmp_path / "mine")

    def denied(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:  # the tests may run as root, who can read everything
        patch.setattr(Path, "read_bytes", denied)
        assert f"{place / TRAIN_IMAGES} cannot be read (Permission denied)" in refusal(place)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_file", denied)
        assert f"{place} cannot be read (Permission denied)" in refusal(place)


# ---- Fashion-MNIST itself


@needs_fashion_mnist
def test_debian_package_is_recognised_as_fashion_mnist() -> None:
    found = data.load("auto", allow_download=False)
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
    unpacked, packed = data.load(str(tmp_path)), data.load("fashion-mnist", allow_download=False)
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
    assert data.load("auto").name == "mine"
    sentence = refusal("fashion-mnist")
    assert str(tmp_path / "mine") in sentence
    assert "other data than Fashion-MNIST" in sentence


@pytest.mark.parametrize("spec", ["auto", "fashion-mnist"])
@pytest.mark.parametrize("fault", ["missing", "empty", "damaged"])
def test_faulty_directory_of_the_user_is_never_passed_over(tmp_path: Path, spec: str, fault: str) -> None:
    place = tmp_path / "mine"
    paths.remember_user_data_dir(place)
    if fault != "missing":
        place.mkdir()
    if fault == "damaged":
        (write_set(place) / TEST_LABELS).write_bytes(b"")
    sentence = refusal(spec, allow_download=True)
    assert str(place) in sentence
    assert "set in the settings" in sentence


@needs_fashion_mnist
def test_cache_goes_before_the_package() -> None:
    copy_package(data.download_dir())
    assert data.load("auto", allow_download=False).source == f"cache {data.download_dir()}"


@needs_fashion_mnist
@pytest.mark.parametrize("spec", ["auto", "fashion-mnist"])
def test_damaged_cache_is_passed_over_for_the_same_data_elsewhere(spec: str) -> None:
    write_set(data.download_dir())
    found = data.load(spec, allow_download=False)
    assert (found.name, found.source) == ("fashion-mnist", "Debian package dataset-fashion-mnist")


def test_auto_falls_back_to_the_digits_and_says_why(no_package: Path) -> None:
    (write_set(no_package) / TEST_LABELS).write_bytes(b"")
    found = data.load("auto", allow_download=False)
    assert found.name == "digits"
    assert found.note.startswith("The built-in 8x8 digits stand in for Fashion-MNIST")
    for why in (f"{data.download_dir()} does not exist", f"{no_package / TEST_LABELS} is", "not allowed"):
        assert why in found.note
    assert found.note.count(". ") == 0


def test_fashion_mnist_nowhere_says_what_to_do(no_package: Path) -> None:
    no_package.mkdir()
    sentence = refusal("fashion-mnist")
    for part in (str(no_package), "dataset-fashion-mnist", "lwf-gui data fetch", "--data DIR"):
        assert part in sentence


def test_known_places_are_listed_in_order_with_their_state(
    tmp_path: Path, no_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [place.state for place in data.known_places()] == ["missing", "missing", "missing", "present"]
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(write_set(tmp_path / "mine")))
    (write_set(no_package) / TEST_LABELS).unlink()
    user, cache, package, digits = data.known_places()
    assert (user.directory, cache.directory) == (tmp_path / "mine", data.download_dir())
    assert (package.directory, digits.directory) == (no_package, None)
    assert [place.state for place in (user, cache, package, digits)] == [
        "present",
        "missing",
        "damaged",
        "present",
    ]
    assert "20 training and 6 test images of 5x4 pixels" in user.detail
    assert TEST_LABELS in package.detail


# ---- the digits


def test_digits_have_their_shapes_and_range() -> None:
    found = data.load("digits")
    assert (found.name, found.peak, found.note) == ("digits", 16, "")
    assert found.train_images.shape == (1347, 8, 8)
    assert found.test_images.shape == (450, 8, 8)
    assert found.classes == tuple("0123456789")
    assert found.train_images.dtype == found.train_labels.dtype == np.uint8
    assert found.train_images.max() == 16


def test_digits_are_split_the_same_every_time_and_by_class() -> None:
    first, second = data.load("digits"), data.load("digits")
    np.testing.assert_array_equal(first.train_images, second.train_images)
    np.testing.assert_array_equal(first.test_labels, second.test_labels)
    assert first.fingerprint == second.fingerprint
    every = np.bincount(first.train_labels) + np.bincount(first.test_labels)
    shares = np.bincount(first.test_labels) / every
    assert np.all(np.abs(shares - 0.25) < 0.01)


# ---- downloading


class Mirror(ThreadingHTTPServer):
    """Serves ``files`` by name; ``announced`` makes it promise more bytes than it sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.announced: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        self.server.asked.append(name)
        if name in self.server.redirects:
            self.send_response(302)
            self.send_header("Location", self.server.redirects[name])
            self.end_headers()
        elif name in self.server.files:
            content = self.server.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(self.server.announced.get(name, len(content))))
            self.end_headers()
            self.wfile.write(content)
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def start_mirror() -> Iterator[Callable[[], Mirror]]:
    started: list[tuple[Mirror, threading.Thread]] = []

    def start() -> Mirror:
        mirror = Mirror()
        mirror.files = {f"{name}.gz": gzip.compress(name.encode() * 9000, 0, mtime=0) for name in FILES}
        thread = threading.Thread(target=mirror.serve_forever, args=(0.01,))
        thread.start()
        started.append((mirror, thread))
        return mirror

    yield start
    for mirror, thread in started:
        mirror.shutdown()
        mirror.server_close()
        thread.join()


@pytest.fixture
def mirror(start_mirror: Callable[[], Mirror], monkeypatch: pytest.MonkeyPatch) -> Mirror:
    mirror = start_mirror()
    use_mirrors(monkeypatch, mirror, mirror.url)
    return mirror


def use_mirrors(monkeypatch: pytest.MonkeyPatch, wanted: Mirror, *urls: str) -> None:
    """Make ``urls`` the mirrors, and what ``wanted`` now has the archives to be expected."""
    archives = [
        (name, hashlib.md5(content, usedforsecurity=False).hexdigest()) for name, content in wanted.files.items()
    ]
    monkeypatch.setattr(fetch, "catalogue", lambda: (list(urls), archives))


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()} if directory.exists() else {}


def fetch_failure(target: Path) -> str:
    with pytest.raises(fetch.FetchError) as caught:
        fetch.fetch_fashion_mnist(target, timeout=2)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_download_brings_all_files_and_reports_progress(tmp_path: Path, mirror: Mirror) -> None:
    seen: list[tuple[str, int, int]] = []
    fetch.fetch_fashion_mnist(tmp_path / "new", lambda *report: seen.append(report))
    assert contents(tmp_path / "new") == mirror.files
    for name, content in mirror.files.items():
        reports = [(done, total) for what, done, total in seen if what == f"downloading {name}"]
        assert reports[0] == (0, 0)
        assert reports[-1] == (len(content), len(content))
        assert len(reports) > 3  # not all at once
        assert [done for done, _ in reports] == sorted(done for done, _ in reports)


def test_whole_archives_are_kept_and_damaged_ones_replaced(tmp_path: Path, mirror: Mirror) -> None:
    whole, damaged = f"{TRAIN_IMAGES}.gz", f"{TRAIN_LABELS}.gz"
    (tmp_path / whole).write_bytes(mirror.files[whole])
    (tmp_path / damaged).write_bytes(b"half")
    fetch.fetch_fashion_mnist(tmp_path)
    assert whole not in mirror.asked
    assert (tmp_path / damaged).read_bytes() == mirror.files[damaged]


def test_truncated_download_leaves_nothing(tmp_path: Path, mirror: Mirror) -> None:
    name = f"{TRAIN_IMAGES}.gz"
    mirror.announced[name] = len(mirror.files[name]) + 1000
    sentence = fetch_failure(tmp_path / "new")
    assert f"{mirror.url}{name} " in sentence
    assert f"of {mirror.announced[name]:,} bytes" in sentence or "IncompleteRead" in sentence
    assert contents(tmp_path / "new") == {}


def test_wrong_md5_leaves_what_was_there(tmp_path: Path, mirror: Mirror) -> None:
    name = f"{TRAIN_IMAGES}.gz"
    mirror.files[name] = b"<html>please log in to this network</html>"
    (tmp_path / name).write_bytes(b"before")
    assert f"{mirror.url}{name} is not the expected file" in fetch_failure(tmp_path)
    assert contents(tmp_path) == {name: b"before"}


def test_cancelling_leaves_no_half_file(tmp_path: Path, mirror: Mirror) -> None:
    second = list(mirror.files)[1]
    seen: list[tuple[str, int, int]] = []

    def in_the_second_file() -> bool:
        return any(second in what and done > 0 for what, done, _ in seen)

    with pytest.raises(fetch.Cancelled):
        fetch.fetch_fashion_mnist(tmp_path, lambda *report: seen.append(report), in_the_second_file)
    assert list(contents(tmp_path)) == [f"{TRAIN_IMAGES}.gz"]


def test_cancelling_before_the_first_byte_asks_no_server(tmp_path: Path, mirror: Mirror) -> None:
    with pytest.raises(fetch.Cancelled):
        fetch.fetch_fashion_mnist(tmp_path, cancelled=lambda: True)
    assert mirror.asked == []


def test_refused_connection_is_a_sentence(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = closed_port()
    use_mirrors(monkeypatch, mirror, dead)
    sentence = fetch_failure(tmp_path / "new")
    assert f"{dead}{TRAIN_IMAGES}.gz cannot be fetched (Connection refused)" in sentence
    assert "urlopen" not in sentence


def test_next_mirror_is_tried(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    use_mirrors(monkeypatch, mirror, closed_port(), mirror.url)
    fetch.fetch_fashion_mnist(tmp_path / "new")
    assert contents(tmp_path / "new") == mirror.files


def test_missing_file_on_the_server_is_a_sentence(tmp_path: Path, mirror: Mirror) -> None:
    mirror.files.clear()
    assert "the server answers 404" in fetch_failure(tmp_path / "new")


def test_silent_server_is_given_up_after_the_time_out(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        use_mirrors(monkeypatch, mirror, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        started = time.monotonic()
        with pytest.raises(fetch.FetchError, match="timed out"):
            fetch.fetch_fashion_mnist(tmp_path / "new", timeout=0.2)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("redirected", [False, True])
def test_only_web_addresses_are_followed(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, redirected: bool
) -> None:
    for name, content in mirror.files.items():
        (tmp_path / name).write_bytes(content)
        mirror.redirects[name] = f"file://{tmp_path}/{name}"
    if not redirected:
        use_mirrors(monkeypatch, mirror, f"file://{tmp_path}/")
    fetch_failure(tmp_path / "new")
    assert contents(tmp_path / "new") == {}


def test_unwritable_target_is_a_sentence_about_the_target(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / "file").write_bytes(b"")
    sentence = fetch_failure(tmp_path / "file" / "new")
    assert str(tmp_path / "file" / "new") in sentence
    assert "cannot be written" in sentence
    assert mirror.asked == []


def test_auto_downloads_into_the_cache_and_replaces_a_damaged_copy(
    no_package: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small data stands in for Fashion-MNIST, by its checksums."""
    arrays = small_arrays()
    mirror.files = {f"{name}.gz": gzip.compress(idx(array)) for name, array in arrays.items()}
    use_mirrors(monkeypatch, mirror, mirror.url)
    known = {name: hashlib.sha256(idx(array)).hexdigest() for name, array in arrays.items()}
    monkeypatch.setattr("lwf_gui.engine.idx._FASHION_MNIST_SHA256", known)
    data.download_dir().mkdir(parents=True)
    (data.download_dir() / f"{TRAIN_IMAGES}.gz").write_bytes(b"\x1f\x8b half")
    for spec in ("auto", "fashion-mnist"):
        found = data.load(spec)
        assert (found.name, found.source, found.note) == (
            "fashion-mnist",
            f"cache {data.download_dir()}",
            "",
        )
    assert len(mirror.asked) == 4  # the second time it is there


def test_auto_without_network_names_the_failed_download(
    no_package: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_mirrors(monkeypatch, mirror, closed_port())
    found = data.load("auto")
    assert found.name == "digits"
    assert "Connection refused" in found.note


def test_cancelled_download_does_not_fall_back(no_package: Path, mirror: Mirror) -> None:
    with pytest.raises(data.Cancelled):
        data.load("auto", cancelled=lambda: True)


# ---- imports


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_brings_neither_torch_nor_sklearn() -> None:
    modules = "lwf_gui.engine.data, lwf_gui.engine.fetch, lwf_gui.engine.compat"
    heavy = "{'torch', 'torchvision', 'sklearn'}"
    assert python(f"import sys, {modules}; print({heavy} & set(sys.modules))") == "set()"


def test_torchvision_imports_from_several_threads_and_knows_the_archives() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from lwf_gui.engine.compat import import_torchvision
from lwf_gui.engine.fetch import catalogue
with ThreadPoolExecutor(4) as pool:
    found = list(pool.map(lambda _: import_torchvision(), range(4)))
assert all(module is found[0] for module in found)
mirrors, archives = catalogue()
assert mirrors and all(url.startswith(("http://", "https://")) and url.endswith("/") for url in mirrors)
print(*sorted(name for name, _ in archives))
"""
    assert python(code).split() == sorted(f"{name}.gz" for name in FILES)
