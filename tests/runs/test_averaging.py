"""The best mixture of two networks: which point it is, who joins the run for it, and why nobody can."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.learners import LONGEST_NAME
from lwf_gui.messages import POINTS, TEACHER
from lwf_gui.runs import averaging, cures
from lwf_gui.runs.averaging import NO_PATH, Offer
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.straight_path import NO_LOOKS, SAME, straight_path
from tests.runs import straight_paths, synthetic


def offered(record: Record, selection: Selection) -> Offer:
    found = averaging.offered(record, selection)
    assert isinstance(found, Offer)
    return found


def with_path(old: list[int], new: list[int], protocol: int = 0) -> Record:
    """Return a run whose way from the old network to fine-tuning has these right answers, in percent."""
    record = straight_paths.record()
    look = record.paths[30]
    for task, along in enumerate((old, new)):
        look.right[0, 0, :, protocol, task] = np.array(along) * look.images[task] // 100
    return record


@pytest.mark.parametrize(
    ("old", "new", "point", "name"),
    [
        ([90, 89, 88, 70, 50, 40, 30, 20, 10], [20, 60, 90, 90, 90, 90, 90, 90, 90], 2, "3/4 old network + 1/4 "),
        ([90, 90, 90, 90, 90, 80, 70, 60, 50], [20, 40, 50, 60, 70, 90, 90, 90, 90], 5, "3/8 old network + 5/8 "),
        ([90, 10, 10, 10, 10, 10, 10, 10, 90], [90, 10, 10, 10, 10, 10, 10, 10, 90], 4, "1/2 old network + 1/2 "),
    ],
    ids=["early", "late", "none is better than the ends: half-way"],
)
@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_best_is_the_mixture_with_the_highest_mean_of_old_and_new_accuracy(
    old: list[int], new: list[int], point: int, name: str, protocol: ProtocolName
) -> None:
    record = with_path(old, new, int(protocol == "class_incremental"))
    found = offered(record, Selection(protocol))
    assert (found.ends, found.point) == ((TEACHER, "fine-tune"), point)
    assert found.spec.name == f"{name}Fine-tuning"
    assert found.spec.method == "average"
    assert dict(found.spec.own) == {"start": TEACHER, "end": "fine-tune", "share": point / (POINTS - 1)}
    assert found.shares == tuple(name.split()[place] for place in (0, 4))


def test_the_ends_are_those_that_are_looked_at_and_known() -> None:
    record = straight_paths.record()
    assert offered(record, Selection(path=("fine-tune", "lwf"))).ends == ("fine-tune", "lwf")
    assert offered(record, Selection(path=("gone", "lwf"))).ends == (TEACHER, "lwf")
    assert offered(record, Selection(path=("lwf", "gone"))).ends == ("lwf", "fine-tune")


def test_where_no_path_is_known_it_is_said_why() -> None:
    assert averaging.offered(Record(), Selection()) == NO_PATH
    assert averaging.offered(synthetic.record(), Selection()) == NO_LOOKS
    assert averaging.offered(straight_paths.record(), Selection(step=0)) == SAME


def test_who_is_there_already_joins_no_second_time() -> None:
    record = straight_paths.record()
    spec = offered(record, Selection()).spec
    assert record.data is not None
    recipe = record.data.recipe.with_settings({"learners": [*record.data.recipe.learners, spec]})
    record.data = replace(record.data, recipe=recipe)
    assert offered(record, Selection()).problem == f"This run has it already: {spec.name}."


def test_a_name_is_never_longer_than_a_learners_may_be() -> None:
    record = straight_paths.record()
    assert record.data is not None
    names = ["a name that has as many letters as it may", "another name that has a lot of letters, to"]
    names = [name[:LONGEST_NAME].strip() for name in names]
    tables = [{"method": "lwf", "name": name} for name in names]
    record.data = replace(record.data, recipe=record.data.recipe.with_settings({"learners": tables}))
    figures = straight_path(straight_paths.record(), Selection())
    assert figures is not None
    called = replace(figures, paths={(names[0], names[1]): next(iter(figures.paths.values()))})
    name = averaging.offer(record, called, (names[0], names[1])).spec.name
    assert len(name) <= LONGEST_NAME
    record.data.recipe.with_settings({"learners": [*tables, {"method": "average", "name": name, "end": names[1]}]})


def test_of_many_tasks_the_old_network_is_the_one_after_task_1() -> None:
    figures = straight_path(straight_paths.record(), Selection())
    assert figures is not None
    many = replace(figures, many=True, tasks=("task 1", "task 3"))
    assert many.called(TEACHER) == "the network after task 1"
    assert " after task 1 + " in averaging.offer(straight_paths.record(), many, (TEACHER, "lwf")).spec.name
    assert figures.called(TEACHER) == "the old network"


def test_a_fork_is_no_end_of_a_mixture() -> None:
    record = straight_paths.record()
    figures = straight_path(record, Selection())
    assert figures is not None
    fork = "lwf+1@30"
    called = replace(figures, paths={(TEACHER, fork): figures.paths[TEACHER, "lwf"]})
    assert "is a fork" in averaging.offer(record, called, (TEACHER, fork)).problem


def test_what_an_average_is_stands_where_others_say_what_they_store() -> None:
    record = straight_paths.record()
    spec = offered(record, Selection()).spec
    assert record.data is not None
    record.data = replace(record.data, recipe=record.data.recipe.with_settings({"learners": ["fine-tune", spec]}))
    said = cures.sentence(record, spec.name)
    assert said == f"{spec.name} is mixed of two networks' weights, at every step anew."


def test_a_later_step_than_that_of_the_walk_is_known() -> None:
    figures = straight_path(straight_paths.record(), Selection(step=15))
    assert figures is not None
    assert figures.step < figures.asked <= 15
