"""The teacher cache: whatever a disk or another process does to it, no run gets a wrong teacher."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lwf_gui.documents import writing
from lwf_gui.engine import teacher_cache
from lwf_gui.engine.teacher_cache import MAX_TEACHERS, TeacherFile, UnusableTeacher
from tests.mutations import containers, teachers
from tests.mutations.teachers import NAME, TRAINING

ROOT = Path(__file__).parents[2]


def written(folder: Path) -> TeacherFile:
    file = TeacherFile(folder / NAME)
    file.save(teachers.network(), teachers.told())
    return file


def refusal(file: TeacherFile) -> str:
    network = teachers.network()
    before = [each.clone() for each in network.state_dict().values()]
    with pytest.raises(UnusableTeacher) as caught:
        file.load(network, TRAINING, 1)
    assert all(map(torch.equal, before, network.state_dict().values())), "nothing is filled in"
    return str(caught.value)


def test_every_bit_of_the_weights_and_of_the_record_is_guarded(tmp_path: Path) -> None:
    file = written(tmp_path)
    content = file.path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    for place in range(start, len(content), 37):
        file.path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        assert refusal(file) == "has changed since it was written"


@pytest.mark.parametrize("part", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_file_that_is_cut_short_or_holds_zeros_is_found_out(tmp_path: Path, part: float) -> None:
    file = written(tmp_path)
    content = file.path.read_bytes()
    place = int(part * len(content))
    file.path.write_bytes(content[:place])
    refusal(file)
    file.path.write_bytes(content[:place] + bytes(len(content) - place))
    refusal(file)


@pytest.mark.parametrize(
    "about",
    [
        {"images": float("inf")},
        {"seconds": float("nan")},
        {"log": ["\x1b[2J"]},
        {"log": 3},
        {"learners": "teacher"},
    ],
)
def test_nonsense_under_a_right_checksum_is_refused(tmp_path: Path, about: dict[str, Any]) -> None:
    file = written(tmp_path)
    texts, arrays = containers.unpacked(file.path.read_bytes())
    text = json.dumps(json.loads(texts["about"]) | about)
    checksum = writing.checksum_of(arrays, text)
    file.path.write_bytes(containers.packed({"about": text, "checksum": checksum}, arrays))
    refusal(file)


@pytest.mark.skipif(os.name != "posix", reason="needs sparse files")
def test_a_file_of_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    file = written(tmp_path)
    os.truncate(file.path, 2**36)  # takes no room on the disk
    begun = time.perf_counter()
    assert refusal(file) == "is larger than what such a training leaves"
    assert time.perf_counter() - begun < 1


def test_a_teacher_just_written_stays_where_the_clock_was_set_back(tmp_path: Path) -> None:
    future = time.time() + 10**7
    for number in range(MAX_TEACHERS + 5):
        earlier = tmp_path / f"{number:032x}.safetensors"
        earlier.write_bytes(b"")
        os.utime(earlier, (future + number, future + number))
    file = written(tmp_path)
    assert file.load(teachers.network(), TRAINING, 1) is not None
    assert len(list(tmp_path.glob("*.safetensors"))) == MAX_TEACHERS


def test_teachers_that_others_remove_meanwhile_are_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    (tmp_path / "gone.safetensors").symlink_to(tmp_path / "nowhere")
    written(tmp_path)
    stat = Path.stat

    def removed(path: Path, **options: Any) -> os.stat_result:
        found = stat(path, **options)
        if path == file.path:
            path.unlink()
        return found

    monkeypatch.setattr(Path, "stat", removed)
    assert file.load(teachers.network(), TRAINING, 1) is None


PROGRAM = """
import sys, torch
from pathlib import Path
from lwf_gui.engine.teacher_cache import TeacherFile, UnusableTeacher
from tests.mutations import teachers

folder, own, turns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
file, mine, seen = TeacherFile(folder / teachers.NAME), teachers.network(), set()
for value in mine.state_dict().values():
    value.fill_(own)
for turn in range(turns):
    file.save(mine, teachers.told())
    read = teachers.network()
    kept = file.load(read, teachers.TRAINING, 1)
    if kept is None:
        continue
    (found,) = set(torch.cat([value.flatten() for value in read.state_dict().values()]).tolist())
    seen.add(int(found))
    if turn % 3 == own % 3:
        (folder / teachers.NAME).unlink(missing_ok=True)
print(*sorted(seen))
"""


def test_a_teacher_that_is_removed_while_it_is_opened_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path)

    def removed(path: Path, **_: object) -> None:
        path.unlink()
        torch.UntypedStorage.from_file(str(path), False, 8)  # which raises as safetensors does

    monkeypatch.setattr(teacher_cache, "safe_open", removed)
    assert file.load(teachers.network(), TRAINING, 1) is None


def test_processes_that_write_and_remove_one_teacher_at_once_each_read_a_whole_one(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = (sys.executable, "-c", PROGRAM, str(tmp_path))
    writers = [
        subprocess.Popen((*words, str(own), "10"), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for own in (3, 4)
    ]
    said = [writer.communicate() for writer in writers]
    assert [complaint.decode() for _, complaint in said] == ["", ""]
    seen = {int(word) for output, _ in said for word in output.split()}
    assert seen <= {3, 4}
    assert seen, "some were read"
    assert not [path.name for path in tmp_path.iterdir() if path.name != NAME], "no parts are left"


def test_a_full_disk_is_told_as_what_it_is() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs a disk that is full")
    from lwf_gui.documents import writing

    with pytest.raises(OSError, match="No space left on device"):
        writing.write_arrays(Path("/dev/full"), {"a": np.zeros(10)}, {})
    with pytest.raises(OSError, match="No space left on device"):
        writing.write(Path("/dev/full"), {"a": [np.zeros(2**20)]}, {})
