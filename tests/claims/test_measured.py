"""Files of measured figures: read as untrusted, and never taken for another claim's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lwf_gui import InputError
from lwf_gui.claims import Claim, Measured
from lwf_gui.claims.matching import digest
from lwf_gui.claims.measured import read, write
from tests.claims.cards import GOOD, claim, figures


def measured(made: Claim) -> Measured:
    empty = Measured(digest=digest(made), data="digits", device="CPU", date="2026-11-26", seeds={})
    return empty.with_run(2, "plain", figures(90, 40)).with_run(1, "plain", figures(88, 41))


def test_figures_are_read_back_in_the_order_of_their_seeds(tmp_path: Path) -> None:
    made, file = claim(tmp_path), tmp_path / "kept.json"
    write(measured(made), file)
    assert read(file, made) == measured(made)
    assert list(read(file, made).whole(made)) == [1, 2]


def test_a_seed_without_all_runs_is_not_whole(tmp_path: Path) -> None:
    second = '[[run]]\nname = "second"\nabout = "Again."\npreset = "digits"\n\n'
    named = GOOD.replace("[[check]]\n", '[[check]]\nrun = "plain"\n')
    two = claim(tmp_path, named.replace("[[check]]", f"{second}[[check]]", 1))
    found = measured(two)
    assert (list(found.figures), list(found.whole(two))) == ([1, 2], [])
    assert list(found.with_run(2, "second", {}).whole(two)) == [2]


def test_figures_of_other_runs_are_refused(tmp_path: Path) -> None:
    made, file = claim(tmp_path), tmp_path / "kept.json"
    write(measured(made), file)
    for text in (
        GOOD.replace('"task2.epochs" = 2', '"task2.epochs" = 3'),
        GOOD.replace('name = "plain"', 'name = "x"'),
    ):
        with pytest.raises(InputError, match="other runs than this claim's"):
            read(file, claim(tmp_path, text))
    read(file, claim(tmp_path, GOOD.replace("by = 2", "by = 3")))  # the same runs, judged otherwise


BROKEN: dict[str, Any] = {
    "no object": [],
    "another format": {"format": 2},
    "an unknown key": {"extra": 1},
    "a text as a figure": {"seeds": {"1": {"plain": {"joint": {"task_aware": {"old": "90"}}}}}},
    "an accuracy beyond all": {"seeds": {"1": {"plain": {"joint": {"task_aware": {"old": 1e9}}}}}},
    "an unknown metric": {"seeds": {"1": {"plain": {"joint": {"task_aware": {"best": 90.0}}}}}},
    "an unknown protocol": {"seeds": {"1": {"plain": {"joint": {"both": {"old": 90.0}}}}}},
    "a seed that is none": {"seeds": {"-1": {}}},
    "a date that is none": {"date": "yesterday"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_what_is_no_file_of_figures_is_refused_in_a_sentence(tmp_path: Path, change: Any) -> None:
    made, file = claim(tmp_path), tmp_path / "kept.json"
    whole = measured(made).model_dump()
    file.write_text(json.dumps({**whole, **change} if isinstance(change, dict) else change))
    with pytest.raises(InputError, match=r"kept\.json holds no figures of a claim: .* is wrong\.$"):
        read(file, made)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\0", '{"format": NaN}', '{"seeds": {"1": ' + "9" * 5000])
def test_what_is_no_json_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    made, file = claim(tmp_path), tmp_path / "kept.json"
    file.write_text(text)
    with pytest.raises(InputError, match=r"kept\.json"):
        read(file, made)
