"""The run in two sentences: of every moment, protocol and kind of run, with the points of the cards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lwf_gui.messages import Evaluated, PhaseStarted, Probe
from lwf_gui.runs import shown
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.story import Story, story
from lwf_gui.runs.story_told import Way
from tests.runs import five, synthetic, test_divergence

NAMES = ("A", "B", "C", "D", "E")


def told(record: Record, step: int | None = None, protocol: ProtocolName = "task_aware") -> str:
    found = story(record, Selection(step=step, protocol=protocol))
    assert found is not None
    return found.words(NAMES)


def text(way: Way) -> str:
    return "".join(f"[{piece.task}]" if piece.task >= 0 else piece.text for piece in way)


def test_there_is_no_story_before_anything_is_known() -> None:
    assert story(Record(), Selection()) is None


def test_points_are_those_of_the_cards_and_of_the_same_images() -> None:
    record = synthetic.record()
    for protocol in ("task_aware", "class_incremental"):
        for step in (10, 30):
            said = told(record, step, protocol)
            for learner in ("fine-tune", "lwf"):
                card = card_of(record, learner, Selection(step=step, protocol=protocol))
                assert card.change is not None
                assert shown.digits(abs(card.change), card.counts[0]) in said, (protocol, step, learner)


def test_it_tells_the_time_of_what_it_tells() -> None:
    record = synthetic.record()
    assert told(record, -4).startswith("One network learns 3 digits (A); copies of it will learn 2 new ones.")
    assert "now two copies of it learn 2 new ones (B)" in told(record, 10)
    assert "then two copies of it learned 2 new ones (B)" in told(record)
    assert told(record, 0).endswith("nothing is forgotten yet.")


@pytest.mark.parametrize(
    ("protocol", "clause"), [("task_aware", "3 old digits: "), ("class_incremental", "5 digits: ")]
)
def test_the_protocol_is_said_in_plain_words_in_every_wording(protocol: ProtocolName, clause: str) -> None:
    found = story(synthetic.record(), Selection(protocol=protocol))
    assert found is not None
    for way in found.forgotten:
        assert clause in text(way)


def test_kinds_are_called_as_people_call_them() -> None:
    record = synthetic.record()
    assert record.data is not None
    clothes = replace_data(record, "fashion-mnist")
    assert "3 kinds of clothes" in told(clothes)
    assert "among the 3 old kinds" in told(clothes)
    assert "3 classes" in told(replace_data(record, "holiday"))


def replace_data(record: Record, dataset: str) -> Record:
    assert record.data is not None
    _ready, *rest = [*synthetic.task1(), *synthetic.task2()]
    return synthetic.record([replace(record.data, dataset=dataset), *rest])


def test_wordings_get_shorter_and_the_last_ones_are_short() -> None:
    found = story(synthetic.record(), Selection())
    assert found is not None
    assert len(text(found.learnt[-1])) < 40
    assert len(text(found.learnt[0])) > 2 * len(text(found.learnt[-1]))
    assert min(len(text(way)) for way in found.forgotten) < len(text(found.forgotten[0]))


def of_learners(*names: str) -> Story:
    """Return the story of a run of these, each of which forgot five points more than the one before."""
    recipe = synthetic.RECIPE.with_settings({"learners": list(names)})
    count, end = len(names), synthetic.TASK2_STEPS
    scores = [
        {name: synthetic.score(0.9 - epoch * 0.05 * place, 0.3 * epoch) for place, name in enumerate(names)}
        for epoch in (0, 1)
    ]
    record = synthetic.record(
        [
            synthetic.data_ready(recipe),
            *synthetic.task1()[1:],
            PhaseStarted(1, "incremental", names, end, (end,), layers=synthetic.LAYERS),
            Probe(1, "incremental", 0, synthetic.logits(count, 1), synthetic.teacher(1)),
            Evaluated(1, 1, 0, 0, scores[0]),
            synthetic.steps("incremental", 1, end, count, 1.0),
            Probe(1, "incremental", end, synthetic.logits(count, 2), synthetic.teacher(2)),
            Evaluated(1, 1, 1, end, scores[1]),
        ]
    )
    found = story(record, Selection())
    assert found is not None
    return found


def test_of_many_learners_the_ends_are_told_and_of_few_all() -> None:
    few = of_learners("fine-tune", "lwf", "ewc")
    assert text(few.forgotten[0]).endswith(
        "Fine-tuning forgot nothing, LwF forgot 5.0 of 90.0 points, EWC forgot 10.0 points."
    )
    assert text(few.forgotten[-1]).endswith("forgot nothing (the least), EWC forgot 10.0 points (the most).")
    many = of_learners("fine-tune", "lwf", "ewc", "si", "mas", "joint")
    assert text(many.forgotten[0]).endswith(
        "Fine-tuning forgot nothing (the least), Joint training forgot 25.0 of 90.0 points (the most)."
    )
    assert "six copies of it" in text(many.learnt[0])
    assert all(piece.learner in ("", "fine-tune", "joint") for way in many.forgotten for piece in way)


def test_one_learner_and_one_that_sees_old_images_again_are_told_as_such() -> None:
    alone, again = of_learners("lwf"), of_learners("lwf", "replay")
    assert "a copy of it learned 2 new ones" in text(alone.learnt[0])
    assert text(alone.learnt[0]).endswith("without seeing the old again.")
    assert "without" not in text(again.learnt[0]), "old images come again"


def test_what_all_forgot_is_said_once() -> None:
    found = of_learners("lwf", "fine-tune")
    both = text(story_of_two().forgotten[0])
    assert "forgot nothing" in text(found.forgotten[0])
    assert both.count("forgot") == 1
    assert both.count("points") == 1
    assert " of " in both


def story_of_two() -> Story:
    found = story(synthetic.record(), Selection())
    assert found is not None
    return found


def test_many_tasks_are_told_one_after_another_with_the_one_that_is_learnt() -> None:
    record = five.record()
    during, after = (story(record, Selection(step=step)) for step in (5, None))
    assert during is not None
    assert after is not None
    assert "[0], then each of two copies of it learned one after another [1] \N{RIGHTWARDS ARROW} [2]" in text(
        during.learnt[0]
    )
    assert ", now task 2." in text(during.learnt[0])
    assert "now" not in text(after.learnt[0])
    assert "the task of each image" in text(after.forgotten[0])


def test_a_learner_that_diverged_is_told_as_such() -> None:
    found = story(test_divergence.diverged(), Selection())
    assert found is not None
    said = text(found.forgotten[0])
    assert "diverged at step " in said
    assert "nan" not in said


def because(story: Story) -> str:
    return text(story.because[0]) if story.because else ""


def test_why_it_was_forgotten_is_said_of_who_forgot_and_of_who_held_on() -> None:
    found = story(synthetic.record(), Selection())
    assert found is not None
    assert because(found) == (
        "Why: learning the new changes weights that the old answers need, too. Fine-tuning is held by nothing. "
        "LwF must also keep old scores apart as before."
    )
    assert {piece.learner for way in found.because[1:] for piece in way} == {"", "fine-tune", "lwf"}
    assert {piece.learner for piece in found.because[-1]} == {"", "lwf"}, "in few words only who held on"
    assert because(of_learners("lwf", "fine-tune")) == "", "five points may be chance"
    alone = of_learners("lwf", "ewc", "fine-tune")
    assert "Fine-tuning is held by nothing" in because(alone)
    assert "EWC spares weights that mattered" in because(alone)


def test_what_held_the_old_answers_is_said_method_by_method_and_whether_it_was_enough() -> None:
    found = of_learners("replay", "slda", "lwf", "fine-tune")
    said = because(found)
    assert "Replay sees old images again." in said
    assert "SLDA leaves its shared part as it is and says whose average is nearest." in said
    assert "LwF must also keep old scores apart as before: not enough here." in said, "it forgot ten points"
    assert said.endswith("Fine-tuning is held by nothing.")


def test_who_is_told_the_task_shows_what_is_left_where_it_is_not() -> None:
    found = story(synthetic.record(), Selection(protocol="class_incremental"))
    assert found is not None
    assert "new scores rise and old ones sink" in because(found), (
        "both forgot under either protocol, or neither clearly"
    )
    assert "Told the task" not in because(found)
    record = synthetic.record()
    last = record.evaluations[-1]
    scores = {name: replace(score, class_incremental=synthetic.right(0.0, 0.9)) for name, score in last.scores.items()}
    record.evaluations[-1] = replace(last, scores=scores)
    found = story(record, Selection(protocol="class_incremental"))
    assert found is not None
    assert because(found).endswith("Told the task, LwF forgot 3.0 points: what it knew is there, but drowned.")
    assert text(found.because[-1]) == "Why: new answers drown the old; told the task, LwF forgot 3.0 points."


def test_nothing_is_explained_that_did_not_happen() -> None:
    record = synthetic.record()
    for step in (-4, 0):
        found = story(record, Selection(step=step))
        assert found is not None
        assert not found.because


def test_a_network_mixed_of_two_is_told_as_such_and_not_as_the_one_that_held_on() -> None:
    found = of_learners("average", "lwf", "ewc", "fine-tune")
    assert "Average is mixed of two networks." in because(found)
    assert "EWC spares weights that mattered: not enough here." in because(found)
    assert {piece.learner for piece in found.because[-1] if piece.learner} == {"lwf"}
