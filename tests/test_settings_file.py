"""The file of the user's settings: key by key, whole or not at all, and set aside where it is damaged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from lwf_gui import doctor, paths, settings_file
from lwf_gui.settings_file import change, mend, read

KEEP = "import sys; from pathlib import Path; from lwf_gui.settings_file import change\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_a_change_leaves_all_other_keys_as_they_are(file: Path) -> None:
    change(file, {"data_dir": "/mine"})
    change(file, {"window.scale": 1.5, "window.theme": "dark"})
    change(file, {"window.theme": None})
    assert json.loads(file.read_text()) == {"version": 1, "data_dir": "/mine", "window.scale": 1.5}


def test_keys_of_a_later_version_stay(file: Path) -> None:
    file.parent.mkdir()
    later = {"version": 7, "window.new": {"a": [1, None]}, "window.scale": 1.25}
    file.write_text(json.dumps(later))
    change(file, {"window.scale": 2.0})
    assert json.loads(file.read_text()) == later | {"window.scale": 2.0}


def test_the_file_of_earlier_versions_is_read_and_goes_on(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"data_dir": "/mine"}')
    assert read(file).values == {"data_dir": "/mine"}
    change(file, {"window.toured": True})
    assert json.loads(file.read_text()) == {"data_dir": "/mine", "window.toured": True, "version": 1}


DAMAGED = {
    "cut": b'{"version": 1, "window.sc',
    "zeros": bytes(100),
    "no text": b"\xff\xfe",
    "a list": b"[1]",
    "deep": b"[" * 100_000,
    "a long number": b'{"a": ' + b"9" * 5000 + b"}",
    "no number": b'{"a": NaN}',
    "empty": b"",
    "large": b'{"a": "' + b"x" * 1_100_000 + b'"}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_set_aside_and_none_that_was_before_is_lost(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    for number in (1, 2):
        file.write_bytes(content)
        assert read(file).values == {}
        assert read(file).damage
        assert file.read_bytes() == content, "who only reads changes nothing"
        found = mend(file) if number == 1 else change(file, {"window.scale": 1.5})
        assert found.aside == str(file.with_name(f"settings.json.damaged-{number}"))
        assert Path(found.aside).read_bytes() == content
    assert read(file).values["window.scale"] == 1.5


def test_unsound_values_are_none_and_all_others_hold(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(
        '{"a": "x\\u0000", "b": 1e999, "c": 1' + 30 * "0" + ', "d": ' + 20 * "[" + 20 * "]" + ', "e": "sound"}'
    )
    assert read(file).values == {"e": "sound"}


@effort(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_bytes_is_more_than_damage(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = json.dumps({"version": 1, "window.scale": 1.25, "window.theme": "dark", "data_dir": "/mine"}).encode()
    at, gone = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 8))
    file = tmp_path_factory.mktemp("settings") / "settings.json"
    file.write_bytes(whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + gone :])
    found = read(file)
    assert isinstance(found.values, dict)
    change(file, {"window.scale": 2.0})
    assert read(file).values["window.scale"] == 2.0


def test_processes_that_write_at_once_lose_no_key(file: Path) -> None:
    code = KEEP + "for n in range(15): change(Path(sys.argv[1]), {f'{sys.argv[2]}.{n}': n})"
    started = [subprocess.Popen([sys.executable, "-c", code, str(file), name]) for name in "abc"]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    values = read(file).values
    assert {key: values[key] for key in values if key != "version"} == {f"{a}.{n}": n for a in "abc" for n in range(15)}


def test_a_stuck_window_is_not_waited_for_for_ever(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_file, "PATIENCE", 0.05)
    change(file, {"a": 1})
    with settings_file._alone(file):
        change(file, {"b": 2})
    assert read(file).values == {"version": 1, "a": 1, "b": 2}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_error_and_the_file_stays(file: Path) -> None:
    change(file, {"a": 1})
    file.parent.chmod(0o500)
    with pytest.raises(OSError, match="denied"):
        change(file, {"a": 2})
    file.parent.chmod(0o700)
    assert read(file).values["a"] == 1


def test_settings_that_would_be_too_large_to_be_read_again_are_not_written(file: Path) -> None:
    change(file, {"a": 1})
    with pytest.raises(OSError, match="too large"):
        change(file, {"b": "x" * 1_100_000})
    assert read(file).values["a"] == 1


@pytest.mark.parametrize(
    ("content", "said"), [(None, "will be made"), ("{}", "is sound"), ("{", "cannot be read: line 1")]
)
def test_doctor_names_the_file_and_says_how_it_is(content: str | None, said: str) -> None:
    if content is not None:
        paths.settings_file().parent.mkdir(parents=True)
        paths.settings_file().write_text(content)
    (check,) = doctor._settings()
    assert str(paths.settings_file()) in check.detail
    assert said in check.detail
    assert check.fine == (content != "{")


def test_values_of_another_type_are_none() -> None:
    values: dict[str, Any] = {"a": True, "b": "1", "c": 1}
    assert [settings_file.number_of(values, key) for key in "abcd"] == [None, None, 1.0, None]
    assert [settings_file.text_of(values, key) for key in "abcd"] == ["", "1", "", ""]
    assert [settings_file.switch_of(values, key, True) for key in "bcd"] == [True, True, True]
