"""Run files that others wrote: whatever is wrong is one sentence, before memory is taken or anything is painted."""

from __future__ import annotations

import copy
import json
import os
import struct
import tempfile
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lwf_gui import InputError
from lwf_gui.documents import container, files
from lwf_gui.documents.writing import DIGEST
from lwf_gui.messages import Branch
from lwf_gui.recipe import Recipe
from lwf_gui.runs.record import Record
from tests.runs import synthetic
from tests.runs.consumers import consume

Messages = list[dict[str, Any]]
Arrays = dict[str, np.ndarray[Any, Any]]


def packed(about: dict[str, Any], arrays: Arrays, described: dict[str, Any] | None = None) -> bytes:
    """Return the bytes of a file; ``described`` takes the place of parts of the arrays' entries."""
    header: dict[str, Any] = {"__metadata__": about}
    content = b""
    kinds = {"float16": "F16", "float32": "F32", "uint8": "U8", "float64": "F64", "int64": "I64"}
    for name, array in arrays.items():
        end = len(content) + array.nbytes
        header[name] = {
            "dtype": kinds[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [len(content), end],
        }
        content += array.tobytes()
    for name, part in (described or {}).items():
        header[name] = header.get(name, {}) | part
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content


def unpacked(content: bytes) -> tuple[dict[str, str], Messages, Arrays]:
    """Return texts, messages and arrays of a sound file."""
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + length])
    about = header.pop("__metadata__")
    about.pop(DIGEST, None)  # what is changed here shall not be found by its checksum alone
    kinds = {"F16": np.float16, "F32": np.float32, "U8": np.uint8}
    arrays = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        arrays[name] = np.frombuffer(content[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"]).copy()
    return about, json.loads(about["messages"]), arrays


def forked() -> Record:
    """Return a record with a branch and a learner that diverged, as small as it can be."""
    record = synthetic.record().forked(15, Branch("lwf+1@15", "lwf", 15, {"alpha": 3.0}))
    record.incremental.losses.values[12:, 0] = np.nan  # type: ignore[union-attr]
    return record


def file_of(record: Record, folder: Path) -> bytes:
    path = folder / "sound.lwfrun"
    files.save(record, path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return file_of(synthetic.record(), tmp_path_factory.mktemp("sound"))


def refusal(content: bytes, folder: Path) -> str:
    """Load a file that must be refused; return what is said of it."""
    path = folder / "bad.lwfrun"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        files.load(path)
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 600
    return sentence


def of(messages: Messages, kind: str) -> dict[str, Any]:
    """Return the last message of a kind."""
    return next(message for message in reversed(messages) if message["type"] == kind)


Change = Callable[[Messages, Arrays], object]


def put(kind: str, **values: Any) -> Change:
    """Return a change of the last message of a kind."""
    return lambda messages, arrays: of(messages, kind).update(values)


def fill(name: str, value: float, *place: Any) -> Change:
    """Return a change of an array."""

    def change(messages: Messages, arrays: Arrays) -> None:
        arrays[name][place] = value

    return change


def double(kind: str) -> Change:
    return lambda messages, arrays: messages.append(copy.deepcopy(of(messages, kind)))


def repeat_a_row(messages: Messages, arrays: Arrays) -> None:
    """Let a thousand messages point at one row: little to store, much to hold."""
    probe = of(messages, "Probe")
    place = messages.index(probe)
    messages[place:place] = [copy.deepcopy(probe) for _ in range(1000)]


def name_an_origin_that_is_itself(messages: Messages, arrays: Arrays) -> None:
    of(messages, "PhaseStarted").update(
        branches=[{"learner": "lwf+1@3", "origin": "lwf+1@3", "step": 3, "overrides": {}}],
        learners=["fine-tune", "lwf", "lwf+1@3"],
    )


def forget_all(messages: Messages, arrays: Arrays) -> None:
    messages.clear()
    arrays.clear()


def forget_the_teacher(messages: Messages, arrays: Arrays) -> None:
    of(messages, "Probe").update(teacher=None)
    arrays["Probe.incremental.teacher"] = arrays["Probe.incremental.teacher"][:-1]


def nested(depth: int) -> Any:
    tree: Any = 1
    for _ in range(depth):
        tree = [tree]
    return tree


ABSURD: dict[str, tuple[Change, str]] = {
    "peak 0": (put("DataReady", peak=0), "the peak = 0 is not allowed: it must be from 1 to 255"),
    "peak 256": (put("DataReady", peak=256), "the peak = 256"),
    "a label out of range": (fill("DataReady..probe_labels", 200, 0, 0), "a label is 200, it must be below 5"),
    "no probe image of the new task": (fill("DataReady..probe_labels", 0, 0), "a task has no probe images"),
    "a name too few": (put("DataReady", classes=["a", "b", "c", "d"]), "4 names of classes for 5 units"),
    "a name of many lines": (put("DataReady", classes=["a\nb", "b", "c", "d", "e"]), "cannot be shown"),
    "a name of a megabyte": (put("DataReady", classes=["a" * 10**6, "b", "c", "d", "e"]), "more than 200,000"),
    "a name of a page": (put("DataReady", classes=["a" * 3000, "b", "c", "d", "e"]), "more than 300 characters"),
    "a name that turns the writing round": (put("DataReady", dataset="a\u202eb"), "cannot be shown"),
    "other old classes than the recipe's": (
        put("DataReady", scenario={"sizes": [4, 1]}),
        "tasks of 4, 1 classes for 3, 2 units",
    ),
    "negative sizes": (put("DataReady", test_sizes=[-1, 5]), "a number of images = -1"),
    "a size too few": (put("DataReady", test_sizes=[5]), "numbers of images of 1 tasks for 2"),
    "the data twice": (lambda m, a: m.insert(1, copy.deepcopy(m[0])), "is not the next of its 1 rows"),
    "images of another number": (
        lambda m, a: a.update({"DataReady..probe_labels": a["DataReady..probe_labels"][:, :-1]}),
        "probe_labels are 39, they must be 40",
    ),
    "an unknown phase": (put("PhaseStarted", phase="task3"), "it must be base or incremental"),
    "a task too many": (put("PhaseStarted", boundaries=[0, 10], epoch_steps=[10, 10]), "2 beginnings for 1 tasks"),
    "a task that begins later": (put("PhaseStarted", boundaries=[5]), "tasks that begin after 5 of 30 steps"),
    "an evaluation of another task": (put("Evaluated", task=2), "task = 2"),
    "an answer of a class that the teacher does not know": (
        fill("Probe.incremental.teacher", 1.0, 0, 0, -1),
        "there is an answer of a class that is not there",
    ),
    "no steps": (put("PhaseStarted", steps=0), "steps = 0"),
    "steps without end": (put("PhaseStarted", steps=10**15), "steps = 1000000000000000"),
    "no epoch": (put("PhaseStarted", epoch_steps=[0]), "epoch_steps = 0"),
    "an unknown learner": (put("PhaseStarted", learners=["fine-tune", "magic"]), "its learners are not fine-tune, lwf"),
    "a learner twice": (put("PhaseStarted", learners=["lwf", "lwf"]), "its learners are not fine-tune, lwf"),
    "a branch of nothing": (
        put("PhaseStarted", branches=[{"learner": "lwf+1@3", "origin": "x", "step": 3, "overrides": {}}]),
        "its learners are not fine-tune, lwf, lwf+1@3",
    ),
    "a branch of itself": (name_an_origin_that_is_itself, "branches off from a learner that is not there before it"),
    "a step twice": (put("Steps", first=5), "step 1 is not the next"),
    "more steps than announced": (put("PhaseStarted", steps=29), "more steps than 29"),
    "time that is no number": (put("Steps", seconds=float("nan")), "seconds = nan"),
    "time that runs back": (put("Steps", seconds=-1.0), "seconds = -1.0"),
    "an infinite loss": (fill("Steps.incremental.losses", np.inf, 0, 3, 0, 3), "a loss is infinite"),
    "a loss that comes back": (fill("Steps.incremental.losses", np.nan, 0, 3, 0), "a number again after it was none"),
    "half a loss that diverged": (fill("Steps.incremental.losses", np.nan, 0, -1, 0, 3), "still has terms of its loss"),
    "a probe before the last one": (put("Probe", step=3), "step = 3 is not allowed: it must be from 16 to 30"),
    "a probe after the end": (put("Probe", step=31), "step = 31"),
    "an infinite answer": (fill("Probe.incremental.logits", np.inf, 0, 0, 0, 0), "an answer is infinite"),
    "no teacher in task 2": (forget_the_teacher, "the teacher answers beside learners only"),
    "answers of another shape": (
        lambda m, a: a.update({"Probe.incremental.logits": a["Probe.incremental.logits"][..., :-1]}),
        "logits are 2 x 40 x 4, they must be 2 x 40 x 5",
    ),
    "answers after all have diverged": (
        fill("Steps.incremental.losses", np.nan, 0, slice(8, None)),
        "nobody is left to answer",
    ),
    "a length below 0": (fill("LayerProbe..moved", -1, 0, 0, 0), "a length is below 0"),
    "a cosine of 2": (fill("LayerProbe..forces", 2, 0, 0, 0, 2), "a cosine is beyond 1"),
    "an infinite weight": (fill("LayerProbe..filters", np.inf, 0, 0, 0, 0, 0), "a weight is infinite"),
    "a layer too few": (put("PhaseStarted", layers=["fc1", "fc2"]), "they must be 2 x 2 x 3"),
    "an accuracy of 2": (
        lambda m, a: of(m, "Evaluated")["scores"]["lwf"].update(task_aware=[2400, 20]),
        "a number of right answers = 2400 is not allowed: it must be from 0 to 1,200",
    ),
    "scores of other learners": (
        lambda m, a: of(m, "Evaluated")["scores"].pop("lwf"),
        "are not those of the later tasks",
    ),
    "an epoch twice": (double("Evaluated"), "something follows the end of the run"),
    "alpha out of range": (
        lambda m, a: of(m, "LiveSettingsApplied")["live_settings"].update(alpha=-5.0),
        "lwf.alpha = -5.0 is not allowed: it must be a number from 0 to 100",
    ),
    "a change of nothing known": (put("LiveSettingsApplied", changed=["colour"]), "a changed setting is not live"),
    "a change before the last one": (put("LiveSettingsApplied", step=3), "step = 3"),
    "a recipe out of range": (
        lambda m, a: m[0]["recipe"]["lwf"].update(alpha=-1),
        "its setting lwf.alpha = -1 is not allowed, it must be a number from 0 to 100",
    ),
    "a summary without times": (put("Finished", summary={}), "its summary has no times or no recipe"),
    "a second end": (double("Finished"), "something follows the end of the run"),
    "a log in a megabyte": (put("LogLine", text="x" * 10**5), "more than 10,000 characters"),
    "a number in place of a text": (put("LogLine", text=3), "text: 3 is not allowed, it must be a text"),
    "a switch in place of a number": (put("Probe", step=True), "step: True is not allowed, it must be a whole number"),
    "a row of an array twice": (put("Probe", logits={"row": 0}), "is not the next of its 4 rows"),
    "one row for a thousand messages": (repeat_a_row, "is not the next of its 4 rows"),
    "rows of no message": (lambda m, a: m.remove(of(m, "LayerProbe")), "has rows that belong to no message"),
    "messages of the moment": (lambda m, a: m.append({"type": "Paused"}), "is of no known kind"),
    "depth": (put("Finished", summary=nested(40)), "more than 16 deep"),
    "no messages": (forget_all, "it has no messages"),
    "doubles": (
        lambda m, a: a.update({"LayerProbe..moved": a["LayerProbe..moved"].astype(np.float64)}),
        "is of an unknown kind",
    ),
    "other bytes": (
        lambda m, a: a.update({"LayerProbe..moved": a["LayerProbe..moved"].astype(np.float16)}),
        "the file has no such array of float32",
    ),
}


@pytest.mark.parametrize(("change", "expected"), ABSURD.values(), ids=ABSURD)
def test_absurd_values_are_named_and_refused(sound: bytes, tmp_path: Path, change: Change, expected: str) -> None:
    about, messages, arrays = unpacked(sound)
    change(messages, arrays)
    sentence = refusal(packed(about | {"messages": json.dumps(messages)}, arrays), tmp_path)
    assert "is not a sound run file: " in sentence
    assert expected in sentence


def test_every_check_of_the_absurd_leaves_a_sound_file_alone(sound: bytes, tmp_path: Path) -> None:
    about, messages, arrays = unpacked(sound)
    path = tmp_path / "again.lwfrun"
    path.write_bytes(packed(about | {"messages": json.dumps(messages)}, arrays))
    consume(files.load(path), tmp_path)


def test_a_run_with_a_branch_and_a_learner_that_diverged_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "branch.lwfrun"
    path.write_bytes(file_of(forked(), tmp_path))
    record = files.load(path)
    assert record.incremental is not None
    assert record.incremental.started.branches[0].overrides == {"alpha": 3.0}
    consume(record, tmp_path)


def test_what_cannot_be_shown_in_a_name_is_replaced_when_a_run_is_saved(tmp_path: Path) -> None:
    record = synthetic.record()
    assert record.data is not None
    odd = "my\ndata\udc80\x1b"
    record.data = replace(record.data, dataset=odd)
    files.save(record, tmp_path / "odd.lwfrun")
    loaded = files.load(tmp_path / "odd.lwfrun")
    assert loaded.data is not None
    assert "\x1b" not in loaded.data.dataset
    assert "\udc80" not in loaded.data.dataset


# ---- memory: header first, sizes computed, at most that much read


def peak_of_loading(path: Path) -> int:
    """Return the bytes that refusing a file takes at most."""
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            files.load(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


LITTLE = 20 * 2**20


def test_a_header_of_a_terabyte_is_refused_unread(sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.lwfrun"
    for length in (2**40, 2**63, container.MAX_HEADER + 1, 0, 1):
        path.write_bytes(struct.pack("<Q", length) + sound[8:])
        assert peak_of_loading(path) < LITTLE
        assert "it begins as no run file does, or is cut short" in refusal(path.read_bytes(), tmp_path)


def test_an_array_of_a_terabyte_is_refused_unread(sound: bytes, tmp_path: Path) -> None:
    about, _, arrays = unpacked(sound)
    name = "Probe.incremental.logits"
    for part in (
        {"shape": [2**20, 2**20, 1, 1]},
        {"shape": [2**20, 2**20, 1, 1], "data_offsets": [0, 2**41]},
        {"shape": [4, 0, 40, 5]},
        {"shape": [4, -2, -40, 5]},
        {"shape": [4.0, 2, 40, 5]},
        {"shape": [2**62, 2**62, 4, 1]},
        {"shape": [4, 2, 40, 5] + [1] * 30},
        {"data_offsets": [10, 1610]},
    ):
        content = packed(about, arrays, {name: part})
        (tmp_path / "x.lwfrun").write_bytes(content)
        assert peak_of_loading(tmp_path / "x.lwfrun") < LITTLE, part
        assert f"array {name!r}" in refusal(content, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="needs sparse files")
def test_arrays_that_no_message_asks_for_are_refused_unread(sound: bytes, tmp_path: Path) -> None:
    about, _, arrays = unpacked(sound)
    used = sum(array.nbytes for array in arrays.values())
    rest = {"dtype": "U8", "shape": [1, 2**30], "data_offsets": [used, used + 2**30]}
    path = tmp_path / "sparse.lwfrun"
    path.write_bytes(packed(about, arrays, {"rest": rest}))
    os.truncate(path, path.stat().st_size + 2**30)  # takes no room on the disk
    assert peak_of_loading(path) < LITTLE
    with pytest.raises(InputError, match="array 'rest' has rows that belong to no message"):
        files.load(path)
    os.truncate(path, container.MAX_BYTES + 1)
    with pytest.raises(InputError, match="bytes, more than"):
        files.load(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 400_000, "valid JSON"),
        ("[" + "0," * 1_100_000 + "0]", "more than 1,000,000 values"),
        ("[" + "9" * 10_000 + "]", "valid JSON"),
        ("[" + "9" * 100 + "]", "more than 18 digits"),
        ("{}", "no list"),
        ("[3]", "message 1 is of no known kind"),
        ('[{"type": ["Steps"]}]', "message 1 is of no known kind"),
        ('[{"type": "DataReady"}]', "run_id is missing"),
    ],
)
def test_messages_that_are_none_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in refusal(packed({"format": str(files.FORMAT), "messages": text}, {}), tmp_path)


@pytest.mark.parametrize("number", ["", "²", "9" * 5000, "-1", "2.0", "0"])
def test_a_format_that_is_none_is_refused(tmp_path: Path, number: str) -> None:
    refusal(packed({"format": number, "messages": "[]"}, {}), tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe")
def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.lwfrun")
    with pytest.raises(InputError, match="it is no file"):
        files.load(tmp_path / "pipe.lwfrun")


# ---- whatever happens to a file: a record with which everything works, or one sentence

ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 3, 255, 256, 2**31, 10**12, 2**70, 0.5, -0.5, 1e30, 1e308),
    *(float("nan"), float("inf"), "", "lwf", "lwf+1@3", "base", "x" * 400, "a\nb", "\x00", "<b>x</b>", "\ud800"),
    *([], {}, [0], [[]], {"row": 0}, {"row": 1}, {"row": -1}, nested(30), {"a": {"b": [1, 2]}}),
]


def mutate(data: st.DataObject, tree: Any) -> None:
    """Change one place somewhere in a tree of lists and tables."""
    while True:
        places = list(range(len(tree))) if isinstance(tree, list) else list(tree)
        if not places:
            return
        place = data.draw(st.sampled_from(places))
        inner = tree[place]
        if isinstance(inner, list | dict) and inner and data.draw(st.integers(0, 5)):
            tree = inner
            continue
        action = data.draw(st.sampled_from(("put", "put", "put", "drop", "double")))
        if action == "drop":
            del tree[place]
        elif action == "double" and isinstance(tree, list):
            tree.insert(place, copy.deepcopy(inner))
        else:
            tree[place] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
        return


def mutate_arrays(data: st.DataObject, arrays: Arrays) -> None:
    name = data.draw(st.sampled_from(sorted(arrays)))
    array = arrays[name]
    if not array.size:
        return
    action = data.draw(st.sampled_from(("value", "value", "value", "row", "cut", "drop")))
    if action == "drop":
        del arrays[name]
    elif action == "cut":
        axis = data.draw(st.sampled_from([axis for axis, size in enumerate(array.shape) if size > 1] or [0]))
        arrays[name] = np.delete(array, 0, axis)
    else:
        values = [0, 1, 255] if array.dtype == np.uint8 else [0, -1, 2, 1e4, np.nan, np.inf, -np.inf]
        place = [data.draw(st.integers(0, size - 1)) for size in array.shape]
        if action == "row":
            place = place[: data.draw(st.integers(1, array.ndim - 1))]
        array[tuple(place)] = data.draw(st.sampled_from(values))


def loads_or_says_why(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.lwfrun"
        path.write_bytes(content)
        try:
            record = files.load(path)
        except InputError as error:
            said = str(error)
        else:
            consume(record, Path(folder))
            return
        assert said.startswith(str(path))
        assert "\n" not in said


MANY = settings(
    max_examples=max(150, settings().max_examples),  # of a profile that is loaded, if it wants more
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", params=["whole", "forked", "cut short"])
def kind_of_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    made: dict[str, Callable[[], Record]] = {
        "whole": synthetic.record,
        "forked": forked,
        "cut short": lambda: synthetic.up_to_step(15),
    }
    return file_of(made[request.param](), tmp_path_factory.mktemp("fuzz"))


@MANY
@given(data=st.data())
def test_any_change_of_messages_and_arrays_loads_whole_or_is_refused(kind_of_run: bytes, data: st.DataObject) -> None:
    about, messages, arrays = unpacked(kind_of_run)
    for _ in range(data.draw(st.integers(1, 3))):
        if data.draw(st.booleans()):
            mutate(data, messages)
        elif arrays:
            mutate_arrays(data, arrays)
    loads_or_says_why(packed(about | {"messages": json.dumps(messages)}, arrays))


@MANY
@given(data=st.data())
def test_any_change_of_bytes_loads_whole_or_is_refused(kind_of_run: bytes, data: st.DataObject) -> None:
    content = bytearray(kind_of_run)
    length = struct.unpack("<Q", content[:8])[0]
    for _ in range(data.draw(st.integers(1, 4))):
        last = data.draw(st.sampled_from((8, length, len(content)))) - 1
        place = data.draw(st.integers(0, last))
        content[place] = data.draw(st.integers(0, 255))
    if not data.draw(st.integers(0, 4)):
        del content[data.draw(st.integers(0, len(content))) :]
    loads_or_says_why(bytes(content))


def test_a_recipe_in_a_file_is_the_recipe_that_ran(sound: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.lwfrun").write_bytes(sound)
    record = files.load(tmp_path / "x.lwfrun")
    assert record.data is not None
    assert isinstance(record.data.recipe, Recipe)
    assert record.data.recipe == synthetic.RECIPE
