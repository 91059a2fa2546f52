"""Event files for TensorBoard: framed and summed as it reads them, with the record's numbers under telling names."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.exports import every_step, tensorboard
from tests.runs import five, synthetic


def crc32c(data: bytes) -> int:
    """Return the Castagnoli checksum, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def events(file: Path, *, check: int) -> Iterator[bytes]:
    """Yield the records of a file of events; the checksums of so many are worked out again."""
    content, at = file.read_bytes(), 0
    while at < len(content):
        (length,) = struct.unpack_from("<Q", content, at)
        data = content[at + 12 : at + 12 + length]
        if check > 0:
            sums = struct.unpack_from("<I", content, at + 8) + struct.unpack_from("<I", content, at + 12 + length)
            assert sums == (masked(content[at : at + 8]), masked(data))
            check -= 1
        yield data
        at += 16 + length


def test_a_scalar_is_named_by_learner_protocol_and_task() -> None:
    told = {name: (step, value) for name, step, value in tensorboard.scalars(five.record())}
    assert told["lwf/task-aware/test_accuracy_task_5"] == (
        10 + five.STEPS,
        five.evaluated(4, 2, five.STEPS).scores["lwf"].task_aware[4] / 1000,
    )
    assert told["teacher/loss_total"][0] == 10
    assert {name.count("/") for name in told} == {1, 2}


def test_names_have_no_sign_that_tensorboard_would_replace() -> None:
    name = tensorboard.name_of("LwF, alpha 3 <b>/..", every_step.columns_of(five.record())[-1])
    assert name == "LwF__alpha_3__b__../seconds_per_image"


def test_without_the_package_one_sentence_says_which_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(InputError, match=r"install lwf-gui with the extra tensorboard"):
        tensorboard.write(synthetic.record(), tmp_path / "events")
    assert list(tmp_path.iterdir()) == []


def test_events_are_whole_and_hold_every_scalar(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX", reason="needs the extra tensorboard")
    from tensorboardX.proto import event_pb2

    record = synthetic.record()
    for _ in range(2):  # an earlier export is replaced
        tensorboard.write(record, tmp_path / "events")
    (file,) = (tmp_path / "events").iterdir()
    read = [event_pb2.Event.FromString(data) for data in events(file, check=20)]
    assert read[0].file_version == "brain.Event:2"
    assert (
        b"probe_accuracy_task_1_task_aware [fraction of 24 probe images of digits]"
        in (read[1].summary.value[0].tensor.string_val[0])
    )
    told = [(each.summary.value[0].tag, each.step, each.summary.value[0].simple_value) for each in read[2:]]
    wanted = list(tensorboard.scalars(record))
    assert [each[:2] for each in told] == [each[:2] for each in wanted]
    assert [each[2] for each in told] == pytest.approx([each[2] for each in wanted], rel=1e-6)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX", reason="needs the extra tensorboard")
    (tmp_path / "mine").write_text("x")
    with pytest.raises(InputError, match="holds other files"):
        tensorboard.write(synthetic.record(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]
