"""The panel of straight paths: ends, points, words, with little room and much type."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.straight_path import StraightPathPanel, words
from lwf_gui.gui.panels.straight_path.place import Place
from lwf_gui.messages import POINTS, TEACHER
from lwf_gui.numbers import round_up
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.straight_path import NO_LOOKS
from tests.gui.shown import click, picture, require_empty, require_no_looks, scale_type, shown_panel, with_learners
from tests.runs import straight_paths, synthetic

SIZES = [(240, 150), (300, 180), (390, 330), (620, 190), (400, 600), (1200, 800)]


def shown(qtbot: QtBot, record: Record | None = None, size: tuple[int, int] = (900, 500)) -> StraightPathPanel:
    panel = shown_panel("straight_path", qtbot, straight_paths.record() if record is None else record, size)
    assert isinstance(panel, StraightPathPanel)
    return panel


def points(panel: StraightPathPanel) -> list[int]:
    keys = [spot.key for spot in panel.spots if isinstance(spot.key, Place)]
    return sorted(key.number for key in keys if key.kind == "point")


def test_before_task_2_it_says_what_will_be_here(qtbot: QtBot) -> None:
    require_empty(shown(qtbot, Record()))


def test_a_run_without_looks_says_what_to_do(qtbot: QtBot, drawn: list[str]) -> None:
    require_no_looks(shown(qtbot, synthetic.record()), drawn, NO_LOOKS)


def test_it_begins_at_the_old_network_and_at_the_best_point(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    assert panel.ends == (TEACHER, "fine-tune")
    path = panel.path
    assert panel.point == max(range(POINTS), key=lambda point: path.old[point] + path.new[point])
    assert any(text.startswith(f"● Old task {path.old[panel.point]:.1f} %") for text in drawn)
    assert any(text.endswith(f"{path.old[path.best]:.1f} % and {path.new[path.best]:.0f} %") for text in drawn)


def test_clicks_choose_the_ends_which_never_are_one(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    click(panel, Place("to", "lwf", 1))
    assert panel.ends == (TEACHER, "lwf")
    click(panel, Place("from", "fine-tune", 1))
    assert panel.ends == ("fine-tune", "lwf")
    click(panel, Place("to", "fine-tune", 1))
    assert panel.ends == (TEACHER, "fine-tune")


def test_left_and_right_walk_along_the_path_and_tell_both_accuracies(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Right)  # where one stands
    start = panel.point
    for step in (1, 2):
        QTest.keyClick(panel, Qt.Key.Key_Right)
        panel.grab()
        assert panel.point == start + step
    QTest.keyClick(panel, Qt.Key.Key_Left)
    drawn.clear()
    panel.grab()
    assert panel.point == start + 1
    old, new = f"{panel.path.old[start + 1]:.1f} %", f"{panel.path.new[start + 1]:.0f} %"
    assert f"● Old task {old}   ■ new task {new}" in drawn
    assert f"old task: {old}" in panel.accessibleName().lower()


def test_the_switch_shows_losses(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    drawn.clear()
    click(panel, Place("switch"))
    assert any("nats" in text for text in drawn if text.startswith("●"))
    assert "loss over all classes seen" in panel.accessibleDescription()
    assert "nats" in panel.tip(Place("switch"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (straight_paths.HOLDS[0], straight_paths.HOLDS[1], "No point of the way to Fine-tuning falls below 89.0 %"),
        (straight_paths.FORGETS[0], straight_paths.FORGETS[1], "the mixture of both networks is better than either"),
        (
            np.array([90, 80, 70, 60, 40, 60, 70, 80, 91]),
            np.full(9, 50),
            "Half-way from the old network to Fine-tuning",
        ),
        (np.linspace(90, 20, 9), np.linspace(20, 90, 9), "the old task falls from 90.0 % to 20.0 %"),
    ],
)
def test_the_verdict_is_computed(qtbot: QtBot, old: np.ndarray, new: np.ndarray, said: str) -> None:
    record = straight_paths.record()
    look = record.paths[30]
    for task, along in enumerate((old, new)):
        look.right[0, 0, :, 0, task] = np.floor(along / 100 * look.images[task])
    panel = shown(qtbot, record)
    assert said in words.verdict(panel.shown, panel.ends, loss=False)[0]


def test_a_path_that_was_walked_earlier_says_so(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    key = Place("to", "lwf")
    assert "the last ones before step" not in panel.tip(key)
    panel.refresh(Selection(step=15))
    assert "the last ones before step 15 are these." in panel.tip(key)
    panel.describe()
    assert "the last ones before step 15 are these." in panel.accessibleDescription()


def test_of_more_than_two_tasks_it_is_said_which_network_is_the_old_one(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    panel.shown = replace(panel.shown, many=True, tasks=("task 1", "task 3"))
    drawn.clear()
    panel.grab()
    assert "from Network after task 1" in drawn
    assert not [text for text in drawn if "ld network" in text]
    assert "the network after task 1" in panel.sentence()


def test_the_key_says_which_mixture_is_best_by_what_and_why_it_cannot_join(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    assert "Average the two networks" in drawn
    said, path = panel.tip(Place("average")), panel.path
    assert "the highest mean of old and new accuracy, task-aware: 5/8 of the old network and 3/8 of Fine-tuning" in said
    assert panel.offer.point == 3
    assert f"Its mean is {path.mean(3):.0f} % (old task {path.old[3]:.1f} %, new task {path.new[3]:.0f} %)" in said
    assert "run this one to its end first" in said or "Undo (Ctrl+Z)" in said


def test_a_barrier_is_told_of_losses(qtbot: QtBot) -> None:
    record = straight_paths.record()
    panel = shown(qtbot, record)
    assert "no barrier" in words.verdict(panel.shown, (TEACHER, "lwf"), loss=True)[0]
    told = words.verdict(panel.shown, ("fine-tune", "lwf"), loss=True)[0]
    assert f"{max(panel.shown.paths['fine-tune', 'lwf'].losses[1]):.3f} nats" in told or "barrier lies" in told


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("loss", [False, True])
def test_every_part_lies_within_the_panel_and_apart(
    qtbot: QtBot, drawn: list[str], size: tuple[int, int], scale: float, colours: theme.Theme, loss: bool
) -> None:
    scale_type(scale)
    panel = shown(qtbot, size=size)
    panel.set_theme(colours)
    if loss:
        panel.choose(Place("switch"))
    for end in ("fine-tune", "lwf"):
        panel.choose(Place("to", end))
        drawn.clear()
        assert not picture(panel).isNull()
        assert panel.failure is None
        inside = panel.area.adjusted(-1, -1, 1, 1)
        assert points(panel) == list(range(POINTS))
        keys = [spot.key for spot in panel.spots if isinstance(spot.key, Place)]
        assert {key.kind for key in keys} == {"from", "to", "switch", "point", "average"}
        assert all(panel.tip(key).endswith(".") for key in keys)
        for number, spot in enumerate(panel.spots):
            assert inside.contains(spot.rect), spot
            within = spot.rect.adjusted(1, 1, -1, -1)
            assert not any(within.intersects(other.rect) for other in panel.spots[number + 1 :]), spot
        assert not [text for text in drawn if "…" in text]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_four_learners_and_all_their_pairs_can_be_reached(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    scale_type(scale)
    record = with_learners(4)
    record.apply(straight_paths.look(30, tested=True, learners=4))
    panel = shown(qtbot, record, size)
    seen = set()
    for _ in range(4):
        for _ in range(4):
            seen.add(panel.ends)
            (after,) = [
                s.key for s in panel.spots if isinstance(s.key, Place) and (s.key.kind, s.key.number) == ("from", 1)
            ]
            click(panel, after)
        panel.choose(Place("from", TEACHER))
        panel.grab()
        (after,) = [s.key for s in panel.spots if isinstance(s.key, Place) and (s.key.kind, s.key.number) == ("to", 1)]
        click(panel, after)
    assert len(seen) == 16
    assert all(start != end for start, end in seen)


def test_where_learners_are_not_paired_all_paths_begin_at_the_old_network(qtbot: QtBot) -> None:
    record = with_learners(4)
    look = straight_paths.look(30, tested=True, learners=4)
    record.apply(replace(look, right=look.right[:1], loss=look.loss[:1]))
    panel = shown(qtbot, record)
    assert all(panel.shown.starts(learner) == (TEACHER,) for learner in panel.shown.ends)
    assert not [spot for spot in panel.spots if isinstance(spot.key, Place) and spot.key[::2] == ("from", 1)]


@pytest.mark.parametrize(("value", "top"), [(0.0, 1.0), (0.03, 0.05), (1.0, 1.0), (15.6, 20.0), (float("inf"), 1.0)])
def test_the_axis_of_losses_ends_at_a_round_number(value: float, top: float) -> None:
    assert round_up(value) == pytest.approx(top)
