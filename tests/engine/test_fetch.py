"""Downloading: over https alone, checked by size and sum, going on where it broke off."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lwf_gui.control import Control
from lwf_gui.data import download, folders, sources
from lwf_gui.data.fashion_mnist import ARCHIVES, CONTENTS, FASHION_MNIST, MIRRORS, Archive
from lwf_gui.engine.runner import fetch as fetch_job
from lwf_gui.messages import Failed, Finished, Message, Progress
from tests.engine.sets import FILES, TRAIN_IMAGES, TRAIN_LABELS, idx, small_arrays


class Mirror(ThreadingHTTPServer):
    """Serves ``files`` by name.

    ``announced`` makes it promise another number of bytes than it sends, None none; ``cut`` ends what it sends;
    ``ranges`` says whether it can begin in the middle.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.announced: dict[str, int | None] = {}
        self.cut: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.ranges = True
        self.asked: list[str] = []
        self.from_byte: list[int] = []
        self.scheme = "http"

    def handle_error(self, *_args: object) -> None:
        """Say nothing: a client that has had enough hangs up."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        self.server.asked.append(name)
        asked_range = self.headers.get("Range")
        start = int(asked_range.removeprefix("bytes=").removesuffix("-")) if asked_range else 0
        self.server.from_byte.append(start)
        if name in self.server.redirects:
            self.send_response(302)
            self.send_header("Location", self.server.redirects[name])
            self.end_headers()
        elif name in self.server.files:
            self.send(name, start if self.server.ranges else 0)
        else:
            self.send_error(404)

    def send(self, name: str, start: int) -> None:
        whole = self.server.files[name]
        if start >= len(whole) > 0:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        if (length := self.server.announced.get(name, len(whole) - start)) is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(whole[start : self.server.cut.get(name)])

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
    """Make ``urls`` the mirrors, and what ``wanted`` now has the archives to be expected; plain http is let through."""
    archives = [
        Archive(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in wanted.files.items()
    ]
    monkeypatch.setattr(download, "MIRRORS", urls)
    monkeypatch.setattr(download, "ARCHIVES", tuple(archives))
    monkeypatch.setattr(download, "SCHEMES", ("http",))


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()} if directory.exists() else {}


def fetch_failure(target: Path) -> str:
    with pytest.raises(download.FetchError) as caught:
        download.fetch_fashion_mnist(target, timeout=2)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_download_brings_all_files_and_says_which_of_how_many_it_fetches(tmp_path: Path, mirror: Mirror) -> None:
    seen: list[tuple[str, int, int]] = []
    download.fetch_fashion_mnist(tmp_path / "new", lambda *report: seen.append(report))
    assert contents(tmp_path / "new") == mirror.files
    for number, (name, content) in enumerate(mirror.files.items(), 1):
        reports = [(done, total) for what, done, total in seen if what == f"Downloading file {number} of 4, {name}"]
        assert reports[0] == (0, len(content))
        assert reports[-1] == (len(content), len(content))
        assert len(reports) > 3  # not all at once
        assert [done for done, _ in reports] == sorted(done for done, _ in reports)


def test_whole_archives_are_kept_and_damaged_ones_replaced(tmp_path: Path, mirror: Mirror) -> None:
    whole, damaged = f"{TRAIN_IMAGES}.gz", f"{TRAIN_LABELS}.gz"
    (tmp_path / whole).write_bytes(mirror.files[whole])
    (tmp_path / damaged).write_bytes(b"half")
    download.fetch_fashion_mnist(tmp_path)
    assert whole not in mirror.asked
    assert (tmp_path / damaged).read_bytes() == mirror.files[damaged]


NAME = f"{TRAIN_IMAGES}.gz"
PART = f"{NAME}.part"


@pytest.mark.parametrize("ranges", [True, False])
def test_download_that_broke_off_goes_on_where_it_was_or_begins_anew_where_the_server_cannot(
    tmp_path: Path, mirror: Mirror, ranges: bool
) -> None:
    mirror.cut[NAME], mirror.announced[NAME] = 100_000, None
    ended = f"it ended after 100,000 of {len(mirror.files[NAME]):,} bytes (127.0.0.1:{mirror.server_port})."
    assert fetch_failure(tmp_path) == f"{NAME} could not be downloaded: {ended}"
    assert contents(tmp_path) == {PART: mirror.files[NAME][:100_000]}
    mirror.cut.clear()
    mirror.announced.clear()
    mirror.ranges = ranges
    seen: list[tuple[str, int, int]] = []
    download.fetch_fashion_mnist(tmp_path, lambda *report: seen.append(report))
    assert contents(tmp_path) == mirror.files
    assert mirror.from_byte[1] == 100_000
    assert [done for _, done, _ in seen][:2] == [100_000, 132_768 if ranges else 32_768]


def test_part_that_is_not_the_files_beginning_is_fetched_anew(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / PART).write_bytes(b"x" * 5000)
    (tmp_path / f"{TRAIN_LABELS}.gz.part").write_bytes(b"x" * 10_000_000)  # longer than the file
    download.fetch_fashion_mnist(tmp_path)
    assert contents(tmp_path) == mirror.files
    assert mirror.from_byte[:3] == [5000, 0, 0]


def test_part_that_is_whole_is_not_fetched_again(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / PART).write_bytes(mirror.files[NAME])
    download.fetch_fashion_mnist(tmp_path)
    assert contents(tmp_path) == mirror.files
    assert NAME not in mirror.asked


def test_server_that_has_no_such_range_is_asked_for_the_whole(tmp_path: Path, mirror: Mirror) -> None:
    whole = mirror.files[NAME]
    (tmp_path / PART).write_bytes(whole[:5000])
    mirror.files[NAME] = whole[:4000]  # so that the range lies beyond its end
    fetch_failure(tmp_path)
    assert mirror.from_byte == [5000, 0]


def test_other_file_of_the_same_size_is_refused_by_its_sum_and_leaves_what_was_there(
    tmp_path: Path, mirror: Mirror
) -> None:
    mirror.files[NAME] = b"x" * len(mirror.files[NAME])
    (tmp_path / NAME).write_bytes(b"before")
    sentence = fetch_failure(tmp_path)
    assert f"{NAME} could not be downloaded: what comes is not that file" in sentence
    assert hashlib.sha256(mirror.files[NAME]).hexdigest() in sentence
    assert contents(tmp_path) == {NAME: b"before"}


@pytest.mark.parametrize("announced", [True, False])
def test_more_than_the_known_size_is_refused_and_not_kept(tmp_path: Path, mirror: Mirror, announced: bool) -> None:
    size = len(mirror.files[NAME])
    mirror.files[NAME] += b"x" * 1_000_000
    if not announced:
        mirror.announced[NAME] = None
    sentence = fetch_failure(tmp_path)
    assert (f"{size + 1_000_000:,} bytes are announced, expected {size:,}" in sentence) == announced
    assert (f"more comes than the {size:,} bytes" in sentence) != announced
    assert sum(len(content) for content in contents(tmp_path).values()) <= size


def test_page_in_place_of_the_file_is_refused_before_anything_is_written(tmp_path: Path, mirror: Mirror) -> None:
    mirror.files[NAME] = b"<html>please log in to this network</html>"
    assert "42 bytes are announced" in fetch_failure(tmp_path)
    assert contents(tmp_path) == {}


def test_cancelling_keeps_what_came_for_the_next_time(tmp_path: Path, mirror: Mirror) -> None:
    second = list(mirror.files)[1]
    seen: list[tuple[str, int, int]] = []

    def in_the_second_file() -> bool:
        return any(second in what and done > 0 for what, done, _ in seen)

    with pytest.raises(download.Cancelled):
        download.fetch_fashion_mnist(tmp_path, lambda *report: seen.append(report), in_the_second_file)
    assert sorted(contents(tmp_path)) == [NAME, f"{second}.part"]
    download.fetch_fashion_mnist(tmp_path)
    assert contents(tmp_path) == mirror.files
    assert mirror.asked.count(NAME) == 1


def test_cancelling_before_the_first_byte_asks_no_server(tmp_path: Path, mirror: Mirror) -> None:
    with pytest.raises(download.Cancelled):
        download.fetch_fashion_mnist(tmp_path, cancelled=lambda: True)
    assert mirror.asked == []


def test_refused_connection_is_a_sentence_that_names_every_mirror(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = [closed_port(), closed_port()]
    use_mirrors(monkeypatch, mirror, *dead)
    hosts = ", ".join(url.removeprefix("http://").removesuffix("/") for url in dead)
    assert fetch_failure(tmp_path / "new") == f"{NAME} could not be downloaded: the connection was refused ({hosts})."


def test_next_mirror_is_tried(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    use_mirrors(monkeypatch, mirror, closed_port(), mirror.url)
    download.fetch_fashion_mnist(tmp_path / "new")
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
        with pytest.raises(download.FetchError, match="timed out"):
            download.fetch_fashion_mnist(tmp_path / "new", timeout=0.2)
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


def test_plain_http_is_never_asked(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SCHEMES", ("https",))
    assert "unknown url type: http" in fetch_failure(tmp_path / "new")
    assert mirror.asked == []
    assert all(url.startswith("https://") and url.endswith("/") for url in MIRRORS)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_https_is_followed_to_https_and_never_to_http(
    tmp_path: Path, mirror: Mirror, start_mirror: Callable[[], Mirror], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    name = ["-subj", "/CN=here", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *name], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    secure = start_mirror()
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    secure.scheme = "https"
    use_mirrors(monkeypatch, mirror, secure.url)
    monkeypatch.setattr(download, "SCHEMES", ("https",))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.redirects = {NAME: f"{secure.url}elsewhere"}
    secure.files["elsewhere"] = secure.files[NAME]
    download.fetch_fashion_mnist(tmp_path / "new")
    assert contents(tmp_path / "new") == mirror.files
    secure.redirects = {NAME: f"{mirror.url}{NAME}"}
    assert f"it leads to {mirror.url}{NAME}, which is not https" in fetch_failure(tmp_path / "other")
    assert mirror.asked == []


def test_unwritable_target_is_a_sentence_about_the_target(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / "file").write_bytes(b"")
    sentence = fetch_failure(tmp_path / "file" / "new")
    assert str(tmp_path / "file" / "new") in sentence
    assert "cannot be written" in sentence
    assert mirror.asked == []


def test_fetched_data_go_into_the_cache_and_are_the_full_set_from_then_on(
    no_package: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small data stand in for Fashion-MNIST, by their sums."""
    arrays = small_arrays()
    mirror.files = {f"{name}.gz": gzip.compress(idx(array)) for name, array in arrays.items()}
    use_mirrors(monkeypatch, mirror, mirror.url)
    sums = tuple(hashlib.sha256(idx(array)).hexdigest() for array in arrays.values())
    monkeypatch.setattr(folders, "CONTENTS", {**CONTENTS, FASHION_MNIST: sums})
    sources.download_dir().mkdir(parents=True)
    (sources.download_dir() / NAME).write_bytes(b"\x1f\x8b half")
    assert sources.load("auto").name == "fashion-mnist-part"
    assert mirror.asked == [], "nothing is downloaded unless asked for"
    told: list[Message] = []
    assert fetch_job(1, Control(), told.append) == Finished(1, {"folder": str(sources.download_dir())})
    whats = list(dict.fromkeys(message.what for message in told if isinstance(message, Progress)))
    assert whats == [f"Downloading file {number} of 4, {name}.gz" for number, name in enumerate(FILES, 1)]
    for spec in ("auto", "fashion-mnist"):
        found = sources.load(spec)
        assert (found.name, found.source, found.note) == ("fashion-mnist", f"cache {sources.download_dir()}", "")
    assert len(mirror.asked) == 4


def test_failed_download_is_told_as_one(no_package: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    use_mirrors(monkeypatch, mirror, closed_port())
    failed = fetch_job(1, Control(), lambda _message: None)
    assert isinstance(failed, Failed)
    assert "the connection was refused" in failed.cause


def test_archives_are_those_of_fashion_mnist() -> None:
    assert [archive.name for archive in ARCHIVES] == [f"{name}.gz" for name in FILES]
    assert sum(archive.size for archive in ARCHIVES) == 30_878_645
    assert all(len(archive.sha256) == 64 for archive in ARCHIVES)
