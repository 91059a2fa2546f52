"""Settings: what is accepted, what is refused and with which sentence, and that each is declared once."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from lwf_gui import InputError, paths
from lwf_gui.methods import METHODS
from lwf_gui.recipe import (
    DEFAULT_PRESET,
    LiveSettings,
    Recipe,
    compose,
    load_preset,
    parse_assignment,
    preset_names,
    settings,
)


def refusal(*assignments: str, preset: str = DEFAULT_PRESET) -> str:
    """Compose what must be refused; give the sentence, having checked that it is one."""
    with pytest.raises(InputError) as caught:
        compose(preset, assignments)
    sentence = str(caught.value)
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    return sentence


def preset_file(folder: Path, text: str) -> str:
    file = folder / "mine.toml"
    file.write_text(text, "utf-8")
    return str(file)


def leaves(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the values of a nested dictionary by dotted key."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        found |= leaves(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found


# ---- presets


def test_presets_are_those_of_the_contract_with_the_default_first() -> None:
    assert preset_names() == ("classroom", "cnn", "digits", "notebook", "paper")
    assert preset_names()[0] == DEFAULT_PRESET


@pytest.mark.parametrize("name", preset_names())
def test_preset_loads_with_a_title_and_every_value_in_its_range(name: str) -> None:
    preset = load_preset(name)
    assert preset.name == name
    assert preset.title
    assert preset.about.endswith(".")
    for key, setting in settings().items():
        value = preset.recipe.get(key)
        assert setting.low is None or value >= setting.low
        assert setting.high is None or value <= setting.high
        assert not setting.choices or value in setting.choices


@pytest.mark.parametrize("name", preset_names())
def test_preset_file_says_what_its_recipe_says(name: str) -> None:
    text = (paths.resources() / "presets" / f"{name}.toml").read_text("utf-8")
    said = leaves({key: value for key, value in tomllib.loads(text).items() if key not in ("title", "about")})
    assert said.keys() <= settings().keys()
    recipe = load_preset(name).recipe
    for key in settings():
        assert recipe.get(key) == said.get(key, settings()[key].default)


def test_presets_hold_the_reference_recipes() -> None:
    notebook, paper = load_preset("notebook").recipe, load_preset("paper").recipe
    assert (notebook.model.network, notebook.model.growth, notebook.lwf.teacher) == ("cnn", "random", "aliased")
    assert (notebook.task2.epochs, notebook.task2.warmup_epochs, notebook.task2.lr) == (5, 3, 1e-4)
    assert (notebook.lwf.alpha, notebook.lwf.temperature, notebook.lwf.scale_t2) == (0.9, 2.0, True)
    assert (paper.lwf.ce_scope, paper.lwf.scale_t2) == ("new", False)
    assert paper.task2.warmup_epochs > 0


def test_file_that_sets_one_value_differs_from_the_defaults_in_that_one_alone(tmp_path: Path) -> None:
    recipe = load_preset(preset_file(tmp_path, "[lwf]\nalpha = 3")).recipe
    changed = {key for key, setting in settings().items() if recipe.get(key) != setting.default}
    assert changed == {"lwf.alpha"}
    assert recipe.lwf.alpha == 3


def test_preset_file_is_found_in_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    preset_file(tmp_path, "seed = 7")
    preset = load_preset("~/mine.toml")
    assert (preset.name, preset.title, preset.recipe.seed) == ("mine", "mine", 7)


# ---- refusals


@pytest.mark.parametrize(
    ("assignment", "shown", "allowed"),
    [
        ("lwf.alpha=-1", "lwf.alpha = -1 ", "a number from 0 to 100"),
        ("lwf.alpha=nan", "lwf.alpha = nan ", "a number from 0 to 100"),
        ("lwf.alpha=inf", "lwf.alpha = inf ", "a number from 0 to 100"),
        ("lwf.alpha=much", "lwf.alpha = much ", "a number from 0 to 100"),
        ("lwf.alpha=", "lwf.alpha = '' ", "a number from 0 to 100"),
        ("lwf.temperature=0", "lwf.temperature = 0 ", "a number from 0.1 to 100"),
        ("task2.lr=0", "task2.lr = 0 ", "a number above 0 to 10"),
        ("task1.momentum=1", "task1.momentum = 1 ", "a number from 0 to below 1"),
        ("task1.epochs=0", "task1.epochs = 0 ", "a whole number from 1 to 1,000"),
        ("task1.epochs=1.5", "task1.epochs = 1.5 ", "a whole number from 1 to 1,000"),
        ("seed=-1", "seed = -1 ", "a whole number from 0 to 2,147,483,647"),
        ("model.network=vit", "model.network = vit ", "mlp or cnn"),
        ("lwf.ce_scope=old", "lwf.ce_scope = old ", "all or new"),
        ("lwf.scale_t2=maybe", "lwf.scale_t2 = maybe ", "true or false"),
        ("engine.threads=0", "engine.threads = 0 ", "auto, or a whole number from 1 to 256"),
        ("engine.threads=1.5", "engine.threads = 1.5 ", "auto, or a whole number from 1 to 256"),
        ("data.dataset=", "data.dataset = '' ", "auto, fashion-mnist, fashion-mnist-part, digits, or a directory"),
        ("data.tasks=[[0, 1], [1, 2]]", "data.tasks = [[0, 1], [1, 2]] ", "no label twice"),
        ("data.tasks=[[0], []]", "data.tasks = [[0], []] ", "none empty"),
        ("data.tasks=[[0, 1]]", "data.tasks = [[0, 1]] ", "two or more lists"),
        ("data.tasks=[[0], [-1]]", "data.tasks = [[0], [-1]] ", "two or more lists of class labels"),
        ("learners=ewc2", "learners = ewc2 ", ", ".join(METHODS)),
        ('learners=["lwf", "lwf"]', "learners = ['lwf', 'lwf'] ", "two learners of one name"),
        ("learners=[]", "learners = [] ", "one or more of"),
        ("task2.warmup_epochs=4", "task2.warmup_epochs = 4 ", "at most task2.epochs, here 3"),
    ],
)
def test_refusal_names_field_value_and_what_is_allowed(assignment: str, shown: str, allowed: str) -> None:
    sentence = refusal(assignment)
    assert sentence.startswith(f"{shown}is not allowed: it must be ")
    assert allowed in sentence.partition("it must be ")[2]


@pytest.mark.parametrize("key", ["lwf.alpa", "alpha", "lwf.Alpha"])
def test_unknown_key_is_answered_with_the_near_one(key: str) -> None:
    assert refusal(f"{key}=1") == f"{key} is not a setting; did you mean lwf.alpha?"


def test_unknown_key_without_a_near_one_is_answered_with_all() -> None:
    sentence = refusal("colour=blue")
    assert sentence.startswith("colour is not a setting; settings are ")
    assert all(key in sentence for key in settings())


def test_group_is_no_setting() -> None:
    assert refusal("lwf=1").startswith("lwf is not a setting")


def test_assignment_without_an_equals_sign_shows_how_it_is_written() -> None:
    assert refusal("lwf.alpha") == "--set lwf.alpha: write it as KEY=VALUE, for example lwf.alpha=2."


def test_unknown_preset_is_answered_with_the_presets(tmp_path: Path) -> None:
    for name in ("classrom", "", str(tmp_path), str(tmp_path / "none.toml")):
        sentence = refusal(preset=name)
        assert sentence.startswith(f"--preset {name}: there is no such preset or file")
        assert all(known in sentence for known in preset_names())


def test_malformed_file_is_named_with_the_place_of_the_fault(tmp_path: Path) -> None:
    file = preset_file(tmp_path, "[lwf]\nalpha = = 1")
    sentence = refusal(preset=file)
    assert sentence.startswith(f"--preset {file}: the file is not valid TOML: ")
    assert "line 2" in sentence


def test_unreadable_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe")
    assert refusal(preset=str(file)).startswith(f"--preset {file}: the file cannot be read")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("[lwf]\nalpha = -1", "lwf.alpha = -1 is not allowed: it must be a number from 0 to 100."),
        ("[lwf]\nalpa = 1", "lwf.alpa is not a setting; did you mean lwf.alpha?"),
        ("lwf = 3", "lwf = 3 is not allowed: it must be a group of settings, as in [lwf]."),
        (
            "[task2]\nepochs = 1\nwarmup_epochs = 2",
            "task2.warmup_epochs = 2 is not allowed: it must be at most task2.epochs, here 1.",
        ),
    ],
)
def test_fault_in_a_file_is_told_as_on_the_command_line_with_the_files_name(
    tmp_path: Path, text: str, rest: str
) -> None:
    assert refusal(preset=preset_file(tmp_path, text)) == f"mine.toml: {rest}"


# ---- changes


def test_assignments_are_read_as_toml_or_bare_words() -> None:
    assert parse_assignment("lwf.alpha = 2") == ("lwf.alpha", 2)
    assert parse_assignment("lwf.scale_t2=false") == ("lwf.scale_t2", False)
    assert parse_assignment("data.tasks=[[1],[0]]") == ("data.tasks", [[1], [0]])
    assert parse_assignment("model.network=cnn") == ("model.network", "cnn")
    assert parse_assignment("data.dataset=/a=b") == ("data.dataset", "/a=b")


def test_compose_puts_data_and_seed_over_the_preset() -> None:
    recipe = compose("digits", ["lwf.alpha=2", "learners=lwf"], data="fashion-mnist", seed=5)
    assert (recipe.data.dataset, recipe.seed, recipe.lwf.alpha, recipe.names) == ("fashion-mnist", 5, 2, ("lwf",))
    assert recipe.task1.lr == load_preset("digits").recipe.task1.lr


@pytest.mark.parametrize("name", preset_names())
def test_recipe_survives_its_dump_as_python_and_as_json(name: str) -> None:
    recipe = load_preset(name).recipe
    assert Recipe.model_validate(recipe.model_dump()) == recipe
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    assert Recipe().with_settings(leaves(recipe.model_dump())) == recipe
    assert set(leaves(recipe.model_dump())) == set(settings())


def test_with_settings_changes_a_copy_and_nothing_else() -> None:
    recipe = load_preset("notebook").recipe
    other = recipe.with_settings({"lwf.alpha": 5, "model.growth": "none"})
    assert (recipe.lwf.alpha, recipe.model.growth) == (0.9, "random")
    differing = {key for key in settings() if other.get(key) != recipe.get(key)}
    assert differing == {"lwf.alpha", "model.growth"}


def test_two_changes_are_judged_together() -> None:
    """Warm-up and epochs depend on each other: the order in which they are given must not matter."""
    for pair in (["task2.warmup_epochs=5", "task2.epochs=6"], ["task2.epochs=6", "task2.warmup_epochs=5"]):
        assert compose(DEFAULT_PRESET, pair).task2.warmup_epochs == 5


# ---- the table of settings


def test_settings_are_every_leaf_of_a_recipe_in_its_order() -> None:
    assert list(settings()) == list(leaves(Recipe().model_dump()))


def test_every_methods_own_settings_are_a_group_of_the_recipe() -> None:
    recipe = Recipe()
    for row in METHODS.values():
        if row.settings is not None:
            assert recipe.get(row.key) == row.settings(), row.name
            assert set(row.may_own().values()) <= settings().keys(), row.name


def test_every_setting_has_label_help_and_a_default_that_is_allowed() -> None:
    labels: dict[tuple[str, str], str] = {}
    for key, setting in settings().items():
        assert setting.key == key
        assert setting.label
        assert setting.help.endswith(".")
        assert setting.allowed
        assert setting.group == key.rpartition(".")[0]
        assert labels.setdefault((setting.group, setting.label), key) == key  # no label twice in a group
        assert Recipe().get(key) == setting.default
        if setting.kind in ("number", "integer"):
            assert setting.low is not None
            assert setting.high is not None
            assert setting.low <= setting.default <= setting.high


def test_settings_marked_live_are_the_live_settings_and_carry_their_values() -> None:
    values = {"alpha": 3.5, "temperature": 4.5, "scale_t2": False, "ce_scope": "new", "lr": 0.125}
    keys = {setting.live: key for key, setting in settings().items() if setting.live}
    assert len(keys) == sum(bool(setting.live) for setting in settings().values())
    assert keys.keys() == values.keys()
    assert {field.name for field in fields(LiveSettings)} == {*values, "backbone_frozen"}
    live_settings = Recipe().with_settings({keys[name]: value for name, value in values.items()}).live_settings()
    assert {name: getattr(live_settings, name) for name in values} == values


@pytest.mark.parametrize(("warmup", "frozen"), [(0, False), (1, True), (3, True)])
def test_backbone_starts_frozen_where_there_is_a_warm_up(warmup: int, frozen: bool) -> None:
    assert Recipe().with_settings({"task2.warmup_epochs": warmup}).live_settings().backbone_frozen is frozen
