"""Which of the run's live settings a method reads: the table of methods says what the engine does."""

from __future__ import annotations

import math

import pytest

from lwf_gui.gui.widgets.live_words import why_not
from lwf_gui.learners import followers, uses
from lwf_gui.methods import METHODS
from lwf_gui.recipe import compose, settings
from lwf_gui.runs.formula import Write, formula_of, note_of, told

ALPHA, T, LR = "lwf.alpha", "lwf.temperature", "task2.lr"


def plainly(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:g}"


WRITE: Write = plainly


@pytest.mark.parametrize("method", ["lwf", "lwf-mc", "lwf-replay", "icarl", "lwf-ldc"])
def test_what_distils_by_alpha_follows_the_alpha_of_the_run(method: str) -> None:
    recipe = compose("classroom", [f"learners=['{method}']"])
    assert followers(recipe.learners, ALPHA) == (method,)
    assert why_not(recipe, "", settings()[ALPHA]) == ""
    assert why_not(recipe, method, settings()[ALPHA]) == ""


def test_only_what_has_a_temperature_follows_it() -> None:
    assert [uses(name, T) for name in ("lwf", "lwf-replay", "lwf-ldc")] == [True] * 3
    assert [uses(name, T) for name in ("icarl", "lwf-mc", "ewc", "ncm")] == [False] * 4
    recipe = compose("classroom", ["learners=['ewc']"])
    assert why_not(recipe, "", settings()[ALPHA]) == "No learner has an alpha."


def test_what_trains_nothing_has_no_learning_rate() -> None:
    assert [name for name in METHODS if not uses(name, LR)] == ["ncm", "slda", "fecam", "ranpac", "average"]


def test_cross_entropy_over_the_new_classes_is_not_followed_where_it_is_fixed() -> None:
    assert not uses("lwf-ldc", "lwf.ce_scope")
    assert dict(METHODS["lwf-ldc"].fixed)["ce_scope"] == "new"
    assert "moved" in note_of("lwf-ldc")
    assert all(uses(name, "lwf.ce_scope") for name in ("ewc", "ewc-online", "si", "mas"))


@pytest.mark.parametrize("method", ["ewc", "ewc-online", "si", "mas", "icarl", "lwf-mc", "lwf-replay"])
def test_settings_stand_in_a_loss_as_numbers(method: str) -> None:
    numbers = {"strength": 123.0, "alpha": 0.75, "kd_factor": 9.0}
    formula = formula_of(method, {"total": 1.0}, numbers, WRITE)
    assert formula is not None
    assert ("123" in formula.text) == (method in ("ewc", "ewc-online", "si", "mas"))
    assert ("0.75" in formula.text) == (method in ("icarl", "lwf-mc", "lwf-replay"))
    assert ("9" in formula.text) == (method == "lwf-replay")


def test_a_loss_in_letters_has_the_names_of_its_settings() -> None:
    assert "strength / 2" in told("ewc", "total")
    assert "alpha \N{MULTIPLICATION SIGN} BKD" in told("icarl", "total")
    assert "T² \N{MULTIPLICATION SIGN} KD" in told("lwf-replay", "total")
    assert told("ncm", "total") == ""
