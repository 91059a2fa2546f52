"""The run that is shown, repeated with other seeds from the window: begun, followed, stopped, refused, failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from lwf_gui.documents import files
from lwf_gui.gui import repeating
from lwf_gui.gui.session import State
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.gui.widgets.repeat_dialog import MOST, RepeatDialog
from lwf_gui.messages import LiveSettingsApplied
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import seed_of, with_seed
from lwf_gui.sweeps import repeats
from lwf_gui.sweeps.processes import Unwanted
from lwf_gui.sweeps.work import Done, RunKilled, Task
from tests.gui.conftest import QUICK, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic
from tests.runs import test_seed_set as seeds

Made = Callable[[int], Record]


def untouched(seed: int) -> Record:
    """Return a run that nobody changed while it trained."""
    data = seeds.run(seed).data
    assert data is not None
    told: list[Any] = [m for m in (*synthetic.task1(), *synthetic.task2()) if not isinstance(m, LiveSettingsApplied)]
    return synthetic.record([replace(m, recipe=data.recipe) if hasattr(m, "recipe") else m for m in told])


@pytest.fixture
def lab(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window on a recorded run of seed 0."""
    return open_window(engine=engine, record=untouched(0))


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Made], list[str]]:
    """Let runs take no process: each is what is made of its seed; return which were asked for."""
    folder, asked = tmp_path_factory.mktemp("runs"), list[str]()

    def be(made: Made) -> list[str]:
        def carry_out(task: Task, _unwanted: object, *, gently: bool) -> Done:
            assert gently, "the run that is shown goes first"
            asked.append(task.id)
            path = folder / f"{task.id}.lwfrun"
            files.save(made(int(task.id.partition("-")[2])), path)
            return Done(task.id, document=path.read_bytes())

        monkeypatch.setattr(repeats, "carry_out", carry_out)
        return asked

    return be


def ended(lab: Lab) -> None:
    lab.wait(lambda: not lab.window.seeds.going)


def told(lab: Lab) -> str:
    """Return what a notice says."""
    return lab.window.banner.text.text() if lab.window.banner.isVisible() else ""


def until_unwanted(begun: list[str], left: list[str]) -> Callable[..., Done]:
    """Return what trains until nobody wants it."""

    def carry_out(task: Task, unwanted: Callable[[], bool], **_: object) -> Done:
        begun.append(task.id)
        while not unwanted():
            QTest.qSleep(1)
        left.append(task.id)
        raise Unwanted

    return carry_out


def test_seeds_that_are_trained_make_bands_spread_and_a_sentence(lab: Lab, worked: Callable[[Made], list[str]]) -> None:
    asked = worked(untouched)
    lab.window.seeds.begin(3)
    assert lab.window.status.seeds.isVisible()
    assert not lab.window.actions_by_id["repeat"].isEnabled(), "once is enough"
    ended(lab)
    assert asked == ["seed-1", "seed-2", "seed-3"]
    assert sorted(map(seed_of, lab.window.selection.seeds)) == [1, 2, 3]
    assert "middle 95 % of 4 seeds" in lab.window.plots.accuracy.title.text()
    assert any("4 seeds:" in card.sample.text() for card in lab.window.cards.cards)
    assert not lab.window.status.seeds.isVisible()
    assert lab.window.actions_by_id["repeat"].isEnabled()
    lab.window.seeds.begin(1)
    ended(lab)
    assert asked[-1] == "seed-4", "those that there are are not trained again"


def test_they_come_back_with_the_run_that_they_belong_to(lab: Lab, worked: Callable[[Made], list[str]]) -> None:
    worked(untouched)
    first = lab.session.record
    lab.window.seeds.begin(2)
    ended(lab)
    lab.session.show_record(seeds.run(0, "lwf.alpha=5"))
    assert lab.window.selection.seeds == ()
    lab.session.show_record(first)
    assert len(lab.window.selection.seeds) == 2


def test_stopping_ends_the_run_under_way_and_begins_no_other(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, left = list[str](), list[str]()
    monkeypatch.setattr(repeats, "carry_out", until_unwanted(begun, left))
    lab.window.seeds.begin(5)
    (stop,) = lab.window.status.seeds.findChildren(QToolButton)
    lab.wait(lambda: bool(begun))
    work = lab.window.seeds._work
    assert work is not None
    lab.click(stop)
    assert not lab.window.seeds.going
    assert "0 more seeds of 5 were trained" in lab.window.status.activity.text()
    assert told(lab) == "", "nothing covers the plot"
    work.wait()
    assert begun == left == ["seed-1"]
    assert not work._thread.is_alive()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RunKilled("the process of run seed-1 was killed by signal 9"), "was killed"),
        (OSError(28, "No space left on device"), "could not be written"),
    ],
)
def test_a_seed_that_fails_says_why_and_is_the_last(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def carry_out(*_: object, **__: object) -> Done:
        raise error

    monkeypatch.setattr(repeats, "carry_out", carry_out)
    lab.window.seeds.begin(3)
    ended(lab)
    assert "Seed 1 was not trained, and no other after it" in told(lab)
    assert said in told(lab)


def test_a_run_of_another_experiment_is_no_seed_of_this_one(lab: Lab, worked: Callable[[Made], list[str]]) -> None:
    worked(lambda seed: seeds.run(seed, "lwf.alpha=5"))
    lab.window.seeds.begin(3)
    ended(lab)
    assert "On this machine it is another experiment" in told(lab)
    assert lab.window.selection.seeds == ()


def test_a_run_that_was_changed_is_not_repeated_and_it_is_said_why(
    open_window: OpenWindow, engine: ScriptedEngine
) -> None:
    lab = open_window(engine=engine, record=seeds.run(0))
    assert not lab.window.actions_by_id["repeat"].isEnabled()
    lab.window.seeds.ask()
    assert "was changed while it trained" in lab.window.status.activity.text()


def test_question_says_how_many_and_how_long(lab: Lab) -> None:
    dialog = RepeatDialog(lab.window, seconds=45.0, there=2)
    dialog.count.setValue(4)
    assert "7 seeds in all" in dialog._cost.text()
    assert "About 3 min" in dialog._cost.text()
    assert dialog.count.maximum() == MOST
    dialog.reject()


def test_closing_ends_what_is_trained_behind(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, left = list[str](), list[str]()
    monkeypatch.setattr(repeats, "carry_out", until_unwanted(begun, left))
    lab.window.seeds.begin(2)
    lab.wait(lambda: bool(begun))
    work = lab.window.seeds._work
    assert work is not None
    lab.window.close()
    QApplication.processEvents()
    assert left == ["seed-1"]
    assert not work._thread.is_alive()


def test_a_real_run_and_two_more_seeds_in_processes_of_their_own(open_window: OpenWindow) -> None:
    lab = open_window(QUICK)
    lab.window.seeds.await_run(2, shown=False)
    assert lab.window.seeds.going
    lab.run_to_the_end()
    ended(lab)
    assert told(lab) == ""
    others, data = lab.window.selection.seeds, lab.record.data
    assert sorted(map(seed_of, others)) == [QUICK.seed + 1, QUICK.seed + 2]
    assert data is not None
    assert with_seed(others[0], QUICK.seed).changes_from(data.recipe) == ()
    assert "middle 95 % of 3 seeds" in lab.window.plots.accuracy.title.text()
    assert lab.session.state is State.FINISHED


def test_all_seeds_are_saved_in_a_folder_and_opened_from_it(
    lab: Lab, worked: Callable[[Made], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileDialogs, "ask_folder", lambda *_: str(tmp_path))
    lab.window.actions_by_id["save_seeds"].trigger()
    assert "There are no runs with other seeds yet" in told(lab)
    worked(untouched)
    lab.window.seeds.begin(2)
    ended(lab)
    lab.window.actions_by_id["save_seeds"].trigger()
    (folder,) = tmp_path.glob("*3 seeds")
    lab.session.show_record(seeds.run(0, "lwf.alpha=5"))
    lab.window.seeds._kept.clear()
    lab.window.files.open_all([folder])
    lab.wait(lambda: len(lab.window.selection.seeds) == 2)
    assert lab.record.data is not None
    assert lab.record.data.recipe.seed == 0


@pytest.mark.parametrize(("answer", "closes"), [(None, False), (False, True), (True, True)])
def test_runs_that_are_in_no_file_are_asked_about_as_the_window_closes(
    lab: Lab,
    worked: Callable[[Made], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool | None,
    closes: bool,
) -> None:
    asked = list[str]()

    def ask(_window: object, _title: str, question: str) -> bool | None:
        asked.append(question)
        return answer

    monkeypatch.setattr(repeating, "agrees_to_save", ask)
    monkeypatch.setattr(FileDialogs, "ask_folder", lambda *_: str(tmp_path))
    lab.window.library.asks = True
    worked(untouched)
    lab.window.seeds.begin(2)
    ended(lab)
    lab.window.close()
    assert asked == ["2 runs with other seeds are in no file. Save all seeds?"]
    assert lab.window.isVisible() is not closes
    assert bool(list(tmp_path.glob("*3 seeds"))) is (answer is True)
    lab.window.library.asks = False
