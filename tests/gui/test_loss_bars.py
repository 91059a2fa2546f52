"""The panel Equation's bars: lengths, what is not counted, keys, words, and little room."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.equation import Equation
from lwf_gui.gui.panels.equation.bar_plan import scale_of
from lwf_gui.messages import MiniBatch
from lwf_gui.methods import METHODS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.shown import scale_type, shown_panel
from tests.runs import five, synthetic
from tests.runs.test_divergence import diverged
from tests.runs.test_equation import mixed
from tests.runs.test_loss_bars import COLUMNS


@pytest.fixture(scope="module")
def bundled() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def shown(qtbot: QtBot, record: Record, size: tuple[int, int] = (630, 196), **selection: Any) -> Equation:
    panel = shown_panel("equation", qtbot, record, size, **selection)
    assert isinstance(panel, Equation)
    return panel


def rects(panel: Equation, term: str, of: str) -> list[QRectF]:
    return [spot.rect for spot in panel.spots if spot.key[:2] == (term, of)]  # type: ignore[index]


def coloured(image: QImage, colour: str, box: QRectF) -> int:
    """Return how many columns of pixels are all of a colour in the middle of a box."""
    wanted, y = QColor(colour).rgb(), int(box.center().y())
    return sum(image.pixel(x, y) == wanted for x in range(int(box.left()), min(image.width(), int(box.right()) + 1)))


def test_bars_are_seen_first_and_as_long_as_their_nats(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled, (1000, 320), step=5)
    assert panel.view == "bars"
    assert bundled.incremental is not None
    fine, lwf = bundled.incremental.losses.values[3].astype(float)  # the last probe up to step 5 is that of step 4
    assert panel.shown.step == 4
    end, _ = scale_of(fine[0] + 4 * fine[2])
    track = panel.area.width()
    for learner, numbers in (("fine-tune", fine), ("lwf", lwf)):
        (mistakes,), (distance,) = rects(panel, "ce", learner), rects(panel, "kl", learner)
        assert mistakes.width() == pytest.approx(track * numbers[0] / end, abs=2)
        assert distance.width() == pytest.approx(track * 4 * numbers[2] / end, abs=2)
        assert mistakes.right() == pytest.approx(distance.left(), abs=1)


def test_what_is_not_counted_is_hatched_and_says_so(qtbot: QtBot, bundled: Record, drawn: list[str]) -> None:
    panel = shown(qtbot, bundled, (1000, 320), step=5)
    assert "not in its loss" in drawn
    image = panel.grab().toImage()
    for learner, counted in (("fine-tune", False), ("lwf", True)):
        colour = panel.colours.learner(learner)
        (mistakes,), (distance,) = rects(panel, "ce", learner), rects(panel, "kl", learner)
        assert coloured(image, colour, mistakes.adjusted(2, 0, -2, 0)) >= mistakes.width() - 6, "whole"
        inner = distance.adjusted(2, 0, -2, 0)
        if counted:
            assert coloured(image, colour, inner) == 0, "paler"
        else:
            assert 0 < coloured(image, colour, inner) < 0.5 * inner.width(), "hatched"


def test_the_sentence_is_written_and_heard(qtbot: QtBot, bundled: Record, drawn: list[str]) -> None:
    panel = shown(qtbot, bundled)
    assert any(text.startswith("Fine-tuning's loss is smaller (0.130 against 2.815 nats)") for text in drawn)
    panel.describe()
    words = panel.accessibleDescription()
    for part in (
        "nats per training image",
        "counted as in LwF's it would be 10.79",
        "not in its loss",
        "own doubt 2.607",
    ):
        assert part in words


def test_a_click_and_a_key_show_the_full_equation_and_the_bars_again(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled)
    for view, other in (("bars", "equation"), ("equation", "bars")):
        assert panel.view == view
        (key,) = [spot for spot in panel.spots if spot.key[:2] == ("view", other)]  # type: ignore[index]
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=key.rect.center().toPoint())
        panel.grab()
    assert panel.view == "bars"
    for _ in range(12):
        if panel.at is None or panel.at.key[:2] != ("view", "equation"):  # type: ignore[index]
            QTest.keyClick(panel, Qt.Key.Key_Right)
            panel.grab()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    panel.grab()
    assert panel.view == "equation"
    assert rects(panel, "entropy", "lwf")


def test_a_lesson_and_slow_motion_show_the_equation_unless_bars_are_asked_for(qtbot: QtBot) -> None:
    record = synthetic.record()
    panel = shown(qtbot, record)
    assert panel.view == "bars"
    panel.taught = True
    panel.refresh(Selection())
    assert panel.view == "equation"
    panel.choose(("view", "bars", 0))
    assert panel.view == "bars"
    panel.taught = False
    panel.refresh(Selection())
    assert panel.view == "bars"
    images, labels = np.zeros((4, 8, 8), np.uint8), np.array([3, 4, 3, 4], np.uint8)
    record.apply(MiniBatch(1, synthetic.TASK2_STEPS, images, labels, 16, np.array([0.1, 0.2], np.float32)))
    panel.refresh(Selection(term="ce"))
    assert panel.view == "equation"


def test_the_window_shows_the_equation_while_a_lesson_is_shown_and_then_bars_again(
    open_window: OpenWindow, bundled: Record
) -> None:
    lab = open_window(engine=ScriptedEngine(), record=bundled)
    window = lab.window
    window.show_panel("equation")
    panel = window.docks.panel("equation")
    assert isinstance(panel, Equation)
    lab.wait(lambda: panel.view == "bars")
    window.room.teach(("equation",))
    lab.wait(lambda: panel.view == "equation")
    window.room.teach(None)
    lab.wait(lambda: panel.view == "bars")


def test_pointing_at_a_bar_asks_for_its_term_and_tells_its_number(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled, (1000, 320), step=5)
    (distance,) = rects(panel, "kl", "fine-tune")
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.mouseMove(panel, distance.center().toPoint())
    assert asked.args == [{"term": "kl"}]
    assert "It is not in its loss" in panel.tip(("kl", "fine-tune", 0))
    assert "alpha" not in panel.tip(("ce", "lwf", 0))
    assert panel.tip(("ce", "gone", 0)) == ""


@pytest.mark.parametrize("size", [(320, 130), (420, 170), (630, 196), (400, 330), (870, 230), (1200, 600)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("state", ["bundled", "start", "diverged", "five", "22"])
def test_nothing_is_clipped_covered_or_cut(
    qtbot: QtBot, bundled: Record, drawn: list[str], size: tuple[int, int], scale: float, state: str
) -> None:
    scale_type(scale)
    names = tuple(METHODS)
    rows = [[0.5, 0.3, 0.1, 0.4, 0.2, 0.25, 0.1, 0.2, 0.9] for _ in names]
    record = {
        "bundled": bundled,
        "start": bundled,
        "diverged": diverged(),
        "five": five.record(),
        "22": mixed(names, rows, COLUMNS),
    }[state]
    panel = shown(qtbot, record, size, step=0 if state == "start" else None)
    assert panel.view == "bars"
    inside = QRectF(panel.rect())
    assert [spot.key for spot in panel.spots if not inside.contains(spot.rect)] == []
    small = [spot.rect.adjusted(1, 1, -1, -1) for spot in panel.spots]
    assert not [(a, b) for i, a in enumerate(small) for b in small[:i] if a.intersects(b)]
    told = [text for text in drawn if text.startswith(("loss ", "no loss"))]
    assert told
    assert not [text for text in told if "…" in text]


def test_learners_without_room_are_reached_by_their_key(qtbot: QtBot) -> None:
    names = tuple(METHODS)
    rows = [[0.5, 0.3, 0.1, 0.4, 0.2, 0.25, 0.1, 0.2, 0.9] for _ in names]
    panel = shown(qtbot, mixed(names, rows, COLUMNS))
    seen: set[str] = set()
    for _ in names:
        seen |= {spot.key[1] for spot in panel.spots if spot.key[0] == "learner"}  # type: ignore[index]
        panel.choose(("page", "", 0))
        panel.grab()
    assert seen == set(names)


def test_before_task_2_there_is_the_equation_alone_and_no_key(qtbot: QtBot) -> None:
    for told in (synthetic.task1(), [*synthetic.task1(), *synthetic.task2()[:1]]):
        panel = shown(qtbot, synthetic.record(told))
        assert panel.view == "equation"
        assert not [spot for spot in panel.spots if spot.key[0] == "view"]  # type: ignore[index]


def test_dark_and_light_differ_and_hatching_stays(qtbot: QtBot, bundled: Record) -> None:
    panel = shown(qtbot, bundled, (1000, 320))
    light = panel.grab().toImage()
    panel.set_theme(theme.DARK)
    assert panel.grab().toImage() != light


@pytest.mark.parametrize(
    ("longest", "end", "tick"), [(8.15, 10, 2), (0.19, 0.2, 0.05), (1.0, 1.0, 0.2), (0.0, 1.0, 0.2), (19.2, 20, 5)]
)
def test_the_axis_ends_at_a_round_number(longest: float, end: float, tick: float) -> None:
    assert scale_of(longest) == pytest.approx((end, tick))
