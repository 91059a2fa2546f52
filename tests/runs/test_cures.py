"""Who can join a run that has come to its end, under which name, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lwf_gui.documents import files
from lwf_gui.methods import METHODS
from lwf_gui.runs import cures
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_of
from tests.runs import synthetic


def test_the_cure_is_the_best_method_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cures.cure() in METHODS
    monkeypatch.setattr(cures, "CURES", ("no such method", "replay", "joint"))
    assert cures.cure() == "replay"


def test_a_run_that_has_not_come_to_its_end_is_joined_by_nobody() -> None:
    assert "to its end first" in cures.why_not(Record())
    assert "to its end first" in cures.why_not(synthetic.up_to_step(15))
    assert cures.why_not(synthetic.record()) == cures.why_no_cure(synthetic.record()) == ""


@pytest.mark.parametrize("method", ["replay", "joint", "ncm", "slda", "fecam", "ranpac", "lwf-ldc"])
def test_what_remembers_already_needs_no_cure(method: str) -> None:
    record = synthetic.record()
    assert record.data is not None
    learners = [*record.data.recipe.learners, cures.spec_of(record.data.recipe, method)]
    record.data = replace(record.data, recipe=record.data.recipe.with_settings({"learners": learners}))
    assert METHODS[method].label in cures.why_no_cure(record)
    assert cures.why_not(record) == "", "others may join all the same"
    assert method not in cures.others(record)


def test_no_two_learners_have_one_name() -> None:
    recipe = synthetic.RECIPE
    for expected in ("LwF 2", "LwF 3"):
        spec = cures.spec_of(recipe, "lwf")
        assert (spec.method, spec.name) == ("lwf", expected)
        recipe = recipe.with_settings({"learners": [*recipe.learners, spec]})
    assert cures.spec_of(recipe, "replay").name == "replay"


@pytest.mark.parametrize(
    ("stored", "said"),
    [(0, "nothing"), (31_360, "20 images a class, 31 KB"), (16_160_000, "20 images a class, 16.2 MB")],
)
def test_what_is_stored_is_said_with_its_unit(stored: int, said: str) -> None:
    record = synthetic.record()
    assert record.data is not None
    recipe = record.data.recipe.with_settings({"learners": ["fine-tune", "lwf", "replay"]})
    record.data = replace(record.data, recipe=recipe)
    last = record.evaluations[-1]
    scores = {**last.scores, "replay": replace(last.scores["lwf"], stored_bytes=stored)}
    record.evaluations[-1] = replace(last, scores=scores)
    assert (
        cures.sentence(record, "replay")
        == f"Replay stores {said}. Class-incremental accuracy (not told the task) shows it."
    )


def test_what_was_changed_of_a_learner_alone_is_saved_and_holds_for_it_alone(tmp_path: Path) -> None:
    record, path = synthetic.record(), tmp_path / "run.lwfrun"
    record.marks.append(replace(synthetic.live_settings(20, "lr", lr=0.5), learner="lwf"))
    files.save(record, path)
    opened = files.load(path)
    mine, others, whole = (settings_of(opened, name, None) for name in ("lwf", "fine-tune", ""))
    assert mine is not None
    assert others is not None
    assert whole is not None
    assert mine.lr == 0.5
    assert others.lr == whole.lr != 0.5
