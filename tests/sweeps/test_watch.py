"""A sweep's folder as it is looked at: what is new is read once, figures are those of the table, damage is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.recipe import compose
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.sweep_view import Done, Undone
from lwf_gui.sweep_run import Sweep
from lwf_gui.sweeps import asked, results, work_mark
from lwf_gui.sweeps import plan as plans
from lwf_gui.sweeps.folder import free, is_sweep
from lwf_gui.sweeps.plan import Plan
from lwf_gui.sweeps.shelf import Shelf
from lwf_gui.sweeps.watch import Watch
from tests.sweeps.conftest import ALPHAS, TINY, keep

Documents = Mapping[str, bytes]


@pytest.fixture
def folder(tiny: Plan, tmp_path: Path) -> Path:
    """Return the folder of a sweep that begins."""
    plans.write(tiny, tmp_path / "s")
    return tmp_path / "s"


def test_figures_are_those_of_the_table_to_the_last_digit(tiny: Plan, documents: Documents, folder: Path) -> None:
    keep(tiny, documents, folder)
    assert Sweep(tiny, folder, quiet=True).gathered() == 0
    watch = Watch(folder)
    view = watch.view()
    view.take(watch.look()[0])
    rows = results.read(folder)
    assert len(rows) == 4
    for row in rows:
        for protocol in ("task_aware", "class_incremental"):
            told = view.done[row["id"]].figures[row["learner"], protocol]
            assert told == {name: 100 * float(row[f"{protocol}.{name}"]) for name in ("old", "new", "average")}
    unit = tiny.units[0]
    record = files.load(watch.path(unit.id))
    curve = view.done[unit.id].curves["lwf", "task_aware"]
    steps, old = accuracy_series(record, "lwf", "old", "task_aware")
    assert curve.steps.tolist() == steps.tolist()
    assert np.array_equal(curve.old, old)


def test_only_what_is_new_is_read(tiny: Plan, documents: Documents, folder: Path) -> None:
    first, second = tiny.units
    watch = Watch(folder)
    assert watch.look() == ([], False), "there is no run yet"
    keep(tiny, {first.id: documents[first.id]}, folder)
    (news,), more = watch.look()
    assert (news[0], isinstance(news[1], Done), more) == (first.id, True, False)
    assert watch.look() == ([], False)
    Shelf(folder, tiny.versions).fail(second, "no disk")
    assert watch.look() == ([(second.id, Undone("no disk"))], False)
    Shelf(folder, tiny.versions).add(second, documents[second.id])
    names = dict(watch.look()[0])
    assert isinstance(names[second.id], Done), "what is done again counts"
    watch.path(first.id).unlink()
    assert watch.look() == ([(first.id, None)], False)


def test_reading_stops_in_time_and_goes_on(tiny: Plan, documents: Documents, folder: Path) -> None:
    keep(tiny, documents, folder)
    watch = Watch(folder)
    found = dict(watch.look(-1.0)[0])
    assert watch.look(-1.0) == ([], True)
    assert found == {}
    assert set(dict(watch.look()[0])) == {unit.id for unit in tiny.units}


def test_damaged_documents_and_those_of_other_runs_say_so(tiny: Plan, documents: Documents, folder: Path) -> None:
    first, second = tiny.units
    keep(tiny, {first.id: documents[first.id][:500], second.id: documents[first.id]}, folder)
    (folder / "runs" / "stranger.lwfrun").write_bytes(b"x")
    told = dict(Watch(folder).look()[0])
    assert set(told) == {first.id, second.id}
    for known, said in ((told[first.id], "is not a sound run file"), (told[second.id], "holds another run")):
        assert isinstance(known, Undone)
        assert known.damaged
        assert said in known.sentence


def test_a_damaged_plan_is_a_sentence_that_names_no_option(folder: Path) -> None:
    assert is_sweep(folder)
    (folder / plans.FILE).write_text("{")
    with pytest.raises(InputError, match=r"^\S+sweep\.json is no sound sweep"):
        Watch(folder)
    (folder / plans.FILE).unlink()
    assert not is_sweep(folder)
    with pytest.raises(InputError, match=r"^/\S+ holds no sweep: sweep\.json is missing"):
        Watch(folder)
    assert not is_sweep(Path("x" * 5000))
    assert not is_sweep(Path("\0"))


def test_a_plan_that_took_its_place_is_seen(tiny: Plan, folder: Path) -> None:
    watch = Watch(folder)
    assert not watch.replaced
    (folder / plans.FILE).write_text("{}")
    assert watch.replaced


def test_one_process_at_a_time_works_on_a_sweep_and_others_see_it(tiny: Plan, folder: Path) -> None:
    assert not work_mark.is_held(folder)
    code = (
        "import sys, pathlib; from lwf_gui.sweeps import work_mark\n"
        "with work_mark.held(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    words = (sys.executable, "-c", code, str(folder))
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert work_mark.is_held(folder)
        assert Watch(folder).running
        with pytest.raises(InputError, match="Another process is at work on the sweep"), work_mark.held(folder):
            pass
        other.communicate()
    assert not work_mark.is_held(folder), "it is free as the process ends"
    with work_mark.held(folder):
        pass


def test_axes_typed_in_the_window_are_judged_without_an_option_in_the_sentence() -> None:
    recipe = compose("digits", TINY)
    assert asked.axis_typed(" lwf.alpha ", " 0.5, 1,2 ", recipe).values == (0.5, 1.0, 2.0)
    for key, values, said in (
        ("lwf.alhpa", "1", "did you mean lwf.alpha?"),
        ("lwf.alpha", "", "a value is missing"),
        ("lwf.alpha", "1,-2", "is not allowed"),
        ("lwf.alpha", "1..2", "say how many values"),
        ("task1.epochs", "0.5", "task1.epochs"),
    ):
        with pytest.raises(InputError, match=said) as raised:
            asked.axis_typed(key, values, recipe)
        assert "--grid" not in str(raised.value)
    axes = [asked.axis_typed("lwf.alpha", "1,2", recipe), asked.axis_typed("lwf.temperature", "1,2,4", recipe)]
    assert asked.require_sound(axes, 2, recipe) == 12
    with pytest.raises(InputError, match="named twice"):
        asked.require_sound([axes[0], axes[0]], 1, recipe)
    with pytest.raises(InputError, match="at most 5,000"):
        asked.require_sound(axes, 1000, recipe)


def test_the_command_of_the_window_makes_the_plan_that_was_typed(tiny: Plan, tmp_path: Path) -> None:
    words = asked.command(compose("digits", TINY), (ALPHAS,), 1, tmp_path / "new")
    assert words[1:4] == ("-m", "lwf_gui.sweeps.leash", "sweep")
    assert words[words.index("--grid") + 1] == ALPHAS
    preset = words[words.index("--preset") + 1]
    key, _, values = ALPHAS.partition("=")
    again = plans.make(compose(preset, ()), [asked.axis_typed(key, values, compose(preset, ()))], seeds=1)
    assert [unit.id for unit in again.units] == [unit.id for unit in tiny.units]
    assert asked.resumed(tmp_path)[-2:] == (str(tmp_path), "--resume")


def test_a_new_folder_is_one_that_is_not_there(tmp_path: Path) -> None:
    assert free(tmp_path).name == "sweep-1"
    (tmp_path / "sweep-1").mkdir()
    assert free(tmp_path).name == "sweep-2"
