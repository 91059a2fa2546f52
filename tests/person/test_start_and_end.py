"""The program is started, ended and started again, the way people do, and always comes back."""

from __future__ import annotations

import json
import signal
import time

import pytest

from tests.person.conftest import SetUp
from tests.person.desk import PATIENCE, Desk, Program, wait_until

pytestmark = pytest.mark.person

SMALL = ("--set", "data.train_images=600")
"""Real images, few of them."""


@pytest.mark.parametrize("size", ["1024x768", "1280x720", "1920x1080"])
def test_a_window_that_was_closed_maximised_starts_again(set_up: SetUp, size: str) -> None:
    desk = set_up(size)
    first = desk.start()
    first.maximise()
    first.close()
    second = desk.start()
    (window,) = [w for w in second.see() if w.kind == "Window"]
    assert window.whole[2] >= desk.width - 10, "it comes back as it was left"
    second.close()


def test_a_window_that_was_closed_in_present_mode_starts_again(desk: Desk) -> None:
    first = desk.start()
    desk.keys("F11")
    wait_until(lambda: not any(w.name == "Preset" for w in first.see()), "it presents", first)
    first.close()
    second = desk.start()
    assert any(w.name == "Preset" for w in second.see()), "its controls are there again"
    second.close()


def test_a_window_that_is_closed_in_the_middle_of_a_run_ends_at_once_and_starts_again(desk: Desk) -> None:
    first = desk.start("--set", "task2.epochs=500", *SMALL, afresh=True)
    desk.keys("space")
    wait_until(lambda: first.says("Status", "Training"), "it trains", first)
    first.close()
    desk.start(afresh=True).close()  # at once: while torch is imported


def test_a_program_whose_screen_goes_away_ends(desk: Desk) -> None:
    program = desk.start("--set", "task2.epochs=500", *SMALL, "--autorun", afresh=True)
    wait_until(lambda: program.says("Status", "Training"), "it trains", program)
    desk.lose_screen()
    program.process.wait(PATIENCE)


def test_ctrl_c_ends_the_program_in_a_word_at_any_moment_of_its_start(desk: Desk) -> None:
    for delay in (0.05, 0.15, 0.3, 0.5, 0.8, 1.2):
        program = desk.launch()
        time.sleep(delay)
        program.process.send_signal(signal.SIGINT)
        program.process.wait(30)
        if delay > 0.1:  # before, Python itself is starting
            assert "Traceback" not in program.output, f"after {delay} s: {program.output}"


def test_two_windows_at_once_leave_nothing_behind_that_the_next_start_complains_of(desk: Desk) -> None:
    first, second = desk.start(afresh=True), desk.start()
    first.close()
    second.close()
    third = desk.start()
    assert not any("unexpectedly" in w.text for w in third.see())
    third.close()


def test_a_killed_program_is_spoken_of_at_most_once(desk: Desk) -> None:
    first = desk.start()
    first.process.send_signal(signal.SIGKILL)
    first.process.wait(30)
    desk.start().close()
    third = desk.start()
    assert not any("unexpectedly" in w.text for w in third.see())
    third.close()


def _settings(desk: Desk) -> bytes:
    """Return what the window remembers, after it was laid out and closed."""
    program = desk.start()
    program.maximise()
    desk.keys("ctrl+l")  # the log
    program.close()
    (file,) = desk.home.glob("config/lwf-gui/settings.json")
    return file.read_bytes()


def _damaged(whole: bytes) -> dict[str, bytes]:
    """Return what a disk, a sync program or a person may make of a settings file."""
    values = json.loads(whole)
    texts = {key: value for key, value in values.items() if isinstance(value, str) and len(value) > 60}
    changed = {key: f"{text[:40]}zzzz{text[44:60]}\xff\x01{text[62:]}" for key, text in texts.items()}
    cut = {key: text[: len(text) // 2] for key, text in texts.items()}
    return {
        "an empty scale": json.dumps({"window.scale": "", "window.theme": "", "window.toured": ""}).encode(),
        "a scale that is no number": b'{"window.scale": [NaN], "window.theme": 17, "window.geometry": 1}',
        "changed bytes": json.dumps(values | changed).encode(),
        "cut layouts": json.dumps(values | cut).encode(),
        "half a file": whole[: len(whole) // 2],
        "zeros": bytes(len(whole)),
        "no text at all": bytes(range(256)) * 8,
    }


def test_damaged_settings_never_keep_the_program_from_starting(desk: Desk) -> None:
    whole = _settings(desk)
    (file,) = desk.home.glob("config/lwf-gui/settings.json")
    for what, content in _damaged(whole).items():
        file.write_bytes(content)
        program = desk.start()
        assert _all_there(program), what
        program.close()
    desk.start().close()  # what it made of the last is sound, too


def _all_there(program: Program) -> bool:
    """Return whether the window shows its plot and the cards beside it, neither covering the other."""
    (plot,) = [w for w in program.see() if w.name == "Accuracy"]
    cards = [w for w in program.see() if w.kind == "LearnerCard"]
    return len(cards) == 2 and plot.place[3] > 150 and all(w.place[0] >= plot.place[0] + plot.place[2] for w in cards)


def test_a_layout_of_a_large_screen_is_usable_on_a_small_one(set_up: SetUp) -> None:
    large = set_up("1920x1080")
    first = large.start()
    first.maximise()
    first.close()
    small = set_up("1280x720")
    second = small.start()

    def fits() -> bool:
        (window,) = [w for w in second.see() if w.kind == "Window"]
        return window.whole[2] <= small.width and window.whole[3] <= small.height and _all_there(second)

    wait_until(fits, "the window fits the small screen", second)
    second.close()


@pytest.mark.parametrize(
    ("size", "factor"),
    [
        ("1024x768", "1"),
        ("1024x768", "1.5"),
        ("1280x720", "2"),
        ("1366x768", "1.25"),
        ("1366x768", "1.5"),
        ("1920x1080", "2"),
    ],
)
def test_the_first_window_fits_the_screen(set_up: SetUp, size: str, factor: str) -> None:
    desk = set_up(size)
    program = desk.start(QT_SCALE_FACTOR=factor)

    def fits() -> bool:
        (window,) = [w for w in program.see() if w.kind == "Window"]
        x, y, width, height = window.whole
        return min(x, y) >= -1 and x + width <= desk.width + 2 and y + height <= desk.height + 2

    wait_until(fits, f"the window fits {size}", program)
    program.close()


def test_reset_settings_goes_back_to_the_beginning(desk: Desk) -> None:
    first = desk.start()
    first.maximise()
    first.close()
    desk.launch("--reset-settings").expect_end()
    second = desk.start()
    (window,) = [w for w in second.see() if w.kind == "Window"]
    assert (window.whole[2], window.whole[3]) != (desk.width, desk.height)
    second.close()
