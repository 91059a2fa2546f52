"""Downloads the Fashion-MNIST archives, checked, into a directory.

Takes mirrors and checksums from torchvision; knows nothing of what is inside the archives.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

from lwf_gui import paths

ProgressCallback = Callable[[str, int, int], None]
"""Called with (what is being done, bytes done, bytes in all); the last is 0 where it is not known."""

_Report = Callable[[int, int], None]  # (bytes done, bytes in all); raises Cancelled

_CHUNK = 32 * 1024  # bytes; small, so that a slow line still answers a cancellation
_LARGEST_ARCHIVE = 100_000_000  # bytes, four times the largest one: a server that never ends shall not fill the disk


class Cancelled(Exception):  # noqa: N818  (it is a wish of the user and no error)
    """The user called the work off. Nothing half-written is left."""


class FetchError(OSError):
    """A download failed. Its text is one sentence that says which file, from where, and why."""


def never() -> bool:
    """Return False: the ``cancelled`` of work that nobody can call off."""
    return False


def catalogue() -> tuple[list[str], list[tuple[str, str]]]:
    """Return Fashion-MNIST's mirrors (URLs with a slash at the end) and archives (file name, MD5 in hex)."""
    from lwf_gui.engine.compat import import_torchvision

    dataset = import_torchvision().datasets.FashionMNIST
    return list(dataset.mirrors), list(dataset.resources)


def fetch_fashion_mnist(
    target_dir: Path,
    progress: ProgressCallback | None = None,
    cancelled: Callable[[], bool] = never,
    timeout: float = 10.0,
) -> None:
    """Download the four archives of Fashion-MNIST, about 30 MB, into ``target_dir``.

    An archive that is already there and whole is kept, so a download that broke off goes on where it was.

    Parameters
    ----------
    target_dir : made if need be
    progress : called with ("downloading NAME", bytes done, bytes in all) for each archive, from 0 on
    cancelled : asked before each download and after each chunk
    timeout : seconds without an answer after which a mirror is given up

    Raises
    ------
    FetchError
        If an archive can be had whole from no mirror, or cannot be written.
    Cancelled
        If ``cancelled`` returned True. Whole archives stay; no part of one does.
    """
    mirrors, archives = catalogue()
    for name, md5 in archives:
        target = target_dir / name

        def report(done: int, total: int, what: str = f"downloading {name}") -> None:
            if cancelled():
                raise Cancelled
            if progress is not None:
                progress(what, done, total)

        try:
            if not (target.is_file() and _md5(target) == md5):
                _fetch_from_any(mirrors, target, md5, timeout, report)
        except FetchError:
            raise
        except OSError as error:
            raise FetchError(f"{target} cannot be written ({_reason(error)}).") from error


def _fetch_from_any(mirrors: list[str], target: Path, md5: str, timeout: float, report: _Report) -> None:
    """Write ``target`` from the first mirror that has it whole."""
    failures = []
    for mirror in mirrors:
        url = mirror + target.name
        report(0, 0)
        try:
            return paths.write_atomically(target, partial(_fetch, url, md5, timeout, report))
        except FetchError as error:
            failures.append(str(error))
    raise FetchError(f"Fashion-MNIST could not be downloaded: {'; '.join(failures) or 'there is no mirror'}.")


def _fetch(url: str, md5: str, timeout: float, report: _Report, part: Path) -> None:
    """Write what ``url`` sends into ``part``, or raise FetchError if that is not the whole archive."""
    digest = hashlib.md5(usedforsecurity=False)
    with part.open("wb") as out, contextlib.closing(_chunks(url, timeout)) as chunks:
        for chunk, done, total in chunks:
            digest.update(chunk)
            out.write(chunk)
            report(done, total)
    if digest.hexdigest() != md5:
        raise FetchError(f"{url} is not the expected file (its MD5 is {digest.hexdigest()}, expected {md5})")


def _chunks(url: str, timeout: float) -> Generator[tuple[bytes, int, int]]:
    """Yield what ``url`` sends as (chunk, bytes done, bytes in all); raise FetchError if it breaks off."""
    try:
        with _opener().open(url, timeout=timeout) as response:
            done, total = 0, int(response.headers.get("Content-Length") or 0)
            while (chunk := response.read(_CHUNK)) and done <= _LARGEST_ARCHIVE:
                done += len(chunk)
                yield chunk, done, total
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise FetchError(f"{url} cannot be fetched ({_reason(error)})") from error
    if done < total:
        raise FetchError(f"{url} ended after {done:,} of {total:,} bytes")


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for http and https only: urllib's own would follow file: and ftp: as well."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
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
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return text.rstrip(".") or type(cause).__name__


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
