"""What runs with other seeds add to cards, table and story, against numbers computed apart; which run is repeated."""

from __future__ import annotations

import statistics
from dataclasses import replace

import pytest

from lwf_gui.messages import Failed, LearnerScore, LiveSettingsApplied, Stopped
from lwf_gui.runs import card_words
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.results import COLUMNS, results
from lwf_gui.runs.seed_set import next_seeds, shown_set, why_no_more, with_seed
from lwf_gui.runs.seed_verdict import against_first, verdict_text
from lwf_gui.runs.seed_words import seeds_at, table_spread
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story import story
from tests.runs import synthetic
from tests.runs.test_seed_set import OLD, by_hand, run, runs

SHOWN, *OTHERS = runs()
ALL = Selection(seeds=tuple(OTHERS))


def test_card_tells_the_middle_of_the_seeds_at_the_end_alone() -> None:
    card = card_of(SHOWN, "fine-tune", ALL)
    assert card.seeds is not None
    values = [100 * right / 1200 for right in OLD["fine-tune"]]
    assert card.seeds.low == pytest.approx(by_hand(values, 0.025))
    assert card.seeds.high == pytest.approx(by_hand(values, 0.975))
    assert card_words.samples(card)[0] == f"5 seeds: {card.seeds.low:.1f} to {card.seeds.high:.1f} %"
    assert card_of(SHOWN, "fine-tune", Selection(step=10, seeds=tuple(OTHERS))).seeds is None
    assert card_of(SHOWN, "fine-tune", Selection()).seeds is None


def test_table_tells_the_middle_of_each_accuracy_below_it() -> None:
    found = table_spread(SHOWN, ALL)
    of_each = [results(each, Selection()) for each in (SHOWN, *OTHERS)]
    assert set(found) == {"fine-tune", "lwf"}
    for at, text in found["fine-tune"].items():
        values = [table.rows["fine-tune"][at][0] for table in of_each if table is not None]
        low, high = (float(end) for end in text.split("\N{EN DASH}"))
        half = 0.501 if "." not in text else 0.051  # of the last digit that is shown
        assert low == pytest.approx(by_hand(values, 0.025), abs=half)
        assert high == pytest.approx(by_hand(values, 0.975), abs=half)
        assert COLUMNS[at].unit in ("%", "points")
    assert table_spread(SHOWN, Selection(step=10, seeds=tuple(OTHERS))) == {}


def test_story_says_whether_it_is_luck() -> None:
    told = story(SHOWN, ALL)
    assert told is not None
    assert told.luck[-1] == (), "where there is no room it is left out"
    apart = [100 * (one - two) / 1200 for one, two in zip(OLD["lwf"], OLD["fine-tune"], strict=True)]
    words = "".join(piece.text for piece in told.luck[0])
    half = 2.776 * statistics.stdev(apart) / 5**0.5
    mean = statistics.fmean(apart)
    assert words == (
        f"5 seeds: LwF keeps {mean:.1f} points more than Fine-tuning (95 % interval: {mean - half:.1f} to "
        f"{mean + half:.1f}): more than luck. "
    )
    without = story(SHOWN, Selection())
    assert without is not None
    assert without.luck == ()


def test_runs_are_compared_once_for_all_that_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    first = shown_set(SHOWN, ALL)
    monkeypatch.setattr("lwf_gui.runs.seed_set.set_of", lambda *_: pytest.fail("compared again"))
    assert shown_set(SHOWN, ALL) is first
    assert seeds_at(SHOWN, ALL) is first


def test_next_seeds_leave_out_those_that_there_are() -> None:
    assert next_seeds(run(2), [run(3), run(0)], 3) == (4, 5, 6)


def test_recipe_of_another_seed_has_the_settings_that_the_learners_began_with() -> None:
    assert with_seed(SHOWN, 7).changes_from(SHOWN.data.recipe) == ("seed",)  # type: ignore[union-attr]


def untouched() -> Record:
    """Return a run that nobody changed while it trained."""
    told = (*synthetic.task1(), *synthetic.task2())
    return synthetic.record([message for message in told if not isinstance(message, LiveSettingsApplied)])


def test_it_is_said_why_a_run_is_not_repeated() -> None:
    assert why_no_more(untouched()) == ""
    assert "changed while it trained (alpha 1 to 2 at step 10)" in why_no_more(SHOWN)
    assert "no run" in why_no_more(synthetic.record([]))
    stopped, failed = untouched(), untouched()
    stopped.outcome = Stopped(0)
    failed.outcome = Failed(0, "It broke.", "", bad_input=False)
    assert "stopped" in why_no_more(stopped)
    assert "failed" in why_no_more(failed)


def test_a_difference_that_is_the_same_in_every_seed_is_no_matter_of_luck() -> None:
    same = [run(seed) for seed in range(3)]
    for each in same:
        scores = {name: LearnerScore((600, 60), (0, 40), ()) for name in ("fine-tune", "lwf")}
        each.evaluations[-1] = replace(each.evaluations[-1], scores=scores)
    told = story(same[0], Selection(seeds=tuple(same[1:])))
    assert told is not None
    assert "".join(piece.text for piece in told.luck[0]) == "3 seeds: LwF keeps as much as Fine-tuning in every seed. "
    (found,) = against_first(same, "old", "class_incremental")
    assert verdict_text(found) == (
        "LwF gets as much as Fine-tuning of the old task right in every seed, class-incremental, all test images "
        "(3 seeds)."
    )


def test_less_than_the_last_digit_is_not_nothing() -> None:
    shown = run(0)
    for place, told in enumerate(shown.evaluations):
        right = 2 if told is shown.evaluations[-1] else 3  # of 1,200, which is 0.2 % both times
        scores = {name: LearnerScore((right, 60), (right, 40), ()) for name in told.scores}
        shown.evaluations[place] = replace(told, scores=scores)
    found = story(shown, Selection())
    assert found is not None
    assert "LwF forgot less than 0.1 points" in "".join(piece.text for piece in found.forgotten[-1])
