"""Records that no run would make and a damaged or hostile file may hold: every panel must survive them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import (
    DataReady,
    Evaluated,
    LayerProbe,
    LearnerScore,
    LiveSettingsApplied,
    Message,
    PhaseStarted,
    Probe,
    Steps,
)
from lwf_gui.runs.record import Record
from lwf_gui.scenario import Scenario
from tests.runs import synthetic
from tests.runs.synthetic import CLASSES, OLD, PROBE_LABELS, PROBES

Change = Callable[[Message], Message]


def changed(kind: type, **fields: Any) -> Change:
    """Return what replaces fields of all messages of a kind; a function is called with the old value."""

    def change(message: Message) -> Message:
        if not isinstance(message, kind):
            return message
        new = {name: value(getattr(message, name)) if callable(value) else value for name, value in fields.items()}
        return replace(message, **new)

    return change


def record_of(*changes: Change) -> Record:
    made = Record()
    for message in (*synthetic.task1(), *synthetic.task2()):
        for change in changes:
            message = change(message)
        made.apply(message)
    return made


def filled(value: float) -> Callable[[NDArray[Any] | None], NDArray[Any] | None]:
    """Return what fills an array with one value; where there is none there remains none."""
    return lambda old: None if old is None else np.full_like(old, value)


def names(count: int, form: str) -> tuple[str, ...]:
    return tuple(form.format(number) for number in range(count))


def wide(count: int) -> tuple[Change, ...]:
    """Return what makes many classes, of which the probe images show as many as labels can name."""
    old = count // 2
    labels = (np.arange(PROBES) * (min(count, 256) // PROBES or 1) % min(count, 256)).astype(np.uint8)

    def probe(message: Message) -> Message:
        if not isinstance(message, Probe):
            return message
        rows = len(message.logits)
        logits = np.random.default_rng(1).normal(size=(rows, PROBES, count)).astype(np.float16)
        if message.phase == "base":
            logits[..., old:] = -np.inf
        teacher = None if message.teacher is None else logits[0].copy()
        if teacher is not None:
            teacher[:, old:] = -np.inf
        return replace(message, logits=logits, teacher=teacher)

    return changed(
        DataReady, classes=names(count, "class {}"), scenario=Scenario((old, count - old)), probe_labels=labels
    ), probe


def one_class() -> tuple[Change, ...]:
    """Return what leaves one old and one new class."""

    def probe(message: Message) -> Message:
        if not isinstance(message, Probe):
            return message
        teacher = None if message.teacher is None else message.teacher[:, :2].copy()
        if teacher is not None:
            teacher[:, 1:] = -np.inf
        return replace(message, logits=message.logits[..., :2], teacher=teacher)

    return changed(DataReady, classes=("a", "b"), scenario=Scenario((1, 1)), probe_labels=PROBE_LABELS % 2), probe


def numbers(value: float) -> tuple[Change, ...]:
    """Return what puts one value wherever a file has measured numbers."""
    count = 0 if np.isnan(value) else int(np.clip(value, -(10**18), 10**18))
    counts = () if np.isnan(value) else (count, count)
    score = LearnerScore(counts, counts, counts[:1])
    return (
        changed(Steps, losses=filled(value), seconds=value),
        changed(Probe, logits=filled(value), teacher=filled(value)),
        changed(LayerProbe, forces=filled(value), moved=filled(value), filters=filled(value)),
        changed(Evaluated, scores=dict.fromkeys(synthetic.LEARNERS, score)),
        changed(
            LiveSettingsApplied, live_settings=lambda old: replace(old, alpha=value, temperature=abs(value) or 1e-30)
        ),
    )


def _records() -> Iterator[tuple[str, tuple[Change, ...]]]:
    yield "peak 0", (changed(DataReady, peak=0),)
    yield "negative peak", (changed(DataReady, peak=-7),)
    yield "labels out of range", (changed(DataReady, probe_labels=lambda old: old + 200),)
    yield "one label", (changed(DataReady, probe_labels=lambda old: old * 0),)
    yield "only new labels", (changed(DataReady, probe_labels=lambda old: old * 0 + np.uint8(OLD)),)
    yield "empty old class", (changed(DataReady, probe_labels=lambda old: np.maximum(old, 1)),)
    yield "one pixel", (changed(DataReady, probe_images=np.zeros((PROBES, 1, 1), np.uint8)),)
    yield "a line of pixels", (changed(DataReady, probe_images=np.zeros((PROBES, 1, 300), np.uint8)),)
    yield "one class each", one_class()
    yield "hundreds of classes", wide(300)
    for value in (np.nan, np.inf, -np.inf, 0.0, 6e4, 1e30, -1e30, 1e-30):
        yield f"all {value}", numbers(value)
    for form in ("x" * 500 + "{}", "<img src=x onerror={}>", "{}", "", "a\nb\t{}", "&{}; %s {{}}", "字" * 60 + "{}"):
        yield f"names {form[:9]!r}", (changed(DataReady, classes=names(CLASSES, form), dataset=form),)
    yield "zero steps", (changed(PhaseStarted, steps=0, epoch_steps=(1,)),)
    yield "nothing measured in layers", (changed(LayerProbe, moved=filled(np.nan), forces=filled(np.nan)),)
    yield "huge distances", (changed(LayerProbe, moved=filled(1084320.1), forces=filled(3.4e38)),)


ABSURD = dict(_records())
