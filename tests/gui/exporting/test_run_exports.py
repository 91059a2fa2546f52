"""File > Export: every kind asks for its place, writes there, and says what was written or why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.exports.kinds import KINDS
from lwf_gui.gui.widgets import dialogs
from lwf_gui.runs.record import Record
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic


def test_a_page_a_script_and_a_folder_are_written_where_one_says(
    quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, begin: str, _kinds: str) -> str:
        asked.append(Path(begin).name)
        return str(tmp_path / Path(begin).name)

    monkeypatch.setattr(dialogs, "ask_target", answer)
    for name in ("html", "script", "folder"):
        quiet_lab.window.actions_by_id[f"export.{name}"].trigger()
        place = tmp_path / asked[-1]
        assert place.exists(), quiet_lab.window.banner.text.text()
        assert place.suffix == KINDS[name].ending
        assert place.is_dir() == (not KINDS[name].ending)
        assert f"Saved {place}" in quiet_lab.window.status.activity.text()
    assert asked == ["run.html", "run.py", "run-folder"]


def test_what_a_run_cannot_give_and_what_cannot_be_written_is_said(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record(synthetic.task1()))
    place = [tmp_path / "page.html"]
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: pytest.fail("where it goes is asked once it can be given"))
    lab.window.actions_by_id["export.html"].trigger()
    assert "has not come to its second task" in lab.window.banner.text.text()
    lab.window.actions_by_id["export.script"].trigger()
    assert "A script is of a finished run" in lab.window.banner.text.text()
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: str(place[0]))
    place[0] = Path("/proc/nowhere/table.csv")
    lab.window.actions_by_id["export.csv"].trigger()
    assert f"{place[0]} was not written: " in lab.window.banner.text.text()
    place[0] = Path()
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: "")
    lab.window.actions_by_id["export.md"].trigger()
    assert not list(tmp_path.glob("*.md")), "who cancels gets nothing"


@pytest.mark.parametrize("name", KINDS)
def test_what_is_refused_when_it_is_written_is_refused_before_one_is_asked_where(name: str, tmp_path: Path) -> None:
    nothing = Record()
    with pytest.raises(InputError) as early:
        KINDS[name].require(nothing)
    with pytest.raises(InputError) as late:
        KINDS[name].write(nothing, tmp_path / f"run{KINDS[name].ending}")
    assert str(early.value) == str(late.value)
    assert list(tmp_path.iterdir()) == []
