"""The panel of representations: curves, planes, words, with little room and much type, and with many learners."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.plot_panels import AccuracyPanel
from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.panels.representation import RepresentationPanel, words
from lwf_gui.gui.panels.representation.classes import SYMBOLS, colour_of
from lwf_gui.gui.panels.representation.place import Place
from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.methods import METHODS
from lwf_gui.runs.record import Record
from lwf_gui.runs.representation import NO_LOOKS, RepresentationFigures
from lwf_gui.words import WORDS
from tests.gui.shown import click, picture, require_empty, require_no_looks, scale_type, shown_panel
from tests.runs import representations, synthetic

SIZES = [(240, 150), (300, 180), (390, 330), (620, 190), (400, 600), (1200, 800)]


def shown(
    qtbot: QtBot, record: Record | None = None, size: tuple[int, int] = (900, 400), step: int | None = None
) -> RepresentationPanel:
    made = representations.record() if record is None else record
    panel = shown_panel("representation", qtbot, made, size, step=step)
    assert isinstance(panel, RepresentationPanel)
    return panel


def keys(panel: RepresentationPanel, kind: str) -> list[Place]:
    return [spot.key for spot in panel.spots if isinstance(spot.key, Place) and spot.key.kind == kind]


def of_all_methods() -> Record:
    """Return the synthetic run with a learner of every method."""
    record = synthetic.record(synthetic.task1())
    names = tuple(METHODS)
    for message in synthetic.task2():
        match message:
            case PhaseStarted():
                record.apply(replace(message, learners=names))
            case Probe():
                record.apply(replace(message, logits=message.logits[np.arange(len(names)) % 2]))
                record.apply(representations.look(message.step, len(names)))
    return record


def test_before_task_2_it_says_what_will_be_here(qtbot: QtBot) -> None:
    require_empty(shown(qtbot, Record()))


def test_a_run_without_looks_says_what_to_do(qtbot: QtBot, drawn: list[str]) -> None:
    require_no_looks(shown(qtbot, synthetic.record()), drawn, NO_LOOKS)


def test_curves_have_their_names_at_their_ends_and_planes_their_figures(qtbot: QtBot, drawn: list[str]) -> None:
    panel = shown(qtbot)
    assert {(key.learner, key.number) for key in keys(panel, "curve")} == {
        (learner, layer) for learner in synthetic.LEARNERS for layer in (0, 1)
    }
    assert {"Fine-tuning fc1", "Fine-tuning fc2", "LwF fc1", "LwF fc2"} <= set(drawn)
    assert [key.learner for key in keys(panel, "plane")] == ["fine-tune", "lwf"]
    assert any("CKA 0.60" in text for text in drawn)
    assert any("50 %" in text and "25 %" in text for text in drawn)
    assert "step 30" in drawn
    assert [key.number for key in keys(panel, "key")] == [0, 1, 2]


def test_sentence_and_verdict_are_computed(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    said = words.verdict(panel.shown)[0]
    assert "Fine-tuning differently, 0.60; LwF almost as before, 0.95" in said
    assert said.endswith("Its fc1 below changed less, 0.80: what is near the images is kept longest.")
    panel.describe()
    assert "Fine-tuning: fc1 0.80, fc2 0.60, images moved by 1.2." in panel.accessibleDescription()
    assert "LwF: fc1 0.98, fc2 0.95, images moved by 0.15." in panel.accessibleDescription()


def test_as_the_task_begins_nothing_has_changed(qtbot: QtBot) -> None:
    panel = shown(qtbot, step=0)
    assert words.verdict(panel.shown)[0].startswith("The new task has just begun")


@pytest.mark.parametrize(
    ("cka", "said"),
    [(1.0, "1.00"), (0.9999, "1.00"), (0.997, "0.99"), (0.654, "0.65"), (0.0, "0.00"), (float("nan"), "-")],
)
def test_what_is_not_1_is_never_said_to_be(cka: float, said: str) -> None:
    assert words.value(cka) == said


@pytest.mark.parametrize(("cka", "said"), [(0.96, "almost"), (0.9, "much"), (0.65, "differently"), (0.2, "quite")])
def test_similarities_are_judged_in_words(cka: float, said: str) -> None:
    assert words.judged(cka).startswith(said)


def test_nothing_jumps_while_scrubbing(qtbot: QtBot) -> None:
    places = []
    for step in (10, 15, 30):
        panel = shown(qtbot, step=step)
        still = panel._still
        assert still is not None
        places.append((still.axes.field.getRect(), panel._planned(panel.shown).cells, panel.shown.reach.tolist()))
    assert places[0] == places[1] == places[2]


def test_tips_say_figures_and_what_they_are_of(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    curve = panel.tip(Place("curve", "fine-tune", 1))
    assert "fc2: 0.60 at step 30, of 24 probe images of old classes" in curve
    assert "1 is just as then" in curve
    assert "principal axes (PCA)" in panel.tip(Place("plane", "lwf"))
    assert "Fine-tuning: b, 5 images" in panel.tip(Place("class", "fine-tune", 1))
    assert "Fine-tuning 1.2, LwF 0.15" in panel.tip(Place("key", "", 2))
    assert panel.tip(Place("curve", "joint", 1)) == panel.tip(Place("plane", "joint")) == ""


def test_arrow_keys_reach_every_part(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.accessibleName().startswith("Representation: ")
    assert len(panel.accessibleName()) > 40


def test_a_learner_that_diverged_is_said_to_be_left_out(qtbot: QtBot) -> None:
    record = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, Probe) and message.step == 30:
            message.logits[0] = np.nan
        record.apply(message)
    for step in representations.STEPS:
        record.apply(representations.look(step))
    panel = shown(qtbot, record)
    panel.describe()
    assert [key.learner for key in keys(panel, "plane")] == ["lwf"]
    assert "Fine-tuning is not shown: its training diverged." in panel.accessibleDescription()
    assert panel.failure is None


@pytest.mark.parametrize("size", SIZES)
def test_planes_of_many_learners_are_all_reached(qtbot: QtBot, size: tuple[int, int]) -> None:
    record = of_all_methods()
    panel = shown(qtbot, record, size)
    if not keys(panel, "plane"):
        assert size[1] <= 180, "without room there are curves alone"
        return
    seen: list[str] = []
    for _ in range(len(METHODS)):
        seen += [key.learner for key in keys(panel, "plane")]
        if Place("turn", "", 1) not in keys(panel, "turn"):
            break
        click(panel, Place("turn", "", 1))
    assert seen == list(METHODS)
    if keys(panel, "turn"):
        click(panel, Place("turn", "", -1))
        assert keys(panel, "plane")[0].learner != seen[-1]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.CONTRAST])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5, 2.0])
def test_every_part_lies_within_the_panel_and_apart(
    qtbot: QtBot, drawn: list[str], scale: float, colours: theme.Theme
) -> None:
    scale_type(scale)
    panel = shown(qtbot)
    panel.set_theme(colours)
    for record in (representations.record(), representations.of_five(), of_all_methods()):
        panel.show_record(record)
        panel.refresh(panel.selection)
        for size in SIZES:
            panel.resize(*size)
            drawn.clear()
            assert not picture(panel).isNull()
            assert panel.failure is None
            inside = panel.area.adjusted(-1, -1, 1, 1)
            assert panel.spots
            for number, spot in enumerate(panel.spots):
                assert inside.contains(spot.rect), (size, spot)
                assert isinstance(spot.key, Place)
                assert panel.tip(spot.key).endswith("."), spot
                within = spot.rect.adjusted(1, 1, -1, -1)
                assert not any(within.intersects(other.rect) for other in panel.spots[number + 1 :]), (size, spot)
            assert not [text for text in drawn if "…" in text], size


def test_the_switch_of_the_plots_stretches_these_curves_too(qtbot: QtBot) -> None:
    accuracy = AccuracyPanel()
    qtbot.addWidget(accuracy)
    plots, panel = Plots(accuracy), shown(qtbot)
    plots.link(panel)
    assert panel.stretches
    plots.stretch(False)
    assert not panel.stretches
    later = shown(qtbot)
    plots.link(later)
    assert not later.stretches


def test_no_two_classes_look_alike() -> None:
    for colours in (theme.LIGHT, theme.DARK, theme.CONTRAST):
        looks = {(colour_of(unit, colours).name(), SYMBOLS[unit % len(SYMBOLS)]) for unit in range(40)}
        assert len(looks) == 40


def test_its_terms_are_in_the_glossary() -> None:
    assert {"CKA", "Feature", "PCA, principal axes"} <= WORDS.keys()


def test_of_no_learner_known_at_the_look_the_sentence_still_stands(qtbot: QtBot) -> None:
    record = representations.record()
    record.representations[30].cka[:] = np.nan
    figures: RepresentationFigures = shown(qtbot, record).shown
    assert words.verdict(figures)[0].count("-") >= 1
