"""Whether everybody can use the window: contrast, type that is never cut off, names for all parts, and all by key."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPicture, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lwf_gui import display, paths
from lwf_gui.branches import branch_name
from lwf_gui.colours import distance
from lwf_gui.documents import files
from lwf_gui.gui import app, theme
from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.panels.curves import AccuracyPlot, Plot
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.spots import Spot, next_spot
from lwf_gui.gui.panels.strip import LONG_HEAD_EXPANSION, SHORT_HEAD_EXPANSION
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.theme import CONTRAST, DARK, LIGHT, Theme
from lwf_gui.gui.widgets.eliding import ElidingLabel
from lwf_gui.gui.window import Window
from lwf_gui.messages import DataReady
from lwf_gui.methods import BRANCH_COLOURS, METHODS
from lwf_gui.recipe import BACKBONE_FROZEN_HELP, compose, settings
from lwf_gui.runs.record import Record
from lwf_gui.runs.tasks_shown import HEAD_EXPANSION
from tests.gui.conftest import OpenWindow, remember, unfold
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.runs.test_pins import pins_of

SLACK = 1.0
"""Pixels that rounding may cost."""

ELLIPSIS = "…"


# ---- contrast, as WCAG 2 has it


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


NAMES = ("light", "dark", "contrast")

TEXTS = [
    *itertools.product(("text", "muted"), ("window", "surface", "raised")),
    ("on_accent", "accent"),
    ("on_accent", "muted"),
    ("warning_text", "warning"),
    ("text", "error"),
    ("accent", "surface"),
    ("accent", "window"),
    ("teacher", "surface"),
]
"""Pairs of text and what is behind it, as the style and the panels use them."""


def test_contrast_itself_is_what_wcag_says() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("colours", "least"), [(LIGHT, 4.5), (DARK, 4.5), (CONTRAST, 7.0)], ids=NAMES)
def test_all_texts_stand_out_from_what_is_behind_them(colours: Theme, least: float) -> None:
    faint = {pair: ratio(*(getattr(colours, name) for name in pair)) for pair in TEXTS}
    assert {pair: round(value, 2) for pair, value in faint.items() if value < least} == {}


@pytest.mark.parametrize(("colours", "least"), [(LIGHT, 3.0), (DARK, 3.0), (CONTRAST, 4.5)], ids=NAMES)
def test_all_learners_colours_stand_out(colours: Theme, least: float) -> None:
    own = [method.dark_colour if colours.dark else method.colour for method in METHODS.values()]
    branches = [pair[1] if colours.dark else pair[0] for pair in BRANCH_COLOURS]
    for colour in [*own, *branches, colours.teacher, colours.accent]:
        assert ratio(colour, colours.surface) >= least, colour
        assert ratio(colour, colours.window) >= least, colour
    assert [colours.learner(name) for name in METHODS] == own
    for name in (*METHODS, *(branch_name("lwf", number, 9) for number in range(1, len(BRANCH_COLOURS) + 1))):
        assert ratio(colours.words(name), colours.surface) >= 4.5, "figures in body type"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_any_two_methods_of_a_run_are_told_apart_by_their_colours(colours: Theme) -> None:
    pairs = {pair: distance(*map(colours.learner, pair)) for pair in itertools.combinations(METHODS, 2)}
    assert {pair: round(apart, 1) for pair, apart in pairs.items() if apart < 10} == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("method", METHODS)
def test_further_learners_of_a_method_look_like_no_other_of_the_run(colours: Theme, method: str) -> None:
    plain = ["fine-tune", "lwf", "replay", method]
    named = [{"method": method, "name": f"mine {number}"} for number in range(2)]
    names = compose("digits").with_settings({"learners": [*dict.fromkeys(plain), *named]}).names
    pairs = {pair: distance(*map(colours.learner, pair)) for pair in itertools.combinations(names, 2)}
    assert min(pairs.values()) >= 8, min(pairs, key=pairs.__getitem__)


def test_distance_of_colours_is_that_of_oklab() -> None:
    assert distance("#000000", "#ffffff") == pytest.approx(100, abs=0.01)
    assert distance("#ff0000", "#0000ff") == pytest.approx(53.7, abs=0.1)
    assert distance("#0072B2", "#0072b2") == 0


def test_frames_of_high_contrast_are_seen() -> None:
    assert CONTRAST.border == 2
    assert ratio(CONTRAST.line, CONTRAST.window) >= 3


def test_every_theme_has_its_colours(qapp: QApplication) -> None:
    assert {theme.resolve(name).window for name in display.THEMES} == {LIGHT.window, DARK.window, CONTRAST.window}
    assert theme.THEMES == display.THEMES


# ---- nothing is cut off


@pytest.fixture(scope="module")
def record() -> Record:
    return files.load(paths.resources() / app.BUNDLED_RUN)


OpenAt = Callable[..., Window]


@pytest.fixture
def open_at(open_window: OpenWindow, record: Record) -> OpenAt:
    """Open the window on a recorded run, at a size, with a scale of type and a theme."""

    def open_one(size: tuple[int, int], scale: float = 1.0, name: str = "light", **options: Any) -> Window:
        remember(scale=scale, toured=True)
        lab = open_window(engine=ScriptedEngine(), record=record, size=size, theme=name, **options)
        return lab.window

    return open_one


LOOKS = [
    ((1280, 720), 1.0, "light"),
    ((1280, 720), 1.5, "light"),
    ((1280, 720), 1.5, "contrast"),
    ((1920, 1080), 1.0, "dark"),
    ((1920, 1080), 1.5, "dark"),
]


@pytest.mark.parametrize(("size", "scale", "name"), LOOKS)
def test_no_label_button_or_tab_is_cut_off(
    open_at: OpenAt, qtbot: QtBot, size: tuple[int, int], scale: float, name: str
) -> None:
    window = open_at(size, scale, name)
    window.banner.say("Stop the run before you open another one.", (("Download", list), ("Choose folder...", list)))
    for control in window.recipe._rows.controls.values():
        unfold(control)

    def all_fits() -> None:
        assert cut_off(window) == []

    qtbot.waitUntil(all_fits, timeout=2000)  # Qt lays out in several goes
    assert (window.width(), window.height()) == size


@pytest.mark.parametrize(("size", "scale", "name"), LOOKS)
def test_no_text_of_a_plot_and_no_painted_text_is_cut_off_or_covered(
    open_at: OpenAt, pen: Pen, qtbot: QtBot, size: tuple[int, int], scale: float, name: str
) -> None:
    window = open_at(size, scale, name)
    window.show_panel("losses")
    settle()
    accuracy, losses = window.accuracy.plot, window.docks.panel("losses").plot  # type: ignore[attr-defined]
    told = [text for text, _ in plot_texts(accuracy)]
    assert {"0 %", "50 %"} <= set(told)
    assert isinstance(accuracy, AccuracyPlot)
    (expansion,) = accuracy.strip.labels
    assert expansion.text in (LONG_HEAD_EXPANSION, HEAD_EXPANSION, SHORT_HEAD_EXPANSION)
    assert 0 <= expansion.left <= expansion.left + expansion.width <= accuracy.strip.width()
    assert any(text.startswith("steps since head expansion") for text in told)
    assert any(text.startswith("guessing") for text in told)

    def all_fits() -> None:
        assert plot_faults(accuracy) == []
        assert plot_faults(losses) == []

    qtbot.waitUntil(all_fits, timeout=5000)  # a plot that is new finds its height in several goes
    check_painted(window, pen)


def test_plot_faults_see_what_leaves_the_view_and_what_is_covered(open_at: OpenAt) -> None:
    plot = open_at((1280, 720)).accuracy.plot
    assert isinstance(plot, AccuracyPlot)
    settle()
    assert plot_faults(plot) == []
    plot.plot.getAxis("bottom").setLabel("much too long a name for the axis of a plot" * 9)
    plot.guessing.after.setText("guessing, " * 30)
    plot.guessing.after.setPos(200.0, 0.0)
    settle()
    faults = plot_faults(plot)
    assert any("lies on" in fault and "guessing" in fault for fault in faults)
    assert any("leaves" in fault and "too long" in fault for fault in faults)


def check_painted(window: Window, pen: Pen) -> None:
    """Bring every panel to the front, and look at all texts that it paints."""
    found = []
    for spec in PANELS:
        window.docks.bring(spec.key)
        settle()
        QTest.qWait(150 if spec.key == "losses" else 0)
        panel = window.docks.panel(spec.key)
        found += pen.faults(panel)
    for part in (window.cards, window.timeline, window.bar):
        found += pen.faults(part)
    assert found == []


def test_banner_of_two_lines_lets_the_window_be_as_it_is(open_at: OpenAt) -> None:
    window = open_at((1280, 720), 1.5)
    window.banner.say(
        "Fashion-MNIST could not be loaded from anywhere, so the built-in digits take its place. On Debian the package "
        f"{paths.DEBIAN_PACKAGE} brings the real data.",
        (("Download", list), ("Choose folder...", list), ("Stay with the digits", list)),
    )
    settle()
    assert (window.width(), window.height()) == (1280, 720)
    assert cut_off(window.banner) == []


@pytest.mark.parametrize(("scale", "widest"), [(1.0, 1100), (1.5, 1280)])
def test_window_can_be_narrow(open_at: OpenAt, scale: float, widest: int) -> None:
    window = open_at((1280, 720), scale)
    assert window.minimumSizeHint().width() <= widest
    window.resize(widest, 720)
    settle()
    assert window.width() == widest
    assert cut_off(window.bar) + cut_off(window.recipe) == []
    for button in window.bar.buttons.values():
        assert window.bar.rect().contains(_rect_in(button, window.bar)), button.text()


def test_action_bar_says_less_where_it_has_less_room_and_never_hides_a_choice(open_at: OpenAt) -> None:
    window = open_at((1920, 720))
    bar, said = window.bar, []
    for width in [1920, *bar._needed[1:]]:
        window.resize(max(width, window.minimumSizeHint().width()), 720)
        settle()
        said.append(bar._form)
        for part in (*bar.buttons.values(), *bar.protocols.values(), bar.preset, bar.data, bar.pace):
            assert part.isVisible()
            assert bar.rect().contains(_rect_in(part, bar)), (width, part.accessibleName())
    assert said == [0, 1, 2, 3, 4]


def test_big_digits_shrink_rather_than_be_cut_off(open_at: OpenAt) -> None:
    window = open_at((1280, 720), 1.5)
    for card in window.cards.cards:
        assert card.digits.fontMetrics().horizontalAdvance("100.0") <= card.digits.width() + SLACK
    assert len({card.digits.font().pointSizeF() for card in window.cards.cards}) == 1


def _rect_in(part: QWidget, whole: QWidget) -> QRect:
    return QRect(part.mapTo(whole, QPoint()), part.size())


def cut_off(root: QWidget) -> list[str]:
    """Return the texts of visible labels, buttons, boxes and tabs that do not fit into them."""
    found = []
    for part in root.findChildren(QWidget):
        if not part.isVisible() or part.visibleRegion().isEmpty() or isinstance(part, ElidingLabel):
            continue
        text, needed = _needed(part)
        if text and (part.width() < needed[0] or part.height() < needed[1]):
            found.append(f"{type(part).__name__} {text!r}: {part.size().toTuple()}, needs {needed}")
        if isinstance(part, QTabBar):
            for index in range(part.count()):
                room, advance = part.tabRect(index).width(), part.fontMetrics().horizontalAdvance(part.tabText(index))
                if room < advance:
                    found.append(f"tab {part.tabText(index)!r}: {room}, needs {advance}")
    return found


def _needed(part: QWidget) -> tuple[str, tuple[int, int]]:
    """Return a part's text and the pixels that it needs; no text for a part that has none."""
    least = part.minimumSizeHint()
    if isinstance(part, QLabel) and part.text():
        if part.wordWrap():
            return part.text(), (0, part.heightForWidth(part.width()))
        if part.textFormat() is Qt.TextFormat.RichText or "<" in part.text():
            return part.text(), (part.sizeHint().width(), least.height())
        return part.text(), (part.fontMetrics().horizontalAdvance(part.text()), part.fontMetrics().height())
    if isinstance(part, QToolButton | QPushButton) and part.text():
        shown = isinstance(part, QPushButton) or part.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly
        return (part.text() if shown else ""), (least.width(), 0)
    if isinstance(part, QComboBox):
        text = part.currentText() or part.placeholderText()
        return text, (part.fontMetrics().horizontalAdvance(text) + 20, part.fontMetrics().height())
    if isinstance(part, QAbstractSpinBox):
        field = part.findChild(QLineEdit)
        assert field is not None
        missing = max(0, part.fontMetrics().horizontalAdvance(part.text()) + 2 - field.width())
        return part.text(), (part.width() + missing, part.fontMetrics().height())
    return "", (0, 0)


class Written(NamedTuple):
    """One text that was painted, in the pixels of its widget."""

    owner: QWidget
    text: str
    ink: QRectF
    room: QRectF | None
    """Where it may be, None where it was painted at a point or need not keep to its rectangle."""
    placed: bool
    """Whether it is known where in the widget this is."""


class Pen:
    """Notes every text that `QPainter.drawText` paints."""

    def __init__(self) -> None:
        self.texts: list[Written] = []

    def note(self, painter: QPainter, args: tuple[Any, ...]) -> None:
        owner = _painting_widget()
        text, room, flags = _text_of(args)
        if owner is None or not text.strip() or painter.opacity() == 0:
            return
        metrics, ink, free = QFontMetricsF(painter.font()), QRectF(), bool(flags & Qt.TextFlag.TextDontClip)
        bare = text.strip()
        inset = metrics.horizontalAdvance(text) - metrics.horizontalAdvance(text.lstrip())
        tight = metrics.tightBoundingRect(bare)  # which is a pixel or two too wide
        tight.setLeft(max(tight.left(), 0.0))
        tight.setRight(min(tight.right(), metrics.horizontalAdvance(bare)))
        tight.translate(inset, 0)
        if isinstance(room, QPointF):
            ink = tight.translated(room)
        elif flags & Qt.TextFlag.TextWordWrap:
            ink = metrics.boundingRect(room, flags, text)
        else:
            box = metrics.boundingRect(room, flags | Qt.TextFlag.TextDontClip, text)
            ink = tight.translated(box.left(), box.top() + metrics.ascent())
        shift, device = painter.worldTransform(), painter.device()
        placed = not isinstance(device, QPixmap) or device.deviceIndependentSize().toSize() == owner.size()
        kept = None if isinstance(room, QPointF) or free else shift.mapRect(room)
        self.texts.append(Written(owner, text, shift.mapRect(ink), kept, placed))

    def written(self, part: QWidget) -> list[Written]:
        """Return the texts of one fresh painting, pictures that panels keep included."""
        if isinstance(part, Panel):
            colours = part.colours
            part.set_theme(DARK if colours is LIGHT else LIGHT)
            part.grab()
            part.set_theme(colours)
        self.texts.clear()
        part.grab()
        return list(self.texts)

    def faults(self, part: QWidget) -> list[str]:
        """Return what is cut off, outside or covered, in words with figures."""
        texts, name = self.written(part), part.windowTitle() or part.accessibleName() or type(part).__name__
        found = []
        for one in texts:
            where = f"{name}: {one.text!r} {_figures(one.ink)}"
            if one.room is not None and not _within(one.ink, one.room):
                found.append(f"{where} is cut off by {_figures(one.room)}")
            if one.placed and not _within(one.ink, QRectF(one.owner.rect())):
                found.append(f"{where} leaves {type(one.owner).__name__} {one.owner.size().toTuple()}")
            if one.text.endswith(ELLIPSIS) and len(one.text) < 4:
                found.append(f"{where} says nothing")
        for one, other in itertools.combinations([each for each in texts if each.placed], 2):
            both = one.ink.intersected(other.ink)
            if one.owner is other.owner and both.width() > SLACK and both.height() > SLACK:
                found.append(f"{name}: {one.text!r} {_figures(one.ink)} lies on {other.text!r} {_figures(other.ink)}")
        return found


def plot_texts(plot: Plot) -> list[tuple[str, QRectF]]:
    """Return the texts of a plot's axes, lines and marks with their places in its view, in pixels."""
    picture, found = QPicture(), []
    for side in ("left", "bottom"):
        axis = plot.plot.getAxis(side)
        painter = QPainter(picture)
        _, _, texts = axis.generateDrawSpecs(painter)
        painter.end()
        found += [(text, axis.mapRectToScene(rect)) for rect, _, text in texts if text]
    for item in plot.view.scene().items():
        if isinstance(item, QGraphicsTextItem) and item.isVisible() and item.toPlainText().strip():
            margin = item.document().documentMargin()
            ink = item.boundingRect().adjusted(margin, margin, -margin, -margin)
            found.append((item.toPlainText().strip(), item.mapRectToScene(ink)))
    return found


def plot_faults(plot: Plot) -> list[str]:
    """Return the texts of a plot that leave its view, or lie on one another, in words with figures."""
    texts, room = plot_texts(plot), QRectF(plot.view.viewport().rect())
    found = [f"{text!r} {_figures(ink)} leaves {_figures(room)}" for text, ink in texts if not _within(ink, room)]
    for (one, ink), (other, over) in itertools.combinations(texts, 2):
        both = ink.intersected(over)
        if both.width() > SLACK and both.height() > SLACK:
            found.append(f"{one!r} {_figures(ink)} lies on {other!r} {_figures(over)}")
    return found


def _painting_widget() -> QWidget | None:
    """Return the widget whose method paints: pictures that it keeps do not know it."""
    frame = sys._getframe(2)
    while frame is not None:
        one = frame.f_locals.get("self")
        if isinstance(one, QWidget) and frame.f_code.co_name == "paintEvent":
            return one if not isinstance(one, QGraphicsView) and shiboken6.isValid(one) else None
        assert frame.f_back is not None
        frame = frame.f_back
        if frame.f_back is None:
            return None
    return None


def _text_of(args: tuple[Any, ...]) -> tuple[str, Any, int]:
    """Return text, rectangle or point, and flags of a call of `drawText`."""
    match args:
        case (QRect() | QRectF() as room, int() | Qt.AlignmentFlag() | Qt.TextFlag() as flags, str(text), *_):
            return text, QRectF(room), int(getattr(flags, "value", flags))
        case (QPoint() | QPointF() as point, str(text)):
            return text, QPointF(point), 0
        case (float() | int() as x, float() | int() as y, str(text)):
            return text, QPointF(x, y), 0
        case _:
            raise AssertionError(f"a call of drawText that this test cannot read: {args}")


def _within(ink: QRectF, room: QRectF) -> bool:
    return room.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(ink)


def _figures(rect: QRectF) -> str:
    return f"({rect.x():.0f}, {rect.y():.0f}, {rect.width():.0f}x{rect.height():.0f})"


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> Pen:
    """Note all texts that are painted."""
    pen, draw = Pen(), QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        pen.note(painter, args)
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    return pen


def test_pen_sees_what_is_cut_off_and_what_is_covered(qapp: QApplication, pen: Pen) -> None:
    class Bad(QWidget):
        def paintEvent(self, event: object) -> None:
            painter = QPainter(self)
            painter.drawText(QRectF(0, 0, 30, 20), Qt.AlignmentFlag.AlignLeft, "much too long for this")
            painter.drawText(QPointF(5, 60), "one upon")
            painter.drawText(QPointF(8, 62), "another")
            painter.drawText(QPointF(180, 90), "over the edge")

    part = Bad()
    part.resize(200, 100)
    faults = pen.faults(part)
    assert [fault.split("'")[1] for fault in faults] == ["much too long for this", "over the edge", "one upon"]
    part.deleteLater()


# ---- names


def interactive(window: QWidget) -> list[QWidget]:
    """Return all that takes keys or clicks, but for parts of parts."""
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QAbstractSlider, QLineEdit, QGraphicsView, Panel)
    found = []
    for part in window.findChildren(QWidget):
        inner = isinstance(part, QScrollBar) or isinstance(part.parent(), QComboBox | QAbstractSpinBox | QTabBar)
        popup = part.window() is not window
        area = part.parent()
        inner = inner or (isinstance(area, QAbstractScrollArea) and part is area.viewport())
        own = not part.objectName().startswith("qt_")
        if (
            own
            and not inner
            and not popup
            and (isinstance(part, kinds) or part.focusPolicy() & Qt.FocusPolicy.TabFocus)
        ):
            found.append(part)
    return found


def test_all_that_takes_keys_or_clicks_has_a_name(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    for spec in PANELS:
        window.docks.bring(spec.key)
        settle()
    window.banner.say("A sentence.", (("Do it", list),))
    nameless = [
        f"{type(part).__name__} {part.objectName()!r} in {type(part.parent()).__name__}"
        for part in interactive(window)
        if not (part.accessibleName() or (isinstance(part, QAbstractButton) and part.text()))
    ]
    assert nameless == []


def test_all_settings_explain_themselves_with_their_formula(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    recipe = window.recipe
    window.session.set_recipe(window.session.recipe.with_settings({"learners": tuple(METHODS)}))
    assert recipe._rows.controls.keys() == settings().keys()
    helps = {key: setting.help for key, setting in settings().items()}
    for key, control in recipe._rows.controls.items():
        for part in [control, *control.findChildren(QWidget)]:
            if part is control or part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                if isinstance(part.parent(), QAbstractSpinBox) or part.window() is not control.window():
                    continue  # the field of a number, the list of a box
                assert settings()[key].label.removesuffix("s").casefold() in part.accessibleName().casefold(), key
                assert part is not control or helps[key] in part.accessibleDescription(), key
    assert BACKBONE_FROZEN_HELP in recipe._frozen.accessibleDescription()
    assert "alpha x T² x KD" in recipe._rows.controls["lwf.alpha"].accessibleDescription()


def test_every_panel_says_in_a_sentence_what_it_shows(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    for spec in PANELS:
        window.docks.bring(spec.key)
        settle()
        panel = window.docks.panel(spec.key)
        panel.describe()
        said = panel.accessibleDescription()
        assert panel.accessibleName().startswith(spec.title), spec.key
        assert len(said.split()) >= 5, f"{spec.key}: {said!r}"
        assert said.rstrip()[-1] in ".!?", f"{spec.key}: {said!r}"
        assert "<" not in said, f"{spec.key}: {said!r}"
    said = window.timeline.scrubber.accessibleDescription()
    assert "step" in said
    for card in window.cards.cards:
        assert card.digits.text() in card.accessibleName()


# ---- keys


def test_tab_goes_round_all_controls(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    first = window.bar.buttons["run"]
    first.setFocus()
    reached: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is first:
            break
        assert focused not in reached, f"{type(focused).__name__} {focused.accessibleName()!r} is a trap"
        reached.append(focused)
    assert QApplication.focusWidget() is first, "Tab comes back"
    wanted = [p for p in interactive(window) if p.focusPolicy() & Qt.FocusPolicy.TabFocus and p.isVisible()]
    left_out = [
        f"{type(part).__name__} {part.accessibleName()!r}"
        for part in wanted
        if part is not first
        and part.isEnabled()
        and part not in reached
        and not part.visibleRegion().isEmpty()
        and part.focusProxy() is None
    ]
    assert left_out == []
    QTest.keyClick(window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is reached[-1], "and Shift+Tab goes back"


def test_arrow_keys_reach_every_part_of_every_panel_and_each_is_told_in_words(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    window.look_at(pins=pins_of(with_another_seed(window.session.record)))
    reached = dict[str, int]()
    for spec in PANELS:
        window.show_panel(spec.key)
        settle()
        panel = window.docks.panel(spec.key)
        panel.grab()
        there = in_reach(panel.spots)
        left = [spot.key for spot in panel.spots if id(spot) not in there]
        assert left == [], spec.key
        silent = [spot.key for spot in panel.spots if len(panel.tip(spot.key).split()) < 2]
        assert silent == [], spec.key
        reached[spec.key] = len(panel.spots)
    parts = ("network", "why", "stability_gap", "straight_path", "put_back", "compare")
    assert all(reached[key] >= 6 for key in parts), "there are parts at all"


def in_reach(spots: list[Spot]) -> set[int]:
    """Return which spots arrow keys come to from the first one."""
    left = spots[:1]
    found = set(map(id, left))
    while left:
        at = left.pop()
        for way in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            if id(to := next_spot(spots, at, *way)) not in found:
                found.add(id(to))
                left.append(to)
    return found


def with_another_seed(record: Record) -> Record:
    """Return the same run as if it had another seed."""
    other = Record()
    for message in record.messages():
        if isinstance(message, DataReady):
            message = replace(message, recipe=message.recipe.with_settings({"seed": 7}))
        other.apply(message)
    return other


def test_enter_on_a_part_of_the_network_opens_its_panel_and_says_what_it_is(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    window.show_panel("network")
    settle()
    panel = window.docks.panel("network")
    panel.grab()
    wanted: list[str] = []
    panel.wanted.disconnect()
    panel.wanted.connect(wanted.append)
    panel.setFocus()
    spots = list(panel.spots)
    for spot in spots:
        panel.at = spot
        QTest.keyClick(panel, Qt.Key.Key_Return)
        assert wanted[-1] in {spec.key for spec in PANELS}, spot.key
        title = next(spec.title for spec in PANELS if spec.key == wanted[-1])
        assert panel.tip(spot.key).endswith(f"A click or Enter opens {title}."), spot.key
    panel.at = None
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(panel, key)
        assert panel.at is not None
        assert panel.accessibleName() == f"Network: {panel.tip(panel.at.key)}"
    assert len(wanted) == len(spots)


def test_spots_in_one_place_follow_each_other_by_key() -> None:
    left, one, two, right = (Spot(QRectF(x, 0, 10, 10), x + n) for x, n in ((0, 0), (50, 1), (50, 2), (99, 0)))
    spots = [left, one, two, right]
    assert [next_spot(spots, at, 1, 0) for at in spots] == [one, two, right, right]
    assert [next_spot(spots, at, -1, 0) for at in spots] == [left, left, one, one]


def test_every_action_is_in_reach_of_the_keyboard(open_at: OpenAt) -> None:
    window = open_at((1280, 720))
    menus = {action.text().replace("&", "") for action in window.menus.actions()}
    for spec in ACTIONS:
        action = window.actions_by_id[spec.id]
        assert action.shortcuts() or spec.menu in menus, spec.id
    assert all("&" in action.text() for action in window.menus.actions()), "Alt and a letter opens every menu"
