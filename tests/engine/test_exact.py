"""On a graphics card fp32 is fp32, and the same seed gives the same numbers: torch's switches tell, without a card."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch

from lwf_gui.engine import WORKSPACE
from lwf_gui.engine.compute import device
from lwf_gui.engine.compute.device import ComputeConfig, resolve
from lwf_gui.engine.compute.exact import make_exact
from lwf_gui.engine.teacher_cache import teacher_file
from lwf_gui.messages import DataReady, Finished, Notice
from lwf_gui.recipe import Recipe
from tests.engine.lab import Lab


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make torch see a graphics card, with its switches as torch leaves them."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device=None: "a card")
    monkeypatch.setattr(torch.backends.cudnn, "version", lambda: 91_000)  # torch's own looks at every card
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.deterministic = False
    torch.backends.cudnn.benchmark = True
    yield
    make_exact("cpu")


@pytest.mark.usefixtures("card")
def test_on_a_card_fp32_is_fp32_and_algorithms_are_deterministic() -> None:
    compute = resolve(Recipe(), 28, 28)
    assert (compute.device.type, compute.precision, compute.note) == ("cuda", "fp32", "")
    assert compute.describe() == "a card, fp32"
    assert not torch.backends.cuda.matmul.allow_tf32
    assert not torch.backends.cudnn.allow_tf32
    assert torch.backends.cudnn.deterministic
    assert not torch.backends.cudnn.benchmark
    assert torch.are_deterministic_algorithms_enabled()
    assert torch.is_deterministic_algorithms_warn_only_enabled()
    resolve(Recipe().with_settings({"engine.device": "cpu"}), 28, 28)
    assert not torch.are_deterministic_algorithms_enabled(), "a processor needs none of it"


def test_workspace_is_fixed_before_torch_is_imported() -> None:
    code = f"import os, sys, lwf_gui.engine; print(os.environ['{WORKSPACE}'], 'torch' in sys.modules)"
    environment = {name: value for name, value in os.environ.items() if name != WORKSPACE}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [":4096:8", "False"]


@pytest.mark.usefixtures("card")
def test_a_workspace_that_may_differ_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE, ":0:0")
    note = resolve(Recipe(), 28, 28).note
    assert note.startswith("On this card the last digits may differ from run to run: ")
    assert ":0:0" in note
    assert note.endswith(".")
    assert resolve(Recipe().with_settings({"engine.device": "cpu"}), 28, 28).note == ""


def test_what_a_machine_cannot_promise_is_told_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "make_exact", lambda name: "The last digits may differ.")
    ran = lab.run()
    assert ran.all(Finished)
    assert ran.one(Notice).text == "The last digits may differ."
    assert ran.messages.index(ran.one(Notice)) < ran.messages.index(ran.one(DataReady))


@pytest.mark.usefixtures("card")
def test_teacher_of_a_card_is_kept_under_its_versions_and_tf32(monkeypatch: pytest.MonkeyPatch) -> None:
    compute = ComputeConfig(torch.device("cuda"), 1, 1, "fp32")

    def place() -> str:
        return teacher_file(Recipe(), "f" * 64, compute).path.name

    make_exact("cuda")
    places = [place()]
    with monkeypatch.context() as other:
        other.setattr(torch.version, "cuda", "99.1")
        places.append(place())
    with monkeypatch.context() as other:
        other.setattr(torch.backends.cudnn, "version", lambda: 99100)
        places.append(place())
    torch.backends.cudnn.allow_tf32 = True
    places.append(place())
    assert len(set(places)) == 4
    make_exact("cuda")
    assert place() == places[0]
