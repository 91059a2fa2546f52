"""The panel of old scores before and now: its plots, tips, choices, and when it shows nothing."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui.panels.responses.panel import ResponsesPanel
from lwf_gui.gui.panels.responses.plot import Place
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection


@pytest.fixture(scope="module")
def run() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def shown(record: Record, width: int = 700, height: int = 260) -> ResponsesPanel:
    panel = ResponsesPanel()
    panel.resize(width, height)
    panel.show_record(record)
    panel.refresh(Selection())
    panel.grab()
    return panel


def places(panel: ResponsesPanel) -> dict[Place, QRectF]:
    """Return where its spots are."""
    return {spot.key: spot.rect for spot in panel.spots if isinstance(spot.key, Place)}


def test_there_is_a_plot_for_each_learner_and_a_name_for_each_level_line(qapp: QApplication, run: Record) -> None:
    panel = shown(run)
    keys = set(places(panel))
    assert {Place("fine-tune"), Place("lwf")} <= keys
    assert {Place("fine-tune", unit) for unit in range(6)} <= keys
    assert Place("lwf", 0) not in keys, "its lines end in one place"
    texts = [each.text for each in panel.written()]
    assert any("% of old differences left" in text for text in texts)
    assert "as before" in texts
    assert "scores of 6 old classes on 300 old probe images" in panel.caption()
    names = [rect for key, rect in places(panel).items() if key.unit >= 0]
    tops = sorted(rect.top() for rect in names)
    assert all(b - a >= names[0].height() - 1 for a, b in itertools.pairwise(tops)), "no name lies on another"


def test_a_name_looks_at_an_image_of_its_class(qapp: QApplication, run: Record) -> None:
    panel, asked = shown(run), list[dict[str, int]]()
    panel.asked.connect(asked.append)
    panel.choose(Place("fine-tune", 2))
    assert run.data is not None
    assert asked == [{"image": run.data.first_image(2)}]
    assert "score of Pullover" in panel.tip(Place("fine-tune", 2))
    assert "Each dot is an old image" in panel.tip(Place("lwf"))


def test_where_not_all_plots_have_room_one_turns_to_the_others(qapp: QApplication, run: Record) -> None:
    panel = shown(run, width=260)
    assert {key.learner for key in places(panel)} == {"fine-tune", ""}
    panel.choose(Place("", 1))
    panel.grab()
    assert "lwf" in {key.learner for key in places(panel)}
    assert "before these" in panel.tip(Place("", -1))


def test_what_became_of_old_scores_is_not_told_while_it_is_guessed(qapp: QApplication, run: Record) -> None:
    panel = shown(run)
    panel.guessed = True
    panel.refresh(Selection())
    assert panel.shown is None
