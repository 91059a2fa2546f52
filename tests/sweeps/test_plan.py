"""Axes and plans of sweeps: what may be typed, which runs come of it, their ids, and the file that keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.recipe import Recipe, compose
from lwf_gui.sweeps import plan
from lwf_gui.sweeps.axes import Axis, Span, read_axis
from lwf_gui.sweeps.plan import Plan


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return compose("digits", ("engine.device=cpu",))


def grid(recipe: Recipe, *texts: str, seeds: int = 1) -> Plan:
    return plan.make(recipe, [read_axis(text, random=False) for text in texts], seeds=seeds)


def test_values_are_those_that_set_takes_and_lists_keep_their_commas() -> None:
    assert read_axis("lwf.alpha=0.5,1", random=False) == Axis("lwf.alpha", (0.5, 1))
    assert read_axis("model.growth=none,identity", random=False) == Axis("model.growth", ("none", "identity"))
    learners = read_axis("learners=['lwf','joint'],['ewc'],\"si\"", random=False)
    assert learners == Axis("learners", (["lwf", "joint"], ["ewc"], "si"))


def test_range_is_spaced_evenly_or_by_its_logarithm() -> None:
    assert read_axis("lwf.alpha=0.1..10:3:log", random=False) == Axis("lwf.alpha", (0.1, 1.0, 10.0))
    assert read_axis("lwf.alpha=0..1:3", random=False) == Axis("lwf.alpha", (0.0, 0.5, 1.0))
    assert read_axis("task2.epochs=1..4:9", random=False) == Axis("task2.epochs", (1, 2, 3, 4))
    assert read_axis("lwf.alpha=0.1..10:log", random=True) == Span("lwf.alpha", 0.1, 10, 0, True)


@pytest.mark.parametrize(
    ("text", "random", "told"),
    [
        ("lwf.alpha", False, "write it as KEY=V1,V2"),
        ("lwf.alhpa=1", False, "did you mean lwf.alpha?"),
        ("lwf.alpha=", False, "a value is missing"),
        ("lwf.alpha=1,,2", False, "a value is missing"),
        ("lwf.alpha=0.1..10", False, "say how many values"),
        ("lwf.alpha=0.1..10:1", False, "say how many values"),
        ("lwf.alpha=0.1..10:5", True, "has no number of values"),
        ("lwf.alpha=10..1:5", False, "to a larger one"),
        ("lwf.alpha=0..1:5:log", False, "begins above 0"),
        ("lwf.alpha=0..1:5:lin", False, "'lin' is not known"),
        ("model.growth=1..2:2", False, "is no number"),
    ],
)
def test_axis_that_cannot_be_used_is_refused_in_a_sentence(text: str, random: bool, told: str) -> None:
    with pytest.raises(InputError, match=r".*") as refused:
        read_axis(text, random=random)
    assert told in str(refused.value)


def test_grid_has_every_combination_once_with_every_seed(recipe: Recipe) -> None:
    made = grid(recipe, "lwf.alpha=1,2,4", "lwf.temperature=1,2", seeds=2)
    found = {(unit.recipe.lwf.alpha, unit.recipe.lwf.temperature, unit.recipe.seed) for unit in made.units}
    assert found == {(alpha, t, seed) for alpha in (1, 2, 4) for t in (1, 2) for seed in (0, 1)}
    assert len({unit.id for unit in made.units}) == len(made.units) == 12
    assert {unit.recipe.seed for unit in made.units[:2]} == {0, 1}, "each teacher's first run is in front"


def test_id_hangs_on_the_run_and_not_on_the_sweep(recipe: Recipe) -> None:
    (alone,) = grid(recipe, "lwf.alpha=2").units
    wide = {unit.settings["lwf.alpha"]: unit.id for unit in grid(recipe, "lwf.alpha=2,3").units}
    assert wide[2.0] == alone.id
    assert wide[3.0] != alone.id


def test_runs_have_one_thread_unless_the_recipe_says_so(recipe: Recipe) -> None:
    assert grid(recipe, "lwf.alpha=2").threads == 1
    assert grid(recipe.with_settings({"engine.threads": 2}), "lwf.alpha=2").threads == 2


def test_draws_are_within_the_range_and_the_same_again(recipe: Recipe) -> None:
    axes = [read_axis("lwf.alpha=0.1..10:log", random=True), read_axis("lwf.temperature=1,2", random=True)]
    made, again = (plan.make(recipe, axes, seeds=2, draws=20) for _ in range(2))
    assert [unit.id for unit in made.units] == [unit.id for unit in again.units]
    alphas = [unit.recipe.lwf.alpha for unit in made.units]
    assert len(alphas) == 40
    assert 0.1 <= min(alphas) < 0.5 < 2 < max(alphas) <= 10
    assert {unit.recipe.lwf.temperature for unit in made.units} == {1, 2}


@pytest.mark.parametrize(
    ("texts", "seeds", "told"),
    [
        ((), 3, "A sweep needs settings to vary"),
        (("lwf.alpha=-1",), 1, "lwf.alpha = -1 is not allowed"),
        (("lwf.alpha=1,1.0",), 1, "makes one run twice"),
        (("lwf.alpha=1", "lwf.alpha=2"), 1, "given twice"),
        (("seed=0,1",), 2, "--grid seed and --seeds"),
        (("lwf.alpha=0..1:1000", "lwf.temperature=1..9:1000"), 1000, "would have 1,000,000,000 runs"),
    ],
)
def test_grid_that_makes_no_sweep_is_refused(recipe: Recipe, texts: tuple[str, ...], seeds: int, told: str) -> None:
    with pytest.raises(InputError, match=r".*") as refused:
        grid(recipe, *texts, seeds=seeds)
    assert told in str(refused.value)


def test_plan_is_read_as_it_was_written(recipe: Recipe, tmp_path: Path) -> None:
    made = grid(recipe, "lwf.alpha=1,2", "learners=['lwf'],['lwf','joint']", seeds=2)
    plan.write(made, tmp_path)
    assert plan.read(tmp_path) == made


@pytest.mark.parametrize("change", ["settings", "id", "twice", "format", "nothing"])
def test_damaged_plan_is_refused_in_a_sentence(recipe: Recipe, tmp_path: Path, change: str) -> None:
    plan.write(grid(recipe, "lwf.alpha=1,2"), tmp_path)
    tree = json.loads((tmp_path / plan.FILE).read_text("utf-8"))
    match change:
        case "settings":
            tree["runs"][0]["settings"]["lwf.alpha"] = 3
        case "id":
            tree["runs"][0]["id"] = "../../elsewhere"
        case "twice":
            tree["runs"][1] = tree["runs"][0]
        case "format":
            tree["format"] = 99
        case _:
            tree = []
    (tmp_path / plan.FILE).write_text(json.dumps(tree), "utf-8")
    with pytest.raises(InputError, match="is no sound sweep"):
        plan.read(tmp_path)
