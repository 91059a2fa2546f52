"""Why it forgets, worked out from a record: against loops over the logits, and in the sentences that it makes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.recipe import compose
from lwf_gui.runs import shown
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.pushed import evenly
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.why import NO_BEGINNING, Choice, Times, WhyFigures, why
from lwf_gui.runs.why_answers import BEFORE, EARLY, NOW
from lwf_gui.runs.why_methods import asks, scope
from lwf_gui.runs.why_pushes import Push
from lwf_gui.runs.why_sides import MOST_NEW, MOST_OLD, Told, _shown
from lwf_gui.runs.why_words import JUMPED, NOTHING_YET, why_of
from tests.runs import five, synthetic
from tests.runs.synthetic import OLD, PROBE_LABELS

OLDS = np.flatnonzero(PROBE_LABELS < OLD).tolist()
NEWS = np.flatnonzero(PROBE_LABELS >= OLD).tolist()


def figures_of(record: Record, selection: Selection | None = None, choice: Choice | None = None) -> WhyFigures:
    figures = why(record, selection or Selection(), choice)
    assert figures is not None
    return figures


def probe(record: Record, step: int) -> Probe:
    assert record.incremental is not None
    return next(each for each in record.incremental.probes if each.step == step)


def teacher(record: Record, image: int) -> list[float]:
    told = probe(record, 0).teacher
    assert told is not None
    return [float(value) for value in told[image, :OLD]]


def logits(record: Record, step: int, row: int, image: int) -> list[float]:
    return [float(value) for value in probe(record, step).logits[row, image]]


def highest(values: list[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)


def mean(rows: list[list[float]], unit: int) -> float:
    return sum(row[unit] for row in rows) / len(rows)


@pytest.mark.parametrize("row", [0, 1])
def test_pushes_are_differences_from_the_old_network_on_the_same_images(row: int) -> None:
    record = synthetic.record()
    push = figures_of(record).pushes[row]
    now = [logits(record, 30, row, image) for image in NEWS]
    was = [teacher(record, image) for image in NEWS]
    for unit in range(OLD):
        assert push.by[unit] == pytest.approx(mean(now, unit) - mean(was, unit), abs=1e-3)
        assert push.resembled[unit] == pytest.approx(mean(was, unit), abs=1e-3)
    same = [
        [highest(logits(record, 30, row, image)[:OLD]) == highest(teacher(record, image)) for image in images]
        for images in (NEWS, OLDS)
    ]
    assert push.kept == (sum(same[0]), sum(same[1]))


@pytest.mark.parametrize(("protocol", "asked"), [("task_aware", OLD), ("class_incremental", 5)])
def test_answers_to_old_images_are_counted_under_the_protocol(protocol: str, asked: int) -> None:
    record = synthetic.record()
    push = figures_of(record, Selection(protocol)).pushes[1]  # type: ignore[arg-type]
    said = [highest(logits(record, 30, 1, image)[:asked]) for image in OLDS]
    was = [highest(teacher(record, image)) for image in OLDS]
    labels = PROBE_LABELS[OLDS].tolist()
    right = tuple(sum(a == b for a, b in zip(each, labels, strict=True)) for each in (was, said))
    assert push.right == right
    assert push.lost == right[0] - right[1]
    assert push.habit.images == max(Counter(said).values())
    assert push.drowned.images == sum(unit >= OLD for unit in said)


def test_a_side_has_the_scores_of_its_image_at_three_moments() -> None:
    record = synthetic.record()
    _, old = figures_of(record, Selection(image=3)).sides
    assert (old.images.tolist(), old.true, old.asked, old.units) == ([3], PROBE_LABELS[3], range(OLD), (0, 1, 2))
    assert old.told.scores[BEFORE, 1] == pytest.approx(teacher(record, 3))
    assert old.told.scores[EARLY, 1] == pytest.approx(logits(record, 10, 1, 3)[:OLD])
    assert old.told.scores[NOW, 1] == pytest.approx(logits(record, 30, 1, 3)[:OLD])
    weights = np.exp(logits(record, 30, 1, 3)[:OLD])
    assert old.told.shares[NOW, 1] == pytest.approx(weights / weights.sum(), abs=1e-4)
    assert old.told.answers[NOW, 1] == highest(logits(record, 30, 1, 3)[:OLD])
    assert old.told.right[NOW, 1] == (old.told.answers[NOW, 1] == PROBE_LABELS[3])


def test_a_mean_is_over_all_images_of_its_side() -> None:
    record = synthetic.record()
    new, _ = figures_of(record).sides
    assert new.is_mean
    assert new.images.tolist() == NEWS
    rows = [logits(record, 30, 0, image) for image in NEWS]
    assert new.told.scores[NOW, 0] == pytest.approx([mean(rows, unit) for unit in range(OLD)], abs=1e-3)
    unit, count = Counter(highest(row[:OLD]) for row in rows).most_common(1)[0]
    assert new.told.counts[NOW, 0] == count
    assert Counter(highest(row[:OLD]) for row in rows)[int(new.told.answers[NOW, 0])] == count, unit
    assert (new.told.right == -1).all(), "no old answer to a new image is right"


def test_class_incremental_the_new_classes_are_there_but_not_before() -> None:
    new, old = figures_of(synthetic.record(), Selection("class_incremental")).sides
    for side in (new, old):
        assert side.units == (0, 1, 2, 3, 4)
        assert np.isnan(side.told.scores[BEFORE, :, OLD:]).all()
        assert np.isfinite(side.told.scores[NOW]).all()
        assert (side.told.right[NOW] >= 0).all()


def test_the_early_moment_is_the_first_probe_from_step_10_on_once_that_is_past() -> None:
    record = synthetic.record()
    assert figures_of(record).times.early == 10
    early = figures_of(record, Selection(step=10))
    assert (early.times.step, early.times.early) == (10, None)
    assert np.isnan(early.sides[0].told.scores[EARLY]).all()


def test_an_image_that_is_looked_at_is_shown_on_its_own_side() -> None:
    record, choice = synthetic.record(), Choice(new=NEWS[2], old=OLDS[4], mean_new=False)
    new, old = figures_of(record, Selection(image=NEWS[5]), choice).sides
    assert (new.images.tolist(), old.images.tolist()) == ([NEWS[5]], [OLDS[4]])
    new, old = figures_of(record, Selection(image=OLDS[1]), choice).sides
    assert (new.images.tolist(), old.images.tolist()) == ([NEWS[2]], [OLDS[1]])


def test_without_a_chosen_old_image_it_is_the_first_that_was_forgotten() -> None:
    record = synthetic.record()
    figures = figures_of(record, Selection(image=NEWS[0]))
    row = max((0, 1), key=lambda each: figures.pushes[each].lost)
    forgotten = [
        image
        for image in OLDS
        if highest(teacher(record, image)) == PROBE_LABELS[image]
        and highest(logits(record, 30, row, image)[:OLD]) != PROBE_LABELS[image]
    ]
    assert figures.sides[1].images.tolist() == forgotten[:1]


def test_from_the_third_task_on_each_learner_has_its_own_old_network() -> None:
    record = five.record()
    figures = figures_of(record, Selection(step=30))
    assert (figures.times.task, figures.times.begin, figures.old) == (4, 24, 8)
    new, old = figures.sides
    assert new.asked == range(8)
    images = np.flatnonzero(five.LABELS >= 8)
    for row in (0, 1):
        own = probe(record, 24).logits[row, images, :8].astype(np.float64).mean(0)
        assert new.told.scores[BEFORE, row] == pytest.approx(own, abs=1e-3)
    assert old.asked == five.SCENARIO.units(0), "task-aware an old image is asked among its own task's classes"


def test_before_task_2_there_is_nothing() -> None:
    assert why(Record(), Selection()) is None
    assert why(synthetic.record(), Selection(step=-3)) is None


def test_without_a_probe_at_the_beginning_it_is_said() -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if not (isinstance(message, Probe) and message.step == 0):
            record.apply(message)
    assert figures_of(record).reason == NO_BEGINNING


def test_who_answers_by_a_head_of_its_own_or_diverged_is_left_out_with_a_sentence() -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, PhaseStarted):
            record.apply(replace(message, learners=("fine-tune", "ncm")))
        elif isinstance(message, Probe):
            record.apply(message)
    figures = figures_of(record)
    assert figures.learners == ("fine-tune",)
    assert figures.left_out == ("NCM is not shown: it answers by class means, not by scores (logits).",)
    track = record.incremental
    assert track is not None
    record.apply(replace(track.probes[-1], step=31, logits=track.probes[-1].logits * np.array([[[np.nan]], [[1]]])))
    assert "Fine-tuning is not shown: its training diverged." in figures_of(record).reason


def test_of_many_classes_the_highest_and_the_answered_are_shown() -> None:
    scores = np.arange(30, dtype=np.float32)[None, None].repeat(3, 0)
    answers = np.full((3, 1), 2)
    units = _shown(Told(scores, scores, answers, answers, answers), range(30), 20)
    assert units == (2, *range(11, 20), *range(25, 30))
    assert len(units) == MOST_OLD + MOST_NEW


# The sentences


@pytest.fixture(scope="module")
def bundled() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def said(record: Record, selection: Selection | None = None, learner: str = "fine-tune") -> str:
    return why_of(record, figures_of(record, selection), learner)[0]


def test_the_bundled_run_says_why_everything_becomes_trousers_and_what_lwf_keeps(bundled: Record) -> None:
    assert bundled.data is not None
    assert bundled.incremental is not None
    labels, last = bundled.data.probe_labels, bundled.incremental.probes[-1].logits.astype(np.float64)
    first = bundled.incremental.probes[0].teacher
    assert first is not None
    was, new = first.astype(np.float64)[:, :6], labels >= 6
    told = bundled.evaluations[-1].scores
    right = [f"{100 * told[name].task_aware[0] / 6000:.1f}" for name in ("fine-tune", "lwf")]
    tuned, lwf = (last[row, new, :6].mean(0) - was[new].mean(0) for row in (0, 1))
    said_of = said(bundled)
    assert said_of.startswith('Each new image says: "none of the old kinds". What the old network takes them for')
    assert f"Sandal by {-tuned.min():.1f}; Trouser even rises ({tuned.max():+.1f})" in said_of
    olds = np.flatnonzero(~new)
    own = (was[olds, labels[olds]] - last[0, olds, labels[olds]]).mean()
    assert f"On old images their own score sinks by {own:.1f} (mean), and Trouser is left on top" in said_of
    assert f"Trouser is left on top: {right[0]} % of the old images are right" in said_of
    said_of = said(bundled, learner="lwf")
    assert 'but also: "answer as the old network does"' in said_of
    assert f"pushed down evenly, by {-lwf.max():.1f} to {-lwf.min():.1f}. So the same answer stays on top" in said_of
    assert f"{right[1]} % of the old images are right" in said_of, "the card's figure"


@pytest.mark.parametrize("learner", ["fine-tune", "lwf"])
@pytest.mark.parametrize("step", [4, 12, 1125])
def test_every_way_to_say_it_has_the_same_one_count(bundled: Record, learner: str, step: int) -> None:
    figures = figures_of(bundled, Selection(step=step))
    card = card_of(bundled, learner, Selection(step=step))
    assert card.old is not None
    ways = why_of(bundled, figures, learner)
    assert all(shown.percent(card.old, card.counts[0]) in way for way in ways), "the card's figure"
    assert not [way for way in ways if " of 300" in way]
    assert len(ways[-1]) <= len("100.0 % right")


def test_class_incremental_it_says_that_the_new_answers_win(bundled: Record) -> None:
    for learner in ("fine-tune", "lwf"):
        told = said(bundled, Selection("class_incremental"), learner)
        assert "new answers win on old images: 0.0 % right" in told
    assert "Among the old kinds alone the same answer stays on top." in told


def test_at_the_beginning_nothing_is_pushed_yet(bundled: Record) -> None:
    assert said(bundled, Selection(step=0)) == NOTHING_YET[0]
    inserted = synthetic.record()  # whose learners do not begin with the teacher's answers
    assert said(inserted, Selection(step=0)) == JUMPED[0]


def test_with_cross_entropy_over_the_new_classes_alone_it_does_not_say_that_old_ones_are_denied(
    bundled: Record,
) -> None:
    assert bundled.data is not None
    record = Record()
    for message in bundled.messages():
        record.apply(message)
    recipe = compose("classroom", ["lwf.ce_scope=new"])
    record.data = replace(bundled.data, recipe=recipe)
    assert said(record).startswith("New images say nothing of the old kinds, but the shared weights move. ")
    assert said(record, learner="lwf").startswith("On each new image it is also scored on answering as the old network")


def test_the_scope_of_the_cross_entropy_is_known_where_there_is_one() -> None:
    record = synthetic.record()
    names = ("fine-tune", "lwf-labels", "ewc", "frozen", "lwf-mc", "replay", "ncm")
    quoted = ", ".join(f'"{name}"' for name in names)
    recipe = compose("digits", [f"learners=[{quoted}]", "data.tasks=[[0,1,2],[3,4]]"])
    assert record.data is not None
    record.data = replace(record.data, recipe=recipe)
    found = {name: scope(record, name, 30) for name in names}
    assert found == {
        "fine-tune": "all",
        "lwf-labels": "new",
        "ewc": "all",
        "frozen": "new",
        "lwf-mc": "",
        "replay": "",
        "ncm": "",
    }


def test_what_holds_old_answers_is_told_by_the_method() -> None:
    record, names = synthetic.record(), ("fine-tune", "lwf", "ewc", "replay", "lwf-replay", "joint", "a-gem", "frozen")
    quoted = ", ".join(f'"{name}"' for name in names)
    recipe = compose("digits", [f"learners=[{quoted}]", "data.tasks=[[0,1,2],[3,4]]"])
    assert record.data is not None
    record.data = replace(record.data, recipe=recipe, dataset="fashion-mnist")
    told = {name: asks(record, name, 30)[1] for name in (*names, "nobody")}
    assert told == {
        "fine-tune": 'Each new image says: "none of the old kinds".',
        "lwf": "Also scored on answering as before.",
        "ewc": "Weights that mattered are held.",
        "replay": "Old images are learnt again, too.",
        "lwf-replay": "Old images are learnt again, too.",
        "joint": "Old images are learnt again, too.",
        "a-gem": "No step may go against old images.",
        "frozen": "Only the head learns.",
        "nobody": "",
    }


def with_push(record: Record, **changed: object) -> str:
    figures = figures_of(record)
    push: Push = replace(figures.pushes[0], **changed)  # type: ignore[arg-type]
    return why_of(record, replace(figures, pushes=(push, figures.pushes[1])), "fine-tune")[0]


def test_where_nothing_is_forgotten_no_answer_is_said_to_be_left_on_top(bundled: Record) -> None:
    assert "(+1.4). 17.3 % of the old images are right" in with_push(bundled, right=(180, 180))


@pytest.mark.parametrize(
    ("change", "told"),
    [(0.6, "Trouser even rises (+0.6)"), (0.4, "Trouser not at all"), (-0.4, "Trouser not at all"), (-0.6, "by 0.6")],
)
def test_what_moved_by_less_than_half_is_said_to_be_pushed_not_at_all(
    bundled: Record, change: float, told: str
) -> None:
    assert told in with_push(bundled, by=(-3.0, change, -3.0, -3.0, -3.0, -9.0))


def test_what_is_left_on_top_is_named_as_a_cause_only_where_it_was_pushed_least(bundled: Record) -> None:
    told = with_push(bundled, by=(0.0, -3.0, -1.0, -1.0, -1.0, -9.0))
    assert "left on top" not in told
    assert "To most old images it says Trouser" in told
    together = with_push(bundled, by=(-5.0, -5.1, -5.2, -5.0, -5.0, -5.1))
    assert "All old scores are pushed down evenly, by 5.0 to 5.2" in together
    assert "left on top" not in together
    assert "same answer" not in together
    for least, alike in ((-6.6, True), (-6.4, False)):
        told = with_push(bundled, by=(least, -8.0, -8.0, -8.0, -8.0, -10.0))
        assert ("evenly" in told) is alike is evenly((-least, 10.0)), "by one measure with the network strip"


def test_resemblance_is_claimed_only_where_it_is_measured(bundled: Record) -> None:
    assert "takes them for" not in with_push(bundled, resembled=(9.0, 0.0, 0.0, 0.0, -9.0, 0.0))


@pytest.mark.parametrize(
    ("times", "apart"),
    [(Times(1, 0, 10), False), (Times(1, 0, 20, 10), False), (Times(1, 0, 21, 10), True), (Times(2, 50, 75, 60), True)],
)
def test_early_is_told_beside_now_once_that_is_more_than_twice_as_far(times: Times, *, apart: bool) -> None:
    assert times.early_apart == apart
