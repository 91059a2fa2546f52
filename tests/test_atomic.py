"""Atomic writes: whole or not at all, synced, through links, with modes kept and nothing left behind."""

from __future__ import annotations

import os
import platform
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lwf_gui import atomic
from lwf_gui.atomic import write_atomically

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions and processes")


def write(target: Path, content: str = "new") -> None:
    write_atomically(target, lambda part: part.write_text(content, "utf-8"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@posix
def test_a_new_file_gets_the_mode_that_the_umask_leaves_it_and_the_umask_is_never_touched(
    tmp_path: Path, umask: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touched(_mask: int) -> int:
        raise AssertionError("another thread's files would get the wrong mode meanwhile")

    with monkeypatch.context() as patch:
        patch.setattr(os, "umask", touched)
        write(tmp_path / "file")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@posix
def test_a_writer_that_makes_a_file_of_its_own_does_not_set_the_mode(tmp_path: Path, umask: None) -> None:
    def private(part: Path) -> None:
        part.unlink()
        part.touch(mode=0o600)

    write_atomically(tmp_path / "file", private)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@posix
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path, umask: None, mode: int) -> None:
    target = tmp_path / "file"
    target.write_text("old", "utf-8")
    target.chmod(mode)
    write(target)
    assert (target.read_text("utf-8"), stat.S_IMODE(target.stat().st_mode)) == ("new", mode)


@posix
def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("old", "utf-8")
    link, chain, dangling = (tmp_path / name for name in ("link", "chain", "dangling"))
    link.symlink_to("there/file")
    chain.symlink_to("link")
    dangling.symlink_to("elsewhere/file")
    write(chain, "through two links")
    write(dangling, "made")
    assert all(path.is_symlink() for path in (link, chain, dangling))
    assert (tmp_path / "there" / "file").read_text("utf-8") == "through two links"
    assert (tmp_path / "elsewhere" / "file").read_text("utf-8") == "made"
    assert names(tmp_path / "there") == ["file"]


@posix
def test_what_is_no_file_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    for name in ("folder", "pipe", "circle"):
        with pytest.raises(OSError):  # noqa: PT011 - which one depends on what it is
            write(tmp_path / name)
    assert names(tmp_path) == ["circle", "folder", "pipe"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert (tmp_path / "circle").is_symlink()


@posix
def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_text("old", "utf-8")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    with pytest.raises(PermissionError, match="write-protected"):
        write(target)
    assert target.read_text("utf-8") == "old"


def test_the_content_is_on_the_disk_before_the_name_is_and_then_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    replace, sync = Path.replace, os.fsync

    def renamed(part: Path, target: Path) -> Path:
        order.append("rename")
        return replace(part, target)

    def synced(handle: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"{os.fstat(handle).st_size} bytes")
        sync(handle)

    monkeypatch.setattr(Path, "replace", renamed)
    monkeypatch.setattr(os, "fsync", synced)
    write(tmp_path / "file", "12345")
    assert order == ["5 bytes", "rename", "folder"]


def test_a_write_that_fails_leaves_the_file_as_it_was_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old", "utf-8")

    def half(part: Path) -> None:
        part.write_text("ne", "utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_atomically(target, half)
    assert (names(tmp_path), target.read_text("utf-8")) == (["file"], "old")


KILLED = """
import os, signal, sys
from pathlib import Path
from lwf_gui.atomic import write_atomically
def die(part):
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
write_atomically(Path(sys.argv[1]), die)
"""


@posix
def test_what_a_killed_write_left_is_removed_by_the_next_one_and_a_running_one_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "file"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(target)], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 1
    assert not target.exists()
    seen: list[list[str]] = []

    def nested(part: Path) -> None:  # another write of the same file, by a process that lives
        part.write_text("outer", "utf-8")
        write(target, "inner")
        seen.append(names(tmp_path))

    write_atomically(target, nested)
    assert len(seen[0]) == 2, "the file and the outer write's part"
    assert (names(tmp_path), target.read_text("utf-8")) == (["file"], "outer")


def test_what_another_machine_left_a_day_ago_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    monkeypatch.setattr(platform, "node", lambda: "elsewhere")
    fresh, old = atomic._new_part(target), atomic._new_part(target)
    monkeypatch.undo()
    other = tmp_path / ".lwf-of-another-program.part"
    other.write_text("", "utf-8")
    then = time.time() - 2 * atomic._DAY
    os.utime(old, (then, then))
    os.utime(other, (then, then))
    write(target)
    assert names(tmp_path) == sorted([other.name, fresh.name, "file"])


def test_a_name_as_long_as_the_file_system_allows_can_be_written(tmp_path: Path) -> None:
    write(tmp_path / ("n" * 255))
    write(tmp_path / "[a-z]*?.lwfrun")  # no pattern
    assert len(names(tmp_path)) == 2
