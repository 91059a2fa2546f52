"""Packed IDX files that say they hold far more than they can."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.data.idx import read_file


def test_a_small_packed_file_that_announces_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "train-images-idx3-ubyte.gz"
    header = bytes((0, 0, 8, 3)) + (2**31 - 1).to_bytes(4, "big") + (1).to_bytes(4, "big") * 2
    path.write_bytes(gzip.compress(header + bytes(2**20)))
    with pytest.raises(InputError, match="announces 2,147,483,647 bytes, far more than images are packed into"):
        read_file(path)
