"""Choosing data: what the menu offers, and a folder that is checked, remembered, shown and forgotten."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.gui.widgets import dialogs
from lwf_gui.gui.widgets.data_box import NAMES, folder_text
from lwf_gui.messages import FolderChecked
from lwf_gui.recipe import DATA_SETS
from tests.gui.conftest import Lab, OpenWindow, choose
from tests.gui.scripted import ScriptedEngine


def items(lab: Lab) -> list[str]:
    box = lab.window.bar.data
    return [box.itemText(index) for index in range(box.count()) if box.itemText(index)]


def pick(lab: Lab, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(dialogs, "ask_folder", lambda *_args: str(folder))
    choose(lab.window.bar.data, "Folder...")


def write_idx(folder: Path, *, images: int = 60) -> None:
    """Write four small IDX files of ten classes."""
    random = np.random.default_rng(0)
    for part, count in (("train", images), ("t10k", images // 2)):
        pixels = random.integers(0, 256, (count, 8, 8), np.uint8)
        labels = (np.arange(count) % 10).astype(np.uint8)
        for name, array in ((f"{part}-images-idx3-ubyte", pixels), (f"{part}-labels-idx1-ubyte", labels)):
            header = bytes((0, 0, 8, array.ndim)) + b"".join(n.to_bytes(4, "big") for n in array.shape)
            (folder / name).write_bytes(header + array.tobytes())


def test_the_menu_offers_all_data_that_have_a_name(quiet_lab: Lab) -> None:
    assert NAMES.keys() == DATA_SETS.keys()
    assert items(quiet_lab) == [*NAMES.values(), "Folder..."]
    for name, label in NAMES.items():
        choose(quiet_lab.window.bar.data, label)
        assert quiet_lab.session.recipe.data.dataset == name
        assert quiet_lab.window.bar.data.currentText() == label
        assert DATA_SETS[name] in quiet_lab.window.bar.data.toolTip()


def test_a_folder_that_holds_nothing_usable_is_refused_and_not_remembered(
    quiet_lab: Lab, engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = quiet_lab.session.recipe
    pick(quiet_lab, monkeypatch, tmp_path)
    assert engine.checks == [str(tmp_path)]
    assert quiet_lab.session.recipe == before, "nothing is taken before it is checked"
    engine.outbox.put(FolderChecked(0, str(tmp_path), f"{tmp_path} holds no IDX files.", ""))
    quiet_lab.session.drain()
    assert quiet_lab.window.banner.text.text() == f"{tmp_path} holds no IDX files. The data stay as they were."
    assert quiet_lab.session.recipe == before
    assert paths.user_data_dir() is None
    assert quiet_lab.window.bar.data.currentText() == NAMES["digits"]


def test_a_good_folder_is_remembered_shown_by_name_and_path_and_can_be_forgotten(
    quiet_lab: Lab, engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    pick(quiet_lab, monkeypatch, folder)
    engine.outbox.put(FolderChecked(0, str(folder), "", "60 + 30 images"))
    quiet_lab.session.drain()
    assert quiet_lab.session.recipe.data.dataset == str(folder)
    assert paths.user_data_dir() == folder
    assert quiet_lab.window.bar.data.currentText() == folder_text(str(folder))
    assert str(folder) in quiet_lab.window.bar.data.toolTip()
    assert items(quiet_lab)[-1] == "Forget mine"
    choose(quiet_lab.window.bar.data, "Forget mine")
    assert paths.user_data_dir() is None
    assert quiet_lab.session.recipe.data.dataset == "auto"
    assert items(quiet_lab) == [*NAMES.values(), "Folder..."]


def test_a_remembered_folder_stands_in_the_menu_at_the_next_start(open_window: OpenWindow, tmp_path: Path) -> None:
    paths.remember_user_data_dir(tmp_path / "mine")
    lab = open_window(engine=ScriptedEngine())
    assert folder_text(str(tmp_path / "mine")) in items(lab)
    choose(lab.window.bar.data, "Forget mine")
    assert lab.session.recipe.data.dataset == "digits", "another choice stays"
    assert "Forget mine" not in items(lab)


def test_a_folder_that_the_environment_names_cannot_be_forgotten_here(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, paths.DATA_DIR_VARIABLE, str(tmp_path))
    lab = open_window(engine=ScriptedEngine())
    assert folder_text(str(tmp_path)) in items(lab)
    assert not [text for text in items(lab) if text.startswith("Forget")]


@pytest.mark.parametrize("sound", [True, False])
def test_the_engine_reads_a_folder_that_was_chosen(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: bool
) -> None:
    lab = open_window()
    if sound:
        write_idx(tmp_path)
    pick(lab, monkeypatch, tmp_path)
    if sound:
        lab.wait(lambda: lab.session.recipe.data.dataset == str(tmp_path))
        assert paths.user_data_dir() == tmp_path
    else:
        lab.wait(lab.window.banner.isVisible)
        assert "holds no IDX files" in lab.window.banner.text.text()
        assert paths.user_data_dir() is None


def test_a_long_path_is_shortened_at_its_beginning() -> None:
    text = folder_text("/home/somebody/a/very/long/way/to/the/pictures/that/i/took/mine")
    assert text.startswith("mine (...")
    assert text.endswith("that/i/took)")
    assert folder_text("/data/mine") == "mine (/data)"
