"""Journals: whatever ends a process, what it had written comes back, and a sentence tells of what cannot."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from lwf_gui import InputError
from lwf_gui.documents import blocks, files, frames, journal, kept
from lwf_gui.documents.ahead import Ahead
from lwf_gui.documents.frames import HEADER, Appender
from lwf_gui.documents.journal import Journal
from lwf_gui.documents.recovery import Left, left_behind
from lwf_gui.messages import DataReady, Message, Steps, Stopped
from lwf_gui.runs.interrupted import end_of, was_interrupted
from lwf_gui.runs.record import Record
from tests.runs import synthetic
from tests.runs.test_files import assert_equal_records

PATIENCE = 10.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "INTERVAL", 0.005)
    monkeypatch.setattr(journal, "AGAIN", 0.02)


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


def told() -> list[Message]:
    """Return what a run tells before it is interrupted, its losses in blocks of a few steps."""
    messages = [*synthetic.task1(), *synthetic.task2()[:-1]]
    return [part for message in messages for part in blocks.cut(message, 200)]


def pieces_of(messages: list[Message], count: int) -> list[bytes]:
    """Return messages as that many pieces of a journal."""
    size = -(-len(messages) // count)
    parts = [messages[begin : begin + size] for begin in range(0, len(messages), size)]
    return [save(arrays, texts) for arrays, texts in (files.packed(blocks.joined(part)) for part in parts)]


def written(path: Path, pieces: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    out = Appender(path)
    for piece in pieces:
        out.append(piece)
    out.close()
    return path


def read(path: Path) -> Record | None:
    with path.open("r+b") as file:
        return Left(path, file).read()


def interrupted(messages: list[Message]) -> Record:
    return synthetic.record([*messages, Stopped(1, interrupted=True)])


def test_what_was_told_comes_back_and_is_called_interrupted(tmp_path: Path) -> None:
    writer = Journal(tmp_path, "digits")
    for message in told():
        writer.add([message])
        time.sleep(0.001)
    writer.close()
    (left,) = left_behind(tmp_path)
    record = left.read()
    assert record is not None
    assert_equal_records(record, interrupted(told()))
    assert left.title == "digits"
    assert end_of(record) == "interrupted at step 30 of 30, in task 2"
    files.save(record, tmp_path / "recovered.lwfrun")
    assert was_interrupted(files.load(tmp_path / "recovered.lwfrun"))
    left.discard()
    assert not kept.journals(tmp_path)


def test_a_journal_torn_at_any_byte_gives_all_whole_pieces_before(tmp_path: Path) -> None:
    messages = told()[:9]
    pieces = pieces_of(messages, 9)
    whole = written(tmp_path / "whole", pieces).read_bytes()
    ends = [len(HEADER)]
    for piece in pieces:
        ends.append(ends[-1] + 8 + len(piece))
    assert ends[-1] == len(whole)
    for length in range(len(whole) + 1):
        file = io(whole[:length])
        found = list(frames.pieces(file, length))
        assert found == pieces[: sum(end <= length for end in ends[1:])]
    torn = tmp_path / "torn"
    for end in (*ends, *(end - 1 for end in ends)):
        torn.write_bytes(whole[:end])
        count = sum(each <= end for each in ends[1:])
        record = read(torn)
        if record is not None:
            assert_equal_records(record, interrupted(messages[:count]))
    assert record is not None


def io(content: bytes) -> Any:
    import io as bytes_io

    return bytes_io.BytesIO(content)


def test_a_flipped_byte_ends_the_replay_before_it_and_never_more(tmp_path: Path) -> None:
    pieces = pieces_of(told()[:6], 6)
    whole = written(tmp_path / "whole", pieces).read_bytes()
    for place in range(len(HEADER), len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        found = list(frames.pieces(io(bytes(content)), len(content)))
        assert found == pieces[: len(found)]
        assert len(found) < len(pieces)


@pytest.mark.parametrize("change", ["left out", "doubled", "moved"])
def test_pieces_in_another_order_are_a_torn_tail(tmp_path: Path, change: str) -> None:
    pieces = [b"one", b"two", b"three"]
    whole = written(tmp_path / "whole", pieces).read_bytes()
    one, two, three = whole[20:31], whole[31:42], whole[42:]
    content = HEADER + {"left out": one + three, "doubled": one + one + two, "moved": one + three + two}[change]
    assert list(frames.pieces(io(content), len(content))) == [b"one"]


def test_a_length_that_lies_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "000001-00000000.lwfjournal"
    path.write_bytes(HEADER + b"\xff\xff\xff\xf0" + bytes(4) + bytes(1000))
    tracemalloc.start()
    assert read(path) is None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "it begins as none does"),
        (HEADER[:-4] + b"\xff\x00\x00\x00", "another version"),
    ],
)
def test_what_is_no_journal_is_refused_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "000001-00000000.lwfjournal"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a sound journal of a run") as caught:
        read(path)
    assert told in str(caught.value)


def damaged() -> Iterator[tuple[str, list[Message]]]:
    first, *others = told()
    assert isinstance(first, DataReady)
    yield "the data are told twice", [first, first, *others]
    losses = [message for message in others if isinstance(message, Steps)]
    yield "is not the next", [first, others[0], replace(losses[0], first=2)]
    yield "a loss is infinite", [first, others[0], replace(losses[0], losses=np.full_like(losses[0].losses, np.inf))]
    yield "names of classes", [replace(first, classes=("a", "b")), *others]


@pytest.mark.parametrize(("why", "messages"), list(damaged()))
def test_content_with_good_checksums_is_checked_as_a_run_files_is(
    tmp_path: Path, why: str, messages: list[Message]
) -> None:
    path = written(tmp_path / "000001-00000000.lwfjournal", pieces_of(messages, len(messages)))
    with pytest.raises(InputError, match=why):
        read(path)


def test_blocks_are_cut_and_joined_to_the_same() -> None:
    (whole,) = [message for message in synthetic.task2() if isinstance(message, Steps)][:1]
    parts = list(blocks.cut(whole, 100))
    assert len(parts) > 2
    (again,) = blocks.joined(parts)
    assert isinstance(again, Steps)
    assert again.first == whole.first
    np.testing.assert_array_equal(again.losses, whole.losses)
    assert blocks.joined([parts[0], parts[2]]) == [parts[0], parts[2]], "what does not follow stays for the check"


def test_a_run_of_nothing_trained_is_none(tmp_path: Path) -> None:
    path = written(tmp_path / "000001-00000000.lwfjournal", pieces_of(told()[:2], 1))
    assert read(path) is None
    path.write_bytes(HEADER[:5])
    assert read(path) is None


# Several processes, and limits


def test_two_writers_have_a_file_each_and_a_held_one_is_not_offered(tmp_path: Path) -> None:
    one, other = Journal(tmp_path, "one"), Journal(tmp_path, "other")
    one.add(told())
    other.add(told())
    wait_until(lambda: len(kept.journals(tmp_path)) == 2)
    assert not list(left_behind(tmp_path))
    assert not kept.free(tmp_path)
    one.close()
    (left,) = left_behind(tmp_path)
    assert not list(left_behind(tmp_path)), "another window does not offer it, too"
    record = left.read()
    assert record is not None
    assert_equal_records(record, interrupted(told()))
    left.discard()
    other.discard()
    wait_until(lambda: not kept.journals(tmp_path))


def test_of_many_the_oldest_go_whatever_the_clock_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [2_000_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    for number in range(kept.MOST + 3):
        now[0] -= 86_400  # set back, again and again
        writer = Journal(tmp_path, str(number))
        writer.add(told())
        writer.close()
    left = list(left_behind(tmp_path))
    titles = []
    for each in left:
        each.read()
        titles.append(each.title)
        each.discard()
    assert titles == [str(number) for number in range(kept.MOST + 2, 2, -1)]


def test_what_is_too_large_together_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 10_000)
    for _ in range(3):
        writer = Journal(tmp_path, "")
        writer.add(told())
        writer.close()
    assert len(kept.journals(tmp_path)) == 1


# Disks


def test_a_full_disk_is_told_once_and_all_is_written_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, full = Appender._write, [True]

    def write(out: Appender, content: bytes) -> None:
        if full[0] and out.end + len(content) > 3000:
            out._file.write(content[:100])  # what still went in
            out._file.truncate(out.end)
            out._file.seek(out.end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(out, content)

    monkeypatch.setattr(Appender, "_write", write)
    ahead, record, said = Ahead(tmp_path), Record(), []
    for message in told():
        record.apply(message)
        ahead.follow(record, message, "digits")
        time.sleep(0.003)
        said.append(ahead.problem())
    assert [text for text in said if text] == [
        "The run goes on, but is on no disk until it has ended (there is no room left on the disk): "
        "if the program ends before, it is lost."
    ]
    full[0] = False
    assert ahead.close()
    (left,) = left_behind(tmp_path)
    recovered = left.read()
    assert recovered is not None
    assert_equal_records(recovered, interrupted(told()))
    left.discard()


@pytest.mark.parametrize("place", ["a file", "gone meanwhile"])
def test_a_folder_that_cannot_be_written_or_vanishes_is_told_once_and_the_run_goes_on(
    tmp_path: Path, place: str
) -> None:
    folder = tmp_path / "interrupted"
    if place == "a file":
        folder.touch()
    ahead, record, said = Ahead(folder), Record(), list[str]()
    messages = told()
    for number, message in enumerate(messages):
        record.apply(message)
        ahead.follow(record, message, "digits")
        if place == "gone meanwhile" and number == 5:
            wait_until(lambda: len(kept.journals(folder)) == 1)
            shutil.rmtree(folder)
        time.sleep(0.005)
        said.append(ahead.problem())
    (sentence,) = [text for text in said if text]
    assert ("what should be a folder is a file" in sentence) == (place == "a file")
    assert not ahead.close()
    assert_equal_records(record, synthetic.record(messages))


def test_the_next_run_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    ahead = Ahead(tmp_path)
    for _ in range(2):
        record = Record()
        for message in told():
            record.apply(message)
            ahead.follow(record, message, "digits")
        wait_until(lambda: bool(kept.journals(tmp_path)))
    ahead.close()
    wait_until(lambda: len(kept.journals(tmp_path)) == 1)
    ahead.drop()
    assert not kept.journals(tmp_path)


def test_a_fork_is_written_with_what_it_goes_on_from(tmp_path: Path) -> None:
    origin = synthetic.record(told())
    record = origin.forked(15)
    data, ahead = record.data, Ahead(tmp_path)
    assert data is not None
    more = Steps(2, "incremental", 16, synthetic.losses(5, 2), 1.0, 100)
    for message in (data, more):  # the engine tells its data once more
        record.apply(message)
        ahead.follow(record, message, "digits")
    ahead.close()
    (left,) = left_behind(tmp_path)
    recovered = left.read()
    assert recovered is not None
    assert recovered.incremental is not None
    assert recovered.incremental.steps == 20
    np.testing.assert_array_equal(recovered.incremental.losses.values, record.incremental.losses.values)  # type: ignore[union-attr]
    left.discard()


ENDS_AT_ONCE = """
import sys, time
from pathlib import Path

from lwf_gui.documents.journal import Journal
from tests.runs import synthetic

remove = Journal._remove

def slowly(journal):
    time.sleep(0.3)
    remove(journal)

Journal._remove = slowly
written = Journal(Path(sys.argv[1]), "x")
written.add(synthetic.task1())
while not written.there:
    time.sleep(0.01)
written.discard()
"""


def test_a_journal_that_is_dropped_is_gone_though_the_program_ends_at_once(tmp_path: Path) -> None:
    words = (sys.executable, "-c", ENDS_AT_ONCE, str(tmp_path / "interrupted"))
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stderr) == (0, "")
    assert list((tmp_path / "interrupted").iterdir()) == []


def test_blocks_that_do_not_follow_go_into_pieces_of_their_own(tmp_path: Path) -> None:
    """Their arrays have other shapes, as where a learner joins: a piece has one shape by name."""
    first = next(message for message in synthetic.record().messages() if isinstance(message, Steps))
    written = Journal(tmp_path, "a run")
    written.add([first, replace(first, losses=first.losses[:3]), replace(first, losses=first.losses[:2])])
    written.close()
    (file,) = tmp_path.glob("*.lwfjournal")
    assert not written.problem
    assert file.stat().st_size > first.losses.nbytes
