"""The panel of pinned runs: their table in any size, its words, its spots and its copies."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.compare import ComparePanel
from lwf_gui.gui.panels.compare.place import Place
from lwf_gui.gui.panels.compare.plan import HEADING
from lwf_gui.gui.panels.compare.words import run_ways
from lwf_gui.gui.panels.text import DOTS
from lwf_gui.runs.compared import Run
from lwf_gui.runs.pins import Pins
from lwf_gui.runs.record import Record
from tests.gui.shown import click, place, scale_type, shown_panel, with_learners
from tests.runs import five, synthetic
from tests.runs.test_pins import pins_of, run, with_scores

SIZES = [(240, 150), (300, 180), (390, 330), (620, 190), (400, 600), (1200, 800)]
PINS = (("lwf.alpha=5",), ("lwf.alpha=0.5", "task2.lr=0.002", "train.batch_size=32"), ())


def three() -> Pins:
    """Return three pinned runs, one of another seed alone."""
    return pins_of(run(*PINS[0]), run(*PINS[1]), run(seed=3))


def shown(qtbot: QtBot, pins: Pins, record: Record | None = None, size: tuple[int, int] = (800, 400)) -> ComparePanel:
    panel = shown_panel("compare", qtbot, run() if record is None else record, size, pins=pins)
    assert isinstance(panel, ComparePanel)
    return panel


@pytest.mark.parametrize("record", [Record(), run()], ids=["no run", "a run"])
def test_without_pins_it_says_how_to_pin(qtbot: QtBot, drawn: list[str], record: Record) -> None:
    panel = shown(qtbot, (), record)
    panel.describe()
    assert any("press I" in text for text in drawn)
    assert "press I" in panel.accessibleDescription()
    assert panel.spots == []


def test_the_only_pinned_run_is_not_compared_with_itself(qtbot: QtBot, drawn: list[str]) -> None:
    record = run()
    panel = shown(qtbot, pins_of(record), record)
    panel.describe()
    assert any("pinned as A, and no other one" in text for text in drawn)
    assert "pinned as A" in panel.accessibleDescription()
    assert panel.headings()[0] == "no other run is pinned"


def test_figures_and_signed_differences_stand_in_the_table(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, pins_of(synthetic.up_to_step(20)), synthetic.record())
    assert {"shown", "A", "30.0", "70.0", "-40.0"} <= set(drawn)
    assert any(text.startswith(HEADING.format(letter="A")) for text in drawn)
    assert "epoch 1 of 3" in panel.tip(Place("run", "A"))
    tip = panel.tip(Place("figure", "A", "fine-tune", 0))
    assert "70.0 %, task-aware, 1,200 test images; the shown run is 40.0 points lower" in tip
    assert "luck" in tip
    panel.describe()
    assert "Fine-tuning, old: shown 30.0 %, A 70.0 % (shown minus A: -40.0 points)" in panel.accessibleDescription()


def test_a_pinned_runs_line_says_what_differs_and_what_that_did_to_the_old_task(qtbot: QtBot, drawn: list[str]) -> None:
    record = with_scores(run(), 3, fine_tune=((600, 40), (300, 60)), lwf=((900, 48), (400, 8)))
    other = with_scores(run("lwf.alpha=5"), 3, fine_tune=((605, 40), (300, 60)), lwf=((1190, 20), (401, 9)))
    panel = shown(qtbot, pins_of(other), record, (1600, 500))
    said = "alpha 5: the shown run knows 24.2 points less of the old task (LwF)"
    assert said in drawn or any(text.startswith("alpha 5 (") and text.endswith(said[7:]) for text in drawn)
    assert said[9:] in panel.tip(Place("run", "A")), "1,190 of 1,200 right, and 900 of 1,200 in the shown run"
    shown(qtbot, pins_of(other), record, (700, 300))
    assert any(text.endswith("24.2 points lower (LwF, old)") for text in drawn), "where there is less room"
    assert "alpha 5 (hold on old answers): the shown run knows 24.2 points less of the old task (LwF)" in (
        run_ways(
            Run("A", other, ("alpha 5",), "", "", {}), ("the shown run knows 24.2 points less of the old task (LwF)",)
        )
    )
    assert drawn.count("no alpha") == 2, "fine-tuning's figures stay, and it says why, in both sizes"
    drawn.clear()
    same = shown(qtbot, pins_of(run(seed=3)), run(), (1600, 500))
    assert "no alpha" not in drawn
    assert "knows" not in same.tip(Place("run", "A")), "of luck nothing is concluded"


def test_it_follows_the_protocol_and_says_which(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown_panel("compare", qtbot, run(), (800, 400), pins=pins_of(run(seed=1)), protocol="class_incremental")
    assert all("class-incremental" in caption for caption in panel.captions())
    assert "20.0" in drawn, "fine-tuning has a tenth less under this protocol"
    assert "class-incremental" in panel.tip(Place("figure", "A", "lwf", 2))


def test_runs_with_other_data_have_figures_and_no_differences(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot, pins_of(five.record()), run())
    assert not [text for text in drawn if text.startswith(("+", "-")) and text != "-"]
    assert any("no differences are told" in text for text in drawn)
    assert "No difference is told: other tasks" in panel.tip(Place("figure", "A", "lwf", 0))


def test_learners_that_only_one_run_has_say_so(qtbot: QtBot) -> None:
    panel = shown(qtbot, pins_of(run()), with_learners(3))
    assert panel.tip(Place("figure", "A", "lwf+1@10", 0)).endswith("it has no such learner.")


def test_a_cross_takes_a_run_away(qtbot: QtBot) -> None:
    panel = shown_panel("compare", qtbot, run(), (800, 400), follow=True, pins=three())
    click(panel, Place("unpin", "B"))
    assert [pin.letter for pin in panel.selection.pins] == ["A", "C"]
    assert not [spot for spot in panel.spots if isinstance(spot.key, Place) and spot.key.run == "B"]
    assert panel.tip(Place("figure", "B", "lwf", 0)) == "", "a spot of what was shown a moment ago"


def test_the_table_is_copied(qtbot: QtBot) -> None:
    panel = shown(qtbot, three())
    for form, begin in (("CSV", "learner,protocol,accuracy,"), ("Markdown", "| learner |"), ("LaTeX", "\\begin{tab")):
        click(panel, Place("copy", "", form))
        assert QApplication.clipboard().text().startswith(begin)


def test_keys_reach_every_figure_also_where_it_is_scrolled(qtbot: QtBot) -> None:
    panel = shown(qtbot, three(), size=(300, 150))
    panel.setFocus()
    assert panel.bar.isVisible()
    for _ in range(30):
        QTest.keyClick(panel, Qt.Key.Key_Down)
    panel.grab()
    assert panel.bar.value() == panel.bar.maximum()
    assert panel.at is not None
    assert panel.rect().contains(panel.at.rect.center().toPoint())


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_cut_or_lies_on_another_in_any_size(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], scale: float, dark: bool
) -> None:
    scale_type(scale)
    panel = shown(qtbot, three(), with_learners(3), (round(size[0] * scale), round(size[1] * scale)))
    panel.set_theme(theme.DARK if dark else theme.LIGHT)
    texts: list[tuple[str, QRectF]] = []
    draw = QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        rect, flags, text = args
        if text:
            metrics = QFontMetricsF(painter.font())
            box = QRectF(rect.left(), rect.center().y() - 3, metrics.horizontalAdvance(text), 6)
            if Qt.AlignmentFlag(flags) & Qt.AlignmentFlag.AlignRight:
                box.moveRight(rect.right())
            texts.append((text, box))
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    panel.grab()
    assert not [text for text, _ in texts if DOTS in text]
    centred = {"CSV", "Markdown", "LaTeX"}
    places = [(text, box) for text, box in texts if text not in centred]
    for number, (text, box) in enumerate(places):
        assert box.right() <= panel.area.right() + 1.5, text
        assert not [other for other, at in places[number + 1 :] if box.adjusted(1, 0, -1, 0).intersects(at)], text


@pytest.mark.parametrize("size", SIZES)
def test_every_run_and_figure_has_a_spot_with_words(qtbot: QtBot, size: tuple[int, int]) -> None:
    panel = shown(qtbot, three(), size=size)
    keys = [spot.key for spot in panel.spots if isinstance(spot.key, Place)]
    assert len([key for key in keys if key.kind == "figure"]) == 4 * 2 * 3
    assert [key.run for key in keys if key.kind == "run"] == ["shown", "A", "B", "C"]
    assert all(panel.tip(key) for key in keys)


def test_type_is_larger_where_there_is_room(qtbot: QtBot) -> None:
    small, large = (
        place(shown(qtbot, three(), size=size), Place("figure", "shown", "lwf", 0))
        for size in ((640, 230), (1200, 800))
    )
    assert large.height() > 1.4 * small.height()


def test_a_scrub_takes_no_figures_anew(qtbot: QtBot) -> None:
    panel = shown(qtbot, three())
    before = panel.shown
    for step in (0, 10, 30):
        panel.refresh(type(panel.selection)(pins=panel.selection.pins, step=step))
    assert panel.shown is before
