"""How evenly new images pushed old answers down: counted by hand, and what the story and the machine make of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.messages import DataReady, Probe
from lwf_gui.methods import METHODS
from lwf_gui.runs.network_outcome import outcomes
from lwf_gui.runs.plain import plain_words
from lwf_gui.runs.pushed import pushed, seen_in_new
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story import story
from lwf_gui.runs.why import why as why_figures
from tests.runs import five, synthetic


@pytest.fixture(scope="module")
def classroom() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def why(record: Record, step: int | None = None) -> str:
    told = story(record, Selection(step=step))
    assert told is not None
    return "".join(piece.text for piece in told.because[0])


def test_pushes_are_the_fall_of_the_mean_old_scores_on_new_images(classroom: Record) -> None:
    track, data = classroom.incremental, classroom.data
    assert track is not None
    assert data is not None
    probe, first = track.probes[-1], track.probes[0]
    assert first.teacher is not None
    for row, name in enumerate(("fine-tune", "lwf")):
        falls = []
        for unit in range(6):
            new = [image for image, label in enumerate(data.probe_labels) if label >= 6]
            was = sum(float(first.teacher[image, unit]) for image in new) / len(new)
            falls.append(was - sum(float(probe.logits[row, image, unit]) for image in new) / len(new))
        found = pushed(classroom, Selection())[name]
        assert found.falls == pytest.approx(falls, abs=1e-3)
        old = [(image, label) for image, label in enumerate(data.probe_labels) if label < 6]
        own = [float(first.teacher[image, label]) - float(probe.logits[row, image, label]) for image, label in old]
        assert found.own == pytest.approx(sum(own) / len(own), abs=1e-3)
        assert (found.least, found.most) == pytest.approx((min(falls), max(falls)), abs=1e-3)
        assert found.stays == falls.index(min(falls))


def test_fine_tuning_pushes_unevenly_and_lwf_evenly_and_both_are_told(classroom: Record) -> None:
    found = pushed(classroom, Selection())
    assert not found["fine-tune"].even
    assert found["lwf"].even
    assert why(classroom) == (
        "Why: the highest score is the answer, and old images share the network that new ones change.\n"
        'Fine-tuning: each new image teaches "none of the old kinds" and pushes down what it looks like: Sandal most; '
        "none looks like Trouser. On old images high scores fall furthest, until each is nearly the same on all (15 % "
        "of the differences are left); Trouser's is highest. LwF must also keep, on new images, old scores as far "
        "apart as a frozen old copy has them: all sink together, on old images, too (93 % left)."
    )
    assert found["fine-tune"].by_likeness
    told = outcomes(classroom, Selection(), ("fine-tune", "lwf"))
    assert told["fine-tune"].pushed[0] == "scores: +1 to -10, unevenly"
    assert told["lwf"].pushed[0] == "scores: all -5, evenly"
    assert told["fine-tune"].fell[0] == "old scores fell unevenly"
    assert told["lwf"].fell[0] == "old scores fell alike"
    assert told["lwf"].falls == found["lwf"].falls


def test_early_on_who_is_pulled_back_is_not_said_to_be_held_by_nothing(classroom: Record) -> None:
    assert "nothing held" not in why(classroom, 12)
    assert why(classroom, 12).endswith("the farther they drift, the harder it pulls them back."), "it fell, too"
    assert outcomes(classroom, Selection(step=12), ("lwf",))["lwf"].state == "slip"


def test_a_deep_fall_that_was_made_good_is_told_with_its_step(classroom: Record) -> None:
    told = dipped(classroom, 0.3)
    assert "at step 8 they were not (30 % right), but the farther off, the harder it pulls" in why(told)
    assert "they were not" not in why(dipped(classroom, 0.75)), "14 points or so: it held on"


def dipped(record: Record, share: float) -> Record:
    """Return the same run, in which LwF knew so much of the old task at step 8."""
    found = Record()
    for message in record.messages():
        if isinstance(message, Probe) and message.phase == "incremental" and message.step == 8:
            assert record.data is not None
            logits, labels = message.logits.copy(), record.data.probe_labels
            olds = np.flatnonzero(labels < 6)
            for place, image in enumerate(olds):
                right = place < round(share * len(olds))
                logits[1, image, :6] = 0
                logits[1, image, labels[image] if right else (labels[image] + 1) % 6] = 5
            message = replace(message, logits=logits)
        found.apply(message)
    return found


def test_what_the_old_network_sees_in_new_images_is_counted_in_softened_shares() -> None:
    record = five.record()
    track = record.incremental
    assert track is not None
    first = next(probe for probe in track.probes if probe.step == 24)
    new = np.flatnonzero(five.LABELS >= 8)
    for favourite, expected in ((3.0, ()), (60.0, (6,))):
        logits = first.logits.copy()
        logits[:, new, 6] = favourite
        probes = [replace(probe, logits=logits) if probe.step == 24 else probe for probe in track.probes]
        changed = Record()
        kept = {probe.step: probe for probe in probes}
        for message in five.messages():
            is_probe = isinstance(message, Probe) and message.phase == "incremental"
            changed.apply(kept[message.step] if is_probe else message)  # type: ignore[union-attr]
        assert seen_in_new(changed, Selection(), "lwf") == expected


def test_nothing_is_pushed_before_the_learners_begin_or_have_trained(classroom: Record) -> None:
    assert pushed(Record(), Selection()) == {}
    assert pushed(synthetic.record(synthetic.task1()), Selection()) == {}
    assert pushed(classroom, Selection(step=0)) == {}
    assert np.isfinite([each.most for each in pushed(classroom, Selection(step=1)).values()]).all()


def test_scores_that_probes_cut_off_are_none() -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, Probe) and message.step:
            logits = message.logits.copy()
            logits[1, :, 0] = -65504
            message = replace(message, logits=logits)
        record.apply(message)
    assert "lwf" not in pushed(record, Selection())
    figures = why_figures(record, Selection())
    assert figures is not None
    assert figures.learners == ("fine-tune",)
    assert "diverged" in figures.left_out[0]


def test_lwf_without_alpha_is_said_to_do_what_fine_tuning_does(classroom: Record) -> None:
    assert plain_words(classroom, "lwf", Selection()) == METHODS["lwf"].plain
    assert classroom.data is not None
    without = Record()
    for message in classroom.messages():
        if isinstance(message, DataReady):
            message = replace(message, recipe=message.recipe.with_settings({"lwf.alpha": 0.0}))
        without.apply(message)
    assert plain_words(without, "lwf", Selection()) == METHODS["fine-tune"].plain
    assert plain_words(without, "lwf", Selection(step=-5)) == METHODS["lwf"].plain
