"""Figures in a lesson's words are those of the run that is shown, at the moment that the words are about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lwf_gui.messages import DataReady, Evaluated, Message, PhaseStarted
from lwf_gui.methods import DEFAULT_LEARNERS, METHODS
from lwf_gui.runs import figures, shown
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.figures import fault, inline, told, value
from lwf_gui.runs.glimpse import Glimpse, sample, source
from lwf_gui.runs.panel_tokens import OF_PANELS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.scenario import Scenario
from tests.runs import synthetic

END = Glimpse(synthetic.record(), Selection(step=30))


@pytest.mark.parametrize("learner", synthetic.LEARNERS)
@pytest.mark.parametrize("step", [0, 10, 15, 30])
@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_a_learners_figures_are_those_of_its_card(learner: str, step: int, protocol: str) -> None:
    selection = Selection(protocol=protocol, step=step)  # type: ignore[arg-type]
    glimpse = Glimpse(END.record, selection)
    card, taken = card_of(END.record, learner, selection), sample(glimpse)
    assert taken is not None
    assert card.old is not None
    assert card.new is not None
    assert card.expansion_old is not None
    assert (taken.old, taken.new) == ((1200, 80) if step != 15 else (24, 16))
    assert value(f"{learner}.old", glimpse) == shown.percent(card.old, taken.old)
    assert value(f"{learner}.new", glimpse) == shown.percent(card.new, taken.new)
    change = shown.difference(card.old, card.expansion_old, taken.old)
    said = value(f"{learner}.change", glimpse)
    assert said is not None
    assert said == "has lost nothing" if not change else said.endswith(shown.points(change, taken.old))
    assert ("lost" in said) == (change <= 0)


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("fine-tune.old", "30.0 %"),
        ("fine-tune.change", "has lost 60.0 points"),
        ("fine-tune.old at expansion", "90.0 %"),
        ("fine-tune.old at epoch 1", "70.0 %"),
        ("fine-tune.old at step 10", "70.0 %"),
        ("lwf.old at end", "87.0 %"),
        ("lwf.old class-incremental", "77.0 %"),
        ("lwf.old class-incremental at expansion", "80.0 %"),
        ("teacher.old", "95.0 %"),
        ("guess", "33 %"),
        ("step", "30"),
        ("pictures", "480"),
        ("pictures at step 15", "240"),
        ("teacher.steps", "20"),
        ("old.count", "3"),
        ("new.count", "2"),
        ("old.names", "a, b and c"),
        ("new.names", "d and e"),
        ("old.images", "160"),
        ("passes", "3"),
        ("alpha", "1"),
        ("alpha at epoch 1", "1"),
        ("alpha at step 15", "2"),
        ("data", "digits"),
    ],
)
def test_token_stands_for_what_the_run_says(token: str, text: str) -> None:
    assert fault(f"{{{token}}}") == ""
    assert value(token, END) == text


def test_every_token_has_a_figure_in_a_whole_run() -> None:
    glimpse = replace(END, before=END.record)
    elsewhere = tuple(f"{method}." for method in METHODS if method not in DEFAULT_LEARNERS)
    names = (name for name in figures.names() if name.rpartition(".")[2] not in OF_PANELS)
    for name in (each for each in names if not each.startswith(elsewhere)):
        assert value(name, glimpse), name
        assert value(f"{name} before", glimpse), name


def test_teachers_opinion_is_named_from_the_likeliest_class_on_and_softer_at_a_higher_temperature() -> None:
    sharp, soft = (
        value("teacher.says", replace(END, selection=Selection(step=30, image=1, temperature=t))) for t in (0.5, 50.0)
    )
    assert sharp is not None
    assert soft is not None
    assert int(sharp.split()[1]) > int(soft.split()[1])
    assert sorted(part.split()[0] for part in soft.split(", ")) == ["a", "b", "c"]


def named() -> Record:
    """Return a whole run of a learner whose name has spaces and a dot, which stores something from its end on."""
    learners = [{"method": "replay", "name": "Replay v. 20"}, "lwf"]
    told = list[Message]()
    for message in [*synthetic.task1(), *synthetic.task2()]:
        if isinstance(message, DataReady):
            message = replace(message, recipe=message.recipe.with_settings({"learners": learners}))
        elif isinstance(message, PhaseStarted) and message.phase == "incremental":
            message = replace(message, learners=("Replay v. 20", "lwf"))
        elif isinstance(message, Evaluated):
            one, other = message.scores.values()
            kept = replace(one, stored_bytes=94_200 if message.epoch else 0)
            message = replace(message, scores={"Replay v. 20": kept, "lwf": replace(other, stored_bytes=16_040_000)})
        told.append(message)
    return synthetic.record(told)


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("Replay v. 20.old", "30.0 %"),
        ("Replay v. 20.old at epoch 1", "70.0 %"),
        ("Replay v. 20.old class-incremental at end", "20.0 %"),
        ("Replay v. 20.stored", "94 KB"),
        ("Replay v. 20.stored at expansion", "nothing"),
        ("lwf.stored", "16.0 MB"),
        ("lwf.stored at step 15", None),  # nothing was tested there, nor counted
        ("Replay v. 20.odl", None),
        ("Replay.old", None),
    ],
)
def test_a_learner_with_a_name_of_its_own_has_figures_by_that_name(token: str, text: str | None) -> None:
    assert value(token, Glimpse(named(), Selection(step=30))) == text
    assert (fault(f"{{{token}}}", ["Replay v. 20"]) == "") is (text is not None or "step 15" in token)
    assert fault(f"{{{token}}}") or token.startswith("lwf")


def test_learners_are_told_apart_by_the_run_that_a_text_means() -> None:
    text = "{lwf.old} of {teacher.old}, {Replay v. 20.stored at end}, {joint.new task-aware before}, {guess}"
    assert list(figures.learners_in(text)) == ["lwf", "Replay v. 20"]
    assert list(figures.learners_in(text, before=True)) == ["joint"]


def test_sentence_without_its_figure_is_left_out() -> None:
    text = "First. Then {lwf.old at end}. And so on."
    assert told(text, END) == ("First. Then 87.0 %. And so on.", True)
    early = Glimpse(synthetic.up_to_step(10), Selection(step=10))
    assert told(text, early) == ("First. And so on.", False)
    assert told(text, Glimpse(Record(), Selection())) == ("First. And so on.", False)
    assert inline("Is it {lwf.old}?", Glimpse(Record(), Selection())) == "Is it (not known yet)?"


def test_nothing_is_told_of_learners_before_the_run_is_where_the_words_are_about() -> None:
    waiting = END.unreached()
    assert (value("lwf.old", waiting), value("teacher.says", waiting), source(waiting)) == (None, None, ())
    assert (value("step", waiting), value("pictures", waiting), value("old.count", waiting)) == (None, None, "3")
    assert value("lwf.old at epoch 1", waiting) == "89.0 %"


def test_what_follows_a_figure_that_is_still_to_come_is_not_told_before_it() -> None:
    waiting = END.unreached()
    assert told("Of {old.count} kinds. Then {lwf.old}. So it forgets.", waiting) == ("Of 3 kinds.", False)
    assert told("The end: {passes} passes over {old.images}. Forgotten.", waiting) == ("", False)


def test_figure_of_the_run_before_is_of_its_end() -> None:
    assert value("lwf.old before", Glimpse(synthetic.up_to_step(10), Selection(step=10))) is None
    both = Glimpse(synthetic.up_to_step(10), Selection(step=0), END.record)
    assert (value("lwf.old before", both), value("lwf.old", both)) == ("87.0 %", "90.0 %")


def test_source_names_protocol_step_images_and_data() -> None:
    longest, *shorter = source(END)
    assert longest == "Figures: task-aware, step 30, all 1,200 old and 80 new test images of digits"
    assert source(replace(END, selection=Selection(step=15)))[0].endswith(
        "step 15, 24 old and 16 new probe images of digits"
    )
    assert [len(text) for text in shorter] == sorted((len(text) for text in shorter), reverse=True)


@pytest.mark.parametrize(
    "text",
    ["{lwf.old.__class__}", "{0}", "{lwf.old!r}", "{lwf.old:>99999}", "{{lwf.old}}", "{", "}", "{lwf.old", "{old}"],
)
def test_what_is_no_token_of_the_table_is_named_and_never_run(text: str) -> None:
    assert fault(text)
    assert inline(text, END).count("<") == 0


def test_many_classes_are_counted() -> None:
    data = synthetic.data_ready()
    record = Record()
    record.apply(replace(data, classes=tuple(f"k{n}" for n in range(20)), scenario=Scenario((12, 8))))
    assert value("old.names", Glimpse(record, Selection())) == "k0, k1, k2, k3, k4, k5, k6, k7 and 4 others"
