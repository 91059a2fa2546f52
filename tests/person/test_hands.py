"""A mouse wheel that passes, quick fingers, other countries' commas: what people's hands do to the controls."""

from __future__ import annotations

import re
import subprocess
from functools import cache, partial
from pathlib import Path

import pytest

from lwf_gui.documents import files
from lwf_gui.recipe import compose
from lwf_gui.runs.record import Record
from tests.person.desk import Desk, Program, Seen, wait_until
from tests.person.test_start_and_end import SMALL

pytestmark = pytest.mark.person

LONG = ("--set", "task2.epochs=500", *SMALL)
FIELDS = ("_Number", "QSlider", "QComboBox", "QSpinBox", "_Switch", "QLineEdit", "QTabBar", "Scrubber")


def _last_run(desk: Desk) -> Record:
    (file,) = desk.home.glob("**/lwf-gui/runs/*.lwfrun")
    return files.load(Path(file))


def _wheel_over_everything(program: Program) -> None:
    """Turn the wheel, down and up, over every field that shows."""
    desk = program.desk
    places = {w.middle for w in program.see() if w.enabled and min(w.place[2:]) > 4 and not w.top}
    assert len(places) > 40
    turns = [word for turn in "455" for word in ("click", "--delay", "10", turn)]
    words = [word for x, y in sorted(places) for word in ("mousemove", str(x), str(y), *turns)]
    desk.run("xdotool", *words)


def _values(program: Program) -> dict[str, str]:
    """Return what the fields say, whether they have scrolled or not."""
    return {f"{w.kind} {w.name}": w.text for w in program.see() if w.kind in ("_Number", "QComboBox", "NumberField")}


def test_the_wheel_over_everything_changes_no_setting_of_a_run_or_the_next(desk: Desk) -> None:
    program = desk.start("--set", "task2.epochs=6", *SMALL)
    before = _values(program)
    desk.keys("space")
    wait_until(lambda: program.says("Status", "Training"), "it trains", program)
    _wheel_over_everything(program)
    wait_until(lambda: program.says("Status", "Finished"), "the run is over", program)
    _wheel_over_everything(program)
    after = _values(program)
    assert {name: text for name, text in after.items() if name in before} == {
        n: before[n] for n in after if n in before
    }
    run = _last_run(desk)
    assert run.data is not None
    assert run.data.recipe == compose("classroom", ["task2.epochs=6", "data.train_images=600"])
    assert not [mark for mark in run.marks if mark.by == "user"]
    program.close()


def test_a_double_click_on_run_runs(desk: Desk) -> None:
    program = desk.start(*LONG, afresh=True)  # torch is still being imported
    program.click(program.button("Run"), times=2)
    wait_until(lambda: _epoch_under_way(program), "it trains on", program)
    program.close()


def test_space_pressed_twice_quickly_leaves_a_run_running(desk: Desk) -> None:
    program = desk.start(*LONG)
    desk.keys("space")
    wait_until(lambda: _epoch_under_way(program), "it trains", program)
    desk.keys("space", "space")
    wait_until(lambda: program.says("Status", "Training"), "it trains on", program)
    program.close()


def _epoch_under_way(program: Program) -> bool:
    """Return whether task 2 trains, not just its first step."""
    steps = [match for w in program.see() if (match := re.match(r"step ([\d,]+) of", w.text))]
    return program.says("Status", "Training") and any(int(step[1].replace(",", "")) > 15 for step in steps)


@cache
def _make_locale(name: str) -> None:
    """Let the system know a locale; where that is not possible, Qt knows it by its name anyway."""
    known = subprocess.run(("locale", "-a"), capture_output=True, text=True, check=False).stdout.split()
    if f"{name}.utf8" in known:
        return
    subprocess.run(("localedef", "-i", name, "-f", "UTF-8", f"{name}.UTF-8"), capture_output=True, check=False)


@pytest.mark.parametrize("locale", ["C.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8"])
def test_a_number_is_read_as_it_was_typed_in_every_country(desk: Desk, locale: str) -> None:
    _make_locale(locale.partition(".")[0])
    program = desk.start(afresh=True, LANG=locale, LC_ALL=locale)
    for typed, value in (("0.005", 0.005), ("0,25", 0.25), ("5e-3", 0.005), ("3", 3.0)):
        field = _alpha(program)
        program.click(field, times=3)
        desk.keys("ctrl+a")
        desk.write(typed)
        desk.keys("Return")
        wait_until(partial(_reads, program, value), f"{typed} is read as {value}", program)
    program.close()


def _reads(program: Program, value: float) -> bool:
    return float(_alpha(program).text.replace(",", ".")) == value


def _alpha(program: Program) -> Seen:
    (found,) = [w for w in program.see() if w.name == "Alpha" and w.kind not in ("QSlider", "NumberControl", "QLabel")]
    return found


def test_a_shown_number_that_is_confirmed_stays_what_it_was(desk: Desk) -> None:
    program = desk.start("--set", "lwf.alpha=0.03", LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8")
    shown = _alpha(program).text
    program.click(_alpha(program))
    desk.keys("End", "BackSpace")
    desk.write(shown[-1])
    desk.keys("Return", "Tab")
    assert _alpha(program).text == shown
    program.close()


def test_undo_takes_a_number_back_while_its_field_has_the_focus(desk: Desk) -> None:
    program = desk.start()
    before = _alpha(program).text
    program.click(_alpha(program), times=3)
    desk.keys("ctrl+a")
    desk.write("7")
    desk.keys("Return")
    wait_until(lambda: _alpha(program).text == "7", "the number is taken", program)
    desk.keys("ctrl+z")
    wait_until(lambda: _alpha(program).text == before, "the number is back", program)
    program.close()
