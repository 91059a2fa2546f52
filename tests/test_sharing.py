"""Recipes as short texts: every recipe comes back, no damaged one does, and none can harm a shell, a chat or a mail."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from lwf_gui import InputError
from lwf_gui.methods import METHODS
from lwf_gui.recipe import (
    DATA_SETS,
    Recipe,
    Setting,
    called,
    compose,
    copied,
    load_preset,
    pasted,
    preset_names,
    settings,
)
from lwf_gui.recipe.sharing import LONGEST
from lwf_gui.runs.recipe_text import changes_text, recipe_text
from tests.runs import synthetic

FIVE = compose(
    "classroom",
    [
        "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]",
        'learners=["fine-tune","replay",{method="lwf",name="LwF, alpha 3",alpha=3.0},"ewc","joint"]',
        "seed=7",
    ],
)


def values(setting: Setting) -> st.SearchStrategy[Any]:
    """Return what a setting may be, and at its ends a little more."""
    if setting.choices:
        return st.sampled_from(setting.choices)
    if setting.kind == "switch":
        return st.booleans()
    if setting.kind == "integer":
        return st.integers(int(setting.low or 0), int(min(setting.high or 10**6, 10**6)))
    return st.floats(setting.low or 0, setting.high or 1e6, allow_nan=False)


@st.composite
def learners(draw: st.DrawFn) -> list[Any]:
    found: list[Any] = []
    for method in draw(st.lists(st.sampled_from(sorted(METHODS)), min_size=1, max_size=5, unique=True)):
        own = METHODS[method].may_own()
        names = draw(st.lists(st.sampled_from(sorted(own)), max_size=2, unique=True)) if own else []
        table = {name: draw(values(settings()[own[name]])) for name in names if settings()[own[name]].kind != "text"}
        name = draw(st.one_of(st.just(method), st.text(max_size=40)))
        found.append({"method": method, "name": name, **table})
    return found


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    known = {key: each for key, each in settings().items() if each.kind not in ("list", "text")}
    keys = draw(st.lists(st.sampled_from(sorted(known)), max_size=6, unique=True))
    changes = {key: draw(values(known[key])) for key in keys}
    if draw(st.booleans()):
        changes["learners"] = draw(learners())
    if draw(st.booleans()):
        labels = draw(st.permutations(range(10)))
        cut = draw(st.integers(1, 9))
        changes["data.tasks"] = [labels[:cut], labels[cut:]]
    try:
        return load_preset(draw(st.sampled_from(preset_names()))).recipe.with_settings(changes)
    except InputError:
        assume(False)
        raise


@effort(max_examples=60, deadline=None)
@given(recipes())
def test_every_recipe_comes_back(recipe: Recipe) -> None:
    assert pasted(copied(recipe)) == recipe


@effort(max_examples=60, deadline=None)
@given(recipes(), st.data())
def test_a_text_of_which_something_has_changed_is_the_same_recipe_or_none(recipe: Recipe, data: st.DataObject) -> None:
    text = copied(recipe)
    at = data.draw(st.integers(0, len(text) - 1))
    put, gone = data.draw(st.text(max_size=3)), data.draw(st.integers(0, 4))
    found, said = recipe, "."
    try:
        found = pasted(text[:at] + put + text[at + gone :])
    except InputError as error:
        said = str(error)
    assert found == recipe
    assert re.fullmatch(r".*[.?]", said), "one sentence"


@effort(max_examples=50, deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"lwf:[0-9]:[a-z]*(\+[a-z.]*=.*)*@[a-z2-7]{7}")))
def test_no_other_text_is_a_recipe(text: str) -> None:
    with pytest.raises(InputError, match=r"^.*[.?]$"):
        pasted(text)


@pytest.mark.parametrize("recipe", [FIVE, compose("classroom"), compose("paper", ["lwf.scale_t2=true"])])
def test_text_has_no_sign_that_means_something_to_a_shell_a_chat_or_a_mail(recipe: Recipe) -> None:
    assert re.fullmatch(r"[A-Za-z0-9.,:/=@%+_-]+", copied(recipe))


def test_text_is_short_and_can_be_read() -> None:
    assert copied(compose("classroom", ["seed=3", "lwf.alpha=0.5"]), "fp32").startswith(
        "lwf:1:classroom+seed=3+lwf.alpha=0.5+engine.precision=fp32@"
    )
    assert "+learners=fine-tune,replay,lwf/name=LwF%2C%20alpha%203/alpha=3,ewc,joint+" in copied(FIVE)
    assert len(copied(FIVE)) < 170


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        '"{}"',
        "`{}`",
        "Try this: <{}>, it forgets.",
        "\N{LEFT SINGLE QUOTATION MARK}{}\N{RIGHT SINGLE QUOTATION MARK}.",
        "  {}\r\n\r\nBest wishes",
        "(recipe: {})",
        "{}thanks",
    ],
)
def test_text_may_stand_among_other_words(around: str) -> None:
    assert pasted(around.format(copied(FIVE))) == FIVE


@pytest.mark.parametrize("between", ["\n", "\r\n  ", "\n> ", "\n> > ", " ", "\u200b", "\u00ad"])
def test_text_may_be_broken_over_lines(between: str) -> None:
    text = copied(FIVE)
    assert pasted(between.join(text[at : at + 30] for at in range(0, len(text), 30))) == FIVE


def test_precision_is_always_said_and_a_runs_own_is_taken() -> None:
    assert "+engine.precision=auto@" in copied(compose("classroom"))
    data = synthetic.data_ready()
    assert "+engine.precision=fp32@" in recipe_text(synthetic.RECIPE, data)
    assert pasted(recipe_text(synthetic.RECIPE, data)).engine.precision == "fp32"
    other = synthetic.RECIPE.with_settings({"seed": 1})
    assert "+engine.precision=auto@" in recipe_text(other, data), "of another recipe's run nothing is known"


def test_a_folder_of_images_is_left_out() -> None:
    text = copied(compose("classroom", ["data.dataset='/home/me/images'"]))
    assert "home" not in text
    assert pasted(text).data.dataset in DATA_SETS


def test_the_command_line_takes_it_as_a_preset() -> None:
    text = copied(FIVE)
    assert compose(text) == FIVE
    assert compose(text, ["lwf.alpha=2"]) == FIVE.with_settings({"lwf.alpha": 2.0})
    assert (called(text), called("classroom"), called("mine.toml")) == ("classroom", "classroom", "mine.toml")
    with pytest.raises(InputError, match=r"^--preset lwf:\.\.\.: There is no whole recipe in this text"):
        compose(text[:-1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no whole recipe in this text"),
        ("lwf:2:classroom+seed=1@aaaaaaa", "begins with lwf:2: it was copied from another version"),
        ("lwf:1:nosuch+seed=1@aaaaaaa", "made from the preset nosuch, which is not here"),
        ("lwf:1:classroom+seed=1@aaaaaaa", "its checksum is another"),
        ("lwf:1:classroom+sed=1@aaaaaaa", "sed is not a setting; did you mean"),
        ("lwf:1:classroom+seed=1+seed=2@aaaaaaa", "says seed twice"),
        ("lwf:1:classroom+seed=x@aaaaaaa", "seed = x is not allowed"),
        ("lwf:1:classroom+lwf.alpha=nan@aaaaaaa", "lwf.alpha = nan is not allowed"),
        ("lwf:1:classroom+lwf.alpha=1e999@aaaaaaa", "lwf.alpha = inf is not allowed"),
        ("lwf:1:classroom+learners=nosuch@aaaaaaa", "learners = .* is not allowed"),
        ("lwf:1:classroom+learners=lwf/alpha=3/nosuch=4@aaaaaaa", "learners = .* is not allowed"),
        ("lwf:1:classroom+learners=%00,%ff@aaaaaaa", "learners = .* is not allowed"),
        ("lwf:1:classroom+data.tasks=0,1//2@aaaaaaa", "data.tasks = .* is not allowed"),
        ("lwf:1:classroom+" + "a" * LONGEST, "A recipe has at most 20,000 characters"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        pasted(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["lwf:1:a" + "+a=1" * 4900, "lwf:1:" * 3000, "lwf:1:classroom+data.tasks=" + "0/" * 9000 + "@aaaaaaa"]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(InputError):
        pasted(text)
    assert time.perf_counter() - began < 2


def test_a_preset_that_has_changed_since_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = copied(FIVE)
    changed = load_preset("classroom").recipe.with_settings({"task2.epochs": 4})
    monkeypatch.setattr("lwf_gui.recipe.presets._recipes", lambda: {"classroom": changed})
    with pytest.raises(InputError, match="with other presets"):
        pasted(text)


def test_what_changes_is_said_in_words() -> None:
    now = compose("classroom", ["seed=3", "lwf.alpha=0.5"])
    assert changes_text(compose("classroom"), now) == "seed 3, alpha 0.5"
    assert changes_text(now, now) == ""
    many = compose("notebook")
    assert re.fullmatch(r".*, and \d+ other settings", changes_text(now, many))
