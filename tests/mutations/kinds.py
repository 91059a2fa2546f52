"""Kinds of files that others may have written: sound ones, how they are changed, and the program's own loader."""

from __future__ import annotations

import base64
import functools
import gzip
import io
import json
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from safetensors.numpy import save

from lwf_gui import paths, settings_file
from lwf_gui.claims.reading import load_claim
from lwf_gui.data.folders import read_folder
from lwf_gui.documents import blocks, files, frames
from lwf_gui.documents.recovery import left_behind
from lwf_gui.lessons import load_lesson
from lwf_gui.messages import Branch
from lwf_gui.recipe import Recipe, compose, copied, load_preset, pasted, preset_names
from lwf_gui.runs.record import Record
from tests.mutations import changes, containers
from tests.runs import five, synthetic

GOLDEN = Path(__file__).parents[1] / "runs" / "golden"

Files = Mapping[str, bytes]
"""What is in a folder, by name."""


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    sound : returns folders of sound files, of which each mutation changes one
    changed : returns such a file changed
    load : reads a folder as the program does, and returns what it holds; raises InputError where it is refused
    """

    sound: Callable[[], list[Files]]
    changed: Callable[[Random, bytes], bytes]
    load: Callable[[Path], Any]

    def mutated(self, chance: Random) -> Files:
        """Return a folder with one file changed."""
        folder = chance.choice(self.sound())
        name = chance.choice(sorted(folder))
        return {**folder, name: self.changed(chance, folder[name])}


def forked() -> Record:
    """Return a record with a branch and a learner that diverged, as small as it can be."""
    record = synthetic.record().forked(15, Branch("lwf+1@15", "lwf", 15, {"alpha": 3.0}))
    record.incremental.losses.values[12:, 0] = np.nan  # type: ignore[union-attr]
    return record


def file_of(record: Record) -> bytes:
    """Return the run file of a record."""
    arrays, about = files.packed(record.messages())
    content: bytes = save(arrays, about)
    return content


@functools.cache
def _runs() -> list[Files]:
    made = [synthetic.record(), forked(), synthetic.up_to_step(15), synthetic.record(five.messages())]
    contents = [file_of(record) for record in made]
    contents += [path.read_bytes() for path in sorted(GOLDEN.glob(f"*{files.SUFFIX}"))]
    return [{f"x{files.SUFFIX}": content} for content in contents]


@functools.cache
def _bundled() -> Files:
    return {f"x{files.SUFFIX}": (paths.resources() / "runs" / "classroom.lwfrun").read_bytes()}


def _runs_and_the_bundled_one() -> list[Files]:
    return [*_runs(), *_runs(), *_runs(), _bundled()]  # which is dear: a tenth is enough


def _changed_run(chance: Random, content: bytes) -> bytes:
    return chance.choice((changes.of_bytes, containers.of_container, containers.of_container))(chance, content)


def _load_run(folder: Path) -> Record:
    return files.load(folder / f"x{files.SUFFIX}")


@functools.cache
def _journals() -> list[Files]:
    made: list[Files] = []
    for messages in ([*synthetic.task1(), *synthetic.task2()[:-1]], five.messages()):
        told = [part for message in messages for part in blocks.cut(message, 200)]
        first = save({}, {"format": str(files.FORMAT), "messages": "[]", "begun": "1700000000", "title": "x"})
        parts = (files.packed(blocks.joined(told[at : at + 6])) for at in range(0, len(told), 6))
        made.append({"000001-00000000.lwfjournal": journal_of([first, *(save(*part) for part in parts)])})
    return made


def journal_of(pieces: Sequence[bytes]) -> bytes:
    """Return a journal of these pieces, under checksums that are right."""
    made, checksum = frames.HEADER, zlib.crc32(frames.HEADER)
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        made += struct.pack("<II", len(piece), checksum) + piece
    return made


def _changed_journal(chance: Random, content: bytes) -> bytes:
    """Return a journal with changed bytes, or with changed pieces under checksums that are right."""
    if chance.random() < 0.4:
        return changes.of_bytes(chance, content)
    pieces = list(frames.pieces(io.BytesIO(content), len(content)))
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(pieces))
        action = chance.choice(("change", "change", "change", "bytes", "double", "drop", "swap"))
        if action == "change":
            pieces[at] = containers.of_container(chance, sound) if (sound := _sound(pieces[at])) else b""
        elif action == "bytes":
            pieces[at] = changes.of_bytes(chance, pieces[at])
        elif action == "double":
            pieces.insert(at, pieces[at])
        elif action == "drop" and len(pieces) > 1:
            del pieces[at]
        else:
            other = chance.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
    return journal_of(pieces)


def _sound(piece: bytes) -> bytes:
    """Return a piece that can be taken apart still, or nothing."""
    try:
        json.loads(containers.unpacked(piece)[0]["messages"])
    except (ValueError, KeyError, TypeError, struct.error):
        return b""
    return piece


def _load_journal(folder: Path) -> list[Record]:
    found = []
    for left in left_behind(folder):
        try:
            record = left.read()
        finally:
            left.let_go()
        found += [] if record is None else [record]
    return found


@functools.cache
def _recipes() -> list[Files]:
    shipped = sorted((paths.resources() / "presets").glob("*.toml"))
    return [*({"x.toml": path.read_bytes()} for path in shipped), {"x.toml": _MANY.encode()}]


_MANY = """title = "Five tasks"
about = "Learners with settings of their own."
seed = 3
learners = ["fine-tune", {method = "lwf", name = "mine", alpha = 2.0}, "replay", "ewc"]
[data]
dataset = "digits"
tasks = [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
train_images = 500
[model]
network = "mlp"
hidden = 64
[task2]
epochs = 3
lr = 0.05
[lwf]
alpha = 1.0
temperature = 2.0
"""


def _load_recipe(folder: Path) -> Recipe:
    return load_preset(str(folder / "x.toml")).recipe


@functools.cache
def _shared() -> list[Files]:
    own = {"method": "lwf", "name": "mine and yours", "alpha": 2.0}
    recipes = [load_preset(name).recipe for name in preset_names()]
    recipes += [
        compose("classroom", ["seed=3", "lwf.alpha=0.5", "data.tasks=[[0,1],[2,3],[4,5]]"]),
        compose("cnn").with_settings({"learners": ["fine-tune", own, "replay"]}),
    ]
    return [{"x.txt": copied(recipe).encode()} for recipe in recipes]


def _changed_shared(chance: Random, content: bytes) -> bytes:
    """Return a text with changes; half of them with the checksum of what it then says, where it says anything."""
    made = changes.of_text(chance, content)
    return made + bytes(chance.choice((b"", b"", b"+seed=1", b"\n> more", b" " * 30_000)))


def _load_shared(folder: Path) -> Recipe:
    text = (folder / "x.txt").read_bytes().decode("utf-8", "replace")  # a clipboard has whole characters
    return pasted(text)


@functools.cache
def _lessons() -> list[Files]:
    places = paths.resources() / "lessons"
    return [{"x.toml": path.read_bytes()} for path in sorted(places.rglob("*.toml"))]


@functools.cache
def _claims() -> list[Files]:
    return [{"x.toml": path.read_bytes()} for path in sorted((paths.resources() / "claims").glob("*.toml"))]


def settings_text() -> bytes:
    """Return settings as a window writes them."""
    from lwf_gui.gui.layout.kept import Layout, geometry_text, layout_text

    docks = {"why": (300, 200), "matrix": (200, 100)}
    tree = {
        "data_dir": "/home/somebody/images",
        "window.taken_over": True,
        "window.scale": 1.1,
        "window.theme": "dark",
        "window.toured": True,
        "window.every_task": False,
        "window.folder": "/home/somebody/runs",
        "window.layout.window": layout_text(Layout(b"not Qt's", (1280, 720), docks)),
        "window.geometry": geometry_text(b"not Qt's"),
        "version": settings_file.VERSION,
    }
    return json.dumps(tree, indent=1).encode()


def _changed_settings(chance: Random, content: bytes) -> bytes:
    if chance.random() < 0.4:
        return changes.of_text(chance, content)
    tree = json.loads(content)
    for _ in range(chance.randint(1, 3)):
        changes.of_tree(chance, tree)
        if chance.random() < 0.3:
            tree["window.layout.window"] = _sealed(chance)
    return json.dumps(tree).encode()


def _sealed(chance: Random) -> str:
    """Return a layout that says nonsense under a checksum that is right."""
    tree: Any = {"version": 2, "state": "AAAA", "size": [800, 600], "docks": {"why": [3, 4]}, "form": "own"}
    if chance.random() < 0.3:
        text = "[" * 20_000
    else:
        changes.of_tree(chance, tree)
        text = json.dumps(tree)
    sealed = f"{zlib.crc32(text.encode('utf-8', 'replace')):08x} {text}"
    return base64.b64encode(sealed.encode("utf-8", "replace")).decode()


def _load_settings(folder: Path) -> bytes:
    """Read every setting, as a window does; what is damaged is set aside, and that is said. Return what was there."""
    from lwf_gui.gui.preferences import MODES, Preferences

    content = (folder / "settings.json").read_bytes()
    kept, said = Preferences(folder / "settings.json"), list[str]()
    kept.heard_by(said.append)
    for value in vars(Preferences).values():
        if isinstance(value, property) and value.fget:
            value.fget(kept)
    for mode in MODES:
        kept.layout(mode)
    return content


def _idx(shape: tuple[int, ...], values: np.ndarray[Any, Any]) -> bytes:
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + values.astype(np.uint8).tobytes()


@functools.cache
def _images() -> list[Files]:
    random = np.random.default_rng(0)
    sets = {}
    for part, count in (("train", 200), ("t10k", 60)):
        sets[f"{part}-images-idx3-ubyte"] = _idx((count, 9, 7), random.integers(0, 256, (count, 9, 7)))
        sets[f"{part}-labels-idx1-ubyte"] = _idx((count,), np.arange(count) % 5)
    return [sets, {f"{name}.gz": gzip.compress(content, 6, mtime=0) for name, content in sets.items()}]


def _changed_images(chance: Random, content: bytes) -> bytes:
    """Return an IDX file with changed bytes, with another header, or one that unpacks to gigabytes."""
    packed = content[:2] == b"\x1f\x8b"
    if chance.random() < 0.4:
        return changes.of_bytes(chance, content)
    plain = bytearray(gzip.decompress(content) if packed else content)
    dims = plain[3]
    action = chance.choice(("sizes", "sizes", "kind", "bytes", "bomb", "labels"))
    if action == "sizes":
        sizes = (0, 1, 2, 200, 2**16, 2**31 - 1, 2**31, 2**32 - 1)
        for at in range(dims):
            if chance.random() < 0.6:
                plain[4 + 4 * at : 8 + 4 * at] = struct.pack(">I", chance.choice(sizes))
    elif action == "kind":
        plain[2:4] = bytes((chance.choice((8, 9, 11, 13)), chance.randrange(6)))
    elif action == "bytes":
        plain = bytearray(changes.of_bytes(chance, bytes(plain)))
    elif action == "labels":
        plain[4 + 4 * dims :] = bytes([chance.choice((0, 9, 99, 100, 255))]) * (len(plain) - 4 - 4 * dims)
    elif packed:
        return _bomb(chance, bytes(plain[: 4 + 4 * dims]), dims)
    return gzip.compress(bytes(plain), 1) if packed else bytes(plain)


@functools.cache
def _zeros() -> bytes:
    """Return 16 MiB of zeros, packed: a member of a file that is as long as one likes."""
    return gzip.compress(bytes(2**24), 9)


def _bomb(chance: Random, header: bytes, dims: int) -> bytes:
    """Return a small file that unpacks to gigabytes, which its header may announce."""
    sizes = chance.choice(((2**31 - 1,) + (1,) * (dims - 1), (2**12,) * dims, (200, 9, 7)[:dims]))
    return gzip.compress(header[:4] + struct.pack(f">{dims}I", *sizes)) + _zeros() * chance.choice((16, 128))


def _load_images(folder: Path) -> Any:
    return read_folder(folder, "a folder")


def _load_teacher(folder: Path) -> Any:
    from tests.mutations import teachers

    return teachers.load(folder)


def _teachers() -> list[Files]:
    from tests.mutations import teachers

    return [*teachers.sound()]


KINDS: dict[str, Kind] = {
    "run": Kind(_runs_and_the_bundled_one, _changed_run, _load_run),
    "journal": Kind(_journals, _changed_journal, _load_journal),
    "recipe": Kind(_recipes, changes.of_text, _load_recipe),
    "lwf-text": Kind(_shared, _changed_shared, _load_shared),
    "lesson": Kind(_lessons, changes.of_text, lambda folder: load_lesson(folder / "x.toml")),
    "claim": Kind(_claims, changes.of_text, lambda folder: load_claim(folder / "x.toml")),
    "settings": Kind(lambda: [{"settings.json": settings_text()}], _changed_settings, _load_settings),
    "idx": Kind(_images, _changed_images, _load_images),
    "teacher": Kind(_teachers, _changed_run, _load_teacher),
}
"""By name."""
