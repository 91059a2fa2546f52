"""Claim files: what one may hold, which sentence says what is wrong, and the ones that ship with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.claims import available, judge, load_claim, run_of
from lwf_gui.claims.measured import shipped
from lwf_gui.claims.reading import FORM
from lwf_gui.claims.script import Source, shuffled
from tests.claims.cards import GOOD, claim, written

NAMES = ("three-types", "weight-aligning", "warm-up", "stability-gap")


def test_file_gives_its_claim(tmp_path: Path) -> None:
    made = claim(tmp_path)
    recipe = made.recipe("plain", 7)
    assert (recipe.seed, recipe.names, recipe.task2.epochs) == (7, ("fine-tune", "joint"), 2)
    above, within = made.check
    assert made.source(above) == Source("plain", "joint", "class_incremental", "average")
    assert made.other(above) == Source("plain", "fine-tune", "class_incremental", "average")
    assert above.region == (2, float("inf"))
    assert (within.region, made.other(within)) == ((80, float("inf")), None)


REFUSED = [
    ('must_be = "above"', 'must_be = "better"', "must_be", "it must be above, below, near or within"),
    ("by = 2", "by = -2", "by", "by = -2 is not allowed: it must be a number of points from 0 to 100."),
    ("by = 2", "by = nan", "by", "is not allowed: it must be a number of points"),
    ('learner = "joint"\nprotocol = "cl', 'learner = "lwf"\nprotocol = "cl', "lwf", "one that plain trains: fine-"),
    ('metric = "old"', 'metric = "oldest"', "oldest", "it must be average, old, new, forgetting, start, lowest or end"),
    ('metric = "old"', 'metrik = "old"', "metrik", "metrik is not a key of a check; did you mean metric?"),
    ('other = { learner = "fine-tune" }', 'other = { learner = "joint" }', "other", "there is nothing to compare"),
    ('other = { learner = "fine-tune" }', 'other = { run = "none" }', "none", "a run of this claim: plain"),
    ('other = { learner = "fine-tune" }', "", "other", "needs either other, a figure, or number"),
    ("low = 80", "low = 200", "200", "low = 200 is not allowed: it must be a number from -100 to 100"),
    ("low = 80", "low = 100", "low", "needs low and high, low below high"),
    ("high = 100", "high = 100\nby = 3", "by", "has low and high, but neither other, number nor by"),
    ('preset = "digits"', 'preset = "../digits"', "digits", "it must be classroom"),
    ('"task2.epochs" = 2', '"task2.epochs" = 0', "task2.epochs", "task2.epochs = 0 is not allowed"),
    ('"task2.epochs" = 2', "seed = 4", "seed", "seed is no setting of a claim"),
    ('"task2.epochs" = 2', '"task2.epoch" = 2', "task2.epoch", "is not a setting"),
    ('name = "plain"', 'name = "Plain one"', "Plain", "a name of small letters, digits and hyphens"),
    ("year = 2020", 'year = "2020"', "year", "a year from 1950 to 2100"),
    ("year = 2020", "", "year", "year is missing: a paper needs it"),
    ("format = 1", "format = 2", "format", "a later version of this program"),
    ("seeds = 3", "seeds = 1", "seeds", "seeds = 1 is not allowed: it must be a whole number from 2 to 1,000."),
    ("seeds = 3", "seeds = ", "line 5", "this is not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "key", "said"), REFUSED, ids=[new or old for old, new, *_ in REFUSED])
def test_what_is_wrong_is_one_sentence_with_its_line(tmp_path: Path, old: str, new: str, key: str, said: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(InputError) as caught:
        load_claim(written(tmp_path, GOOD.replace(old, new)))
    sentence = str(caught.value)
    assert sentence.startswith("cards/mine.toml, line ")
    assert key in sentence
    assert "\n" not in sentence
    assert said in sentence


def test_near_needs_points_and_several_runs_need_names(tmp_path: Path) -> None:
    near = GOOD.replace('must_be = "above"', 'must_be = "near"').replace("by = 2", "")
    with pytest.raises(InputError, match="near needs by"):
        claim(tmp_path, near)
    second = '[[run]]\nname = "second"\nabout = "Again."\npreset = "digits"\n\n[[check]]\nlearner = "joint"\nprotocol'
    with pytest.raises(InputError, match="run is missing: the claim has several, plain, second"):
        claim(tmp_path, GOOD.replace('[[check]]\nlearner = "joint"\nprotocol', second, 1))


def test_unknown_name_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such claim or file; did you mean three-types"):
        load_claim("three-type")
    with pytest.raises(InputError, match="claims are stability-gap, three-types"):
        load_claim(str(tmp_path / "zzz"))


def test_classes_are_shuffled_by_the_seed_and_keep_the_sizes_of_tasks() -> None:
    tasks = ((0, 1, 2), (3, 4), (5,))
    one, other = shuffled(tasks, 1), shuffled(tasks, 2)
    assert one != other
    assert one == shuffled(tasks, 1)
    for made in (one, other):
        assert [len(task) for task in made] == [3, 2, 1]
        assert sorted(label for task in made for label in task) == [0, 1, 2, 3, 4, 5]


# ---- the shipped ones


def test_shipped_claims_can_be_read() -> None:
    claims, faults = available()
    assert faults == ()
    assert tuple(claims) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_claims_run_is_known_by_its_recipe_whatever_data_and_machine(name: str) -> None:
    made = load_claim(name)
    for run in made.runs:
        recipe = made.recipe(run, 3).with_settings({"engine.threads": 1, "data.dataset": "fashion-mnist-part"})
        assert run_of(made, recipe) == run
        assert run_of(made, recipe.with_settings({"task2.lr": 0.0123})) is None
    orders = {made.recipe(made.run[0].name, seed).data.tasks for seed in range(1, 6)}
    assert (len(orders) > 1) is made.shuffle_classes


MEASURED = sorted(file.stem for file in (FORM.folder / "measured").glob("*.json"))


@pytest.mark.parametrize("name", MEASURED)
def test_what_was_measured_is_of_the_claims_runs_as_they_are(name: str) -> None:
    made = load_claim(name)
    found = shipped(name, made)
    assert found is not None, f"measure it anew: lwf-gui claims {name} --keep resources/claims/measured/{name}.json"
    whole = found.whole(made)
    assert whole
    assert found.data == "fashion-mnist"
    assert all(finding.mean == finding.mean for finding in judge(made, whole).findings), "no figure is missing"
