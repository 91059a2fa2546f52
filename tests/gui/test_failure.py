"""A panel in which something goes wrong says so in its own place; the others go on, and nothing dies."""

from __future__ import annotations

import ast
import importlib
import inspect
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

import lwf_gui.gui
from lwf_gui.gui import theme
from lwf_gui.gui.panels import failure
from lwf_gui.gui.panels.failure import ErrorCard, Fallible
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.plot_panels import LossPanel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.shown import shown_panel
from tests.runs import synthetic

PAINTED = {spec.key: spec for spec in PANELS if spec.key != "losses"}


@pytest.fixture
def complaints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is logged, which is expected here, and keep it from those who do not expect it."""
    said: list[str] = []

    def note(text: str, *names: object, exc_info: Exception) -> None:
        assert isinstance(exc_info, ZeroDivisionError)
        said.append(text % names)

    monkeypatch.setattr(logging.getLogger(failure.__name__), "error", note)
    return said


def broken(*_args: object, **_named: object) -> Any:
    raise ZeroDivisionError("peak is <b>0</b>")


def button(card: ErrorCard, text: str) -> QPushButton:
    (found,) = [each for each in card.findChildren(QPushButton) if each.text() == text]
    return found


def require_card(panel: Fallible, complaints: list[str]) -> ErrorCard:
    """Require a card that covers the panel, and one line in the log."""
    card = panel.card
    assert isinstance(card, ErrorCard)
    assert isinstance(panel.failure, ZeroDivisionError)
    assert card.isVisibleTo(panel)
    assert card.geometry() == panel.rect()
    assert card.title.text() == f"{panel.windowTitle()} cannot be shown"
    assert "(ZeroDivisionError: peak is <b>0</b>)" in card.sentence.text()
    assert card.sentence.textFormat() is Qt.TextFormat.PlainText
    assert complaints == [f"{panel.windowTitle()} cannot be shown"]
    return card


# ---- painters


def unguarded_painters(tree: ast.AST) -> list[int]:
    """Return the lines on which a painter is made outside a with statement."""
    kept = {id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
    makers = {"QPainter", "NotingPainter", "painter_on"}
    made = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in makers)
    return [node.lineno for node in made if id(node) not in kept]


def test_every_painter_ends_whatever_is_raised() -> None:
    assert unguarded_painters(ast.parse("painter = QPainter(self)")) == [1]
    assert unguarded_painters(ast.parse("painter = painter_on(picture)")) == [1]
    sources = list(Path(lwf_gui.gui.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    found = {str(path.name): unguarded_painters(ast.parse(path.read_text("utf-8"))) for path in sources}
    assert {name: lines for name, lines in found.items() if lines} == {}


# ---- cards


def paint(panel: Panel) -> None:
    panel.grab()


def resize(panel: Panel) -> None:
    panel.resize(panel.width() + 10, panel.height())


def press(panel: Panel) -> None:
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))


def type_arrow(panel: Panel) -> None:
    QTest.keyClick(panel, Qt.Key.Key_Right)


def refresh(panel: Panel) -> None:
    panel.refresh(Selection(step=10, protocol="class_incremental"))  # some figures are of no step


WAYS: list[tuple[str, Callable[[Panel], object]]] = [
    ("paint", paint),
    ("resizeEvent", resize),
    ("mousePressEvent", press),
    ("keyPressEvent", type_arrow),
    ("figures", refresh),
    ("state", refresh),
    ("sentence", Panel.describe),
    ("captions", Panel.headings),
    ("caption", Panel.headings),
]


def kind_of(key: str) -> type[Panel]:
    module, _, name = PAINTED[key].widget.partition(":")
    kind: type[Panel] = getattr(importlib.import_module(f"lwf_gui.gui.panels.{module}"), name)
    return kind


def own(key: str, method: str) -> bool:
    """Return whether a panel has such a method written in Python: others cannot raise."""
    kind = kind_of(key)
    return inspect.isfunction(getattr(kind, method)) and not (method == "caption" and "captions" in vars(kind))


@pytest.mark.parametrize(("key", "method", "act"), [(key, *way) for way in WAYS for key in PAINTED if own(key, way[0])])
def test_whatever_goes_wrong_in_a_panel_is_shown_in_its_place(
    key: str,
    method: str,
    act: Callable[[Panel], object],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    complaints: list[str],
) -> None:
    armed: list[bool] = []
    kind, original = kind_of(key), getattr(kind_of(key), method)

    def sometimes(*args: object) -> Any:
        return broken() if armed else original(*args)

    monkeypatch.setattr(kind, method, sometimes)  # before Qt looks for it
    panel = shown_panel(key, qtbot, synthetic.record(), (480, 360))
    armed.append(True)
    for _ in range(3):  # it is said once
        act(panel)
    panel.refresh(Selection(step=15))
    card = require_card(panel, complaints)
    assert panel.headings() == ()
    button(card, "Copy details").click()
    assert "ZeroDivisionError: " in QGuiApplication.clipboard().text()
    armed.clear()
    button(card, "Try again").click()
    assert panel.card is None
    panel.grab()
    assert panel.failure is None
    assert panel.shown is not None
    assert panel.selection.step == 15, "what came meanwhile is not lost"


def test_card_stays_while_it_goes_wrong_and_goes_with_its_record(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, complaints: list[str]
) -> None:
    panel = shown_panel("image_grid", qtbot, synthetic.record(), (480, 360))
    with monkeypatch.context() as patch:
        patch.setattr(type(panel), "paint", broken)
        panel.grab()
        assert panel.card is not None
        button(panel.card, "Try again").click()
        panel.grab()
        assert panel.card is not None
        assert len(complaints) == 2, "once for every try"
        panel.set_theme(theme.DARK)
        panel.resize(300, 200)
        assert panel.card.geometry() == panel.rect()
    panel.show_record(synthetic.record())
    panel.refresh(Selection())
    panel.grab()
    assert panel.failure is None
    assert panel.colours is theme.DARK


class Broken(dict[str, object]):
    __getitem__ = broken


def test_fault_in_items_of_a_plot_is_shown_in_place_of_the_panel(qtbot: QtBot, complaints: list[str]) -> None:
    panel = shown_panel("losses", qtbot, synthetic.record(), (480, 360))
    assert isinstance(panel, LossPanel)
    panel.make()
    panel.refresh(Selection())
    curves = list(panel.plot.curves.values())
    assert len(curves) > 1, "two that raise in one picture end a process that does not catch each"
    kept = [curve.opts for curve in curves]
    for curve in curves:
        curve.opts = Broken(curve.opts)
        curve.update()
    panel.grab()
    panel.refresh(Selection(step=10))
    panel.grab()
    card = require_card(panel, complaints)
    assert not panel.plot.isVisibleTo(panel)
    for curve, opts in zip(curves, kept, strict=True):
        curve.opts = opts
    button(card, "Try again").click()
    panel.grab()
    assert panel.failure is None
    assert panel.plot.isVisibleTo(panel)


def test_other_panels_and_the_run_go_on(
    open_window: OpenWindow,
    engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
    complaints: list[str],
) -> None:
    lab = open_window(engine=engine, record=synthetic.record())
    panels = {key: lab.window.docks.panel(key) for key in ("image_grid", "equation")}
    for key in panels:
        lab.window.docks.bring(key)
    monkeypatch.setattr(type(panels["image_grid"]), "paint", broken)
    lab.window.docks.refresh(Selection(step=10))
    lab.window.grab()
    require_card(panels["image_grid"], complaints)
    lab.window.docks.refresh(Selection(step=15))
    lab.window.grab()
    assert lab.window.docks.by_key["image_grid"].heading.line.text() == ""
    assert panels["equation"].failure is None
    assert panels["equation"].selection.step == 15
    assert len(complaints) == 1
