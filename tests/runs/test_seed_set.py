"""Runs that differ in their seed alone: the set, the band and the paired test, against numbers computed apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.messages import DataReady, Evaluated, LearnerScore, Message, Probe
from lwf_gui.recipe import compose
from lwf_gui.runs.metrics import accuracies
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import band, final, middle, same_but_seed, seed_of, set_of
from lwf_gui.runs.seed_verdict import against_first, paired, verdict_text
from tests.runs import synthetic

KEYS = ["data.tasks=[[0,1,2],[3,4]]", "task1.epochs=2", "task2.epochs=3"]
OLD = {"fine-tune": (240, 300, 180, 216, 264), "lwf": (1080, 1092, 1056, 1104, 1068)}
"""Right answers of 1,200 old test images, by seed."""


def run(seed: int, *settings: str, without: tuple[int, ...] = (), diverged: str = "") -> Record:
    """Return a finished run of a seed, its answers its own, without the probes of some steps."""

    def of_seed(message: Message) -> Message | None:
        match message:
            case DataReady():
                return replace(message, recipe=compose("digits", [*KEYS, *settings], seed=seed))
            case Probe(phase="incremental", step=step):
                answers = synthetic.logits(2, 1000 * seed + step)
                return None if step in without else replace(message, logits=answers)
            case Evaluated(epoch=3):
                scores = {name: LearnerScore((right[seed], 60), (right[seed], 40), ()) for name, right in OLD.items()}
                nothing = {diverged: LearnerScore((), (), ())} if diverged else {}
                return replace(message, scores={**scores, **nothing})
        return message

    made = (of_seed(message) for message in (*synthetic.task1(), *synthetic.task2()))
    return synthetic.record([message for message in made if message is not None])


def runs(count: int = 5) -> list[Record]:
    return [run(seed) for seed in range(count)]


def by_hand(values: list[float], share: float) -> float:
    """Return a percentile, linear between the two values that it lies between."""
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def test_a_set_is_the_finished_runs_that_differ_in_the_seed_alone() -> None:
    shown, unfinished = run(1), run(4)
    unfinished.outcome = None
    others = [run(3), run(0), run(2, "lwf.alpha=5"), run(3), unfinished, Record()]
    found = set_of(shown, others)
    assert [seed_of(record) for record in found] == [0, 1, 3]
    assert found[2] is others[0], "of two runs with one seed the first one stays"
    assert not same_but_seed(shown, run(1)), "the same seed is no other one"
    shown.outcome = None
    assert [seed_of(record) for record in set_of(shown, others)] == [0, 3], "a live run joins at its end"
    assert set_of(Record(), others) == ()


def test_other_data_are_no_further_seed() -> None:
    other = run(2)
    assert other.data is not None
    other.data = replace(other.data, dataset="fashion-mnist")
    assert not same_but_seed(run(1), other)


@pytest.mark.parametrize("task", ["old", "new"])
@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_the_band_is_the_percentiles_of_the_runs_at_the_steps_they_share(task: str, protocol: str) -> None:
    made = [*runs(4), run(4, without=(15,))]
    found = band(made, "lwf", task, protocol)  # type: ignore[arg-type]
    assert found is not None
    assert found.x.tolist() == [0, 10, 30], "step 15 is not in all of them"
    for place, step in enumerate(found.x):
        values = []
        for record in made:
            track = record.incremental
            assert track is not None
            probe = track.probe_steps.values.tolist().index(step)
            counts = track.right[protocol].values[probe, 1].tolist()  # type: ignore[index]
            values.append(100 * getattr(accuracies(counts, track.sizes), task))
        expected = [by_hand(values, share) for share in (0.025, 0.5, 0.975)]
        assert [part[place] for part in found[1:]] == pytest.approx(expected)
    assert (found.low < found.high).any()


def test_two_runs_are_no_band() -> None:
    assert band(runs(2), "lwf", "old", "task_aware") is None
    assert middle(runs(2), "lwf", "old", "task_aware") is None
    assert band(runs(3), "nobody", "old", "task_aware") is None


def test_the_middle_of_the_last_full_tests_leaves_out_who_diverged_and_names_them() -> None:
    found = middle([*runs(4), run(4, diverged="lwf")], "lwf", "old", "task_aware")
    assert found is not None
    values = [100 * right / 1200 for right in OLD["lwf"][:4]]
    assert (found.low, found.median, found.high) == pytest.approx(
        tuple(float(np.quantile(values, share)) for share in (0.025, 0.5, 0.975))
    )
    assert (found.seeds, found.diverged) == (4, (4,))


def test_the_average_is_the_plain_mean_over_the_tasks() -> None:
    assert final(run(0), "lwf", "average", "class_incremental") == pytest.approx(100 * (1080 / 1200 + 40 / 80) / 2)
    assert final(run(0), "lwf", "new", "task_aware") == pytest.approx(75)
    assert final(run(0, diverged="lwf"), "lwf", "old", "task_aware") is None


def test_the_paired_interval_is_that_of_students_test() -> None:
    stats = pytest.importorskip("scipy.stats")
    (found,) = against_first(runs(), "old", "task_aware")
    one, other = (100 * np.array(OLD[name]) / 1200 for name in ("lwf", "fine-tune"))
    interval = stats.ttest_rel(one, other).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=0.01)
    assert found.mean == pytest.approx(float(np.mean(one - other)))
    assert found.real


def test_the_verdict_says_effect_protocol_interval_seeds_and_whether_it_is_luck() -> None:
    (old,) = against_first(runs(), "old", "task_aware")
    assert verdict_text(old) == (
        "LwF gets 70.0 points more of the old task right than Fine-tuning, task-aware, all test images "
        "(5 seeds, paired t-test, 95 % interval 65.6 to 74.4): more than luck."
    )
    back = paired(runs(), "fine-tune", "lwf", "old", "task_aware")
    assert back is not None
    said = "Fine-tuning gets 70.0 points less of the old task right than LwF"
    assert verdict_text(back).startswith(said)
    assert "interval 65.6 to 74.4" in verdict_text(back), "the ends have the sign of what is said"
    (new,) = against_first(runs(), "new", "task_aware")
    assert not new.real
    assert verdict_text(new).startswith("LwF gets as much as Fine-tuning of the new task right in every seed")


def test_a_comparison_needs_three_pairs_and_names_the_seeds_without_one() -> None:
    assert paired(runs(2), "lwf", "fine-tune", "old", "task_aware") is None
    made = [*runs(3), run(3, diverged="fine-tune"), run(4, diverged="lwf")]
    found = paired(made, "lwf", "fine-tune", "old", "task_aware")
    assert found is not None
    assert found.seeds == 3
    assert verdict_text(found).endswith("Seeds 3 and 4 are left out: a learner diverged.")
    assert against_first([], "old", "task_aware") == []
