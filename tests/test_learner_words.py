"""What is said of learners that a recipe cannot have, and of a number of seeds."""

from __future__ import annotations

import re

import pytest

from lwf_gui import InputError
from lwf_gui.method_rows import BUILT_IN
from lwf_gui.method_rows.row import MOST_PLAIN
from lwf_gui.recipe import compose
from lwf_gui.runs.seeds import table


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ('["ewcc"]', "there is no ewcc (did you mean ewc?): fine-tune, lwf"),
        ("ewc,si", 'a list in brackets: ["ewc", "si"]'),
        ('[{method="si", strength=1e9}]', "a strength in the range of the setting si.strength, 0 to 10,000"),
        (
            '[{method="lwf-ldc", backbone_rate=0}]',
            "a backbone_rate in the range of the setting lwf_ldc.backbone_rate, above 0 to 1",
        ),
        ('[{method="lwf-ldc", mixed=2.5}]', "setting lwf_ldc.mixed, a whole number from 0 to 200,000"),
        ('[{method="lwf-ldc", features="both"}]', "setting lwf_ldc.features, conv or fc or fc+conv"),
    ],
)
def test_a_learner_that_cannot_be_is_named_with_what_can_be(told: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        compose("classroom", [f"learners={told}"])


def test_of_two_seeds_no_interval_is_wider_than_all_there_is_and_no_heading_than_a_terminal() -> None:
    def run(average: float) -> dict[str, object]:
        both = {"task_aware": average, "class_incremental": average}
        figures = {key: {"average": value} for key, value in both.items()}
        return {"learners": {"lwf": {**figures, "forgetting": both, "stored_bytes": 0}}}

    heading, rows = table([run(0.5), run(0.9)])
    assert rows[0][1] == "70.0 ± -"
    assert max(len(line) for head in heading for line in head.split("\n")) <= 12


def test_every_method_says_in_a_few_plain_words_what_it_does() -> None:
    for row in BUILT_IN:
        assert 0 < len(row.plain) <= MOST_PLAIN, row.name
        assert row.plain[-1].isalpha(), "words, no sentence"
