"""Faults and crashes: a log, a trace for each process, and no traceback where a sentence does."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from lwf_gui import cli, crash, faults, paths
from lwf_gui.documents import files
from lwf_gui.gui.app import BUNDLED_RUN
from lwf_gui.gui.keeping import LAST_RUN

PIPE = subprocess.PIPE


@pytest.fixture
def silent_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the hooks back after the test, whatever it does."""
    for place, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(place, name, getattr(place, name))


def logged_text() -> str:
    return faults.log_file().read_text("utf-8")


# ---- the log


def test_log_is_a_file_in_the_users_state_folder_and_turns_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(logging.getLogger().handlers)
    monkeypatch.setattr(faults, "LARGEST", 2000)
    with faults.logged(verbose=False):
        for number in range(200):
            faults.log.info("line %d", number)
    assert faults.log_file().parent == paths.state_dir()
    kept = sorted(path.name for path in paths.state_dir().iterdir())
    assert kept == [faults.LOG, *(f"{faults.LOG}.{n + 1}" for n in range(faults.KEPT))]
    assert sum(path.stat().st_size for path in paths.state_dir().iterdir()) < 5 * 2000
    assert "line 199" in logged_text() + (paths.state_dir() / f"{faults.LOG}.1").read_text("utf-8")
    assert capsys.readouterr().err == ""
    assert logging.getLogger().handlers == before


def test_verbose_log_goes_to_standard_error_too(capsys: pytest.CaptureFixture[str]) -> None:
    with faults.logged(verbose=True):
        faults.log.info("it begins")
    assert "it begins" in capsys.readouterr().err
    assert "it begins" in logged_text()


def test_warnings_of_libraries_go_to_the_log_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with faults.logged(verbose=False):
            warnings.warn("you should not see this", UserWarning, stacklevel=1)
    assert "you should not see this" in logged_text()
    assert capsys.readouterr().err == ""


def test_without_a_place_for_the_log_the_program_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with faults.logged(verbose=False), crash.traced() as earlier:
        faults.log.warning("nobody can read this")
        assert earlier == ""
    assert capsys.readouterr().err == ""


def test_unexpected_exception_of_a_command_is_a_sentence_and_its_traceback_is_logged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(cli, "compose", broken)
    monkeypatch.setattr(sys, "argv", ["lwf-gui", "run"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith("lwf-gui: the program has a fault (ZeroDivisionError: by zero)")
    assert str(faults.log_file()) in line
    assert "in broken" in logged_text()


@pytest.mark.usefixtures("silent_hooks")
def test_exceptions_of_every_thread_and_destructor_are_logged_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    class Fragile:
        def __del__(self) -> None:
            raise ValueError("in a destructor")

    def fail(text: str) -> None:
        raise ValueError(text)

    told: list[tuple[str, str]] = []
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    with faults.logged(verbose=False), faults.caught(lambda *fault: told.append(fault)):
        thread = threading.Thread(target=fail, args=("in a thread",))
        thread.start()
        thread.join()
        Fragile()
        try:
            fail("in the main thread")
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert before == (sys.excepthook, threading.excepthook, sys.unraisablehook)
    places = ("in a thread", "in a destructor", "in the main thread")
    assert len(told) == len(places)
    for (sentence, details), place in zip(told, places, strict=True):
        assert f"ValueError: {place}" in sentence
        assert "Traceback" in details
        assert details.strip() in logged_text()
    assert capsys.readouterr().err == ""


# ---- crashes


def start(code: str) -> subprocess.Popen[str]:
    """Start another process of the program that runs ``code`` while its crashes are traced."""
    code = f"import sys, faulthandler\nfrom lwf_gui import crash\nwith crash.traced() as earlier:\n    {code}"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, env=dict(os.environ)
    )
    return process


@pytest.fixture
def running() -> Iterator[subprocess.Popen[str]]:
    """Return a process that runs until its input ends."""
    with start("print('ready', flush=True); sys.stdin.read(); print(repr(earlier))") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def crash_files() -> list[Path]:
    return sorted(paths.state_dir().glob("crash*"))


def test_process_that_dies_leaves_its_stack_which_the_next_one_tells_once() -> None:
    died = start("faulthandler._sigsegv()")
    died.communicate(timeout=60)
    assert died.returncode != 0
    with crash.traced() as earlier:
        assert "Segmentation fault" in earlier
        assert 'File "<string>"' in earlier
        with crash.traced() as again:
            assert again == ""
    assert crash_files() == []


def test_process_that_ends_well_leaves_nothing(running: subprocess.Popen[str]) -> None:
    assert len(crash_files()) == 1
    told, _ = running.communicate(timeout=60)
    assert told == "''\n"
    assert crash_files() == []


def test_two_processes_neither_read_nor_delete_each_others_crash_file(running: subprocess.Popen[str]) -> None:
    (theirs,) = crash_files()
    theirs.write_text("a stack that is being written")
    with crash.traced() as earlier:
        assert earlier == ""
        assert len(crash_files()) == 2
    assert crash_files() == [theirs]
    assert theirs.read_text() == "a stack that is being written"
    running.communicate(timeout=60)


def test_process_that_was_killed_is_not_running(running: subprocess.Popen[str]) -> None:
    assert crash.is_running(str(running.pid))
    running.kill()
    running.wait()
    assert not crash.is_running(str(running.pid))
    assert not crash.is_running("../..")
    with crash.traced() as earlier:
        assert earlier == "", "a kill is no crash"


# ---- the last run


def test_of_two_windows_the_last_one_to_finish_is_remembered_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    record = files.load(paths.resources() / BUNDLED_RUN)
    kept = paths.state_dir() / LAST_RUN
    files.save(record, kept)
    first = kept.read_bytes()
    real = paths.write_atomically

    def slowly(target: Path, write: object) -> None:
        def watched(part: Path) -> None:
            write(part)  # type: ignore[operator]
            assert kept.read_bytes() == first, "until it is whole, what was there is read"

        real(target, watched)

    monkeypatch.setattr(paths, "write_atomically", slowly)
    files.save(record, kept)
    assert len(files.load(kept).evaluations) == len(record.evaluations)
