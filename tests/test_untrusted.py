"""What others wrote: bounded, strict and printable, or a sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lwf_gui import InputError, paths, untrusted
from lwf_gui.recipe import compose, load_preset


@pytest.mark.parametrize("text", ["0", "7", "-12", "+3", "9" * 18])
def test_a_whole_number_is_ascii_digits(text: str) -> None:
    assert untrusted.whole_number(text) == int(text)


@pytest.mark.parametrize("text", ["", "²", "٣", "1_000", " 1", "1 ", "0x10", "1e3", "1.0", "--1", "9" * 19, "9" * 5000])
def test_what_merely_looks_like_a_whole_number_is_none(text: str) -> None:
    assert untrusted.whole_number(text) is None


def test_a_name_that_cannot_be_shown_becomes_one_that_can() -> None:
    assert untrusted.printable("T-shirt/top ² Кот 猫") == "T-shirt/top ² Кот 猫"
    odd = untrusted.printable("a\0b\nc\x1b[31md\u202ee\udc80f")
    assert odd == "a�b�c�[31md�e�f"
    odd.encode("utf-8")
    assert len(untrusted.shortened("x" * 5000)) == 80


BAD_TOML = {
    "nested": ("a = " + 9000 * "[", "more than 16 deep"),
    "nested, closed": ("a = " + 20 * "[" + 20 * "]", "more than 16 deep"),
    "nested tables": ("[" + ".".join(50 * "a") + "]", "more than 16 deep"),
    "digits": ("seed = " + 5000 * "9", "more than 18 digits"),
    "hexadecimal": ("seed = 0x" + 5000 * "f", "more than 18 digits"),
    "control characters": ('title = "a\\u0000b"', "cannot be shown"),
    "writing turned round": ('about = "a\\u202Eb"', "cannot be shown"),
    "too large": ("#" + 1_000_000 * "x", "more than 1,000,000 bytes"),
    "no text": (b"seed = 1\n\xff", "line 2 is not UTF-8"),
    "no TOML": ("seed = ", "not valid TOML"),
    "setting unknown": ("[lwf]\nalhpa = 1", "did you mean lwf.alpha?"),
    "switch for a number": ("[lwf]\nalpha = true", "lwf.alpha = true is not allowed: it must be a number"),
}


@pytest.mark.parametrize(("content", "expected"), BAD_TOML.values(), ids=BAD_TOML)
def test_a_preset_file_that_is_not_sound_is_one_sentence(tmp_path: Path, content: str | bytes, expected: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        load_preset(str(file))
    sentence = str(caught.value)
    assert expected in sentence
    assert "\n" not in sentence
    assert len(sentence) < 600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe")
def test_a_preset_that_is_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(InputError, match="no such preset or file"):
        load_preset(str(tmp_path / "pipe.toml"))


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("alpha", "lwf.alpha"),
        ("task2.alpha", "lwf.alpha"),
        ("lwf.alhpa", "lwf.alpha"),
        ("Alpha", "lwf.alpha"),
        ("lr", "task1.lr or task2.lr"),
        ("Learning rate", "task1.lr or task2.lr"),
        ("batch-size", "train.batch_size"),
        ("precison", "engine.precision"),
    ],
)
def test_an_unknown_key_suggests_the_nearest(key: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        compose("classroom", [f"{key}=2"])
    assert str(caught.value) == f"{key} is not a setting; did you mean {meant}?"


def test_a_key_that_is_like_none_names_the_command_that_lists_them() -> None:
    with pytest.raises(InputError, match=r"settings are seed, learners, .* `lwf-gui settings` explains them"):
        compose("classroom", ["xyzzy=1"])


def test_a_value_of_several_lines_changes_nothing_else() -> None:
    with pytest.raises(InputError, match=r"lwf\.alpha = "):
        compose("classroom", ["lwf.alpha=1\nseed=3"])


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[",
        "3",
        "null",
        '{"data_dir": 3}',
        '{"data_dir": "a\\u0000b"}',
        9000 * "[",
        '{"data_dir": ' + 5000 * "9" + "}",
        json.dumps({"data_dir": "x" * 2_000_000}),
        b"\xff\xfe",
    ],
)
def test_damaged_settings_are_the_same_as_none(content: str | bytes) -> None:
    file = paths.settings_file()
    file.parent.mkdir(parents=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert paths.user_data_dir() is None
    paths.remember_user_data_dir(Path("/mine"))
    assert paths.user_data_dir() == Path("/mine")
