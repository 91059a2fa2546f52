"""Terms of the field on screen: each says its sentence of the glossary where it stands, under the mouse and by F2."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QMenu,
    QTabBar,
    QToolTip,
    QWidget,
)

from lwf_gui.gui.explaining import text_at, words_of
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.panels.text import tooltip, with_words
from lwf_gui.gui.widgets.words import WordSheet
from lwf_gui.gui.window import Window
from lwf_gui.methods import METHODS
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.terms import MOST, SPELT, TOLD, explained, spellings, terms_in
from lwf_gui.words import WORDS
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_accessibility import Pen, pen, record  # noqa: F401 - fixtures
from tests.runs import five

TECHNICAL = (
    "logits, nats, epoch, step, mini-batch, head, head expansion, fc1, conv1, classifier, bias, softmax, "
    "cross-entropy, CE, KD, KL, H, alpha, T, T², momentum, learning rate, weight decay, seed, preset, precision, "
    "bf16, fp32, thread, probe images, test images, teacher, student, old and new, forgetting, backward transfer, "
    "min-ACC, WC-ACC, points, backbone, distillation, gradient, grad, L2, units, entropy, protocol, task-aware, "
    "class-incremental, warm-up, frozen, drift, covariance, exemplar, replay, Fisher, regularisation, optimiser, "
    "filter, loss, argmax, score, soft targets, stability gap, straight path, trade-off, fork, pin, "
    "statistics of features, dark knowledge, average accuracy, accuracy matrix, worst-case accuracy, old network, "
    "layer, feature, learner, fine-tuning, LwF, \N{GREEK SMALL LETTER ALPHA}"
)
"""Words that a person who has never trained a network meets in the window."""


CORNER = QPoint(3, 3)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take notes of what would be shown under the mouse."""
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, *_rest: said.append(html.unescape(text)))
    return said


def under_mouse(asked: list[str], part: QWidget, place: QPoint) -> str:
    """Return what a mouse that rests at a place of a widget is told: Qt asks it, then what it lies in."""
    asked.clear()
    at: QWidget | None = part
    while at is not None and not asked:
        here = part.mapTo(at, place)
        QApplication.sendEvent(at, QHelpEvent(QEvent.Type.ToolTip, here, at.mapToGlobal(here)))
        at = None if at.isWindow() else at.parentWidget()
    return asked[-1] if asked else ""


def lacking(text: str, tip: str) -> list[str]:
    """Return the terms of a text that are not explained; of very many some are enough."""
    told = [term for term in TOLD if TOLD[term] in tip]
    return [] if len(told) >= MOST else [term for term in terms_in(text) if term not in told]


def painted(window: Window, pen: Pen, known: set[str]) -> Iterator[tuple[QWidget, QPoint, str]]:  # noqa: F811
    """Yield every text with terms that the panels paint, each once, with its place."""
    for spec in PANELS:
        window.show_panel(spec.key)
        QTest.qWait(10)
        panel = window.docks.panel(spec.key)
        for one in pen.written(panel):
            if one.owner is panel and one.placed and one.text not in known and terms_in(one.text):
                known.add(one.text)
                yield panel, one.ink.center().toPoint(), one.text


def in_widgets(window: Window) -> Iterator[tuple[QWidget, QPoint, str]]:
    """Yield every text with terms of the widgets that are seen, with a place in it."""
    for part in window.findChildren(QWidget):
        if not part.isVisible() or part.visibleRegion().isEmpty():
            continue
        if isinstance(part, QTabBar):
            for index in range(part.count()):
                yield part, part.tabRect(index).center(), part.tabText(index)
        elif not isinstance(part, QLineEdit | QAbstractSpinBox | QMenu) and terms_in(
            text := text_at(part, QPoint(3, 3))
        ):
            yield part, QPoint(3, 3), text


@pytest.mark.parametrize(("tasks", "protocol"), [(2, "task_aware"), (5, "class_incremental")])
def test_every_term_on_screen_is_explained_under_the_mouse(
    open_window: OpenWindow,
    record: Record,  # noqa: F811
    pen: Pen,  # noqa: F811
    asked: list[str],
    tasks: int,
    protocol: ProtocolName,
) -> None:
    lab = open_window(engine=ScriptedEngine(), record=record if tasks == 2 else five.record(), size=(1600, 1000))
    lab.window.look_at(protocol=protocol)
    known: set[str] = set()
    missing = [
        (type(part).__name__, text, lacking(text, tip))
        for part, place, text in (*painted(lab.window, pen, known), *in_widgets(lab.window))
        if lacking(text, tip := under_mouse(asked, part, place))
    ]
    assert missing == []
    assert len(known) > 40, "panels paint terms"


def test_terms_of_menus_and_plots_are_explained(quiet_lab: Lab, asked: list[str]) -> None:
    window = quiet_lab.window
    fork = window.actions_by_id["fork"]
    (menu,) = [each for each in window.menus.findChildren(QMenu) if fork in each.actions()]
    menu.popup(QPoint(10, 10))
    tip = under_mouse(asked, menu, menu.actionGeometry(fork).center())
    assert tip.index(html.unescape(fork.toolTip())) < tip.index(WORDS["Fork"])
    assert terms_in(window.actions_by_id["play"].text()) == (), "a run is played back: replay is of stored images"
    menu.hide()
    plot = window.accuracy.plot
    plot.setVisible(True)
    axis = plot.plot.getAxis("bottom")
    axis.setLabel("steps since head expansion")
    QTest.qWait(30)
    place = plot.view.mapFromScene(axis.label.sceneBoundingRect().center())
    tip = under_mouse(asked, plot.view.viewport(), place)
    assert tip.index("Ctrl+wheel") < tip.index(WORDS["Expansion of the head"])


def test_every_technical_word_has_an_entry() -> None:
    assert [word for word in TECHNICAL.split(", ") if not terms_in(word)] == []
    assert set(SPELT) <= set(WORDS)
    assert [row.label for row in METHODS.values() if not terms_in(row.label) or not terms_in(row.short)] == []
    assert terms_in("RanPAC beside LwF + LDC") == ("RanPAC", "LwF + LDC")
    assert TOLD["RanPAC"] == METHODS["ranpac"].help
    assert all(term in terms_in(spelt) for term in WORDS for spelt in spellings(term))


def test_terms_are_found_as_words_and_not_within_others() -> None:
    assert terms_in("L2 norms per unit of cloth") == ("Norm, L2",), "a unit of measure is none of a layer"
    assert terms_in("T-shirt, Hits, LwF-MC, heading, KLx") == ()
    assert terms_in("Logits and epochs; KL, T² x KD") == ("Logit", "KL", "Temperature T", "Distillation, KD", "Epoch")
    assert terms_in("step 5, accuracy of the teacher")[0] == "Teacher", "what stands everywhere comes last"
    assert len(explained("KL KD CE H T alpha softmax")) == MOST


def test_own_tip_comes_first_and_no_sentence_twice() -> None:
    own = tooltip("12 nats.", WORDS["KL"])
    told = with_words(own, "KL at T = 2")
    assert told.startswith(own)
    assert told.count(html.escape(WORDS["KL"])) == 1
    assert f"Temperature T: {html.escape(WORDS['Temperature T'])}" in told
    assert with_words(own, "nothing of that sort") == own


def test_painting_looks_nothing_up(quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*_: object) -> object:
        raise AssertionError("terms are looked up only for a mouse that rests")

    quiet_lab.see("why")
    for name in ("lwf_gui.gui.panels.text.explained", "lwf_gui.gui.panels.panel.written_by"):
        monkeypatch.setattr(name, looked_up)
    panel = quiet_lab.window.docks.panel("why")
    panel.set_theme(panel.colours)
    quiet_lab.window.showing.refresh()
    quiet_lab.window.grab()
    assert panel.failure is None


def test_f2_begins_with_the_words_of_what_has_the_keys(
    open_window: OpenWindow,
    record: Record,  # noqa: F811
) -> None:
    lab = open_window(engine=ScriptedEngine(), record=record, size=(1400, 900))
    window = lab.window
    lab.see("soft_targets")
    panel = window.docks.panel("soft_targets")
    panel.setFocus()
    assert panel.hasFocus()
    name, terms = words_of(panel)
    assert name == "Teacher"
    assert {"KL", "Softmax", "Teacher"} <= set(terms)
    window.actions_by_id["words"].trigger()
    (sheet,) = window.findChildren(WordSheet)
    lines = sheet.text.toPlainText().splitlines()
    assert lines[:2] == ["In Teacher", terms[0]]
    assert all(term in lines for term in TOLD)
    QTest.keyClicks(sheet.field, "epoch")
    assert sheet.text.toPlainText().splitlines()[0] == "Epoch"
    sheet.close()
    panel.clearFocus()
    lab.see("image_grid")
    window.actions_by_id["words"].trigger()
    sheet = window.findChildren(WordSheet)[-1]
    assert sheet.text.toPlainText().splitlines()[0] == "In Memory wall", "the panel chosen last"
    sheet.close()
    alpha = window.recipe._rows.controls["lwf.alpha"].field
    assert isinstance(alpha, QWidget)
    assert words_of(alpha) == (alpha.accessibleName(), ("Alpha",))
    assert words_of(window)[1] == ()
    assert words_of(window.accuracy.plot.view)[0] == "Accuracy"
