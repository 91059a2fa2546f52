"""Panels in docks: made when seen, free when hidden, moved, closed, restored and remembered."""

from __future__ import annotations

import html

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.app import BUNDLED_RUN
from lwf_gui.gui.layout.dock import FRAMED
from lwf_gui.gui.layout.heading import Heading
from lwf_gui.gui.layout.kept import Layout
from lwf_gui.gui.layout.tab_type import letter
from lwf_gui.gui.panels.image_grid.panel import ImageGridPanel
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.preferences import Preferences
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.gui.shown import scale_type

FIRST = {"image_grid", "network"}
"""The panels that are seen at first."""


@pytest.fixture
def replayed(open_window: OpenWindow) -> Lab:
    """Return a window on the bundled run."""
    return open_window(engine=ScriptedEngine(), record=files.load(paths.resources() / BUNDLED_RUN), size=(1280, 720))


def seen(lab: Lab) -> set[str]:
    return {dock.spec.key for dock in lab.window.docks.seen()}


def test_every_panel_comes_to_the_front_by_its_key_or_command_and_shows_the_record(replayed: Lab) -> None:
    for spec in PANELS:
        if spec.shortcut:
            QTest.keyClicks(replayed.window, spec.shortcut)
        else:
            replayed.window.actions_by_id[f"panel.{spec.key}"].trigger()
        replayed.wait(lambda spec=spec: spec.key in seen(replayed))  # type: ignore[misc]
        panel = replayed.window.docks.panel(spec.key)
        replayed.wait(lambda panel=panel: panel.shown is not None)  # type: ignore[misc]
        assert panel.accessibleName() == spec.title
        assert panel.accessibleDescription(), spec.key
        assert replayed.window.docks.by_key[spec.key].heading.line.text(), spec.key


def test_a_panel_that_nobody_sees_is_not_made_and_does_nothing(replayed: Lab) -> None:
    docks = replayed.window.docks
    assert seen(replayed) == FIRST
    assert [key for key, dock in docks.by_key.items() if dock.panel is not None] == ["image_grid", "network"]
    docks.bring("classes")
    replayed.wait(lambda: "image_grid" not in seen(replayed))
    hidden = docks.panel("image_grid")
    hidden.figures = lambda: pytest.fail("a hidden panel took its figures")  # type: ignore[method-assign]
    for step in (0, 40, 400):
        replayed.window.look_at(step=step)


def test_a_panel_that_comes_back_shows_where_one_looks_now(replayed: Lab) -> None:
    docks = replayed.window.docks
    docks.bring("classes")
    replayed.wait(lambda: "classes" in seen(replayed))
    replayed.window.look_at(step=40)
    docks.bring("image_grid")
    replayed.wait(lambda: docks.panel("image_grid").selection.step == 40)


def test_a_panel_takes_its_figures_once_a_probe(replayed: Lab) -> None:
    panel, taken = replayed.window.docks.panel("image_grid"), list[int]()
    figures = panel.figures

    def watched() -> object:
        taken.append(1)
        return figures()

    panel.figures = watched  # type: ignore[method-assign]
    for step in (41, 42, 43, 59, 60):  # probes are at 40 and 60
        replayed.window.look_at(step=step)
    replayed.window.showing.refresh()
    assert len(taken) <= 5
    before = len(taken)
    for _ in range(5):
        replayed.window.showing.refresh()
    assert len(taken) == before


def test_closed_panel_comes_back_by_key_and_by_restore(replayed: Lab) -> None:
    docks = replayed.window.docks
    docks.by_key["image_grid"].close()
    replayed.wait(lambda: "image_grid" not in seen(replayed))
    QTest.keyClicks(replayed.window, "1")
    replayed.wait(lambda: "image_grid" in seen(replayed))
    docks.by_key["why"].close()
    docks.by_key["classes"].setFloating(True)
    replayed.window.actions_by_id["restore"].trigger()
    replayed.wait(lambda: seen(replayed) == FIRST)
    assert not any(dock.isFloating() for dock in docks.by_key.values())


@pytest.mark.parametrize("width", [1280, 1900])
def test_panels_that_come_back_from_windows_of_their_own_leave_the_main_window_its_size(
    replayed: Lab, width: int
) -> None:
    window = replayed.window
    window.resize(width, 720)
    replayed.wait(lambda: not window.arrangement.waits)
    for _ in range(2):
        for key in ("weights", "confusion", "equation"):
            window.show_panel(key)
            window.commands.panels.tear_off()
            dock = window.docks.by_key[key]
            assert dock.isFloating()
            replayed.wait(lambda dock=dock: dock.windowFlags() & FRAMED == FRAMED)  # type: ignore[misc]
        window.actions_by_id["restore"].trigger()
        replayed.wait(lambda: not window.arrangement.waits)
        assert (window.width(), window.height()) == (width, 720)
        titles = sorted(title for bar in window.findChildren(QTabBar) if bar.isVisible() for title in _tabs(bar))
        assert len(titles) == len(set(titles)), "no tab is there twice"


def test_heading_tears_off_and_closes(replayed: Lab) -> None:
    dock = replayed.window.docks.by_key["image_grid"]
    tear, close = dock.heading._buttons
    replayed.click(tear)
    assert dock.isFloating()
    replayed.wait(lambda: dock.heading.line.text().startswith("Memory wall"))
    close.click()
    assert not dock.isVisible()


def test_layout_is_remembered(open_window: OpenWindow) -> None:
    first = open_window(engine=ScriptedEngine(), size=(1280, 720))
    first.window.docks.bring("confusion")
    first.window.docks.by_key["losses"].close()
    first.qtbot.wait(50)
    first.window.close()
    second = open_window(engine=ScriptedEngine(), size=(1280, 720))
    second.wait(lambda: "confusion" in seen(second))
    assert not second.window.docks.by_key["losses"].isVisible()
    assert "image_grid" not in seen(second)


def test_a_layout_of_another_version_gives_way_to_the_first_one(open_window: OpenWindow) -> None:
    first = open_window(engine=ScriptedEngine(), size=(1280, 720))
    first.window.close()
    Preferences.of_the_user().keep_layout("window", Layout(b"not a layout", (1280, 720), {}))
    second = open_window(engine=ScriptedEngine(), size=(1280, 720))
    second.wait(lambda: seen(second) == FIRST)


def test_presenting_has_a_layout_of_its_own(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), size=(1280, 720))
    window = lab.window
    lab.press(Qt.Key.Key_F11)
    lab.wait(lambda: not window.recipe.isVisible())
    QTest.keyClicks(window, "3")
    lab.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)  # the recipe panel, shown by choice
    lab.wait(window.recipe.isVisible)
    lab.press(Qt.Key.Key_F11)
    lab.wait(lambda: seen(lab) == FIRST)
    lab.press(Qt.Key.Key_F11)
    lab.wait(lambda: "confusion" in seen(lab))
    assert window.recipe.isVisible(), "what was shown while presenting is shown again"
    lab.press(Qt.Key.Key_F11)


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720)])
def test_the_panel_in_front_stays_in_front_while_presenting(open_window: OpenWindow, size: tuple[int, int]) -> None:
    lab = open_window(engine=ScriptedEngine(), size=size)
    arrangement = lab.window.arrangement
    for key in ("results", "losses", "results"):
        lab.window.show_panel(key)
        lab.wait(lambda key=key: key in seen(lab) and not arrangement.waits)  # type: ignore[misc]
        lab.press(Qt.Key.Key_F11)
        lab.wait(lambda: not arrangement.waits)
        lab.wait(lambda key=key: key in seen(lab))  # type: ignore[misc]
        lab.press(Qt.Key.Key_F11)
        lab.wait(lambda: not arrangement.waits)


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)],
)
def test_nothing_is_painted_while_parts_change_their_places(
    replayed: Lab, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    window = replayed.window
    replayed.wait(lambda: not window.arrangement.waits)
    replayed.press(key, modifier)
    assert not window.updatesEnabled()
    replayed.wait(lambda: not window.arrangement.waits)
    assert window.updatesEnabled()


def test_clicker_goes_through_the_panels_and_blanks_the_window(replayed: Lab) -> None:
    keys = [spec.key for spec in PANELS]
    replayed.press(Qt.Key.Key_PageDown)
    replayed.wait(lambda: keys[1] in seen(replayed))
    replayed.press(Qt.Key.Key_PageDown)
    replayed.wait(lambda: keys[2] in seen(replayed))
    replayed.press(Qt.Key.Key_PageUp)
    replayed.wait(lambda: keys[1] in seen(replayed))
    replayed.press(Qt.Key.Key_B)
    picture = replayed.window.grab().toImage()
    assert {picture.pixelColor(x, y).name() for x in (5, 600, 1200) for y in (5, 300, 700)} == {"#000000"}
    blank = replayed.window.focusWidget()
    assert blank is not None
    QTest.keyClick(blank, Qt.Key.Key_Space)
    picture = replayed.window.grab().toImage()
    assert picture.pixelColor(600, 5).name() != "#000000"
    assert replayed.session.state.value == "Recorded run", "the key only lifts the blank"


def test_panels_are_listed_with_a_name_a_key_and_a_sentence() -> None:
    keys = [spec.shortcut for spec in PANELS if spec.shortcut]
    assert len({spec.key for spec in PANELS}) == len(PANELS)
    assert len(set(keys)) == len(keys)
    for spec in PANELS:
        assert spec.help.endswith("."), spec.key
        assert issubclass(type(spec.make()), Panel)


def test_wide_window_shows_why_beside_the_machine_and_the_equation_points_at_losses(
    open_window: OpenWindow,
) -> None:
    record = files.load(paths.resources() / BUNDLED_RUN)
    lab = open_window(engine=ScriptedEngine(), record=record, size=(1920, 1080))
    lab.wait(lambda: seen(lab) == FIRST | {"why"})
    lab.window.docks.by_key["image_grid"].close()
    lab.window.actions_by_id["restore"].trigger()
    lab.wait(lambda: seen(lab) == FIRST | {"why"})
    lab.see("losses")
    equation = lab.window.docks.panel("equation")
    equation.asked.emit({"term": "kl"})
    pens = {key: curve.opts["pen"].widthF() for key, curve in lab.window.plots.loss.curves.items()}
    assert pens["lwf", "kl"] > pens["lwf", "ce"]
    equation.asked.emit({"term": "alpha"})
    assert lab.window.recipe._rows._labels["lwf.alpha"].property("pointed")
    equation.asked.emit({"term": ""})
    assert not lab.window.recipe._rows._labels["lwf.alpha"].property("pointed")


def test_growing_wide_opens_nothing_that_was_closed(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), record=files.load(paths.resources() / BUNDLED_RUN), size=(1200, 720))
    window = lab.window
    assert window.arrangement.form == "narrow"
    window.docks.by_key["confusion"].close()
    window.actions_by_id["settings"].trigger()
    window.resize(1920, 1080)
    lab.wait(lambda: seen(lab) == FIRST | {"why"})
    assert window.docks.by_key["confusion"].isHidden()
    assert window.sides.recipe.isHidden()
    assert window.sides.log.isHidden()


@pytest.mark.parametrize("share", [1.0, 0.9, 0.75])
def test_tabs_of_larger_type_keep_whole_names_in_a_narrow_row(qtbot: QtBot, share: float) -> None:
    bar = QTabBar()
    qtbot.addWidget(bar)
    for spec in PANELS[:4]:
        bar.addTab(spec.title)
    bar.show()
    letter(bar, large=True)
    bar.resize(int(share * sum(bar.tabRect(index).width() for index in range(bar.count()))), bar.sizeHint().height())
    letter(bar, large=True)
    for index, name in enumerate(_tabs(bar)):
        assert bar.rect().contains(bar.tabRect(index)), name
        assert bar.fontMetrics().horizontalAdvance(name) <= bar.tabRect(index).width(), name


def test_panels_are_closed_and_torn_off_by_key(replayed: Lab) -> None:
    docks = replayed.window.docks
    QTest.keyClicks(replayed.window, "3")
    replayed.wait(lambda: "confusion" in seen(replayed))
    replayed.press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert docks.by_key["confusion"].isFloating()
    replayed.press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert not docks.by_key["confusion"].isFloating()
    replayed.press(Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not docks.by_key["confusion"].isVisible()


def test_keys_act_on_the_panel_that_has_them_or_was_clicked_last(replayed: Lab) -> None:
    window, docks = replayed.window, replayed.window.docks.by_key
    torn = docks["confusion"]
    QTest.keyClicks(window, "3")
    replayed.press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    replayed.wait(torn.isFloating)
    QTest.keyClicks(window, "5")
    torn.activateWindow()
    replayed.wait(lambda: QApplication.activeWindow() is torn)
    window.actions_by_id["tear_off"].trigger()
    assert not torn.isFloating()
    assert not docks["losses"].isFloating()
    replayed.wait(lambda: not window.arrangement.waits)
    (bar,) = [bar for bar in window.findChildren(QTabBar) if bar.isVisible() and "Results" in _tabs(bar)]
    tab = bar.tabRect(_tabs(bar).index("Results"))
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=tab.center())
    replayed.wait(lambda: "results" in seen(replayed))
    window.actions_by_id["close_panel"].trigger()
    assert docks["results"].isHidden()
    window.activateWindow()
    replayed.wait(lambda: QApplication.activeWindow() is window)
    docks["image_grid"].make().setFocus()
    window.actions_by_id["close_panel"].trigger()
    assert docks["image_grid"].isHidden()


def test_a_panel_that_is_brought_gets_the_keys_from_one_that_is_torn_off(replayed: Lab) -> None:
    window, torn = replayed.window, replayed.window.docks.by_key["confusion"]
    torn.tear_off()
    torn.activateWindow()
    replayed.wait(lambda: QApplication.activeWindow() is torn)
    window.actions_by_id["panel.losses"].trigger()
    replayed.wait(lambda: QApplication.activeWindow() is window)
    window.actions_by_id["close_panel"].trigger()
    assert torn.isFloating()
    assert window.docks.by_key["losses"].isHidden()


def _tabs(bar: QTabBar) -> list[str]:
    return [bar.tabText(index) for index in range(bar.count())]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_headings_of_docks_are_said_shorter_instead_of_cut(replayed: Lab, scale: float) -> None:
    scale_type(scale)
    for spec in PANELS:
        replayed.window.docks.bring(spec.key)
        dock = replayed.window.docks.by_key[spec.key]
        panel = replayed.window.docks.panel(spec.key)
        panel.refresh(Selection())
        captions = panel.headings()
        assert captions
        assert all("…" not in text and "..." not in text for text in captions)
        metrics = QFontMetricsF(theme.font(1.0))
        for width in (90, 250, 341, 520, 900, 3000):
            heading = Heading(dock, dock.tear_off)
            heading.resize(width, 30)
            heading.grab()
            heading.say(captions, named=False)
            said = heading.line.text()
            assert said in (*captions, "")
            assert metrics.horizontalAdvance(said) <= heading.line.width()
            longer = captions[: captions.index(said)] if said else captions
            assert all(metrics.horizontalAdvance(text) > heading.line.width() for text in longer)
            assert heading.toolTip() == f"<p>{html.escape(captions[0])}</p>", "which holds all of it"
            heading.setParent(None)
            heading.deleteLater()


def test_a_heading_counts_the_images_that_there_is_room_for_after_a_resize(replayed: Lab) -> None:
    dock = replayed.window.docks.by_key["image_grid"]
    panel = dock.make()
    assert isinstance(panel, ImageGridPanel)
    assert dock.view is not None
    counts = set()
    for height in (150, 600, 250):
        dock.view.resize(panel.width(), height)  # as Qt does amid a layout of its own
        panel.grab()  # it arranges what it has room for
        counts.add(counted := len(panel.shown.grid.chosen(panel._tiles.per_class)))
        replayed.wait(lambda counted=counted: f" {counted} of " in dock.heading._said[0][0])  # type: ignore[misc]
    assert len(counts) > 1


def test_a_panel_in_a_window_of_its_own_is_painted_after_the_present_mode(replayed: Lab) -> None:
    window, present = replayed.window, replayed.window.actions_by_id["present"]
    for _ in range(2):
        present.trigger()
        replayed.wait(lambda: not window.arrangement.waits and window.updatesEnabled())
    window.show_panel("gradient_conflict")
    window.commands.panels.tear_off()
    dock = window.docks.by_key["gradient_conflict"]
    replayed.wait(lambda: dock.windowFlags() & FRAMED == FRAMED)
    for _ in range(2):
        present.trigger()
        replayed.wait(lambda: not window.arrangement.waits and window.updatesEnabled())
    window.show_panel("gradient_conflict")
    assert dock.updatesEnabled()
    assert dock.make().updatesEnabled()


def test_keys_to_tabs_that_have_no_room_are_seen(qtbot: QtBot) -> None:
    bar = QTabBar()
    qtbot.addWidget(bar)
    for number in range(20):
        bar.addTab(f"Panel number {number}")
    bar.resize(300, 30)
    bar.show()
    letter(bar, large=True)
    settle()
    keys = [key for key in bar.findChildren(QToolButton) if key.isVisible()]
    assert [key.text() for key in keys] == ["\N{BLACK LEFT-POINTING TRIANGLE}", "\N{BLACK RIGHT-POINTING TRIANGLE}"]
    assert all(key.arrowType() is Qt.ArrowType.NoArrow for key in keys), "a style sheet draws arrows as nothing"
