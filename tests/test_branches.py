"""A branch is named by what differs, and its name alone is enough to call it by."""

from __future__ import annotations

from dataclasses import fields

import pytest

from lwf_gui.branches import _SHORT, _WORDS, branch_name, branch_number, parsed
from lwf_gui.methods import method_of
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.names import label_of, short_label_of


@pytest.mark.parametrize(
    ("method", "number", "own", "label"),
    [
        ("lwf", 1, {"alpha": 3.0}, "LwF, alpha 3, from step 1,008"),
        ("lwf", 2, {"temperature": 0.5, "lr": 0.00125}, "LwF, T 0.5, learning rate 0.00125, from step 1,008"),
        ("lwf", 1, {"scale_t2": False, "ce_scope": "new"}, "LwF, KD without T², cross-entropy over new classes, from"),
        ("fine-tune", 1, {"backbone_frozen": True}, "Fine-tuning, backbone frozen, from step 1,008"),
        ("lwf", 1, {}, "LwF, from step 1,008"),
        ("lwf", 3, {}, "LwF 3, from step 1,008"),
    ],
)
def test_a_branch_is_named_by_what_differs(method: str, number: int, own: dict[str, object], label: str) -> None:
    name = branch_name(method, number, 1008, own)
    assert label_of(name).startswith(label)
    assert branch_number(name) == number
    found = method_of(name)
    assert found is not None
    assert found.name == name


def test_every_live_setting_has_words() -> None:
    assert set(_WORDS) == set(_SHORT) == {field.name for field in fields(LiveSettings)}


def test_a_short_label_still_says_what_differs() -> None:
    assert (
        short_label_of(branch_name("lwf", 2, 1008, {"temperature": 3.0, "backbone_frozen": True})) == "LwF T 3 frozen"
    )
    assert short_label_of(branch_name("fine-tune", 1, 1008)) == "Fine-tuning @1,008"
    assert short_label_of("lwf") == "LwF"


def test_numbers_in_a_name_are_not_rounded_to_another() -> None:
    assert label_of(branch_name("lwf", 1, 8, {"alpha": 3.04})) != label_of(branch_name("lwf", 1, 8, {"alpha": 3.0}))


@pytest.mark.parametrize("name", ["lwf", "teacher", "lwf+1", "lwf+x@3", "lwf+1@", "+1@3", "lwf+²@3", "lwf+1@3\n"])
def test_what_is_no_branch_is_taken_for_none(name: str) -> None:
    assert parsed(name) is None
    assert branch_number(name) == 0
