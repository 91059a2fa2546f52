"""Drawing a curve before it is shown: mouse, keyboard, what is hidden, what is told, and that nothing stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.teaching.prediction import Prediction
from lwf_gui.gui.teaching.sketch_caption import SketchCaption
from lwf_gui.gui.theme import DARK, LIGHT
from lwf_gui.messages import Branch
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS

Show = Callable[[Record], AccuracyPlot]
LWF = LEARNERS.index("lwf")
Key = Qt.Key


@pytest.fixture
def show(qtbot: QtBot, nothing_left_behind: None) -> Iterator[Show]:
    """Return a function that shows a record in an accuracy plot, with the keyboard."""
    windows: list[QWidget] = []

    def shown(record: Record) -> AccuracyPlot:
        window = QWidget()
        windows.append(window)
        plot = AccuracyPlot()
        QVBoxLayout(window).addWidget(plot)
        window.resize(760, 480)
        plot.set_theme(LIGHT)
        plot.show_record(record)
        if record.incremental is not None:
            plot.set_x_range(0, record.incremental.started.steps)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        look_at(plot)
        return plot

    yield shown
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture(scope="module")
def classroom() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def look_at(plot: AccuracyPlot, **selection: Any) -> None:
    """Let the plot show a look, as its panel does."""
    plot.selection = Selection(**selection)
    plot.repaint_curves()
    plot.describe()


def place(plot: AccuracyPlot, step: float, percent: float) -> QPoint:
    """Return the pixel of a step and a percentage, from the ends of the axes."""
    box = plot.plot.vb.sceneBoundingRect()
    (left, right), (bottom, top) = plot.plot.vb.viewRange()
    x = box.left() + box.width() * (step - left) / (right - left)
    return QPoint(round(x), round(box.bottom() - box.height() * (percent - bottom) / (top - bottom)))


def percent_per_pixel(plot: AccuracyPlot) -> float:
    bottom, top = plot.plot.vb.viewRange()[1]
    return float((top - bottom) / plot.plot.vb.sceneBoundingRect().height())


def drag(prediction: Prediction, *points: tuple[float, float]) -> None:
    """Draw a stroke with the mouse, in small moves."""
    places = [place(prediction.plot, *point) for point in points]
    QTest.mousePress(prediction, Qt.MouseButton.LeftButton, pos=places[0])
    for start, end in pairwise(places):
        moves = max(abs(end.x() - start.x()) // 5, 1)
        for move in range(1, moves + 1):
            QTest.mouseMove(prediction, start + (end - start) * (move / moves))
    QTest.mouseRelease(prediction, Qt.MouseButton.LeftButton, pos=places[-1])


def press(prediction: Prediction, *keys: Key, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    for key in keys:
        assert QApplication.focusWidget() is prediction
        QTest.keyClick(prediction, key, modifier)


def caption(plot: AccuracyPlot) -> SketchCaption:
    (found,) = [frame for frame in plot.findChildren(QFrame) if isinstance(frame, SketchCaption)]
    return found


def in_colour(plot: AccuracyPlot, step: float, percent: float, colour: str, reach: int = 3) -> bool:
    """Whether that colour is on the screen so many pixels above or below a point, or twice as many beside it."""
    image, at, wanted = plot.view.grab().toImage(), place(plot, step, percent), QColor(colour)
    for y in range(at.y() - reach, at.y() + reach + 1):
        for x in range(at.x() - 2 * reach, at.x() + 2 * reach + 1):  # dots stand apart
            pixel = image.pixelColor(x, y)
            if max(abs(a - b) for a, b in zip(pixel.getRgb()[:3], wanted.getRgb()[:3], strict=True)) < 8:  # type: ignore[index]
                return True
    return False


def real(record: Record, step: float) -> float:
    """Return LwF's old-task accuracy in percent, task-aware, on the line between two probes."""
    track = record.incremental
    assert track is not None
    return float(np.interp(step, track.probe_steps.values, 100 * track.accuracies("task_aware")[:, LWF, 0]))


def mean_off(record: Record, guess: Callable[[float], float], protocol: str = "task_aware") -> float:
    """Return the mean difference of LwF's old task, each probe weighted by the half steps nearest to it."""
    track = record.incremental
    assert track is not None
    steps = track.probe_steps.values.tolist()
    values = (100 * track.accuracies(protocol)[:, LWF, 0]).tolist()  # type: ignore[arg-type]
    total, halves = 0.0, 2 * steps[-1]
    for half in range(halves):
        nearest = min(range(len(steps)), key=lambda i, middle=half / 2 + 0.25: abs(steps[i] - middle))  # type: ignore[misc]
        total += abs(guess(steps[nearest]) - values[nearest])
    return float(total / halves)


def said(sentence: str) -> tuple[float, float, float]:
    """Return the points off, the expected and the real percentage of a sentence."""
    numbers = re.search(r"([\d.]+) points.*expected (\d+) %.* ([\d.]+) % \(", sentence)
    assert numbers is not None
    return tuple(float(number) for number in numbers.groups())  # type: ignore[return-value]


# Drawing


def test_mouse_draws_a_curve_of_steps_and_percent(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 90), (300, 40), (1125, 55))
    steps = [0, 150, 300, 700, 1000]
    exact = 1.5 * percent_per_pixel(plot)
    assert prediction.sketch.at(steps) == pytest.approx(np.interp(steps, [0, 300, 1125], [90, 40, 55]), abs=exact)


def test_drawing_again_replaces_only_what_is_drawn_again(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 80), (1125, 80))
    drag(prediction, (700, 20), (400, 20))
    exact = 1.5 * percent_per_pixel(plot)
    assert prediction.sketch.at([390, 410, 690, 710]) == pytest.approx([80, 20, 20, 80], abs=exact)


def test_a_stroke_stays_within_task_2_and_the_percentages(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    plot.set_x_range(-200, 1200)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (-100, 103), (0, 103), (500, 50), (1125, -4), (1190, -4))
    assert (prediction.sketch.x[0], prediction.sketch.x[-1]) == (0, 1125)
    assert prediction.sketch.at([0, 1125]) == pytest.approx([100, 0])


def test_other_buttons_and_places_beside_the_curves_draw_nothing(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    QTest.mouseClick(prediction, Qt.MouseButton.RightButton, pos=place(plot, 500, 50))
    QTest.mouseClick(prediction, Qt.MouseButton.LeftButton, pos=QPoint(2, place(plot, 0, 50).y()))  # on the axis
    QTest.mouseMove(prediction, place(plot, 600, 50))
    assert prediction.sketch.empty
    QTest.mouseClick(prediction, Qt.MouseButton.LeftButton, pos=place(plot, 500, 50))
    assert not prediction.sketch.empty


def test_keyboard_alone_draws_and_finishes(show: Show, classroom: Record, qtbot: QtBot) -> None:
    prediction = Prediction(show(classroom), "lwf")
    start = round(real(classroom, 0))
    press(prediction, Key.Key_Right, Key.Key_Down, Key.Key_Down)
    press(prediction, Key.Key_Right, Key.Key_Right)
    press(prediction, Key.Key_Up, shift=True)
    wanted = [real(classroom, 0), start - 10, real(classroom, 0), start + 1, real(classroom, 0)]
    assert prediction.sketch.at(np.arange(5) * 1125 / 4) == pytest.approx(wanted)
    assert prediction.sketch.at(1125 / 8) == pytest.approx((wanted[0] + wanted[1]) / 2)
    with qtbot.waitSignal(prediction.scored):
        press(prediction, Key.Key_Return)


def test_handles_stop_at_the_ends_and_at_0_and_100_percent(show: Show, classroom: Record) -> None:
    prediction = Prediction(show(classroom), "lwf")
    press(prediction, Key.Key_Left, *[Key.Key_Up] * 5)
    assert prediction.sketch.at(0) == 100
    press(prediction, *[Key.Key_Right] * 9, *[Key.Key_Down] * 30)
    assert prediction.sketch.at(1125) == 0


def test_a_moved_handle_takes_the_lines_to_its_neighbours_and_no_more(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 80), (650, 80), (700, 20), (750, 80), (1125, 80))
    press(prediction, Key.Key_Right, *[Key.Key_Down] * 4)
    first = 1125 / 4
    level = prediction.sketch.at(0)
    assert prediction.sketch.at(first) == round(float(level)) - 20
    assert prediction.sketch.at([first / 2, 1.5 * first]) == pytest.approx([level - 10] * 2, abs=1)
    assert prediction.sketch.at([2 * first, 1000]) == pytest.approx([level] * 2, abs=0.1)
    assert prediction.sketch.at(700) < 25


def test_handles_are_shown_but_while_the_mouse_draws(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "fine-tune")
    press(prediction, Key.Key_Right, Key.Key_Down)
    handle = (1125 / 4, float(prediction.sketch.at(1125 / 4)))

    def shown() -> bool:
        return in_colour(plot, *handle, LIGHT.accent, reach=10)

    assert shown()
    QTest.mousePress(prediction, Qt.MouseButton.LeftButton, pos=place(plot, 800, 50))
    assert not shown()
    QTest.mouseRelease(prediction, Qt.MouseButton.LeftButton, pos=place(plot, 800, 50))
    assert shown()
    drag(prediction, (0, 60), (1125, 60))
    prediction.finish()
    assert not in_colour(plot, 1125 / 4, 60, LIGHT.accent, reach=10)


def test_screen_readers_hear_the_handle_and_its_value(show: Show, classroom: Record) -> None:
    prediction = Prediction(show(classroom), "fine-tune")
    assert "Fine-tuning's old-task accuracy" in prediction.accessibleDescription()
    assert "Shift" in prediction.accessibleDescription()
    press(prediction, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    value = round(real(classroom, 0)) - 5  # both learners begin as one network
    assert prediction.accessibleName().endswith(f"handle 3 of 5, step 562: {value} %")


@pytest.mark.parametrize("how", ["key", "button"])
def test_nothing_drawn_cannot_be_done(show: Show, classroom: Record, how: str) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    assert caption(plot).go.text() == "Done"
    for stage in ("drawing", "revealed"):
        if how == "key":
            press(prediction, Key.Key_Enter)
        else:
            QTest.mouseClick(caption(plot).go, Qt.MouseButton.LeftButton)
        assert prediction.stage == stage
        if stage == "drawing":
            press(prediction, Key.Key_Down)


def test_escape_skips_and_does_not_reach_the_windows_shortcut(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    heard: list[str] = []
    for keys in ("Esc", "Up"):
        QShortcut(QKeySequence(keys), plot.window()).activated.connect(lambda keys=keys: heard.append(keys))
    prediction = Prediction(plot, "lwf")
    press(prediction, Key.Key_Up, Key.Key_Escape)
    assert prediction.hides is None
    assert not heard
    assert not plot.hidden
    QTest.keyClick(plot.window(), Key.Key_Escape)
    assert heard == ["Esc"]


def test_wheel_zooms_while_one_draws(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    at = QPointF(place(plot, 500, 50))
    before = np.diff(plot.plot.vb.viewRange()[0])
    none = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase)
    event = QWheelEvent(at, prediction.mapToGlobal(at), QPoint(), QPoint(0, 120), *none, False)
    QApplication.sendEvent(prediction, event)
    assert np.diff(plot.plot.vb.viewRange()[0]) < 0.95 * before


# Hiding


def test_the_hidden_curve_is_nowhere_and_then_revealed(show: Show, classroom: Record, qtbot: QtBot) -> None:
    plot = show(classroom)
    before, colour, places = plot.curves["lwf", "old"].getData(), LIGHT.learner("lwf"), [400, 600, 800]
    assert len(before[0]) > 20
    assert "LwF has forgotten" in plot.view.accessibleDescription()
    prediction = Prediction(plot, "lwf")
    assert prediction.hides == ("lwf", "old")
    drag(prediction, (0, 30), (1125, 30))
    assert len(plot.curves["lwf", "old"].getData()[0]) == 0
    assert len(plot.curves["fine-tune", "old"].getData()[0]) == len(before[0])
    assert len(plot.curves["lwf", "new"].getData()[0]) == len(before[0])
    assert not any(in_colour(plot, step, real(classroom, step), colour) for step in places)
    plot.point_at(700)
    ours = plot.readout.text().partition("LwF")[2]
    assert "new " in ours
    assert "old " not in ours
    end = f"{real(classroom, 1125):.0f} %"
    for text in (plot.readout.text(), plot.view.accessibleDescription(), *map(str, plot.values_at(700))):
        assert end not in text
        assert "89.7" not in text
    assert "LwF has forgotten" not in plot.view.accessibleDescription()
    assert "Fine-tuning" in plot.view.accessibleDescription()
    with qtbot.waitSignal(prediction.scored):
        prediction.finish()
    assert prediction.hides is None
    np.testing.assert_array_equal(plot.curves["lwf", "old"].getData(), before)
    assert all(in_colour(plot, step, real(classroom, step), colour) for step in places)
    told = "".join(text for text, _ in plot.values_at(1125))
    assert "LwF old ◆ 89.7 %" in told, "where a full test is at hand, it is told"
    assert "LwF has forgotten" in plot.view.accessibleDescription()


def test_a_ghost_and_a_branch_do_not_give_it_away(show: Show) -> None:
    whole = synthetic.record()
    forked = whole.forked(20, Branch("lwf+1@20", "lwf", 20, {}))
    forked = forked.forked(20, Branch("lwf+2@20", "lwf+1@20", 20, {}))
    plot = show(forked)
    plot.ghost = whole
    prediction = Prediction(plot, "lwf")
    told = ("lwf", "lwf+1@20", "lwf+2@20")
    curves = [*((learner, "old") for learner in told), ("lwf", "ghost")]
    assert [len(plot.curves[curve].getData()[0]) for curve in curves] == [0, 0, 0, 0]
    for curve in (("fine-tune", "ghost"), ("fine-tune", "old"), ("lwf+1@20", "new")):
        assert len(plot.curves[curve].getData()[0]) > 0
    prediction.close_sketch()
    assert [len(plot.curves[curve].getData()[0]) for curve in curves] == [3, 1, 1, 4]  # branches begin at step 20


def test_the_new_tasks_curve_can_be_guessed_too(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "fine-tune", "new")
    assert len(plot.curves["fine-tune", "new"].getData()[0]) == 0
    assert len(plot.curves["fine-tune", "old"].getData()[0]) > 0
    assert "Fine-tuning's new-task accuracy" in caption(plot).text.text()
    sentences: list[str] = []
    prediction.scored.connect(sentences.append)
    press(prediction, Key.Key_Down, Key.Key_Return)
    assert "fine-tuning reaches" in sentences[0]


# Telling


def test_the_score_is_that_of_the_sketch(show: Show, classroom: Record, qtbot: QtBot) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    keys = [Key.Key_Down] * 8  # from its beginning to 40 points less, in a line
    press(prediction, *[Key.Key_Right] * 4, *keys)
    begin = real(classroom, 0)
    quarter = 1125 * 3 / 4
    end = round(begin) - 40
    with qtbot.waitSignal(prediction.scored) as caught:
        press(prediction, Key.Key_Enter)
    (sentence,) = caught.args
    off, expected, is_ = said(sentence)
    guessed = mean_off(classroom, lambda x: float(np.interp(x, [0, quarter, 1125], [begin, begin, end])))
    assert off == pytest.approx(guessed, abs=0.5 if guessed >= 10 else 0.05)
    assert expected == end
    assert is_ == round(100 * files_last(classroom)), "whole points of 200 images"
    heard = caption(plot).accessibleName()
    assert heard == sentence
    assert caption(plot).text.text().replace("<b>", "").replace("</b>", "") == sentence
    assert not caption(plot).go.isVisible()


def files_last(record: Record) -> float:
    """Return LwF's fraction of old-task probe images right at the end, image by image."""
    assert record.incremental is not None
    assert record.data is not None
    data, logits = record.data, record.incremental.probes[-1].logits[LWF]
    classes = data.scenario.sizes[0]
    old = [(row[:classes].argmax(), label) for row, label in zip(logits, data.probe_labels, strict=True)]
    hits = [answer == label for answer, label in old if label < classes]
    return float(sum(hits) / len(hits))


def test_what_lies_between_is_tinted_once_it_is_revealed(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 30), (1125, 30))

    def colour(percent: float) -> QColor:
        at = place(plot, 900, percent)
        return QColor(plot.view.grab().toImage().pixel(at))

    bare = colour(60)
    prediction.finish()
    assert colour(60) != bare
    assert colour(60).blue() > colour(60).red()  # LwF is blue
    assert colour(26) == bare


def test_an_unfinished_run_stays_hidden_until_it_is_revealed(show: Show) -> None:
    record = synthetic.up_to_step(15)
    plot = show(record)
    sentences: list[str] = []
    prediction = Prediction(plot, "lwf")
    prediction.scored.connect(sentences.append)
    drag(prediction, (0, 50), (30, 50))
    prediction.reveal()  # not while one draws
    assert prediction.stage == "drawing"
    press(prediction, Key.Key_Return)
    assert not sentences
    assert prediction.hides == ("lwf", "old")
    look_at(plot)
    assert len(plot.curves["lwf", "old"].getData()[0]) == 0
    assert caption(plot).go.text() == "Reveal"
    QTest.mouseClick(caption(plot).go, Qt.MouseButton.LeftButton)
    assert len(plot.curves["lwf", "old"].getData()[0]) == 2
    assert sentences[0].startswith("So far")
    level = float(prediction.sketch.at(0))
    assert said(sentences[0])[0] == pytest.approx(mean_off(record, lambda x: level), abs=0.5)
    rest = synthetic.task2()
    steps = next(index for index, message in enumerate(rest) if getattr(message, "first", 0) == 11)
    for message in rest[steps + 1 :]:
        record.apply(message)
        look_at(plot)
    assert len(sentences) == 2, "it is said again when the run is over, and not before"
    assert said(sentences[1])[0] == pytest.approx(mean_off(record, lambda x: level), abs=0.5)
    assert "at the end" in sentences[1]


def test_right_after_the_head_expansion_there_is_nothing_to_reveal_yet(show: Show) -> None:
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:4]])
    plot = show(record)
    prediction = Prediction(plot, "lwf")
    press(prediction, Key.Key_Down, Key.Key_Return)
    assert not caption(plot).go.isEnabled()
    for message in synthetic.task2()[4:6]:
        record.apply(message)
    look_at(plot)
    assert caption(plot).go.isEnabled()
    prediction.close_sketch()


def test_a_line_is_of_the_protocol_that_it_was_drawn_under_and_says_so(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 50), (1125, 50))
    sentences: list[str] = []
    prediction.scored.connect(sentences.append)
    prediction.finish()
    judged = caption(plot).accessibleName()
    assert "(task-aware" in judged
    look_at(plot, protocol="class_incremental")
    away = caption(plot).accessibleName()
    assert away.startswith("Your line is of task-aware accuracy. The plot shows class-incremental")
    assert "off" not in away
    assert not in_colour(plot, 800, 50, LIGHT.learner("lwf")), "the line is not beside a curve that nobody guessed"
    look_at(plot)
    assert caption(plot).accessibleName() == judged
    assert in_colour(plot, 800, 50, LIGHT.learner("lwf"))
    assert len(sentences) == 1


def test_nothing_is_drawn_over_the_other_protocol(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 50), (1125, 50))
    drawn = prediction.sketch
    look_at(plot, protocol="class_incremental")
    drag(prediction, (0, 90), (1125, 90))
    press(prediction, Key.Key_Down, Key.Key_Return)
    assert (prediction.sketch, prediction.stage) == (drawn, "drawing")
    look_at(plot)
    press(prediction, Key.Key_Return)
    assert prediction.stage == "revealed"


def test_a_line_may_be_of_the_first_steps_alone(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf", steps=375)
    assert "will go up to step 375." in caption(plot).accessibleName()
    plot.set_x_range(0, 400)
    drag(prediction, (0, 50), (375, 50), (399, 0))
    assert prediction.sketch.x[-1] == 375
    sentences: list[str] = []
    prediction.scored.connect(sentences.append)
    prediction.finish()
    track = classroom.incremental
    assert track is not None
    inside = track.probe_steps.values <= 375
    last = 100 * track.accuracies("task_aware")[inside, LWF, 0][-1]
    assert "over 375 steps" in sentences[0]
    assert "at step 375;" in sentences[0]
    assert said(sentences[0])[2] == pytest.approx(last, abs=0.5)


# Staying and going


def test_after_drawing_the_plot_has_mouse_and_keyboard_again(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    at = place(plot, 500, 50)
    assert plot.view.childAt(at) is prediction
    drag(prediction, (0, 50), (1125, 50))
    prediction.finish()
    assert plot.view.childAt(at) is plot.view.viewport()
    assert QApplication.focusWidget() is plot.view
    assert prediction.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("stage", ["drawing", "drawn", "revealed"])
def test_closing_leaves_the_plot_as_it_was(show: Show, stage: str, qtbot: QtBot) -> None:
    plot = show(synthetic.up_to_step(20))
    QApplication.processEvents()
    before = (plot.view.geometry(), plot.readout.text(), plot.view.accessibleDescription(), plot.view.grab().toImage())
    data = {key: curve.getData() for key, curve in plot.curves.items()}
    prediction = Prediction(plot, "lwf")
    press(prediction, Key.Key_Down)
    if stage != "drawing":
        prediction.finish()
    if stage == "revealed":
        prediction.reveal()
    assert prediction.stage == stage
    with qtbot.waitSignal(prediction.closed):
        QTest.mouseClick(caption(plot).leave, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(prediction.closed):
        prediction.close_sketch()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    assert not shiboken6.isValid(prediction)
    assert not plot.hidden
    for key, curve in plot.curves.items():
        np.testing.assert_array_equal(curve.getData(), data[key])
    after = (plot.view.geometry(), plot.readout.text(), plot.view.accessibleDescription(), plot.view.grab().toImage())
    assert after == before
    look_at(plot, protocol="class_incremental")  # nobody listens any more
    assert not plot.findChildren(SketchCaption)


def test_another_record_drops_the_sketch(show: Show, qtbot: QtBot) -> None:
    plot = show(synthetic.record())
    prediction = Prediction(plot, "lwf")
    press(prediction, Key.Key_Down)
    look_at(plot)
    assert prediction.hides is not None
    other = synthetic.record()
    plot.show_record(other)
    with qtbot.waitSignal(prediction.closed):
        look_at(plot)
    assert not plot.hidden
    assert len(plot.curves["lwf", "old"].getData()[0]) == 4


def test_the_sketch_follows_zoom_size_and_theme(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    prediction = Prediction(plot, "lwf")
    drag(prediction, (0, 70), (560, 30), (1125, 70))
    prediction.finish()

    def drawn(colours: theme.Theme) -> list[bool]:
        level = prediction.sketch.at([330, 250])
        return [in_colour(plot, step, y, colours.learner("lwf")) for step, y in zip([330, 250], level, strict=True)]

    assert drawn(LIGHT) == [True, True]
    plot.set_x_range(200, 400)
    assert drawn(LIGHT) == [True, True]
    plot.window().resize(1000, 700)
    QApplication.processEvents()
    assert prediction.geometry() == plot.view.viewport().geometry()
    assert drawn(LIGHT) == [True, True]
    plot.set_theme(DARK)
    look_at(plot)
    assert drawn(LIGHT) == [False, False]
    assert drawn(DARK) == [True, True]


def test_there_must_be_a_curve_to_guess(show: Show) -> None:
    for record, learner in ((synthetic.record(synthetic.task1()), "lwf"), (synthetic.record(), "teacher")):
        plot = show(record)
        with pytest.raises(ValueError, match="no curve"):
            Prediction(plot, learner)
        assert not plot.hidden
        assert not plot.findChildren(SketchCaption)


def test_what_is_asked_for_names_protocol_and_data_as_they_are(show: Show, classroom: Record) -> None:
    plot = show(classroom)
    assert classroom.data is not None
    Prediction(plot, "lwf")
    assert f"percent, task-aware, of {classroom.data.dataset}." in caption(plot).accessibleName()
    look_at(plot, protocol="class_incremental")
    assert f"percent, class-incremental, of {classroom.data.dataset}." in caption(plot).accessibleName()
