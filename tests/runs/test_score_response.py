"""How old scores follow the images, against numpy's own least squares on the bundled run; and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.runs import score_response_words as words
from lwf_gui.runs.record import Record
from lwf_gui.runs.score_response import Responses, responses
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story import story
from tests.runs import synthetic


@pytest.fixture(scope="module")
def run() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def told(record: Record, step: int | None = None) -> Responses:
    found = responses(record, Selection(step=step))
    assert found is not None
    return found


@pytest.mark.parametrize("step", [0, 6, 1125])
def test_slopes_and_levels_are_those_of_least_squares(run: Record, step: int) -> None:
    assert run.data is not None
    assert run.incremental is not None
    (at,) = [probe for probe in run.incremental.probes if probe.step == step]
    first, old = run.incremental.probes[0], run.data.probe_labels < 6
    for row, found in enumerate(told(run, step).learners):
        before, now = (probe.logits.astype(np.float64)[row, old, :6] for probe in (first, at))
        lines = [np.polyfit(before[:, unit], now[:, unit], 1) for unit in range(6)]
        assert found.slopes == pytest.approx([slope for slope, _ in lines], abs=1e-6)
        assert found.levels == pytest.approx([level for _, level in lines], abs=1e-5)
        variances = before.var(0)
        pooled = sum(slope * variance for (slope, _), variance in zip(lines, variances, strict=True)) / variances.sum()
        assert found.slope == pytest.approx(pooled, abs=1e-6)
        answers = np.bincount(now.argmax(1), minlength=6)
        assert (found.top, found.said) == (int(answers.argmax()), int(answers.max()))


def test_fine_tuning_says_one_thing_to_all_and_lwf_goes_on_telling_them_apart(run: Record) -> None:
    figures = told(run)
    free, lwf = figures.of("fine-tune"), figures.of("lwf")
    assert free is not None
    assert lwf is not None
    assert free.slope < 0.2 < words.FOLLOWS < lwf.slope
    assert free.one_answer
    assert not lwf.one_answer
    assert words.verdicts(free, figures.classes)[0].startswith("Whatever an old image shows, Trouser is highest: ")
    assert f"{free.said} of 300" in words.verdicts(free, figures.classes)[0]
    assert "still follow" in words.verdicts(lwf, figures.classes)[0]
    assert words.headlines(free)[0] == f": {100 * free.slope:.0f} % of old differences left"


def test_one_class_is_not_said_to_be_highest_before_it_is(run: Record) -> None:
    figures = told(run, 6)
    free = figures.of("fine-tune")
    assert free is not None
    assert not free.one_answer, "56 % are right yet"
    assert "less than before" in words.verdicts(free, figures.classes)[0]


def test_story_says_how_much_is_left(run: Record) -> None:
    shown = story(run, Selection())
    figures = told(run)
    free, lwf = figures.of("fine-tune"), figures.of("lwf")
    assert shown is not None
    assert free is not None
    assert lwf is not None
    words_of_it = "".join(piece.text for piece in shown.because[0])
    assert f"nearly the same on all ({words.left(free.slope)} of the differences are left)" in words_of_it
    assert f"on old images, too ({words.left(lwf.slope)} left)" in words_of_it


def test_tip_of_a_line_tells_the_means_that_it_joins(run: Record) -> None:
    figures = told(run)
    free = figures.of("fine-tune")
    assert free is not None
    labels = np.array(figures.labels)
    own, rest = labels == 0, labels != 0
    tip = words.class_tip(figures, free, 0)
    for images in (own, rest):
        was, now = free.before[images, 0].mean(), free.now[images, 0].mean()
        assert f"it was {was:.1f} and is {now:.1f} (mean of {images.sum()})" in tip


def test_nothing_is_told_before_there_are_learners_and_of_a_single_old_class_why() -> None:
    assert responses(synthetic.record(synthetic.task1()), Selection()) is None
    assert responses(Record(), Selection()) is None
