"""Downloads the Fashion-MNIST archives, over https and checked, into a directory.

Knows nothing of what is inside the archives. A part of a file that came is kept, and a later try goes on from there.
"""

from __future__ import annotations

import contextlib
import hashlib
import http
import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lwf_gui.atomic import make_folder
from lwf_gui.data.fashion_mnist import ARCHIVES, MIRRORS, Archive
from lwf_gui.reasons import reason

ProgressCallback = Callable[[str, int, int], None]
"""Called with (what is being done, bytes done, bytes in all)."""

SCHEMES = ("https",)
"""What an address, or one that it leads on to, may begin with."""

_Report = Callable[[int], None]  # bytes done; raises Cancelled

_CHUNK = 32 * 1024  # bytes; small, so that a slow line still answers a cancellation


class Cancelled(Exception):  # noqa: N818  (it is a wish of the user and no error)
    """The user called the work off. No file bears its name that is not whole."""


class FetchError(OSError):
    """A download failed. What `fetch_fashion_mnist` raises is one sentence: which file, why, and from where."""


def never() -> bool:
    """Return False: the ``cancelled`` of work that nobody can call off."""
    return False


def fetch_fashion_mnist(
    target_dir: Path,
    progress: ProgressCallback | None = None,
    cancelled: Callable[[], bool] = never,
    timeout: float = 10.0,
) -> None:
    """Download the four archives of Fashion-MNIST, 31 MB, into ``target_dir``.

    A file that is already there and whole is kept; one that broke off or was called off waits as NAME.part.

    Parameters
    ----------
    target_dir : made if need be
    progress : called with ("Downloading file 1 of 4, NAME", bytes done, bytes in all) for each file that is fetched
    cancelled : asked before each download and after each chunk
    timeout : seconds without an answer after which a mirror is given up

    Raises
    ------
    FetchError
        If a file can be had whole from no mirror, or cannot be written.
    Cancelled
        If ``cancelled`` returned True.
    """
    for number, archive in enumerate(ARCHIVES, 1):
        target = target_dir / archive.name

        def report(
            done: int, what: str = f"file {number} of {len(ARCHIVES)}, {archive.name}", total: int = archive.size
        ) -> None:
            if cancelled():
                raise Cancelled
            if progress is not None:
                progress(f"Downloading {what}", done, total)

        try:
            if not _is_whole(target, archive):
                _fetch_from_any(target, archive, timeout, report)
        except FetchError:
            raise
        except OSError as error:
            raise FetchError(f"{target} cannot be written ({_reason(error)}).") from error


def _fetch_from_any(target: Path, archive: Archive, timeout: float, report: _Report) -> None:
    """Write ``target`` from the first mirror that has it whole."""
    part = target.with_name(f"{target.name}.part")
    failures: dict[str, list[str]] = {}
    make_folder(target.parent)
    for mirror in MIRRORS:
        try:
            _fetch(mirror + archive.name, archive, part, timeout, report)
        except FetchError as error:
            failures.setdefault(str(error), []).append(urlsplit(mirror).netloc or mirror)
        else:
            part.replace(target)
            return
    why = "; ".join(f"{each} ({', '.join(hosts)})" for each, hosts in failures.items())
    raise FetchError(f"{archive.name} could not be downloaded: {why}.")


def _fetch(url: str, archive: Archive, part: Path, timeout: float, report: _Report) -> None:
    """Make ``part`` the whole archive, going on from what it holds; raise FetchError if what comes is not that."""
    if _is_whole(part, archive):
        return
    have = part.stat().st_size if part.is_file() else 0
    if 0 < have < archive.size:
        _add(url, archive, part, have, timeout, report)
        if _is_whole(part, archive):
            return  # else it was the beginning of something else
    _add(url, archive, part, 0, timeout, report)
    if not _is_whole(part, archive):
        found = _sha256(part)
        part.unlink()
        raise FetchError(f"what comes is not that file: its SHA-256 is {found}, expected {archive.sha256}")


def _add(url: str, archive: Archive, part: Path, have: int, timeout: float, report: _Report) -> None:
    """Write what ``url`` sends into ``part``, whose first ``have`` bytes stay if the server can go on from there."""
    report(have)
    with contextlib.closing(_chunks(url, archive, have, timeout)) as chunks:
        for offset, chunk in chunks:
            with part.open("r+b" if offset else "wb") as out:
                out.seek(offset)
                out.truncate()
                out.write(chunk)
            report(offset + len(chunk))


def _chunks(url: str, archive: Archive, have: int, timeout: float) -> Generator[tuple[int, bytes]]:
    """Yield what ``url`` sends as (offset in the file, chunk), from ``have`` on or from the start.

    Raises
    ------
    FetchError
        If it breaks off, or is not of the archive's size: before anything is yielded where the server announces that.
    """
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with _opener().open(request, timeout=timeout) as response:
            offset = _start(response, archive, have)
            while chunk := response.read(_CHUNK):
                if offset + len(chunk) > archive.size:
                    raise FetchError(f"more comes than the {archive.size:,} bytes of that file")
                yield offset, chunk
                offset += len(chunk)
    except FetchError:
        raise
    except urllib.error.HTTPError as error:
        error.close()
        if not (have and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
            raise FetchError(_reason(error)) from error
        return (yield from _chunks(url, archive, 0, timeout))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(_reason(error)) from error
    if offset < archive.size:
        raise FetchError(f"it ended after {offset:,} of {archive.size:,} bytes")


def _start(response: Any, archive: Archive, have: int) -> int:
    """Return where in the file an answer begins; raise FetchError unless it has as many bytes as are missing then."""
    start = 0
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        start, announced = have, response.headers.get("Content-Range")
        if announced != (expected := f"bytes {have}-{archive.size - 1}/{archive.size}"):
            raise FetchError(f"another part comes ({announced}) than was asked for ({expected})")
    length = response.headers.get("Content-Length")
    if length is not None and int(length) != archive.size - start:
        raise FetchError(f"{int(length):,} bytes are announced, expected {archive.size - start:,}")
    return start


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to other addresses unless they leave https."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme not in SCHEMES:
            raise FetchError(f"it leads to {newurl}, which is not {SCHEMES[0]}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for https only: urllib's own would follow http:, file: and ftp: as well."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPSHandler,
        *((urllib.request.HTTPHandler,) if "http" in SCHEMES else ()),
        _Redirects,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _reason(error: Exception) -> str:
    """Return the cause of ``error`` in words, without exception names and numbers."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code} {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, socket.gaierror):  # whose words come in the desktop's language
        return "the name of the server is not known: is this machine on line?"
    return reason(cause) if isinstance(cause, OSError) else str(cause).rstrip(".") or type(cause).__name__


def _is_whole(path: Path, archive: Archive) -> bool:
    return path.is_file() and path.stat().st_size == archive.size and _sha256(path) == archive.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
