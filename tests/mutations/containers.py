"""Changes of safetensors files that keep them readable: of their header, their messages and their arrays."""

from __future__ import annotations

import json
import struct
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.documents.writing import DIGEST
from tests.mutations import changes

Arrays = dict[str, NDArray[Any]]

KINDS = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8", "U8": "u1"}
NAMES = {np.dtype(kind): name for name, kind in KINDS.items()}


def unpacked(content: bytes) -> tuple[dict[str, str], Arrays]:
    """Return the texts and the arrays of a sound file."""
    (length,) = struct.unpack("<Q", content[:8])
    header, start = json.loads(content[8 : 8 + length]), 8 + length
    about = header.pop("__metadata__", {})
    about.pop(DIGEST, None)  # else all that follows would be found by the checksum
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(content[start + begin : start + end], KINDS[entry["dtype"]])
        arrays[name] = values.reshape(entry["shape"]).copy()
    return about, arrays


def packed(about: dict[str, Any], arrays: Arrays, chance: Random | None = None) -> bytes:
    """Return the bytes of a file; with ``chance`` its header then tells something else of one array."""
    header: dict[str, Any] = {"__metadata__": about}
    parts, end = [], 0
    for name, array in arrays.items():
        parts.append(array.tobytes())
        offsets = [end, end + array.nbytes]
        header[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape), "data_offsets": offsets}
        end += array.nbytes
    if chance is not None:
        _lie(chance, header)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def _lie(chance: Random, header: dict[str, Any]) -> None:
    entry = header[chance.choice(list(header))]
    if "shape" not in entry or chance.random() < 0.4:
        changes.of_tree(chance, header)
        return
    shape = entry["shape"]
    lies = ([*shape, 1], shape[::-1], [2**31] * len(shape), [0, *shape[1:]], [-1, *shape[1:]], [1] * 40, shape[:-1])
    if chance.random() < 0.7:
        entry["shape"] = chance.choice(lies)
    else:
        entry["dtype"] = chance.choice((*KINDS, "BOOL", "F8_E4M3", "", None))


def of_arrays(chance: Random, arrays: Arrays) -> None:
    """Change one array: values, its rows, its axes; or leave it out."""
    name = chance.choice(sorted(arrays))
    array = arrays[name]
    action = chance.choice(("value", "value", "row", "row", "cut", "more", "swap", "drop", "all"))
    if action == "drop":
        del arrays[name]
    elif action == "cut":
        arrays[name] = np.delete(array, 0, chance.randrange(array.ndim))
    elif action == "more":
        arrays[name] = np.repeat(array, 2, chance.randrange(array.ndim))
    elif action == "swap":
        arrays[name] = np.ascontiguousarray(array.T)
    elif array.size:
        odd = (0, 1, 255) if array.dtype == np.uint8 else (0, 1, -1, 0.3, 2, 30, 1e4, 6e4, np.nan, np.inf, -np.inf)
        deep = {"value": array.ndim, "row": chance.randint(1, max(1, array.ndim - 1)), "all": 0}[action]
        place = tuple(chance.randrange(size) for size in array.shape[:deep])
        whole = array.dtype.kind == "i"
        array[place] = chance.choice((0, 1, -1, -2, 10**6) if whole else odd)


def of_container(chance: Random, content: bytes) -> bytes:
    """Return a file with one to three changes of what its header, its messages and its arrays tell."""
    about, arrays = unpacked(content)
    (name,) = {"messages", "about"} & about.keys()
    tree, header = json.loads(about[name]), None
    for _ in range(chance.randint(1, 3)):
        part = chance.random()
        if part < 0.5:
            changes.of_tree(chance, tree)
        elif part < 0.85 and arrays:
            of_arrays(chance, arrays)
        elif part < 0.9:
            about["format"] = chance.choice(("1", "2", "3", "4", "5", "99", "-1", "", "9" * 5000, "²"))
        else:
            header = chance
    return packed({**about, name: json.dumps(tree)}, arrays, header)
