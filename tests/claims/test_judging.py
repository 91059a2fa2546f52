"""A claim judged by figures of seeds, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lwf_gui.claims import Claim, Verdict, figures_of, judge, shown_run, words
from lwf_gui.messages import LiveSettingsApplied
from lwf_gui.runs import after_tasks
from tests.claims.cards import GOOD, claim, figures, seeds
from tests.runs import five, synthetic


def test_differences_are_paired_by_seed(tmp_path: Path) -> None:
    made = claim(tmp_path)
    found = {seed: {"plain": figures(40 + seed * 10, 30 + seed * 10)} for seed in (1, 2, 3)}
    above, _ = judge(made, found).findings
    assert above.spread == (10, 0), "each seed has a difference of 10, whatever it has in common"
    assert above.verdict is Verdict.HOLDS


def test_every_value_has_its_unit(tmp_path: Path) -> None:
    made = claim(tmp_path)
    for found, said in (
        (seeds(50), ["+10.0 points", "90.0 %"]),
        (seeds(50, 50), ["+10.0 ± 0.0 points", "90.0 ± 0.0 %"]),
    ):
        told = zip(made.check, judge(made, found).findings, strict=True)
        assert [words.value_text(check, finding) for check, finding in told] == said


@pytest.mark.parametrize(
    ("joint", "verdict", "said"),
    [
        ((88, 89, 90), Verdict.HOLDS, "Holds with 3 seeds: all 2 comparisons."),
        (
            (39, 40, 41),
            Verdict.UNDECIDED,
            "Undecided with 3 seeds: of 2 comparisons 1 hold, 1 undecided; about 4 see",
        ),
        ((30, 31, 30), Verdict.FAILS, "Fails with 3 seeds: of 2 comparisons 1 fail, 1 hold."),
        (
            (88,),
            Verdict.UNDECIDED,
            "Undecided with one seed: 2 of the 2 comparisons that can be made are on the",
        ),
        (
            (30,),
            Verdict.UNDECIDED,
            "Undecided with one seed: 1 of the 2 comparisons that can be made is on the c",
        ),
        ((), Verdict.UNDECIDED, "Nothing of it is trained yet."),
    ],
)
def test_the_verdict_is_said_with_its_seeds(
    tmp_path: Path, joint: tuple[float, ...], verdict: Verdict, said: str
) -> None:
    judged = judge(claim(tmp_path), seeds(*joint))
    assert judged.verdict is verdict
    assert words.verdict_text(judged).startswith(said)


def test_one_seed_says_how_many_would_do(tmp_path: Path) -> None:
    assert "two are needed at least, this card asks for 3" in words.verdict_text(judge(claim(tmp_path), seeds(88)))


def test_comparisons_of_runs_that_are_missing_are_counted(tmp_path: Path) -> None:
    judged = judge(claim(tmp_path), {1: {"plain": {"joint": figures(88, 40)["joint"]}}})
    assert judged.known == 1
    said = words.verdict_text(judged)
    assert "1 of the 1 comparison that can be made is on the claim's side, 1 lacks figures" in said


def test_comparisons_are_said_with_learner_metric_protocol_and_margin(tmp_path: Path) -> None:
    made = claim(tmp_path)
    average = "average accuracy, class-incremental"
    assert [words.check_text(made, check) for check in made.check] == [
        f"Joint training, {average}: more than 2 points above Fine-tuning",
        "Joint training, old tasks' accuracy, task-aware: from 80 to 100 %",
    ]
    near = GOOD.replace('"above"', '"near"').replace('{ learner = "fine-tune" }', '{ metric = "new" }')
    said = words.check_text(made := claim(tmp_path, near), made.check[0])
    assert said.endswith(": within 2 points of last task's accuracy")


def test_the_table_has_mean_and_interval_of_what_is_compared_alone(tmp_path: Path) -> None:
    heading, rows = words.table(claim(tmp_path), seeds(88, 89, 90))
    assert heading == ["learner", "class-incremental\naverage, %", "task-aware\nold, %"]
    assert rows == [["Joint training", "89.0 ± 2.5", "90.0 ± 0.0"], ["Fine-tuning", "40.0 ± 0.0", ""]]
    assert words.table(claim(tmp_path), seeds(88))[1][0] == ["Joint training", "88.0", "90.0"]


# ---- the figures of a run


def test_figures_are_those_of_the_accuracy_matrix_and_of_the_full_test_sets() -> None:
    record = synthetic.record()
    told = figures_of(record)["lwf"]["task_aware"]
    matrix = after_tasks.matrix_of(record, "lwf", "task_aware")
    assert matrix is not None
    assert told["average"] == pytest.approx(100 * matrix[1].mean(), abs=1e-3)
    assert (told["old"], told["new"]) == (87, 90)
    assert told["forgetting"] == pytest.approx(100 * (matrix[0, 0] - matrix[1, 0]), abs=1e-3)


def test_start_lowest_and_end_are_task_one_at_the_probes_of_task_two() -> None:
    record = synthetic.record()
    told = figures_of(record)["lwf"]["class_incremental"]
    track = record.incremental
    assert track is not None
    counts = track.right["class_incremental"].values[:, 1, 0]
    looks = 100 * counts / track.sizes[0]
    assert told["start"] == pytest.approx(looks[0], abs=1e-3)
    assert told["lowest"] == pytest.approx(looks.min(), abs=1e-3)
    assert told["end"] == pytest.approx(looks[-1], abs=1e-3)


def test_with_many_tasks_the_second_ones_probes_alone_count() -> None:
    record = five.record()
    track = record.incremental
    assert track is not None
    end = track.started.boundaries[1]
    shares = track.of_task("task_aware", 0)[track.probe_steps.values < end, 0]
    told = figures_of(record)[track.started.learners[0]]["task_aware"]
    assert told["lowest"] == pytest.approx(100 * shares.min(), abs=1e-3)
    assert told["end"] == pytest.approx(100 * shares[-1], abs=1e-3)


def as_shown(folder: Path) -> Claim:
    """Return a claim whose run is that of the synthetic record."""
    settings = '{ "data.tasks" = [[0, 1, 2], [3, 4]], "task1.epochs" = 2, "task2.epochs" = 3 }'
    text = GOOD.replace('{ learners = ["fine-tune", "joint"], "task2.epochs" = 2 }', settings)
    return claim(folder, text.replace("joint", "lwf").replace("minutes", "order = 1\nminutes"))


def test_a_run_is_known_at_its_end_unless_it_was_changed_by_hand(tmp_path: Path) -> None:
    made = as_shown(tmp_path)
    told = [*synthetic.task1(), *synthetic.task2()]
    by_hand = [each for each in told if isinstance(each, LiveSettingsApplied) and each.by == "user"]
    assert by_hand
    untouched = [each for each in told if each not in by_hand]
    assert shown_run(made, synthetic.record(untouched)) == "plain"
    assert shown_run(made, synthetic.record(told)) is None, "alpha was turned while it trained"
    assert shown_run(made, synthetic.record(untouched[:-1])) is None, "it has not ended"
    assert shown_run(claim(tmp_path), synthetic.record(untouched)) is None, "it is another recipe"
