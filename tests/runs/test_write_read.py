"""Whatever a run tells comes back from its file as it was, to the last bit: one file, or pieces of a journal."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lwf_gui.documents import blocks, files, frames
from lwf_gui.documents.recovery import left_behind
from lwf_gui.messages import DataReady, LogLine, Message, PhaseStarted, Probe, Steps
from lwf_gui.runs.record import Record
from tests.mutations.kinds import journal_of
from tests.runs import five, synthetic
from tests.runs.test_files import assert_equal_records

MANY = settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)

_shown = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf"), exclude_characters="/\\~")
names = st.text(_shown, min_size=1, max_size=40)


@st.composite
def told(draw: st.DrawFn) -> list[Message]:
    """Return what a run tells: of two or five tasks, cut short anywhere, with names and numbers of every kind."""
    whole = draw(st.sampled_from(([*synthetic.task1(), *synthetic.task2()], five.messages())))
    messages = list(whole[: draw(st.integers(1, len(whole)))])
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    diverged = draw(st.none() | st.integers(1, 30))
    classes = draw(st.lists(names, min_size=10, max_size=10))
    made: list[Message] = []
    for message in messages:
        match message:
            case Steps():
                losses = random.exponential(size=message.losses.shape).astype(np.float32)
                losses[random.random(losses.shape[:2]) < 0.05] = np.float32(np.finfo(np.float32).max)
                if message.phase == "incremental" and diverged is not None:
                    losses[max(0, diverged - message.first) :, 0] = np.nan
                made.append(replace(message, losses=losses, seconds=float(random.exponential())))
            case Probe():
                logits = np.where(
                    np.isfinite(message.logits), 10.0 ** random.uniform(-6, 4, message.logits.shape), message.logits
                )
                made.append(replace(message, logits=logits.astype(np.float16)))
            case PhaseStarted() | LogLine():
                made.append(message)
            case DataReady():
                seed = draw(st.integers(0, 2**31 - 1))
                recipe = message.recipe.with_settings({"seed": seed, "lwf.alpha": draw(st.floats(0, 10))})
                own = tuple(classes[: len(message.classes)])
                made.append(replace(message, recipe=recipe, classes=own, source=draw(names), note=draw(names)))
            case _:
                made.append(message)
    made += (
        [LogLine(1, line) for line in draw(st.lists(names, max_size=3))]
        if type(made[-1]).__name__ != "Finished"
        else []
    )
    return made


def record_of(messages: Sequence[Message]) -> Record:
    return synthetic.record(list(messages))


@MANY
@given(messages=told())
def test_what_is_written_is_read_again_to_the_last_bit(messages: list[Message]) -> None:
    record = record_of(messages)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.lwfrun"
        files.save(record, path)
        again = files.load(path)
        assert_equal_records(again, record)
        first = path.read_bytes()
        files.save(again, path)
        assert path.read_bytes() == first, "what is read is written as it was"


@MANY
@given(messages=told(), size=st.integers(1, 12))
def test_what_is_written_ahead_in_pieces_is_the_same_run(messages: list[Message], size: int) -> None:
    from safetensors.numpy import save

    parts = [messages[at : at + size] for at in range(0, len(messages), size)]
    pieces = [save(*files.packed(blocks.joined(part))) for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "000001-00000000.lwfjournal").write_bytes(journal_of(pieces))
        (left,) = left_behind(Path(folder))
        again = left.read()
        left.let_go()
    record = record_of(messages)
    if again is None:
        assert record.track is None or not record.track.steps
        return
    assert {phase: track.steps for phase, track in again.tracks.items()} == {
        phase: track.steps for phase, track in record.tracks.items()
    }
    for phase, track in record.tracks.items():
        np.testing.assert_array_equal(again.tracks[phase].losses.values, track.losses.values)
        np.testing.assert_array_equal(again.tracks[phase].probe_steps.values, track.probe_steps.values)


def test_the_frames_of_these_pieces_are_those_of_the_program(tmp_path: Path) -> None:
    out = frames.Appender(tmp_path / "x")
    for piece in (b"a", b"bc" * 100, b""):
        out.append(piece)
    out.close()
    assert (tmp_path / "x").read_bytes() == journal_of([b"a", b"bc" * 100, b""])
