"""The panel of results: sorted by a click, copied by another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui.panels.results import Place, ResultsPanel
from lwf_gui.gui.panels.results_layout import arrange, group_names
from lwf_gui.gui.panels.text import DOTS, fitting
from lwf_gui.runs.record import Record
from lwf_gui.runs.results import COLUMNS, results
from lwf_gui.runs.selection import Selection
from tests.gui.shown import shown_panel
from tests.runs import five, synthetic

LABELS = {"fine-tune": "Fine-tuning", "lwf": "LwF"}


def panel_of(qtbot: QtBot, record: Record, size: tuple[int, int] = (700, 300)) -> ResultsPanel:
    panel = shown_panel("results", qtbot, record, size)
    assert isinstance(panel, ResultsPanel)
    return panel


def places(panel: ResultsPanel) -> list[Place]:
    """Return all places, from top to bottom."""
    spots = sorted(panel.spots, key=lambda spot: spot.rect.top())
    return [spot.key for spot in spots if isinstance(spot.key, Place)]


def rows(panel: ResultsPanel) -> list[str]:
    """Return the learners from top to bottom."""
    panel.grab()
    return [place.name for place in places(panel) if place.kind == "figure" and place.column == 0]


def test_a_heading_sorts_by_its_column_and_turns_the_order_when_it_is_chosen_again(qtbot: QtBot) -> None:
    record = synthetic.record()
    panel, found = panel_of(qtbot, record), results(record, Selection())
    assert found is not None
    assert rows(panel) == list(found.rows)
    panel.choose(Place("column", 0))
    assert rows(panel) == found.order(0)
    panel.choose(Place("column", 0))
    assert rows(panel) == found.order(0)[::-1]
    panel.choose(Place("column", 1))
    assert rows(panel) == found.order(1)


def test_the_table_is_copied_in_the_order_that_is_shown(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, synthetic.record())
    for turn in range(2):
        panel.choose(Place("column", 0))
        first, second = rows(panel)
        for form, begin in (("CSV", "learner,"), ("Markdown", "| learner |"), ("LaTeX", "\\begin{tabular}")):
            panel.choose(Place("copy", 0, form))
            text = QApplication.clipboard().text()
            assert text.startswith(begin), turn
            assert text.index(LABELS[first]) < text.index(LABELS[second])


def test_what_copies_stays_where_it_is_once_it_was_clicked(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, synthetic.record())
    before = {spot.key: spot.rect for spot in panel.spots if spot.key.kind == "copy"}  # type: ignore[attr-defined]
    assert len(before) == 3
    panel.choose(Place("copy", 0, "CSV"))
    panel.grab()
    after = {spot.key: spot.rect for spot in panel.spots if spot.key.kind == "copy"}  # type: ignore[attr-defined]
    assert after == before


def test_a_learner_that_costs_next_to_nothing_is_not_said_to_cost_nothing() -> None:
    last = replace(synthetic.evaluated(3), step=30)
    scores = {
        name: replace(score, seconds=4e-4 if name == "fine-tune" else 1.9e-5) for name, score in last.scores.items()
    }
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:-2], replace(last, scores=scores)])
    found = results(record, Selection())
    assert found is not None
    assert (found.rows["fine-tune"][-1][1], found.rows["lwf"][-1][1]) == ("1.0", "0.048")


def test_every_heading_says_its_definition_and_every_figure_its_protocol_and_unit(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, synthetic.record())
    for place in places(panel):
        tip = panel.tip(place)
        if place.kind != "copy":
            assert COLUMNS[place.column].help in tip
        if place.kind == "figure":
            assert COLUMNS[place.column].group in tip
            assert COLUMNS[place.column].unit in tip


def test_of_learners_with_the_same_figure_all_are_the_best() -> None:
    found = results(synthetic.record(), Selection())
    assert found is not None
    worse, better = found.order(0)[::-1]
    assert found.best(0) == found.rows[better][0][1] != found.rows[worse][0][1]
    first, second = ((89.81, "89.8"), *found.rows[better][1:]), ((89.79, "89.8"), *found.rows[worse][1:])
    same = replace(found, rows={better: first, worse: second})
    assert [row[0][1] == same.best(0) for row in same.rows.values()] == [True, True]


def test_all_places_lie_within_the_panel(qtbot: QtBot) -> None:
    for size in ((700, 300), (420, 160), (300, 120)):
        panel = panel_of(qtbot, five.record(), size)
        assert len(panel.spots) > 2 * len(COLUMNS)
        for spot in panel.spots:
            assert panel.rect().adjusted(-1, -1, 1, 1).contains(spot.rect.toAlignedRect()), (size, spot.key)


@pytest.mark.parametrize("width", [330, 384, 460, 700])
def test_no_figure_is_left_out_and_no_heading_is_cut(qtbot: QtBot, width: int) -> None:
    record = five.record()
    last = record.evaluations[-1]
    scores = {name: replace(score, stored_bytes=16_160_000, seconds=2.3e-4) for name, score in last.scores.items()}
    record.evaluations[-1] = replace(last, scores=scores)
    panel = panel_of(qtbot, record, (width, 300))
    found = results(record, Selection())
    assert found is not None
    lay = arrange(QRectF(panel.area), 20, {name: [text for _, text in row] for name, row in found.rows.items()})
    for name, row in found.rows.items():
        for at in lay.headings:
            text, font = lay.figure(at, *row[at], bold=True)
            assert text == row[at][1], (name, at)
            assert QFontMetricsF(font).horizontalAdvance(text) <= lay.box(at, 0).width() + 1
    for at, heading in lay.headings.items():
        assert fitting(QFontMetricsF(lay.font), lay.box(at, 0).width() + 1, heading) == heading
    bold = QFont(lay.font)
    bold.setBold(True)
    for group, box in lay.groups():
        assert DOTS not in fitting(QFontMetricsF(bold), box.width() + 1, *group_names(group))
    assert set(lay.headings) >= set(range(len(COLUMNS) - 1)), "only what another column says too may go"
    assert lay.box(max(lay.headings), 0).right() <= panel.area.right()


def test_a_figure_in_the_narrowest_table_is_shorter_and_not_blank(qtbot: QtBot) -> None:
    found = results(five.record(), Selection())
    assert found is not None
    rows = {name: [text for _, text in row] for name, row in found.rows.items()}
    text, _ = arrange(QRectF(0, 0, 100, 200), 20, rows).figure(4, 16_160.0, "16,160", bold=False)
    assert text == "1.6e4"
