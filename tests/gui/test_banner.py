"""Messages: they lie over the plot and move nothing, wait for each other, and go when their cause goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from lwf_gui.documents import files
from lwf_gui.gui import app
from lwf_gui.gui.session import State
from lwf_gui.gui.widgets import dialogs
from lwf_gui.gui.widgets.banner import MOST, Banner, Cause
from lwf_gui.gui.window import Window
from lwf_gui.messages import EngineReady, Failed, Finished, Notice
from tests.gui.conftest import Lab, OpenWindow, type_into
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle

LONG = "Fashion-MNIST could not be loaded from anywhere, so that other images take its place. " * 3


@pytest.fixture
def lab(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    return open_window(engine=engine, size=(1280, 720))


def said(window: Window) -> list[str]:
    return [message.sentence for message in window.banner._waiting]


def places(window: Window) -> dict[str, QRect]:
    """Return where all that one can aim at stands."""
    parts: list[QWidget] = [*window.bar.buttons.values(), *window.findChildren(QDockWidget), window.timeline]
    parts += [window.accuracy, window.recipe, *window.recipe._rows.controls.values()]
    return {
        f"{type(part).__name__} {index}": QRect(part.mapToGlobal(QPoint(0, 0)), part.size())
        for index, part in enumerate(parts)
    }


def test_a_message_moves_nothing_that_one_aims_at(lab: Lab) -> None:
    window = lab.window
    settle()
    before = places(window)
    window.banner.say(LONG, (("Download", list), ("Choose folder...", list)))
    settle()
    assert window.banner.isVisible()
    assert places(window) == before
    window.banner.close_messages()
    settle()
    assert places(window) == before


@pytest.mark.parametrize("size", [(800, 560), (1024, 768), (1280, 720), (1920, 1080)])
def test_a_message_lies_over_the_plots_lower_edge_and_covers_no_figures(lab: Lab, size: tuple[int, int]) -> None:
    window, banner = lab.window, lab.window.banner
    banner.say(LONG, (("Download", list),))
    window.resize(*size)
    settle()
    plot = window.accuracy.plot
    lower = window.accuracy.mapTo(window, window.accuracy.rect().bottomLeft()).y()
    assert banner.y() < lower
    for other in (plot.title, plot.readout, plot.strip, window.cards, window.bar):
        assert not QRect(other.mapTo(window, QPoint(0, 0)), other.size()).intersects(banner.geometry())
    assert window.rect().contains(banner.geometry())
    assert banner.text.height() >= banner.text.heightForWidth(banner.text.width())
    for part in (banner.text, *banner.buttons):
        middle = part.mapTo(window, part.rect().center())
        assert window.childAt(middle) is part, "it is on top"


def test_a_message_goes_with_the_plot_where_its_place_alone_changes(lab: Lab) -> None:
    window = lab.window
    window.banner.say("A sentence.")
    left = window.banner.geometry().left()
    window.centre.move(window.centre.x() + 40, window.centre.y())
    assert window.banner.geometry().left() == left + 40


def test_a_message_lies_below_what_covers_the_window(lab: Lab) -> None:
    window = lab.window
    window.commands.teach.blank()
    window.banner.say(LONG)
    middle = window.banner.geometry().center()
    assert type(window.childAt(middle)).__name__ == "Blank"


def test_a_message_is_told_to_screen_readers_and_in_reach_of_the_keyboard(lab: Lab) -> None:
    banner, done = lab.window.banner, []
    banner.say("A sentence.", (("Do it", lambda: done.append(1)),))
    assert banner.accessibleName() == "A sentence."
    lab.window.bar.buttons["run"].setFocus()
    for _ in range(100):
        QTest.keyClick(lab.window, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is banner.buttons[0]:
            break
    QTest.keyClick(banner.buttons[0], Qt.Key.Key_Return)
    assert done == [1]
    assert not banner.isVisible()
    assert banner.accessibleName() == ""


def test_the_newest_is_read_at_once_and_hides_no_error(lab: Lab) -> None:
    banner = lab.window.banner
    banner.say("Out of memory.", error=True, cause=Cause.RUN)
    banner.say("The teacher was not kept.", cause=Cause.RUN)
    assert banner.text.text().splitlines() == ["The teacher was not kept.", "Out of memory."]
    assert banner.property("error")
    assert not banner.more.isVisible(), "both are read"
    banner.say("x.lwfrun cannot be read.", error=True, cause=Cause.FILE)
    assert banner.text.text() == "x.lwfrun cannot be read."
    assert banner.more.text() == "2 more"
    banner.say("The folder holds no images.", cause=Cause.RUN)
    assert banner.text.text().splitlines() == ["The folder holds no images.", "x.lwfrun cannot be read."]
    assert banner.accessibleName() == banner.text.text()
    assert banner.text.height() >= banner.text.heightForWidth(banner.text.width())


def test_esc_closes_all_messages_at_once_and_only_then_leaves_present_mode(lab: Lab) -> None:
    banner = lab.window.banner
    lab.press(Qt.Key.Key_F11)
    banner.say("Out of memory.", error=True, cause=Cause.RUN)
    banner.say("The teacher was not kept.", cause=Cause.RUN)
    lab.press(Qt.Key.Key_Escape)
    assert not banner.isVisible()
    assert lab.window.present_mode.on
    lab.press(Qt.Key.Key_Escape)
    assert not lab.window.present_mode.on


def test_messages_that_wait_are_read_when_asked_for(lab: Lab) -> None:
    banner = lab.window.banner
    for number in range(4):
        banner.say(f"Notice {number}.", cause=Cause.RUN)
    assert banner.text.text() == "Notice 3."
    lab.click(banner.more)
    assert banner.text.text().split("\n") == [f"Notice {number}." for number in (3, 2, 1, 0)]
    assert not banner.more.isVisible()
    assert banner.text.height() >= banner.text.heightForWidth(banner.text.width())


def test_of_one_kind_only_the_newest_is_said(lab: Lab) -> None:
    banner = lab.window.banner
    for cause in (Cause.FIELD, Cause.FILE, Cause.DATA):
        for number in range(3):
            banner.say(f"{cause.value} {number}.", cause=cause)
    assert len(said(lab.window)) == 3


def test_a_fields_notice_names_its_label_and_goes_when_the_field_is_right_again(lab: Lab) -> None:
    window, controls = lab.window, lab.window.recipe._rows.controls
    for key, text in (("engine.threads", "1.5"), ("train.batch_size", "abc")):
        type_into(controls[key], text)
    (sentence,) = said(window)
    assert sentence.startswith("Batch size: “abc” is no whole number")
    type_into(controls["train.batch_size"], "32")
    (sentence,) = said(window)
    assert sentence.startswith("Threads = 1.5 is not allowed"), "the one that is still wrong"
    field = controls["engine.threads"].field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert said(window) == []


def test_what_is_said_twice_waits_once_and_not_all_waits_for_ever(lab: Lab) -> None:
    banner = lab.window.banner
    for number in range(3 * MOST):
        for _ in range(2):
            banner.say(f"Fault {number}.", error=True, cause=Cause.FAULT)
    assert said(lab.window) == [f"Fault {3 * MOST - 1 - n}." for n in range(MOST)]


def test_names_in_a_message_are_plain_text(lab: Lab) -> None:
    lab.window.banner.say("<b>bold</b> was not written.")
    assert lab.window.banner.text.textFormat() is Qt.TextFormat.PlainText


# ---- every message goes with its cause


def test_what_cannot_be_done_now_goes_when_it_can(lab: Lab, engine: ScriptedEngine, tmp_path: Path) -> None:
    window = lab.window
    window.session.run_or_pause()
    window.files.open(tmp_path / "x.lwfrun")
    assert said(window) == ["Stop the run before you open another one."]
    engine.outbox.put(Finished(lab.session.link.run_id, {}))
    lab.wait_for(State.FINISHED)
    assert said(window) == []


def test_a_refused_fork_is_forgotten_once_one_goes_elsewhere(lab: Lab) -> None:
    window = lab.window
    window.commands.time.fork()
    assert len(said(window)) == 1
    window.commands.time.fork()
    assert len(said(window)) == 1, "the same thing is not said twice"
    window.commands.time.go_by(-1)
    assert said(window) == []


def test_what_was_said_of_a_run_goes_with_it(lab: Lab, engine: ScriptedEngine) -> None:
    window = lab.window
    window.session.run_or_pause()
    run_id = lab.session.link.run_id
    engine.outbox.put(Notice(run_id, "LwF diverged."))
    engine.outbox.put(Failed(run_id, "Out of memory.", "Traceback", bad_input=False))
    lab.wait_for(State.FAILED)
    assert said(window) == ["Out of memory.", "LwF diverged."]
    window.files.open(paths_of_the_bundled_run())
    assert said(window) == []


def paths_of_the_bundled_run() -> Path:
    from lwf_gui import paths

    return paths.resources() / app.BUNDLED_RUN


def test_a_file_error_goes_with_the_next_file_that_is_written(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = lab.window
    (tmp_path / "file").write_text("")
    for place, left in ((tmp_path / "file" / "a.png", 1), (tmp_path / "b.png", 0)):
        monkeypatch.setattr(dialogs, "ask_target", lambda *_, place=place: str(place))
        window.files.save_picture()
        assert len(said(window)) == left


def test_how_the_program_ended_goes_when_a_run_begins(lab: Lab) -> None:
    window = lab.window
    window.banner.say("The program ended unexpectedly last time.", error=True, cause=Cause.START)
    lab.session.show_record(files.load(paths_of_the_bundled_run()))
    assert len(said(window)) == 1
    window.session.run_or_pause()
    assert said(window) == []


def test_an_engine_that_did_not_start_is_spoken_of_until_one_does(lab: Lab, engine: ScriptedEngine) -> None:
    window = lab.window
    engine.outbox.put(Failed(0, "The engine cannot start: OSError.", "Traceback", bad_input=False))
    lab.wait(lambda: bool(said(window)))
    window.files.open(paths_of_the_bundled_run())
    assert said(window) == ["The engine cannot start: OSError."]
    engine.outbox.put(EngineReady(0))
    lab.wait(lambda: not said(window))


def test_a_fault_stays_until_it_is_closed(lab: Lab) -> None:
    window = lab.window
    window.announcements.show_fault("The program has a fault.", "Traceback")
    window.session.run_or_pause()
    window.files.open(paths_of_the_bundled_run())
    assert said(window) == ["Stop the run before you open another one.", "The program has a fault."]
    assert [button.text() for button in window.banner.buttons] == ["Details...", "Copy details"]
    lab.click(window.banner.buttons[1])
    assert QApplication.clipboard().text() == "Traceback"
    QApplication.clipboard().clear()
    assert isinstance(window.banner, Banner)
    window.banner.close_messages()
    assert "The program has a fault." not in said(window)


def test_why_no_run_can_be_opened_is_said_before_one_chooses_a_file(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(dialogs, "ask_name", lambda *where: asked.append(where))
    lab.session.run_or_pause()
    lab.window.files.open_run()
    assert asked == []
    assert said(lab.window) == ["Stop the run before you open another one."]
