"""Data whose files change while the program runs: read again, said once, never half of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.data import sources
from lwf_gui.data.folders import read_folder
from lwf_gui.engine.runner import Job, Runner
from lwf_gui.messages import DataReady, Failed, Finished, Fork, Message, Notice, Progress, Steps
from lwf_gui.recipe import Recipe, compose
from tests.engine.lab import TINY
from tests.engine.sets import TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, idx, refusal, small_arrays, write_set

CHANGED = "have changed: they were read again."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "mine")


def recipe(spec: str) -> Recipe:
    return compose("digits", [*TINY, "data.tasks=[[0,1],[2]]", "data.train_images=0", "task2.epochs=1"], data=spec)


def told_by(runner: Runner, spec: str) -> list[Message]:
    told: list[Message] = []
    runner.run(Job(1, recipe(spec)), told.append)
    return told


def notices(told: list[Message]) -> list[str]:
    return [message.text for message in told if isinstance(message, Notice)]


def was_read(told: list[Message]) -> bool:
    return any(isinstance(message, Progress) and message.what == "Reading the images" for message in told)


def change(folder: Path) -> None:
    images = small_arrays()[TRAIN_IMAGES]
    (folder / TRAIN_IMAGES).write_bytes(idx(255 - images))


def losses(told: list[Message]) -> list[bytes]:
    return [message.losses.tobytes() for message in told if isinstance(message, Steps)]


def shown(told: list[Message]) -> Any:
    (ready,) = [message for message in told if isinstance(message, DataReady)]
    return ready


def test_files_that_stay_are_read_once(folder: Path) -> None:
    runner = Runner()
    assert was_read(told_by(runner, str(folder)))
    again = told_by(runner, str(folder))
    assert not was_read(again)
    assert notices(again) == []


def test_changed_files_are_read_again_and_that_is_said_once(folder: Path) -> None:
    runner = Runner()
    first = told_by(runner, str(folder))
    change(folder)
    second, third = told_by(runner, str(folder)), told_by(runner, str(folder))
    assert notices(second) == [f"The files of mine (directory {folder}) {CHANGED}"]
    assert notices(third) == []
    assert losses(second) == losses(third) == losses(told_by(Runner(), str(folder))) != losses(first)


def test_fork_does_not_go_on_with_images_that_have_changed(folder: Path) -> None:
    runner = Runner()
    told_by(runner, str(folder))
    fork = Fork(1, 1, (), (), recipe(str(folder)).live_settings())
    goes_on: list[Message] = []
    runner.run(Job(2, recipe(str(folder)), fork=fork), goes_on.append)
    assert isinstance(goes_on[-1], Finished)
    change(folder)  # the training images alone: the probe's are the same
    failed = runner.run(Job(3, recipe(str(folder)), fork=replace(fork, origin=2)), lambda _message: None)
    assert isinstance(failed, Failed)
    assert failed.bad_input
    assert failed.cause.startswith("The images of mine are others now than those of the run that is to go on")


def test_files_that_were_only_touched_are_no_news(folder: Path) -> None:
    runner = Runner()
    told_by(runner, str(folder))
    (folder / TRAIN_LABELS).touch()
    assert notices(told_by(runner, str(folder))) == []


def test_files_that_are_gone_are_a_sentence_and_come_back(folder: Path) -> None:
    runner = Runner()
    told_by(runner, str(folder))
    kept = (folder / TEST_LABELS).read_bytes()
    (folder / TEST_LABELS).unlink()
    failed = told_by(runner, str(folder))[-1]
    assert isinstance(failed, Failed)
    assert failed.bad_input
    assert f"{folder} holds 3 of the four IDX files" in failed.cause
    (folder / TEST_LABELS).write_bytes(kept)
    assert isinstance(told_by(runner, str(folder))[-1], Finished)


def test_auto_follows_the_users_folder_as_it_comes_and_goes(folder: Path, no_package: Path) -> None:
    runner = Runner()
    small = [*TINY, "data.tasks=[[0,1],[2]]", "data.train_images=20", "task2.epochs=1"]

    def dataset() -> tuple[str, str]:
        told: list[Message] = []
        runner.run(Job(1, compose("digits", small, data="auto")), told.append)
        return shown(told).dataset, shown(told).note

    assert dataset() == ("fashion-mnist-part", sources.PART_NOTE)
    paths.remember_user_data_dir(folder)
    assert dataset() == ("mine", "")
    (folder / TRAIN_IMAGES).unlink()
    name, note = dataset()
    assert name == "fashion-mnist-part"
    assert note.startswith("Your data directory, set in the settings, is passed over: ")


def test_files_that_change_while_they_are_read_are_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def read_and_change(directory: Path, source: str) -> sources.Dataset:
        found = read_folder(directory, source)
        if not times:
            change(folder)
        times.append(1)
        return found

    monkeypatch.setattr(sources, "read_folder", read_and_change)
    found = sources.load(str(folder))
    assert len(times) == 2
    np.testing.assert_array_equal(found.train_images, 255 - small_arrays()[TRAIN_IMAGES])


def test_files_that_never_rest_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = iter(range(100))
    monkeypatch.setattr(sources, "stamps", lambda _spec: ((str(folder), next(counted), 0, 0),))
    assert "The files of mine" in (sentence := refusal(folder))
    assert "change while they are read" in sentence
